"""Checks of the public log alone: its form and chain, its records, and an older copy of it.

The check of the log is the proof of the ledger: it reads, decodes and hashes every body once.
"""

from __future__ import annotations
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from claimledger.errors import Problem
from claimledger.ledger import log
from claimledger.ledger.body_rules import body_fault
from claimledger.ledger.canonical import merkle_root
from claimledger.newsroom import arrivals
from claimledger.checks.results import CheckResult, make_check_result


def check_log(folder: Path) -> CheckResult:
    """Check the form of every log file, and every body against the ones before it and against the clock."""
    with _without_garbage_collection():
        return _check_bodies(folder)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Pause the search for unused cycles of objects: a check makes none, and the search takes a fourth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_bodies(folder: Path) -> CheckResult:
    chain, now = log.Chain(), arrivals.clock_time()
    latest = arrivals.latest_allowed(now)
    problems: list[Problem] = []
    of_bodies: list[Problem] = []
    for file in log.read_files(folder):
        name = _log_file_name(file.path)
        if file.fault:
            problems.append(Problem(file.fault[1], file=name, line=file.fault[0]))
        of_bodies += (
            Problem(fault.message, file=name, line=fault.number - file.first + 1)
            for fault in (
                *chain.take(file.bodies, file.first),
                *(arrivals.future_faults(file.bodies, file.first, now) if chain.latest_at > latest else ()),
            )
        )
    problems += of_bodies
    if not chain.leaves and not problems:
        return CheckResult("log", "there is none", has_run=False)
    root = merkle_root(chain.leaves).hex()
    looked_at = f"{len(chain.leaves):,} revisions of {len(chain.heads):,} records, Merkle root {root}"
    return make_check_result("log", looked_at, problems)


def check_records(folder: Path) -> CheckResult:
    """Check every body against the models and its canonical form."""
    problems = []
    count = 0
    for file in log.read_files(folder):
        count += len(file.bodies)
        for line, body in enumerate(file.bodies, start=1):
            if found := body_fault(body):
                problems.append(found.relocate(file=_log_file_name(file.path), line=line))
    return make_check_result("records", f"{count:,} bodies against the models", problems)


def check_older_log(older: Path | None, folder: Path) -> CheckResult:
    """Check that an older copy of the log is its beginning; nothing else shows that the end was cut off."""
    name = "older log"
    if older is None:
        return CheckResult(name, "none given (--against FOLDER), so a tail cut off cannot be seen", has_run=False)
    count = 0
    then = (body for file in log.read_files(older) for body in file.bodies)
    now = (body for file in log.read_files(folder) for body in file.bodies)
    for count, (ours, theirs) in enumerate(zip_longest(now, then), start=1):
        if theirs is None:
            return CheckResult(name, f"{count - 1:,} bodies of {older}", () if count > 1 else (_no_log_problem(older),))
        if ours != theirs:
            return CheckResult(name, f"{count:,} bodies of {older}", (_rewritten_problem(count, ours, folder),))
    return CheckResult(name, f"{count:,} bodies of {older}", () if count else (_no_log_problem(older),))


def _log_file_name(path: Path) -> str:
    """Return the displayed name of a log file: claims/log/000000.jsonl."""
    return "/".join(path.parts[-3:])


def _no_log_problem(folder: Path) -> Problem:
    return Problem("no-log", file=str(folder))


def _rewritten_problem(number: int, ours: bytes | None, folder: Path) -> Problem:
    variant = "missing" if ours is None else "changed"
    file = _log_file_name(log.log_file(folder, number))
    return Problem(f"log-rewritten/{variant}", file=file, line=log.line_number(number), number=number)
