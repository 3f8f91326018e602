"""Recognise dates, lengths of time from a date, and times of day, in Korean and English.

Only dates that the calendar allows are recognised (no 13월, no 32일). `resolving` determines which day is meant. A
plain number of years or hours is an ordinary unit. This module does not know quantities.
"""

from __future__ import annotations

import re

from claimledger.quantities.unit_tables import CALENDAR_WORDS, alternation

_KO, _EN = CALENDAR_WORDS["korean"], CALENDAR_WORDS["english"]
MONTH_NUMBERS = {
    name.rstrip(".").lower(): int(month) for month, names in CALENDAR_WORDS["months"].items() for name in names
}
"""The number of each English month name, in lower case and without a full stop."""
_NAMES = [name for names in CALENDAR_WORDS["months"].values() for name in names]
_MONTH_EN = f"{alternation([*_NAMES, *(name.rstrip('.') for name in _NAMES)])}(?![A-Za-z])"
_ENDS_WORD = (
    f"(?:(?![가-힣])|(?=(?:{alternation(_KO['last'])}(?![가-힣])|"
    f"{alternation(_KO['before_more'])}[가-힣]{{0,3}}(?![가-힣]))))"
)
"""The possible text after a Korean calendar word."""

_RELATIVE = [word for use in ("day", "week", "month", "year") for word in CALENDAR_WORDS[use]]
_KO_RELATIVE = alternation(word for word in _RELATIVE if word >= "가" and word != "올")
_EN_RELATIVE = alternation(word for word in _RELATIVE if word.isascii())
_PART = r"(?: ?(?:초순|상순|중순|하순|초반|중반|후반|말|초)(?!기|등|과|만|하|미|석|로|대)| ?(?:상|하)반기)"
_DAY = "(?:[12][0-9]|3[01]|0?[1-9])"
_MONTH = "(?:1[0-2]|0?[1-9])"
_WEEKDAY = r"(?:,? ?\(?[월화수목금토일]요일\)?)?"
_LASTS = f"(?:{alternation(_KO['lasting'])}|정[^오]|간| ?(?:후|전)(?![가-힣]))"
_OF_MONTH = f"일(?!{_LASTS}|[과와,] ?[0-9]{{1,2}}일{_LASTS}|, 길어도|, 많게는)"
"""일 as the day of a month, not as a number of days; the verb after a pair of them holds for both."""
_LINK = " ?[~-] ?"
_QUARTER = "[1-4](?:/4)?분기(?! ?(?:연속|만에|만의|째|내리))"
_YEAR = "(?:[12][0-9]{3}|(?<!지난 )'?[0-9]{2}(?=년 ?[0-9]{1,2}월(?! ?동안)))"
_AFTER_YEAR = f"(?:{_MONTH}(?:{_LINK}{_MONTH})?월|{_QUARTER}|{_DAY}{_OF_MONTH}|봄|여름|가을|겨울|[상하]반기)"
_CENTURY = (
    "(?:[4-9]|1[0-9]|2[0-2]|[1-3](?=세기 ?(?:초|말|전반|중반|후반|로마|무렵)))세기"
    "(?! ?(?:동안|간|만|이상|가량|정도|넘|여|에 걸|가 넘|를 넘|뒤|전))"
)
"""A century of the calendar, not a length of time."""
_LONE_YEAR = "(?:[12][0-9]{3}|[0-9]{2}(?=년대|년생|학년도))(?:학?년도|년대|년생|년)"
KOREAN_DATE = re.compile(
    rf"(?>{_YEAR}년도? ?(?={_AFTER_YEAR}))?+(?:"
    rf"(?:{_MONTH}월?{_LINK})?{_MONTH}월(?!드컵)(?: ?(?:{_DAY}일?{_LINK})?{_DAY}{_OF_MONTH}|{_PART})?"
    rf"|(?:상|하)반기|봄|여름|가을|겨울|{_QUARTER}"
    rf"|(?:{_DAY}일?(?:{_LINK}|, ?))?{_DAY}{_OF_MONTH}"
    rf"|(?:[12][0-9]{{3}}년?{_LINK}(?:[12][0-9])?)?{_LONE_YEAR}(?:{_PART})?"
    rf"|{_CENTURY}"
    rf"){_WEEKDAY}"
)
"""A Korean date from its first digit on."""
_THIS_YEAR = "올(?= ?(?:[0-9상하봄]|여름|가을|겨울|초(?!등)|연말|말(?![가-힣])))"
KOREAN_WORD = re.compile(
    r"(?:지난|오는) ?(?=[0-9](?:[0-9]{0,3}(?:[월일년]|[~-]))|주말|[월화수목금토일]요일)"
    rf"|(?:{_KO_RELATIVE}|{_THIS_YEAR})(?P<after> ?)"
)
"""A Korean word that begins a date; more of the date may follow."""
_TAIL_AFTER_WORD = re.compile(rf" ?(?:상반기|하반기|여름|겨울|가을|봄)|{_PART}")
_UNFIXED = alternation(CALENDAR_WORDS["unfixed"]["ko"])
UNFIXED = re.compile(
    rf"(?:매주 )?{_UNFIXED}(?:(?<=요일)|(?<=[해년달월]){_PART}?){_ENDS_WORD}|{_UNFIXED}{_ENDS_WORD}"
    r"|봄(?=에|부터|까지|의 |철|,|·)"
)
"""A calendar word that does not name a fixed day."""
_HOUR = "(?:[01]?[0-9]|2[0-4])"
_MINUTES = r"(?: ?[0-5]?[0-9]분(?!의|기|야)(?: ?[0-5]?[0-9]초)?| ?반(?![가-힣]))?"
_CLOCK = f"{_HOUR}시(?!{alternation(_KO['not_after_hour'])}){_MINUTES}"
_HALF = alternation(CALENDAR_WORDS["time"]["half_day"])
CLOCK = re.compile(
    rf"(?:{_HALF} ?){{0,3}}(?:{_HOUR}{_LINK}(?=[0-9]+시))?{_CLOCK}(?:{_LINK}(?:{_HALF} ?)?{_CLOCK})?"
    rf"|(?:전반|후반) ?[0-9]{{1,2}}분|[0-9]{{1,2}}회[말초](?![가-힣]{{3}})"
)
"""A Korean time of day, or a time of a match."""
TIME_WORD = re.compile(
    rf"{alternation(CALENDAR_WORDS['time']['ko'])}"
    rf"(?:(?![가-힣])|(?={alternation(_KO['after_time'])}(?![가-힣])|(?:에|부터|까지)[가-힣]{{1,2}}(?![가-힣])))"
)
_AM_PM = r" ?(?:[ap]\.?m\b\.?|[AP]\.?M\b\.?)"
DIGITAL_CLOCK = re.compile(
    rf"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?::[0-5][0-9])?{_AM_PM}|(?:1[0-2]|0?[1-9]){_AM_PM}"
    r"|(?:1[0-2]|[1-9]) o'clock|(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"
)
_MEMORIAL = (
    rf"{_MONTH}·{_DAY}(?![0-9·.,])(?=[ '’)]|전쟁|혁명|운동|민주)|{_MONTH}\.{_DAY}(?= ?{alternation(_KO['memorials'])})"
)
NUMERIC_DATE = re.compile(
    rf"(?P<year>[12][0-9]{{3}})(?P<mark>[-./]) ?(?P<month>{_MONTH})(?P=mark) ?(?P<day>{_DAY})(?![0-9])\.?"
    rf"|(?P<memorial>{_MEMORIAL})"
)
_CENTURIES = "(?:1[5-9]|2[01])"
_YEAR_EN = rf"{_CENTURIES}[0-9]{{2}}(?![0-9,.]?[0-9A-Za-z%])"
_TO_DAY = rf"(?:{_LINK}| to | through ){_DAY}(?![0-9A-Za-z%$]| (?:percent|million|billion|people))"
_EARLY = "(?:[Ee]arly|[Mm]id|[Ll]ate)"
ENGLISH_DATE = re.compile(
    rf"(?:(?P<part>{_EARLY})[ -])?(?P<month>{_MONTH_EN})"
    rf"(?: (?P<day>{_DAY})(?:st|nd|rd|th)?(?![0-9A-Za-z%$])(?![,.][0-9])(?:{_TO_DAY})?)?"
    rf"(?:,? (?:of )?(?P<year>{_YEAR_EN}))?"
)
DAY_FIRST = re.compile(rf"(?P<day>{_DAY})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH_EN})(?:,? (?P<year>{_YEAR_EN}))?")
ENGLISH_YEAR = re.compile(
    rf"{_CENTURIES}[0-9]{{2}}(?:-(?:{_CENTURIES}?[0-9]{{2}})(?![0-9]))?(?![0-9]|[.,][0-9])s?(?![A-Za-z])"
)
ENGLISH_WORD = re.compile(
    rf"(?:{_EARLY}[ -])?(?:{_EN_RELATIVE}|{alternation(CALENDAR_WORDS['unfixed']['en'])}s?)(?![A-Za-z])", re.IGNORECASE
)


