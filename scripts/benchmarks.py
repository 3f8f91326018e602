"""What may not be slow, each measured against a floor: the least that work of its kind costs on this machine.

In: how large a log, how many runs. Out: the lines of a table. A machine is never quiet, so what counts is the ratio of
two measurements taken in turns in one run, by the clock on the wall and, beside it, by the time of the processor; of
several runs the median. Records are made up, in English and Korean, in the size of those of this ledger, a few thousand
at a time: memory does not grow with the log.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timezone
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import agreeing
import datasette.app  # noqa: F401  before its plug-ins: one that is imported first would be registered half made
import bench_computed
import bench_desk
from bench_lines import HEAD, Line, Took, printed, row
import bench_pages
import bench_served
from made_up import made_up_claim
from claimledger.checks import ledger_checks
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import Places
from claimledger.newsroom.publication import publish_drafts
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Claim
from claimledger.publishing import csv_exchange, exports, ledger_db, ledger_reader
from claimledger.publishing.tables import CLAIMS
from claimledger.quantities import find_figures
from claimledger.vocabulary import RevisionKind, Subject

AT_ONCE = 10_000
"""Revisions published in one act, as an import would."""
AGREEMENT_SECONDS = 2.0
"""So long may it take to see that as many claims agree with themselves."""
HASHING = "read and sha256 loop"
NOW = datetime(2025, 5, 2, 9, 0, tzinfo=timezone.utc)  # noqa: UP017  Python 3.6 parses this file too
COLUMNS = (
    "claim_id TEXT PRIMARY KEY", "article_id", "statement_en", "statement_ko", "speaker_kind", "speaker_en",
    "speaker_ko", "role_en", "role_ko", "organization_en", "organization_ko", "mode", "speaker_basis", "source_kind",
    "source_en", "source_ko", "amount", "unit", "direction", "topic", "said_on", "about_on",
)  # fmt: skip
"""A plain table of claims, as one would make it who keeps no history."""
_INSERT_RAW = f"INSERT INTO claim VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  nothing but question marks


def report_of_pages(claims: int, kept: Path | None = None) -> Iterator[str]:
    """Yield the table of the public pages alone, with as many claims; the ledger stays in the folder `kept`."""
    yield f"{claims:,} claims, {bench_pages.REQUESTS} requests; ratios of medians, by the clock (by processor time)"
    yield row(*HEAD)
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        yield from map(printed, _of_pages(kept or Path(folder) / "pages", claims))


def report(revisions: int, runs: int, command: str) -> Iterator[str]:
    """Yield the table, a line as soon as it is measured; `command` is the path of the command line."""
    yield f"{revisions:,} revisions, {runs} runs; ratios of medians, by the clock (by processor time)"
    yield row(*HEAD)
    with tempfile.TemporaryDirectory(prefix="claimledger-bench-") as folder:
        for line in _lines(Path(folder), revisions, runs, command):
            yield printed(line)
    if not shutil.which("sqlite3"):
        yield "CSV was not measured: the sqlite3 command line, its floor, is not installed here."


def _lines(folder: Path, revisions: int, runs: int, command: str) -> Iterator[Line]:
    yield from _of_log(folder, Places(folder / "ledger"), revisions, runs)
    yield from _of_ledger(folder, Places(folder / "tenth"), max(revisions // 10, 1), runs)
    yield from _of_desk(Places(folder / "desk"), min(revisions, bench_desk.CLAIMS))
    yield from _of_pages(folder / "pages", min(revisions, bench_pages.CLAIMS))
    yield _agreeing(min(revisions, AT_ONCE), runs)
    yield from _computing(min(revisions, bench_computed.CLAIMS), runs)
    yield _starting(command, runs)


def _of_log(folder: Path, places: Places, revisions: int, runs: int) -> Iterator[Line]:
    took, floor_took = _built_often(folder / "raw.db", places, revisions, runs, publish=_publish)
    yield Line("publish, records validated", "raw executemany", took, floor_took, 4.5)
    floor = partial(_read_and_hash, places.log)
    took, floor_took = _in_turns(lambda: _assert_clean([ledger_checks.check_log(places.log)]), floor, runs)
    yield Line("check of the log", HASHING, took, floor_took, 0.30, is_speed=True)
    took, floor_took = _in_turns(lambda: DeskStore(places.desk, places.log).close(), floor, runs)
    yield Line("open the desk", HASHING, took, floor_took)


def _of_ledger(folder: Path, places: Places, revisions: int, runs: int) -> Iterator[Line]:
    """Measure what takes longer on a tenth of the log."""
    took, floor_took = _built_often(folder / "raw.db", places, revisions, runs, publish=_record_and_publish)
    yield Line("a tenth: record, publish", "raw executemany", took, floor_took)
    took, _ = _in_turns(lambda: ledger_db.build(log.read_log(places.log), places.ledger), lambda: None, 1)
    yield Line("a tenth: build ledger.db", "raw executemany", took, floor_took)
    floor = partial(_read_and_hash, places.log)
    took, floor_took = _in_turns(lambda: _assert_clean(_every_check(places)), floor, 1)
    yield Line("a tenth: every check", HASHING, took, floor_took)
    yield from _exporting(folder, places, runs)


def _of_desk(places: Places, claims: int) -> Iterator[Line]:
    """Measure pages of the desk, each from the request to the last byte, without a network."""
    places.root.mkdir()
    with DeskStore(places.desk, places.log) as store:
        _publish(store, bench_desk.articles({made_up_claim(number)["article_id"] for number in range(claims)}))
        for first in range(0, claims, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, claims))
            _record_and_publish(
                store, _drafts([bench_desk.spread(made_up_claim(number), number) for number in numbers])
            )
    ledger_db.build(log.read_log(places.log), places.ledger)
    new = bench_desk.spread(made_up_claim(claims | 1), claims | 1)
    names = [*(made_up_claim(claims // 2 + place)["claim_id"] for place in (1, 3)), new["claim_id"]]
    bench_desk.edit(places, names, new)
    again = [
        claim["statement"]["en"].replace("about", "some") for claim in map(made_up_claim, range(bench_desk.REQUESTS))
    ]
    unready, indexed, found = bench_desk.earlier(places.root, again)
    times = dict(bench_desk.times(places.root, names))
    floor_took = [Took(*one) for one in times.pop(bench_desk.FLOOR)]
    for page, took in times.items():
        yield Line(page, bench_desk.FLOOR, [Took(*one) for one in took], floor_took, limit=bench_desk.SECONDS)
    yield Line(
        "earlier: a claim looked up before there is an index",
        bench_desk.FLOOR,
        [Took(*unready)],
        floor_took,
        limit=bench_desk.SECONDS,
    )
    yield Line("earlier: the index made", bench_desk.FLOOR, [Took(*indexed)], floor_took)
    earlier_took = [Took(*one) for one in found]
    yield Line("earlier: a claim found", bench_desk.FLOOR, earlier_took, floor_took, limit=bench_desk.EARLIER_SECONDS)


def _of_pages(folder: Path, claims: int) -> Iterator[Line]:
    """Measure the public pages, each beside Datasette's own page of the same rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in bench_pages.measure(folder, claims):
        took, stock_took = ([Took(*each) for each in times] for times in (one.took, one.stock_took))
        yield Line(one.page, one.stock, took, stock_took, limit=one.seconds)
    for each in bench_served.measure(folder / "ledger.db"):
        took, floor_took = ([Took(seconds, seconds) for seconds in times] for times in (each.took, each.floor_took))
        yield Line(each.what, each.floor, took, floor_took, each.target, limit=each.limit)


