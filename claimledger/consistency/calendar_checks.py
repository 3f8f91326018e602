"""Compare a date with its weekday, and an age with the year of birth, in one sentence.

A weekday beside a date without a year is wrong only if it fits none of the years around the article's. An age may be
counted before or after the birthday, and in Korean also in the traditional way, by calendar years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from claimledger.consistency.date_ranges import DayRange
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.messages import Label, Value
from claimledger.models import Claim

_Values = Mapping[str, Value]
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_KO = "월화수목금토일"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_SENTENCE = re.compile(r"[^\n]+?(?:[.?!。][”’\"'」』)]*(?=\s|$)|(?=\n|$))")


def calendar_findings(claim: Claim, texts: Iterable[str], published: DayRange | None) -> Iterator[Finding]:
    """Yield a finding for the first wrong weekday and the first wrong age of the texts."""
    year = published.first.year if published else 0
    seen: set[str] = set()
    for text in texts:
        if not (
            "요일" in text
            or "(" in text
            or "세" in text
            or "day" in text
            or "age" in text
            or "at " in text
            or "turn" in text
            or "주년" in text
        ):
            continue
        for code, check in _CHECKS:
            values = check(text, year) if code not in seen else None
            if values:
                seen.add(code)
                yield make_finding(code, claim.claim_id, "statement", values)


# Weekdays

_DATE_KO = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})년 ?)?(?P<month>[0-9]{1,2})월 ?(?P<day>[0-9]{1,2})일 ?"
    rf"(?:\((?P<short>[{_WEEKDAYS_KO}])\)|\(?(?P<long>[{_WEEKDAYS_KO}])요일)"
)
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_DATE_EN = re.compile(
    rf"\b(?P<long>{'|'.join(_WEEKDAYS)}),? (?:the )?(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}"
    rf"|{_MONTH.replace('month', 'month2')} (?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,? (?P<year>(?:19|20)[0-9]{2}))?\b"
)


def _wrong_weekday(text: str, year: int) -> _Values | None:
    for pattern in (_DATE_KO, _DATE_EN):
        for found in pattern.finditer(text):
            values = _weekday_values(found, year)
            if values:
                return values
    return None


def _weekday_values(found: re.Match[str], year: int) -> _Values | None:
    named = found.groupdict()
    years = [int(named["year"])] if named["year"] else [year, year - 1, year + 1] if year else []
    month = named["month"] or named.get("month2") or ""
    number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
    printed = named.get("short") or named["long"]
    index = _WEEKDAYS_KO.index(printed) if len(printed) == 1 else _WEEKDAYS.index(printed)
    days = [day for one in years if (day := _day(one, number, int(named["day"] or named["day2"])))]
    if not days or any(day.weekday() == index for day in days):
        return None
    weekday = days[0].weekday()
    return {
        "day": days[0], "weekday": Label(_WEEKDAYS[weekday], f"{_WEEKDAYS_KO[weekday]}요일"), "printed": found[0],
    }  # fmt: skip


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# Ages

_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_BORN = re.compile(
    rf"(?P<ko>{_YEAR})년(?:생|(?: [0-9]{{1,2}}월)?(?: [0-9]{{1,2}}일)?(?:에)? ?(?:[가-힣]+에서 )?태어)"
    rf"|(?P<made>{_YEAR})년(?: [0-9]{{1,2}}월)?(?: [0-9]{{1,2}}일)?(?:에)? ?"
    r"(?:설립|개관|개교|창립|창간|창단|개원|건립|준공|문을 연|세워)"
    r"|(?:[Bb]orn|[Bb]uilt|[Ff]ounded|[Oo]pened|[Ee]stablished|[Ll]aunched) (?:[A-Za-z]+ )*?(?:in|on) "
    r"(?:[A-Za-z0-9]+ )*?"
    rf"(?P<en>{_YEAR})|\((?P<life>{_YEAR}) ?[~–-] ?{_YEAR}\)"
)
_AGE = re.compile(
    r"(?P<ko>[0-9]{1,3})(?:세(?!대|기|트)|주년)|\b(?:aged?|at (?:the )?age of|at|turn(?:s|ed)) (?P<en>[0-9]{1,3})\b"
    r"(?! ?[%:0-9]|[.,][0-9])(?! (?:percent|per|am|pm|a\.m|p\.m|o))"
)
_ANY_YEAR = re.compile(rf"(?<![0-9]){_YEAR}(?![0-9])")
_SPAN = 2
"""The years of a sentence that has one birth and one other event."""


def _wrong_age(text: str, _: int) -> _Values | None:
    return next(filter(None, map(_age_values, _sentences(text))), None)


@lru_cache(maxsize=64)
def _sentences(text: str) -> Sequence[str]:
    return tuple(found[0] for found in _SENTENCE.finditer(text))


def _age_values(sentence: str) -> _Values | None:
    births, ages = list(_BORN.finditer(sentence)), list(_AGE.finditer(sentence))
    years = sorted(set(map(int, _ANY_YEAR.findall(sentence))))
    if not (len(births) == len(ages) == 1 and len(years) == _SPAN):
        return None
    born = int(next(filter(None, births[0].groups())))
    if born != years[0]:
        return None
    age, most = int(next(filter(None, ages[0].groups()))), years[1] - born
    if most - 1 <= age <= most + (ages[0]["ko"] is not None):
        return None
    return {"born": str(born), "year": str(years[1]), "ages": f"{most - 1}~{most}", "printed": ages[0][0]}


_CHECKS: Sequence[tuple[str, Callable[[str, int], _Values | None]]] = (
    ("weekday-differs", _wrong_weekday),
    ("age-differs", _wrong_age),
)
