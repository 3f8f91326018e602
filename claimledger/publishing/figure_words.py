"""Write a figure in words: 130억 달러, 13 billion US dollars, more than 10,000 GPUs, about 40 percent lower.

The figure comes from a record or from a text; the words are Korean or English and are not escaped. The words give
exactly the stored number: an amount that would lose a digit in words is written in digits. A unit without words
follows in brackets.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from claimledger.models import Quantity
from claimledger.publishing.site import PageLanguage
from claimledger.quantities import Figure, is_counting_unit, is_duration, format_with_currency, format_with_unit

_RANGES: Mapping[PageLanguage, tuple[str, str, str]] = {
    "ko": ("{}~{}", "{}부터", "{}까지"),
    "en": ("{} to {}", "from {}", "up to {}"),
}
"""The form of a range with both ends, with only a lower end, with only an upper end."""
_KOREAN = ((10**16, "경"), (10**12, "조"), (10**8, "억"), (10**4, "만"))
_ENGLISH = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_TOO_MANY: Mapping[PageLanguage, int] = {"ko": 10**20, "en": 10**16}
"""From this amount on, the largest word has five digits before it, and plain digits are easier to read."""
_MOST_DECIMALS = 3
"""The maximum number of decimals before a word such as million; with more, plain digits are easier to read."""
_SHARES = frozenset(("percent", "percentage_point", "basis_point", "permille", "ratio"))


def with_separators(amount: Decimal) -> str:
    """Return an amount with thousands separators and all its digits.

    >>> with_separators(Decimal("13000000000")), with_separators(Decimal("0.10000000000000000001"))
    ('13,000,000,000', '0.10000000000000000001')
    """
    return f"{amount:,f}"


def amount_in_words(amount: Decimal, language: PageLanguage) -> str:
    """Return an amount in words with all its digits; a negative amount in digits.

    >>> (amount_in_words(Decimal("13500000"), "ko"), amount_in_words(Decimal("13500000"), "en"),
    ...  amount_in_words(Decimal("13512345"), "en"))
    ('1350만', '13.5 million', '13,512,345')
    """
    return (_korean(amount) if language == "ko" else _english(amount)) or with_separators(amount)


def _korean(amount: Decimal) -> str:
    rest = int(amount)
    if amount != rest or not _KOREAN[-1][0] <= rest < _TOO_MANY["ko"]:
        return ""
    parts = []
    for size, word in _KOREAN:
        many, rest = divmod(rest, size)
        parts += [f"{many}{word}"] if many else []
    return " ".join([*parts, *([str(rest)] if rest else [])])


def _english(amount: Decimal) -> str:
    size, word = next((one for one in _ENGLISH if amount >= one[0]), (0, ""))
    many = round(amount / size, _MOST_DECIMALS) if size else amount
    return f"{many.normalize():,f} {word}" if size and many * size == amount < _TOO_MANY["en"] else ""


def figure_in_words(quantity: Quantity, language: PageLanguage) -> str:
    """Return a figure with its qualifier and its direction from the compared value.

    >>> from claimledger.quantities import find_figures, to_quantity
    >>> [figure_in_words(to_quantity(find_figures(text)[0]), "en") for text in ("40% 정도 낮은", "1천억원을 돌파")]
    ['about 40 percent lower', 'more than 100 billion South Korean won']
    """
    text = amount_with_unit(quantity, language)
    if quantity.direction:
        text = _words()["sides"][_measure(quantity)][quantity.direction][language].format(text)
    return _words()["bounds"][quantity.comparator][language].format(text) if quantity.comparator else text


def _measure(quantity: Quantity) -> str:
    """Return the kind of measure of a difference, which decides the words for its direction."""
    unit = quantity.unit or ""
    if unit == "times":
        return unit
    if unit in _SHARES:
        return "share"
    return "duration" if is_duration(unit) else "count" if is_counting_unit(unit) else "other"


def amount_with_unit(quantity: Quantity | Figure, language: PageLanguage) -> str:
    """Return the amount and unit of a figure, without its qualifier.

    >>> from claimledger.quantities import find_figures
    >>> [amount_with_unit(find_figures(text)[0], "ko") for text in ("$13B", "3억명", "130억", "하루 만에")]
    ['130억 달러', '3억 명', '130억', '1일']
    """
    if quantity.amount is not None:
        return _with_unit(_number(quantity.amount, quantity, language), quantity, language)
    both, lower, upper = _RANGES[language]
    ends = [_number(end, quantity, language) for end in (quantity.low, quantity.high) if end is not None]
    if len(ends) > 1:
        return _with_unit(both.format(*ends), quantity, language)
    return (upper if quantity.low is None else lower).format(_with_unit(ends[0], quantity, language))


def _is_share(quantity: Quantity | Figure) -> bool:
    """Return whether a figure is a ratio of at most one, which is shown as a percentage."""
    numbers = [one for one in (quantity.amount, quantity.low, quantity.high) if one is not None]
    return quantity.unit == "ratio" and max(numbers) <= 1


def kind_in_words(kind: str, language: PageLanguage) -> str:
    """Return the name of a currency or a unit.

    >>> [kind_in_words(kind, "en") for kind in ("USD", "person", "gpu", "ratio")]
    ['US dollars', 'people', 'GPUs', 'ratio']
    >>> [kind_in_words(kind, "ko") for kind in ("USD", "person", "gpu", "percent", "ratio")]
    ['달러', '명', 'GPU', '%', '비율']
    """
    if kind.isupper():
        return format_with_currency("", kind, language).strip()
    if named := _words()["kinds"].get(kind):
        return str(named[language])
    form = _words()["units"].get(kind, {}).get(language)
    if form is None:
        return format_with_unit("", kind, language).strip(" ()")
    before, _, after = str(form if language == "ko" else form[1]).partition("{}")
    return (before.strip() or after).strip()


def _number(amount: Decimal, quantity: Quantity | Figure, language: PageLanguage) -> str:
    """Return a number in words; a share as a percentage."""
    return with_separators(amount.scaleb(2).normalize()) if _is_share(quantity) else amount_in_words(amount, language)


def _with_unit(number: str, quantity: Quantity | Figure, language: PageLanguage) -> str:
    """Return a number with its unit; Korean puts a space after a number that ends with a word."""
    unit = "percent" if _is_share(quantity) else quantity.unit
    joined = f"{number} " if number.endswith(tuple(word for _, word in _KOREAN)) else number
    if quantity.currency:
        return format_with_currency(joined, quantity.currency, language)
    form = _words()["units"].get(unit, {}).get(language)
    if form is None:
        return format_with_unit(joined, unit, language).replace("  (", " (").strip() if unit else number
    return str(form if language == "ko" else form[number != "1"]).format(joined)


@cache
def _words() -> Mapping[str, Any]:
    """Return the tables of `figure_words.toml`."""
    text = files(__package__ or "").joinpath("figure_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
