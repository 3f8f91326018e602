"""The checks before an edit becomes a draft: the workflow table's decision for each claim it changes.

A hand-edited file and a form are treated alike. A new claim is accepted, a public one is edited, and a verdict or a
correction in it is a proposal. All refusals are returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from claimledger.addresses import page_key
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.errors import Problem
from claimledger.newsroom.known_documents import find_documents_by_address, known_document_problem
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.store import Draft
from claimledger.models import Document
from claimledger.origins import DocumentLookup
from claimledger.workflow import PROPOSING_ACTIONS, Case, StaffMember, decide, lacks_evidence
from claimledger.verdicts.independence import lacks_independence
from claimledger.desk_vocabulary import Action, RecordStage
from claimledger.vocabulary import Question, RevisionKind, Subject


def draft_refusals(desk: CurrentRecords, drafts: Sequence[Draft], edit: Edit) -> list[Problem]:
    """Return why drafts may not be stored; empty if they may."""
    beside = {draft.key: record for draft in drafts if isinstance(record := draft.record, Document)}
    return [problem for draft in drafts for problem in _draft_refusals(desk, draft, edit, beside)]


def _draft_refusals(
    standing: CurrentRecords, draft: Draft, edit: Edit, beside: Mapping[str, Document]
) -> Iterator[Problem]:
    problems: Sequence[Problem]
    if draft.subject is not Subject.CLAIM:
        problems = [*_other_refusals(draft, edit), *_address_problems(standing, draft, beside)]
    elif standing.record(Subject.CLAIM, draft.key) is None:
        problems = decide(Action.ACCEPT, Case(RecordStage.NONE), edit.actor)
    else:
        fields = msgspec.json.decode(draft.record_json)
        asked = EditRequest(
            fields, draft.kind, edit.actor, edit.reason, lambda name: beside.get(name) or standing.document(name)
        )
        problems = edit_refusals(read_claim_at_desk(standing, draft.key), asked)
    yield from (problem.relocate(file=draft.key) for problem in problems)


def _other_refusals(draft: Draft, edit: Edit) -> list[Problem]:
    """Return why an article, a document or a passage may not be drafted; it needs the checker role and a reason."""
    record = RecordStage.LISTED if draft.base else RecordStage.DRAFT
    return decide(Action.EDIT, Case(record), edit.actor, reason=edit.reason)


def _address_problems(desk: CurrentRecords, draft: Draft, beside: Mapping[str, Document]) -> list[Problem]:
    """Return a problem if another document, on the desk or among the drafts, has a new document's address."""
    document = draft.record
    if not isinstance(document, Document) or not document.address or desk.document(draft.key):
        return []
    page = page_key(document.address)
    same = (one for one in beside.values() if one.address and page_key(one.address) == page)
    others = (
        one for one in (*find_documents_by_address(desk, document.address), *same) if one.document_id != draft.key
    )
    return [known_document_problem(one) for one in others][:1]


@dataclass(frozen=True, slots=True)
class EditRequest:
    """The fields that a person wants a claim to have."""

    fields: Mapping[str, Any]
    """All fields of the claim (JSON)."""
    kind: RevisionKind
    """The kind of the draft."""
    actor: StaffMember
    """The person who edits."""
    reason: str
    """The reason."""
    document_of: DocumentLookup
    """A function that returns a document, including those drafted together with the claim."""


def edit_refusals(claim: ClaimAtDesk, request: EditRequest) -> list[Problem]:
    """Return why the edit of a claim is refused; empty if it is allowed."""
    found = (decide(action, case, request.actor, reason=request.reason) for action, case in _actions_in(claim, request))
    return next((problems for problems in found if problems), [])


def _actions_in(claim: ClaimAtDesk, request: EditRequest) -> Iterator[tuple[Action, Case]]:
    """Yield the workflow actions that an edit consists of, each with the claim as the table sees it."""
    before = claim.claim.to_json()
    changed = {name for name in before.keys() | request.fields.keys() if before.get(name) != request.fields.get(name)}
    if "waivers" in changed:
        yield Action.WAIVE, claim.case(Action.WAIVE)
    if changed == {"waivers"}:
        return
    action = PROPOSING_ACTIONS.get(request.kind, Action.EDIT)
    continues_draft = action is Action.EDIT or (claim.draft is not None and claim.draft.kind is request.kind)
    if continues_draft:
        yield _action_case(claim, request, Action.EDIT)
    answered = changed_questions(before, request.fields)
    for question in answered:
        if question in changed_questions(claim.public_fields, before):
            yield _action_case(claim, request, Action.EDIT, question, is_revised=True)
        elif continues_draft and action is not Action.EDIT:
            yield _action_case(claim, request, action, question)
    if not continues_draft:
        for question in changed_questions(claim.public_fields, request.fields) or (Question.SO,):
            yield _action_case(claim, request, action, question)


def _action_case(
    claim: ClaimAtDesk,
    request: EditRequest,
    action: Action,
    question: Question | None = None,
    *,
    is_revised: bool = False,
) -> tuple[Action, Case]:
    """Return an action, and the claim as the workflow table sees it with the new fields."""
    is_thin = lacks_independence(request.fields, claim.public_fields, request.document_of)
    case = claim.case(action, question)
    lacks = lacks_evidence(request.fields)
    return action, replace(case, is_revised=is_revised, lacks_evidence=lacks, lacks_independence=is_thin)


def changed_questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions whose verdicts differ between two versions of a claim (JSON)."""
    was, says = ({one.get("question"): one for one in version.get("verdicts", ())} for version in (before, after))
    return tuple(question for question in Question if was.get(question.value) != says.get(question.value))


def fill_in_kind(claim: ClaimAtDesk, made: Edit) -> Edit:
    """Return an edit with its kind filled in: its own, or else the kind and the note of the open draft."""
    if made.kind and made.kind is not (claim.draft and claim.draft.kind):
        return made
    if claim.draft:
        return replace(made, kind=claim.draft.kind, correction=made.correction or claim.draft.correction)
    return replace(made, kind=RevisionKind.UPDATE)
