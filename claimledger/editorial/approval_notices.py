"""What an editor should look at twice before approving a claim, and may let stand: a notice, never a bar.

In: a claim. Out: the notices, as problems. The invariant: no step is refused because of one; what must not be published
is found by `agreement` and by `review`.
"""

from __future__ import annotations

from claimledger.consistency.date_ranges import days_of
from claimledger.errors import Problem
from claimledger.models import Claim
from claimledger.vocabulary import Question, VerdictValue

_ENDED = Problem(
    "forecast-ended", "The verdict says 'not_checkable', and the period that was foretold had ended by its day.",
    "Look whether it can be checked by now; what was looked for and not found is 'not_enough_evidence'.",
    field="verdicts",
)  # fmt: skip


def notices(claim: Claim) -> list[Problem]:
    """Return what to look at twice: a verdict that a forecast cannot be checked whose time is over."""
    return [_ENDED] if _is_over(claim) else []


def _is_over(claim: Claim) -> bool:
    """Whether a claim of what was to come is called not checkable on a day when its period has ended."""
    if not claim.about_on:
        return False
    ended = days_of(claim.about_on).last
    is_of_past = claim.said_on and ended <= days_of(claim.said_on).last
    judged = (one.as_of for one in claim.verdicts if one.question is Question.SO and one.value is _NOT_CHECKABLE)
    return not is_of_past and any(ended < days_of(str(day)).last for day in judged)


_NOT_CHECKABLE = VerdictValue.NOT_CHECKABLE
