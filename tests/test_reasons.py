"""The first sentence of a reason, and the verdict whose reason a list shows."""

from __future__ import annotations

import json

import pytest
from made_ledger import JOBS

from claimledger.models import Claim
from claimledger.verdicts.reasons import deciding_verdict, reason_in_short, split_reason


def verdict(question: str, value: str) -> dict[str, object]:
    return {"question": question, "value": value, "as_of": "2031-04-08",
            "rationale": {"en": f"On {question}. More.", "ko": f"{question}에 대한 것이다. 더 있다."}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The port counted 4.5 t. The yearbook agrees.", "The port counted 4.5 t."),
        ("Dr. Seo of Harbour Ltd. said so in May.", "Dr. Seo of Harbour Ltd. said so in May."),
        ("It said “Not yet.” Nothing came later.", "It said “Not yet.”"),
        ("항만공사는 3.2%라고 했다. 연감도 같다.", "항만공사는 3.2%라고 했다."),
        ("No full stop", "No full stop"),
        ("", ""),
    ],
)
def test_first_sentence_ends_at_its_own_full_stop(text: str, first: str) -> None:
    found, rest = split_reason(text)
    assert found == first
    assert f"{found} {rest}".strip() == text


@pytest.mark.parametrize(
    ("so", "said", "question"),
    [
        ("refuted", "supported", "so"), ("not_checkable", "supported", "said"), ("not_checkable", None, "so"),
        (None, "refuted", "said"),
    ],
)  # fmt: skip
def test_reason_is_the_one_that_says_most(so: str | None, said: str | None, question: str) -> None:
    verdicts = [verdict(name, value) for name, value in (("so", so), ("said", said)) if value]
    claim = Claim.model_validate_json(json.dumps({**JOBS, "verdicts": verdicts}))
    found = deciding_verdict(claim)
    assert found is not None
    assert str(found.question) == question
    assert reason_in_short(claim, "en") == f"On {question}."


def test_claim_without_a_verdict_has_no_reason() -> None:
    assert reason_in_short(Claim.model_validate_json(json.dumps(dict(JOBS))), "ko") is None
