"""Read English number words and fractions in words: two hundred and five, two-thirds.

This module does not know digits, units or the surrounding words.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.numeral_words import ENGLISH_NUMBERS, ENGLISH_SCALES, FRACTION_PARTS
from claimledger.quantities.numerals import AND_A_HALF, NO_SCALE, Numeral, apply_scale, rounded_quotient
from claimledger.quantities.unit_tables import alternation

_WORD = rf"(?:{alternation([*ENGLISH_NUMBERS, *ENGLISH_SCALES])})(?![A-Za-z])"
SPELLED_NUMBER = re.compile(
    rf"(?:an? (?={alternation(ENGLISH_SCALES)}\b))?{_WORD}(?>(?:-| and | ){_WORD}){{0,24}}+", re.IGNORECASE
)
"""English number words: two hundred and five, twenty-one, a million."""
_SPELLED_TOKEN = re.compile("[a-z]+")
FRACTION = re.compile(
    rf"(?P<top>{alternation(ENGLISH_NUMBERS)}|an?)[ -](?P<part>{alternation(FRACTION_PARTS)})(?P<many>s)?(?![A-Za-z])",
    re.IGNORECASE,
)
"""An English fraction in words: two-thirds, a quarter, one-fifth."""


def read_fraction(text: str, start: int) -> Numeral | None:
    """Read an English fraction in words.

    >>> read_fraction("two-thirds of", 0).amount
    Decimal('0.6667')
    """
    found = FRACTION.match(text, start)
    if not found:
        return None
    top = ENGLISH_NUMBERS.get(found["top"].lower(), 1)
    part = found["part"].lower()
    if (top > 1) != bool(found["many"] or part == "halves") or (
        part != "half" and top == 1 and not _is_share(text, found)
    ):
        return None
    return Numeral(found.end(), rounded_quotient(top, FRACTION_PARTS[part]), is_fraction=True)


def _is_share(text: str, found: re.Match[str]) -> bool:
    """Return whether "a third" or "one quarter" is a share: before "of", or joined by a hyphen."""
    return text[found.end() : found.end() + 4] == " of " or "-" in found[0]


class _EnglishSum:
    """A sum of the words of an English numeral, whose scale words must fall."""

    def __init__(self) -> None:
        self.total = self.group = 0
        self.scale, self.room, self.step = NO_SCALE, 1000, 1
        self.is_scaled = False
        self.head = 0

    def add(self, word: str) -> bool:
        """Add one word; return whether it may follow the words before."""
        if word == "and":
            return bool(self.group or self.total)
        if word in ("a", "an"):
            return True
        return (
            self._add_scale(ENGLISH_SCALES[word]) if word in ENGLISH_SCALES else self._add_number(ENGLISH_NUMBERS[word])
        )

    def _add_scale(self, scale: int) -> bool:
        self.head = self.head or self.group
        if scale == ENGLISH_SCALES["hundred"]:
            self.group, self.room = (self.group or 1) * 100, 100
        elif scale >= self.scale:
            return False
        else:
            self.total += (self.group or 1) * 10**scale
            self.group, self.scale, self.room = 0, scale, 1000
        self.step, self.is_scaled = 10**scale, True
        return True

    def _add_number(self, value: int) -> bool:
        if value >= self.room:
            return False
        self.group += value
        self.room, self.step = (10 if value >= ENGLISH_NUMBERS["twenty"] else 0), 1
        return True


def read_spelled_number(text: str, start: int) -> Numeral | None:
    """Read English number words.

    >>> read_spelled_number("two hundred and five jobs", 0).amount
    Decimal('205')
    """
    found = SPELLED_NUMBER.match(text, start)
    if not found:
        return None
    parts = _EnglishSum()
    end = start
    for token in _SPELLED_TOKEN.finditer(found[0].lower()):
        if not parts.add(token[0]):
            break
        end = end if token[0] in ("and", "a", "an") else start + token.end()
    if end == start:
        return None
    if not parts.is_scaled and (half := AND_A_HALF.match(text, end)):
        return apply_scale(text, half.end(), f"{parts.group}.5", is_money=False)
    amount = Decimal(parts.total + parts.group)
    head = Decimal(parts.head if parts.is_scaled and parts.head else amount)
    return Numeral(end, amount, precision=Decimal(parts.step), is_scaled=parts.is_scaled, head=head)
