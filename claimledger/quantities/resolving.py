"""Resolve a printed date to a day, month, year or interval, relative to the date of the article.

The result is EDTF level 0 text (ISO 8601-2:2019), or nothing, together with its basis, so that no assumption is hidden.
A date without a year is never put in the future unless a word says so. Ambiguous dates stay unresolved. This module
does not know the position of the figure.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from claimledger.quantities.dates import DAY_FIRST, ENGLISH_DATE, MONTH_NUMBERS, NUMERIC_DATE
from claimledger.quantities.figure import Figure, FigureRole
from claimledger.quantities.folding import FoldedText
from claimledger.quantities.unit_tables import CALENDAR_WORDS, alternation


class Basis(StrEnum):
    """The basis of a resolved date."""

    EXPLICIT = "explicit"
    """The text gives the whole date."""
    YEAR_FROM_ARTICLE = "year taken from article date"
    """The text omits the year or its century."""
    RELATIVE = "relative to article date"
    """The text gives a distance from an unnamed day, or a day of an unnamed month; the article's date is used for
    it.
    """
    UNRESOLVED = "unresolved"
    """The words are ambiguous."""


class ResolvedDate(NamedTuple):
    """A date as far as the words determine it."""

    edtf: str | None
    """The date in EDTF level 0; None if unresolved."""
    basis: Basis
    """The basis of the date."""


_WHOLE_YEAR = 4
"""The number of digits of a year with its century."""
UNRESOLVED = ResolvedDate(None, Basis.UNRESOLVED)
_WORDS = [word for use in ("day", "week", "month", "year") for word in CALENDAR_WORDS[use]]
_USES = {word: (use, steps) for use in ("day", "week", "month", "year") for word, steps in CALENDAR_WORDS[use].items()}
_PARTS = alternation([*CALENDAR_WORDS["part_of_month"], *CALENDAR_WORDS["part_of_year"]])
_KOREAN = re.compile(
    rf"(?P<word>{alternation(word for word in _WORDS if word >= '가')})? ?(?:(?P<turn>지난|오는) ?)?"
    r"(?:(?:(?P<first_year>[12]\d{3})년? ?[~-] ?)?'?(?P<year>\d{2,4})(?P<kind>년대|학?년도|년생|년) ?)?"
    r"(?:(?:(?P<first_month>\d{1,2})월? ?[~-] ?)?(?P<month>\d{1,2})월 ?)?"
    r"(?:(?:(?P<first_day>\d{1,2})일? ?[~-] ?)?(?P<day>\d{1,2})일)?"
    rf" ?(?P<part>{_PARTS})?(?:(?P<quarter>[1-4])(?:/4)?분기)?(?P<season>봄|여름|가을|겨울)?"
    r"(?:,? ?\(?[월화수목금토일]요일\)?)?"
)
_YEARS = re.compile(r"(?P<first>[12]\d{3})(?:-(?P<last>[12]\d{3}|\d{2}))?(?P<decade>s)?")


def resolve_date(figure: Figure, article_on: date) -> ResolvedDate:
    """Return the EDTF form of a date and its basis.

    >>> from claimledger.quantities import find_figures
    >>> def resolve(text): return tuple(resolve_date(find_figures(text)[0], date(2023, 6, 1)))
    >>> resolve("3월19일 리카이푸")
    ('2023-03-19', <Basis.YEAR_FROM_ARTICLE: 'year taken from article date'>)
    >>> resolve("2023년 4월 초"), resolve("두 달 전")[0], resolve("early April 2023")[0]
    (('2023-04-01/2023-04-10', <Basis.EXPLICIT: 'explicit'>), '2023-04', '2023-04-01/2023-04-10')

    Raises:
        ValueError: the figure is not a date.
    """
    if figure.role is not FigureRole.DATE:
        raise ValueError(f"'{figure.text}' is a {figure.role.value}, not a date")
    text = FoldedText(figure.text).text.strip()
    try:
        return _resolve(figure, text, article_on)
    except (ValueError, OverflowError):  # the calendar has no such day
        return UNRESOLVED


def _resolve(figure: Figure, text: str, article_on: date) -> ResolvedDate:
    if figure.unit is not None:
        return _resolve_distance(figure, text, article_on)
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], ResolvedDate]], ...] = (
        (NUMERIC_DATE, _resolve_numeric),
        (DAY_FIRST, _resolve_english),
        (ENGLISH_DATE, _resolve_english),
        (_YEARS, _resolve_years),
    )
    for pattern, read in readers:
        if found := pattern.fullmatch(text):
            return read(found, article_on)
    if text.lower() in _USES:
        return _resolve_word(*_USES[text.lower()], article_on)
    found = _KOREAN.fullmatch(text)
    return _resolve_korean(found, article_on) if found else UNRESOLVED


def _resolve_numeric(found: re.Match[str], _: date) -> ResolvedDate:
    if found["memorial"]:
        return UNRESOLVED
    return _explicit(date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat())


def _explicit(edtf: str) -> ResolvedDate:
    return ResolvedDate(edtf, Basis.EXPLICIT)


def _resolve_years(found: re.Match[str], _: date) -> ResolvedDate:
    first = found["first"]
    if found["decade"]:
        return _explicit(f"{first}/{int(first) + 9}") if first[3] == "0" else UNRESOLVED
    if last := found["last"]:
        last = first[: 4 - len(last)] + last
        return _explicit(f"{first}/{last}") if last > first else UNRESOLVED
    return _explicit(first)


def _resolve_english(found: re.Match[str], article_on: date) -> ResolvedDate:
    groups = found.groupdict()
    month, day = MONTH_NUMBERS[groups["month"].rstrip(".").lower()], int(groups["day"] or 0)
    year = int(groups["year"] or 0)
    basis = Basis.EXPLICIT if year else Basis.YEAR_FROM_ARTICLE
    year = year or _latest_year(month, day, article_on)
    part = (groups.get("part") or "").lower()
    return ResolvedDate(_part_of_month(year, month, part) if part else _edtf(year, month, day), basis)


def _latest_year(month: int, day: int, article_on: date) -> int:
    """Return the latest year in which the month or day is not after the article."""
    is_later = (month, day) > (article_on.month, article_on.day) if day else month > article_on.month
    return article_on.year - is_later


def _edtf(year: int, month: int = 0, day: int = 0) -> str:
    if day:
        return date(year, month, day).isoformat()
    return date(year, month or 1, 1).isoformat()[: 7 if month else 4]


def _part_of_month(year: int, month: int, part: str) -> str:
    first, last = CALENDAR_WORDS["part_of_month"][part]
    return f"{_edtf(year, month, first)}/{_edtf(year, month, min(last, monthrange(year, month)[1]))}"


def _part_of_year(year: int, part: str) -> str:
    first, last = CALENDAR_WORDS["part_of_year"][part]
    return f"{_edtf(year, first)}/{_edtf(year, last)}"


def _shift_month(article_on: date, steps: int) -> tuple[int, int]:
    months = article_on.year * 12 + article_on.month - 1 + steps
    return months // 12, months % 12 + 1


def _resolve_word(use: str, steps: int, article_on: date) -> ResolvedDate:
    """Resolve a relative word: yesterday, 지난달, next year."""
    if use == "day":
        edtf = (article_on + timedelta(days=steps)).isoformat()
    elif use == "week":
        edtf = _week_interval(article_on + timedelta(weeks=steps))
    elif use == "month":
        edtf = _edtf(*_shift_month(article_on, steps))
    else:
        edtf = _edtf(article_on.year + steps)
    return ResolvedDate(edtf, Basis.RELATIVE)


def _week_interval(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


_BACK = re.compile(r"전$|ago$")
_RELATIVE_TO_TEXT = re.compile(r"(?:earlier|later)$")
"""Words that count from a date in the text, not from the article's date."""


