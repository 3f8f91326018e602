"""Lists of claims with a status or a topic, linked from the front page's counts and a claim's topics.

Claims with a status are sorted by their last change, newest first; claims of a topic by their ID. Both orders come from
an index. Withdrawn claims are never listed, so a list has as many claims as the count that links to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from claimledger.publishing import tallies
from claimledger.publishing.pages.lines import LINES_PER_PAGE, ClaimLine, claim_lines, row_numbers, page_offset
from claimledger.vocabulary import VerificationStatus

_CLAIMS = "SELECT rowid FROM claims WHERE record_state = 'listed'"
_CLAIMS_OF_TOPIC = (
    "SELECT claims.rowid FROM topics CROSS JOIN claims USING (claim_id) WHERE topics.topic = :topic "
    "AND record_state = 'listed'"
)
"""The query starts with the topics because their indexes are sorted by claim ID, like the row numbers of `claims`."""
_ORDERS = {_CLAIMS: "last_recorded_at DESC, rowid DESC", _CLAIMS_OF_TOPIC: "topics.claim_id"}
_STATUS_CONDITIONS = {
    _CLAIMS: " AND verification_status = :status",
    _CLAIMS_OF_TOPIC: " AND topics.verification_status = :status",
}
"""The conditions on the status. Topic rows have the status too, to find few claims of one status among many of a
topic.
"""


def claim_list(
    connection: sqlite3.Connection, status: VerificationStatus | None, topic: str | None, page: int
) -> tuple[ClaimLine, ...]:
    """Return one page of the listed claims with a status and a topic, if given."""
    claims = _CLAIMS_OF_TOPIC if topic else _CLAIMS
    condition = _STATUS_CONDITIONS[claims] if status else ""
    parameters = {"status": status, "topic": topic, "most": LINES_PER_PAGE, "skipped": page_offset(page)}
    sql = f"{claims}{condition} ORDER BY {_ORDERS[claims]} LIMIT :most OFFSET :skipped"
    return claim_lines(connection, row_numbers(connection, sql, parameters))


ClaimsByTopic = Mapping[str, Mapping[VerificationStatus, int]]
"""The number of listed claims by topic and status."""


def count_by_topic(connection: sqlite3.Connection) -> ClaimsByTopic:
    """Return the number of listed claims by topic and status."""
    found: dict[str, dict[VerificationStatus, int]] = {}
    for topic, status, number in tallies.counts_by_key(connection, tallies.TOPIC):
        found.setdefault(topic, {})[VerificationStatus(status)] = number
    return found
