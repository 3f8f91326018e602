"""From the plan of an imported review spreadsheet to drafts, by the rules of any edit.

Nothing is written. Later rows can refer to the documents of earlier accepted rows.
"""

from __future__ import annotations
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from claimledger.addresses import page_key, remove_tracking
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.edit_rules import EditRequest, edit_refusals, fill_in_kind
from claimledger.errors import Problem
from claimledger.newsroom import drafting
from claimledger.newsroom.date_rules import future_date_problems
from claimledger.newsroom.edit_input import Edit, make_edit
from claimledger.newsroom.drafting import ProposedChange
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import DeskStore, Draft, utc_text
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Change, Document
from claimledger.origins import DocumentLookup
from claimledger.sheets.merge import SheetPlan
from claimledger.sheets.planned_changes import NewEvidence, PlannedChange, VerdictProposal
from claimledger.workflow import StaffMember, decide
from claimledger.desk_vocabulary import Action
from claimledger.vocabulary import CaptureExtent, RevisionKind, Subject
from claimledger.record_ids import new_document_id

IMPORT_REASON = "Imported from a review spreadsheet. · 검토용 엑셀에서 가져왔다."
"""The public reason, in both languages, for a row that gives none."""


_VERDICT_PUBLISHED = Problem("correction-on-the-page")


_PlannedItem = PlannedChange | VerdictProposal | NewEvidence


