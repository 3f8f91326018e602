"""What a claim rests on, and whether that fell or changed since the claim was judged or somebody looked again.

In: an open store and a claim's record (JSON). Out: the records it rests on, and why it is to be looked at again: by
the log, or by what came when a document was fetched anew. The invariant: only what came after the claim's verdicts,
evidence or relations last changed in public counts, since to change one of them is to have looked again; and only what
came after somebody settled it. It never changes a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from claimledger.newsroom.acts import Done, acts_on
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import Action, Question, RecheckReason, Relation, RevisionKind, Subject, VerdictValue

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


class Why(NamedTuple):
    """A reason to look at a claim again."""

    reason: RecheckReason
    """What it is."""
    of: str
    """The document or the claim that says so."""
    became: str = ""
    """What became of a document that was fetched anew (`Refound`); empty if the log says so."""
    lost: int = 0
    """Passages relied on that no longer stood in it."""
    recorded_at: str = ""
    """When it was fetched anew, UTC."""
    author: str = ""
    """Who had it fetched."""


def whys(store: DeskStore, claim_id: str, record: Mapping[str, Any]) -> list[Why]:
    """Return why a claim is to be looked at again; `record` (JSON) is its newest public version, empty if it has none.

    A claim that fell goes before a document, and of a document that was fetched anew the log's word is left out. A
    withdrawn claim is looked at no more.
    """
    opened, settled = _opened(store, claim_id)
    rests = rests_of(record)
    if not opened and not rests:
        return []
    versions = _versions(store, claim_id)
    if versions and versions[-1].kind == RevisionKind.WITHDRAWAL:
        return []
    judged = max(_numbers_of_change(versions, _JUDGED), default=0)
    told = [_refound(done) for done in opened if done.deed.detail["number"] >= judged]
    fallen, changed = _by_log(store, claim_id, rests, max(judged, settled)) if versions else ([], [])
    known = {why.of for why in told}
    return [*fallen, *told, *(why for why in changed if why.of not in known)]


def newest_number(store: DeskStore) -> int:
    """Return the number of the log's newest body, 0 if it is empty: what a recheck was opened or settled after."""
    number: int = store.connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()[0]
    return number


def _opened(store: DeskStore, claim_id: str) -> tuple[list[Done], int]:
    """Return what opened rechecks since somebody last settled them, and after which number of the log that was."""
    opened, settled = list[Done](), 0
    for done in acts_on(store, claim_id, Action.RECHECK):
        if done.deed.detail.get("is_settled"):
            opened, settled = [], done.deed.detail["number"]
        else:
            opened.append(done)
    return opened, settled


def _refound(done: Done) -> Why:
    detail = done.deed.detail
    return Why(
        RecheckReason.DOCUMENT, detail["document_id"], detail["refound"], detail["lost"], done.recorded_at,
        done.deed.actor,
    )  # fmt: skip


def _by_log(store: DeskStore, claim_id: str, rests: list[Rests], since: int) -> tuple[list[Why], list[Why]]:
    """Return the claims that fell, and the documents of which another version was published, after a number."""
    fallen = [one.key for one in _beneath(store, claim_id) if (_fell_at(store, one.key) or 0) > since]
    changed = [one.key for one in rests if one.subject is Subject.DOCUMENT and _changed_at(store, one.key) > since]
    return [Why(RecheckReason.FALLEN, key) for key in fallen], [Why(RecheckReason.DOCUMENT, key) for key in changed]


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
