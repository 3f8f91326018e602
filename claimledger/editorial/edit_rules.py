"""What is demanded before hand-edited records become drafts: the workflow table, for each claim they touch.

In: the desk as it stands, the drafts about to be stored and who made them. Out: every refusal. A file says the same as
a form would: a new claim is accepted, a public one edited, a verdict in it proposed, a correction proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from claimledger.addresses import page_of
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.errors import Problem
from claimledger.newsroom.known_documents import documents_at, known_already
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.current_records import Standing
from claimledger.newsroom.store import Draft
from claimledger.models import Document
from claimledger.origins import DocumentOf
from claimledger.workflow import PROPOSES, Case, Staff, decide, lacks_evidence
from claimledger.verdicts.independence import lacks_independence
from claimledger.vocabulary import Action, Question, RecordStage, RevisionKind, Subject


def refused(standing: Standing, drafts: Sequence[Draft], edit: Edit) -> list[Problem]:
    """Return why drafts may not be stored; an empty list if they may."""
    beside = {draft.key: record for draft in drafts if isinstance(record := draft.record, Document)}
    return [problem for draft in drafts for problem in _refused(standing, draft, edit, beside)]


def _refused(standing: Standing, draft: Draft, edit: Edit, beside: Mapping[str, Document]) -> Iterator[Problem]:
    problems: Sequence[Problem]
    if draft.subject is not Subject.CLAIM:
        problems = [*_of_other(draft, edit), *_of_address(standing, draft, beside)]
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


def _of_address(standing: Standing, draft: Draft, beside: Mapping[str, Document]) -> list[Problem]:
    """Return why a new document may not be drafted: another has its address, on the desk or among those beside it."""
    document = draft.record
    if not isinstance(document, Document) or not document.address or standing.document(draft.key):
        return []
    page = page_of(document.address)
    same = (one for one in beside.values() if one.address and page_of(one.address) == page)
    others = (one for one in (*documents_at(standing, document.address), *same) if one.document_id != draft.key)
    return [known_already(one) for one in others][:1]


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
    found = (decide(action, case, asked.actor, reason=asked.reason) for action, case in _acts_in(claim, asked))
    return next((problems for problems in found if problems), [])


def _acts_in(claim: ClaimAtDesk, asked: Asked) -> Iterator[tuple[Action, Case]]:
    """Yield the acts of the table that are in what is asked, each with the claim as the table sees it then."""
    before = claim.claim.to_json()
    changed = {name for name in before.keys() | asked.fields.keys() if before.get(name) != asked.fields.get(name)}
    if "waivers" in changed:
        yield Action.WAIVE, claim.case(Action.WAIVE)
    if changed == {"waivers"}:
        return
    action = PROPOSES.get(asked.kind, Action.EDIT)
    goes_on = action is Action.EDIT or (claim.draft is not None and claim.draft.kind is asked.kind)
    if goes_on:
        yield _case(claim, asked, Action.EDIT)
    answered = changed_questions(before, asked.fields)
    for question in answered:
        if question in changed_questions(claim.public_fields, before):
            yield _case(claim, asked, Action.EDIT, question, is_revised=True)
        elif goes_on and action is not Action.EDIT:
            yield _case(claim, asked, action, question)
    if not goes_on:
        for question in changed_questions(claim.public_fields, asked.fields) or (Question.SO,):
            yield _case(claim, asked, action, question)


def _case(
    claim: ClaimAtDesk, asked: Asked, action: Action, question: Question | None = None, *, is_revised: bool = False
) -> tuple[Action, Case]:
    """Return an act, and the claim as the table sees it with what would stand in it."""
    is_thin = lacks_independence(asked.fields, claim.public_fields, asked.document_of)
    case = claim.case(action, question)
    lacks = lacks_evidence(asked.fields)
    return action, replace(case, is_revised=is_revised, lacks_evidence=lacks, lacks_independence=is_thin)


def changed_questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions whose verdicts differ between two versions of a claim (JSON)."""
    was, says = ({one.get("question"): one for one in version.get("verdicts", ())} for version in (before, after))
    return tuple(question for question in Question if was.get(question.value) != says.get(question.value))
