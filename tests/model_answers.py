"""A suggester that gives recorded answers and counts the requests, in place of a language model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claimledger.suggesting.exchange import ModelAnswer, ModelRequest, ModelSettings
from claimledger.suggesting.suggesters import LoadedSuggesters

MODELS = """
currency = "USD"
[[model]]
name = "small-model"
suggester = "recorded"
reaches = "this_machine"
address = "http://127.0.0.1:9/v1"
price_in = "1"
price_out = "10"
[limits]
tokens_per_article = 60000
calls_per_day = 20
"""


class RecordedSuggester:
    """A suggester that gives the same answers in order, over and over; an exception is raised."""

    name = "recorded"

    def __init__(self, *answers: str | BaseException, tokens: tuple[int, int] | None = (100, 50)) -> None:
        self.answers = answers
        self.tokens = tokens
        self.requests: list[ModelRequest] = []

    def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
        """Return the next answer, or raise it."""
        del settings
        answer = self.answers[len(self.requests) % len(self.answers)]
        self.requests.append(request)
        if isinstance(answer, BaseException):
            raise answer
        tokens_in, tokens_out = self.tokens or (None, None)
        return ModelAnswer(answer, "small-model-2031", tokens_in, tokens_out, 7)


def only_suggester(suggester: RecordedSuggester) -> LoadedSuggesters:
    """Return the suggester as if it were the only one that is installed."""
    return LoadedSuggesters((suggester,), ())


def turn_on(folder: Path, text: str = MODELS) -> None:
    """Write the newsroom's models.toml."""
    (folder / "models.toml").write_text(text, encoding="utf-8")


def claims_answer(*claims: tuple[Sequence[int], str] | dict[str, Any]) -> str:
    """Return an answer with claims: the numbers of sentences and a statement each, or all parts."""
    parts = [one if isinstance(one, dict) else {"sentences": list(one[0]), "statement": one[1]} for one in claims]
    return json.dumps({"claims": parts}, ensure_ascii=False)
