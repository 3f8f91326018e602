"""An article's text for its page: lines divided into pieces, each with its marks and its link.

A line is cut at the beginning and end of each figure, quotation, claim's passage and candidate. Together, the pieces of
all lines contain each of their code points once, in order. The module makes no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from claimledger.coverage import CoverageItem, CoverageKind
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.models import Span
from claimledger.desk_vocabulary import Coverage

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


class _Marks:
    """The marks of a text."""

    def __init__(self, found: ArticleAtDesk) -> None:
        self.text = found.at_hand.text.content
        self.furniture = found.at_hand.edition.furniture
        self.items = found.accounted.items
        self.passages = [(span, entry.claim_id) for entry, span in found.at_hand.placed_passages()]
        self.candidates = [one.rest for one in found.proposals if one.state is not Coverage.CLAIMED]
        self.lost = [span for task in found.tasks for span in task.carried.proposals]

    def is_furniture(self, line: Span) -> bool:
        """Return whether page furniture covers a line."""
        return any(one.start <= line.start and line.end <= one.end for one in self.furniture)

    def linked_pieces(self, line: Span) -> Iterator[LinkedPieces]:
        """Yield the content of a line, with adjacent pieces of the same link together."""
        passages = [one for one in self.passages if _overlap(one[0], line)]
        candidates = [one for one in self.candidates if _overlap(one, line)]
        items = [one for one in self.items if _overlap(one.span, line)]
        edges = {line.start, line.end}
        for span in (*(span for span, _ in passages), *candidates, *(item.span for item in items)):
            edges |= {edge for edge in (span.start, span.end) if line.start < edge < line.end}
        parts = [Span(start=start, end=end) for start, end in pairwise(sorted(edges))]

        def link_target(part: Span) -> tuple[str, tuple[int, int] | None]:
            claims = [claim_id for span, claim_id in passages if _overlap(span, part)]
            candidates_here = [(span.start, span.end) for span in candidates if _overlap(span, part)]
            return (claims[0], None) if claims else ("", candidates_here[0] if candidates_here else None)

        for (claim_id, candidates_here), group in groupby(parts, link_target):
            pieces = tuple(self._piece(part, items) for part in group)
            yield LinkedPieces(
                claim_id, Span(start=candidates_here[0], end=candidates_here[1]) if candidates_here else None, pieces
            )

    def _piece(self, part: Span, items: Sequence[CoverageItem]) -> Piece:
        surrounding = [item for item in items if _overlap(item.span, part)]
        words = self.text[part.start : part.end]
        if not surrounding:
            return Piece(words, "", "", ends=False)
        inner = min(surrounding, key=lambda item: item.span.end - item.span.start)
        ending = [item for item in surrounding if item.span.end == part.end]
        return Piece(words, self._state(inner), inner.sort.value, ends=inner in ending)

    def _state(self, item: CoverageItem) -> str:
        if item.state is Coverage.UNBOUND and item.sort is not CoverageKind.DATE:
            return ORPHAN if any(_overlap(item.span, span) for span in self.lost) else item.state.value
        return item.state.value


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
