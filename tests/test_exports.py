"""Each table has the same rows and fields in CSV, XLSX, JSON, JSON Lines, Parquet and ledger.db."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from made_ledger import made_entries, write_texts
from openpyxl.utils.escape import unescape
from packages import needed

from claimledger.cli import exporting
from claimledger.publishing import exports, ledger_db, ledger_reader
from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Table
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.exports import ExportFormat, FormatUnavailable, TextTooLong, TooManyRows
from claimledger.publishing.tables import CLAIMS, QUANTITIES, REVISION, TABLES, VOCABULARY

REPOSITORY = Path(__file__).parent.parent
Cell = Any
Records = list[dict[str, Cell]]


@pytest.fixture(scope="module")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture(scope="module", params=["made", "first"])
def connection(request: pytest.FixtureRequest, built_ledger: Path) -> Iterator[sqlite3.Connection]:
    """Open the made-up ledger or the ledger of the repository, read-only."""
    with ledger_reader.open_ledger(built_ledger if request.param == "made" else REPOSITORY / "ledger.db") as opened:
        yield opened


def export_bytes(connection: sqlite3.Connection, table: Table, form: ExportFormat) -> bytes:
    target = io.BytesIO()
    exports.write_table(target, connection, table, form)
    return target.getvalue()


def read_csv_records(content: bytes, table: Table) -> Records:
    read = read_csv(content)
    assert read.problems == ()
    return [dict(zip(read.header, row, strict=True)) for row in read.rows]


def read_xlsx_records(content: bytes, table: Table) -> Records:
    book = openpyxl.load_workbook(io.BytesIO(content))
    header, *rows = book[table.name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), map(unescape_cell, row), strict=True)) for row in rows]


def unescape_cell(cell: Cell) -> Cell:
    """Return a cell with the control characters that a workbook escapes (ECMA-376, ST_Xstring)."""
    return unescape(cell) if isinstance(cell, str) else cell


def read_parquet_records(content: bytes, table: Table) -> Records:
    records: Records = needed("pyarrow.parquet").read_table(io.BytesIO(content)).to_pylist()
    return records


READERS: Mapping[ExportFormat, Callable[[bytes, Table], Records]] = {
    ExportFormat.CSV: read_csv_records,
    ExportFormat.XLSX: read_xlsx_records,
    ExportFormat.JSON: lambda content, _: json.loads(content),
    ExportFormat.JSONL: lambda content, _: [json.loads(line) for line in content.splitlines()],
    ExportFormat.PARQUET: read_parquet_records,
}


def cell_text(cell: Cell) -> str:
    """Return a cell as text for comparing formats: a number in plain digits, a missing value as an empty text."""
    if cell is None:
        return ""
    return format(Decimal(str(cell)), "f") if isinstance(cell, int | float) else str(cell)


def comparable_row(record: Mapping[str, Cell], table: Table) -> dict[str, str]:
    """Return a row as text; numbers, which some formats write as text, are in plain digits."""
    numeric = {column.name for column in table.columns if column.kind in (int, int | None, Number)}
    return {
        name: format(Decimal(cell_text(cell)).normalize(), "f")
        if name in numeric and cell_text(cell)
        else cell_text(cell)
        for name, cell in record.items()
    }


EXPORTS = [(table, form) for table in TABLES for form in ExportFormat if (table, form) != (REVISION, ExportFormat.XLSX)]
"""Every table in every format, except the log as a workbook: a body may be longer than a cell."""
QUICK_EXPORTS = [
    (QUANTITIES, form) for form in (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.JSON, ExportFormat.JSONL)
]
"""The exports of the quick tests, without Parquet, whose package the quick tests do not install."""


@pytest.mark.parametrize(
    ("table", "form"),
    [pytest.param(*one, marks=() if one in QUICK_EXPORTS else pytest.mark.slow) for one in EXPORTS],
    ids=lambda part: getattr(part, "name", part),
)
def test_every_row_matches_the_ledger_in_every_format(
    connection: sqlite3.Connection, table: Table, form: ExportFormat
) -> None:
    cursor = connection.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}")  # noqa: S608  a table of ours
    names = [column[0] for column in cursor.description]
    expected = [dict(zip(names, row, strict=True)) for row in cursor]
    found = READERS[form](export_bytes(connection, table, form), table)
    assert [list(record) for record in found[:1]] == [list(record) for record in expected[:1]]
    assert [comparable_row(record, table) for record in found] == [comparable_row(record, table) for record in expected]


@pytest.mark.slow
def test_formats_with_numbers_contain_numbers(built_ledger: Path) -> None:
    with ledger_reader.open_ledger(built_ledger) as connection:
        records = {form: READERS[form](export_bytes(connection, QUANTITIES, form), QUANTITIES) for form in ExportFormat}
    kinds = {form: {type(record["position"]) for record in found} for form, found in records.items()}
    assert kinds == {form: {str if form is ExportFormat.CSV else int} for form in ExportFormat}
    amounts = {form: {cell_text(record["amount"]) for record in found} for form, found in records.items()}
    assert "123456789012345678901234567890" in amounts[ExportFormat.PARQUET]
    assert (
        "0.10000000000000000001"
        in amounts[ExportFormat.XLSX] & amounts[ExportFormat.JSON] & amounts[ExportFormat.PARQUET]
    )


@pytest.mark.slow
def test_parquet_schema_has_meanings_and_required_columns(built_ledger: Path) -> None:
    with ledger_reader.open_ledger(built_ledger) as connection:
        schema = needed("pyarrow.parquet").read_schema(
            io.BytesIO(export_bytes(connection, CLAIMS, ExportFormat.PARQUET))
        )
    for column in CLAIMS.columns:
        field = schema.field(column.name)
        assert (field.nullable, field.metadata[b"ko"].decode()) == (not column.is_required, column.meaning.korean)


def test_sheet_with_more_rows_than_excel_allows_is_refused(built_ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsxwriter.worksheet.Worksheet().xls_rowmax == exports.EXCEL_ROW_LIMIT
    with ledger_reader.open_ledger(built_ledger) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM vocabulary").fetchone()
        monkeypatch.setattr(exports, "EXCEL_ROW_LIMIT", rows + 1)
        assert len(read_xlsx_records(export_bytes(connection, VOCABULARY, ExportFormat.XLSX), VOCABULARY)) == rows
        monkeypatch.setattr(exports, "EXCEL_ROW_LIMIT", rows)
        target = io.BytesIO()
        with pytest.raises(TooManyRows, match=f"vocabulary: the table has more than {rows - 1:,} rows.*jsonl"):
            exports.write_table(target, connection, VOCABULARY, ExportFormat.XLSX)
    assert target.getvalue() == b""


def test_workbook_has_no_formula_cells(built_ledger: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CLAIMS.create_sql.replace(" STRICT", ""))
        row = ["=1+1" if column.sql_type == "TEXT" else 1 for column in CLAIMS.columns]
        connection.execute(CLAIMS.insert_sql, [1, *row])
        book = openpyxl.load_workbook(io.BytesIO(export_bytes(connection, CLAIMS, ExportFormat.XLSX)))
    assert {cell.data_type for cell in book["claims"][2]} == {"s", "n"}


def test_text_too_long_for_excel_is_refused(built_ledger: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(REVISION.create_sql)
        row = (1, "a" * 64, "claim", "k", 1, "listed", "2031", "haru", "sora", "가" * (exports.EXCEL_CELL_LIMIT + 1))
        connection.execute(REVISION.insert_sql, row)
        target = io.BytesIO()
        with pytest.raises(TextTooLong, match=r"revision, row 2, column 'body': the text has 32,768"):
            exports.write_table(target, connection, REVISION, ExportFormat.XLSX)
    assert target.getvalue() == b""


@pytest.mark.slow
def test_empty_table_is_exported_as_a_file() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(CLAIMS.create_sql)
        assert all(READERS[form](export_bytes(connection, CLAIMS, form), CLAIMS) == [] for form in ExportFormat)


@pytest.mark.slow
def test_missing_parquet_package_is_reported_with_install_command(
    built_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exports.available_formats() == [*ExportFormat]
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with (
        ledger_reader.open_ledger(built_ledger) as connection,
        pytest.raises(FormatUnavailable, match=r"pip install 'claimledger\[parquet\]'"),
    ):
        export_bytes(connection, CLAIMS, ExportFormat.PARQUET)
    assert ExportFormat.PARQUET not in exports.available_formats()


@pytest.mark.slow
def test_rows_are_exported_in_batches(built_ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_PER_BATCH", 3)
    with ledger_reader.open_ledger(built_ledger) as connection:
        found = read_parquet_records(export_bytes(connection, CLAIMS, ExportFormat.PARQUET), CLAIMS)
        assert [record["claim_id"] for record in found] == [row[0] for row in exports.table_rows(connection, CLAIMS)]


def test_command_line_offers_every_table_and_format() -> None:
    assert tuple(table.name for table in TABLES) == exporting.TABLES
    assert (*map(str, ExportFormat), "claimreview") == exporting.FORMATS
