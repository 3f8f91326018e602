"""No sequence of actions publishes anything on one person's word, or changes a judged claim without a correction.

A separate model of the rules decides whether each action is allowed, and the desk must agree. After each action,
only the log and ledger.db are used to check the invariants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import newsroom
import pytest
import ryaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from newsroom import ARTICLE_ID, CARGO, GROWTH
from workflow_forms import on_claim
from workflow_model import (
    AS_OF, CHECKER, CLAIMS, CORRECTION, EDITS, PEOPLE, PLAIN, UPDATE, VERDICT, WITHDRAWAL, WITHDRAWN, changed,
    demand_public, may_edit, may_follow, typed, verdict,
)  # fmt: skip
from workflow_newsroom import Newsroom

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.accounts import credentials
from claimledger.accounts.credentials import CredentialKind
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.work_items import WorkFilter
from claimledger.models import Waiver
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

pytestmark = pytest.mark.slow

FOUND = ["not_checkable", "supported", "refuted", "conflicting_evidence"]
CELLS = (
    {"note_ko": "한 해의 합이다.", "reason": "덧붙인다."}, {"note_ko": "어림이다.", "reason": "덧붙인다."},
    {"verdict_so": "not_checkable", "rationale_ko": "살펴보았다.", "as_of": AS_OF, "reason": "판정한다."},
)  # fmt: skip
"""Cells that a person may enter into the row of a claim."""
people, claims, questions = st.sampled_from(sorted(PEOPLE)), st.sampled_from(CLAIMS), st.sampled_from(Question)


class Workflow(Newsroom):
    """Every action by every person, on the current or a stale form."""

    @initialize(is_listed=st.sampled_from([True, True, True, False]), chance=st.integers(0, 2**32))
    def list_them(self, is_listed: bool, chance: int) -> None:  # noqa: FBT001
        self.chance.seed(chance)
        if is_listed:
            self.publish("lee", ())

    @rule(name=people, claim_id=claims, draw=EDITS)
    def edit(self, name: str, claim_id: str, draw: dict[str, Any]) -> None:
        self.saved(name, self.now(claim_id), draw, None, CorrectionKind.CLARIFICATION)

    @rule(name=people, draw=EDITS, kind=st.sampled_from([None, VERDICT, UPDATE, CORRECTION]), data=st.data())
    def save_a_stale_form(
        self, name: str, draw: dict[str, Any], kind: RevisionKind | None, data: st.DataObject
    ) -> None:
        form = data.draw(st.sampled_from(self.forms))
        self.saved(name, form, draw, kind, CorrectionKind.VERDICT_CHANGED)

    @rule(claim_id=claims, draw=EDITS, value=st.sampled_from(FOUND), name=people)
    def propose(self, claim_id: str, draw: dict[str, Any], value: str, name: str) -> None:
        question = Question(draw["question"])
        if not self.known[claim_id].assignees.get(question):
            self.assign("lee", claim_id, question, name, back=False)
        assignee = self.known[claim_id].assignees.get(question)
        draw = draw | {"value": value, "statement": None}
        self.saved(assignee or name, self.now(claim_id), draw, VERDICT, CorrectionKind.CLARIFICATION)

    @rule(claim_id=claims, draw=EDITS, name=people, what=st.sampled_from(CorrectionKind))
    def correct(self, claim_id: str, draw: dict[str, Any], name: str, what: CorrectionKind) -> None:
        self.saved(name, self.now(claim_id), draw, CORRECTION, what)

    @precondition(lambda self: len(self.documents) < 2)
    @rule(
        name=people, claim_id=claims, evidence=st.sampled_from(["less", "other"]),
        kind=st.sampled_from([None, UPDATE, VERDICT, CORRECTION]),
    )  # fmt: skip
    def change_evidence_of_a_verdict(self, name: str, claim_id: str, evidence: str, kind: RevisionKind | None) -> None:
        draw = PLAIN
        public = self.known[claim_id].public
        if not (public.get("evidence") and public.get("verdicts")):
            self.publish("lee", ())
            self.attach("kim", claim_id, "supports")
            self.publish("lee", ())
            self.propose(claim_id, draw, "not_checkable", "kim")
            self.publish("lee", ())
        self.saved(name, self.now(claim_id), {**draw, "evidence": evidence}, kind, CorrectionKind.CLARIFICATION)

    @precondition(lambda self: len(self.documents) < 2)
    @rule(name=people, claim_id=claims, stance=st.sampled_from(["supports", "refutes", "context"]))
    def attach(self, name: str, claim_id: str, stance: str) -> None:
        known, staff, number = self.known[claim_id], PEOPLE[name], len(self.forms)
        document = {
            "document_id": f"call-{number}-a2b3", "medium": "call", "title": {"ko": f"통화 {number}"}, "language": "ko",
            "obtained_at": f"{AS_OF}T08:00:00.000Z", "captured": "none", "tier": "primary", "is_withheld": False,
        }  # fmt: skip
        evidence = {"document_id": document["document_id"], "stance": stance, "summary": {"ko": "그렇다고 한다."}}
        kind = known.kind or UPDATE
        after = known.desk | {"evidence": [*known.desk.get("evidence", []), evidence]}
        allowed = not known.is_withdrawn and Role.CHECKER in staff.roles and kind is not WITHDRAWAL and may_follow(
            known.public, after, kind, known.what
        )  # fmt: skip
        made = Edit(name, "전화를 걸었다.", None, None, staff.roles)
        if self.tried(
            lambda: desk.attach(self.places, claim_id, document, evidence, self.now(claim_id).seen, made, self.clock),
            allowed=allowed, name=name,
            sent=on_claim(
                claim_id, "attach", title_ko=f"통화 {number}", language="ko", medium="call", tier="primary",
                stance=stance, summary_ko="그렇다고 한다.", withheld="no", captured="none", reason="전화를 걸었다.",
            ),
        ):  # fmt: skip
            self.wrote(claim_id, staff, kind)
            self.documents[self.known[claim_id].desk["evidence"][-1]["document_id"]] = name

    @rule(name=people, claim_id=claims)
    def waive(self, name: str, claim_id: str) -> None:
        known, staff = self.known[claim_id], PEOPLE[name]
        findings = lookups.open_claim_findings(self.places, [claim_id])
        if not findings:
            return
        waiver = Waiver(code=findings[0].code, reason={"ko": "시험 삼아."})
        made = Edit(name, "시험 삼아.", None, None, staff.roles)
        fields = known.desk | {"waivers": [*known.desk.get("waivers", []), waiver.to_json()]}
        allowed = may_edit(staff, known, fields, None) and may_follow(
            known.public, fields, known.kind or UPDATE, known.what
        )  # fmt: skip
        if self.tried(lambda: desk.waive(self.places, claim_id, waiver, made, self.clock), allowed=allowed):
            self.wrote(claim_id, staff, known.kind or UPDATE)

    @rule(name=people, claim_id=claims, question=questions, assignee=people, back=st.booleans())
    def assign(self, name: str, claim_id: str, question: Question, assignee: str, back: bool) -> None:  # noqa: FBT001
        to = None if back else assignee
        if self.tried(
            lambda: desk.assign(self.places, claim_id, question, to, PEOPLE[name], clock=self.clock),
            allowed=self.may_assign(name, claim_id, question, to), name=name,
            sent=on_claim(claim_id, "assign", question=question.value, assignee=to or ""),
        ):  # fmt: skip
            self.known[claim_id].assignees[question] = to
            self.look(claim_id)

    @rule(name=people, question=questions, assignee=people)
    def assign_many(self, name: str, question: Question, assignee: str) -> None:
        allowed = all(self.may_assign(name, one, question, assignee) for one in CLAIMS)
        staff = PEOPLE[name]
        if self.tried(
            lambda: desk.assign_many(self.places, CLAIMS, question, assignee, staff, clock=self.clock),
            allowed=allowed, name=name,
            sent=self.on_queue("assign", assignee=assignee) if question is Question.SO else None,
        ):  # fmt: skip
            for one in CLAIMS:
                self.known[one].assignees[question] = assignee
                self.look(one)

    @rule(name=people)
    def approve_many(self, name: str) -> None:
        allowed = all(self.may_approve(name, one) for one in CLAIMS)
        seen = [(one, lookups.claim_at_desk(self.places, one).newest_draft_id) for one in CLAIMS]
        if self.tried(
            lambda: desk.approve_many(self.places, seen, PEOPLE[name], self.clock), allowed=allowed, name=name,
            sent=self.on_queue("approve"),
        ):  # fmt: skip
            for one in CLAIMS:
                self.known[one].judged = ("approved", name)
                self.look(one)

    @rule(name=people, claim_id=claims, is_stale=st.sampled_from([False, False, False, True]))
    def approve(self, name: str, claim_id: str, is_stale: bool) -> None:  # noqa: FBT001
        newest = lookups.claim_at_desk(self.places, claim_id).newest_draft_id
        self.judge(name, claim_id, newest - is_stale, "approved", "")

    @rule(name=people, claim_id=claims, reason=st.sampled_from(["", "근거가 얇다."]))
    def return_(self, name: str, claim_id: str, reason: str) -> None:
        self.judge(name, claim_id, lookups.claim_at_desk(self.places, claim_id).newest_draft_id, "returned", reason)

    @rule(name=people, claim_id=claims, reason=st.sampled_from(["", WITHDRAWN]))
    def withdraw(self, name: str, claim_id: str, reason: str) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        allowed = Role.EDITOR in staff.roles and bool(known.public) and not known.is_withdrawn and bool(reason)
        allowed = allowed and not known.kind
        if self.tried(
            lambda: desk.withdraw(self.places, claim_id, staff, reason=reason, clock=self.clock), allowed=allowed,
            name=name, sent=on_claim(claim_id, "withdraw", reason=reason),
        ):  # fmt: skip
            self.wrote(claim_id, staff, RevisionKind.WITHDRAWAL)

    @rule(name=people, claim_id=claims, text=st.sampled_from(["", "전화했다."]))
    def comment(self, name: str, claim_id: str, text: str) -> None:
        staff = PEOPLE[name]
        self.tried(
            lambda: desk.comment(self.places, claim_id, text, staff, self.clock),
            allowed=Role.ADMIN not in staff.roles and bool(text), name=name,
            sent=on_claim(claim_id, "comment", text=text),
        )  # fmt: skip

    @rule(name=people, claim_id=claims, should_read=st.sampled_from(["", "약 112만t"]))
    def query(self, name: str, claim_id: str, should_read: str) -> None:
        staff = PEOPLE[name]
        self.tried(
            lambda: desk.query(self.places, claim_id, "약 120만t", should_read, staff, self.clock),
            allowed=Role.CHECKER in staff.roles and bool(should_read), name=name,
            sent=on_claim(claim_id, "query", as_printed="약 120만t", should_read=should_read),
        )  # fmt: skip

    @rule(name=st.sampled_from(["lee", "park", "choi"]))
    def print_the_issue(self, name: str) -> None:
        self.publish(name, ())

    @rule(name=people, claim_id=claims, is_stale=st.sampled_from([False, False, True]))
    def discard(self, name: str, claim_id: str, is_stale: bool) -> None:  # noqa: FBT001
        staff, known = PEOPLE[name], self.known[claim_id]
        if not known.public:
            return  # its passage would stay without a claim
        made = Edit(name, "필요 없다.", None, None, staff.roles)
        newest = lookups.claim_at_desk(self.places, claim_id).newest_draft_id
        is_theirs = Role.EDITOR in staff.roles or (Role.CHECKER in staff.roles and name in known.draft_authors)
        allowed = known.kind is not None and not is_stale and is_theirs
        if self.tried(
            lambda: desk.discard(self.places, claim_id, newest - is_stale, made, self.clock), allowed=allowed,
            name=name, sent=on_claim(claim_id, "discard", draft_id=str(max(newest - is_stale, 0)), reason="필요 없다."),
        ):  # fmt: skip
            for one in known.desk.get("evidence", ()):
                self.documents.pop(one["document_id"], None)
            known.discarded_versions.append(known.versions)
            known.kind, known.authors, known.versions, known.judged = None, [], [], None
            known.desk = known.public
            self.look(claim_id)

    @rule(name=people, claim_id=claims, cell=st.sampled_from(CELLS))
    def import_a_sheet(self, name: str, claim_id: str, cell: Mapping[str, str]) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        content = typed(desk.export_sheet(self.places, WorkFilter()), claim_id, cell)
        judges = "verdict_so" in cell
        edited = {"value": "not_checkable"} if judges else {"more": {"note": {"ko": cell["note_ko"]}}}
        fields, given_out = changed(known.desk, {**PLAIN, **edited}), known.public or known.desk
        if fields == known.desk or changed(given_out, {**PLAIN, **edited}) == given_out:
            return  # a reason without a change is a problem of the row
        kind = VERDICT if judges and known.kind in (None, UPDATE) else known.kind or UPDATE
        is_published = judges and verdict(known.public, Question.SO) is not None
        notes = [one.get("note") for one in (given_out, fields)]
        is_crossed = not judges and known.desk.get("note") not in notes  # the sheet shows the public note
        allowed = fields in (known.desk, known.public) or (
            not is_published and not is_crossed and may_edit(staff, known, fields, kind)
            and may_follow(known.public, fields, kind, known.what)
        )  # fmt: skip
        if self.tried(
            lambda: desk.import_sheet(self.places, content, "sheet.csv", {}, staff, clock=self.clock), allowed=allowed
        ):
            self.wrote(claim_id, staff, kind)

    @rule(name=people, draw=EDITS, claim_id=claims, kind=st.sampled_from([None, UPDATE, VERDICT]), data=st.data())
    def record_a_file(
        self, name: str, draw: dict[str, Any], claim_id: str, kind: RevisionKind | None, data: st.DataObject
    ) -> None:
        known, staff = self.known[claim_id], PEOPLE[name]
        values = ryaml.loads(data.draw(st.sampled_from(self.files[claim_id])).decode())
        base = values.get("base")
        fields = changed({one: value for one, value in values.items() if one not in ("base", "appearances")}, draw)
        kind_of_draft = kind or (RevisionKind.LISTED if known.public else None)
        is_others = base != known.head or (known.kind and known.authors[-1] != name)
        allowed = fields in (known.desk, known.public) if not is_others else None
        allowed = allowed if allowed is not False else (
            may_edit(staff, known, fields, kind_of_draft if known.public else RevisionKind.LISTED)
            and may_follow(known.public, fields, kind_of_draft or UPDATE, None)
        )  # fmt: skip
        printed = self.file(claim_id).read_bytes()
        keep = {one: values[one] for one in ("base", "appearances") if one in values}
        self.file(claim_id).write_text(ryaml.dumps(fields | keep), encoding="utf-8")
        made = Edit(name, "손으로 고쳤다.", kind, None, staff.roles)
        done = self.tried(lambda: desk.record(self.places, [self.file(claim_id)], made, self.clock), allowed=allowed)
        self.file(claim_id).write_bytes(printed)
        if done:
            self.wrote(claim_id, staff, kind_of_draft or UPDATE)

    @rule(name=people, keys=st.sampled_from([(), (), (CARGO,), (GROWTH,), (CARGO, GROWTH), (ARTICLE_ID,)]))
    def publish(self, name: str, keys: tuple[str, ...]) -> None:
        chosen = [one for one in CLAIMS if self.known[one].kind and (not keys or one in keys)]
        act: Callable[[], object] = lambda: desk.publish(self.places, PEOPLE[name], keys, clock=self.clock)  # noqa: E731
        if keys and self.by_form():
            keys, act = self.publish_page(name, keys)
            chosen = [one for one in chosen if one in keys]
        documents = {one: by for one, by in self.documents.items() if not keys or one in keys}
        takes_article = not self.is_article_public and (not keys or ARTICLE_ID in keys)
        missing = [one for one in keys if one in CLAIMS and one not in chosen] + [
            one for one in keys if one == ARTICLE_ID and self.is_article_public
        ]
        is_something = bool(chosen or documents or takes_article) and not missing
        is_editor = Role.EDITOR in PEOPLE[name].roles
        allowed = (
            is_something and is_editor and not (takes_article and name == "kim") and name not in documents.values()
        )
        allowed = allowed and all(self.may_publish(name, one, documents) for one in chosen)
        allowed = allowed and (self.is_article_public or takes_article or not chosen)
        if not self.tried(act, allowed=allowed):
            return
        self.is_article_public |= takes_article
        self.public_documents |= documents.keys()
        self.documents = {one: by for one, by in self.documents.items() if one not in documents}
        for claim_id in chosen:
            self.published(claim_id)

    @invariant()
    def public_ledger_is_valid(self) -> None:
        """Check the log and ledger.db, and nothing else."""
        if self.places.log.is_dir():
            demand_public(self.places)


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory) -> None:
    places = newsroom.write_all(tmp_path_factory.mktemp("machine") / "desk")
    desk.record(places, [], Edit("kim", "첫 읽기", None, None, CHECKER))
    for name, staff in PEOPLE.items():
        newsroom.hire(places, name, roles=staff.roles)
    with step_setup.open_store(places) as store, store.writing() as connection:
        Newsroom.sessions = {
            name: credentials.issue_credential(
                connection, CredentialKind.SESSION, name, step_setup.utc_now(), author=name
            )
            for name in PEOPLE
        }
    Newsroom.template = places.root


def test_short_run_of_the_state_machine() -> None:
    run_state_machine_as_test(Workflow, settings=settings(max_examples=5, stateful_step_count=25, deadline=None))


@pytest.mark.soak
def test_thousands_of_steps_of_the_state_machine() -> None:
    run_state_machine_as_test(Workflow, settings=settings(max_examples=40, stateful_step_count=50, deadline=None))
