"""Define `Figure`, its role, and its conversion to a record's quantity.

A figure's `text` is exactly the passage from `start` to `end`, in code points of the given text. This module does not
know how figures are found.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from claimledger.characters import without_hidden
from claimledger.models import Quantity
from claimledger.vocabulary import Comparator, Direction

BARE_UNIT = "number"
"""The unit of a quantity when the text does not say what the number counts."""


class FigureRole(StrEnum):
    """The meaning of a figure: quantity, date, duration, time of day or part of a name."""

    QUANTITY = "quantity"
    """A count or a measurement, money included."""
    DATE = "date"
    """A day, month, year or season, or a distance from one ("두 달 전")."""
    DURATION = "duration"
    """A length of time ("하루 만에", "five years")."""
    TIME = "time"
    """A time of day."""
    NAME = "name"
    """A number that belongs to a name and counts nothing ("1호선", "형사 3단독")."""


class Figure(NamedTuple):
    """One figure of a text, with its position and value.

    `start` and `end` enclose the figure with its comparator and direction words, as `models.Quantity.text` requires.
    `core_start` and `core_end` enclose only the number and its unit.

    >>> from claimledger.quantities import find_figures
    >>> figure = find_figures("성적이 40% 정도 낮은 것으로")[0]
    >>> figure.text, figure.amount, figure.unit, figure.comparator.value, figure.direction.value
    ('40% 정도 낮은', Decimal('40'), 'percent', 'about', 'below')
    """

    start: int
    """The start of the figure, comparator words included, in code points."""
    end: int
    """The end of the figure, exclusive."""
    core_start: int
    """The start of the number with its unit."""
    core_end: int
    """The end of the number with its unit, exclusive."""
    text: str
    """The passage from `start` to `end`, verbatim."""
    role: FigureRole
    """The role of the figure."""
    amount: Decimal | None = None
    """The number with scale words multiplied out; a fraction without a short decimal has four significant digits."""
    low: Decimal | None = None
    """The lower end of a range."""
    high: Decimal | None = None
    """The upper end of a range."""
    unit: str | None = None
    """The unit as an English singular; None for money, for a bare number and for a date."""
    currency: str | None = None
    """The ISO 4217 code of money."""
    comparator: Comparator | None = None
    """The comparator that the words give."""
    direction: Direction | None = None
    """The side of the compared value on which the difference lies."""
    precision: Decimal | None = None
    """The step of the last printed digit: 1E+8 for 130억, 0.1 for 2.5; None for a fraction or "thousands"."""
    conversion_of: int | None = None
    """The index, in the returned list, of the figure that this one repeats in another unit or currency."""


def to_quantity(figure: Figure) -> Quantity:
    """Return the figure as a record's quantity; hidden characters of the text are left out.

    >>> from claimledger.quantities import find_figures
    >>> to_quantity(find_figures("약 130억달러를 투자")[0]).to_json()
    {'text': '약 130억달러', 'amount': '13000000000', 'currency': 'USD', 'comparator': 'about'}

    Raises:
        ValueError: the figure is a date, a duration, a time of day or a name.
    """
    if figure.role is not FigureRole.QUANTITY:
        raise ValueError(f"'{figure.text}' is a {figure.role.value}, not a quantity")
    return Quantity(
        text=without_hidden(figure.text),
        amount=figure.amount,
        low=figure.low,
        high=figure.high,
        unit=None if figure.currency else figure.unit or BARE_UNIT,
        currency=figure.currency,
        comparator=figure.comparator,
        direction=figure.direction,
    )
