"""Read numerals: digits, Korean number words, scale words, fractions, and mixtures of them.

A `Numeral` is a value with its printed precision and its end in the folded text. Values are exact Decimals. No function
looks past one numeral, so reading takes linear time. This module does not know units, dates or the surrounding words.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import NamedTuple

from claimledger.quantities.nouns import counts_noun
from claimledger.quantities.unit_tables import COUNTED_IN_VAST_NUMBERS, NOT_SCALE_WORDS, alternation
from claimledger.quantities.numeral_words import (
    COUNTED_SCALES, ENGLISH_SCALES, FRACTION_CHARACTERS, GREAT_SCALES, KOREAN_DIGITS,
    NATIVE_NUMERALS, SHORT_SCALES, SMALL_SCALES, SPACED_SCALES, UNAMBIGUOUS_SCALES,
)  # fmt: skip

EXACT = Context(prec=80)
"""A context for arithmetic that does not depend on the caller's decimal context."""
_LONG_QUOTIENT, _SHORT_QUOTIENT = Context(prec=12), Context(prec=4)
MOST_DIGITS = 20
"""The greatest number of digits of a figure; a longer run is an identifier."""
DIGITS = r"(?:[0-9]++(?>(?:,[0-9]{3}(?![0-9]))++)?+(?>\.[0-9]++)?+|\.[0-9]++)"

_SCALE = (
    f"(?:[십만억]|{'|'.join(f'{scale}(?!{alternation(words)})' for scale, words in NOT_SCALE_WORDS.items())}"
    rf"|경(?= ?[0-9,]+[십백천]?[조억만]|여? ?{alternation(COUNTED_IN_VAST_NUMBERS)}))"
)
"""A scale word that is not the first syllable of a longer counter or noun: 6경기 is six games, 3조각 three pieces."""
_TAIL = (
    rf"(?: (?=(?:천만|천억|억|조|만)(?:여? ?[원달위엔유명개]| ?[0-9])))?"
    rf"(?>(?:여(?={_SCALE}))?{_SCALE}++(?>(?: (?=[0-9][0-9,.]*+[천백만]?(?![0-9.,~-])))?{DIGITS})?+){{0,8}}+"
)
MIXED_NUMERAL = re.compile(rf"{DIGITS}{_TAIL}")
"""Arabic digits with Korean scale words: 1조 2000억, 36만7,212, 4천300."""
SINO_NUMERAL = re.compile(rf"(?P<some>(?:수|몇 ?)(?={_SCALE}))?(?P<digits>[일이삼사오육칠팔구십백천만억조]{{1,24}}+)")
"""Sino-Korean number words without digits: 삼백만, 수천, 몇십."""
_TOKEN = re.compile(rf"{DIGITS}|[영공일이삼사오육칠팔구십백천만억조경]")

_SHORT = re.compile(rf" ?({alternation(SHORT_SCALES)})(?![A-Za-z0-9])")
_SCALES_BEGIN = frozenset(
    letter for form in (*ENGLISH_SCALES, *SHORT_SCALES) for letter in (form[0].lower(), form[0].upper())
)
"""The first letters of scale words and scale letters, after an optional space or hyphen."""
_LONG = re.compile(rf"[ -]?({alternation(ENGLISH_SCALES)})s?(?![A-Za-z])", re.IGNORECASE)


class Numeral(NamedTuple):
    """A numeral as read."""

    end: int
    """The end of the numeral, exclusive."""
    amount: Decimal | None
    """The value; None if the numeral is a range or "thousands"."""
    low: Decimal | None = None
    """The lower end of a range."""
    high: Decimal | None = None
    """The upper end of a range."""
    precision: Decimal | None = None
    """The step of the last digit."""
    is_scaled: bool = False
    """True if a scale word or letter was printed."""
    is_fraction: bool = False
    """True if it is a share of one."""
    head: Decimal | None = None
    """The number before its scale word."""


def plain_decimal(amount: Decimal) -> Decimal:
    """Return the same value without a positive exponent and without the zeros that a scale word added.

    >>> plain_decimal(Decimal("1.50E+3"))
    Decimal('1500')
    """
    whole = amount.to_integral_value(context=EXACT)
    return Decimal(int(whole)) if whole == amount else amount.normalize(EXACT)


def rounded_quotient(top: int | Decimal, bottom: int | Decimal) -> Decimal:
    """Return the exact quotient if it has fewer than 12 significant digits, else the quotient rounded to four.

    >>> rounded_quotient(2, 3), rounded_quotient(1, 8)
    (Decimal('0.6667'), Decimal('0.125'))
    """
    exact = _LONG_QUOTIENT.divide(Decimal(top), Decimal(bottom)).normalize()
    is_short = len(exact.as_tuple().digits) < _LONG_QUOTIENT.prec
    return plain_decimal(exact if is_short else _SHORT_QUOTIENT.divide(Decimal(top), Decimal(bottom)))


def last_digit_step(digits: str, scale: int = 0) -> Decimal:
    """Return the step of the last printed digit.

    >>> last_digit_step("2.5"), last_digit_step("130", 8)
    (Decimal('0.1'), Decimal('1E+8'))
    """
    _, point, decimals = digits.partition(".")
    return Decimal((0, (1,), scale - len(decimals) if point else scale))


