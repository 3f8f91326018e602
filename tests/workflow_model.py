"""A second model of the workflow, written independently of the desk: the state of a claim, and what may follow."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st
from newsroom import CARGO, GROWTH

from claimledger.desk.check_steps import SeenVersion
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

CHECKER, EDITOR = {Role.CHECKER}, {Role.EDITOR}
PEOPLE = {
    staff.name: staff
    for staff in (StaffMember("kim", CHECKER), StaffMember("lee", EDITOR), StaffMember("park", CHECKER | EDITOR),
                  StaffMember("choi", CHECKER | EDITOR), StaffMember("root", {Role.ADMIN}))
}  # fmt: skip
EDITORS = {name for name, staff in PEOPLE.items() if Role.EDITOR in staff.roles}
WITHDRAWN = "기사가 거두어졌다."
CLAIMS = (CARGO, GROWTH)
SAYING = ("statement", "quantities", "speaker", "attribution", "source", "said_on", "about_on")
WRITING = (*SAYING, "evidence", "verdicts", "relations")
FIRM = {"supported": {"supports"}, "refuted": {"refutes"}, "conflicting_evidence": {"supports", "refutes"}}
AS_OF = "2026-04-03"
"""The date of every verdict; the desk's pages use today's clock."""
CORRECTION, VERDICT, UPDATE = RevisionKind.CORRECTION, RevisionKind.VERDICT, RevisionKind.UPDATE
WITHDRAWAL = RevisionKind.WITHDRAWAL


class Form(NamedTuple):
    """A claim's page in a person's browser, filled in now or long ago."""

    claim_id: str
    seen: SeenVersion
    fields: dict[str, Any]


@dataclass
class ClaimState:
    """The state of a claim in the model."""

    desk: dict[str, Any]
    kind: RevisionKind | None = RevisionKind.LISTED
    """The kind of the draft that waits; None without a draft."""
    what: CorrectionKind | None = None
    """The kind of the correction that waits."""
    authors: list[str] = field(default_factory=list)
    """The authors of the draft that waits, in the order of their edits."""
    public: dict[str, Any] = field(default_factory=dict)
    head: str | None = None
    draft_id: int | None = None
    judged: tuple[str, str] | None = None
    material: set[str] = field(default_factory=set)
    assignees: dict[Question, str | None] = field(default_factory=dict)
    versions: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    """The versions of the draft that waits, each with its author."""
    discarded_versions: list[list[tuple[dict[str, Any], str]]] = field(default_factory=list)
    """The versions of each draft that was discarded."""
    passages: set[str] = field(default_factory=set)
    """The authors of passages that wait."""
    is_withdrawn: bool = False

    @property
    def waiting(self) -> str:
        if self.kind is None:
            return "open"
        return self.judged[0] if self.judged else "proposed"

    @property
    def draft_authors(self) -> set[str]:
        """The authors of the draft and passages that wait, including those of a discarded draft with the same text."""
        same: set[str] = set()
        for versions in self.discarded_versions if self.kind else ():
            records = [record for record, _ in versions]
            until = len(records) - records[::-1].index(self.desk) if self.desk in records else 0
            same |= {name for _, name in versions[:until]}
        return {*self.authors, *self.passages, *same}

    @property
    def writers(self) -> set[str]:
        return {*self.draft_authors, *self.material}

    def stage(self, question: Question) -> str:
        if self.public and verdict(self.desk, question) != verdict(self.public, question):
            return "assigned" if self.waiting == "open" else self.waiting
        if self.assignees.get(question):
            return "assigned"
        return "published" if verdict(self.public, question) else "open"


def verdict(fields: Mapping[str, Any], question: Question) -> dict[str, Any] | None:
    return next((one for one in fields.get("verdicts", ()) if one["question"] == question), None)


def changed_questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Question]:
    return [question for question in Question if verdict(before, question) != verdict(after, question)]


def lacks_evidence(fields: Mapping[str, Any]) -> bool:
    says = {one["stance"] for one in fields.get("evidence", ())}
    return any(FIRM.get(one["value"], set()) - says for one in fields.get("verdicts", ()))


def answer(given: Mapping[str, Any]) -> list[Any]:
    return [given[name] for name in ("question", "value", "as_of")]


def may_follow(
    public: Mapping[str, Any], fields: Mapping[str, Any], kind: RevisionKind, what: CorrectionKind | None
) -> bool:
    """Return whether a version may follow the public record, by the model's own rules."""
    if not public:
        return not fields.get("verdicts")
    before, after = public.get("verdicts", []), fields.get("verdicts", [])
    is_first = len({one["question"] for one in (*before, *after)}) > len(before)
    differs = any(one not in after for one in before)
    if kind is CORRECTION:
        answers_differ = any(answer(one) not in [answer(other) for other in after] for one in before)
        fits = what is CorrectionKind.RETRACTION or (what is CorrectionKind.VERDICT_CHANGED) == answers_differ
        return fits and not is_first and what is not None
    says_the_same = all(public.get(name) == fields.get(name) for name in SAYING)
    is_kept = not before or (says_the_same and not differs and not lost_evidence(public, fields))
    return kind in (VERDICT, UPDATE) and is_kept and is_first == (kind is VERDICT)


def may_edit(staff: StaffMember, known: ClaimState, fields: dict[str, Any], kind: RevisionKind | None) -> bool:
    """Return whether a person may write these fields on a claim's current version; `kind` None is a plain edit."""
    if known.is_withdrawn or known.kind is WITHDRAWAL:
        return False
    without, before = ({**one, "waivers": None} for one in (fields, known.desk))
    is_waived = fields.get("waivers") != known.desk.get("waivers")
    if is_waived and (Role.EDITOR not in staff.roles or without == before):
        return Role.EDITOR in staff.roles
    return Role.CHECKER in staff.roles and not lacks_evidence(fields) and may_judge(staff, known, fields, kind)


