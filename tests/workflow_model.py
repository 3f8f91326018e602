"""A model of the workflow in other words than the desk's own: what is known of a claim, and what may become of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st
from newsroom import CARGO, GROWTH

from claimledger.desk import Seen
from claimledger.editorial.at_desk import MATERIAL
from claimledger.ledger import log
from claimledger.ledger.files import Places
from claimledger.review import Staff
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind, Role

CHECKER, EDITOR = {Role.CHECKER}, {Role.EDITOR}
PEOPLE = {
    staff.name: staff
    for staff in (Staff("kim", CHECKER), Staff("lee", EDITOR), Staff("park", CHECKER | EDITOR),
                  Staff("choi", CHECKER | EDITOR), Staff("root", {Role.ADMIN}))
}  # fmt: skip
CLAIMS = (CARGO, GROWTH)
SAYING = ("statement", "quantities", "speaker", "attribution", "source")
CORRECTION, VERDICT, UPDATE = RevisionKind.CORRECTION, RevisionKind.VERDICT, RevisionKind.UPDATE


class Form(NamedTuple):
    """A claim's page in somebody's browser, filled in now or long ago."""

    claim_id: str
    seen: Seen
    fields: dict[str, Any]


@dataclass
class Known:
    """What the model knows of a claim."""

    desk: dict[str, Any]
    kind: RevisionKind | None = RevisionKind.LISTED
    """Of the draft that waits; none if none does."""
    authors: list[str] = field(default_factory=list)
    """Of the draft that waits, in the order they wrote."""
    public: dict[str, Any] = field(default_factory=dict)
    head: str | None = None
    draft_id: int | None = None
    judged: tuple[str, str] | None = None
    material: set[str] = field(default_factory=set)
    assignees: dict[Question, str | None] = field(default_factory=dict)
    versions: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    """Of the draft that waits, each with who wrote it."""
    thrown_away: list[list[tuple[dict[str, Any], str]]] = field(default_factory=list)
    """The versions of each draft that was discarded."""
    passages: set[str] = field(default_factory=set)
    """Who wrote passages that wait."""
    is_withdrawn: bool = False

    @property
    def waiting(self) -> str:
        if self.kind is None:
            return "open"
        return self.judged[0] if self.judged else "proposed"

    @property
    def writers(self) -> set[str]:
        same: set[str] = set()
        for versions in self.thrown_away if self.kind else ():
            records = [record for record, _ in versions]
            until = len(records) - records[::-1].index(self.desk) if self.desk in records else 0
            same |= {name for _, name in versions[:until]}
        return {*self.authors, *self.material, *self.passages, *same}

    def stage(self, question: Question) -> str:
        if self.public and verdict(self.desk, question) != verdict(self.public, question):
            return "assigned" if self.waiting == "open" else self.waiting
        if self.assignees.get(question):
            return "assigned"
        return "published" if verdict(self.public, question) else "open"


def verdict(fields: Mapping[str, Any], question: Question) -> dict[str, Any] | None:
    return next((one for one in fields.get("verdicts", ()) if one["question"] == question), None)


def judged_anew(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Question]:
    return [question for question in Question if verdict(before, question) != verdict(after, question)]


def unproved(public: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    new = [one["value"] for one in fields.get("verdicts", ()) if one not in public.get("verdicts", ())]
    return not fields.get("evidence") and bool({"supported", "refuted"} & {*new})


def may_follow(public: Mapping[str, Any], fields: Mapping[str, Any], kind: RevisionKind, what: CorrectionKind) -> bool:
    """Say in other words what may become of a public record."""
    if not public:
        return not fields.get("verdicts")
    before, after = public.get("verdicts", []), fields.get("verdicts", [])
    kept = all(one in after for one in before)
    added = any(one not in before for one in after)
    says_the_same = all(public.get(name) == fields.get(name) for name in SAYING) or not before
    stands_on_the_same = not before or not lost_evidence(public, fields)
    if kind is CORRECTION:
        differs = added or not kept
        return what is CorrectionKind.RETRACTION or (what is CorrectionKind.VERDICT_CHANGED) == differs
    is_kept = kept and says_the_same and stands_on_the_same
    return kind is not RevisionKind.LISTED and is_kept and added == (kind is VERDICT)


def lost_evidence(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in before.get("evidence", ()) if one not in after.get("evidence", ())]


def changed(fields: Mapping[str, Any], draw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim with what somebody typed."""
    after: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fields))
    if draw["statement"] is not None:
        after["statement"]["ko"] = STATEMENTS[fields["claim_id"]][draw["statement"]]
    if draw["topic"]:
        after["topics"] = [draw["topic"]]
    if draw["evidence"] == "less" and after.get("evidence"):
        after["evidence"].pop()
    elif draw["evidence"] == "other" and after.get("evidence"):
        after["evidence"][0]["summary"] = {"ko": "아니라고 한다."}
    if not after.get("evidence"):
        after.pop("evidence", None)
    if draw["value"] == "none":
        after["verdicts"] = [one for one in after.get("verdicts", ()) if one["question"] != draw["question"]]
    elif draw["value"]:
        others = [one for one in after.get("verdicts", ()) if one["question"] != draw["question"]]
        new = {
            "question": draw["question"],
            "value": draw["value"],
            "rationale": {"ko": "살펴보았다."},
            "as_of": "2031-04-03",
        }
        after["verdicts"] = sorted([*others, new], key=lambda one: list(Question).index(Question(one["question"])))
    if not after.get("verdicts"):
        after.pop("verdicts", None)
    return after


