"""The figures of a text, sentence by sentence, as the computed checks need them: exact numbers with their last place.

In: a text. Out: sentences with their figures and dates. The invariant: a number is exact as printed; `step` is the
place of its last digit, so that what was rounded is told from what is wrong. It must not know claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.figure_meaning import COUNT, MONEY, measure_of
from claimledger.quantities import Figure, Role, find_figures
from claimledger.vocabulary import Comparator, Direction

_SENTENCE = re.compile(r"[^\n]+?(?:[.?!。][”’\"'」』)]*(?=\s|$)|(?=\n|$))")
_OF_BOUND = Decimal("0.05")
"""How far a number may lie off that is bounded: about, at least, at most; as a share of it."""


class Printed(NamedTuple):
    """A number of a text."""

    text: str
    """As printed, with the words that bound it."""
    amount: Decimal
    """The number, in the first unit of its dimension."""
    step: Decimal
    """The place of its last digit printed, in the same unit."""
    raw: Decimal
    """The number in its own unit."""
    dimension: str
    """What is measured; empty for a number that nothing explains."""
    unit: str
    """The unit or currency as given."""
    comparator: Comparator | None
    direction: Direction | None
    start: int
    """Where its number begins in the sentence, in code points."""
    end: int
    """Where its number with its unit ends, exclusive."""
    is_conversion: bool = False
    """Whether it gives the figure before it again, in parentheses."""

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The least and the most that the printed number may stand for."""
        room = self.step / 2 if self.comparator is None else max(self.step / 2, abs(self.amount) * _OF_BOUND)
        return self.amount - room, self.amount + room

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.dimension.startswith(MONEY)

    @property
    def is_count(self) -> bool:
        """Whether things or people are counted."""
        return not self.dimension or self.dimension.startswith(COUNT)


class Sentence(NamedTuple):
    """A sentence and its figures."""

    text: str
    figures: tuple[Printed, ...]
    dates: tuple[Figure, ...]


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text.

    >>> [[figure.text for figure in one.figures] for one in sentences("직원은 1.5배, 곧 40명이다. 20억위안을 썼다.")]
    [['1.5배', '40명'], ['20억위안']]
    """
    return tuple(_sentence(found[0]) for found in _SENTENCE.finditer(text))


def _sentence(text: str) -> Sentence:
    figures: list[Printed] = []
    dates: list[Figure] = []
    for figure in find_figures(text):
        if figure.role is Role.DATE and figure.unit is None:
            dates.append(figure)
        elif figure.role is not Role.TIME:
            figures += _printed(figure)
    return Sentence(text, tuple(figures), tuple(dates))


def _printed(figure: Figure) -> Iterator[Printed]:
    """Yield the number of a figure, or the two that a range names as its ends."""
    dimension, factor, unit = measure_of(figure.unit, figure.currency)
    both = (figure.amount,) if figure.amount is not None else (figure.low, figure.high)
    for amount in both:
        if amount is not None:
            step = (figure.precision or Decimal(0)) * factor
            yield Printed(
                figure.text, amount * factor, step, amount, dimension, unit, figure.comparator, figure.direction,
                figure.core_start, figure.core_end, figure.conversion_of is not None,
            )  # fmt: skip


def shown(amount: Decimal) -> str:
    """Return a number for people: at most six digits that count, and separators.

    >>> shown(Decimal("200000")), shown(Decimal("1334.0")), shown(Decimal("33.333333")), shown(Decimal("0.00012"))
    ('200,000', '1,334', '33.3333', '0.00012')
    """
    digits = max(0, 6 - (amount.adjusted() + 1)) if amount else 0
    text = f"{amount:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
