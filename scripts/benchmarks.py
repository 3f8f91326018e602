"""Measure everything that must not be slow, each compared with a floor: the least time that such work takes here.

No computer is ever idle, so the ratio counts: both are measured in turns in one run, by the wall clock and by processor
time, and the median of several runs is used. The records are generated, in English and Korean, in the size of those of
this ledger, a few thousand at a time, so memory does not grow with the log.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import agreeing
import bench_computed
import bench_desk
import bench_http
import bench_pages
import bench_past_checks
import bench_proofs
import bench_publish
import bench_served
from bench_bulk import AT_ONCE, build_repeatedly, claim_drafts, publish, record_and_publish
from bench_lines import HEAD, Line, Time, format_line, row
from bench_timing import time_once
from made_up import made_up_claim

from claimledger.checks import claim_file_checks, desk_store_check, log_checks, results
from claimledger.checks.public_records import PublicRecords
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore
from claimledger.publishing import csv_exchange, exports, ledger_db, ledger_reader
from claimledger.publishing.tables import CLAIMS
from claimledger.quantities import find_figures

AGREEMENT_SECONDS = 2.0
"""The time that the agreement checks of `AT_ONCE` claims may take."""
HASHING_FLOOR = "read and sha256 loop"


def report_pages(claims: int, kept: Path | None = None) -> Iterator[str]:
    """Yield the table for the public pages only. The ledger is kept in the folder `kept`, if given."""
    yield f"{claims:,} claims, {bench_pages.REQUESTS} requests; ratios of medians, by the clock (by processor time)"
    yield row(*HEAD)
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        pages = kept or Path(folder) / "pages"
        yield from map(format_line, _measure_public_pages(pages, claims))
        yield from bench_http.report(pages / "ledger.db")


def report_desk(claims: int, kept: Path | None = None) -> Iterator[str]:
    """Yield the table for the desk's pages only. The ledger is kept in the folder `kept`, if given."""
    yield f"{claims:,} claims, {bench_desk.REQUESTS} requests; ratios of medians, by the clock (by processor time)"
    yield row(*HEAD)
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        made = (kept or Path(folder)) / f"desk-{claims}"
        yield from map(format_line, _measure_desk(made, Path(folder) / "desk", claims))


def report_past_checks(rows: int) -> Iterator[str]:
    """Yield the table for the import of an archive of past checks, and for the pages after it."""
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        yield from bench_past_checks.report(rows, Path(folder))


def report_publishing(sizes: Sequence[int], kept: Path | None = None, waiting: int = 0) -> Iterator[str]:
    """Yield the table of the cost of publishing one claim. The ledgers are kept in the folder `kept`, if given."""
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        yield from bench_publish.report(sizes, kept or Path(folder), waiting=waiting)


def report_proofs(revisions: int, kept: Path | None = None) -> Iterator[str]:
    """Yield the lines about signing, proofs and the check of a log. The log is kept in the folder `kept`, if given."""
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        yield from bench_proofs.report(revisions, kept or Path(folder))


def report(revisions: int, runs: int, command: str) -> Iterator[str]:
    """Yield the table, each line as soon as it is measured. `command` is the path of the command line."""
    yield f"{revisions:,} revisions, {runs} runs; ratios of medians, by the clock (by processor time)"
    yield row(*HEAD)
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        for line in _lines(Path(folder), revisions, runs, command):
            yield format_line(line)
    if not shutil.which("sqlite3"):
        yield "CSV was not measured: the sqlite3 command line, its floor, is not installed here."


