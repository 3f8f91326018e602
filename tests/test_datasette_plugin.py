"""The public pages on Datasette 0.65 and 1.0: refusals, Korean search, and the CSV of a page's rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from datasette import hookspecs
from datasette.app import Datasette
from datasette.plugins import pm
from made_ledger import entries_with_names, write_texts
from page_reading import metadata

from claimledger.datasette_plugin import hookimpl, streaming
from claimledger.datasette_plugin.csv_route import LABEL
from claimledger.publishing import ledger_db
from claimledger.publishing.csv_exchange import Encoding, Guard, read_csv
from claimledger.publishing.search import text_tokens
from claimledger.publishing.tables import TABLES

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
SETTINGS = {"default_allow_sql": False, "allow_download": False, "suggest_facets": False, "max_csv_mb": 0}
CONFIGURED = {
    "claims": {"fts_table": "claims_fts", "facets": ["kind"]},
    "embargoed": {"allow": {"id": "kim"}},
    "plain": {"fts_table": "plain_fts"},
}

SCHEMA = """
CREATE TABLE claims (
  claim_id TEXT PRIMARY KEY, kind TEXT NOT NULL, statement_ko TEXT, statement_en TEXT, amount ANY, note TEXT
) STRICT;
CREATE VIRTUAL TABLE claims_fts USING fts5(grams, content='');
CREATE TABLE embargoed (id INTEGER PRIMARY KEY, secret TEXT);
INSERT INTO embargoed VALUES (1, 'not before noon');
CREATE TABLE numberless (text TEXT);
INSERT INTO numberless VALUES ('b'), ('a');
CREATE TABLE "표 1/2.x" (값 TEXT);
INSERT INTO "표 1/2.x" VALUES ('👍');
CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT);
CREATE VIEW numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
  SELECT i, i * i AS square FROM n;
CREATE VIEW late AS SELECT i, printf('%0300d', i) || CASE i WHEN 1500 THEN '👍' ELSE '' END AS text FROM numbers;
CREATE VIEW drowsy AS SELECT i, nap() AS nap FROM numbers WHERE i <= 20;
"""
CLAIMS = (
    ("바이두는 구글에 이어 AI 챗봇을 내놓았다", "Baidu followed Google with an AI chatbot", 16, None),
    ("MS는 OpenAI에 130억달러를 투자했다", "MS invested about $13B in OpenAI", 13_000_000_000, "=1+1"),
    ("어니봇의 점수는 40% 정도 낮았다", 'Ernie scored "40%", lower', "40.5", ""),
    ("엔비디아의 매출이 늘었다", None, None, "줄\n바꿈, 그리고 쉼표"),
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("public") / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
        for number in range(300):
            korean, english, amount, note = CLAIMS[number % len(CLAIMS)]
            row = (f"claim-{number * 7 % 300:03}", ("both", "event")[number % 2], korean, english, amount, note)
            connection.execute("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?)", row)
            tokens = text_tokens(f"{korean} {english or ''}")
            connection.execute("INSERT INTO claims_fts (rowid, grams) VALUES (?, ?)", (number + 1, tokens))
        connection.commit()
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return a database that is not a ledger, with a full-text index of the usual kind."""
    with closing(sqlite3.connect(tmp_path / "plain.db")) as connection:
        connection.executescript(
            "CREATE TABLE plain (text); INSERT INTO plain VALUES ('바이두 구글');"
            'CREATE VIRTUAL TABLE plain_fts USING fts5(text, content="plain");'
            "INSERT INTO plain_fts (rowid, text) SELECT rowid, text FROM plain;"
        )
    return tmp_path / "plain.db"


def make_datasette(*paths: Path, immutable: bool = False, allow: object = True, **settings: object) -> Datasette:
    """Return a Datasette as scripts/serve starts it; on 1.0 one file is both metadata and configuration."""
    metadata_and_config = {"databases": {path.stem: {"allow": allow, "tables": CONFIGURED} for path in paths}}
    files = [str(path) for path in paths]
    return Datasette(
        [] if immutable else files, immutables=files if immutable else [], metadata=metadata_and_config,
        settings={**SETTINGS, **settings}, **({"config": metadata_and_config} if IS_1_0 else {}),
    )  # fmt: skip


class Answer(Protocol):
    """The part of a response that httpx and httpx2 have in common."""

    status_code: int
    content: bytes
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any: ...  # noqa: ANN401


