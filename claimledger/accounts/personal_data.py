"""Personal data in `desk.db`: everything about one person or one reader's report, and its deletion.

What the desk stores about an article's claims is not here: it is public, or a part of the newsroom's work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from claimledger.accounts import people
from claimledger.errors import LedgerError
from claimledger.newsroom import erasure, notices, reader_reports

_NAMED_ROWS: Mapping[str, tuple[str, str]] = {
    "person_version": ("*", "name = ?1"),
    "person_address": ("*", "name = ?1 OR author = ?1"),
    "earlier_people": ("*", "name = ?1"),
    "password": ("set_at", "name = ?1"),
    "credential": ("kind, label, author, issued_at, expires_at, used_at", "name = ?1"),
    "account_event": ("*", "name = ?1 OR author = ?1"),
    "notice": ("notice_id, kind, object, made_at, mail", "name = ?1"),
    "notice_choice": ("feed_sha256 IS NOT NULL AS has_feed, by_mail, changed_at", "name = ?1"),
    "throttle": ("*", "key = 'name:' || ?1"),
    "draft": ("draft_id, subject, key, kind, reason, recorded_at", "author = ?1"),
    "act": ("*", "actor = ?1 OR EXISTS (SELECT 1 FROM json_tree(detail) WHERE atom = ?1)"),
    "decision": ("*", "author = ?1"),
    "capture": ("capture_id, document_id, name, final_address, fetched_at, recorded_at", "author = ?1"),
    "excerpt": ("excerpt_id, claim_id, document_id, recorded_at", "author = ?1"),
    "withheld": ("document_id, recorded_at", "author = ?1"),
    "saving": ("*", "author = ?1"),
    "foreign_review": ("review_id, url, recorded_at", "author = ?1"),
    "claim_review": ("review_id, origin, recorded_at", "author = ?1"),
    "report_event": ("*", "author = ?1"),
    "text": ("edition_sha256, article_id, origin, recorded_at", "author = ?1"),
    "publication": (
        "number, subject, key, revision",
        "json_extract(body, '$.approver') = ?1 OR EXISTS (SELECT 1 FROM json_each(body, '$.authors') WHERE value = ?1)",
    ),
}
"""The columns and rows of each table that are about a person; no secret and no text of an article is among them."""


class PersonActive(LedgerError):
    """Raised when the data of a person who still works here would be erased; nothing was changed."""

    def __init__(self, name: str) -> None:
        """Name the person."""
        super().__init__(name=name)


def person_data(connection: sqlite3.Connection, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything that the desk stores about a person, by table; the public entries by their numbers.

    Raises:
        NoSuchPerson: No one has this name.
    """
    if not connection.execute("SELECT 1 FROM earlier_people WHERE name = ?", (name,)).fetchone():
        people.get_person(connection, name)
    found = {
        table: _rows(connection, f"SELECT {columns} FROM {table} WHERE {condition}", (name,))  # noqa: S608  ours
        for table, (columns, condition) in _NAMED_ROWS.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def report_data(connection: sqlite3.Connection, report_id: int) -> dict[str, Any]:
    """Return everything that the desk stores about a reader's report.

    Raises:
        NotFound: There is no such report.
    """
    return reader_reports.get_report(connection, report_id)._asdict()


def forget_person(connection: sqlite3.Connection, name: str) -> int:
    """Erase what the desk need not keep about a deactivated person, inside a `writing` transaction.

    These are the password, the display names, the e-mail addresses, the notices, and the network addresses and browsers
    of sign-ins. Return how many rows changed.

    Raises:
        NoSuchPerson: No one has this name.
        PersonActive: The person is not deactivated.
    """
    if people.get_person(connection, name).is_active:
        raise PersonActive(name)
    count = connection.execute("DELETE FROM password WHERE name = ?", (name,)).rowcount
    count += notices.erase_notices(connection, name)
    count += connection.execute("DELETE FROM credential WHERE name = ?", (name,)).rowcount
    return count + erasure.erase_person(connection, name)


def forget_report(connection: sqlite3.Connection, report_id: int) -> None:
    """Erase the text and the contact of a reader's report, inside a `writing` transaction.

    Raises:
        NotFound: There is no such report.
    """
    reader_reports.get_report(connection, report_id)
    erasure.erase_report(connection, report_id)


def _rows(connection: sqlite3.Connection, sql: str, values: Sequence[str]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
