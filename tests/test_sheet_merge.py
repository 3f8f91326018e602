"""Three-way merge: a sheet changes only the cells edited in it, keeps later changes by others, or changes nothing."""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_shelf import CRANES, Shelf, claim, codes, edited, planned, verdict
from strategies import claims, few, texts

from claimledger.errors import NotFound
from claimledger.models import Claim
from claimledger.sheets import merge
from claimledger.sheets.merge import SheetPlan, plan_diff_lines, plan_sheet, resolve_conflicts
from claimledger.sheets.review_sheet import read_sheet, sheet_bytes
from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, ReviewRow, claim_fingerprint

ONE = ReviewRow(claim(), 1)
TEXT_COLUMNS = ("statement_ko", "statement_en", "note_ko", "note_en")


def change_fields(made: SheetPlan) -> list[dict[str, Any]]:
    return [msgspec.json.decode(one.change.model_dump_json())["fields"] for one in made.changes]


@pytest.mark.slow
@few
@given(claims(), st.sampled_from(TEXT_COLUMNS), texts, st.booleans())
def test_one_edited_cell_is_exactly_one_change(one: Claim, column: str, text: str, is_public: bool) -> None:  # noqa: FBT001
    field, language = column.split("_")
    typed = f"고친 글: {text.replace('?', '')}".strip()
    row = ReviewRow(one, 1 if is_public else None)
    made = planned(Shelf([one]) if is_public else Shelf(drafts=[one]), row, {column: typed})
    before = one.to_json()
    after = {**before, field: {**before.get(field, {}), language: typed}}
    if field == "statement" and one.machine_wording:  # a person changed the words of a model
        marks = before["machine_wording"]
        after["machine_wording"] = [
            mark | {"is_edited": True} if mark["language"] == language else mark for mark in marks
        ]
    assert (made.problems, made.proposals, made.evidence, made.conflicts) == ((), (), (), ())
    assert [(one.field, one.before, one.after) for one in made.differences] == [
        (column, SHEET_COLUMNS_BY_NAME[column].cell(row), typed)
    ]
    assert change_fields(made) == [{field: after[field]} if is_public else after]
    assert made.changes[0].change.base == (f"{1:064x}" if is_public else None)


def test_merge_of_one_cell_in_every_combination() -> None:
    """Base, mine and theirs are each one of three texts or empty."""
    values = ("", "가", "나", "다")
    for base, mine, theirs in product(values, repeat=3):
        given_out, standing = (claim(note={"zh": "注", **({"ko": one} if one else {})}) for one in (base, theirs))
        made = planned(Shelf([given_out, standing]), ReviewRow(given_out, 1), {"note_ko": mine})
        expected_conflict = len({base, mine, theirs}) == 3
        expected_edit = mine != base and theirs == base
        assert [tuple(one)[2:] for one in made.conflicts] == (
            [("note_ko", base, mine, theirs)] if expected_conflict else []
        )
        assert [(one.before, one.after) for one in made.differences] == ([(theirs, mine)] if expected_edit else [])
        note = {"zh": "注", **({"ko": mine} if mine else {})}
        assert change_fields(made) == ([{"note": note}] if expected_edit else [])


def test_sheet_that_changes_too_many_claims_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "MOST_CHANGED", 0)
    made = planned(Shelf([claim()]), ONE, {"note_ko": "덧붙임"})
    assert ([one.code for one in made.problems], made.changes) == (["too-many-changed-rows"], ())


def test_changes_by_others_in_other_fields_stay() -> None:
    now = claim(note={"ko": "그들의 덧붙임"}, topics=["ports", "cranes"])
    made = planned(Shelf([claim(), now]), ONE, {"statement_en": "The cranes move 40 percent more."})
    assert change_fields(made) == [{"statement": {**claim().statement, "en": "The cranes move 40 percent more."}}]
    assert made.changes[0].change.base == f"{2:064x}"


def test_change_over_an_open_draft_includes_it_with_a_notice() -> None:
    shelf = Shelf([claim()], drafts=[claim(topics=["cranes"])])
    made = planned(shelf, ONE, {"note_ko": "고친 덧붙임"})
    assert change_fields(made) == [{"note": {"ko": "고친 덧붙임"}, "topics": ["cranes"]}]
    assert codes(made.notices) == [("laid-over-draft", "claim_id")]


def test_verdict_is_merged_as_a_whole() -> None:
    """A rationale written for an old answer must not be merged with a new answer by others."""
    base, now = claim(verdicts=[verdict()]), claim(verdicts=[verdict(value="refuted")])
    made = planned(Shelf([base, now]), ReviewRow(base, 1), {"rationale_ko": "고친 까닭이다."})
    assert [(one.field, one.mine, one.theirs) for one in made.conflicts] == [
        ("rationale_ko", "고친 까닭이다.", "자료가 그렇다.")
    ]
    assert (made.is_ready, made.proposals) == (False, ())
    mine = resolve_conflicts(made, {(CRANES, "rationale_ko"): "mine"})
    assert (
        mine.proposals[0].verdict
        == claim(verdicts=[verdict(value="refuted", rationale={"ko": "고친 까닭이다."})]).verdicts[0]
    )


