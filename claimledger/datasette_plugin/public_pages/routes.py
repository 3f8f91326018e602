"""The routes of the public pages, and what becomes of what cannot be answered.

In: requests from Datasette's router. Out: responses. The invariant: where no ledger is served, or its reader may not
see it, the answer is Datasette's own; every other refusal is a page in the reader's language that says what to write.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette import NotFound, Response

from claimledger.datasette_plugin.public_pages import (
    claim_list_page, formats, list_pages, machine_pages, measured_pages, record_pages, report_page,
)  # fmt: skip
from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.datasette_plugin.public_pages.visit import NotThere, NotUnderstood, TookTooLong, Visit
from claimledger.publishing.columns import Meaning
from claimledger.publishing.pages.searching import NearName, near_names

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

Page = Callable[[Visit], Awaitable[Response]]
View = Callable[..., Awaitable[Any]]
_FRONT = r"^/(?P<format>)$"
"""Datasette's own index, which shows itself where there is no ledger, asks for a format."""


class Route(NamedTuple):
    """An address, or a form of addresses."""

    pattern: str
    """A regular expression, as Datasette takes it."""
    address: str
    """As people write it; empty for what another route's says."""
    meaning: Meaning
    page: Page
    arguments: tuple[str, ...] = ()
    """Arguments that make another page of the address."""


_OF_ROBOTS = Meaning("for search engines", "검색 엔진용")
_ONE_NAME = Meaning(
    "what each is said to have claimed and how it stood", "발언자나 출처마다 무엇을 주장했고 어떻게 확인되었는지"
)
_PAGED = ("page",)
PAGES: tuple[Route, ...] = (
    Route(_FRONT, "/", Meaning(
        "what the ledger is and how it checks; claims by verification status, all claims as files; two pictures; "
        "recent verdicts, corrections and withdrawals, with how the policy was kept; articles; who is quoted most; "
        "the search box", "원장 소개, 검증 상태별 주장 수, 그림, 최근 판정·정정·철회, 기사, 검색",
    ), list_pages.front),
    Route(r"^/claims$", "/claims", Meaning(
        "the listed claims; with `?status=refuted` those that stand so, with `?topic=chips` those about it, with both "
        "those of both; as files", "주장 목록. `?status=`와 `?topic=`으로 검증 상태와 주제를 고름",
    ), claim_list_page.claims, ("status", "topic", "page")),
    Route(r"^/claims/(?P<claim_id>[^/.]+)$", "/claims/ID", Meaning(
        "a claim, its permanent address: both statements, who says that who said it, figures as printed and "
        "normalised, verdicts, evidence, computed checks, history; corrections first; to take away: ClaimReview, its "
        "rows as CSV and JSON, its body in the log. With `?on=2031-04-10` as it stood at the end of that day (UTC), "
        "documents included",
        "주장 하나(고정 주소). `?on=2031-04-10`이면 그날이 끝날 때(UTC)의 모습",
    ), record_pages.claim),
    Route(
        r"^/articles$", "/articles", Meaning("the articles, the newest first", "기사 목록"),
        list_pages.articles, _PAGED,
    ),
    Route(r"^/articles/(?P<article_id>[^/.]+)$", "/articles/ID", Meaning(
        "an article: reference, original, rights, what was accounted for, what was left out with its reason and what "
        "is not decided on; its text with the claims marked in it, where rights allow the whole of it and it is held; "
        "its claims in the order of the text, by passage, and as files",
        "기사의 서지와 권리, 무엇을 살폈고 무엇이 남았는지, 주장을 표시한 본문(권리가 허락하면), 기사 순서의 주장",
    ), record_pages.article, ("status", "page")),
    Route(
        r"^/speakers$", "/speakers", Meaning("the speakers by name", "발언자 목록, 이름순"),
        list_pages.speakers, _PAGED,
    ),
    Route(r"^/speakers/(?P<name>[^/]+)$", "/speakers/NAME", _ONE_NAME, record_pages.speaker, _PAGED),
    Route(r"^/sources$", "/sources", Meaning("the sources by name", "출처 목록, 이름순"), list_pages.sources, _PAGED),
    Route(r"^/sources/(?P<name>[^/]+)$", "/sources/NAME", _ONE_NAME, record_pages.source, _PAGED),
    Route(r"^/corrections$", "/corrections", Meaning(
        "every correction with before, after, note, why and who, every withdrawal; "
        "[the policy, measured](corrections-policy.md)", "모든 정정과 철회, 정정 방침 이행 현황",
    ), measured_pages.corrections, ("before",)),
    Route(r"^/charts$", "/charts", Meaning(
        "the pictures, each with its table: status over time, claims by article and speaker, amounts by currency",
        "그림과 그 표",
    ), measured_pages.pictures),
    Route(r"^/search$", "/search?q=", Meaning(
        "claims found in Korean and English, [however spelt](search.md), as the search box of the tables finds them; "
        "where nothing has all that was asked for, near spellings and what has nearly all of it", "주장 찾기",
    ), list_pages.search, ("q", "page")),
    Route(r"^/report$", "/report", Meaning(
        "where an error is reported; `?claim=ID` names the claim, `?about=/articles/ID` the page of an article, a "
        "speaker, a source or another", "오류를 제보할 곳",
    ), report_page.report),
    Route(r"^/robots\.txt$", "/robots.txt", _OF_ROBOTS, machine_pages.robots),
    Route(r"^/sitemap\.xml$", "/sitemap.xml", _OF_ROBOTS, machine_pages.sitemap_index),
    Route(r"^/sitemap-pages\.xml$", "", _OF_ROBOTS, machine_pages.pages_sitemap),
    Route(r"^/sitemap-articles\.xml$", "", _OF_ROBOTS, machine_pages.articles_sitemap),
    Route(r"^/sitemap-(?P<of>speakers|sources)\.xml$", "", _OF_ROBOTS, machine_pages.names_sitemap),
    Route(r"^/sitemap-claims-(?P<part>[1-9]\d{0,5})\.xml$", "", _OF_ROBOTS, machine_pages.claims_sitemap),
    *(Route(*path) for path in formats.PATHS),
)  # fmt: skip


