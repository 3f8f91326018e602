"""Compare names across scripts by their consonants: 벨로라 and Velora, 챔피언 and champion.

A key keeps the classes of consonants and drops vowels and aspiration, so that most ways to spell a name in the other
script have the same key. Two different words may share a key: a rule needs further evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_INITIALS = "KKNTTLMPPSS CCCKTP "
_ENDS = " KKKNNNTLLLLLLLLMPPTTNTTKTP "
_LATIN = (
    ("tch", "j"), ("sch", "s"), ("ph", "p"), ("sh", "s"), ("ch", "j"), ("th", "t"), ("ck", "k"), ("ng", "n"),
    ("ce", "s"), ("ci", "s"), ("x", "ks"),
)  # fmt: skip
_CLASSES = str.maketrans({"b": "P", "p": "P", "f": "P", "v": "P", "c": "K", "k": "K", "q": "K", "g": "K", "n": "N",
                          "t": "T", "d": "T", "l": "L", "r": "L", "m": "M", "s": "S", "z": "C", "j": "C"})  # fmt: skip
_SILENT = re.compile("r(?![aeiouy])|['’]s$")
_OTHER = re.compile("[^A-Z]+")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=8192)
def sound_key(word: str) -> str:
    """Return the consonants of a word in classes.

    >>> [sound_key(word) for word in ("벨로라", "Velora", "새솔", "Saesol", "챔피언", "champion")]
    ['PLL', 'PLL', 'SSL', 'SSL', 'CMPN', 'CMPN']
    """
    if word.isascii():
        lowered = _SILENT.sub("", word.lower())
        for spelled, sound in _LATIN:
            lowered = lowered.replace(spelled, sound)
        return _OTHER.sub("", _DOUBLED.sub(r"\1", lowered.translate(_CLASSES)))
    sounds = "".join(_syllable_sounds(syllable) for syllable in word)
    return _OTHER.sub("", _DOUBLED.sub(r"\1", sounds))


def _syllable_sounds(syllable: str) -> str:
    number = ord(syllable) - _FIRST
    if not 0 <= number < 19 * _VOWELS * _FINALS:
        return ""
    return _INITIALS[number // (_VOWELS * _FINALS)] + "a" + _ENDS[number % _FINALS]
