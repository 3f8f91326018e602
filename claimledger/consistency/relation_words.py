"""Patterns of the words that connect figures, loaded once from words.toml next to this module.

Editors may extend that file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

_WORDS: Mapping[str, Mapping[str, Any]] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
_FILLER = r"(?:\s*(?:약|거의|무려|겨우|about|around|nearly|some|the|its|all|their))*\s*"
"""Words that may appear between a connecting word and its figure."""


def _join_words(words: Iterable[str]) -> str:
    """Return words as one pattern; English words match only as whole words."""
    return "|".join(rf"\b(?:{word})\b" if word.isascii() and "[가" not in word else word for word in words)


def _pattern_before(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_join_words(words)}){_FILLER}$", re.IGNORECASE)


def _pattern_after(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\s*,?\s*(?:{_join_words(words)})", re.IGNORECASE)


def _pattern_anywhere(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{word}" if word.isascii() else word for word in words), re.IGNORECASE)


TOTAL_BEFORE, TOTAL_AFTER = _pattern_before(_WORDS["total"]["before"]), _pattern_after(_WORDS["total"]["after"])
"""Words that mark the figure next to them as a total."""
PARTIAL_LIST = re.compile(_join_words(_WORDS["total"]["among"]), re.IGNORECASE)
"""Words that introduce a possibly incomplete list of parts."""
OF_BEFORE, OF_AFTER = _pattern_before(_WORDS["whole"]["before"]), _pattern_after(_WORDS["whole"]["after"])
"""Words that mark the figure next to them as the whole of which another figure is a part."""
OF_NEXT = re.compile(r"\s*(?:of\b|의(?![가-힣]))", re.IGNORECASE)
"""The beginning of the words, directly after a percentage, that name its whole."""
FROM_BEFORE, FROM_AFTER = (
    _pattern_before(_WORDS["change"]["from_before"]),
    _pattern_after(_WORDS["change"]["from_after"]),
)
"""Words that mark the figure next to them as the first value of a change."""
TO_BEFORE, TO_AFTER = _pattern_before(_WORDS["change"]["to_before"]), _pattern_after(_WORDS["change"]["to_after"])
"""Words that mark the figure next to them as the second value of a change."""
MORE_AFTER = re.compile(
    r"\s*(?:이상|넘게|가까이|나|이나)?\s*(?:더 )?(?:늘|증가|많|높|상승|급증|더 )"
    r"|\s*(?:more|higher|greater|larger|bigger)\b",
    re.IGNORECASE,
)
"""Words after a multiple that may add it: "three times more" can mean four times as much."""
EACH_BEFORE, EACH_AFTER = _pattern_before(_WORDS["each"]["before"]), _pattern_after(_WORDS["each"]["after"])
"""Words that mark the figure next to them as the price of one."""
PER_ONE = re.compile(r"\s*당")
"""The word after a count that makes it the basis of a price ("per")."""
SPANS = re.compile(_join_words(_WORDS["interval"]["spans"]), re.IGNORECASE)
LATER = re.compile(_join_words(_WORDS["interval"]["later"]), re.IGNORECASE)
EARLIER = re.compile(_join_words(_WORDS["interval"]["earlier"]), re.IGNORECASE)
"""Words for how long something lasts, and for how long after or before something else it happens."""

SHARE_OF, SHARE_IS_PART, PART_IS_SHARE = (
    re.compile("|".join(_WORDS["share"][name]), re.IGNORECASE) for name in ("of", "is_part", "part_is")
)
"""The words between a whole and its share, between a share and its part, and between a part and its share."""
_GROUPS = _WORDS["groups"]
EXHAUSTIVE_PAIRS, PAIRS = (
    tuple((re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for one, other in _GROUPS[name])
    for name in ("exhaustive", "exclusive")
)
"""The names of two groups that make up a whole, and of two groups that only exclude each other."""
OTHER_TIMES = re.compile("|".join(_GROUPS["other_times"]), re.IGNORECASE)
"""Words that add other times or other groups into a sentence."""
GAP_WORDS = re.compile("|".join(_GROUPS["gap"]), re.IGNORECASE)
"""Words that compare two percentages."""
_MULTIPLES = "twice(?= as)|doubled|tripled|quadrupled|halved|(?<=by )half|(?<=in )half|곱절|갑절|절반|반토막"
WORDED_MULTIPLE = re.compile(
    rf"(?P<more>\b(?:more than|over) )?(?P<about>\b(?:nearly|almost|about|roughly) |(?:거의|약|가까이) )?"
    rf"(?P<word>{_MULTIPLES})(?:으로|이|가|에)?(?P<late> (?:이상|넘게))?",
    re.IGNORECASE,
)
"""A multiple in one word: doubled, 갑절."""

_MEASURED = _WORDS["measured"]
_PARTICLES, _COUNTERS, _MEASURES, _NUMBERS = (
    "|".join(_MEASURED[name]) for name in ("particles", "counters", "measures", "numbers")
)
PARTICLE = re.compile(rf"(?<=[가-힣0-9A-Za-z]{{2}})(?:{_PARTICLES})$")
"""The particles and endings that a Korean word of a sentence may have."""
NUMERIC_WORD = re.compile(
    rf"[\d.,]+(?:st|nd|rd|th|bn|m|k)?|(?:\d[\d.,]*[조억만천백십]+)*(?:\d[\d.,]*)?(?<=[\d.,조억만천백십])"
    rf"(?:{_MEASURES})?(?:{_COUNTERS})?[가-힣]{{0,4}}|{_NUMBERS}"
    rf"|(?:[조억만천백십]+)?(?:{_COUNTERS})?(?:{_PARTICLES})?",
    re.IGNORECASE,
)
"""A whole word that is a number (also 1조2000억원이다), a part of a number, or a counter."""
GENERIC_WORDS = frozenset(_MEASURED["light"])
"""Words that do not show what is measured."""
SAME_WORDS = {word: row[0] for row in _WORDS["measured"]["same"] for word in row}
"""A word, mapped to the word that is compared in its place."""
MEASURE_NOUNS, MEASURE_VERBS, UNIT_WORDS = (frozenset(_WORDS["measured"][name]) for name in ("nouns", "verbs", "units"))
"""Nouns that name what a figure measures, verbs that say nothing more beside one of them, and units."""
CITING = _pattern_anywhere(_WORDS["citing"]["anywhere"])
"""Words with which a summary says that a document cites another one."""
WORD_REST = re.compile("[가-힣]*")
"""The rest of a Korean word after the part that was searched for."""
