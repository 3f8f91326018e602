"""An article's text for its page: lines divided into pieces, each with its marks and its link.

A line is cut at the beginning and end of each figure, quotation, claim's passage and candidate. Together, the pieces of
all lines contain each of their code points once, in order. The module makes no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Generic, NamedTuple, TypeVar

from claimledger.coverage import CoverageItem, CoverageKind
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.models import Span
from claimledger.desk_vocabulary import Coverage

Marked = TypeVar("Marked")

ORPHAN = "orphan"
"""The state of a figure or quotation that may be the new form of a claim's lost passage."""
STATES = ("claimed", "dismissed", "unbound", ORPHAN)
"""The states of a mark, in the order of the legend."""
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")


class Piece(NamedTuple):
    """A part of the text with the same marks throughout."""

    words: str
    """The text."""
    state: str
    """The state of the figure or quotation that it belongs to; empty for other words."""
    sort: str
    """The sort of that item: figure, quotation or date."""
    ends: bool
    """True if that item ends here."""


class LinkedPieces(NamedTuple):
    """Adjacent pieces with the same link."""

    claim_id: str
    """The claim whose passage they are in; empty if there is none."""
    candidate: Span | None
    """The candidate that they belong to, if there is no claim."""
    pieces: tuple[Piece, ...]
    """The pieces."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text."""

    number: int
    """The number of the line, from 1."""
    span: Span
    """The position of the line in code points."""
    is_furniture: bool
    """True if the whole line is page furniture."""
    linked: tuple[LinkedPieces, ...]
    """The content of the line."""


def article_lines(found: ArticleAtDesk) -> list[Line]:
    """Return the lines of an article's newest text that are not empty."""
    text = found.at_hand.text.content
    spans = [Span(start=line.start(), end=line.end()) for line in _LINE.finditer(text) if line[0].strip()]
    marks = _Marks(found)
    numbers = _line_numbers(text, spans)
    return [Line(number, span, marks.is_furniture(span), tuple(marks.linked_pieces(span)))
            for number, span in zip(numbers, spans, strict=True)]  # fmt: skip


def _line_numbers(text: str, spans: Sequence[Span]) -> Iterator[int]:
    number, counted_to = 1, 0
    for span in spans:
        number += text.count("\n", counted_to, span.start)
        counted_to = span.start
        yield number


_CELL = 64
"""The code points of one cell of a `_SpanIndex`."""


class _SpanIndex(Generic[Marked]):
    """Values with their spans, found by position without comparing each of them."""

    def __init__(self, found: Sequence[tuple[Span, Marked]]) -> None:
        self._found = found
        self._cells: dict[int, list[int]] = {}
        for number, (span, _) in enumerate(found):
            for cell in range(span.start // _CELL, span.end // _CELL + 1):
                self._cells.setdefault(cell, []).append(number)

    def overlapping(self, part: Span) -> list[Marked]:
        """Return the values whose spans overlap a part, in their order."""
        return [value for _, value in self._find_marks(part)]

    def spans(self, part: Span) -> list[Span]:
        """Return the spans that overlap a part, in the order of their values."""
        return [span for span, _ in self._find_marks(part)]

    def _find_marks(self, part: Span) -> list[tuple[Span, Marked]]:
        cells = range(part.start // _CELL, part.end // _CELL + 1)
        numbers = sorted({number for cell in cells for number in self._cells.get(cell, ())})
        return [self._found[number] for number in numbers if _overlap(self._found[number][0], part)]


class _Marks:
    """The marks of a text."""

    def __init__(self, found: ArticleAtDesk) -> None:
        self.text = found.at_hand.text.content
        self.furniture = found.at_hand.edition.furniture
        self.items = _SpanIndex([(item.span, item) for item in found.accounted.items])
        self.passages = _SpanIndex([(span, entry.claim_id) for entry, span in found.at_hand.placed_passages()])
        undecided = [one.rest for one in found.proposals if one.state is not Coverage.CLAIMED]
        self.candidates = _SpanIndex([(span, span) for span in undecided])
        self.lost = _SpanIndex([(span, span) for task in found.tasks for span in task.carried.proposals])

    def is_furniture(self, line: Span) -> bool:
        """Return whether page furniture covers a line."""
        return any(one.start <= line.start and line.end <= one.end for one in self.furniture)

    def linked_pieces(self, line: Span) -> Iterator[LinkedPieces]:
        """Yield the content of a line, with adjacent pieces of the same link together."""
        edges = {line.start, line.end}
        for span in (span for index in (self.passages, self.candidates, self.items) for span in index.spans(line)):
            edges |= {edge for edge in (span.start, span.end) if line.start < edge < line.end}
        parts = [Span(start=start, end=end) for start, end in pairwise(sorted(edges))]

        def link_target(part: Span) -> tuple[str, tuple[int, int] | None]:
            claims = self.passages.overlapping(part)
            candidates_here = [(span.start, span.end) for span in self.candidates.overlapping(part)]
            return (claims[0], None) if claims else ("", candidates_here[0] if candidates_here else None)

        for (claim_id, candidates_here), group in groupby(parts, link_target):
            pieces = tuple(map(self._piece, group))
            yield LinkedPieces(
                claim_id, Span(start=candidates_here[0], end=candidates_here[1]) if candidates_here else None, pieces
            )

    def _piece(self, part: Span) -> Piece:
        surrounding = self.items.overlapping(part)
        words = self.text[part.start : part.end]
        if not surrounding:
            return Piece(words, "", "", ends=False)
        inner = min(surrounding, key=lambda item: item.span.end - item.span.start)
        ending = [item for item in surrounding if item.span.end == part.end]
        return Piece(words, self._state(inner), inner.sort.value, ends=inner in ending)

    def _state(self, item: CoverageItem) -> str:
        if item.state is Coverage.UNBOUND and item.sort is not CoverageKind.DATE:
            return ORPHAN if self.lost.overlapping(item.span) else item.state.value
        return item.state.value


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
