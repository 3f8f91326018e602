"""Reviews that other publications have published of claims, kept on the desk as they were taken in.

In: an open transaction and records. Out: how many were new; all of them, oldest first. The invariant: a review is kept
once, by the hash of its record, and never changed; what its publisher changed later is another review.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

import msgspec

from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.models import ClaimReview


def keep_reviews(
    connection: sqlite3.Connection, reviews: Iterable[ClaimReview], *, origin: str, author: str, now: datetime
) -> int:
    """Keep reviews inside a transaction of `writing` and return how many were not there; `now` is UTC."""
    first: int = connection.execute("SELECT coalesce(max(review_id), 0) + 1 FROM claim_review").fetchone()[0]
    number = first
    for review in reviews:
        record = msgspec.json.encode(review.to_json(), order="sorted")
        digest = sha256(record).hexdigest()
        if not _stands(connection, digest):
            row = (number, digest, record.decode(), origin, author, utc_text(now))
            connection.execute("INSERT INTO claim_review VALUES (?, ?, ?, ?, ?, ?)", row)
            number += 1
    return number - first


def _stands(connection: sqlite3.Connection, digest: str) -> bool:
    sql = "SELECT 1 FROM claim_review WHERE review_sha256 = ?"
    return connection.execute(sql, (digest,)).fetchone() is not None


def reviews(store: DeskStore) -> Iterator[ClaimReview]:
    """Yield every review that was taken in, the oldest first."""
    for (record,) in store.connection.execute("SELECT record FROM claim_review ORDER BY review_id"):
        yield ClaimReview.model_validate_json(record)
