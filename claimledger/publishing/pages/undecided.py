"""The open passages of an article: numbers and quotations that have no claim and were not dismissed with a reason.

Everything follows from public data. The result is cached per text because reading the text takes long.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from claimledger.coverage import AccountedSpan, CoverageKind, measure_coverage
from claimledger.models import Edition, Span
from claimledger.publishing.edition_texts import edition_text
from claimledger.desk_vocabulary import Coverage

MAX_TEXT_LENGTH = 15_000
"""The maximum length of a text, in code points. A text full of figures takes 25 ms, and its first reader waits for
it.
"""
MAX_LISTED = 100
"""The maximum number of passages that are listed. There may be more."""
_CACHED_TEXTS = 32
"""The number of texts whose result is cached."""
_CLAIMED = """
SELECT start, "end" FROM appearances JOIN claims ON claims.claim_id = appearances.claim_id
WHERE appearances.article = ? AND edition_sha256 = ? AND appearances.record_state = 'listed'
  AND claims.record_state = 'listed' ORDER BY start, "end"
"""
_Ends: TypeAlias = tuple[tuple[int, int], ...]
"""Spans as pairs of code points."""


class UndecidedPassages(NamedTuple):
    """The passages of an article that are still open."""

    open_count: int
    passages: tuple[tuple[Span, str], ...]
    """The first open passages, with position and words."""


def undecided_passages(connection: sqlite3.Connection, article_id: str, edition: Edition) -> UndecidedPassages | None:
    """Return the open passages of an edition, or None if its text is missing or longer than `MAX_TEXT_LENGTH`."""
    text = edition_text(connection, article_id, edition.edition_sha256)
    if text is None or len(text) > MAX_TEXT_LENGTH:
        return None
    claimed = tuple((row[0], row[1]) for row in connection.execute(_CLAIMED, (article_id, edition.edition_sha256)))
    dismissed = _as_ends(*(one.position for one in edition.dismissed))
    count, first = _open_passages(text, claimed, dismissed, _as_ends(*edition.furniture), MAX_LISTED)
    return UndecidedPassages(count, tuple((span, text[span.start : span.end]) for span in first))


def _as_ends(*spans: Span) -> _Ends:
    return tuple((span.start, span.end) for span in spans)


def _spans(ends: _Ends) -> list[Span]:
    return [Span(start=start, end=end) for start, end in ends]


@lru_cache(maxsize=_CACHED_TEXTS)
def _open_passages(
    text: str, claimed: _Ends, dismissed: _Ends, furniture: _Ends, most: int
) -> tuple[int, tuple[Span, ...]]:
    """Return the number of open numbers and quotations, and the positions of the first ones.

    >>> _open_passages("값은 40% 낮고 3배가 된다.", ((3, 6),), (), (), 1)
    (1, (Span(start=10, end=12),))
    """
    claims, left_out = ([AccountedSpan(span, "") for span in _spans(ends)] for ends in (claimed, dismissed))
    found = measure_coverage(text, claims, left_out, _spans(furniture))
    spans = [one.span for one in found.items if one.state is Coverage.UNBOUND and one.sort is not CoverageKind.DATE]
    return len(spans), tuple(spans[:most])
