"""The rows that a build makes of some records, beside the others: what a preview compares.

In: all versions of some records; what the claims counted along say of speaker, source, article and documents; the rows
of the claims that are computed with them. Out: every row that these records have. The invariant: a row is what a build
of the whole log makes, if whatever is counted or computed with the records is given; so the parts of a build are used.
It has no search and no counts of the whole ledger, and it writes no file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, NamedTuple

from claimledger.consistency.across_claims import is_about_several_claims
from claimledger.publishing import filling, passages, projection, redaction
from claimledger.publishing.batches import Logged, project
from claimledger.publishing.cells import best_wording
from claimledger.publishing.columns import Table
from claimledger.publishing.computing import add_across_claims
from claimledger.publishing.rows import FindingRow
from claimledger.publishing.tables import (
    ABOUT, APPEARANCES, ARTICLES, CLAIMS, EDITION_TEXTS, FINDINGS, QUANTITIES, REVISION, TABLES, VOCABULARY,
)  # fmt: skip
from claimledger.publishing.tally import ClaimCounted, Tally, claim_counted, names_alike
from claimledger.vocabulary import Subject

Place = tuple[Subject, str]
Versions = Mapping[Place, Sequence[Logged]]
"""Each record with its public versions, the oldest first."""
RowPlace = tuple[str, tuple[Any, ...]]
"""A table, and the values of the columns by which its rows are told apart."""
Rows = dict[RowPlace, tuple[Any, ...]]
_NAMED = "claim_id IN (SELECT value FROM json_each(?))"


class Beside(NamedTuple):
    """What stands beside some records in the public ledger, and does not change with them."""

    counted: Mapping[str, ClaimCounted]
    """The claims counted along by speaker and source, by name."""
    counts: Mapping[Subject, Mapping[str, int]]
    """How many claims there are, but those, of each article and on each document."""
    rows: Mapping[str, Sequence[tuple[Any, ...]]]
    """Table to the rows of the claims computed with them."""


def alike_among(claims: Iterable[ClaimCounted]) -> frozenset[str]:
    """Return the names that more than one source of some claims has."""
    return names_alike((best_wording(one.source.name), str(one.source.kind), one.source.published_on) for one in claims)


def rows_of(versions: Versions, beside: Beside) -> Rows:
    """Return every row that some records have, and the findings of the claims computed with them.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    own = {key: claim_counted(logged[-1][2]) for (subject, key), logged in versions.items() if subject is Subject.CLAIM}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _fill(connection, versions, [one for _, one in sorted({**beside.counted, **own}.items())], beside.counts)
        for name, rows in beside.rows.items():
            marks = ", ".join("?" * len(_BY_NAME[name].header))
            connection.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({marks})", rows)  # noqa: S608  names of tables
        add_across_claims(connection)
        passages.blank_passages(connection)
        redaction.blank_redacted(connection)
        _take_out(connection, beside)
        found = (keyed(table, connection.execute(table.select_sql)) for table in _FROM_RECORDS)
        return dict(chain.from_iterable(found))


def _take_out(connection: sqlite3.Connection, beside: Beside) -> None:
    """Take the claims out again that others were computed with: their rows are what they were, but for findings."""
    names = json.dumps([row[0] for row in beside.rows.get(CLAIMS.name, ())])
    for table in (CLAIMS, QUANTITIES, APPEARANCES):
        connection.execute(f"DELETE FROM {table.name} WHERE {_NAMED}", (names,))  # noqa: S608  names of tables
    connection.execute("DELETE FROM revision WHERE key IN (SELECT value FROM json_each(?))", (names,))


_BY_NAME = {table.name: table for table in TABLES}
_FROM_RECORDS = [table for table in TABLES if table not in (ABOUT, EDITION_TEXTS, VOCABULARY)]


def _fill(
    connection: sqlite3.Connection,
    versions: Versions,
    claims: Sequence[ClaimCounted],
    counts: Mapping[Subject, Mapping[str, int]],
) -> None:
    for table in _FROM_RECORDS:
        connection.execute(table.create_sql)
    logged = (one for of_record in versions.values() for one in of_record)
    rows = (projection.revision_row(digest, body.encode()) for _, digest, body in logged)
    connection.executemany(REVISION.insert_sql, rows)
    for statement in REVISION.index_sql:
        connection.execute(statement)
    alike = alike_among(claims)
    for batch in filling.claim_batches(connection, alike):
        filling.write(connection, project(batch).rows)
    tally = Tally(alike)
    for claim in claims:
        tally.add(claim)
    tally.by_article.update(counts.get(Subject.ARTICLE, {}))
    tally.by_document.update(counts.get(Subject.DOCUMENT, {}))
    filling.add_counted(connection, tally, lambda _: None)


def rows_beside(ledger: sqlite3.Connection, claims: Collection[str]) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Return the rows of public claims with which others are computed: all that is held against them."""
    names = json.dumps(sorted(claims))
    found = {table.name: ledger.execute(sql, (names,)).fetchall() for table, sql in _HELD_AGAINST}
    return {**found, FINDINGS.name: [row for row in found[FINDINGS.name] if not _is_across(FindingRow(*row))]}


def _is_across(row: FindingRow) -> bool:
    return is_about_several_claims(row.code, row.other_claim_id)


_NEWEST_OF_CLAIMS = (
    "SELECT * FROM revision WHERE number IN (SELECT max(number) FROM revision WHERE subject = 'claim' "
    "AND key IN (SELECT value FROM json_each(?)) GROUP BY key)"
)
_HELD_AGAINST: Sequence[tuple[Table, str]] = (
    *((table, f"SELECT * FROM {table.name} WHERE {_NAMED}") for table in (CLAIMS, QUANTITIES, APPEARANCES, FINDINGS)),  # noqa: S608
    (ARTICLES, f"SELECT * FROM articles WHERE article IN (SELECT article FROM claims WHERE {_NAMED})"),  # noqa: S608
    (REVISION, _NEWEST_OF_CLAIMS),
)
"""The rows that computing across claims reads: of a claim's versions the newest."""


def keyed(table: Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[RowPlace, tuple[Any, ...]]]:
    """Yield rows of a table by its name and their key."""
    at = [table.header.index(name) for name in table.key]
    yield from (((table.name, tuple(row[place] for place in at)), tuple(row)) for row in rows)