def _in_turns(measured: Callable[[], object], floor: Callable[[], object], runs: int) -> tuple[list[Took], list[Took]]:
    took = []
    floor_took = []
    for _ in range(runs):
        floor_took.append(_timed(floor))
        took.append(_timed(measured))
    return took, floor_took


def _timed(act: Callable[[], object]) -> Took:
    wall, processor = time.perf_counter(), _processor_seconds()
    act()
    return Took(time.perf_counter() - wall, _processor_seconds() - processor)


def _processor_seconds() -> float:
    return time.process_time() + sum(os.times()[2:4])


def _sum(parts: Sequence[Took]) -> Took:
    return Took(sum(part.wall for part in parts), sum(part.processor for part in parts))


def _drafts(claims: Sequence[Mapping[str, Any]]) -> list[Draft]:
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


def _raw_row(claim: Mapping[str, Any]) -> tuple[str, ...]:
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
    """Open a plain table with the desk's own settings, so that only the work differs."""
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


def _publish(store: DeskStore, drafts: Sequence[Draft]) -> None:
    publish_drafts(store, drafts, "sora", now=NOW)


def _record_and_publish(store: DeskStore, drafts: Sequence[Draft]) -> None:
    with store.writing() as connection:
        store.append_drafts(connection, drafts, NOW)
    publish_drafts(store, store.open_drafts(), "sora", now=NOW)


