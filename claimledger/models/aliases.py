"""The names of one person or thing, so that a search for one name finds the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from claimledger.errors import Problem
from claimledger.models.base import CheckedRecord, Record, Wording
from claimledger.scalars import Language, RecordName, ShortText
from claimledger.vocabulary import AliasKind


class AliasName(Record):
    """One of several names."""

    text: ShortText
    """The name."""
    language: Language | None = None
    """The language in which it is used; none if it is the same in all."""


class Alias(CheckedRecord):
    """The names of one person or thing."""

    alias_id: RecordName
    """The permanent name of this list."""
    kind: AliasKind
    """The kind of person or thing."""
    names: Annotated[tuple[AliasName, ...], Field(min_length=2, max_length=50)]
    """The names, each once, the usual one first."""
    note: Wording | None = None
    """A public note, for example on another person or thing with the same name."""

    def _faults(self) -> Iterator[Problem]:
        if len({name.text for name in self.names}) < len(self.names):
            yield Problem("alias-twice", field="names")
