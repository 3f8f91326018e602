"""The public rows of one record, as the publish page tells them: what changes in two lines, and the rows folded.

In: the rows that publishing would change. Out: what becomes of each record, in words; its history as one table; its
other rows without what says nothing to a person. The invariant: every row is counted where it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claimledger.article import words_after
from claimledger.datasette_plugin.desk_pages.column_labels import cell_label
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import Waiting
from claimledger.publishing.row_changes import CellChange, RowChange
from claimledger.publishing.tables import TABLES
from claimledger.vocabulary import RevisionKind

_HISTORY, _LOG = "history", "revision"
_FINGERPRINTS = frozenset({"fact_en", "fact_ko"})
_ENDS = "sha256"
"""Columns, and how others end, of what the ledger computes of a fact or text, so that machines tell equal ones."""
_KEYS = {table.name: table.key for table in TABLES}
_MOST_TOLD = 3
_LONGEST = 80
"""Changes that are told above the rows, and code points of a value there."""
_MOST_OF_A_CELL = 600
"""Code points of a value in a row."""
_NAMING = ("claim_id", "key")
"""Columns of the log's and the history's rows that name their record."""


class RecordRows(NamedTuple):
    """The rows of a record."""

    record: Waiting | None
    """The record; none for the rows of others that count it."""
    row_count: int
    """How many rows there are."""
    told: str
    """What becomes of it, in a line."""
    tables: str
    """In which tables they stand, and how many in each."""
    history: list[Mapping[str, str]]
    """Its lines of history: column to value, in words."""
    others: list[RowChange]
    """The rows of other tables but the log's, whose cells are hashes and times."""


def rows_by_record(visit: Visit, rows: Sequence[RowChange], chosen: Sequence[Waiting]) -> list[RecordRows]:
    """Return the rows by the record they are of, in the order of the records; those of others, counted along, last."""
    found: dict[str, list[RowChange]] = {key: [] for key in (*(one.key for one in chosen), "")}
    for row in rows:
        names = [*row.key, *(cell.after for cell in row.cells if cell.column in _NAMING)]
        keys = (str(name).partition("@")[0] for name in names)
        found[next((key for key in keys if key in found), "")].append(row)
    records = {one.key: one for one in chosen}
    return [_of_record(visit, records.get(key), own) for key, own in found.items() if own]


def _of_record(visit: Visit, record: Waiting | None, rows: Sequence[RowChange]) -> RecordRows:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
    tables = " · ".join(f"{visit.word(f'tables.{table}') or table} {count}" for table, count in counts.items())
    history = [_line(visit, row) for row in rows if row.table == _HISTORY]
    others = [row for row in rows if row.table not in (_HISTORY, _LOG)]
    return RecordRows(record, len(rows), _told(visit, record, rows, history) if record else "", tables, history, others)


def _line(visit: Visit, row: RowChange) -> Mapping[str, str]:
    return {cell.column: cell_label(visit, row, cell.column, cell.after) for cell in row.cells if not cell.is_made_then}


def _told(visit: Visit, record: Waiting, rows: Sequence[RowChange], history: Sequence[Mapping[str, str]]) -> str:
    """Return what changes, as far as a line has room; a record that is public for the first time is told as new."""
    if any((row.table, row.what) == (f"{record.subject}s", "new") for row in rows):
        return visit.say("publish.first_time")
    raw = [_raw(row) for row in rows if row.table == _HISTORY]
    changes = [_change(visit, line, kind) for line, (_, kind) in sorted(zip(history, raw, strict=True), key=_weight)]
    rest = len(changes) - _MOST_TOLD
    more = f" {visit.say('publish.more_changes', count=rest)}" if rest > 0 else ""
    return "; ".join(changes[:_MOST_TOLD]) + more


def _raw(row: RowChange) -> tuple[str, str]:
    """Return the path and the kind of revision in a row of history, as it stands in the file."""
    cells = {cell.column: str(cell.after or "") for cell in row.cells}
    return cells.get("field", ""), cells.get("kind", "")


def _weight(line: tuple[Mapping[str, str], tuple[str, str]]) -> bool:
    """Return what sorts the answer of a verdict before all else."""
    path = line[1][0]
    return not (path.startswith("verdicts.") and path.endswith(".value"))


def _change(visit: Visit, line: Mapping[str, str], kind: str) -> str:
    if kind == RevisionKind.WITHDRAWAL:
        return visit.say("publish.withdrawn", reason=line.get("reason", ""))
    before, after = (words_after(line.get(column, "–"), _LONGEST) for column in ("before", "after"))
    return f"{line.get('field') or line['subject']}: {before} → {after}"


def shown_cells(row: RowChange) -> list[CellChange]:
    """Return the cells that say something to a person: no hashes, nothing that is made at the moment of publishing."""
    return [cell for cell in row.cells if not cell.is_made_then and not _is_fingerprint(cell.column)]


def _is_fingerprint(column: str) -> bool:
    return column in _FINGERPRINTS or column.endswith(_ENDS)


def shown_value(visit: Visit, row: RowChange, column: str, value: object) -> str:
    """Return a cell's value as people read it; of an article's text, which is long, the beginning."""
    return words_after(cell_label(visit, row, column, value), _MOST_OF_A_CELL)


def shown_key(row: RowChange) -> str:
    """Return what tells a row from others of its table, without hashes."""
    named = zip(_KEYS[row.table], row.key, strict=True)
    return ", ".join(str(part) for column, part in named if not _is_fingerprint(column))
