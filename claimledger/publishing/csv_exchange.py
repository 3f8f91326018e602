"""Write CSV that spreadsheets open correctly, and read CSV that spreadsheets saved.

Rows become RFC 4180 bytes in pieces of some hundred rows, and such bytes become exact cells plus a list of problems.
Text that is written here and read here stays the same, cell by cell, with or without the guard. A character that the
encoding cannot write is an error. `spreadsheet_guard` decides which cells are guarded.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from claimledger.errors import LedgerError, Problem
from claimledger.publishing.spreadsheet_guard import CELL_START, GUARDED_CELL, guard, unguard


class Encoding(StrEnum):
    """The encoding of a CSV file. The value is the name that Python and people use."""

    codec: str
    mark: bytes
    charset: str

    UTF_8_SIG = "utf-8-sig", "utf-8", codecs.BOM_UTF8, "utf-8"
    """UTF-8 with a byte order mark, by which Excel recognises it."""
    UTF_8 = "utf-8", "utf-8", b"", "utf-8"
    """UTF-8 without a byte order mark, for programs."""
    CP949 = "cp949", "cp949", b"", "windows-949"
    """The Korean Windows code page, for old programs. It has no emoji and few Chinese characters."""
    UTF_16 = "utf-16", "utf-16-le", codecs.BOM_UTF16_LE, "utf-16"
    """UTF-16, little-endian, with a byte order mark: Excel's "Unicode text"."""

    def __new__(cls, value: str, codec: str = "", mark: bytes = b"", charset: str = "") -> Self:
        """Create the member from its name, codec, byte order mark and charset name on the Web."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.codec, member.mark, member.charset = codec, mark, charset
        return member


class Guard(StrEnum):
    """True if cells that a spreadsheet would execute or change get a leading apostrophe."""

    ON = "on"
    """For spreadsheets. The reader removes the apostrophes."""
    OFF = "off"
    """For programs: cells are written and read unchanged."""


class CharacterNotInEncoding(LedgerError):
    """Raised when a cell contains a character that the encoding of the file cannot write."""

    def __init__(self, row: int, column: str, character: str, encoding: Encoding) -> None:
        """Build the message in English and Korean. `row` counts as in a spreadsheet: the header is row 1."""
        self.row, self.column, self.character, self.encoding = row, column, character, encoding
        super().__init__(
            row=row, column=column, encoding=encoding, other=Encoding.UTF_8_SIG,
            character=character.encode(errors="backslashreplace").decode(), code_point=f"U+{ord(character):04X}",
        )  # fmt: skip


ROWS_PER_CHUNK = 128
"""The number of rows in one piece. Larger pieces are slower because the cells no longer fit the processor's cache."""

_MAX_TEXTS, _MAX_LENGTH = 500, 80
"""A column with at most this many different texts, none longer than this, is treated as one with few values."""
_MAX_ARRAYS = 5_000
"""The number of different arrays of cells after which their cache begins again."""
_QUOTED = re.compile('[,"\n\r]')
_SHORTENED = re.compile(r"-?[0-9](?:[.][0-9]+)?E[+-][0-9]{2,}")
"""A number that a spreadsheet abbreviated to scientific notation."""


def csv_chunks(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    guard: Guard = Guard.ON,
    encoding: Encoding = Encoding.UTF_8_SIG,
    widths: Sequence[int] | None = None,
) -> Iterator[bytes]:
    r"""Yield a table as RFC 4180 CSV in pieces. The first piece is the byte order mark and the header.

    A cell is text, a number, None (written like an empty text) or bytes (written in hexadecimal). At most
    `ROWS_PER_CHUNK` rows are in memory at a time. `widths` is the number of columns in each cell of a row, usually 1;
    a cell with more columns is a JSON array of texts, whole numbers and nulls.

    >>> b"".join(csv_chunks(("name", "amount"), [("=바이두", None)], encoding=Encoding.UTF_8)).decode()
    "name,amount\r\n'=바이두,\r\n"

    Raises:
        CharacterNotInEncoding: the encoding cannot write a character; the pieces before it are complete.
        ValueError: a row and the header have different numbers of cells.
    """
    yield encoding.mark + _encode(_header_line(header, guard), [header], header, 1, encoding)
    number = 2
    source = iter(rows)
    columns = [_Column(guard) if width == 1 else _JoinedColumns(guard) for width in widths or [1] * len(header)]
    while block := list(islice(source, ROWS_PER_CHUNK)):
        yield _encode(_format_rows(block, columns), block, header, number, encoding, widths)
        number += len(block)