async def got(datasette: Datasette, path: str, **options: object) -> Answer:
    answer: Answer = await datasette.client.get(path, **options)
    return answer


def table(content: bytes, guard: Guard = Guard.ON) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    header, rows, _, problems = read_csv(content, guard=guard)
    assert problems == ()
    return header, list(rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/ledger?sql=select+1", "/ledger.json?sql=select+1", "/ledger.csv?sql=select+1", "/ledger/-/query?sql=select+1",
        "/ledger/-/query.json?sql=select+1", "/ledger/claims?_where=1", "/ledger/claims.json?_where=1",
        "/ledger/claims/-/csv?_where=1%3D1", "/ledger.db", "/ledger/embargoed", "/ledger/embargoed.json",
        "/ledger/embargoed.csv?_stream=on", "/ledger/embargoed/-/csv", "/ledger/sqlite_master/-/csv",
        "/ledger/sqlite_schema.json",
    ],
)  # fmt: skip
async def test_sql_downloads_and_embargoed_tables_are_refused(ledger: Path, path: str) -> None:
    response = await got_after_redirect(make_datasette(ledger), path)
    assert response.status_code in {400, 403, 404}
    assert "not before noon" not in response.text


async def got_after_redirect(datasette: Datasette, path: str) -> Answer:
    """Follow the redirects that 1.0 has for addresses of 0.65, and no others."""
    response = await got(datasette, path)
    return await got(datasette, response.headers["location"]) if response.status_code == 302 else response


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", ".json", "/-/schema", "/-/schema.json", "/claims.json", "/claims/-/csv"])
async def test_reader_without_permission_sees_no_names_of_the_database(ledger: Path, path: str) -> None:
    response = await got(make_datasette(ledger, allow={"id": "kim"}), f"/ledger{path}")
    assert response.status_code in {403, 404}
    assert not any(name in response.text for name in ("CREATE", "embargoed", "statement_ko"))


QUERIES = (
    "", "kind=both", "kind__in=both,event&_sort_desc=claim_id", "amount__gt=100&_sort=amount", "note__isnull=1",
    "statement_ko__contains=%EB%B0%94%EC%9D%B4%EB%91%90", "_sort_desc=statement_en", "_search=%EA%B5%AC%EA%B8%80",
    "_search=AI&kind=both&_sort_desc=claim_id", "_col=kind&_col=note", "_nocol=statement_en&_search=MS",
    "_search_grams=OpenAI", "_search=", "_search=+&kind=event", "claim_id__like=claim-00%25", "kind=nothing",
    "_sort=kind&_facet=kind&_labels=on",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("guard", list(Guard))
async def test_download_matches_the_table_cell_by_cell(ledger: Path, query: str, guard: Guard) -> None:
    datasette = make_datasette(ledger)
    response = await got(datasette, f"/ledger/claims/-/csv?{query}&_guard={guard}&_size=2&_shape=objects&_nl=on")
    shown = await got(datasette, f"/ledger/claims.json?{query}&_shape=array&_size=1000")
    header, rows = table(response.content, guard)
    records = shown.json()
    assert response.status_code == shown.status_code == 200
    assert rows == [tuple("" if cell is None else str(cell) for cell in record.values()) for record in records]
    assert all(tuple(record) == header for record in records)
    assert len(rows) == 300 or query not in {"", "_search="}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["numberless", "표 1/2.x", "numbers"])
async def test_keyless_and_oddly_named_tables_and_views_are_downloaded(ledger: Path, name: str) -> None:
    datasette = make_datasette(ledger)
    address = datasette.urls.table("ledger", name)
    response = await got(datasette, address + "/-/csv")
    shown = (await got(datasette, address + ".json?_shape=array&_size=1000")).json()
    assert len(shown) == {"numberless": 2, "표 1/2.x": 1, "numbers": 1000}[name]
    assert table(response.content)[1][:1000] == [tuple(map(str, record.values())) for record in shown]
    assert response.content.count(b"\r\n") == 1 + (1500 if name == "numbers" else len(shown))
    assert f"filename*=UTF-8''{quote(name, safe='')}.csv" in response.headers["content-disposition"]


