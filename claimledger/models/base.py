"""The base classes of all records: frozen, strict, without unknown keys, with rules across fields.

The docstring under each field is its description in the schemas and the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from claimledger.errors import Problem
from claimledger.scalars import FrozenMap, Language, ShortText, Text, InvalidValue

Wording = Annotated[Mapping[Language, Text], Field(min_length=1), AfterValidator(FrozenMap), PlainSerializer(dict)]
"""A text by language: BCP 47 tag to text, at least one."""
ShortWording = Annotated[
    Mapping[Language, ShortText], Field(min_length=1), AfterValidator(FrozenMap), PlainSerializer(dict)
]
"""A text of at most 200 code points by language."""


class Record(BaseModel):
    """The base of every record: frozen, strict, no unknown key, each field described by its docstring."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values; fields that equal their default are left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class CheckedRecord(Record):
    """The base of a record with rules across fields. The rules are checked after each field is valid."""

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        if faults := tuple(self._faults()):
            raise InvalidValue(*faults)
        return self

    def _faults(self) -> Iterator[Problem]:
        """Yield a fault for each rule that is broken, with the field to correct."""
        raise NotImplementedError