def _built_often(
    raw: Path, places: Places, revisions: int, runs: int, *, publish: Publish
) -> tuple[list[Took], list[Took]]:
    """Build a log several times, each time from nothing; the last one stays."""
    took = []
    floor_took = []
    for _ in range(runs):
        shutil.rmtree(str(places.root), ignore_errors=True)
        places.root.mkdir()
        once, floor_once = _built(raw, places, revisions, publish)
        took.append(once)
        floor_took.append(floor_once)
    return took, floor_took


def _built(raw: Path, places: Places, revisions: int, publish: Publish) -> tuple[Took, Took]:
    """Fill a desk and its log, and a plain table, in turns, an act at a time."""
    took = []
    floor_took = []
    with closing(_raw_table(raw)) as connection, DeskStore(places.desk, places.log) as store:
        for first in range(0, revisions, AT_ONCE):
            claims = [made_up_claim(number) for number in range(first, min(first + AT_ONCE, revisions))]
            rows, drafts = [*map(_raw_row, claims)], _drafts(claims)
            floor_took.append(_timed(partial(_insert_raw, connection, rows)))
            took.append(_timed(partial(publish, store, drafts)))
    raw.unlink()
    return _sum(took), _sum(floor_took)


def _read_and_hash(folder: Path) -> None:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().split(b"\n")[:-1]:
            sha256(b"\x00" + line).digest()


def _assert_clean(outcomes: Sequence[ledger_checks.Checked]) -> None:
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if problems:
        raise AssertionError(problems[0])


def _every_check(places: Places) -> Sequence[ledger_checks.Checked]:
    """Do every check but that of the claim files, which would have to be printed first."""
    differences = ledger_db.differences(places.ledger, log.read_log(places.log))
    return [
        ledger_checks.check_log(places.log),
        ledger_checks.check_records(places.log),
        ledger_checks.check_store(places),
        ledger_checks.check_names(ledger_checks.claims_in(places)),
        ledger_checks.Checked("ledger.db", "", tuple(differences)),
    ]


def _exporting(folder: Path, places: Places, runs: int) -> Iterator[Line]:
    tool = shutil.which("sqlite3")
    if not tool:
        return
    made = folder / "made.csv"
    plain = [tool, "-readonly", "-csv", "-header", str(places.ledger), "SELECT * FROM claims ORDER BY rowid"]
    for guard, target in ((csv_exchange.Guard.ON, 2.5), (csv_exchange.Guard.OFF, 1.9)):
        took, floor_took = _in_turns(partial(_export, places, made, guard), partial(_run_into, made, plain), runs)
        yield Line(f"a tenth: CSV, guard {guard.value}", "sqlite3 -csv", took, floor_took, target)


def _export(places: Places, made: Path, guard: csv_exchange.Guard) -> None:
    with ledger_reader.opened(places.ledger) as connection, made.open("wb") as file:
        csv_exchange.write_csv(file, CLAIMS.header, exports.rows_of(connection, CLAIMS), guard=guard)


def _run_into(made: Path, command: Sequence[str]) -> None:
    with made.open("wb") as file:
        subprocess.run(command, stdout=file, check=True)


def _agreeing(many: int, runs: int) -> Line:
    claims = [agreeing.made_up(number) for number in range(many)]
    statements = [text for claim, _ in claims for text in claim.statement.values()]
    took, floor_took = _in_turns(
        lambda: agreeing.check(claims), lambda: [find_figures(text) for text in statements], runs
    )
    what = f"agreement of {many:,} claims"
    return Line(what, "figures of statements", took, floor_took, limit=AGREEMENT_SECONDS * many / AT_ONCE)


def _computing(many: int, runs: int) -> Iterator[Line]:
    claims, values = bench_computed.made(many), bench_computed.of_one_fact(many)
    work, floor = partial(bench_computed.compute, claims), partial(bench_computed.read, claims)
    took, floor_took = _in_turns(work, floor, runs)
    yield Line(f"computed: {many:,} claims", "figures of statements", took, floor_took, bench_computed.READINGS)
    whole, half = (partial(bench_computed.hold_together, values[:count]) for count in (many, many // 2))
    took, floor_took = _in_turns(whole, half, runs)
    yield Line(f"one fact, {many:,} values", f"{many // 2:,} values", took, floor_took, bench_computed.TWICE)


def _starting(command: str, runs: int) -> Line:
    bare = [sys.executable, "-c", "pass"]
    took, floor_took = _in_turns(partial(_run, [command, "--help"]), partial(_run, bare), 5 * runs)
    return Line("claimledger --help", "python -c pass", took, floor_took, limit=0.150)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
