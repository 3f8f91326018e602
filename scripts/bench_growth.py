"""Measure how costs grow with the size of the ledger, beside other ways to keep the same records in SQLite.

For each size, a log is generated and kept in a folder. `ledger.db` is built from it, changed step by step, read as of
past moments and checked. The peers get the same log. Nothing depends on a network.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import bench_bulk
import bench_page
import bench_peers
import bench_whole
from bench_lines import Time
from bench_steps import RUNS, StepMaker, measure_steps
from bench_timing import Measurement, summarize, time_each, time_once
from made_up_log import Profile, log_entries, newsroom_claim, shared_claim, write_log

from claimledger.checks import log_checks
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import as_of, ledger_db

MOST_CHECKED = 100_000
"""The largest ledger whose check is measured: it builds the whole file once more."""
MOST_BULK = 100_000
"""The largest number of claims that are published through the desk's store."""
BULK_RUNS = 3
MOMENTS = ("2021-03-31U", "2022-06-15U", "2024-02-29U", "2025-12-31U")
_SCAN = "SELECT status, sum(claims) FROM status_changes WHERE number > 0 GROUP BY status"
"""The floor of the counts by verdict: one scan of an index that covers the same rows."""


class Ledger(NamedTuple):
    """A generated ledger."""

    folder: Path
    profile: Profile
    claims: int
    revisions: int

    @property
    def path(self) -> Path:
        """The path of its `ledger.db`."""
        return self.folder / "ledger.db"

    @property
    def log(self) -> Path:
        """The folder of its log."""
        return self.folder / "log"

    @property
    def label(self) -> tuple[str, int, int]:
        """The profile and the numbers of claims and revisions, for results."""
        return self.profile.value, self.claims, self.revisions


def report(sizes: Sequence[int], profile: str, kept: Path | None, page: Path | None) -> Iterator[str]:
    """Yield the measurements as lines, each as soon as it is made, and the exponents; write the page if there is one.

    The generated logs are kept in the folder `kept`, if given, and used again.
    """
    measured: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        for one in measure(kept or Path(folder), sizes, Profile(profile)):
            measured.append(one)
            yield bench_page.format_measured(one)
    for chart in bench_page.CHARTS:
        yield f"{chart.title}, exponents: {', '.join(bench_page.exponents(chart.works, measured)) or 'one size only'}"
    if page:
        bench_page.write_results(page, measured, machine(), bench_peers.LACKS)


def measure(folder: Path, sizes: Sequence[int], profile: Profile, runs: int = RUNS) -> Iterator[Measurement]:
    """Yield everything that is measured in ledgers of these sizes; the logs stay in the folder."""
    for claims in sizes:
        ledger = make_log(folder, profile, claims)
        yield from _measure_build(ledger)
        if claims <= MOST_BULK and profile is Profile.NEWSROOM:
            places = LedgerPaths(ledger.folder / "desk")
            bench_whole.make_desk(places, ledger.log, ledger.path)
            yield from bench_whole.measure_publish(places, claims, ledger.label, runs)
        if claims <= MOST_CHECKED:
            yield from _measure_check(ledger)
        yield from measure_past(ledger, runs)
        changes = _changes(ledger, runs)
        yield from measure_steps(ledger.path, profile, claims, runs)
        yield from bench_peers.measure_peers(folder, log.read_log(ledger.log), changes, ledger.label)
        if claims <= MOST_BULK:
            yield from _measure_bulk(ledger)


def make_log(folder: Path, profile: Profile, claims: int) -> Ledger:
    """Generate a log, unless it is in the folder."""
    made = folder / f"{profile}-{claims}"
    if not (made / "log").exists():
        write_log(made / "incomplete", log_entries(claims, profile))
        (made / "incomplete").rename(made / "log")
    return Ledger(made, profile, claims, log.newest_body(made / "log")[0])


def _measure_build(ledger: Ledger) -> Iterator[Measurement]:
    """Measure a full build in a process of its own, where its memory can be seen."""
    command = [sys.executable, str(Path(__file__).with_name("bench_build.py")), str(ledger.log), str(ledger.path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    said = json.loads(done.stdout)
    note = f"largest worker {said['worker_memory'] / 1e6:,.0f} MB; file {ledger.path.stat().st_size / 1e6:,.0f} MB"
    times = [Time(said["wall"], said["processor"])]
    yield summarize("build", times, ledger.label, memory=said["memory"], note=note)


def _measure_check(ledger: Ledger) -> Iterator[Measurement]:
    """Measure the check of the log, and that of `ledger.db` against a fresh build."""
    yield summarize("check.log", [time_once(partial(log_checks.check_log, ledger.log))], ledger.label)
    work = partial(ledger_db.find_differences, ledger.path, log.read_log(ledger.log))
    yield summarize("check.ledger.db", [time_once(work)], ledger.label)


def measure_past(ledger: Ledger, runs: int = RUNS) -> Iterator[Measurement]:
    """Measure reading a claim, an article, a page of claims and the counts by verdict as of past moments."""
    with ledger_db.open_read_only(ledger.path) as connection:
        moments = [MOMENTS[run % len(MOMENTS)] for run in range(runs)]
        places = [run * 7_919 % ledger.claims for run in range(runs)]
        make = shared_claim if ledger.profile is Profile.SHARED else partial(newsroom_claim, claims=ledger.claims)
        claims = [make(place) for place in places]
        work: Mapping[str, Sequence[Callable[[], object]]] = {
            "claim": [partial(as_of.claim_as_of, connection, one["claim_id"], moment)
                      for one, moment in zip(claims, moments, strict=True)],
            "article": [partial(as_of.article_claims_as_of, connection, one["article_id"], moment)
                        for one, moment in zip(claims, moments, strict=True)],
            "page": [partial(as_of.claims_page_as_of, connection, moment) for moment in moments],
            "facet": [partial(as_of.status_counts_as_of, connection, moment) for moment in moments],
            "scan": [lambda: connection.execute(_SCAN).fetchall()] * runs,
        }  # fmt: skip
        for what, every in work.items():
            yield summarize(f"as-of.{what}", time_each(every), ledger.label)


def _changes(ledger: Ledger, runs: int) -> Sequence[log.LogEntry]:
    """Return new claims for the peers, which are then measured in `ledger.db` too."""
    with ledger_db.open_read_only(ledger.path) as connection:
        maker = StepMaker(connection, ledger.profile, ledger.claims)
        return [maker.new_claim(run) for run in range(runs)]


def _measure_bulk(ledger: Ledger) -> Iterator[Measurement]:
    """Measure publishing claims through the desk's store, each record validated, beside plain inserts of the same."""
    places = LedgerPaths(ledger.folder / "bulk")
    times, floor_times = bench_bulk.build_repeatedly(
        ledger.folder / "raw.db", places, ledger.claims, BULK_RUNS, publish=bench_bulk.publish
    )
    shutil.rmtree(places.root)
    yield summarize("bulk.publish", times, ledger.label)
    yield summarize("bulk.raw", floor_times, ledger.label)


def machine() -> Mapping[str, Any]:
    """Return the number of cores and the versions that the results depend on."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in ("sqlite-utils", "sqlite-history-json", "sqlite-chronicle")},
    }
