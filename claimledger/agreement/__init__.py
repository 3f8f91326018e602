"""Checks that a claim's statements, quantities, passages and attribution agree with one another.

A check takes a claim and, if the article's text is available, its passages. It returns `Problem` values with the codes
of `AGREEMENT_CODES`, and none for a claim that agrees with itself. All checks are pure functions that never raise.
Differences that only the article can show are reported only with its text, and a rule that is not sure reports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from claimledger.agreement import printed, statements, wording_checks
from claimledger.agreement.agreement_codes import AGREEMENT_CODES, AgreementCode
from claimledger.agreement.compared_texts import PassageContext
from claimledger.agreement.figure_comparison import is_comparator_allowed, is_same_figure
from claimledger.agreement.figure_meaning import TextFigures, NormalizedFigure, figure_of_quantity, read_figures
from claimledger.agreement.marks import poles, read_marks
from claimledger.agreement.opposite_words import is_other_side
from claimledger.agreement.passage_checks import passage_notes, passage_problems
from claimledger.agreement.passage_times import bounded_side
from claimledger.errors import Problem
from claimledger.models import Claim

__all__ = [
    "AGREEMENT_CODES",
    "AgreementCode",
    "PassageContext",
    "agreement_findings",
    "agreement_notes",
    "open_findings",
]


def agreement_findings(claim: Claim, passages: Sequence[PassageContext] = ()) -> list[Problem]:
    """Return every disagreement inside a claim or with its passages; `field` is the claim's field."""
    quantities = [figure_of_quantity(quantity) for quantity in claim.quantities]
    readings = _statement_figures(claim.statement)
    texts = [passage.text for passage in passages]
    problems: list[Problem] = []
    statement_figures = [figure for reading in readings.values() for figure in reading.said]
    for index, quantity in enumerate(quantities):
        problems += printed.quantity_problems(index, quantity, texts, statement_figures)
    contexts = [passage.before + passage.text for passage in passages]
    problems += [
        problem
        for problem in statements.statement_problems(quantities, readings, partial(_is_printed, contexts))
        if not _is_right_by_passage(problem, quantities, readings, texts)
    ]
    problems += wording_checks.date_problems(claim, readings)
    problems += wording_checks.speaker_problems(claim, passages)
    problems += wording_checks.cut_problems(claim, passages)
    problems += wording_checks.opinion_problems(claim)
    if passages:
        problems += passage_problems(claim, readings, passages, {problem.code for problem in problems})
    return problems


def _is_right_by_passage(
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


_TO_ONE = re.compile(r"\b(?:to|for|per) (?:1|one|every|each|a)\b")
_MOVED_UP_TO = re.compile(
    r"\b(?:crept|went|gone|rose|climbed|jumped|moved|inched|edged|shot|picked) up to (?=[0-9$£€])", re.IGNORECASE
)
"""Words after which "up to" does not bound a figure."""


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
        or bool(_MOVED_UP_TO.search(passage))
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
    """Return whether the statement only has the unit apart from its number."""
    return _names_period_apart(quantities, reading, passages) or _counts_both_sides(quantities, reading)


def _counts_both_sides(quantities: Sequence[NormalizedFigure], reading: TextFigures) -> bool:
    """Return whether the statement counts both sides of a ratio to one: 14 students to 1 teacher, for 14 to 1."""
    ratios = {quantity.raw for quantity in quantities if quantity.unit == "ratio"}
    counts = [figure.raw for figure in reading.said]
    return len(counts) == 2 and counts[0] in ratios and counts[1] == 1 and bool(_TO_ONE.search(reading.text))  # noqa: PLR2004


_SECOND_LOOKS: Mapping[str, Callable[[Sequence[NormalizedFigure], TextFigures, Sequence[str]], bool]] = {
    "statement-direction-differs": _compares_from_other_side,
    "statement-comparator-differs": _has_bounds_of_passage,
    "statement-unit-differs": _has_looser_units,
}
"""For the code of a difference from the claim's figures: a look at the passage, which decides."""


def open_findings(claim: Claim, passages: Sequence[PassageContext] = ()) -> list[Problem]:
    """Return the findings whose code has no accepted exception in the claim."""
    waived = {waiver.code for waiver in claim.waivers}
    return [problem for problem in agreement_findings(claim, passages) if problem.code not in waived]


def agreement_notes(claim: Claim, passages: Sequence[PassageContext] = ()) -> list[Problem]:
    """Return the notes on a claim's wording: reasons to read its passages again, which ask for nothing."""
    if not passages:
        return []
    return list(passage_notes(claim, _statement_figures(claim.statement), passages))


def _statement_figures(statement: Mapping[str, str]) -> dict[str, TextFigures]:
    """Return the figures of the Korean and the English statement; other languages have no grammar of figures."""
    return {language: read_figures(statement[language]) for language in ("en", "ko") if language in statement}


def _is_printed(passages: Sequence[str], figure: NormalizedFigure) -> bool | None:
    """Return whether a passage or the words before it have a figure; None if there is no passage."""
    if not passages:
        return None
    return any(
        printed.has_digits(figure.raw, passage)
        or any(is_same_figure(figure, other) for other in printed.read_passage(passage))
        or printed.is_in_other_words(figure, passage)
        for passage in passages
    )
