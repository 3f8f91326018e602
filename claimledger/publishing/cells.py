"""Convert values of a record to single cells of a table: wordings, amounts and lists.

Numbers are never rounded. A cell for a wording always uses the same order of languages: English, Korean, then any
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

Number = int | float | str | None
"""A number without loss: an int, a float that prints as the same number, or else text."""

_LARGEST_INTEGER, _SMALLEST_INTEGER = Decimal(2**63 - 1), Decimal(1 - 2**63)


def sqlite_number(amount: Decimal | None) -> Number:
    """Return an amount in a form that SQLite stores without loss.

    >>> (sqlite_number(Decimal("13000000000")), sqlite_number(Decimal("1.50")),
    ...  sqlite_number(Decimal("0.10000000000000000001")))
    (13000000000, 1.5, '0.10000000000000000001')
    """
    if amount is None:
        return None
    if _SMALLEST_INTEGER <= amount <= _LARGEST_INTEGER and amount == (whole := int(amount)):
        return whole
    double = float(amount)
    return double if Decimal(repr(double)) == amount else format(amount, "f")


def best_wording(wording: Mapping[str, str]) -> str:
    """Return a wording in English, else in Korean, else in the first language available.

    >>> best_wording({"ko": "바이두", "zh": "百度"})
    '바이두'
    """
    return wording.get("en") or wording.get("ko") or next(iter(wording.values()))


def best_wording_or_none(wording: Mapping[str, str] | None) -> str | None:
    """Return the best wording, or None if there is no wording."""
    return best_wording(wording) if wording else None


def join_distinct(texts: Iterable[str]) -> str | None:
    """Return the distinct texts joined with "; " in their original order, or None if there are none.

    >>> join_distinct(["engineer", "founder", "engineer"])
    'engineer; founder'
    """
    return "; ".join(dict.fromkeys(texts)) or None
