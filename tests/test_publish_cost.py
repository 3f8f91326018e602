"""Publishing one change costs the same work in a larger ledger: as many steps of SQLite, as many files.

Work is counted, not time: the steps of SQLite's virtual machine, and the files of claims/ that are read and written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import bench_publish
import pytest
from made_up import made_up_claim

from claimledger.desk import lookups, publish_steps
from claimledger.desk_vocabulary import Role
from claimledger.editorial.work_rows import update_queue
from claimledger.ledger import files, log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import log_comparison, open_drafts, withheld_excerpts
from claimledger.newsroom.store import DeskStore
from claimledger.workflow import StaffMember

pytestmark = pytest.mark.slow
SMALL, LARGE = 30, 900
"""The sizes compared: the larger ledger has thirty times as many claims."""
STEPS_PER_CALL = 20
"""The number of SQLite's steps between two calls of the counter."""


class Work(NamedTuple):
    """The work of one publication."""

    steps: int
    """The steps of SQLite, in units of `STEPS_PER_CALL`."""
    read: list[str]
    """The files of claims/ that were read, apart from the log."""
    read_of_log: list[str]
    """The files of the log that were read."""
    written: list[str]
    """The files of claims/ that were written."""


@pytest.fixture(scope="module")
def made_ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, int], LedgerPaths]:
    """Return ledgers by the number of their claims and of other people's open drafts."""
    folder = tmp_path_factory.mktemp("ledgers")
    found = {}
    for claims, waiting in ((SMALL, 0), (LARGE, 0), (SMALL, LARGE)):
        places = found[claims, waiting] = LedgerPaths(folder / f"{claims}-{waiting}")
        bench_publish.make_ledger(places, claims)
        bench_publish.make_waiting(places, claims, waiting)
    return found


def measure_work(places: LedgerPaths, act: Callable[[], object]) -> Work:
    """Run an act and return its work."""
    steps, read, of_log, written = [0], list[str](), list[str](), list[str]()
    read_bytes, replace_all, connect = Path.read_bytes, files.replace_all, sqlite3.connect

    def count_step() -> None:
        steps[0] += 1

    def connect_counted(*given: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)  # type: ignore[call-overload]  # as wide as sqlite3's own
        connection.set_progress_handler(count_step, STEPS_PER_CALL)
        return connection

    def record_reading(path: Path) -> bytes:
        if path.is_relative_to(places.claims):
            (of_log if path.parent == places.log else read).append(path.name)
        return read_bytes(path)

    def record_writing(contents: Iterable[tuple[Path, bytes]], *, syncs_each: bool = False) -> None:
        found = list(contents)
        written.extend(path.name for path, _ in found)
        replace_all(found, syncs_each=syncs_each)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_counted)
        patch.setattr(Path, "read_bytes", record_reading)
        patch.setattr(files, "replace_all", record_writing)
        act()
    return Work(steps[0], read, of_log, written)


def publish_one(places: LedgerPaths, number: int) -> Work:
    """Change one claim and return the work of publishing it."""
    claim_id = made_up_claim(number)["claim_id"]
    bench_publish.draft_change(places, claim_id)
    return measure_work(places, lambda: bench_publish.publish(places, claim_id))


@pytest.fixture(autouse=True)
def _trust_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the times of a file at once, and leave `ledger.db` out."""
    monkeypatch.setattr(log_comparison, "SETTLED_SECONDS", -3_600.0)
    monkeypatch.setattr(publish_steps, "build_ledger", lambda *_, **__: False)


@pytest.mark.parametrize("larger", [(LARGE, 0), (SMALL, LARGE)], ids=["more claims", "more open drafts"])
def test_work_of_a_publication_does_not_grow(
    made_ledgers: dict[tuple[int, int], LedgerPaths], larger: tuple[int, int]
) -> None:
    for places in made_ledgers.values():
        publish_one(places, 1)  # records the log files that were compared
    small, large = publish_one(made_ledgers[SMALL, 0], 2), publish_one(made_ledgers[larger], 2)
    assert large.steps <= 1.25 * small.steps, (small.steps, large.steps)
    assert len(large.read_of_log) <= len(small.read_of_log)
    assert {*large.read_of_log} == {log.log_file(made_ledgers[larger].log, _entries(made_ledgers[larger])).name}
    name = f"{made_up_claim(2)['claim_id']}.yaml"
    read = {*large.read} - {"000001.note"}  # the list of the log's keys
    assert (read, [one for one in large.written if one.endswith(".yaml")]) == ({name}, [name])


def _entries(places: LedgerPaths) -> int:
    return log.newest_body(places.log)[0]


def test_pages_after_a_publication_do_the_same_work(made_ledgers: dict[tuple[int, int], LedgerPaths]) -> None:
    """The page names what was published; the page before it, what is going to be."""
    claim_id, actor, found = made_up_claim(3)["claim_id"], StaffMember("sora", (Role.EDITOR,)), []
    for places in made_ledgers.values():
        bench_publish.draft_change(places, claim_id)
        before = measure_work(places, lambda places=places: lookups.list_waiting_records(places, actor, [claim_id]))  # type: ignore[misc]
        bench_publish.publish(places, claim_id)
        after = measure_work(places, lambda places=places: lookups.claim_at_desk(places, claim_id))  # type: ignore[misc]
        found.append((before.steps, after.steps))
    for steps in zip(*found, strict=True):
        assert max(steps) <= 1.25 * min(steps), found


def test_claims_that_cite_a_document_are_not_searched_in_all(
    made_ledgers: dict[tuple[int, int], LedgerPaths], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withheld document is looked for in the claims that the task list names, and in publications since."""
    steps = []
    for places in (made_ledgers[SMALL, 0], made_ledgers[LARGE, 0]):
        with DeskStore(places.desk, places.log) as store:
            update_queue(store)
            monkeypatch.setattr(store, "head", lambda *_: True)
            count = [0]
            store.connection.set_progress_handler(lambda count=count: count.__setitem__(0, count[0] + 1), 1)  # type: ignore[misc]
            assert withheld_excerpts._citing_claims("budget", store) == []
            steps.append(count[0])
    assert steps[1] <= 1.25 * steps[0], steps


def test_lazy_drafts_equal_all_drafts(made_ledgers: dict[tuple[int, int], LedgerPaths]) -> None:
    places = made_ledgers[SMALL, LARGE]
    with DeskStore(places.desk, places.log) as store:
        expected = open_drafts.group_by_record(store.open_drafts())
        lazy, listed = open_drafts.OpenDrafts(store), open_drafts.OpenDrafts(store)
        assert all(lazy[place] == draft for place, draft in expected.items())
        assert [*lazy.items()] == [*listed.items()] == [*expected.items()]
        assert len(listed) == len(expected) >= LARGE
        assert (next(iter(expected))[0], "nothing-like-it") not in lazy
        names = [draft.key for draft in expected.values()]
        assert store.find_open_drafts(names) == [*expected.values()]
        assert store.find_open_drafts(names[3:1:-1]) == [*expected.values()][2:4]
