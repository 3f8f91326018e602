"""The review sheet: export of claims as CSV for a spreadsheet, and reading of the returned file.

A cell that was exported is read back unchanged. Reading returns the rows and every problem of the file at once.
`review_merge` decides what a row changes; this module knows no ledger.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

from claimledger.errors import Problem
from claimledger.publishing.csv_exchange import CsvTable, Encoding, csv_chunks, read_csv
from claimledger.sheets.sheet_columns import BY_NAME, HEADER, REQUIRED, ReviewRow, cells_of
from claimledger.sheets.spreadsheet_damage import shown, tidied
from claimledger.scalars import CLAIM_ID


class Delimiter(StrEnum):
    """The character between the cells of a row."""

    COMMA = ","
    SEMICOLON = ";"
    """For settings in which the comma is the decimal sign."""
    TAB = "\t"
    """With UTF-16, Excel's "Unicode text"."""


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
class SheetRead:
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
    return map(cells_of, claims)


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
    content = b"".join(csv_chunks(HEADER, sheet_rows(claims), encoding=encoding))
    return content if delimiter is Delimiter.COMMA else _change_delimiter(content, encoding, delimiter)


def _change_delimiter(content: bytes, encoding: Encoding, delimiter: Delimiter) -> bytes:
    text = content[len(encoding.mark) :].decode(encoding.codec)
    target = io.StringIO(newline="")
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.writer(target, delimiter=delimiter.value).writerows(records)
    return encoding.mark + target.getvalue().encode(encoding.codec)


def write_csv(
    target: BinaryIO,
    claims: Iterable[ReviewRow],
    *,
    encoding: Encoding = Encoding.UTF_8_SIG,
    delimiter: Delimiter = Delimiter.COMMA,
) -> None:
    """Write the sheet as CSV to a binary file; see `sheet_bytes`.

    Raises:
        CharacterNotInEncoding: the encoding lacks a character. Nothing was written.
    """
    target.write(sheet_bytes(claims, encoding=encoding, delimiter=delimiter))


def read_sheet(content: bytes, name: str, *, encoding: Encoding | None = None) -> SheetRead:
    """Read a sheet that a spreadsheet saved as CSV or as a workbook; encoding and delimiter are detected.

    `name` is the name of the file in messages. Columns may be in any order, and missing columns change nothing.
    """
    table = _workbook(content) if content.startswith(b"PK\x03\x04") else read_csv(content, encoding=encoding)
    header = tuple(_column_name(cell) for cell in table.header)
    if header and not set(header) & set(BY_NAME):
        return SheetRead(name, (), (replace(_NOT_A_SHEET, file=name),))
    problems = [replace(problem, file=name) for problem in table.problems if problem.code not in _HANDLED_LATER]
    problems += _header_problems(header, name) if header else ()
    if not table.header or _lacks_required_columns(header):
        return SheetRead(name, (), tuple(problems))
    reader = _RowReader(name, problems)
    rows = tuple(reader.rows(table, header))
    return SheetRead(name, rows, tuple(sorted(problems, key=_row_number)), tuple(reader.notices))


def _workbook(content: bytes) -> CsvTable:
    try:
        from claimledger.sheets.workbook_reader import read_workbook  # noqa: PLC0415  needs the extra `desk`
    except ImportError:
        sentence = "The file is a workbook, and what reads it is not installed (the extra 'desk')."
        return CsvTable((), (), (), (Problem("workbook-not-csv", sentence, "Save it as 'CSV UTF-8' first."),))
    return read_workbook(content)


_NOT_A_SHEET = Problem(
    "not-a-sheet", "None of its columns is one of a review sheet.", "Upload a sheet that was exported here."
)
_HANDLED_LATER = frozenset({"column-repeated", "number-shortened"})
"""The codes of general CSV problems that later checks report in more detail."""


def _row_number(problem: Problem) -> int:
    return problem.line or 0


def _column_name(cell: str) -> str:
    return tidied(cell)[0].lower().replace(" ", "_")


def _lacks_required_columns(header: tuple[str, ...]) -> bool:
    return not set(REQUIRED) <= set(header)


def _header_problems(header: tuple[str, ...], file: str) -> Iterator[Problem]:
    for name in REQUIRED:
        if name not in header:
            sentence = f"The column '{name}' is missing, by which rows are known."
            yield Problem("column-missing", sentence, "Put it back from the sheet as it was given out.", file, 1, name)
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            remedy = "Rename or remove one."
            yield Problem("column-repeated", f"Two columns are named '{name}'.", remedy, file, 1, name)
        if name not in BY_NAME:
            yield _unknown_column(name, file)


def _unknown_column(name: str, file: str) -> Problem:
    near = difflib.get_close_matches(name, HEADER, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    what = f"There is no column {shown(name)}." if name else "A column has cells but no name."
    return Problem("column-unknown", f"{what}{hint}", "Mend its name, or take the column out.", file, 1, name)


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
        claim_id = tidied(cell)[0].lower().translate(_HYPHENS)
        if not claim_id:
            sentence = "The row does not say which claim it is."
            self._problem("claim-id-missing", sentence, "Put the name back, or take the row out.", number, "claim_id")
        elif not re.fullmatch(CLAIM_ID, claim_id):
            sentence = f"{shown(cell)} is no claim's name."
            self._problem("claim-id-unreadable", sentence, "Put back the name given out.", number, "claim_id")
            return ""
        elif claim_id != cell:
            sentence = f"The spreadsheet wrote the claim's name as {shown(cell)}."
            self._notice("claim-id-rewritten", sentence, f"It was read as {claim_id}.", number, "claim_id")
        return claim_id

    def _revision(self, number: int, cell: str) -> int | None:
        """Return the revision, 0 if the cell is empty, or None if it contains something else."""
        tidy = tidied(cell)[0].removeprefix("'")
        found = _ORDINAL.fullmatch(tidy)
        if tidy and not found:
            sentence = f"{shown(cell)} is no revision's number."
            remedy = "Put back the number given out; leave it empty for a draft that was given out without one."
            self._problem("revision-unreadable", sentence, remedy, number, "revision")
            return None
        revision = int(found[1].replace(",", "")) if found else 0
        if cell != (str(revision) if found else ""):
            sentence = f"The spreadsheet wrote the revision as {shown(cell)}."
            self._notice("revision-rewritten", sentence, f"It was read as {revision or 'none'}.", number, "revision")
        return revision

    def _is_new(self, number: int, claim_id: str) -> bool:
        first = self._seen.setdefault(claim_id, number)
        if first != number:
            sentence = f"{claim_id} stands in row {first} too."
            self._problem("row-repeated", sentence, "Keep one of the two rows.", number, "claim_id")
        return first == number

    def _problem(self, code: str, sentence: str, remedy: str, row: int, column: str) -> None:
        self._problems.append(Problem(code, sentence, remedy, self._file, row, column))

    def _notice(self, code: str, sentence: str, remedy: str, row: int, column: str) -> None:
        self.notices.append(Problem(code, sentence, remedy, self._file, row, column))


_HYPHENS = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_ORDINAL = re.compile("([1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2})(?:[.,]0+)?")


def _normalize_line_ends(cell: str) -> str:
    """Return a cell with the line ends of the records (LF); no exported cell has others."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")