def write_csv(
    target: BinaryIO,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    guard: Guard = Guard.ON,
    encoding: Encoding = Encoding.UTF_8_SIG,
) -> None:
    """Write a table as RFC 4180 CSV to a binary file; see `csv_chunks`.

    Raises:
        CharacterNotInEncoding: the encoding cannot write a character; the file is incomplete.
        ValueError: a row and the header have different numbers of cells.
    """
    target.writelines(csv_chunks(header, rows, guard=guard, encoding=encoding))


def _header_line(header: Sequence[str], guard_mode: Guard) -> str:
    """Return the header line. More names than necessary are quoted, so that readers detect the right delimiter."""
    names = [guard(name) for name in header] if guard_mode is Guard.ON else header
    return ",".join(name if re.fullmatch('[^,;\t"\r\n\ufeff]+', name) else _quote(name) for name in names) + "\r\n"


def _format_rows(block: Sequence[Sequence[object]], columns: Sequence[_Column | _JoinedColumns]) -> str:
    """Return some rows as CSV. They are made by column, because one search per column replaces one per cell."""
    if len(block[0]) != len(columns):
        raise ValueError(f"a row has {len(block[0])} cells, the header {len(columns)}")
    made = [column.csv(cells) for column, cells in zip(columns, zip(*block, strict=True), strict=True)]
    if len(columns) == 1 and isinstance(columns[0], _Column):  # an empty line would be no row at all
        made = [[cell or '""' for cell in made[0]]]
    return "\r\n".join(map(",".join, zip(*made, strict=True))) + "\r\n"


class _Column:
    """A writer for the cells of one column. It caches the cells of columns with few different texts."""

    def __init__(self, guard_mode: Guard) -> None:
        self._guard_mode = guard_mode
        self._cache: dict[object, str] = {}
        self._has_few_texts = True

    def csv(self, cells: Sequence[object]) -> Sequence[str]:
        if not self._has_few_texts:
            return self._format_cells(cells)
        try:
            return [self._cache[cell] for cell in cells]
        except (KeyError, TypeError):
            made = self._format_cells(cells)
            self._store(cells, made)
            return made

    def _store(self, cells: Sequence[object], made: Sequence[str]) -> None:
        """Cache the written cells, unless they are too many, too long, or numbers (because 1 equals 1.0)."""
        self._cache.update(zip(cells, made, strict=True))
        is_text = {str, type(None)}.issuperset(map(type, cells))
        self._has_few_texts = is_text and len(self._cache) <= _MAX_TEXTS and max(map(len, made)) <= _MAX_LENGTH

    def _format_cells(self, cells: Sequence[object]) -> Sequence[str]:
        texts, joined = _join_cells(cells)
        if self._guard_mode is Guard.ON and GUARDED_CELL.search(joined):
            texts = [guard(text) for text in texts]
        if "," in joined or '"' in joined or "\n" in joined or "\r" in joined:
            texts = [_quote(t) if "," in t or '"' in t or "\n" in t or "\r" in t else t for t in texts]
        return texts