def _resolve_distance(figure: Figure, text: str, article_on: date) -> ResolvedDate:
    """Resolve a distance such as 두 달 전 or two weeks ago; a range of distances gives an interval."""
    sign = -1 if _BACK.search(text) else 1
    ends = [figure.amount] if figure.amount is not None else [figure.low, figure.high]
    steps = sorted(sign * int(end) for end in ends if end is not None and end == int(end))
    if len(steps) != len(ends) or figure.unit not in _STEPS or _RELATIVE_TO_TEXT.search(text):
        return UNRESOLVED
    found = [_STEPS[figure.unit](article_on, step) for step in steps]
    edtf = found[0] if len(found) == 1 else f"{found[0].split('/')[0]}/{found[-1].split('/')[-1]}"
    return ResolvedDate(edtf, Basis.RELATIVE)


_STEPS: dict[str, Callable[[date, int], str]] = {
    "day": lambda day, steps: (day + timedelta(days=steps)).isoformat(),
    "week": lambda day, steps: _week_interval(day + timedelta(weeks=steps)),
    "month": lambda day, steps: _edtf(*_shift_month(day, steps)),
    "year": lambda day, steps: _edtf(day.year + steps),
    "decade": lambda day, steps: _edtf(day.year + 10 * steps),
}


def _resolve_korean(found: re.Match[str], article_on: date) -> ResolvedDate:
    use, steps = _USES.get(found["word"] or "", ("", 0))
    if use in ("day", "week"):
        return UNRESOLVED
    if found["kind"] == "년대":
        return _resolve_decade(found["year"], article_on)
    if use == "month" and not found["month"]:
        return _resolve_in_month(found, *_shift_month(article_on, steps), Basis.RELATIVE)
    if use == "year":
        return _resolve_in_year(found, article_on.year + steps, Basis.RELATIVE)
    return _resolve_printed_year(found, article_on) if found["year"] else _resolve_without_year(found, article_on)


