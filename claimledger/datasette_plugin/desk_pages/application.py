"""The desk's application: its routes, the check that a person is signed in, and the handling of refusals.

A person who is not signed in only reaches the pages in `OPEN_PAGES`. A refusal of the desk becomes a page; an error of
the program does not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.gate import allow_body
from claimledger.datasette_plugin.gate_rules import RequestTooLarge
from claimledger.datasette_plugin.desk_pages import (
    article_intake, article_pages, audit_page, check_pages, claim_pages, document_pages, evidence_pages, import_pages,
    notice_pages, people_pages, publish_pages, queue_pages, report_pages, sheet_pages, template_pages,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.pending_uploads import PendingUploads
from claimledger.datasette_plugin.desk_pages.kept_form import read_unsent_form
from claimledger.datasette_plugin.desk_pages.other_sign_in import other_sign_in
from claimledger.datasette_plugin.desk_pages.session import signed_in_person
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, FormUnreadable, Visit
from claimledger.desk.archived_copies import ArchiveLookupResult, add_archived_copy
from claimledger.desk.step_setup import share_store
from claimledger.errors import LedgerError, NotFound
from claimledger.evidence import DocumentFetcher
from claimledger.evidence.capture import fetch_document
from claimledger.ledger.files import LedgerPaths

Page = Callable[[Visit], Awaitable[Response]]
OPEN_PAGES = people_pages.OPEN_PAGES | report_pages.OPEN_PAGES | notice_pages.OPEN_PAGES
"""The pages that need no sign-in."""
_FORM_LIMIT = 4_000_000
"""The largest form in bytes of a person who is signed in."""
_UPLOAD_LIMITS: Mapping[Page, int] = {
    article_intake.new_article: 30_000_000,
    check_pages.submit: 30_000_000,
    evidence_pages.attach: 30_000_000,
    sheet_pages.import_: 30_000_000,
}
"""The largest form in bytes of each page that takes a file; the desk itself limits the file further."""


def desk_application(
    places: LedgerPaths,
    fetch_it: DocumentFetcher = fetch_document,
    note_copy: Callable[..., ArchiveLookupResult] = add_archived_copy,
    settings: Mapping[str, Any] | None = None,
) -> Starlette:
    """Return the application that serves the desk of a ledger.

    By default, documents and archived copies come from the web. `settings` are those of the site; the list
    of tasks names missing ones. Without them, the desk does not know the site's address and none is missing.

    Raises:
        SeveralSignIns: more than one plug-in for signing in is installed.
    """
    other_sign_in()
    pages = (
        *people_pages.PAGES, *queue_pages.PAGES, *article_pages.PAGES, *audit_page.PAGES, *evidence_pages.PAGES,
        *document_pages.PAGES,
        *claim_pages.PAGES, *check_pages.PAGES, *publish_pages.PAGES, *sheet_pages.PAGES, *report_pages.PAGES,
        *template_pages.PAGES, *notice_pages.PAGES, *import_pages.PAGES,
    )  # fmt: skip
    routes = [Route(f"{DESK}{path}", partial(_answer, page), methods=[method]) for method, path, page in pages]
    routes += [
        Route(path, partial(_answer, page), methods=[method]) for method, path, page in report_pages.PUBLIC_PAGES
    ]
    static = Mount(f"{DESK}/static", StaticFiles(directory=str(files(__package__ or "").joinpath("static"))))
    application = Starlette(
        routes=[static, *routes],
        exception_handlers={400: _unreadable_form, 404: _missing_page, 405: _redirect_to_form_page},
    )
    application.state.places, application.state.fetch_it, application.state.note_copy = places, fetch_it, note_copy
    application.state.settings = settings
    application.state.pending_uploads = PendingUploads()
    return application


async def _missing_page(request: Request, _: Exception) -> Response:
    person = await run_in_threadpool(signed_in_person, request.app.state.places, request)
    visit = Visit(request, person)
    return visit.missing_page(visit.say("missing.page"))


async def _unreadable_form(request: Request, _: Exception) -> Response:
    """Say why a form was not read; Starlette only has a line of English for it."""
    person = await run_in_threadpool(signed_in_person, request.app.state.places, request)
    return Visit(request, person).refusal_page(FormUnreadable(), status=400)


async def _redirect_to_form_page(request: Request, _: Exception) -> Response:
    """Redirect a GET request for the address of a form, for example after a reload, to the page with the form."""
    if request.method != "GET":
        person = await run_in_threadpool(signed_in_person, request.app.state.places, request)
        visit = Visit(request, person)
        return visit.page("missing.html", 405, sentence=visit.say("missing.nothing_sent"), back=visit.back)
    return RedirectResponse(request.url.path.rpartition("/")[0], 303, headers=dict(HEADERS))


def _requested_address(request: Request) -> dict[str, str]:
    """Return the requested address as an argument for the sign-in page; nothing for the desk's first page."""
    query = f"?{request.url.query}" if request.url.query else ""
    requested = f"{request.scope['path'].removeprefix(request.scope.get('root_path', ''))}{query}"
    return {"to": requested} if requested != DESK else {}


async def _answer(page: Page, request: Request) -> Response:
    """Answer a request; all lookups of a request that only reads share one open store."""
    if request.method not in ("GET", "HEAD"):
        return await _answer_person(page, request)
    sharing = share_store()
    try:
        return await _answer_person(page, request)
    finally:
        await run_in_threadpool(sharing.end)


async def _answer_person(page: Page, request: Request) -> Response:
    person = await run_in_threadpool(signed_in_person, request.app.state.places, request)
    visit = Visit(request, person)
    if person is not None:
        allow_body(request.scope, _UPLOAD_LIMITS.get(page, _FORM_LIMIT))
    try:
        if person is None and page not in OPEN_PAGES:
            return await _sign_in_first(visit)
        return await page(visit)
    except NotFound as missing:
        return visit.missing_page(visit.refusal_text(missing))
    except RequestTooLarge as refusal:
        return visit.refusal_page(refusal, status=refusal.status)
    except LedgerError as refusal:
        return visit.refusal_page(refusal)


async def _sign_in_first(visit: Visit) -> Response:
    """Send a person who is not signed in to the sign-in page; a form that they sent is kept in that page."""
    if visit.request.method == "GET":
        return visit.go("/sign-in", **_requested_address(visit.request))
    kept = await read_unsent_form(visit.request)
    return visit.page("sign_in.html", 401, refusal="", name="", kept=kept, asked_for="")
