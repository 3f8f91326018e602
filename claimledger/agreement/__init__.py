"""Checks that a claim's statements, quantities, passages and attribution agree with one another.

A check takes a claim and, if the article's text is available, its passages. It returns `Problem` values with the codes
of `AGREEMENT_CODES`, and none for a claim that agrees with itself. All checks are pure functions that never raise.
Differences that only the article can show are reported only with its text, and a rule that is not sure reports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from claimledger.agreement import printed, statements, wording_checks
from claimledger.agreement.agreement_codes import AGREEMENT_CODES, AgreementCode
from claimledger.agreement.compared_texts import PassageContext
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import TextFigures, NormalizedFigure, figure_of_quantity, read_figures
from claimledger.agreement.passage_checks import passage_notes, passage_problems
from claimledger.agreement.second_looks import is_right_by_passage
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
        if not is_right_by_passage(problem, quantities, readings, texts)
    ]
    problems += wording_checks.date_problems(claim, readings)
    problems += wording_checks.speaker_problems(claim, passages)
    problems += wording_checks.cut_problems(claim, passages)
    problems += wording_checks.opinion_problems(claim)
    if passages:
        problems += passage_problems(claim, readings, passages, {problem.code for problem in problems}, quantities)
    return problems


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
