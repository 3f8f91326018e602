"""Generate the words that are one typing mistake away from a word.

They differ by one letter, or in Hangul by one consonant or vowel. They depend only on the word, not on the ledger, and
do not include the word itself.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

_FIRST, _LAST = ord("가"), ord("힣")
_FINALS, _VOWELS, _INITIALS = 28, 21, 19
"""The numbers of Hangul parts. A syllable is 가 + (initial · 21 + vowel) · 28 + final (Unicode, section 3.12)."""


def near_words(word: str) -> Iterator[str]:
    """Yield each word one mistake away: a wrong, extra, missing or swapped letter, or a missing space.

    >>> "바이두" in near_words("바이드"), "nvidia" in near_words("nvdia"), "엔비디아" in near_words("엔디비아")
    (True, True, True)
    """
    seen = {word}
    for one in _mistakes(word):
        if one not in seen:
            seen.add(one)
            yield one


def _mistakes(word: str) -> Iterator[str]:
    for position, letter in enumerate(word):
        before, after = word[:position], word[position + 1 :]
        yield from (f"{before}{replacement}{after}" for replacement in _replacements(letter))
        yield f"{before}{after}"
        if after:
            yield f"{before}{after[0]}{letter}{after[1:]}"
    yield from (f"{word[:position]} {word[position:]}" for position in range(1, len(word)))
    for position in range(len(word) + 1):
        if re.search("[A-Za-z]", word[max(0, position - 1) : position + 1]):
            yield from (f"{word[:position]}{letter}{word[position:]}" for letter in string.ascii_lowercase)


def _replacements(letter: str) -> Iterator[str]:
    """Yield replacements for a letter: any Latin letter, or the syllables that differ in one part."""
    if letter.isascii() and letter.isalpha():
        yield from string.ascii_lowercase
    if not _FIRST <= ord(letter) <= _LAST:
        return
    rest, final = divmod(ord(letter) - _FIRST, _FINALS)
    initial, vowel = divmod(rest, _VOWELS)
    yield from (_syllable(initial, replacement, final) for replacement in range(_VOWELS))
    yield from (_syllable(replacement, vowel, final) for replacement in range(_INITIALS))
    yield from (_syllable(initial, vowel, replacement) for replacement in range(_FINALS))


def _syllable(initial: int, vowel: int, final: int) -> str:
    return chr(_FIRST + (initial * _VOWELS + vowel) * _FINALS + final)