def _resolve_without_year(found: re.Match[str], article_on: date) -> ResolvedDate:
    if found["month"]:
        return _resolve_in_year(found, _year_of_month(found, article_on), Basis.YEAR_FROM_ARTICLE)
    if found["day"]:
        return _resolve_in_month(found, *_month_of_day(found, article_on), Basis.RELATIVE)
    if (found["quarter"] or found["part"] in ("상반기", "하반기")) and not found["turn"]:
        return _resolve_in_year(found, article_on.year, Basis.YEAR_FROM_ARTICLE)
    return UNRESOLVED


def _resolve_decade(printed: str, article_on: date) -> ResolvedDate:
    if len(printed) == _WHOLE_YEAR:
        return _explicit(f"{printed}/{int(printed) + 9}") if printed[3] == "0" else UNRESOLVED
    year = _latest_year_ending(int(printed), article_on)
    return ResolvedDate(f"{year}/{year + 9}", Basis.YEAR_FROM_ARTICLE) if year % 10 == 0 else UNRESOLVED


def _latest_year_ending(year: int, article_on: date) -> int:
    """Return the latest year with these last two digits that is not after the article."""
    century = article_on.year // 100 * 100
    return century + year - (100 if century + year > article_on.year else 0)


def _resolve_printed_year(found: re.Match[str], article_on: date) -> ResolvedDate:
    year = int(found["year"])
    if len(found["year"]) == _WHOLE_YEAR:
        return _resolve_in_year(found, year, Basis.EXPLICIT)
    return _resolve_in_year(found, _latest_year_ending(year, article_on), Basis.YEAR_FROM_ARTICLE)


def _year_of_month(found: re.Match[str], article_on: date) -> int:
    """Return the year of a month without one: the latest not after the article; with 오는, the first not before it."""
    month, day = int(found["month"]), int(found["day"] or 0)
    past = _latest_year(month, day, article_on)
    if found["turn"] == "오는":
        is_now = past == article_on.year and (month, day or 32) >= (article_on.month, article_on.day)
        return past if is_now else past + 1
    is_this_month = (past, month) == (article_on.year, article_on.month)
    return past - (found["turn"] == "지난" and is_this_month and not day)


def _month_of_day(found: re.Match[str], article_on: date) -> tuple[int, int]:
    """Return year and month of a bare day: the latest not after the article; with 오는, the first not before it."""
    day = int(found["day"])
    if found["turn"] == "오는":
        return _shift_month(article_on, 0 if day >= article_on.day else 1)
    return _shift_month(article_on, 0 if day <= article_on.day else -1)


def _resolve_in_year(found: re.Match[str], year: int, basis: Basis) -> ResolvedDate:
    if found["month"]:
        return _resolve_in_month(found, year, int(found["month"]), basis)
    if found["first_year"]:
        return (
            ResolvedDate(f"{found['first_year']}/{_edtf(year)}", basis)
            if int(found["first_year"]) < year
            else UNRESOLVED
        )
    if found["quarter"]:
        first = 3 * int(found["quarter"]) - 2
        return ResolvedDate(f"{_edtf(year, first)}/{_edtf(year, first + 2)}", basis)
    if found["day"]:
        return UNRESOLVED
    part = found["part"]
    if part and part not in CALENDAR_WORDS["part_of_year"]:
        return UNRESOLVED
    return ResolvedDate(_part_of_year(year, part) if part else _edtf(year), basis)


def _resolve_in_month(found: re.Match[str], year: int, month: int, basis: Basis) -> ResolvedDate:
    day = int(found["day"] or 0)
    if found["first_day"]:
        return ResolvedDate(_interval(_edtf(year, month, int(found["first_day"])), _edtf(year, month, day)), basis)
    if found["first_month"] and not day:
        return ResolvedDate(_interval(_edtf(year, int(found["first_month"])), _edtf(year, month)), basis)
    part = found["part"]
    if part and (day or part not in CALENDAR_WORDS["part_of_month"]):
        return UNRESOLVED
    return ResolvedDate(_part_of_month(year, month, part) if part else _edtf(year, month, day), basis)


def _interval(first: str, last: str) -> str:
    if first > last:
        raise ValueError("the interval runs backward")
    return f"{first}/{last}"
