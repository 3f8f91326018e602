"""The word lists of the agreement checks, read once from the TOML file beside this module.

In: words.toml. Out: look-up dictionaries and compiled patterns. The invariant: what an editor may extend is in that
file. It must not know claims.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from claimledger.quantities.unit_tables import any_of
from claimledger.vocabulary import Comparator, Direction

_WORDS: dict[str, Any] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))

DIMENSIONS: Mapping[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(factor))
    for dimension, units in _WORDS["dimensions"].items()
    for unit, factor in units.items()
}
"""Unit to what it measures and how many of the dimension's first unit it is."""
COUNTED: Mapping[str, str] = {noun: kind for kind, nouns in _WORDS["counted"].items() for noun in nouns}
"""Noun to what it counts."""
NUMBERING: frozenset[str] = frozenset(_WORDS["numbering"]["units"])
"""Units that number a thing rather than count it."""
NUMBERS: Mapping[str, tuple[Decimal, str]] = {
    word: (Decimal(amount), unit) for word, (amount, unit) in _WORDS["numbers"].items()
}
"""Word for a number that the grammar of figures does not read, to the number and its unit."""
NUMBER_WORD = re.compile(
    rf"\b{any_of(word for word in NUMBERS if word.isascii())}\b(?!-)"
    rf"|{any_of(word for word in NUMBERS if not word.isascii())}",
    re.IGNORECASE,
)

LOWER = frozenset((Comparator.AT_LEAST, Comparator.MORE_THAN))
"""Comparators that leave room above."""
UPPER = frozenset((Comparator.AT_MOST, Comparator.LESS_THAN))
"""Comparators that leave room below."""
AROUND = frozenset((Comparator.ABOUT, Comparator.NEARLY))
"""Comparators that leave a little room."""


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(any_of(forms), re.IGNORECASE)


_LOWER, _UPPER, _AROUND = (_pattern(_WORDS["bounding"][side]) for side in ("lower", "upper", "around"))
BOUNDING: Mapping[Comparator, re.Pattern[str]] = {
    **dict.fromkeys(LOWER, _LOWER), **dict.fromkeys(UPPER, _UPPER), **dict.fromkeys(AROUND, _AROUND),
}  # fmt: skip
"""Comparator to words that may say it without the grammar's help."""
SIDING: Mapping[Direction, re.Pattern[str]] = {side: _pattern(_WORDS["siding"][side.value]) for side in Direction}
"""Side of a difference to words that may say it."""


def _heads(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form) + (r"\b" if form[-1].isalpha() and form.isascii() else "") for form in forms)


_CONTRAST: Mapping[str, Sequence[str]] = _WORDS["contrast"]
JOINED = re.compile(rf"[\s,;:)\]”’\"'—–-]*(?:(?i:{_heads(_CONTRAST['joined_en'])})|{_heads(_CONTRAST['joined_ko'])})")
"""The rest of a sentence that turns what came before it."""
ENDING = re.compile(rf"(?:{'|'.join(_CONTRAST['ending_ko'])})$")
"""The ending of a Korean word that turns it."""
NEXT = re.compile(rf"[ \t”’\"'」』)]*(?:{_heads(_CONTRAST['next_en'])}|{_heads(_CONTRAST['next_ko'])})")
"""The head of a next sentence that turns the one before."""
KEPT = re.compile(
    rf"\b(?:{_heads(_CONTRAST['kept_en'])})|{'|'.join(map(re.escape, _CONTRAST['kept_ko']))}", re.IGNORECASE
)
"""Words by which a statement keeps a condition or an exception."""

_UNSETTLED = _WORDS["unsettled"]
_FUTURE = f"[{''.join(chr(code) for code in range(0xAC08, 0xD7A4, 28))}]"
FORECAST = re.compile(f"{_UNSETTLED['forecast_en']}|{_UNSETTLED['forecast_ko'].replace('{future}', _FUTURE)}")
"""A statement of what is to come."""
OPINION = re.compile(f"{_UNSETTLED['opinion_en']}|{_UNSETTLED['opinion_ko']}")
"""A statement of what ought to be."""
FORECAST_CUE = _pattern(_UNSETTLED["forecast_cues"])
OPINION_CUE = _pattern(_UNSETTLED["opinion_cues"])
"""Words that bring a forecast, or an opinion."""

RELATED_BEFORE = re.compile(rf"\b{any_of(_WORDS['dating']['before'])} (?:the end of |late |early )?$", re.IGNORECASE)
RELATED_AFTER = re.compile(rf"[년월일]? ?(?:{'|'.join(map(re.escape, _WORDS['dating']['after']))})")
"""Words that make a date one the claim only relates to."""
IDLE = frozenset(_WORDS["describing"]["idle"])
"""Words of a description that name nobody."""
