"""Read the unit that follows a number.

The longest form of the table wins. A form that is separated from its number must be a whole word; a Korean one may
carry particles. This module does not know numbers.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claimledger.quantities.unit_tables import (
    COPULAS, ENGLISH_STARTS, ENGLISH_UNITS, KOREAN_UNITS, LONGEST_KOREAN, LONGEST_SYMBOL, NATIVE_UNITS, PARTICLES,
    SHORT_FORMS, SYMBOLS, Unit, alternation,
)  # fmt: skip

_PARTICLES, _COPULAS = alternation(PARTICLES), alternation(COPULAS)
AFTER_WORD = re.compile(f"(?![가-힣])|(?:{_PARTICLES}{{1,2}}|{_COPULAS}[가-힣]{{0,4}})(?![가-힣])")
"""The possible text after a Korean noun within its word: nothing, particles or a copula."""
_FIRST_WORD = re.compile("[A-Za-z]*+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.]*(?:[ -][A-Za-z]+\.?){0,3}")
_PER = re.compile(r"(?: ?/ ?| per | an? |-an?-|-per-| each )(?=[A-Za-z])")
_AMBIGUOUS = frozenset(SHORT_FORMS["ambiguous"])
"""Short forms that are also the first syllable of another word: 22사단, 119구조대."""
_NEVER_APART = frozenset(SHORT_FORMS["never_apart"])
"""Short forms that mean something else when a space precedes them: 365 등."""
_APART_ONLY = frozenset(SHORT_FORMS["apart_only"])
_ATTACHED_ONLY = frozenset(SHORT_FORMS["attached_only"])
_NOT_AFTER_SIGN = re.compile("[A-Za-z0-9]")


class UnitMatch(NamedTuple):
    """A unit as printed."""

    unit: Unit
    """The unit."""
    end: int
    """The end of the printed form."""
    form: str = ""
    """The printed form if it is Korean."""


def read_unit(text: str, end: int) -> UnitMatch | None:
    """Return the unit after a number in digits or Sino-Korean words.

    >>> read_unit("2.5%포인트", 3).unit.name, read_unit("8 square feet", 1).unit.name
    ('percentage_point', 'square_foot')
    """
    start = end + 1 if text[end : end + 1] in (" ", "-") else end
    first = text[start : start + 1]
    if not first:
        return None
    if text[end] != "-" and (first > "ᄀ" or first in "%㎏" or "A" <= first <= "z"):
        found = _read_korean(text, start, is_apart=start > end)
        if found:
            return found
    sign = _read_symbol(text, start, is_apart=start > end)
    return sign or _read_english(text, start)


def _read_korean(text: str, start: int, *, is_apart: bool) -> UnitMatch | None:
    for length in range(LONGEST_KOREAN.get(text[start], 0), 0, -1):
        form = text[start : start + length]
        unit = KOREAN_UNITS.get(form)
        if unit is None or len(form) < length:
            continue
        if _is_unit_here(text, form, start + length, is_apart=is_apart):
            return UnitMatch(unit, start + length, form)
    return None


def _is_unit_here(text: str, form: str, end: int, *, is_apart: bool) -> bool:
    """Return whether a form is meant as the unit, judged by the text after it and the space before it."""
    if form[-1] < "ᄀ" and _NOT_AFTER_SIGN.match(text, end):
        return False
    if (is_apart and form in _NEVER_APART) or (form in _AMBIGUOUS and not AFTER_WORD.match(text, end)):
        return False
    if not is_apart:
        return True
    return bool(AFTER_WORD.match(text, end)) if form[-1] >= "가" else not "A" <= form[0] <= "z"


def read_native_unit(text: str, end: int) -> UnitMatch | None:
    """Return the counter after a native Korean numeral; only particles may follow it in its word.

    >>> read_native_unit("두 달 전", 1).unit.name, read_native_unit("한 대통령", 1)
    ('month', None)
    """
    start = end + 1 if text[end : end + 1] == " " else end
    for length in range(4, 0, -1):
        form = text[start : start + length]
        if (unit := NATIVE_UNITS.get(form)) and len(form) == length and AFTER_WORD.match(text, start + length):
            return UnitMatch(unit, start + length, form)
    return None


def _read_symbol(text: str, start: int, *, is_apart: bool) -> UnitMatch | None:
    for length in range(LONGEST_SYMBOL.get(text[start : start + 1], 0), 0, -1):
        form = text[start : start + length]
        unit = SYMBOLS.get(form)
        if (
            unit is None
            or len(form) < length
            or (form in _APART_ONLY and not is_apart and text[start + 1 : start + 2] != "/")
        ):
            continue
        end = start + length
        if (is_apart and form in _ATTACHED_ONLY) or (form[-1].isalnum() and _NOT_AFTER_SIGN.match(text, end)):
            continue
        return _join_rate(text, UnitMatch(unit, end))
    return None


def _read_english(text: str, start: int) -> UnitMatch | None:
    first = _FIRST_WORD.match(text, start)
    if not first or first[0].lower() not in ENGLISH_STARTS:
        return None
    found = _LATIN.match(text, start)
    if not found:
        return None
    phrase = found[0].lower()
    while phrase:
        unit = (
            ENGLISH_UNITS.get(phrase)
            or ENGLISH_UNITS.get(phrase.replace("-", " "))
            or ENGLISH_UNITS.get(phrase.rstrip("."))
        )
        if unit:
            end = start + len(phrase.rstrip("."))
            is_ordinal = phrase == "second" and text.startswith("-", end)  # 16 second-team players
            return None if is_ordinal else _join_rate(text, UnitMatch(unit, end))
        cut = max(phrase.rfind(" "), phrase.rfind("-"))
        phrase = phrase[: max(cut, 0)]
    return None


def _join_rate(text: str, found: UnitMatch) -> UnitMatch:
    """Join a rate: miles per hour, A/cm2."""
    if found.unit.currency or not found.unit.is_measure or not (joint := _PER.match(text, found.end)):
        return found
    below = _read_symbol(text, joint.end(), is_apart=False) or _read_english(text, joint.end())
    if (
        below is None
        or below.unit.currency
        or (joint[0].strip("- ") in ("a", "an") and below.unit.role.value != "duration")
    ):
        return found
    name = f"{found.unit.name}_per_{below.unit.name}"
    return UnitMatch(Unit(name, found.unit.role, None, is_measure=True), below.end)
