"""The days that an EDTF date may mean, and the length of time between two of them.

In: EDTF level 0 text, as records hold it (ISO 8601-2:2019). Out: the first and the last day. The invariant: a date
that is not told to the day is a span of days, never one of them. It must not know claims.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple


class Days(NamedTuple):
    """Some days in a row, both ends among them."""

    first: date
    last: date

    @property
    def is_one(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    def before(self, days: int) -> Days:
        """Return the same with so many days before it."""
        earliest = (self.first - date.min).days
        return Days(self.first - timedelta(days=min(days, earliest)), self.last)


def days_of(edtf: str) -> Days:
    """Return the days of a date or an interval.

    >>> tuple(str(day) for day in days_of("2023-02")), days_of("2023-03-14/2023-03-16").last.day
    (('2023-02-01', '2023-02-28'), 16)
    """
    first, _, last = edtf.partition("/")
    return Days(_end(first, 0), _end(last or first, -1))


def _end(part: str, which: int) -> date:
    """Return the first (0) or the last (-1) day of a year, a month or a day."""
    year, month, day = (*map(int, part.split("-")), 0, 0)[:3]
    month = month or (1, 12)[which]
    return date(year, month, day or (1, monthrange(year, month)[1])[which])


_OF_UNIT = {"day": (1.0, 0.0), "week": (7.0, 3.0), "month": (30.4, 16.0), "year": (365.25, 183.0)}
"""Days of a unit, and how many days more or less people still call so many of it."""


def is_so_long(days: int, amount: float, unit: str, *, counts_both_ends: bool) -> bool | None:
    """Return whether some days are so many of a unit; none if the unit is not one of the calendar's.

    >>> is_so_long(2, 1, "day", counts_both_ends=False), is_so_long(13, 2, "week", counts_both_ends=False)
    (False, True)
    """
    if unit not in _OF_UNIT:
        return None
    length, room = _OF_UNIT[unit]
    lengths = (days, days + 1) if counts_both_ends else (days,)
    return any(abs(one - amount * length) <= room for one in lengths)