async def _answer(route: Route, datasette: Datasette, request: Request) -> Response:
    """Answer a request for the page of a route.

    Raises:
        NotFound: there is no ledger here.
        Forbidden: this reader may not see it.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET, HEAD"})
    ledger = await ledger_of(datasette)
    if ledger is None:
        return await _without_ledger(route.page, datasette, request)
    await check_reader(datasette, ledger.name, request.actor)
    visit = Visit(datasette, request, ledger, route.arguments)
    try:
        return await route.page(visit)
    except NotThere as missing:
        return await _missing(visit, missing)
    except NotUnderstood as fault:
        return visit.page("refused.html", HTTPStatus.BAD_REQUEST, key=fault.key, value=fault.value)
    except TookTooLong:
        return visit.page("refused.html", HTTPStatus.SERVICE_UNAVAILABLE, key="refused.slow", value="")


async def _missing(visit: Visit, missing: NotThere) -> Response:
    """Tell that there is no such thing, with names like its own as far as they are found in time."""
    near: tuple[NearName, ...] = ()
    with suppress(TookTooLong):
        near = await visit.read_in_time(near_names, missing.table, missing.column, missing.name)
    return visit.page("missing.html", HTTPStatus.NOT_FOUND, kind=missing.table, name=missing.name, near=near)


async def _without_ledger(page: Page, datasette: Datasette, request: Request) -> Response:
    if page is not list_pages.front:
        raise NotFound("There is no ledger here. · 여기에는 원장이 없습니다.")
    from datasette.views.index import IndexView  # noqa: PLC0415  not while Datasette itself is being imported

    return await IndexView(datasette).get(request)


def _view(route: Route) -> View:
    async def view(datasette: Datasette, request: Request) -> Response:
        return await _answer(route, datasette, request)

    return view


ROUTES: list[tuple[str, View]] = [(route.pattern, _view(route)) for route in PAGES]
"""Every page: the form of its address, and what answers."""
