"""What is taken away from the public ledger over HTTP, and two pages of it, on both lines of Datasette."""

from __future__ import annotations

import difflib
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from datasette import hookspecs
from datasette.app import Datasette
from made_ledger import ARTICLE, JOBS, PRICE, SHARE, SO, SPEED, LogMaker, made_entries, write_texts
from page_reading import markup, metadata
from versioned_ledger import made as made_version

from claimledger.datasette_plugin.following import _followers_of
from claimledger.datasette_plugin.public_pages import formats, measured_pages, readable
from claimledger.datasette_plugin.public_pages.readable import change_markup
from claimledger.foreign_reviews import read_claim_reviews
from claimledger.publishing import charts, drawing, feeds, ledger_db, ledger_reader
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.claim_review import claim_reviews, review_feed
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.site import Language, Site
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
BEYOND = ("00000000000199999999999999999999", "9" * 5000, "１")
"""Numbers no page has: large behind zeros, longer than Python reads, in other digits."""


@contextmanager
def served(path: Path, **said: object) -> Iterator[Datasette]:
    """A Datasette of a ledger; at the end what it follows is closed, as at the end of a server."""
    configuration: dict[str, Any] = {**metadata(), "plugins": {"claimledger": SITE}, **said}
    configured = {"config": configuration} if IS_1_0 else {}
    datasette = Datasette([], immutables=[str(path)], metadata=configuration, **configured)
    yield datasette
    _followers_of(datasette).close()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("public") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture(scope="module")
def datasette(ledger: Path) -> Iterator[Datasette]:
    with served(ledger) as opened:
        yield opened


@pytest.fixture(scope="module")
def hidden(ledger: Path) -> Iterator[Datasette]:
    """One whose ledger only kim may see."""
    with served(ledger, databases={"ledger": {"allow": {"id": "kim"}}}) as opened:
        yield opened


