"""The further values of editorial actions: assignments, questions to the writer, answers and remarks.

Typed input becomes the detail that an `ActionEntry` stores, or every problem with it. Empty questions, answers without
a query and impossible dates are rejected. This module does not know who may act.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, ValidationError

from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.validation import validation_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models.base import Record, Wording
from claimledger.scalars import Actor, Day, InvalidValue, Ordinal, Text, checked_edtf
from claimledger.desk_vocabulary import Action, QueryAnswer, Priority, TemplateKind


def checked_desk_time(text: str) -> str:
    """Return a day, or a day and a time of day in the newsroom, with a `T` between them.

    >>> checked_desk_time("2031-04-03 17:30"), checked_desk_time("2031-04-03")
    ('2031-04-03T17:30', '2031-04-03')

    Raises:
        InvalidValue: the text has another form, or the calendar has no such day.
    """
    found = _DESK_TIME.fullmatch(text)
    if not found:
        raise InvalidValue(Problem("not-a-desk-time", value=text[:40]))
    return checked_edtf(found["day"]) + (f"T{found['time']}" if found["time"] else "")


_DESK_TIME = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]))?")
DeskTime = Annotated[str, AfterValidator(checked_desk_time)]


class Assignment(Record):
    """The assignment of a question about a claim."""

    assignee: Actor | None = None
    """The person who checks it; None removes the assignment."""
    due_on: Day | None = None
    """The print deadline."""
    priority: Priority | None = None
    """The priority; None leaves it unchanged."""


class WriterQuestion(Record):
    """A question to the writer."""

    as_printed: Text
    """The printed text."""
    should_read: Text
    """The proposed text."""


class WriterAnswer(Record):
    """The writer's answer."""

    query: Ordinal
    """The number of the query."""
    answer: QueryAnswer
    """The kind of answer."""
    text: Text | None = None
    """The writer's words."""


class ArticleDeadline(Record):
    """The deadline of an article."""

    due_on: DeskTime | None = None
    """A day or a time in the newsroom; None removes it."""


class Remark(Record):
    """A remark for colleagues."""

    text: Text
    """The text."""


class SendingRight(Record):
    """The decision whether the text of an article or a document may be sent to a language model of others."""

    may_send: bool
    """True if it may."""


class TemplateText(Record):
    """A text to insert into forms."""

    kind: TemplateKind
    """The field that it is for."""
    template: Ordinal | None = None
    """The number of the template that it replaces; None for a new one."""
    text: Wording | None = None
    """The text by language; None removes the template."""


_DETAILS: Mapping[Action, type[Record]] = {
    Action.ASSIGN: Assignment,
    Action.QUERY: WriterQuestion,
    Action.ANSWER: WriterAnswer,
    Action.COMMENT: Remark,
    Action.NOTE_ARTICLE: Remark,
    Action.SET_DEADLINE: ArticleDeadline,
    Action.ALLOW_SENDING: SendingRight,
    Action.CHANGE_TEMPLATE: TemplateText,
}


def read_action_detail(action: Action, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the detail of an action from typed values (JSON); None and empty values count as missing.

    >>> read_action_detail(Action.COMMENT, {"text": " 다시 보자 "})
    {'text': '다시 보자'}

    Raises:
        ProblemsFound: Every problem with the values.
    """
    model = _DETAILS[action]
    given = {name: value for name, value in typed.items() if value not in (None, "", {})}
    try:
        return model.model_validate_json(msgspec.json.encode(given)).to_json()
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, model, given, SourceLocation())) from error
