"""The commands of a claim's check: one claim all the way, and what each refuses."""

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

SAID_WHY = ("--rationale-ko", "자료가 없다.", "--as-of", "2026-04-03")


def run(places: LedgerPaths, *arguments: str, by: str | None = None, typed: str = "") -> Result:
    environment = newsroom.acting(places, by)
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=environment, input=typed)


def done(places: LedgerPaths, *arguments: str, by: str | None = None, typed: str = "") -> str:
    result = run(places, *arguments, by=by, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Two public claims; kim checks, lee and sora edit."""
    places = newsroom.write_all(tmp_path)
    for name, roles in (("kim", ("checker",)), ("lee", ("editor",)), ("sora", ("editor",))):
        newsroom.token_of(places, name, *roles)
    done(places, "record", "--reason", "First reading", by="kim")
    done(places, "publish", "--yes", by="lee")
    return places


def stage(places: LedgerPaths, question: Question = Question.SO) -> CheckStage:
    return lookups.claim_at_desk(places, CARGO).stage(question)


def queued(places: LedgerPaths, *options: str, by: str | None = None) -> list[str]:
    return [row["claim_id"] for row in json.loads(done(places, "queue", *options, "--json", by=by) or "[]")]


def proposed(places: LedgerPaths) -> None:
    done(places, "assign", CARGO, "--to", "kim", by="lee")
    done(places, "propose", CARGO, "--so", "not_enough_evidence", *SAID_WHY, by="kim")


def test_the_words_of_the_command_line_are_those_of_the_vocabulary() -> None:
    assert checking.VIEWS == QUEUE_VIEWS
    assert list(checking.STAGES) == [stage.value for stage in CheckStage]
    assert list(checking.RECORDS) == [stage.value for stage in RecordStage if stage is not RecordStage.NONE]
    assert list(checking.PRIORITIES) == [priority.value for priority in Priority]
    assert list(checking.QUESTIONS) == [question.value for question in Question]
    assert list(checking.ANSWERS) == [answer.value for answer in QueryAnswer if answer is not QueryAnswer.OPEN]
    assert set(checking.VERDICTS) == {value.value for value in VerdictValue}


def test_a_claim_goes_from_assigned_to_public(places: LedgerPaths) -> None:
    done(places, "assign", CARGO, "--to", "kim", "--due", "2031-04-09", "--priority", "urgent", by="lee")
    assert queued(places, by="kim") == [CARGO]
    done(places, "propose", CARGO, "--so", "not_enough_evidence", *SAID_WHY, "--recheck-after", "2031-06-01", by="kim")
    verdict = lookups.claim_at_desk(places, CARGO).verdict(Question.SO)
    assert verdict
    assert verdict.to_json() == {
        "question": "so", "value": "not_enough_evidence", "rationale": {"ko": "자료가 없다."}, "as_of": "2026-04-03",
        "recheck_after": "2031-06-01",
    }  # fmt: skip
    assert queued(places, "--view", "review", by="lee") == [CARGO]
    shown = done(places, "approve", CARGO, by="lee", typed="y\n")
    assert "verdicts.so.value: - → not_enough_evidence" in shown
    assert stage(places) is CheckStage.APPROVED
    done(places, "publish", CARGO, "--yes", by="lee")
    assert stage(places) is CheckStage.PUBLISHED


@pytest.mark.slow
def test_nothing_is_approved_unless_it_was_agreed_to(places: LedgerPaths) -> None:
    proposed(places)
    for typed in ("n\n", ""):
        assert run(places, "approve", CARGO, by="lee", typed=typed).exit_code == 1
        assert stage(places) is CheckStage.PROPOSED
    done(places, "approve", CARGO, "--yes", by="lee")
    assert stage(places) is CheckStage.APPROVED


@pytest.mark.slow
def test_what_waits_goes_back_with_a_reason(places: LedgerPaths) -> None:
    proposed(places)
    assert run(places, "return", CARGO, by="lee").exit_code == 2
    done(places, "return", CARGO, "--reason", "Say where you looked.", "--yes", by="lee")
    assert stage(places) is CheckStage.RETURNED


@pytest.mark.slow
def test_the_table_refuses_here_too(places: LedgerPaths) -> None:
    assert "assign-to-yourself" in run(places, "assign", CARGO, "--to", "lee", by="kim").stderr
    assert "not-now" in run(places, "propose", CARGO, "--so", "not_checkable", *SAID_WHY, by="kim").stderr
    done(places, "assign", CARGO, "--to", "kim", by="kim")
    assert "evidence-needed" in run(places, "propose", CARGO, "--so", "supported", *SAID_WHY, by="kim").stderr
    assert "role-needed" in run(places, "withdraw", CARGO, "--reason", "Wrong.", by="kim").stderr
    done(places, "withdraw", GROWTH, "--reason", "The writer made it up.", by="lee")
    assert "second-person-needed" in run(places, "approve", GROWTH, "--yes", by="lee").stderr
    done(places, "approve", GROWTH, "--yes", by="sora")


@pytest.mark.slow
def test_an_assignment_names_somebody_there_is_and_is_taken_back(places: LedgerPaths) -> None:
    assert "Did you mean kim?" in run(places, "assign", CARGO, "--to", "kimm", by="lee").stderr
    for options in (
        (),
        ("--to", "kim", "--nobody"),
        ("--nobody", "--due", "2099-04-09"),
        ("--nobody", "--priority", "urgent"),
    ):
        assert run(places, "assign", CARGO, *options, by="lee").exit_code == 2
    done(places, "assign", CARGO, "--to", "kim", "--question", "said", by="lee")
    assert stage(places, Question.SAID) is CheckStage.ASSIGNED
    done(places, "assign", CARGO, "--nobody", "--question", "said", by="lee")
    assert stage(places, Question.SAID) is CheckStage.OPEN


@pytest.mark.slow
def test_a_verdict_answers_one_question_and_leaves_the_other(places: LedgerPaths) -> None:
    proposed(places)
    both = ("propose", CARGO, "--so", "not_checkable", "--said", "not_checkable", *SAID_WHY)
    assert run(places, *both, by="kim").exit_code == 2
    done(places, "assign", CARGO, "--to", "kim", "--question", "said", by="lee")
    done(places, "propose", CARGO, "--said", "not_checkable", *SAID_WHY, by="kim")
    verdicts = {
        str(verdict.question): str(verdict.value) for verdict in lookups.claim_at_desk(places, CARGO).claim.verdicts
    }
    assert verdicts == {"said": "not_checkable", "so": "not_enough_evidence"}
    assert (
        done(places, "propose", CARGO, "--said", "not_checkable", *SAID_WHY, by="kim")
        == "Nothing to change: this verdict is already recorded.\n"
    )


@pytest.mark.slow
def test_the_writer_is_asked_and_answers(places: LedgerPaths) -> None:
    number = done(places, "query", CARGO, "--as-printed", "120만t", "--should-read", "102만t", by="kim").strip()
    assert run(places, "query", CARGO, "--as-printed", "120만t", by="kim").exit_code == 2
    assert queued(places, "--view", "queries") == [CARGO]
    assert done(places, "query", CARGO) == f"{number}  open: 120만t → 102만t\n"
    missing = run(places, "answer", CARGO, "99", "fixed", by="kim")
    assert (missing.exit_code, f"Did you mean {number}?" in missing.stderr) == (1, True)
    done(places, "answer", CARGO, number, "fixed", "--text", "고쳤습니다.", by="kim")
    assert "fixed" in done(places, "query", CARGO)
    assert queued(places, "--view", "queries") == []


@pytest.mark.slow
def test_a_comment_is_kept_with_who_made_it(places: LedgerPaths) -> None:
    done(places, "comment", CARGO, "도서관에 물어볼 것.", by="lee")
    deed = lookups.claim_at_desk(places, CARGO).acts[-1].entry
    assert (deed.actor, deed.detail["text"]) == ("lee", "도서관에 물어볼 것.")


@pytest.mark.slow
def test_the_queue_is_filtered_and_a_table_in_both_languages(places: LedgerPaths) -> None:
    done(places, "assign", CARGO, "--to", "kim", by="lee")
    assert queued(places, "--view", "open") == [GROWTH]
    assert queued(places, "--view", "all", "--assignee", "kim", "--so", "assigned", "--record", "listed") == [CARGO]
    assert queued(places, "--view", "all", "--article", "nowhere") == []
    listed = run(places, "queue", "--view", "all", "--lang", "ko")
    assert "2 of 2 claims." in listed.stderr
    assert ("사실 확인" in listed.stdout, "검증 중" in listed.stdout, "120만t쯤이다" in listed.stdout) == (
        True,
        True,
        True,
    )
    assert run(places, "queue", "--view", "all", "--page", "2").stdout == ""


@pytest.mark.slow
def test_the_queue_says_of_what_waits_that_it_does(places: LedgerPaths) -> None:
    proposed(places)
    (row,) = run(places, "queue", "--view", "review", by="lee").stdout.splitlines()[2:]
    assert [cell.strip() for cell in row.split("  ") if cell.strip()][1:4] == [
        "Verdict proposed",
        "Verdict proposed",
        "Unassigned",
    ]


def test_every_filter_of_the_command_is_a_column_of_the_queue() -> None:
    options = {option.name for option in main.commands["queue"].params}
    assert set(FILTER_COLUMNS) - options == {"waiting"}
