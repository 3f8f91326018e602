"""The routes of the public pages, and the responses to requests that cannot be answered.

Without a ledger, or if the reader may not see it, the response is Datasette's own. Every other refusal is a page in
the reader's language that says what to write instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette import NotFound, Response

from claimledger.datasette_plugin.public_pages import (
    changes_page, check_list_page, claim_list_page, data_page, formats, list_pages, machine_pages, measured_pages,
    record_pages, report_page,
)  # fmt: skip
from claimledger.datasette_plugin.addresses import desk_folder
from claimledger.datasette_plugin.answering import PAGE_MARK, etag, is_cached
from claimledger.datasette_plugin.ledger_access import check_reader, find_ledger
from claimledger.datasette_plugin.plugin_settings import plugin_settings
from claimledger.datasette_plugin.result_cache import ledger_version
from claimledger.datasette_plugin.public_pages.page_templates import available_formats
from claimledger.datasette_plugin.public_pages.visit import (
    RecordMissing, ArgumentRefused, TookTooLong, Visit,
)  # fmt: skip
from claimledger.publishing.columns import Meaning
from claimledger.publishing.pages.searching import NearName, near_names

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

Page = Callable[[Visit], Awaitable[Response]]
View = Callable[..., Awaitable[Any]]
_FRONT = r"^/(?P<format>)$"
"""Datasette's own index, which is shown if there is no ledger, needs a format in the address."""


class Route(NamedTuple):
    """A page with its address or its pattern of addresses."""

    pattern: str
    """A regular expression in the form Datasette expects."""
    address: str
    """The address as people write it; empty if another route describes it."""
    meaning: Meaning
    page: Page
    arguments: tuple[str, ...] = ()
    """The arguments that lead to a different page of the same address."""


