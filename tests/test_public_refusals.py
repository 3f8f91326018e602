"""The public pages explain refused addresses and searches in the reader's language."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from made_ledger import ARTICLE, PRICE, SHARE, made_entries, write_texts
from page_reading import markup, seen

from claimledger.datasette_plugin.public_pages.routes import PAGES as ROUTED, _answer
from claimledger.datasette_plugin.public_pages.visit import Visit
from claimledger.publishing import ledger_db
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.pages.searching import search_page

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio(loop_scope="module")]

PRICE_PAGE, SHARE_PAGE = (f"/claims/{claim['claim_id']}" for claim in (PRICE, SHARE))
ARTICLE_PAGE = f"/articles/{ARTICLE['article_id']}"
Serve = Callable[..., Datasette]
KOREAN, ENGLISH = {"accept-language": "ko-KR,ko;q=0.9,en;q=0.5"}, {"accept-language": "en-GB,en;q=0.9"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("refusals") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture
def serve(serve_shared: Serve, ledger: Path) -> Serve:
    """Serve the made-up ledger; no test changes the served data."""
    return lambda path=ledger, **options: serve_shared(path, **options)


@pytest.mark.parametrize(
    ("path", "status", "english", "korean"),
    [
        (
            f"{PRICE_PAGE}?on=2031-04-09",
            404,
            "first published on 2031-04-10 09:05 UTC; there is no version",
            "2031-04-10 09:05 UTC에 처음 공개되어",
        ),
        (
            f"{PRICE_PAGE}?on=2031-02-30",
            400,
            "“2031-02-30” is not a date. Write year, month and day",
            "날짜가 아닙니다",
        ),
        (f"{PRICE_PAGE}?on=yesterday", 400, "“yesterday” is not a date.", "on=2026-11-24처럼"),
        (f"{PRICE_PAGE}?on=20310410", 400, "is not a date.", "날짜가 아닙니다"),
        (f"{SHARE_PAGE}?on=2031-04-10", 410, "for 2031-04-10 was redacted later", "비공개 처리되었습니다"),
        ("/claims/cranes-cost-dollars", 404, "No claim is named “cranes-cost-dollars”", "인 주장이 없습니다"),
        ("/articles/harbour", 404, "No article is named “harbour”", "이름이 ‘harbour’인 기사"),
        ("/speakers/Seo", 404, "No speaker is named “Seo”", "발언자가 없습니다"),
        ("/sources/%3Cb%3E", 404, "No source is named “<b>”", "출처가 없습니다"),
        ("/speakers?page=0", 400, "“0” is not a page number.", "1 이상의 수"),
        ("/speakers?page=-1", 400, "“-1” is not a page number.", "1 이상의 수"),
        ("/speakers?page=%D9%A3", 400, "is not a page number.", "페이지 번호가"),
        ("/search?q=%3F", 400, "There is nothing to search for", "검색할 말이 없습니다"),
        ("/search?q=-MS", 400, "only says what to leave out", "뺄 말만 있습니다"),
        (f"/search?q={'a' * 501}", 400, "Write at most 500", "500자까지"),
    ],
)
async def test_refusal_is_explained_in_the_readers_language(
    serve: Serve, path: str, status: int, english: str, korean: str
) -> None:
    datasette = serve()
    assert english.lower() in (await seen(datasette, path, status, headers=ENGLISH)).words.lower()
    assert korean in (await seen(datasette, path, status, headers=KOREAN)).words


async def test_slow_search_is_stopped_with_a_message(serve: Serve, ledger: Path) -> None:
    class Slow(NamedTuple):
        """A replacement for Datasette and its database that leaves no time for a query."""

        connection: sqlite3.Connection

        def setting(self, name: str) -> int:
            assert name == "sql_time_limit_ms"
            return 0

        async def execute_fn(self, ask: Callable[[sqlite3.Connection], object]) -> object:
            return ask(self.connection)

    async def page(_: Visit) -> Response:
        with open_ledger(ledger) as connection:
            slow = Slow(connection)
            found = await Visit(slow, Request.fake("/search"), slow).read_in_time(search_page, "cranes", 1)
        raise AssertionError(found)

    datasette, route = serve(), ROUTED[0]._replace(page=page)
    await datasette.invoke_startup()
    for language, words in (("en", "too long. Narrow it down"), ("ko", "조건을 줄여 다시")):
        answer = await _answer(route, datasette, Request.fake(f"/search?lang={language}"))
        assert answer.status == 503
        assert words in markup(answer.body).words


async def test_missing_page_offers_similar_names(serve: Serve) -> None:
    datasette = serve()
    for path, near in (
        ("/claims/cranes-cost-dollars", PRICE_PAGE), ("/articles/harbour", ARTICLE_PAGE),
        ("/speakers/Seo", "/speakers/Seo%20Mirae"),
    ):  # fmt: skip
        assert near in (await seen(datasette, path, 404)).links()


async def test_post_is_refused(serve: Serve) -> None:
    assert (await serve().client.post("/articles")).status_code in {403, 405}
