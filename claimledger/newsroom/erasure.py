"""The parts of append-only rows of `desk.db` that may be erased, because they are personal data.

An erasure replaces a value once: the network address and the browser of a sign-in and an e-mail address become empty,
a display name becomes the name in the log, the text of a report becomes `ERASED`. Every other change of these rows is
still refused.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from claimledger.newsroom.row_hashes import change_triggers

ERASED = "[erased]"
"""The text of an erased report."""


class _Erasure(NamedTuple):
    table: str
    same: str
    """The columns that stay."""
    erased: str
    """The condition that the other columns are erased."""


_ERASURES = (
    _Erasure(
        "account_event", "event_id event name author recorded_at",
        "new.client_address IS NULL AND new.user_agent IS NULL",
    ),
    _Erasure(
        "person_version", "version_id name roles language is_active author recorded_at",
        "new.shown_name IS old.name",
    ),
    _Erasure("person_address", "change_id name author recorded_at", "new.address IS ''"),
    _Erasure("report", "report_id claim_id recorded_at", f"new.text IS '{ERASED}'"),
)  # fmt: skip


def _statements(erasure: _Erasure) -> tuple[str, ...]:
    table, same, erased = erasure
    kept = " AND ".join(f"new.{column} IS old.{column}" for column in same.split())
    return (
        f"DROP TRIGGER {table}_no_update",
        (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({kept} AND {erased})\n"
            f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        ),
        *change_triggers(table),
    )


ERASURES = tuple(statement for erasure in _ERASURES for statement in _statements(erasure))
"""The statements that allow the erasures."""


def erase_person(connection: sqlite3.Connection, name: str) -> int:
    """Erase names and addresses of a person inside a `writing` transaction; return the number of rows."""
    events = connection.execute(
        "UPDATE account_event SET client_address = NULL, user_agent = NULL "
        "WHERE name = ? AND (client_address IS NOT NULL OR user_agent IS NOT NULL)",
        (name,),
    )
    names = connection.execute(
        "UPDATE person_version SET shown_name = name WHERE name = ? AND shown_name <> name", (name,)
    )
    addresses = connection.execute("UPDATE person_address SET address = '' WHERE name = ? AND address <> ''", (name,))
    return events.rowcount + names.rowcount + addresses.rowcount


def erase_report(connection: sqlite3.Connection, report_id: int) -> None:
    """Erase the text and the contact of a report inside a `writing` transaction."""
    connection.execute("UPDATE report SET text = ? WHERE report_id = ?", (ERASED, report_id))
    connection.execute("DELETE FROM report_contact WHERE report_id = ?", (report_id,))
