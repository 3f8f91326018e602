"""Record the answers of a model in a file, and use such a file in place of calls."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimledger.desk.model_plan import ModelTask, make_plan, planned_requests
from claimledger.desk.step_setup import (
    Clock, ProgressCallback, demand_allowed, open_store, report_no_progress, utc_now,
)  # fmt: skip
from claimledger.desk.suggestion_steps import AskResult, Connection, ask_connected
from claimledger.desk_vocabulary import Action, ModelReach
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths, replace_bytes
from claimledger.newsroom import suggestions
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.model_settings import (
    ModelChoices, PricedModel, SendingRules, UsageLimits, read_model_choices,
)  # fmt: skip
from claimledger.newsroom.store import DeskStore
from claimledger.suggesting.exchange import ModelSettings
from claimledger.suggesting.recorded_answers import (
    RECORDED, AnswerNotRecorded, RecordedAnswer, RecordedSuggester, read_recorded_answers, write_recorded_answers,
)  # fmt: skip
from claimledger.workflow import StaffMember

_NO_LIMITS = UsageLimits(tokens_per_article=10**9, calls_per_day=10**9)
"""The limits of answers that cost nothing."""


def record_answers(places: LedgerPaths, wanted: ModelTask, model: str | None, file: Path) -> int:
    """Write the stored answers to the requests of a task into a file, and return how many they are; nothing is sent.

    Other answers in the file stay; an older answer of the same model to the same data is replaced.

    Raises:
        ModelOff, NotFound, TextNotHeld, ProblemsFound: as `plan_requests`; or a line of the file is not an answer.
    """
    settings = read_model_choices(places.root).find(model).settings
    known = read_recorded_answers(file.read_bytes(), str(file)) if file.exists() else ()
    with open_store(places) as store:
        found = list(_stored_answers(store, wanted, settings))
    replace_bytes(file, write_recorded_answers([*known, *found]))
    return len(found)


def _stored_answers(store: DeskStore, wanted: ModelTask, settings: ModelSettings) -> Iterator[RecordedAnswer]:
    for planned in planned_requests(read_current_records(store), wanted):
        stored = suggestions.find_answer(store.connection, wanted.article_id, planned.key_sha256(settings))
        if stored:
            yield RecordedAnswer(
                task=planned.request.task, language=planned.language, prompt_sha256=planned.request.prompt_sha256,
                data_sha256=planned.request.data_sha256, model=settings.name, **stored._asdict(),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replay:
    """A file with recorded answers, used in place of a model."""

    file: Path
    """The file."""
    model: str | None = None
    """The model whose answers are used; None if the file has only one."""


def replay_answers(
    places: LedgerPaths,
    wanted: ModelTask,
    actor: StaffMember,
    replay: Replay,
    *,
    clock: Clock = utc_now,
    report: ProgressCallback = report_no_progress,
) -> AskResult:
    """Store the recorded answers to the requests of a task, as if a model had given them; nothing is sent.

    Raises:
        NotFound, TextNotHeld: the article or claim does not exist, or its text is not stored on the desk.
        ProblemsFound: the file has no answer to a request, or is not readable, or the workflow table refuses it. The
            remedy has the command that records the missing answers. Nothing was stored.
    """
    demand_allowed(Action.ASK_MODEL, actor)
    try:
        suggester = RecordedSuggester(read_recorded_answers(replay.file.read_bytes(), str(replay.file)))
    except OSError:
        raise NotFound("file", str(replay.file)) from None
    priced = _replayed_model(suggester, replay)
    choices = ModelChoices((priced,), _NO_LIMITS, SendingRules(documents=True))
    with open_store(places) as store:
        waiting = make_plan(store, wanted, choices, priced).waiting
    problems: list[Problem] = []
    for planned in waiting:
        try:
            suggester.find(planned.request, priced.settings.name)
        except AnswerNotRecorded as missing:
            problems.append(_missing_answer(missing, wanted, replay, priced))
    if problems:
        raise ProblemsFound(tuple(dict.fromkeys(problems)))
    return ask_connected(places, wanted, actor, Connection(choices, priced, suggester), clock=clock, report=report)


def _replayed_model(suggester: RecordedSuggester, replay: Replay) -> PricedModel:
    """Return the one model of a file, or the named one.

    Raises:
        ProblemsFound: the file has none, several of which none is named, or not the named one.
    """
    names = tuple(sorted({one.model for one in suggester.answers}))
    found = [name for name in names if replay.model in (None, name)]
    if len(found) != 1:
        variant = "several" if found else "none"
        problem = Problem(f"recorded-model-unknown/{variant}", file=str(replay.file), names=names)
        raise ProblemsFound([problem])
    settings = ModelSettings(found[0], ModelReach.THIS_MACHINE, "", suggester=RECORDED)
    return PricedModel(settings, None, None, "")


def _missing_answer(missing: AnswerNotRecorded, wanted: ModelTask, replay: Replay, priced: PricedModel) -> Problem:
    variant = missing.message.key.partition("/")[2]
    return Problem(
        f"answer-not-recorded/{variant}" if variant else "answer-not-recorded",
        file=str(replay.file), model=priced.settings.name, command=record_command(wanted, priced, replay.file),
    )  # fmt: skip


def record_command(wanted: ModelTask, model: PricedModel, file: Path) -> str:
    """Return the command that records the answers of a model to the requests of a task.

    >>> from claimledger.desk_vocabulary import SuggestionTask
    >>> settings = ModelSettings("qwen3-14b", ModelReach.THIS_MACHINE, "")
    >>> wanted = ModelTask(SuggestionTask.CLAIMS, "port-news-12")
    >>> record_command(wanted, PricedModel(settings, None, None, ""), Path("answers.jsonl"))
    'claimledger suggest port-news-12 --task claims --model qwen3-14b --record answers.jsonl'
    """
    options = ["--task", wanted.task.value]
    if wanted.passage:
        options += ["--passage", f"{wanted.passage.start}-{wanted.passage.end}"]
    if wanted.document_id:
        options += ["--document", wanted.document_id]
    if wanted.claim_id:
        options += ["--lang", wanted.language]
    name = wanted.claim_id or wanted.article_id
    return shlex.join(["claimledger", "suggest", name, *options, "--model", model.settings.name, "--record", str(file)])
