"""Extend a numeral to a measured figure with its unit or currency sign.

The result is a `FigureDraft`. Each step looks ahead a bounded distance. This module does not know ranges, names, idioms
or dates.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from claimledger.quantities.counters import choose_meaning
from claimledger.quantities.figure import FigureRole
from claimledger.quantities.limits import is_plausible
from claimledger.quantities.numerals import (
    Numeral,
)  # fmt: skip
from claimledger.quantities.unit_tables import CURRENCY_SIGNS, GARBLED_SIGNS, LENGTH_WORDS, WEATHER_WORDS
from claimledger.quantities.units import UnitMatch, read_unit
from claimledger.vocabulary import Comparator


@dataclass(slots=True)
class FigureDraft:
    """A figure that is being read; its positions are those of the folded text."""

    start: int
    end: int
    role: FigureRole = FigureRole.QUANTITY
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    currency: str | None = None
    precision: Decimal | None = None
    comparator: Comparator | None = None
    is_bare: bool = False
    """True if the text does not say what the number counts."""
    is_measure: bool = False
    """True if the unit belongs to the number in any surroundings."""
    first: int = -1
    """The start of a minus sign or of its word (영하) before the core; -1 if there is none."""
    is_offset: bool = False
    """True if it is a distance from a date, which may have an amount."""
    last: int = 0
    """The end of the word after a distance (전, ago), past the end of the core."""

    def set_unit(self, found: UnitMatch) -> None:
        """Set the unit that follows the number."""
        unit = found.unit
        self.unit, self.currency, self.role = unit.name, unit.currency, unit.role
        self.end, self.is_bare, self.is_measure = found.end, False, unit.is_measure
        if found.form and found.form.endswith(("여", "여간")):  # 3시간여: somewhat more than three hours
            self.comparator = Comparator.MORE_THAN

    def apply_upper_end(self, end: FigureDraft) -> None:
        """Extend the draft to the upper end of a range and apply its unit to both ends."""
        self.amount, self.precision, self.end = None, end.precision, end.end
        self.unit, self.currency, self.role = end.unit or self.unit, end.currency or self.currency, end.role
        self.is_bare, self.is_measure = end.is_bare and self.is_bare, end.is_measure or self.is_measure

    def set_noun(self, noun: tuple[str, int]) -> None:
        """Set the noun that follows the number as the unit."""
        self.unit, self.end = noun
        self.is_bare = False


FigureReading = tuple[FigureDraft | None, int]
"""The draft that a reader found, or None, and the position where the scan continues."""


_SIGN_ENDS = frozenset(form[-1] for form in [*CURRENCY_SIGNS, *GARBLED_SIGNS])
LONGEST_SIGN = max(len(form) for form in CURRENCY_SIGNS)
"""The greatest number of characters of a currency sign."""
_ODD_MANY = re.compile("여(?= ?[가-힣a-zA-Z%])(?!기|자|성|권|전히|러)")
_REPEATED = re.compile(r" (?:US|U\.S\.|USD)(?![A-Za-z])")


def read_sign(text: str, start: int, floor: int) -> tuple[int, str] | None:
    """Return the start and the code of the currency sign before `start`.

    >>> read_sign("cost US$1.2bn", 8, 0), read_sign("USD 10m", 4, 0)
    ((5, 'USD'), (0, 'USD'))
    """
    window = text[max(floor, start - LONGEST_SIGN - 1) : start].rstrip(" -")
    if not window or window[-1] not in _SIGN_ENDS:
        return None
    at = start - (text[start - 1] in " -")
    for length in range(min(LONGEST_SIGN, len(window)), 0, -1):
        form = window[-length:]
        code = CURRENCY_SIGNS.get(form) or GARBLED_SIGNS.get(form)
        if code and not (form[0].isalnum() and len(window) > length and window[-length - 1].isalnum()):
            return at - length, code
    return None


def measure_numeral(text: str, start: int, numeral: Numeral, sign: tuple[int, str] | None) -> FigureDraft:
    """Return the draft of a numeral with its unit."""
    draft = FigureDraft(
        sign[0] if sign else start, numeral.end, FigureRole.QUANTITY, numeral.amount, numeral.low, numeral.high
    )
    draft.precision = numeral.precision
    if sign:
        draft.currency, draft.is_measure = sign[1], True
        _complete_money(text, start, draft)
        return draft
    _include_odd_many(text, start, draft)
    number_end = draft.end
    found = read_unit(text, number_end)
    if found and found.form:
        found = choose_meaning(text, start, number_end, found)
        if (
            found
            and text[number_end - 1] == "조"
            and not is_plausible(found.unit.name, found.unit.currency, draft.amount, draft.low)
        ):
            found = None  # 2조 경기: a game of the second group, not 2 × 10^12 games
    if found:
        draft.set_unit(found)
    elif (degrees := _DEGREES.match(text, number_end)) and _is_temperature(text, start, number_end):
        draft.unit, draft.end, draft.is_measure = _SCALES_OF_DEGREES[degrees[1]], degrees.end(), True
    elif numeral.is_fraction:
        draft.unit, draft.is_measure = "ratio", True
    else:
        draft.is_bare = True
    return draft


_DEGREES = re.compile("(?:°|º)?([CF])(?![A-Za-z0-9])")
_SCALES_OF_DEGREES = {"C": "celsius", "F": "fahrenheit"}
_WEATHER_REACH = 60
_MINUS = re.compile(r"(?:^|[ (\n])-$")


def _is_temperature(text: str, start: int, end: int) -> bool:
    """Return whether a letter right after a number is a scale of temperature: -4C, or 31C in a text on the weather."""
    if _MINUS.search(text, max(0, start - 2), start):
        return True
    return _has_word_near(text, start, end, WEATHER_WORDS, _WEATHER_REACH)


def _include_odd_many(text: str, start: int, draft: FigureDraft) -> None:
    """Include the 여 of 100여 명, which means somewhat more than 100."""
    if odd := _ODD_MANY.match(text, draft.end):
        draft.end = odd.end()
    if odd or "여" in text[start : draft.end]:
        draft.comparator = Comparator.MORE_THAN


def _complete_money(text: str, start: int, draft: FigureDraft) -> None:
    """Include a minus sign after the currency sign, and a currency printed twice: $-5, $76 US."""
    if text[start - 1] == "-" and draft.amount is not None:
        draft.amount = -draft.amount
    found = _REPEATED.match(text, draft.end)
    if found and draft.currency == "USD":
        draft.end = found.end()


_LENGTH_REACH = 60


def is_unsure_length(text: str, draft: FigureDraft) -> bool:
    """Return whether "m" after a number may be metres or millions: Sales rose to 3.2m. Such a figure is not given."""
    if text[draft.end - 1] != "m" or not text[draft.end - 2].isdigit():
        return False
    is_alone = len(text) <= draft.end - draft.start + 1
    return not is_alone and not _has_word_near(text, draft.start, draft.end, LENGTH_WORDS, _LENGTH_REACH)


_WORD = re.compile("(?<![0-9.])\\b[a-z]+|[가-힣]")


def _has_word_near(text: str, start: int, end: int, words: Collection[str], reach: int) -> bool:
    """Return whether one of the words, or any Korean, is near the number from `start` to `end`."""
    around = text[max(0, start - reach) : start], text[end : end + reach]
    return any(not word.isascii() or word in words for part in around for word in _WORD.findall(part.lower()))
