"""The review sheet: export of claims as CSV for a spreadsheet, and reading of the returned file.

A cell that was exported is read back unchanged. Reading returns the rows and every problem of the file at once.
`merge` decides what a row changes; this module knows no ledger.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem
from claimledger.messages import NOTHING, Value, did_you_mean, find_similar
from claimledger.publishing.csv_exchange import CsvTable, Encoding, TableLimits, csv_chunks, read_csv
from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, SHEET_HEADER, REQUIRED_COLUMNS, ReviewRow, row_cells
from claimledger.sheets.spreadsheet_damage import quote_cell, tidy_cell
from claimledger.scalars import CLAIM_ID


class Delimiter(StrEnum):
    """The character between the cells of a row."""

    COMMA = ","
    SEMICOLON = ";"
    """For settings in which the comma is the decimal sign."""
    TAB = "\t"
    """With UTF-16, Excel's "Unicode text"."""


SHEET_LIMITS = TableLimits(rows=10_000, columns=256)
"""The largest sheet that is read, which has more columns than the review sheet; its plan takes about five seconds."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the returned sheet."""

    number: int
    """The row's number as a spreadsheet shows it: the header is row 1."""
    claim_id: str
    revision: int | None
    """The public revision that it showed, or None for a draft."""
    cells: Mapping[str, str]
    """Column to cell, without its guard; columns that the file does not have are missing."""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """The content of a returned file, and its problems."""

    name: str
    """The name of the file in messages."""
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()
    """The problems, with the row number in `line`; any of them prevents the import."""
    notices: tuple[Problem, ...] = ()
    """The repairs that were made; they do not stop the import."""


def sheet_rows(claims: Iterable[ReviewRow]) -> Iterator[tuple[str, ...]]:
    """Yield a row of cells for each claim, in the order of `SHEET_HEADER`."""
    return map(row_cells, claims)


def sheet_bytes(
    claims: Iterable[ReviewRow],
    *,
    encoding: Encoding = Encoding.UTF_8_SIG,
    delimiter: Delimiter = Delimiter.COMMA,
) -> bytes:
    """Return the sheet as CSV, guarded against formulas.

    Raises:
        CharacterNotInEncoding: the encoding lacks a character at the named row and column.
    """
    content = b"".join(csv_chunks(SHEET_HEADER, sheet_rows(claims), encoding=encoding))
    return content if delimiter is Delimiter.COMMA else _change_delimiter(content, encoding, delimiter)


def _change_delimiter(content: bytes, encoding: Encoding, delimiter: Delimiter) -> bytes:
    text = content[len(encoding.mark) :].decode(encoding.codec)
    target = io.StringIO(newline="")
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.writer(target, delimiter=delimiter.value).writerows(records)
    return encoding.mark + target.getvalue().encode(encoding.codec)


def read_sheet(content: bytes, name: str, *, encoding: Encoding | None = None) -> SheetContent:
    """Read a sheet that a spreadsheet saved as CSV or as a workbook; encoding and delimiter are detected.

    `name` is the name of the file in messages. Columns may be in any order, and missing columns change nothing.
    """
    is_workbook = content.startswith(b"PK\x03\x04")
    table = _workbook(content) if is_workbook else read_csv(content, encoding=encoding, limits=SHEET_LIMITS)
    header = tuple(_column_name(cell) for cell in table.header)
    if header and not set(header) & set(SHEET_COLUMNS_BY_NAME):
        return SheetContent(name, (), (_NOT_A_SHEET.relocate(file=name),))
    if "permalink" in header and _lacks_required_columns(header):
        return SheetContent(name, (), (_FLAT_TABLE.relocate(file=name),))
    problems = [problem.relocate(file=name) for problem in table.problems if problem.code not in _HANDLED_LATER]
    problems += _header_problems(header, name) if header else ()
    if not table.header or _lacks_required_columns(header):
        return SheetContent(name, (), tuple(problems))
    reading = _RowReader(name, problems)
    rows = tuple(reading.rows(table, header))
    return SheetContent(name, rows, tuple(sorted(problems, key=_row_number)), tuple(reading.notices))


