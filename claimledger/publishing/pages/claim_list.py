"""The claims that stand in one way, or are about one thing: what the front page's counts and a claim's topics lead to.

In: a verification status, a topic, both or neither, and a page number. Out: lines of listed claims: what was changed
last first, of a topic by their names, each as an index has them. The invariant: a list holds as many claims as its
count says, so withdrawn ones are in none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from claimledger.publishing.pages.lines import PAGE, Line, lines, numbers, offset
from claimledger.vocabulary import VerificationStatus

_CLAIMS = "SELECT rowid FROM claims WHERE record_state = 'listed'"
_OF_TOPIC = (
    "SELECT claims.rowid FROM topics CROSS JOIN claims USING (claim_id) WHERE topics.topic = :topic "
    "AND record_state = 'listed'"
)
"""The topics first: their indexes have the claims in the order of their names, which is that of the row numbers."""
_ORDERS = {_CLAIMS: "last_recorded_at DESC, rowid DESC", _OF_TOPIC: "topics.claim_id"}
_STANDS = {_CLAIMS: " AND verification_status = :status", _OF_TOPIC: " AND topics.verification_status = :status"}
"""A row of a topic has the status, too: few claims of one status are found among many of a topic."""
_BY_TOPIC = (
    "SELECT topic, verification_status, count(*) FROM topics WHERE verification_status IS NOT NULL GROUP BY 1, 2"
)


def claim_list(
    connection: sqlite3.Connection, status: VerificationStatus | None, topic: str | None, page: int
) -> tuple[Line, ...]:
    """Return a page of the listed claims with a status and a topic, as far as one is given."""
    claims = _OF_TOPIC if topic else _CLAIMS
    stands = _STANDS[claims] if status else ""
    given = {"status": status, "topic": topic, "most": PAGE, "skipped": offset(page)}
    sql = f"{claims}{stands} ORDER BY {_ORDERS[claims]} LIMIT :most OFFSET :skipped"
    return lines(connection, numbers(connection, sql, given))


def by_topic(connection: sqlite3.Connection) -> Mapping[str, Mapping[VerificationStatus, int]]:
    """Return how many listed claims of each topic stand how; it looks through all topics of claims."""
    found: dict[str, dict[VerificationStatus, int]] = {}
    for topic, status, count in connection.execute(_BY_TOPIC):
        found.setdefault(topic, {})[VerificationStatus(status)] = count
    return found
