"""Addresses of sources: a plain name, the address before names had kind and date, leads to the source of that name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from datasette.app import Datasette
from made_ledger import HARBOUR_PAGE, JOBS, KUSTAVISEN_PAGE, made_log
from page_reading import got, seen

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio(loop_scope="module")]

Serve = Callable[..., Datasette]
LANGUAGES = ("ko", "en")
KOREAN_PAGE = "/sources/" + quote("가람전자 발표 (announcement of a company or public body, 2031-02)")
REDIRECTS = {
    "/sources/Kustavisen": KUSTAVISEN_PAGE, "/sources/Harbour%20Monthly": HARBOUR_PAGE,
    f"/sources/{quote('가람전자 발표')}": KOREAN_PAGE, "/sources/Quay%20notes": "/sources/Quay%20notes%20%28report%29",
    "/sources/Tide%20tables%20%28report": "/sources/Tide%20tables%20%28report%20%28report%29",
}  # fmt: skip


def with_source(ending: str, **source: object) -> Mapping[str, Any]:
    """Return a claim with a source of its own."""
    return {**JOBS, "claim_id": f"automation-cost-jobs-{ending}", "source": source}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the made-up ledger, with a source of a Korean name only and sources whose names resemble others."""
    log = made_log()
    log.add(with_source("iiii", kind="announcement", name={"ko": "가람전자 발표"}, published_on="2031-02"))
    log.add(with_source("jjjj", kind="report", name={"en": "Tide tables (report"}))
    log.add(with_source("kkkk", kind="report", name={"en": "Quay notes"}))
    log.add(with_source("mmmm", kind="report", name={"en": "Quay notes (report)"}))
    path = tmp_path_factory.mktemp("sources") / "ledger.db"
    ledger_db.build_ledger_db(log.entries, path)
    return path


@pytest.fixture
def datasette(serve_shared: Serve, ledger: Path) -> Datasette:
    served: Datasette = serve_shared(ledger)
    return served


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("plain", "page"), REDIRECTS.items())
async def test_plain_name_leads_to_the_source(datasette: Datasette, plain: str, page: str, language: str) -> None:
    headers = {"accept-language": language}
    for query in ("", f"?lang={language}", f"?page=1&lang={language}"):
        answer = await got(datasette, f"{plain}{query}", headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (301, f"{page}{query}")
        shown = await seen(datasette, answer.headers["location"], headers=headers)
        assert shown.one("html")["lang"] == language
        assert str(shown.one("link", rel="canonical")["href"]).partition("?")[0] == f"http://localhost{page}"


async def test_redirect_stays_below_the_base_url(serve: Serve, ledger: Path) -> None:
    answer = await got(serve(ledger, base_url="/news/"), "/sources/Kustavisen?lang=ko")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/news{KUSTAVISEN_PAGE}?lang=ko")


async def test_key_with_kind_and_date_is_the_address_itself(datasette: Datasette) -> None:
    """Names that several sources had were keys with kind and date before, too."""
    for date, count in (("2031-03-20", 1), ("2031-03-27", 2)):
        page = await seen(datasette, f"/sources/{quote(f'Port briefing (speech or interview, {date})')}?lang=en")
        assert page.words.count("Seo Mirae") == count


@pytest.mark.parametrize("language", LANGUAGES)
async def test_name_of_several_sources_offers_them(datasette: Datasette, language: str) -> None:
    links = (await seen(datasette, f"/sources/Port%20briefing?lang={language}", 404)).links()
    assert {unquote(link) for link in links if link.startswith("/sources/") and "?" not in link} == {
        "/sources/Port briefing (report, 2031-03-27)",
        "/sources/Port briefing (speech or interview, 2031-03-20)",
        "/sources/Port briefing (speech or interview, 2031-03-27)",
    }


async def test_every_source_is_listed_and_linked_by_its_key(datasette: Datasette, ledger: Path) -> None:
    with ledger_db.open_read_only(ledger) as connection:
        keys = [key for (key,) in connection.execute("SELECT source FROM sources")]
    links = (await seen(datasette, "/sources?lang=en")).links()
    assert {f"/sources/{quote(key, safe='')}" for key in keys} <= set(links)
    for key in keys:
        assert (await got(datasette, f"/sources/{quote(key, safe='')}")).status_code == 200, key