def _workbook(content: bytes) -> CsvTable:
    try:
        from claimledger.sheets.workbook_reader import read_workbook  # noqa: PLC0415  needs the extra `desk`
    except ImportError:
        return CsvTable((), (), (), (Problem("workbook-not-csv"),))
    return read_workbook(content, SHEET_LIMITS)


_NOT_A_SHEET = Problem("not-a-sheet")
_FLAT_TABLE = Problem("not-a-sheet/flat")
_HANDLED_LATER = frozenset({"column-repeated", "number-shortened"})
"""The codes of general CSV problems that later checks report in more detail."""


def _row_number(problem: Problem) -> int:
    return problem.line or 0


def _column_name(cell: str) -> str:
    return tidy_cell(cell)[0].lower().replace(" ", "_")


def _lacks_required_columns(header: tuple[str, ...]) -> bool:
    return not set(REQUIRED_COLUMNS) <= set(header)


def _header_problems(header: tuple[str, ...], file: str) -> Iterator[Problem]:
    for name in REQUIRED_COLUMNS:
        if name not in header:
            yield Problem("column-missing", file=file, line=1, field=name, name=name)
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield Problem("column-repeated", file=file, line=1, field=name, name=name)
        if name not in SHEET_COLUMNS_BY_NAME:
            yield _unknown_column(name, file)


def _unknown_column(name: str, file: str) -> Problem:
    if not name:
        return Problem("column-unknown/no-name", file=file, line=1)
    near = did_you_mean(find_similar(name, SHEET_HEADER, 1))
    return Problem("column-unknown", file=file, line=1, field=name, name=quote_cell(name), near=near)


class _RowReader:
    """The reading of the rows of one file."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._seen: dict[str, int] = {}
        self.notices: list[Problem] = []

    def rows(self, table: CsvTable, header: tuple[str, ...]) -> Iterator[SheetRow]:
        for number, record in zip(table.numbers, table.rows, strict=True):
            if any(cell.strip() for cell in record):
                cells = {name: _normalize_line_ends(cell) for name, cell in zip(header, record, strict=True)}
                claim_id, revision = self._claim_id(number, cells), self._revision(number, cells["revision"])
                if claim_id and revision is not None and self._is_new(number, claim_id):
                    yield SheetRow(number, claim_id, revision or None, cells)

    def _claim_id(self, number: int, cells: Mapping[str, str]) -> str:
        """Return the claim's identifier, or an empty string if the cell contains none."""
        cell = cells["claim_id"]
        claim_id = tidy_cell(cell)[0].lower().translate(_HYPHENS)
        if not claim_id:
            self._problem("claim-id-missing", number, "claim_id")
        elif not re.fullmatch(CLAIM_ID, claim_id):
            self._problem("claim-id-unreadable", number, "claim_id", cell=quote_cell(cell))
            return ""
        elif claim_id != cell:
            self._notice("claim-id-rewritten", number, "claim_id", cell=quote_cell(cell), read=claim_id)
        return claim_id

    def _revision(self, number: int, cell: str) -> int | None:
        """Return the revision, 0 if the cell is empty, or None if it contains something else."""
        tidy = tidy_cell(cell)[0].removeprefix("'")
        found = _ORDINAL.fullmatch(tidy)
        if tidy and not found:
            self._problem("revision-unreadable", number, "revision", cell=quote_cell(cell))
            return None
        revision = int(found[1].replace(",", "")) if found else 0
        if cell != (str(revision) if found else ""):
            self._notice("revision-rewritten", number, "revision", cell=quote_cell(cell), read=revision or NOTHING)
        return revision

    def _is_new(self, number: int, claim_id: str) -> bool:
        first = self._seen.setdefault(claim_id, number)
        if first != number:
            self._problem("row-repeated", number, "claim_id", name=claim_id, first=first)
        return first == number

    def _problem(self, key: str, row: int, column: str, **values: Value) -> None:
        self._problems.append(Problem(key, file=self._file, line=row, field=column, **values))

    def _notice(self, key: str, row: int, column: str, **values: Value) -> None:
        self.notices.append(Problem(key, file=self._file, line=row, field=column, **values))


_HYPHENS = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_ORDINAL = re.compile("([1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2})(?:[.,]0+)?")


def _normalize_line_ends(cell: str) -> str:
    """Return a cell with the line ends of the records (LF); no exported cell has others."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")
