"""Read the points in time that a text names, also those without a year and those relative to the article's date.

`read_time_points` is a pure function of a text and, if it is known, of the day on which the article was published. It
knows no claim. "지난 12일" is the twelfth of any month; with the day of the article it is one date.
"""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from claimledger.quantities.unit_tables import alternation


class TimeKind(StrEnum):
    """The kind of a point in time; only points of one kind are compared."""

    YEAR = "year"
    MONTHS = "months"
    """A month, a quarter, a half of the year, or several months."""
    DAY = "day"
    WEEKDAY = "weekday"
    RELATIVE = "relative"
    """A day, week, month, quarter or year counted from the present one."""


class TimePoint(NamedTuple):
    """A point in time as a text names it."""

    kind: TimeKind
    value: tuple[int | str, ...]
    """The year; the first and the last month; the month (0 if not named) and the day; the weekday, 0 for Monday; or
    the unit and the number of units from the present one."""
    text: str
    """The words."""
    start: int
    """The position at which they begin, in code points."""
    edtf: str | None = None
    """The date in EDTF, if the words and the article's date determine it."""
    is_anaphoric: bool = False
    """True if the words count from another time than the day of the article: a year earlier, 전년."""


TIME_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "time_words.toml").read_text(encoding="utf-8"))
"""The words for times, as in time_words.toml."""
_RELATIVE: Mapping[str, tuple[str, int]] = {
    form: (name.split()[0], int(name.split()[1])) for name, forms in TIME_TABLE["relative"].items() for form in forms
}
RELATIVE_FORMS: dict[str, list[tuple[str, str]]] = {}
"""The relative times by the first syllable or the first word of their forms: each form, and its time."""
for _form, (_unit, _steps) in _RELATIVE.items():
    _first = _form[0] if _form >= "가" else _form.split(" ")[0]
    RELATIVE_FORMS.setdefault(_first, []).append((_form, f"{_unit} {_steps}"))
