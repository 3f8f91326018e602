"""Export tables of the ledger as CSV, XLSX, JSON, JSON Lines or Parquet, described by the field table.

Bytes are produced in pieces: at most a few thousand rows are in memory, and a workbook is kept in a temporary folder
until it is complete. Every format has the same rows and columns in the same order, with the same values;
docs/formats.md lists the type of each column per format. Parquet needs pyarrow, from the extra `parquet`.

Amounts are text in Parquet. A decimal128 column has one scale and 38 digits, which is too small for a ledger that has
amounts with thirty digits before the decimal point and twenty after it.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple

from claimledger.errors import LedgerError
from claimledger.publishing.cells import Number
from claimledger.publishing.columns import Column, Table
from claimledger.publishing.csv_exchange import csv_chunks
from claimledger.publishing.tables import TABLES

ExportRows = Iterator[tuple[Any, ...]]

ROWS_PER_BATCH = 2_000
_BYTES_AT_ONCE = 256 * 1024
EXCEL_ROW_LIMIT = 1_048_576
"""The rows of an Excel sheet, including its header."""
EXCEL_CELL_LIMIT = 32_767
"""The UTF-16 code units that fit into an Excel cell."""
_EXACT_DIGITS = 15
"""The significant digits that a spreadsheet keeps of a number."""
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the workbook holds no zone; one time makes equal ledgers equal files
TABLES_BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}


class ExportFormat(StrEnum):
    """A file format for tables."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"

    @property
    def label(self) -> str:
        """The display name, the same in both languages."""
        return _LABELS.get(self, self.upper())


_LABELS: Mapping[ExportFormat, str] = {ExportFormat.JSONL: "JSON Lines", ExportFormat.PARQUET: "Parquet"}


class ExportSelection(NamedTuple):
    """The table and the columns to export."""

    table: str
    columns: Sequence[Column]
    """The columns in the order of a row's cells."""

    @property
    def header(self) -> tuple[str, ...]:
        """The column names."""
        return tuple(column.name for column in self.columns)


class ColumnType(NamedTuple):
    """The type of a column in each format, for the documentation and for Parquet."""

    sql: str
    json: str
    parquet: str
    """The name of a pyarrow type."""
    xlsx: str


COLUMN_TYPES: Mapping[object, ColumnType] = {
    str: ColumnType("TEXT NOT NULL", "string", "string", "text"),
    str | None: ColumnType("TEXT", "string or null", "string", "text, or an empty cell"),
    int: ColumnType("INTEGER NOT NULL", "number", "int64", "number"),
    int | None: ColumnType("INTEGER", "number or null", "int64", "number, or an empty cell"),
    Number: ColumnType(
        "ANY", "number, or a string where no double holds it; null", "string",
        "number, or text where it has more than 15 digits; or an empty cell",
    ),
}  # fmt: skip


class FormatUnavailable(LedgerError):
    """Raised when the package that writes a format is not installed."""

    def __init__(self, form: ExportFormat, extra: str) -> None:
        """Name the format and the extra that provides it."""
        super().__init__(form=form.label, extra=extra)


class TextTooLong(LedgerError):
    """Raised when a text is too long for an Excel cell."""

    def __init__(self, table: str, row: int, column: str, length: int) -> None:
        """Build the message. `row` counts as in a spreadsheet; `length` is in UTF-16 code units."""
        self.row, self.column, self.length = row, column, length
        super().__init__(table=table, row=row, column=column, length=length, limit=EXCEL_CELL_LIMIT)


class TooManyRows(LedgerError):
    """Raised when the rows do not fit into an Excel sheet."""

    def __init__(self, table: str) -> None:
        """Name the table."""
        super().__init__(table=table, limit=EXCEL_ROW_LIMIT - 1)


def table_rows(connection: sqlite3.Connection, table: Table) -> ExportRows:
    """Yield the rows of a table in key order, as plain tuples."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(table.select_sql)
    return cursor


def write_table(target: BinaryIO, connection: sqlite3.Connection, table: Table, form: ExportFormat) -> None:
    """Write a whole table to a binary file, in key order.

    Raises:
        FormatUnavailable, TextTooLong, TooManyRows: as in `export_chunks`; nothing was written.
    """
    target.writelines(export_chunks(table_rows(connection, table), ExportSelection(table.name, table.columns), form))


def export_chunks(rows: ExportRows, chosen: ExportSelection, form: ExportFormat) -> Iterator[bytes]:
    """Yield the bytes of an exported file. CSV is written for spreadsheets, as in `csv_exchange`.

    All exceptions are raised before the first byte.

    Raises:
        FormatUnavailable: the package that writes the format is not installed.
        TextTooLong: a text does not fit into a cell of a workbook.
        TooManyRows: the rows do not fit into a sheet of a workbook.
    """
    check_format_available(form)
    return _WRITERS[form](rows, chosen)


def check_format_available(form: ExportFormat) -> None:
    """Check that a format can be written on this installation.

    Raises:
        FormatUnavailable: the package that writes the format is not installed.
    """
    if form is ExportFormat.PARQUET and find_spec("pyarrow") is None:
        raise FormatUnavailable(form, "parquet")


def available_formats() -> list[ExportFormat]:
    """Return the formats that can be written on this installation."""
    return [form for form in ExportFormat if form is not ExportFormat.PARQUET or find_spec("pyarrow")]


def _csv(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    return csv_chunks(chosen.header, rows)


def _json(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    separator = b"[\n"
    for line in _json_lines(rows, chosen):
        yield separator + line
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def _jsonl(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    return (line + b"\n" for line in _json_lines(rows, chosen))


def _json_lines(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    header = chosen.header
    for row in rows:
        record = dict(zip(header, row, strict=True))
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _batches(rows: ExportRows) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _ByteQueue(io.RawIOBase):
    """A write-only file that passes bytes on: it counts the written bytes and forgets them once they are read."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:  # noqa: ANN401  any buffer
        self._written.append(bytes(some))
        self._position += len(self._written[-1])
        return len(self._written[-1])

    def tell(self) -> int:
        return self._position

    def take(self) -> bytes:
        content = b"".join(self._written)
        self._written.clear()
        return content


