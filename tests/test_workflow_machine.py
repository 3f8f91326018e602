"""No sequence of acts, by anybody, makes public what one person alone stands for, or changes a judged claim in silence.

A model that knows the rules in other words says of each act whether it is allowed; the desk must agree. After each act
the log and ledger.db alone are asked whether what must hold holds.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import newsroom
import pytest
import ryaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test,
)  # fmt: skip
from newsroom import ARTICLE_ID, CARGO, GROWTH, Clock
from workflow_model import (
    CHECKER, CLAIMS, CORRECTION, EDITS, PEOPLE, PLAIN, UPDATE, VERDICT, WITHDRAWAL, WITHDRAWN, WRITING, Form, Known,
    changed, demand_public, judged_anew, may_edit, may_follow, typed, verdict,
)  # fmt: skip

from claimledger import desk
from claimledger.desk import Seen
from claimledger.editorial.queue import row_of
from claimledger.errors import LedgerError
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.work import Queue
from claimledger.models import Correction, Waiver
from claimledger.review import Staff
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind, Role

FOUND = ["not_checkable", "supported", "refuted", "conflicting_evidence"]
CELLS = (
    {"note_ko": "한 해의 합이다.", "reason": "덧붙인다."}, {"note_ko": "어림이다.", "reason": "덧붙인다."},
    {"verdict_so": "not_checkable", "rationale_ko": "살펴보았다.", "as_of": "2031-04-03", "reason": "판정한다."},
)  # fmt: skip
"""What somebody types into a claim's row of a sheet."""
people, claims, questions = st.sampled_from(sorted(PEOPLE)), st.sampled_from(CLAIMS), st.sampled_from(Question)


