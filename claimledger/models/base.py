"""What every record is: frozen, strict, without unknown keys, with rules that tie its fields together.

The docstring under each field is its description in the schemas and the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from claimledger.errors import Problem
from claimledger.scalars import FrozenMap, Language, Text, Unfit

Wording = Annotated[Mapping[Language, Text], Field(min_length=1), AfterValidator(FrozenMap), PlainSerializer(dict)]
"""A text by language: BCP 47 tag to text, at least one."""


class Record(BaseModel):
    """Base of every record: frozen, strict, no unknown key, each field described by its docstring."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values; what equals its default is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Ruled(Record):
    """Base of a record with rules that tie its fields together; they are looked at once each field is good."""

    @model_validator(mode="after")
    def _keeps_its_rules(self) -> Self:
        if faults := tuple(self._faults()):
            raise Unfit(*faults)
        return self

    def _faults(self) -> Iterator[Problem]:
        """Yield each rule that is broken, with the field to look at."""
        raise NotImplementedError
