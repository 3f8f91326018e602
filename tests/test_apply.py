"""`apply` makes the same rows in whatever steps a log is applied, writes nothing twice, and reports what it changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from apply_logs import BASE, NOTHING, TEXTS, LogChange, base_passage, cut_logs, logs, make_log
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_rows import assert_same, contents, file_contents
from made_ledger import made_entries
from strategies import examples

from claimledger.ledger.log import LogEntry
from claimledger.publishing import apply as applying
from claimledger.publishing import build_comparison, ledger_db
from claimledger.publishing.apply import ApplyResult, LogSources, apply
from claimledger.publishing.columns import sql_identifiers
from claimledger.publishing.row_writer import RowDifference, StoredRow
from claimledger.publishing.tables import ABOUT, TABLES

FIRST_CLAIM = next(place for place, change in enumerate(BASE) if "statement" in change.record)
Steps = Sequence[Sequence[LogEntry]]
FRESH, GIVEN = "file:fresh?mode=memory&cache=shared", "file:given?mode=memory&cache=shared"


def draw_logs(count: int) -> settings:
    """Return settings with the given number of logs, which are slow to draw; a tenth of it in the quick tests."""
    return settings(examples(count), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@contextmanager
def opened(name: str = ":memory:") -> Iterator[sqlite3.Connection]:
    """Open an empty database in memory."""
    with closing(sqlite3.connect(name, isolation_level=None, uri=True)) as connection:
        yield connection


def commit(
    connection: sqlite3.Connection, entries: Iterable[LogEntry], log: Sequence[LogEntry], *, keeps: bool = False
) -> ApplyResult:
    """Apply entries of a log in one transaction."""
    sources = LogSources(lambda number: log[number - 1].body, TEXTS.get)
    connection.execute("BEGIN")
    applied = apply(connection, entries, sources, keeps_differences=keeps)
    connection.execute("COMMIT")
    return applied


def assert_any_steps_give_the_same_rows(steps: Steps) -> None:
    log = [*chain(*steps)]
    with opened(FRESH) as fresh, opened(GIVEN) as given_file:
        commit(fresh, log, log)
        for step in steps:
            assert commit(given_file, step, log).revisions == len(step)
        assert_same(contents(given_file), contents(fresh))
        assert build_comparison.compare_databases(fresh, GIVEN, "ledger.db") == []


@draw_logs(60)
@given(cut_logs(1, 12))
def test_any_steps_give_the_same_rows(steps: Steps) -> None:
    assert_any_steps_give_the_same_rows(steps)


@pytest.mark.slow
@draw_logs(60)
@given(cut_logs(10, 40))
def test_any_steps_of_long_logs_give_the_same_rows(steps: Steps) -> None:
    assert_any_steps_give_the_same_rows(steps)


@pytest.mark.soak
@draw_logs(2_000)
@given(cut_logs(10, 40))
def test_any_steps_of_many_long_logs_give_the_same_rows(steps: Steps) -> None:
    assert_any_steps_give_the_same_rows(steps)


def test_passage_may_come_before_its_claim() -> None:
    first = LogChange(base_passage(0, 10))
    entries = make_log([*BASE[:2], first, BASE[FIRST_CLAIM]])
    assert_any_steps_give_the_same_rows([entries[:2], entries[2:3], entries[3:]])


def test_claim_may_be_withdrawn_and_listed_again_in_a_month() -> None:
    """The number of claims with its status falls in that month, and then rises to what it was before it."""
    claim = BASE[FIRST_CLAIM]
    later = [claim._replace(kind=kind, part=NOTHING, later=timedelta(days=days)) for kind, days in AGAIN]
    entries = make_log([*BASE[:FIRST_CLAIM], claim, *later])
    assert_any_steps_give_the_same_rows(
        [entries[: FIRST_CLAIM + 1], *([entry] for entry in entries[FIRST_CLAIM + 1 :])]
    )


AGAIN = (("withdrawal", 40), ("update", 1), ("withdrawal", 0), ("update", 0))


@pytest.mark.slow
@draw_logs(60)
@given(cut_logs(1, 8))
def test_entries_that_are_there_are_passed_over(steps: Steps) -> None:
    log = [*chain(*steps)]
    with opened() as fresh, opened() as given_file:
        commit(fresh, log, log)
        done = 0
        for step in steps:
            done += len(step)
            assert commit(given_file, log[:done], log).revisions == len(step)
        before = contents(given_file)
        for entries in (log, log[-1:], []):
            assert commit(given_file, entries, log, keeps=True) == ApplyResult(0, hides_words=False, differences=[])
        assert_same(contents(given_file), before)
        assert_same(before, contents(fresh))


@pytest.mark.slow
@draw_logs(60)
@given(cut_logs(1, 8), st.data())
def test_rolled_back_changes_leave_nothing(steps: Steps, data: st.DataObject) -> None:
    log = [*chain(*steps)]
    sources = LogSources(lambda number: log[number - 1].body, TEXTS.get)
    with opened() as fresh, opened() as given_file:
        commit(fresh, log, log)
        for number, step in enumerate(steps):
            if number:
                before = contents(given_file)
                given_file.execute("BEGIN IMMEDIATE")
                rest = [*chain(*steps[number:])]
                apply(given_file, rest[: data.draw(st.integers(1, len(rest)))], sources, keeps_differences=True)
                given_file.execute("ROLLBACK")
                assert_same(contents(given_file), before)
            commit(given_file, step, log)
        assert_same(contents(given_file), contents(fresh))


Place = tuple[str, tuple[object, ...]]


def keyed_rows(connection: sqlite3.Connection) -> dict[Place, StoredRow]:
    """Return the rows that readers browse by table and key, except those of `about`."""
    found = {}
    for table in TABLES:
        places = [table.stored.index(name) for name in table.key]
        sql = f'SELECT {sql_identifiers(table.stored)} FROM "{table.name}"'  # noqa: S608  names of the field table
        for row in connection.execute(sql) if table is not ABOUT else ():
            found[table.name, tuple(row[place] for place in places)] = row
    return found


@pytest.mark.slow
@draw_logs(60)
@given(cut_logs(1, 8))
def test_reported_differences_are_those_of_the_rows(steps: Steps) -> None:
    log, shown = [*chain(*steps)], {table.name for table in TABLES}
    with opened() as connection:
        commit(connection, [], log)
        for step in steps:
            before = keyed_rows(connection)
            applied = commit(connection, step, log, keeps=True)
            after = keyed_rows(connection)
            places = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
            reported = {_place(one): (one.before, one.after) for one in applied.differences}
            assert len(reported) == len(applied.differences)
            assert {place: pair for place, pair in reported.items() if place[0] in shown} == {
                place: (before.get(place), after.get(place)) for place in places
            }


def _place(one: RowDifference) -> Place:
    row = one.before or one.after or ()
    return one.table.name, tuple(row[one.table.stored.index(name)] for name in one.table.key)


@pytest.mark.slow
@draw_logs(15)
@given(logs(1, 15))
def test_fresh_builds_have_the_same_bytes(entries: list[LogEntry]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(applying, "_RECORDS_AT_ONCE", 3)
        patch.setattr(applying, "WORTH_SEVERAL_PROCESSES", 1)
        files = [Path(folder) / f"{number}.db" for number in range(3)]
        for file, processes in zip(files, (1, 2, 1), strict=True):
            ledger_db.build_ledger_db(entries, file, processes=processes)
        assert len({file.read_bytes() for file in files}) == 1


@pytest.mark.slow
def test_steps_give_other_bytes_but_the_same_rows_and_row_numbers(tmp_path: Path) -> None:
    entries, stepped, packed, fresh = (
        made_entries(),
        *(tmp_path / name for name in ("steps.db", "packed.db", "fresh.db")),
    )
    with opened(str(stepped)) as connection:
        for entry in entries:
            commit(connection, [entry], entries)
        connection.execute("VACUUM INTO ?", (str(packed),))
        numbers = [number for (number,) in connection.execute("SELECT rowid FROM claims ORDER BY rowid")]
    ledger_db.build_ledger_db(entries, fresh)
    assert numbers == [*range(3, 11)]
    assert_same(file_contents(packed), file_contents(stepped))
    assert_same(file_contents(packed), file_contents(fresh))
    assert packed.read_bytes() != fresh.read_bytes()
    assert ledger_db.find_differences(packed, entries) == []
