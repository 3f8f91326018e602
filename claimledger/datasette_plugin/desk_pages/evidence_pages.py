"""The pages for a claim's evidence: its documents, a form to fetch or upload another, and the recheck of a document.

If a document is refused, every problem is shown above the form as it was filled in, with the extracted text for copying
the excerpt. The server fetches only from the public web and only for people who may attach documents. A stored document
is sent as a file to save, never as a page of the desk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.desk import evidence_steps, lookups
from claimledger.datasette_plugin.desk_pages.pending_uploads import PendingUploads
from claimledger.datasette_plugin.desk_pages.claim_form import read_evidence, read_confidential
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import read_seen_version, text, whole_number
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.desk.archived_copies import ArchiveLookupResult
from claimledger.desk.exhibits import IncomingDocument
from claimledger.desk.recheck_steps import DocumentReport
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.evidence import DOCUMENT_LIMITS
from claimledger.intake import ReadingLimits
from claimledger.models import Claim
from claimledger.newsroom.work_items import WorkFilter, WorkItem
from claimledger.workflow import decide
from claimledger.desk_vocabulary import Action, RecordStage
from claimledger.vocabulary import Medium, Stance, Tier

_DOCUMENT_MISSING = Problem("document-not-given")
_SECONDS = f"{DOCUMENT_LIMITS.total_seconds + ReadingLimits().seconds:g}"
"""The longest time for fetching and reading a document, in seconds; an archived copy takes as long again."""
_MOST_SHOWN = 200_000
"""The number of code points of an extracted text that the page shows."""
_DETAILS = ("medium", "language", "published_on", "archived_address", "tier")
_WORDINGS = ("title", "publisher")


async def evidence(visit: Visit) -> Response:
    """Show the documents of a claim, and the form to add another."""
    return await _evidence_page(visit)


async def _evidence_page(
    visit: Visit,
    refusal: LedgerError | None = None,
    values: Mapping[str, str] | None = None,
    reports: list[DocumentReport] | None = None,
    incoming: IncomingDocument | None = None,
) -> Response:
    claim_id = visit.request.path_params["claim_id"]

    def read() -> dict[str, Any]:
        found = lookups.claim_at_desk(visit.places, claim_id)
        refused = {
            action: next(
                (visit.problem_text(one) for one in decide(action, found.case(action), visit.staff, reason="-")), ""
            )
            for action in (Action.ATTACH, Action.RECHECK, Action.SETTLE_RECHECK)
        }
        return {
            "at": found,
            "documents": lookups.claim_documents(visit.places, claim_id, visit.staff),
            "whys": lookups.open_recheck_reasons(visit.places, claim_id),
            "to_cite": lookups.list_citable_documents(visit.places, claim_id),
            "others": _other_claims(visit, found.claim),
            "may": refused,
        }

    found = await run_in_threadpool(read)
    at = found["at"]
    seen = f"{at.head_sha256 or ''}:{at.draft.draft_id if at.draft else ''}"
    return visit.page(
        "evidence.html",
        409 if refusal else 200,
        values=values or {},
        seconds=_SECONDS,
        seen=seen,
        problems=visit.refusal_problems(refusal) if refusal else (),
        reports=reports,
        incoming=incoming,
        most=_MOST_SHOWN,
        Action=Action,
        Medium=Medium,
        Stance=Stance,
        Tier=Tier,
        **found,
    )


def _other_claims(visit: Visit, claim: Claim) -> list[WorkItem]:
    """Return the first other claims of a claim's article, for which the same document can be cited."""
    rows, _ = lookups.queue(visit.places, WorkFilter({"article_id": claim.article_id}))
    return [row for row in rows if row.claim_id != claim.claim_id and row.record != RecordStage.WITHDRAWN]


async def attach(visit: Visit) -> Response:
    """Add a document as evidence."""
    claim_id, form = visit.request.path_params["claim_id"], await visit.form()
    pending: PendingUploads = visit.request.app.state.pending_uploads
    incoming = pending.find(visit.name, claim_id, text(form, "kept"))
    try:
        incoming = await _submitted_document(visit, claim_id, form, incoming)
        outcome = await run_in_threadpool(_attach, visit, claim_id, form, incoming)
    except NotFound:
        raise
    except LedgerError as refusal:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        if incoming:
            pending.keep(visit.name, claim_id, incoming)
        return await _evidence_page(visit, refusal, values, incoming=incoming)
    finally:
        await form.close()
    pending.drop(visit.name)
    return visit.go(f"/claims/{claim_id}/evidence", done="attach", **outcome)


async def _submitted_document(
    visit: Visit, claim_id: str, form: FormData, pending: IncomingDocument | None
) -> IncomingDocument:
    """Return the document of a form: the uploaded file, a pending upload, or the page at the address.

    Raises:
        ProblemsFound: the form has neither, or the person may not attach documents.
        FetchRefused, DocumentEmpty, PackageMissing: there is no document, or it cannot be stored.
    """
    file, address = form.get("file"), text(form, "fetch")
    if isinstance(file, UploadFile) and file.filename:
        return await run_in_threadpool(
            evidence_steps.read_upload, visit.places, claim_id, file.filename, file.file, visit.staff
        )
    if pending and address in ("", pending.capture.name):
        return pending
    if not address:
        raise ProblemsFound([_DOCUMENT_MISSING])
    fetch_it = visit.request.app.state.fetch_it
    return await run_in_threadpool(
        evidence_steps.fetch_for_claim, visit.places, claim_id, address, visit.staff, fetch_it
    )