def read_digits(text: str, start: int, *, is_money: bool) -> Numeral | None:
    """Read a numeral that begins with a digit; return None if it is too long to be a figure.

    >>> read_digits("1조2000억 원", 0, is_money=False).amount
    Decimal('1200000000000')
    >>> read_digits("1.2bn", 0, is_money=True).amount
    Decimal('1200000000')
    """
    found = MIXED_NUMERAL.match(text, start)
    if not found or found.end() - start > 3 * MOST_DIGITS:
        return None
    printed = found[0]
    if not printed.isascii():
        return _read_mixed(printed, start)
    digits = printed.replace(",", "")
    if len(digits) > MOST_DIGITS:
        return None
    return apply_scale(text, found.end(), digits, is_money=is_money)


_ADDED_FRACTION = re.compile(rf" ?([{''.join(FRACTION_CHARACTERS)}])|[ -]([1-9])/([2-9]|10|16|32)(?![0-9/.,])")
"""A fraction printed after a whole number: 2½, 5 1/2."""


AND_A_HALF = re.compile("(?: and|-and)[ -]a[ -]half(?![A-Za-z])", re.IGNORECASE)
"""A half printed after a whole number: two and a half."""
_POWER_OF_TEN = re.compile(r" ?[×x*] ?10(?:\^(-?[0-9]{1,2})|(-[0-9]{1,2})|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))(?![0-9])")
"""Scientific notation: 1.99×10^30, 1.99×10⁻³⁰."""
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_ADDITION_BEGINS = frozenset([*"×x*aA123456789", *FRACTION_CHARACTERS])
"""The first characters of these additions, after an optional space or hyphen."""


def _raise_to_power(head: Decimal, digits: str, power: re.Match[str]) -> Numeral:
    scale = int((power[1] or power[2] or power[3]).translate(_RAISED))
    return Numeral(power.end(), head.scaleb(scale, EXACT), precision=last_digit_step(digits, scale), is_scaled=True)


def _add_fraction(text: str, head: Decimal, end: int, digits: str) -> tuple[Decimal, int, str]:
    """Return a whole number with the fraction after it (2½, 2 1/2, two and a half), its end and its digits."""
    if not digits.isdigit():
        return head, end, digits
    if half := AND_A_HALF.match(text, end):
        return EXACT.add(head, Decimal("0.5")), half.end(), f"{digits}.5"
    if added := _ADDED_FRACTION.match(text, end):
        top, bottom = FRACTION_CHARACTERS[added[1]] if added[1] else (int(added[2]), int(added[3]))
        if top < bottom:
            head = EXACT.add(head, rounded_quotient(top, bottom))
            return head, added.end(), format(head, "f")
    return head, end, digits


def apply_scale(text: str, end: int, digits: str, *, is_money: bool) -> Numeral:
    """Return the numeral of some digits with the fraction and the scale that follow them.

    >>> apply_scale("2½ million", 1, "2", is_money=False).amount
    Decimal('2500000')
    """
    head = Decimal(digits)
    following = text[end + 1 : end + 2] if text[end : end + 1] in (" ", "-") else text[end : end + 1]
    if following in _ADDITION_BEGINS:
        if power := _POWER_OF_TEN.match(text, end):
            return _raise_to_power(head, digits, power)
        head, end, digits = _add_fraction(text, head, end, digits)
        following = text[end + 1 : end + 2] if text[end : end + 1] in (" ", "-") else text[end : end + 1]
    if following not in _SCALES_BEGIN:
        return Numeral(end, head, precision=last_digit_step(digits), head=head)
    scale = 0
    while found := _LONG.match(text, end):
        scale += ENGLISH_SCALES[found[1].lower()]
        end = found.end()
    if not scale and (short := _SHORT.match(text, end)) and _is_scale(text, short, is_money=is_money):
        scale, end = SHORT_SCALES[short[1]], short.end()
    if not scale:
        return Numeral(end, head, precision=last_digit_step(digits), head=head)
    amount = plain_decimal(head.scaleb(scale, EXACT))
    return Numeral(end, amount, precision=last_digit_step(digits, scale), is_scaled=True, head=head)


def _is_scale(text: str, short: re.Match[str], *, is_money: bool) -> bool:
    """Return whether the letters after a number are its scale: with money any, else the unambiguous ones.

    "m" and "b" also are, before a noun that they count: 2.3m people, but 22.4m long.
    """
    if is_money:
        return True
    if text[short.end() : short.end() + 1] == "-":
        return False
    if text[short.start()] == " ":
        return short[1] in SPACED_SCALES
    return short[1] in UNAMBIGUOUS_SCALES or (short[1] in COUNTED_SCALES and counts_noun(text, short.end()))


NO_SCALE = 99
"""A value above every scale."""


