"""Read the published ledger without Datasette: lists, a claim, its history, and its state on a past date.

The state on a date is the newest revision recorded by the end of that UTC day. The module returns plain rows and bodies
and renders nothing.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec

from claimledger.errors import LedgerError, NotFound
from claimledger.messages import find_similar
from claimledger.models import Claim
from claimledger.models.stored import read_revision
from claimledger.publishing import projection
from claimledger.publishing.as_of import VersionAsOf, claim_as_of, claims_as_of, day_end
from claimledger.publishing.cells import best_wording
from claimledger.publishing.redaction import redacted_envelope
from claimledger.publishing.tables import CLAIMS
from claimledger.publishing.tallies import verification_status
from claimledger.vocabulary import RecordState

CLAIM_FILTERS: Mapping[str, str] = {
    "article": "article = ?",
    "speaker": "speaker IN (SELECT speaker FROM speakers WHERE ? COLLATE NOCASE IN (speaker, name_ko))",
    "kind": "kind = ?",
    "verification_status": "verification_status = ?",
    "topic": "claim_id IN (SELECT claim_id FROM topics WHERE topic = ? COLLATE NOCASE)",
    "currency": "claim_id IN (SELECT claim_id FROM quantities WHERE currency = ? COLLATE NOCASE)",
}
"""The filters of a claim list and their SQL conditions. A speaker matches by either name; a topic or a currency
matches if any of the claim's topics or figures has it.
"""
FINDING_FILTERS: Mapping[str, str] = {
    "claim_id": "claim_id = ?",
    "article": "claim_id IN (SELECT claim_id FROM claims WHERE article = ?)",
    "code": "code = ?",
    "severity": "severity = ?",
}
"""The filters of a list of findings and their SQL conditions."""


class VersionRedacted(LedgerError):
    """Raised when the version of a claim on a past date was redacted later."""

    def __init__(self, claim_id: str, on: str) -> None:
        """Name the claim and the day (YYYY-MM-DD)."""
        super().__init__(claim=claim_id, day=on)


@contextmanager
def open_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Open ledger.db read-only, with `sqlite3.Row` rows."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


def list_claims(connection: sqlite3.Connection, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of `claims` that match all `filters` (name of `CLAIM_FILTERS` to value), sorted by claim ID."""
    names = [name for name in CLAIM_FILTERS if name in filters]
    where = " AND ".join(CLAIM_FILTERS[name] for name in names)
    return _rows(connection, "claims", where, [filters[name] for name in names], order_by="claim_id")


def list_claims_as_of(
    connection: sqlite3.Connection, filters: Mapping[str, str], on: datetime.date
) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of `claims` as they were at the end of a UTC day and match all `filters`, sorted by claim ID.

    A claim whose version of that day was redacted later has no row; the second value is the number of such claims.
    """
    firsts = dict(connection.execute("SELECT claim_id, first_recorded_at FROM claims").fetchall())
    corrected = dict(connection.execute(_FIRST_CORRECTIONS).fetchall())
    filtered, redacted = _claim_filter(connection, filters), 0
    rows = []
    for version in claims_as_of(connection, day_end(on)):
        if not version.body:
            redacted += 1
            continue
        claim = cast("Claim", read_revision(version.body).record)
        if filtered(claim):
            is_corrected = version.number >= corrected.get(version.key, version.number + 1)
            rows.append(_claim_row(claim, version, firsts[version.key], is_corrected=is_corrected))
    return rows, redacted


_FIRST_CORRECTIONS = (
    "SELECT key, min(number) FROM revision WHERE subject = 'claim' AND kind = 'correction' GROUP BY key"
)


def _claim_row(claim: Claim, version: VersionAsOf, first_at: str, *, is_corrected: bool) -> dict[str, Any]:
    summary = projection.RecordSummary(
        version.revision, first_at, version.recorded_at, version.actor, is_corrected, RecordState(version.record_state)
    )
    return dict(zip(CLAIMS.header, projection.claim_row(claim, summary), strict=True))


def _claim_filter(connection: sqlite3.Connection, filters: Mapping[str, str]) -> Callable[[Claim], bool]:
    """Return a function that says whether a claim matches all filters; they mean the same as in `CLAIM_FILTERS`."""
    wanted = {name: value.casefold() for name, value in filters.items()}
    named = "SELECT speaker FROM speakers WHERE ? COLLATE NOCASE IN (speaker, name_ko)"
    speakers = {speaker for (speaker,) in connection.execute(named, (filters.get("speaker"),))}

    def matches(claim: Claim) -> bool:
        values: Mapping[str, Iterable[str | None]] = {
            "article": (claim.article_id,),
            "kind": (str(claim.kind),),
            "verification_status": (verification_status(claim),),
            "topic": claim.topics,
            "currency": (one.currency for one in claim.quantities),
        }
        is_said = "speaker" not in filters or (claim.speaker and best_wording(claim.speaker.name) in speakers)
        known = wanted.keys() & values.keys()
        return bool(is_said) and all(
            wanted[name] in (str(value).casefold() for value in values[name]) for name in known
        )

    return matches


def korean_names(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Return the Korean names of the speakers that have one, by the name in the table `claims`."""
    return dict(connection.execute("SELECT speaker, name_ko FROM speakers WHERE name_ko IS NOT NULL").fetchall())


