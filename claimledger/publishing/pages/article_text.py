"""An article's text with its claims marked, if rights allow the text.

The text is split into paragraphs, and each paragraph into pieces that list the claims they belong to. A claim is marked
only where its words are found in this very text (`selectors`). Claims whose words are not found, or where too many
passages overlap, are listed separately. Page furniture is left out, and withdrawn claims are not marked.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimledger.furniture import merge_spans, mask_spans
from claimledger.models import Edition, PassageHash, Span
from claimledger.publishing.edition_texts import edition_text
from claimledger.publishing.pages.lines import wording_by_language
from claimledger.selectors import is_passage_at
from claimledger.vocabulary import VerificationStatus

MAX_SHOWN_LENGTH = 100_000
MAX_MARKED_PASSAGES = 500
"""The maximum length in code points, and the maximum number of passages, that a page shows. Readers can download the
whole of a longer text.
"""

MAX_OVERLAPPING_MARKS = 6
"""The maximum number of overlapping marks at one code point. Each mark is an element around every piece of its
passage.
"""

_PASSAGES = """
SELECT claims.claim_id, start, "end", quote_length, quote_sha256, statement_en, statement_ko, verification_status
FROM appearances JOIN claims ON claims.claim_id = appearances.claim_id
WHERE appearances.article = ? AND edition_sha256 = ? AND appearances.record_state = 'listed'
  AND claims.record_state = 'listed' ORDER BY start, "end" DESC, claims.claim_id, place LIMIT ?
"""
_LINE = re.compile(r"[^\r\n]+")


class MarkedPassage(NamedTuple):
    """A passage with its claim."""

    span: Span
    """The position in the stored text, in code points."""
    claim_id: str
    statement: Mapping[str, str]
    """The claim's statement, by language."""
    status: VerificationStatus
    """The claim's status on the question `so`."""


class TextPiece(NamedTuple):
    """A stretch of a paragraph that is covered by the same passages."""

    text: str
    marks: tuple[MarkedPassage, ...]
    """The passages that cover it, the one that begins first outermost."""
    ends: tuple[MarkedPassage, ...]
    """The passages among them that end in this piece."""


class ArticleText(NamedTuple):
    """The text as a page shows it."""

    paragraphs: tuple[tuple[TextPiece, ...], ...]
    not_found: tuple[MarkedPassage, ...]
    """The passages whose words are not found at their position, or only in page furniture."""
    crowded: tuple[MarkedPassage, ...]
    """The passages that are not marked because too many others overlap there."""
    shown_length: int
    """The number of code points of the text that are shown."""
    has_furniture: bool
    """True if page furniture was left out."""


def article_text(connection: sqlite3.Connection, article_id: str, edition: Edition) -> ArticleText | None:
    """Return an edition's text with its claims marked, or None if the ledger does not contain the text."""
    text = edition_text(connection, article_id, edition.edition_sha256)
    if text is None:
        return None
    furniture = merge_spans(edition.furniture, len(text))
    article = mask_spans(text, furniture)
    rows = connection.execute(_PASSAGES, (article_id, edition.edition_sha256, MAX_MARKED_PASSAGES + 1)).fetchall()
    placed: list[MarkedPassage] = []
    unplaced: list[MarkedPassage] = []
    for row in rows[:MAX_MARKED_PASSAGES]:
        one = _marked_passage(row)
        (placed if _is_visible(one, row, text, article) else unplaced).append(one)
    shown = _shown_length(text, *(row["start"] for row in rows[MAX_MARKED_PASSAGES:]))
    fitting, crowded = _split_crowded(placed)
    pieces = tuple(mark_paragraphs(article[:shown], fitting))
    return ArticleText(pieces, tuple(unplaced), tuple(crowded), shown, bool(furniture))


def _marked_passage(row: sqlite3.Row) -> MarkedPassage:
    return MarkedPassage(
        Span(start=row["start"], end=row["end"]),
        row["claim_id"],
        wording_by_language(row["statement_en"], row["statement_ko"]),
        VerificationStatus(row["verification_status"]),
    )


