"""What a figure says, in one form for the record and for its texts, so that the two can be held together.

In: a text, or a record's quantity. Out: `Said` rows whose numbers are in the first unit of what they measure. The
invariant: nothing is lost that a reader was told (the words as printed, the bound, the side of a difference), and the
same text gives the same rows. It must not know statements, passages or problems.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.word_lists import COUNTED, DIMENSIONS, NUMBER_WORD, NUMBERING, NUMBERS
from claimledger.models import Quantity
from claimledger.quantities import Figure, Role, find_figures
from claimledger.quantities.nouns import singular
from claimledger.quantities.numerals import fraction
from claimledger.quantities.unit_tables import ENGLISH_UNITS, KOREAN_UNITS, SYMBOLS
from claimledger.vocabulary import Comparator, Direction

COUNT = "count"
"""The dimension of what is counted when nothing says what it is; a known counter adds a colon and its kind."""
MONEY = "money:"
"""The dimension of money, before the currency."""


class Said(NamedTuple):
    """One figure, from a text or from a record."""

    text: str
    """The figure as printed."""
    low: Decimal | None
    """The lower end, in the first unit of the dimension; both ends are the same for a single number."""
    high: Decimal | None
    """The upper end."""
    raw: Decimal | None
    """The number as given; none for a range."""
    dimension: str
    """What is measured; empty for a number that nothing explains."""
    unit: str
    """The unit or currency as given."""
    comparator: Comparator | None
    """How it is bounded."""
    direction: Direction | None
    """The side of the difference."""
    start: int = 0
    """Where it begins in its text, in code points."""
    end: int = 0
    """Where it ends, exclusive."""
    core_start: int = 0
    """Where its number begins."""
    core_end: int = 0
    """Where its number with its unit ends, exclusive."""
    is_conversion: bool = False
    """Whether it gives the figure before it again, in parentheses."""
    is_numbering: bool = False
    """Whether it numbers a thing: third place, page 7."""


class Reading(NamedTuple):
    """The figures of a text."""

    text: str
    """The text."""
    said: Sequence[Said]
    """What counts, measures or lasts, in order."""
    dates: Sequence[Figure]
    """Its dates, in order."""


_MEASURES = frozenset(
    unit.name for table in (KOREAN_UNITS, ENGLISH_UNITS, SYMBOLS) for unit in table.values() if unit.is_measure
)


@lru_cache(maxsize=4096)
def measure_of(unit: str | None, currency: str | None) -> tuple[str, Decimal, str]:
    """Return what a unit measures, how many of the dimension's first unit it is, and its name.

    >>> measure_of("people", None)[0], measure_of("year", None)[:2], measure_of(None, "KRW")[0]
    ('count:person', ('months', Decimal('12')), 'money:KRW')
    """
    if currency:
        return MONEY + currency, Decimal(1), currency
    if not unit or unit == "number":
        return "", Decimal(1), ""
    known = ENGLISH_UNITS.get(unit.lower()) or SYMBOLS.get(unit)
    name = known.name if known and known.name else singular(unit.strip().lower()).replace(" ", "_")
    if dimension := DIMENSIONS.get(name):
        return *dimension, name
    if name in _MEASURES:
        return name, Decimal(1), name
    kind = COUNTED.get(name)
    return (f"{COUNT}:{kind}" if kind else COUNT), Decimal(1), name


@lru_cache(maxsize=8192)
def read_short(text: str) -> Reading:
    """Read a printed fragment; many records print the same."""
    return read(text)


def read(text: str) -> Reading:
    """Return the figures of a text; a number of years is one, a date is not.

    >>> [(said.text, said.low, said.dimension) for said in read("3년 동안 약 12% 늘었다").said]
    [('3년', Decimal('36'), 'months'), ('약 12% 늘었다', Decimal('12'), 'share')]
    """
    said, dates = [], []
    for figure in find_figures(text):
        if figure.role is Role.DATE and figure.unit is None:
            dates.append(figure)
        elif figure.role is not Role.TIME:
            said.append(_of_figure(figure, text))
    return Reading(text, said, dates)


def _of_figure(figure: Figure, text: str) -> Said:
    dimension, factor, unit = measure_of(figure.unit, figure.currency)
    low, high = (figure.low, figure.high) if figure.amount is None else (figure.amount, figure.amount)
    if factor != 1:
        low, high = low and low * factor, high and high * factor
    return Said(
        figure.text, low, high, figure.amount, dimension, unit, _comparator(figure, text), figure.direction,
        figure.start, figure.end, figure.core_start, figure.core_end, figure.conversion_of is not None,
        figure.unit in NUMBERING or (figure.unit == "ratio" and "대" in figure.text),
    )  # fmt: skip


_DENIED_AFTER = re.compile(r"[가-힣]{0,2}(?:(?:지|진)(?:는|도|를)? ?(?:않|못|말)| 수(?:는|도|가)? 없)")
_DENIED_BEFORE = re.compile(r"(?:\bnot|\bnever|n't|n’t)(?: to)?(?: be)? $", re.IGNORECASE)
_DENIED = {
    Comparator.MORE_THAN: Comparator.AT_MOST, Comparator.AT_LEAST: Comparator.LESS_THAN,
    Comparator.LESS_THAN: Comparator.AT_LEAST, Comparator.AT_MOST: Comparator.MORE_THAN,
}  # fmt: skip


def _comparator(figure: Figure, text: str) -> Comparator | None:
    """Return the comparator, turned round where the text denies it: 5%를 넘지 않는다."""
    comparator = figure.comparator
    if comparator not in _DENIED:
        return comparator
    is_denied = _DENIED_AFTER.match(text, figure.end) or _DENIED_BEFORE.search(
        text, max(0, figure.start - 12), figure.start
    )
    return _DENIED[comparator] if is_denied else comparator


def of_quantity(quantity: Quantity) -> Said:
    """Return what a record's quantity says; one that has a single end says its bound by it."""
    dimension, factor, unit = measure_of(quantity.unit, quantity.currency)
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
    return Said(quantity.text, low, high, raw, dimension, unit, comparator, quantity.direction)


