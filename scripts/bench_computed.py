"""Measure the automatic checks on many claims, and the search for facts with two values.

The worst ledger for two values is one in which every claim is about one fact and no two agree: the time must grow with
the number of claims, not with the number of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import agreeing

from claimledger.consistency import CheckContext, conflicting_values, consistency_findings
from claimledger.models import Claim, Quantity
from claimledger.quantities import find_figures

CLAIMS = 100_000
MAX_COMPUTE_RATIO = 3.0
"""The target: the checks of a claim may take this many times as long as finding the figures of its statements."""
MAX_DOUBLING_RATIO = 2.5
"""The target: twice as many claims of one fact may take this many times as long."""
_DISTINCT = 5_000
"""More distinct claims than any cache of the checks keeps."""


def make_claims(count: int) -> list[Claim]:
    """Return `count` claims. At most `_DISTINCT` of them are distinct; the others repeat them."""
    distinct = [agreeing.agreeing_claim(number)[0] for number in range(min(count, _DISTINCT))]
    return [distinct[number % len(distinct)] for number in range(count)]


def compute(claims: Sequence[Claim]) -> None:
    """Run the automatic checks on each claim, and make the keys of its figures."""
    for claim in claims:
        consistency_findings(claim, CheckContext("2031-04-02"))
        conflicting_values.figure_keys(claim)


def find_statement_figures(claims: Sequence[Claim]) -> None:
    """Find the figures of the statements."""
    for claim in claims:
        for text in claim.statement.values():
            find_figures(text)


def figures_of_one_fact(count: int) -> list[conflicting_values.FigureValue]:
    """Return `count` different figures of one fact."""
    return [
        conflicting_values.FigureValue(
            f"claim-{number}", "made-up", 0, Quantity(text=f"{number}", amount=Decimal(number), unit="person")
        )
        for number in range(count)
    ]


def compare_values(values: Sequence[conflicting_values.FigureValue]) -> None:
    """Check that every claim is reported for having another value than the others.

    Raises:
        AssertionError: a claim was not reported.
    """
    if {one.claim_id for one in conflicting_values.differing_value_findings(values)} != {
        value.claim_id for value in values
    }:
        raise AssertionError(len(values))
