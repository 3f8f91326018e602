"""Reads figures from texts and from records into one form, so that they can be compared.

The numbers of a `NormalizedFigure` are in the first unit of their dimension. Everything a reader sees is kept: the
words as printed, the qualifier, and the side of a difference. The same text always gives the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.word_lists import NOUN_KINDS, DIMENSIONS, NUMBER_WORD, NUMBERING_UNITS, NUMBERS
from claimledger.models import Quantity
from claimledger.quantities import Figure, FigureRole, find_figures
from claimledger.quantities.folding import fold_case_variants
from claimledger.quantities.nouns import singularize
from claimledger.quantities.numerals import rounded_quotient
from claimledger.quantities.unit_tables import ENGLISH_UNITS, KOREAN_UNITS, SYMBOLS
from claimledger.vocabulary import Comparator, Direction

COUNT = "count"
"""The dimension of a count of unknown things; a known counter adds a colon and its kind."""
MONEY = "money:"
"""The dimension of money, followed by the currency."""


class NormalizedFigure(NamedTuple):
    """A figure from a text or from a record, converted to the first unit of its dimension."""

    text: str
    """The figure as printed."""
    low: Decimal | None
    """The lower end, in the first unit of the dimension; a single number has equal ends."""
    high: Decimal | None
    """The upper end."""
    raw: Decimal | None
    """The number as given; None for a range."""
    dimension: str
    """The measured dimension; empty for a number without a unit."""
    unit: str
    """The unit or currency as given."""
    comparator: Comparator | None
    """The qualifier, for example about or at least."""
    direction: Direction | None
    """The side of the difference."""
    start: int = 0
    """The position at which the figure begins in its text, in code points."""
    end: int = 0
    """The position at which the figure ends, exclusive."""
    core_start: int = 0
    """The position at which its number begins."""
    core_end: int = 0
    """The position at which its number with the unit ends, exclusive."""
    is_conversion: bool = False
    """True if the figure repeats the one before it in parentheses."""
    is_numbering: bool = False
    """True if the figure is an ordinal or a number in a series: third place, page 7."""


class TextFigures(NamedTuple):
    """The figures and dates of a text."""

    text: str
    """The text."""
    said: Sequence[NormalizedFigure]
    """Counts, measures and durations, in order."""
    dates: Sequence[Figure]
    """The dates, in order."""


_MEASURES = frozenset(
    unit.name for table in (KOREAN_UNITS, ENGLISH_UNITS, SYMBOLS) for unit in table.values() if unit.is_measure
)


@lru_cache(maxsize=4096)
def unit_measure(unit: str | None, currency: str | None) -> tuple[str, Decimal, str]:
    """Return a unit's dimension, its size in the dimension's first unit, and its name.

    >>> unit_measure("people", None)[0], unit_measure("year", None)[:2], unit_measure(None, "KRW")[0]
    ('count:person', ('months', Decimal('12')), 'money:KRW')
    """
    if currency:
        return MONEY + currency, Decimal(1), currency
    if not unit or unit == "number":
        return "", Decimal(1), ""
    known = ENGLISH_UNITS.get(unit.lower()) or SYMBOLS.get(unit)
    name = known.name if known and known.name else singularize(unit.strip().lower()).replace(" ", "_")
    if dimension := DIMENSIONS.get(name):
        return *dimension, name
    if name in _MEASURES:
        return name, Decimal(1), name
    kind = NOUN_KINDS.get(name)
    return (f"{COUNT}:{kind}" if kind else COUNT), Decimal(1), name


@lru_cache(maxsize=8192)
def read_figures_cached(text: str) -> TextFigures:
    """Return the figures of a printed fragment, cached because many records print the same one."""
    return read_figures(text)


def read_figures(text: str) -> TextFigures:
    """Return the figures of a text. A number of years is a figure; a date is not.

    >>> [(one.text, one.low, one.dimension) for one in read_figures("3년 동안 약 12% 늘었다").said]
    [('3년', Decimal('36'), 'months'), ('약 12% 늘었다', Decimal('12'), 'share')]
    """
    figures, dates = [], []
    for figure in find_figures(text):
        if figure.role is FigureRole.DATE and figure.unit is None:
            dates.append(figure)
        elif figure.role is not FigureRole.TIME:
            figures.append(_normalize_figure(figure, text))
    return TextFigures(text, figures, dates)


def _normalize_figure(figure: Figure, text: str) -> NormalizedFigure:
    dimension, factor, unit = unit_measure(figure.unit, figure.currency)
    low, high = (figure.low, figure.high) if figure.amount is None else (figure.amount, figure.amount)
    if factor != 1:
        low, high = low and low * factor, high and high * factor
    return NormalizedFigure(
        figure.text, low, high, figure.amount, dimension, unit, _comparator(figure, text), figure.direction,
        figure.start, figure.end, figure.core_start, figure.core_end, figure.conversion_of is not None,
        figure.unit in NUMBERING_UNITS or (figure.unit == "ratio" and "대" in figure.text),
    )  # fmt: skip


_NEGATION_AFTER = re.compile(r"[가-힣]{0,2}(?:(?:지|진)(?:는|도|를)? ?(?:않|못|말)| 수(?:는|도|가)? 없)")
_NEGATION_BEFORE = re.compile(r"(?:\bnot|\bnever|n't|n’t)(?: to)?(?: be)? $", re.IGNORECASE)
_NEGATED = {
    Comparator.MORE_THAN: Comparator.AT_MOST, Comparator.AT_LEAST: Comparator.LESS_THAN,
    Comparator.LESS_THAN: Comparator.AT_LEAST, Comparator.AT_MOST: Comparator.MORE_THAN,
}  # fmt: skip


def _comparator(figure: Figure, text: str) -> Comparator | None:
    """Return the comparator, reversed where the text negates it: 5%를 넘지 않는다."""
    comparator = figure.comparator
    if comparator not in _NEGATED:
        return comparator
    is_negated = _NEGATION_AFTER.match(text, figure.end) or _NEGATION_BEFORE.search(
        text, max(0, figure.start - 12), figure.start
    )
    return _NEGATED[comparator] if is_negated else comparator


def figure_of_quantity(quantity: Quantity) -> NormalizedFigure:
    """Return a record's quantity as a figure; an end without the other one also gives the bound."""
    dimension, factor, unit = unit_measure(quantity.unit, quantity.currency)
    low, high, comparator = quantity.low, quantity.high, quantity.comparator
    if quantity.amount is not None:
        low = high = quantity.amount
    elif low is None:
        low, comparator = high, comparator or Comparator.AT_MOST
    elif high is None:
        high, comparator = low, comparator or Comparator.AT_LEAST
    raw = low if low == high else None
    if factor != 1:
        low, high = low and low * factor, high and high * factor
    return NormalizedFigure(
        quantity.text, low, high, raw, dimension, unit, comparator, quantity.direction,
        is_numbering=unit in NUMBERING_UNITS,
    )  # fmt: skip