def read_words(text: str) -> list[Said]:
    """Return the numbers that a text says in a way the grammar of figures does not read.

    >>> [(said.text, said.low) for said in read_words("Prices doubled; three in four own two and a half hectares.")]
    [('doubled', Decimal('200')), ('three in four', Decimal('75.00')), ('two and a half', Decimal('25000.0'))]
    """
    found = []
    for word in NUMBER_WORD.finditer(text):
        if text.endswith("and a ", 0, word.start()):
            continue
        amount, unit = NUMBERS[word[0].lower()]
        found.append(_of_words(word, amount, unit))
    found += [_of_words(word, share, "ratio") for word in _OUT_OF.finditer(text) if (share := _share(word))]
    for word in _AND_A_HALF.finditer(text):
        if amount := _whole(word["whole"]):
            found.append(_of_words(word, amount + Decimal("0.5"), word["unit"]))
    found += [
        _of_words(word, total, word["short"].lower()) for word in _AND_LESS.finditer(text) if (total := _sum(word))
    ]
    found += [_of_words(word, Decimal(word["days"]), "day") for word in _DAYS.finditer(text)]
    return found


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
_AND_LESS = re.compile(
    rf"\b(?P<much>{_NUMBER}) (?P<long>year|hour|minute)s?,? (?:and )?"
    rf"(?P<more>{_NUMBER}) (?P<short>month|minute|second)s?",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?<![0-9월])(?<!월 )(?P<days>[1-9][0-9]{0,2})일(?![가-힣]?요일)")
"""A number of days that may as well be a day of the month."""


def _whole(printed: str | None) -> Decimal:
    if not printed:
        return Decimal(0)
    return Decimal(printed) if printed.isdecimal() else Decimal(_SMALL[printed.lower()])


def _share(word: re.Match[str]) -> Decimal | None:
    """Return the share that "three in four" says; none if the part is larger than the whole."""
    part, whole = _whole(word["top"] or word["part"]), _whole(word["bottom"] or word["of"])
    return fraction(part, whole) if 0 < part < whole else None


def _sum(word: re.Match[str]) -> Decimal | None:
    """Return how many of the shorter unit "three years and six months" is; none if the two do not go together."""
    (long, factor), (short, less) = (DIMENSIONS[word[part].lower()] for part in ("long", "short"))
    return _whole(word["much"]) * factor / less + _whole(word["more"]) if long == short else None


def _of_words(word: re.Match[str], amount: Decimal, unit: str | None) -> Said:
    dimension, factor, name = measure_of(unit, None)
    number = amount * factor
    return Said(word[0], number, number, amount, dimension, name, None, None, *word.span(), *word.span())
