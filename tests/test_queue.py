"""The queue has a row for each claim that always matches the log, the drafts and the actions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import newsroom
import pytest
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.editorial.claim_at_desk import read_claim_at_desk
from claimledger.editorial.work_rows import update_queue, make_work_item
from claimledger.editorial.queue_views import queue_of_view
from claimledger.newsroom import work_items
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.work_items import WorkFilter, WorkItem
from claimledger.desk_vocabulary import CheckStage, Priority
from claimledger.vocabulary import Question, RevisionKind

KIM, LEE = actor("kim"), actor("lee")
VERDICT = {"question": "so", "value": "not_enough_evidence", "rationale": {"ko": "자료가 없다."}, "as_of": "2031-04-03",
           "recheck_after": "2031-06-01"}  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("checker", "First reading"), clock)
    newsroom.hire(places, "kim", "lee")
    return places


def queued_claims(places: LedgerPaths, **filters: str) -> list[str]:
    return [row.claim_id for row in lookups.queue(places, WorkFilter(filters))[0]]


def rebuilt_rows(places: LedgerPaths) -> list[WorkItem]:
    """Return the rows as the workflow computes them from scratch, claim by claim."""
    with step_setup.open_store(places) as store:
        now = read_current_records(store)
        return sorted(make_work_item(read_claim_at_desk(now, claim_id)) for claim_id in (CARGO, GROWTH))


def propose_verdict(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", LEE, due_on="2031-04-09", priority=Priority.URGENT, clock=clock)
    claim = lookups.claim_at_desk(places, CARGO)
    made = newsroom.edit_by("kim", "첫 판정", RevisionKind.VERDICT)
    desk.edit(
        places,
        CARGO,
        claim.claim.to_json() | {"verdicts": [VERDICT]},
        SeenVersion(claim.head_sha256, None),
        made,
        clock,
    )


def test_row_follows_every_action(places: LedgerPaths, clock: Clock) -> None:
    assert [row.record for row in lookups.queue(places, WorkFilter())[0]] == ["draft", "draft"]
    desk.publish(places, LEE, clock=clock)
    assert sorted(queued_claims(places, record="listed", so="open")) == [CARGO, GROWTH]
    propose_verdict(places, clock)
    assert queued_claims(places, waiting="proposed") == queued_claims(places, assignee="kim") == [CARGO]
    desk.query(places, GROWTH, "10%", "12%", KIM, clock)
    rows, count = lookups.queue(places, WorkFilter(has_queries=True))
    assert ([row.claim_id for row in rows], count) == ([GROWTH], 1)
    desk.publish(places, LEE, clock=clock)
    assert queued_claims(places, so="published") == [CARGO]
    assert [row.claim_id for row in lookups.queue(places, WorkFilter(recheck_before="2031-07-01"))[0]] == [CARGO]
    assert lookups.queue(places, WorkFilter(recheck_before="2031-06-01"))[1] == 0


@pytest.mark.slow
def test_updated_rows_equal_rebuilt_rows(places: LedgerPaths, clock: Clock) -> None:
    for act in (
        lambda: None,
        lambda: desk.publish(places, LEE, clock=clock),
        lambda: propose_verdict(places, clock),
        lambda: desk.query(places, CARGO, "약 120만t", "약 112만t", KIM, clock),
        lambda: desk.publish(places, LEE, clock=clock),
    ):
        act()
        assert sorted(lookups.queue(places, WorkFilter())[0]) == rebuilt_rows(places)


@pytest.mark.slow
def test_desk_filled_from_the_log_has_a_queue(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    before = sorted(row._replace(changed_at="") for row in lookups.queue(places, WorkFilter())[0])
    places.desk.unlink()
    assert sorted(row._replace(changed_at="") for row in lookups.queue(places, WorkFilter())[0]) == before
    assert all(row.so == CheckStage.OPEN for row in before)


@pytest.mark.slow
def test_urgent_claims_and_early_deadlines_come_first(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    desk.assign(places, CARGO, Question.SO, "kim", LEE, due_on="2031-05-01", clock=clock)
    assert queued_claims(places) == [CARGO, GROWTH]
    desk.assign(places, GROWTH, Question.SO, "kim", LEE, due_on="2031-04-20", clock=clock)
    assert queued_claims(places) == [GROWTH, CARGO]
    desk.assign(places, CARGO, Question.SO, "kim", LEE, priority=Priority.URGENT, clock=clock)
    assert queued_claims(places) == [CARGO, GROWTH]


def test_counts_by_state_and_person(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    propose_verdict(places, clock)
    counts = lookups.queue_counts(places, WorkFilter(), ["so", "assignee", "article_id"])
    assert counts["so"] == [("open", 1), ("proposed", 1)]
    assert dict(counts["assignee"]) == {"": 1, "kim": 1}
    assert lookups.queue(places, WorkFilter(is_waiting=True, not_author="lee"))[1] == 1
    assert lookups.queue(places, WorkFilter(is_waiting=True, not_author="kim"))[1] == 0


def test_unknown_count_column_is_refused(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        update_queue(store)
        with pytest.raises(ValueError, match="not a column that can be counted"):
            work_items.count_by_column(store, WorkFilter(), ["1; DROP TABLE work"])
        assert work_items.count_work_items(store, WorkFilter({"1; DROP TABLE work": "x"})) == 2


def test_few_and_many_rows_come_in_the_same_order(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        WorkItem(f"claim-{number:03}", f"article-{number % 3}", "말", "", "", "listed", "", "open", "open", "", "",
             due_on, priority, 0, 0, "", "", 0, "[]", "[]", f"2031-04-{number % 7 + 1:02}")
        for number in range(150)
        for due_on in [("", "2031-05-01", "2031-04-09")[number % 3]]
        for priority in [("normal", "urgent", "later")[number % 5 % 3]]
    ]  # fmt: skip
    with step_setup.open_store(places) as store:
        marks = ", ".join("?" * len(WorkItem._fields))
        with store.writing() as connection:
            connection.executemany(f"INSERT INTO work VALUES ({marks})", made)  # noqa: S608  nothing but question marks
        for work_filter in (WorkFilter(), WorkFilter({"article_id": "article-1"})):
            pages = []
            for few in (1_000_000, -1):
                monkeypatch.setattr(work_items, "_MAX_SORTED", few)
                pages.append([work_items.read_work_items(store, work_filter, page) for page in (1, 2, 3)])
            assert pages[0] == pages[1]
            assert work_items.count_by_column(store, work_filter, ["priority"])["priority"] == _expected_counts(
                made, work_filter
            )


def _expected_counts(rows: list[WorkItem], work_filter: WorkFilter) -> list[tuple[str, int]]:
    found = Counter(
        row.priority for row in rows if row.article_id == work_filter.values.get("article_id", row.article_id)
    )
    return sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))


def test_discarded_draft_is_removed_from_the_queue(places: LedgerPaths, clock: Clock) -> None:
    assert queued_claims(places) != []
    for claim_id in (CARGO, GROWTH):
        newsroom.discard(places, claim_id, newsroom.edit_by("kim", "다른 주장과 같다."), clock)
    assert queued_claims(places) == []
    assert desk.export_sheet(places, WorkFilter()).count(b"\n") == 1


def claims_in_view(places: LedgerPaths, view: str, name: str, today: str = "2031-04-03") -> list[str]:
    return [row.claim_id for row in lookups.queue(places, queue_of_view(view, name, today, {}))[0]]


def edit_claim(places: LedgerPaths, clock: Clock, author: str, **fields: object) -> None:
    claim = lookups.claim_at_desk(places, CARGO)
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    desk.edit(places, CARGO, claim.claim.to_json() | fields, seen, newsroom.edit_by(author, "고침"), clock)


@pytest.mark.slow
def test_my_tasks_include_both_questions(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    newsroom.hire(places, "choi")
    desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
    desk.assign(places, CARGO, Question.SAID, "choi", LEE, clock=clock)
    assert (
        claims_in_view(places, "mine", "kim")
        == claims_in_view(places, "mine", "choi")
        == queued_claims(places, assignee="choi")
        == [CARGO]
    )
    assert dict(lookups.queue_counts(places, WorkFilter(), ["assignee"])["assignee"]) == {"kim": 1, "choi": 1, "": 1}


@pytest.mark.slow
def test_returned_draft_is_a_task_of_its_author(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    edit_claim(places, clock, "kim", topics=["hijack"])
    assert claims_in_view(places, "mine", "kim") == []
    newest = lookups.claim_at_desk(places, CARGO).newest_draft_id
    desk.return_(places, CARGO, newest, LEE, reason="주제가 아니다.", clock=clock)
    assert claims_in_view(places, "mine", "kim") == queued_claims(places, waiting="returned") == [CARGO]
    assert claims_in_view(places, "mine", "lee") == claims_in_view(places, "review", "lee") == []


@pytest.mark.slow
def test_author_does_not_see_the_draft_under_needs_approval(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    newsroom.hire(places, "choi")
    edit_claim(places, clock, "choi", topics=["hijack"])
    edit_claim(places, clock, "kim", topics=["port"])
    assert (claims_in_view(places, "review", "choi"), claims_in_view(places, "review", "lee")) == ([], [CARGO])


@pytest.mark.slow
def test_deadline_and_priority_end_with_the_assignment(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    desk.assign(places, CARGO, Question.SO, "kim", LEE, due_on="2031-04-09", priority=Priority.URGENT, clock=clock)
    desk.assign(places, CARGO, Question.SAID, "kim", LEE, clock=clock)
    assert claim_row(places)[:2] == ("2031-04-09", "urgent")
    desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
    assert claim_row(places)[:2] == ("2031-04-09", "urgent"), "an assignment keeps the values that it does not change"
    desk.assign(places, CARGO, Question.SO, "kim", LEE, priority=Priority.LATER, clock=clock)
    assert claim_row(places)[:2] == ("2031-04-09", "later")
    desk.assign(places, CARGO, Question.SO, None, LEE, clock=clock)
    assert claim_row(places)[:2] == ("", "normal")
    desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
    assert claim_row(places)[:2] == ("", "normal")


def claim_row(places: LedgerPaths) -> tuple[str, str, str]:
    (found,) = [one for one in lookups.queue(places, WorkFilter())[0] if one.claim_id == CARGO]
    return found.due_on, found.priority, found.changed_at


@pytest.mark.slow
def test_change_time_is_the_last_write(places: LedgerPaths, clock: Clock) -> None:
    drafted = claim_row(places)[2]
    assert drafted, "a new draft changed when it was written"
    desk.publish(places, LEE, clock=clock)
    published = claim_row(places)[2]
    edit_claim(places, clock, "kim", topics=["hijack"])
    assert drafted < published < claim_row(places)[2]


@pytest.mark.slow
def test_unpublished_or_withdrawn_verdict_is_not_due_for_recheck(places: LedgerPaths, clock: Clock) -> None:
    desk.publish(places, LEE, clock=clock)
    propose_verdict(places, clock)
    assert claims_in_view(places, "recheck", "kim", "2031-07-01") == []
    desk.publish(places, LEE, clock=clock)
    assert claims_in_view(places, "recheck", "kim", "2031-07-01") == [CARGO]
    newsroom.hire(places, "park")
    desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock)
    desk.publish(places, actor("park"), clock=clock)
    assert queued_claims(places, record="withdrawn") == [CARGO]
    assert claims_in_view(places, "recheck", "kim", "2031-07-01") == []
