"""Write rows of `ledger.db`: the rows of a group are compared with those that are there, and only differences written.

A writer also keeps a checksum of each table and, if asked to, the rows that changed. Every row that readers browse is
written here, except those of `about`. A group of rows is all rows of a table with some values in common, such as the
figures of one claim.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from claimledger.publishing.columns import Table, sql_identifiers
from claimledger.publishing.tables import TABLE_SUMS

StoredRow = tuple[Any, ...]
"""A row with the stored columns of its table: for claims, the row number comes first."""
ROW_SUM_MODULUS = 1 << 256
"""The checksum of a table is the sum of the hashes of its rows modulo this number."""
_encoder = msgspec.json.Encoder()


class RowDifference(NamedTuple):
    """A row of a table before and after; None where there is no row."""

    table: Table
    before: StoredRow | None
    after: StoredRow | None


class RowWriter:
    """A writer of rows inside a transaction. Call `save_sums` at its end."""

    def __init__(self, connection: sqlite3.Connection, *, keeps_differences: bool = False) -> None:
        """Write to an open database; with `keeps_differences` the changed rows are kept too."""
        self.connection = connection
        self._sums: dict[str, list[int]] = {}
        self._differences: dict[tuple[str, StoredRow], RowDifference] | None = {} if keeps_differences else None

    def insert(self, table: Table, rows: Sequence[StoredRow], *, total: int | None = None) -> None:
        """Add rows whose keys are new; `total` is the sum of their hashes, if it is known."""
        if not rows:
            return
        self.connection.executemany(table.insert_sql, rows)
        if total is None:
            self._note(table, [(None, row) for row in rows])
        else:
            sums = self._sums.setdefault(table.name, [0, 0])
            sums[0] += len(rows)
            sums[1] += total

    def replace(self, table: Table, group: Mapping[str, object], rows: Iterable[StoredRow]) -> None:
        """Let the rows whose columns have the values of `group` be these rows."""
        key_of = _key_getter(table)
        before = {key_of(row): row for row in self.read(table, group)}
        after = {key_of(row): row for row in rows}
        gone = [(row, None) for key, row in before.items() if key not in after]
        new = [(None, row) for key, row in after.items() if key not in before]
        other = [(before[key], row) for key, row in after.items() if key in before and before[key] != row]
        self.connection.executemany(_delete_sql(table), (key_of(row) for row, _ in gone))
        for was, row in other:
            self._update(table, was, row)
        self.connection.executemany(table.insert_sql, (row for _, row in new))
        self._note(table, [*gone, *other, *new])

    def read(self, table: Table, group: Mapping[str, object]) -> list[StoredRow]:
        """Return the rows whose columns have the values of `group`."""
        return self.connection.execute(_select_sql(table, tuple(group)), tuple(group.values())).fetchall()

    def _update(self, table: Table, before: StoredRow, after: StoredRow) -> None:
        changed = [place for place, value in enumerate(after) if value != before[place]]
        columns = ", ".join(f'"{table.stored[place]}" = ?' for place in changed)
        sql = f'UPDATE "{table.name}" SET {columns} WHERE {_conditions(table.key)}'  # noqa: S608  names of the field table
        self.connection.execute(sql, (*(after[place] for place in changed), *_key_getter(table)(after)))

    def _note(self, table: Table, pairs: Sequence[tuple[StoredRow | None, StoredRow | None]]) -> None:
        """Add new rows to the sum of their table, take those that are gone out of it, and keep both if asked to."""
        sums = self._sums.setdefault(table.name, [0, 0])
        for before, after in pairs:
            if before is not None:
                sums[0] -= 1
                sums[1] -= row_hash(before)
            if after is not None:
                sums[0] += 1
                sums[1] += row_hash(after)
        if self._differences is not None:
            key_of = _key_getter(table)
            for before, after in pairs:
                place = table.name, key_of(before or after or ())
                earlier = self._differences.get(place)
                self._differences[place] = RowDifference(table, earlier.before if earlier else before, after)

    @property
    def differences(self) -> list[RowDifference]:
        """The rows that differ from before the first change; empty if they are not kept."""
        return [one for one in (self._differences or {}).values() if one.before != one.after]

    def save_sums(self) -> None:
        """Store the checksums of the tables that have rows."""
        for name, (count, total) in self._sums.items():
            known = self.connection.execute("SELECT row_count, sum FROM table_sums WHERE name = ?", (name,)).fetchone()
            rows, old = known or (0, "0")
            stored = name, rows + count, f"{(int(old, 16) + total) % ROW_SUM_MODULUS:064x}"
            self.connection.execute(f"DELETE FROM {TABLE_SUMS.name} WHERE name = ?", (name,))  # noqa: S608  ours
            self.connection.executemany(TABLE_SUMS.insert_sql, [stored] if stored[1] else [])
        self._sums.clear()


def row_hash(row: StoredRow) -> int:
    """Return the SHA-256 of a row as a number."""
    return int.from_bytes(sha256(_encoder.encode(row)).digest(), "big")


@cache
def _key_getter(table: Table) -> Callable[[StoredRow], StoredRow]:
    """Return a function from a row to its key."""
    places = [table.stored.index(name) for name in table.key]
    getter = itemgetter(*places)
    return getter if len(places) > 1 else lambda row: (getter(row),)


def _conditions(names: Iterable[str]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in names)


@cache
def _select_sql(table: Table, names: tuple[str, ...]) -> str:
    return f'SELECT {sql_identifiers(table.stored)} FROM "{table.name}" WHERE {_conditions(names)}'  # noqa: S608  names of the field table


@cache
def _delete_sql(table: Table) -> str:
    return f'DELETE FROM "{table.name}" WHERE {_conditions(table.key)}'  # noqa: S608  names of the field table
