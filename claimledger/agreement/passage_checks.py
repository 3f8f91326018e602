"""Compare a claim's statements with its passages: what is said about the figures, not the figures themselves.

The passages of a claim are compared as one text, so that a statement may draw on all of them. Each rule reports at most
one problem for a statement, and nothing that another check has reported already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from claimledger.agreement.compared_texts import ComparedTexts, PassageContext, compare
from claimledger.agreement.figure_meaning import COUNT, TextFigures
from claimledger.agreement.marks import AXES, Mark, Marks, read_marks
from claimledger.agreement.opposite_words import DIRECTION, oppositions
from claimledger.agreement.passage_hedges import hedge_problems
from claimledger.agreement.passage_ranks import rank_problems
from claimledger.agreement.passage_sides import side_problems
from claimledger.agreement.passage_speakers import named_speaker_problems
from claimledger.agreement.passage_times import base_problems, length_problems, time_problems
from claimledger.agreement.quoted_words import quotation_problems
from claimledger.agreement.signals import Signals, read_signals
from claimledger.agreement.time_points import TimeKind, read_time_points
from claimledger.errors import Problem
from claimledger.models import Claim

PassageCheck = Callable[[ComparedTexts], Iterator[Problem]]
_Suspicion = Callable[[Signals, Signals, TextFigures, str], bool]
"""A quick look at the signals of statement and passage, the statement's figures and the passage."""