_FOR_ROBOTS = Meaning("for search engines", "검색 엔진용")
_NAME_PAGE = Meaning(
    "the claims of a speaker or source, with their verification status", "발언자나 출처의 주장과 검증 상태"
)
_PAGED = ("page",)
PAGES: tuple[Route, ...] = (
    Route(_FRONT, "/", Meaning(
        "what was found: incorrect, mixed and corrected claims with their reasons, claims by verdict; the search box; "
        "charts that answer a question; recent verdicts; the figures of the corrections policy; downloads; articles; "
        "the most quoted speakers",
        "확인 결과(사실과 다르거나 정정한 주장과 이유), 판정별 주장 수, 검색, 그래프, 최근 판정, 기사",
    ), list_pages.front),
    Route(r"^/claims$", "/claims", Meaning(
        "the public claims, with downloads; `?q=` filters by words and names, `?figure=money` by figure (any, money, a "
        "currency such as USD, a unit such as person), `?status=refuted` by verification status, `?topic=chips` by "
        "topic; all can be combined; `?order=newest` sorts what words found",
        "주장 목록. `?q=`로 단어와 이름, `?figure=`로 수치, `?status=`로 검증 상태, `?topic=`으로 주제를 고름",
    ), claim_list_page.claims, ("q", "figure", "status", "topic", "order", "page")),
    Route(r"^/claims/(?P<claim_id>[^/.]+)$", "/claims/ID", Meaning(
        "a claim at its permanent address: corrections first, then both statements, where the claim comes from, "
        "figures as printed and normalised, verdicts, evidence, automatic checks and history. "
        "Downloads: ClaimReview, its rows as CSV and JSON, its raw log entry. `?on=2031-04-10` shows it as recorded "
        "at the end of that day (UTC), including its documents",
        "주장 하나(고정 주소). `?on=2031-04-10`이면 그날(UTC) 기준 내용",
    ), record_pages.claim),
    Route(
        r"^/articles$", "/articles", Meaning("the articles, the newest first", "기사 목록"),
        list_pages.articles, _PAGED,
    ),
    Route(r"^/articles/(?P<article_id>[^/.]+)$", "/articles/ID", Meaning(
        "an article: what was found in it; its text with the claims marked, if it is stored and its rights allow it; "
        "its claims in the order of the text, by passage, with downloads; coverage (claims, excluded passages with a "
        "reason, passages still open); reference, original, rights",
        "기사에서 확인한 결과, 주장을 표시한 본문(권리가 허락하면), 기사 순서의 주장, 검증 범위, 서지와 권리",
    ), record_pages.article, ("status", "page")),
    Route(
        r"^/speakers$", "/speakers", Meaning("the speakers by name", "발언자 목록, 이름순"),
        list_pages.speakers, _PAGED,
    ),
    Route(r"^/speakers/(?P<name>[^/]+)$", "/speakers/NAME", _NAME_PAGE, record_pages.speaker, _PAGED),
    Route(r"^/sources$", "/sources", Meaning("the sources by name", "출처 목록, 이름순"), list_pages.sources, _PAGED),
    Route(r"^/sources/(?P<name>[^/]+)$", "/sources/NAME", _NAME_PAGE, record_pages.source, _PAGED),
    Route(r"^/corrections$", "/corrections", Meaning(
        "every correction with the text before and after, note, reason and editor; every withdrawal; "
        "[the policy, measured](corrections-policy.md)", "모든 정정과 철회, 정정 방침 이행 현황",
    ), measured_pages.corrections, ("before",)),
    Route(r"^/changes$", "/changes?since=", Meaning(
        "what changed since a day: one line a revision with its reason, by day and kind, before and after; `?kind=`, "
        "`?article=`, `?claim=` and `?speaker=` filter; a feed and CSV of the same",
        "어느 날 이후의 변경 내역. 종류, 기사, 주장, 발언자로 고를 수 있고 피드와 CSV로도 제공",
    ), changes_page.changes, ("since", "kind", "article", "claim", "speaker", "before")),
    Route(r"^/charts$", "/charts", Meaning(
        "charts with a question as heading, its answer and a table beside it: verdicts by topic, organisation, kind "
        "and month, reviews due, claims by article and by speaker, amounts by currency. A chart with one bar is left "
        "out",
        "그래프와 그 표",
    ), measured_pages.charts_page),
    Route(r"^/method$", "/method", Meaning(
        "how we judge: the two questions, every verdict with its definition, an example and its number of claims, who "
        "checks and approves, how to complain, and who keeps the site",
        "판정 기준: 두 가지 질문, 판정의 뜻과 예, 책임자",
    ), list_pages.method),
    Route(r"^/data$", "/data", Meaning(
        "the data: version, licence, how to cite it, the files of every table, stable addresses, and the meaning of "
        "every column", "데이터의 버전, 이용 조건, 인용 방법, 파일, 고정 주소, 모든 열의 뜻",
    ), data_page.data),
    Route(r"^/search$", "/search?q=", Meaning(
        "search for claims in Korean and English, [in any spelling](search.md), with the same results as the search "
        "box of the tables; if no claim has every word, similar spellings and claims with most of the words",
        "주장 검색",
    ), list_pages.search, ("q", "order", "page")),
    Route(r"^/earlier-checks$", "/earlier-checks", Meaning(
        "checks that were made elsewhere or before this ledger, as they were published; `?publisher=`, `?rating=` and "
        "`?language=` filter, `?q=` searches. None is a verdict of this ledger",
        "다른 곳의 이전 검증 목록. `?publisher=`, `?rating=`, `?language=`, `?q=`로 고름",
    ), check_list_page.earlier_checks, ("publisher", "rating", "language", "q", "page")),
    Route(r"^/report$", "/report", Meaning(
        "where to report an error; `?claim=ID` names a claim, `?about=/articles/ID` the page of an article, a speaker, "
        "a source or another page", "오류를 제보할 곳",
    ), report_page.report),
    Route(r"^/robots\.txt$", "/robots.txt", _FOR_ROBOTS, machine_pages.robots),
    Route(r"^/sitemap\.xml$", "/sitemap.xml", _FOR_ROBOTS, machine_pages.sitemap_index),
    Route(r"^/-/health$", "/-/health", Meaning(
        "for a monitor: the version of the program, and the size and hash of the log that is served",
        "상태 확인용: 프로그램 버전, 로그의 크기와 해시",
    ), machine_pages.health),
    Route(r"^/sitemap-pages\.xml$", "", _FOR_ROBOTS, machine_pages.pages_sitemap),
    Route(r"^/sitemap-articles\.xml$", "", _FOR_ROBOTS, machine_pages.articles_sitemap),
    Route(r"^/sitemap-(?P<of>speakers|sources)\.xml$", "", _FOR_ROBOTS, machine_pages.names_sitemap),
    Route(r"^/sitemap-claims-(?P<part>[1-9]\d{0,5})\.xml$", "", _FOR_ROBOTS, machine_pages.claims_sitemap),
    *(Route(*path) for path in formats.PATHS),
)  # fmt: skip


