"""Recognise numbers that belong to a name, a code, an address or a table and are therefore not figures.

Each function looks at a bounded window, or at a run of characters that the scan then skips. This module does not know
values.
"""

from __future__ import annotations

import re

from claimledger.quantities.dates import read_date_at_digit, read_time_at_digit
from claimledger.quantities.measuring import read_sign
from claimledger.quantities.numerals import read_digits
from claimledger.quantities.unit_tables import (
    HYPHENATED_PREFIXES, IDIOMS_EN, IDIOMS_KO, JOINED_NAMES, KOREAN_NAMES, KOREAN_NAMES_END, NAME_WORDS, OPENERS,
    PREFIXES,
)  # fmt: skip
from claimledger.quantities.units import read_unit

_RUN = re.compile(r"[0-9A-Za-z.,]*+")
_CHAIN = re.compile(
    r"[0-9]++-[0-9]++(?= ?(?:번지|호(?!선)))|[0-9]++(?:-[0-9]++){2,}+|[0-9]++(?:\.[0-9]++){2,}+"
    r"|[0-9]{3,}+-[0-9]{4}(?![0-9])|[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})(?![0-9/])"
)
"""Lot and telephone numbers, versions, and dates whose order of day and month is not known."""
_ROW = re.compile(r"[0-9십백천만억조경 ,.:;/|~·\r\n\t-]{160,}+")
"""A run of numbers so long that it is a table or a code."""
_ADDRESS = re.compile(
    r"[0-9]{1,5}(?:-[0-9]{1,5})? (?:[A-Z][A-Za-z.]{0,20}+ |[0-9]{1,3}(?:st|nd|rd|th) ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Way|Drive|Dr|Lane|Ln|Boulevard|Blvd|Square|Court|Place|Highway)(?![a-z])"
    r"|[0-9]{1,5} (?:Rue|Ave|Avenue|Via|Calle) [A-Z]"
)
_NAMES = re.compile(f"{JOINED_NAMES.pattern}|{_ROW.pattern}|{_ADDRESS.pattern}|(?P<chain>{_CHAIN.pattern})")
"""All of these patterns, in this order."""
_CODE = re.compile(r"0[0-9].*|[0-9]\.0")
_VERSION = re.compile(r"[0-9]\.0(?![0-9])(?! ?[%A-Za-z])")
_NAME_BEFORE = re.compile(r"[A-Z][A-Za-z]+ $")
_LETTER = re.compile(r"[A-Za-z_#@&\\]")
_HANGUL_BEFORE = re.compile("[가-힣]{1,6}$")
_HYPHENED_BEFORE = re.compile("[A-Za-z가-힣]{1,7}$")
_WHOLE_DATE = re.compile(r"[12][0-9]{3}년|[0-9]{1,2}월 ?[0-9]{1,2}일")
_WORD_BEFORE = re.compile(r"(?:^|[\s(\"'“])(?P<word>[A-Za-z&][A-Za-z&.'/-]*)[ -]{1,2}$")


def run_end(text: str, start: int) -> int:
    """Return the end of the run of letters and digits from `start`, at least one further.

    >>> run_end("A100 클러스터", 1)
    4
    """
    found = _RUN.match(text, start)
    return max(found.end() if found else start, start + 1)


def read_name(text: str, start: int, floor: int) -> int:
    """Return the position to continue at if the digits at `start` are part of a name or a longer string, else 0.

    >>> read_name("지피티-3.5를", 4, 0), read_name("약130억달러", 1, 0)
    (7, 0)
    """
    if found := _NAMES.match(text, start):
        return 0 if found["chain"] and read_date_at_digit(text, start) else found.end()
    return run_end(text, start) if start and _continues_run(text, start, floor) else 0


def _continues_run(text: str, start: int, floor: int) -> bool:
    """Return whether the characters to the left make the digits part of something longer."""
    before = text[start - 1]
    if before in " (":
        return _ends_korean_name(text, start) or _is_version(text, start)
    if before.isdigit() or (before in ".," and start > 1 and text[start - 2].isdigit()):
        return True
    if _LETTER.match(before):
        return read_sign(text, start, floor) is None
    if before == "-":
        return start > 1 and text[start - 2].isalpha() and not _is_hyphened(text, start)
    return "가" <= before <= "힣" and not _may_touch(text, start)


def _ends_korean_name(text: str, start: int) -> bool:
    last = text[start - 2 : start - 1] if text[start - 1] == " " else text[start - 1]
    return last in KOREAN_NAMES_END and KOREAN_NAMES.search(text, max(0, start - 6), start) is not None


def _is_version(text: str, start: int) -> bool:
    """Return whether the number is the version of the name before it: AI 1.0 단계."""
    return bool(
        text.startswith(".0", start + 1)
        and _VERSION.match(text, start)
        and _NAME_BEFORE.search(text, max(0, start - 12), start)
    )


def _is_hyphened(text: str, start: int) -> bool:
    found = _HYPHENED_BEFORE.search(text, max(0, start - 8), start - 1)
    return bool(found and found[0].lower() in HYPHENATED_PREFIXES)


def _may_touch(text: str, start: int) -> bool:
    """Return whether the Hangul right before the digits does not make them part of a name, as in 약130억."""
    found = _HANGUL_BEFORE.search(text, max(0, start - 6), start)
    if _ends_korean_name(text, start):
        return False
    if not found or found[0] in PREFIXES or text[start - 1] in "년월일시분":
        return True
    if read_time_at_digit(text, start) or _WHOLE_DATE.match(text, start):
        return True
    numeral = read_digits(text, start, is_money=False)
    if numeral is None:
        return False
    unit = read_unit(text, numeral.end)
    is_attached = text[numeral.end : numeral.end + 1] != " "
    return numeral.is_scaled or (unit is not None and is_attached and unit.unit.name != "ordinal")


def is_code(text: str, start: int, end: int) -> bool:
    """Return whether a bare number is written like a code or a version: 007, AI 2.0.

    >>> is_code("007 시리즈", 0, 3), is_code("AI 2.0", 3, 6), is_code("0.5", 0, 3)
    (True, True, False)
    """
    return bool(_CODE.fullmatch(text, start, end))


def ends_name(text: str, start: int) -> bool:
    """Return whether a bare number follows a word with which it forms a name: iPhone 11, Game 7, Fortune 100.

    >>> ends_name("the iPhone 11 costs", 11), ends_name("At 118", 3)
    (True, False)
    """
    found = _WORD_BEFORE.search(text, max(0, start - 24), start)
    if not found:
        return False
    word = found["word"]
    if word.lower() in NAME_WORDS:
        return True
    return _is_capital(word) and word.lower() not in OPENERS


def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[1:] != word[1:].lower()


def idiom_end(text: str, start: int) -> int:
    """Return the end of the figure of speech that contains the numeral at `start`, else 0.

    >>> idiom_end("한 걸음 다가", 0), idiom_end("업계의 네 마리 용", 4), idiom_end("한 명", 0)
    (4, 10, 0)
    """
    korean = "가" <= text[start] <= "힣"
    reach = 4 if korean else 12
    for found in (IDIOMS_KO if korean else IDIOMS_EN).finditer(text, max(0, start - reach), start + 32):
        if found.start() <= start < found.end() and (korean or not text[found.start() - 1 : found.start()].isalpha()):
            return found.end()
    return 0
