"""Coverage: whether each number and each quotation of an article is accounted for.

In: a text, its page furniture, where claims stand in it and what an editor dismissed. Out: each number and quotation
in order, claimed, dismissed or unbound, and the shares; dates and lengths of time are counted apart. The invariant: a
passage is accounted for only when each letter and digit of it is. It must not know the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from claimledger.article import quotations
from claimledger.models import Span
from claimledger.quantities import Role, find_figures
from claimledger.vocabulary import Coverage


class Sort(StrEnum):
    """What is to be accounted for."""

    FIGURE = "figure"
    """A quantity."""
    QUOTATION = "quotation"
    """Words in quotation marks."""
    DATE = "date"
    """A date, a length of time or a time of day."""


class Bound(NamedTuple):
    """A passage that is accounted for."""

    span: Span
    """Where it stands."""
    by: str
    """The claim's name, or the reason for the dismissal."""


class Item(NamedTuple):
    """One number or quotation."""

    sort: Sort
    """What it is."""
    span: Span
    """Where it stands, in code points."""
    state: Coverage
    """Whether it is accounted for."""
    by: tuple[str, ...]
    """The claims that have it, or why it was dismissed."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """An article's numbers and quotations."""

    items: tuple[Item, ...]
    """All of them, in the order of the text."""

    def count(self, state: Coverage, *, dates: bool = False) -> int:
        """Return how many are in a state: of the numbers and quotations, or of the dates."""
        return sum(item.state is state and (item.sort is Sort.DATE) is dates for item in self.items)

    def total(self, *, dates: bool = False) -> int:
        """Return how many there are."""
        return sum((item.sort is Sort.DATE) is dates for item in self.items)

    def undecided(self) -> list[Item]:
        """Return the numbers and quotations that nobody has decided on; dates are not asked for."""
        return [item for item in self.items if item.state is Coverage.UNBOUND and item.sort is not Sort.DATE]

    def share(self, *, dates: bool = False) -> float:
        """Return the share that is claimed or dismissed, 0 to 1; 1 if there is nothing to account for."""
        total = self.total(dates=dates)
        return 1 - self.count(Coverage.UNBOUND, dates=dates) / total if total else 1.0


def account(
    text: str, claims: Sequence[Bound], dismissals: Sequence[Bound] = (), furniture: Iterable[Span] = ()
) -> Accounted:
    """Return each number and quotation of a text with its state; those in page furniture are not asked for.

    >>> text = "값은 40% 낮고 “곧” 3배가 된다."
    >>> accounted = account(text, [Bound(Span(start=3, end=6), "low-price-aaaa")])
    >>> [(text[item.span.start : item.span.end], item.state.value) for item in accounted.items]
    [('40%', 'claimed'), ('“곧”', 'unbound'), ('3배', 'unbound')]
    """
    masks = [_mask(text, (bound.span for bound in bounds)) for bounds in (claims, dismissals)]
    either = bytearray(one | other for one, other in zip(*masks, strict=True))
    outside = _mask(text, furniture)
    found = []
    for sort, span in sorted(_asked(text), key=lambda one: (one[1].start, one[1].end)):
        if not _uncovered(text, span, outside):
            continue
        if not _uncovered(text, span, masks[0]):
            found.append(Item(sort, span, Coverage.CLAIMED, _named(span, claims)))
        elif not _uncovered(text, span, either):
            found.append(Item(sort, span, Coverage.DISMISSED, _named(span, dismissals)))
        else:
            found.append(Item(sort, span, Coverage.UNBOUND, ()))
    return Accounted(tuple(found))


def _asked(text: str) -> Iterator[tuple[Sort, Span]]:
    for figure in find_figures(text):
        sort = Sort.FIGURE if figure.role is Role.QUANTITY else Sort.DATE
        yield sort, Span(start=figure.core_start, end=figure.core_end)
    yield from ((Sort.QUOTATION, span) for span in quotations(text))


def _mask(text: str, spans: Iterable[Span]) -> bytearray:
    mask = bytearray(len(text))
    for span in spans:
        mask[span.start : span.end] = b"\x01" * (min(span.end, len(text)) - min(span.start, len(text)))
    return mask


def _uncovered(text: str, span: Span, mask: bytearray) -> bool:
    """Whether a letter or digit of a passage is not covered; marks and spaces need not be."""
    return any(text[at].isalnum() and not mask[at] for at in range(span.start, span.end))


def _named(span: Span, bounds: Sequence[Bound]) -> tuple[str, ...]:
    touching = (bound.by for bound in bounds if bound.span.start < span.end and span.start < bound.span.end)
    return tuple(dict.fromkeys(touching))
