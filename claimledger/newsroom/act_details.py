"""What an act says besides what it is: whom an assignment is for, what the writer is asked and answers, a remark.

In: an action and what somebody typed. Out: the detail its `Deed` keeps, or every problem in it. The invariant: no act
is kept with an empty question, an answer to nothing or a day that is none. It must not know who may act.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import ValidationError

from claimledger.errors import ProblemsFound
from claimledger.ledger.validation import problems_in
from claimledger.ledger.yaml_source import Where
from claimledger.models.base import Record
from claimledger.scalars import Actor, Day, Ordinal, Text
from claimledger.vocabulary import Action, Answer, Priority


class Assignment(Record):
    """Who checks a question about a claim, until when and how soon."""

    assignee: Actor | None = None
    """Who checks it; none takes the assignment back."""
    due_on: Day | None = None
    """The print deadline."""
    priority: Priority | None = None
    """How soon it is to be looked at; none leaves it as it was."""


class WriterQuestion(Record):
    """What the writer is asked."""

    as_printed: Text
    """What is printed."""
    should_read: Text
    """What it should read."""


class WriterAnswer(Record):
    """What the writer answered."""

    query: Ordinal
    """The number of the query."""
    answer: Answer
    """Whether it was fixed or stands."""
    text: Text | None = None
    """The writer's words."""


class Remark(Record):
    """A remark to the colleagues."""

    text: Text
    """What it says."""


_DETAILS: Mapping[Action, type[Record]] = {
    Action.ASSIGN: Assignment,
    Action.QUERY: WriterQuestion,
    Action.ANSWER: WriterAnswer,
    Action.COMMENT: Remark,
}


def detail_of(action: Action, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an act keeps of what was typed (JSON values); what is none or empty counts as not typed.

    >>> detail_of(Action.COMMENT, {"text": " 다시 보자 "})
    {'text': '다시 보자'}

    Raises:
        ProblemsFound: every problem in it.
    """
    model = _DETAILS[action]
    given = {name: value for name, value in typed.items() if value not in (None, "")}
    try:
        return model.model_validate_json(msgspec.json.encode(given)).to_json()
    except ValidationError as error:
        raise ProblemsFound(problems_in(error, model, given, Where())) from error
