"""Characters that no reader sees or that change how others are shown, and words that mix the letters of two scripts.

The sets of characters are in `characters.toml`, of one version of Unicode, so that every Python decides alike. Hidden
are bidirectional controls, characters that programs do not show (default-ignorable), blank ones, private ones, and
code points that the version does not know. Emoji sequences and the joiners of Arabic and Indic scripts stay allowed.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_COMMON = (
    "\t\n -~\u00a0-\u00ac\u00ae-\u024f\u1100-\u115e\u2010-\u2027\u20a0-\u20bf"
    "\u3001-\u303f\u3131-\u3163\u4e00-\u9fff가-힣"
)
"""Frequent characters, all of them visible. Only the others are looked up, which makes the search fast."""
_OTHER = re.compile(f"[^{_COMMON}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_JOINERS = frozenset("\u200c\u200d")
_EMOJI_JOINER, _EMOJI_STYLE, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINED_LETTER = re.compile("[\u0620-\u06ff\u0710-\u077f\u08a0-\u08ff\u0900-\u0dff]")
"""Letters and marks of Arabic, Syriac and Indic scripts, in which the joiners change the form of a word."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = ("latin", "cyrillic", "greek", "armenian", "cherokee")
"""The scripts with letters that look like those of another of them. Latin letters beside Hangul are ordinary Korean."""
_UNIT = re.compile("[μΩ][A-Za-z]{0,3}|[A-Za-z]{1,2}Ω")
"""Units of measurement with a Greek letter: μm, kΩ."""


class CharacterSet(NamedTuple):
    """A set of characters as ranges."""

    first: tuple[int, ...]
    """The first code point of each range, in order."""
    last: tuple[int, ...]
    """The last code point of each range."""

    def has(self, character: str) -> bool:
        """Return whether the set has a character."""
        at = bisect_right(self.first, ord(character)) - 1
        return at >= 0 and ord(character) <= self.last[at]


@cache
def character_set(name: str) -> CharacterSet:
    """Return a set of the table by its name."""
    pairs = [part.partition("-") for part in _table()[name].split()]
    return CharacterSet(
        tuple(int(first, 16) for first, _, _ in pairs), tuple(int(last or first, 16) for first, _, last in pairs)
    )


def unicode_version() -> str:
    """Return the version of Unicode of the table."""
    return _table()["unicode"]


@cache
def _table() -> dict[str, str]:
    return tomllib.loads(files("claimledger").joinpath("characters.toml").read_text(encoding="utf-8"))


def hidden_characters(text: str) -> tuple[str, ...]:
    r"""Return the hidden characters of a text, each once, in their order.

    >>> hidden_characters("약 130억\u202e달러\u200b"), hidden_characters("👩‍🔬 می‌خواهم μm GPT는")
    (('\u202e', '\u200b'), ())
    """
    return tuple(dict.fromkeys(text[at] for at in _hidden_positions(text)))


def without_hidden(text: str) -> str:
    r"""Return a text without its hidden characters.

    >>> without_hidden("항\u00ad만")
    '항만'
    """
    found = set(_hidden_positions(text))
    return "".join(character for at, character in enumerate(text) if at not in found) if found else text


def _hidden_positions(text: str) -> Iterator[int]:
    for found in _OTHER.finditer(text):
        if _CONTROL.match(found[0]) or (
            character_set("hidden").has(found[0]) and not _is_in_sequence(text, found.start())
        ):
            yield found.start()


def _is_in_sequence(text: str, at: int) -> bool:
    """Return whether a character belongs to an emoji, or joins letters of a script that needs joiners."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == _EMOJI_STYLE:
        return _is_emoji(before) or (before in set("0123456789#*") and after == _KEYCAP)
    if text[at] == _EMOJI_JOINER and _ends_with_emoji(text[max(0, at - 3) : at]) and _is_emoji(after):
        return True
    return text[at] in _JOINERS and bool(_JOINED_LETTER.match(before) and _JOINED_LETTER.match(after))


def _ends_with_emoji(text: str) -> bool:
    bare = text.removesuffix(_EMOJI_STYLE)
    bare = bare[:-1] if bare and ord(bare[-1]) in _SKIN_TONES else bare
    return _is_emoji(bare[-1:])


def _is_emoji(character: str) -> bool:
    return bool(character) and character_set("pictographic").has(character)


def code_point(character: str) -> str:
    r"""Return the name of a character that cannot be shown.

    >>> code_point("\u202e")
    'U+202E'
    """
    return f"U+{ord(character):04X}"


def mixed_words(text: str) -> tuple[str, ...]:
    r"""Return the words of a text whose letters are of two scripts that look alike, each once.

    >>> mixed_words("the \u0441laude model, AI가 GPT의 5μm"), mixed_words("Сеул сказал")
    (('сlaude',), ())
    """
    if text.isascii() or not _letter_beside_latin().search(text):
        return ()
    return tuple(dict.fromkeys(word for word in _WORD.findall(text) if _is_mixed(word)))


@cache
def _letter_beside_latin() -> re.Pattern[str]:
    """Return a pattern of the letters that every mixed word has: those of the scripts other than Latin."""
    sets = map(character_set, _SCRIPTS[1:])
    ranges = (f"{chr(first)}-{chr(last)}" for one in sets for first, last in zip(one.first, one.last, strict=True))
    return re.compile(f"[{''.join(ranges)}]")


def _is_mixed(word: str) -> bool:
    if word.isascii() or _UNIT.fullmatch(word):
        return False
    return sum(any(character_set(script).has(character) for character in word) for script in _SCRIPTS) > 1
