"""`apply` makes the same rows in whatever steps a log is applied, writes nothing twice, and reports what it changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain

import pytest
from apply_logs import TEXTS, cut_logs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_rows import assert_same, contents
from strategies import examples

from claimledger.ledger.log import LogEntry
from claimledger.publishing import build_comparison
from claimledger.publishing.apply import ApplyResult, LogSources, apply
from claimledger.publishing.columns import sql_identifiers
from claimledger.publishing.row_writer import RowDifference, StoredRow
from claimledger.publishing.tables import ABOUT, TABLES

Steps = Sequence[Sequence[LogEntry]]
FRESH, GIVEN = "file:fresh?mode=memory&cache=shared", "file:given?mode=memory&cache=shared"


def logs_of(count: int) -> settings:
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


@logs_of(60)
@given(cut_logs(1, 12))
def test_any_steps_give_the_same_rows(steps: Steps) -> None:
    assert_any_steps_give_the_same_rows(steps)


@pytest.mark.slow
@logs_of(600)
@given(cut_logs(10, 40))
def test_any_steps_of_long_logs_give_the_same_rows(steps: Steps) -> None:
    assert_any_steps_give_the_same_rows(steps)


@logs_of(60)
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
        assert commit(given_file, log, log, keeps=True) == ApplyResult(0, hides_words=False, differences=[])
        assert commit(given_file, log[-1:], log, keeps=True) == ApplyResult(0, hides_words=False, differences=[])
        assert_same(contents(given_file), before)
        assert_same(before, contents(fresh))


@logs_of(60)
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


@logs_of(60)
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
