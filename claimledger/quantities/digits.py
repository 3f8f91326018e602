"""Read figures that begin with a digit: dates and times, fractions, scores, measured and bare numbers.

Each reader returns a draft or None, and the position where the scan continues. A number without a unit is a figure only
if it is not part of a name or a code. This module does not know number words.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.dates import ENGLISH_YEAR, read_date_at_digit, read_time_at_digit
from claimledger.quantities.extending import extend_draft
from claimledger.quantities.figure import FigureRole
from claimledger.quantities.korean_forms import is_money_in_trillions, read_fixed_form, read_numbered_group
from claimledger.quantities.measuring import FigureDraft, FigureReading, is_unsure_length, measure_numeral, read_sign
from claimledger.quantities.not_figures import ends_name, is_code, read_name, run_end
from claimledger.quantities.nouns import read_noun
from claimledger.quantities.numeral_words import FRACTION_CHARACTERS
from claimledger.quantities.numerals import Numeral, rounded_quotient, read_digits
from claimledger.quantities.shares import (
    read_korean_fraction, read_ratio, read_share_of_total, read_slashed_fraction,
)  # fmt: skip
from claimledger.quantities.units import AFTER_WORD, read_unit
from claimledger.vocabulary import Comparator

_SCORE = re.compile(
    r"(?P<one>0|[1-9][0-9]{0,2})[-:](?P<other>0|[1-9][0-9]{0,2})(?![0-9]|[.,:-][0-9])"
    r"(?!(?!로|으로|승|패|무)[가-힣]|[%A-Za-z$]| [가-힣]{2})"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])(?:-[a-z]+)?", re.IGNORECASE)
_PART_OF_NAME = re.compile(r"'s(?![A-Za-z])| (?:ZIP|zip) [Cc]ode| (?:Pro|Plus|Max|Ultra|Mini)(?![A-Za-z])")
"""Words after a number of a name: the 90's, the 11 Pro Max, a postal code."""
_FEET = re.compile("([0-9]{1,2})(?:'|ft\\.? ?| ?feet )([0-9]{1,2})(?:\"|″|''| ?in(?:ch(?:es)?)?(?![A-Za-z]))")
_INCHES_IN_FOOT = 12
_AGE_ENDS = re.compile(r" ?[,)·/]|세")
_HANGUL = re.compile("[가-힣]")
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|by|of|from|until|till|during|to|through|before|after|and|mid|early|late|for|around|circa|between|the"
    r"|his|her|its|their|this|last|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|winter|summer|spring|fall|autumn)|^|[(\"'“,;-])[ -]?$",
    re.IGNORECASE,
)
_NOT_YEAR = re.compile(r"(?:about|over|than|nearly|almost|least|some|approximately|roughly) $", re.IGNORECASE)
_NEAR_NOUN = 12
_OLDEST = 120
_LONG = 4
_CODE_LENGTH = 10
"""The number of digits, without a separator or a unit, from which a number is an identifier."""


def read_at_digit(text: str, start: int, floor: int) -> FigureReading:
    """Read the figure that begins with the digit at `start`.

    >>> read_at_digit("40명", 0, 0)[0].unit, read_at_digit("A100", 1, 0)
    ('person', (None, 4))
    """
    if skipped := read_name(text, start, floor):
        return None, skipped
    if special := _read_special(text, start):
        return special, special.end
    sign = read_sign(text, start, floor)
    if sign is None and (score := _read_score(text, start)):
        return score, score.end
    numeral = read_digits(text, start, is_money=sign is not None)
    if numeral is None:
        return None, run_end(text, start)
    draft = measure_numeral(text, _ordinal_start(text, start, floor), numeral, sign)
    if draft.is_bare and (year := _read_year(text, start, draft)):
        return year, year.end
    extend_draft(text, draft, numeral, floor)
    return _accept_or_reject(text, start, draft)


