"""What an amount of money comes to for each of what is counted in the passage beside it.

In: the claims of one edition with where they stand. Out: notes. The invariant: two claims are only held together if
one speaker makes both, the count first, and no more than a full stop and a space stand between their passages. Limits:
a count that follows the amount is about something else too often, and is left alone. It must not know the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from claimledger.agreement.figure_meaning import COUNT, of_quantity
from claimledger.consistency.finding_codes import Finding, finding
from claimledger.consistency.sentence_figures import shown
from claimledger.counting import item
from claimledger.models import Claim, Quantity

BETWEEN = 3
"""Code points that may stand between two passages: a quotation mark, a full stop, a space."""


class Placed(NamedTuple):
    """A claim and where it stands in an edition, in code points; the end is exclusive."""

    claim: Claim
    start: int
    end: int


def findings_among(placed: Iterable[Placed]) -> Iterator[Finding]:
    """Yield what each amount of money comes to for each of what is counted beside it."""
    telling = (one for one in placed if one.claim.quantities)
    for first, second in pairwise(sorted(telling, key=lambda one: (one.start, one.end, one.claim.claim_id))):
        if second.start - first.end <= BETWEEN and _speaker(first.claim) == _speaker(second.claim):
            yield from _for_each(second.claim, first.claim)


def _speaker(claim: Claim) -> object:
    return claim.speaker.name if claim.speaker else None


def _for_each(paid: Claim, counted: Claim) -> Iterator[Finding]:
    money, count = paid.quantities[0], _only_count(counted)
    if paid.claim_id == counted.claim_id or money.currency is None or money.amount is None or count is None:
        return
    if count.amount is not None and count.amount > 1:
        each = shown(money.amount / count.amount)
        said = {"money": money.text, "count": count.text, "each": each, "currency": money.currency}
        yield finding("amount-for-each", paid.claim_id, item("quantities", 0), said, other_claim_id=counted.claim_id)


def _only_count(claim: Claim) -> Quantity | None:
    """Return the one figure of a claim, if it counts things or people."""
    if len(claim.quantities) != 1:
        return None
    return claim.quantities[0] if of_quantity(claim.quantities[0]).dimension.startswith(COUNT) else None
