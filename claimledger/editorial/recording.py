"""What is demanded before hand-edited records become drafts: the workflow table, for each claim they touch.

In: the desk as it stands, the drafts about to be stored and who made them. Out: every refusal. A file says the same as
a form would: a new claim is accepted, a public one edited, a verdict in it proposed, a correction proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from claimledger.editorial.at_desk import ClaimAtDesk, at_desk, lacks_evidence
from claimledger.errors import Problem
from claimledger.ledger.edit import Edit
from claimledger.ledger.standing import Standing
from claimledger.ledger.store import Draft
from claimledger.models import Document
from claimledger.review import EVIDENCE_NEEDED, INDEPENDENCE_NEEDED, NOT_THE_ASSIGNEE, Staff, Case, decide
from claimledger.verdicts.independence import DocumentOf, lacks_independence
from claimledger.vocabulary import Action, Question, RecordStage, RevisionKind, Subject

_PROPOSALS = {RevisionKind.VERDICT: Action.PROPOSE, RevisionKind.CORRECTION: Action.CORRECT}


def refused(standing: Standing, drafts: Sequence[Draft], edit: Edit) -> list[Problem]:
    """Return why drafts may not be stored; an empty list if they may."""
    beside = {draft.key: record for draft in drafts if isinstance(record := draft.record, Document)}
    return [problem for draft in drafts for problem in _refused(standing, draft, edit, beside)]


def _refused(standing: Standing, draft: Draft, edit: Edit, beside: Mapping[str, Document]) -> Iterator[Problem]:
    problems: Sequence[Problem]
    if draft.subject is not Subject.CLAIM:
        problems = _of_other(draft, edit)
    elif standing.record(Subject.CLAIM, draft.key) is None:
        problems = decide(Action.ACCEPT, Case(RecordStage.NONE), edit.actor)
    else:
        fields = msgspec.json.decode(draft.record_json)
        asked = Asked(
            fields, draft.kind, edit.actor, edit.reason, lambda name: beside.get(name) or standing.document(name)
        )
        problems = refusals_of_claim(at_desk(standing, draft.key), asked)
    yield from (replace(problem, file=draft.key) for problem in problems)


def _of_other(draft: Draft, edit: Edit) -> list[Problem]:
    """Return why an article, a document or a passage may not be drafted: it takes a checker's role and a reason."""
    record = RecordStage.LISTED if draft.base else RecordStage.DRAFT
    return decide(Action.EDIT, Case(record), edit.actor, reason=edit.reason)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody would make a claim say."""

    fields: Mapping[str, Any]
    """All of its fields (JSON)."""
    kind: RevisionKind
    """What the draft would be."""
    actor: Staff
    """Who asks."""
    reason: str
    """Why."""
    document_of: DocumentOf
    """Returns a document, those that come along included."""


def refusals_of_claim(claim: ClaimAtDesk, asked: Asked) -> list[Problem]:
    """Return why a claim may not be made to say what is asked."""
    fields, kind, actor, reason = asked.fields, asked.kind, asked.actor, asked.reason
    before = claim.claim.to_json()
    changed = {name for name in before.keys() | fields.keys() if before.get(name) != fields.get(name)}
    if "waivers" in changed:
        problems = decide(Action.WAIVE, claim.case(Action.WAIVE), actor, reason=reason)
        if problems or changed == {"waivers"}:
            return problems
    action = _PROPOSALS.get(kind, Action.EDIT)
    if action is Action.EDIT or (claim.draft and claim.draft.kind is kind):
        return decide(Action.EDIT, claim.case(Action.EDIT), actor, reason=reason) or _faults_of_proposal(claim, asked)
    lacks = lacks_evidence(fields, claim.public_fields)
    is_thin = lacks_independence(fields, claim.public_fields, asked.document_of)
    questions = changed_questions(claim.public_fields, fields) or (Question.SO,)
    cases = (
        replace(claim.case(action, question), lacks_evidence=lacks, lacks_independence=is_thin)
        for question in questions
    )
    found = (decide(action, case, actor, reason=reason) for case in cases)
    return next((problems for problems in found if problems), [])


def changed_questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions whose verdicts differ between two versions of a claim (JSON)."""
    was, says = ({one.get("question"): one for one in version.get("verdicts", ())} for version in (before, after))
    return tuple(question for question in Question if was.get(question.value) != says.get(question.value))


def _faults_of_proposal(claim: ClaimAtDesk, asked: Asked) -> list[Problem]:
    """Return a refusal if an edit changes a verdict that somebody else checks, or leaves one without its evidence."""
    if lacks_evidence(asked.fields, claim.public_fields):
        return [EVIDENCE_NEEDED]
    if lacks_independence(asked.fields, claim.public_fields, asked.document_of):
        return [INDEPENDENCE_NEEDED]
    changed = changed_questions(claim.claim.to_json(), asked.fields)
    others = any(claim.assignee(question) != asked.actor.name for question in changed)
    return [replace(NOT_THE_ASSIGNEE, field="verdicts")] if others else []