def read_date_at_digit(text: str, start: int) -> int | None:
    """Return the end of the Korean or numeric date that begins with the digit at `start`.

    >>> read_date_at_digit("3월19일 리카이푸", 0), read_date_at_digit("20일 동안", 0)
    (5, None)
    """
    found = NUMERIC_DATE.match(text, start) or KOREAN_DATE.match(text, start) or DAY_FIRST.match(text, start)
    return found.end() if found else None


def read_time_at_digit(text: str, start: int) -> int | None:
    """Return the end of the time of day that begins with the digit at `start`.

    >>> read_time_at_digit("9시 30분 기준", 0), read_time_at_digit("5am", 0)
    (6, 3)
    """
    found = CLOCK.match(text, start) or DIGITAL_CLOCK.match(text, start)
    return found.end() if found else None


def read_korean_word(text: str, start: int) -> tuple[int, bool] | None:
    """Return the end of the date or time of day that a Korean word begins, and whether it is a time of day.

    >>> read_korean_word("지난해 4월26일", 0), read_korean_word("오전 1시 19분", 0)
    ((9, False), (9, True))
    """
    if (found := KOREAN_WORD.match(text, start)) and (end := _date_end(text, found)):
        return end, False
    if found := UNFIXED.match(text, start):
        return found.end(), False
    if found := CLOCK.match(text, start) or TIME_WORD.match(text, start):
        return found.end(), True
    return None


