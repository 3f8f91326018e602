"""Read records from bodies of the log that were validated when they were published, without validating them again.

The readers are made once, from the type hints of the models. They check that the fields and their types are those of
the model, and no further rule. For a valid body in the form of the log, the result equals what pydantic returns:
values, types, and the set of given fields. If a model has a type hint or a validator that this module does not know,
the first use raises `TypeError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import AfterValidator, BaseModel, BeforeValidator, Discriminator, PlainSerializer, Tag, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import WithJsonSchema

from claimledger import scalars
from claimledger.models.base import Record
from claimledger.models.claims import require_unless_withheld
from claimledger.models.revisions import MODELS, LedgerRecord, Revision
from claimledger.vocabulary import Subject

Read = Callable[[Any], Any]
"""A function that returns a value of a record from its JSON value, or raises one of `_FAILURES`."""
Readers = dict[type, Read | None]
"""The classes that a JSON value may have, each with its reader; None if the JSON value is the value."""


class WrongShape(ValueError):
    """Raised when a stored body does not have the fields or the types of its record."""

    def __init__(self, field: str = "") -> None:
        """Store the dotted path of the first wrong field, as far as it is known."""
        self.field = field
        super().__init__(f"The field '{field}' does not fit its record." if field else "It is not a record.")


_FAILURES = (WrongShape, KeyError, TypeError, InvalidOperation)
"""The errors of a reader whose JSON value has another shape."""


def read_revision(body: bytes | str) -> Revision:
    """Return the revision of a body of the log.

    Raises:
        WrongShape: the body is not JSON, or does not have the fields and types of a revision of its subject.
    """
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise WrongShape from error
    if data.__class__ is not dict:
        raise WrongShape
    revision: Revision = _model_reader(Revision)(data)
    if revision.record.__class__ is not MODELS[revision.subject]:
        raise WrongShape("record")
    return revision


def read_record(subject: Subject, data: Mapping[str, Any]) -> LedgerRecord:
    """Return the record of a subject from its decoded JSON, whose maps of texts it keeps: do not change them later.

    Raises:
        WrongShape: the values do not have the fields and types of such a record.
    """
    record: LedgerRecord = _model_reader(MODELS[subject])(dict(data))
    return record


def read_or_validate(subject: Subject, body: bytes | str) -> Revision:
    """Return the revision of a body about a record of this subject; validate the body only if it has another shape.

    Raises:
        ValidationError: the body is not a revision of this subject; the error names each fault.
    """
    try:
        revision = read_revision(body)
    except WrongShape:
        return validated_revision(subject, body)
    return revision if revision.subject is subject else validated_revision(subject, body)


def validated_revision(subject: Subject, body: bytes | str) -> Revision:
    """Return the revision of a body about a record of this subject, checked against every rule of the models.

    Raises:
        ValidationError: the body is not a revision of this subject; the error names each fault.
    """
    return _revision_model(subject).model_validate_json(body, context=scalars.STORED)


@cache
def _revision_model(subject: Subject) -> type[Revision]:
    """Return `Revision` with the model of one subject, so that faults of a record are not listed for four models."""
    return create_model(f"{MODELS[subject].__name__}Revision", __base__=Revision, record=(MODELS[subject], ...))


# Readers of models

_NOT_GIVEN = object()
"""The value of a required field that is not given. No field may have its class."""
_MAX_PLANS = 4096
"""The number of combinations of classes that are remembered for a model."""
Plan = list[tuple[str, Read]]
"""The fields of a model whose JSON values need a reader."""
_set_values, _set_given, _set_extra, _set_private = (
    BaseModel.__dict__[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
"""The setters of the four parts of an instance. Pydantic's own setter refuses to change a frozen record."""


@cache
def _model_reader(model: type[Record]) -> Read:
    """Return a function that makes an instance of a model from a dictionary of JSON values.

    The classes of the values decide how the values are read. Each combination of classes is examined only once.
    """
    _check_model(model)
    template = {name: _NOT_GIVEN if one.is_required() else one.default for name, one in model.model_fields.items()}
    readers = _field_readers(model)
    plans: dict[tuple[type, ...], Plan] = {}
    new = model.__new__

    def read_model(data: dict[str, Any]) -> Record:
        values = template | data
        classes = tuple(map(type, values.values()))
        plan = plans.get(classes)
        if plan is None:
            plan = _plan(readers, values)
            if len(plans) < _MAX_PLANS:
                plans[classes] = plan
        name = ""
        try:
            for name, read in plan:
                values[name] = read(values[name])
        except _FAILURES as error:
            raise WrongShape(_path(name, error)) from error
        record = new(model)
        _set_values(record, values)
        _set_given(record, set(data))
        _set_extra(record, None)
        _set_private(record, None)
        return record

    return read_model


def _path(name: str, error: Exception) -> str:
    return f"{name}.{error.field}" if isinstance(error, WrongShape) and error.field else name


def _plan(readers: Mapping[str, Readers], values: Mapping[str, Any]) -> Plan:
    """Return the fields that need a reader, after checking that each value is of a class that its field may have."""
    for name, value in values.items():
        if value.__class__ not in readers.get(name, {}):
            raise WrongShape(name)
    return [(name, read) for name, value in values.items() if (read := readers[name][value.__class__])]