def claim_revision(connection: sqlite3.Connection, claim_id: str, on: datetime.date | None = None) -> dict[str, Any]:
    """Return a claim's newest revision with its hash, today or at the end of a UTC day.

    Raises:
        NotFound: the claim does not exist, or did not exist on that day.
        VersionRedacted: the version of that day was redacted later.
    """
    version = claim_as_of(connection, claim_id, day_end(on)) if on else claim_as_of(connection, claim_id)
    if version is None:
        if on and claim_as_of(connection, claim_id):
            raise NotFound("version", claim_id, day=on.isoformat())
        raise _not_found(connection, claim_id)
    if version.body is None:
        raise VersionRedacted(claim_id, on.isoformat() if on else "")
    return {**msgspec.json.decode(version.body), "sha256": version.sha256}


def claim_revisions(connection: sqlite3.Connection, claim_id: str) -> list[dict[str, Any]]:
    """Return a claim's revisions with their hashes, oldest first.

    A revision that was redacted later has number, kind, time and people, but no `record`.

    Raises:
        NotFound: the claim does not exist.
    """
    sql = "SELECT * FROM revision WHERE subject = 'claim' AND key = ? ORDER BY revision"
    rows = connection.execute(sql, (claim_id,)).fetchall()
    if not rows:
        raise _not_found(connection, claim_id)
    bodies = (msgspec.json.decode(row["body"]) if row["body"] else redacted_envelope(row) for row in rows)
    return [{**body, "sha256": row["sha256"]} for body, row in zip(bodies, rows, strict=True)]


def list_findings(connection: sqlite3.Connection, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of `findings` that match all `filters` (name of `FINDING_FILTERS` to value), sorted by claim."""
    names = [name for name in FINDING_FILTERS if name in filters]
    where = " AND ".join(FINDING_FILTERS[name] for name in names)
    return _rows(connection, "findings", where, [filters[name] for name in names], order_by="claim_id, position")


def finding_counts(connection: sqlite3.Connection, claim_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of findings by claim ID. Claims without findings are left out."""
    marks = ", ".join("?" * len(claim_ids))
    sql = f"SELECT claim_id, count(*) FROM findings WHERE claim_id IN ({marks}) GROUP BY claim_id"  # noqa: S608
    return dict(connection.execute(sql, claim_ids).fetchall())


def list_fact_values(
    connection: sqlite3.Connection, language: str, key: str, claim_id: str, most: int
) -> list[dict[str, Any]]:
    """Return up to `most` figures of other listed claims about the same fact, each with its claim's article.

    `key` is a value of `quantities.fact_en` or `fact_ko`. Of equal figures only the first claim's is returned.
    """
    column = {"en": "fact_en", "ko": "fact_ko"}[language]
    sql = (
        "SELECT q.*, c.article, min(q.claim_id) FROM quantities AS q "  # noqa: S608  names of the table
        f"JOIN claims AS c USING (claim_id) WHERE q.{column} = ? AND c.record_state = 'listed' AND q.claim_id <> ? "
        "GROUP BY q.amount, q.low, q.high, q.unit, q.currency, q.comparator, q.direction "
        "ORDER BY q.claim_id, q.position LIMIT ?"
    )
    return [dict(row) for row in connection.execute(sql, (key, claim_id, most))]


def _not_found(connection: sqlite3.Connection, claim_id: str) -> NotFound:
    ids = [row[0] for row in connection.execute("SELECT claim_id FROM claims")]
    return NotFound("claim", claim_id, _similar_ids(claim_id, ids))


def _similar_ids(claim_id: str, ids: list[str]) -> list[str]:
    starting = [name for name in ids if name.startswith(claim_id)]
    return starting[:3] or find_similar(claim_id, ids, 3)


def claim_history(connection: sqlite3.Connection, claim_id: str) -> list[dict[str, Any]]:
    """Return the rows of `history` for a claim, oldest first."""
    return _rows(connection, "history", "claim_id = ?", [claim_id], order_by="id")


def _rows(
    connection: sqlite3.Connection, table: str, where: str, values: Sequence[str], *, order_by: str
) -> list[dict[str, Any]]:
    from sqlite_utils import Database  # noqa: PLC0415  imports numpy if installed: a tenth of the start-up time

    return list(Database(connection).table(table).rows_where(where or None, values, order_by=order_by))
