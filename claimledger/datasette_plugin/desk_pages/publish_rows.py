"""The public rows of one record on the publish page: a summary, its history as one table, and its other rows folded.

Columns that only programs need, such as hashes, are left out. Every row is counted for the record it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claimledger.article import words_after
from claimledger.datasette_plugin.desk_pages.column_labels import cell_label
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk.lookups import WaitingRecord
from claimledger.publishing.row_changes import CellChange, RowChange
from claimledger.publishing.tables import TABLES
from claimledger.vocabulary import RevisionKind

_HISTORY, _LOG = "history", "revision"
_FINGERPRINTS = frozenset({"fact_en", "fact_ko"})
_FINGERPRINT_ENDING = "sha256"
"""Columns, and an ending of column names, with fingerprints of a fact or text by which programs recognise equal
ones.
"""
_KEYS = {table.name: table.key for table in TABLES}
_SUMMARY_CHANGES = 3
_LONGEST_VALUE = 80
"""The number of changes in a summary, and the number of code points of a value there."""
_LONGEST_CELL = 600
"""The number of code points of a value in a row."""
_RECORD_COLUMNS = ("claim_id", "key")
"""The columns of log and history rows that name their record."""


class RecordRows(NamedTuple):
    """The rows of a record."""

    record: WaitingRecord | None
    """The record; None for rows of other records whose counts change."""
    row_count: int
    """The number of rows."""
    told: str
    """The changes in one line."""
    tables: str
    """The tables of the rows, with the number of rows in each."""
    history: list[Mapping[str, str]]
    """The lines of the record's history, each from column to display value."""
    others: list[RowChange]
    """The rows of other tables except the log, whose cells are hashes and times."""


def rows_by_record(visit: Visit, rows: Sequence[RowChange], chosen: Sequence[WaitingRecord]) -> list[RecordRows]:
    """Return the rows by record, in the order of the records; rows of other, recounted records are last."""
    found: dict[str, list[RowChange]] = {key: [] for key in (*(one.key for one in chosen), "")}
    for row in rows:
        names = [*row.key, *(cell.after for cell in row.cells if cell.column in _RECORD_COLUMNS)]
        keys = (str(name).partition("@")[0] for name in names)
        found[next((key for key in keys if key in found), "")].append(row)
    records = {one.key: one for one in chosen}
    return [_record_rows(visit, records.get(key), record_rows) for key, record_rows in found.items() if record_rows]


def _record_rows(visit: Visit, record: WaitingRecord | None, rows: Sequence[RowChange]) -> RecordRows:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
    tables = " · ".join(f"{visit.word(f'tables.{table}') or table} {count}" for table, count in counts.items())
    history = [_line(visit, row) for row in rows if row.table == _HISTORY]
    others = [row for row in rows if row.table not in (_HISTORY, _LOG)]
    return RecordRows(
        record, len(rows), _summary(visit, record, rows, history) if record else "", tables, history, others
    )


def _line(visit: Visit, row: RowChange) -> Mapping[str, str]:
    return {cell.column: cell_label(visit, row, cell.column, cell.after) for cell in row.cells if not cell.is_made_then}


def _summary(
    visit: Visit, record: WaitingRecord, rows: Sequence[RowChange], history: Sequence[Mapping[str, str]]
) -> str:
    """Return the most important changes in one line; for a record that was never public, that it is new."""
    if any((row.table, row.what) == (f"{record.subject}s", "new") for row in rows):
        return visit.say("publish.first_time")
    raw = [_path_and_kind(row) for row in rows if row.table == _HISTORY]
    changes = [_change(visit, line, kind) for line, (_, kind) in sorted(zip(history, raw, strict=True), key=_weight)]
    rest = len(changes) - _SUMMARY_CHANGES
    more = f" {visit.say('publish.more_changes', count=rest)}" if rest > 0 else ""
    return "; ".join(changes[:_SUMMARY_CHANGES]) + more


def _path_and_kind(row: RowChange) -> tuple[str, str]:
    """Return the path and the kind of revision in a row of history, as in the file."""
    cells = {cell.column: str(cell.after or "") for cell in row.cells}
    return cells.get("field", ""), cells.get("kind", "")


def _weight(line: tuple[Mapping[str, str], tuple[str, str]]) -> bool:
    """Return the sort key that puts the value of a verdict before all other changes."""
    path = line[1][0]
    return not (path.startswith("verdicts.") and path.endswith(".value"))


def _change(visit: Visit, line: Mapping[str, str], kind: str) -> str:
    if kind == RevisionKind.WITHDRAWAL:
        return visit.say("publish.withdrawn", reason=line.get("reason", ""))
    before, after = (words_after(line.get(column, "–"), _LONGEST_VALUE) for column in ("before", "after"))
    return f"{line.get('field') or line['subject']}: {before} → {after}"


def readable_cells(row: RowChange) -> list[CellChange]:
    """Return the cells that are useful to a person, without hashes and times of publishing."""
    return [cell for cell in row.cells if not cell.is_made_then and not _is_fingerprint(cell.column)]


def _is_fingerprint(column: str) -> bool:
    return column in _FINGERPRINTS or column.endswith(_FINGERPRINT_ENDING)


def readable_value(visit: Visit, row: RowChange, column: str, value: object) -> str:
    """Return the display form of a cell's value, shortened if it is as long as an article's text."""
    return words_after(cell_label(visit, row, column, value), _LONGEST_CELL)


def readable_key(row: RowChange) -> str:
    """Return the key of a row within its table, without hashes."""
    parts = zip(_KEYS[row.table], row.key, strict=True)
    return ", ".join(str(part) for column, part in parts if not _is_fingerprint(column))
