"""An edit: the author of changes, the reason, and the kind of revision that they make of a public record.

The functions build edits, relations and waivers from typed input, or raise every problem with it. Names, reasons and
notes that may not appear in the public log are rejected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.validation import validation_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Correction, RelatedClaim, CheckedRecord, Waiver, Wording
from claimledger.workflow import StaffMember
from claimledger.scalars import Actor, Text
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CorrectionKind, Relation, RevisionKind


@dataclass(frozen=True, slots=True)
class Edit:
    """The author of changes, the reason, and the kind of revision that they make of a public record."""

    author: str
    """The author's name."""
    reason: str
    """The reason for the changes."""
    kind: RevisionKind | None = None
    """The kind of revision: verdict, update or correction; None for records that are not public yet."""
    correction: Correction | None = None
    """The correction's kind and its public note, if this is a correction."""
    roles: Collection[Role] = ()
    """The author's roles on the desk."""

    @property
    def actor(self) -> StaffMember:
        """The author in the form that the workflow table uses."""
        return StaffMember(self.author, self.roles)


class _TypedEdit(CheckedRecord):
    author: Actor
    reason: Text
    kind: RevisionKind | None = None
    correction: CorrectionKind | None = None
    note: Wording | None = None

    def _faults(self) -> Iterator[Problem]:
        if len({self.kind is RevisionKind.CORRECTION, self.correction is not None, self.note is not None}) > 1:
            yield Problem("half-a-correction")


def make_edit(
    *,
    author: str,
    reason: str,
    kind: str | None = None,
    correction: str | None = None,
    note: Mapping[str, str] = MappingProxyType({}),
    roles: Collection[Role] = (),
) -> Edit:
    """Return an Edit from typed input; `roles` are the author's roles on the desk.

    Raises:
        ProblemsFound: A name, reason or note may not be published, or a correction is incomplete.
    """
    given = {"author": author, "reason": reason, "kind": kind, "correction": correction, "note": dict(note) or None}
    try:
        typed = _TypedEdit.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, _TypedEdit, given, SourceLocation())) from error
    owed = typed.correction and typed.note and Correction(kind=typed.correction, public_note=typed.note)
    return Edit(typed.author, typed.reason, typed.kind, owed or None, roles)


def make_relation(relation: Relation, claim_id: str) -> RelatedClaim:
    """Return the relation of a claim to an earlier one.

    Raises:
        ProblemsFound: `claim_id` is not a valid claim ID.
    """
    given = {"relation": relation.value, "claim_id": claim_id}
    try:
        return RelatedClaim.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, RelatedClaim, given, SourceLocation())) from error


def make_waiver(code: str, reason: Mapping[str, str]) -> Waiver:
    """Return a waiver from typed input.

    Raises:
        ProblemsFound: The code is not valid, or the reason is missing.
    """
    given = {"code": code, "reason": dict(reason)}
    try:
        return Waiver.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, Waiver, given, SourceLocation())) from error
