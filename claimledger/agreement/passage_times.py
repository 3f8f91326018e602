"""Compare the points in time of a statement with those of its passage, and bounds on lengths of time.

A point is compared only with points of its kind: a day with days, a month with months and quarters. What the claim's
own dates, the article's date or the text before the passage name is never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.time_points import TimeKind, TimePoint, read_time_points
from claimledger.agreement.word_lists import LOWER_BOUNDS, LOWER_LENGTH, UPPER_BOUNDS, UPPER_LENGTH
from claimledger.errors import Problem

_DAY_LENGTH = 10
"""The length of a date that is precise to the day."""


def time_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first point in time of the statement that the passage contradicts."""
    article_on = date.fromisoformat(texts.published_on) if len(texts.published_on) == _DAY_LENGTH else None
    said = read_time_points(texts.statement, article_on)
    printed = read_time_points(texts.passage, article_on) if said else ()
    if not printed:
        return
    before = read_time_points(texts.before, article_on) if texts.before else ()
    dates = [*_own_dates(texts), *(point.edtf for point in (*printed, *before) if point.edtf)]
    for point in said:
        others = [other for other in printed if other.kind is point.kind]
        if not others or any(_is_same_time(point, other) for other in (*others, *before)):
            continue
        if _is_named(point, dates) or (point.kind is TimeKind.RELATIVE and not _is_other_distance(point, others, said)):
            continue
        yield Problem("passage-time-differs", field=texts.path, said=point.text, printed=others[0].text)
        return


def _own_dates(texts: ComparedTexts) -> Iterator[str]:
    for edtf in (texts.claim.about_on, texts.claim.said_on, texts.published_on):
        yield from (edtf or "").split("/")


def _is_same_time(one: TimePoint, other: TimePoint) -> bool:
    """Return whether two points may be the same: a day without a month fits each month."""
    if one.kind is TimeKind.MONTHS and other.kind is TimeKind.DAY:
        return one.value == (other.value[0], other.value[0])
    if one.kind is not other.kind:
        return False
    if one.kind is TimeKind.DAY:
        return one.value[1] == other.value[1] and (
            one.value[0] == other.value[0] or 0 in (one.value[0], other.value[0])
        )
    return one.value == other.value


def _is_named(point: TimePoint, dates: Sequence[str]) -> bool:
    """Return whether the point is one of these dates."""
    if point.edtf and point.edtf in dates:
        return True
    parts = [edtf.split("-") for edtf in dates if edtf]
    if point.kind is TimeKind.YEAR:
        return any(int(part[0]) == point.value[0] for part in parts)
    if point.kind is TimeKind.MONTHS:
        return any(point.value == (int(part[1]), int(part[1])) for part in parts if len(part) > 1)
    if point.kind is TimeKind.DAY:
        return any(
            point.value[1] == int(part[2]) and point.value[0] in (0, int(part[1]))
            for part in parts
            if len(part) > 2  # noqa: PLR2004
        )
    return False


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

_DURATIONS = frozenset(("months", "seconds"))
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