FAULTS: tuple[tuple[dict[str, str], list[tuple[str, str]]], ...] = (
    ({"speaker": "문가온"}, [("column-not-taken-in", "speaker")]),
    ({"verification_status": "refuted"}, [("column-not-taken-in", "verification_status")]),
    ({"quantities": ""}, [("column-not-taken-in", "quantities")]),
    ({"quantities": "1.4E+10"}, [("column-not-taken-in", "quantities")]),
    ({"note_ko": "1.3E+10"}, [("number-shortened", "note_ko")]),
    ({"claim_id": "cranes-nowhere-zzzz"}, [("unknown-claim", "claim_id")]),
    ({"revision": "2"}, [("revision-never-was", "revision")]),
    ({"fingerprint": "v000000000000"}, [("revision-differs", "revision")]),
    ({"revision": "", "fingerprint": "v000000000000"}, [("draft-unknown", "revision")]),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), FAULTS)
def test_row_that_does_not_match_its_claim_is_a_problem(cells: dict[str, str], expected: list[tuple[str, str]]) -> None:
    made = planned(Shelf([claim()]), ONE, cells)
    assert codes(made.problems) == expected
    assert {(problem.file, problem.line) for problem in made.problems} == {("sheet.csv", 2)}
    assert (made.is_ready, made.changes, made.proposals, made.evidence) == (False, (), (), ())


def test_draft_claim_with_a_revision_is_a_problem() -> None:
    made = planned(Shelf(drafts=[claim()]), ONE, {"note_ko": "고침"})
    assert codes(made.problems) == [("claim-not-public", "revision")]


def test_redacted_revision_is_a_problem() -> None:
    made = planned(Shelf([claim(), claim(note=None)], redacted=[(CRANES, 1)]), ONE, {"note_ko": "고침"})
    assert codes(made.problems) == [("revision-not-at-hand", "revision")]


def test_draft_changed_since_the_export_offers_both_values() -> None:
    shelf = Shelf(drafts=[claim(note={"ko": "그들"})], written_before=[claim(topics=["cranes"]), claim()])
    given_out = ReviewRow(claim(), None)
    assert planned(shelf, given_out, {}).is_ready, "a row that the sheet left alone stops nothing"
    (conflict,) = planned(shelf, given_out, {"note_ko": "나"}).conflicts
    assert tuple(conflict)[2:] == ("note_ko", "덧붙임 “하나”", "나", "그들")
    made = planned(shelf, given_out, {"statement_ko": "고침"})
    assert [(one.field, one.after) for one in made.differences] == [("statement_ko", "고침")]
    assert change_fields(made)[0]["note"] == {"ko": "그들"}


def test_row_of_an_unknown_draft_is_a_problem() -> None:
    made = planned(Shelf(drafts=[claim(topics=["cranes"])]), ReviewRow(claim(), None), {"note_ko": "고침"})
    assert codes(made.problems) == [("draft-unknown", "revision")]


def test_draft_published_since_the_export_accepts_the_edit() -> None:
    made = planned(Shelf([claim()]), ReviewRow(claim(), None), {"note_ko": "고침"})
    assert (change_fields(made), made.changes[0].change.base) == ([{"note": {"ko": "고침"}}], f"{1:064x}")


def test_edit_that_makes_an_invalid_record_is_a_problem() -> None:
    made = planned(Shelf([claim()]), ONE, {"note_ko": "가" * 20_001})
    assert codes(made.problems) == [("text-too-long", "note_ko")]


def test_protected_cells_the_spreadsheet_changed_give_a_notice() -> None:
    made = planned(Shelf([claim()]), ONE, {"quantities": "1.3E+10", "note_ko": "고침"})
    assert (codes(made.notices), made.is_ready) == ([("number-shortened", "quantities")], True)


def test_passages_column_is_ignored() -> None:
    assert planned(Shelf([claim()]), ONE, {"passages": "elsewhere"}).rows == ()


def test_one_problem_blocks_every_row() -> None:
    other = claim(claim_id="another-claim-bbbb")
    content = edited(sheet_bytes([ONE, ReviewRow(other, 1)]), {"note_ko": "고침"})
    shelf = Shelf([claim()], [other])
    good = plan_sheet(read_sheet(content, "s"), shelf)
    bad = plan_sheet(read_sheet(edited(content, {"as_of": "Apr-23", "speaker": "x"}, row=2), "s"), shelf)
    assert (len(good.changes), len(good.batch.proposed), good.batch.proposed[0].where.line_number(())) == (1, 1, 2)
    assert (bad.changes, list(bad.batch.proposed), len(bad.differences)) == ((), [], 1)
    assert [problem.line for problem in bad.problems] == [3, 3]


