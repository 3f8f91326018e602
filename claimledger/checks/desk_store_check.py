"""The check of the desk's store: its publications and people against the log, its tables against the schema."""

from __future__ import annotations
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from claimledger.errors import Problem
from claimledger.ledger import log
from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import arrivals
from claimledger.newsroom.row_hashes import altered_rows
from claimledger.newsroom.schema import schema_problems
from claimledger.checks.results import CheckResult, make_check_result


def check_store(places: LedgerPaths) -> CheckResult:
    """Check the desk's publications against the log, and its tables and triggers against the expected ones."""
    if not places.desk.exists():
        return CheckResult("desk", "there is no desk.db here", has_run=False)
    problems = []
    try:
        with closing(sqlite3.connect(f"{places.desk.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")  # opened read-only, it would leave its journal behind
            problems += [Problem(finding, file="desk.db") for finding in schema_problems(connection)]
            problems += _desk_damages(connection)
            problems += _desk_differences(connection, places)
            problems += _unknown_people(connection, places)
            count = connection.execute("SELECT count(*) FROM publication").fetchone()[0]
            problems += altered_rows(connection) if _has_table(connection, "row_hash") else ()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        problems.append(Problem("unreadable-store", file="desk.db", reason=str(error)))
        return make_check_result("desk", "desk.db, as far as it can be read", problems)
    looked_at = f"{count:,} publications, tables and triggers, and each row against its hash; not what drafts say"
    return make_check_result("desk", looked_at, problems)


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (name,)).fetchone() is not None


def _desk_damages(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (finding,) in connection.execute("PRAGMA integrity_check"):
        if finding != "ok":
            yield Problem("damaged-store", file="desk.db", reason=finding)


def _desk_differences(connection: sqlite3.Connection, places: LedgerPaths) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT CAST(body AS BLOB), number, sha256, subject, key, revision FROM publication ORDER BY number"
    )
    logged = (body for file in log.read_files(places.log) for body in file.bodies)
    for number, (row, body) in enumerate(zip_longest(rows, logged), start=1):
        if row is None:
            yield Problem("desk-behind", file="desk.db", number=number)
            return
        if body is None:
            yield Problem("log-cut", file="desk.db", number=number)
            return
        if row[0] != body:
            yield Problem("desk-differs", file="desk.db", number=number)
            continue
        if row[1:] != _expected_columns(number, body):
            yield Problem("desk-differs/columns", file="desk.db", number=number)


def _unknown_people(connection: sqlite3.Connection, places: LedgerPaths) -> Iterator[Problem]:
    """Yield a problem for each author or approver in the log who is neither a person of the desk nor an earlier one."""
    if not _has_table(connection, "earlier_people"):
        return  # a store of an older version takes over the names in it when it is opened
    known = arrivals.known_names(connection)
    for file in log.read_files(places.log):
        for fault in arrivals.person_faults(file.bodies, file.first, known):
            name, line = places.relative_name(file.path), fault.number - file.first + 1
            yield Problem(fault.message, file=name, line=line)


def _expected_columns(number: int, body: bytes) -> tuple[object, ...]:
    (envelope,) = log.decode_envelopes([body])
    if isinstance(envelope, str):
        return ()
    return number, leaf_sha256(body).hex(), envelope.subject, envelope.key, envelope.revision
