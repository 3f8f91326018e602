"""Reading of a review sheet that comes back as an Excel workbook (.xlsx, ECMA-376), without evaluating anything.

The result is the table that `csv_exchange` makes of CSV. A formula is a problem, never a value. Numbers, dates and
truth values come out as Excel would show them, so that `spreadsheet_damage` finds them. Unpacking stops at a limit, and
a file that declares a document type is not parsed. The module needs openpyxl, of the extra `desk`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import openpyxl

from claimledger.errors import Problem
from claimledger.publishing.csv_exchange import CsvTable, TableLimits, size_problem
from claimledger.publishing.spreadsheet_guard import unguard
from claimledger.sheets.sheet_columns import REQUIRED_COLUMNS

MAX_UNPACKED_BYTES = 100_000_000
"""The most bytes of all parts of the file, unpacked."""
MAX_TAGS = 2_000_000
"""The most XML tags of all parts, times the sheets.

Parsing takes up to four seconds per million, and openpyxl begins to read each sheet.
"""
_MOST_PARTS = 200
_CHUNK = 1 << 20
_DECLARED = b"<!DOCTYPE"
_SHEET = b"sheetId"


def read_workbook(content: bytes, limits: TableLimits) -> CsvTable:
    """Return the first sheet with the required columns, or else the first sheet, as a table of cells without guards.

    Problems with the file or with a cell are part of the result.
    """
    try:
        if refusal := _refusal(content):
            return CsvTable((), (), (), (refusal,))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        return _table(_choose_sheet(book.worksheets, limits), limits)
    except Exception as error:  # noqa: BLE001  zipfile, the parser and openpyxl raise almost anything on damaged files
        return CsvTable((), (), (), (Problem("workbook-unreadable", reason=type(error).__name__),))


def _refusal(content: bytes) -> Problem | None:
    """Return why a file is not parsed, or None: it is too large, or it could declare entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            return Problem("workbook-too-large", limit=MAX_UNPACKED_BYTES)
        found = [(part.filename, _scan(archive, part)) for part in parts]
        if any(one.may_declare for name, one in found if name.endswith((".xml", ".rels"))):
            return Problem("workbook-unreadable/document-type")
        if sum(one.tags for _, one in found) * max(1, sum(one.sheets for _, one in found)) > MAX_TAGS:
            return Problem("workbook-too-large/cells", limit=MAX_TAGS)
    return None


class _PartContent(NamedTuple):
    """What is in a part, before it is parsed."""

    may_declare: bool
    """True if it declares a document type, or is not UTF-8, where the search would miss a declaration."""
    tags: int
    """The number of XML tags."""
    sheets: int
    """The number of sheets that it names."""


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> _PartContent:
    may_declare, tags, sheets, before = False, 0, 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            may_declare = may_declare or b"\0" in chunk or _DECLARED in before + chunk
            tags += chunk.count(b"<")
            sheets += (before + chunk).count(_SHEET) - before.count(_SHEET)
            before = chunk[-len(_DECLARED) :]
    return _PartContent(may_declare, tags, sheets)


def _choose_sheet(sheets: Sequence[Any], limits: TableLimits) -> Any:  # noqa: ANN401  a sheet of openpyxl
    named = (
        sheet
        for sheet in sheets
        if set(REQUIRED_COLUMNS) <= {str(cell.value).strip().lower() for cell in _first_row(sheet, limits)}
    )
    return next(named, sheets[0])


def _first_row(sheet: Any, limits: TableLimits) -> Sequence[Any]:  # noqa: ANN401  a sheet of openpyxl
    return next(sheet.iter_rows(max_row=1, max_col=limits.columns), ())


def _table(sheet: Any, limits: TableLimits) -> CsvTable:  # noqa: ANN401  a sheet of openpyxl
    problems: list[Problem] = []
    records = {}
    for number, row in enumerate(sheet.iter_rows(max_col=limits.columns), start=1):
        if refused := size_problem(number, len(row), limits):
            return CsvTable((), (), (), (refused,))
        if any(cells := _cells(number, row, problems)):
            records[number] = cells
    header = records.pop(1, ())
    if not header:
        return CsvTable((), (), (), (Problem("csv-empty", line=1),))
    problems += _long_row_problems(records, len(header))
    rows = (_pad_row(cells, len(header)) for cells in records.values())
    named = [problem if not problem.field else _with_column_name(problem, header) for problem in problems]
    return CsvTable(header, tuple(rows), tuple(records), tuple(named))


def _cells(number: int, row: Sequence[Any], problems: list[Problem]) -> tuple[str, ...]:
    """Return the texts of a row up to its last filled cell; a cell that cannot be text is a problem."""
    texts = []
    for place, cell in enumerate(row):
        read = _cell_text(cell)
        if isinstance(read, Problem):
            problems.append(read.relocate(line=number, field=str(place)))
        texts.append("?" if isinstance(read, Problem) else read)
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _cell_text(cell: Any) -> str | Problem:  # noqa: ANN401  a cell of openpyxl
    if cell.value is None:
        return ""
    shown = _display_text(cell.value, str(cell.number_format))
    return _FORMULA if cell.data_type == "f" else _NO_TEXT if shown is None else shown


_NOT_CODES = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|general')
"""The parts of a number format that are not codes: colours and languages, quoted text."""
_FORMULA = Problem("formula-cell")
_NO_TEXT = Problem("cell-not-text")


def _display_text(value: object, form: str = "General") -> str | None:
    """Return a value as a spreadsheet shows it; a date whose format has no day is a month.

    Whether the first of a month with a time of day was typed as a month is not known.

    >>> [_display_text(value) for value in (True, 13e9, datetime(2023, 4, 25))]
    ['TRUE', '13000000000', '2023-04-25']
    >>> [_display_text(datetime(2023, 4, 1), form) for form in ("MMM-YY", "YYYY-MM-DD", "[$-412]YYYY년 M월")]
    ['2023-04', '2023-04-01', '2023-04']
    """
    match value:
        case str():
            return unguard(value)
        case bool():
            return str(value).upper()
        case int() | float():
            return f"{Decimal(repr(value)).normalize():f}"
        case datetime(hour=0, minute=0, second=0) if value.day != 1 or "h" not in (codes := _format_codes(form)):
            return f"{value:%Y-%m-%d}" if value.day != 1 or "d" in codes else f"{value:%Y-%m}"
        case datetime():
            return value.isoformat(" ", "seconds")
        case _:
            return None


def _format_codes(form: str) -> str:
    return _NOT_CODES.sub("", form.lower())


def _pad_row(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _long_row_problems(records: Mapping[int, tuple[str, ...]], width: int) -> Iterator[Problem]:
    for number, cells in records.items():
        if any(cells[width:]):
            yield Problem("too-many-cells/workbook", line=number, count=len(cells), width=width)


def _with_column_name(problem: Problem, header: Sequence[str]) -> Problem:
    place = int(problem.field)
    return problem.relocate(field=header[place] if place < len(header) else "")
