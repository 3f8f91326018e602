"""Read figures that begin with a Korean word: native and Sino-Korean numerals, calendar words, lengths of time.

Each reader returns a draft or None, and the position where the scan continues. A numeral in words is a figure only
together with something it counts. This module does not know digits.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.counters import choose_meaning
from claimledger.quantities.dates import read_korean_word
from claimledger.quantities.figure import FigureRole
from claimledger.quantities.extending import extend_draft, join_half, mark_date_offset
from claimledger.quantities.measuring import FigureDraft, FigureReading, measure_numeral
from claimledger.quantities.not_figures import idiom_end
from claimledger.quantities.numeral_words import NATIVE_NUMERALS
from claimledger.quantities.numerals import read_native, read_sino
from claimledger.quantities.shares import read_korean_fraction
from claimledger.quantities.unit_tables import (
    ATTACHED_COUNTERS, CALENDAR_WORDS, NOT_COUNTED_NOUNS, PERSON_NOUNS, STANDALONE_NUMBERS, alternation,
)  # fmt: skip
from claimledger.quantities.units import AFTER_WORD, read_native_unit

_NATIVE = re.compile(alternation(NATIVE_NUMERALS))
_NOUN = re.compile(rf"[가-힣]{{2,6}}?(?={AFTER_WORD.pattern})")
_PERSON_NOUN = re.compile(f"{alternation(PERSON_NOUNS)}$")
"""The end of a noun that names people: 두 학자, 세 국회의원."""
_PAIR = re.compile("(?:두|세|다섯|여섯|일곱|여덟|아홉|열) (?=[가-힣]{2})")
_LENGTHS = re.compile(f"(?P<word>{alternation(CALENDAR_WORDS['lengths'])})[간째]?")
_LASTS = re.compile("만에| ?동안|간")
_MONEY = re.compile(" ?(?:원|달러|위안|엔|유로)")
_LONE_SCALE = re.compile(" ?(?:명|원|달러|개|년|배|번|곳|가지|건|마리|위안|엔)")
_SINO_STARTS = "십백천만억조수몇일이삼사오육칠팔구"


def read_calendar(text: str, start: int, floor: int) -> FigureReading:
    """Read a date, a time of day or a length of time that begins with a word; else read a numeral.

    >>> read_calendar("지난해 4월26일", 0, 0)[0].role.value, read_calendar("하루 만에", 0, 0)[0].amount
    ('date', Decimal('1'))
    """
    if found := read_korean_word(text, start):
        end, is_time = found
        return FigureDraft(start, end, FigureRole.TIME if is_time else FigureRole.DATE), end
    if draft := _read_length(text, start):
        return draft, draft.end
    return read_native_count(text, start, floor)


def _read_length(text: str, start: int) -> FigureDraft | None:
    """Read a word that is a length of time: 하루, 일주일."""
    word = _LENGTHS.match(text, start)
    if not word or not (_LASTS.match(text, word.end()) or AFTER_WORD.match(text, word.end("word"))):
        return None
    many, unit = CALENDAR_WORDS["lengths"][word["word"]]
    draft = FigureDraft(start, word.end(), FigureRole.DURATION, Decimal(many), unit=unit, precision=Decimal(1))
    join_half(text, draft)
    mark_date_offset(text, draft)
    return draft


def read_native_count(text: str, start: int, floor: int) -> FigureReading:
    """Read a native numeral with its counter.

    >>> read_native_count("두 배 가까이", 0, 0)[0].unit, read_native_count("한 걸음", 0, 0)
    ('times', (None, 4))
    """
    if idiom := idiom_end(text, start):
        return None, idiom
    word = _NATIVE.match(text, start)
    found = word and read_native_unit(text, word.end())
    found = word and found and choose_meaning(text, start, word.end(), found)
    if not word or not found:
        if text[start] in _SINO_STARTS:
            return read_sino_figure(text, start, floor)
        return read_native_before_noun(text, start, floor) if _PAIR.match(text, start) else (None, start + 1)
    if not _may_count(word[0], text[word.end() : found.end]):
        return None, found.end
    numeral = read_native(word[0], word.end())
    draft = FigureDraft(start, word.end(), FigureRole.QUANTITY, numeral.amount, numeral.low, numeral.high)
    draft.precision = numeral.precision
    draft.set_unit(found)
    join_half(text, draft)
    mark_date_offset(text, draft)
    return draft, draft.end


def _may_count(word: str, counter: str) -> bool:
    """Return whether numeral and counter are really that: 세종 and 한편 are words, 한 여성 is a certain woman."""
    form = counter.lstrip(" ")
    if word == "첫":
        return form == "번째"
    if form == counter and len(word) == 1:
        return form in ATTACHED_COUNTERS
    return not (word == "한" and form in NOT_COUNTED_NOUNS)


def read_native_before_noun(text: str, start: int, _floor: int) -> FigureReading:
    """Read a native numeral before a noun that is not a counter.

    >>> read_native_before_noun("두 학자가", 0, 0)[0].amount
    Decimal('2')
    """
    if idiom := idiom_end(text, start):
        return None, idiom
    word = _NATIVE.match(text, start)
    noun = word and _NOUN.match(text, word.end() + 1)
    if not word or not noun:
        return None, start + 1
    numeral = read_native(word[0], word.end())
    draft = FigureDraft(start, noun.end(), amount=numeral.amount, precision=numeral.precision, is_bare=True)
    if _PERSON_NOUN.search(noun[0]):
        draft.unit, draft.is_bare = "person", False
    return draft, noun.end()


def read_sino_figure(text: str, start: int, floor: int) -> FigureReading:
    """Read Sino-Korean number words with their unit.

    >>> read_sino_figure("수천 명이", 0, 0)[0].high, read_sino_figure("조사부는", 0, 0)
    (Decimal('9999'), (None, 2))
    """
    if idiom := idiom_end(text, start):
        return None, idiom
    if special := read_korean_fraction(text, start):
        return special, special.end
    numeral = read_sino(text, start)
    if numeral is None:
        return None, start + 1
    needed = _MONEY if "조" in text[start : numeral.end] else _LONE_SCALE if numeral.end == start + 1 else None
    is_word = text[start] == "조" and numeral.end > start + 1  # 조사원, 조사부
    if is_word or (needed and not needed.match(text, numeral.end)):
        return None, numeral.end
    draft = measure_numeral(text, start, numeral, None)
    if draft.is_bare or not AFTER_WORD.match(text, draft.end):
        return None, numeral.end
    extend_draft(text, draft, numeral, floor)
    return draft, draft.end


_ALONE = re.compile(alternation(STANDALONE_NUMBERS))


def read_standalone_number(text: str, start: int, _floor: int) -> FigureReading:
    """Read a number word that needs no counter: 절반, 하나, 둘, 서른.

    >>> read_standalone_number("절반이 넘는", 0, 0)[0].amount, read_standalone_number("하나도", 0, 0)
    (Decimal('0.5'), (None, 3))
    """
    word = _ALONE.match(text, start)
    if not word or not AFTER_WORD.match(text, word.end()):
        return None, start + 1
    if idiom := idiom_end(text, start):
        return None, idiom
    amount, unit = STANDALONE_NUMBERS[word[0]]
    draft = FigureDraft(start, word.end(), amount=Decimal(amount), unit=unit, precision=Decimal(1))
    if unit == "ratio":
        draft.precision, draft.is_measure = None, True
    return draft, draft.end
