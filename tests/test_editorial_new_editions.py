"""Adding editions of an article: positions carried over, positions to decide on, and claim files."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, FIRST, GROWTH, STAFF, TEXT, Clock, actor, add, span, taken_in, told

from claimledger import desk
from claimledger.errors import NotFound
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import PassageFate


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def test_new_edition_drafts_the_article_and_kept_passages(places: LedgerPaths, clock: Clock) -> None:
    text = "머리말이 붙었다.\n" + TEXT.replace("10%", "12%")
    came = taken_in(text)
    arrived, drafts = desk.add_article(places, came, FIRST, origin="b.txt", article_id=ARTICLE_ID, clock=clock)
    assert [carried.fate for carried in arrived.carried] == [PassageFate.MOVED, PassageFate.CHANGED]
    assert [(draft.kind, draft.subject) for draft in drafts] == [("update", "article"), ("listed", "appearance")]
    (task,) = desk.list_placement_tasks(places, ARTICLE_ID)
    assert task.carried.appearance.claim_id == GROWTH
    assert task.words == ("서미래 소장은 “올해는 12% 늘어난다”고 말했다",)
    desk.publish(places, actor("editor"), clock=clock)
    assert all(not checked.problems for checked in desk.check(places))
    assert len(desk.list_placement_tasks(places, ARTICLE_ID)) == 1


def test_files_can_be_recorded_after_a_new_edition(places: LedgerPaths, clock: Clock) -> None:
    add(places, "머리말이 붙었다.\n" + TEXT.replace("10%", "12%"), clock)
    (task,) = desk.list_placement_tasks(places, ARTICLE_ID)
    desk.settle(places, ARTICLE_ID, GROWTH, task.carried.proposals[0], FIRST, clock)
    assert desk.record(places, [], FIRST, clock) == []
    newsroom.edit(places.claims / ARTICLE_ID / f"{CARGO}.yaml", "topics:", "note:\n  en: Looked at.\ntopics:")
    (draft,) = desk.record(places, [], FIRST, clock)
    assert draft.key == CARGO


def test_unreadable_claim_file_is_not_changed(places: LedgerPaths, clock: Clock) -> None:
    file = places.claims / ARTICLE_ID / f"{CARGO}.yaml"
    broken = file.read_text(encoding="utf-8") + "shape: round\n"
    file.write_text(broken, encoding="utf-8")
    (places.claims / ARTICLE_ID / f"{GROWTH}.yaml").unlink()
    add(places, "머리말이 붙었다.\n" + TEXT, clock)
    assert file.read_text(encoding="utf-8") == broken
    assert placed_claim_ids(places) == {CARGO, GROWTH}


def test_changed_passage_is_placed_or_its_claim_is_left_out(places: LedgerPaths, clock: Clock) -> None:
    text = TEXT.replace("10%", "12%").replace("약 120만t", "약 120만t쯤")
    add(places, text, clock)
    growth, cargo = sorted(
        desk.list_placement_tasks(places, ARTICLE_ID), key=lambda task: task.carried.appearance.claim_id != GROWTH
    )
    (draft,) = desk.settle(places, ARTICLE_ID, GROWTH, growth.carried.proposals[0], FIRST, clock)
    assert draft.key.startswith(GROWTH)
    assert [task.carried.appearance.claim_id for task in desk.list_placement_tasks(places, ARTICLE_ID)] == [CARGO]
    with pytest.raises(NotFound, match="not waiting for a position in the newest edition"):
        desk.settle(places, ARTICLE_ID, GROWTH, None, FIRST, clock)
    assert desk.settle(places, ARTICLE_ID, CARGO, None, FIRST, clock) == []
    assert desk.list_placement_tasks(places, ARTICLE_ID) == []
    assert cargo.carried.fate is PassageFate.CHANGED


def test_unplaced_claim_stays_unplaced_in_the_next_edition(places: LedgerPaths, clock: Clock) -> None:
    add(places, TEXT.replace("10%", "12%"), clock)
    add(places, TEXT.replace("10%", "13%"), clock)
    assert [task.words for task in desk.list_placement_tasks(places, ARTICLE_ID)] == [
        ("서미래 소장은 “올해는 13% 늘어난다”고 말했다",)
    ]


def waiting_claim_ids(places: LedgerPaths) -> list[str]:
    return [task.carried.appearance.claim_id for task in desk.list_placement_tasks(places, ARTICLE_ID)]


def placed_claim_ids(places: LedgerPaths) -> set[str]:
    return {entry.claim_id for entry in desk.coverage(places, ARTICLE_ID)[0].appearances}


@pytest.mark.parametrize("is_left_out", [False, True])
def test_passage_that_returns_places_its_claim_again(places: LedgerPaths, clock: Clock, *, is_left_out: bool) -> None:
    add(places, TEXT.replace("10%", "12%"), clock)
    if is_left_out:
        desk.settle(places, ARTICLE_ID, GROWTH, None, FIRST, clock)
    add(places, "머리말이 붙었다.\n" + TEXT, clock)
    assert placed_claim_ids(places) == {CARGO, GROWTH}
    assert waiting_claim_ids(places) == []


def test_claim_stays_left_out_until_its_passage_returns(places: LedgerPaths, clock: Clock) -> None:
    add(places, TEXT.replace("10%", "12%"), clock)
    desk.settle(places, ARTICLE_ID, GROWTH, None, FIRST, clock)
    add(places, TEXT.replace("10%", "13%"), clock)
    assert waiting_claim_ids(places) == []
    add(places, "머리말이 붙었다.\n" + TEXT, clock)
    add(places, "머리말이 붙었다.\n" + TEXT.replace("10%", "14%"), clock)
    assert waiting_claim_ids(places) == [GROWTH]


def test_passage_recorded_late_is_proposed_in_the_newest_edition(places: LedgerPaths, clock: Clock) -> None:
    file = desk.accept(places, ARTICLE_ID, span(STAFF), told(), FIRST, clock)[0]
    late = file.read_text(encoding="utf-8").replace("staff-of-forty-aaaa", "staff-told-late-aaaa")
    add(places, "머리말이 붙었다.\n" + TEXT, clock)
    file.with_name("staff-told-late-aaaa.yaml").write_text(late, encoding="utf-8")
    desk.record(places, [], FIRST, clock)
    (task,) = desk.list_placement_tasks(places, ARTICLE_ID)
    assert (task.carried.appearance.claim_id, task.words) == ("staff-told-late-aaaa", (STAFF,))
    desk.settle(places, ARTICLE_ID, "staff-told-late-aaaa", task.carried.proposals[0], FIRST, clock)
    assert waiting_claim_ids(places) == []
