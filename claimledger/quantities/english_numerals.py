"""Read figures that begin with an English word: spelled numbers, shares, dozens, "thousands of", dates.

Each reader returns a draft or None, and the position where the scan continues. "one" is a figure only before a noun
that it counts. This module does not know digits.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.dates import read_english_word
from claimledger.quantities.figure import FigureRole
from claimledger.quantities.extending import extend_draft
from claimledger.quantities.measuring import FigureDraft, FigureReading, measure_numeral
from claimledger.quantities.not_figures import ends_name, idiom_end
from claimledger.quantities.nouns import begins_with_noun, read_noun
from claimledger.quantities.numeral_words import ENGLISH_SCALES, INDEFINITE_NUMBERS, ENGLISH_NUMBERS
from claimledger.quantities.numerals import Numeral, indefinite_numeral
from claimledger.quantities.shares import read_share_of_total
from claimledger.quantities.spelled_numbers import read_fraction, read_spelled_number
from claimledger.quantities.unit_tables import MULTIPLES, alternation
from claimledger.quantities.units import read_unit

_WORD = re.compile(r"[A-Za-z]*+")
_HALF = re.compile(r"(?:an? )?half(?![A-Za-z])", re.IGNORECASE)
_HALF_OF = re.compile(
    r"(?:an? )?half(?: of (?:the|its|their|all|them|our|his|her|those|these|which|whom|that|an?|[a-z]+s)\b"
    r"| (?:the|its|their|all|of)\b| an? (?=[a-z]))",
    re.IGNORECASE,
)
_HALF_CUE = re.compile(
    r"(?:about|nearly|almost|over|than|roughly|around|by|least|some|in|just|only|under) $", re.IGNORECASE
)
_HALF_NAME = re.compile(r"(?:first|second|other|opening|final|this|latter|better|top|bottom|a) $", re.IGNORECASE)
_ARTICLE = re.compile(r" an? (?=[a-z])")
_HALF_SCALE = re.compile(
    r"half(?: a|-a)?[ -](?P<scale>hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z])", re.IGNORECASE
)
_DOZEN = re.compile(r"(?:(?P<many>an?|one|two|three|four|five|six) )?dozen(?![A-Za-z])", re.IGNORECASE)
_POINTED = re.compile(r"\b(?:the|these|those|top|bottom|last|first|next|other|all) $", re.IGNORECASE)
_PITCH = re.compile(r"(?:final|first|last|top|bottom|attacking|defensive|defending|middle) $", re.IGNORECASE)
_SOME = re.compile(
    r"(?:(?P<few>several|a few|many) (?P<one>hundred|thousand|million|billion)s?"
    r"|(?P<first>tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    r"(?: of (?P<second>hundreds|thousands|millions|billions|trillions))?)(?![A-Za-z])",
    re.IGNORECASE,
)
_OF = re.compile(" of(?: the| its| their)?(?= )")


def _word_end(text: str, start: int) -> int:
    found = _WORD.match(text, start)
    return max(found.end() if found else start, start + 1)


def read_number_word(text: str, start: int, floor: int) -> FigureReading:
    """Read a number in words, a share, or a dozen.

    >>> read_number_word("two-thirds of", 0, 0)[0].unit, read_number_word("a dozen eggs", 0, 0)[0].amount
    ('ratio', Decimal('12'))
    >>> read_number_word("one thing is", 0, 0)[0] is None
    True
    """
    end = _word_end(text, start)
    if idiom := idiom_end(text, start):
        return None, max(idiom, end)
    if text[max(0, start - 2) : start].endswith(("-", " -")):
        return None, end
    if share := read_fraction(text, start):
        draft = measure_numeral(text, start, share, None)
        return draft, draft.end
    numeral = _read_scaled(text, start)
    if numeral is None and (found := _HALF.match(text, start)):
        return _read_half(text, start, found.end(), floor)
    return _read_count(text, start, numeral, floor) if numeral else (None, end)


def _read_scaled(text: str, start: int) -> Numeral | None:
    """Read a scaled or spelled number: half a million, two dozen, twenty-one."""
    if found := _HALF_SCALE.match(text, start):
        scale = found["scale"].lower()
        amount = Decimal(6) if scale == "dozen" else Decimal(5 * 10 ** (ENGLISH_SCALES[scale] - 1))
        return Numeral(found.end(), amount, precision=amount, is_scaled=True)
    if found := _DOZEN.match(text, start):
        amount = Decimal(12 * ENGLISH_NUMBERS.get((found["many"] or "a").lower(), 1))
        return Numeral(found.end(), amount, precision=Decimal(1), is_scaled=True)
    return None if _HALF.match(text, start) else read_spelled_number(text, start)


def _read_count(text: str, start: int, numeral: Numeral, floor: int) -> FigureReading:
    if text.startswith(" o'clock", numeral.end):
        return FigureDraft(start, numeral.end + len(" o'clock"), FigureRole.TIME), numeral.end + len(" o'clock")
    draft = measure_numeral(text, start, numeral, None)
    extend_draft(text, draft, numeral, floor)
    if not draft.is_bare:
        return draft, draft.end
    if share := read_share_of_total(text, draft):
        return share, share.end
    if draft.amount == 1:
        return _read_one(text, draft)
    return (draft if _takes_noun(text, start, draft, numeral) else None), draft.end


def _takes_noun(text: str, start: int, draft: FigureDraft, numeral: Numeral) -> bool:
    """Give the number its noun; return whether it counts something ("the two" refers to people)."""
    if draft.low is None and text[start].isupper() and ends_name(text, start):
        return False
    if noun := read_noun(text, draft.end, is_one=False):
        draft.set_noun(noun)
        return True
    return numeral.is_scaled or not _POINTED.search(text, max(0, start - 8), start)


def _read_one(text: str, draft: FigureDraft) -> FigureReading:
    """Read "one" as a count if a noun follows."""
    noun = read_noun(text, draft.end, is_one=True) if begins_with_noun(text, draft.end) else None
    if noun is None:
        return None, draft.end
    draft.set_noun(noun)
    return draft, draft.end


def _read_half(text: str, start: int, end: int, floor: int) -> FigureReading:
    before = text[max(floor, start - 14) : start]
    if _HALF_NAME.search(before) or not (_HALF_OF.match(text, start) or _HALF_CUE.search(before)):
        return None, end
    draft = FigureDraft(start, end, amount=Decimal("0.5"), unit="ratio", is_measure=True)
    if (found := _ARTICLE.match(text, end)) and (unit := read_unit(text, found.end() - 1)):
        draft.set_unit(unit)
    return draft, draft.end


def read_share(text: str, start: int, _floor: int) -> FigureReading:
    """Read "a third of", unless it is a part of a pitch or a game.

    >>> read_share("a third of the jobs", 0, 0)[0].amount
    Decimal('0.3333')
    """
    share = read_fraction(text, start)
    if not share or _PITCH.search(text, max(0, start - 11), start):
        return None, start + 1
    return FigureDraft(start, share.end, amount=share.amount, unit="ratio", is_measure=True), share.end


_MULTIPLE = re.compile(alternation(MULTIPLES) + "(?![A-Za-z]| down)", re.IGNORECASE)
_BASE = re.compile(" (?:as [a-z]+|the|its|that|what)$", re.IGNORECASE)


def read_multiple(text: str, start: int, _floor: int) -> FigureReading:
    """Read a word that is a multiple: doubled, twice as, halved. The words after "twice" stay outside the figure.

    >>> read_multiple("twice as many", 0, 0)[0].end, read_multiple("halved", 0, 0)[0].amount
    (5, Decimal('0.5'))
    """
    found = _MULTIPLE.match(text, start)
    if not found:
        return None, _word_end(text, start)
    amount, unit = MULTIPLES[found[0].lower()]
    base = _BASE.search(found[0])
    end = found.end() - (len(base[0]) if base else 0)
    return FigureDraft(start, end, amount=Decimal(amount), unit=unit, is_measure=True), end


def read_indefinite_number(text: str, start: int, _floor: int) -> FigureReading:
    """Read "thousands of" or "several hundred" as a range from one unit of the scale to just below ten.

    >>> draft = read_indefinite_number("tens of thousands of students", 0, 0)[0]
    >>> draft.low, draft.high, draft.unit
    (Decimal('10000'), Decimal('99999'), 'student')
    """
    found = _SOME.match(text, start)
    if not found:
        return None, _word_end(text, start)
    low = 1
    for word in (found["one"] and found["one"] + "s", found["first"], found["second"]):
        low *= INDEFINITE_NUMBERS[word.lower()] if word else 1
    draft = measure_numeral(text, start, indefinite_numeral(found.end(), Decimal(low)), None)
    if draft.is_bare:
        _set_following_unit(text, draft)
    return draft, draft.end


def _set_following_unit(text: str, draft: FigureDraft) -> None:
    """Set the unit or noun after "thousands of"."""
    of = _OF.match(text, draft.end)
    end = of.end() if of else draft.end
    if of and (unit := read_unit(text, end)):
        draft.set_unit(unit)
    elif noun := read_noun(text, end, is_one=False):
        draft.set_noun(noun)


def read_calendar_word(text: str, start: int, _floor: int) -> FigureReading:
    """Read an English date, or "noon" and "midnight".

    >>> read_calendar_word("early April 2023,", 0, 0)[0].end, read_calendar_word("noon", 0, 0)[0].role.value
    (16, 'time')
    """
    end = _word_end(text, start)
    if text[start:end].lower() in ("noon", "midnight"):
        return FigureDraft(start, end, FigureRole.TIME), end
    date_end = read_english_word(text, start)
    return (FigureDraft(start, date_end, FigureRole.DATE), date_end) if date_end else (None, end)
