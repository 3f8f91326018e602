"""Carry the claims' passages from the old edition of an article to the new one.

Each appearance in the old edition is kept, moved, proposed, changed or an orphan. Only the same words in the same
surroundings are carried over: the context agrees on at least one side, and nothing that `place_doubts` looks for speaks
against the place. The same words anywhere else, and anything that merely resembles a passage, become a proposal to the
editor. White space, line ends, quotation marks and Unicode forms do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import NamedTuple

from claimledger.desk_vocabulary import PassageFate, PlaceDoubt
from claimledger.editions.comparable_text import ComparableText
from claimledger.editions.place_doubts import PlacedPassage, PlaceReason, find_place_reason
from claimledger.editions.similar_sentences import (
    Sentences, comparable_words, find_new_sentences, rank_similar_parts, share_of_words,
)  # fmt: skip
from claimledger.models import Appearance, QuoteSelector, Span
from claimledger.selectors import Orphan, ResolvedPassage, agreeing_sides, make_quote, resolve_selector

MOST_PROPOSALS = 3
"""The greatest number of proposals for one passage."""
UNMISTAKABLE_LENGTH = 16
"""The length in code points from which a passage that occurs once in each text needs less context."""
ALMOST_EQUAL = 0.7
"""The share of words from which a new sentence is probably the passage with corrected words."""
NEAREST_CONTEXT = 12
"""The code points directly beside such a passage that have to agree on one side."""


@dataclass(frozen=True, slots=True)
class CarriedAppearance:
    """The result of carrying one appearance from the old edition to the new one."""

    appearance: Appearance
    """The appearance in the old edition."""
    fate: PassageFate
    """The result for its passage: kept, moved, proposed, changed or orphan."""
    span: Span | None
    """The span of the same words in the new text; None unless the passage was kept or moved."""
    proposals: tuple[Span, ...] = ()
    """Spans of the new text that an editor may choose instead, the best first."""
    reasons: tuple[PlaceReason | None, ...] = ()
    """For each proposal with the same words, the reason to ask; None for one with other words."""


class _Place(NamedTuple):
    span: Span
    """A span of the new text."""
    reason: PlaceReason | None
    """The reason not to move a claim there without asking."""


_TAKEN_BACK = (PlaceDoubt.CORRECTION, PlaceDoubt.QUOTATION, PlaceDoubt.EMBEDDED)
"""The doubts about words that are probably repeated only to take them back."""


def carry_over(
    appearances: Sequence[Appearance], new: str, old: str | None = None, furniture: Sequence[Span] = ()
) -> list[CarriedAppearance]:
    """Return the result for each appearance; no claim is carried into `furniture`, the furniture of the new text.

    Without the old text, only spans with the same words are proposed.

    >>> old = "시험 점수는 지난해보다 40% 정도 낮은 것으로 나타났다. 끝."
    >>> span = Span(start=0, end=old.index("."))
    >>> entry = Appearance(claim_id="low-score-aaaa", article_id="a", edition_sha256="0" * 64, position=span,
    ...     quote=make_quote(old, span, may_hold_text=False))
    >>> [carry_over([entry], new, old)[0].fate.value for new in (f"새 문단. {old}", old.replace("40", "45"))]
    ['moved', 'changed']
    >>> [one] = carry_over([entry], f"바로잡습니다. “{old[: span.end]}”고 썼으나 틀렸다.", old)
    >>> one.fate.value, one.reasons[0].doubt.value, one.reasons[0].words
    ('proposed', 'correction', '바로잡')
    """
    if not appearances:
        return []
    texts = _HashedText(new, furniture) if old is None else _TextPair(new, old, furniture)
    return [_carry(entry, texts) for entry in appearances]


def _carry(entry: Appearance, texts: _HashedText | _TextPair) -> CarriedAppearance:
    same = texts.find_places(entry)
    if len(same) == 1 and same[0].reason is None:
        span = same[0].span
        return CarriedAppearance(entry, PassageFate.KEPT if span == entry.position else PassageFate.MOVED, span)
    similar = [
        _Place(span, None) for span in texts.find_similar(entry) if not _overlaps(span, [one.span for one in same])
    ]
    is_taken_back = any(one.reason and one.reason.doubt in _TAKEN_BACK for one in same)
    listed = ([*similar[:1], *same, *similar[1:]] if is_taken_back else [*same, *similar])[:MOST_PROPOSALS]
    fate = PassageFate.PROPOSED if same else PassageFate.CHANGED if similar else PassageFate.ORPHAN
    return CarriedAppearance(entry, fate, None, tuple(one.span for one in listed), tuple(one.reason for one in listed))


class _HashedText:
    """A new text, if nothing but the hashes of the old one is known."""

    def __init__(self, new: str, furniture: Sequence[Span]) -> None:
        self._new, self._furniture = new, furniture

    def find_places(self, entry: Appearance) -> list[_Place]:
        """Return the spans with the words of an appearance, each with what speaks against it."""

        def judge(span: Span) -> _Place:
            sides = len(agreeing_sides(self._new, span.start, entry.quote))
            return _Place(span, find_place_reason(PlacedPassage(self._new, span), None, sides))

        return _judge_places(resolve_selector(self._new, None, entry.quote), judge, self._furniture)

    def find_similar(self, _entry: Appearance) -> tuple[Span, ...]:
        """Return nothing, because hashes show no similarity."""
        return ()


class _TextPair:
    """A new text and the old one, both in comparable form too."""

    def __init__(self, new: str, old: str, furniture: Sequence[Span]) -> None:
        self._new, self._old, self._furniture = new, old, furniture
        self._folded_new, self._folded_old = ComparableText(new), ComparableText(old)
        self._fresh = Sentences(new, find_new_sentences(old, new))
        self._lost = Sentences(old, find_new_sentences(new, old))

    def find_places(self, entry: Appearance) -> list[_Place]:
        """Return the spans with the words of an appearance, each with what speaks against it.

        For a long passage that occurs once, the nearest words of one side are context enough, and so is the beginning
        of both texts.
        """
        was = self._folded_old.folded_span(entry.position)
        if was is None:
            return []
        quote = make_quote(self._folded_old.text, was, may_hold_text=True)

        def judge(span: Span) -> _Place:
            stored = self._folded_new.stored_span(span)
            return _Place(stored, self._find_reason(entry, was, quote, span, stored))

        found = resolve_selector(self._folded_new.text, None, quote)
        if isinstance(found, Orphan) and len(found.places) == 1 and self._is_close(was, found.places[0]):
            found = ResolvedPassage(found.places[0], is_moved=True)
        return _judge_places(found, judge, self._furniture)

    def _is_close(self, was: Span, span: Span) -> bool:
        """Return whether a long passage that occurs once has at least the nearest words of one side around it."""
        old, new = self._folded_old.text, self._folded_new.text
        if was.end - was.start < UNMISTAKABLE_LENGTH or old.count(old[was.start : was.end]) > 1:
            return False
        before = _common_length(reversed(old[: was.start]), reversed(new[: span.start]))
        return (
            max(before, _common_length(old[was.end :], new[span.end :])) >= NEAREST_CONTEXT
            or was.start == span.start == 0
        )

    def _find_reason(
        self, entry: Appearance, was: Span, quote: QuoteSelector, span: Span, stored: Span
    ) -> PlaceReason | None:
        sides = len(agreeing_sides(self._folded_new.text, span.start, quote)) or int(self._is_close(was, span))
        reason = find_place_reason(PlacedPassage(self._new, stored), PlacedPassage(self._old, entry.position), sides)
        if reason is None and not self._is_own(was, span):
            return PlaceReason(PlaceDoubt.SEVERAL)
        if reason is None and sides == 1 and self._has_rewritten_copy(entry, stored):
            return PlaceReason(PlaceDoubt.REWRITTEN)
        return reason

    def _has_rewritten_copy(self, entry: Appearance, stored: Span) -> bool:
        """Return whether a new sentence is probably the passage itself with corrected words, not another old one."""
        fresh, lost = self._fresh, self._lost
        passage = comparable_words(self._old[entry.position.start : entry.position.end])
        return any(
            (share := share_of_words(passage, fresh.words[place])) >= ALMOST_EQUAL
            and all(
                share_of_words(lost.words[other], fresh.words[place]) < share
                for other in lost.find_nearest(fresh.words[place])
                if not _overlaps(lost.spans[other], [entry.position])
            )
            for place in fresh.find_nearest(passage)
            if not _overlaps(fresh.spans[place], [stored])
        )

    def _is_own(self, was: Span, span: Span) -> bool:
        """Return whether a place resembles the passage itself, not an equal one elsewhere in the old text."""
        old = self._folded_old.text
        if old.count(old[was.start : was.end]) == 1:
            return True
        back = resolve_selector(old, None, make_quote(self._folded_new.text, span, may_hold_text=True))
        return isinstance(back, ResolvedPassage) and back.span == was

    def find_similar(self, entry: Appearance) -> tuple[Span, ...]:
        """Return the spans of new sentences that share the most words with an appearance, the most similar first."""
        return rank_similar_parts(self._old[entry.position.start : entry.position.end], self._fresh)


def _judge_places(
    found: ResolvedPassage | Orphan, judge: Callable[[Span], _Place], furniture: Sequence[Span]
) -> list[_Place]:
    """Return the place that was found, or those that may be meant; each of the latter has a reason to ask."""
    if isinstance(found, ResolvedPassage):
        place = judge(found.span)
        in_furniture = PlaceReason(PlaceDoubt.FURNITURE) if _overlaps(place.span, furniture) else None
        return [_Place(place.span, in_furniture or place.reason)]
    doubt = PlaceReason(PlaceDoubt.SEVERAL if len(found.places) > 1 else PlaceDoubt.CONTEXT)
    places = (place for span in found.places if not _overlaps((place := judge(span)).span, furniture))
    return [_Place(place.span, place.reason or doubt) for place in islice(places, MOST_PROPOSALS)]


def _common_length(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many characters two sequences have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
