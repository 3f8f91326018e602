"""Index tokens for figures: one token per value and unit, regardless of how the figure is printed.

Figures of records and figures in a query become the same token if they have the same number and unit. Readers cannot
type such a token. `quantities` parses the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from claimledger.models import Quantity
from claimledger.publishing.search import encode_tokens
from claimledger.quantities import BARE_UNIT, Figure

_NUMBER, _UNIT = "\ue002", "\ue003"
"""The marks before the number and before its unit. Texts contain neither, because `search.normalize_text` drops
them.
"""
_MONEY, _COUNT = "c", "u"
_ANY_COUNT = frozenset({"item", BARE_UNIT})
"""Units without a meaning of their own. They match that number of any counted thing."""


QuantityLike = Quantity | Figure
"""A quantity of a record or a figure in a text."""


def figure_tokens(quantities: Iterable[QuantityLike]) -> str:
    """Return the distinct tokens of some quantities for the full-text index, separated by spaces."""
    return encode_tokens(dict.fromkeys(map(_figure_token, quantities)))


def figure_phrase(figure: QuantityLike) -> str:
    """Return the FTS5 phrase that finds a figure's number with its unit, or with any unit if it has no specific one."""
    if not figure.currency and (figure.unit or BARE_UNIT) in _ANY_COUNT:
        return (
            number_phrase(figure) if not figure.unit else f'"{encode_tokens([f"{_number_token(figure)}{_COUNT}"])}" *'
        )
    return f'"{encode_tokens([_figure_token(figure)])}"'


def number_phrase(figure: QuantityLike) -> str:
    """Return the FTS5 phrase that finds a figure's number with any unit."""
    return f'"{encode_tokens([_number_token(figure)])}" *'


def digits_phrase(digits: str) -> str:
    """Return the FTS5 phrase that finds a whole number with any unit."""
    return f'"{encode_tokens([f"{_NUMBER}{_short_number(Decimal(digits))}{_UNIT}"])}" *'


def _figure_token(figure: QuantityLike) -> str:
    return f"{_number_token(figure)}{_unit_token(figure.unit, figure.currency)}"


@lru_cache(maxsize=4096)
def _unit_token(unit: str | None, currency: str | None) -> str:
    if currency:
        return f"{_MONEY}{currency.lower()}"
    return f"{_COUNT}{''.join((unit or BARE_UNIT).casefold().split())}"


def _number_token(figure: QuantityLike) -> str:
    if figure.amount is not None:
        return f"{_NUMBER}{_short_number(figure.amount)}{_UNIT}"
    return f"{_NUMBER}{_short_number(figure.low)}r{_short_number(figure.high)}{_UNIT}"


@lru_cache(maxsize=4096)
def _short_number(number: Decimal | None) -> str:
    """Return a number in a short form such as 13e9, 6667m4 or n5, or "" for an open end.

    >>> [_short_number(Decimal(text)) for text in ("13000000000", "0.66670", "-5", "0.0")]
    ['13e9', '6667m4', 'n5', '0']
    """
    if number is None:
        return ""
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    short = text.rstrip("0")
    if not short or not isinstance(exponent, int):
        return "0"
    exponent += len(text) - len(short)
    scale = f"{'m' if exponent < 0 else 'e'}{abs(exponent)}" if exponent else ""
    return f"{'n' if sign else ''}{short}{scale}"
