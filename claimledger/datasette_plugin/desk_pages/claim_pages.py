"""A claim's page: what it says, where it stands, who checks it, what was asked; and the acts on it, each one form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.claim_form import document_of, evidence_of, fields_of
from claimledger.datasette_plugin.desk_pages.earlier_forms import relations_in
from claimledger.datasette_plugin.desk_pages.form_values import number, seen_in, word, word_if_given
from claimledger.datasette_plugin.desk_pages.form_values import text as _text
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.editorial.at_desk import ClaimAtDesk
from claimledger.errors import NotFound
from claimledger.ledger.edit import make_edit, make_waiver
from claimledger.ledger.store import utc_text
from claimledger.publishing.changes import changes
from claimledger.review import decide
from claimledger.vocabulary import (
    Action, Answer, Captured, CheckStage, CorrectionKind, Medium, Priority, Question, RecordStage, Relation,
    SourceKind, SpeakerKind, Stance, Tier, VerdictValue,
)  # fmt: skip

_VOCABULARIES: Mapping[str, Any] = {
    term.__name__: term
    for term in (
        Action, Answer, Captured, CheckStage, CorrectionKind, Medium, Priority, Question, RecordStage, Relation,
        SourceKind, SpeakerKind, Stance, Tier, VerdictValue,
    )
}  # fmt: skip
"""The vocabularies that the page's forms offer, by their names."""
_SHOWN_ACTS = tuple(action for action in Action if action is not Action.ACCEPT)


async def claim(visit: Visit) -> Response:
    """Show a claim at the desk."""
    return await _shown(visit)


async def _shown(visit: Visit, status: int = 200, refusal: object = None) -> Response:
    claim_id = visit.request.path_params["claim_id"]
    found = await run_in_threadpool(desk.claim_at_desk, visit.places, claim_id)
    passages = await run_in_threadpool(desk.passages_of, visit.places, claim_id)
    earlier = await run_in_threadpool(desk.earlier_than, visit.places, claim_id)
    history = [
        (revision, changes(before.record.to_json() if before else {}, revision.record.to_json()))
        for before, revision in zip((None, *found.revisions), found.revisions, strict=False)
    ]
    return visit.page(
        "claim.html", status, at=found, claim=found.claim, passages=passages, history=history, refusal=refusal,
        difference=_difference(found), may=_may(visit, found), seen=_seen(found),
        today=desk.utc_now().date().isoformat(), earlier=earlier, **_VOCABULARIES,
    )  # fmt: skip


def _difference(found: ClaimAtDesk) -> list[Any]:
    """Return what the waiting version changes in what is public."""
    return list(changes(found.public_fields, found.claim.to_json())) if found.draft else []


def _seen(found: ClaimAtDesk) -> str:
    """Return the version a form is filled in on, as the form brings it back."""
    return f"{found.head_sha256 or ''}:{found.draft.draft_id if found.draft else ''}"


def _may(visit: Visit, found: ClaimAtDesk) -> Mapping[Action, str]:
    """Return, for each act, why this person may not do it now; an empty text if they may."""
    reasons: dict[Action, str] = {}
    for action in _SHOWN_ACTS:
        about = (Question.SO, Question.SAID) if action in (Action.PROPOSE, Action.ASSIGN) else (None,)
        tried = [decide(action, found.case(action, one), visit.staff, reason="-", assignee=visit.name) for one in about]
        reasons[action] = "" if [] in tried else visit.told(tried[0][0])
    return reasons


async def act(visit: Visit) -> Response:
    """Do what a form of the claim's page says, and show the claim again."""
    claim_id, name = visit.request.path_params["claim_id"], visit.request.path_params["act"]
    form = await visit.form()
    if name not in ACTS_BY_FORM:
        return visit.page("refused.html", 404, problems=(), sentence=name, back=visit.back)
    await run_in_threadpool(ACTS_BY_FORM[name], visit, claim_id, form)
    gone = name == "discard" and not await run_in_threadpool(_is_there, visit, claim_id)
    return visit.go("" if gone else f"/claims/{claim_id}", done=name)


def _is_there(visit: Visit, claim_id: str) -> bool:
    """Whether there still is such a claim: a draft of what was never public goes for good."""
    try:
        desk.claim_at_desk(visit.places, claim_id)
    except NotFound:
        return False
    return True


