"""What a public claim rests on, and whether that fell or changed since the claim was judged.

In: an open store and a claim's record (JSON). Out: the records it rests on, and why it is to be looked at again. The
invariant: only what the log says counts, and only what it said after the claim's verdicts, evidence or relations last
changed; to change one of them is to have looked again. It never changes a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from claimledger.ledger.store import DeskStore
from claimledger.vocabulary import Question, RecheckReason, Relation, RevisionKind, Subject, VerdictValue

_JUDGED = ("verdicts", "evidence", "relations")
"""Fields of which a change says that somebody looked again."""


class Rests(NamedTuple):
    """A record that a claim rests on."""

    subject: Subject
    """A document, or an earlier claim that it repeats."""
    key: str
    """Its name."""


def rests_of(record: Mapping[str, Any]) -> list[Rests]:
    """Return what a claim (JSON) rests on: the documents of its evidence, and the claims it repeats."""
    documents = (Rests(Subject.DOCUMENT, one["document_id"]) for one in record.get("evidence", ()))
    claims = (
        Rests(Subject.CLAIM, one["claim_id"])
        for one in record.get("relations", ())
        if one["relation"] == Relation.REPEATS.value
    )
    return list(dict.fromkeys((*documents, *claims)))


def recheck_why(store: DeskStore, claim_id: str, record: Mapping[str, Any]) -> str:
    """Return why a public claim (JSON) is to be looked at again, as `reason:name`; empty if nothing says so.

    Names come in the order of the record; a claim that fell goes before a document that changed.
    """
    rests = rests_of(record)
    if not rests:
        return ""
    versions = _versions(store, claim_id)
    if not versions or versions[-1].kind == RevisionKind.WITHDRAWAL:
        return ""
    judged = max(_numbers_of_change(versions, _JUDGED), default=0)
    fallen = (one.key for one in _beneath(store, claim_id) if (_fell_at(store, one.key) or 0) > judged)
    changed = (one.key for one in rests if one.subject is Subject.DOCUMENT and _changed_at(store, one.key) > judged)
    reasons = {RecheckReason.FALLEN: next(fallen, ""), RecheckReason.DOCUMENT: next(changed, "")}
    return next((f"{reason}:{name}" for reason, name in reasons.items() if name), "")


class _Version(msgspec.Struct):
    subject: str
    number: int
    revision: int
    kind: str
    record: dict[str, Any]


_decode = msgspec.json.Decoder(_Version).decode


def _versions(store: DeskStore, claim_id: str) -> list[_Version]:
    versions = (_decode(body) for body in store.bodies_of(claim_id))
    return [one for one in versions if one.subject == Subject.CLAIM and one.kind != RevisionKind.REDACTION]


def _numbers_of_change(versions: list[_Version], fields: tuple[str, ...]) -> Iterator[int]:
    before: Mapping[str, Any] = {}
    for version in versions:
        if any(before.get(name) != version.record.get(name) for name in fields):
            yield version.number
        before = version.record


def _beneath(store: DeskStore, claim_id: str) -> Iterator[Rests]:
    """Yield the claims that a claim repeats, and those that these repeat, each once."""
    seen, waiting = {claim_id}, [claim_id]
    while waiting:
        head = store.head(Subject.CLAIM, waiting.pop(0))
        for one in rests_of(msgspec.json.decode(head.body)["record"]) if head else ():
            if one.subject is Subject.CLAIM and one.key not in seen:
                seen.add(one.key)
                waiting.append(one.key)
                yield one


def _fell_at(store: DeskStore, claim_id: str) -> int | None:
    """Return the number in the log by which a claim that is withdrawn or refuted now became so; none if it stands."""
    fell: int | None = None
    for version in _versions(store, claim_id):
        is_down = version.kind == RevisionKind.WITHDRAWAL or _is_refuted(version.record)
        fell = (fell or version.number) if is_down else None
    return fell


def _is_refuted(record: Mapping[str, Any]) -> bool:
    answers = {one["question"]: one["value"] for one in record.get("verdicts", ())}
    return answers.get(Question.SO.value) == VerdictValue.REFUTED.value


def _changed_at(store: DeskStore, document_id: str) -> int:
    """Return the number in the log of a document's newest version, 0 for one that was never changed."""
    head = store.head(Subject.DOCUMENT, document_id)
    version = _decode(head.body) if head else None
    return version.number if version and version.revision > 1 else 0
