"""A process that updates ledger.db is killed at any moment; the next update gives the rows of a fresh build."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from apply_logs import BASE, make_log
from ledger_rows import Contents, assert_same, file_contents
from made_ledger import made_entries, write_texts

from claimledger.ledger.log import LogEntry, append_bodies
from claimledger.publishing import ledger_db

desk_ledger = importlib.import_module("tests.desk_ledger")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]
some_kills = pytest.mark.parametrize("kills", [4, pytest.param(25, marks=pytest.mark.soak)])
KNOWN = 12
"""The number of entries that a file contains before the update; the made-up log continues with new versions."""


class Killed(sqlite3.Connection):
    """A connection that counts the statements of its process, and kills the process before or after one of them."""

    count = 0
    moment = 0
    """The statement, from 1; none if 0."""
    is_before = True

    def execute(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401  as of sqlite3
        return self._run(partial(super().execute, *arguments))

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401  as of sqlite3
        return self._run(partial(super().executemany, *arguments))

    def _run(self, statement: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        Killed.count += 1
        if Killed.count == Killed.moment and Killed.is_before:
            os.kill(os.getpid(), signal.SIGKILL)
        cursor = statement()
        if Killed.count == Killed.moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return cursor


class Ledger:
    """A ledger with a part of a log, and what it contains before and after an update."""

    def __init__(self, folder: Path, entries: Sequence[LogEntry], known: int, *, is_built: bool) -> None:
        self.is_built = is_built
        self.folder, self.path, self.log = folder, folder / "ledger.db", folder / "claims" / "log"
        self.texts, bodies = write_texts(folder), [entry.body for entry in entries]
        for first, last in ((0, known - 2), (known - 2, known)):
            append_bodies(self.log, bodies[first:last], first=first + 1)
            ledger_db.update_ledger_db(self.path, self.log, self.texts)
        self.saved = shutil.copytree(folder, folder.with_name(f"{folder.name}-saved"))
        self.old = file_contents(self.path)
        append_bodies(self.log, bodies[known:], first=known + 1)
        fresh = folder.with_name("fresh.db")
        ledger_db.build_ledger_db(entries, fresh, self.texts)
        self.new = file_contents(fresh)

    def restore(self) -> None:
        """Let the file be as it was before the update."""
        for file in self.folder.glob("ledger.db*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        for file in self.saved.glob("ledger.db*"):
            shutil.copy(file, self.folder)

    def update(self) -> None:
        ledger_db.update_ledger_db(self.path, self.log, self.texts)

    def repair(self) -> Contents:
        """Update again after a kill, and return what the file contained before that."""
        found = file_contents(self.path)
        assert found in (self.old, self.new)
        self.update()
        assert_same(file_contents(self.path), self.new)
        return found


def update_killed_at(ledger: Ledger, moment: int, *, is_before: bool) -> None:
    """Update in a process that is killed before or after a statement."""

    def update() -> None:
        Killed.count, Killed.moment, Killed.is_before = 0, moment, is_before
        sqlite3.connect = partial(sqlite3.connect, factory=Killed)  # type: ignore[assignment]  # in the fork only
        ledger.update()

    assert desk_ledger.exit_code_of(desk_ledger.start_child(update)) == -signal.SIGKILL


LOGS = {"applied": (made_entries()[:19], KNOWN), "built": (made_entries(), KNOWN), "across": (make_log(BASE), 6)}
"""Logs, each with the number of entries that a file contains; one has a redaction, which needs a build."""


@pytest.fixture(params=LOGS)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    folder = tmp_path / "ledger"
    folder.mkdir()
    return Ledger(folder, *LOGS[request.param], is_built=request.param == "built")


@some_kills
def test_killed_at_a_statement_the_next_update_completes(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    """The commit is among the last statements: up to it the file is old, after it new."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Killed))
        Killed.count = 0
        ledger.update()
        count = Killed.count
    ledger.restore()
    moments, found = random.Random(13), []  # noqa: S311  no secret
    for moment in sorted({*moments.sample(range(1, count + 1), kills), *range(count - 12, count + 1)}):
        for is_before in (True, False) if moment > count - 12 else (True,):
            update_killed_at(ledger, moment, is_before=is_before)
            found.append(ledger.repair() == ledger.new)
            ledger.restore()
    assert found == sorted(found)
    assert {*found} == ({False} if ledger.is_built else {False, True})  # a built file is replaced after all statements


@some_kills
def test_killed_at_any_time_the_next_update_completes(ledger: Ledger, kills: int) -> None:
    moments, found = random.Random(14), set[bool]()  # noqa: S311  no secret
    for _ in range(kills):
        child = desk_ledger.start_child(ledger.update)
        time.sleep(moments.random() * 0.15)
        os.kill(child, signal.SIGKILL)
        desk_ledger.exit_code_of(child)
        found.add(ledger.repair() == ledger.new)
        ledger.restore()
    assert found
