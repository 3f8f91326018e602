"""Fold a text for the grammar, and map offsets of the folded text back to the stored text.

The folded text has plain digits, spaces, dashes and whole Hangul syllables. Every folded character comes from one run
of stored characters, in order, so offsets are exact. This module does not know figures.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

_CASE_VARIANTS = str.maketrans("ſıİ\u212a", "siIK")
"""Letters that a pattern without regard to case takes for `s`, `i` or `k`, while tables of words have only those."""
_EQUAL = str.maketrans(
    {
        **{chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(0x5E)},
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
        ),
        **dict.fromkeys("∼〜～˜∽", "~"),
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
        **dict.fromkeys("‘’ʼ′", "'"),
        **dict.fromkeys("ㆍᆞ・‧∙•", "·"),
        "⁄": "/",
        "￦": "₩",
        "￥": "¥",
        "￡": "£",
        "﹪": "%",
    }
    | _CASE_VARIANTS
)
"""Characters that are read as another character of the same length."""

_ODD = re.compile(f"[{re.escape(''.join(map(chr, _EQUAL)))}]")
_GROUPED = re.compile("(?<=[0-9])[\u2009\u202f](?=[0-9]{3}(?![0-9]))")
"""A thin space between groups of three digits, as in SI notation; it is read as a comma."""
_JAMO = "[\u1100-\u1112][\u1161-\u1175](?:[\u11a8-\u11c2](?![\u1161-\u1175]))?"
_INVISIBLE = "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_UNEQUAL = re.compile(f"{_JAMO}|{_INVISIBLE}|[A-Za-z][\u0300-\u036f]")


_ANY = re.compile(f"[{re.escape(''.join(map(chr, _EQUAL)))}\u1161-\u1175\u0300-\u036f{_INVISIBLE[1:]}")
"""Any character that needs folding; a text without one is used as it is."""


def fold_case_variants(text: str) -> str:
    """Return a text of the same length with plain letters for the odd forms of `s`, `i` and `k`.

    >>> fold_case_variants("ſix mıles")
    'six miles'
    """
    return text if text.isascii() else text.translate(_CASE_VARIANTS)


class FoldedText:
    r"""A folded text that knows the stored position of each character.

    >>> FoldedText("１０\u00a0％").text
    '10 %'
    """

    def __init__(self, source: str) -> None:
        """Fold `source`; composed Hangul and ordinary text keep their offsets and cost one scan."""
        self.source = source
        self._breaks: list[int] = []
        self._stored: list[int] = []
        self._widths: dict[int, int] = {}
        self.text = source
        if not _ANY.search(source):
            return
        if _UNEQUAL.search(source):
            self.text = self._compose(source)
        if _ODD.search(self.text):
            self.text = _GROUPED.sub(",", self.text)
            self.text = _ODD.sub(lambda odd: odd[0].translate(_EQUAL), self.text)

    def _compose(self, source: str) -> str:
        parts: list[str] = []
        length = position = 0
        for found in _UNEQUAL.finditer(source):
            start, end = found.span()
            kept = source[position:start]
            whole = unicodedata.normalize("NFC", found[0]) if end - start > 1 else ""
            if len(whole) > 1:
                continue
            parts += (kept, whole)
            length += len(kept) + len(whole)
            if whole:
                self._widths[length - 1] = end - start
            self._breaks.append(length)
            self._stored.append(end)
            position = end
        return "".join([*parts, source[position:]])

    @property
    def keeps_offsets(self) -> bool:
        """True if every character has the same offset as in the stored text."""
        return not self._breaks

    def start(self, position: int) -> int:
        """Return the start, in the stored text, of the folded character at `position`."""
        if not self._breaks:
            return position
        found = bisect_right(self._breaks, position) - 1
        return position if found < 0 else self._stored[found] + position - self._breaks[found]

    def end(self, position: int) -> int:
        """Return the end, in the stored text, of the folded character before `position`."""
        if not self._breaks or not position:
            return position
        return self.start(position - 1) + self._widths.get(position - 1, 1)
