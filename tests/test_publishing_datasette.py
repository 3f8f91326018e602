"""The published ledger in Datasette as scripts/serve starts it, the same on Datasette 0.65 and 1.0."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette import hookspecs
from datasette.app import Datasette
from made_ledger import ARTICLE, FIRST_EDITION, KUSTAVISEN_PAGE, PRICE, SHARE, SPEED, entries_with_names, write_texts
from page_reading import metadata

from claimledger.publishing import ledger_db
from claimledger.publishing.metadata import QUERIES
from claimledger.publishing.tables import CLAIMS, TABLES

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio(loop_scope="module")]

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
SETTINGS = {"default_allow_sql": False, "allow_download": False, "suggest_facets": False, "max_csv_mb": 0}


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    path = tmp_path_factory.mktemp("public") / "ledger.db"
    ledger_db.build_ledger_db(entries_with_names(), path, write_texts(path.parent))
    configuration = metadata()
    configured = {"config": metadata()} if IS_1_0 else {}
    return Datasette([], immutables=[str(path)], metadata=configuration, settings=SETTINGS, **configured)


async def page(datasette: Datasette, address: str, **arguments: object) -> str:
    response = await datasette.client.get(f"/ledger{address}?{urlencode(arguments)}")
    assert response.status_code == 200, response.text
    return str(response.text)


async def rows(datasette: Datasette, address: str, **arguments: object) -> list[dict[str, Any]]:
    response = await datasette.client.get(f"/ledger{address}.json?{urlencode({'_shape': 'array', **arguments})}")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


async def claim_ids(datasette: Datasette, **arguments: object) -> set[str]:
    return {claim["claim_id"] for claim in await rows(datasette, "/claims", **arguments)}


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_every_table_is_served_with_its_descriptions(datasette: Datasette, table: Any) -> None:  # noqa: ANN401
    text = await page(datasette, f"/{table.name}")
    assert table.meaning.korean in text
    assert table.columns[0].meaning.korean in text
    assert tuple((await rows(datasette, f"/{table.name}"))[0]) == table.header


@pytest.mark.slow
async def test_database_page_lists_tables_and_hides_the_index(datasette: Datasette) -> None:
    text = await page(datasette, "")
    assert "기사 속 주장" in text
    assert 'href="/ledger/claims"' in text
    assert 'href="/ledger/claims_fts_docsize"' not in text


@pytest.mark.slow
async def test_claims_are_listed_newest_first_with_facets(datasette: Datasette) -> None:
    times = [claim["last_recorded_at"] for claim in await rows(datasette, "/claims")]
    assert times == sorted(times, reverse=True)
    text = await page(datasette, "/claims")
    for facet in CLAIMS.facets:
        assert f'data-column="{facet}"' in text
    assert "verification_status=not_checked" in text
    assert "speaker=Seo+Mirae" in text or "speaker=Seo%20Mirae" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("서미래", {"cccc", "aaaa", "gggg"}),
        ("徐未来", {"cccc", "aaaa", "gggg"}),
        ("Seo Mirae", {"cccc", "aaaa", "gggg"}),
        ("40%", {"aaaa"}),
        ("1350만달러", {"cccc"}),
        ("$13.5 million", {"cccc"}),
        ("forty percent", {"aaaa"}),
        ("3분의 2", {"eeee"}),
        ("하늘항", {"aaaa", "cccc", "gggg"}),
        ("나라테크 발표", {"eeee"}),
        ("dredging-records", {"ffff"}),
        ("원", {"cccc"}),
        ('"crane driver"', {"bbbb"}),
        ("크레인 -서미래", {"bbbb"}),
        ("nothing-like-it", set()),
    ],
)
async def test_search_box_finds_claims(datasette: Datasette, query: str, expected: set[str]) -> None:
    assert {claim_id[-4:] for claim_id in await claim_ids(datasette, _search=query)} == expected


@pytest.mark.slow
async def test_unanswerable_search_is_refused(datasette: Datasette) -> None:
    response = await datasette.client.get("/ledger/claims.json?_shape=array&_search=!!!")
    assert response.status_code == 400


async def test_search_combines_with_facets_and_filters(datasette: Datasette) -> None:
    assert await claim_ids(datasette, _search="크레인", verification_status="supported") == {SPEED["claim_id"]}
    assert await claim_ids(datasette, record_state="withdrawn") == {SHARE["claim_id"]}


async def test_foreign_keys_are_shown_by_their_labels(datasette: Datasette) -> None:
    labelled = (await rows(datasette, "/claims", _labels="on", claim_id=PRICE["claim_id"]))[0]
    assert labelled["article"] == {"value": "harbour-monthly-2031-04", "label": "The new cranes of Haneul port"}
    evidence = await rows(datasette, "/evidence", _labels="on")
    assert {row["document_id"]["label"] for row in evidence} == {"연감을 읽다", "Port yearbook 2030"}
    assert 'href="/ledger/documents/' in await page(datasette, "/evidence")


@pytest.mark.slow
async def test_every_table_links_to_the_public_pages(datasette: Datasette) -> None:
    text = await page(datasette, "/claims")
    for link in (
        f'href="/claims/{SPEED["claim_id"]}">{SPEED["statement"]["ko"]}</a>',
        'href="/articles/harbour-monthly-2031-04">The new cranes of Haneul port</a>',
        'href="/speakers/Seo%20Mirae">Seo Mirae</a>',
        f'href="{KUSTAVISEN_PAGE}">Kustavisen (another publication)</a>',
        f'href="/ledger/claims/{SPEED["claim_id"]}"',
    ):
        assert link in text, link
    for table in ("quantities", "evidence", "verdicts", "history", "corrections", "topics", "appearances"):
        assert 'href="/claims/' in await page(datasette, f"/{table}"), table
    assert f'href="/claims/{SPEED["claim_id"]}"' in await page(datasette, f"/claims/{SPEED['claim_id']}")


@pytest.mark.slow
async def test_revision_links_to_the_page_of_its_record(datasette: Datasette) -> None:
    claim, passage = SPEED["claim_id"], f"{SPEED['claim_id']}@{FIRST_EDITION[:12]}"
    article = ARTICLE["article_id"]
    links = {claim: f"/claims/{claim}", passage: f"/claims/{claim}", article: f"/articles/{article}",
             "port-yearbook-2030": None}  # fmt: skip
    for key, page_of in links.items():
        number = (await rows(datasette, "/revision", key=key))[0]["number"]
        for text in (await page(datasette, f"/revision/{number}"), await page(datasette, "/history", key=key)):
            assert key in text
            assert (f'href="{page_of}">{key}</a>' in text) == bool(page_of)
    assert 'href="/claims/port-yearbook-2030"' not in await page(datasette, "/revision")


@pytest.mark.slow
async def test_tables_of_another_database_have_no_page_links(datasette: Datasette, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE topics (claim_id TEXT PRIMARY KEY, topic TEXT)")
        connection.execute("CREATE TABLE claims (claim_id TEXT PRIMARY KEY, statement_en TEXT)")
        connection.execute("INSERT INTO topics VALUES ('a', 'b')")
        connection.execute("INSERT INTO claims VALUES ('a', 'b')")
        connection.commit()
    other = Datasette([str(path)])
    for table in ("topics", "claims"):
        response = await other.client.get(f"/other/{table}")
        assert response.status_code == 200
        assert 'href="/claims/' not in response.text


async def test_claim_row_page_links_to_related_rows(datasette: Datasette) -> None:
    text = await page(datasette, f"/claims/{SPEED['claim_id']}")
    for table in ("quantities", "appearances", "evidence", "verdicts", "history"):
        assert f"/ledger/{table}?claim_id={SPEED['claim_id']}" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERIES)
async def test_every_query_works_without_arbitrary_sql(datasette: Datasette, name: str) -> None:
    text = await page(datasette, f"/{name}", currency="USD", unit="percent", speaker="서미래", day="2031-04-30")
    assert QUERIES[name].title.korean in text
    found = await rows(datasette, f"/{name}", currency="USD", unit="percent", speaker="서미래", day="2033-04-30")
    assert found or name == "corrections_since"


@pytest.mark.slow
@pytest.mark.parametrize("address", ["?sql=select+1", "/-/query?sql=select+1", ".db", "/claims?_where=1"])
async def test_arbitrary_sql_and_downloads_are_refused(datasette: Datasette, address: str) -> None:
    response = await datasette.client.get(f"/ledger{address}")
    assert response.status_code in {302, 400, 403, 404}
    if response.status_code == 302:
        response = await datasette.client.get(response.headers["location"])
        assert response.status_code == 403
