"""A newsroom driven by rules: the model's state of it, and a comparison with the desk after each action.

The module decides nothing: the model, which is independent of the desk, says which actions are allowed.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, ClassVar
from urllib.parse import urlencode

from hypothesis.stateful import RuleBasedStateMachine
from newsroom import ARTICLE_ID
from workflow_forms import (
    FORMS, Browsers, Refused, FormSubmission, expressible_draw, fill, can_express, on_claim, with_form_fields,
)  # fmt: skip
from workflow_model import (
    CLAIMS, CORRECTION, PEOPLE, UPDATE, WITHDRAWAL, WRITING, ClaimState, Form, changed, changed_questions, may_edit,
    may_follow,
)  # fmt: skip

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.editorial.work_rows import make_work_item
from claimledger.errors import LedgerError
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.models import Correction
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

FINDINGS = frozenset({"not-in-log", "file-differs"})
"""The codes that the checks may report: a claim's file can wait to be published."""


def _raise_refusal(refusal: Refused) -> None:
    raise refusal


class Newsroom(RuleBasedStateMachine):
    """A newsroom of five people and two claims."""

    template: ClassVar[Path]
    sessions: ClassVar[Mapping[str, str]]
    """The secret of each person's session."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="claimledger-machine-"))
        self.places = LedgerPaths(Path(shutil.copytree(self.template, self.root / "desk")))
        self.clock = step_setup.utc_now
        self.browsers = Browsers(self.places, self.sessions)
        self.chance = Random(0)  # noqa: S311  no secret
        """Decides which actions are done by a form of the desk's pages."""
        self.known = {one: ClaimState({}, authors=["kim"], passages={"kim"}) for one in CLAIMS}
        self.is_article_public = False
        self.documents: dict[str, str] = {}
        """The documents that wait, with their authors."""
        self.public_documents: set[str] = set()
        self.forms: list[Form] = []
        self.files = {one: [self.file(one).read_bytes()] for one in CLAIMS}
        """The versions of each claim's file that were printed so far."""
        for claim_id in CLAIMS:
            self.look(claim_id)

    def teardown(self) -> None:
        rows, _ = lookups.queue(self.places, WorkFilter())
        shown = {row.claim_id: row for row in rows}
        assert shown == {one: make_work_item(lookups.claim_at_desk(self.places, one)) for one in CLAIMS}
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
        """Copy the IDs that the desk assigned into the model, and compare the model with the desk."""
        claim, known = lookups.claim_at_desk(self.places, claim_id), self.known[claim_id]
        known.desk, known.head = claim.claim.to_json(), claim.head_sha256
        known.draft_id = claim.draft.draft_id if claim.draft else None
        assert (known.kind, known.public) == (claim.draft.kind if claim.draft else None, claim.public_fields)
        assert claim.authors() == known.writers
        assert claim.writers() == known.draft_authors
        assert [claim.stage(question) for question in Question] == [known.stage(question) for question in Question]
        assert claim.waiting_stage == known.waiting
        self.forms.append(Form(claim_id, SeenVersion(claim.head_sha256, known.draft_id), known.desk))

    def stored_state(self) -> tuple[object, ...]:
        with closing(sqlite3.connect(self.places.desk)) as connection:
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM draft), (SELECT count(*) FROM act), (SELECT count(*) FROM publication), "
                "(SELECT group_concat(key || draft_id) FROM waiting)"
            ).fetchone()
        return (*counts, [path.read_bytes() for path in sorted(self.places.log.glob("*"))])

    def by_form(self) -> bool:
        """Return whether the next action is done by a form of the desk's pages, as one in six is."""
        return self.chance.random() < 1 / 6

    def tried(
        self, act: Callable[[], object], *, allowed: bool | None, name: str = "", sent: FormSubmission | None = None
    ) -> bool:
        """Do an action, and assert that the desk refuses it exactly if the model does, without changing anything.

        `allowed` is None for an edit of another version: it must be refused, or change nothing. If `sent` is the same
        action as
        a form of `name`, one in six actions is done by the form.
        """
        before, refusal = self.stored_state(), None
        if sent and self.by_form():
            form = sent
            act = lambda: self.browsers.send(name, form)  # noqa: E731
        try:
            act()
        except LedgerError as error:
            refusal = error
        if refusal or allowed is None:
            assert not allowed, f"refused, and should not be: {refusal}"
            assert self.stored_state() == before
            return False
        assert allowed, "done, and should be refused"
        return True

    def may_write(
        self,
        staff: StaffMember,
        form: Form,
        fields: dict[str, Any],
        kind: RevisionKind | None,
        what: CorrectionKind | None,
    ) -> bool | None:
        """Return whether a form may be saved, or None for another version; `kind` None is a plain edit."""
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

    def wrote(self, claim_id: str, staff: StaffMember, kind: RevisionKind, what: CorrectionKind | None = None) -> None:
        """Update the model with the new draft, if there is one: saving the same fields makes none."""
        known, before = self.known[claim_id], self.known[claim_id].draft_id
        draft = lookups.claim_at_desk(self.places, claim_id).draft
        if draft and draft.draft_id != before:
            known.kind = kind if known.public else RevisionKind.LISTED
            known.what = (what or known.what) if known.kind is CORRECTION else None
            known.authors.append(staff.name)
            known.versions.append((draft.record.to_json(), staff.name))
            known.judged = None
        known.desk = lookups.claim_at_desk(self.places, claim_id).claim.to_json()
        self.look(claim_id)

    def saved(
        self, name: str, form: Form, draw: dict[str, Any], kind: RevisionKind | None, what: CorrectionKind
    ) -> None:
        if kind in FORMS and self.by_form() and can_express(FORMS[kind], draw):
            self.typed(name, form, draw, kind, what)
            return
        staff, fields, known = PEOPLE[name], changed(form.fields, draw), self.known[form.claim_id]
        note = Correction(kind=what, public_note={"ko": "고쳤다."}) if kind is CORRECTION else None
        made = Edit(name, "더 낫다.", kind, note, staff.roles)
        correction_kind = what if kind is CORRECTION else known.what
        allowed = self.may_write(staff, form, fields, kind, correction_kind)
        if self.tried(
            lambda: desk.edit(self.places, form.claim_id, fields, form.seen, made, self.clock), allowed=allowed
        ):
            self.wrote(form.claim_id, staff, kind or known.kind or UPDATE, correction_kind)

    def typed(
        self, name: str, form: Form, draw: dict[str, Any], kind: RevisionKind | None, what: CorrectionKind
    ) -> None:
        """Send the page's form of an edit, a verdict or a correction; an old form has the values of its time."""
        staff, known, act = PEOPLE[name], self.known[form.claim_id], FORMS[kind]
        draw = expressible_draw(act, draw, known.desk)
        fields = changed(with_form_fields(known.desk, form.fields) if act != "propose" else known.desk, draw)
        correction_kind = what if kind is CORRECTION else known.what
        allowed = self.may_write(staff, form, fields, kind, correction_kind)
        if fields == known.public != known.desk:
            allowed = False  # a draft that waits is discarded, not written over with what is public
        if allowed and kind is CORRECTION and fields in (known.desk, known.public):
            allowed = False  # a correction that changes nothing would lose its note
        filled = fill(act, form, draw, known.desk, what)
        sent = FormSubmission(f"/claims/{form.claim_id}", f"/claims/{form.claim_id}/{act}", filled)
        if form.seen != SeenVersion(known.head, known.draft_id):
            sent.typed["seen"] = f"{form.seen.head_sha256 or ''}:{form.seen.draft_id or ''}"
        if self.tried(lambda: self.browsers.send(name, sent), allowed=allowed):
            self.wrote(form.claim_id, staff, kind or known.kind or UPDATE, correction_kind)

    def now(self, claim_id: str) -> Form:
        known = self.known[claim_id]
        return Form(claim_id, SeenVersion(known.head, known.draft_id), known.desk)

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

    def may_approve(self, name: str, claim_id: str) -> bool:
        known = self.known[claim_id]
        is_there = bool(known.public) and not known.is_withdrawn and known.waiting == "proposed"
        is_second = Role.EDITOR in PEOPLE[name].roles and name not in known.writers
        return is_there and is_second and not lookups.open_claim_findings(self.places, [claim_id])

    def judge(self, name: str, claim_id: str, draft_id: int, what: str, reason: str) -> None:
        staff, known = PEOPLE[name], self.known[claim_id]
        newest = lookups.claim_at_desk(self.places, claim_id).newest_draft_id
        allowed = Role.EDITOR in staff.roles and not known.is_withdrawn and draft_id == newest
        sent = on_claim(claim_id, "approve" if what == "approved" else "return", draft_id=str(max(draft_id, 0)))
        sent.typed.update({} if what == "approved" else {"reason": reason})
        if what == "approved":
            allowed = allowed and self.may_approve(name, claim_id)
            done = self.tried(
                lambda: desk.approve(self.places, claim_id, draft_id, staff, self.clock), allowed=allowed, name=name,
                sent=sent,
            )  # fmt: skip
        else:
            allowed = allowed and known.waiting in ("proposed", "approved") and bool(reason)
            done = self.tried(
                lambda: desk.return_(self.places, claim_id, draft_id, staff, reason=reason, clock=self.clock),
                allowed=allowed, name=name, sent=sent,
            )  # fmt: skip
        if done:
            known.judged = (what, name)
            self.look(claim_id)

    def on_queue(self, button: str, **typed: str) -> FormSubmission:
        """Return the queue's form with a box ticked for each claim, as the current page shows it."""
        boxes = [f"{one}:{lookups.claim_at_desk(self.places, one).newest_draft_id}" for one in CLAIMS]
        return FormSubmission("?view=all", "", {"claim_id": boxes, **typed}, button)

    def publish_page(self, name: str, keys: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[], object]]:
        """Return the keys that the publish page offers for some keys, and the function that sends its form."""
        try:
            shown = self.browsers.read(name, f"/publish?{urlencode([('key', one) for one in keys])}", "/publish")
        except Refused as refusal:
            return keys, partial(_raise_refusal, refusal)
        offered = shown.values["shown"]
        left_out = {*keys} - {*offered}  # a draft that this person may not publish, beside others
        assert not any(self.may_publish(name, one, self.documents) for one in left_out), left_out
        values = {**shown.values, "key": offered}
        return tuple(offered), lambda: self.browsers.post(name, shown.address, values, "publish")

    def may_publish(self, name: str, claim_id: str, documents: Mapping[str, str]) -> bool:
        known = self.known[claim_id]
        named = {one["document_id"] for one in known.desk.get("evidence", ())}
        if named & (self.documents.keys() - documents.keys()) or known.is_withdrawn:
            return False
        if lookups.open_claim_findings(self.places, [claim_id]) or known.waiting not in ("proposed", "approved"):
            return False
        return known.waiting == "approved" or name not in known.writers

    def published(self, claim_id: str) -> None:
        known = self.known[claim_id]
        if known.public and any(known.public.get(one) != known.desk.get(one) for one in WRITING):
            known.material |= known.writers
        for question in changed_questions(known.public, known.desk) if known.public else ():
            known.assignees[question] = None
        known.is_withdrawn = known.kind is WITHDRAWAL
        known.public, known.kind, known.authors, known.judged, known.passages = known.desk, None, [], None, set()
        known.discarded_versions, known.versions = [], []
        self.look(claim_id)
        self.files[claim_id].append(self.file(claim_id).read_bytes())
