"""Look at the passage before a difference between a statement and the claim's figure is reported.

The statement may be right by its passage: it compares the same two things from the other side, or it gives a figure's
bound, unit or number in other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from claimledger.agreement import printed
from claimledger.agreement.figure_comparison import is_comparator_allowed, is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, TextFigures
from claimledger.agreement.marks import poles, read_marks
from claimledger.agreement.opposite_words import is_other_side
from claimledger.agreement.passage_figures import is_turned_by_denial
from claimledger.agreement.passage_times import bounded_side
from claimledger.agreement.word_lists import LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.errors import Problem


def is_right_by_passage(
    problem: Problem,
    quantities: Sequence[NormalizedFigure],
    readings: Mapping[str, TextFigures],
    passages: Sequence[str],
) -> bool:
    """Return whether a statement is right by its passage, although it differs from the claim's figure."""
    is_right = _SECOND_LOOKS.get(problem.code)
    reading = readings.get((problem.field or "").rpartition(".")[2])
    return is_right is not None and reading is not None and is_right(quantities, reading, passages)


def _compares_from_other_side(_: Sequence[NormalizedFigure], reading: TextFigures, passages: Sequence[str]) -> bool:
    """Return whether the statement compares the same two things from the other side."""
    return any(is_other_side(reading.text, passage) for passage in passages)


_TO_ONE = re.compile(r"\b(?:to|for|per) (?:1|one|every|each|a)\b|(?:한|1) ?[명대곳개]당|하나에")
_MOVED_UP_TO = re.compile(
    r"\b(?:go|goes|going|add|adds|added|adding|rise|crept|went|gone|rose|climbed|jumped|moved|inched|edged|shot|picked)"
    r" up to (?=[0-9$£€])",
    re.IGNORECASE,
)
"""Words after which "up to" does not bound a figure."""

_CAN_REACH = re.compile(r"\b(?:can|may|could) (?:reach|be as (?:much|high|long) as|go as high as) $", re.IGNORECASE)
"""Words before a figure that is not exceeded."""
_MISSED = re.compile("(?: ?(?:가량|정도|쯤)|나)? ?(?:밑돌|웃돌|상회|하회)")
"""Words after a difference, which does not bound a figure: 702억원을 12% 밑돌다."""
_LARGER_THAN = re.compile(
    r"\b(?:heavier|longer|taller|larger|older|higher|faster|bigger|greater|deeper|wider|stronger) than $"
)
_AT_ONE_POINT = re.compile(r"\bat one (?:point|stage|time)\b|\bat (?:its|the) (?:peak|worst|height)\b|한때|장중")


def _is_no_bound(figure: NormalizedFigure, text: str) -> bool:
    """Return whether the words that read as a bound of a figure are about a movement: up to 68, 12% 밑돌다."""
    return bool(_MOVED_UP_TO.search(text) or _MISSED.match(text, figure.core_end))


def _has_bounds_of_passage(_: Sequence[NormalizedFigure], reading: TextFigures, passages: Sequence[str]) -> bool:
    """Return whether the figures have the bounds that the passage gives them in other words: 3년을 넘을 수 없다."""
    pairs = [
        (figure, other, passage)
        for passage in passages
        for other in printed.read_passage(passage)
        for figure in reading.said
        if is_same_figure(figure, other)
    ]
    return bool(pairs) and all(
        is_comparator_allowed(figure.comparator, other.comparator)
        or any(_is_no_bound(one, text) for one, text in ((figure, reading.text), (other, passage)))
        or is_turned_by_denial(reading.text, passage)
        or (figure.comparator in LOWER_BOUNDS and bool(_LARGER_THAN.search(passage, 0, other.core_start)))
        or (
            figure.comparator in UPPER_BOUNDS
            and bool(_AT_ONE_POINT.search(passage) or _CAN_REACH.search(passage, 0, other.core_start))
        )
        or (bounded_side(other, passage) != "" and bounded_side(other, passage) == bounded_side(figure, reading.text))
        for figure, other, passage in pairs
        if other.comparator or figure.comparator
    )


def _names_period_apart(quantities: Sequence[NormalizedFigure], reading: TextFigures, _: Sequence[str]) -> bool:
    """Return whether the statement has the unit of a rate, and its period apart: 300 tonnes a month, each month."""
    marks = read_marks(reading.text)
    periods = poles(marks, "period") | poles(marks, "basis")
    rates = [(quantity.raw, *quantity.unit.split("_per_")) for quantity in quantities if "_per_" in quantity.unit]
    return any(
        (figure.raw, figure.unit) == tuple(rate[:2]) and rate[-1] in periods
        for rate in rates
        for figure in reading.said
    )


def _has_looser_units(quantities: Sequence[NormalizedFigure], reading: TextFigures, passages: Sequence[str]) -> bool:
    """Return whether the statement only has the unit apart from its number, or the passage has."""
    return (
        _names_period_apart(quantities, reading, passages)
        or _counts_both_sides(quantities, reading)
        or _is_rate_apart_in_passage(quantities, reading, passages)
    )


def _is_rate_apart_in_passage(
    quantities: Sequence[NormalizedFigure], reading: TextFigures, passages: Sequence[str]
) -> bool:
    """Return whether the passage has the period or the head of a rate apart from its figure: 1인당 쌀 54㎏."""
    found = {pole for passage in passages for axis in ("period", "basis") for pole in poles(read_marks(passage), axis)}
    plain = {(quantity.raw, quantity.unit) for quantity in quantities}
    return any(
        (figure.raw, unit) in plain and rate in found
        for figure in reading.said
        for unit, _, rate in (figure.unit.partition("_per_"),)
    )


def _counts_both_sides(quantities: Sequence[NormalizedFigure], reading: TextFigures) -> bool:
    """Return whether the statement counts the sides of a ratio to one: 14 students to 1 teacher, for 14 to 1."""
    ratios = {quantity.raw for quantity in quantities if quantity.unit == "ratio"}
    return bool(_TO_ONE.search(reading.text)) and any(figure.raw in ratios for figure in reading.said)


def _is_given_otherwise(quantities: Sequence[NormalizedFigure], reading: TextFigures, passages: Sequence[str]) -> bool:
    """Return whether the passage has the statement's other figures in other words: 40% for 1.4배."""
    others = [figure for figure in reading.said if not any(is_same_figure(figure, quantity) for quantity in quantities)]
    said = frozenset((figure.dimension, figure.low) for figure in reading.said)
    return bool(others) and all(
        any(
            any(is_same_figure(figure, other) for other in printed.read_passage(passage))
            or printed.is_in_other_words(figure, passage)
            or _is_end(figure, said, passage)
            for passage in passages
        )
        for figure in others
    )


def _is_end(figure: NormalizedFigure, said: frozenset[tuple[str, Decimal | None]], passage: str) -> bool:
    """Return whether a figure is an end of a range of the passage, and the statement has the other end, too."""
    return any(
        other.raw is None
        and figure.low in (other.low, other.high)
        and {(figure.dimension, other.low), (figure.dimension, other.high)} <= said
        for other in printed.read_passage(passage)
        if other.dimension == figure.dimension
    )


_SECOND_LOOKS: Mapping[str, Callable[[Sequence[NormalizedFigure], TextFigures, Sequence[str]], bool]] = {
    "statement-direction-differs": _compares_from_other_side,
    "statement-comparator-differs": _has_bounds_of_passage,
    "statement-unit-differs": _has_looser_units,
    "statement-number-differs": _is_given_otherwise,
}
"""For the code of a difference from the claim's figures: a look at the passage, which decides."""
