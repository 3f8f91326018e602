"""Crashes: the process stops at each moment of publishing and building, and nothing acknowledged is lost."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from ledger_rows import assert_same, file_contents

from claimledger import desk
from claimledger.errors import LogDamaged, LogsDisagree
from claimledger.ledger import files, log, printing
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema import DeskAltered, DeskUnusable
from claimledger.newsroom.log_synchronization import LogNotWritten, bodies_after
from claimledger.newsroom.store import DeskStore

desk_ledger = importlib.import_module("tests.desk_ledger")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a crash is tried in a forked process"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]
STOPPED = 99
Action = Callable[[LedgerPaths], object]


class Machine:
    """A process that stops at the n-th moment: before each step, in the middle of a write, or after a commit.

    The moment after a write is the moment before the next step. After the last step nothing is left to do.
    """

    def __init__(self, stop_at: int) -> None:
        self.stop_at = stop_at
        self.moment = 0

    def passes(self) -> bool:
        self.moment += 1
        return self.moment != self.stop_at

    def stop_here(self) -> None:
        if not self.passes():
            os._exit(STOPPED)

    def watch(self) -> None:
        """Watch every write of a file, every replacement of a file, and every commit of SQLite."""
        patch = pytest.MonkeyPatch()
        write, replace = files._write, Path.replace
        machine = self

        def watched_write(path: Path, content: bytes) -> None:
            machine.stop_here()
            if not machine.passes():
                path.write_bytes(content[: len(content) // 2])
                os._exit(STOPPED)
            write(path, content)

        def watched_replace(path: Path, target: Path) -> Path:
            machine.stop_here()
            return replace(path, target)

        class WatchedConnection(sqlite3.Connection):
            def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
                if sql != "COMMIT":
                    return super().execute(sql, parameters)  # type: ignore[arg-type]  # as wide as sqlite3's own
                machine.stop_here()
                cursor = super().execute(sql)
                machine.stop_here()
                return cursor

        patch.setattr(files, "WRITER_THREADS", 1)
        patch.setattr(files, "_write", watched_write)
        patch.setattr(Path, "replace", watched_replace)
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=WatchedConnection))


def stops_at(act: Action, places: LedgerPaths, stop_at: int) -> bool:
    """Run an action in a process that stops at the given moment; return whether it stopped."""

    def on_machine() -> None:
        Machine(stop_at).watch()
        act(places)

    code = desk_ledger.exit_code_of(desk_ledger.start_child(on_machine))
    assert code in {0, STOPPED}
    return bool(code == STOPPED)


def publish(places: LedgerPaths) -> None:
    with desk_ledger.opened(places) as store:
        desk_ledger.publish(store, desk_ledger.later(5))
    printing.print_text_form(places)


def restart(places: LedgerPaths) -> None:
    desk_ledger.opened(places).close()
    printing.print_text_form(places)


def publications(places: LedgerPaths) -> int:
    with closing(sqlite3.connect(places.desk)) as connection:
        count: int = connection.execute("SELECT count(*) FROM publication").fetchone()[0]
        return count


def copy_ledger(places: LedgerPaths, root: Path) -> LedgerPaths:
    shutil.rmtree(root, ignore_errors=True)
    return LedgerPaths(shutil.copytree(places.root, root))


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def test_interrupted_publishing_is_repaired_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BODIES_PER_FILE", 2)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # the process stops, the machine does not
    before = desk_ledger.with_ledger(tmp_path / "before")
    after = copy_ledger(before, tmp_path / "after")
    publish(after)
    was, became = desk_ledger.public_files(before), desk_ledger.public_files(after)
    changed = {name for name in became if became[name] != was.get(name)}
    assert len([name for name in changed if name.endswith(".jsonl")]) > 3
    assert len([name for name in changed if name.endswith(".yaml")]) > 3

    moment, committed = 1, []
    while stops_at(publish, places := copy_ledger(before, tmp_path / "stopped"), moment):
        committed.append(publications(places) > publications(before))
        restart(places)
        assert leftovers(places.log) == []
        if not committed[-1]:
            assert desk_ledger.public_files(places) == was, moment
            publish(places)
        assert desk_ledger.public_files(places) == became, moment
        moment += 1
    assert committed == sorted(committed), "what is public stays public"
    assert committed.count(True) > 25


def test_interrupted_build_leaves_the_old_or_the_new_ledger(tmp_path: Path) -> None:
    before = desk_ledger.with_ledger(tmp_path / "before")
    publish(before)
    after = copy_ledger(before, tmp_path / "after")
    desk.build_public_files(after)
    old, new = file_contents(before.ledger), file_contents(after.ledger)
    assert old != new

    moment, seen = 1, []
    while stops_at(desk.build_public_files, places := copy_ledger(before, tmp_path / "stopped"), moment):
        found = file_contents(places.ledger)
        seen.append(found != old)
        assert found in (old, new), moment
        desk.build_public_files(places)
        alone = shutil.copy(places.ledger, tmp_path / "alone.db")
        assert_same(file_contents(Path(alone)), new)
        assert other_files(places) == other_files(after), moment
        moment += 1
    assert seen == sorted(seen)
    assert {*seen} == {False, True}  # the new one, if only the lock was still to be released
    assert_same(file_contents(places.ledger), new)


def other_files(places: LedgerPaths) -> dict[str, bytes]:
    """Return the public files except ledger.db, whose pages may be in another order, and its write-ahead log."""
    return {name: content for name, content in desk_ledger.public_files(places).items() if "ledger.db" not in name}


def work(places: LedgerPaths, acknowledge: int, round_number: int) -> None:
    """Draft and publish until killed, and acknowledge each step through a pipe."""
    with desk_ledger.opened(places) as store:
        for number in range(10_000 * round_number, 10_000 * (round_number + 1)):
            claim = desk_ledger.claim(number)
            desk_ledger.record(store, [desk_ledger.draft(claim)])
            os.write(acknowledge, f"drafted {claim['claim_id']}\n".encode())
            desk_ledger.publish(store)
            os.write(acknowledge, f"published {claim['claim_id']}\n".encode())


def acknowledged_until_killed(places: LedgerPaths, round_number: int, *, acts: int, seconds: float) -> list[str]:
    """Return the lines acknowledged by a desk that is killed some time after the given number of steps."""
    heard, acknowledge = os.pipe()
    child = desk_ledger.start_child(lambda: work(places, acknowledge, round_number))
    os.close(acknowledge)
    with os.fdopen(heard, "r") as pipe:
        with desk_ledger.limited(child):
            acknowledged = [pipe.readline().strip() for _ in range(acts)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert desk_ledger.exit_code_of(child) == -signal.SIGKILL
        return acknowledged + pipe.read().splitlines()


def test_kill_9_loses_no_acknowledged_work(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    moments = random.Random(158)  # noqa: S311  no secret
    acknowledged: set[str] = set()
    for round_number in range(20):
        acknowledged |= {
            *acknowledged_until_killed(places, round_number, acts=moments.randint(1, 6), seconds=moments.random() / 100)
        }
        with desk_ledger.opened(places) as store:
            drafted = {f"drafted {key}" for (key,) in store.connection.execute("SELECT key FROM draft")}
            published = {f"published {key}" for (key,) in store.connection.execute("SELECT key FROM publication")}
        assert drafted | published >= acknowledged
        unacknowledged = len((drafted | published) - acknowledged)
        assert unacknowledged <= 2 * (round_number + 1), (
            "at most one draft a kill, and its publication, nobody heard of"
        )
        assert len(desk_ledger.logged(places)) == len(published)
    proofs = [checked for checked in desk.check(places) if checked.name in {"log", "records", "desk"}]
    assert [proof.problems for proof in proofs] == [(), (), ()]


def test_longer_log_from_git_updates_the_desk(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path / "here")
    colleague = copy_ledger(places, tmp_path / "there")
    publish(colleague)
    shutil.copytree(colleague.log, places.log, dirs_exist_ok=True)
    with desk_ledger.opened(places) as store, desk_ledger.opened(colleague) as other:
        rows = [desk_store.connection.execute("SELECT number, sha256, subject, key, revision, body FROM publication")
                for desk_store in (store, other)]  # fmt: skip
        assert rows[0].fetchall() == rows[1].fetchall()


def test_missing_desk_is_filled_from_the_log_despite_a_journal(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    bodies = desk_ledger.logged(places)
    acknowledged_until_killed(places, 1, acts=3, seconds=0)
    shutil.copytree(places.log, tmp_path / "then")
    assert (tmp_path / "desk.db-wal").exists()
    places.desk.unlink()
    with desk_ledger.opened(places) as store:
        assert list(bodies_after(store.connection, 0)) == desk_ledger.logged(places)
        assert store.open_drafts() == []
    assert desk_ledger.logged(places)[: len(bodies)] == bodies
    assert desk_ledger.logged(places) == list(log.read_bodies(tmp_path / "then"))


def test_missing_log_is_rewritten_from_the_desk(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    bodies = desk_ledger.logged(places)
    shutil.rmtree(places.log)
    desk_ledger.opened(places).close()
    assert desk_ledger.logged(places) == bodies


def changed_line(content: bytes) -> bytes:
    return content.replace(b"about 7%", b"about 8%", 1)


@pytest.mark.parametrize("damage", [
    changed_line,
    lambda content: changed_line(content) + content.split(b"\n")[-2].replace(b'"number":3', b'"number":4') + b"\n",
    lambda content: content[: content.index(b"\n") + 1],
], ids=["another body", "another body, and more of them", "none of the desk's"])  # fmt: skip
def test_conflicting_log_stops_the_desk_without_writing(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    file = log.log_file(places.log, 1)
    if damage(file.read_bytes()) == file.read_bytes()[: file.read_bytes().index(b"\n") + 1]:
        with closing(sqlite3.connect(places.desk)) as connection:
            connection.executescript("DROP TRIGGER publication_no_update; UPDATE publication SET body = '{}'")
            connection.executescript(
                "CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication "
                "BEGIN SELECT RAISE(ABORT, 'publication: append-only'); END"
            )
    file.write_bytes(damage(file.read_bytes()))
    as_found = desk_ledger.public_files(places)
    count = publications(places)
    with pytest.raises(
        LogsDisagree, match=r"000000\.jsonl: entry \d of the log is not the one that the desk published"
    ):
        desk_ledger.opened(places)
    assert desk_ledger.public_files(places) == as_found
    assert publications(places) == count


@pytest.mark.parametrize(("damage", "sentence"), [
    (lambda content: content[:-9], "The last line is cut short."),
    (lambda content: content + b'{"approver":"sora"', "The last line is cut short."),
    (lambda _: b"", "The file has 0 entries"),
    (lambda content: content + b"\n", "The line is not an entry"),
    (lambda content: content + content.split(b"\n")[0] + b"\n", "The line has entry 1"),
    (lambda content: content + b"no JSON\n", "The line is not an entry of the log"),
], ids=["cut", "half a line more", "empty", "empty line", "a body again", "no body"])  # fmt: skip
def test_damaged_log_stops_the_desk_without_writing(
    tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    file = log.log_file(places.log, 1)
    file.write_bytes(damage(file.read_bytes()))
    as_found = desk_ledger.public_files(places)
    with pytest.raises(LogDamaged, match=sentence):
        desk_ledger.opened(places)
    assert desk_ledger.public_files(places) == as_found
    assert publications(places) == 3


def test_leftover_files_are_not_part_of_the_ledger(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    clean = desk_ledger.public_files(places)
    stale = [places.log / "000000.jsonl.4711.part", places.claims / desk_ledger.ARTICLE["article_id"] / "a.yaml.9.part"]
    for part in stale:
        part.write_bytes(b"half a")
    desk.build_public_files(places)
    assert desk_ledger.public_files(places) == clean
    assert [part.exists() for part in stale] == [False, False]
    assert all(checked.problems == () for checked in desk.check(places))


def test_unchained_publication_is_not_written_to_the_log(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        register_row_hash(connection)
        connection.execute(
            "INSERT INTO publication SELECT 4, sha256, subject, 'forged-aaaa', 1, body, NULL FROM publication LIMIT 1"
        )
    with pytest.raises(DeskAltered, match="Publication 4: The line has entry 1"):
        desk_ledger.opened(places)
    assert len(desk_ledger.logged(places)) == 3


def test_full_disk_rolls_back_and_the_desk_continues_afterwards(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    with desk_ledger.opened(places) as store:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        many = [desk_ledger.draft(desk_ledger.claim(number)) for number in range(100, 400)]
        with pytest.raises(DeskUnusable, match=r"the disk is full.*Nothing was changed"):
            desk_ledger.record(store, many)
        assert len(store.open_drafts()) == 6
        store.connection.execute("PRAGMA max_page_count = 100000")
        desk_ledger.record(store, many)
        assert desk_ledger.publish(store, desk_ledger.later(5)) == 306
    assert len(desk_ledger.logged(places)) == 309


def test_unwritable_log_is_completed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    before = desk_ledger.public_files(places)

    def no_space(path: Path, content: bytes) -> None:
        path.write_bytes(content[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, desk_ledger.opened(places) as store:
        patch.setattr(files, "_write", no_space)
        with pytest.raises(LogNotWritten, match=r"published, but .*the disk is full.*claimledger build"):
            desk_ledger.publish(store, desk_ledger.later(5))
    assert desk_ledger.public_files(places) == before
    assert leftovers(places.root) == []
    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", no_space)
        with pytest.raises(LogNotWritten):
            desk_ledger.opened(places)
    desk.build_public_files(places)
    assert len(desk_ledger.logged(places)) == publications(places) == 9


def test_refused_desk_closes_its_store(tmp_path: Path) -> None:
    places = desk_ledger.with_ledger(tmp_path)
    log.log_file(places.log, 1).write_bytes(b"")
    with pytest.raises(LogDamaged):
        DeskStore(places.desk, places.log)
    assert not (tmp_path / "desk.db-wal").exists(), "the last one to close the store takes its journal along"
