"""Downloads and feeds of the public ledger over HTTP, and its corrections and charts pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from datasette import hookspecs
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, PRICE, SHARE, SO, SPEED, LogMaker, made_entries, write_texts
from page_reading import markup, metadata, words_of_change
from versioned_ledger import made as made_version

from claimledger.datasette_plugin.ledger_database import close_ledgers
from claimledger.datasette_plugin.public_pages import formats, measured_pages
from claimledger.foreign_reviews import read_claim_reviews
from claimledger.publishing import charts, drawing, feeds, ledger_db, ledger_reader
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.claim_review import claim_reviews, review_feed
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.site import PageLanguage, Site
from claimledger.publishing.wording import field_name, meaning_text

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio(loop_scope="module")]

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
SITE = {"address": "https://ledger.example.org/", "organization": {"en": "Harbour Desk", "ko": "항만 데스크"}}
REVIEW = f"/claims/{SPEED['claim_id']}.jsonld"
FILES = (
    REVIEW, "/feeds/claimreview.json", "/feeds/corrections.atom", "/feeds/verdicts.atom",
    *(f"/charts/{name}.{form}" for name in charts.CHARTS for form in ("svg", "csv", "json")),
)  # fmt: skip
PAGES = ("/corrections", "/charts")
TOO_LARGE_NUMBERS = ("00000000000199999999999999999999", "9" * 5000, "１")
"""Numbers that are not page numbers: large after zeros, longer than Python reads, in full-width digits."""


@contextmanager
def serve_ledger(path: Path, **options: object) -> Iterator[Datasette]:
    """Serve a ledger with Datasette; close its watchers at the end, as a server does."""
    configuration: dict[str, Any] = {**metadata(), "plugins": {"claimledger": SITE}, **options}
    configured = {"config": configuration} if IS_1_0 else {}
    datasette = Datasette([str(path)], metadata=configuration, **configured)
    yield datasette
    close_ledgers(datasette)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("public") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture(scope="module")
def datasette(ledger: Path) -> Iterator[Datasette]:
    with serve_ledger(ledger) as opened:
        yield opened


@pytest.fixture(scope="module")
def datasette_with_access_rules(ledger: Path) -> Iterator[Datasette]:
    """Serve a ledger that only kim may see."""
    with serve_ledger(ledger, databases={"ledger": {"allow": {"id": "kim"}}}) as opened:
        yield opened


@pytest.fixture(scope="module")
def datasette_one_revision_earlier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """Serve the same ledger without its last revision."""
    path = tmp_path_factory.mktemp("shorter") / "ledger.db"
    ledger_db.build_ledger_db(made_entries()[:-1], path)
    with serve_ledger(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def datasette_without_a_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """Serve a database that is not a ledger."""
    with serve_ledger(made_version(tmp_path_factory.mktemp("other") / "other.db", 1, form=0)) as opened:
        yield opened


async def got(datasette: Datasette, path: str, status: int = 200, etag: str = "") -> Any:  # noqa: ANN401
    response = await datasette.client.get(path, headers={"if-none-match": etag} if etag else {})
    assert response.status_code == status, response.text
    return response


@pytest.mark.slow
async def test_claim_review_has_configured_address_and_publisher(datasette: Datasette) -> None:
    response = await got(datasette, f"{REVIEW}?lang=ko")
    review = response.json()
    assert response.headers["content-type"] == "application/ld+json"
    assert review["url"] == f"https://ledger.example.org/claims/{SPEED['claim_id']}"
    assert (review["author"]["name"], review["reviewRating"]["alternateName"]) == ("항만 데스크", "사실로 확인")


@pytest.mark.slow
async def test_pages_files_and_sitemaps_use_the_same_address(datasette: Datasette) -> None:
    address = f"https://ledger.example.org/claims/{SPEED['claim_id']}"
    page = markup((await got(datasette, f"/claims/{SPEED['claim_id']}")).text)
    assert page.one("link", rel="canonical")["href"] == address == (await got(datasette, REVIEW)).json()["url"]
    assert page.one("link", hreflang="ko")["href"] == f"{address}?lang=ko"
    assert f"<loc>{address}</loc>" in (await got(datasette, "/sitemap-claims-1.xml")).text
    assert "Sitemap: https://ledger.example.org/sitemap.xml" in (await got(datasette, "/robots.txt")).text


@pytest.mark.parametrize("claim_id", [JOBS["claim_id"], PRICE["claim_id"], SHARE["claim_id"], "no-such-claim-aaaa"])
async def test_claim_without_a_public_fact_check_has_no_review(datasette: Datasette, claim_id: str) -> None:
    assert "No ClaimReview: there is no such claim" in (await got(datasette, f"/claims/{claim_id}.jsonld", 404)).text


async def test_claim_review_feed_has_the_reviews_of_the_ledger_in_pages(
    datasette: Datasette, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site("https://ledger.example.org", SITE["organization"])  # type: ignore[arg-type]
    with ledger_reader.open_ledger(ledger) as connection:
        whole = b"".join(review_feed(claim_reviews(connection, site, "en")))
    response = await got(datasette, "/feeds/claimreview.json?lang=en")
    assert (response.content, "link" in response.headers) == (whole, False)
    log = LogMaker()
    log.add(ARTICLE)
    for claim in (SPEED, JOBS):
        log.add(claim)
        log.add({**claim, "verdicts": [SO]}, "verdict")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    monkeypatch.setattr(formats, "REVIEWS_PER_PAGE", 1)
    with serve_ledger(tmp_path / "ledger.db") as paged:
        first = await got(paged, "/feeds/claimreview.json?lang=en&after=")
        place = first.headers["link"].removesuffix('>; rel="next"').removeprefix("<https://ledger.example.org")
        rest = await got(paged, place)
    addresses = [str(one.url) for page in (first, rest) for one in read_claim_reviews(page.content).reviews]
    assert addresses == sorted(f"https://ledger.example.org/claims/{claim['claim_id']}" for claim in (SPEED, JOBS))
    assert "link" not in rest.headers  # a full last page has no link to another


async def test_claim_review_feed_reads_back_as_the_same_bytes(datasette: Datasette) -> None:
    for language in ("en", "ko"):
        content = (await got(datasette, f"/feeds/claimreview.json?lang={language}")).content
        read = read_claim_reviews(content)
        assert (read.notes, b"".join(review_feed(read.reviews))) == ((), content)


@pytest.mark.parametrize("name", ["corrections", "verdicts"])
async def test_atom_feed_matches_the_ledger(datasette: Datasette, ledger: Path, name: feeds.FeedName) -> None:
    response = await got(datasette, f"/feeds/{name}.atom?lang=ko")
    site = Site("https://ledger.example.org", SITE["organization"])  # type: ignore[arg-type]
    with ledger_reader.open_ledger(ledger) as connection:
        assert response.content == feeds.atom_page(connection, name, site, "ko")
    assert response.headers["content-type"].startswith("application/atom+xml")


@pytest.mark.slow
@pytest.mark.parametrize("name", charts.CHARTS)
async def test_chart_csv_and_json_contain_the_same_table(
    datasette: Datasette, ledger: Path, name: charts.ChartName
) -> None:
    with ledger_reader.open_ledger(ledger) as connection:
        chart = charts.count_chart(connection, name, "ko")
    names = [heading.name for heading in chart.headings]
    drawn = await got(datasette, f"/charts/{name}.svg?lang=ko")
    assert (drawn.text, drawn.headers["content-type"]) == (drawing.draw_svg(chart, "ko"), "image/svg+xml")
    rows = (await got(datasette, f"/charts/{name}.json?lang=ko")).json()
    assert rows == [dict(zip(names, row, strict=True)) for row in chart.rows]
    written = read_csv((await got(datasette, f"/charts/{name}.csv?lang=ko")).content)
    assert [written.header, *written.rows] == [tuple(names), *(tuple(map(str, row)) for row in chart.rows)]


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES)
async def test_matching_etag_gives_304_until_the_log_grows(
    datasette: Datasette, datasette_one_revision_earlier: Datasette, path: str
) -> None:
    first = await got(datasette, path)
    etag = first.headers["etag"]
    for sent in (etag, f'W/{etag}, "other"', "*"):
        again = await got(datasette, path, 304, sent)
        assert (again.content, again.headers["etag"]) == (b"", etag)
    assert (await got(datasette, path, etag='"other"')).content == first.content
    assert (await got(datasette, f"{path}?lang=ko")).headers["etag"] != etag
    assert (await got(datasette_one_revision_earlier, path)).headers["etag"] != etag


@pytest.mark.slow
@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_reader_without_permission_gets_403(datasette_with_access_rules: Datasette, path: str) -> None:
    await got(datasette_with_access_rules, path, 403)


@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_routes_are_missing_without_a_ledger(datasette_without_a_ledger: Datasette, path: str) -> None:
    await got(datasette_without_a_ledger, path, 404)


@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_put_is_refused_and_head_has_no_body(datasette: Datasette, path: str) -> None:
    assert (await datasette.client.request("PUT", path)).status_code in (403, 405)  # 403: Datasette asks for its token
    head = await datasette.client.request("HEAD", path)
    assert (head.status_code, head.content if path in FILES else b"") == (200, b"")


async def test_review_has_no_author_without_configuration(ledger: Path) -> None:
    with serve_ledger(ledger, plugins={}) as plain:
        review = (await got(plain, REVIEW)).json()
    assert ("author" in review, review["url"]) == (False, f"http://localhost/claims/{SPEED['claim_id']}")


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_corrections_page_shows_all_corrections_and_counts(datasette: Datasette, language: PageLanguage) -> None:
    page = markup((await got(datasette, f"/corrections?lang={language}")).text)
    rows = (await got(datasette, "/ledger/corrections.json?_shape=array")).json()
    assert rows
    for row in rows:
        change = FieldChange(row["field"], row["before"], row["after"])
        assert f"{field_name(row['field'], language)} {words_of_change(change, language)}" in page.words
        assert all(row[name] in page.words for name in (f"public_note_{language}", "reason", "approver"))
    words: Mapping[str, str] = {"en": "Corrections per 100 claims", "ko": "주장 100건당 정정"}
    assert f"{words[language]} 12.5" in page.words
    assert f"/feeds/corrections.atom?lang={language}" in page.links()


@pytest.mark.slow
async def test_older_corrections_are_on_the_next_page(
    datasette: Datasette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured_pages, "PAGE_SIZE", 1)
    log, note = LogMaker(), {"kind": "clarification", "public_note": {"en": "Worded anew."}}
    log.add(ARTICLE)
    log.add(SPEED)
    numbers = [
        log.add({**SPEED, "statement": {"en": f"Cranes, {time}."}}, "correction", correction=note).number
        for time in range(3)
    ][::-1]
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(log.entries, path)
    with serve_ledger(path) as corrected:
        pages = ["/corrections?lang=en", *(f"/corrections?lang=en&before={number}" for number in numbers[:2])]
        for address, number, following in zip(pages, numbers, [*pages[1:], None], strict=True):
            page = markup((await got(corrected, address)).text)
            assert [has["id"] for name, has in page.elements if name == "article"] == [str(number)]
            assert [has["href"] for _, has in page.elements if has.get("rel") == "next"] == [following][
                : bool(following)
            ]


@pytest.mark.slow
async def test_redacted_text_is_absent_from_corrections_and_feeds(tmp_path: Path) -> None:
    log, note = LogMaker(), {"kind": "clarification", "public_note": {"en": "The note names the wording."}}
    log.add(ARTICLE)
    log.add({**SPEED, "statement": {"en": "The first wording."}})
    log.add({**SPEED, "statement": {"en": "A second wording."}, "verdicts": [SO]}, "verdict")
    log.add({**SPEED, "statement": {"en": "A third wording."}, "verdicts": [SO]}, "correction", correction=note,
            reason="The reason names the wording.")  # fmt: skip
    log.add(SPEED, "redaction")
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(log.entries, path)
    with serve_ledger(path) as redacted:
        claim = f"/claims/{SPEED['claim_id']}"
        texts = {
            place: (await got(redacted, f"{place}?lang=en")).text
            for place in ("/", claim, "/corrections", "/feeds/corrections.atom", "/feeds/verdicts.atom")
        }
    assert [place for place, text in texts.items() if " wording" in text] == []
    assert [place for place, text in texts.items() if "Redacted value" not in text] == ["/"]


@pytest.mark.slow
async def test_malformed_log_number_is_refused(datasette: Datasette) -> None:
    first = (await got(datasette, "/corrections?before=1&lang=en")).text
    assert "Nothing has been corrected or withdrawn yet." in first
    for number in ("now", "0", "-1", "9" * 12, *TOO_LARGE_NUMBERS):
        assert "is not a log number" in (await got(datasette, f"/corrections?before={number}&lang=en", 400)).text
        assert "로그 번호가 아닙니다" in (await got(datasette, f"/corrections?before={number}&lang=ko", 400)).text


@pytest.mark.slow
async def test_malformed_page_number_is_refused_with_an_example(datasette: Datasette) -> None:
    for place in ("articles", "speakers", "sources", f"articles/{ARTICLE['article_id']}"):
        for number in TOO_LARGE_NUMBERS:
            assert "for example page=2" in (await got(datasette, f"/{place}?page={number}&lang=en", 400)).text
            assert "page=2처럼" in (await got(datasette, f"/{place}?page={number}&lang=ko", 400)).text


async def test_last_possible_day_is_accepted(datasette: Datasette) -> None:
    claim_id = SPEED["claim_id"]
    assert "9999-12-31" in (await got(datasette, f"/claims/{claim_id}?on=9999-12-31&lang=en")).text
    assert "No claim is named" in (await got(datasette, "/claims/nothing?on=9999-12-31&lang=en", 404)).text
    assert "for example on=" in (await got(datasette, f"/claims/{claim_id}?on=9999-12-32&lang=en", 400)).text


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_charts_page_shows_each_chart_with_its_table(datasette: Datasette, ledger: Path, language: Any) -> None:  # noqa: ANN401
    page = (await got(datasette, f"/charts?lang={language}")).text
    with ledger_reader.open_ledger(ledger) as connection:
        for name in charts.CHARTS:
            picture = charts.count_chart(connection, name, language)
            assert (meaning_text(picture.title, language) in page) is picture.is_shown
            if not picture.is_shown:
                continue
            assert f'href="/charts/{name}.csv?lang={language}"' in page
            assert f'id="{name}-desc"' in page
            names = re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]*)<', page)
            assert {str(row[0]) for row in picture.rows} <= {unescape(found) for found in names}


async def test_chart_svg_is_well_formed_and_has_no_script(datasette: Datasette) -> None:
    for name in charts.CHARTS:
        root = ET.fromstring((await got(datasette, f"/charts/{name}.svg")).text)  # noqa: S314  our own
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "title", "desc", "g", "rect", "path", "text", "defs", "pattern"
        }  # fmt: skip
    assert json.loads((await got(datasette, "/charts/status-over-time.json")).text)


@pytest.mark.slow
async def test_addresses_use_the_configured_host_only(datasette: Datasette) -> None:
    place = f"/claims/{SPEED['claim_id']}"
    paths = (place, REVIEW, "/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/feeds/verdicts.atom")
    refused = [(await datasette.client.get(path, headers={"host": "evil.example"})).status_code for path in paths]
    assert refused == [421] * len(paths)
    texts = {path: (await datasette.client.get(path, headers={"host": "localhost"})).text for path in paths}
    assert [path for path, text in texts.items() if "//localhost" in text] == []
    assert [path for path, text in texts.items() if "https://ledger.example.org/" not in text] == []
    canonical = markup(texts[place]).one("link", rel="canonical")["href"]
    assert canonical == json.loads(texts[REVIEW])["url"] == f"https://ledger.example.org{place}"


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_claim_page_contains_and_links_its_review(datasette: Datasette, language: str) -> None:
    page = (await got(datasette, f"/claims/{SPEED['claim_id']}?lang={language}")).text
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(text) == (await got(datasette, f"{REVIEW}?lang={language}")).json()
    assert f'type="application/ld+json" href="{REVIEW}?lang={language}"' in page
    assert "ld+json" not in (await got(datasette, f"/claims/{JOBS['claim_id']}")).text
