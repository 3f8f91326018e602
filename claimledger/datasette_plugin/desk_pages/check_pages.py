"""The checking screen: everything that a check needs on one page, and the next claim of the queue after it.

The address has the view and the filters of the task list. One form has documents, evidence and verdicts. After a
refusal it shows everything that was typed, and a document that was fetched or uploaded stays for the next try.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.check_form import (
    cited_evidence, form_field, given_verdicts, new_description, new_evidence, note_search, place_problems,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.claim_form import SEARCHED_PLACES, claim_form_values
from claimledger.datasette_plugin.desk_pages.conflict_page import CONFLICT_CODES
from claimledger.datasette_plugin.desk_pages.document_names import document_names
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import read_action, read_seen_version, text
from claimledger.datasette_plugin.desk_pages.pending_uploads import PendingUploads
from claimledger.datasette_plugin.desk_pages.queue_pages import queue_selection
from claimledger.datasette_plugin.desk_pages.suggestion_forms import insertable_texts
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import evidence_steps, lookups
from claimledger.desk.document_search import DocumentSearch
from claimledger.desk.exhibits import IncomingDocument
from claimledger.desk.whole_check import CheckInput, NewDocument, check_refusals, find_stored
from claimledger.errors import LedgerError, NotFound, Problem
from claimledger.article import words_after, words_before
from claimledger.models import Document
from claimledger.newsroom.edit_input import Edit
from claimledger.verdicts.answers import labelled_verdicts
from claimledger.workflow import decide
from claimledger.desk_vocabulary import Action, RecordStage
from claimledger.vocabulary import Question, RevisionKind, Stance, Tier

_ONCE = ("done", "of")
"""The arguments of an address that describe the last action; they are not passed on."""
_CONTEXT = 180
"""Code points of the text on each side of a passage; less than is read, so that it is cut between words."""
_CLAIM_CHANGED = Problem("claim-changed-meanwhile")


async def first_check(visit: Visit) -> Response:
    """Go to the first claim of a view of the task list, or back to the list if it has none."""
    position = await run_in_threadpool(_position, visit, "")
    return visit.go(f"/check/{position.following}{_query(visit)}" if position.following else f"{_query(visit)}")


def _position(visit: Visit, claim_id: str) -> lookups.QueuePosition:
    _, selection = queue_selection(visit, lookups.newsroom_day().isoformat())
    return lookups.queue_position(visit.places, selection, claim_id)


def _query(visit: Visit, **more: str) -> str:
    """Return the query of the address for the next page: the view with its filters, and further arguments."""
    arguments = [(name, value) for name, value in visit.request.query_params.multi_items() if name not in _ONCE]
    return f"?{urlencode(query)}" if (query := [*arguments, *more.items()]) else ""


async def check(visit: Visit) -> Response:
    """Show the checking screen of a claim."""
    return await run_in_threadpool(_page, visit)


def _page(
    visit: Visit,
    typed: FormData | None = None,
    problems: list[Problem] | None = None,
    incoming: IncomingDocument | None = None,
    done: str = "",
    search: DocumentSearch | None = None,
) -> Response:
    claim_id = visit.request.path_params["claim_id"]
    view = lookups.view_claim(visit.places, claim_id)
    at = view.at
    documents = _with_found(lookups.list_citable_documents(visit.places, claim_id), search)
    readable = lookups.documents_at_desk(
        visit.places, [*view.documents, *(one.document_id for one in documents)], visit.staff
    )
    return visit.page(
        "check.html",
        409 if problems else 200,
        at=at,
        claim=at.claim,
        view=view,
        documents=documents,
        titles=document_names(visit, readable),
        position=_position(visit, claim_id),
        kept=_query(visit),
        values={
            **_values(at.claim.to_json(), at.public_fields, typed),
            **(note_search(typed, search) if search else {}),
        },
        search=search,
        ticked=typed.getlist("cite") if typed else (),
        problems=problems or [],
        form_field=form_field,
        incoming=incoming,
        done=done or _done_claim(visit),
        why_not={question: _refusal(visit, check_refusals(at, question, visit.staff)) for question in Question},
        why_no_evidence=_refusal(visit, decide(Action.ATTACH, at.case(Action.ATTACH), visit.staff)),
        texts=insertable_texts(visit, lookups.claim_suggestions(visit.places, claim_id)),
        seen=f"{at.head_sha256 or ''}:{at.draft.draft_id if at.draft else ''}",
        earlier=lookups.suggest_earlier_for_claim(visit.places, claim_id),
        today=lookups.newsroom_day().isoformat(),
        answers=labelled_verdicts,
        before=lambda passage: words_before(passage.before, _CONTEXT),
        after=lambda passage: words_after(passage.after, _CONTEXT),
        LANGUAGES={visit.language: LANGUAGES[visit.language], **LANGUAGES},
        PLACES=range(1, SEARCHED_PLACES + 1),
        Question=Question,
        RecordStage=RecordStage,
        Stance=Stance,
        Tier=Tier,
    )


def _with_found(documents: list[Document], search: DocumentSearch | None) -> list[Document]:
    """Return the documents to cite, with those that a search has found and the claim does not cite, each once."""
    found = (one.document for one in search.found if not one.is_cited) if search else ()
    return list({one.document_id: one for one in (*documents, *found)}.values())


def _refusal(visit: Visit, problems: list[Problem]) -> str:
    return visit.problem_text(problems[0]) if problems else ""


def _values(fields: Mapping[str, Any], public: Mapping[str, Any], typed: FormData | None) -> Mapping[str, str]:
    """Return the values of the form: what was typed, or else the verdicts that wait for approval."""
    if typed is not None:
        return {name: value for name, value in typed.items() if isinstance(value, str)}
    answered = {one["question"] for one in public.get("verdicts", ())}
    waiting = [one for one in fields.get("verdicts", ()) if one["question"] not in answered]
    return claim_form_values({"verdicts": waiting})


def _done_claim(visit: Visit) -> str:
    """Return the statement of the claim whose verdict was just proposed; an empty string if the address names none."""
    claim_id = visit.request.query_params.get("of", "")
    said = lookups.claim_statements(visit.places, [claim_id]) if claim_id else {}
    return visit.say("check.proposed", claim=visit.wording(said[claim_id])) if claim_id in said else ""


async def submit(visit: Visit) -> Response:
    """Store the check; then show the next claim, or the same one if only the evidence was to be stored."""
    claim_id, form = visit.request.path_params["claim_id"], await visit.form()
    act = read_action(form, ("save", "propose", "search"))
    pending: PendingUploads = visit.request.app.state.pending_uploads
    incoming = pending.find(visit.name, claim_id, text(form, "kept"))
    position = await run_in_threadpool(_position, visit, claim_id)
    try:
        if act == "search":
            return await _search(visit, form, incoming)
        incoming = await _incoming(visit, claim_id, form, incoming)
        await run_in_threadpool(_submit, visit, claim_id, act, form, incoming)
    except NotFound:
        raise
    except LedgerError as refusal:
        if incoming:
            pending.keep(visit.name, claim_id, incoming)
        return await run_in_threadpool(_show_refusal, visit, form, refusal, incoming)
    finally:
        await form.close()
    pending.drop(visit.name)
    if act == "save":
        return await run_in_threadpool(_page, visit, _without_evidence(form), None, None, visit.say("check.saved"))
    if position.following:
        return visit.go(f"/check/{position.following}{_query(visit, of=claim_id)}")
    return visit.go(_query(visit, done="check", of=claim_id))


async def _search(visit: Visit, form: FormData, incoming: IncomingDocument | None) -> Response:
    """Search the documents of the desk for the claim, store nothing, and keep what was typed and uploaded."""
    claim_id, file = visit.request.path_params["claim_id"], form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        incoming = await _incoming(visit, claim_id, form, incoming)
        visit.request.app.state.pending_uploads.keep(visit.name, claim_id, incoming)
    search = await run_in_threadpool(desk.search_documents, visit.places, claim_id)
    return await run_in_threadpool(_page, visit, form, None, incoming, "", search)


async def _incoming(
    visit: Visit, claim_id: str, form: FormData, pending: IncomingDocument | None
) -> IncomingDocument | None:
    """Return the new document of a form; None if it has none, or the desk has that address already.

    Raises:
        ProblemsFound: the person may not attach documents.
        FetchRefused, DocumentEmpty, PackageMissing: there is no document, or it cannot be stored.
    """
    file, address = form.get("file"), text(form, "fetch")
    if isinstance(file, UploadFile) and file.filename:
        return await run_in_threadpool(
            evidence_steps.read_upload, visit.places, claim_id, file.filename, file.file, visit.staff
        )
    if pending and address in ("", pending.capture.name):
        return pending
    if not address or await run_in_threadpool(_is_stored, visit, address):
        return None
    fetch_it = visit.request.app.state.fetch_it
    return await run_in_threadpool(
        evidence_steps.fetch_for_claim, visit.places, claim_id, address, visit.staff, fetch_it
    )


def _is_stored(visit: Visit, address: str) -> bool:
    return find_stored(visit.places, address) is not None


def _submit(visit: Visit, claim_id: str, act: str, form: FormData, incoming: IncomingDocument | None) -> None:
    given = _read_check(visit, claim_id, act, form, incoming)
    kind = RevisionKind.VERDICT.value if given.verdicts else None
    reason = visit.reason("proposed" if given.verdicts else "attached")
    made: Edit = visit.edit(text(form, "reason") or reason, kind)
    desk.submit_check(visit.places, claim_id, given, read_seen_version(form), made)


def _read_check(visit: Visit, claim_id: str, act: str, form: FormData, incoming: IncomingDocument | None) -> CheckInput:
    """Return the check that a form describes; a document that the desk has already is cited instead of stored again."""
    fields = lookups.claim_at_desk(visit.places, claim_id).claim.to_json()
    verdicts = given_verdicts(form, fields) if act == "propose" else []
    cited = cited_evidence(form)
    address = "" if incoming and incoming.capture.name != text(form, "fetch") else text(form, "fetch")
    known = find_stored(visit.places, address, incoming.capture.sha256 if incoming else "")
    if known:
        return CheckInput(verdicts, [*cited, new_evidence(form, known.document_id)])
    if incoming is None:
        return CheckInput(verdicts, cited)
    document = evidence_steps.describe_document(incoming, new_description(form))
    return CheckInput(verdicts, cited, NewDocument(document, new_evidence(form, document["document_id"]), incoming))


def _show_refusal(visit: Visit, form: FormData, refusal: LedgerError, incoming: IncomingDocument | None) -> Response:
    """Return the screen with what was typed and every problem; a claim that changed since is shown as it is now."""
    problems = visit.refusal_problems(refusal)
    if any(problem.code in CONFLICT_CODES for problem in problems):
        return _page(visit, form, [_CLAIM_CHANGED], incoming)
    fields = lookups.claim_at_desk(visit.places, visit.request.path_params["claim_id"]).claim.to_json()
    cited = [*(one["document_id"] for one in cited_evidence(form)), "new"]
    answered = [{"question": one.value} for one in Question if text(form, f"{one.value}_value")]
    return _page(visit, form, place_problems(problems, fields, cited, answered), incoming)


def _without_evidence(form: FormData) -> FormData:
    """Return the typed values of the questions, after the evidence was stored."""
    starts = tuple(f"{question.value}_" for question in Question)
    return FormData([(name, value) for name, value in form.multi_items() if name.startswith(starts)])


PAGES = (("GET", "/check", first_check), ("GET", "/check/{claim_id}", check), ("POST", "/check/{claim_id}", submit))
