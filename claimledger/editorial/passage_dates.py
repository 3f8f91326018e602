"""Finds the dates of a passage and what they mean in an article of a certain day.

A date with its year is itself. "지난 12일", "last Friday" count from the day of the article; "전년 동기" counts from
the one period that the passage names; "이날" is the last day named before it. An uncertain date has no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from claimledger.agreement.time_points import TimeKind, read_time_points
from claimledger.models import Span
from claimledger.quantities import Basis, Figure, FigureRole, find_figures, resolve_date

_BEFORE = 400
"""The number of code points before a passage in which the day meant by 이날 is looked for."""
_SAME_DAY = ("이날", "이 날")
_YEAR_AGO = ("전년", "전년도", "지난해", "작년")
_SAME_PERIOD = ("동기", "같은 기간", "같은 분기", "동분기")
_DAY_LENGTH = len("2031-05-02")
_NEAR = 12


class DateBasis(StrEnum):
    """The origin from which a date in a passage counts."""

    PRINTED = "printed"
    ARTICLE = "article"
    TEXT = "text"
    """Another date of the text."""


class PassageDate(NamedTuple):
    """A date of a passage."""

    text: str
    """The words."""
    edtf: str | None
    """Its value in EDTF; None if the text does not determine it."""
    basis: DateBasis
    """The origin from which it counts."""


def passage_dates(text: str, span: Span, published_on: str) -> list[PassageDate]:
    """Return the dates of a passage, in order, each value once; `published_on` is the date of the article, EDTF.

    >>> text = "공사는 2031년 4월 2일 문을 열었다. 이날 짐은 지난 1일보다 10% 늘었다."
    >>> [one[:2] for one in passage_dates(text, Span(start=22, end=len(text)), "2031-04-03")]
    [('이날', '2031-04-02'), ('지난 1일', '2031-04-01')]
    """
    article_on = date.fromisoformat(published_on) if len(published_on) == _DAY_LENGTH else None
    begin = max(span.start - _BEFORE, 0)
    context = text[begin : span.end]
    figures = [one for one in find_figures(context) if one.role is FigureRole.DATE]
    own = [one for one in figures if one.start >= span.start - begin]
    passage = _Passage(context, article_on, figures, own)
    return list(dict.fromkeys(found for one in own if (found := passage.read(one))))


def only_date(dates: Sequence[PassageDate]) -> str:
    """Return the only date of a passage, if it does not count from another date of the text; or an empty text."""
    values = {one.edtf for one in dates}
    is_sure = all(one.basis in (DateBasis.PRINTED, DateBasis.ARTICLE) for one in dates)
    return (dates[0].edtf or "") if len(values) == 1 and is_sure else ""


class _Passage(NamedTuple):
    context: str
    article_on: date | None
    figures: Sequence[Figure]
    own: Sequence[Figure]

    def read(self, figure: Figure) -> PassageDate | None:
        """Return the meaning of a date; None if it has none, as a season or a feast."""
        words = figure.text.casefold()
        if words in _SAME_DAY:
            return PassageDate(figure.text, self._day_before(figure), DateBasis.TEXT)
        if words in _YEAR_AGO and (end := self._end_of_period(figure)):
            return PassageDate(self.context[figure.start : end], self._year_before_period(figure), DateBasis.TEXT)
        return self._resolve(figure) or self._weekday(figure)

    def _resolve(self, figure: Figure) -> PassageDate | None:
        """Return a date that is printed in full, or that counts from the article."""
        found = resolve_date(figure, self.article_on or date(1, 1, 1))
        is_printed = found.basis is Basis.EXPLICIT
        if found.edtf is None or not (is_printed or self.article_on):
            return None
        return PassageDate(figure.text, found.edtf, DateBasis.PRINTED if is_printed else DateBasis.ARTICLE)

    def _end_of_period(self, figure: Figure) -> int | None:
        """Return the end of the words for the same period that follow a year."""
        rest = self.context[figure.end : figure.end + _NEAR]
        start = len(rest) - len(rest.lstrip())
        found = (len(one) for one in _SAME_PERIOD if rest.startswith(one, start))
        return next((figure.end + start + length for length in found), None)

    def _day_before(self, figure: Figure) -> str | None:
        """Return the last day that the text names before a date, if it is not after the article."""
        earlier = (self._resolve(one) for one in reversed(self.figures) if one.end <= figure.start)
        day = next((one.edtf for one in earlier if one and len(one.edtf or "") == _DAY_LENGTH), None)
        is_later = day and self.article_on and day > self.article_on.isoformat()
        return None if is_later else day

    def _year_before_period(self, figure: Figure) -> str | None:
        """Return the period of the passage a year earlier, if the passage names only one."""
        periods = {one.edtf for one in map(self._resolve, (other for other in self.own if other is not figure)) if one}
        only = periods.pop() if len(periods) == 1 else None
        return "/".join(f"{int(part[:4]) - 1:04}{part[4:]}" for part in only.split("/")) if only else None

    def _weekday(self, figure: Figure) -> PassageDate | None:
        """Return a day of the week; on that day of the week itself, it may be today or a week ago."""
        points = (one for one in read_time_points(self.context, self.article_on) if one.kind is TimeKind.WEEKDAY)
        edtf = next((one.edtf for one in points if figure.start <= one.start < figure.end), None)
        is_sure = edtf and self.article_on and edtf != self.article_on.isoformat()
        return PassageDate(figure.text, edtf, DateBasis.ARTICLE) if is_sure else None
