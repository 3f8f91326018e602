"""Reviews of claims by other publishers, stored on the desk with their ratings verbatim and in every version.

The table `foreign_review` is append-only. A review imported again without changes is not stored twice. A changed review
is a new row, and the newest row counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from claimledger.newsroom.store import utc_text
from claimledger.models import ForeignReview

_FIELDS = ("url", "publisher", "claim_text", "claimant", "rating", "reviewed_on", "language", "title")
_COLUMNS = ", ".join(_FIELDS)


def store_foreign_reviews(
    connection: sqlite3.Connection, reviews: Iterable[ForeignReview], author: str, now: datetime
) -> int:
    """Store the reviews that are new or changed, inside a `writing` transaction; return how many were stored.

    `author` is the person who imports them; `now` is UTC. Of reviews with the same address and claim, the last counts.
    """
    kept = 0
    for review in {(review.url, review.claim_text): review for review in reviews}.values():
        row = tuple(getattr(review, field) for field in _FIELDS)
        if row == _newest(connection, review):
            continue
        connection.execute(
            f"INSERT INTO foreign_review({_COLUMNS}, review_id, author, recorded_at) "  # noqa: S608  constants of this module
            "SELECT ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max(review_id), 0) + 1, ?, ? FROM foreign_review",
            (*row, author, utc_text(now)),
        )
        kept += 1
    return kept


def _newest(connection: sqlite3.Connection, review: ForeignReview) -> tuple[str | None, ...] | None:
    row: tuple[str | None, ...] | None = connection.execute(
        f"SELECT {_COLUMNS} FROM foreign_review WHERE url = ? AND claim_text = ? "  # noqa: S608  constants of this module
        "ORDER BY review_id DESC LIMIT 1",
        (review.url, review.claim_text),
    ).fetchone()
    return row


def read_foreign_review(connection: sqlite3.Connection, review_id: int) -> ForeignReview:
    """Return the newest version of the review stored under a number."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM foreign_review WHERE (url, claim_text) = "  # noqa: S608  constants of this module
        "(SELECT url, claim_text FROM foreign_review WHERE review_id = ?) ORDER BY review_id DESC LIMIT 1",
        (review_id,),
    ).fetchone()
    given = {field: value for field, value in zip(_FIELDS, row, strict=True) if value is not None}
    return ForeignReview.model_validate(given)


def review_ids_between(connection: sqlite3.Connection, review_id: int, last: int) -> list[int]:
    """Return the first number of each review with a version stored after `review_id` and up to `last`."""
    rows = connection.execute(
        "SELECT DISTINCT (SELECT min(review_id) FROM foreign_review f "
        "WHERE (f.url, f.claim_text) = (r.url, r.claim_text)) FROM foreign_review r "
        "WHERE review_id > ? AND review_id <= ?",
        (review_id, last),
    )
    return [number for (number,) in rows]