_MAY_BE_SPECIAL = re.compile(
    r"[12][0-9]{3}\.[0-9]|[0-9]++(?:[.,][0-9]++)*+ ?(?:[년월일시회분대학총지광전박조할세]|-to-|o'clock|[-~:/·,] ?[0-9]"
    r"|[ap]\.?m|[AP]\.?M|'|ft|feet|(?:st|nd|rd|th)? ?(?:of )?[JFMASOND])"
)


def _read_special(text: str, start: int) -> FigureDraft | None:
    """Read a figure that is not a plain number: a ratio, a time of day, a date, a fraction."""
    if not _MAY_BE_SPECIAL.match(text, start):
        return None
    if found := read_ratio(text, start) or read_fixed_form(text, start):
        return found
    if (end := read_time_at_digit(text, start)) is not None:
        return FigureDraft(start, end, FigureRole.TIME)
    if (end := read_date_at_digit(text, start)) is not None:
        return FigureDraft(start, end, FigureRole.DATE)
    return _read_feet(text, start) or read_korean_fraction(text, start) or read_slashed_fraction(text, start)


def _read_feet(text: str, start: int) -> FigureDraft | None:
    """Read feet and inches as inches: 6'3", 5ft 10in."""
    feet = _FEET.match(text, start)
    if not feet:
        return None
    inches = Decimal(int(feet[1]) * _INCHES_IN_FOOT + int(feet[2]))
    return FigureDraft(start, feet.end(), amount=inches, unit="inch", precision=Decimal(1), is_measure=True)


def _ordinal_start(text: str, start: int, floor: int) -> int:
    """Return the start of 제 before an ordinal, or `start` if there is none."""
    for sign in ("제", "제 "):
        place = start - len(sign)
        if place >= floor and text.startswith(sign, place) and not _HANGUL.match(text, place - 1, place):
            return place
    return start


def _read_score(text: str, start: int) -> FigureDraft | None:
    found = _SCORE.match(text, start)
    if not found or read_noun(text, found.end(), is_one=False) or read_unit(text, found.end()):
        return None
    one, other = Decimal(found["one"]), Decimal(found["other"])
    draft = FigureDraft(start, found.end(), unit="score", precision=Decimal(1), is_measure=True)
    draft.low, draft.high = min(one, other), max(one, other)
    return draft


def _read_year(text: str, start: int, draft: FigureDraft) -> FigureDraft | None:
    """Return a bare number as a year unless a noun or a comparator makes it a count."""
    found = ENGLISH_YEAR.match(text, start)
    if not found or found.end() < draft.end:
        return None
    before = text[max(0, start - 12) : start]
    noun = read_noun(text, found.end(), is_one=False)
    if noun and noun[1] - found.end() < _NEAR_NOUN and (_NOT_YEAR.search(before) or not _YEAR_CUE.search(before)):
        return None
    return FigureDraft(start, found.end(), FigureRole.DATE)


def _accept_or_reject(text: str, start: int, draft: FigureDraft) -> FigureReading:
    """Accept the draft or reject it as a name; give a bare English number its noun."""
    if not draft.is_bare:
        is_wrong = (text[draft.start] == "제" and draft.currency) or (
            draft.unit == "meter" and is_unsure_length(text, draft)
        )
        return (None if is_wrong else draft), draft.end
    end = draft.end
    if rejected_end := _rejected_end(text, start, draft):
        return None, rejected_end
    if out := read_share_of_total(text, draft):
        return out, out.end
    if _HANGUL.search(text, max(0, start - 10), min(len(text), end + 6)):
        return _accept_korean(text, start, draft)
    return _accept_english(text, start, draft)


def _rejected_end(text: str, start: int, draft: FigureDraft) -> int:
    """Return the position to continue at if a bare number is an ordinal, a code or part of a word, else 0."""
    end = draft.end
    if ordinal := _ORDINAL.match(text, end):
        return ordinal.end()
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha():
        return run_end(text, end)
    if _PART_OF_NAME.match(text, end):
        return end
    is_long = draft.low is None and text[start:end].isdigit() and end - start >= _CODE_LENGTH
    return end if is_long or is_code(text, start, end) else 0