def may_judge(staff: StaffMember, known: ClaimState, fields: dict[str, Any], kind: RevisionKind | None) -> bool:
    """Return whether a person may propose a verdict, correct it, or rewrite a draft that waits."""
    kind = kind or known.kind
    begins = kind in (VERDICT, CORRECTION) and kind is not known.kind
    waits = changed_questions(known.public, known.desk)
    differs = changed_questions(known.desk, fields)
    own = {one for one in Question if known.assignees.get(one) == staff.name}
    if any(one not in own and staff.name not in known.draft_authors for one in differs if one in waits):
        return False
    asked = [one for one in differs if one not in waits]
    if begins:
        asked = changed_questions(known.public, fields) or [Question.SO]
    if kind is VERDICT:
        return (
            bool(known.public)
            and {*asked} <= own
            and all(known.stage(one) in ("assigned", "returned") for one in asked)
        )
    if kind is CORRECTION:
        return bool(known.public) and not {known.stage(one) for one in asked} & {"proposed", "approved"}
    return True


def lost_evidence(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in before.get("evidence", ()) if one not in after.get("evidence", ())]


def changed(fields: Mapping[str, Any], draw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim with the changes of a draw."""
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
    after |= draw["more"]
    if draw["value"] == "none":
        after["verdicts"] = [one for one in after.get("verdicts", ()) if one["question"] != draw["question"]]
    elif draw["value"]:
        others = [one for one in after.get("verdicts", ()) if one["question"] != draw["question"]]
        new = {
            "question": draw["question"],
            "value": draw["value"],
            "rationale": {"ko": "살펴보았다."},
            "as_of": AS_OF,
        }
        after["verdicts"] = sorted([*others, new], key=lambda one: list(Question).index(Question(one["question"])))
    if not after.get("verdicts"):
        after.pop("verdicts", None)
    return after


def typed(content: bytes, claim_id: str, cells: Mapping[str, str]) -> bytes:
    """Return a review sheet with edited cells in a claim's row."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, **(cells if row["claim_id"] == claim_id else {})} for row in rows)
    return target.getvalue().encode("utf-8-sig")


STATEMENTS = {
    CARGO: ("2030년 하늘항이 다룬 짐은 약 120만t이다.", "2030년 하늘항이 다룬 짐은 120만t쯤이다.",
            "2030년 하늘항이 다룬 짐은 120억t쯤이다."),
    GROWTH: ("2031년 하늘항의 짐은 10% 는다.", "2031년 하늘항의 짐은 10% 늘 것이다.", "2031년 하늘항의 짐은 90% 는다."),
}  # fmt: skip
"""The wordings of each claim; the last one does not agree with its figure."""
EDITS = st.fixed_dictionaries({
    "statement": st.sampled_from([None, None, None, 0, 1, 2]),
    "topic": st.sampled_from(["", "", "ports", "ships"]),
    "evidence": st.sampled_from(["", "", "", "less", "other"]),
    "more": st.sampled_from([{}, {}, {}, {"about_on": "1999"}, {"said_on": "2026-03"}]),
    "question": st.sampled_from(["so", "said"]),
    "value": st.sampled_from(
        ["", "not_checkable", "not_enough_evidence", "supported", "refuted", "conflicting_evidence", "none"]
    ),
})  # fmt: skip
PLAIN: Mapping[str, Any] = {"statement": None, "topic": "", "evidence": "", "more": {}, "question": "so", "value": ""}
"""A form in which nothing was changed."""


def assert_revision(last: dict[str, Any], body: dict[str, Any], wrote: set[str]) -> None:
    """Assert the rules for published verdicts and for changes of a checked claim on one revision."""
    now, kind = body["record"], body["kind"]
    old, new = last.get("verdicts", []), now.get("verdicts", [])
    assert not lacks_evidence(now)
    if any(one not in old for one in new):
        assert body["approver"] not in wrote
    if {one["question"] for one in new} - {one["question"] for one in old}:
        assert kind == "verdict"
    says_another = any(last.get(name) != now.get(name) for name in SAYING)
    if old and (says_another or lost_evidence(last, now) or any(one not in new for one in old)):
        assert kind == "correction"
        assert body["correction"]["public_note"]
    if kind == "withdrawal":
        assert last == now
        assert {body["approver"], *body["authors"]} <= EDITORS
        assert body["reason"] == WITHDRAWN


def demand_public(places: LedgerPaths) -> None:
    """Assert the rules for everything public, reading only the log and ledger.db."""
    before: dict[str, dict[str, Any]] = {}
    wrote: dict[str, set[str]] = {}
    bodies = [msgspec.json.decode(body) for body in log.read_bodies(places.log)]
    for body in bodies:
        assert body["approver"] not in body["authors"]
        if body["subject"] != "claim":
            continue
        last, now, key = before.get(body["key"]), body["record"], body["key"]
        if last is not None:
            assert_revision(last, body, wrote.get(key, set()))
            if any(last.get(name) != now.get(name) for name in WRITING):
                wrote.setdefault(key, set()).update(body["authors"])
        before[key] = now
    if places.ledger.exists():
        with closing(sqlite3.connect(places.ledger)) as ledger:
            assert ledger.execute("SELECT count(*) FROM revision").fetchone() == (len(bodies),)
            shown = dict(ledger.execute("SELECT claim_id, verification_status FROM claims"))
        said = {key: verdict(fields, Question.SO) for key, fields in before.items()}
        assert shown == {key: one["value"] if one else "not_checked" for key, one in said.items()}
