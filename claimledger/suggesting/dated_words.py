"""Compare the dates of a drafted statement with those that the program resolves in its passage.

The program reads every date itself, relative ones from the day of the article. A date of the statement is accepted if
the passage has it, also more precisely; if the passage names no time, the sentences that the model named may have it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from claimledger.agreement.time_points import TimeKind, TimePoint, read_time_points
from claimledger.errors import Problem
from claimledger.quantities import Basis, Figure, FigureRole, find_figures, resolve_date
from claimledger.suggesting.compared_wording import ComparedWording

_ANY_YEAR = date(2001, 1, 1)
_LEAP_YEAR = 2000
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAY_KO = re.compile(r"(?P<month>[0-9]{1,2})월 ?(?P<day>[0-9]{1,2})일")
_DAY_EN = re.compile(
    rf"\b(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>(?:{'|'.join(_MONTH_NAMES)})[a-z]*)\.?"
    r"(?: (?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?\b(?![0-9]))?",
    re.IGNORECASE,
)
_NOWADAYS = re.compile(r"(?:today|now|오늘날|요즘)$", re.IGNORECASE)
"""Words that name no day where the day of the text is not known."""
_NUMERIC = re.compile(r"\b[0-9]{4}[-./](?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})\b")


class DatedWords(NamedTuple):
    """Words that name a time."""

    text: str
    """The words."""
    start: int
    """Their position."""
    end: int
    """The position after them."""
    edtf: str | None
    """The time (EDTF), if words and article determine it."""
    value: tuple[object, ...]
    """The kind and the value of the words, which compare what is not determined."""


def impossible_dates(text: str) -> Iterator[str]:
    """Yield the dates of a text that no calendar has.

    >>> list(impossible_dates("On 31 November and February 29, 4월 31일과 13월 2일에"))
    ['31 November', '4월 31일', '13월 2일']
    """
    for found in _DAY_EN.finditer(text):
        day = found["day"] or found["day2"]
        month = _MONTH_NAMES.index(found["month"][:3].lower()) + 1
        if day and not _exists(month, int(day)):
            yield found[0].strip()
    for pattern in (_DAY_KO, _NUMERIC):
        for found in pattern.finditer(text):
            if not _exists(int(found["month"]), int(found["day"])):
                yield found[0]


def _exists(month: int, day: int) -> bool:
    return 1 <= month <= len(_MONTH_NAMES) and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]


def read_dates(text: str, published_on: str) -> list[DatedWords]:
    """Return the times of a text in order, resolved as far as its words and the day of the article allow.

    >>> [(one.text, one.edtf) for one in read_dates("지난해 3월과 올해 2분기", "2031-04-02")]
    [('지난해 3월', '2030-03'), ('올해 2분기', '2031-04/2031-06')]
    """
    article_on = _article_day(published_on)
    found = [
        DatedWords(figure.text, figure.start, figure.end, edtf, ("words", figure.text))
        for figure in find_figures(text)
        if figure.role is FigureRole.DATE
        for edtf in [_resolve_printed(figure, article_on, text)]
    ]
    more = [
        DatedWords(one.text, one.start, one.start + len(one.text), one.edtf, (one.kind, *one.value))
        for one in read_time_points(text, article_on)
        if not any(other.start < one.start + len(one.text) and one.start < other.end for other in found)
    ]
    return sorted(
        (one for one in (*found, *more) if article_on or not _NOWADAYS.match(one.text)), key=lambda one: one.start
    )


_AHEAD = re.compile(r"\b(?:by|until|till|before|next|coming|from)\s*$", re.IGNORECASE)
_AHEAD_AFTER = re.compile(r"\s?(?:까지|부터|이후|이전)")


def _resolve_printed(figure: Figure, article_on: date | None, text: str) -> str | None:
    """Return a date; one without a year that may lie ahead is not resolved."""
    edtf, basis = resolve_date(figure, article_on or _ANY_YEAR)
    may_be_ahead = _AHEAD.search(text[: figure.start]) or _AHEAD_AFTER.match(text[figure.end :])
    if basis is Basis.EXPLICIT or (article_on and not (basis is Basis.YEAR_FROM_ARTICLE and may_be_ahead)):
        return edtf
    return None


def _article_day(published_on: str) -> date | None:
    try:
        return date.fromisoformat(published_on)
    except ValueError:
        return None


def date_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each time of a statement that the passage does not give."""
    said = read_dates(one.wording, one.published_on)
    if not said:
        return
    printed = read_dates(one.passage, one.published_on)
    others = _only_time(read_dates(one.pointed, one.published_on)) if not printed else []
    points = read_time_points(one.passage, _article_day(one.published_on))
    for words in said:
        is_base = _is_base(words, one.wording)
        known = [other for other in printed if is_base or not _is_base(other, one.passage)]
        is_given = any(_is_same_time(words, other) for other in (*known, *others)) or _is_point(words, points)
        if not is_given and (printed or not _is_year_of_article(words, one.published_on)):
            yield Problem("suggestion-date-elsewhere", field=one.field, words=words.text)


_BEFORE_BASE = re.compile(r"\b(?:than|compared (?:with|to)|against)(?: in| at| for| that of| those of)?\s*$")
_AFTER_BASE = re.compile(r"\s?(?:보다|에 비해|대비)")


def _is_base(words: DatedWords, text: str) -> bool:
    """Return whether a time is the one that a change is measured from: more than in 2029."""
    return bool(_BEFORE_BASE.search(text[: words.start]) or _AFTER_BASE.match(text[words.end :]))


def _only_time(found: Sequence[DatedWords]) -> Sequence[DatedWords]:
    """Return the times of some sentences, if they name only one."""
    return found if len({one.edtf or one.value for one in found}) == 1 else []


def _is_same_time(said: DatedWords, printed: DatedWords) -> bool:
    """Return whether a time is the printed one, or a year or month around it."""
    if said.edtf is None or printed.edtf is None:
        return said.value == printed.value or said.text == printed.text
    if "/" in said.edtf:
        return said.edtf == printed.edtf
    return all(end.startswith(said.edtf) for end in printed.edtf.split("/"))


def _is_point(said: DatedWords, points: Sequence[TimePoint]) -> bool:
    """Return whether the passage counts to the same time in other words: a year earlier, 전년 동기."""
    return said.edtf is None and any(said.value == (one.kind, *one.value) for one in points)


def _is_year_of_article(said: DatedWords, published_on: str) -> bool:
    return bool(published_on) and said.edtf == published_on[:4] and said.value[0] != TimeKind.RELATIVE