def _parquet(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    import pyarrow as arrow  # noqa: PLC0415  of an extra, and slow to import
    from pyarrow import parquet  # noqa: PLC0415

    schema = arrow.schema([_field(arrow, column) for column in chosen.columns], {"table": chosen.table})
    queue = _ByteQueue()
    with parquet.ParquetWriter(queue, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = [
                [_plain_digits(cell) for cell in cells] if column.kind == Number else cells
                for column, cells in zip(chosen.columns, zip(*batch, strict=True), strict=True)
            ]
            arrays = [arrow.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            yield queue.take()
    yield queue.take()


def _field(arrow: ModuleType, column: Column) -> Any:  # noqa: ANN401  pyarrow has no types
    kind = getattr(arrow, COLUMN_TYPES[column.kind].parquet)()
    meaning = {"en": column.meaning.english, "ko": column.meaning.korean}
    return arrow.field(column.name, kind, nullable=not column.is_required, metadata=meaning)


def _plain_digits(cell: Number) -> str | None:
    """Return an amount as plain digits.

    >>> _plain_digits(13000000000), _plain_digits(1e-07), _plain_digits(None)
    ('13000000000', '0.0000001', None)
    """
    return None if cell is None else format(Decimal(str(cell)), "f")


def _xlsx(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    import xlsxwriter  # noqa: PLC0415  imported only where used

    with TemporaryDirectory(prefix="claimledger-xlsx-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "book.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        with _close_workbook(xlsxwriter.Workbook(path, options)) as book:
            book.set_properties({"created": _CREATED})
            bold = book.add_format({"bold": True})
            _fill_sheet(book.add_worksheet(chosen.table), chosen.header, rows, bold)
            meanings = iter([(column.name, column.meaning.english, column.meaning.korean) for column in chosen.columns])
            _fill_sheet(book.add_worksheet("columns · 열"), ("column · 열", "English", "한국어"), meanings, bold)
        with path.open("rb") as file:
            while piece := file.read(_BYTES_AT_ONCE):
                yield piece


@contextmanager
def _close_workbook(book: Any) -> Iterator[Any]:  # noqa: ANN401  XlsxWriter has no types
    """Close a workbook normally at the end; after an exception only close its files, without writing the workbook."""
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()
        raise
    book.close()


def _fill_sheet(sheet: Any, header: Sequence[str], rows: ExportRows, bold: object) -> None:  # noqa: ANN401  XlsxWriter has no types
    for place, name in enumerate(header):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, _column_width(name))
    number = 0
    for number, row in enumerate(rows, start=1):
        if number == EXCEL_ROW_LIMIT:
            raise TooManyRows(sheet.name)
        for place, cell in enumerate(row):
            if isinstance(cell, int | float) and _is_exact(cell):
                sheet.write_number(number, place, cell)
            elif cell is not None:
                sheet.write_string(number, place, _check_length(str(cell), sheet.name, number + 1, header[place]))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, number, len(header) - 1)


def _column_width(name: str) -> int:
    """Return the width of a column in characters, by the end of its name; texts of a sentence get the most.

    >>> [_column_width(name) for name in ("statement_ko", "kind", "verification_status")]
    [48, 14, 23]
    """
    is_text = name.removesuffix("_en").removesuffix("_ko").endswith(_LONG_TEXTS)
    return _WIDE if is_text else max(14, len(name) + 4)


_LONG_TEXTS = (
    "statement",
    "reason",
    "rationale",
    "summary",
    "evidence",
    "headline",
    "title",
    "computed",
    "note",
    "한국어",
    "English",
)
_WIDE = 48


def _is_exact(number: float) -> bool:
    """Return whether a spreadsheet keeps every digit of a number.

    >>> _is_exact(13000000000), _is_exact(40.5), _is_exact(9007199254740993)
    (True, True, False)
    """
    return Decimal(f"{number:.{_EXACT_DIGITS}g}") == Decimal(str(number))


def _check_length(text: str, table: str, row: int, column: str) -> str:
    if (length := len(text.encode("utf-16-le")) // 2) > EXCEL_CELL_LIMIT:
        raise TextTooLong(table, row, column, length)
    return text


_WRITERS: Mapping[ExportFormat, Callable[[ExportRows, ExportSelection], Iterator[bytes]]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.XLSX: _xlsx,
    ExportFormat.JSON: _json,
    ExportFormat.JSONL: _jsonl,
    ExportFormat.PARQUET: _parquet,
}
