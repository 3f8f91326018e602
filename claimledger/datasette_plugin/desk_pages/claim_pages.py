"""A claim's page: its record, its state, its checker and its queries, with a form for each action.

After a refusal the page shows everything that was typed, with each problem at its field. If two people edited at the
same time, a page to resolve the conflict is shown instead. The actions themselves are in `claim_acts`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger.desk import lookups, account_steps
from claimledger.article import words_after, words_before
from claimledger.datasette_plugin.addresses import public_page
from claimledger.datasette_plugin.desk_pages.claim_acts import ACTS_BY_FORM, REFUSAL_FIELDS, CONFLICT_PAGE_ACTS
from claimledger.datasette_plugin.desk_pages.claim_form import claim_form_values
from claimledger.datasette_plugin.desk_pages.claim_messages import done_message
from claimledger.datasette_plugin.desk_pages.conflict_page import CONFLICT_CODES, conflict_page, resolved_form
from claimledger.datasette_plugin.desk_pages.document_names import document_names
from claimledger.datasette_plugin.desk_pages.form_shown import FormState, form_name, refused_form
from claimledger.datasette_plugin.desk_pages.form_values import read_seen_version
from claimledger.datasette_plugin.desk_pages.suggestion_forms import insertable_texts, shown_on_claim
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk.lookups import ClaimView
from claimledger.desk.account_steps import Person
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.editorial.edit_rules import changed_questions
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.publishing.field_changes import field_changes
from claimledger.workflow import ACTION_RULES, decide
from claimledger.verdicts.answers import labelled_verdicts
from claimledger.desk_vocabulary import Action, QueryAnswer, CheckStage, Priority, RecordStage, Role, SuggestionTask
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, CorrectionKind, Direction, Medium, Question, Relation, SourceKind,
    SpeakerBasis, SpeakerKind, Stance, Subject, Tier, VerdictValue,
)  # fmt: skip

_VOCABULARIES: Mapping[str, Any] = {
    term.__name__: term
    for term in (
        Action,
        QueryAnswer,
        AttributionMode,
        CaptureExtent,
        CheckStage,
        Comparator,
        CorrectionKind,
        Direction,
        Medium,
        Priority,
        Question,
        RecordStage,
        Relation,
        SourceKind,
        SpeakerBasis,
        SpeakerKind,
        Stance,
        SuggestionTask,
        Tier,
        VerdictValue,
    )
}
"""The vocabularies that the page's forms offer, by name."""
_SHOWN_ACTS = tuple(
    action for action, act in ACTION_RULES.items() if act.records & {RecordStage.DRAFT, RecordStage.LISTED}
)
_CLAIM_CHANGED = Problem("claim-changed-meanwhile"
)  # fmt: skip


async def claim(visit: Visit) -> Response:
    """Show a claim at the desk."""
    found = await run_in_threadpool(lookups.view_claim, visit.places, visit.request.path_params["claim_id"])
    return await run_in_threadpool(_page, visit, found)


def _page(visit: Visit, found: ClaimView, status: int = 200, refused: FormState | None = None) -> Response:
    at = found.at
    history = [
        (revision, field_changes(before.record.to_json() if before else {}, revision.record.to_json()))
        for before, revision in zip((None, *at.revisions), at.revisions, strict=False)
    ]
    kept = {one.document.document_id: one for one in lookups.claim_documents(visit.places, at.claim_id, visit.staff)}
    suggested = shown_on_claim(visit, at.claim, [name for name, one in kept.items() if not one.is_withheld])
    return visit.page(
        "claim.html",
        status,
        at=at,
        kept=kept,
        view=found,
        claim=at.claim,
        history=history,
        refused=refused,
        forms=_forms(at, refused),
        form_name=form_name,
        difference=_difference(at),
        may=_reasons_against(visit, at),
        seen=_version(at),
        texts=insertable_texts(visit, suggested.found),
        titles=document_names(visit, kept.values()),
        done=done_message(visit, found),
        today=lookups.newsroom_day().isoformat(),
        citable=lookups.list_citable_documents(visit.places, at.claim_id),
        earlier=lookups.suggest_earlier_for_claim(visit.places, at.claim_id),
        earlier_left=lookups.count_unindexed_records(visit.places),
        answers=labelled_verdicts,
        checkers=_assignable(visit),
        suggested=suggested,
        public_page=public_page,
        Subject=Subject,
        words_before=words_before,
        words_after=words_after,
        **_VOCABULARIES,
    )


