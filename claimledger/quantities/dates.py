"""Dates, lengths of time from a date, and times of day, in Korean and English.

In: folded text and a position. Out: where a date or time of day ends, or nothing. The invariant: only what the
calendar allows is a date (no 13월, no 32일). Which day is meant is settled in `resolving`; what a plain number of
years or hours lasts is an ordinary unit. It must not know quantities.
"""

from __future__ import annotations

import re

from claimledger.quantities.tables import DATES, any_of

MONTHS = {name.rstrip(".").lower(): int(month) for month, names in DATES["months"].items() for name in names}
"""English month name, without stop and in lower case, to its number."""
_MONTH_EN = f"(?:{any_of(name for names in DATES['months'].values() for name in names)}|Sept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?![A-Za-z])"
_JOSA_END = "(?![가-힣])|(?=(?:은|는|이|가|을|를|의|에|도|과|와|로|부터|까지|쯤|께|경|자|만|에는|에도|에서|에만|이나|이면|이다|마다|보다|엔|이후|이전|이래|처럼|들어|인|예배|맞이|행사|방송|저녁|아침|오전|오후|밤)(?![가-힣])|(?:부터|까지|에서|에는|에도|에야|에만|이었|이라|입니|로부터|이면|마다|보다|이후|이전|이래|께서|쯤)[가-힣]{0,3}(?![가-힣]))"

