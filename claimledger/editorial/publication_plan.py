"""The last check before drafts become public: the workflow table's decision, and the approver of each record.

Drafts that no one has approved yet are approved by the person who publishes, under the same rules. All refusals are
returned at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claimledger.editorial.agreement_at_desk import TextCache
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.errors import Problem
from claimledger.ledger.content_store import read_stored_content
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.newsroom.actions import ActionEntry
from claimledger.newsroom.open_drafts import RecordKey
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.store import Draft
from claimledger.workflow import OPEN_FINDINGS, Case, StaffMember, decide
from claimledger.desk_vocabulary import Action, CheckStage, RecordStage
from claimledger.vocabulary import Question, Subject


@dataclass(slots=True)
class PublicationPlan:
    """The approvals, acts and problems of a publication."""

    approvers: dict[RecordKey, str] = field(default_factory=dict)
    """The approver of each record's draft."""
    deeds: list[ActionEntry] = field(default_factory=list)
    """The acts to store: new approvals, and the publications of claims."""
    problems: list[Problem] = field(default_factory=list)
    """The reasons why a draft may not become public."""


def plan_publication(desk: CurrentRecords, drafts: Sequence[Draft], actor: StaffMember) -> PublicationPlan:
    """Return the approvals, acts and problems if `actor` publishes the drafts."""
    plan = PublicationPlan()
    claim_drafts: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.subject in (Subject.CLAIM, Subject.APPEARANCE):
            claim_drafts.setdefault(draft.key.split("@")[0], []).append(draft)
        else:
            _add_other(plan, desk, draft, actor)
    texts = TextCache(desk.store.connection)
    for claim_id, own in claim_drafts.items():
        _add_claim(plan, read_claim_at_desk(desk, claim_id, texts), own, actor)
    return plan


def _add_other(plan: PublicationPlan, desk: CurrentRecords, draft: Draft, actor: StaffMember) -> None:
    head = desk.store.head(draft.subject, draft.key)
    record = RecordStage.LISTED if head else RecordStage.DRAFT
    is_current = draft.base == (head.sha256 if head else None)
    case = Case(record, CheckStage.PROPOSED, authors=draft.authors, is_current=is_current)
    action = Action.APPROVE if head else Action.LIST
    _check_action(plan, draft.key, action, case, actor)
    plan.approvers[draft.subject, draft.key] = actor.name


def _add_claim(plan: PublicationPlan, claim: ClaimAtDesk, drafts: Sequence[Draft], actor: StaffMember) -> None:
    claim_id, draft_id = claim.claim_id, claim.newest_draft_id
    case = claim.case(Action.PUBLISH)
    approver = claim.approver or actor.name
    if claim.record is RecordStage.DRAFT:
        _check_action(plan, claim_id, Action.LIST, case, actor)
        plan.deeds.append(ActionEntry(Action.LIST, claim_id, actor.name, draft_id=draft_id))
    else:
        if not claim.approver:
            _check_action(plan, claim_id, Action.APPROVE, case, actor)
            plan.deeds.append(ActionEntry(Action.APPROVE, claim_id, actor.name, draft_id=draft_id))
            case = replace(case, check=CheckStage.APPROVED)
        _check_action(plan, claim_id, Action.PUBLISH, case, actor)
        detail = {"questions": _changed_questions(claim) if claim.draft in drafts else []}
        plan.deeds.append(ActionEntry(Action.PUBLISH, claim_id, actor.name, draft_id=draft_id, detail=detail))
    _replace_findings_problem(plan, claim)
    plan.approvers |= {(draft.subject, draft.key): approver for draft in drafts}


def _changed_questions(claim: ClaimAtDesk) -> list[Question]:
    """Return the questions whose published verdict would change."""
    public = {verdict.question: verdict for verdict in (claim.public.verdicts if claim.public else ())}
    return [question for question in Question if claim.verdict(question) != public.get(question)]


def _check_action(going: PublicationPlan, key: str, action: Action, case: Case, actor: StaffMember) -> None:
    known = {(problem.file, problem.code) for problem in going.problems}
    found = (problem.relocate(file=key) for problem in decide(action, case, actor))
    going.problems += [problem for problem in found if (problem.file, problem.code) not in known]


def _replace_findings_problem(plan: PublicationPlan, claim: ClaimAtDesk) -> None:
    """Replace the workflow table's general problem for findings with the findings themselves."""
    refused = [problem for problem in plan.problems if (problem.file, problem.code) == (claim.claim_id, OPEN_FINDINGS)]
    if refused:
        plan.problems = [problem for problem in plan.problems if problem not in refused]
        plan.problems += claim.new_findings


def missing_bytes_problems(places: LedgerPaths, drafts: Sequence[Draft]) -> list[Problem]:
    """Return a problem for each drafted document whose stored bytes, which it names by hash, are missing."""
    whole = [(draft, draft.record) for draft in drafts if isinstance(draft.record, Document)]
    folders = (places.private_evidence, places.shared_evidence)
    return [
        Problem("bytes-not-held", file=draft.key, field="content_sha256")
        for draft, document in whole
        if document.content_sha256 and not any(read_stored_content(one, document.content_sha256) for one in folders)
    ]