class SheetImport:
    """A plan while it is turned into drafts. It writes nothing and remembers the drafts that later rows need."""

    def __init__(self, store: DeskStore, planned: SheetPlan, actor: StaffMember, now: datetime) -> None:
        """Take the plan and the person who imports it; `now` is UTC."""
        self._store, self._plan, self._actor, self._now = store, planned, actor, now
        self._documents: dict[str, Draft] = {}  # by page, the documents of the accepted rows so far

    def drafts(self) -> tuple[list[Draft], list[Problem]]:
        """Return the drafts of all rows without problems, and the problems of the others."""
        faulty_rows = {problem.line for problem in self._plan.problems}
        drafts: list[Draft] = []
        refused: list[Problem] = []
        for claim_id, parts in self._rows().items():
            if parts[0].row not in faulty_rows:
                made, problems = self._drafts(claim_id, parts)
                drafts += made
                refused += (self._locate(problem, claim_id, parts[0].row) for problem in problems)
        return drafts, refused

    def _rows(self) -> dict[str, list[_PlannedItem]]:
        rows: dict[str, list[_PlannedItem]] = {}
        outcome = self._plan.outcome
        parts: tuple[_PlannedItem, ...] = (*outcome.changes, *outcome.proposals, *outcome.evidence)
        for made in parts:
            rows.setdefault(_claim_id(made), []).append(made)
        return rows

    def _drafts(self, claim_id: str, parts: Sequence[_PlannedItem]) -> tuple[list[Draft], Sequence[Problem]]:
        """Return the drafts of a row, or its problems; later rows cannot refer to a refused row."""
        desk = read_current_records(self._store, claim_id)
        claim = read_claim_at_desk(desk, claim_id)
        new = self._new_documents(parts)
        names = {page: draft.key for page, draft in self._documents.items()}
        fields = self._fields(claim, parts, names | {page: change.key for page, change in new.items()})
        made = self._make_edit(claim, parts)
        drafts, problems = self._draft_changes(claim, [*new.values(), _claim_change(claim, fields)], made, parts[0].row)
        companions = {draft.key: draft for draft in (*self._documents.values(), *drafts)}
        request = EditRequest(
            fields, made.kind or RevisionKind.UPDATE, made.actor, made.reason, _document_lookup(desk, companions)
        )
        if refused := [*_refusals(claim, request, parts)] or problems or future_date_problems(drafts, self._now):
            return [], refused
        self._documents |= zip(new, drafts, strict=False)  # the documents come first
        return drafts, []

    def _draft_changes(
        self, claim: ClaimAtDesk, changes: Sequence[Change], made: Edit, row: int
    ) -> tuple[list[Draft], list[Problem]]:
        where, seen = SourceLocation(self._plan.file, {(): row}), claim.draft.draft_id if claim.draft else None
        batch = drafting.ChangeBatch([ProposedChange(change, where, seen or 0) for change in changes])
        return drafting.make_drafts(batch, self._store, made, self._documents.values())

    def _locate(self, problem: Problem, claim_id: str, row: int) -> Problem:
        return problem.relocate(file=self._plan.file, line=row, field=self._column(claim_id, problem.field))

    def _column(self, claim_id: str, field: str) -> str:
        """Return the column that a problem with a claim's field is about, or else the row's first filled column."""
        cells = next([*row.edits, *row.added] for row in self._plan.rows if row.claim_id == claim_id)
        cells.sort(key=lambda column: not column.startswith("verdict"))
        return next((column for column in cells if column.startswith(field.removesuffix("s"))), cells[0])

    def _fields(
        self, claim: ClaimAtDesk, parts: Sequence[_PlannedItem], documents: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return all fields of the claim with the changes of its row; `documents` maps pages to new documents."""
        fields: dict[str, Any] = claim.claim.to_json()
        for part in parts:
            if isinstance(part, PlannedChange):
                changed = claim.public_fields | part.change.to_json()["fields"]
                fields = {name: value for name, value in changed.items() if value is not None}
        for part in parts:
            if isinstance(part, VerdictProposal):
                fields = _replace_verdict(fields, part)
            elif isinstance(part, NewEvidence):
                entry = {
                    "document_id": part.known_document or documents[page_key(part.address)],
                    "stance": part.stance.value,
                    "summary": dict(part.summary),
                }
                fields["evidence"] = [*fields.get("evidence", ()), entry]
        return fields

    def _new_documents(self, parts: Sequence[_PlannedItem]) -> dict[str, Change]:
        """Return the documents that neither the desk nor an earlier row has, by page address."""
        found = [part for part in parts if isinstance(part, NewEvidence) and not part.known_document]
        return {page: self._document(one) for one in found if (page := page_key(one.address)) not in self._documents}

    def _document(self, new: NewEvidence) -> Change:
        document_id = new_document_id(new.document["title"].get("en", ""))
        fields = {
            **new.document, "document_id": document_id, "address": remove_tracking(new.address),
            "obtained_at": utc_text(self._now), "captured": CaptureExtent.NONE.value,
        }  # fmt: skip
        return Change(subject=Subject.DOCUMENT, key=document_id, base=None, fields=fields)

    def _make_edit(self, claim: ClaimAtDesk, parts: Sequence[_PlannedItem]) -> Edit:
        """Return the author, reason and kind of a row's change: a proposed verdict, or the kind of the open draft."""
        reason = next((part.reason for part in parts if part.reason), IMPORT_REASON)
        made = fill_in_kind(claim, make_edit(author=self._actor.name, reason=reason, roles=self._actor.roles))
        is_proposal = made.kind is RevisionKind.UPDATE and any(isinstance(part, VerdictProposal) for part in parts)
        return replace(made, kind=RevisionKind.VERDICT) if is_proposal else made


def _claim_id(made: _PlannedItem) -> str:
    return made.change.key if isinstance(made, PlannedChange) else made.claim_id


def _claim_change(claim: ClaimAtDesk, fields: Mapping[str, Any]) -> Change:
    changed = drafting.differing_fields(claim.public_fields, fields)
    return Change(subject=Subject.CLAIM, key=claim.claim_id, base=claim.head_sha256, fields=changed)


def _replace_verdict(fields: Mapping[str, Any], proposal: VerdictProposal) -> dict[str, Any]:
    others = [one for one in fields.get("verdicts", ()) if one["question"] != proposal.question.value]
    verdicts = [*others, *([proposal.verdict.to_json()] if proposal.verdict else [])]
    rest = {name: value for name, value in fields.items() if name != "verdicts"}
    return rest | ({"verdicts": verdicts} if verdicts else {})


def _document_lookup(desk: CurrentRecords, companions: Mapping[str, Draft]) -> DocumentLookup:
    def document(name: str) -> Document | None:
        found = companions[name].record if name in companions else None
        return found if isinstance(found, Document) else desk.document(name)

    return document


def _refusals(claim: ClaimAtDesk, request: EditRequest, parts: Sequence[_PlannedItem]) -> Iterator[Problem]:
    """Yield why the workflow table, or a missing public note, forbids a row's changes."""
    if any(isinstance(part, VerdictProposal) and part.published for part in parts):
        yield _VERDICT_PUBLISHED
        return
    if any(isinstance(part, NewEvidence) for part in parts):
        yield from decide(Action.ATTACH, claim.case(Action.ATTACH), request.actor, reason=request.reason)
    yield from edit_refusals(claim, request)
