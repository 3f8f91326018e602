"""An article's text with its claims marked, where rights allow the text.

In: an edition of an article. Out: its paragraphs in pieces, each with the claims whose passages it is a part of. The
invariants: the pieces of a paragraph together are its text; a claim is marked where its words stand in this very
text (`selectors`), every code point of them, and nowhere else; whatever is not found there, or where many passages
overlap already, is named apart. What is no article (page furniture) is left out, withdrawn claims are not marked.
"""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimledger.furniture import in_order, masked
from claimledger.models import Edition, PassageHash, Span
from claimledger.publishing.edition_texts import text_of
from claimledger.publishing.pages.lines import by_language
from claimledger.selectors import stands_at
from claimledger.vocabulary import VerificationStatus

LONGEST = 100_000
MOST_MARKED = 500
"""Code points of a text and passages in it that a page shows; the whole of a longer one is there to be taken away."""

MOST_TOGETHER = 6
"""Passages that are marked on one code point: each mark is an element around every piece of its passage."""

_PASSAGES = """
SELECT claims.claim_id, start, "end", quote_length, quote_sha256, statement_en, statement_ko, verification_status
FROM appearances JOIN claims ON claims.claim_id = appearances.claim_id
WHERE appearances.article = ? AND edition_sha256 = ? AND appearances.record_state = 'listed'
  AND claims.record_state = 'listed' ORDER BY start, "end" DESC, claims.claim_id, place LIMIT ?
"""
_LINE = re.compile(r"[^\r\n]+")


class Marked(NamedTuple):
    """A passage and the claim it makes."""

    span: Span
    """Where it stands, in code points of the text as stored."""
    claim_id: str
    statement: Mapping[str, str]
    """What is claimed, by language."""
    status: VerificationStatus
    """The verdict on whether it is so."""


class Piece(NamedTuple):
    """A stretch of a paragraph that the same passages cover."""

    text: str
    marks: tuple[Marked, ...]
    """The passages it is a part of, the one that begins first outermost."""
    ends: tuple[Marked, ...]
    """Those of them that end with it."""


class ArticleText(NamedTuple):
    """What a page shows of a text."""

    paragraphs: tuple[tuple[Piece, ...], ...]
    unplaced: tuple[Marked, ...]
    """Passages whose words do not stand where the ledger says, or in page furniture alone."""
    crowded: tuple[Marked, ...]
    """Passages that are not marked, since too many others are where they begin."""
    shown: int
    """Code points of the text up to which it is shown."""
    has_furniture: bool
    """Whether anything was left out of it."""


def article_text(connection: sqlite3.Connection, article_id: str, edition: Edition) -> ArticleText | None:
    """Return an edition's text with the claims marked; none if the ledger does not hold it."""
    text = text_of(connection, article_id, edition.edition_sha256)
    if text is None:
        return None
    furniture = in_order(edition.furniture, len(text))
    article = masked(text, furniture)
    rows = connection.execute(_PASSAGES, (article_id, edition.edition_sha256, MOST_MARKED + 1)).fetchall()
    placed: list[Marked] = []
    unplaced: list[Marked] = []
    for row in rows[:MOST_MARKED]:
        one = _marked(row)
        (placed if _is_seen(one, row, text, article) else unplaced).append(one)
    shown = _cut(text, *(row["start"] for row in rows[MOST_MARKED:]))
    fitting, crowded = _apart(placed)
    pieces = tuple(paragraphs(article[:shown], fitting))
    return ArticleText(pieces, tuple(unplaced), tuple(crowded), shown, bool(furniture))


def _marked(row: sqlite3.Row) -> Marked:
    return Marked(
        Span(start=row["start"], end=row["end"]),
        row["claim_id"],
        by_language(row["statement_en"], row["statement_ko"]),
        VerificationStatus(row["verification_status"]),
    )


def _is_seen(one: Marked, row: sqlite3.Row, text: str, article: str) -> bool:
    """Whether a passage's words stand where they should, and are a part of the article."""
    passage = PassageHash(length=row["quote_length"], sha256=row["quote_sha256"])
    is_there = one.span.end - one.span.start == passage.length and stands_at(text, one.span.start, passage)
    return is_there and bool(article[one.span.start : one.span.end].strip())


def _apart(passages: Iterable[Marked]) -> tuple[list[Marked], list[Marked]]:
    """Return the passages that are marked, in their order, and those that begin where as many as may be are already."""
    fitting: list[Marked] = []
    crowded: list[Marked] = []
    around: list[Marked] = []
    for one in sorted(passages, key=_outermost_first):
        around = [other for other in around if other.span.end > one.span.start]
        if len(around) < MOST_TOGETHER:
            around.append(one)
            fitting.append(one)
        else:
            crowded.append(one)
    return fitting, crowded


def _outermost_first(one: Marked) -> tuple[int, int]:
    return one.span.start, -one.span.end


def _cut(text: str, *unmarked: int) -> int:
    """Return how far a text is shown: all of it, or whole lines up to the longest or the first that is not marked."""
    end = min(len(text), LONGEST, *unmarked)
    return end if end == len(text) else text.rfind("\n", 0, end) + 1 or end


def paragraphs(text: str, passages: Sequence[Marked]) -> Iterator[tuple[Piece, ...]]:
    r"""Yield the lines of a text that have something on them, in pieces.

    >>> def mark(start, end, name):
    ...     return Marked(Span(start=start, end=end), name, {}, VerificationStatus.NOT_CHECKED)
    >>> found = paragraphs("It rose by 10%.\n\nIt fell.", [mark(0, 14, "rose"), mark(11, 14, "ten")])
    >>> [[(piece.text, [one.claim_id for one in piece.marks]) for piece in pieces] for pieces in found]
    [[('It rose by ', ['rose']), ('10%', ['rose', 'ten']), ('.', [])], [('It fell.', [])]]
    """
    edges = sorted({0, *(edge for one in passages for edge in (one.span.start, one.span.end))})
    covering = list(_covering(edges, passages))
    last = {id(one): _last_seen(text, one.span) for one in passages}
    for line in _LINE.finditer(text):
        start, end = line.span()
        first = bisect_right(edges, start)
        inner = edges[first : bisect_left(edges, end, first)]
        if inner or covering[first - 1]:
            cuts = zip(pairwise((start, *inner, end)), covering[first - 1 :], strict=False)
            pieces = [Piece(text[cut[0] : cut[1]], marks, _ending(marks, last, *cut)) for cut, marks in cuts]
        else:  # most lines of a long text
            pieces = [Piece(line[0], (), ())]
        if line[0].strip():
            yield tuple(pieces)


def _ending(marks: Iterable[Marked], last: Mapping[int, int], start: int, end: int) -> tuple[Marked, ...]:
    """Return the passages whose last code point that is seen lies in a stretch."""
    return tuple(one for one in marks if start <= last[id(one)] < end)


def _covering(edges: Iterable[int], passages: Iterable[Marked]) -> Iterator[tuple[Marked, ...]]:
    """Yield for each edge the passages that cover what follows it, the one that begins first outermost."""
    waiting = deque(sorted(passages, key=_outermost_first))
    active: list[Marked] = []
    for edge in edges:
        active = [one for one in active if one.span.end > edge]
        while waiting and waiting[0].span.start <= edge:
            active.append(waiting.popleft())
        yield tuple(active)


def _last_seen(text: str, span: Span) -> int:
    """Return the last code point of a passage that is more than white space."""
    return span.start + len(text[span.start : span.end].rstrip()) - 1
