"""Servers in processes of their own (Datasette 0.65 and 1.0): changes, redactions, users who cannot write."""

from __future__ import annotations

import ctypes
import http.client
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
import running
from made_ledger import made_entries, write_texts
from server_process import Client, serve_command, serving_process, wait_until
from versioned_ledger import CHANGES, PAGES, made, publish, version_in

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines]
ANOTHER_USER = 65_534
PR_CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2
"""Numbers of Linux: the call that gives up a right, and the rights to write and to read the files of other users."""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return made(tmp_path / "ledger.db", 1)


class Readers:
    """Eight clients that request one page after another and record each wrong answer."""

    def __init__(self, port: int) -> None:
        self.port, self.finished, self.answers, self.wrong, self.is_over = port, 1, 0, list[str](), False
        self._threads = [threading.Thread(target=self._read, args=(number,), daemon=True) for number in range(8)]
        for thread in self._threads:
            thread.start()

    def _read(self, number: int) -> None:
        for page in itertools.cycle((*PAGES[number % len(PAGES) :], *PAGES[: number % len(PAGES)])):
            if self.is_over or self.wrong:
                return
            least = self.finished
            try:
                with Client(self.port) as client:
                    assert version_in(page, client.get(page)) >= least, (page, least)
            except (AssertionError, OSError, http.client.HTTPException) as fault:
                self.wrong.append(repr(fault))
            self.answers += 1

    def stop(self) -> None:
        self.is_over = True
        running.join(*self._threads)


def test_readers_get_complete_current_answers_during_changes(ledger: Path) -> None:
    """Change the ledger 20 times a second while eight readers read it."""
    publish(ledger, 1)
    with serving_process(ledger) as (port, server):
        readers = Readers(port)
        try:
            for version in range(2, 102):
                publish(ledger, version)
                readers.finished = version
                time.sleep(0.05)
            wait_until(lambda: readers.answers >= 100 or bool(readers.wrong))
        finally:
            readers.stop()
        assert readers.wrong == []
        if Path("/proc/self/fd").exists():
            assert len(list(Path(f"/proc/{server.pid}/fd").iterdir())) < 80


SECRET = "크레인"
"""A word of the generated claims that a redaction takes out."""
REDACTED = "가려짐"


@pytest.mark.parametrize("way", ["rename", "backup"])
def test_running_server_stops_showing_what_was_redacted(tmp_path: Path, way: str) -> None:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(tmp_path))
    with closing(sqlite3.connect(path)) as connection:
        (claim, statement) = connection.execute(
            "SELECT claim_id, statement_ko FROM claims WHERE statement_ko LIKE '%크레인 값%'"
        ).fetchone()
    pages = [
        f"/claims/{claim}", f"/ledger/claims/{claim}", "/ledger/claims.json?_shape=array&_size=max",
        "/ledger/claims/-/csv", "/ledger/claims.csv?_stream=on", f"/ledger/claims?claim_id={claim}",
    ]  # fmt: skip
    search = f"/ledger/claims.json?_shape=array&_search={quote(SECRET)}"
    with serving_process(path) as (port, _), Client(port) as client:
        for page in pages:
            assert statement in read_text(client, page), page
        assert json.loads(client.get(search))
        replace_content(path, way)
        for page in pages:
            text = read_text(client, page)
            assert SECRET not in text, page
            assert REDACTED in text, page
        assert json.loads(client.get(search)) == []


def read_text(client: Client, page: str) -> str:
    text = client.get(page)
    return json.dumps(json.loads(text), ensure_ascii=False) if ".json" in page else text