def _edit(visit: Visit, claim_id: str, form: FormData) -> None:
    found = desk.claim_at_desk(visit.places, claim_id)
    fields = fields_of(form, found.claim.to_json())
    reason = _text(form, "reason") if found.revisions else _reason(visit, form, "edited")
    made = make_edit(author=visit.name, reason=reason, roles=visit.staff.roles)
    desk.edit(visit.places, claim_id, fields, seen_in(form), made)


def _propose(visit: Visit, claim_id: str, form: FormData) -> None:
    fields = fields_of(form, desk.claim_at_desk(visit.places, claim_id).claim.to_json())
    reason = _reason(visit, form, "proposed")
    made = make_edit(author=visit.name, reason=reason, kind="verdict", roles=visit.staff.roles)
    desk.edit(visit.places, claim_id, fields, seen_in(form), made)


def _correct(visit: Visit, claim_id: str, form: FormData) -> None:
    fields = fields_of(form, desk.claim_at_desk(visit.places, claim_id).claim.to_json())
    note = {language: text for language in ("en", "ko") if (text := _text(form, f"public_note_{language}"))}
    made = make_edit(
        author=visit.name, reason=_text(form, "reason"), kind="correction", correction=_text(form, "correction"),
        note=note, roles=visit.staff.roles,
    )  # fmt: skip
    desk.edit(visit.places, claim_id, fields, seen_in(form), made)


def _attach(visit: Visit, claim_id: str, form: FormData) -> None:
    document_id = desk.new_document_id(_text(form, "title_en"))
    document = document_of(form, document_id, utc_text(desk.utc_now()))
    made = visit.edit(_reason(visit, form, "attached"))
    desk.attach(visit.places, claim_id, document, evidence_of(form, document_id), seen_in(form), made)


def _relate(visit: Visit, claim_id: str, form: FormData) -> None:
    made = visit.edit(_reason(visit, form, "related"))
    desk.relate(visit.places, claim_id, relations_in(form), seen_in(form), made)


def _assign(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.assign(
        visit.places, claim_id, word(form, "question", Question), _text(form, "assignee") or None, visit.staff,
        due_on=_text(form, "due_on") or None, priority=word_if_given(form, "priority", Priority),
    )  # fmt: skip


def _query(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.query(visit.places, claim_id, _text(form, "as_printed"), _text(form, "should_read"), visit.staff)


def _answer(visit: Visit, claim_id: str, form: FormData) -> None:
    query, given = number(form, "query"), word(form, "answer", Answer)
    desk.answer(visit.places, claim_id, query, given, _text(form, "text"), visit.staff)


def _comment(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.comment(visit.places, claim_id, _text(form, "text"), visit.staff)


def _approve(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.approve(visit.places, claim_id, number(form, "draft_id"), visit.staff)


def _return(visit: Visit, claim_id: str, form: FormData) -> None:
    draft_id = number(form, "draft_id")
    desk.return_(visit.places, claim_id, draft_id, visit.staff, reason=_text(form, "reason"))


def _waive(visit: Visit, claim_id: str, form: FormData) -> None:
    reason = {visit.language: _text(form, "reason")} if _text(form, "reason") else {}
    waiver = make_waiver(_text(form, "code"), reason)
    desk.waive(visit.places, claim_id, waiver, visit.edit(visit.say("reasons.waived", code=waiver.code)))


def _withdraw(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.withdraw(visit.places, claim_id, visit.staff, reason=_text(form, "reason"))


def _discard(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.discard(visit.places, claim_id, number(form, "draft_id"), visit.edit(_text(form, "reason")))


def _reason(visit: Visit, form: FormData, otherwise: str) -> str:
    return _text(form, "reason") or visit.say(f"reasons.{otherwise}")


ACTS_BY_FORM: Mapping[str, Callable[[Visit, str, FormData], None]] = {
    "edit": _edit,
    "propose": _propose,
    "correct": _correct,
    "attach": _attach,
    "relate": _relate,
    "assign": _assign,
    "query": _query,
    "answer": _answer,
    "comment": _comment,
    "approve": _approve,
    "return": _return,
    "waive": _waive,
    "withdraw": _withdraw,
    "discard": _discard,
}
"""The forms of the page by the last word of their address; the same word is the act."""
PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/claims/{claim_id}", claim),
    ("POST", "/claims/{claim_id}/{act}", act),
)
