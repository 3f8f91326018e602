"""Answers of a model that a newsroom recorded in a file, and their use in place of calls."""

from __future__ import annotations

import json
from pathlib import Path

import hand_written_answers as by_hand
import newsroom
import pytest
from click.testing import CliRunner
from hand_written_answers import CLAIMS, FILE, MODEL, QUESTIONS, SECOND_READING
from model_answers import RecordedSuggester, only_suggester, turn_on
from newsroom import ARTICLE_ID, TEXT, Clock, actor
from packages import needed
from suggestion_newsroom import clock, editorial_state, rows

from claimledger import desk
from claimledger.cli import main
from claimledger.desk import lookups, suggestion_steps
from claimledger.desk.model_plan import ModelTask
from claimledger.desk.answer_recording import Replay
from claimledger.desk.suggestion_steps import AskResult
from claimledger.desk_vocabulary import SuggestionState
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.suggesting import asking, with_llm
from claimledger.suggesting.exchange import ModelRequest
from claimledger.suggesting.recorded_answers import (
    AnswerNotRecorded, RecordedSuggester as FileSuggester, read_recorded_answers,
)  # fmt: skip
from claimledger.suggesting.suggesters import LoadedSuggesters

__all__ = ["clock"]  # a fixture

FOUND = ((SuggestionState.CLEAN, 3), (SuggestionState.REFUSED, 1), (SuggestionState.SHOWN, 1))


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def replay(places: LedgerPaths, clock: Clock, wanted: ModelTask = CLAIMS, file: Path = FILE) -> AskResult:
    return desk.replay_answers(places, wanted, actor("kim"), Replay(file), clock=clock)


def test_committed_file_is_what_the_program_records(tmp_path: Path) -> None:
    assert FILE.read_bytes() == by_hand.record(tmp_path)


def test_line_has_hashes_model_date_and_answer_and_nothing_else() -> None:
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    names = {"task", "language", "prompt_sha256", "data_sha256", "model", "served_model", "recorded_at", "tokens_in"}
    assert all(set(line) == names | {"tokens_out", "milliseconds", "text"} for line in lines)
    assert all(line["model"] == MODEL for line in lines)


def test_replay_needs_no_models_file_and_calls_nothing_twice(places: LedgerPaths, clock: Clock) -> None:
    before = editorial_state(places)
    first = replay(places, clock)
    assert (first.calls, first.answered, dict(first.counts)) == (2, 2, dict(FOUND))
    for wanted in (SECOND_READING, QUESTIONS):
        assert replay(places, clock, wanted).answered > 0
    assert editorial_state(places) == before
    assert replay(places, clock) == AskResult(0, 0, (), None)
    used = lookups.article_suggestions(places, ARTICLE_ID).used
    assert (used.tokens, used.costs, used.unanswered) == (0, (), 0)


