"""A claim's evidence: what the desk holds of its documents; a document fetched or uploaded; looked at again.

In: an address or a file with what somebody says of it. Out: drafts and what is kept, or every problem above the form
as it was filled in, with the text that was read to copy the passage from. The invariant: the server fetches from the
public web alone and only for who may attach, and a kept document leaves as a file to save, never as a page of the desk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.brought_before import BroughtBefore
from claimledger.datasette_plugin.desk_pages.claim_form import evidence_of, withheld_in
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import seen_in, text, whole
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.desk import Brought, DocumentReport, Noted
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.evidence import WANTED
from claimledger.intake import Within
from claimledger.workflow import decide
from claimledger.vocabulary import Action, Medium, Stance, Tier

_NOTHING_GIVEN = Problem("document-not-given", "No document was given.", "Give an address or choose a file.")
_SECONDS = f"{WANTED.total_seconds + Within().seconds:g}"
"""How long a document takes at most, to be fetched and read; and an archive's copy of it, after that."""
_MOST_SHOWN = 200_000
"""So many code points of a text that was read are shown."""
_TOLD = ("medium", "language", "published_on", "archived_address", "tier")
_WORDINGS = ("title", "publisher")


async def evidence(visit: Visit) -> Response:
    """Show what the desk holds of a claim's documents, and the form for another."""
    return await _shown(visit)


async def _shown(
    visit: Visit,
    refusal: LedgerError | None = None,
    values: Mapping[str, str] | None = None,
    reports: list[DocumentReport] | None = None,
    brought: Brought | None = None,
) -> Response:
    claim_id = visit.request.path_params["claim_id"]

    def read() -> dict[str, Any]:
        found = desk.claim_at_desk(visit.places, claim_id)
        refused = {
            action: next((visit.told(one) for one in decide(action, found.case(action), visit.staff, reason="-")), "")
            for action in (Action.ATTACH, Action.RECHECK, Action.SETTLE_RECHECK)
        }
        return {
            "at": found,
            "documents": desk.documents_of(visit.places, claim_id, visit.staff),
            "whys": desk.rechecks_of(visit.places, claim_id),
            "to_cite": desk.documents_to_cite(visit.places, claim_id),
            "may": refused,
        }

    found = await run_in_threadpool(read)
    at = found["at"]
    seen = f"{at.head_sha256 or ''}:{at.draft.draft_id if at.draft else ''}"
    return visit.page(
        "evidence.html", 409 if refusal else 200, values=values or {}, seconds=_SECONDS, seen=seen,
        problems=visit.problems_of(refusal) if refusal else (), reports=reports, brought=brought, most=_MOST_SHOWN,
        Action=Action, Medium=Medium, Stance=Stance, Tier=Tier, **found,
    )  # fmt: skip


async def attach(visit: Visit) -> Response:
    """Take a document in as evidence."""
    claim_id, form = visit.request.path_params["claim_id"], await visit.form()
    before: BroughtBefore = visit.request.app.state.brought_before
    brought = before.find(visit.name, claim_id, text(form, "kept"))
    try:
        brought = await _brought(visit, claim_id, form, brought)
        told = await run_in_threadpool(_attach, visit, claim_id, form, brought)
    except NotFound:
        raise
    except LedgerError as refusal:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        if brought:
            before.keep(visit.name, claim_id, brought)
        return await _shown(visit, refusal, values, brought=brought)
    finally:
        await form.close()
    before.drop(visit.name)
    return visit.go(f"/claims/{claim_id}/evidence", done="attach", **told)


async def _brought(visit: Visit, claim_id: str, form: FormData, before: Brought | None) -> Brought:
    """Return the document of a form: the file, else what was brought before, else what stands at the address.

    Raises:
        ProblemsFound: neither is given, or the person may not attach it.
        FetchRefused, DocumentEmpty, PackageMissing: there is no document, or it cannot be kept.
    """
    file, address = form.get("file"), text(form, "fetch")
    if isinstance(file, UploadFile) and file.filename:
        return await run_in_threadpool(desk.uploaded, visit.places, claim_id, file.filename, file.file, visit.staff)
    if before and address in ("", before.capture.name):
        return before
    if not address:
        raise ProblemsFound([_NOTHING_GIVEN])
    fetch_it = visit.request.app.state.fetch_it
    return await run_in_threadpool(desk.fetched, visit.places, claim_id, address, visit.staff, fetch_it)


