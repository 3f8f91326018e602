"""The content of an article's desk page and of a line in the list of articles, each read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claimledger.coverage import CoverageReport
from claimledger.editorial.coverage_at_desk import edition_coverage
from claimledger.editorial.new_editions import PlacementTask, find_placement_tasks
from claimledger.editorial.candidate_decisions import Proposal, list_proposals, unread_paragraphs
from claimledger.editorial.current_edition import EditionWithText, TextNotHeld, newest_edition_with_text
from claimledger.errors import Problem
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.models import Article, Claim
from claimledger.desk_vocabulary import PassageDecision


@dataclass(frozen=True, slots=True)
class ArticleAtDesk:
    """An article, its newest text, and the claims and candidates in it."""

    at_hand: EditionWithText
    """The newest edition with its text."""
    accounted: CoverageReport
    """The numbers and quotations with their states."""
    proposals: tuple[Proposal, ...]
    """The candidates, in the order of the text."""
    tasks: tuple[PlacementTask, ...]
    """The claims that the newest edition changed or lost."""
    claims: Mapping[str, Claim]
    """The claims in the edition and those that wait for a place, by identifier."""
    unrecorded: int
    """The number of desk dismissals that the article's record does not contain."""
    unread: tuple[Problem, ...]
    """The problems of languages that failed on a paragraph of the text."""


def read_article_at_desk(desk: CurrentRecords, article_id: str) -> ArticleAtDesk:
    """Return an article at the desk.

    Raises:
        NotFound, NotRecorded, TextNotHeld: the article does not exist, or its text is not stored on the desk.
    """
    at_hand = newest_edition_with_text(desk, article_id)
    waiting = find_placement_tasks(desk, at_hand)
    names = [entry.claim_id for entry in at_hand.appearances] + [one.carried.appearance.claim_id for one in waiting]
    public = {(one.position.start, one.position.end) for one in at_hand.edition.dismissed}
    made = {place for place, decision in at_hand.decisions.items() if decision.decided is PassageDecision.DISMISSED}
    found = edition_coverage(at_hand)
    return ArticleAtDesk(
        at_hand,
        found,
        tuple(list_proposals(at_hand, found)),
        tuple(waiting),
        {claim.claim_id: claim for claim in desk.claims(names)},
        len(made - public),
        unread_paragraphs(at_hand),
    )


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """A line in the list of articles."""

    article: Article
    """The article."""
    accounted: CoverageReport | None
    """The numbers and quotations with their states, or None if the text is not stored."""
    tasks: int
    """The number of claims that wait for a place."""


def summarize_article(desk: CurrentRecords, article: Article) -> ArticleSummary:
    """Return an article's line in the list."""
    try:
        at_hand = newest_edition_with_text(desk, article.article_id)
    except TextNotHeld:
        return ArticleSummary(article, None, 0)
    return ArticleSummary(article, edition_coverage(at_hand), len(find_placement_tasks(desk, at_hand)))
