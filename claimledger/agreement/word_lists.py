"""The word lists of the agreement checks, loaded once from words.toml next to this module.

The module turns the lists into look-up dictionaries and compiled patterns. Editors may extend that file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from claimledger.quantities.unit_tables import alternation
from claimledger.vocabulary import Comparator

_WORDS: dict[str, Any] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))

DIMENSIONS: Mapping[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(factor))
    for dimension, units in _WORDS["dimensions"].items()
    for unit, factor in units.items()
}
"""A unit's dimension and its size in the dimension's first unit."""
NOUN_KINDS: Mapping[str, str] = {noun: kind for kind, nouns in _WORDS["counted"].items() for noun in nouns}
"""The kind of thing that a noun counts."""
NUMBERING_UNITS: frozenset[str] = frozenset(_WORDS["numbering"]["units"])
"""The units that number a thing instead of counting it."""
NUMBERS: Mapping[str, tuple[Decimal, str]] = {
    word: (Decimal(amount), unit) for word, (amount, unit) in _WORDS["numbers"].items()
}
"""A number word that the grammar of figures does not read, mapped to its number and unit."""
NUMBER_WORD = re.compile(
    rf"\b{alternation(word for word in NUMBERS if word.isascii())}\b(?!-)"
    rf"|{alternation(word for word in NUMBERS if not word.isascii())}",
    re.IGNORECASE,
)

LOWER_BOUNDS = frozenset((Comparator.AT_LEAST, Comparator.MORE_THAN))
"""The comparators of a lower bound."""
UPPER_BOUNDS = frozenset((Comparator.AT_MOST, Comparator.LESS_THAN))
"""The comparators of an upper bound."""
APPROXIMATE = frozenset((Comparator.ABOUT, Comparator.NEARLY))
"""The comparators of an approximate figure."""


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(alternation(forms), re.IGNORECASE)


_LOWER, _UPPER, _AROUND = (_pattern(_WORDS["bounding"][side]) for side in ("lower", "upper", "around"))
COMPARATOR_WORDS: Mapping[Comparator, re.Pattern[str]] = {
    **dict.fromkeys(LOWER_BOUNDS, _LOWER), **dict.fromkeys(UPPER_BOUNDS, _UPPER), **dict.fromkeys(APPROXIMATE, _AROUND),
}  # fmt: skip
"""Words that may express a comparator in a way the grammar does not read."""


def _alternatives(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form) + (r"\b" if form[-1].isalpha() and form.isascii() else "") for form in forms)


_CONTRAST: Mapping[str, Sequence[str]] = _WORDS["contrast"]
CONTRAST_IN_SENTENCE = re.compile(
    rf"[\s,;:)\]”’\"'—–-]*(?:(?i:{_alternatives(_CONTRAST['joined_en'])})|{_alternatives(_CONTRAST['joined_ko'])})"
)
"""The rest of a sentence that begins with a contrasting word ("but", 다만)."""
CONTRAST_ENDING = re.compile(rf"(?:{'|'.join(_CONTRAST['ending_ko'])})$")
"""The contrasting ending of a Korean word."""
CONTRAST_IN_NEXT_SENTENCE = re.compile(
    rf"[ \t”’\"'」』)]*(?:{_alternatives(_CONTRAST['next_en'])}|{_alternatives(_CONTRAST['next_ko'])})"
)
"""The beginning of a next sentence that contrasts with the one before."""
CONDITION_WORDS = re.compile(
    rf"\b(?:{_alternatives(_CONTRAST['kept_en'])})|{'|'.join(map(re.escape, _CONTRAST['kept_ko']))}", re.IGNORECASE
)
"""Words with which a statement keeps a condition or an exception."""

_UNSETTLED = _WORDS["unsettled"]
_FUTURE = f"[{''.join(chr(code) for code in range(0xAC08, 0xD7A4, 28))}]"
FORECAST = re.compile(f"{_UNSETTLED['forecast_en']}|{_UNSETTLED['forecast_ko'].replace('{future}', _FUTURE)}")
"""The pattern of a statement about the future."""
OPINION = re.compile(f"{_UNSETTLED['opinion_en']}|{_UNSETTLED['opinion_ko']}")
"""The pattern of a statement about what should be."""
FORECAST_CUE = _pattern(_UNSETTLED["forecast_cues"])
OPINION_CUE = _pattern(_UNSETTLED["opinion_cues"])
"""The words that introduce a forecast or an opinion."""

RELATED_BEFORE = re.compile(
    rf"\b{alternation(_WORDS['dating']['before'])} (?:the end of |late |early )?$", re.IGNORECASE
)
RELATED_AFTER = re.compile(rf"[년월일]? ?(?:{'|'.join(map(re.escape, _WORDS['dating']['after']))})")
"""Words that make a date one that the claim only relates to."""
UNSPECIFIC_WORDS = frozenset(_WORDS["describing"]["idle"])
"""The words of a description that identify no one."""
FUNCTION_WORDS = frozenset(_WORDS["content"]["function"])
"""The words that say nothing about what a sentence is about."""

_HEDGING = _WORDS["hedging"]


def _expressions(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(form.replace("{future}", _FUTURE) for form in forms), re.IGNORECASE)


HEDGE = _expressions(_HEDGING["hedge"])
"""Words that make a sentence a plan, a possibility or a forecast."""
HEDGE_OR_FUTURE = _expressions((*_HEDGING["hedge"], *_HEDGING["future"]))
"""Words with which a statement keeps a plan, a possibility or a forecast."""
DENIAL = _expressions(_HEDGING["deny"])
"""Words that deny."""
SOFT_DENIAL = _expressions(_HEDGING["deny_softly"])
"""Words with which a sentence may deny without one of those words: rejected, 거부, 멈췄다."""
FORBIDDING = _expressions(_HEDGING["forbid"])
"""Words that forbid."""

_SPEAKING = _WORDS["speaking"]
SAYING_KO, SAYING_EN = ("|".join(_SPEAKING[name]) for name in ("saying_ko", "saying_en"))
"""The verbs of saying, as the alternatives of a pattern."""
KOREAN_TITLES = frozenset(_SPEAKING["titles"])
"""The Korean titles that follow a name."""
GENERIC_SPEAKERS = frozenset((*_SPEAKING["generic_ko"], *_SPEAKING["generic_en"]))
"""The words that any speaker can be called; English words in lower case."""
ORGANISATIONS_KO, ORGANISATIONS_EN = ("|".join(_WORDS["organisations"][name]) for name in ("ko", "en"))
"""The last parts of the names of organisations, as the alternatives of a pattern."""
HIGH_KO, LOW_KO, HIGH_EN, LOW_EN = (
    "|".join(_WORDS["ranking"][name]) for name in ("high_ko", "low_ko", "high_en", "low_en")
)
"""The words for the two ends of a scale, as the alternatives of a pattern."""
LOWER_LENGTH, UPPER_LENGTH = (_pattern(_WORDS["lengths"][name]) for name in ("lower", "upper"))
"""Words beside a length of time that bound it."""
SPEAKER_TITLES: Mapping[str, re.Pattern[str]] = {
    role: re.compile("|".join(words)) for role, words in _WORDS["roles"].items()
}
"""The titles of speakers, by the kind of speaker."""
MINISTRIES: Mapping[str, re.Pattern[str]] = {
    field: re.compile("|".join(words), re.IGNORECASE) for field, words in _WORDS["ministries"].items()
}
"""The fields of ministries."""
ORGANISATION_KINDS: Mapping[str, Mapping[str, Sequence[str]]] = _WORDS["organisation_kinds"]
"""The words for a kind of organisation, by language."""

ACTOR_WORDS: Mapping[str, Any] = _WORDS["names"]
"""The parts of names, and the words that look like names and are not."""
NEGATED_KO: frozenset[str] = frozenset(_WORDS["negating"]["ko"])
"""Korean words with a negating prefix of one syllable."""
NOT_NEGATED_EN: frozenset[str] = frozenset(_WORDS["negating"]["en_other"])
"""The ends of English words that only seem to have a negating prefix."""
