"""The records that a claim is based on, and the changes in them that make a recheck necessary.

A cause is in the log, or is the result of fetching a document again. Only changes after the last public change of the
claim's verdicts, evidence or relations count, because changing one of these counts as a recheck. Changes before a
person settled a recheck do not count either. This module never changes a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from claimledger.newsroom.actions import RecordedAction, actions_on_claim
from claimledger.newsroom.store import DeskStore
from claimledger.desk_vocabulary import Action, RecheckReason
from claimledger.vocabulary import Question, Relation, RevisionKind, Subject, VerdictValue

_JUDGED_FIELDS = ("verdicts", "evidence", "relations")
"""The fields whose change counts as a recheck."""


class Dependency(NamedTuple):
    """A record that a claim is based on."""

    subject: Subject
    """The type: a document, or an earlier claim that it repeats."""
    key: str
    """The key of the record."""


def claim_dependencies(record: Mapping[str, Any]) -> list[Dependency]:
    """Return the records that a claim (JSON) is based on: its evidence documents and the claims it repeats."""
    documents = (Dependency(Subject.DOCUMENT, one["document_id"]) for one in record.get("evidence", ()))
    claims = (
        Dependency(Subject.CLAIM, one["claim_id"])
        for one in record.get("relations", ())
        if one["relation"] == Relation.REPEATS.value
    )
    return list(dict.fromkeys((*documents, *claims)))


class RecheckCause(NamedTuple):
    """A cause to recheck a claim."""

    reason: RecheckReason
    """The reason."""
    of: str
    """The key of the document or the claim that changed."""
    outcome: str = ""
    """The outcome for a document that was fetched again (`RecheckOutcome`); empty for a cause in the log."""
    lost: int = 0
    """The number of excerpts that were no longer found in the document."""
    recorded_at: str = ""
    """The UTC time of the fetch."""
    author: str = ""
    """The name of the person who started the fetch."""


def recheck_causes(store: DeskStore, claim_id: str, record: Mapping[str, Any]) -> list[RecheckCause]:
    """Return the causes to recheck a claim; `record` (JSON) is its newest public version, or {}.

    Refuted and withdrawn claims come before documents. A document that was fetched again is not reported from the log
    too. A withdrawn claim is never rechecked.
    """
    opened, settled = _open_rechecks(store, claim_id)
    rests = claim_dependencies(record)
    if not opened and not rests:
        return []
    versions = _versions(store, claim_id)
    if versions and versions[-1].kind == RevisionKind.WITHDRAWAL:
        return []
    judged = max(_numbers_of_change(versions, _JUDGED_FIELDS), default=0)
    told = [_cause_from_action(done) for done in opened if done.entry.detail["number"] >= judged]
    fallen, changed = _causes_in_log(store, claim_id, rests, max(judged, settled)) if versions else ([], [])
    known = {why.of for why in told}
    return [*fallen, *told, *(why for why in changed if why.of not in known)]


def newest_log_number(store: DeskStore) -> int:
    """Return the number of the log's newest body, or 0; it marks the time when a recheck was opened or settled."""
    number: int = store.connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()[0]
    return number


def _open_rechecks(store: DeskStore, claim_id: str) -> tuple[list[RecordedAction], int]:
    """Return the actions that opened rechecks since the last settlement, and the log number of that settlement."""
    opened, settled = list[RecordedAction](), 0
    for done in actions_on_claim(store, claim_id, Action.RECHECK):
        if done.entry.detail.get("is_settled"):
            opened, settled = [], done.entry.detail["number"]
        else:
            opened.append(done)
    return opened, settled


def _cause_from_action(done: RecordedAction) -> RecheckCause:
    detail = done.entry.detail
    return RecheckCause(
        RecheckReason.DOCUMENT, detail["document_id"], detail["refound"], detail["lost"], done.recorded_at,
        done.entry.actor,
    )  # fmt: skip


def _causes_in_log(
    store: DeskStore, claim_id: str, rests: list[Dependency], since: int
) -> tuple[list[RecheckCause], list[RecheckCause]]:
    """Return the claims that fell and the documents that changed after a log number."""
    fallen = [one.key for one in _repeated_claims(store, claim_id) if (_fallen_since(store, one.key) or 0) > since]
    changed = [one.key for one in rests if one.subject is Subject.DOCUMENT and _newest_change(store, one.key) > since]
    return [RecheckCause(RecheckReason.FALLEN, key) for key in fallen], [
        RecheckCause(RecheckReason.DOCUMENT, key) for key in changed
    ]


class _Version(msgspec.Struct):
    subject: str
    number: int
    revision: int
    kind: str
    record: dict[str, Any]


_decode = msgspec.json.Decoder(_Version).decode


def _versions(store: DeskStore, claim_id: str) -> list[_Version]:
    versions = (_decode(body) for body in store.revision_bodies(claim_id))
    return [one for one in versions if one.subject == Subject.CLAIM and one.kind != RevisionKind.REDACTION]


def _numbers_of_change(versions: list[_Version], fields: tuple[str, ...]) -> Iterator[int]:
    before: Mapping[str, Any] = {}
    for version in versions:
        if any(before.get(name) != version.record.get(name) for name in fields):
            yield version.number
        before = version.record


def _repeated_claims(store: DeskStore, claim_id: str) -> Iterator[Dependency]:
    """Yield the claims that a claim repeats, directly or indirectly, each once."""
    seen, waiting = {claim_id}, [claim_id]
    while waiting:
        head = store.head(Subject.CLAIM, waiting.pop(0))
        for one in claim_dependencies(msgspec.json.decode(head.body)["record"]) if head else ():
            if one.subject is Subject.CLAIM and one.key not in seen:
                seen.add(one.key)
                waiting.append(one.key)
                yield one


def _fallen_since(store: DeskStore, claim_id: str) -> int | None:
    """Return the log number by which a claim became withdrawn or refuted; None if it is neither now."""
    fell: int | None = None
    for version in _versions(store, claim_id):
        is_down = version.kind == RevisionKind.WITHDRAWAL or _is_refuted(version.record)
        fell = (fell or version.number) if is_down else None
    return fell


def _is_refuted(record: Mapping[str, Any]) -> bool:
    answers = {one["question"]: one["value"] for one in record.get("verdicts", ())}
    return answers.get(Question.SO.value) == VerdictValue.REFUTED.value


def _newest_change(store: DeskStore, document_id: str) -> int:
    """Return the log number of a document's newest version, or 0 if it was never changed."""
    head = store.head(Subject.DOCUMENT, document_id)
    version = _decode(head.body) if head else None
    return version.number if version and version.revision > 1 else 0
