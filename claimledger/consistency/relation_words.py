"""The words that tie figures together, read once from the TOML file beside this module.

In: words.toml. Out: compiled patterns. The invariant: what an editor may extend is in that file. It must not know
claims.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    (files(__package__) / "words.toml").read_text(encoding="utf-8")
)
_BOUND = r"(?:\s*(?:약|거의|무려|겨우|about|around|nearly|some|the|its|all|their))*\s*"
"""What may stand between such a word and the figure."""


def _whole(words: Iterable[str]) -> str:
    """Return words as one pattern; an English one stands between its borders."""
    return "|".join(rf"\b(?:{word})\b" if word.isascii() and "[가" not in word else word for word in words)


def _before(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_whole(words)}){_BOUND}$", re.IGNORECASE)


def _after(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\s*,?\s*(?:{_whole(words)})", re.IGNORECASE)


def _anywhere(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{word}" if word.isascii() else word for word in words), re.IGNORECASE)


TOTAL_BEFORE, TOTAL_AFTER = _before(_WORDS["total"]["before"]), _after(_WORDS["total"]["after"])
"""Words that make the figure beside them a total."""
AMONG = re.compile(_whole(_WORDS["total"]["among"]), re.IGNORECASE)
"""Words by which parts need not be all of them."""
OF_BEFORE, OF_AFTER = _before(_WORDS["whole"]["before"]), _after(_WORDS["whole"]["after"])
"""Words that make the figure beside them the whole of which another is a part."""
OF_NEXT = re.compile(r"\s*(?:of\b|의(?![가-힣]))", re.IGNORECASE)
"""What says, right after a percentage, of what it is."""
FROM_BEFORE, FROM_AFTER = _before(_WORDS["change"]["from_before"]), _after(_WORDS["change"]["from_after"])
"""Words that make the figure beside them the first value of a change."""
TO_BEFORE, TO_AFTER = _before(_WORDS["change"]["to_before"]), _after(_WORDS["change"]["to_after"])
"""Words that make it the second value."""
DOWN, UP = _anywhere(_WORDS["change"]["down"]), _anywhere(_WORDS["change"]["up"])
"""Words for the way a change goes."""
EACH_BEFORE, EACH_AFTER = _before(_WORDS["each"]["before"]), _after(_WORDS["each"]["after"])
"""Words that make the figure beside them the price of one."""
PER_ONE = re.compile(r"\s*당")
"""What follows a count that says of how many a price is."""
SPANS = re.compile(_whole(_WORDS["interval"]["spans"]), re.IGNORECASE)
LATER = re.compile(_whole(_WORDS["interval"]["later"]), re.IGNORECASE)
EARLIER = re.compile(_whole(_WORDS["interval"]["earlier"]), re.IGNORECASE)
"""Words of a length of time: how long something lasts, and how long after or before something else it is."""

_MEASURED = _WORDS["measured"]
_PARTICLES, _COUNTERS, _MEASURES, _NUMBERS = (
    "|".join(_MEASURED[name]) for name in ("particles", "counters", "measures", "numbers")
)
PARTICLE = re.compile(rf"(?<=[가-힣0-9A-Za-z]{{2}})(?:{_PARTICLES})$")
"""What may end a Korean word of a sentence beside the word itself."""
NUMBER_WORD = re.compile(
    rf"[\d.,]+(?:st|nd|rd|th|bn|m|k)?|\d[\d.,]*[조억만천백십]*(?:{_MEASURES})?[가-힣]{{0,4}}|{_NUMBERS}"
    rf"|(?:[조억만천백십]+)?(?:{_COUNTERS})?(?:{_PARTICLES})?",
    re.IGNORECASE,
)
"""A whole word that is a number, a part of one, or what counts."""
LIGHT = frozenset(_MEASURED["light"])
"""Words that say nothing of what is measured."""
CITING = _anywhere(_WORDS["citing"]["anywhere"])
"""Words by which a summary says that a document has from another what it tells."""
ENDING = re.compile("[가-힣]*")
"""What a Korean word goes on with after the part of it that was looked for."""