async def test_filter_form_parameters_are_understood(ledger: Path) -> None:
    form = "_search=&_filter_column=kind&_filter_op=exact&_filter_value=both&_sort=amount&_sort_by_desc=on"
    _, rows = table((await got(make_datasette(ledger), f"/ledger/claims/-/csv?{form}")).content)
    assert {row[1] for row in rows} == {"both"}
    assert [len(rows), rows[-1][4], rows[0][4]] == [150, "16", "40.5"]


@pytest.fixture(scope="module")
def published_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "ledger.db"
    ledger_db.build_ledger_db(entries_with_names(), path, write_texts(path.parent))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", [table.name for table in TABLES])
async def test_download_of_every_ledger_table_matches_its_page(published_ledger: Path, name: str) -> None:
    configuration = metadata()
    configured = {"config": configuration} if IS_1_0 else {}
    datasette = Datasette(
        [], immutables=[str(published_ledger)], metadata=configuration, settings=SETTINGS, **configured
    )
    shown = (await got(datasette, f"/ledger/{name}.json?_shape=array&_size=1000")).json()
    header, rows = table((await got(datasette, f"/ledger/{name}/-/csv")).content)
    assert shown
    assert header == tuple(shown[0])
    assert rows == [tuple("" if cell is None else str(cell) for cell in record.values()) for record in shown]


async def test_immutable_file_is_downloaded_without_side_files(ledger: Path) -> None:
    response = await got(make_datasette(ledger, immutable=True), "/ledger/claims/-/csv")
    assert len(table(response.content)[1]) == 300
    assert [path.name for path in ledger.parent.iterdir()] == ["ledger.db"]


async def test_download_is_a_csv_file_for_spreadsheets(ledger: Path) -> None:
    datasette = make_datasette(ledger, default_cache_ttl=60)
    response = await got(datasette, "/ledger/claims/-/csv?note=%3D1%2B1")
    assert response.headers["cache-control"] == "max-age=60"
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert 'attachment; filename="claims-1_1.csv"' in response.headers["content-disposition"]
    assert response.content.startswith(b"\xef\xbb\xbfclaim_id,")
    assert b",'=1+1\r\n" in response.content
    assert b",=1+1\r\n" in (await got(datasette, "/ledger/claims/-/csv?note=%3D1%2B1&_guard=off")).content
    head = await datasette.client.head("/ledger/claims/-/csv")
    assert (head.status_code, head.content, head.headers["content-type"][:8]) == (200, b"", "text/csv")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", list(Encoding))
async def test_each_encoding_can_be_requested(ledger: Path, encoding: Encoding) -> None:
    response = await got(make_datasette(ledger), f"/ledger/claims/-/csv?_encoding={encoding}")
    assert response.content.startswith(encoding.mark + "claim_id,".encode(encoding.codec))
    assert f"charset={encoding.charset};" in response.headers["content-type"]
    assert {row[2] for row in table(response.content)[1]} == {claim[0] for claim in CLAIMS}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/ledger/claims/-/csv?_guard=maybe", 400, "_guard is one of on, off"),
        ("/ledger/claims/-/csv?_encoding=latin-1", 400, "_encoding에는"),
        ("/ledger/late/-/csv?_encoding=cp949", 400, "1501행"),
        ("/ledger/claims/-/csv?_col=nothing", 400, "invalid columns"),
        ("/ledger/claims/-/csv?_sort=nothing", 400, "Cannot sort table by nothing"),
        ("/ledger/claims/-/csv?_search=%3F", 400, "검색할 말이 없습니다"),
        ("/ledger/embargoed/-/csv", 403, "허용되지 않은"),
        ("/ledger/nothing/-/csv", 404, "Table not found"),
        ("/nothing/claims/-/csv", 404, "no such database"),
    ],
)
async def test_refusal_says_why(ledger: Path, path: str, status: int, words: str) -> None:
    response = await got(make_datasette(ledger), path)
    assert response.status_code == status
    assert words in response.text
    assert "content-disposition" not in response.headers


async def test_reader_with_permission_downloads_an_uncached_embargoed_table(ledger: Path) -> None:
    datasette = make_datasette(ledger)
    cookie = datasette.sign({"a": {"id": "kim"}}, "actor")
    response = await got(datasette, "/ledger/embargoed/-/csv", cookies={"ds_actor": cookie})
    assert table(response.content)[1] == [("1", "not before noon")]
    assert response.headers["cache-control"] == "private, no-store"


async def test_post_is_refused(ledger: Path) -> None:
    response = await make_datasette(ledger).client.post("/ledger/claims/-/csv")
    assert response.status_code in {403, 405}  # 0.65 misses its CSRF token first


