"""Report whether each number and quotation of an article is accounted for.

Each one is claimed, dismissed by an editor, or unbound. Dates and lengths of time are counted separately, and page
furniture is ignored. A passage is accounted for only if every letter and digit of it is. This module does not know the
ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from claimledger.article import quotation_spans
from claimledger.models import Span
from claimledger.quantities import FigureRole, find_figures
from claimledger.desk_vocabulary import Coverage


class CoverageKind(StrEnum):
    """The kinds of passages that must be accounted for."""

    FIGURE = "figure"
    """A quantity."""
    QUOTATION = "quotation"
    """Words in quotation marks."""
    DATE = "date"
    """A date, a length of time or a time of day."""


class AccountedSpan(NamedTuple):
    """A span that a claim or a dismissal accounts for."""

    span: Span
    """The span, in code points."""
    by: str
    """The claim's name, or the reason for the dismissal."""


class CoverageItem(NamedTuple):
    """One number, quotation or date of an article."""

    sort: CoverageKind
    """The kind of passage."""
    span: Span
    """The span, in code points."""
    state: Coverage
    """The state: claimed, dismissed or unbound."""
    by: tuple[str, ...]
    """The claims that contain it, or the reasons for its dismissal."""


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The coverage of an article's numbers, quotations and dates."""

    items: tuple[CoverageItem, ...]
    """All items, in the order of the text."""

    def count(self, state: Coverage, *, dates: bool = False) -> int:
        """Return the number of items in a state: numbers and quotations, or with `dates` the dates."""
        return sum(item.state is state and (item.sort is CoverageKind.DATE) is dates for item in self.items)

    def total(self, *, dates: bool = False) -> int:
        """Return the number of numbers and quotations, or with `dates` of dates."""
        return sum((item.sort is CoverageKind.DATE) is dates for item in self.items)

    def undecided_items(self) -> list[CoverageItem]:
        """Return the unbound numbers and quotations; dates need no decision."""
        return [item for item in self.items if item.state is Coverage.UNBOUND and item.sort is not CoverageKind.DATE]

    def share(self, *, dates: bool = False) -> float:
        """Return the share that is claimed or dismissed, from 0 to 1; it is 1 if there is nothing to account for."""
        total = self.total(dates=dates)
        return 1 - self.count(Coverage.UNBOUND, dates=dates) / total if total else 1.0


def measure_coverage(
    text: str, claims: Sequence[AccountedSpan], dismissals: Sequence[AccountedSpan] = (), furniture: Iterable[Span] = ()
) -> CoverageReport:
    """Return each number, quotation and date of a text with its state, except those in page furniture.

    >>> text = "값은 40% 낮고 “곧” 3배가 된다."
    >>> accounted = measure_coverage(text, [AccountedSpan(Span(start=3, end=6), "low-price-aaaa")])
    >>> [(text[item.span.start : item.span.end], item.state.value) for item in accounted.items]
    [('40%', 'claimed'), ('“곧”', 'unbound'), ('3배', 'unbound')]
    """
    masks = [_mask(text, (bound.span for bound in bounds)) for bounds in (claims, dismissals)]
    either = bytearray(one | other for one, other in zip(*masks, strict=True))
    outside = _mask(text, furniture)
    found = []
    for sort, span in sorted(_spans_to_cover(text), key=lambda one: (one[1].start, one[1].end)):
        if not _has_uncovered(text, span, outside):
            continue
        if not _has_uncovered(text, span, masks[0]):
            found.append(CoverageItem(sort, span, Coverage.CLAIMED, _labels(span, claims)))
        elif not _has_uncovered(text, span, either):
            found.append(CoverageItem(sort, span, Coverage.DISMISSED, _labels(span, dismissals)))
        else:
            found.append(CoverageItem(sort, span, Coverage.UNBOUND, ()))
    return CoverageReport(tuple(found))


def _spans_to_cover(text: str) -> Iterator[tuple[CoverageKind, Span]]:
    for figure in find_figures(text):
        sort = CoverageKind.FIGURE if figure.role is FigureRole.QUANTITY else CoverageKind.DATE
        yield sort, Span(start=figure.core_start, end=figure.core_end)
    yield from ((CoverageKind.QUOTATION, span) for span in quotation_spans(text))


def _mask(text: str, spans: Iterable[Span]) -> bytearray:
    mask = bytearray(len(text))
    for span in spans:
        mask[span.start : span.end] = b"\x01" * (min(span.end, len(text)) - min(span.start, len(text)))
    return mask


def _has_uncovered(text: str, span: Span, mask: bytearray) -> bool:
    """Return whether the mask misses a letter or digit of a span; marks and spaces need not be covered."""
    return any(text[at].isalnum() and not mask[at] for at in range(span.start, span.end))


def _labels(span: Span, bounds: Sequence[AccountedSpan]) -> tuple[str, ...]:
    touching = (bound.by for bound in bounds if bound.span.start < span.end and span.start < bound.span.end)
    return tuple(dict.fromkeys(touching))
