"""Validate plain values against a model: return the record, or every problem in the values.

There is one Problem for each fault, in line order, with the dotted field, the fault and a remedy. pydantic's errors are
translated into the newsroom's words; no field is handled specially. Rules across fields apply only if every single
field is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from claimledger.errors import Problem
from claimledger.ledger.yaml_source import ValuePath, SourceLocation, YamlSource
from claimledger.messages import Value, did_you_mean, find_similar
from claimledger.models import QuotePart, Wording
from claimledger.models.base import ShortWording
from claimledger.scalars import (
    PATTERN_DESCRIPTIONS, Amount, ArticleId, ClaimId, CodePoints, Currency, Day, DocumentId, EdtfDate, Language,
    Ordinal, PrintedWords, VerbatimText, ProblemCode, Sha256, ShortText, Text, Topic, InvalidValue, UtcTime, WebAddress,
)  # fmt: skip
from claimledger.vocabulary import Term

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], source: YamlSource) -> tuple[Model | None, list[Problem]]:
    """Return the record from a file's values, or None and every problem of the file."""
    if source.values is None:
        return None, list(source.problems)
    try:
        record = model.model_validate_json(msgspec.json.encode(source.values))
    except ValidationError as error:
        found = _find_faults(error, model, source.values)
        fresh = [
            _make_problem(steps, fault, source.where) for steps, fault in found if not _is_within(steps, source.faulty)
        ]
        return None, sort_by_line([*source.problems, *fresh])
    return (None if source.problems else record), list(source.problems)


def validation_problems(
    error: ValidationError, model: type[BaseModel], values: Mapping[str, Any], where: SourceLocation
) -> list[Problem]:
    """Return pydantic's errors as problems with the lines of the values."""
    return sort_by_line(_make_problem(steps, fault, where) for steps, fault in _find_faults(error, model, values))


def record_problems(model: type[BaseModel], values: Mapping[str, Any], where: SourceLocation) -> list[Problem]:
    """Return the problems of a record's values (JSON); an empty list if they are valid."""
    try:
        model.model_validate_json(msgspec.json.encode(values))
    except ValidationError as error:
        return validation_problems(error, model, values, where)
    return []