def _assignable(visit: Visit) -> list[Person]:
    """Return the people to whom this person may assign a question."""
    is_editor = Role.EDITOR in visit.staff.roles
    return [one for one in account_steps.list_checkers(visit.places) if is_editor or one.name == visit.name]


def _forms(at: ClaimAtDesk, refused: FormState | None) -> Mapping[str, FormState]:
    """Return the page's forms by name, with the claim's own values or, after a refusal, what was typed."""
    current = claim_form_values(at.claim.to_json())
    unanswered = {name: value for name, value in current.items() if not name.endswith("_value")}
    own = {"edit": current, "correct": current, "propose": unanswered}
    shown = {name: FormState(name, values, {}) for name, values in own.items()}
    return _Forms(shown | ({refused.name: refused} if refused else {}))


class _Forms(dict[str, FormState]):
    """A map of forms by name; a missing form is empty."""

    def __missing__(self, name: str) -> FormState:
        return FormState(name, {}, {})


def _difference(found: ClaimAtDesk) -> list[Any]:
    """Return the changes of the draft to the public record."""
    return list(field_changes(found.public_fields, found.claim.to_json())) if found.draft else []


def _version(found: ClaimAtDesk) -> str:
    """Return the version that a form is filled in for, in the form's own notation."""
    return f"{found.head_sha256 or ''}:{found.draft.draft_id if found.draft else ''}"


def _reasons_against(visit: Visit, found: ClaimAtDesk) -> Mapping[Action, str]:
    """Return, for each action, the reason why this person may not do it now; an empty text if they may."""
    reasons: dict[Action, str] = {}
    for action in _SHOWN_ACTS:
        questions = _questions(action, found)
        refusals = [
            decide(action, found.case(action, one), visit.staff, reason="-", assignee=visit.name) for one in questions
        ]
        reasons[action] = "" if [] in refusals else visit.problem_text(refusals[0][0])
    return reasons


def _questions(action: Action, found: ClaimAtDesk) -> Sequence[Question | None]:
    """Return the questions that an action can be about; for a correction, the questions that the draft changes."""
    if action is Action.CORRECT:
        return changed_questions(found.public_fields, found.claim.to_json()) or (Question.SO,)
    return (Question.SO, Question.SAID) if action in (Action.PROPOSE, Action.ASSIGN) else (None,)


async def act(visit: Visit) -> Response:
    """Do the action of a form on the claim's page, and show the claim again."""
    claim_id, name = visit.request.path_params["claim_id"], visit.request.path_params["act"]
    form = resolved_form(await visit.form())
    if name not in ACTS_BY_FORM:
        raise NotFound("act", name, sorted(ACTS_BY_FORM))
    return await run_in_threadpool(_run_action, visit, claim_id, name, form)


def _run_action(visit: Visit, claim_id: str, name: str, form: FormData) -> Response:
    try:
        done = ACTS_BY_FORM[name](visit, claim_id, form) or name
    except LedgerError as refusal:
        return _refused_page(visit, claim_id, name, form, refusal)
    is_removed = name == "discard" and not _is_there(visit, claim_id)
    return visit.go("" if is_removed else f"/claims/{claim_id}", done=done)


def _is_there(visit: Visit, claim_id: str) -> bool:
    """Return whether the claim still exists: discarding a draft that was never public removes its claim."""
    try:
        lookups.claim_at_desk(visit.places, claim_id)
    except NotFound:
        return False
    return True


def _refused_page(visit: Visit, claim_id: str, name: str, form: FormData, refusal: LedgerError) -> Response:
    """Return the page again with what was typed; if the claim was changed since then, show both versions."""
    found = lookups.view_claim(visit.places, claim_id)
    problems = visit.refusal_problems(refusal, REFUSAL_FIELDS.get(name, ""))
    is_late = any(problem.code in CONFLICT_CODES for problem in problems) and isinstance(refusal, ProblemsFound)
    if is_late and name in CONFLICT_PAGE_ACTS:
        base = lookups.find_seen_claim(visit.places, claim_id, read_seen_version(form))
        return conflict_page(visit, name, form, base, found.at, _version(found.at))
    if is_late and "seen" in form:
        problems = (_CLAIM_CHANGED,)
    status = 404 if isinstance(refusal, NotFound) else 409
    return _page(visit, found, status, refused_form(name, form, problems))


PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/claims/{claim_id}", claim),
    ("POST", "/claims/{claim_id}/{act}", act),
)