STATEMENTS = {
    CARGO: ("2030년 하늘항이 다룬 짐은 약 120만t이다.", "2030년 하늘항이 다룬 짐은 120만t쯤이다.",
            "2030년 하늘항이 다룬 짐은 120억t쯤이다."),
    GROWTH: ("2031년 하늘항의 짐은 10% 는다.", "2031년 하늘항의 짐은 10% 늘 것이다.", "2031년 하늘항의 짐은 90% 는다."),
}  # fmt: skip
"""Wordings of each claim; the last does not agree with its figure."""
EDITS = st.fixed_dictionaries({
    "statement": st.sampled_from([None, None, None, 0, 1, 2]),
    "topic": st.sampled_from(["", "", "ports", "ships"]),
    "evidence": st.sampled_from(["", "", "", "less", "other"]),
    "question": st.sampled_from(["so", "said"]),
    "value": st.sampled_from(["", "not_checkable", "not_enough_evidence", "supported", "none"]),
})  # fmt: skip


LOSSES = st.sampled_from(["less", "other"])
KINDS = st.sampled_from([None, UPDATE, VERDICT, CORRECTION])
NO_EDIT: dict[str, Any] = {"statement": None, "topic": "", "question": "so", "value": "", "evidence": ""}


def call(number: int) -> tuple[dict[str, str | dict[str, str]], dict[str, Any]]:
    """Return a document, a telephone call that is a primary one, and what it says about a claim."""
    document: dict[str, str | dict[str, str]] = {
        "document_id": f"call-{number}-a2b3", "medium": "call", "title": {"ko": f"통화 {number}"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary",
    }  # fmt: skip
    return document, {
        "document_id": document["document_id"], "stance": "supports", "summary": {"ko": "그렇다고 한다."},
    }  # fmt: skip


def stored(places: Places) -> tuple[object, ...]:
    """Return what stands on the desk and in the log."""
    with closing(sqlite3.connect(places.desk)) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM draft), (SELECT count(*) FROM act), (SELECT count(*) FROM publication), "
            "(SELECT group_concat(key || draft_id) FROM waiting)"
        ).fetchone()
    return (*counts, [path.read_bytes() for path in sorted(places.log.glob("*"))])


def silently_held(last: dict[str, Any], now: dict[str, Any], body: dict[str, Any], wrote: set[str]) -> None:
    """Demand of a revision what the issue demands of every published verdict and every change of a judged claim."""
    old, new = last.get("verdicts", []), now.get("verdicts", [])
    if any(one not in old for one in new):
        assert body["approver"] not in wrote
        assert not unproved(last, now)
    says_another = any(last.get(name) != now.get(name) for name in SAYING)
    if old and (says_another or lost_evidence(last, now) or any(one not in new for one in old)):
        assert body["kind"] == "correction"
        assert body["correction"]["public_note"]


def demand_public(places: Places) -> None:
    """Demand of the log and of ledger.db, of nothing else, what must hold of all that is public."""
    before: dict[str, dict[str, Any]] = {}
    wrote: dict[str, set[str]] = {}
    bodies = [msgspec.json.decode(body) for body in log.read_bodies(places.log)]
    for body in bodies:
        assert body["approver"] not in body["authors"]
        if body["subject"] != "claim":
            continue
        last, now, key = before.get(body["key"]), body["record"], body["key"]
        if last is not None:
            silently_held(last, now, body, wrote.get(key, set()))
            if any(last.get(name) != now.get(name) for name in MATERIAL):
                wrote.setdefault(key, set()).update(body["authors"])
        before[key] = now
    if places.ledger.exists():
        with closing(sqlite3.connect(places.ledger)) as ledger:
            assert ledger.execute("SELECT count(*) FROM revision").fetchone() == (len(bodies),)
            shown = dict(ledger.execute("SELECT claim_id, verification_status FROM claims"))
        said = {key: verdict(fields, Question.SO) for key, fields in before.items()}
        assert shown == {key: one["value"] if one else "not_checked" for key, one in said.items()}