def sort_by_line(problems: Iterator[Problem] | Sequence[Problem]) -> list[Problem]:
    """Return the problems of one file sorted by line, without duplicates; those of the whole file come first."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)


def _make_problem(steps: ValuePath, fault: Problem, where: SourceLocation) -> Problem:
    return where.place(fault, (*steps, *_split_field(fault.field)))


def _split_field(field: str) -> ValuePath:
    return tuple(int(step) - 1 if step.isdigit() else step for step in field.split(".") if step)


def _is_within(steps: ValuePath, faulty: frozenset[ValuePath]) -> bool:
    return any(steps[:length] in faulty for length in range(1, len(steps) + 1))


def _find_faults(
    error: ValidationError, model: type[BaseModel], values: Mapping[str, Any]
) -> Iterator[tuple[ValuePath, Problem]]:
    for detail in error.errors(include_url=False):
        steps = _steps_in(values, detail["loc"])
        yield from ((steps, fault) for fault in _detail_faults(detail, steps, model))


def _steps_in(values: Any, location: ValuePath) -> ValuePath:  # noqa: ANN401  any JSON value
    """Return the steps of a location that exist in the values, and the last one; others name branches of a union."""
    steps: list[str | int] = []
    for step in location[:-1]:
        if step in values if isinstance(values, dict) else isinstance(values, list):
            values = values[step]
            steps.append(step)
    return (*steps, *location[-1:]) if isinstance(values, dict | list) else tuple(steps)


def _detail_faults(detail: ErrorDetails, steps: ValuePath, model: type[BaseModel]) -> tuple[Problem, ...]:
    kind, value = detail["type"], detail["input"]
    if value is None and kind not in ("extra_forbidden", "value_error"):
        return (Problem("missing-field/empty"),)
    if kind == "too_short" and value:
        return ()  # pydantic counts only the items with which nothing is wrong
    if kind in _FAULTS:
        return (_FAULTS[kind],)
    if kind == "value_error":
        return _rule_faults(detail["ctx"]["error"])
    say = _DESCRIBERS.get(kind, _other_fault)
    return (say(detail, steps, model),)


_FAULTS: Mapping[str, Problem] = {
    "missing": Problem("missing-field"),
    "string_type": Problem("not-text"),
    "bool_type": Problem("not-true-or-false"),
    "int_type": Problem("not-a-whole-number"),
    "tuple_type": Problem("not-a-list"),
    "too_short": Problem("too-few"),
    "string_too_short": Problem("empty-text"),
    "union_tag_not_found": Problem("not-a-passage"),
    **dict.fromkeys(("model_type", "dict_type", "mapping_type"), Problem("not-a-map")),
}
"""The fault for each pydantic error type that needs no details."""


def _rule_faults(error: Exception) -> tuple[Problem, ...]:
    return error.faults if isinstance(error, InvalidValue) else (Problem("wrong-value", reason=str(error)),)


def _unknown_field(_: ErrorDetails, steps: ValuePath, model: type[BaseModel]) -> Problem:
    name = str(steps[-1])
    owner = _annotation_at(model, steps[:-1])
    near = find_similar(name, getattr(owner, "model_fields", ()), 1)
    if near or "note" not in model.model_fields:
        return Problem("unknown-field", name=name, near=did_you_mean(near))
    return Problem("unknown-field/note", name=name)


def _unknown_word(detail: ErrorDetails, steps: ValuePath, model: type[BaseModel]) -> Problem:
    terms = _annotation_at(model, steps)
    words: tuple[Value, ...] = tuple(terms) if issubclass(terms, Term) else (detail["ctx"]["expected"],)
    if value := _short(detail["input"]):
        return Problem("unknown-word", value=value, words=words)
    return Problem("word-missing", words=words)


def _wrong_form(detail: ErrorDetails, _: ValuePath, __: type[BaseModel]) -> Problem:
    form = PATTERN_DESCRIPTIONS[detail["ctx"]["pattern"]]
    return Problem("wrong-form", value=_short(detail["input"]), form=form.name, example=form.example)


def _too_long(detail: ErrorDetails, _: ValuePath, __: type[BaseModel]) -> Problem:
    return Problem("text-too-long", count=len(detail["input"]), limit=detail["ctx"]["max_length"])


def _too_many(detail: ErrorDetails, steps: ValuePath, model: type[BaseModel]) -> Problem:
    if isinstance(detail["input"], str):  # pydantic reports a text that was normalized like a list
        return _too_long(detail, steps, model)
    return Problem("too-many", count=len(detail["input"]), limit=detail["ctx"]["max_length"])


def _too_small(detail: ErrorDetails, _: ValuePath, __: type[BaseModel]) -> Problem:
    return Problem("number-too-small", least=detail["ctx"]["ge"])


def _other_fault(detail: ErrorDetails, _: ValuePath, __: type[BaseModel]) -> Problem:
    return Problem("wrong-value/found", reason=detail["msg"], value=_short(detail["input"]))


_DESCRIBERS: Mapping[str, Callable[[ErrorDetails, ValuePath, type[BaseModel]], Problem]] = {
    "extra_forbidden": _unknown_field,
    "enum": _unknown_word,
    "string_pattern_mismatch": _wrong_form,
    "string_too_long": _too_long,
    "too_long": _too_many,
    "greater_than_equal": _too_small,
}
"""The function that describes each other pydantic error type."""


_SHOWN = 60
"""The largest number of characters of a value that a sentence shows."""


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _annotation_at(model: type[BaseModel], steps: ValuePath) -> type:
    """Return the model or vocabulary of the value at `steps`."""
    found: type = model
    for step in steps:
        fields = getattr(found, "model_fields", {})
        if step in fields:
            found = _inner_type(fields[step].annotation)
    return found


def _inner_type(annotation: Any) -> type:  # noqa: ANN401  annotations have no common type
    """Return the model or vocabulary inside an annotation such as `tuple[Quantity, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | Term):
        return annotation
    inside = (_inner_type(part) for part in get_args(annotation))
    return next((found for found in inside if found is not object), object)


class FieldDescription(NamedTuple):
    """A description of a field, for the person who fills it in."""

    name: str
    """The field's name."""
    takes: str
    """The kind of value that it accepts."""
    meaning: str
    """The meaning of the field."""
    is_required: bool
    """True if every record must have it."""


def describe_fields(model: type[BaseModel]) -> list[FieldDescription]:
    """Return a description of each field of a model, in print order."""
    hints = get_type_hints(model, include_extras=True)
    return [
        FieldDescription(name, _accepted_value(hints[name]), field.description or "", field.is_required())
        for name, field in model.model_fields.items()
    ]


def nested_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return a model and all models that its fields contain, in order of first use."""
    found = [model]
    for known in found:  # the list grows during the loop
        parts = (_inner_type(field.annotation) for field in known.model_fields.values())
        found += dict.fromkeys(part for part in parts if issubclass(part, BaseModel) and part not in found)
    return found


_KINDS: tuple[tuple[object, str], ...] = (
    (Wording, "texts by language"),
    (ShortWording, "short texts by language"),
    (ShortText, "short text"),
    (PrintedWords, "short passage"),
    (Day, "day"),
    (QuotePart, "passage, or length and hash"),
    (Text, "text"),
    (VerbatimText, "passage"),
    (Amount, "number"),
    (Currency, "currency"),
    (EdtfDate, "date"),
    (UtcTime, "time"),
    (Sha256, "hash"),
    (Language, "language"),
    (ClaimId, "claim's name"),
    (ArticleId, "name"),
    (DocumentId, "name"),
    (Topic, "name"),
    (ProblemCode, "name"),
    (WebAddress, "web address"),
    (CodePoints, "whole number from 0"),
    (Ordinal, "whole number from 1"),
    (bool, "true or false"),
)
"""The name of each type of value for people; docs/claim-files.md explains them."""


def _accepted_value(hint: Any) -> str:  # noqa: ANN401  annotations have no common type
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    known = next((words for kind, words in _KINDS if kind == hint), None)
    if known or not parts:
        is_word = isinstance(hint, type) and issubclass(hint, Term)
        return known or (" / ".join(f"{term} ({term.label_ko})" for term in hint) if is_word else hint.__name__)
    return f"list: {_accepted_value(parts[0])}" if get_origin(hint) is tuple else _accepted_value(parts[0])