async def _answer(route: Route, datasette: Datasette, request: Request) -> Response:
    """Answer a request for the page of a route.

    Raises:
        NotFound: this Datasette serves no ledger.
        Forbidden: this reader may not see it.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET, HEAD"})
    ledger = await find_ledger(datasette)
    if ledger is None:
        return await _without_ledger(route.page, datasette, request)
    await check_reader(datasette, ledger.name, request.actor)
    visit = Visit(datasette, request, ledger, route.arguments)
    version = await ledger_version(ledger)
    tag = page_tag(visit, version) if version else None
    if tag and tag in request.headers.get("if-none-match", ""):
        return _not_modified(visit, tag)
    response = await _page_or_refusal(route, visit)
    if not tag or response.status != HTTPStatus.OK:
        return response
    if is_cached(request, tag):
        return _not_modified(visit, tag)
    response.headers["etag"] = tag
    _mark(visit, tag, version)
    return response


def page_tag(visit: Visit, version: str) -> str:
    """Return the ETag of a page, made from everything that it depends on. No page depends on the day."""
    datasette, request = visit.datasette, visit.request
    settings = (plugin_settings(datasette), datasette.setting("base_url"), desk_folder(datasette))
    address = (request.scheme, request.host, request.path, request.query_string)
    return etag(version, address, visit.language, visit.site, visit.ledger.name, settings, available_formats())


def _not_modified(visit: Visit, tag: str) -> Response:
    return Response(b"", HTTPStatus.NOT_MODIFIED, headers=visit.headers() | {"etag": tag})


def _mark(visit: Visit, tag: str, version: str) -> None:
    """Let the cache of pages store the response, unless the reader has signed in."""
    mark = visit.request.scope.get(PAGE_MARK)
    if mark and not visit.request.actor:
        mark.etag, mark.version, mark.ledger = tag, version, visit.ledger


async def _page_or_refusal(route: Route, visit: Visit) -> Response:
    try:
        return await route.page(visit)
    except RecordMissing as missing:
        return await _missing_page(visit, missing)
    except ArgumentRefused as fault:
        return visit.page("refused.html", HTTPStatus.BAD_REQUEST, key=fault.key, value=fault.value)
    except TookTooLong:
        return visit.page("refused.html", HTTPStatus.SERVICE_UNAVAILABLE, key="refused.slow", value="")


async def _missing_page(visit: Visit, missing: RecordMissing) -> Response:
    """Return the page for a missing record, with similar names if they are found in time."""
    near: tuple[NearName, ...] = ()
    with suppress(TookTooLong):
        near = await visit.read_in_time(near_names, missing.table, missing.column, missing.name)
    return visit.page("missing.html", HTTPStatus.NOT_FOUND, kind=missing.table, name=missing.name, near=near)


async def _without_ledger(page: Page, datasette: Datasette, request: Request) -> Response:
    if page is not list_pages.front:
        raise NotFound("This server has no ledger. · 이 서버에는 공개 기록이 없습니다.")
    from datasette.views.index import IndexView  # noqa: PLC0415  not while Datasette itself is being imported

    return await IndexView(datasette).get(request)


def _view_function(route: Route) -> View:
    async def view(datasette: Datasette, request: Request) -> Response:
        return await _answer(route, datasette, request)

    return view


ROUTES: list[tuple[str, View]] = [(route.pattern, _view_function(route)) for route in PAGES]
"""Every page: the pattern of its address, and the function that answers."""