def read_worded_numbers(text: str) -> list[NormalizedFigure]:
    """Return the numbers of a text that the grammar of figures does not read.

    >>> [(one.text, one.low)
    ...  for one in read_worded_numbers("Prices doubled; three in four own two and a half hectares.")]
    [('doubled', Decimal('200')), ('three in four', Decimal('75.00')), ('two and a half', Decimal('25000.0'))]
    """
    figures, text = [], fold_case_variants(text)
    for word in NUMBER_WORD.finditer(text):
        if text.endswith("and a ", 0, word.start()):
            continue
        amount, unit = NUMBERS[word[0].lower()]
        figures.append(_worded_figure(word, amount, unit))
    figures += [
        _worded_figure(word, share, "ratio")
        for word in _find(_OUT_OF, _OUT_OF_PART, text)
        if (share := _parse_share(word))
    ]
    for word in _find(_AND_A_HALF, _AND_A_HALF_PART, text):
        if amount := _parse_small_number(word["whole"]):
            figures.append(_worded_figure(word, amount + Decimal("0.5"), word["unit"]))
    figures += [
        _worded_figure(word, total, word["short"].lower())
        for word in _find(_LONG_AND_SHORT_UNIT, _LONG_AND_SHORT_UNIT_PART, text)
        if (total := _parse_sum(word))
    ]
    if "일" in text:
        figures += [_worded_figure(word, Decimal(word["days"]), "day") for word in _DAYS.finditer(text)]
    return figures


def _find(pattern: re.Pattern[str], part: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Return the matches of a pattern. They are searched only if the text has a part that each of them has."""
    return pattern.finditer(text) if part.search(text) else ()


_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5,
    "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
_NUMBER = rf"(?:[0-9]{{1,4}}|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_OUT_OF = re.compile(
    rf"\b(?P<top>{_NUMBER}) (?:in|out of)(?: every)? (?P<bottom>{_NUMBER})\b"
    rf"|(?P<of>{_NUMBER})(?:에| ?[명곳개건집]? ?(?:중|가운데|에)) ?(?P<part>{_NUMBER}) ?[명곳개건집]?",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(rf"\b(?P<whole>{_NUMBER}) and a half(?=[ -](?P<unit>[a-z]+)|)", re.IGNORECASE)
_LONG_AND_SHORT_UNIT = re.compile(
    rf"\b(?P<much>{_NUMBER}) (?P<long>year|hour|minute)s?,? (?:and )?"
    rf"(?P<more>{_NUMBER}) (?P<short>month|minute|second)s?",
    re.IGNORECASE,
)
_OUT_OF_PART, _AND_A_HALF_PART, _LONG_AND_SHORT_UNIT_PART = (
    re.compile(part, re.IGNORECASE)
    for part in (
        rf" (?:in|out of)(?: every)? {_NUMBER}|[에중데] ?{_NUMBER}",
        " and a half",
        " (?:year|hour|minute)",
    )
)
"""A part of each match of these patterns. It begins with a fixed character, which is found much faster than a number.
"""
_DAYS = re.compile(r"(?<![0-9월])(?<!월 )(?P<days>[1-9][0-9]{0,2})일(?![가-힣]?요일)")
"""A number of days that may also be a day of the month."""


def _parse_small_number(printed: str | None) -> Decimal:
    if not printed:
        return Decimal(0)
    return Decimal(printed) if printed.isdecimal() else Decimal(_SMALL[printed.lower()])


def _parse_share(word: re.Match[str]) -> Decimal | None:
    """Return the share that "three in four" gives; None if the part is larger than the whole."""
    part, whole = _parse_small_number(word["top"] or word["part"]), _parse_small_number(word["bottom"] or word["of"])
    return rounded_quotient(part, whole) if 0 < part < whole else None


def _parse_sum(word: re.Match[str]) -> Decimal | None:
    """Return "three years and six months" in the shorter unit; None if the two units do not go together."""
    (long, factor), (short, less) = (DIMENSIONS[word[part].lower()] for part in ("long", "short"))
    return (
        _parse_small_number(word["much"]) * factor / less + _parse_small_number(word["more"]) if long == short else None
    )


def _worded_figure(word: re.Match[str], amount: Decimal, unit: str | None) -> NormalizedFigure:
    dimension, factor, name = unit_measure(unit, None)
    number = amount * factor
    return NormalizedFigure(word[0], number, number, amount, dimension, name, None, None, *word.span(), *word.span())