def conflicting_plan() -> SheetPlan:
    now = claim(note={"ko": "그들의 것"}, statement={"ko": "그들의 문장", "en": "The cranes move 40% more."})
    return planned(Shelf([claim(), now]), ONE, {"note_ko": "나의 것", "statement_ko": "나의 문장", "note_en": "new"})


@pytest.mark.parametrize(
    ("note", "statement", "expected"),
    [
        ("mine", "theirs", {"note": {"ko": "나의 것", "en": "new"}}),
        ("theirs", "theirs", {"note": {"ko": "그들의 것", "en": "new"}}),
        ("셋째 것", "mine", {
            "note": {"ko": "셋째 것", "en": "new"},
            "statement": {"ko": "나의 문장", "en": "The cranes move 40% more."},
        }),
        ("", "theirs", {"note": {"en": "new"}}),
    ],
)  # fmt: skip
def test_conflicts_are_resolved_one_by_one(note: str, statement: str, expected: dict[str, Any]) -> None:
    made = conflicting_plan()
    assert (len(made.conflicts), made.changes) == (2, ())
    half = resolve_conflicts(made, {(CRANES, "note_ko"): note})
    assert ([one.field for one in half.conflicts], half.changes) == (["statement_ko"], ())
    assert change_fields(resolve_conflicts(half, {(CRANES, "statement_ko"): statement})) == [expected]


def test_text_chosen_for_a_conflict_is_checked_too() -> None:
    made = resolve_conflicts(conflicting_plan(), {(CRANES, "note_ko"): "Apr-23"})
    assert codes(made.problems) == [("date-turned", "note_ko")]


def test_unknown_conflict_cannot_be_resolved() -> None:
    with pytest.raises(NotFound, match=f"{CRANES} note_en"):
        resolve_conflicts(conflicting_plan(), {(CRANES, "note_en"): "mine"})


def test_dry_run_shows_each_side_on_its_own_lines() -> None:
    made = conflicting_plan()
    half = resolve_conflicts(made, {(CRANES, "statement_ko"): "나의\n문장"})
    assert list(plan_diff_lines(half)) == [
        f"{CRANES} (row 2)",
        "  note_en",
        "    + new",
        "  statement_ko",
        "    - 그들의 문장",
        "    + 나의",
        "    + 문장",
        "  note_ko: conflict",
        "    base   덧붙임 “하나”",
        "    mine   나의 것",
        "    theirs 그들의 것",
    ]


@pytest.mark.slow
def test_thousand_rows_read_each_claim_at_most_twice() -> None:
    count = merge.MOST_CHANGED
    ids = [f"claim-number-{number}-aaaa" for number in range(count)]
    base = claim()
    public = [base.model_copy(update={"claim_id": one}) for one in ids]
    newer = [one.model_copy(update={"topics": ("cranes",)}) for one in public]
    shelf = Shelf(*([was, now] for was, now in zip(public, newer, strict=True)))
    lines = "".join(f"{one},1,{claim_fingerprint(was)},고침\r\n" for one, was in zip(ids, public, strict=True))
    made = plan_sheet(read_sheet(f"claim_id,revision,fingerprint,note_ko\r\n{lines}".encode(), "s"), shelf)
    assert (len(made.changes), made.problems, shelf.asked) == (count, (), 2 * count)


def test_suggestions_for_unknown_claims_are_limited() -> None:
    lines = "".join(f"cranes-{number}-aaaa,1\r\n" for number in range(1000))
    shelf = Shelf([claim()])
    made = plan_sheet(read_sheet(f"claim_id,revision\r\n{lines}".encode(), "s"), shelf)
    assert (len(made.problems), shelf.asked) == (1000, 1020)
    assert f"Did you mean '{CRANES}'?" in made.problems[0].sentence


cells = st.sampled_from(["", "1.3E+10", "Apr-23", "2031", "refuted", "맥락", "https://example.org/", "=1", "'"]) | texts


@pytest.mark.slow
@few
@given(claims(), claims(), st.dictionaries(st.sampled_from([column.name for column in SHEET_COLUMNS]), cells))
def test_any_input_gives_a_plan_with_valid_records(base: Claim, other: Claim, typed: dict[str, str]) -> None:
    now = other.model_copy(update={"claim_id": base.claim_id})
    made = planned(Shelf([base, now]), ReviewRow(base, 1), typed)
    undecided = {(one.claim_id, one.field): "mine" for one in made.conflicts}
    for one in (made, resolve_conflicts(made, undecided)):
        for change in one.changes:
            fields = msgspec.json.decode(change.change.model_dump_json())["fields"]
            after = {name: value for name, value in (now.to_json() | fields).items() if value is not None}
            assert Claim.model_validate_json(msgspec.json.encode(after)) != now
        assert one.is_ready or not (one.changes or one.proposals or one.evidence)
        assert list(plan_diff_lines(one)) or not one.differences
