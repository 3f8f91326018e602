"""What is demanded before drafts become public, and who approved each: the last look at the workflow table.

In: the desk as it stands, the drafts chosen and who publishes. Out: the approver of each record, the acts to keep, or
every refusal at once. The invariant: whatever nobody approved yet is approved by who publishes, under the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claimledger.editorial.agreement_at_desk import Texts
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.errors import Problem
from claimledger.newsroom.acts import Deed
from claimledger.newsroom.drafting import Place
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.store import Draft
from claimledger.workflow import OPEN_FINDINGS, Case, Staff, decide
from claimledger.vocabulary import Action, CheckStage, Question, RecordStage, Subject


@dataclass(slots=True)
class GoingPublic:
    """What publishing drafts comes to."""

    approvers: dict[Place, str] = field(default_factory=dict)
    """Who approved each record's draft."""
    deeds: list[Deed] = field(default_factory=list)
    """The acts to keep: approvals made now, and the publications of claims."""
    problems: list[Problem] = field(default_factory=list)
    """Why something may not become public."""


def going_public(standing: Standing, drafts: Sequence[Draft], actor: Staff) -> GoingPublic:
    """Return what publishing drafts comes to if `actor` does it."""
    going = GoingPublic()
    of_claims: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.subject in (Subject.CLAIM, Subject.APPEARANCE):
            of_claims.setdefault(draft.key.split("@")[0], []).append(draft)
        else:
            _other(going, standing, draft, actor)
    texts = Texts(standing.store.connection)
    for claim_id, own in of_claims.items():
        _claim(going, at_desk(standing, claim_id, texts), own, actor)
    return going


def _other(going: GoingPublic, standing: Standing, draft: Draft, actor: Staff) -> None:
    head = standing.store.head(draft.subject, draft.key)
    record = RecordStage.LISTED if head else RecordStage.DRAFT
    is_current = draft.base == (head.sha256 if head else None)
    case = Case(record, CheckStage.PROPOSED, authors=draft.authors, is_current=is_current)
    action = Action.APPROVE if head else Action.LIST
    _ask(going, draft.key, action, case, actor)
    going.approvers[draft.subject, draft.key] = actor.name


def _claim(going: GoingPublic, claim: ClaimAtDesk, drafts: Sequence[Draft], actor: Staff) -> None:
    claim_id, draft_id = claim.claim_id, claim.newest_draft_id
    case = claim.case(Action.PUBLISH)
    approver = claim.approver or actor.name
    if claim.record is RecordStage.DRAFT:
        _ask(going, claim_id, Action.LIST, case, actor)
        going.deeds.append(Deed(Action.LIST, claim_id, actor.name, draft_id=draft_id))
    else:
        if not claim.approver:
            _ask(going, claim_id, Action.APPROVE, case, actor)
            going.deeds.append(Deed(Action.APPROVE, claim_id, actor.name, draft_id=draft_id))
            case = replace(case, check=CheckStage.APPROVED)
        _ask(going, claim_id, Action.PUBLISH, case, actor)
        detail = {"questions": _changed(claim) if claim.draft in drafts else []}
        going.deeds.append(Deed(Action.PUBLISH, claim_id, actor.name, draft_id=draft_id, detail=detail))
    _tell_findings(going, claim)
    going.approvers |= {(draft.subject, draft.key): approver for draft in drafts}


def _changed(claim: ClaimAtDesk) -> list[Question]:
    """Return the questions whose verdict becomes another one."""
    public = {verdict.question: verdict for verdict in (claim.public.verdicts if claim.public else ())}
    return [question for question in Question if claim.verdict(question) != public.get(question)]


def _ask(going: GoingPublic, key: str, action: Action, case: Case, actor: Staff) -> None:
    known = {(problem.file, problem.code) for problem in going.problems}
    found = (replace(problem, file=key) for problem in decide(action, case, actor))
    going.problems += [problem for problem in found if (problem.file, problem.code) not in known]


def _tell_findings(going: GoingPublic, claim: ClaimAtDesk) -> None:
    """Put what disagrees in the place of the table's one word for it."""
    refused = [problem for problem in going.problems if (problem.file, problem.code) == (claim.claim_id, OPEN_FINDINGS)]
    if refused:
        going.problems = [problem for problem in going.problems if problem not in refused]
        going.problems += claim.new_findings