def _is_visible(one: MarkedPassage, row: sqlite3.Row, text: str, article: str) -> bool:
    """Return whether a passage's words are at their position and at least partly outside page furniture."""
    passage = PassageHash(length=row["quote_length"], sha256=row["quote_sha256"])
    is_there = one.span.end - one.span.start == passage.length and is_passage_at(text, one.span.start, passage)
    return is_there and bool(article[one.span.start : one.span.end].strip())


def _split_crowded(passages: Iterable[MarkedPassage]) -> tuple[list[MarkedPassage], list[MarkedPassage]]:
    """Return the passages to mark, in order, and those that begin where the maximum of marks is reached."""
    fitting: list[MarkedPassage] = []
    crowded: list[MarkedPassage] = []
    around: list[MarkedPassage] = []
    for one in sorted(passages, key=_outermost_first):
        around = [other for other in around if other.span.end > one.span.start]
        if len(around) < MAX_OVERLAPPING_MARKS:
            around.append(one)
            fitting.append(one)
        else:
            crowded.append(one)
    return fitting, crowded


def _outermost_first(one: MarkedPassage) -> tuple[int, int]:
    return one.span.start, -one.span.end


def _shown_length(text: str, *unmarked: int) -> int:
    """Return the length to show: the whole text, or whole lines up to the maximum or the first unmarked passage."""
    end = min(len(text), MAX_SHOWN_LENGTH, *unmarked)
    return end if end == len(text) else text.rfind("\n", 0, end) + 1 or end


def mark_paragraphs(text: str, passages: Sequence[MarkedPassage]) -> Iterator[tuple[TextPiece, ...]]:
    r"""Yield the non-empty lines of a text, split into pieces.

    >>> def mark(start, end, name):
    ...     return MarkedPassage(Span(start=start, end=end), name, {}, VerificationStatus.NOT_CHECKED)
    >>> found = mark_paragraphs("It rose by 10%.\n\nIt fell.", [mark(0, 14, "rose"), mark(11, 14, "ten")])
    >>> [[(piece.text, [one.claim_id for one in piece.marks]) for piece in pieces] for pieces in found]
    [[('It rose by ', ['rose']), ('10%', ['rose', 'ten']), ('.', [])], [('It fell.', [])]]
    """
    edges = sorted({0, *(edge for one in passages for edge in (one.span.start, one.span.end))})
    covering = list(_covering_passages(edges, passages))
    last = {id(one): _last_visible(text, one.span) for one in passages}
    for line in _LINE.finditer(text):
        start, end = line.span()
        first = bisect_right(edges, start)
        inner = edges[first : bisect_left(edges, end, first)]
        if inner or covering[first - 1]:
            cuts = zip(pairwise((start, *inner, end)), covering[first - 1 :], strict=False)
            pieces = [
                TextPiece(text[cut[0] : cut[1]], marks, _ending_passages(marks, last, *cut)) for cut, marks in cuts
            ]
        else:  # most lines of a long text
            pieces = [TextPiece(line[0], (), ())]
        if line[0].strip():
            yield tuple(pieces)


def _ending_passages(
    marks: Iterable[MarkedPassage], last: Mapping[int, int], start: int, end: int
) -> tuple[MarkedPassage, ...]:
    """Return the passages whose last visible code point is in a stretch."""
    return tuple(one for one in marks if start <= last[id(one)] < end)


def _covering_passages(edges: Iterable[int], passages: Iterable[MarkedPassage]) -> Iterator[tuple[MarkedPassage, ...]]:
    """Yield for each edge the passages that cover the text after it, the one that begins first outermost."""
    waiting = deque(sorted(passages, key=_outermost_first))
    active: list[MarkedPassage] = []
    for edge in edges:
        active = [one for one in active if one.span.end > edge]
        while waiting and waiting[0].span.start <= edge:
            active.append(waiting.popleft())
        yield tuple(active)


def _last_visible(text: str, span: Span) -> int:
    """Return the position of a passage's last code point that is not white space."""
    return span.start + len(text[span.start : span.end].rstrip()) - 1
