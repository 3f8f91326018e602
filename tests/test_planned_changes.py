"""The result of a row: changes of texts, proposed verdicts and evidence, or the problems that prevent them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from review_shelf import CRANES, Shelf, claim, codes, edited, planned, verdict
from strategies import claims, few

from claimledger.models import Claim
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.merge import plan_sheet, resolve_conflicts
from claimledger.sheets.review_sheet import read_sheet, sheet_bytes
from claimledger.sheets.sheet_columns import ReviewRow
from claimledger.vocabulary import Question, Stance, VerdictValue

ONE = ReviewRow(claim(), 1)
NEW = {
    "evidence_address": "https://example.org/a",
    "evidence_stance": "반박",
    "evidence_summary_ko": "자료는 다르게 적었다.",
    "evidence_medium": "PDF",
    "evidence_tier": "primary",
    "evidence_title_ko": "연감",
    "evidence_language": "ko",
}


@pytest.mark.slow
@few
@given(claims(), st.sampled_from(VerdictValue))
def test_edited_verdict_is_a_proposal_and_not_a_change(one: Claim, value: VerdictValue) -> None:
    standing = next((given for given in one.verdicts if given.question is Question.SO), None)
    assume(standing is not None and standing.value is not value)
    made = planned(Shelf([one]), ReviewRow(one, 1), {"verdict_so": value.label_ko})
    (proposal,) = made.proposals
    assert standing
    assert proposal.verdict == standing.model_copy(update={"value": value})
    assert (proposal.published, made.changes) == (standing, ())


def test_new_verdicts_are_proposed_with_the_reason() -> None:
    cells = {
        "verdict_so": "Refuted", "rationale_en": "The report says 14%.", "as_of": "2031-04",
        "verdict_said": "사실로 확인", "said_rationale_ko": "녹취가 있다.", "said_as_of": "2031-04-02",
        "reason": "보고서를 읽었다",
    }  # fmt: skip
    made = planned(Shelf([claim()]), ONE, cells)
    so, said = made.proposals
    assert (so.question, so.verdict and so.verdict.value, so.published) == (Question.SO, VerdictValue.REFUTED, None)
    assert (said.question, said.verdict and said.verdict.rationale["ko"]) == (Question.SAID, "녹취가 있다.")
    assert ({so.reason, said.reason}, made.changes) == ({"보고서를 읽었다"}, ())


def test_edited_verdict_keeps_recheck_day_and_other_languages() -> None:
    base = claim(verdicts=[verdict(rationale={"zh": "如此", "ko": "그렇다."}, recheck_after="2032")])
    made = planned(Shelf([base]), ReviewRow(base, 1), {"rationale_ko": "정말 그렇다."})
    verdict_made = made.proposals[0].verdict
    assert verdict_made
    assert verdict_made.recheck_after == "2032"
    assert dict(verdict_made.rationale) == {"ko": "정말 그렇다.", "zh": "如此"}


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ({"rationale_ko": "정말 그렇다."}, {"ko": True, "zh": False}),
        ({"rationale_ko": ""}, {"zh": False}),
        ({"as_of": "2031-05"}, {"ko": False, "zh": False}),
    ],
)
def test_edited_verdict_marks_only_changed_machine_wording(cell: dict[str, str], marks: dict[str, bool]) -> None:
    worded = [{"language": language, "model": "made-up"} for language in ("ko", "zh")]
    base = claim(verdicts=[verdict(rationale={"zh": "如此", "ko": "그렇다."}, machine_wording=worded)])
    (proposal,) = planned(Shelf([base]), ReviewRow(base, 1), cell).proposals
    assert proposal.verdict
    assert {one.language: one.is_edited for one in proposal.verdict.machine_wording} == marks


def test_verdict_of_a_draft_can_be_removed() -> None:
    draft = claim(verdicts=[verdict()])
    emptied = {"verdict_so": "", "rationale_ko": "", "as_of": ""}
    made = planned(Shelf(drafts=[draft]), ReviewRow(draft, None), emptied)
    assert [(one.question, one.verdict, one.published) for one in made.proposals] == [(Question.SO, None, None)]


def test_new_evidence_is_proposed_with_its_address() -> None:
    (new,) = planned(Shelf([claim()]), ONE, NEW).evidence
    assert (new.claim_id, new.row, new.address, new.stance) == (CRANES, 2, "https://example.org/a", Stance.REFUTES)
    assert new.summary == {"ko": "자료는 다르게 적었다."}
    described = {"medium": "pdf", "tier": "primary", "title": {"ko": "연감"}, "language": "ko"}
    assert (new.known_document, new.document) == ("", described)


def test_evidence_from_a_known_document_needs_no_description() -> None:
    cells = {name: cell for name, cell in NEW.items() if name in {"evidence_stance", "evidence_summary_ko"}}
    (new,) = planned(Shelf([claim()]), ONE, cells | {"evidence_address": "https://example.org/known"}).evidence
    assert (new.known_document, new.document) == ("known-document-aaaa", {})


def test_different_descriptions_of_one_document_are_a_problem() -> None:
    other = claim(claim_id="cranes-stand-still-bbbb")
    content = sheet_bytes([ONE, ReviewRow(other, 1)], encoding=Encoding.UTF_8_SIG)
    for row, tier in ((1, "primary"), (2, "secondary")):
        content = edited(content, NEW | {"evidence_tier": tier}, row)
    made = plan_sheet(read_sheet(content, "sheet.csv"), Shelf([claim()], [other]))
    assert codes(made.problems) == [("document-described-twice", "evidence_address")]
    assert codes(resolve_conflicts(made, {}).problems) == codes(made.problems)


def test_undoing_every_change_of_a_draft_is_a_problem() -> None:
    shelf = Shelf([claim()], drafts=[claim(note={"ko": "초안"})])
    made = resolve_conflicts(planned(shelf, ONE, {"note_ko": "고침"}), {(CRANES, "note_ko"): "덧붙임 “하나”"})
    assert codes(made.problems) == [("draft-taken-back", "claim_id")]


PUBLISHED = claim(verdicts=[verdict()])
FAULTS: tuple[tuple[Claim, dict[str, str], list[tuple[str, str]]], ...] = (
    (claim(), {"statement_ko": "", "statement_en": ""}, [("statement-missing", "statement_ko")]),
    (PUBLISHED, {"verdict_so": "", "rationale_ko": "", "as_of": ""}, [("verdict-taken-away", "verdict_so")]),
    (PUBLISHED, {"rationale_ko": ""}, [("verdict-incomplete", "rationale_ko")]),
    (claim(), {"verdict_so": "refuted"}, [("verdict-incomplete", "rationale_ko"), ("verdict-incomplete", "as_of")]),
    (claim(), {"said_as_of": "2031"}, [
        ("verdict-incomplete", "verdict_said"), ("verdict-incomplete", "said_rationale_ko"),
    ]),
    (claim(), {"evidence_stance": "context"}, [
        ("evidence-incomplete", "evidence_address"), ("evidence-incomplete", "evidence_summary_ko"),
    ]),
    (claim(), {name: cell for name, cell in NEW.items() if name != "evidence_language"}, [
        ("evidence-incomplete", "evidence_language"),
    ]),
    (claim(), NEW | {"evidence_address": "https://example.org/known"}, [
        ("document-known", f"evidence_{name}") for name in ("medium", "tier", "language", "title_ko")
    ]),
    (claim(), {"reason": "그냥"}, [("reason-without-change", "reason")]),
)  # fmt: skip


@pytest.mark.parametrize(("one", "cells", "expected"), FAULTS)
def test_disallowed_changes_of_a_row_are_problems(
    one: Claim, cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    made = planned(Shelf([one]), ReviewRow(one, 1), cells)
    assert codes(made.problems) == expected
    assert {(problem.file, problem.line) for problem in made.problems} == {("sheet.csv", 2)}
    assert (made.is_ready, made.changes, made.proposals, made.evidence) == (False, (), (), ())


def test_statement_only_in_another_language_is_enough() -> None:
    one = claim(statement={"ko": "새 크레인은 빠르다.", "zh": "新起重机很快。"})
    made = planned(Shelf([one]), ReviewRow(one, 1), {"statement_ko": ""})
    assert [dict(change.change.fields["statement"]) for change in made.changes] == [{"zh": "新起重机很快。"}]


def test_note_without_any_language_is_removed() -> None:
    made = planned(Shelf([claim()]), ONE, {"note_ko": ""})
    assert [dict(change.change.fields) for change in made.changes] == [{"note": None}]


def test_problem_elsewhere_in_the_sheet_blocks_evidence() -> None:
    made = planned(Shelf([claim()]), ONE, {**NEW, "speaker": "문가온"})
    assert (codes(made.problems), made.evidence) == ([("column-not-taken-in", "speaker")], ())
    assert len(made.differences) == len(NEW)


def test_choosing_the_verdict_of_others_proposes_nothing() -> None:
    base, now = claim(verdicts=[verdict()]), claim(verdicts=[verdict(value="refuted")])
    made = planned(Shelf([base, now]), ReviewRow(base, 1), {"verdict_so": "근거 부족"})
    theirs = resolve_conflicts(made, {(CRANES, "verdict_so"): "theirs"})
    assert (len(made.conflicts), theirs.is_ready, theirs.proposals, theirs.differences) == (1, True, (), ())


def test_row_is_checked_after_all_its_conflicts_are_resolved() -> None:
    base, now = claim(), claim(statement={"ko": "그들의 문장"})
    made = planned(Shelf([base, now]), ReviewRow(base, 1), {"statement_ko": "", "statement_en": "My words."})
    half = resolve_conflicts(made, {(CRANES, "statement_ko"): "mine"})
    assert ([one.field for one in half.conflicts], half.problems) == (["statement_en"], ())
    assert codes(resolve_conflicts(half, {(CRANES, "statement_en"): "theirs"}).problems) == [
        ("statement-missing", "statement_ko")
    ]
