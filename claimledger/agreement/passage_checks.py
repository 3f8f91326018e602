"""Compare a claim's statements with its passages: what is said about the figures, not the figures themselves.

The passages of a claim are compared as one text, so that a statement may draw on all of them. Each rule reports at most
one problem for a statement, and nothing that another check has reported already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from claimledger.agreement import quick_looks
from claimledger.agreement.compared_texts import ComparedTexts, PassageContext, compare
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, TextFigures, read_figures_cached
from claimledger.agreement.marks import Mark, Marks, read_marks
from claimledger.agreement.negating_prefixes import turned_by_prefix
from claimledger.agreement.opposite_words import DIRECTION, oppositions
from claimledger.agreement.passage_clock import clock_problems
from claimledger.agreement.passage_distances import turned_distance
from claimledger.agreement.passage_figures import bound_problems, unit_problems
from claimledger.agreement.passage_hedges import hedge_problems
from claimledger.agreement.passage_ranks import rank_problems
from claimledger.agreement.passage_sequences import turned_sequence, turned_way
from claimledger.agreement.passage_sides import side_problems
from claimledger.agreement.passage_speakers import named_speaker_problems
from claimledger.agreement.passage_times import base_problems, length_problems, time_problems
from claimledger.agreement.quick_looks import Glance, QuickLook
from claimledger.agreement.quoted_words import quotation_problems
from claimledger.agreement.signals import read_signals
from claimledger.agreement.time_points import TimeKind, read_time_points
from claimledger.errors import Problem
from claimledger.models import Claim

PassageCheck = Callable[[ComparedTexts], Iterator[Problem]]


def passage_problems(
    claim: Claim,
    readings: Mapping[str, TextFigures],
    passages: Sequence[PassageContext],
    reported: Collection[str],
    quantities: Sequence[NormalizedFigure] = (),
) -> Iterator[Problem]:
    """Yield the differences between the statements and the passages; `reported` has the codes of other checks."""
    passage = passages[0].text if len(passages) == 1 else "\n".join(one.text for one in passages)
    printed = read_signals(passage)
    for language, reading in readings.items():
        glance = Glance(read_signals(reading.text), printed, reading, passage, quantities)
        shared = glance.said.keys() & printed.keys()
        checks = [
            check
            for check, axes, is_suspect, same in _CHECKS
            if (not axes or not axes.isdisjoint(shared)) and is_suspect(glance) and not same.intersection(reported)
        ]
        if checks:
            texts = compare(claim, language, reading, passages)
            for check in checks:
                yield from check(texts)


def passage_notes(
    claim: Claim, readings: Mapping[str, TextFigures], passages: Sequence[PassageContext]
) -> Iterator[Problem]:
    """Yield the notes on statements that may leave out a plan, a possibility or a denial of the passages."""
    for language, reading in readings.items():
        yield from hedge_problems(compare(claim, language, reading, passages))


# The closer checks


def opposite_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first direction, and for the first other word, whose opposite the passage has."""
    codes: set[str] = set()
    for found in oppositions(texts.statement, texts.passage, texts.before):
        code = "passage-direction-differs" if found.axis == DIRECTION else "passage-word-opposite"
        if code not in codes:
            codes.add(code)
            yield Problem(code, field=texts.path, said=found.said.word, printed=found.printed.word)


def distance_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if two events, or the ends of a way, changed places: two days after, for two days before."""
    found = (
        turned_distance(texts.statement, texts.passage)
        or turned_sequence(texts.statement, texts.passage)
        or turned_way(texts.statement, texts.passage)
    )
    if found:
        yield Problem("passage-time-differs", field=texts.path, said=found[0], printed=found[1])


def prefix_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if only one text has a word with a negating prefix: 등록, 미등록."""
    found = turned_by_prefix(texts.statement, texts.passage)
    if found:
        yield Problem("passage-word-opposite", field=texts.path, said=found[0], printed=found[1])


