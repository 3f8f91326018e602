"""Read the rows of an archive of past checks: CSV, TSV, Excel workbooks, JSON, JSON Lines and ClaimReview.

A row is a map of column names to texts, with its number in the file. Rows are read one after the other, so that memory
does not grow with the file. A ClaimReview becomes a row with the columns of `REVIEW_COLUMNS`.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, NamedTuple

from claimledger.errors import LedgerError
from claimledger.foreign_reviews import stream_claim_reviews
from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.foreign_reviews.json_stream import stream_json_values
from claimledger.intake.encodings import decode
from claimledger.models import ClaimReview

REVIEW_COLUMNS = (
    "claim", "speaker", "said_on", "rating", "rating_scale", "publisher", "address", "checked_on", "language",
    "headline", "summary",
)  # fmt: skip
"""The columns of a row that was a ClaimReview; they are the fields of an earlier check."""
_MAX_UNPACKED = 2_000_000_000
"""The most bytes of all parts of a workbook, unpacked."""
_CHUNK = 1 << 20
_DELIMITERS = ",\t;|"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
csv.field_size_limit(1 << 24)


class CheckTableUnreadable(LedgerError):
    """Raised when a file of past checks cannot be read; nothing was stored."""

    def __init__(self, variant: str, file: Path, reason: str = "") -> None:
        """Name the file; `variant` says what is wrong with it."""
        super().__init__(variant, file=str(file), reason=reason)


class ArchiveRow(NamedTuple):
    """A row of a file."""

    number: int
    """The number as a spreadsheet counts: the header is row 1. In other files, the number of the record."""
    cells: Mapping[str, str]
    """The texts by column; empty cells are left out."""
    notes: Sequence[ImportNote] = ()
    """The notes on what a ClaimReview lost when it was read."""


def read_rows(file: Path, *, has_header: bool = True) -> Iterator[ArchiveRow]:
    """Yield the rows of a file. Without a header, the columns are called "column 1" and so on.

    Raises:
        CheckTableUnreadable: the file has another format, or is damaged from some row on.
    """
    suffix = file.suffix.lower()
    try:
        if suffix in (".csv", ".tsv", ".txt", ".tab"):
            yield from _text_rows(file, has_header=has_header)
        elif suffix in (".xlsx", ".xlsm"):
            yield from _table_rows(_workbook_records(file), has_header=has_header)
        elif suffix in (".json", ".jsonl", ".ndjson", ".html", ".htm"):
            yield from _review_rows(file) if has_claim_reviews(file) else _json_rows(file)
        else:
            raise CheckTableUnreadable("format", file, suffix or "–")
    except (csv.Error, UnicodeError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise CheckTableUnreadable("damaged", file, f"{type(error).__name__}: {error}") from error


def has_claim_reviews(file: Path) -> bool:
    """Return whether a file of JSON, or a page, has a ClaimReview at its beginning."""
    if file.suffix.lower() not in (".json", ".jsonl", ".ndjson", ".html", ".htm"):
        return False
    with file.open("rb") as stream:
        beginning = stream.read(_CHUNK)
    names = (b'"ClaimReview"', b'/ClaimReview"', b'"claimReviewMarkups"', b'"claimReview"')
    return any(name in beginning for name in names)


def _text_rows(file: Path, *, has_header: bool) -> Iterator[ArchiveRow]:
    with _open_text(file) as stream:
        first = stream.readline()
        delimiter = "\t" if file.suffix.lower() in (".tsv", ".tab") else max(_DELIMITERS, key=first.count)
        stream.seek(0)
        has_quotes = delimiter != "\t" or not _is_plain_tsv(file)
        form = csv.excel if has_quotes else _WithoutQuotes
        yield from _table_rows(csv.reader(stream, form, delimiter=delimiter), has_header=has_header)


class _WithoutQuotes(csv.excel):
    """A form in which quotation marks are text."""

    quoting = csv.QUOTE_NONE


def _is_plain_tsv(file: Path) -> bool:
    """Return whether quotation marks in a file with tabs are text.

    They are if no cell both begins and ends with one, or if a cell in quotation marks would contain whole rows.
    """
    with _open_text(file) as stream:
        cells = (cell.strip("\r\n") for line in stream for cell in line.split("\t"))
        if not any(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells):
            return True
    with _open_text(file) as stream:
        return any("\t" in cell and "\n" in cell for row in csv.reader(stream, csv.excel_tab) for cell in row)


@contextmanager
def _open_text(file: Path) -> Iterator[IO[str]]:
    """Open a file of text in its encoding, which is found from its bytes."""
    with file.open("rb") as stream:
        mark = stream.read(3)
    encoding = next((name for start, name in _MARKS.items() if mark.startswith(start)), "")
    if not encoding:
        encoding = "utf-8" if _is_utf_8(file) else decode(file.read_bytes(), file.name).encoding
    with file.open(encoding=encoding, newline="") as text:
        yield text


def _is_utf_8(file: Path) -> bool:
    with suppress(UnicodeDecodeError), file.open(encoding="utf-8", newline="") as stream:
        while stream.read(_CHUNK):
            pass
        return True
    return False


def _table_rows(records: Iterable[Sequence[str]], *, has_header: bool) -> Iterator[ArchiveRow]:
    """Yield rows of cells by the names of the header; a name that is empty or repeated gets its number."""
    names: list[str] = []
    for number, record in enumerate(records, start=1):
        if number == 1 and has_header:
            names = _unique_names(record)
            continue
        if len(record) > len(names):
            names += [f"column {place}" for place in range(len(names) + 1, len(record) + 1)]
        cells = {name: cell for name, cell in zip(names, record, strict=False) if cell.strip()}
        if cells:
            yield ArchiveRow(number, cells)


def _unique_names(header: Sequence[str]) -> list[str]:
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        names.append(f"{name} ({place})" if name in names else name)
    return names


def _workbook_records(file: Path) -> Iterator[list[str]]:
    """Yield the rows of the first sheet, with cells as a spreadsheet shows them; of a formula, its result."""
    try:
        import openpyxl  # noqa: PLC0415  of the extra `desk`
    except ImportError as error:
        raise CheckTableUnreadable("no-workbooks", file) from error
    _refuse_workbook(file)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell_text(value) for value in row]


def _refuse_workbook(file: Path) -> None:
    """Refuse a workbook that is not one, is too large when unpacked, or declares a document type.

    Raises:
        CheckTableUnreadable: it is such a file.
    """
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
            raise CheckTableUnreadable("too-large", file)
        for part in archive.infolist():
            with archive.open(part) as stream:
                beginning = stream.read(_CHUNK)
            if part.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in beginning or b"\0" in beginning):
                raise CheckTableUnreadable("damaged", file, "document type")


def _cell_text(value: object) -> str:
    """Return a cell as a spreadsheet shows it.

    >>> [_cell_text(one) for one in (None, True, 3.0, 2.5, datetime(2031, 4, 7), "거짓")]
    ['', 'TRUE', '3', '2.5', '2031-04-07', '거짓']
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def _json_rows(file: Path) -> Iterator[ArchiveRow]:
    """Yield the maps of a file of JSON or JSON Lines, the values of inner maps under dotted names."""
    for number, value in enumerate(stream_json_values(file), start=1):
        if isinstance(value, Mapping):
            yield ArchiveRow(number, {name: text for name, text in _flat_values(value, "") if text.strip()})
        else:
            yield ArchiveRow(number, {}, (ImportNote(number, "not-a-map", "", str(value)[:300]),))