@pytest.fixture(scope="module")
def shorter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """One of the same ledger, a revision earlier."""
    path = tmp_path_factory.mktemp("shorter") / "ledger.db"
    ledger_db.build_ledger_db(made_entries()[:-1], path)
    with served(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """One that serves no ledger."""
    with served(made_version(tmp_path_factory.mktemp("other") / "other.db", 1, form=0)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _terse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Datasette from printing every local variable at every refusal."""
    monkeypatch.setattr("datasette.handle_exception.rich", None)


async def got(datasette: Datasette, path: str, status: int = 200, held: str = "") -> Any:  # noqa: ANN401
    response = await datasette.client.get(path, headers={"if-none-match": held} if held else {})
    assert response.status_code == status, response.text
    return response


@pytest.mark.slow
async def test_a_claims_review_is_json_ld_with_the_configured_address_and_keeper(datasette: Datasette) -> None:
    response = await got(datasette, f"{REVIEW}?lang=ko")
    review = response.json()
    assert response.headers["content-type"] == "application/ld+json"
    assert review["url"] == f"https://ledger.example.org/claims/{SPEED['claim_id']}"
    assert (review["author"]["name"], review["reviewRating"]["alternateName"]) == ("항만 데스크", "사실로 확인")


async def test_pages_files_and_sitemaps_name_one_and_the_same_address(datasette: Datasette) -> None:
    address = f"https://ledger.example.org/claims/{SPEED['claim_id']}"
    page = markup((await got(datasette, f"/claims/{SPEED['claim_id']}")).text)
    assert page.one("link", rel="canonical")["href"] == address == (await got(datasette, REVIEW)).json()["url"]
    assert page.one("link", hreflang="ko")["href"] == f"{address}?lang=ko"
    assert f"<loc>{address}</loc>" in (await got(datasette, "/sitemap-claims-1.xml")).text
    assert "Sitemap: https://ledger.example.org/sitemap.xml" in (await got(datasette, "/robots.txt")).text


@pytest.mark.parametrize("claim_id", [JOBS["claim_id"], PRICE["claim_id"], SHARE["claim_id"], "no-such-claim-aaaa"])
async def test_there_is_none_of_a_claim_judged_only_on_who_said_it_unjudged_withdrawn_or_unknown(
    datasette: Datasette, claim_id: str
) -> None:
    assert "No ClaimReview: there is no such claim" in (await got(datasette, f"/claims/{claim_id}.jsonld", 404)).text


async def test_the_feed_is_what_the_ledger_makes_page_by_page(
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
    with served(tmp_path / "ledger.db") as paged:
        first = await got(paged, "/feeds/claimreview.json?lang=en&after=")
        place = first.headers["link"].removesuffix('>; rel="next"').removeprefix("<https://ledger.example.org")
        rest = await got(paged, place)
    told = [str(one.url) for page in (first, rest) for one in read_claim_reviews(page.content).reviews]
    assert told == sorted(f"https://ledger.example.org/claims/{claim['claim_id']}" for claim in (SPEED, JOBS))
    assert "link" not in rest.headers  # a page that is full and the last promises no other


async def test_our_feed_taken_in_and_printed_again_is_the_same_bytes(datasette: Datasette) -> None:
    for language in ("en", "ko"):
        content = (await got(datasette, f"/feeds/claimreview.json?lang={language}")).content
        taken = read_claim_reviews(content)
        assert (taken.notes, b"".join(review_feed(taken.reviews))) == ((), content)


@pytest.mark.parametrize("name", ["corrections", "verdicts"])
async def test_atom_is_what_the_ledger_makes(datasette: Datasette, ledger: Path, name: feeds.FeedName) -> None:
    response = await got(datasette, f"/feeds/{name}.atom?lang=ko")
    site = Site("https://ledger.example.org", SITE["organization"])  # type: ignore[arg-type]
    with ledger_reader.open_ledger(ledger) as connection:
        assert response.content == feeds.atom_page(connection, name, site, "ko")
    assert response.headers["content-type"].startswith("application/atom+xml")


@pytest.mark.slow
@pytest.mark.parametrize("name", charts.CHARTS)
async def test_a_picture_its_csv_and_its_json_are_one_table(
    datasette: Datasette, ledger: Path, name: charts.ChartName
) -> None:
    with ledger_reader.open_ledger(ledger) as connection:
        picture = charts.count_chart(connection, name, "ko")
    names = [heading.name for heading in picture.headings]
    drawn = await got(datasette, f"/charts/{name}.svg?lang=ko")
    assert (drawn.text, drawn.headers["content-type"]) == (drawing.draw_svg(picture, "ko"), "image/svg+xml")
    told = (await got(datasette, f"/charts/{name}.json?lang=ko")).json()
    assert told == [dict(zip(names, row, strict=True)) for row in picture.rows]
    written = read_csv((await got(datasette, f"/charts/{name}.csv?lang=ko")).content)
    assert [written.header, *written.rows] == [tuple(names), *(tuple(map(str, row)) for row in picture.rows)]


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES)
async def test_who_has_it_is_told_so_until_the_log_grows(datasette: Datasette, shorter: Datasette, path: str) -> None:
    first = await got(datasette, path)
    etag = first.headers["etag"]
    for held in (etag, f'W/{etag}, "other"', "*"):
        again = await got(datasette, path, 304, held)
        assert (again.content, again.headers["etag"]) == (b"", etag)
    assert (await got(datasette, path, held='"other"')).content == first.content
    assert (await got(datasette, f"{path}?lang=ko")).headers["etag"] != etag
    assert (await got(shorter, path)).headers["etag"] != etag


@pytest.mark.slow
@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_who_may_not_see_the_ledger_sees_none_of_it(hidden: Datasette, path: str) -> None:
    await got(hidden, path, 403)


@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_where_no_ledger_is_served_there_is_nothing(another: Datasette, path: str) -> None:
    await got(another, path, 404)


@pytest.mark.parametrize("path", [*FILES, *PAGES])
async def test_nothing_is_written_by_these_routes_and_head_has_no_body(datasette: Datasette, path: str) -> None:
    assert (await datasette.client.request("PUT", path)).status_code in (403, 405)  # 403: Datasette asks for its token
    head = await datasette.client.request("HEAD", path)
    assert (head.status_code, head.content if path in FILES else b"") == (200, b"")


async def test_without_configuration_the_keeper_is_not_made_up(ledger: Path) -> None:
    with served(ledger, plugins={}) as plain:
        review = (await got(plain, REVIEW)).json()
    assert ("author" in review, review["url"]) == (False, f"http://localhost/claims/{SPEED['claim_id']}")


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_the_corrections_page_has_every_correction_and_the_figures(
    datasette: Datasette, language: Language
) -> None:
    page = markup((await got(datasette, f"/corrections?lang={language}")).text)
    rows = (await got(datasette, "/ledger/corrections.json?_shape=array")).json()
    assert rows
    for row in rows:
        told = change_markup(FieldChange(row["field"], row["before"], row["after"]), language)
        assert f"{field_name(row['field'], language)} {markup(told).words}" in page.words
        assert all(row[name] in page.words for name in (f"public_note_{language}", "reason", "approver"))
    words: Mapping[str, str] = {"en": "Corrections per 100 claims", "ko": "주장 100건당 정정"}
    assert f"{words[language]} 12.5" in page.words
    assert f"/feeds/corrections.atom?lang={language}" in page.links()


@pytest.mark.slow
async def test_older_corrections_stand_on_the_next_page(
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
    with served(path) as corrected:
        pages = ["/corrections?lang=en", *(f"/corrections?lang=en&before={number}" for number in numbers[:2])]
        for address, number, following in zip(pages, numbers, [*pages[1:], None], strict=True):
            page = markup((await got(corrected, address)).text)
            assert [has["id"] for name, has in page.elements if name == "article"] == [str(number)]
            assert [has["href"] for _, has in page.elements if has.get("rel") == "next"] == [following][
                : bool(following)
            ]


@pytest.mark.slow
async def test_what_was_redacted_is_not_told_again_on_the_corrections_page_or_in_a_feed(tmp_path: Path) -> None:
    log, note = LogMaker(), {"kind": "clarification", "public_note": {"en": "The note names the wording."}}
    log.add(ARTICLE)
    log.add({**SPEED, "statement": {"en": "The first wording."}})
    log.add({**SPEED, "statement": {"en": "A second wording."}, "verdicts": [SO]}, "verdict")
    log.add({**SPEED, "statement": {"en": "A third wording."}, "verdicts": [SO]}, "correction", correction=note,
            reason="The reason names the wording.")  # fmt: skip
    log.add(SPEED, "redaction")
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(log.entries, path)
    with served(path) as redacted:
        claim = f"/claims/{SPEED['claim_id']}"
        told = {
            place: (await got(redacted, f"{place}?lang=en")).text
            for place in ("/", claim, "/corrections", "/feeds/corrections.atom", "/feeds/verdicts.atom")
        }
    assert [place for place, text in told.items() if " wording" in text] == []
    assert [place for place, text in told.items() if "Redacted value" not in text] == ["/"]


@pytest.mark.slow
async def test_a_difference_of_long_texts_is_told_whole_and_nothing_of_them_is_lost() -> None:
    def told(words: int) -> str:
        text = " ".join(["the", "<same>"] * (words // 2))
        return str(change_markup(FieldChange("statement.en", f"{text} A", f"{text} B"), "en"))

    said = re.escape(" ".join(["the", "&lt;same&gt;"] * 1500))
    assert re.fullmatch(f"<del>{said} A</del><ins>{said} B</ins>", told(3000))
    assert told(90).endswith("&lt;same&gt; <del>A</del><ins>B</ins>")
    assert told(90).count("<del>") == 1


async def test_differences_are_found_beside_the_loop_and_once(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, int]] = []

    class Looking(difflib.SequenceMatcher[str]):
        def set_seqs(self, a: Sequence[str], b: Sequence[str]) -> None:
            looked.append(("".join(a), threading.get_ident()))
            super().set_seqs(a, b)

    monkeypatch.setattr("difflib.SequenceMatcher", Looking)
    for path in (f"/claims/{PRICE['claim_id']}", "/corrections"):
        readable._word_difference.cache_clear()
        looked.clear()
        for _ in range(2):
            assert "<del>13,500,000</del>" in (await got(datasette, f"{path}?lang=en")).text
        assert [text for text, _ in looked].count("13,500,000") == 1, path
        assert threading.get_ident() not in {thread for _, thread in looked}, path


@pytest.mark.slow
async def test_a_number_that_is_none_of_the_log_is_refused(datasette: Datasette) -> None:
    first = (await got(datasette, "/corrections?before=1&lang=en")).text
    assert "Nothing has been corrected or withdrawn yet." in first
    for number in ("now", "0", "-1", "9" * 12, *BEYOND):
        assert "is not a log number" in (await got(datasette, f"/corrections?before={number}&lang=en", 400)).text
        assert "로그 번호가 아닙니다" in (await got(datasette, f"/corrections?before={number}&lang=ko", 400)).text


@pytest.mark.slow
async def test_a_page_that_cannot_be_is_refused_with_what_to_write(datasette: Datasette) -> None:
    for place in ("articles", "speakers", "sources", f"articles/{ARTICLE['article_id']}"):
        for number in BEYOND:
            assert "for example page=2" in (await got(datasette, f"/{place}?page={number}&lang=en", 400)).text
            assert "page=2처럼" in (await got(datasette, f"/{place}?page={number}&lang=ko", 400)).text


async def test_the_last_day_there_is_is_a_day_like_any_other(datasette: Datasette) -> None:
    claim_id = SPEED["claim_id"]
    assert "9999-12-31" in (await got(datasette, f"/claims/{claim_id}?on=9999-12-31&lang=en")).text
    assert "No claim is named" in (await got(datasette, "/claims/nothing?on=9999-12-31&lang=en", 404)).text
    assert "for example on=" in (await got(datasette, f"/claims/{claim_id}?on=9999-12-32&lang=en", 400)).text


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_the_page_of_pictures_has_each_with_its_table(datasette: Datasette, ledger: Path, language: Any) -> None:  # noqa: ANN401
    page = (await got(datasette, f"/charts?lang={language}")).text
    with ledger_reader.open_ledger(ledger) as connection:
        for name in charts.CHARTS:
            picture = charts.count_chart(connection, name, language)
            assert meaning_text(picture.title, language) in page
            assert f'href="/charts/{name}.csv?lang={language}"' in page
            assert f'id="{name}-desc"' in page
            assert all(f'<th scope="row">{row[0]}</th>' in page for row in picture.rows)


async def test_a_svg_is_well_formed_and_has_no_script(datasette: Datasette) -> None:
    for name in charts.CHARTS:
        root = ET.fromstring((await got(datasette, f"/charts/{name}.svg")).text)  # noqa: S314  our own
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "title", "desc", "g", "rect", "path", "text", "defs", "pattern"
        }  # fmt: skip
    assert json.loads((await got(datasette, "/charts/status-over-time.json")).text)


@pytest.mark.slow
async def test_every_address_of_a_page_is_the_configured_one_whatever_host_is_asked(datasette: Datasette) -> None:
    place = f"/claims/{SPEED['claim_id']}"
    told = {
        path: (await datasette.client.get(path, headers={"host": "evil.example"})).text
        for path in (place, REVIEW, "/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/feeds/verdicts.atom")
    }
    assert [path for path, text in told.items() if "evil.example" in text] == []
    assert [path for path, text in told.items() if "https://ledger.example.org/" not in text] == []
    canonical = markup(told[place]).one("link", rel="canonical")["href"]
    assert canonical == json.loads(told[REVIEW])["url"] == f"https://ledger.example.org{place}"


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_a_claims_page_carries_its_review_and_links_to_it(datasette: Datasette, language: str) -> None:
    page = (await got(datasette, f"/claims/{SPEED['claim_id']}?lang={language}")).text
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(text) == (await got(datasette, f"{REVIEW}?lang={language}")).json()
    assert f'type="application/ld+json" href="{REVIEW}?lang={language}"' in page
    assert "ld+json" not in (await got(datasette, f"/claims/{JOBS['claim_id']}")).text
