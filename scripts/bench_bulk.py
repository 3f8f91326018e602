"""Publish many claims through the desk's store, beside plain inserts of the same claims into one table."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench_lines import Time
from bench_timing import time_once
from direct_publishing import publish_directly
from made_up import made_up_claim

from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import RevisionKind, Subject

AT_ONCE = 10_000
"""The revisions published in one action, as an import does."""
NOW = datetime(2025, 5, 2, 9, 0, tzinfo=UTC)
COLUMNS = (
    "claim_id TEXT PRIMARY KEY", "article_id", "statement_en", "statement_ko", "speaker_kind", "speaker_en",
    "speaker_ko", "role_en", "role_ko", "organization_en", "organization_ko", "mode", "speaker_basis", "source_kind",
    "source_en", "source_ko", "amount", "unit", "direction", "topic", "said_on", "about_on",
)  # fmt: skip
"""The columns of a plain table of claims without history."""
_INSERT_RAW = f"INSERT INTO claim VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  nothing but question marks


def _sum(parts: Sequence[Time]) -> Time:
    return Time(sum(part.wall for part in parts), sum(part.processor for part in parts))


def claim_drafts(claims: Sequence[Mapping[str, Any]]) -> list[Draft]:
    """Return drafts of new claims."""
    Claim.model_validate_json(encode_body(claims[0]))
    return [
        Draft(
            subject=Subject.CLAIM,
            key=claim["claim_id"],
            base=None,
            kind=RevisionKind.LISTED,
            authors=("haru",),
            reason="기사에서 옮겼다.",
            record_json=encode_body(claim),
        )
        for claim in claims
    ]


def raw_row(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a claim as a row of the plain table."""
    speaker, attribution, source, (quantity,) = (
        claim["speaker"], claim["attribution"], claim["source"], claim["quantities"],
    )  # fmt: skip
    both = ("en", "ko")
    return (
        claim["claim_id"], claim["article_id"], *(claim["statement"][language] for language in both), speaker["kind"],
        *(speaker[part][language] for part in ("name", "role", "organization") for language in both),
        attribution["mode"], attribution["speaker_basis"], source["kind"],
        *(source["name"][language] for language in both), quantity["amount"], quantity["unit"], quantity["direction"],
        claim["topics"][0], claim["said_on"], claim["about_on"],
    )  # fmt: skip


def _raw_table(path: Path) -> sqlite3.Connection:
    """Open a plain table with the same SQLite settings as the desk."""
    connection = sqlite3.connect(str(path), isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute(f"CREATE TABLE claim({', '.join(COLUMNS)})")
    return connection


def _insert_raw(connection: sqlite3.Connection, rows: Sequence[tuple[str, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT_RAW, rows)
    connection.execute("COMMIT")


Publish = Callable[[DeskStore, Sequence[Draft]], object]


def publish(store: DeskStore, drafts: Sequence[Draft]) -> None:
    """Publish drafts that are not recorded yet."""
    publish_directly(store, drafts, "sora", now=NOW)


def record_and_publish(store: DeskStore, drafts: Sequence[Draft]) -> None:
    """Record drafts, then publish all that are open."""
    with store.writing() as connection:
        store.append_drafts(connection, drafts, NOW)
    publish_directly(store, store.open_drafts(), "sora", now=NOW)


def build_repeatedly(
    raw: Path, places: LedgerPaths, revisions: int, runs: int, *, publish: Publish
) -> tuple[list[Time], list[Time]]:
    """Build a log several times from scratch. The last one stays."""
    times = []
    floor_times = []
    for _ in range(runs):
        shutil.rmtree(str(places.root), ignore_errors=True)
        places.root.mkdir()
        once, floor_once = _build_once(raw, places, revisions, publish)
        times.append(once)
        floor_times.append(floor_once)
    return times, floor_times


def _build_once(raw: Path, places: LedgerPaths, revisions: int, publish: Publish) -> tuple[Time, Time]:
    """Fill a desk with its log, and a plain table, in turns of `AT_ONCE` claims."""
    times = []
    floor_times = []
    with closing(_raw_table(raw)) as connection, DeskStore(places.desk, places.log) as store:
        for first in range(0, revisions, AT_ONCE):
            claims = [made_up_claim(number) for number in range(first, min(first + AT_ONCE, revisions))]
            rows, drafts = [*map(raw_row, claims)], claim_drafts(claims)
            floor_times.append(time_once(partial(_insert_raw, connection, rows)))
            times.append(time_once(partial(publish, store, drafts)))
    raw.unlink()
    return _sum(times), _sum(floor_times)
