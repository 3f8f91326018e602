"""Measure one change of `ledger.db`: a new claim, a verdict, a correction, a withdrawal, and a preview."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
from bench_lines import Time
from bench_timing import Measurement, summarize, sync_time, time_once
from made_up_log import (
    CLAIMS_PER_ARTICLE, CORRECTION, BodyWriter, Profile, ClaimVersion, article_id, corrected_claim, newsroom_claim,
    shared_claim,
)  # fmt: skip

from claimledger.ledger.log import LogEntry
from claimledger.publishing.apply import LogSources, apply
from claimledger.publishing.ledger_db import open_for_change

RUNS = 31
_HEAD = "SELECT revision, sha256, body FROM revision WHERE subject = 'claim' AND key = ? ORDER BY revision DESC LIMIT 1"
_VERDICT = {
    "question": "so", "value": "supported", "as_of": "2026-01-05", "rationale": {"ko": "예산서와 대조했다."},
}  # fmt: skip


class StepMaker:
    """A maker of the next entries of a generated log whose first entries are in a database already."""

    def __init__(self, connection: sqlite3.Connection, profile: Profile, claims: int) -> None:
        """Continue the log of so many generated claims."""
        self._connection, self._profile, self._claims = connection, profile, claims
        (self.claims,) = connection.execute("SELECT count(*) FROM claims").fetchone()
        (self.size,) = connection.execute("SELECT max(number) FROM revision").fetchone()
        self._bodies = BodyWriter(self.size)
        self._bodies.set_time(1)

    def skip_back(self) -> None:
        """Make the next entry with the number of the last one again, after a preview."""
        self._bodies.number -= 1

    def new_claim(self, run: int) -> LogEntry:
        """Return a new claim of an article that has others."""
        number = self.claims + run
        if self._profile is Profile.SHARED:
            claim = shared_claim(number)
        else:
            article = article_id(run * 37 % max(self._claims // CLAIMS_PER_ARTICLE, 1))
            claim = {**newsroom_claim(number, self._claims), "article_id": article}
        return self._bodies.entry("claim", claim["claim_id"], claim)

    def verdict(self, run: int) -> LogEntry:
        """Return a verdict on a claim."""
        one = self._head(run * 997 * 10 + 3)
        return self._bodies.next_version(one, "verdict", {**one.claim, "verdicts": [_VERDICT]})

    def correction(self, run: int) -> LogEntry:
        """Return a correction of the words of a claim with a verdict."""
        one = self._head(run * 331 * 10 // 10 * 10)
        claim = {**corrected_claim(one.claim), "about_on": str(2010 + run % 9)}
        return self._bodies.next_version(one, "correction", claim, correction=CORRECTION)

    def withdrawal(self, run: int) -> LogEntry:
        """Return the withdrawal of a claim."""
        one = self._head(run * 613 * 10 + 5)
        return self._bodies.next_version(one, "withdrawal", one.claim)

    def _head(self, number: int) -> ClaimVersion:
        place = number % self._claims
        one = shared_claim(place) if self._profile is Profile.SHARED else newsroom_claim(place, self._claims)
        revision, digest, body = self._connection.execute(_HEAD, (one["claim_id"],)).fetchone()
        return ClaimVersion(place, msgspec.json.decode(body)["record"], revision, digest)


def measure_steps(path: Path, profile: Profile, claims: int, runs: int = RUNS) -> Iterator[Measurement]:
    """Yield the times of each kind of change and of its two parts, of a preview and of a write to the disk.

    The file keeps the changes. The first run of each kind is not measured.
    """
    with open_for_change(path) as connection:
        maker = StepMaker(connection, profile, claims)
        ledger = profile.value, claims, maker.size
        for kind, make in _kinds(maker).items():
            times = [_step(connection, make(run), "COMMIT") for run in range(runs + 1)][1:]
            yield summarize(f"step.{kind}", [_add(*pair) for pair in times], ledger)
            yield summarize(f"apply.{kind}", [one for one, _ in times], ledger)
            yield summarize(f"commit.{kind}", [other for _, other in times], ledger)
        yield summarize("preview", [*_previews(connection, maker, runs)], ledger)
    yield summarize("fsync", [sync_time(path.with_name("sync")) for _ in range(runs)], ledger)


def _kinds(maker: StepMaker) -> Mapping[str, Callable[[int], LogEntry]]:
    return {
        "claim": maker.new_claim,
        "verdict": maker.verdict,
        "correction": maker.correction,
        "withdrawal": maker.withdrawal,
    }


def _previews(connection: sqlite3.Connection, maker: StepMaker, runs: int) -> Iterator[Time]:
    for run in range(runs + 1):
        times = _step(connection, maker.new_claim(runs + 1 + run), "ROLLBACK")
        maker.skip_back()
        if run:
            yield _add(*times)


def _add(one: Time, other: Time) -> Time:
    return Time(one.wall + other.wall, one.processor + other.processor)


def _step(connection: sqlite3.Connection, entry: LogEntry, end: str) -> tuple[Time, Time]:
    """Apply an entry; return the times of this and of the end of the transaction. A preview lists the changed rows."""

    def change() -> None:
        connection.execute("BEGIN IMMEDIATE")
        apply(connection, [entry], LogSources(_no_body), keeps_differences=end == "ROLLBACK")

    return time_once(change), time_once(lambda: connection.execute(end))


def _no_body(number: int) -> bytes:
    raise LookupError(number)
