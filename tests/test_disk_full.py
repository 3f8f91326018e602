"""A full disk at each step of publishing and building: the message is true, and nothing acknowledged is lost."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from claimledger import desk
from claimledger.cli import main
from claimledger.desk.publish_steps import PublicFilesNotWritten
from claimledger.desk_vocabulary import Role
from claimledger.errors import LedgerError
from claimledger.ledger import files, log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import schema, store
from claimledger.newsroom.log_synchronization import LogNotWritten
from claimledger.publishing import ledger_db
from claimledger.workflow import StaffMember

desk_ledger = importlib.import_module("tests.desk_ledger")
SORA = StaffMember("sora", (Role.EDITOR,))


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    """Return a ledger with five open drafts, whose log has four bodies in a file."""
    monkeypatch.setattr(log, "BODIES_PER_FILE", 4)
    monkeypatch.setattr(files, "WRITER_THREADS", 1)
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "before")
    with desk_ledger.opened(made) as desk_store:
        drafts = [desk_ledger.draft(desk_ledger.claim(number)) for number in range(100, 105)]
        desk_ledger.record(desk_store, drafts, desk_ledger.later(6))
    return made


def publish(places: LedgerPaths) -> None:
    desk.publish(places, SORA, clock=lambda: desk_ledger.later(7))


def publications(places: LedgerPaths) -> int:
    with desk_ledger.opened(places) as desk_store:
        count: int = desk_store.connection.execute("SELECT count(*) FROM publication").fetchone()[0]
    return count


def problems(places: LedgerPaths) -> list[object]:
    return [problem for result in desk.check(places) for problem in result.problems]


class FullDisk:
    """A disk that is full at the given step: a write, a sync, a rename or a new folder."""

    def __init__(self, step: int) -> None:
        self.step, self.count = step, 0

    def take_step(self, path: object) -> bool:
        self.count += 1
        if self.count == self.step:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return True

    @contextmanager
    def watching(self) -> Iterator[None]:
        write, replace, mkdir, fsync = files._write, Path.replace, Path.mkdir, os.fsync

        def write_part(path: Path, content: bytes) -> None:
            try:
                self.take_step(path)
            except OSError:
                path.write_bytes(content[: len(content) // 2])
                raise
            write(path, content)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "_write", write_part)
            patch.setattr(os, "fsync", lambda descriptor: self.take_step(descriptor) and fsync(descriptor))
            patch.setattr(Path, "replace", lambda path, target: self.take_step(path) and replace(path, target))
            patch.setattr(Path, "mkdir", lambda path, *a, **k: self.take_step(path) and mkdir(path, *a, **k))
            yield


def assert_true(error: LedgerError, places: LedgerPaths, before: int) -> None:
    """Compare what a refusal says about its result with the store."""
    said, count = str(error), publications(places)
    assert "the disk is full" in said
    assert ("published, but" in said, "Nothing was" in said) == ((True, False) if count > before else (False, True)), (
        said,
        count,
    )


@pytest.mark.slow
def test_full_disk_at_each_step_of_publishing(places: LedgerPaths, tmp_path: Path) -> None:
    before, step, refused = publications(places), 0, 0
    while True:
        step += 1
        shutil.rmtree(tmp_path / "now", ignore_errors=True)
        now = LedgerPaths(Path(shutil.copytree(places.root, tmp_path / "now")))
        disk = FullDisk(step)
        with disk.watching():
            try:
                publish(now)
            except LedgerError as error:
                refused += 1
                said: LedgerError | None = error
            else:
                said = None
        if disk.count < step:
            break
        if said:
            assert_true(said, now, before)
        if publications(now) == before:
            publish(now)
        desk.build_public_files(now)
        assert publications(now) == before + 5
        assert not list(now.root.rglob("*.part")), said
        if step % 5 == 0:
            assert problems(now) == [], said
    assert refused > 20


def small_ledger_db(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ledger.db be full: neither a change nor a new file gets another page."""
    connect = ledger_db._connect

    def full(path: Path, settings: Any) -> sqlite3.Connection:  # noqa: ANN401
        connection = connect(path, settings)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {max(pages, 1)}")
        connection.execute("CREATE TEMP TABLE filler(x)")
        return connection

    monkeypatch.setattr(ledger_db, "_connect", full)


@pytest.mark.slow
def test_publication_is_not_denied_if_ledger_db_is_full(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publications(places)
    places.ledger.unlink()  # so that it is built from nothing
    with monkeypatch.context() as patch:
        small_ledger_db(patch)
        with pytest.raises(PublicFilesNotWritten) as refused:
            publish(places)
    assert_true(refused.value, places, before)
    assert "claimledger build" in str(refused.value)
    desk.build_public_files(places)
    assert problems(places) == []


@pytest.mark.slow
def test_publication_is_not_denied_if_claims_cannot_be_written(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files._write

    def read_only(path: Path, content: bytes) -> None:
        if ".yaml" in path.name:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", read_only)
        with pytest.raises(
            PublicFilesNotWritten, match=r"are published, but .*it cannot be written.*claimledger build"
        ):
            publish(places)
    desk.build_public_files(places)
    assert problems(places) == []


def test_publication_is_not_denied_if_the_desk_fills_up_after_it(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publications(places)

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(store, "record_stamps", full)
        with pytest.raises(LogNotWritten) as refused:
            publish(places)
    assert_true(refused.value, places, before)


def test_desk_that_is_full_publishes_nothing_and_says_so(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publications(places)
    prepare = schema._prepare

    def full(connection: sqlite3.Connection, path: Path) -> None:
        prepare(connection, path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with desk_ledger.opened(places) as desk_store:
        many = [desk_ledger.draft(desk_ledger.claim(number)) for number in range(200, 300)]
        desk_ledger.record(desk_store, many, desk_ledger.later(6))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_prepare", full)
        with pytest.raises(LedgerError) as refused:
            publish(places)
    assert_true(refused.value, places, before)


BUILD_FAILURES: list[tuple[Callable[[pytest.MonkeyPatch], object], str]] = [
    (small_ledger_db, "the disk is full"),
    (lambda patch: patch.setattr(files, "_write", full_write), "the disk is full"),
]


def full_write(path: Path, _: bytes) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


@pytest.mark.slow
@pytest.mark.parametrize(("fill", "reason"), BUILD_FAILURES, ids=["ledger.db", "claims"])
@pytest.mark.parametrize("has_desk", [True, False])
def test_build_on_a_full_disk_is_one_sentence(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, fill: Callable[[pytest.MonkeyPatch], object], reason: str,
    *, has_desk: bool,
) -> None:  # fmt: skip
    places.ledger.unlink()
    next(places.claims.glob("*/ward*.yaml")).unlink()
    if not has_desk:
        places.desk.unlink()
    fill(monkeypatch)
    done = CliRunner().invoke(main, ["--root", str(places.root), "build"])
    assert (done.exit_code, "Traceback" in done.stderr) == (1, False)
    assert f"could not be updated ({reason}). The log is complete and unchanged." in done.stderr
