"""The days that an EDTF date can mean, and the duration between two of them.

Dates are EDTF level 0 text, as in records (ISO 8601-2:2019). A date that is less precise than a day is a range of days
and never one of them.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple


class DayRange(NamedTuple):
    """A range of days, including both ends."""

    first: date
    last: date

    @property
    def is_one(self) -> bool:
        """True for a single day."""
        return self.first == self.last

    def extended_before(self, days: int) -> DayRange:
        """Return the range extended by this number of days before its first day."""
        earliest = (self.first - date.min).days
        return DayRange(self.first - timedelta(days=min(days, earliest)), self.last)


@lru_cache(maxsize=4096)
def day_range(edtf: str) -> DayRange:
    """Return the days of a date or an interval.

    >>> tuple(str(day) for day in day_range("2023-02")), day_range("2023-03-14/2023-03-16").last.day
    (('2023-02-01', '2023-02-28'), 16)
    """
    first, _, last = edtf.partition("/")
    return DayRange(_boundary_day(first, 0), _boundary_day(last or first, -1))


def _boundary_day(part: str, which: int) -> date:
    """Return the first (`which` 0) or the last (-1) day of a year, a month or a day."""
    year, month, day = (*map(int, part.split("-")), 0, 0)[:3]
    month = month or (1, 12)[which]
    return date(year, month, day or (1, monthrange(year, month)[1])[which])


_UNIT_LENGTHS = {"day": (1.0, 0.0), "week": (7.0, 3.0), "month": (30.4, 16.0), "year": (365.25, 183.0)}
"""The length of each unit in days, and the deviation in days that people still call the same number of units."""


def matches_duration(days: int, amount: float, unit: str, *, counts_both_ends: bool) -> bool | None:
    """Return whether a number of days can be called this amount of a unit; None if it is not a calendar unit.

    >>> matches_duration(2, 1, "day", counts_both_ends=False), matches_duration(13, 2, "week", counts_both_ends=False)
    (False, True)
    """
    if unit not in _UNIT_LENGTHS:
        return None
    length, tolerance = _UNIT_LENGTHS[unit]
    lengths = (days, days + 1) if counts_both_ends else (days,)
    return any(abs(one - amount * length) <= tolerance for one in lengths)
