"""What of an article is not decided on: numbers and quotations that no claim has and nobody left out with a reason.

In: an edition of an article whose text the ledger holds. Out: where they stand, and their words. The invariants: all of
it follows from what is public; a text is gone through once for what stands in the ledger of it, for that takes long.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from claimledger.coverage import Bound, Sort, account
from claimledger.models import Edition, Span
from claimledger.publishing.edition_texts import text_of
from claimledger.vocabulary import Coverage

LONGEST = 15_000
"""Code points of a text that is gone through. Full of figures it takes 25 ms, and its first reader waits for that."""
LISTED = 100
"""As many are told with their words; there may be more."""
_KEPT = 32
"""Texts of which what is not decided on is kept."""
_CLAIMED = """
SELECT start, "end" FROM appearances JOIN claims ON claims.claim_id = appearances.claim_id
WHERE appearances.article = ? AND edition_sha256 = ? AND appearances.record_state = 'listed'
  AND claims.record_state = 'listed' ORDER BY start, "end"
"""
_Ends: TypeAlias = tuple[tuple[int, int], ...]
"""Spans as pairs of code points."""


class Undecided(NamedTuple):
    """What is not decided on."""

    open_count: int
    passages: tuple[tuple[Span, str], ...]
    """The first of them, where each stands and what it says."""


def undecided(connection: sqlite3.Connection, article_id: str, edition: Edition) -> Undecided | None:
    """Return what of an edition is not decided on; none if its text is not held, or longer than `LONGEST`."""
    text = text_of(connection, article_id, edition.edition_sha256)
    if text is None or len(text) > LONGEST:
        return None
    claimed = tuple((row[0], row[1]) for row in connection.execute(_CLAIMED, (article_id, edition.edition_sha256)))
    dismissed = _ends(*(one.position for one in edition.dismissed))
    count, first = _open(text, claimed, dismissed, _ends(*edition.furniture), LISTED)
    return Undecided(count, tuple((span, text[span.start : span.end]) for span in first))


def _ends(*spans: Span) -> _Ends:
    return tuple((span.start, span.end) for span in spans)


def _spans(ends: _Ends) -> list[Span]:
    return [Span(start=start, end=end) for start, end in ends]


@lru_cache(maxsize=_KEPT)
def _open(text: str, claimed: _Ends, dismissed: _Ends, furniture: _Ends, most: int) -> tuple[int, tuple[Span, ...]]:
    """Return how many numbers and quotations are not decided on, and where the first of them stand.

    >>> _open("값은 40% 낮고 3배가 된다.", ((3, 6),), (), (), 1)
    (1, (Span(start=10, end=12),))
    """
    has, left_out = ([Bound(span, "") for span in _spans(ends)] for ends in (claimed, dismissed))
    found = account(text, has, left_out, _spans(furniture))
    spans = [one.span for one in found.items if one.state is Coverage.UNBOUND and one.sort is not Sort.DATE]
    return len(spans), tuple(spans[:most])