class _KoreanSum:
    """A sum of the parts of a Korean numeral, whose scale words must fall."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.great, self.small, self.ceiling = NO_SCALE, 4, NO_SCALE
        self.step = Decimal(1)
        self.head: Decimal | None = None

    def add(self, word: str) -> bool:
        """Add one part; return whether it may follow the parts before."""
        if word in GREAT_SCALES:
            return self._add_great_scale(GREAT_SCALES[word])
        if word in SMALL_SCALES:
            return self._add_small_scale(SMALL_SCALES[word])
        return self._add_digits(word)

    def _add_digits(self, word: str) -> bool:
        value = Decimal(KOREAN_DIGITS.get(word, word.replace(",", "")))
        if self.pending is not None or value.adjusted() >= min(self.ceiling, MOST_DIGITS):
            return False
        self.pending = value
        self.step = Decimal(1) if word in KOREAN_DIGITS else last_digit_step(word.replace(",", ""))
        self.head = value if self.head is None else self.head
        return True

    def _add_small_scale(self, scale: int) -> bool:
        if scale >= self.small:
            return False
        self.section = EXACT.add(self.section, self._scale_pending(scale))
        self.small = self.ceiling = scale
        return True

    def _add_great_scale(self, scale: int) -> bool:
        if scale >= self.great:
            return False
        group = self.section
        if self.pending is not None or not group:
            group = EXACT.add(group, self._scale_pending(0))
        self.step = self.step.scaleb(scale, EXACT)
        self.total = EXACT.add(self.total, group.scaleb(scale, EXACT))
        self.section, self.great, self.small, self.ceiling = Decimal(0), scale, 4, scale
        return True

    def _scale_pending(self, scale: int) -> Decimal:
        """Return the pending digits, or one, times the scale."""
        self.step = Decimal((0, (1,), scale)) if self.pending is None else self.step.scaleb(scale, EXACT)
        product = (Decimal(1) if self.pending is None else self.pending).scaleb(scale, EXACT)
        self.pending = None
        return product

    def amount(self) -> Decimal:
        """Return the sum."""
        return plain_decimal(EXACT.add(self.total, EXACT.add(self.section, self.pending or Decimal(0))))


_COMMON_MIXED = re.compile("(?:([1-9][0-9]{0,3})조)?(?:([1-9][0-9]{0,3})억)?(?:([1-9][0-9]{0,3})만)?")
"""The commonest Korean numerals, which need no further checks: 2조3000억, 490억5000만."""
_COMMON_SCALES = (12, 8, 4)


def _read_common(printed: str, start: int) -> Numeral | None:
    found = _COMMON_MIXED.fullmatch(printed)
    if not found or not printed:
        return None
    parts = [(int(digits), scale) for digits, scale in zip(found.groups(), _COMMON_SCALES, strict=True) if digits]
    amount = Decimal(sum(value * 10**scale for value, scale in parts))
    precision = Decimal((0, (1,), parts[-1][1]))
    return Numeral(start + len(printed), amount, precision=precision, is_scaled=True, head=Decimal(parts[0][0]))


def _read_mixed(printed: str, start: int) -> Numeral | None:
    """Add up the parts of a Korean numeral; it ends before a scale word that is not smaller than the one before."""
    if numeral := _read_common(printed, start):
        return numeral
    parts = _KoreanSum()
    end = before_digits = 0
    for token in _TOKEN.finditer(printed):
        if not parts.add(token[0]):
            if token[0] > "9" and parts.pending is not None and before_digits:
                end, parts.pending = before_digits, None
            break
        before_digits, end = (end if parts.pending is not None else 0), token.end()
    if not end:
        return None
    amount, is_scaled = parts.amount(), parts.great < NO_SCALE
    return Numeral(start + end, amount, precision=parts.step, is_scaled=is_scaled, head=parts.head)


def read_sino(text: str, start: int) -> Numeral | None:
    """Read Sino-Korean number words; 수 or 몇 before a scale word gives the two ends of "several".

    >>> numeral = read_sino("수천 명", 0)
    >>> numeral.amount, numeral.low, numeral.high
    (None, Decimal('1000'), Decimal('9999'))
    """
    found = SINO_NUMERAL.match(text, start)
    if not found:
        return None
    if found["some"]:
        base = _read_mixed(found["digits"], found.start("digits"))
        return indefinite_numeral(base.end, base.amount) if base and base.amount else None
    return _read_mixed(found["digits"], start)


def indefinite_numeral(end: int, low: Decimal) -> Numeral:
    """Return the numeral for "several" of a scale: from one unit of the scale to just below ten.

    >>> indefinite_numeral(0, Decimal(1000)).high
    Decimal('9999')
    """
    high = EXACT.subtract(EXACT.multiply(low, Decimal(10)), Decimal(1))
    return Numeral(end, None, low, high, is_scaled=True)


def read_native(word: str, end: int) -> Numeral:
    """Return the value of a native Korean numeral.

    >>> read_native("서너", 2).low, read_native("스무", 2).amount
    (Decimal('3'), Decimal('20'))
    """
    low, high = NATIVE_NUMERALS[word]
    if low == high:
        return Numeral(end, Decimal(low), precision=Decimal(1))
    return Numeral(end, None, Decimal(low), Decimal(high), Decimal(1))
