"""Notices for an editor before approving a claim. A notice never blocks a step.

Problems that must not be published are found by `agreement` and `review` instead.
"""

from __future__ import annotations

from claimledger.consistency.date_ranges import day_range
from claimledger.errors import Problem
from claimledger.models import Claim
from claimledger.vocabulary import Question, VerdictValue

_FORECAST_ENDED = Problem("forecast-ended", field="verdicts"
)  # fmt: skip


def notices(claim: Claim) -> list[Problem]:
    """Return a notice if a verdict says that a forecast cannot be checked, but its period is over."""
    return [_FORECAST_ENDED] if _is_forecast_over(claim) else []


def _is_forecast_over(claim: Claim) -> bool:
    """Return whether a forecast is judged not checkable on a date after the end of its period."""
    if not claim.about_on:
        return False
    ended = day_range(claim.about_on).last
    is_of_past = claim.said_on and ended <= day_range(claim.said_on).last
    judged = (one.as_of for one in claim.verdicts if one.question is Question.SO and one.value is _NOT_CHECKABLE)
    return not is_of_past and any(ended < day_range(str(day)).last for day in judged)


_NOT_CHECKABLE = VerdictValue.NOT_CHECKABLE