def _lines(folder: Path, revisions: int, runs: int, command: str) -> Iterator[Line]:
    yield from _measure_log(folder, LedgerPaths(folder / "ledger"), revisions, runs)
    yield from _measure_ledger(folder, LedgerPaths(folder / "tenth"), max(revisions // 10, 1), runs)
    yield from _measure_desk(folder / "made", folder / "desk", min(revisions, bench_desk.CLAIMS))
    yield from _measure_public_pages(folder / "pages", min(revisions, bench_pages.CLAIMS))
    yield _measure_agreement(min(revisions, AT_ONCE), runs)
    yield from _measure_automatic_checks(min(revisions, bench_computed.CLAIMS), runs)
    yield _measure_start(command, runs)


def _measure_log(folder: Path, places: LedgerPaths, revisions: int, runs: int) -> Iterator[Line]:
    times, floor_times = build_repeatedly(folder / "raw.db", places, revisions, runs, publish=publish)
    yield Line("publish, records validated", "raw executemany", times, floor_times, 3.0)
    floor = partial(_read_and_hash, places.log)
    times, floor_times = _measure_in_turns(lambda: _assert_clean([log_checks.check_log(places.log)]), floor, runs)
    yield Line("check of the log", HASHING_FLOOR, times, floor_times, 0.30, is_speed=True)
    times, floor_times = _measure_in_turns(lambda: DeskStore(places.desk, places.log).close(), floor, runs)
    yield Line("open the desk", HASHING_FLOOR, times, floor_times)


def _measure_ledger(folder: Path, places: LedgerPaths, revisions: int, runs: int) -> Iterator[Line]:
    """Measure on a tenth of the log the steps that take longer."""
    times, floor_times = build_repeatedly(folder / "raw.db", places, revisions, runs, publish=record_and_publish)
    yield Line("a tenth: record, publish", "raw executemany", times, floor_times)
    times, _ = _measure_in_turns(
        lambda: ledger_db.build_ledger_db(log.read_log(places.log), places.ledger), lambda: None, 1
    )
    yield Line("a tenth: build ledger.db", "raw executemany", times, floor_times)
    floor = partial(_read_and_hash, places.log)
    times, floor_times = _measure_in_turns(lambda: _assert_clean(_every_check(places)), floor, 1)
    yield Line("a tenth: all checks", HASHING_FLOOR, times, floor_times)
    yield from _measure_exports(folder, places, runs)


def _make_desk(made: Path, claims: int) -> None:
    """Make a ledger of generated claims with a desk in a folder, if the folder does not exist."""
    if made.exists():
        return
    part = made.with_name(f"{made.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    places = LedgerPaths(part)
    with DeskStore(places.desk, places.log) as store:
        publish(store, bench_desk.article_drafts({made_up_claim(number)["article_id"] for number in range(claims)}))
        for first in range(0, claims, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, claims))
            record_and_publish(
                store, claim_drafts([bench_desk.vary_claim(made_up_claim(number), number) for number in numbers])
            )
    ledger_db.build_ledger_db(log.read_log(places.log), places.ledger)
    part.rename(made)


def _measure_desk(made: Path, root: Path, claims: int) -> Iterator[Line]:
    """Measure pages of the desk, from the request to the last byte, without a network, in a copy of a ledger."""
    _make_desk(made, claims)
    shutil.copytree(made, root)
    places = LedgerPaths(root)
    new = bench_desk.vary_claim(made_up_claim(claims | 1), claims | 1)
    names = [*(made_up_claim(claims // 2 + place)["claim_id"] for place in (1, 3)), new["claim_id"]]
    bench_desk.make_drafts(places, names, new)
    again = [
        claim["statement"]["en"].replace("about", "some") for claim in map(made_up_claim, range(bench_desk.REQUESTS))
    ]
    unindexed, indexed, found = bench_desk.measure_earlier(places.root, again)
    page_times = dict(bench_desk.measure_pages(places.root, names))
    floor_times = [Time(*one) for one in page_times.pop(bench_desk.FLOOR)]
    for page, times in page_times.items():
        yield Line(page, bench_desk.FLOOR, [Time(*one) for one in times], floor_times, limit=bench_desk.SECONDS)
    yield Line(
        "earlier: a search without an index",
        bench_desk.FLOOR,
        [Time(*unindexed)],
        floor_times,
        limit=bench_desk.SECONDS,
    )
    yield Line("earlier: building the index", bench_desk.FLOOR, [Time(*indexed)], floor_times)
    earlier_times = [Time(*one) for one in found]
    yield Line("earlier: a search", bench_desk.FLOOR, earlier_times, floor_times, limit=bench_desk.EARLIER_SECONDS)


def _measure_public_pages(folder: Path, claims: int) -> Iterator[Line]:
    """Measure the public pages, each compared with Datasette's own page of the same rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in bench_pages.measure(folder, claims):
        times, stock_times = ([Time(*each) for each in series] for series in (one.times, one.stock_times))
        yield Line(one.page, one.stock, times, stock_times, limit=one.seconds)
    for each in bench_served.measure(folder / "ledger.db"):
        times, floor_times = ([Time(*seconds) for seconds in series] for series in (each.times, each.floor_times))
        yield Line(each.label, each.floor, times, floor_times, each.target, limit=each.limit)


def _measure_in_turns(
    measured: Callable[[], object], floor: Callable[[], object], runs: int
) -> tuple[list[Time], list[Time]]:
    times = []
    floor_times = []
    for _ in range(runs):
        floor_times.append(time_once(floor))
        times.append(time_once(measured))
    return times, floor_times


def _read_and_hash(folder: Path) -> None:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().split(b"\n")[:-1]:
            sha256(b"\x00" + line).digest()


def _assert_clean(outcomes: Sequence[results.CheckResult]) -> None:
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if problems:
        raise AssertionError(problems[0])


def _every_check(places: LedgerPaths) -> Sequence[results.CheckResult]:
    """Run every check except that of the claim files, which do not exist here."""
    differences = ledger_db.find_differences(places.ledger, log.read_log(places.log))
    return [
        log_checks.check_log(places.log),
        log_checks.check_records(places.log),
        desk_store_check.check_store(places),
        claim_file_checks.check_names(PublicRecords(places.log).claims),
        results.CheckResult("ledger.db", "", tuple(differences)),
    ]


def _measure_exports(folder: Path, places: LedgerPaths, runs: int) -> Iterator[Line]:
    tool = shutil.which("sqlite3")
    if not tool:
        return
    made = folder / "made.csv"
    plain = [tool, "-readonly", "-csv", "-header", str(places.ledger), "SELECT * FROM claims ORDER BY rowid"]
    for guard, target in ((csv_exchange.Guard.ON, 2.5), (csv_exchange.Guard.OFF, 1.9)):
        times, floor_times = _measure_in_turns(
            partial(_export, places, made, guard), partial(_run_into, made, plain), runs
        )
        yield Line(f"a tenth: CSV, guard {guard.value}", "sqlite3 -csv", times, floor_times, target)


def _export(places: LedgerPaths, made: Path, guard: csv_exchange.Guard) -> None:
    with ledger_reader.open_ledger(places.ledger) as connection, made.open("wb") as file:
        csv_exchange.write_csv(file, CLAIMS.header, exports.table_rows(connection, CLAIMS), guard=guard)


def _run_into(made: Path, command: Sequence[str]) -> None:
    with made.open("wb") as file:
        subprocess.run(command, stdout=file, check=True)


def _measure_agreement(count: int, runs: int) -> Line:
    claims = [agreeing.agreeing_claim(number) for number in range(count)]
    statements = [text for claim, _ in claims for text in claim.statement.values()]
    times, floor_times = _measure_in_turns(
        lambda: agreeing.check(claims), lambda: [find_figures(text) for text in statements], runs
    )
    what = f"agreement of {count:,} claims"
    return Line(what, "figures of statements", times, floor_times, limit=AGREEMENT_SECONDS * count / AT_ONCE)


def _measure_automatic_checks(count: int, runs: int) -> Iterator[Line]:
    claims, values = bench_computed.make_claims(count), bench_computed.figures_of_one_fact(count)
    work, floor = partial(bench_computed.compute, claims), partial(bench_computed.find_statement_figures, claims)
    times, floor_times = _measure_in_turns(work, floor, runs)
    yield Line(
        f"computed: {count:,} claims", "figures of statements", times, floor_times, bench_computed.MAX_COMPUTE_RATIO
    )
    whole, half = (partial(bench_computed.compare_values, values[:size]) for size in (count, count // 2))
    times, floor_times = _measure_in_turns(whole, half, runs)
    yield Line(
        f"one fact, {count:,} values", f"{count // 2:,} values", times, floor_times, bench_computed.MAX_DOUBLING_RATIO
    )


def _measure_start(command: str, runs: int) -> Line:
    bare = [sys.executable, "-c", "pass"]
    times, floor_times = _measure_in_turns(partial(_run, [command, "--help"]), partial(_run, bare), 5 * runs)
    return Line("claimledger --help", "python -c pass", times, floor_times, limit=0.150)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
