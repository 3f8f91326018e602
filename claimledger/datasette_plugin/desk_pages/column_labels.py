"""The labels of tables, columns and cells of `ledger.db`, for who looks at what publishing would change.

In: a row that would change. Out: words in the language of who reads them. A column's label is its own description in
the public file; the name that readers and programs find there stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.publishing.columns import Meaning
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import TABLES
from claimledger.verdicts.answers import SaidAnswer
from claimledger.vocabulary import (
    AttributionMode, Captured, Comparator, Direction, Kind, Medium, Question, RecordState, RevisionKind, SourceKind,
    SpeakerKind, Stance, Subject, Term, Tier, VerdictValue, VerificationStatus,
)  # fmt: skip

_MEANINGS: Mapping[tuple[str, str], Meaning] = {
    (table.name, column.name): column.meaning for table in TABLES for column in table.columns
}
_TABLES: Mapping[str, Meaning] = {table.name: table.meaning for table in TABLES}
_COLUMNS: Mapping[str, type[Term]] = {
    "attribution": AttributionMode, "source_kind": SourceKind, "comparator": Comparator, "direction": Direction,
    "verification_status": VerificationStatus, "attribution_status": SaidAnswer, "record_state": RecordState,
    "question": Question, "value": VerdictValue, "stance": Stance, "medium": Medium, "captured": Captured,
    "tier": Tier, "subject": Subject,
}  # fmt: skip
"""Columns to the words in them, in whatever table they stand."""
_KINDS: Mapping[str, type[Term]] = {
    "claims": Kind, "speakers": SpeakerKind, "sources": SourceKind, "corrections": RevisionKind,
    "history": RevisionKind, "revision": RevisionKind,
}  # fmt: skip
"""Tables to the words in their column `kind`."""
_CHANGED = ("before", "after")


def table_label(visit: Visit, table: str) -> str:
    """Return what a row of a table is."""
    return _told(visit, _TABLES[table])


def column_label(visit: Visit, table: str, column: str) -> str:
    """Return what a column holds."""
    return _told(visit, _MEANINGS[table, column])


def cell_label(visit: Visit, row: RowChange, column: str, value: object) -> str:
    """Return a cell's value as people read it."""
    if value is None or not isinstance(value, str):
        return "–" if value is None else str(value)
    if column == "field":
        return visit.field(value)
    if column in _CHANGED:
        return visit.value(_field_in(row), value)
    terms = _KINDS.get(row.table) if column == "kind" else _COLUMNS.get(column)
    return next((visit.label(term) for term in terms or () if term.value == value), value)


def _field_in(row: RowChange) -> str:
    """Return the path that a row of history or corrections is about."""
    cell = next((cell for cell in row.cells if cell.column == "field"), None)
    return str(cell.after or cell.before) if cell else ""


def _told(visit: Visit, meaning: Meaning) -> str:
    return (meaning.korean if visit.language == "ko" else meaning.english).rstrip(".")
