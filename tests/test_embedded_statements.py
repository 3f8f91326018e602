"""A confirmed statement that contains what another claim rates otherwise is noted, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimledger.consistency.embedded_statements import embedded_statement_findings
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Revision
from claimledger.scalars import STORED
from claimledger.vocabulary import Subject
from newsroom import cargo

ROOT = Path(__file__).parent.parent


def claim(name: str, en: str, ko: str, value: str) -> Claim:
    verdict = {"question": "so", "value": value, "rationale": {"en": "Seen."}, "as_of": "2031-05-01"}
    fields: dict[str, Any] = cargo() | {
        "claim_id": name, "statement": {"en": en, "ko": ko}, "quantities": [], "verdicts": [verdict],
    }  # fmt: skip
    fields.pop("appearances")
    return Claim.model_validate_json(msgspec.json.encode(fields))


LOAN = claim("loan-aaaa", "The bank of Haneul lent the port money.", "하늘은행이 항만에 돈을 빌려줬다.", "refuted")
QUAY = claim(
    "quay-aaaa", "With money that the bank of Haneul lent, the port built a quay in 2030.",
    "항만은 하늘은행이 빌려준 돈으로 2030년에 부두를 지었다.", "supported",
)  # fmt: skip
OWN = claim("own-aaaa", "The port built a quay in 2030.", "항만은 2030년에 부두를 지었다.", "supported")


def pairs(claims: Iterable[Claim]) -> list[tuple[str, str | None]]:
    return [(one.claim_id, one.other_claim_id) for one in embedded_statement_findings([*claims])]


def test_only_the_statement_that_contains_the_other_is_noted() -> None:
    assert pairs([LOAN, QUAY, OWN]) == [("quay-aaaa", "loan-aaaa")]
    assert not pairs([QUAY, OWN])


@pytest.mark.slow
def test_first_ledger_has_no_such_statement_and_had_one() -> None:
    versions: dict[str, list[Claim]] = {}
    for line in log.read_log(LedgerPaths(ROOT).log):
        revision = Revision.model_validate_json(line.body, context=STORED)
        if revision.subject is Subject.CLAIM and isinstance(revision.record, Claim):
            versions.setdefault(revision.key, []).append(revision.record)
    newest = {key: claims[-1] for key, claims in versions.items()}
    assert not pairs(newest.values())
    old = "microsoft-put-gpt-4-into-copilot-bwxq"
    before = next(one for one in versions[old] if one.verdicts)
    assert pairs((newest | {old: before}).values()) == [(old, "microsoft-is-a-major-openai-shareholder-63at")]