_RELATIVE = [word for use in ("day", "week", "month", "year") for word in DATES[use]]
_KO_RELATIVE = [word for word in _RELATIVE if word > "가" and word != "올"]
_EN_RELATIVE = [word for word in _RELATIVE if word.isascii()]
_PART = r"(?: ?(?:초순|상순|중순|하순|초반|중반|후반|말|초)(?!기|등|과|만|하|미|석|로|대)|(?: ?(?:상|하)반기))"
_DAY = "(?:[12][0-9]|3[01]|0?[1-9])"
_MONTH = "(?:1[0-2]|0?[1-9])"
_WEEKDAY = r"(?:,? ?\(?[월화수목금토일]요일\)?)?"
_NOT_LASTING = (
    r"일(?!간|째|여|정[^오]|짜리|치|동안| ?동안| ?만에| ?만 | ?연속| ?이상| ?넘| ?가까이| ?정도| ?가량| ?뒤| ?후(?![가-힣])"
    r"| ?전(?![가-힣])| ?이내| ?안에| ?내에| ?내내| ?내로| ?남짓)"
)
_LINK = " ?[~-] ?"
_YEAR = "(?:[12][0-9]{3}|(?<!지난 )'?[0-9]{2}(?=년 ?[0-9]{1,2}월(?! ?동안)))"
KOREAN_DATE = re.compile(
    rf"(?>(?P<year>{_YEAR})년도? ?(?=(?:{_MONTH}(?:{_LINK}{_MONTH})?월|[1-4](?:/4)?분기|{_DAY}{_NOT_LASTING}|[봄여가겨상하])))?+"
    rf"(?:(?:{_MONTH}월?{_LINK})?(?P<month>{_MONTH})월(?!드컵)(?: ?(?:{_DAY}일?{_LINK})?(?P<day>{_DAY}){_NOT_LASTING}|(?P<part>{_PART}))?"
    rf"|(?:(?:상|하)반기|봄|여름|가을|겨울|[1-4](?:/4)?분기)"
    rf"|(?:{_DAY}일?(?:{_LINK}|, ?))?(?P<lone_day>{_DAY}){_NOT_LASTING}"
    rf"|(?:[12][0-9]{{3}}년?{_LINK}(?:[12][0-9])?)?(?P<lone_year>[12][0-9]{{3}}|[0-9]{{2}}(?=년대|년생|학년도))(?:학?년도|년대|년생|년(?! ?동안| ?만에|간|여| 넘)|년)(?P<year_part>{_PART})?)"
    rf"{_WEEKDAY}"
)
"""A Korean date from its first digit on."""
KOREAN_WORD = re.compile(
    rf"(?:(?:지난|오는) ?(?=[0-9](?:[0-9]{{0,3}}(?:[월일년]|[~-]))|주말|[월화수목금토일]요일))"
    rf"|(?:{any_of(_KO_RELATIVE)}|올(?= ?(?:[0-9상하봄]|여름|가을|겨울|초(?!등)|연말|말(?![가-힣]))))(?P<after> ?)"
)
"""A word that sets a date, and may be followed by more of it."""
_TAIL_AFTER_WORD = re.compile(r"(?: ?(?:상반기|하반기|여름|겨울|가을|봄))|" + _PART)
UNFIXED = re.compile(
    rf"(?:매주 )?(?:{any_of(DATES['unfixed']['ko'])})"
    rf"(?:(?<=요일)|(?<=[해년달월]){_PART}?)(?:{_JOSA_END})|(?:{any_of(DATES['unfixed']['ko'])})(?:{_JOSA_END})|봄(?=에|부터|까지|의 |철|,|·)"
)
_CLOCK = (
    r"(?:[01]?[0-9]|2[0-4])시(?!간|즌|장|민|청|설|대|작|기|도|절|즈|각|내|의회|리즈|행)(?:(?: ?[0-5]?[0-9]분(?!의|기|야))(?: ?[0-5]?[0-9]초)?| ?반(?![가-힣]))?"
)
_HALF = any_of(DATES["time"]["half_day"])
CLOCK = re.compile(
    rf"(?:{_HALF} ?){{0,3}}(?:(?:[01]?[0-9]|2[0-4]){_LINK}(?=[0-9]+시))?{_CLOCK}(?:{_LINK}(?:{_HALF} ?)?{_CLOCK})?"
    rf"|(?:전반|후반) ?[0-9]{{1,2}}분|[0-9]{{1,2}}회[말초](?![가-힣]{{3}})"
)
"""A Korean time of day, or of a match."""
TIME_WORD = re.compile(
    rf"(?:{any_of(DATES['time']['ko'])})(?:(?![가-힣])|(?=(?:에|부터|까지|엔|에는|에도|께|쯤|의|으로|만|경|이면|이 되)(?![가-힣])|(?:에|부터|까지)[가-힣]{{1,2}}(?![가-힣])))"
)
DIGITAL_CLOCK = re.compile(
    r"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?::[0-5][0-9])? ?(?:[ap]\.?m\b\.?|[AP]\.?M\b\.?)|(?:1[0-2]|0?[1-9]) ?(?:[ap]\.?m\b\.?|[AP]\.?M\b\.?)"
    r"|(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"
)
NUMERIC_DATE = re.compile(
    rf"(?P<year>[12][0-9]{{3}})(?P<mark>[-./]) ?(?P<month>{_MONTH})(?P=mark) ?(?P<day>{_DAY})(?![0-9])\.?"
    rf"|(?P<memorial>{_MONTH}·{_DAY}(?![0-9·.,])(?=[ '’)]|전쟁|혁명|운동|민주)|{_MONTH}\.{_DAY}(?= ?(?:광복절|총선|대선|지방선거|전쟁)))"
)
_YEAR_EN = r"(?:1[5-9]|2[01])[0-9]{2}(?![0-9,.]?[0-9A-Za-z%])"
ENGLISH_DATE = re.compile(
    rf"(?:(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?P<month>{_MONTH_EN})(?:(?<=\.)|(?<=[a-z]))"
    rf"(?: (?P<day>{_DAY})(?:st|nd|rd|th)?(?![0-9A-Za-z%$])(?![,.][0-9])(?:{_LINK}{_DAY}(?![0-9]))?)?(?:,? (?:of )?(?P<year>{_YEAR_EN}))?"
)
DAY_FIRST = re.compile(
    rf"(?P<day>{_DAY})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH_EN})(?:,? (?P<year>{_YEAR_EN}))?"
)
ENGLISH_YEAR = re.compile(
    rf"(?:1[5-9]|2[01])[0-9]{{2}}(?:-(?:(?:1[5-9]|2[01])?[0-9]{{2}})(?![0-9]))?(?![0-9]|[.,][0-9])s?(?![A-Za-z])"
)
ENGLISH_WORD = re.compile(
    rf"(?:(?:[Ee]arly|[Mm]id|[Ll]ate)[ -])?(?:{any_of(_EN_RELATIVE)}|(?:{any_of(DATES['unfixed']['en'])})s?)(?![A-Za-z])",
    re.IGNORECASE,
)
_WORD_THEN = re.compile(rf" ?(?={_MONTH}|{_YEAR})")


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
    """Return the end of the date or time of day a Korean word begins, and whether it is a time of day.

    >>> read_korean_word("지난해 4월26일", 0), read_korean_word("오전 1시 19분", 0)
    ((9, False), (9, True))
    """
    if found := KOREAN_WORD.match(text, start):
        if end := _korean_rest(text, found):
            return end, False
    if found := UNFIXED.match(text, start):
        return found.end(), False
    if found := CLOCK.match(text, start) or TIME_WORD.match(text, start):
        return found.end(), True
    return None


def _korean_rest(text: str, word: re.Match[str]) -> int | None:
    """Return where the date that `word` begins ends: with a day, a part of the year, or at the word itself."""
    if rest := KOREAN_DATE.match(text, word.end()):
        return rest.end()
    if word["after"] is None:
        rest = UNFIXED.match(text, word.end())
        return rest.end() if rest else None
    end = word.start("after")
    if rest := _TAIL_AFTER_WORD.match(text, end):
        return rest.end()
    return end if _ends_word(text, end) else None


_ENDS_WORD = re.compile(_JOSA_END)


def _ends_word(text: str, end: int) -> bool:
    return bool(_ENDS_WORD.match(text, end))


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
    """Whether a name that is also a word (May, March) is meant as the month."""
    return found["month"].rstrip(".") not in ("May", "March", "Mar") or bool(
        found["day"] or found["year"] or found["part"] or _MONTH_CUE.search(found.string[max(0, found.start() - 10) : found.start()])
    )


_MONTH_CUE = re.compile(r"(?:^|[\s(])(?:in|since|by|until|till|from|of|last|next|this|during|through|between|and|to|before|after|for) $", re.I)
