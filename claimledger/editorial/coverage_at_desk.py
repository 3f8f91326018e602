"""Coverage of an article on the desk, and what its public record shows of it: dismissals and page furniture.

In: an edition at hand. Out: its numbers and quotations, accounted for or not; and the changes that put the desk's
dismissals, or a correction of what is page furniture, into the article's record. The invariant: a reason given on the
desk is published in the words it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from claimledger.coverage import Accounted, Bound, account
from claimledger.editorial.current_edition import EditionAtHand
from claimledger.newsroom.current_records import Standing
from claimledger.models import Change, Dismissal, Span
from claimledger.selectors import make_quote
from claimledger.vocabulary import Decided, Subject

_HANGUL = re.compile("[가-힣]")


def accounted(at_hand: EditionAtHand) -> Accounted:
    """Return each number and quotation of an edition with its state."""
    claims = [Bound(span, entry.claim_id) for entry, span in at_hand.placed()]
    dismissals = [Bound(span, reason) for span, reason in at_hand.dismissals()]
    return account(at_hand.text.content, claims, dismissals, at_hand.edition.furniture)


def dismissal_change(standing: Standing, at_hand: EditionAtHand) -> Change:
    """Return the change that gives the newest edition the dismissals as the desk has them; it may be empty."""
    text, article = at_hand.text.content, at_hand.article
    may_hold_text = article.rights.may_hold_text
    made = [
        Dismissal(
            position=(span := Span(start=start, end=end)),
            quote=make_quote(text, span, may_hold_text=may_hold_text),
            reason={"ko" if _HANGUL.search(decision.reason) else "en": decision.reason},
        )
        for (start, end), decision in at_hand.decisions.items()
        if decision.decided is Decided.DISMISSED
    ]
    kept = [one for one in at_hand.edition.dismissed if not at_hand.is_decided(one.position)]
    ordered = sorted((*kept, *made), key=lambda one: (one.position.start, one.position.end))
    return _of_newest_edition(standing, at_hand, {"dismissed": tuple(ordered)})


def furniture_change(standing: Standing, at_hand: EditionAtHand, span: Span, *, is_furniture: bool) -> Change:
    """Return the change that makes a passage page furniture, or part of the article again; it may be empty."""
    before = at_hand.edition.furniture
    after = _joined((*before, span)) if is_furniture else [part for one in before for part in _without(one, span)]
    return _of_newest_edition(standing, at_hand, {"furniture": tuple(after)})


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that meet made one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _without(one: Span, other: Span) -> Iterator[Span]:
    """Yield what of a span lies outside another."""
    if other.end <= one.start or one.end <= other.start:
        yield one
        return
    if one.start < other.start:
        yield Span(start=one.start, end=other.start)
    if other.end < one.end:
        yield Span(start=other.end, end=one.end)


def _of_newest_edition(standing: Standing, at_hand: EditionAtHand, fields: Mapping[str, Any]) -> Change:
    article = at_hand.article
    edition = at_hand.edition.model_copy(update=dict(fields))
    grown = article.model_copy(update={"editions": (*article.editions[:-1], edition)})
    return standing.change(Subject.ARTICLE, article.article_id, grown.to_json())
