"""Recorded answers that people of this project wrote, in place of a model's; run this file to record them again.

The answers are about the newsroom of the tests, whose article is made up. They test the format and the replay; they
say nothing about any model.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

sys.path.append(str(Path(__file__).parent.parent))  # for a run of this file

import newsroom
from model_answers import MODELS, RecordedSuggester, claims_answer, only_suggester, turn_on
from newsroom import ARTICLE_ID, CARGO, Clock, actor

from claimledger import desk
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.suggesting.exchange import ModelRequest
from claimledger.suggesting.recorded_answers import RecordedAnswer, read_recorded_answers, write_recorded_answers

FILE = Path(__file__).parent / "suggesting" / "answers" / "written-by-hand.jsonl"
MODEL = "written-by-hand"
"""The name of the model in the file: there is none."""
TURNED_ON = MODELS.replace("small-model", MODEL)
CLAIMS = ModelTask(SuggestionTask.CLAIMS, ARTICLE_ID)
QUESTIONS = ModelTask(SuggestionTask.QUESTIONS, ARTICLE_ID, claim_id=CARGO, language="ko")
SECOND_READING = ModelTask(SuggestionTask.SECOND_READING, ARTICLE_ID)
ANSWERS = {
    CLAIMS: (
        claims_answer(
            ([1], "하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다."), ([1], "하늘항의 화물은 90만t이었다.")
        ),
        claims_answer(
            ([2], "직원은 40명이다."),
            {"sentences": [1], "statement": "올해 화물은 10% 늘어난다.", "speaker": "서미래"},
            ([9], "번호가 없는 문장이다."),
        ),
    ),
    SECOND_READING: ('{"changed": "none"}',),
    QUESTIONS: ('{"questions": ["지난해 화물량을 집계한 기관은 어디인가?"], "documents": ["항만 통계"]}',),
}
"""The answers to the requests of each task, in order."""


def record(folder: Path) -> bytes:
    """Record the answers with the program in a new newsroom, and return the content of the file."""
    clock, file = Clock(), folder / "answers.jsonl"
    places = newsroom.published(folder, clock)
    turn_on(folder, TURNED_ON)
    for wanted, answers in ANSWERS.items():
        suggesters = only_suggester(RecordedSuggester(*answers))
        desk.ask_model(places, wanted, actor("kim"), suggesters=suggesters, clock=clock)
        desk.record_answers(places, wanted, None, file)
    return write_recorded_answers(_with_honest_label(read_recorded_answers(file.read_bytes(), file.name)))


def _with_honest_label(answers: tuple[RecordedAnswer, ...]) -> Iterator[RecordedAnswer]:
    for one in answers:
        yield msgspec.structs.replace(
            one, served_model="answers written for tests", recorded_at="2026-12-03T00:00:00.000Z"
        )


def recorded_answers() -> tuple[RecordedAnswer, ...]:
    """Return the recorded answers."""
    return read_recorded_answers(FILE.read_bytes(), FILE.name)


def recorded_model(calls: list[ModelRequest]) -> Any:  # noqa: ANN401  a class of a package that may be missing
    """Return a model of the library `llm` that gives the recorded answers and adds each request to `calls`."""
    import llm  # noqa: PLC0415

    class Options(llm.Options):  # type: ignore[misc]
        max_tokens: int | None = None

    class RecordedModel(llm.Model):  # type: ignore[misc]
        model_id = MODEL
        supports_schema = True

        def execute(self, prompt: Any, stream: bool, response: Any, conversation: Any = None) -> Iterator[str]:  # noqa: ANN401, FBT001
            task = next(iter(SuggestionTask))  # the library does not know it; the hashes are enough
            made = ModelRequest(task, prompt.system, prompt.prompt, prompt.schema, prompt.options.max_tokens)
            calls.append(made)
            yield next(
                one.text
                for one in recorded_answers()
                if (one.prompt_sha256, one.data_sha256) == (made.prompt_sha256, made.data_sha256)
            )

    RecordedModel.Options = Options
    return RecordedModel()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_in:
        FILE.write_bytes(record(Path(made_in)))