def _date_end(text: str, word: re.Match[str]) -> int | None:
    """Return the end of the date that `word` begins: after a day, a part of the year, or the word itself."""
    if rest := KOREAN_DATE.match(text, word.end()):
        return rest.end()
    if word["after"] is None:
        rest = UNFIXED.match(text, word.end())
        return rest.end() if rest else None
    end = word.start("after")
    if rest := _TAIL_AFTER_WORD.match(text, end):
        return rest.end()
    return end if _WORD_END.match(text, end) else None


_WORD_END = re.compile(_ENDS_WORD)


def read_english_word(text: str, start: int) -> int | None:
    """Return the end of the English date that a word begins.

    >>> read_english_word("early April 2023, the", 0), read_english_word("may rise", 0)
    (16, None)
    """
    found = ENGLISH_DATE.match(text, start)
    if found and _is_month(found):
        return found.end()
    found = ENGLISH_WORD.match(text, start)
    return found.end() if found else None


def _is_month(found: re.Match[str]) -> bool:
    """Return whether a name that is also a word (May, March) means the month."""
    return found["month"].rstrip(".") not in ("May", "March", "Mar") or bool(
        found["day"]
        or found["year"]
        or found["part"]
        or _MONTH_CUE.search(found.string[max(0, found.start() - 10) : found.start()])
    )


_MONTH_CUE = re.compile(rf"(?:^|[\s(]){alternation(_EN['before_month'])} $", re.IGNORECASE)