class _JoinedColumns:
    """A writer for the cells of adjacent columns, which come as one JSON array. It caches the arrays that it wrote."""

    def __init__(self, guard_mode: Guard) -> None:
        self._guard_mode = guard_mode
        self._cache: dict[object, str] = {}

    def csv(self, cells: Sequence[object]) -> Sequence[str]:
        try:
            return [self._cache[cell] for cell in cells]
        except KeyError:
            if len(self._cache) > _MAX_ARRAYS:
                self._cache.clear()
            self._cache |= {cell: self._format_array(str(cell)) for cell in set(cells) if cell not in self._cache}
            return [self._cache[cell] for cell in cells]

    def _format_array(self, array: str) -> str:
        texts = ["" if cell is None else str(cell) for cell in json.loads(array)]
        if self._guard_mode is Guard.ON:
            texts = [guard(text) for text in texts]
        return ",".join(_quote(text) if _QUOTED.search(text) else text for text in texts)


def _join_cells(cells: Sequence[object]) -> tuple[Sequence[str], str]:
    """Return the cells of a column as texts, and the same texts as one string."""
    try:
        return cells, CELL_START + CELL_START.join(cells)  # type: ignore[return-value, arg-type]  # all are text, or:
    except TypeError:
        texts = [c if isinstance(c, str) else "" if c is None else _TO_TEXT.get(type(c), _refuse)(c) for c in cells]
        return texts, CELL_START + CELL_START.join(texts)


def _refuse(cell: object) -> str:
    raise TypeError(f"a cell is text, a number, bytes or None, not {type(cell).__name__}")


_TO_TEXT: Mapping[type, Callable[[Any], str]] = {int: str, float: str, Decimal: "{:f}".format, bytes: bytes.hex}


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _encode(
    text: str,
    block: Sequence[Sequence[object]],
    header: Sequence[str],
    number: int,
    encoding: Encoding,
    widths: Sequence[int] | None = None,
) -> bytes:
    """Return the text of a block of rows as bytes. `number` is the number of its first row."""
    try:
        return text.encode(encoding.codec)
    except UnicodeEncodeError:
        rows = [_separate(row, widths) for row in block] if widths else block
        raise _encoding_error(rows, header, number, encoding) from None


def _separate(row: Sequence[object], widths: Sequence[int]) -> Sequence[object]:
    """Return the single cells of a row with joined cells."""
    parts = [[cell] if width == 1 else json.loads(str(cell)) for cell, width in zip(row, widths, strict=True)]
    return list(chain.from_iterable(parts))


def _encoding_error(
    block: Sequence[Sequence[object]], header: Sequence[str], number: int, encoding: Encoding
) -> CharacterNotInEncoding:
    for row, cells in enumerate(block, start=number):
        for column, cell in zip(header, cells, strict=True):
            try:
                str(cell).encode(encoding.codec)
            except UnicodeEncodeError as error:
                return CharacterNotInEncoding(row, column, error.object[error.start], encoding)
    raise AssertionError("the block was encoded after all")


class TableLimits(NamedTuple):
    """The size up to which a table is read; reading stops where it is exceeded."""

    rows: int
    """The most rows, with the header; in CSV, rows without content do not count."""
    columns: int
    """The most cells of a row."""


class CsvTable(NamedTuple):
    """A table read from CSV: exact cells without their guards, and the problems of the file."""

    header: tuple[str, ...]
    """The column names. Empty if the file could not be read as CSV."""
    rows: tuple[tuple[str, ...], ...]
    """The rows that fit the header. NULL was written as an empty text and is read as one."""
    numbers: tuple[int, ...]
    """The number of each row as in a spreadsheet: the header is row 1, and blank lines count."""
    problems: tuple[Problem, ...]
    """The problems of the file. `line` is a row number."""