@pytest.mark.slow
async def test_base_url_is_used_in_links_and_routes(ledger: Path) -> None:
    datasette = make_datasette(ledger, base_url="/claims/")
    assert 'href="/claims/ledger/claims/-/csv?kind=both"' in (await got(datasette, "/ledger/claims?kind=both")).text
    assert len(table((await got(datasette, "/ledger/claims/-/csv?kind=both")).content)[1]) == 150


@pytest.mark.slow
@pytest.mark.parametrize("name", ["claims", "numbers"])
async def test_page_links_to_the_download_of_its_rows(ledger: Path, name: str) -> None:
    page = (
        await got(make_datasette(ledger), f"/ledger/{name}?_sort_desc={'kind' if name == 'claims' else 'i'}&_size=5")
    ).text
    column = "kind" if name == "claims" else "i"
    assert f'href="/ledger/{name}/-/csv?_sort_desc={column}"' in page
    assert LABEL in page


@pytest.mark.slow
@pytest.mark.parametrize("word", ["바이두", "구글", "MS", "AI", "130억달러", "OpenAI", "억달러", "엔비디아"])
async def test_datasette_search_box_finds_korean(ledger: Path, word: str) -> None:
    response = await got(make_datasette(ledger), f"/ledger/claims.json?_search={quote(word)}&_shape=array&_size=1000")
    found = [record["statement_ko"] + str(record["statement_en"]) for record in response.json()]
    assert len(found) == 300 / len(CLAIMS)
    assert all(word in text for text in found)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["/ledger/claims?", "/ledger/claims.json?", "/ledger/claims.json?_shape=array&"])
@pytest.mark.parametrize(
    ("query", "english", "korean"),
    [
        ("_search=%3F%21", "There is nothing to search for", "검색할 말이 없습니다"),
        ("_search_grams=%3F", "There is nothing to search for", "검색할 말이 없습니다"),
        (f"_search={'1,000' * 101}", "Write at most 500", "500자까지"),
        ("_search=-MS", "only says what to leave out", "뺄 말만 있습니다"),
        ("_search=MS&_searchmode=raw", "has no raw mode", "raw 방식이 없습니다"),
        ("_search=MS&_fts_table=claims_fts&_fts_pk=claim_id", "with its own index", "정해진 색인"),
        ("_search=MS&_fts_table=plain", "with its own index", "정해진 색인"),
    ],
)
async def test_search_that_cannot_be_answered_says_why(
    ledger: Path, form: str, query: str, english: str, korean: str
) -> None:
    response = await got(make_datasette(ledger), form + query)
    said = response.json()["error"] if ".json" in form else response.text
    assert response.status_code == 400
    assert english in said
    assert korean in said


async def test_search_in_a_table_without_an_index_is_refused(ledger: Path) -> None:
    response = await got(make_datasette(ledger), "/ledger/numberless.json?_search=a&_shape=array")
    assert (response.status_code, "이 표에는 검색이 없습니다" in response.json()["error"]) == (400, True)


@pytest.mark.parametrize("mode", ["escaped", "raw"])
async def test_other_database_keeps_its_own_search(ledger: Path, plain: Path, mode: str) -> None:
    query = f"_search={quote('바이두')}&_searchmode={mode}&_shape=array"
    response = await got(make_datasette(ledger, plain), f"/plain/plain.json?{query}")
    assert [record["text"] for record in response.json()] == ["바이두 구글"]


class SlowFunctionPlugin:
    """A plug-in with a slow SQL function."""

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.create_function("nap", 0, lambda: time.sleep(0.005))


async def test_download_ignores_the_query_time_limit(ledger: Path) -> None:
    datasette = make_datasette(ledger, sql_time_limit_ms=20)
    pm.register(SlowFunctionPlugin(), "drowsy")
    try:
        stock = await got(datasette, "/ledger/drowsy.json")
        ours = await got(datasette, "/ledger/drowsy/-/csv")
    finally:
        pm.unregister(name="drowsy")
    assert "interrupt" in stock.text.lower()
    assert len(table(ours.content)[1]) == 20


@pytest.mark.slow
async def test_too_many_downloads_are_refused_for_now(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 0)
    response = await got(make_datasette(ledger), "/ledger/claims/-/csv")
    assert (response.status_code, "잠시 뒤" in response.text) == (503, True)
