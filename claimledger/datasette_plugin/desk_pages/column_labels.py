"""The labels of tables, columns and cells of `ledger.db`, for a preview of the rows that publishing would change.

The label of a column is its description in the public file. The preview also shows the column's own name.
"""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.publishing.columns import Meaning
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import TABLES
from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, Direction, Kind, Medium, Question, RecordState, RevisionKind,
    SourceKind, SpeakerKind, Stance, Subject, Term, Tier, VerdictValue, VerificationStatus,
)  # fmt: skip

_MEANINGS: Mapping[tuple[str, str], Meaning] = {
    (table.name, column.name): column.meaning for table in TABLES for column in table.columns
}
_TABLES: Mapping[str, Meaning] = {table.name: table.meaning for table in TABLES}
_COLUMN_TERMS: Mapping[str, type[Term]] = {
    "attribution": AttributionMode, "source_kind": SourceKind, "comparator": Comparator, "direction": Direction,
    "verification_status": VerificationStatus, "attribution_status": QuoteCheckStatus, "record_state": RecordState,
    "question": Question, "value": VerdictValue, "stance": Stance, "medium": Medium, "captured": CaptureExtent,
    "tier": Tier, "subject": Subject,
}  # fmt: skip
"""The vocabulary of a column, the same in every table."""
_KIND_TERMS: Mapping[str, type[Term]] = {
    "claims": Kind, "speakers": SpeakerKind, "sources": SourceKind, "corrections": RevisionKind,
    "history": RevisionKind, "revision": RevisionKind,
}  # fmt: skip
"""The vocabulary of the column `kind`, by table."""
_CHANGE_COLUMNS = ("before", "after")


def table_label(visit: Visit, table: str) -> str:
    """Return the description of a table's rows."""
    return _description(visit, _TABLES[table])


def column_label(visit: Visit, table: str, column: str) -> str:
    """Return the description of a column."""
    return _description(visit, _MEANINGS[table, column])


def cell_label(visit: Visit, row: RowChange, column: str, value: object) -> str:
    """Return the display form of a cell's value."""
    if value is None or not isinstance(value, str):
        return "–" if value is None else str(value)
    if column == "field":
        return visit.field(value)
    if column in _CHANGE_COLUMNS:
        return visit.value(_field_path(row), value)
    terms = _KIND_TERMS.get(row.table) if column == "kind" else _COLUMN_TERMS.get(column)
    return next((visit.label(term) for term in terms or () if term.value == value), value)


def _field_path(row: RowChange) -> str:
    """Return the path of the field that a row of the tables `history` and `corrections` is about."""
    cell = next((cell for cell in row.cells if cell.column == "field"), None)
    return str(cell.after or cell.before) if cell else ""


def _description(visit: Visit, meaning: Meaning) -> str:
    return (meaning.korean if visit.language == "ko" else meaning.english).rstrip(".")