def _attach(visit: Visit, claim_id: str, form: FormData, brought: Brought) -> Mapping[str, str]:
    """Attach what was brought, and return what an address says of the archive, if it was asked."""
    document: Mapping[str, Any] = desk.described(brought, _told(form))
    told: dict[str, str] = {}
    if text(form, "archive"):
        noted: Noted = visit.request.app.state.note_copy(brought, document, text(form, "excerpt"))
        document, told["archive"] = noted.document, _archive_word(noted)
    made = visit.edit(text(form, "reason") or visit.reason("attached"))
    evidence = evidence_of(form, document["document_id"])
    desk.attach(visit.places, claim_id, document, evidence, seen_in(form), made, brought=brought)
    return told


def _archive_word(noted: Noted) -> str:
    return "no_answer" if noted.refusal else "found" if noted.copy else "none"


def _told(form: FormData) -> dict[str, Any]:
    """Return what the form says of the document (JSON); what is left empty is what it states of itself."""
    told: dict[str, Any] = {name: text(form, name) for name in _TOLD}
    told |= {name: _wording(form, name) for name in _WORDINGS}
    if text(form, "address"):
        told["address"] = text(form, "address")
    told |= withheld_in(form)
    rights: dict[str, Any] = {name: _wording(form, f"rights_{name}") for name in ("holder", "statement")}
    if text(form, "may_share"):
        told["rights"] = rights | {"may_hold_text": True}
    elif any(rights.values()):
        told["rights"] = rights
    return told


def _wording(form: FormData, name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := text(form, f"{name}_{language}"))}


async def act(visit: Visit) -> Response:
    """Look at a document again, say that somebody did and the claim stands, or cite one that the desk has."""
    claim_id, name = visit.request.path_params["claim_id"], visit.request.path_params["act"]
    form = await visit.form()
    match name:
        case "check":
            return await _shown(visit, reports=await run_in_threadpool(_look, visit, claim_id, text(form, "document")))
        case "settle":
            reason = text(form, "reason")
            await run_in_threadpool(lambda: desk.settle_recheck(visit.places, claim_id, visit.staff, reason=reason))
            return visit.go(f"/claims/{claim_id}/evidence", done="settle")
        case "cite":
            return await _cite(visit, claim_id, form)
        case _:
            raise NotFound("act", name)


def _look(visit: Visit, claim_id: str, document_id: str) -> list[DocumentReport]:
    """Look again at one document: several would keep a browser waiting for longer than it waits."""
    fetch_it = visit.request.app.state.fetch_it
    looking = desk.look_again(visit.places, [claim_id], visit.staff, document_id=document_id, fetch_it=fetch_it)
    return [*looking]


async def _cite(visit: Visit, claim_id: str, form: FormData) -> Response:
    made = visit.edit(text(form, "reason") or visit.reason("attached"))
    said = {name: value for name, value in evidence_of(form, "").items() if name != "document_id"}
    try:
        await run_in_threadpool(desk.cite, visit.places, claim_id, text(form, "document"), said, seen_in(form), made)
    except ProblemsFound as refusal:
        return await _shown(visit, refusal, {name: value for name, value in form.items() if isinstance(value, str)})
    return visit.go(f"/claims/{claim_id}/evidence", done="attach")


async def kept(visit: Visit) -> Response:
    """Give a kept document out as a file to save, whatever it is."""
    claim_id = visit.request.path_params["claim_id"]
    capture_id = whole(visit.request.path_params["capture_id"])

    def read() -> bytes:
        if capture_id is None:
            raise NotFound("capture", visit.request.path_params["capture_id"])
        return desk.kept_content(visit.places, claim_id, capture_id, visit.staff)[1]

    content = await run_in_threadpool(read)
    named = {"Content-Disposition": f'attachment; filename="document-{capture_id}.bin"'}
    return Response(content, media_type="application/octet-stream", headers={**HEADERS, **named})


PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/claims/{claim_id}/evidence", evidence),
    ("POST", "/claims/{claim_id}/evidence", attach),
    ("POST", "/claims/{claim_id}/evidence/{act}", act),
    ("GET", "/claims/{claim_id}/kept/{capture_id}", kept),
)