def passage_problems(
    claim: Claim,
    readings: Mapping[str, TextFigures],
    passages: Sequence[PassageContext],
    reported: Collection[str],
) -> Iterator[Problem]:
    """Yield the differences between the statements and the passages; `reported` has the codes of other checks."""
    passage = passages[0].text if len(passages) == 1 else "\n".join(one.text for one in passages)
    printed = read_signals(passage)
    for language, reading in readings.items():
        said = read_signals(reading.text)
        shared = said.keys() & printed.keys()
        checks = [
            check
            for check, axes, is_suspect, same in _CHECKS
            if (not axes or not axes.isdisjoint(shared))
            and is_suspect(said, printed, reading, passage)
            and not same.intersection(reported)
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


def period_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if a figure covers another period, or is per head of something else."""
    said, printed = read_marks(texts.statement), read_marks(texts.passage)
    yield from _cumulative_problems(texts, said, printed)
    for axis in ("period", "basis"):
        pair = _other_period(said.get(axis, ()), printed.get(axis, ()))
        if pair:
            yield Problem("passage-period-differs", field=texts.path, said=pair[0].word, printed=pair[1].word)
            return


def _cumulative_problems(texts: ComparedTexts, said: Marks, printed: Marks) -> Iterator[Problem]:
    """Yield a problem if the sum of all years becomes the sum of one."""
    sums = [mark for mark in printed.get("period", ()) if mark.pole == "cumulative"]
    if not sums or "period" in said:
        return
    years = [
        point
        for point in read_time_points(texts.statement)
        if point.kind is TimeKind.RELATIVE and point.value in (("year", -1), ("year", 0))
    ]
    if years and not any(point.value == years[0].value for point in read_time_points(texts.passage)):
        yield Problem("passage-period-differs", field=texts.path, said=years[0].text, printed=sums[0].word)


def _other_period(said: Sequence[Mark], printed: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    own, others = ({mark.pole for mark in marks} for marks in (said, printed))
    return (said[0], printed[0]) if said and printed and not own & others else None


# The quick look

_RATIO_HINT = re.compile("[0-9] ?(?:대|:|to|-|–) ?[0-9]")
_QUOTATION_MARK = re.compile("[“‘\"'「『]")
_TIMES = ("year", "months", "day", "weekday", "relative")
_DATED = ("year", "months", "day")
_ANY: frozenset[str] = frozenset()
_DURATIONS = frozenset(("months", "seconds"))
_DIRECTED = ("direction", "level")
_GATES = frozenset(
    (*_DIRECTED, "directed", "dated", *_TIMES, "period", "basis", "bound", "rank", "saying", "doing", "organisation",
     "base")
)  # fmt: skip
"""The axes that have a quick look of their own."""


def _has_opposite_signs(said: Signals, printed: Signals, _: TextFigures, __: str) -> bool:
    own, others = said.get("directed"), printed.get("directed")
    if own and others and (own != others or len(own) > 1):
        return True
    apart = said.keys() & printed.keys() - _GATES
    return bool(apart) and any(not said[axis] & printed[axis] for axis in apart)


def _has_period_signs(said: Signals, printed: Signals, _: TextFigures, __: str) -> bool:
    if "cumulative" in printed.get("period", ()) and "relative" in said:
        return True
    return any(axis in said and axis in printed and not said[axis] & printed[axis] for axis in ("period", "basis"))


def _has_time_signs(said: Signals, printed: Signals, figures: TextFigures, __: str) -> bool:
    if "months" in said and figures.said and len(printed.get("months", ())) > 1:
        return True
    if any(axis in printed and not said[axis] <= printed[axis] for axis in _TIMES if axis in said):
        return True
    return ("relative" in printed or "weekday" in printed or "day" in printed) and any(
        axis in said and axis not in printed for axis in _DATED
    )


def _has_bound_signs(said: Signals, printed: Signals, figures: TextFigures, _: str) -> bool:
    is_bounded = said.get("bound") != printed.get("bound")
    return any(figure.dimension in _DURATIONS and (is_bounded or figure.raw is None) for figure in figures.said)


def _is_suspect(_: Signals, __: Signals, ___: TextFigures, ____: str) -> bool:
    return True


def _has_turned_signs(said: Signals, printed: Signals, figures: TextFigures, passage: str) -> bool:
    text = figures.text
    if "doing" in said and "doing" in printed:
        return True
    if ("보다" in text and "보다" in passage) or (" than " in text and " than " in passage):
        return True
    if len(figures.said) > 1:
        dimensions = [figure.dimension.partition(":")[0] or COUNT for figure in figures.said]
        if len(dimensions) > len(set(dimensions)):
            return True
    return bool(_RATIO_HINT.search(text) and _RATIO_HINT.search(passage))


def _has_quotation_marks(_: Signals, __: Signals, figures: TextFigures, ___: str) -> bool:
    return _QUOTATION_MARK.search(figures.text) is not None


def _has_speaker_signs(said: Signals, printed: Signals, _: TextFigures, __: str) -> bool:
    return ("saying" in said and "saying" in printed) or (
        "organisation" in said and "organisation" in printed and not said["organisation"] <= printed["organisation"]
    )


_CHECKS: Sequence[tuple[PassageCheck, frozenset[str], _Suspicion, frozenset[str]]] = (
    (
        opposite_problems,
        AXES - _GATES | {"directed"},
        _has_opposite_signs,
        frozenset(
            {
                "statement-direction-differs",
                "direction-differs",
                "comparator-differs",
                "statement-comparator-differs",
            }
        ),
    ),
    (period_problems, _ANY, _has_period_signs, frozenset()),
    (time_problems, _ANY, _has_time_signs, frozenset()),
    (base_problems, frozenset(("base",)), _is_suspect, frozenset()),
    (
        length_problems,
        _ANY,
        _has_bound_signs,
        frozenset({"statement-comparator-differs", "comparator-differs", "statement-number-differs"}),
    ),
    (rank_problems, frozenset(("rank",)), _is_suspect, frozenset({"statement-number-differs"})),
    (side_problems, _ANY, _has_turned_signs, frozenset()),
    (quotation_problems, _ANY, _has_quotation_marks, frozenset()),
    (named_speaker_problems, frozenset(("saying", "organisation")), _has_speaker_signs, frozenset()),
)
"""Each check, the axes of which statement and passage must share one (none: any text), the quick look that starts it,
and the codes of other checks that report the same mistake.
"""
