"""An edit: who makes changes, why, and what they are when they follow a public revision.

In: what a person typed. Out: an `Edit`, or every problem with it. The invariant: a name, reason or note that may not
stand in the public log makes no edit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec
from pydantic import ValidationError

from claimledger.errors import ProblemsFound
from claimledger.ledger.validation import problems_in
from claimledger.ledger.yaml_source import Where
from claimledger.models import Correction, RelatedClaim, Ruled, Waiver, Wording
from claimledger.workflow import Staff
from claimledger.scalars import Actor, Fault, Text
from claimledger.vocabulary import CorrectionKind, Relation, RevisionKind, Role


@dataclass(frozen=True, slots=True)
class Edit:
    """Who makes changes, why, and what they are when they follow a public revision."""

    author: str
    """Who."""
    reason: str
    """Why."""
    kind: RevisionKind | None = None
    """Verdict, update or correction; none for records that are not public yet."""
    correction: Correction | None = None
    """What a correction owes its readers."""
    roles: Collection[Role] = ()
    """What the author may do on the desk."""

    @property
    def actor(self) -> Staff:
        """The author as the workflow table sees them."""
        return Staff(self.author, self.roles)


class _TypedEdit(Ruled):
    author: Actor
    reason: Text
    kind: RevisionKind | None = None
    correction: CorrectionKind | None = None
    note: Wording | None = None

    def _faults(self) -> Iterator[Fault]:
        if len({self.kind is RevisionKind.CORRECTION, self.correction is not None, self.note is not None}) > 1:
            sentence = "A correction has its kind and a note for the readers, and nothing else has them."
            remedy = "Give the kind 'correction', what was corrected, and a note in Korean or English, all three."
            yield Fault("half-a-correction", sentence, remedy)


def make_edit(
    *,
    author: str,
    reason: str,
    kind: str | None = None,
    correction: str | None = None,
    note: Mapping[str, str] = MappingProxyType({}),
    roles: Collection[Role] = (),
) -> Edit:
    """Return an Edit from what a person typed; `roles` are what the author may do on the desk.

    Raises:
        ProblemsFound: a name, reason or note is not fit to be published, or a correction is half given.
    """
    given = {"author": author, "reason": reason, "kind": kind, "correction": correction, "note": dict(note) or None}
    try:
        typed = _TypedEdit.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(problems_in(error, _TypedEdit, given, Where())) from error
    owed = typed.correction and typed.note and Correction(kind=typed.correction, public_note=typed.note)
    return Edit(typed.author, typed.reason, typed.kind, owed or None, roles)


def make_relation(relation: Relation, claim_id: str) -> RelatedClaim:
    """Return how a claim is tied to an earlier one.

    Raises:
        ProblemsFound: `claim_id` is no claim's name.
    """
    given = {"relation": relation.value, "claim_id": claim_id}
    try:
        return RelatedClaim.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(problems_in(error, RelatedClaim, given, Where())) from error


def make_waiver(code: str, reason: Mapping[str, str]) -> Waiver:
    """Return a waiver from what a person typed.

    Raises:
        ProblemsFound: the code is none, or there is no reason.
    """
    given = {"code": code, "reason": dict(reason)}
    try:
        return Waiver.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(problems_in(error, Waiver, given, Where())) from error
