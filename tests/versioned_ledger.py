"""Ledgers for the tests of a running server: each row has the ledger's version, and an answer must have only one."""

from __future__ import annotations

import json
import re
import sqlite3
import urllib.parse
from contextlib import closing
from pathlib import Path

from claimledger.publishing.search import text_tokens
from claimledger.publishing.tables import TABLES_FORMAT

LONG_ROWS = 30_000
SCHEMA = f"""
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE claims (claim_id TEXT PRIMARY KEY, version TEXT, text TEXT);
CREATE VIRTUAL TABLE claims_fts USING fts5(grams, content='');
CREATE VIEW long AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {LONG_ROWS})
  SELECT i, printf('%0300d', i) AS text, version FROM n, claims WHERE claim_id = 'claim-000';
"""  # noqa: S608  nothing in it comes from outside
SEARCH = urllib.parse.quote("구글")
UNCHECKED = {"plugins": {"claimledger": {"check_rows_at_start": False}}}
"""The settings for these ledgers, whose rows have no checksums."""
METADATA = UNCHECKED | {"databases": {"ledger": {"tables": {"claims": {"fts_table": "claims_fts"}}}}}
PAGES = (
    "/ledger/claims?_facet=version",
    "/ledger/claims.json?_facet=version&_extra=facet_results",
    "/ledger/claims.json?_shape=array&_size=max",
    f"/ledger/claims.json?_shape=array&_search={SEARCH}",
    "/ledger/claims/claim-003",
    "/ledger/claims/-/csv",
    "/ledger/claims.csv?_stream=on",
)


def rows_of(version: int) -> int:
    """Return the number of claims of a version: more than a page of 20, and different in the next version."""
    return 45 + version % 7


def made(path: Path, version: int, *, more: str = "", form: int = TABLES_FORMAT) -> Path:
    """Make a ledger in which each row has the version."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        fill(connection, version, form=form)
        connection.commit()
        connection.executescript(more)
    return path


def fill(connection: sqlite3.Connection, version: int, *, form: int = TABLES_FORMAT) -> None:
    """Write the rows of a version."""
    said = {"format": form, "log_size": version, "log_root": f"{version:064}", "content_sha256": f"{version:064}"}
    connection.executemany("INSERT INTO about VALUES (?, ?)", said.items())
    for number in range(rows_of(version)):
        row = (f"claim-{number:03}", f"v{version}v", "바이두는 구글에 이어")
        connection.execute("INSERT INTO claims VALUES (?, ?, ?)", row)
        connection.execute("INSERT INTO claims_fts (rowid, grams) VALUES (?, ?)", (number + 1, text_tokens(row[2])))


def publish(path: Path, version: int) -> None:
    """Change the ledger in place in one transaction, as a publish does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM about")
        connection.execute("DELETE FROM claims")
        connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('delete-all')")
        fill(connection, version)
        connection.execute("COMMIT")


def replace(path: Path, version: int, *, more: str = "", form: int = TABLES_FORMAT) -> None:
    """Replace the file by another version, as a whole build does while no one has it open."""
    built = made(path.with_name("next.building"), version, more=more, form=form)
    for ending in ("-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    built.replace(path)


def copy_into(path: Path, version: int, *, more: str = "") -> None:
    """Copy another version into the file, as a whole build does while others have it open."""
    built = made(path.with_name("next.building"), version, more=more)
    with closing(sqlite3.connect(built)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    built.unlink()


CHANGES = {"publish": publish, "rename": replace, "backup": copy_into}
"""The ways in which the ledger of a running server changes."""


def version_in(page: str, text: str) -> int:
    """Return the version in an answer, and assert that the answer is complete and has no other version."""
    found = {int(number) for number in re.findall(r"v(\d+)v", text)}
    assert len(found) == 1, (page, found)
    (version,) = found
    if page.endswith(("/csv", "_stream=on")):
        assert text.count(f"v{version}v") == rows_of(version), page
    if "facet_results" in page:
        results = json.loads(text)["facet_results"]
        facet = results.get("results", results)["version"]["results"][0]
        assert (facet["value"], facet["count"]) == (f"v{version}v", rows_of(version))
    if page.endswith("?_facet=version"):
        assert f"{rows_of(version)} rows" in text
    return version
