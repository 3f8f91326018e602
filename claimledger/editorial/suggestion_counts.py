"""Count the suggestions of each model for an article, and the claims of people that they point at.

The counts compare a model with people's work. They do not say that a suggestion is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimledger.desk_vocabulary import SuggestionChoice, SuggestionState
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.editorial.suggestions_at_desk import JudgedSuggestion
from claimledger.models import Span


class ModelCounts(NamedTuple):
    """The counts of one model for one article."""

    model: str
    """The model, as the newsroom names it."""
    states: Counter[SuggestionState]
    """The number of suggestions by the judgement of the program."""
    choices: Counter[SuggestionChoice]
    """The number of decisions of people, by decision."""
    undecided: int
    """The number of suggestions that no one has decided on and that are not refused."""
    claims: int
    """The number of claims of people whose passage is in the text."""
    found_by_program: int
    """The number of these with a passage that a candidate of the program touches."""
    found_by_either: int
    """The number of these that a candidate or a suggestion, not refused, touches."""

    @property
    def total(self) -> int:
        """The number of suggestions."""
        return self.states.total()


def count_by_model(article: ArticleAtDesk, found: Sequence[JudgedSuggestion]) -> list[ModelCounts]:
    """Return the counts of each model, in the order of the models' names."""
    models = sorted({one.stored.model for one in found})
    return [_count_model(model, article, [one for one in found if one.stored.model == model]) for model in models]


def _count_model(model: str, article: ArticleAtDesk, found: Sequence[JudgedSuggestion]) -> ModelCounts:
    spans: dict[str, list[Span]] = {}
    for appearance, span in article.at_hand.placed_passages():
        spans.setdefault(appearance.claim_id, []).append(span)
    candidates = [Span(start=one.candidate.start, end=one.candidate.end) for one in article.proposals]
    passages = [one.passage for one in found if one.passage and one.state is not SuggestionState.REFUSED]
    return ModelCounts(
        model, Counter(one.state for one in found), Counter(one.stored.choice for one in found if one.stored.choice),
        sum(one.is_open for one in found), len(spans), _count_touched(spans.values(), candidates),
        _count_touched(spans.values(), [*candidates, *passages]),
    )  # fmt: skip


def _count_touched(claims: Iterable[Sequence[Span]], found: Sequence[Span]) -> int:
    return sum(any(_overlap(own, one) for own in spans for one in found) for spans in claims)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