def _flat_values(value: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _flat_values(inner, f"{before}{name}.")
        elif isinstance(inner, list):
            maps = [one for one in inner if isinstance(one, Mapping)]
            yield f"{before}{name}", "; ".join(str(one) for one in inner if not isinstance(one, Mapping | list | None))
            yield from _flat_values(maps[0], f"{before}{name}.1.") if maps else ()
            yield f"{before}{name} (more)", f"{len(maps) - 1}" if len(maps) > 1 else ""
        elif inner is not None:
            yield f"{before}{name}", str(inner).lower() if isinstance(inner, bool) else str(inner)


def _review_rows(file: Path) -> Iterator[ArchiveRow]:
    for number, review, notes in stream_claim_reviews(file):
        yield ArchiveRow(number, _review_cells(review) if review else {}, notes)


def _review_cells(review: ClaimReview) -> Mapping[str, str]:
    rating = review.rating
    bounds = f"{rating.worst}–{rating.best}" if rating and rating.best and rating.worst else ""
    reviewer = review.reviewer
    values = {
        "claim": review.claim, "said_on": review.claimed_on, "rating": rating and (rating.label or rating.value),
        "rating_scale": bounds, "publisher": reviewer and (reviewer.name or reviewer.address),
        "speaker": ", ".join(one.name for one in review.claimants if one.name), "address": review.url,
        "checked_on": review.reviewed_on, "language": review.language, "headline": review.title,
        "summary": review.body,
    }  # fmt: skip
    return {name: text for name, text in values.items() if text}