def replace_content(path: Path, way: str) -> None:
    """Build the ledger again without a word, and put it in place as a whole build does."""
    fresh = path.with_name("fresh.db")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
        target.execute("PRAGMA secure_delete = ON")
        for (table,) in target.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall():
            if table.startswith(("claims_fts", "sqlite_")):
                continue
            for _, column, *_ in target.execute(f'PRAGMA table_info("{table}")').fetchall():
                changed = f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE typeof("{column}") = ?'  # noqa: S608
                target.execute(changed, (SECRET, REDACTED, "text"))
        target.execute("INSERT INTO claims_fts (claims_fts) VALUES ('delete-all')")
        target.execute("UPDATE about SET value = ? WHERE name = 'content_sha256'", ("0" * 64,))
        target.commit()
    if way == "rename":
        fresh.replace(path)
    else:
        with closing(sqlite3.connect(fresh)) as source, closing(sqlite3.connect(path)) as target:
            target.execute("PRAGMA journal_mode = WAL")
            source.backup(target)


def test_immutable_ledger_is_served_without_other_files(ledger: Path) -> None:
    with serving_process(ledger, is_immutable=True) as (port, _), Client(port) as client:
        for page in PAGES:
            assert version_in(page, client.get(page)) == 1
    assert {path.name for path in ledger.parent.iterdir()} == {"ledger.db", "metadata.json"}


@pytest.fixture
def foreign_ledger(tmp_path: Path) -> Iterator[Path]:
    """Return a ledger of another user, in a folder in which only that user may write."""
    folder = tmp_path / "foreign"
    folder.mkdir(mode=0o755)
    yield made(folder / "ledger.db", 1)
    give_away(folder, os.getuid())


def give_away(folder: Path, user: int = ANOTHER_USER) -> None:
    """Make another user the owner of a folder and its files."""
    for path in (folder, *folder.iterdir()):
        os.chown(path, user, -1)


def become_ordinary() -> None:
    """Give up the right to write the files of other users, for this process and those that it starts."""
    for capability in DAC_OVERRIDE, DAC_READ_SEARCH:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def can_become_ordinary() -> bool:
    """Return whether this process may give away files, and give up its right to write them."""
    if sys.platform != "linux" or os.getuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            give_away(Path(folder))
        except PermissionError:
            return False
        command = [sys.executable, "-c", f"import os, sys; sys.exit(os.access({folder!r}, os.W_OK))"]
        return subprocess.run(command, check=False, preexec_fn=become_ordinary).returncode == 0


needs_root = pytest.mark.skipif(not can_become_ordinary(), reason="only root can test files of another user")


@needs_root
def test_user_without_write_permission_reads_beside_a_desk(foreign_ledger: Path) -> None:
    publish(foreign_ledger, 2)
    desk = sqlite3.connect(foreign_ledger)
    desk.execute("SELECT * FROM about").fetchall()
    give_away(foreign_ledger.parent)
    with serving_process(foreign_ledger, preexec_fn=become_ordinary) as (port, _), Client(port) as client:
        assert version_in(PAGES[0], client.get(PAGES[0])) == 2
        desk.close()
        assert version_in(PAGES[0], client.get(PAGES[0])) == 2
        for number, change in enumerate(CHANGES.values(), start=3):
            change(foreign_ledger, number)
            give_away(foreign_ledger.parent)
            for page in PAGES:
                assert version_in(page, client.get(page)) == number


@needs_root
def test_user_without_write_permission_learns_how_to_serve_without_a_desk(foreign_ledger: Path) -> None:
    publish(foreign_ledger, 2)
    command = serve_command(foreign_ledger, 1)
    give_away(foreign_ledger.parent)
    refused = subprocess.run(
        command, cwd=foreign_ledger.parent, capture_output=True, text=True, check=False, timeout=running.LONGEST_WAIT,
        preexec_fn=become_ordinary,
    )  # fmt: skip
    assert refused.returncode == 1, refused.stderr
    for words in ("Start the desk first", "--immutable", "데스크를 먼저 켜거나"):
        assert words in refused.stderr
    with (
        serving_process(foreign_ledger, is_immutable=True, preexec_fn=become_ordinary) as (port, _),
        Client(port) as client,
    ):
        assert version_in(PAGES[0], client.get(PAGES[0])) == 2
