"""Exporting tables of a served ledger as XLSX, JSON, JSON Lines and Parquet, on both Datasette versions."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from packages import needed
from datasette.app import Datasette
from made_ledger import ARTICLE, PRICE, made_entries, write_texts
from page_reading import got, markup, serving, stop
from versioned_ledger import made as made_version

from claimledger.datasette_plugin import export_route, streaming
from claimledger.datasette_plugin.export_route import TYPES
from claimledger.datasette_plugin.public_pages import routes, visit
from claimledger.publishing import exports, ledger_db
from claimledger.publishing.exports import ExportFormat
from claimledger.publishing.tables import TABLES

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Records = list[dict[str, Any]]
IN_ARTICLE = f"article={ARTICLE['article_id']}"


def read_xlsx(content: bytes) -> Records:
    openpyxl = needed("openpyxl")
    header, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_parquet(content: bytes) -> Records:
    found: Records = needed("pyarrow.parquet").read_table(io.BytesIO(content)).to_pylist()
    return found


READERS: dict[ExportFormat, Callable[[bytes], Records]] = {
    ExportFormat.XLSX: read_xlsx,
    ExportFormat.JSON: json.loads,
    ExportFormat.JSONL: lambda content: [json.loads(line) for line in content.splitlines()],
    ExportFormat.PARQUET: read_parquet,
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture
def datasette(ledger: Path) -> Iterator[Datasette]:
    opened = serving(ledger, default_cache_ttl=0)
    yield opened
    stop(opened)


def rows(ledger: Path, sql: str) -> Records:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


def as_text(records: Records) -> list[dict[str, str]]:
    """Return the records with all values as text: an amount is text in Parquet and a number in XLSX."""
    return [{name: _text(cell) for name, cell in one.items()} for one in records]


def _text(cell: object) -> str:
    if isinstance(cell, int | float):
        return format(Decimal(str(cell)).normalize(), "f")
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("form", TYPES)
async def test_export_contains_every_row_and_cell_of_each_table(
    datasette: Datasette, ledger: Path, form: ExportFormat
) -> None:
    if form not in exports.available_formats():
        pytest.skip("what writes it is not installed here")
    for table in TABLES:
        answer = await got(datasette, f"/ledger/{table.name}/-/{form}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[form]), answer.text[:300]
        assert f'filename="{table.name}.{form}"' in answer.headers["content-disposition"]
        found = as_text(READERS[form](answer.content))
        wanted = as_text(rows(ledger, f"SELECT * FROM {table.name}"))  # noqa: S608  a table of ours
        key = lambda row: [row[name] for name in table.key]  # noqa: B023, E731  used at once
        assert sorted(found, key=key) == sorted(wanted, key=key), table.name
        assert all(list(one) == list(table.header) for one in found)


@pytest.mark.parametrize("form", TYPES)
async def test_export_follows_filter_order_and_columns(datasette: Datasette, ledger: Path, form: ExportFormat) -> None:
    if form not in exports.available_formats():
        pytest.skip("what writes it is not installed here")
    asked = f"{IN_ARTICLE}&_sort=speaker&_col=speaker&_col=kind&_size=2"
    found = READERS[form]((await got(datasette, f"/ledger/claims/-/{form}?{asked}")).content)
    sql = "SELECT claim_id, speaker, kind FROM claims WHERE article = '{}' ORDER BY speaker, rowid"
    wanted = rows(ledger, sql.format(ARTICLE["article_id"]))
    assert len(wanted) > 2
    assert [*map(list, found)] == [*map(list, wanted)]
    assert as_text(found) == as_text(wanted)


async def test_etag_matches_only_the_same_export_and_version(
    datasette: Datasette, ledger: Path, tmp_path: Path
) -> None:
    path = "/ledger/claims/-/jsonl?kind=both"
    first = await got(datasette, path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for given in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        again = await got(datasette, path, headers={"if-none-match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    for other in ("/ledger/claims/-/jsonl", "/ledger/claims/-/json?kind=both", "/ledger/verdicts/-/jsonl"):
        answer = await got(datasette, other, headers={"if-none-match": etag})
        assert answer.status_code == 200, other
    shorter = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries()[:-1], shorter)
    older = serving(shorter)
    assert (await got(older, path, headers={"if-none-match": etag})).status_code == 200
    stop(older)


async def test_etag_changes_if_an_edition_text_is_removed(tmp_path: Path) -> None:
    path = "/ledger/edition_texts/-/jsonl"
    etags: list[str] = []
    for name, texts in (("with", write_texts(tmp_path)), ("without", None)):
        ledger_db.build_ledger_db(made_entries(), tmp_path / name / "ledger.db", texts)
        datasette = serving(tmp_path / name / "ledger.db")
        answer = await got(datasette, path, headers={"if-none-match": ", ".join(etags)})
        assert (answer.status_code, bool(answer.content)) == (200, texts is not None)
        etags.append(answer.headers["etag"])
        stop(datasette)


async def test_head_returns_the_headers_without_building_the_file(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await got(datasette, "/ledger/claims/-/xlsx")
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 0)  # building the file would be refused
    head = await datasette.client.head("/ledger/claims/-/xlsx")
    assert (head.status_code, head.content) == (200, b"")
    names = ("content-type", "content-disposition", "etag", "cache-control")
    assert [head.headers[name] for name in names] == [answer.headers[name] for name in names]
    assert (await datasette.client.post("/ledger/claims/-/xlsx")).status_code in {403, 405}
    busy = await got(datasette, "/ledger/claims/-/xlsx")
    assert (busy.status_code, "잠시 뒤" in busy.text) == (503, True)


async def test_export_too_large_for_a_workbook_is_refused(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, words in (
        (export_route, "MOST_ROWS", "claims: a workbook made here has at most 3 rows"),
        (export_route, "MOST_TEXT", "rows and 3 bytes of text"),
        (exports, "EXCEL_CELL_LIMIT", "claims, row 2, column"),
    ):
        with monkeypatch.context() as smaller:
            smaller.setattr(module, name, 3)
            answer = await got(datasette, "/ledger/claims/-/xlsx")
            assert (answer.status_code, words in answer.text) == (400, True), answer.text[-600:]
            assert (await got(datasette, "/ledger/claims/-/jsonl")).status_code == 200
    assert (await got(datasette, "/ledger/claims/-/xlsx")).status_code == 200


async def test_workbook_limits_are_checked_before_rows_are_written(
    datasette: Datasette, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [cell for row in rows(ledger, "SELECT * FROM claims") for cell in row.values() if cell is not None]
    in_bytes, in_letters = (sum(map(len, of)) for of in ([str(one).encode() for one in cells], map(str, cells)))
    count = len(rows(ledger, "SELECT 1 FROM claims"))
    assert in_letters < in_bytes
    for name, fits in (("MOST_ROWS", count), ("MOST_TEXT", in_bytes)):
        monkeypatch.setattr(export_route, name, fits)
        assert (await got(datasette, "/ledger/claims/-/xlsx")).status_code == 200, name
    made: list[object] = []
    monkeypatch.setattr(exports, "export_chunks", lambda *asked: made.append(asked))
    for name, fits in (("MOST_ROWS", count), ("MOST_TEXT", in_bytes)):
        with monkeypatch.context() as smaller:
            smaller.setattr(export_route, name, fits - 1)
            answer = await got(datasette, "/ledger/claims/-/xlsx")
            assert (answer.status_code, "엑셀 파일" in answer.text, made) == (400, True, []), name


async def test_number_of_concurrent_workbooks_is_limited(datasette: Datasette) -> None:
    for _ in range(export_route.WORKBOOKS_AT_ONCE):
        assert export_route._making.acquire(blocking=False)
    try:
        answer = await got(datasette, "/ledger/claims/-/xlsx")
        assert (answer.status_code, "Other workbooks are being made" in answer.text) == (503, True)
        assert (await got(datasette, "/ledger/claims/-/json")).status_code == 200
    finally:
        export_route._making.release(export_route.WORKBOOKS_AT_ONCE)
    assert (await got(datasette, "/ledger/claims/-/xlsx")).status_code == 200


async def test_missing_parquet_package_is_explained_and_hides_the_links(
    datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    for module in (visit, routes):  # a server looks once what is installed
        monkeypatch.setattr(module, "available_formats", exports.available_formats)
    answer = await got(datasette, "/ledger/claims/-/parquet")
    assert answer.status_code == 501
    english, korean = answer.text.split(" · ")
    assert "claimledger[parquet]" in english
    assert "claimledger[parquet]" in korean
    assert "pip install 'claimledger[parquet]'" in (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    for page in ("/", "/ledger/claims", f"/articles/{ARTICLE['article_id']}"):
        text = (await got(datasette, page)).text
        assert ("/-/parquet" in text, "/-/xlsx" in text) == (False, True), page


@pytest.mark.parametrize("tables", [{"claims": {"allow": {"id": "kim"}}}, None])
async def test_hidden_table_cannot_be_exported(ledger: Path, tables: Any) -> None:  # noqa: ANN401
    hidden = serving(ledger, tables=tables) if tables else serving(ledger, allow={"id": "kim"})
    for form in TYPES:
        answer = await got(hidden, f"/ledger/claims/-/{form}")
        assert answer.status_code == 403
        assert PRICE["claim_id"] not in answer.text
    stop(hidden)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/none/claims/-/json", 404), ("/ledger/none/-/json", 404), ("/ledger/claims_fts/-/json", 404),
     ("/ledger/claims/-/ods", 404), ("/ledger/claims/-/json?_col=none", 400)],
)  # fmt: skip
async def test_unknown_table_format_or_column_is_refused(datasette: Datasette, path: str, status: int) -> None:
    assert (await got(datasette, path)).status_code == status


async def test_tables_of_another_database_are_only_exported_as_csv(tmp_path: Path) -> None:
    other = serving(made_version(tmp_path / "other.db", 1, form=0))
    page = (await got(other, "/other/claims")).text
    assert ("/-/csv" in page, "/-/xlsx" in page) == (True, False)
    answer = await got(other, "/other/claims/-/json")
    assert (answer.status_code, "only available as CSV" in answer.text) == (404, True)
    stop(other)


async def test_pages_link_to_matching_exports(datasette: Datasette) -> None:
    for page, table, query in (
        ("/", "claims", ""), (f"/articles/{ARTICLE['article_id']}", "claims", f"?{IN_ARTICLE}"),
        ("/corrections", "corrections", ""),
        ("/speakers/Seo%20Mirae", "claims", "?speaker=Seo+Mirae&_sort=first_recorded_at"),
        ("/ledger/claims?kind=both&_size=5", "claims", "?kind=both"),
    ):  # fmt: skip
        links = set(markup((await got(datasette, page)).text).links())
        wanted = {f"/ledger/{table}/-/{form}{query}" for form in exports.available_formats()}
        assert wanted <= links, page


@pytest.mark.parametrize(("language", "label"), [("en", "JSON:"), ("ko", "JSON:")])
async def test_claim_page_links_its_rows_as_json_and_csv(
    datasette: Datasette, ledger: Path, language: str, label: str
) -> None:
    page = markup((await got(datasette, f"/claims/{PRICE['claim_id']}?lang={language}")).text)
    assert f"{label} claims, quantities, verdicts, evidence, corrections, history" in page.words
    for table, key in (("claims", "claim_id"), ("quantities", "position"), ("history", "id")):
        link = f"/ledger/{table}/-/json?claim_id={PRICE['claim_id']}"
        assert {link, link.replace("json", "csv")} <= set(page.links())
        wanted = rows(ledger, f"SELECT {key} FROM {table} WHERE claim_id = '{PRICE['claim_id']}'")  # noqa: S608
        found = (await got(datasette, link)).json()
        assert wanted
        assert {str(one[key]) for one in found} == {str(one[key]) for one in wanted}