def _accept_korean(text: str, start: int, draft: FigureDraft) -> FigureReading:
    end = draft.end
    if text[end - 1] == "조" and draft.low is None:
        group = read_numbered_group(text, start, draft)
        return group or (draft if is_money_in_trillions(text, start, draft) else None), end
    if text[draft.start] == "제":  # 제2의; in 제2외국어 it is part of a name
        draft.unit = "ordinal"
        draft.role = FigureRole.QUANTITY if AFTER_WORD.match(text, end) else FigureRole.NAME
        return draft, end
    if end - start < _LONG and not AFTER_WORD.match(text, end):
        return None, end
    if start and text[start - 1] in "(·.," and _is_age(draft) and _AGE_ENDS.match(text, end):
        draft.unit = "year_of_age"
        return draft, end
    return (None if ends_name(text, start) else draft), end


def _accept_english(text: str, start: int, draft: FigureDraft) -> FigureReading:
    end = draft.end
    if plus := _PLUS.match(text, end):
        return _accept_plus(text, draft, plus.end())
    noun = read_noun(text, end, is_one=draft.amount == 1)
    is_count = "," in text[start:end] or draft.low is not None
    if not (is_count and (draft.low is not None or not noun)) and ends_name(text, start):
        return None, end
    if _AGE_CUE.search(text, max(0, start - 16), start) and _can_be_age(draft):
        draft.unit, draft.is_bare = "year_of_age", False
    elif noun:
        draft.set_noun(noun)
    elif text[start - 2 : start] == ", " and text[end : end + 1] == "," and _is_age(draft):
        draft.unit = "year_of_age"
    return draft, draft.end


_PLUS = re.compile(r"(?:-plus|\+)(?= [A-Za-z])")


def _accept_plus(text: str, draft: FigureDraft, end: int) -> FigureReading:
    """Read 90-plus minutes or 100+ people: more than the number."""
    draft.end, draft.comparator = end, Comparator.MORE_THAN
    if unit := read_unit(text, end):
        draft.set_unit(unit)
    elif noun := read_noun(text, end, is_one=False):
        draft.set_noun(noun)
    return draft, draft.end


_AGE_CUE = re.compile(
    r"\b(?:aged|ages?(?: of| between)?|who (?:is|was|turned)|turn(?:s|ed|ing)) (?:about |around |just )?$",
    re.IGNORECASE,
)
"""Words that make a bare number an age."""


def _can_be_age(draft: FigureDraft) -> bool:
    return _is_age(draft) or (
        draft.low is not None and draft.high is not None and 0 <= draft.low < draft.high < _OLDEST
    )


def _is_age(draft: FigureDraft) -> bool:
    return draft.amount is not None and 1 <= draft.amount < _OLDEST and draft.amount == int(draft.amount)


def read_at_point(text: str, start: int, floor: int) -> FigureReading:
    """Read a decimal without its leading zero, as in "rose .5 %".

    >>> read_at_point("rose .5 %", 5, 0)[0].amount, read_at_point("a.5", 1, 0)
    (Decimal('0.5'), (None, 3))
    """
    is_apart = not start or text[start - 1] in " (+$£€~-\n\t"
    return read_at_digit(text, start, floor) if is_apart else (None, run_end(text, start))


def read_fraction_character(text: str, start: int, _floor: int) -> FigureReading:
    """Read a fraction that is one character.

    >>> read_fraction_character("¾ of", 0, 0)[0].amount
    Decimal('0.75')
    """
    draft = measure_numeral(
        text, start, Numeral(start + 1, rounded_quotient(*FRACTION_CHARACTERS[text[start]]), is_fraction=True), None
    )
    return draft, draft.end