def period_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if a figure covers another period, or is per head of something else."""
    said, printed = read_marks(texts.statement), read_marks(texts.passage)
    yield from _cumulative_problems(texts, said, printed)
    yield from _total_problems(texts, said, printed)
    for axis in ("period", "basis"):
        pair = _other_period(said.get(axis, ()), printed.get(axis, ()))
        if pair:
            yield Problem("passage-period-differs", field=texts.path, said=pair[0].word, printed=pair[1].word)
            return


_ONE_OF_MANY = frozenset((unit, steps) for unit in ("year", "quarter", "month", "week") for steps in (-1, 0))


def _cumulative_problems(texts: ComparedTexts, said: Marks, printed: Marks) -> Iterator[Problem]:
    """Yield a problem if the sum of all years or months becomes the sum of one."""
    sums = [mark for mark in printed.get("period", ()) if mark.pole == "cumulative"]
    if not sums or "period" in said:
        return
    years = [
        point
        for point in read_time_points(texts.statement)
        if point.kind is TimeKind.RELATIVE and point.value in _ONE_OF_MANY
    ]
    if years and not any(point.value == years[0].value for point in read_time_points(texts.passage)):
        yield Problem("passage-period-differs", field=texts.path, said=years[0].text, printed=sums[0].word)


_TOTAL = re.compile(r"모두|(?<![가-힣])총(?![가-힣])|\b(?:in total|in all|altogether|a total of)\b")
_NEAR_FIGURE = 12


def _total_problems(texts: ComparedTexts, said: Marks, printed: Marks) -> Iterator[Problem]:
    """Yield a problem if a figure per day or per month becomes a total."""
    total = None if "period" in said or _TOTAL.search(texts.passage) else _TOTAL.search(texts.statement)
    for figure in texts.figures.said if total else ():
        same = [one for one in read_figures_cached(texts.passage).said if is_same_figure(figure, one)]
        rates = [rate for one in same for rate in (_rate_beside(one, printed.get("period", ())),) if rate]
        if total and same and len(rates) == len(same):
            yield Problem("passage-period-differs", field=texts.path, said=total[0], printed=rates[0].word)
            return


def _rate_beside(figure: NormalizedFigure, periods: Sequence[Mark]) -> Mark | None:
    """Return the word for a period directly before or after a figure."""
    near = (
        mark
        for mark in periods
        if 0 <= figure.core_start - mark.end < _NEAR_FIGURE or 0 <= mark.start - figure.core_end <= 1
    )
    return next((mark for mark in near if mark.pole != "cumulative"), None)


def _other_period(said: Sequence[Mark], printed: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    own, others = ({mark.pole for mark in marks} for marks in (said, printed))
    return (said[0], printed[0]) if said and printed and not own & others else None


# The table

_ANY: frozenset[str] = frozenset()
_CHECKS: Sequence[tuple[PassageCheck, frozenset[str], QuickLook, frozenset[str]]] = (
    (
        opposite_problems,
        _ANY,
        quick_looks.has_opposite_signs,
        frozenset(
            {
                "statement-direction-differs",
                "direction-differs",
                "comparator-differs",
                "statement-comparator-differs",
            }
        ),
    ),
    (period_problems, _ANY, quick_looks.has_period_signs, frozenset()),
    (time_problems, _ANY, quick_looks.has_time_signs, frozenset()),
    (distance_problems, _ANY, quick_looks.has_distance, frozenset()),
    (prefix_problems, _ANY, quick_looks.has_prefix, frozenset()),
    (clock_problems, _ANY, quick_looks.has_clock, frozenset()),
    (base_problems, frozenset(("base",)), quick_looks.is_suspect, frozenset()),
    (
        length_problems,
        _ANY,
        quick_looks.has_bound_signs,
        frozenset({"statement-comparator-differs", "comparator-differs", "statement-number-differs"}),
    ),
    (
        unit_problems,
        _ANY,
        quick_looks.has_units,
        frozenset(
            {
                "statement-unit-differs",
                "statement-currency-differs",
                "statement-number-differs",
                "figure-text-differs",
                "statement-scale-differs",
            }
        ),
    ),
    (bound_problems, _ANY, quick_looks.has_bounds, frozenset({"statement-comparator-differs", "comparator-differs"})),
    (rank_problems, frozenset(("rank",)), quick_looks.is_suspect, frozenset({"statement-number-differs"})),
    (side_problems, _ANY, quick_looks.has_turned_signs, frozenset()),
    (quotation_problems, _ANY, quick_looks.has_quotation_marks, frozenset()),
    (named_speaker_problems, _ANY, quick_looks.has_speaker_signs, frozenset()),
)
"""Each check, the axes of which statement and passage must share one (none: any text), the quick look that starts it,
and the codes of other checks that report the same mistake.
"""
