"""Coverage of an article on the desk, and changes that publish its dismissals and page furniture.

The reason of a dismissal is published in the words in which it was given on the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claimledger.coverage import CoverageReport, AccountedSpan, measure_coverage
from claimledger.editorial.current_edition import EditionWithText
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.models import Change, Dismissal, Span
from claimledger.selectors import make_quote
from claimledger.desk_vocabulary import PassageDecision
from claimledger.vocabulary import Subject

_HANGUL = re.compile("[가-힣]")


def edition_coverage(at_hand: EditionWithText) -> CoverageReport:
    """Return each number and quotation of an edition with its state."""
    claims = [AccountedSpan(span, entry.claim_id) for entry, span in at_hand.placed_passages()]
    dismissals = [AccountedSpan(span, reason) for span, reason in at_hand.dismissals()]
    return measure_coverage(at_hand.text.content, claims, dismissals, at_hand.edition.furniture)


def dismissal_change(desk: CurrentRecords, at_hand: EditionWithText) -> Change:
    """Return the change that copies the desk's dismissals into the newest edition; it may be empty."""
    text, article = at_hand.text.content, at_hand.article
    may_hold_text = article.rights.may_hold_text
    made = [
        Dismissal(
            position=(span := Span(start=start, end=end)),
            quote=make_quote(text, span, may_hold_text=may_hold_text),
            reason={"ko" if _HANGUL.search(decision.reason) else "en": decision.reason},
        )
        for (start, end), decision in at_hand.decisions.items()
        if decision.decided is PassageDecision.DISMISSED
    ]
    kept = [one for one in at_hand.edition.dismissed if not at_hand.is_decided(one.position)]
    ordered = sorted((*kept, *made), key=lambda one: (one.position.start, one.position.end))
    return _newest_edition_change(desk, at_hand, {"dismissed": tuple(ordered)})


def furniture_change(desk: CurrentRecords, at_hand: EditionWithText, span: Span, *, is_furniture: bool) -> Change:
    """Return the change that makes a passage page furniture, or article text again; it may be empty."""
    before = at_hand.edition.furniture
    after = (
        _merge_spans((*before, span))
        if is_furniture
        else [part for one in before for part in _subtract_span(one, span)]
    )
    return _newest_edition_change(desk, at_hand, {"furniture": tuple(after)})


def _merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, with overlapping and adjacent ones merged."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _subtract_span(one: Span, other: Span) -> Iterator[Span]:
    """Yield the parts of a span that lie outside another."""
    if other.end <= one.start or one.end <= other.start:
        yield one
        return
    if one.start < other.start:
        yield Span(start=one.start, end=other.start)
    if other.end < one.end:
        yield Span(start=other.end, end=one.end)


def _newest_edition_change(desk: CurrentRecords, at_hand: EditionWithText, fields: Mapping[str, Any]) -> Change:
    article = at_hand.article
    edition = at_hand.edition.model_copy(update=dict(fields))
    updated = article.model_copy(update={"editions": (*article.editions[:-1], edition)})
    return desk.change(Subject.ARTICLE, article.article_id, updated.to_json())
