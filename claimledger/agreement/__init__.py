"""Do a claim's statements, its quantities, its passage and its attribution say the same?

In: a claim and, where the article's text is at hand, its passages. Out: `Problem` values with the codes of `CODES`,
none for a claim that agrees with itself. The invariant: pure functions that never raise; what the record alone cannot
show is only said with the text at hand, and what a rule is not sure of is not said. It must not know files, the
ledger or who asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from claimledger.agreement import printed, statements, wording_checks
from claimledger.agreement.agreement_codes import CODES, Meaning
from claimledger.agreement.figure_comparison import is_same
from claimledger.agreement.figure_meaning import Reading, Said, of_quantity, read
from claimledger.agreement.wording_checks import Passage
from claimledger.errors import Problem
from claimledger.models import Claim

__all__ = ["CODES", "Meaning", "Passage", "findings", "open_findings"]


def findings(claim: Claim, passages: Sequence[Passage] = ()) -> list[Problem]:
    """Return everything in which a claim disagrees with itself or with its passages; `field` is the claim's field."""
    quantities = [of_quantity(quantity) for quantity in claim.quantities]
    readings = _readings(claim.statement)
    texts = [passage.text for passage in passages]
    found: list[Problem] = []
    read_already = [said for reading in readings.values() for said in reading.said]
    for index, meant in enumerate(quantities):
        found += printed.problems_of(index, meant, texts, read_already)
    around = [passage.before + passage.text for passage in passages]
    found += statements.problems_of(quantities, readings, partial(_is_printed, around))
    found += wording_checks.date_problems(claim, readings)
    found += wording_checks.speaker_problems(claim, passages)
    found += wording_checks.cut_problems(claim, passages)
    found += wording_checks.judged_problems(claim)
    return found


def open_findings(claim: Claim, passages: Sequence[Passage] = ()) -> list[Problem]:
    """Return the findings whose code the claim does not waive."""
    waived = {waiver.code for waiver in claim.waivers}
    return [problem for problem in findings(claim, passages) if problem.code not in waived]


def _readings(statement: Mapping[str, str]) -> dict[str, Reading]:
    """Return the Korean and the English statement as read; other languages have no grammar of figures."""
    return {language: read(statement[language]) for language in ("en", "ko") if language in statement}


def _is_printed(passages: Sequence[str], said: Said) -> bool | None:
    """Whether a passage, or what leads to it, has a figure; none when there is no passage."""
    if not passages:
        return None
    return any(
        printed.has_digits(said.raw, passage) or any(is_same(said, other) for other in printed.read_passage(passage))
        for passage in passages
    )