_NUMBERS: Mapping[str, int] = {
    "한": 1, "두": 2, "석": 3, "세": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_UNITS: Mapping[str, str] = {
    form: unit
    for language in ("ko", "en")
    for unit, forms in TIME_TABLE["distance"][language].items()
    for form in forms
}
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH_NUMBERS: Mapping[str, int] = {
    form: number
    for number, name in enumerate(_MONTHS, 1)
    for form in {name, name[:3], "sept" if number == 9 else name}  # noqa: PLR2004
}
_WEEKDAYS_KO = "월화수목금토일"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS: Mapping[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_ANY_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_MONTH = r"January|February|April|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_MONTH}|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.)"
"""The names of months that are not other words, too."""
_SHORT_MONTH = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_WORD_MONTH = "|".join(
    rf"(?<={word} )(?:May|March)" for word in ("in", "of", "by", "since", "last", "this", "next", "until")
)
"""May and March where they are months."""
_NO_DAY = (
    "간|동안|만|째|이상|이내|이하|정도|가량|후|뒤|전(?!국|체|남|북|주)|치|분|새(?!벽)|가까이|평균|당|이 걸|걸|안|씩|여"
)
"""The words after 일 that make it a number of days."""
_YEAR_BEFORE = r"(?:\b(?:in|of|since|from|until|till|by|before|after|during|year|and|to)|[a-z]{3},?)"
_NUMBER_KO, _NUMBER_EN = (alternation(word for word in _NUMBERS if word.isascii() is plain) for plain in (False, True))

TIME_NAMES: Mapping[str, str] = {
    **dict.fromkeys(_MONTH_NUMBERS, "months"),
    **{name + ending: "weekday" for name in _WEEKDAYS for ending in ("", "s")},
    "ago": "relative", "earlier": "relative",
}  # fmt: skip
"""The English words of months, weekdays and distances in time, in lower case."""
PARTS_OF_YEAR: Mapping[str, Sequence[str]] = {
    word: (f"{word} quarter", f"{word} half", f"{word}-quarter", f"{word}-half")
    for word in ("first", "second", "third", "fourth", "last", "final", "latter")
}
"""The English names of quarters and halves of the year, by their first word."""

_KOREAN = re.compile(
    rf"(?P<relative>{alternation(form for form in _RELATIVE if not form.isascii())})"
    rf"|(?P<away>[0-9]{{1,2}}|{_NUMBER_KO}) ?(?P<unit>{alternation(form for form in _UNITS if not form.isascii())}) 전"
    r"(?!국|체|남|북|주)"
    r"|(?P<year>(?:19|20)[0-9]{2})년"
    rf"|(?P<ended>[0-9]{{1,2}})월(?:까지|말까지)?의? (?P<length>[0-9]{{1,2}}|{_NUMBER_KO}) ?(?:개월|달)"
    r"(?! ?(?:전|만|뒤|후))"
    r"|(?:1 ?[~∼–-] ?)?(?P<quarter_to>[1-4])(?:/4)? ?분기(?:까지)? ?누적"
    r"|(?P<half>[상하전후])반기|1 ?[~∼–-] ?(?P<quarter_last>[2-4])분기|(?P<quarter>[1-4])(?:/4)? ?분기"
    r"|(?P<first>[0-9]{1,2})월? ?(?:[~∼–-]|부터|에서) ?(?P<last>[0-9]{1,2})월"
    r"|(?:(?P<month>[0-9]{1,2})월 ?)?(?<![0-9.,])(?P<day>[0-9]{1,2})일" + f"(?! ?(?:{_NO_DAY}))"
    rf"|(?P<only>[0-9]{{1,2}})월(?!드)|(?P<weekday>[{_WEEKDAYS_KO}])요일"
)
_ENGLISH = re.compile(
    rf"(?P<relative>\b{alternation(form for form in _RELATIVE if form.isascii())}\b)"
    rf"|\b(?P<away>[0-9]{{1,2}}|{_NUMBER_EN}) (?P<unit>{alternation(form for form in _UNITS if form.isascii())})s?"
    r" (?:ago|earlier|before)\b"
    rf"|\b(?P<length>[0-9]{{1,2}}|{_NUMBER_EN}) months (?:to|through|until|end(?:ed|ing)(?: in| on)?|up to)"
    rf"(?: the end of| [0-9]{{1,2}})? (?P<ended>{_ANY_MONTH})(?: [0-9]{{1,2}})?\b"
    rf"|\b(?:[Ff]irst|[Oo]pening) (?P<opening>[0-9]{{1,2}}|{_NUMBER_EN}) months\b"
    rf"|\b(?P<ending>March|June|September|December) quarter\b|\b(?:H(?P<half2>[12])|(?P<half3>[12])H)\b"
    rf"|\b(?P<first>{_ANY_MONTH}|{_SHORT_MONTH}\.?) ?(?:to|and|through|[–-]) ?(?P<last>{_ANY_MONTH}|{_SHORT_MONTH}\b)"
    rf"|\b(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_ANY_MONTH}|{_SHORT_MONTH}\b\.?)"
    rf"|\b(?P<month2>{_ANY_MONTH}|{_SHORT_MONTH}\.?) (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?![0-9,.]*[0-9])"
    rf"|\b(?P<only>{_MONTH}|{_WORD_MONTH}|(?:May|March)(?= (?:19|20)[0-9]{{2}}))\b"
    rf"|\b(?P<quarter>(?i:{alternation(_ORDINALS)}))[ -]quarter\b|\bQ(?P<quarter2>[1-4])\b"
    r"|\b(?P<half>(?i:first|second|latter))[ -]half\b"
    rf"|{_YEAR_BEFORE}" + r" (?P<year>(?:19|20)[0-9]{2})\b(?! ?(?:[a-z]+s\b|%))"
    rf"|\b(?P<weekday>{alternation(name.capitalize() for name in _WEEKDAYS)})s?\b",
)


@lru_cache(maxsize=2048)
def read_time_points(text: str, article_on: date | None = None) -> Sequence[TimePoint]:
    """Return the points in time of a text; `article_on` is the day on which the article was published.

    >>> [(str(one.kind), one.value) for one in read_time_points("지난 12일 밝힌 2분기 실적은 전년 동기보다")]
    [('day', (0, 12)), ('months', (4, 6)), ('relative', ('year', -1))]
    >>> [one.edtf for one in read_time_points("He left last Friday, on 4 June.", date(2031, 6, 11))]
    ['2031-06-06', '2031-06-04']
    """
    points = [
        point
        for pattern in (_KOREAN, _ENGLISH)
        for found in pattern.finditer(text)
        if (point := _point(found, text, article_on))
    ]
    return tuple(sorted(points, key=lambda point: point.start))


def lengths_of_months(text: str) -> Iterator[int]:
    """Yield the numbers of months of the months, quarters and halves that a text names.

    >>> list(lengths_of_months("3분기, July"))
    [3, 1]
    """
    for point in read_time_points(text):
        if point.kind is TimeKind.MONTHS:
            yield int(point.value[1]) - int(point.value[0]) + 1


def _point(found: re.Match[str], text: str, article_on: date | None) -> TimePoint | None:
    named = {name: words for name, words in found.groupdict().items() if words}
    for names, read in _READERS:
        if named.keys() & names:
            value = read(named)
            if value is None:
                return None
            kind, numbers = value
            edtf = _edtf(kind, numbers, text[: found.start()], article_on) if article_on else None
            return TimePoint(kind, numbers, found[0], found.start(), edtf, bool(_ANAPHORIC.search(found[0])))
    return None


_Reading = tuple[TimeKind, tuple[int | str, ...]] | None
_LAST_MONTH, _LAST_DAY = 12, 31


def _read_relative(named: Mapping[str, str]) -> _Reading:
    return TimeKind.RELATIVE, _RELATIVE[named["relative"]]


def _read_distance(named: Mapping[str, str]) -> _Reading:
    return TimeKind.RELATIVE, (_UNITS[named["unit"]], -_number(named["away"]))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _read_year(named: Mapping[str, str]) -> _Reading:
    return TimeKind.YEAR, (int(named["year"]),)


def _read_half(named: Mapping[str, str]) -> _Reading:
    printed = named.get("half") or named.get("half2") or named["half3"]
    return TimeKind.MONTHS, ((1, 6) if printed.lower() in ("상", "전", "first", "1") else (7, 12))


def _read_quarter(named: Mapping[str, str]) -> _Reading:
    printed = named.get("quarter2") or named["quarter"]
    number = int(printed) if printed.isdecimal() else _ORDINALS[printed.lower()]
    return TimeKind.MONTHS, (3 * number - 2, 3 * number)


def _read_span(named: Mapping[str, str]) -> _Reading:
    """Read the three months to June; a span that begins in the year before is not compared."""
    last, length = _month(named["ended"]), _number(named["length"].lower())
    return _months(last - length + 1, last)


def _read_first_months(named: Mapping[str, str]) -> _Reading:
    quarter = named.get("quarter_to") or named.get("quarter_last")
    return _months(1, 3 * int(quarter) if quarter else _number(named["opening"].lower()))


def _read_quarter_to(named: Mapping[str, str]) -> _Reading:
    last = _month(named["ending"])
    return _months(last - 2, last)


def _read_months(named: Mapping[str, str]) -> _Reading:
    return _months(_month(named["first"]), _month(named["last"]))


def _read_month(named: Mapping[str, str]) -> _Reading:
    return _months(_month(named["only"]), _month(named["only"]))


def _months(first: int, last: int) -> _Reading:
    return (TimeKind.MONTHS, (first, last)) if 1 <= first <= last <= _LAST_MONTH else None


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else _MONTH_NUMBERS[word.rstrip(".").lower()]


def _read_day(named: Mapping[str, str]) -> _Reading:
    printed = named.get("month") or named.get("month2")
    month, day = _month(printed) if printed else 0, int(named.get("day") or named["day2"])
    return (TimeKind.DAY, (month, day)) if 1 <= day <= _LAST_DAY and month <= _LAST_MONTH else None


def _read_weekday(named: Mapping[str, str]) -> _Reading:
    name = named["weekday"]
    return TimeKind.WEEKDAY, (_WEEKDAYS.index(name.lower()) if name.isascii() else _WEEKDAYS_KO.index(name),)


_READERS: Sequence[tuple[frozenset[str], Callable[[Mapping[str, str]], _Reading]]] = (
    (frozenset(("relative",)), _read_relative),
    (frozenset(("away",)), _read_distance),
    (frozenset(("year",)), _read_year),
    (frozenset(("ended",)), _read_span),
    (frozenset(("quarter_to", "quarter_last", "opening")), _read_first_months),
    (frozenset(("ending",)), _read_quarter_to),
    (frozenset(("half", "half2", "half3")), _read_half),
    (frozenset(("quarter", "quarter2")), _read_quarter),
    (frozenset(("first",)), _read_months),
    (frozenset(("day", "day2")), _read_day),
    (frozenset(("only",)), _read_month),
    (frozenset(("weekday",)), _read_weekday),
)


# Dates relative to the article

_ANAPHORIC = re.compile("|".join(TIME_TABLE["anaphoric"]["parts"]))
_AHEAD = re.compile(r"(?:오는|다음|내|next|coming|will|on the)\s?\S{0,3} ?$", re.IGNORECASE)
_WEEK = 7


def _edtf(kind: TimeKind, value: tuple[Any, ...], before: str, article_on: date) -> str | None:
    """Return the date that the words name in an article of this day; the latest one unless a word points ahead."""
    try:
        return _RESOLVERS[kind](value, bool(_AHEAD.search(before[-12:])), article_on)
    except (ValueError, OverflowError):  # the calendar has no such day
        return None


def _resolve_year(value: tuple[Any, ...], _: bool, __: date) -> str:  # noqa: FBT001
    return str(value[0])


def _resolve_months(value: tuple[Any, ...], is_ahead: bool, article_on: date) -> str:  # noqa: FBT001
    first, last = value
    year = article_on.year + (is_ahead and last < article_on.month) - (not is_ahead and first > article_on.month)
    ends = [f"{year:04}-{month:02}" for month in (first, last)]
    return ends[0] if first == last else "/".join(ends)


def _resolve_day(value: tuple[Any, ...], is_ahead: bool, article_on: date) -> str:  # noqa: FBT001
    month, day = value
    if month:
        found = date(article_on.year, month, day)
        turn = (is_ahead and found < article_on) - (not is_ahead and found > article_on)
        return found.replace(year=found.year + turn).isoformat()
    found = article_on.replace(day=1)
    if is_ahead and day < article_on.day:
        found += timedelta(days=monthrange(found.year, found.month)[1])
    elif not is_ahead and day > article_on.day:
        found = (found - timedelta(days=1)).replace(day=1)
    return found.replace(day=day).isoformat()


def _resolve_weekday(value: tuple[Any, ...], is_ahead: bool, article_on: date) -> str:  # noqa: FBT001
    back = (article_on.weekday() - value[0]) % _WEEK
    step = timedelta(days=_WEEK - back if is_ahead and back else -back)
    return (article_on + step).isoformat()


def _resolve_relative(value: tuple[Any, ...], _: bool, article_on: date) -> str | None:  # noqa: FBT001
    unit, steps = value
    if unit == "day":
        return (article_on + timedelta(days=steps)).isoformat()
    if unit == "year":
        return f"{article_on.year + steps:04}"
    if unit == "month":
        months = article_on.year * 12 + article_on.month - 1 + steps
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return None


_RESOLVERS: Mapping[TimeKind, Callable[[tuple[Any, ...], bool, date], str | None]] = {
    TimeKind.YEAR: _resolve_year,
    TimeKind.MONTHS: _resolve_months,
    TimeKind.DAY: _resolve_day,
    TimeKind.WEEKDAY: _resolve_weekday,
    TimeKind.RELATIVE: _resolve_relative,
}