@pytest.mark.slow
def test_library_gives_the_recorded_answers_and_a_second_run_calls_nothing(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("llm")
    turn_on(places.root, by_hand.TURNED_ON.replace('"recorded"', '"llm"'))
    calls: list[ModelRequest] = []
    monkeypatch.setattr(with_llm, "_model", lambda *_: by_hand.recorded_model(calls))
    suggesters = LoadedSuggesters((with_llm.LlmSuggester(),), ())
    for count in (2, 0):
        result = desk.ask_model(places, CLAIMS, actor("kim"), suggesters=suggesters, clock=clock)
        assert (result.calls, result.stopped) == (count, None)
    assert len(calls) == 2
    found = lookups.article_suggestions(places, ARTICLE_ID).found
    assert {state: sum(one.state is state for one in found) for state, _ in FOUND} == dict(FOUND)


def test_changed_rules_are_refused_with_the_command_that_records_again(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_RULES", f"{asking._RULES} Be brief.")
    with pytest.raises(ProblemsFound) as refused:
        replay(places, clock)
    command = f"claimledger suggest {ARTICLE_ID} --task claims --model {MODEL} --record {FILE}"
    for language in ("en", "ko"):
        assert command in refused.value.text(language)
    assert {one.message.key for one in refused.value.problems} == {"answer-not-recorded/prompt"}
    assert rows(places, "SELECT * FROM model_request") == []
    with pytest.raises(AnswerNotRecorded, match="other rules"):
        FileSuggester(by_hand.recorded_answers()).find(
            asking.make_request(CLAIMS.task, "ko", _data_of_first_block()), MODEL
        )  # fmt: skip


def _data_of_first_block() -> dict[str, object]:
    sentences = {"1": TEXT.split("\n", maxsplit=1)[0]}
    return {"headline": "하늘항의 화물", "published_on": "2031-04-02", "sentences": sentences}


def test_changed_paragraph_asks_only_for_its_block(places: LedgerPaths, clock: Clock, tmp_path: Path) -> None:
    turn_on(places.root, by_hand.TURNED_ON)
    file, suggester = tmp_path / "answers.jsonl", RecordedSuggester(*by_hand.ANSWERS[CLAIMS])
    file.write_bytes(FILE.read_bytes())

    def calls() -> int:
        return desk.ask_model(places, CLAIMS, actor("kim"), suggesters=only_suggester(suggester), clock=clock).calls

    assert (calls(), calls()) == (2, 0)
    newsroom.add(places, TEXT.replace("40명", "41명"), clock)
    with pytest.raises(ProblemsFound) as refused:
        replay(places, clock, file=file)
    assert [one.message.key for one in refused.value.problems] == ["answer-not-recorded"]
    assert (calls(), calls()) == (1, 0)
    assert "41명" in suggester.requests[-1].user
    assert desk.record_answers(places, CLAIMS, None, file) == 2
    of_claims = [one for one in read_recorded_answers(file.read_bytes(), "") if one.task is CLAIMS.task]
    assert len(of_claims) == 3  # the block that is the same, and the other one before and after its change
    assert replay(places, clock, file=file).calls == 2


def test_every_faulty_line_is_reported(places: LedgerPaths, clock: Clock, tmp_path: Path) -> None:
    good = FILE.read_bytes().splitlines()[0]
    file = tmp_path / "a.jsonl"
    faulty = [b"{}", b"[", good.replace(b'"task":"', b'"task":"un'), b"\xff\xfe", good.replace(b"{", b'{"more":1,', 1)]
    file.write_bytes(b"\n".join([good, b"", *faulty]))
    with pytest.raises(ProblemsFound) as refused:
        replay(places, clock, file=file)
    assert [one.line for one in refused.value.problems] == [3, 4, 5, 6, 7]


def test_model_of_several_is_named(places: LedgerPaths, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    content = FILE.read_text(encoding="utf-8")
    file.write_text(content + content.replace(f'"model":"{MODEL}"', '"model":"other"'), encoding="utf-8")
    for model, code in ((None, "several"), ("third", "none")):
        with pytest.raises(ProblemsFound) as refused:
            desk.replay_answers(places, CLAIMS, actor("kim"), Replay(file, model), clock=clock)
        assert refused.value.problems[0].message.key == f"recorded-model-unknown/{code}"
    assert desk.replay_answers(places, CLAIMS, actor("kim"), Replay(file, "other"), clock=clock).calls == 2
    with pytest.raises(NotFound):
        replay(places, clock, file=tmp_path / "none.jsonl")


# On the command line


def run(places: LedgerPaths, *arguments: str) -> tuple[int, str, str]:
    token = {"CLAIMLEDGER_TOKEN": newsroom.token_of(places, "kim")}
    done = CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=token)
    return done.exit_code, done.stdout, done.stderr


def test_command_records_and_replays(places: LedgerPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_on(places.root, by_hand.TURNED_ON)
    suggester = RecordedSuggester(*by_hand.ANSWERS[CLAIMS])
    monkeypatch.setattr(suggestion_steps, "find_suggester", lambda *_: suggester)
    file = tmp_path / "answers.jsonl"
    for calls in ("2 calls", "0 calls"):
        code, out, _ = run(places, "suggest", ARTICLE_ID, "--record", str(file))
        assert (code, out.splitlines()[0]) == (0, f"2 answers in {file}.")
        assert calls in out
    assert len(suggester.requests) == 2
    run(places, "suggestion", "delete-answers", ARTICLE_ID, "--reason", "Measured again.")
    (places.root / "models.toml").unlink()
    code, out, _ = run(places, "suggest", ARTICLE_ID, "--replay", str(file))
    assert (code, out.startswith("2 calls.")) == (0, True)
    assert len(suggester.requests) == 2
    code, _, said = run(places, "suggest", ARTICLE_ID, "--replay", str(file), "--dry-run")
    assert (code, "only one of" in said) == (2, True)


def test_count_compares_a_model_with_peoples_claims(places: LedgerPaths, clock: Clock) -> None:
    replay(places, clock)
    found = lookups.article_suggestions(places, ARTICLE_ID).open
    desk.dismiss_suggestion(places, found[0].stored.suggestion_id, actor("kim"), clock)
    (counts,) = lookups.count_suggestions(places, ARTICLE_ID)
    assert (counts.model, counts.total, dict(counts.states)) == (MODEL, 5, dict(FOUND))
    assert (counts.choices.total(), counts.undecided) == (1, 3)
    assert 0 < counts.found_by_program <= counts.found_by_either <= counts.claims == 2
    _, out, _ = run(places, "suggestions", ARTICLE_ID, "--count")
    assert out.splitlines()[:2] == [MODEL, "  Suggestions: 5"]
    assert "  Undecided: 3" in out
    assert "결정 전: 3" in run(places, "suggestions", ARTICLE_ID, "--count", "--lang", "ko")[1]
