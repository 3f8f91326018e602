"""Divides an amount of money by the count in the passage directly before it.

The check takes the claims of one edition with their positions, and yields notes. It combines two claims only if they
have the same speaker, the count comes first, and at most a full stop and a space are between their passages. A count
after the amount is too often about something else and is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from claimledger.agreement.figure_meaning import COUNT, figure_of_quantity
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.sentence_figures import format_number
from claimledger.counting import item_path
from claimledger.models import Claim, Quantity

MAX_GAP = 3
"""The number of code points allowed between two passages: a quotation mark, a full stop, a space."""


class PlacedClaim(NamedTuple):
    """A claim and its position in an edition, in code points; the end is exclusive."""

    claim: Claim
    start: int
    end: int


def amount_per_count_findings(placed: Iterable[PlacedClaim]) -> Iterator[Finding]:
    """Yield a note for each amount of money that can be divided by the count before it."""
    with_quantities = (one for one in placed if one.claim.quantities)
    for first, second in pairwise(sorted(with_quantities, key=lambda one: (one.start, one.end, one.claim.claim_id))):
        if second.start - first.end <= MAX_GAP and _speaker_name(first.claim) == _speaker_name(second.claim):
            yield from _amount_per_count(second.claim, first.claim)


def _speaker_name(claim: Claim) -> object:
    return claim.speaker.name if claim.speaker else None


def _amount_per_count(paid: Claim, counted: Claim) -> Iterator[Finding]:
    money, count = paid.quantities[0], _only_count(counted)
    if paid.claim_id == counted.claim_id or money.currency is None or money.amount is None or count is None:
        return
    if count.amount is not None and count.amount > 1:
        each = format_number(money.amount / count.amount)
        values = {"money": money.text, "count": count.text, "each": each, "currency": money.currency}
        yield make_finding(
            "amount-for-each", paid.claim_id, item_path("quantities", 0), values, other_claim_id=counted.claim_id
        )


def _only_count(claim: Claim) -> Quantity | None:
    """Return the only figure of a claim, if it counts things or people."""
    if len(claim.quantities) != 1:
        return None
    return claim.quantities[0] if figure_of_quantity(claim.quantities[0]).dimension.startswith(COUNT) else None
