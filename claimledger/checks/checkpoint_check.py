"""The check of the signed notes beside the log: each vouches for the beginning of the log that is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from claimledger.checks.results import CheckResult, make_check_result
from claimledger.errors import LedgerError, Problem
from claimledger.ledger import log, log_notes
from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from claimledger.ledger.key_lists import KeyPeriod, key_periods, open_key_lists, parse_key_list
from claimledger.ledger.log_frontier import Frontier
from claimledger.ledger.release_notes import Release, open_release, parse_release
from claimledger.ledger.signed_notes import NoteInvalid, VerifierKey, note_text
from claimledger.newsroom import log_signing
from claimledger.publishing import ledger_db
from claimledger.publishing.tables import TABLES_FORMAT

NAME = "checkpoints"


def check_checkpoints(folder: Path, desk: Path | None = None) -> CheckResult:
    """Check the lists of keys and every checkpoint beside the log, with the key that a desk trusts.

    Without one, the first key is taken from the lists themselves. A person who replaces the log can replace its keys
    too: only a note or a key that was kept elsewhere shows that.
    """
    notes = log_notes.read_key_lists(folder)
    found = [*log_notes.read_checkpoints(folder)]
    if not notes and not found:
        return CheckResult(NAME, "there are none: the log is under no checkpoint", has_run=False)
    try:
        first = parse_key_list(note_text(notes[0])) if notes else None
        trusted = _read_trusted_key(desk)
        periods = key_periods(open_key_lists(notes, [trusted] if trusted else first.log_keys if first else []))
    except NoteInvalid as error:
        return make_check_result(
            NAME, "the lists of keys", [Problem("wrong-note", file="claims/log/keys", reason=str(error))]
        )
    signed: dict[Path, Checkpoint] = {}
    problems = []
    for path, note in found:
        try:
            signed[path] = _open(note, periods, first.origin if first else "")
        except LedgerError as error:
            problems.append(Problem("wrong-note", file=_file_name(folder, path), reason=str(error)))
    release = _read_release(folder, periods)
    if isinstance(release, Problem):
        problems.append(release)
    sizes = {one.size for one in signed.values()} | (
        {release.checkpoint.size} if isinstance(release, Release) else set()
    )
    roots, count = _roots(folder, sizes)
    problems += [
        Problem("log-not-as-signed", file=_file_name(folder, path), size=one.size)
        for path, one in signed.items() if roots.get(one.size) != one.root
    ]  # fmt: skip
    if isinstance(release, Release):
        problems += _release_problems(release, roots, folder.parent.parent / "ledger.db")
    covered = max((one.size for one in signed.values()), default=0)
    whose = "the desk trusts the key" if trusted else "the key is the log's own"
    scope = f"{len(found):,} notes; {covered:,} of {count:,} entries are under a checkpoint; {whose}"
    return make_check_result(NAME, scope, problems)


def _read_trusted_key(desk: Path | None) -> VerifierKey | None:
    """Return the key that a desk trusts; None without a desk, or if it trusts none."""
    if desk is None or not desk.is_file():
        return None
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{desk.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        return log_signing.trusted_key(connection)
    return None


def _open(note: str, periods: list[KeyPeriod], origin: str) -> Checkpoint:
    size = parse_checkpoint(note_text(note)).size
    return open_checkpoint(note, [one.key for one in periods if one.includes(size)], origin=origin)


def _read_release(folder: Path, periods: list[KeyPeriod]) -> Release | Problem | None:
    note = log_notes.read_release(folder)
    if note is None:
        return None
    try:
        size = parse_release(note_text(note)).checkpoint.size
        return open_release(note, [one.key for one in periods if one.includes(size)])
    except LedgerError as error:
        return Problem("wrong-note", file=_file_name(folder, folder / log_notes.RELEASE), reason=str(error))


def _release_problems(release: Release, roots: dict[int, bytes], ledger: Path) -> Iterator[Problem]:
    """Yield the problems of a release note: another log, or a `ledger.db` of the same log with other rows."""
    size = release.checkpoint.size
    if roots.get(size) != release.checkpoint.root:
        yield Problem("log-not-as-signed", file="claims/log/release", size=size)
    with suppress(LedgerError):
        about = ledger_db.read_about(ledger)
        if about.log_size == size and about.format == TABLES_FORMAT and about.content_sha256 != release.content_sha256:
            yield Problem("release-differs", file=ledger.name, size=size)


def _roots(folder: Path, sizes: set[int]) -> tuple[dict[int, bytes], int]:
    """Return the tree hash of the log at some sizes, and the number of its entries."""
    frontier = Frontier()
    roots = {0: frontier.root()}
    for file in log.read_files(folder):
        for body in file.bodies:
            frontier.append(leaf_sha256(body))
            if frontier.size in sizes:
                roots[frontier.size] = frontier.root()
    return roots, frontier.size


def _file_name(folder: Path, path: Path) -> str:
    return f"claims/log/{path.relative_to(folder).as_posix()}"
