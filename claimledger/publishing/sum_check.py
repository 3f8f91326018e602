"""Compute the checksums of the tables of `ledger.db` again, and compare them with those stored while rows change.

This reads every row once. It finds faults of a disk and clumsy edits; a person who forges the file can write its
checksums, and then only the log and a fresh build show it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from claimledger.errors import LedgerError
from claimledger.publishing.columns import Table, sql_identifiers
from claimledger.publishing.row_writer import ROW_SUM_MODULUS, row_hash
from claimledger.publishing.tables import ABOUT, TABLE_SUMS, TABLES, TABLES_FORMAT


class LedgerDbAltered(LedgerError):
    """Raised when rows of `ledger.db` are not those that were built."""

    def __init__(self, path: Path | str, tables: list[str]) -> None:
        """Name the file and the tables."""
        super().__init__(path=str(path), tables=tuple(tables))


def find_altered_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables whose rows do not have the stored checksum, of an open database of the current format.

    A database of another format returns none: its rows cannot be read with the tables of this program.

    Raises:
        DatabaseError: the file is damaged.
    """
    about = dict(connection.execute("SELECT name, value FROM about").fetchall())
    if about.get("format") != str(TABLES_FORMAT):
        return []
    known = {name: (count, total) for name, count, total in connection.execute(f"SELECT * FROM {TABLE_SUMS.name}")}  # noqa: S608  ours
    summed = [table for table in TABLES if table is not ABOUT]
    return [table.name for table in summed if _table_sum(connection, table) != known.get(table.name, (0, f"{0:064x}"))]


def _table_sum(connection: sqlite3.Connection, table: Table) -> tuple[int, str]:
    count, total = 0, 0
    for row in connection.execute(f'SELECT {sql_identifiers(table.stored)} FROM "{table.name}"'):  # noqa: S608  ours
        count += 1
        total += row_hash(tuple(row))
    return count, f"{total % ROW_SUM_MODULUS:064x}"