def read_csv(
    source: Path | bytes,
    *,
    guard: Guard = Guard.ON,
    encoding: Encoding | None = None,
    limits: TableLimits | None = None,
) -> CsvTable:
    r"""Read a CSV file, or its bytes, as written by `csv_chunks` or a spreadsheet.

    The encoding is detected (UTF-8 or UTF-16 by byte order mark, else UTF-8, else CP949) unless `encoding` is given;
    the delimiter is detected too (comma, semicolon or tab). With `Guard.OFF` cells are read unchanged. Missing cells at
    the end of a row become empty, because Excel sometimes leaves them out; superfluous empty cells are dropped.

    >>> read_csv("name,note\r\n바이두,'=1+1\r\n".encode()).rows
    (('바이두', '=1+1'),)
    """
    file, content = (source.name, source.read_bytes()) if isinstance(source, Path) else ("", source)
    try:
        records, problems = _records(_decode(content, encoding), file, limits)
    except UnicodeDecodeError as error:
        return CsvTable((), (), (), (_decoding_problem(file, error),))
    if any(problem.code == "table-too-large" for problem in problems):
        return CsvTable((), (), (), tuple(problems))
    numbers = list(records)
    header = _header(records[numbers[0]], guard) if numbers else ()
    if not header:
        problems.append(Problem("csv-empty", file=file, line=1))
        return CsvTable((), (), (), tuple(problems))
    problems += _repeated_names(header, file)
    rows = {}
    for number in numbers[1:]:
        if any(records[number][len(header) :]):
            problems.append(_too_many_cells(file, number, len(records[number]), len(header)))
            continue
        rows[number] = _row(records[number], len(header), guard)
        problems += _shortened_numbers(records[number], header, file, number) if guard is Guard.ON else ()
    return CsvTable(header, tuple(rows.values()), tuple(rows), tuple(problems))


def _decode(content: bytes, encoding: Encoding | None) -> str:
    if encoding:
        return content.decode(encoding.codec).removeprefix("\ufeff")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content.startswith(codecs.BOM_UTF8):
            raise
        return content.decode(Encoding.CP949)


def _records(text: str, file: str, limits: TableLimits | None) -> tuple[dict[int, list[str]], list[Problem]]:
    """Return the records that are not blank lines, by row number, and the problem that ended the reading early."""
    records: dict[int, list[str]] = {}
    number = filled = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            number += 1
            filled += any(record)
            if limits and (refused := size_problem(filled, len(record), limits)):
                return records, [refused.relocate(file=file, line=number)]
            if record:
                records[number] = record
    except csv.Error as fault:
        return records, [Problem("csv-malformed", file=file, line=number + 1, reason=str(fault))]
    return records, []


def size_problem(row: int, cells: int, limits: TableLimits) -> Problem | None:
    """Return the problem of a row that is beyond the limits of a table, by its number and its cells."""
    if row > limits.rows:
        return Problem("table-too-large/rows", line=row, limit=limits.rows)
    if cells > limits.columns:
        return Problem("table-too-large/columns", line=row, count=cells, limit=limits.columns)
    return None


def _delimiter(text: str) -> str:
    """Return the most frequent delimiter outside quotation marks in the first line, or a comma if there is none."""
    first = re.match(r'(?:[^"\r\n]|"[^"]*")*', text)
    unquoted = re.sub('"[^"]*"', "", first[0]) if first else ""
    return max(",;\t", key=unquoted.count)


def _header(record: Sequence[str], guard_mode: Guard) -> tuple[str, ...]:
    names = list(_row(record, len(record), guard_mode))
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _row(record: Sequence[str], width: int, guard_mode: Guard) -> tuple[str, ...]:
    cells = [*record[:width], *[""] * (width - len(record))]
    return tuple([unguard(cell) for cell in cells] if guard_mode is Guard.ON else cells)


def _repeated_names(header: Sequence[str], file: str) -> Iterator[Problem]:
    for name in (name for name, count in Counter(header).items() if count > 1):
        yield Problem("column-repeated", file=file, line=1, field=name, name=name)


def _too_many_cells(file: str, number: int, found: int, width: int) -> Problem:
    return Problem("too-many-cells", file=file, line=number, count=found, width=width)


def _shortened_numbers(record: Sequence[str], header: Sequence[str], file: str, number: int) -> Iterator[Problem]:
    for name, cell in zip(header, record, strict=False):
        if _SHORTENED.fullmatch(cell):
            yield Problem("number-shortened", file=file, line=number, field=name, cell=cell)


def _decoding_problem(file: str, fault: UnicodeDecodeError) -> Problem:
    line = fault.object[: fault.start].count(b"\n") + 1
    return Problem("encoding-unknown", file=file, line=line, encoding=fault.encoding)
