"""What is found: the figure, its role, and its form as a record's quantity.

In: the values the grammar read. Out: `Figure`, an immutable row, and `models.Quantity` for those that count or
measure something. The invariant: `text` is exactly the passage between `start` and `end`, in code points of the text
as given. It must not know how a figure is found.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from claimledger.models import Quantity
from claimledger.vocabulary import Comparator, Direction

BARE_UNIT = "number"
"""The unit a quantity is given when nothing beside the number says what it counts."""


class Role(StrEnum):
    """What a figure is for the reader."""

    QUANTITY = "quantity"
    """It counts or measures something, money included."""
    DATE = "date"
    """It names a day, month, year or season, or a distance from one ("두 달 전")."""
    DURATION = "duration"
    """It says how long ("하루 만에", "five years")."""
    TIME = "time"
    """It names a time of day."""


class Figure(NamedTuple):
    """One figure of a text, where it stands and what it says.

    `start` and `end` enclose the figure with the words that bound it and the word of its direction, as
    `models.Quantity.text` wants it; `core_start` and `core_end` the number with its unit alone.

    >>> from claimledger.quantities import find_figures
    >>> figure = find_figures("성적이 40% 정도 낮은 것으로")[0]
    >>> figure.text, figure.amount, figure.unit, figure.comparator.value, figure.direction.value
    ('40% 정도 낮은', Decimal('40'), 'percent', 'about', 'below')
    """

    start: int
    """Where the figure begins, with the words that bound it."""
    end: int
    """Where it ends, exclusive."""
    core_start: int
    """Where the number with its unit begins."""
    core_end: int
    """Where the number with its unit ends, exclusive."""
    text: str
    """The passage from `start` to `end`, as given."""
    role: Role
    """What it is for the reader."""
    amount: Decimal | None = None
    """The number, scale words multiplied out; four significant digits for a fraction no decimal holds."""
    low: Decimal | None = None
    """The lower end of a range."""
    high: Decimal | None = None
    """The upper end of a range."""
    unit: str | None = None
    """What is counted, in English and in the singular; none for money, for a bare number and for a date."""
    currency: str | None = None
    """ISO 4217 code of money."""
    comparator: Comparator | None = None
    """How the words bound it."""
    direction: Direction | None = None
    """Which side of the compared value the difference lies on."""
    precision: Decimal | None = None
    """The step of the last digit printed: 1E+8 for 130억, 0.1 for 2.5; none for a fraction or "thousands"."""
    conversion_of: int | None = None
    """Index, in the list returned, of the figure this one gives again in another unit or currency."""


def to_quantity(figure: Figure) -> Quantity:
    """Return the figure as a record's quantity.

    >>> from claimledger.quantities import find_figures
    >>> to_quantity(find_figures("약 130억달러를 투자")[0]).to_json()
    {'text': '약 130억달러', 'amount': '13000000000', 'currency': 'USD', 'comparator': 'about'}

    Raises:
        ValueError: the figure is a date, a duration or a time of day.
    """
    if figure.role is not Role.QUANTITY:
        raise ValueError(f"'{figure.text}' is a {figure.role.value}, not a quantity")
    return Quantity(
        text=figure.text,
        amount=figure.amount,
        low=figure.low,
        high=figure.high,
        unit=None if figure.currency else figure.unit or BARE_UNIT,
        currency=figure.currency,
        comparator=figure.comparator,
        direction=figure.direction,
    )
