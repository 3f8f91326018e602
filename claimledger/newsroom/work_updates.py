"""Keeps the rows of the task queue up to date: finds the claims that changed since the last update, and replaces rows.

The rows themselves are made by a function that the caller passes in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

import msgspec

from claimledger.newsroom.article_acts import article_of_key
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import NewWorkItem, WorkItem

_INSERT = f"INSERT INTO work VALUES ({', '.join('?' * len(WorkItem._fields))})"  # noqa: S608  only question marks
_UPDATE_SEEN = "UPDATE work_seen SET draft_id = max(draft_id, ?), number = max(number, ?), act_id = max(act_id, ?)"
_CLAIMS_PER_TRANSACTION = 500
"""The number of claims whose rows are made in one transaction."""


def update_work_items(store: DeskStore, make_rows: Callable[[Sequence[str]], Iterable[NewWorkItem]]) -> int:
    """Update the rows of all claims changed since the last time, and return how many there were.

    A claim that was discarded before it was public loses its row. Many claims take several transactions, between which
    others may write. The last transaction records the state that was read before the first.
    """
    newest, seen = _newest_numbers(store), _seen_numbers(store)
    if newest == seen:
        return 0
    claim_ids = _changed_claims(store.connection, seen)
    for first in range(0, max(len(claim_ids), 1), _CLAIMS_PER_TRANSACTION):
        with store.writing() as connection:
            _rebuild(connection, claim_ids[first : first + _CLAIMS_PER_TRANSACTION], make_rows)
            if first + _CLAIMS_PER_TRANSACTION >= len(claim_ids):
                connection.execute(_UPDATE_SEEN, newest)
    return len(claim_ids)


def _rebuild(
    connection: sqlite3.Connection,
    claim_ids: Sequence[str],
    make_rows: Callable[[Sequence[str]], Iterable[NewWorkItem]],
) -> None:
    connection.executemany("DELETE FROM work WHERE claim_id = ?", ((claim_id,) for claim_id in claim_ids))
    connection.executemany("DELETE FROM rests_on WHERE claim_id = ?", ((claim_id,) for claim_id in claim_ids))
    for made in make_rows(claim_ids):
        connection.execute(_INSERT, made.row)
        rests = ((made.row.claim_id, one.subject.value, one.key) for one in made.dependencies)
        connection.executemany("INSERT INTO rests_on VALUES (?, ?, ?)", rests)


def _newest_numbers(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute(
        "SELECT (SELECT coalesce(max(draft_id), 0) FROM draft), (SELECT coalesce(max(number), 0) FROM publication), "
        "(SELECT coalesce(max(act_id), 0) FROM act)"
    ).fetchone()
    return row


def _seen_numbers(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute("SELECT draft_id, number, act_id FROM work_seen").fetchone()
    return row


def _changed_claims(connection: sqlite3.Connection, seen: tuple[int, int, int]) -> list[str]:
    rows = connection.execute(
        "SELECT key FROM draft WHERE draft_id > ? AND subject IN ('claim', 'appearance') "
        "UNION SELECT key FROM publication WHERE number > ? AND subject IN ('claim', 'appearance') "
        "UNION SELECT claim_id FROM act WHERE act_id > ?",
        seen,
    ).fetchall()
    if rescheduled := list(filter(None, (article_of_key(key) for (key,) in rows))):
        rows += _claims_of_articles(connection, rescheduled)
    own = dict.fromkeys(key.partition("@")[0] for (key,) in rows)
    return [*own, *(claim_id for claim_id in _dependent_claims(connection, own, seen[1]) if claim_id not in own)]


def _claims_of_articles(connection: sqlite3.Connection, article_ids: Sequence[str]) -> list[tuple[str]]:
    """Return the claims of articles, which inherit their deadlines."""
    return connection.execute(
        "SELECT claim_id FROM work WHERE article_id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(article_ids).decode(),),
    ).fetchall()


def _dependent_claims(connection: sqlite3.Connection, touched: Iterable[str], number: int) -> list[str]:
    """Return the claims based on changed ones, directly or indirectly, or on documents published since."""
    rows = connection.execute(
        "WITH RECURSIVE resting(claim_id) AS ("
        "SELECT claim_id FROM rests_on WHERE subject = 'claim' AND key IN (SELECT value FROM json_each(?)) "
        "UNION SELECT claim_id FROM rests_on WHERE subject = 'document' AND key IN "
        "(SELECT key FROM publication WHERE number > ? AND subject = 'document') "
        "UNION SELECT r.claim_id FROM rests_on r JOIN resting ON r.subject = 'claim' AND r.key = resting.claim_id"
        ") SELECT claim_id FROM resting",
        (msgspec.json.encode(list(touched)).decode(), number),
    )
    return [claim_id for (claim_id,) in rows]
