"""Figures in the search: a word of the index for what a figure says, whichever way it is printed.

In: quantities of records, figures read in a query. Out: words that stand for number and unit, and the FTS5 phrases that
find them. The invariant: two figures of one number and one unit are one word, whatever their printed form; no reader
can type such a word. It knows neither texts nor how a figure is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from claimledger.models import Quantity
from claimledger.publishing.search import spelt
from claimledger.quantities import BARE_UNIT, Figure

_NUMBER, _OF = "\ue002", "\ue003"
"""Before the number and before its unit; texts hold neither (`search.normalised` drops them)."""
_MONEY, _COUNT = "c", "u"
_ANY_COUNT = frozenset({"item", BARE_UNIT})
"""Units that name nothing: they ask for that many of whatever is counted."""


HowMany = Quantity | Figure
"""What a record or a text says of how many."""


def figure_grams(quantities: Iterable[HowMany]) -> str:
    """Return the words of some quantities for the full-text index, each once, separated by spaces."""
    return spelt(dict.fromkeys(f"{_numbers(one)}{_measured(one)}" for one in quantities))


def figure_phrase(figure: HowMany) -> str:
    """Return the FTS5 phrase that finds a figure's number, of its unit if it has one that says something."""
    if not figure.currency and (figure.unit or BARE_UNIT) in _ANY_COUNT:
        return number_phrase(figure) if not figure.unit else f'"{spelt([f"{_numbers(figure)}{_COUNT}"])}" *'
    return f'"{spelt([f"{_numbers(figure)}{_measured(figure)}"])}"'


def number_phrase(figure: HowMany) -> str:
    """Return the FTS5 phrase that finds a figure's number, of any unit."""
    return f'"{spelt([_numbers(figure)])}" *'


def digits_phrase(digits: str) -> str:
    """Return the FTS5 phrase that finds a whole number, of any unit."""
    return f'"{spelt([f"{_NUMBER}{_digits(Decimal(digits))}{_OF}"])}" *'


def _measured(figure: HowMany) -> str:
    if figure.currency:
        return f"{_MONEY}{figure.currency.lower()}"
    return f"{_COUNT}{''.join((figure.unit or BARE_UNIT).casefold().split())}"


def _numbers(figure: HowMany) -> str:
    ends = [figure.amount] if figure.amount is not None else [figure.low, figure.high]
    return f"{_NUMBER}{'r'.join(_digits(end) for end in ends)}{_OF}"


def _digits(number: Decimal | None) -> str:
    """Return a number in as few letters and digits as there are: 13e9, 6667m4, n5; nothing for an open end.

    >>> [_digits(Decimal(text)) for text in ("13000000000", "0.66670", "-5", "0.0")]
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
