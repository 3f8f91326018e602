"""The routes of the public pages, and what becomes of what cannot be answered.

In: requests from Datasette's router. Out: responses. The invariant: where no ledger is served, or its reader may not
see it, the answer is Datasette's own; every other refusal is a page in the reader's language that says what to write.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from datasette import NotFound, Response

from claimledger.datasette_plugin.public_pages import formats, list_pages, machine_pages, measured_pages, record_pages
from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.datasette_plugin.public_pages.visit import NotThere, NotUnderstood, TookTooLong, Visit
from claimledger.publishing.pages.searching import near_names

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

Page = Callable[[Visit], Awaitable[Response]]
View = Callable[..., Awaitable[Any]]
_FRONT = r"^/(?P<format>)$"
"""Datasette's own index, which shows itself where there is no ledger, asks for a format."""
_PAGES: tuple[tuple[str, Page], ...] = (
    (_FRONT, list_pages.front),
    (r"^/claims$", list_pages.claims),
    (r"^/articles$", list_pages.articles),
    (r"^/speakers$", list_pages.speakers),
    (r"^/sources$", list_pages.sources),
    (r"^/search$", list_pages.search),
    (r"^/corrections$", measured_pages.corrections),
    (r"^/charts$", measured_pages.pictures),
    (r"^/report$", list_pages.report),
    (r"^/claims/(?P<claim_id>[^/.]+)$", record_pages.claim),
    (r"^/articles/(?P<article_id>[^/.]+)$", record_pages.article),
    (r"^/speakers/(?P<name>[^/]+)$", record_pages.speaker),
    (r"^/sources/(?P<name>[^/]+)$", record_pages.source),
    (r"^/robots\.txt$", machine_pages.robots),
    (r"^/sitemap\.xml$", machine_pages.sitemap_index),
    (r"^/sitemap-pages\.xml$", machine_pages.pages_sitemap),
    (r"^/sitemap-articles\.xml$", machine_pages.articles_sitemap),
    (r"^/sitemap-claims-(?P<part>[1-9]\d{0,5})\.xml$", machine_pages.claims_sitemap),
    *formats.PATHS,
)


async def _answer(page: Page, datasette: Datasette, request: Request) -> Response:
    """Answer a request for a page.

    Raises:
        NotFound: there is no ledger here.
        Forbidden: this reader may not see it.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET, HEAD"})
    ledger = await ledger_of(datasette)
    if ledger is None:
        return await _without_ledger(page, datasette, request)
    await check_reader(datasette, ledger.name, request.actor)
    visit = Visit(datasette, request, ledger)
    try:
        return await page(visit)
    except NotThere as missing:
        near = await visit.read(near_names, missing.table, missing.column, missing.name)
        return visit.page("missing.html", HTTPStatus.NOT_FOUND, kind=missing.table, name=missing.name, near=near)
    except NotUnderstood as fault:
        return visit.page("refused.html", HTTPStatus.BAD_REQUEST, key=fault.key, value=fault.value)
    except TookTooLong:
        return visit.page("refused.html", HTTPStatus.SERVICE_UNAVAILABLE, key="refused.slow", value="")


async def _without_ledger(page: Page, datasette: Datasette, request: Request) -> Response:
    if page is not list_pages.front:
        raise NotFound("There is no ledger here. · 여기에는 원장이 없습니다.")
    from datasette.views.index import IndexView  # noqa: PLC0415  not while Datasette itself is being imported

    return await IndexView(datasette).get(request)


def _view(page: Page) -> View:
    async def view(datasette: Datasette, request: Request) -> Response:
        return await _answer(page, datasette, request)

    return view


ROUTES: list[tuple[str, View]] = [(path, _view(page)) for path, page in _PAGES]
"""Every page: the form of its address, and what answers."""
