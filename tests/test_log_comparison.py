"""Opening the desk reads only the log files that can have changed, and still finds each body that differs."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger.desk import step_setup
from claimledger.errors import LogDamaged, LogsDisagree
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import log_comparison
from claimledger.newsroom.log_comparison import Comparison, read_stamps
from claimledger.newsroom.store import DeskStore

desk_ledger = importlib.import_module("tests.desk_ledger")


@pytest.fixture(autouse=True)
def _short_files() -> Iterator[None]:
    """Put two bodies into a file, and trust the times of a file at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "BODIES_PER_FILE", 2)
        patch.setattr(log_comparison, "SETTLED_SECONDS", -3_600.0)
        yield


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a ledger of nine bodies in five files, of which the store has compared the four full ones."""
    found: LedgerPaths = desk_ledger.with_desk(tmp_path)
    with desk_ledger.opened(found) as store:
        desk_ledger.publish(store, desk_ledger.later(5))
        store.synchronize()
        assert len(read_stamps(store.connection)) == 4
    return found


def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the name of every log file that is read is added."""
    read, names = log._read_file, list[str]()

    def record_reading(path: Path, *, is_last: bool) -> log.LogFile:
        names.append(path.name)
        return read(path, is_last=is_last)

    monkeypatch.setattr(log, "_read_file", record_reading)
    return names


@pytest.mark.parametrize(("comparison", "number"), [
    (Comparison.NEWEST, 0), (Comparison.CHANGED, 1), (Comparison.ALL, 5),
])  # fmt: skip
def test_opening_reads_only_the_files_to_compare(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, comparison: Comparison, number: int
) -> None:
    names = read_files(monkeypatch)
    DeskStore(places.desk, places.log, comparison=comparison).close()
    newest = ["000004.jsonl"] * (1 if comparison is not Comparison.ALL else 2)  # its newest body, and what is appended
    assert sorted(names) == sorted([*newest, *(f"{index:06d}.jsonl" for index in range(5 - number, 5))][-len(names) :])
    assert len({*names}) == max(number, 1)


def test_file_changed_lately_is_compared_each_time(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_comparison, "SETTLED_SECONDS", 3_600.0)
    with desk_ledger.opened(places) as store:
        store.synchronize()
        assert read_stamps(store.connection) == {}
    names = read_files(monkeypatch)
    desk_ledger.opened(places).close()
    assert {*names} == {f"{index:06d}.jsonl" for index in range(5)}


def test_publishing_records_the_files_compared_when_it_began(places: LedgerPaths) -> None:
    os.utime(places.log / "000001.jsonl")
    with desk_ledger.opened(places) as store:
        before = read_stamps(store.connection)
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(70))])
        desk_ledger.publish(store, desk_ledger.later(6))
        after = read_stamps(store.connection)
    assert [name for name in after if after[name] != before.get(name)] == ["000001.jsonl"]


def test_opening_without_a_difference_writes_nothing(places: LedgerPaths) -> None:
    os.utime(places.log / "000001.jsonl")
    with desk_ledger.opened(places) as writer, writer.writing():
        desk_ledger.opened(places).close()


def changed_body(path: Path) -> bytes:
    """Return the content of a log file with one digit of a record changed."""
    content = path.read_bytes()
    changed = content.replace(b'"nonce":"0', b'"nonce":"f', 1)
    assert changed != content
    return changed


def restore_times(path: Path, content: bytes) -> None:
    """Replace a file's content, then set its times back."""
    found = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


Change = Callable[[Path, bytes], object]


@pytest.mark.parametrize("change", [Path.write_bytes, restore_times], ids=["written", "with its times set back"])
@pytest.mark.parametrize("index", range(5))
def test_another_body_in_any_file_is_found(places: LedgerPaths, change: Change, index: int) -> None:
    path = places.log / f"{index:06d}.jsonl"
    change(path, changed_body(path))
    with pytest.raises(LogsDisagree, match=path.name):
        desk_ledger.opened(places)


def test_another_body_is_found_in_a_process_that_opened_the_desk_before(places: LedgerPaths) -> None:
    step_setup.open_store(places).close()
    path = places.log / "000001.jsonl"
    path.write_bytes(changed_body(path))
    step_setup.open_store(places).close()  # only reads
    for comparison in (Comparison.CHANGED, Comparison.ALL):
        with pytest.raises(LogsDisagree, match=path.name):
            step_setup.open_store(places, comparison)


def test_another_body_in_the_store_is_found_by_a_whole_comparison(places: LedgerPaths) -> None:
    with desk_ledger.opened(places) as store:
        store.connection.execute("DROP TRIGGER publication_no_update")
        store.connection.execute("UPDATE publication SET body = '{}' WHERE number = 3")
        store.connection.execute(
            "CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication "
            "BEGIN SELECT RAISE(ABORT, 'publication: append-only'); END"
        )
    desk_ledger.opened(places).close()
    with pytest.raises(LogsDisagree, match="000001"):
        DeskStore(places.desk, places.log, comparison=Comparison.ALL)


@pytest.mark.parametrize("index", range(4))
def test_missing_file_is_found(places: LedgerPaths, index: int) -> None:
    (places.log / f"{index:06d}.jsonl").unlink()
    with pytest.raises(LogDamaged, match=rf"{index:06d}\.jsonl:1: The file is missing"):
        desk_ledger.opened(places)


def replace_by_copy(path: Path) -> None:
    """Replace a file by a copy of itself, as git does."""
    copy = path.with_suffix(".new")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "touched": os.utime,
    "written again": lambda path: path.write_bytes(path.read_bytes()),
    "copied": replace_by_copy,
    "another body": lambda path: path.write_bytes(changed_body(path)),
    "another body, times set back": lambda path: restore_times(path, changed_body(path)),
}  # fmt: skip


@pytest.mark.slow
@given(changes=st.lists(st.tuples(st.integers(0, 4), st.sampled_from([*CHANGES]), st.booleans()), max_size=6))
@settings(strategies.few)
def test_opening_refuses_exactly_a_log_that_differs(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str, bool]]
) -> None:
    """The files change in every way between openings, and some openings record what they compared."""
    places = desk_ledger.with_desk(tmp_path_factory.mktemp("ledger"))
    with desk_ledger.opened(places) as store:
        desk_ledger.publish(store, desk_ledger.later(5))
    bodies, differs = desk_ledger.logged(places), False
    for index, change, records in changes:
        path = places.log / f"{index:06d}.jsonl"
        if b'"nonce":"f' not in path.read_bytes():
            CHANGES[change](path)
        differs = desk_ledger.logged(places) != bodies
        try:
            with desk_ledger.opened(places) as store:
                if records:
                    store.fill_log()
            assert not differs
        except LogsDisagree:
            assert differs
