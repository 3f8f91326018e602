"""Answers of models in a file of JSON Lines, and the suggester that gives them again without a call.

A line has the hash of the rules, the hash of the data and the answer as it came. It has no text that was sent, but an
answer may repeat words of it. Lines are sorted, so that recording again changes only the lines that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from claimledger.desk_vocabulary import SuggestionTask
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.suggesting.exchange import ModelAnswer, ModelRequest, ModelSettings

RECORDED = "recorded-answers"
"""The name of the suggester that gives recorded answers."""


class RecordedAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The recorded answer to one request."""

    task: SuggestionTask
    """The task."""
    language: str
    """The language of the answer."""
    prompt_sha256: str
    """The hash of the rules and of the form of the answer."""
    data_sha256: str
    """The hash of the data."""
    model: str
    """The model, as the newsroom names it."""
    served_model: str
    """The model, as the server named it."""
    recorded_at: str
    """The UTC time of the answer."""
    tokens_in: int
    """The tokens of the request."""
    tokens_out: int
    """The tokens of the answer."""
    milliseconds: int
    """The time that the call took."""
    text: str
    """The answer as it came."""

    @property
    def slot(self) -> tuple[str, str, str, str]:
        """The parts that only one answer of a file may have: model, task, language and hash of the data."""
        return self.model, self.task.value, self.language, self.data_sha256


class AnswerNotRecorded(LedgerError):
    """Raised when a file has no answer to a request."""


_DECODER = msgspec.json.Decoder(RecordedAnswer)


def read_recorded_answers(content: bytes, file: str) -> tuple[RecordedAnswer, ...]:
    """Return the answers of a file with this content.

    Raises:
        ProblemsFound: every line that is not a recorded answer.
    """
    found: list[RecordedAnswer] = []
    problems: list[Problem] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            if line.strip():
                found.append(_DECODER.decode(line))
        except (msgspec.DecodeError, UnicodeError) as error:  # a ValidationError is a DecodeError
            problems.append(Problem("recorded-answer-unreadable", file=file, line=number, reason=str(error)))
    if problems:
        raise ProblemsFound(problems)
    return tuple(found)


def write_recorded_answers(answers: Iterable[RecordedAnswer]) -> bytes:
    """Return the content of a file with these answers; of several for one slot, the last one is kept."""
    kept = {one.slot: one for one in answers}
    return b"".join(msgspec.json.encode(kept[slot]) + b"\n" for slot in sorted(kept))


class RecordedSuggester:
    """The suggester that gives recorded answers and sends nothing."""

    name = RECORDED

    def __init__(self, answers: Sequence[RecordedAnswer]) -> None:
        """Use these answers."""
        self.answers = answers

    def find(self, request: ModelRequest, model: str) -> RecordedAnswer:
        """Return the answer of a model to a request.

        Raises:
            AnswerNotRecorded: the file has none; the variant `prompt` says that it has one to another version of the
                rules.
        """
        same_data = [
            one
            for one in self.answers
            if (one.model, one.task, one.data_sha256) == (model, request.task, request.data_sha256)
        ]
        for one in same_data:
            if one.prompt_sha256 == request.prompt_sha256:
                return one
        raise AnswerNotRecorded("prompt" if same_data else "", task=request.task.value, model=model)

    def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
        """Return the recorded answer to a request; it uses no tokens.

        Raises:
            AnswerNotRecorded: the file has none.
        """
        found = self.find(request, settings.name)
        return ModelAnswer(found.text, found.served_model, 0, 0)
