"""The published verdicts of many claims, for a list of them. Drafts do not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from claimledger.desk.step_setup import open_store
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import Question, Subject, VerdictValue


def published_verdicts(places: LedgerPaths, claim_ids: Sequence[str]) -> dict[str, Mapping[Question, VerdictValue]]:
    """Return the published verdict on each question for each claim; a question without a verdict is left out."""
    with open_store(places) as store:
        heads = {claim_id: store.head(Subject.CLAIM, claim_id) for claim_id in claim_ids}
    return {claim_id: _verdict_values(head.body) if head else {} for claim_id, head in heads.items()}


def _verdict_values(body: bytes) -> Mapping[Question, VerdictValue]:
    verdicts = msgspec.json.decode(body, type=_Body).record.verdicts
    return {Question(one.question): VerdictValue(one.value) for one in verdicts}


class _Verdict(msgspec.Struct):
    question: str
    value: str


class _Record(msgspec.Struct):
    verdicts: tuple[_Verdict, ...] = ()


class _Body(msgspec.Struct):
    record: _Record
