"""Describe the rows that publishing would change, cell by cell, for people who decide whether to publish.

Values that are only known at the moment of publishing, which are times and hashes, are marked as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from claimledger.publishing.row_writer import RowDifference
from claimledger.publishing.tables import TABLES

_MADE_WHEN_PUBLISHED = frozenset({"recorded_at", "first_recorded_at", "last_recorded_at", "sha256", "body"})
"""The columns whose new values are made at the moment of publishing."""
_ORDER = {table.name: number for number, table in enumerate(TABLES)}


class CellChange(NamedTuple):
    """A cell that would differ."""

    column: str
    before: object
    """The old value; None if the row is new."""
    after: object
    """The new value; None if it is made at the moment of publishing."""
    is_made_then: bool
    """Whether the value is made at the moment of publishing."""


class RowChange(NamedTuple):
    """A public row that would be new, changed or gone."""

    table: str
    key: tuple[object, ...]
    """The values of the key of the table."""
    what: str
    """`new`, `changed` or `gone`."""
    cells: tuple[CellChange, ...]


def row_changes(differences: Iterable[RowDifference]) -> list[RowChange]:
    """Return the changes of rows that readers browse, by table and key."""
    shown = (one for one in differences if one.table.name in _ORDER)
    return sorted(map(_row_change, shown), key=_sort_key)


def _sort_key(change: RowChange) -> tuple[int, tuple[str, ...]]:
    return _ORDER[change.table], tuple(f"{part:012}" if isinstance(part, int) else str(part) for part in change.key)


def _row_change(one: RowDifference) -> RowChange:
    before, after = (row[-len(one.table.header) :] if row else None for row in (one.before, one.after))
    nothing = (None,) * len(one.table.header)
    pairs = zip(one.table.header, before or nothing, after or nothing, strict=True)
    cells = tuple(_cell(*pair, is_gone=after is None) for pair in pairs if pair[1] != pair[2])
    row = dict(zip(one.table.header, after or before or nothing, strict=True))
    what = "new" if before is None else "gone" if after is None else "changed"
    return RowChange(one.table.name, tuple(row[name] for name in one.table.key), what, cells)


def _cell(name: str, before: object, after: object, *, is_gone: bool) -> CellChange:
    is_made_then = name in _MADE_WHEN_PUBLISHED and not is_gone
    return CellChange(name, before, None if is_made_then else after, is_made_then)
