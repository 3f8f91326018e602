"""Reads the figures of a text sentence by sentence, as exact numbers with the place of their last digit.

A number is exact as printed. Its `step` is the place value of its last digit, which distinguishes a rounded number from
a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.figure_meaning import COUNT, MONEY, unit_measure
from claimledger.quantities import Figure, FigureRole, find_figures
from claimledger.vocabulary import Comparator, Direction

_SENTENCE = re.compile(r"[^\n]+?(?:[.?!。][”’\"'」』)]*(?=\s|$)|(?=\n|$))")
_BOUND_TOLERANCE = Decimal("0.05")
"""The tolerance for a number with a qualifier such as about, at least or at most, as a share of the number."""


class PrintedFigure(NamedTuple):
    """A number of a text."""

    text: str
    """The figure as printed, with its qualifiers."""
    amount: Decimal
    """The number, in the first unit of its dimension."""
    step: Decimal
    """The place value of its last printed digit, in the same unit."""
    raw: Decimal
    """The number in its own unit."""
    dimension: str
    """The measured dimension; empty for a number without a unit."""
    unit: str
    """The unit or currency as given."""
    comparator: Comparator | None
    direction: Direction | None
    start: int
    """The position at which its number begins in the sentence, in code points."""
    end: int
    """The position at which its number with the unit ends, exclusive."""
    is_conversion: bool = False
    """True if it repeats the figure before it in parentheses."""

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest value that the printed number can mean."""
        if self.is_exact:
            return self.amount, self.amount
        tolerance = (
            self.step / 2 if self.comparator is None else max(self.step / 2, abs(self.amount) * _BOUND_TOLERANCE)
        )
        return self.amount - tolerance, self.amount + tolerance

    @property
    def is_exact(self) -> bool:
        """True for a count that is printed to the last one: 412명 is not a rounded number."""
        return self.is_count and self.step == 1 and self.comparator is None

    @property
    def is_money(self) -> bool:
        """True for an amount of money."""
        return self.dimension.startswith(MONEY)

    @property
    def is_count(self) -> bool:
        """True for a count of things or people."""
        return not self.dimension or self.dimension.startswith(COUNT)


class SentenceFigures(NamedTuple):
    """A sentence with its figures and dates."""

    text: str
    figures: tuple[PrintedFigure, ...]
    dates: tuple[Figure, ...]


@lru_cache(maxsize=1024)
def read_sentences(text: str) -> tuple[SentenceFigures, ...]:
    """Return the sentences of a text with their figures.

    >>> [[figure.text
    ...  for figure in one.figures] for one in read_sentences("직원은 1.5배, 곧 40명이다. 20억위안을 썼다.")]
    [['1.5배', '40명'], ['20억위안']]
    """
    return tuple(_read_sentence(found[0]) for found in _SENTENCE.finditer(text))


def _read_sentence(text: str) -> SentenceFigures:
    figures: list[PrintedFigure] = []
    dates: list[Figure] = []
    for figure in find_figures(text):
        if figure.role is FigureRole.DATE and figure.unit is None:
            dates.append(figure)
        elif figure.role is not FigureRole.TIME:
            figures += _printed_numbers(figure)
    return SentenceFigures(text, tuple(figures), tuple(dates))


def _printed_numbers(figure: Figure) -> Iterator[PrintedFigure]:
    """Yield the number of a figure, or the two ends of a range."""
    dimension, factor, unit = unit_measure(figure.unit, figure.currency)
    amounts = (figure.amount,) if figure.amount is not None else (figure.low, figure.high)
    for amount in amounts:
        if amount is not None:
            step = (figure.precision or Decimal(0)) * factor
            yield PrintedFigure(
                figure.text, amount * factor, step, amount, dimension, unit, figure.comparator, figure.direction,
                figure.core_start, figure.core_end, figure.conversion_of is not None,
            )  # fmt: skip


def format_number(amount: Decimal) -> str:
    """Return a number for readers, with at most six significant digits and with separators.

    >>> (format_number(Decimal("200000")), format_number(Decimal("1334.0")), format_number(Decimal("33.333333")),
    ...  format_number(Decimal("0.00012")))
    ('200,000', '1,334', '33.3333', '0.00012')
    """
    digits = max(0, 6 - (amount.adjusted() + 1)) if amount else 0
    text = f"{amount:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
