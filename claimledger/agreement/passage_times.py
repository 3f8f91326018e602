"""Compare the points in time of a statement with those of its passage, and bounds on lengths of time.

A point is compared only with points of its kind: a day with days, a month with months and quarters. What the claim's
own dates, the article's date or the text before the passage name is never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.comparison_bases import comparison_bases, different_bases
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.time_points import TimeKind, TimePoint, read_time_points
from claimledger.agreement.word_lists import LOWER_BOUNDS, LOWER_LENGTH, UPPER_BOUNDS, UPPER_LENGTH
from claimledger.errors import Problem

_DURATIONS = frozenset(("months", "seconds"))
_ISO_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_Part = tuple[int, int, int]
"""A year, a month and a day; 0 for what is not named."""


def time_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first point in time of the statement that the passage contradicts."""
    article_on = _article_day(texts.published_on)
    said = _own_points(texts.statement, article_on)
    printed = _own_points(texts.passage, article_on) if said else ()
    if not printed:
        return
    before = read_time_points(texts.before, article_on) if texts.before else ()
    dates = [*_own_dates(texts), *(point.edtf for point in (*printed, *before) if point.edtf)]
    found = _contradicted_point(said, printed, before, dates) or _other_months_of_figure(texts, said, printed)
    if found:
        yield Problem("passage-time-differs", field=texts.path, said=found[0].text, printed=found[1].text)


def _article_day(published_on: str) -> date | None:
    """Return the day of an article; None if its date is not precise to the day."""
    found = _ISO_DATE.fullmatch(published_on)
    return date.fromisoformat(published_on) if found and found[3] else None


