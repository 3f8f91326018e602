"""Dismissals with their reasons, carried over to a new edition of their article.

A reason keeps the words in which it was published. A dismissal that the desk has reopened is not carried over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimledger.article import StoredText
from claimledger.newsroom.decisions import Decision, decisions_by_position, find_passage
from claimledger.models import Article, Dismissal, Span
from claimledger.selectors import make_quote
from claimledger.desk_vocabulary import PassageDecision


class CarriedDismissals(NamedTuple):
    """The dismissals of an article in a new edition."""

    standing: tuple[Dismissal, ...]
    """The dismissals whose words occur again, in the order of the text."""
    gone: tuple[Dismissal, ...]
    """The dismissals of the edition before whose words do not occur, or occur in several places."""


def carry_over_dismissals(article: Article, text: StoredText, decisions: Iterable[Decision]) -> CarriedDismissals:
    """Return an article's dismissals in a new edition; if two are for one passage, the newer one counts."""
    decided = decisions_by_position(decisions, text.content, text.sha256)
    reopened = {place for place, one in decided.items() if one.decided is not PassageDecision.DISMISSED}
    found: dict[tuple[int, int], Dismissal] = {}
    for edition in article.editions:
        for dismissal in edition.dismissed:
            for span in find_passage(text.content, None, dismissal.quote):
                found[span.start, span.end] = _move_dismissal(
                    dismissal, span, text, may_hold_text=article.rights.may_hold_text
                )
    standing = tuple(one for place, one in sorted(found.items()) if place not in reopened)
    return CarriedDismissals(
        standing, find_lost_dismissals(article.editions[-1].dismissed if article.editions else (), text)
    )


def find_lost_dismissals(dismissed: Sequence[Dismissal], text: StoredText) -> tuple[Dismissal, ...]:
    """Return the dismissals whose passage cannot be found in a text."""
    return tuple(one for one in dismissed if not any(find_passage(text.content, None, one.quote)))


def _move_dismissal(dismissal: Dismissal, span: Span, text: StoredText, *, may_hold_text: bool) -> Dismissal:
    quote = make_quote(text.content, span, may_hold_text=may_hold_text)
    return Dismissal(position=span, quote=quote, reason=dismissal.reason)
