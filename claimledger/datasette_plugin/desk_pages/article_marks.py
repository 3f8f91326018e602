"""An article's text as its page shows it: paragraphs of pieces, each with its marks and where it leads.

In: an article at the desk. Out: each line of the text in order, cut where a figure, a quotation, a claim's passage or a
candidate begins or ends. The invariant: the pieces of all lines together are the text, each code point once. It makes
no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from claimledger.coverage import Item, Sort
from claimledger.editorial.article_at_desk import ArticleAtDesk
from claimledger.models import Span
from claimledger.vocabulary import Coverage

ORPHAN = "orphan"
"""The state of a figure or quotation that may be what became of a claim's lost passage."""
STATES = ("claimed", "dismissed", "unbound", ORPHAN)
"""The states of a mark, in the order of the legend."""
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")


class Piece(NamedTuple):
    """A stretch of text that is marked the same."""

    words: str
    """The text."""
    state: str
    """The state of the figure or quotation it belongs to; empty for other words."""
    sort: str
    """What that is."""
    ends: bool
    """Whether that ends here."""


class Linked(NamedTuple):
    """Pieces that lead to the same place."""

    claim_id: str
    """The claim whose passage they are; empty for none."""
    candidate: Span | None
    """The candidate they belong to, where there is no claim."""
    pieces: tuple[Piece, ...]
    """The pieces."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text."""

    number: int
    """From 1."""
    span: Span
    """Where it stands."""
    is_furniture: bool
    """Whether all of it is page furniture."""
    linked: tuple[Linked, ...]
    """What stands in it."""


def lines_of(found: ArticleAtDesk) -> list[Line]:
    """Return the lines of an article's newest text that are not empty."""
    text = found.at_hand.text.content
    spans = [Span(start=line.start(), end=line.end()) for line in _LINE.finditer(text) if line[0].strip()]
    marks = _Marks(found)
    numbers = _line_numbers(text, spans)
    return [Line(number, span, marks.is_furniture(span), tuple(marks.linked(span)))
            for number, span in zip(numbers, spans, strict=True)]  # fmt: skip


def _line_numbers(text: str, spans: Sequence[Span]) -> Iterator[int]:
    number, at = 1, 0
    for span in spans:
        number += text.count("\n", at, span.start)
        at = span.start
        yield number


class _Marks:
    """What is marked in a text."""

    def __init__(self, found: ArticleAtDesk) -> None:
        self.text = found.at_hand.text.content
        self.furniture = found.at_hand.edition.furniture
        self.items = found.accounted.items
        self.passages = [(span, entry.claim_id) for entry, span in found.at_hand.placed()]
        self.candidates = [one.rest for one in found.proposals if one.state is not Coverage.CLAIMED]
        self.lost = [span for task in found.tasks for span in task.carried.proposals]

    def is_furniture(self, line: Span) -> bool:
        """Whether page furniture covers a line."""
        return any(one.start <= line.start and line.end <= one.end for one in self.furniture)

    def linked(self, line: Span) -> Iterator[Linked]:
        """Yield what stands in a line, pieces that lead to one place together."""
        passages = [one for one in self.passages if _meet(one[0], line)]
        candidates = [one for one in self.candidates if _meet(one, line)]
        items = [one for one in self.items if _meet(one.span, line)]
        edges = {line.start, line.end}
        for span in (*(span for span, _ in passages), *candidates, *(item.span for item in items)):
            edges |= {edge for edge in (span.start, span.end) if line.start < edge < line.end}
        parts = [Span(start=start, end=end) for start, end in pairwise(sorted(edges))]

        def leads(part: Span) -> tuple[str, tuple[int, int] | None]:
            claims = [claim_id for span, claim_id in passages if _meet(span, part)]
            near = [(span.start, span.end) for span in candidates if _meet(span, part)]
            return (claims[0], None) if claims else ("", near[0] if near else None)

        for (claim_id, near), group in groupby(parts, leads):
            pieces = tuple(self._piece(part, items) for part in group)
            yield Linked(claim_id, Span(start=near[0], end=near[1]) if near else None, pieces)

    def _piece(self, part: Span, items: Sequence[Item]) -> Piece:
        around = [item for item in items if _meet(item.span, part)]
        words = self.text[part.start : part.end]
        if not around:
            return Piece(words, "", "", ends=False)
        inner = min(around, key=lambda item: item.span.end - item.span.start)
        ending = [item for item in around if item.span.end == part.end]
        return Piece(words, self._state(inner), inner.sort.value, ends=inner in ending)

    def _state(self, item: Item) -> str:
        if item.state is Coverage.UNBOUND and item.sort is not Sort.DATE:
            return ORPHAN if any(_meet(item.span, span) for span in self.lost) else item.state.value
        return item.state.value


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