def _attach(visit: Visit, claim_id: str, form: FormData, incoming: IncomingDocument) -> Mapping[str, str]:
    """Attach a document; return the result of the archive lookup, if any, as an argument of an address."""
    document: Mapping[str, Any] = evidence_steps.describe_document(incoming, _document_fields(form))
    outcome: dict[str, str] = {}
    if text(form, "archive"):
        lookup: ArchiveLookupResult = visit.request.app.state.note_copy(incoming, document, text(form, "excerpt"))
        document, outcome["archive"] = lookup.document, _archive_outcome(lookup)
    edit = visit.edit(text(form, "reason") or visit.reason("attached"))
    evidence = read_evidence(form, document["document_id"])
    desk.attach(visit.places, claim_id, document, evidence, read_seen_version(form), edit, incoming=incoming)
    return outcome


def _archive_outcome(lookup: ArchiveLookupResult) -> str:
    return "no_answer" if lookup.refusal else "found" if lookup.copy else "none"


def _document_fields(form: FormData) -> dict[str, Any]:
    """Return the form's fields of a document (JSON); the document's own details fill the empty ones."""
    fields: dict[str, Any] = {name: text(form, name) for name in _DETAILS}
    fields |= {name: _wording(form, name) for name in _WORDINGS}
    if text(form, "address"):
        fields["address"] = text(form, "address")
    fields |= read_confidential(form)
    rights: dict[str, Any] = {name: _wording(form, f"rights_{name}") for name in ("holder", "statement")}
    if text(form, "may_share"):
        fields["rights"] = rights | {"may_hold_text": True}
    elif any(rights.values()):
        fields["rights"] = rights
    return fields


def _wording(form: FormData, name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := text(form, f"{name}_{language}"))}


async def act(visit: Visit) -> Response:
    """Recheck a document, record a recheck without changes, or cite a document that the desk has."""
    claim_id, name = visit.request.path_params["claim_id"], visit.request.path_params["act"]
    form = await visit.form()
    match name:
        case "check":
            reports = await run_in_threadpool(_recheck, visit, claim_id, text(form, "document"))
            return await _evidence_page(visit, reports=reports)
        case "settle":
            reason = text(form, "reason")
            await run_in_threadpool(lambda: desk.settle_recheck(visit.places, claim_id, visit.staff, reason=reason))
            return visit.go(f"/claims/{claim_id}/evidence", done="settle")
        case "cite":
            return await _cite(visit, claim_id, form)
        case _:
            raise NotFound("act", name)


def _recheck(visit: Visit, claim_id: str, document_id: str) -> list[DocumentReport]:
    """Recheck one document; with several, the browser would give up waiting."""
    fetch_it = visit.request.app.state.fetch_it
    reports = desk.recheck_documents(visit.places, [claim_id], visit.staff, document_id=document_id, fetch_it=fetch_it)
    return [*reports]


async def _cite(visit: Visit, claim_id: str, form: FormData) -> Response:
    edit = visit.edit(text(form, "reason") or visit.reason("attached"))
    evidence_fields = {name: value for name, value in read_evidence(form, "").items() if name != "document_id"}
    document, others = text(form, "document"), [str(name) for name in form.getlist("also")]
    try:
        if others:
            fields = evidence_fields | {"document_id": document}
            await run_in_threadpool(desk.cite_many, visit.places, [claim_id, *others], fields, edit)
        else:
            await run_in_threadpool(
                desk.cite, visit.places, claim_id, document, evidence_fields, read_seen_version(form), edit
            )
    except ProblemsFound as refusal:
        return await _evidence_page(
            visit, refusal, {name: value for name, value in form.items() if isinstance(value, str)}
        )
    return visit.go(f"/claims/{claim_id}/evidence", done="attach")


async def stored_document(visit: Visit) -> Response:
    """Send a stored document as a file to save, for every type of file."""
    claim_id = visit.request.path_params["claim_id"]
    capture_id = whole_number(visit.request.path_params["capture_id"])

    def read() -> bytes:
        if capture_id is None:
            raise NotFound("capture", visit.request.path_params["capture_id"])
        return lookups.read_private_content(visit.places, claim_id, capture_id, visit.staff)[1]

    content = await run_in_threadpool(read)
    disposition = {"Content-Disposition": f'attachment; filename="document-{capture_id}.bin"'}
    return Response(content, media_type="application/octet-stream", headers={**HEADERS, **disposition})


PAGES: tuple[tuple[str, str, Callable[[Visit], Awaitable[Response]]], ...] = (
    ("GET", "/claims/{claim_id}/evidence", evidence),
    ("POST", "/claims/{claim_id}/evidence", attach),
    ("POST", "/claims/{claim_id}/evidence/{act}", act),
    ("GET", "/claims/{claim_id}/kept/{capture_id}", stored_document),
)
