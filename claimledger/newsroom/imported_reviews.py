"""ClaimReview records of other publications, stored on the desk as they were imported.

Each review is stored once, by the hash of its record, and never changed. A version that its publisher changed later is
another review.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

import msgspec

from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.models import ClaimReview
from claimledger.scalars import STORED


def store_claim_reviews(
    connection: sqlite3.Connection, reviews: Iterable[ClaimReview], *, origin: str, author: str, now: datetime
) -> int:
    """Store reviews inside a `writing` transaction and return how many were new; `now` is UTC."""
    first: int = connection.execute("SELECT coalesce(max(review_id), 0) + 1 FROM claim_review").fetchone()[0]
    number = first
    for review in reviews:
        record = msgspec.json.encode(review.to_json(), order="sorted")
        digest = sha256(record).hexdigest()
        if not _is_stored(connection, digest):
            row = (number, digest, record.decode(), origin, author, utc_text(now))
            connection.execute("INSERT INTO claim_review VALUES (?, ?, ?, ?, ?, ?)", row)
            number += 1
    return number - first


def _is_stored(connection: sqlite3.Connection, digest: str) -> bool:
    sql = "SELECT 1 FROM claim_review WHERE review_sha256 = ?"
    return connection.execute(sql, (digest,)).fetchone() is not None


def imported_claim_reviews(store: DeskStore) -> Iterator[ClaimReview]:
    """Yield every imported review, the oldest first."""
    for (record,) in store.connection.execute("SELECT record FROM claim_review ORDER BY review_id"):
        yield ClaimReview.model_validate_json(record, context=STORED)
