"""The public pages on Datasette 0.65 and 1.0: content, language and refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import page_reading
import pytest
from datasette.app import Datasette
from made_ledger import (
    ARTICLE, BASIN, GRAINS, HERALD, JOBS, KUSTAVISEN_PAGE, PLAN, PRICE, RIVAL, SHARE, SPEED, LogMaker, made_entries,
    write_texts,
)  # fmt: skip
from page_reading import Markup, got, markup, seen
from tiers import quick_only

from claimledger.publishing import ledger_db
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.site import LANGUAGES

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio(loop_scope="module")]

PRICE_PAGE, SPEED_PAGE, SHARE_PAGE = (f"/claims/{claim['claim_id']}" for claim in (PRICE, SPEED, SHARE))
ARTICLE_PAGE = f"/articles/{ARTICLE['article_id']}"
PAGES = (
    "/", "/claims", "/claims?status=supported&topic=cranes", "/articles", "/speakers", "/sources", "/search", "/charts",
    "/search?q=crane", "/corrections", "/method", PRICE_PAGE, SPEED_PAGE, SHARE_PAGE, ARTICLE_PAGE,
    "/speakers/Seo%20Mirae",
    f"/articles/{HERALD['article_id']}", KUSTAVISEN_PAGE, f"{PRICE_PAGE}?on=2031-04-10",
    f"/claims/{GRAINS['claim_id']}", f"/claims/{BASIN['claim_id']}", "/report", f"/report?claim={PRICE['claim_id']}",
)  # fmt: skip
ONE_OF_EACH_KIND = (
    "/", "/claims", "/articles", "/speakers", "/search?q=crane", "/charts", "/corrections", SPEED_PAGE, ARTICLE_PAGE,
)  # fmt: skip
"""One page of each kind, for the quick tests."""
MACHINE_FILES = ("/robots.txt", "/sitemap.xml", "/sitemap-claims-1.xml")
Serve = Callable[..., Datasette]
FIRST = Path(__file__).parent.parent / "ledger.db"
_working_links: set[str] = set()
"""Links of the made-up ledger that were already checked."""
KOREAN, ENGLISH = {"accept-language": "ko-KR,ko;q=0.9,en;q=0.5"}, {"accept-language": "en-GB,en;q=0.9"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture
def serve(serve_shared: Serve, ledger: Path) -> Serve:
    """Serve the made-up ledger or another one; no test changes the served data."""
    return lambda path=ledger, **options: serve_shared(path, **options)


@pytest.mark.parametrize("path", ONE_OF_EACH_KIND)
@pytest.mark.parametrize("headers", [KOREAN, ENGLISH], ids=LANGUAGES)
async def test_each_kind_of_page_is_complete(serve: Serve, path: str, headers: dict[str, str]) -> None:
    await read_complete_page(serve(), path, headers)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("headers", [KOREAN, ENGLISH], ids=LANGUAGES)
async def test_each_page_is_complete_and_its_links_work(serve: Serve, path: str, headers: dict[str, str]) -> None:
    datasette = serve()
    page = await read_complete_page(datasette, path, headers)
    own = {link.removeprefix("http://localhost") for link in page.links() if not link.startswith("https://example.org")}
    for link in sorted(link for link in own - _working_links if not link.startswith("#")):
        assert link.startswith("/"), link
        assert (await got(datasette, link, follow_redirects=True)).status_code == 200, link
        _working_links.add(link)


async def read_complete_page(datasette: Datasette, path: str, headers: dict[str, str]) -> Markup:
    """Return a page after checking that it has one head, one main part, unique ids and no broken inner link."""
    page = await seen(datasette, path, headers=headers)
    names = [name for name, _ in page.elements]
    titles = [
        name for name, has in page.elements if name == "title" and "id" not in has
    ]  # the titles of charts have an id
    assert names.count("h1") == names.count("main") == len(titles) == 1
    ids = [has["id"] for _, has in page.elements if "id" in has]
    assert len(ids) == len(set(ids))
    own = {link.removeprefix("http://localhost") for link in page.links() if not link.startswith("https://example.org")}
    assert {link[1:] for link in own if link.startswith("#")} <= set(ids)
    return page


@pytest.mark.parametrize("path", quick_only(PAGES, *ONE_OF_EACH_KIND))
async def test_pages_run_no_script_and_load_nothing_from_other_hosts(serve: Serve, path: str) -> None:
    answer = await got(serve(), path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    page = markup(answer.text)
    assert {has.get("type") for name, has in page.elements if name == "script"} <= {"application/ld+json"}  # data
    assert not any("style" in has or any(name.startswith("on") for name in has) for _, has in page.elements)
    loaded = [has.get("href") for name, has in page.elements if name == "link" and has.get("rel") == "stylesheet"]
    assert loaded == ["/-/static-plugins/claimledger/pages.css"]


@pytest.mark.slow
async def test_language_comes_from_address_then_cookie_then_browser(serve: Serve) -> None:
    datasette = serve()
    for path, cookie, headers, expected in (
        ("/", "", KOREAN, "ko"), ("/", "", ENGLISH, "en"), ("/", "ko", ENGLISH, "ko"),
        ("/?lang=en", "ko", KOREAN, "en"), ("/?lang=fr", "", KOREAN, "ko"), ("/", "fr", ENGLISH, "en"),
        ("/", "", {"accept-language": "fr"}, "en"),
    ):  # fmt: skip
        answer = await got(datasette, path, headers=headers, cookies={"claimledger_language": cookie} if cookie else {})
        assert markup(answer.text).one("html")["lang"] == expected == answer.headers["content-language"], path
        assert answer.headers["vary"].startswith("Accept-Language, Cookie")  # Datasette 0.65 adds a value of its own
        assert ("claimledger_language=en" in answer.headers.get("set-cookie", "")) == (path == "/?lang=en")


async def test_language_switch_keeps_the_page_and_its_query(serve: Serve) -> None:
    page = await seen(serve(), "/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8&lang=ko")
    assert page.one("a", hreflang="en")["href"] == "/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8&lang=en"
    assert page.one("link", hreflang="en")["href"] == "http://localhost/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8&lang=en"
    assert page.one("link", hreflang="x-default")["href"] == "http://localhost/search?q=%ED%81%AC%EB%A0%88%EC%9D%B8"


async def test_canonical_address_is_the_permanent_link(serve: Serve) -> None:
    page = await seen(serve(), f"{PRICE_PAGE}?on=2031-04-11&utm_source=x")
    assert page.one("link", rel="canonical")["href"] == f"http://localhost{PRICE_PAGE}"
    assert page.one("meta", name="robots")["content"] == "noindex"


async def test_text_in_another_language_has_a_lang_attribute(serve: Serve) -> None:
    page = await seen(serve(), f"{SHARE_PAGE}?lang=en")
    assert page.one("html")["lang"] == "en"
    assert "ko" in {has.get("lang") for name, has in page.elements if name == "bdi"}
    assert SHARE["statement"]["ko"] in page.words


async def test_front_page_counts_withdrawn_claims_separately(serve: Serve) -> None:
    page = await seen(serve(), "/?lang=en")
    assert re.search(r"Not checked yet 6 CSV ✓ Confirmed 1 CSV ✕ Incorrect 0 CSV .* All 7 CSV ", page.words)
    assert "Withdrawn claims, not counted above: 1" in page.words
    assert "Clarification: The sum was $13.55 million." in page.words
    assert "Quote check ∅ Searched, nothing found" in page.words
    assert page.words.index("Seo Mirae (3)") < page.words.index("a crane driver (1)")


@pytest.mark.slow
async def test_front_page_shows_a_new_ledger_at_once(serve: Serve, tmp_path: Path) -> None:
    path, log = tmp_path / "ledger.db", LogMaker()
    for record in (ARTICLE, SPEED):
        log.add(record)
    ledger_db.build_ledger_db(log.entries, path)
    datasette = serve(path)
    assert "All 1 " in (await seen(datasette, "/?lang=en")).words
    assert "All 1 " in (await seen(datasette, "/?lang=en")).words
    log.add(JOBS)
    ledger_db.build_ledger_db(log.entries, path)
    assert "All 2 " in (await seen(datasette, "/?lang=en")).words


async def test_claim_page_shows_corrections_first(serve: Serve) -> None:
    page = await seen(serve(), f"{PRICE_PAGE}?lang=en")
    corrections, chain = page.words.index("Corrections 2031-04-11"), page.words.index("Where this claim comes from")
    shown = page.words[corrections:chain]
    assert corrections < chain
    assert "Before 13,500,000 After 13,550,000" in shown
    assert "The sum was $13.55 million." in shown
    assert "Proposed by haru, approved by sora (editor) · Reason (in Korean)확인했다." in shown
    assert not {"del", "ins"} & {name for name, _ in page.elements}  # whole values, never word by word


async def test_claim_is_shown_on_a_past_date(serve: Serve) -> None:
    datasette = serve()
    then = await seen(datasette, f"{PRICE_PAGE}?on=2031-04-10&lang=en")
    assert "up to the end of 2031-04-10 (UTC)" in then.words
    assert "13.5 million US dollars" in then.words
    assert "13,550,000" not in then.words
    assert "Corrections 2031" not in then.words
    now = await seen(datasette, f"{PRICE_PAGE}?lang=en")
    assert "13.55 million US dollars" in now.words
    before_evidence = await seen(datasette, f"{SPEED_PAGE}?on=2031-04-10&lang=en")
    assert "No evidence has been published yet." in before_evidence.words
    assert "Is it true? ○ Not checked yet" in before_evidence.words
    before_copy = await seen(datasette, f"{SPEED_PAGE}?on=2031-04-11&lang=en")
    assert "https://example.org/column" in before_copy.words
    assert "https://example.org/archive/column" not in before_copy.words


async def test_withdrawn_claim_is_marked_and_hides_redacted_values(serve: Serve) -> None:
    datasette = serve()
    page = await seen(datasette, f"{SHARE_PAGE}?lang=en")
    assert page.words.index("This claim was withdrawn.") < page.words.index(SHARE["statement"]["ko"], 200)
    assert "Reason: Removed, because" in page.words  # a reason may contain the value
    assert "발표가 거두어졌다" not in page.words
    assert "Part of this claim was redacted." in page.words
    assert "Redacted value" in page.words
    assert "https://example.org/nara" not in page.words
    article = await seen(datasette, f"{ARTICLE_PAGE}?lang=en")
    assert "Withdrawn" in article.words[article.words.index(SHARE["statement"]["ko"]) :][:80]


async def test_article_page_sorts_claims_by_the_newest_edition(serve: Serve) -> None:
    page = await seen(serve(), f"{ARTICLE_PAGE}?lang=en")
    places = [
        page.words.index(claim["statement"].get("en", claim["statement"]["ko"])) for claim in (SPEED, JOBS, PRICE)
    ]
    assert (
        page.words.index("From character 151") < places[0] < page.words.index("Not in the newest edition") < places[1]
    )
    assert "The text is not shown, because" in page.words
    quoted = await seen(serve(), f"/articles/{HERALD['article_id']}?lang=en")
    assert "From character 8 12 % slower." in quoted.words
    assert "Kustavisen" in quoted.words
    for claim in (GRAINS, PLAN, RIVAL):
        assert f"/claims/{claim['claim_id']}" in quoted.links()


async def test_speaker_counts_are_numbers_without_a_ranking(serve: Serve) -> None:
    page = await seen(serve(), "/speakers/Seo%20Mirae?lang=en")
    assert re.search(r"○ Not checked yet 2 ✓ Confirmed 1 All 3", page.words)
    assert "Claims on this site: 3. We show counts, not percentages" in page.words
    listed = (await seen(serve(), "/speakers?lang=en")).words
    names = [listed.index(name) for name in ("Seo Mirae", "a crane driver", "나라테크")]
    assert names == sorted(names)
    assert "Sorted by name. This is not a ranking." in listed


@pytest.mark.slow
async def test_article_with_ten_claims_or_more_has_a_chart(serve: Serve) -> None:
    first = await seen(serve(FIRST), "/articles/economyinsight-158-gpt?lang=en")
    assert first.one("title", id="standing-title") == {"id": "standing-title"}
    assert re.search(r"Incorrect: 2 .* ✕ Incorrect 2 .* All 110", first.words)
    source = quote("Caixin Weekly reporting (the publication's own reporting)")
    for ledger, path in ((serve(), ARTICLE_PAGE), (serve(FIRST), f"/sources/{source}")):
        assert "svg" not in {name for name, _ in (await seen(ledger, path)).elements}, path


async def test_claim_page_links_to_review_rows_and_log_entry(serve: Serve) -> None:
    datasette = serve()
    links = (await seen(datasette, f"{SPEED_PAGE}?lang=en")).links()
    assert f"{SPEED_PAGE}.jsonld?lang=en" in links
    for table in ("claims", "quantities", "evidence", "history"):
        rows = read_csv((await got(datasette, f"/ledger/{table}/-/csv?claim_id={SPEED['claim_id']}")).content)
        assert f"/ledger/{table}/-/csv?claim_id={SPEED['claim_id']}" in links
        assert {row[rows.header.index("claim_id")] for row in rows.rows} == {SPEED["claim_id"]}
    newest = "/ledger/revision/16"
    assert newest in links
    (body,) = (await got(datasette, f"{newest}.json?_shape=array")).json()
    assert json.loads(body["body"])["record"]["verdicts"]


@pytest.mark.parametrize(
    ("query", "found"), [("크레인", 4), ("crane", 1), ("cranes", 3), ("dredged", 0), ("1350만달러", 1)]
)
async def test_search_finds_korean_and_english(serve: Serve, query: str, found: int) -> None:
    page = await seen(serve(), f"/search?q={quote(query)}&lang=en")
    assert len([has for name, has in page.elements if name == "li" and has.get("class") == "line"]) == found
    assert (f"“{query}”: {found} found" if found else f"No claims match “{query}”.") in page.words
    assert page.one("input", id="q")["value"] == query


@pytest.mark.parametrize(
    ("query", "near"),
    [("crane dollar", PRICE), ("cranes 1350만달러 dredged", PRICE), ("크레인 1350만달러 준설", PRICE)],
)
async def test_empty_search_offers_similar_claims(serve: Serve, query: str, near: dict[str, str]) -> None:
    page = await seen(serve(), f"/search?q={quote(query)}&lang=en")
    none = page.words.index(f"No claims match “{query}”.")
    offered = page.words.index("Claims that match most of your words")
    assert none < offered
    assert f"/claims/{near['claim_id']}" in page.links()
    assert "match most" not in (await seen(serve(), "/search?q=dredged&lang=en")).words


async def test_search_offers_no_figure_that_only_begins_alike(serve: Serve) -> None:
    assert "match most" not in (await seen(serve(), "/search?q=135&lang=en")).words


@pytest.mark.parametrize("path", quick_only([*PAGES[:12], *PAGES[13:16], *MACHINE_FILES], "/claims", PRICE_PAGE))
@pytest.mark.parametrize("hidden", ["database", "claims", "revision"])
async def test_reader_without_permission_sees_no_page(serve: Serve, path: str, hidden: str) -> None:
    nobody = {"allow": {"id": "kim"}}
    options = {"allow": {"id": "kim"}} if hidden == "database" else {"tables": {hidden: nobody}}
    answer = await got(serve(**options), path)
    assert answer.status_code == 403
    assert "크레인" not in answer.text
    assert "cranes-" not in answer.text.replace(path, "")


async def test_permitted_reader_sees_pages_that_are_not_cached(serve: Serve) -> None:
    datasette = serve(allow={"id": "kim"})
    cookies = {"ds_actor": datasette.sign({"a": {"id": "kim"}}, "actor")}
    answer = await got(datasette, PRICE_PAGE, cookies=cookies)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")


async def test_cache_time_is_the_datasette_setting(serve: Serve) -> None:
    assert (await got(serve(default_cache_ttl=60), "/")).headers["cache-control"] == "max-age=60"
    assert (await got(serve(default_cache_ttl=0), "/")).headers["cache-control"] == "no-cache"


async def test_pages_work_under_a_base_url(serve: Serve) -> None:
    datasette = serve(base_url="/press/")
    page = await seen(datasette, f"{PRICE_PAGE}?lang=en")
    own = [link for link in page.links() if not link.startswith("#") and "example.org" not in link]
    assert all(link.removeprefix("http://localhost").startswith("/press/") for link in own)
    assert page.one("link", rel="canonical")["href"] == f"http://localhost/press{PRICE_PAGE}?lang=en"


async def test_datasette_without_a_ledger_keeps_its_front_page(tmp_path: Path) -> None:
    datasette = Datasette([], memory=True, settings=page_reading.SETTINGS)
    assert "_memory" in (await got(datasette, "/")).text
    assert (await got(datasette, "/articles/anything")).status_code == 404