def base_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if a change is measured from another time: from the quarter before, not from a year before."""
    said = texts.statement, texts.figures.said
    printed = texts.passage, read_figures_cached(texts.passage).said
    found = different_bases(said, printed)
    if found:
        yield Problem("passage-time-differs", field=texts.path, said=found[0].text, printed=found[1].text)


def _own_points(text: str, article_on: date | None) -> Sequence[TimePoint]:
    """Return the points in time of a text without those that a change is measured from."""
    bases = comparison_bases(text)
    return [
        point
        for point in read_time_points(text, article_on)
        if not any(base.start <= point.start < base.end for base in bases)
    ]


def _contradicted_point(
    said: Sequence[TimePoint], printed: Sequence[TimePoint], before: Sequence[TimePoint], dates: Sequence[str]
) -> tuple[TimePoint, TimePoint] | None:
    for point in said:
        others = [other for other in printed if other.kind is point.kind] or _resolved_alike(point, printed)
        if not others or any(_is_same_time(point, other, printed) for other in (*others, *before)):
            continue
        if _is_named(point, dates) or (point.kind is TimeKind.RELATIVE and not _is_other_distance(point, others, said)):
            continue
        return point, others[0]
    return None


_RESOLVED_KINDS: Mapping[TimeKind, frozenset[TimeKind]] = {
    TimeKind.YEAR: frozenset((TimeKind.RELATIVE,)),
    TimeKind.MONTHS: frozenset((TimeKind.RELATIVE,)),
    TimeKind.DAY: frozenset((TimeKind.RELATIVE, TimeKind.WEEKDAY)),
}


def _resolved_alike(point: TimePoint, printed: Sequence[TimePoint]) -> Sequence[TimePoint]:
    """Return the points of another kind that the day of the article makes a date as precise: last month, in March.

    Nothing is returned unless the passage has one such point, and that counts from the day of the article.
    """
    kinds = _RESOLVED_KINDS.get(point.kind, frozenset())
    if not point.edtf or (point.kind is TimeKind.DAY and not point.value[0]):
        return ()
    others = [
        other
        for other in printed
        if other.kind in kinds and other.edtf and len(other.edtf) == len(point.edtf) and not other.is_anaphoric
    ]
    return others if len({other.edtf for other in others}) == 1 else ()


def _own_dates(texts: ComparedTexts) -> Iterator[str]:
    yield from (edtf for edtf in (texts.claim.about_on, texts.claim.said_on, texts.published_on) if edtf)


def _is_same_time(one: TimePoint, other: TimePoint, printed: Sequence[TimePoint]) -> bool:
    """Return whether two points may be the same: a day without a month fits each month that the passage leaves open."""
    if one.kind is TimeKind.MONTHS and other.kind is TimeKind.DAY:
        return one.value == (other.value[0], other.value[0])
    if one.kind is not other.kind:
        return bool(one.edtf and one.edtf == other.edtf)
    if one.kind is TimeKind.DAY:
        return one.value[1] == other.value[1] and (
            one.value[0] == other.value[0]
            or (0 in (one.value[0], other.value[0]) and not _is_in_other_month(one, other, printed))
        )
    return one.value == other.value


def _is_in_other_month(one: TimePoint, other: TimePoint, printed: Sequence[TimePoint]) -> bool:
    """Return whether the day of the article puts a day without a month in another month than the other day."""
    if not one.edtf or not other.edtf or any(_names_month(point) for point in printed):
        return False
    bare, dated = sorted((one, other), key=lambda point: int(point.value[0]))
    return not bare.value[0] and bool(dated.value[0]) and int((bare.edtf or "")[5:7]) != dated.value[0]


def _names_month(point: TimePoint) -> bool:
    return point.kind is TimeKind.MONTHS or (point.kind is TimeKind.DAY and bool(point.value[0]))


def _date_parts(edtf: str) -> Sequence[_Part]:
    """Return the dates of an EDTF text, both ends of an interval; what is not a date in digits is left out.

    >>> _date_parts("2031-01/2031-03"), _date_parts("../203X")
    ([(2031, 1, 0), (2031, 3, 0)], [])
    """
    return [
        (int(found[1]), int(found[2] or 0), int(found[3] or 0))
        for end in edtf.split("/")
        if (found := _ISO_DATE.match(end))
    ]


def _is_named(point: TimePoint, dates: Sequence[str]) -> bool:
    """Return whether the point is one of these dates."""
    if point.edtf and point.edtf in dates:
        return True
    intervals = [parts for edtf in dates if (parts := _date_parts(edtf))]
    ends = [part for parts in intervals for part in parts]
    if point.kind is TimeKind.YEAR:
        return any(year == point.value[0] for year, _, _ in ends)
    if point.kind is TimeKind.MONTHS:
        return any(point.value == (parts[0][1], parts[-1][1]) for parts in intervals)
    if point.kind is TimeKind.DAY:
        return any(point.value[1] == day and point.value[0] in (0, month) for _, month, day in ends)
    return False


def _other_months_of_figure(
    texts: ComparedTexts, said: Sequence[TimePoint], printed: Sequence[TimePoint]
) -> tuple[TimePoint, TimePoint] | None:
    """Return the months of the statement's figures, if the passage's sentence about them names one other length.

    A quarter's total said of its last month is found, although the passage names that month in another sentence.
    """
    own = [point for point in said if point.kind is TimeKind.MONTHS]
    if len(own) != 1:
        return None
    figures = read_figures_cached(texts.passage).said
    for figure in texts.figures.said:
        places = [other.core_start for other in figures if is_same_figure(figure, other)]
        if len(places) != 1 or figure.dimension in _DURATIONS or figure.raw in (1, 2):
            continue
        start, end = _sentence_span(texts.passage, places[0])
        others = [point for point in printed if start <= point.start < end and point.kind is TimeKind.MONTHS]
        if len(others) == 1 and _length(own[0]) != _length(others[0]):
            return own[0], others[0]
    return None


_STOP = re.compile(r"[.?!](?=\s|$)")


def _sentence_span(text: str, place: int) -> tuple[int, int]:
    stops = [found.end() for found in _STOP.finditer(text)]
    return max((stop for stop in stops if stop <= place), default=0), min(
        (stop for stop in stops if stop > place), default=len(text)
    )


def _length(point: TimePoint) -> int:
    return int(point.value[1]) - int(point.value[0])


def _is_other_distance(point: TimePoint, others: Sequence[TimePoint], said: Sequence[TimePoint]) -> bool:
    """Return whether the passage names another distance that the statement leaves out: last month, not last year.

    "This year" is often added, and a distance in another direction may belong to another event.
    """
    unit, steps = point.value
    values = [one.value for one in said]
    return any(
        other.value not in values
        and (
            (other.value[0] != unit and int(other.value[1]) * int(steps) > 0)
            or (other.value[0] == unit and (unit != "year" or 0 not in (steps, other.value[1])))
        )
        for other in others
    )


# Lengths of time

_NEAR = 18
_AFTER = re.compile(r"\b(?:only )?after (?:the )?$|뒤에야|지나야|지난 뒤", re.IGNORECASE)
_NOT = re.compile(
    r"\bnot (?:take )?(?:less|more|longer|exceed)|넘(?:을|지) (?:수 없|않)|넘어서는 안|cannot exceed|may not exceed",
    re.IGNORECASE,
)


def length_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for a length of time with the opposite bound, without its bound, or with another range."""
    said = [figure for figure in texts.figures.said if figure.dimension in _DURATIONS]
    if not said:
        return
    printed = [figure for figure in read_figures_cached(texts.passage).said if figure.dimension in _DURATIONS]
    for figure in said:
        same = [other for other in printed if is_same_figure(figure, other)]
        if same and all(_has_other_bound(figure, other, texts) for other in same):
            yield Problem("passage-bound-differs", field=texts.path, said=figure.text, printed=same[0].text)
            return
        ranges = [other for other in printed if other.dimension == figure.dimension]
        if figure.raw is None and ranges and not same and not _names_ends(figure, printed):
            yield Problem("passage-bound-differs", field=texts.path, said=figure.text, printed=ranges[0].text)
            return


def _names_ends(figure: NormalizedFigure, printed: Sequence[NormalizedFigure]) -> bool:
    """Return whether the passage names the two ends of a range apart."""
    lows = {other.low for other in printed if other.raw is not None}
    return {figure.low, figure.high} <= lows


def _has_other_bound(figure: NormalizedFigure, other: NormalizedFigure, texts: ComparedTexts) -> bool:
    said, printed = bounded_side(figure, texts.statement), bounded_side(other, texts.passage)
    return bool(said and printed and said != printed)


def bounded_side(figure: NormalizedFigure, text: str) -> str:
    """Return the side on which a length is bounded, by its qualifier or by the words beside it."""
    near = text[max(0, figure.core_start - _NEAR) : figure.core_end + _NEAR]
    if _NOT.search(near):
        return "upper"
    if figure.comparator in LOWER_BOUNDS:
        return "lower"
    if figure.comparator in UPPER_BOUNDS:
        return "upper"
    if _AFTER.search(text[: figure.core_start]) or _AFTER.match(text, figure.core_end + 1):
        return "lower"
    after, before = (
        text[figure.core_end : figure.core_end + _NEAR],
        text[max(0, figure.core_start - _NEAR) : figure.core_start],
    )
    for side, pattern in (("lower", LOWER_LENGTH), ("upper", UPPER_LENGTH)):
        if pattern.search(before) or pattern.match(after.lstrip()):
            return side
    return ""
