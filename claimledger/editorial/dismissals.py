"""What was left out of an article, with the reasons, as a new edition takes it over.

In: an article, its new text and the desk's decisions. Out: the dismissals where their words stand again, and those that
stand nowhere any more. The invariant: a reason goes on in the words in which it was published; what the desk took back
does not go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimledger.article import Text
from claimledger.newsroom.decisions import Decision, decisions_in, places_in
from claimledger.models import Article, Dismissal, Span
from claimledger.selectors import make_quote
from claimledger.vocabulary import Decided


class TakenOver(NamedTuple):
    """The dismissals of an article in a new edition of it."""

    standing: tuple[Dismissal, ...]
    """Where they stand again, in the order of the text."""
    gone: tuple[Dismissal, ...]
    """Those of the edition before that stand nowhere any more, or that could be meant in several places."""


def taken_over(article: Article, text: Text, decisions: Iterable[Decision]) -> TakenOver:
    """Return what becomes of an article's dismissals in a new edition; of two on one passage the newer counts."""
    decided = decisions_in(decisions, text.content, text.sha256)
    again = {place for place, one in decided.items() if one.decided is not Decided.DISMISSED}
    found: dict[tuple[int, int], Dismissal] = {}
    for edition in article.editions:
        for dismissal in edition.dismissed:
            for span in places_in(text.content, None, dismissal.quote):
                found[span.start, span.end] = _at(dismissal, span, text, may_hold_text=article.rights.may_hold_text)
    standing = tuple(one for place, one in sorted(found.items()) if place not in again)
    return TakenOver(standing, gone_from(article.editions[-1].dismissed if article.editions else (), text))


def gone_from(dismissed: Sequence[Dismissal], text: Text) -> tuple[Dismissal, ...]:
    """Return the dismissals whose passage cannot be found in a text."""
    return tuple(one for one in dismissed if not any(places_in(text.content, None, one.quote)))


def _at(dismissal: Dismissal, span: Span, text: Text, *, may_hold_text: bool) -> Dismissal:
    quote = make_quote(text.content, span, may_hold_text=may_hold_text)
    return Dismissal(position=span, quote=quote, reason=dismissal.reason)
