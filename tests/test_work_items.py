"""The table of work items: counts are the same with every index, and rows are made in batches of claims."""

from __future__ import annotations

import itertools
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
        marks = ", ".join("?" * len(WorkItem._fields))
        with store.writing() as connection:
            connection.executemany(f"INSERT INTO work VALUES ({marks})", rows)  # noqa: S608  nothing but question marks
        counts = work_items.count_by_column(store, asked, COLUMNS)
    for column in COLUMNS:
        expected = Counter[str]()
        for row in rows:
            if matches_filter(row, asked):
                expected.update(row.checkers or [""] if column == "assignee" else [row._asdict()[column]])
        assert dict(counts[column]) == dict(expected), column


@pytest.mark.parametrize("index", work_items._NARROW_INDEXES)
def test_unfiltered_queue_is_counted_from_narrow_indexes(places: LedgerPaths, index: str) -> None:
    named = ", ".join(work_items._NARROW_INDEXES[index])
    with step_setup.open_store(places) as store:
        plan = store.connection.execute(f"EXPLAIN QUERY PLAN SELECT {named}, count(*) FROM {index} GROUP BY {named}")  # noqa: S608
        assert [step[3] for step in plan] == [f"SCAN work USING COVERING INDEX {index.rsplit(maxsplit=1)[-1]}"]


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
