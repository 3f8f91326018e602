"""Claims of the desk in a review sheet: exported, imported and recorded as drafts under the rules of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import CARGO, GROWTH, Clock, actor, edit_by, write_all
from review_shelf import codes, edited

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.errors import NotFound
from claimledger.newsroom import drafting
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.store import DeskStore
from claimledger.sheets.desk_lookup import DeskLookup
from claimledger.sheets.merge import SheetPlan, plan_sheet
from claimledger.sheets.review_sheet import read_sheet, sheet_bytes
from claimledger.vocabulary import RevisionKind

NOBODY = "haneul-port-cargo-in-2030-zzzz"
UPDATE = Edit("lee", "검토표", RevisionKind.UPDATE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    """Yield a desk with one public claim, CARGO, and one draft claim, GROWTH."""
    places, clock = write_all(tmp_path), Clock()
    desk.record(places, [], edit_by("kim", "first"), clock)
    others = [draft.key for draft in lookups.open_drafts(places) if not draft.key.startswith(GROWTH)]
    desk.publish(places, actor("park"), others, clock=clock)
    with step_setup.open_store(places) as opened:
        yield opened


def plan_import(store: DeskStore, cells: dict[str, str], row: int = 1) -> SheetPlan:
    lookup = DeskLookup(store)
    content = sheet_bytes(lookup.rows([CARGO, GROWTH]))
    return plan_sheet(read_sheet(edited(content, cells, row), "sheet.csv"), lookup)


def record_plan(store: DeskStore, made: SheetPlan, edit: Edit = UPDATE) -> list[tuple[str, str]]:
    """Record the changes of a plan and return the codes of the problems found."""
    drafts, problems = drafting.make_drafts(made.batch, store, edit)
    with store.writing() as connection:
        store.append_drafts(connection, drafts, Clock()())
    return codes(problems)


def test_rows_show_the_public_revision_or_the_draft_and_passages(store: DeskStore) -> None:
    cargo, growth = DeskLookup(store).rows([CARGO, GROWTH])
    assert [(row.claim.claim_id, row.revision, len(row.passages)) for row in (cargo, growth)] == [
        (CARGO, 1, 1), (GROWTH, None, 1),
    ]  # fmt: skip


def test_unedited_sheet_changes_nothing(store: DeskStore) -> None:
    made = plan_import(store, {})
    assert (made.is_ready, made.rows, made.notices) == (True, (), ())


def test_edit_of_a_public_claim_becomes_a_draft(store: DeskStore) -> None:
    made = plan_import(store, {"note_ko": "고친 덧붙임"})
    assert (made.problems, record_plan(store, made)) == ((), [])
    (draft,) = [one for one in store.open_drafts() if one.key == CARGO]
    assert (draft.kind, draft.reason, draft.record.to_json()["note"]) == (
        RevisionKind.UPDATE, "검토표", {"ko": "고친 덧붙임"},
    )  # fmt: skip


def test_an_edit_of_a_draft_becomes_its_next_version(store: DeskStore) -> None:
    made = plan_import(store, {"note_ko": "고친 덧붙임"}, row=2)
    assert (codes(made.notices), made.problems) == ([("laid-over-draft", "claim_id")], ())
    assert record_plan(store, made, Edit("kim", "검토표")) == []
    (draft,) = [one for one in store.open_drafts() if one.key == GROWTH]
    assert (draft.base, draft.record.to_json()["note"]) == (None, {"ko": "고친 덧붙임"})


def test_draft_written_since_the_export_conflicts(store: DeskStore) -> None:
    content = edited(sheet_bytes(DeskLookup(store).rows([CARGO])), {"note_ko": "나의 것"})
    assert record_plan(store, plan_import(store, {"note_ko": "그들의 것"})) == []
    made = plan_sheet(read_sheet(content, "sheet.csv"), DeskLookup(store))
    assert [(one.base, one.mine, one.theirs) for one in made.conflicts] == [("", "나의 것", "그들의 것")]


def test_existing_revision_is_found_and_a_missing_one_is_not(store: DeskStore) -> None:
    lookup = DeskLookup(store)
    found = lookup.public_claim(CARGO, 1)
    assert found
    assert found.claim_id == CARGO
    assert lookup.public_claim(CARGO, 2) is None


def test_unknown_claim_is_reported_with_similar_claims(store: DeskStore) -> None:
    lookup = DeskLookup(store)
    assert lookup.current_claim(NOBODY) is None
    assert CARGO in lookup.similar_claims(NOBODY)
    with pytest.raises(NotFound, match=CARGO):
        list(lookup.rows([NOBODY]))


@pytest.mark.slow
def test_public_claim_with_an_open_draft_shows_public_values(store: DeskStore) -> None:
    assert record_plan(store, plan_import(store, {"note_ko": "초안"})) == []
    lookup = DeskLookup(store)
    (row,) = lookup.rows([CARGO])
    now = lookup.current_claim(CARGO)
    assert now
    assert (row.claim.note, row.revision, now.public) == (None, 1, row.claim)
    assert (now.standing.to_json()["note"], now.draft_author) == ({"ko": "초안"}, "lee")


def test_draft_rewritten_since_the_export_is_still_known(store: DeskStore) -> None:
    sheet = sheet_bytes(DeskLookup(store).rows([CARGO, GROWTH]))
    assert record_plan(store, plan_import(store, {"note_ko": "그들"}, row=2), Edit("kim", "고침")) == []
    lookup = DeskLookup(store)
    made = plan_sheet(read_sheet(sheet, "sheet.csv"), lookup)
    assert (made.is_ready, made.rows, made.conflicts) == (True, (), ())
    made = plan_sheet(read_sheet(edited(sheet, {"note_ko": "나"}, 2), "sheet.csv"), lookup)
    assert [(one.claim_id, one.base, one.mine, one.theirs) for one in made.conflicts] == [(GROWTH, "", "나", "그들")]
