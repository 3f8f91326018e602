"""The table of work items: counts are the same with every index, and rows are made in batches of claims."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.desk import step_setup
from claimledger.editorial import work_rows
from claimledger.newsroom import work_items, work_updates
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema_versions import VERSIONS
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import NewWorkItem, WorkFilter, WorkItem

KIM = actor("kim")
COLUMNS = ("record", "so", "article_id", "speaker", "assignee", "priority")
FILTERS = (
    WorkFilter(),
    WorkFilter({"record": "listed"}),
    WorkFilter({"record": "listed", "so": "assigned"}),
    WorkFilter({"so": "assigned", "speaker": "speaker-1"}),
    WorkFilter({"assignee": "kim"}),
    WorkFilter({"record": "listed"}, has_findings=True),
    WorkFilter(mine="kim"),
)
SEEN = "SELECT draft_id, number, act_id FROM work_seen"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    newsroom.hire(places, "kim")
    return places


def varied_rows() -> Iterator[WorkItem]:
    sorts = itertools.product(
        ("draft", "listed"), ("assigned", "published"), ("", "kim", "lee"), ("", "kim", "choi"), ("normal", "urgent")
    )
    for number, (record, so, assignee, assignee_said, priority) in enumerate(sorts):
        yield WorkItem(
            f"claim-{number:03}", f"article-{number % 3}", "말", "", f"speaker-{number % 4}", record, "", so,
            ("returned", "published")[number % 5 == 0], assignee,
            assignee_said, "", priority, 0, number % 2, "", "", 0, "[]", "[]", "2031-04-01",
        )  # fmt: skip


def insert_rows(store: DeskStore, rows: Sequence[WorkItem]) -> None:
    marks = ", ".join("?" * len(WorkItem._fields))
    with store.writing() as connection:
        connection.executemany(f"INSERT INTO work VALUES ({marks})", rows)  # noqa: S608  nothing but question marks


def has_to_check(person: str, row: WorkItem) -> bool:
    return (row.assignee, row.so) == (person, "assigned") or (row.assignee_said, row.said) == (person, "returned")


def matches_filter(row: WorkItem, asked: WorkFilter) -> bool:
    values = row._asdict()
    return (
        all(
            value in row.checkers if name == "assignee" else values[name] == value
            for name, value in asked.values.items()
        )
        and (not asked.has_findings or row.findings > 0)
        and (not asked.mine or has_to_check(asked.mine, row))
    )


@pytest.mark.slow
@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_each_column_is_counted_as_if_row_by_row(places: LedgerPaths, asked: WorkFilter) -> None:
    rows = [*varied_rows()]
    with step_setup.open_store(places) as store:
        insert_rows(store, rows)
        counts = work_items.count_by_column(store, asked, COLUMNS)
    for column in COLUMNS:
        expected = Counter[str]()
        for row in rows:
            if matches_filter(row, asked):
                expected.update(row.checkers or [""] if column == "assignee" else [row._asdict()[column]])
        assert dict(counts[column]) == dict(expected), column


def test_kept_counts_follow_every_row(places: LedgerPaths) -> None:
    rows = [*varied_rows()]
    with step_setup.open_store(places) as store:
        insert_rows(store, rows)
        with store.writing() as connection:
            connection.execute("DELETE FROM work WHERE article_id = 'article-1' OR assignee = 'lee'")
        left = [row for row in rows if row.article_id != "article-1" and row.assignee != "lee"]
        counts = work_items.count_by_column(store, WorkFilter(), COLUMNS)
        assert dict(counts["assignee"]) == dict(Counter(name for row in left for name in row.checkers or [""]))
        assert counts["article_id"] == Counter(row.article_id for row in left).most_common()
        kept = store.connection.execute("SELECT count(*) FROM work_count WHERE value = 'article-1'").fetchone()
        assert kept == (0,)
        for asked in FILTERS:
            expected = sum(matches_filter(row, asked) for row in left)
            assert work_items.count_work_items(store, asked) == expected, asked


@pytest.mark.parametrize("word", ["5*", "5?", "[5]", "5", "*", "]"])
def test_signs_in_search_words_are_literal(places: LedgerPaths, word: str) -> None:
    texts = ["5", "5*", "5?", "[5]", "15*6"]
    rows = [row._replace(folded=text) for row, text in zip(varied_rows(), texts, strict=False)]
    with step_setup.open_store(places) as store:
        insert_rows(store, rows)
        for asked in (WorkFilter(words=word), work_items.resolve_search(store, WorkFilter(words=word))):
            found = {row.folded for row in work_items.read_work_items(store, asked)}
            assert found == {text for text in texts if word in text}


def test_upgrade_counts_the_rows_that_are_there() -> None:
    marks = ", ".join("?" * len(WorkItem._fields))
    found = []
    for place in (7, 8):  # the rows are older than the counts, or newer
        with closing(sqlite3.connect(":memory:")) as connection:
            register_row_hash(connection)
            for number, version in enumerate(VERSIONS[:8]):
                if number == place:
                    connection.executemany(f"INSERT INTO work VALUES ({marks})", varied_rows())  # noqa: S608
                for statement in version:
                    connection.execute(statement)
            if place == len(VERSIONS[:8]):
                connection.executemany(f"INSERT INTO work VALUES ({marks})", varied_rows())  # noqa: S608
            found.append(connection.execute("SELECT * FROM work_count ORDER BY 1, 2, 3, 4").fetchall())
    assert found[0] == found[1] != []


def test_kept_counts_need_no_rows_of_claims(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        statements: list[str] = []
        store.connection.set_trace_callback(statements.append)
        for values in ({}, {"record": "listed", "so": "open"}):
            work_items.count_by_column(store, WorkFilter(values), COLUMNS)
            work_items.count_work_items(store, WorkFilter(values | {"speaker": "speaker-1"}))
    assert len(statements) == 14
    assert all(" FROM work_count WHERE " in statement for statement in statements)


def test_changes_made_between_two_batches_are_seen(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_updates, "_CLAIMS_PER_TRANSACTION", 1)
    desk.record(places, [], newsroom.edit_by("checker", "First reading"), clock)
    made: list[str] = []

    def rows(store: DeskStore, claim_ids: Sequence[str]) -> Iterator[NewWorkItem]:
        made.extend(claim_ids)
        yield from work_rows._rows(store, claim_ids)

    with step_setup.open_store(places) as store:
        others = work_updates._changed_claims

        def list_then_query(*known: object) -> list[str]:
            claim_ids = others(*known)  # type: ignore[arg-type]
            if not made:  # a person acts after the changed claims were listed
                desk.query(places, CARGO, "10%", "12%", KIM, clock)
            return claim_ids

        monkeypatch.setattr(work_updates, "_changed_claims", list_then_query)
        assert work_updates.update_work_items(store, lambda claim_ids: rows(store, claim_ids)) == 2
        assert sorted(made) == [CARGO, GROWTH]
        assert work_updates.update_work_items(store, lambda claim_ids: rows(store, claim_ids)) == 1
        assert made[2:] == [CARGO]
        assert work_updates.update_work_items(store, lambda claim_ids: rows(store, claim_ids)) == 0


def test_each_batch_of_rows_is_committed_by_itself(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_updates, "_CLAIMS_PER_TRANSACTION", 1)
    desk.record(places, [], newsroom.edit_by("checker", "First reading"), clock)

    def broken(store: DeskStore, claim_ids: Sequence[str]) -> Iterator[NewWorkItem]:
        if claim_ids == [GROWTH]:
            raise OSError("the machine stops")
        yield from work_rows._rows(store, claim_ids)

    with step_setup.open_store(places) as store:
        unseen = store.connection.execute(SEEN).fetchone()
        with pytest.raises(OSError, match="stops"):
            work_updates.update_work_items(store, lambda claim_ids: broken(store, claim_ids))
        with closing(store.connection.execute("SELECT claim_id FROM work")) as found:
            assert found.fetchall() == [(CARGO,)]  # committed by itself, and made again next time
        assert store.connection.execute(SEEN).fetchone() == unseen
        assert work_updates.update_work_items(store, lambda claim_ids: work_rows._rows(store, claim_ids)) == 2
