"""How long it takes to compute with many claims, and to find those that give one fact two values.

In: a number of claims. Out: functions that do the work once, to be measured. The worst ledger for two values is one in
which every claim speaks of one fact and no two agree: the time must grow with the claims, not with their pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import agreeing
from claimledger.consistency import AtHand, conflicting_values, findings
from claimledger.models import Claim, Quantity
from claimledger.quantities import find_figures

CLAIMS = 100_000
READINGS = 3.0
"""How many times as long as reading its statements' figures it may take to compute with a claim."""
TWICE = 2.5
"""How many times as long twice as many claims of one fact may take."""
_KINDS = 5_000
"""More than are remembered by any cache on the way."""


def made(count: int) -> list[Claim]:
    """Return claims, each of which comes as often as the others; no more of them are made than are told apart."""
    kinds = [agreeing.made_up(number)[0] for number in range(min(count, _KINDS))]
    return [kinds[number % len(kinds)] for number in range(count)]


def compute(claims: Sequence[Claim]) -> None:
    """Compute with each claim, and find the keys of its figures."""
    for claim in claims:
        findings(claim, AtHand("2031-04-02"))
        conflicting_values.keys(claim)


def read(claims: Sequence[Claim]) -> None:
    """Find the figures of the statements."""
    for claim in claims:
        for text in claim.statement.values():
            find_figures(text)


def of_one_fact(count: int) -> list[conflicting_values.Value]:
    """Return figures of one fact, no two alike."""
    return [
        conflicting_values.Value(
            f"claim-{number}", "made-up", 0, Quantity(text=f"{number}", amount=Decimal(number), unit="person")
        )
        for number in range(count)
    ]


def hold_together(values: Sequence[conflicting_values.Value]) -> None:
    """Find that each of the figures has another value beside it."""
    if {one.claim_id for one in conflicting_values.findings_of_one(values)} != {value.claim_id for value in values}:
        raise AssertionError(len(values))
