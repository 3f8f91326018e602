"""Titles and previews of pages in tabs, search results and shared links show the verdict and the article."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, BASIN, HERALD, JOBS, SHARE, SO, LogMaker, made_entries
from page_reading import got

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
HERALD_PAGE = f"/articles/{HERALD['article_id']}"
SITE = {"ko": "기사 속 주장", "en": "Claims in print"}
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ko", "en"])


def build_refuted_ledger(folder: Path) -> Path:
    log = LogMaker()
    log.add(ARTICLE)
    log.add(BASIN)
    log.add({**BASIN, "verdicts": [{**SO, "value": "refuted"}]}, "verdict")
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    return folder / "ledger.db"


def build_made_up_ledger(folder: Path) -> Path:
    ledger_db.build_ledger_db(made_entries(), folder / "ledger.db")
    return folder / "ledger.db"


async def head(datasette: Datasette, path: str) -> dict[str, str]:
    """Return the title of a page and the content of each named meta element of its head."""
    page = (await got(datasette, path)).text.partition("<body>")[0]
    named = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    found = {name: unescape(content) for name, content in named}
    assert len(named) == len(found)
    return {"title": unescape(page.partition("<title>")[2].partition("</title>")[0]), **found}


@EACH_LANGUAGE
async def test_title_and_previews_of_a_refuted_claim_show_the_verdict(
    serve: Serve, tmp_path: Path, language: str
) -> None:
    texts = await head(serve(build_refuted_ledger(tmp_path)), f"/claims/{BASIN['claim_id']}?lang={language}")
    word, check = {"ko": ("사실과 다름", "사실 확인"), "en": ("Incorrect", "Fact check")}[language]
    reason = {"ko": "연감과 같다.", "en": "The yearbook says so."}[language]
    answer = f"{check}: {word}. {reason}"
    assert texts["title"] == f"{word}: {BASIN['statement'][language]} · {SITE[language]}"
    assert texts["og:title"] == texts["title"]
    article = f"{ARTICLE['headline'][language]}, {ARTICLE['publisher'][language]}, 2031-04-02"
    assert texts["description"] == texts["og:description"] == f"{answer} {article}"
    assert texts["og:site_name"] == SITE[language]
    assert texts["og:url"].endswith(f"/claims/{BASIN['claim_id']}?lang={language}")


@EACH_LANGUAGE
async def test_title_shows_a_withdrawal_and_a_past_date(serve: Serve, tmp_path: Path, language: str) -> None:
    datasette = serve(build_made_up_ledger(tmp_path))
    gone = await head(datasette, f"/claims/{SHARE['claim_id']}?lang={language}")
    assert gone["title"].startswith({"ko": "철회됨: ", "en": "Withdrawn: "}[language])
    gone_too = {"ko": "철회됨. 발언 확인", "en": "Withdrawn. Quote check:"}[language]
    assert gone["description"].startswith(gone_too)
    assert gone["og:description"] == gone["description"]
    then = await head(datasette, f"/claims/{JOBS['claim_id']}?lang={language}&on=2031-04-10")
    assert then["title"].startswith({"ko": "검증 전 (2031-04-10): ", "en": "Not checked yet (2031-04-10): "}[language])
    question = {"ko": "발언 확인: 검증 전.", "en": "Quote check: Not checked yet."}[language]
    assert then["description"].startswith(f"2031-04-10: {question}")


@EACH_LANGUAGE
async def test_every_title_ends_with_the_site_name(serve: Serve, tmp_path: Path, language: str) -> None:
    datasette = serve(build_made_up_ledger(tmp_path))
    paths = ("/", "/articles", HERALD_PAGE, "/speakers", "/speakers/Seo%20Mirae", "/sources",
             "/corrections", "/charts", "/search?q=port", "/report")  # fmt: skip
    for path in paths:
        texts = await head(datasette, f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert texts["title"].endswith(SITE[language])


@pytest.mark.parametrize(
    ("path", "permanent"),
    [
        ("/speakers?status=foo&q=hello&page=2", "/speakers?page=2"),
        ("/claims?status=refuted&topic=jobs&page=2&q=hello&x=1", "/claims?status=refuted&topic=jobs&page=2&q=hello"),
        ("/search?q=port&page=2&status=refuted", "/search?q=port&page=2"),
        ("/corrections?before=9&page=2", "/corrections?before=9"),
        (f"{HERALD_PAGE}?topic=jobs&status=refuted", f"{HERALD_PAGE}?status=refuted"),
        ("/?page=2&lang=en", "/?lang=en"),
        ("/charts?q=hello", "/charts"),
    ],
)  # fmt: skip
async def test_canonical_address_keeps_only_known_parameters(
    serve: Serve, tmp_path: Path, path: str, permanent: str
) -> None:
    page = (await got(serve(build_made_up_ledger(tmp_path)), path)).text
    (href,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    assert unescape(href) == f"http://localhost{permanent}"
