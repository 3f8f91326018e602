"""Which unit follows a number.

In: folded text and the end of a number. Out: the unit and where its form ends, or nothing. The invariant: the
longest form of the table wins, and a form that stands apart from its number must be a whole word (a Korean one may
carry particles). It must not know numbers.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claimledger.quantities.tables import (
    ENGLISH_STARTS, ENGLISH_UNITS, KOREAN_UNITS, LONGEST_KOREAN, LONGEST_SYMBOL, NATIVE_UNITS, SYMBOLS, Unit,
)  # fmt: skip


_PARTICLE = (
    "을|를|이|가|은|는|의|에|에서|에게|에게서|으로|로|와|과|도|만|부터|까지|씩|당|여|쯤|가량|정도|이상|이하|미만|초과|째|간|대|급|권|짜리|이나|나|이며|며|이고|고|"
    "뿐|마다|보다|처럼|이라도|라도|꼴|등|중|내|외|전|후|만에|밖에|조차|하고|이랑|랑|에는|에도|에만|에서는|에서도|으로는|로는|으로도|로도|으로서|로서|으로부터|로부터|만이|만을|만의|만은|까지의|까지는|씩의|"
    "이다|다|이면|면|이란|란|이든|든|이자|자|인|일|임|이니|이므로|이지만|지만|이라는|라는|이라고|라고|이라며|라며|이라면|라면|들|들의|들은|들이|들을|들에게|들도|들과|이서|이서만|도의|쯤은|쯤의|뒤|동안|안팎|남짓|생|께|경|라고|마저|치|어치|분량|중에|중에서|외에|간의|이어|여의|간에"
)
_COPULA = "(?:이었|였|입니|이에|예요|이거|이래|인데|인가|일까|이어서|여서|이기|이던|인지|이네|이죠|이군)[가-힣]{0,4}"
AFTER_WORD = re.compile(f"(?![가-힣])|(?:(?:{_PARTICLE}){{1,2}}|{_COPULA})(?![가-힣])")
"""What may follow a Korean noun inside its word."""
_FIRST_WORD = re.compile("[A-Za-z]*+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.]*(?:[ -][A-Za-z]+\.?){0,3}")
_PER = re.compile(r"(?: ?/ ?| per | an? |-an?-|-per-| each )(?=[A-Za-z])")
_AMBIGUOUS = frozenset(("사", "구", "위", "조", "개 조", "개조", "개시", "시", "기", "부", "강", "차", "인", "단", "심", "군", "반", "선", "열", "방"))
"""Short forms that are also the first syllable of another word: 22사단, 119구조대."""
_NEVER_APART = frozenset(("등", "급", "선", "면", "강", "사", "구", "열", "반", "심", "자", "형", "인", "기", "부", "이"))
"""Short forms that stand alone as another word: 365 등."""
_APART_ONLY = frozenset("AFC")
_ATTACHED_ONLY = frozenset("xXtlhgmL″Vk")
_NOT_AFTER_SIGN = re.compile("[A-Za-z0-9]")


class Found(NamedTuple):
    """A unit as printed."""

    unit: Unit
    """What it means."""
    end: int
    """Where its form ends."""


def read_unit(text: str, end: int) -> Found | None:
    """Return the unit after a number in digits or Sino-Korean words.

    >>> read_unit("2.5%포인트", 3).unit.name, read_unit("8 square feet", 1).unit.name
    ('percentage_point', 'square_foot')
    """
    start = end + 1 if text[end : end + 1] in (" ", "-") else end
    first = text[start : start + 1]
    if not first:
        return None
    if text[end] != "-" and (first > "ᄀ" or first in "%㎏" or "A" <= first <= "z"):
        found = _korean(text, start, is_apart=start > end)
        if found:
            return found
    sign = _sign(text, start, is_apart=start > end)
    return sign or _english(text, start)


def _korean(text: str, start: int, *, is_apart: bool) -> Found | None:
    for length in range(LONGEST_KOREAN.get(text[start], 0), 0, -1):
        form = text[start : start + length]
        unit = KOREAN_UNITS.get(form)
        if unit is None or len(form) < length:
            continue
        end = start + length
        if form[-1] < "ᄀ" and _NOT_AFTER_SIGN.match(text, end):
            continue
        if form in _AMBIGUOUS and not AFTER_WORD.match(text, end):
            continue
        if is_apart and form in _NEVER_APART:
            continue
        if is_apart and not (AFTER_WORD.match(text, end) if form[-1] >= "가" else form[0] < "A" or form[0] > "z"):
            continue
        return Found(unit, end)
    return None


def read_native_unit(text: str, end: int) -> Found | None:
    """Return the counter after a native Korean numeral; it ends its word but for particles.

    >>> read_native_unit("두 달 전", 1).unit.name, read_native_unit("한 대통령", 1)
    ('month', None)
    """
    start = end + 1 if text[end : end + 1] == " " else end
    for length in range(4, 0, -1):
        form = text[start : start + length]
        if (unit := NATIVE_UNITS.get(form)) and len(form) == length and AFTER_WORD.match(text, start + length):
            return Found(unit, start + length)
    return None


def _sign(text: str, start: int, *, is_apart: bool) -> Found | None:
    for length in range(LONGEST_SYMBOL.get(text[start : start + 1], 0), 0, -1):
        form = text[start : start + length]
        unit = SYMBOLS.get(form)
        if unit is None or len(form) < length or (form in _APART_ONLY and not is_apart and text[start + 1 : start + 2] != "/"):
            continue
        end = start + length
        if (is_apart and form in _ATTACHED_ONLY) or (form[-1].isalnum() and _NOT_AFTER_SIGN.match(text, end)):
            continue
        return _per(text, Found(unit, end))
    return None


def _english(text: str, start: int) -> Found | None:
    first = _FIRST_WORD.match(text, start)
    if not first or first[0].lower() not in ENGLISH_STARTS:
        return None
    found = _LATIN.match(text, start)
    if not found:
        return None
    phrase = found[0].lower()
    while phrase:
        unit = ENGLISH_UNITS.get(phrase) or ENGLISH_UNITS.get(phrase.replace("-", " ")) or ENGLISH_UNITS.get(phrase.rstrip("."))
        if unit:
            return _per(text, Found(unit, start + len(phrase.rstrip("."))))
        cut = max(phrase.rfind(" "), phrase.rfind("-"))
        phrase = phrase[: max(cut, 0)]
    return None


def _per(text: str, found: Found) -> Found:
    """Join a rate: miles per hour, A/cm2."""
    if found.unit.currency or not found.unit.is_measure or not (joint := _PER.match(text, found.end)):
        return found
    below = _sign(text, joint.end(), is_apart=False) or _english(text, joint.end())
    if below is None or below.unit.currency or (joint[0].strip("- ") in ("a", "an") and below.unit.role.value != "duration"):
        return found
    name = f"{found.unit.name}_per_{below.unit.name}"
    return Found(Unit(name, found.unit.role, None, is_measure=True), below.end)