def _field_readers(model: type[Record]) -> Mapping[str, Readers]:
    hints = get_type_hints(model, include_extras=True)
    return {
        name: _readers(hints[name]) | ({} if info.is_required() else {info.default.__class__: None})
        for name, info in model.model_fields.items()
    }


def _check_model(model: type[Record]) -> None:
    """Check that pydantic makes an instance of the model only from the values of its fields.

    Raises:
        TypeError: the model has another kind of validator, a private attribute, an alias or a default factory.
    """
    decorators = model.__pydantic_decorators__
    is_known = (
        model.model_config.get("extra") == "forbid"
        and not (decorators.validators or decorators.field_validators or decorators.root_validators)
        and all(one.info.mode == "after" for one in decorators.model_validators.values())
        and not (model.__private_attributes__ or model.__pydantic_post_init__)
        and not any(field.alias or field.default_factory for field in model.model_fields.values())
    )
    if not is_known:
        raise TypeError(f"{model.__name__} cannot be read without pydantic.")


# Readers of values, by type hint

_CHECKS: frozenset[object] = frozenset((
    scalars.text_of_record, scalars.address_of_record, scalars.checked_edtf, scalars.checked_time,
    scalars.checked_language, scalars.checked_name, require_unless_withheld,
))  # fmt: skip
"""The validators that return a stored value unchanged."""
_WITHOUT_EFFECT = (FieldInfo, PlainSerializer, WithJsonSchema, Tag)
"""The kinds of metadata that do not change a value."""


def _readers(hint: Any) -> Readers:  # noqa: ANN401  any type hint
    """Return the readers of the values of a type hint.

    Raises:
        TypeError: the type or a validator is not known here.
    """
    base, *metadata = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    effects = [one for one in metadata if not isinstance(one, _WITHOUT_EFFECT) and not _is_check(one)]
    match effects:
        case []:
            readers = _readers_by_type(base)
        case [effect]:
            readers = _readers_by_effect(base, effect)
        case _:
            readers = {}
    if not readers:
        raise TypeError(f"No stored value can be read as {hint}.")
    return readers


def _is_check(metadata: object) -> bool:
    return isinstance(metadata, AfterValidator) and metadata.func in _CHECKS


def _readers_by_effect(base: Any, effect: object) -> Readers:  # noqa: ANN401  any type hint
    """Return the readers of values that a validator changes, or none if the validator is not known."""
    match effect:
        case AfterValidator(func=scalars.FrozenMap) if all(_readers(one) == {str: None} for one in get_args(base)):
            return {dict: _read_wording}
        case BeforeValidator(func=scalars.checked_amount) if base is Decimal:
            return {str: Decimal, int: Decimal}
        case Discriminator(discriminator=tag_of) if callable(tag_of):
            return _union_readers(get_args(base), tag_of)
        case _:
            return {}


def _readers_by_type(base: Any) -> Readers:  # noqa: ANN401  any type hint
    if base in (str, int, bool, NoneType):
        return {base: None}
    if get_origin(base) in (Union, UnionType):
        return _union_readers(get_args(base))
    if get_origin(base) is tuple:
        item, *rest = get_args(base)
        return {list: _make_items_reader(_readers(item))} if rest == [...] else {}
    if get_origin(base) is Literal:
        return _member_readers({value: value for value in get_args(base)})
    return _class_readers(base) if isinstance(base, type) else {}


def _class_readers(base: type) -> Readers:
    if issubclass(base, Enum):
        return _member_readers({member.value: member for member in base})
    return {dict: _model_reader(base)} if issubclass(base, Record) else {}


def _member_readers(members: dict[Any, Any]) -> Readers:
    return dict.fromkeys(map(type, members), members.__getitem__)


def _union_readers(hints: tuple[Any, ...], tag_of: Callable[[Any], Any] | None = None) -> Readers:
    """Return the readers of a union, whose members differ by the class of the JSON value or by a tag.

    Raises:
        TypeError: two members have the same class, and there is no tag.
    """
    members = [_readers(hint) for hint in hints]
    merged = {one: read for readers in members for one, read in readers.items()}
    if len(merged) == sum(map(len, members)):
        return merged
    if tag_of is None or merged.keys() != {dict}:
        raise TypeError(f"Members of the union {hints} have the same form.")
    by_tag = {_tag(hint): read for hint, readers in zip(hints, members, strict=True) if (read := readers[dict])}
    return {dict: lambda value: by_tag[tag_of(value)](value)}


def _tag(hint: object) -> str:
    return next(one.tag for one in get_args(hint) if isinstance(one, Tag))


def _make_items_reader(readers: Readers) -> Read:
    """Return a function that makes a tuple of a list."""
    if list(readers) == [dict] and (read := readers[dict]):
        return lambda items: tuple(map(read, items))

    def read_items(items: list[Any]) -> tuple[Any, ...]:
        found = [readers[item.__class__] for item in items]
        return tuple(read(item) if read else item for item, read in zip(items, found, strict=True))

    return read_items


def _read_wording(value: dict[str, Any]) -> Mapping[str, str]:
    if not value:
        raise WrongShape
    for text in value.values():
        if text.__class__ is not str:
            raise WrongShape
    return scalars.FrozenMap.from_sorted(value)
