"""How values of a record stand in one cell of a table: wordings, amounts, lists.

In: values of `models`. Out: what SQLite and CSV hold. The invariant: a number is never rounded, and of several
languages the same one is always taken. It knows no table and no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

Number = int | float | str | None
"""A number without loss: a whole number, else a double that prints as the number, else text."""

_LARGEST_INTEGER = 2**63 - 1


def number(amount: Decimal | None) -> Number:
    """Return an amount as SQLite holds it without loss.

    >>> number(Decimal("13000000000")), number(Decimal("1.50")), number(Decimal("0.10000000000000000001"))
    (13000000000, 1.5, '0.10000000000000000001')
    """
    if amount is None:
        return None
    if -_LARGEST_INTEGER <= amount <= _LARGEST_INTEGER and amount == (whole := int(amount)):
        return whole
    double = float(amount)
    return double if Decimal(repr(double)) == amount else format(amount, "f")


def best(wording: Mapping[str, str]) -> str:
    """Return a wording in English, else in Korean, else in the first language there is.

    >>> best({"ko": "바이두", "zh": "百度"})
    '바이두'
    """
    return wording.get("en") or wording.get("ko") or next(iter(wording.values()))


def best_if_any(wording: Mapping[str, str] | None) -> str | None:
    """Return the best of a wording that may be absent."""
    return best(wording) if wording else None


def joined(texts: Iterable[str]) -> str | None:
    """Return different texts in one cell, in the order they came; none if there are none.

    >>> joined(["engineer", "founder", "engineer"])
    'engineer; founder'
    """
    return "; ".join(dict.fromkeys(texts)) or None
