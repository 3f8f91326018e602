"""Notices for editors: a forecast is called not checkable although its period has ended."""

from __future__ import annotations

import pytest

from claimledger.editorial.approval_notices import notices
from claimledger.models import Claim


def forecast(**changes: object) -> Claim:
    verdict = {
        "question": "so", "value": changes.pop("value", "not_checkable"), "rationale": {"en": "No count was found."},
        "as_of": changes.pop("as_of", "2031-04-03"),
    }  # fmt: skip
    fields = {
        "claim_id": "cargo-will-double-aaaa", "article_id": "made-up", "statement": {"en": "Cargo will double."},
        "attribution": {"mode": "narration"}, "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
        "topics": ["ports"], "about_on": "2030", "verdicts": [verdict],
    }  # fmt: skip
    return Claim.model_validate(fields | changes, strict=False)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ["forecast-ended"]),
        ({"said_on": "2029-05-01"}, ["forecast-ended"]),
        ({"said_on": "2031-01-02"}, []),
        ({"as_of": "2030-06-01"}, []),
        ({"value": "not_enough_evidence"}, []),
    ],
    ids=["its year is over", "said before", "said of the past", "still to come", "looked for"],
)
def test_forecast_with_a_past_period_gives_a_notice(changes: dict[str, object], codes: list[str]) -> None:
    assert [notice.code for notice in notices(forecast(**changes))] == codes