class Newsroom(RuleBasedStateMachine):
    """A newsroom of five people and two claims."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="claimledger-machine-"))
        self.places = Places(Path(shutil.copytree(self.template, self.root / "desk")))
        self.clock = Clock()
        self.known = {one: Known({}, authors=["kim"], passages={"kim"}) for one in CLAIMS}
        self.is_article_public = False
        self.documents: dict[str, str] = {}
        """Documents that wait, with their authors."""
        self.public_documents: set[str] = set()
        self.forms: list[Form] = []
        self.files = {one: [self.file(one).read_bytes()] for one in CLAIMS}
        """Each claim's file as it was printed at one time or another."""
        for claim_id in CLAIMS:
            self.look(claim_id)

    @initialize(is_listed=st.sampled_from([True, True, True, False]))
    def list_them(self, is_listed: bool) -> None:  # noqa: FBT001
        if is_listed:
            self.publish("lee", ())

    def teardown(self) -> None:
        rows, _ = desk.queue(self.places, Queue())
        shown = {row.claim_id: row for row in rows}
        assert shown == {one: row_of(desk.claim_at_desk(self.places, one)) for one in CLAIMS}
        for claim_id, known in self.known.items():
            row = shown[claim_id]
            assert (row.so, row.said) == (known.stage(Question.SO), known.stage(Question.SAID))
            assert (row.waiting or "open") == known.waiting
        if self.places.log.is_dir():
            found = [problem for checked in desk.check(self.places) for problem in checked.problems]
            assert {problem.code for problem in found} <= FINDINGS, found
        shutil.rmtree(self.root)

    def file(self, claim_id: str) -> Path:
        return self.places.claims / ARTICLE_ID / f"{claim_id}.yaml"

    def look(self, claim_id: str) -> None:
        """Take over what no rule decides: the names that the desk gave."""
        claim, known = desk.claim_at_desk(self.places, claim_id), self.known[claim_id]
        known.desk, known.head = claim.claim.to_json(), claim.head_sha256
        known.draft_id = claim.draft.draft_id if claim.draft else None
        assert (known.kind, known.public) == (claim.draft.kind if claim.draft else None, claim.public_fields)
        assert claim.authors() == known.writers
        assert claim.writers() == known.hands
        assert [claim.stage(question) for question in Question] == [known.stage(question) for question in Question]
        assert claim.waiting_stage == known.waiting
        self.forms.append(Form(claim_id, Seen(claim.head_sha256, known.draft_id), known.desk))

    def stored(self) -> tuple[object, ...]:
        with closing(sqlite3.connect(self.places.desk)) as connection:
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM draft), (SELECT count(*) FROM act), (SELECT count(*) FROM publication), "
                "(SELECT group_concat(key || draft_id) FROM waiting)"
            ).fetchone()
        return (*counts, [path.read_bytes() for path in sorted(self.places.log.glob("*"))])

    def tried(self, act: Callable[[], object], *, allowed: bool | None) -> bool:
        """Do something; it is refused if, and only if, the model says so, and then nothing was changed.

        None stands for what was written on another version: it is refused, or says nothing new and changes nothing.
        """
        before, refusal = self.stored(), None
        try:
            act()
        except LedgerError as error:
            refusal = error
        if refusal or allowed is None:
            assert not allowed, f"refused, and should not be: {refusal}"
            assert self.stored() == before
            return False
        assert allowed, "done, and should be refused"
        return True

    def may_write(
        self, staff: Staff, form: Form, fields: dict[str, Any], kind: RevisionKind | None, what: CorrectionKind | None
    ) -> bool | None:
        """Whether a form may be saved; `kind` none is a plain edit."""
        known = self.known[form.claim_id]
        if not may_edit(staff, known, fields, kind):
            return False
        if form.seen.head_sha256 != known.head:
            return None
        if form.seen.draft_id and not known.kind:
            return False
        if fields in (known.desk, known.public):
            return True
        if known.kind and form.seen.draft_id != known.draft_id:
            return None
        named = {one["document_id"] for one in fields.get("evidence", ())}
        is_known = named <= self.documents.keys() | self.public_documents
        return is_known and may_follow(known.public, fields, kind or known.kind or UPDATE, what)

    def wrote(self, claim_id: str, staff: Staff, kind: RevisionKind, what: CorrectionKind | None = None) -> None:
        """Take a new draft into account, if there is one: saying the same makes none."""
        known, before = self.known[claim_id], self.known[claim_id].draft_id
        draft = desk.claim_at_desk(self.places, claim_id).draft
        if draft and draft.draft_id != before:
            known.kind = kind if known.public else RevisionKind.LISTED
            known.what = (what or known.what) if known.kind is CORRECTION else None
            known.authors.append(staff.name)
            known.versions.append((draft.record.to_json(), staff.name))
            known.judged = None
        known.desk = desk.claim_at_desk(self.places, claim_id).claim.to_json()
        self.look(claim_id)

    def saved(
        self, name: str, form: Form, draw: dict[str, Any], kind: RevisionKind | None, what: CorrectionKind
    ) -> None:
        staff, fields, known = PEOPLE[name], changed(form.fields, draw), self.known[form.claim_id]
        note = Correction(kind=what, public_note={"ko": "고쳤다."}) if kind is CORRECTION else None
        made = Edit(name, "더 낫다.", kind, note, staff.roles)
        told = what if kind is CORRECTION else known.what
        allowed = self.may_write(staff, form, fields, kind, told)
        if self.tried(
            lambda: desk.edit(self.places, form.claim_id, fields, form.seen, made, self.clock), allowed=allowed
        ):
            self.wrote(form.claim_id, staff, kind or known.kind or UPDATE, told)

    def now(self, claim_id: str) -> Form:
        known = self.known[claim_id]
        return Form(claim_id, Seen(known.head, known.draft_id), known.desk)

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
    def change_what_a_verdict_rests_on(
        self, name: str, claim_id: str, evidence: str, kind: RevisionKind | None
    ) -> None:
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
            "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary",
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
            allowed=allowed,
        ):
            self.documents[str(document["document_id"])] = name
            self.wrote(claim_id, staff, kind)

    @rule(name=people, claim_id=claims)
    def waive(self, name: str, claim_id: str) -> None:
        known, staff = self.known[claim_id], PEOPLE[name]
        findings = desk.findings(self.places, [claim_id])
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

    def may_assign(self, name: str, claim_id: str, question: Question, to: str | None) -> bool:
        staff, known = PEOPLE[name], self.known[claim_id]
        roles_fit = Role.EDITOR in staff.roles or (
            Role.CHECKER in staff.roles and {to, known.assignees.get(question)} <= {name, None}
        )
        can_check = to is None or Role.CHECKER in PEOPLE[to].roles
        return roles_fit and can_check and self.is_open(claim_id, question)

    def is_open(self, claim_id: str, question: Question) -> bool:
        known = self.known[claim_id]
        return not known.is_withdrawn and known.stage(question) not in ("proposed", "approved")

    @rule(name=people, claim_id=claims, question=questions, assignee=people, back=st.booleans())
    def assign(self, name: str, claim_id: str, question: Question, assignee: str, back: bool) -> None:  # noqa: FBT001
        to = None if back else assignee
        if self.tried(
            lambda: desk.assign(self.places, claim_id, question, to, PEOPLE[name], clock=self.clock),
            allowed=self.may_assign(name, claim_id, question, to),
        ):
            self.known[claim_id].assignees[question] = to
            self.look(claim_id)

    @rule(name=people, question=questions, assignee=people)
    def assign_many(self, name: str, question: Question, assignee: str) -> None:
        allowed = all(self.may_assign(name, one, question, assignee) for one in CLAIMS)
        staff = PEOPLE[name]
        if self.tried(
            lambda: desk.assign_many(self.places, CLAIMS, question, assignee, staff, clock=self.clock), allowed=allowed
        ):
            for one in CLAIMS:
                self.known[one].assignees[question] = assignee
                self.look(one)

    @rule(name=people)
    def approve_many(self, name: str) -> None:
        allowed = all(self.may_approve(name, one) for one in CLAIMS)
        if self.tried(lambda: desk.approve_many(self.places, CLAIMS, PEOPLE[name], self.clock), allowed=allowed):
            for one in CLAIMS:
                self.known[one].judged = ("approved", name)
                self.look(one)

    def may_approve(self, name: str, claim_id: str) -> bool:
        known = self.known[claim_id]
        is_there = bool(known.public) and not known.is_withdrawn and known.waiting == "proposed"
        return is_there and Role.EDITOR in PEOPLE[name].roles and name not in known.writers

    def judge(self, name: str, claim_id: str, draft_id: int, what: str, reason: str) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        newest = desk.claim_at_desk(self.places, claim_id).newest_draft_id
        allowed = Role.EDITOR in staff.roles and not known.is_withdrawn and draft_id == newest
        if what == "approved":
            allowed = allowed and self.may_approve(name, claim_id)
            done = self.tried(lambda: desk.approve(self.places, claim_id, draft_id, staff, self.clock), allowed=allowed)
        else:
            allowed = allowed and known.waiting in ("proposed", "approved") and bool(reason)
            done = self.tried(
                lambda: desk.return_(self.places, claim_id, draft_id, staff, reason=reason, clock=self.clock),
                allowed=allowed,
            )
        if done:
            known.judged = ("approved", name) if what == "approved" else ("open", name)
            self.look(claim_id)

    @rule(name=people, claim_id=claims, is_stale=st.sampled_from([False, False, False, True]))
    def approve(self, name: str, claim_id: str, is_stale: bool) -> None:  # noqa: FBT001
        newest = desk.claim_at_desk(self.places, claim_id).newest_draft_id
        self.judge(name, claim_id, newest - is_stale, "approved", "")

    @rule(name=people, claim_id=claims, reason=st.sampled_from(["", "근거가 얇다."]))
    def return_(self, name: str, claim_id: str, reason: str) -> None:
        self.judge(name, claim_id, desk.claim_at_desk(self.places, claim_id).newest_draft_id, "returned", reason)

    @rule(name=people, claim_id=claims, reason=st.sampled_from(["", WITHDRAWN]))
    def withdraw(self, name: str, claim_id: str, reason: str) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        allowed = Role.EDITOR in staff.roles and bool(known.public) and not known.is_withdrawn and bool(reason)
        allowed = allowed and not known.kind
        if self.tried(
            lambda: desk.withdraw(self.places, claim_id, staff, reason=reason, clock=self.clock), allowed=allowed
        ):
            self.wrote(claim_id, staff, RevisionKind.WITHDRAWAL)

    @rule(name=st.sampled_from(["lee", "park", "choi"]))
    def print_the_issue(self, name: str) -> None:
        self.publish(name, ())

    @rule(name=people, claim_id=claims, is_stale=st.sampled_from([False, False, True]))
    def discard(self, name: str, claim_id: str, is_stale: bool) -> None:  # noqa: FBT001
        staff, known = PEOPLE[name], self.known[claim_id]
        if not known.public:
            return  # its passage would stay, and nothing would make the claim again
        made = Edit(name, "필요 없다.", None, None, staff.roles)
        newest = desk.claim_at_desk(self.places, claim_id).newest_draft_id
        is_theirs = Role.EDITOR in staff.roles or (Role.CHECKER in staff.roles and name in known.hands)
        allowed = known.kind is not None and not is_stale and is_theirs
        if self.tried(
            lambda: desk.discard(self.places, claim_id, newest - is_stale, made, self.clock), allowed=allowed
        ):
            for one in known.desk.get("evidence", ()):
                self.documents.pop(one["document_id"], None)
            known.thrown_away.append(known.versions)
            known.kind, known.authors, known.versions, known.judged = None, [], [], None
            known.desk = known.public
            self.look(claim_id)

    @rule(name=people, claim_id=claims, cell=st.sampled_from(CELLS))
    def take_a_sheet_in(self, name: str, claim_id: str, cell: Mapping[str, str]) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        content = typed(desk.export_sheet(self.places, Queue()), claim_id, cell)
        judges = "verdict_so" in cell
        told = {"value": "not_checkable"} if judges else {"more": {"note": {"ko": cell["note_ko"]}}}
        fields = changed(known.desk, {**PLAIN, **told})
        if judges and verdict(known.desk, Question.SO) == verdict(fields, Question.SO):
            return
        kind = VERDICT if judges and known.kind in (None, UPDATE) else known.kind or UPDATE
        is_published = judges and verdict(known.public, Question.SO) is not None
        allowed = fields in (known.desk, known.public) or (
            not is_published and may_edit(staff, known, fields, kind)
            and may_follow(known.public, fields, kind, known.what)
        )  # fmt: skip
        if self.tried(
            lambda: desk.take_in(self.places, content, "sheet.csv", {}, staff, clock=self.clock), allowed=allowed
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
        documents = {} if keys else self.documents
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
        if not self.tried(lambda: desk.publish(self.places, PEOPLE[name], keys, clock=self.clock), allowed=allowed):
            return
        self.is_article_public |= takes_article
        if not keys:
            self.public_documents |= self.documents.keys()
            self.documents = {}
        for claim_id in chosen:
            self.published(claim_id)

    def may_publish(self, name: str, claim_id: str, documents: Mapping[str, str]) -> bool:
        known = self.known[claim_id]
        named = {one["document_id"] for one in known.desk.get("evidence", ())}
        if named & (self.documents.keys() - documents.keys()) or known.is_withdrawn:
            return False
        if desk.findings(self.places, [claim_id]) or known.waiting not in ("proposed", "approved"):
            return False
        return known.waiting == "approved" or name not in known.writers

    def published(self, claim_id: str) -> None:
        known = self.known[claim_id]
        if known.public and any(known.public.get(one) != known.desk.get(one) for one in WRITING):
            known.material |= known.writers
        for question in judged_anew(known.public, known.desk) if known.public else ():
            known.assignees[question] = None
        known.is_withdrawn = known.kind is WITHDRAWAL
        known.public, known.kind, known.authors, known.judged, known.passages = known.desk, None, [], None, set()
        known.thrown_away, known.versions = [], []
        self.look(claim_id)
        self.files[claim_id].append(self.file(claim_id).read_bytes())

    @invariant()
    def what_is_public_holds(self) -> None:
        """Ask the log and ledger.db alone."""
        if self.places.log.is_dir():
            demand_public(self.places)


FINDINGS = frozenset({"not-in-log", "file-differs"})
"""What the checks may find here: a claim's file that waits to be published."""


@pytest.fixture(scope="module", autouse=True)
def _template(tmp_path_factory: pytest.TempPathFactory) -> None:
    places = newsroom.write_all(tmp_path_factory.mktemp("machine") / "desk")
    desk.record(places, [], Edit("kim", "첫 읽기", None, None, CHECKER), Clock())
    for name, staff in PEOPLE.items():
        newsroom.hire(places, name, roles=staff.roles)
    Newsroom.template = places.root


def test_a_short_run() -> None:
    run_state_machine_as_test(Newsroom, settings=settings(max_examples=8, stateful_step_count=25, deadline=None))


@pytest.mark.slow
def test_thousands_of_steps() -> None:
    run_state_machine_as_test(Newsroom, settings=settings(max_examples=40, stateful_step_count=50, deadline=None))
