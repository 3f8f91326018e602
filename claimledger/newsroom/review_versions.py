"""Reviews of claims that others published, kept on the desk: their ratings verbatim, every version of them.

In: an open store and records. Out: rows of `foreign_review`, and records. The invariant: append-only; a review that is
taken in again and says the same is not kept twice, one that says something else is a new row, and the newest counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from claimledger.newsroom.store import utc_text
from claimledger.models import ForeignReview

_FIELDS = ("url", "publisher", "claim_text", "claimant", "rating", "reviewed_on", "language", "title")
_COLUMNS = ", ".join(_FIELDS)


def keep_reviews(connection: sqlite3.Connection, reviews: Iterable[ForeignReview], author: str, now: datetime) -> int:
    """Keep reviews inside a transaction of `writing`, as far as they are new or say something else; return how many.

    `author` is who takes them in, `now` is UTC.
    """
    kept = 0
    for review in dict.fromkeys(reviews):
        row = tuple(getattr(review, field) for field in _FIELDS)
        if row == _newest(connection, review):
            continue
        connection.execute(
            f"INSERT INTO foreign_review({_COLUMNS}, review_id, author, recorded_at) "  # noqa: S608  words of this module
            "SELECT ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max(review_id), 0) + 1, ?, ? FROM foreign_review",
            (*row, author, utc_text(now)),
        )
        kept += 1
    return kept


def _newest(connection: sqlite3.Connection, review: ForeignReview) -> tuple[str | None, ...] | None:
    row: tuple[str | None, ...] | None = connection.execute(
        f"SELECT {_COLUMNS} FROM foreign_review WHERE url = ? AND claim_text = ? "  # noqa: S608  words of this module
        "ORDER BY review_id DESC LIMIT 1",
        (review.url, review.claim_text),
    ).fetchone()
    return row


def review(connection: sqlite3.Connection, review_id: int) -> ForeignReview:
    """Return the newest version of the review that was kept under a number."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM foreign_review WHERE (url, claim_text) = "  # noqa: S608  words of this module
        "(SELECT url, claim_text FROM foreign_review WHERE review_id = ?) ORDER BY review_id DESC LIMIT 1",
        (review_id,),
    ).fetchone()
    given = {field: value for field, value in zip(_FIELDS, row, strict=True) if value is not None}
    return ForeignReview.model_validate(given)


def after(connection: sqlite3.Connection, review_id: int, last: int) -> list[int]:
    """Return the reviews kept after one number up to another: a later version of a known one has its first number."""
    rows = connection.execute(
        "SELECT DISTINCT (SELECT min(review_id) FROM foreign_review f "
        "WHERE (f.url, f.claim_text) = (r.url, r.claim_text)) FROM foreign_review r "
        "WHERE review_id > ? AND review_id <= ?",
        (review_id, last),
    )
    return [number for (number,) in rows]
