"""An inverted index in `desk.db` to find earlier claims and others' reviews that resemble a statement.

An entry contains the newest version or draft of its claim at the time it was made. Entries of changed records are made
again in steps, and callers can read how many are left. The package `earlier` does the comparison.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from claimledger.earlier_claims import Profile, profile_keys, profile_of_claim, profile_of_review, rank_by_keys
from claimledger.newsroom import review_versions
from claimledger.newsroom.store import DeskStore
from claimledger.vocabulary import Subject

CLAIM_ENTRY, REVIEW_ENTRY = "claim", "review"
"""The two kinds of entries."""
_MAX_CANDIDATES = 24
"""The largest number of entries that are compared in full."""
_STEP = 2_000
"""The number of records in one transaction of an update."""


class IndexEntry(NamedTuple):
    """A claim or review to compare with a statement."""

    kind: str
    """The kind: a claim of this ledger, or another publisher's review."""
    name: str
    """The claim's ID, or the number of the review."""
    profile: Profile
    """The profile of its content."""


_profiles = msgspec.json.Decoder(Profile)


def update_earlier_index(store: DeskStore, most: int | None = None) -> int:
    """Update the index, by at most `most` records if given, and return how many records are left.

    Each step is a transaction of its own, so an interrupted update continues the next time.
    """
    while left := count_unindexed(store):
        step = _STEP if most is None else min(_STEP, most)
        if not step:
            return left
        _advance(store, step)
        most = None if most is None else most - step
    return 0


def count_unindexed(store: DeskStore) -> int:
    """Return how many drafts, log bodies and reviews are not in the index yet."""
    return sum(new - old for new, old in zip(_newest_numbers(store), _seen_numbers(store), strict=True))


def _advance(store: DeskStore, step: int) -> None:
    """Update the entries for the next `step` drafts, log bodies and reviews."""
    with store.writing() as connection:
        seen, newest = _seen_numbers(store), _newest_numbers(store)
        upto = (*(min(old + step, new) for old, new in zip(seen, newest, strict=True)),)
        for claim_id in _changed_claims(connection, seen, upto):
            _rebuild_entry(store, connection, CLAIM_ENTRY, claim_id)
        for number in review_versions.review_ids_between(connection, seen[2], upto[2]):
            _rebuild_entry(store, connection, REVIEW_ENTRY, str(number))
        connection.execute("UPDATE earlier_seen SET draft_id = ?, number = ?, review_id = ?", upto)


def _newest_numbers(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute(
        "SELECT (SELECT coalesce(max(draft_id), 0) FROM draft), (SELECT coalesce(max(number), 0) FROM publication), "
        "(SELECT coalesce(max(review_id), 0) FROM foreign_review)"
    ).fetchone()
    return row


def _seen_numbers(store: DeskStore) -> tuple[int, int, int]:
    row: tuple[int, int, int] = store.connection.execute(
        "SELECT draft_id, number, review_id FROM earlier_seen"
    ).fetchone()
    return row


def _changed_claims(connection: sqlite3.Connection, seen: Sequence[int], upto: Sequence[int]) -> list[str]:
    rows = connection.execute(
        "SELECT key FROM draft WHERE draft_id > ? AND draft_id <= ? AND subject = 'claim' "
        "UNION SELECT key FROM publication WHERE number > ? AND number <= ? AND subject = 'claim'",
        (seen[0], upto[0], seen[1], upto[1]),
    )
    return [claim_id for (claim_id,) in rows]


def _rebuild_entry(store: DeskStore, connection: sqlite3.Connection, kind: str, name: str) -> None:
    known = connection.execute("SELECT entry, keys FROM earlier_entry WHERE kind = ? AND name = ?", (kind, name))
    if row := known.fetchone():
        gone = ((key, row[0]) for key in msgspec.json.decode(row[1]))
        connection.executemany("DELETE FROM earlier_key WHERE key = ? AND entry = ?", gone)
        connection.execute("DELETE FROM earlier_entry WHERE entry = ?", (row[0],))
    profile = _profile(store, kind, name)
    if profile is None:
        return
    keys = profile_keys(profile)
    stored = (kind, name, msgspec.json.encode(profile).decode(), msgspec.json.encode(keys).decode())
    entry = connection.execute(
        "INSERT INTO earlier_entry(kind, name, profile, keys) VALUES (?, ?, ?, ?)", stored
    ).lastrowid
    connection.executemany("INSERT INTO earlier_key VALUES (?, ?)", ((key, entry) for key in keys))


def _profile(store: DeskStore, kind: str, name: str) -> Profile | None:
    if kind == REVIEW_ENTRY:
        return profile_of_review(review_versions.read_foreign_review(store.connection, int(name)))
    record = _current_record(store, name)
    return profile_of_claim(record) if record else None


def _current_record(store: DeskStore, claim_id: str) -> dict[str, Any] | None:
    """Return the current version of a claim (JSON); None if it was discarded before it was public."""
    for draft in store.open_drafts(claim_id):
        if draft.subject is Subject.CLAIM:
            drafted: dict[str, Any] = msgspec.json.decode(draft.record_json)
            return drafted
    head = store.head(Subject.CLAIM, claim_id)
    return msgspec.json.decode(head.body)["record"] if head else None


def nearest_entries(connection: sqlite3.Connection, asked: Profile) -> Iterator[IndexEntry]:
    """Yield the entries most similar to a statement, by the rarity of shared keys; the index is not updated."""
    entries, narrow = partial(_entries, connection), partial(_entries_with_key, connection)
    found = rank_by_keys(profile_keys(asked), entries, _MAX_CANDIDATES, narrow)
    marks = ", ".join("?" * len(found))
    rows = connection.execute(
        f"SELECT kind, name, profile FROM earlier_entry WHERE entry IN ({marks})",  # noqa: S608  only question marks
        found,
    )
    return (IndexEntry(kind, name, _profiles.decode(profile)) for kind, name, profile in rows)


def _entries(connection: sqlite3.Connection, key: str, most: int) -> list[int]:
    rows = connection.execute("SELECT entry FROM earlier_key WHERE key = ? LIMIT ?", (key, most))
    return [entry for (entry,) in rows]


def _entries_with_key(connection: sqlite3.Connection, key: str, entries: Iterable[int]) -> list[int]:
    sql = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM earlier_key WHERE key = ? AND entry = value)"
    return [entry for (entry,) in connection.execute(sql, (msgspec.json.encode([*entries]).decode(), key))]
