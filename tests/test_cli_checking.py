"""The commands of a claim's check: one claim from start to end, and the refusals of each command."""

from __future__ import annotations

import json
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, GROWTH

from claimledger.desk import lookups
from claimledger.cli import checking, main
from claimledger.editorial.queue_views import QUEUE_VIEWS
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import FILTER_COLUMNS
from claimledger.desk_vocabulary import QueryAnswer, CheckStage, Priority, RecordStage
from claimledger.vocabulary import Question, VerdictValue

RATIONALE = ("--rationale-ko", "자료가 없다.", "--as-of", "2026-04-03")


def run(places: LedgerPaths, *arguments: str, by: str | None = None, typed: str = "") -> Result:
    environment = newsroom.acting(places, by)
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=environment, input=typed)


def run_ok(places: LedgerPaths, *arguments: str, by: str | None = None, typed: str = "") -> str:
    result = run(places, *arguments, by=by, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with two public claims; kim is a checker, lee and sora are editors."""
    places = newsroom.write_all(tmp_path)
    for name, roles in (("kim", ("checker",)), ("lee", ("editor",)), ("sora", ("editor",))):
        newsroom.token_of(places, name, *roles)
    run_ok(places, "record", "--reason", "First reading", by="kim")
    run_ok(places, "publish", "--yes", by="lee")
    return places


def stage(places: LedgerPaths, question: Question = Question.SO) -> CheckStage:
    return lookups.claim_at_desk(places, CARGO).stage(question)


def queued_claims(places: LedgerPaths, *options: str, by: str | None = None) -> list[str]:
    return [row["claim_id"] for row in json.loads(run_ok(places, "queue", *options, "--json", by=by) or "[]")]


def propose(places: LedgerPaths) -> None:
    run_ok(places, "assign", CARGO, "--to", "kim", by="lee")
    run_ok(places, "propose", CARGO, "--so", "not_enough_evidence", *RATIONALE, by="kim")


def test_command_line_choices_match_the_vocabulary() -> None:
    assert checking.VIEWS == QUEUE_VIEWS
    assert list(checking.STAGES) == [stage.value for stage in CheckStage]
    assert list(checking.RECORDS) == [stage.value for stage in RecordStage if stage is not RecordStage.NONE]
    assert list(checking.PRIORITIES) == [priority.value for priority in Priority]
    assert list(checking.QUESTIONS) == [question.value for question in Question]
    assert list(checking.ANSWERS) == [answer.value for answer in QueryAnswer if answer is not QueryAnswer.OPEN]
    assert set(checking.VERDICTS) == {value.value for value in VerdictValue}


def test_claim_goes_from_assigned_to_published(places: LedgerPaths) -> None:
    run_ok(places, "assign", CARGO, "--to", "kim", "--due", "2031-04-09", "--priority", "urgent", by="lee")
    assert queued_claims(places, by="kim") == [CARGO]
    run_ok(
        places, "propose", CARGO, "--so", "not_enough_evidence", *RATIONALE, "--recheck-after", "2031-06-01", by="kim"
    )
    verdict = lookups.claim_at_desk(places, CARGO).verdict(Question.SO)
    assert verdict
    assert verdict.to_json() == {
        "question": "so", "value": "not_enough_evidence", "rationale": {"ko": "자료가 없다."}, "as_of": "2026-04-03",
        "recheck_after": "2031-06-01",
    }  # fmt: skip
    assert queued_claims(places, "--view", "review", by="lee") == [CARGO]
    shown = run_ok(places, "approve", CARGO, by="lee", typed="y\n")
    assert "verdicts.so.value: - → not_enough_evidence" in shown
    assert stage(places) is CheckStage.APPROVED
    run_ok(places, "publish", CARGO, "--yes", by="lee")
    assert stage(places) is CheckStage.PUBLISHED


@pytest.mark.slow
def test_approval_needs_confirmation(places: LedgerPaths) -> None:
    propose(places)
    for typed in ("n\n", ""):
        assert run(places, "approve", CARGO, by="lee", typed=typed).exit_code == 1
        assert stage(places) is CheckStage.PROPOSED
    run_ok(places, "approve", CARGO, "--yes", by="lee")
    assert stage(places) is CheckStage.APPROVED


@pytest.mark.slow
def test_proposal_is_returned_with_a_reason(places: LedgerPaths) -> None:
    propose(places)
    assert run(places, "return", CARGO, by="lee").exit_code == 2
    run_ok(places, "return", CARGO, "--reason", "Say where you looked.", "--yes", by="lee")
    assert stage(places) is CheckStage.RETURNED


@pytest.mark.slow
def test_workflow_table_applies_on_the_command_line(places: LedgerPaths) -> None:
    assert "assign-to-yourself" in run(places, "assign", CARGO, "--to", "lee", by="kim").stderr
    assert "not-now" in run(places, "propose", CARGO, "--so", "not_checkable", *RATIONALE, by="kim").stderr
    run_ok(places, "assign", CARGO, "--to", "kim", by="kim")
    assert "evidence-needed" in run(places, "propose", CARGO, "--so", "supported", *RATIONALE, by="kim").stderr
    assert "role-needed" in run(places, "withdraw", CARGO, "--reason", "Wrong.", by="kim").stderr
    run_ok(places, "withdraw", GROWTH, "--reason", "The writer made it up.", by="lee")
    assert "second-person-needed" in run(places, "approve", GROWTH, "--yes", by="lee").stderr
    run_ok(places, "approve", GROWTH, "--yes", by="sora")


@pytest.mark.slow
def test_assignment_needs_a_known_person_and_can_be_removed(places: LedgerPaths) -> None:
    assert "Did you mean 'kim'?" in run(places, "assign", CARGO, "--to", "kimm", by="lee").stderr
    for options in (
        (),
        ("--to", "kim", "--nobody"),
        ("--nobody", "--due", "2099-04-09"),
        ("--nobody", "--priority", "urgent"),
    ):
        assert run(places, "assign", CARGO, *options, by="lee").exit_code == 2
    run_ok(places, "assign", CARGO, "--to", "kim", "--question", "said", by="lee")
    assert stage(places, Question.SAID) is CheckStage.ASSIGNED
    run_ok(places, "assign", CARGO, "--nobody", "--question", "said", by="lee")
    assert stage(places, Question.SAID) is CheckStage.OPEN


@pytest.mark.slow
def test_verdict_on_one_question_keeps_the_other(places: LedgerPaths) -> None:
    propose(places)
    both = ("propose", CARGO, "--so", "not_checkable", "--said", "not_checkable", *RATIONALE)
    assert run(places, *both, by="kim").exit_code == 2
    run_ok(places, "assign", CARGO, "--to", "kim", "--question", "said", by="lee")
    run_ok(places, "propose", CARGO, "--said", "not_checkable", *RATIONALE, by="kim")
    verdicts = {
        str(verdict.question): str(verdict.value) for verdict in lookups.claim_at_desk(places, CARGO).claim.verdicts
    }
    assert verdicts == {"said": "not_checkable", "so": "not_enough_evidence"}
    assert (
        run_ok(places, "propose", CARGO, "--said", "not_checkable", *RATIONALE, by="kim")
        == "Nothing to change: this verdict is already recorded.\n"
    )


@pytest.mark.slow
def test_query_is_stored_and_answered(places: LedgerPaths) -> None:
    number = run_ok(places, "query", CARGO, "--as-printed", "120만t", "--should-read", "102만t", by="kim").strip()
    assert run(places, "query", CARGO, "--as-printed", "120만t", by="kim").exit_code == 2
    assert queued_claims(places, "--view", "queries") == [CARGO]
    assert run_ok(places, "query", CARGO) == f"{number}  open: 120만t → 102만t\n"
    missing = run(places, "answer", CARGO, "99", "fixed", by="kim")
    assert (missing.exit_code, f"Did you mean '{number}'?" in missing.stderr) == (1, True)
    run_ok(places, "answer", CARGO, number, "fixed", "--text", "고쳤습니다.", by="kim")
    assert "fixed" in run_ok(places, "query", CARGO)
    assert queued_claims(places, "--view", "queries") == []


@pytest.mark.slow
def test_comment_is_stored_with_its_author(places: LedgerPaths) -> None:
    run_ok(places, "comment", CARGO, "도서관에 물어볼 것.", by="lee")
    deed = lookups.claim_at_desk(places, CARGO).acts[-1].entry
    assert (deed.actor, deed.detail["text"]) == ("lee", "도서관에 물어볼 것.")


@pytest.mark.slow
def test_queue_is_filtered_and_translated(places: LedgerPaths) -> None:
    run_ok(places, "assign", CARGO, "--to", "kim", by="lee")
    assert queued_claims(places, "--view", "open") == [GROWTH]
    assert queued_claims(places, "--view", "all", "--assignee", "kim", "--so", "assigned", "--record", "listed") == [
        CARGO
    ]
    assert queued_claims(places, "--view", "all", "--article", "nowhere") == []
    listed = run(places, "queue", "--view", "all", "--lang", "ko")
    assert "2 of 2 claims." in listed.stderr
    assert ("사실 확인" in listed.stdout, "검증 중" in listed.stdout, "120만t쯤이다" in listed.stdout) == (
        True,
        True,
        True,
    )
    assert run(places, "queue", "--view", "all", "--page", "2").stdout == ""


@pytest.mark.slow
def test_queue_shows_the_stage_of_a_waiting_claim(places: LedgerPaths) -> None:
    propose(places)
    (row,) = run(places, "queue", "--view", "review", by="lee").stdout.splitlines()[2:]
    assert [cell.strip() for cell in row.split("  ") if cell.strip()][1:4] == [
        "Verdict proposed",
        "Verdict proposed",
        "Unassigned",
    ]


def test_command_has_an_option_for_every_filter_column() -> None:
    options = {option.name for option in main.commands["queue"].params}
    assert set(FILTER_COLUMNS) - options == {"waiting"}
