"""Versions of records: the public revision (a body of the log), and the change that leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from claimledger.models.aliases import Alias
from claimledger.models.articles import Appearance, Article
from claimledger.models.base import Record, Wording
from claimledger.models.claims import Claim, Document
from claimledger.models.earlier_checks import EarlierCheck
from claimledger.scalars import Actor, Nonce, Ordinal, RecordName, Sha256, Text, UtcTime, freeze, thaw
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

LedgerRecord = Article | Claim | Appearance | Document | Alias | EarlierCheck
MODELS: Mapping[Subject, type[LedgerRecord]] = {
    Subject.ARTICLE: Article, Subject.CLAIM: Claim, Subject.APPEARANCE: Appearance, Subject.DOCUMENT: Document,
    Subject.ALIAS: Alias, Subject.EARLIER_CHECK: EarlierCheck,
}  # fmt: skip


_SUBJECT_FIELDS = (
    ("editions", "article"), ("position", "appearance"), ("statement", "claim"), ("medium", "document"),
    ("names", "alias"), ("rating", "earlier_check"),
)  # fmt: skip
"""The field that identifies a record's subject, and the tag of the subject. Only records of that subject have it."""


def _subject_tag(record: object) -> str | None:
    """Return the subject tag of a record or of its JSON, so that pydantic reads it as that model only."""
    if isinstance(record, dict):
        for field, tag in _SUBJECT_FIELDS:
            if field in record:
                return tag
        return "article"
    return next((subject.value for subject, model in MODELS.items() if isinstance(record, model)), None)


AnyRecord = Annotated[
    Annotated[Article, Tag("article")]
    | Annotated[Claim, Tag("claim")]
    | Annotated[Appearance, Tag("appearance")]
    | Annotated[Document, Tag("document")]
    | Annotated[Alias, Tag("alias")]
    | Annotated[EarlierCheck, Tag("earlier_check")],
    Discriminator(_subject_tag),
]


def record_key(record: LedgerRecord) -> str:
    """Return the permanent name under which a record's revisions are chained.

    The key of an appearance has the claim and twelve digits of the edition's hash. From the second passage of a claim
    on, it has the passage's number, too.
    """
    match record:
        case Article():
            return record.article_id
        case Claim():
            return record.claim_id
        case Document():
            return record.document_id
        case Alias():
            return record.alias_id
        case EarlierCheck():
            return record.earlier_check_id
        case Appearance():
            place = f".{record.place}" if record.place > 1 else ""
            return f"{record.claim_id}@{record.edition_sha256[:12]}{place}"


class Correction(Record):
    """The public explanation of a correction. The revisions themselves contain the old and the new text."""

    kind: CorrectionKind
    """The kind of correction."""
    public_note: Wording
    """The note that readers see."""


class Revision(Record):
    """One public version of a record: a body of the log."""

    format: Literal[1]
    """The version of this format."""
    nonce: Nonce
    """16 random bytes in hexadecimal, so that a redacted body cannot be guessed from its hash."""
    number: Ordinal
    """The position in the log, from 1."""
    subject: Subject
    """The kind of record."""
    key: str
    """The record's permanent name."""
    revision: Ordinal
    """The version of the record, from 1."""
    prev: Sha256 | None = None
    """The hash of the record's previous version; none for the first."""
    kind: RevisionKind
    """The kind of revision, for example listed, update or correction."""
    recorded_at: UtcTime
    """The time of publication, UTC; all revisions of one action share it."""
    authors: Annotated[tuple[Actor, ...], Field(min_length=1)]
    """The authors of the drafts that the revision is based on, the proposer first."""
    approver: Actor
    """The approver; never one of the authors."""
    reason: Text
    """The reason for the revision."""
    record: AnyRecord
    """The whole record in this version."""
    correction: Correction | None = None
    """The explanation of a correction; only with the kind `correction`."""
    reasons: Wording | None = None
    """The reason by language, if it was written in several; `reason` is one of them."""
    approver_role: RecordName | None = None
    """The role by which the approver approved, for example `editor`."""
    role_granted_by: Actor | None = None
    """The person who gave the approver this role; the approver, if they gave it to themselves."""

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if not isinstance(self.record, MODELS[self.subject]) or record_key(self.record) != self.key:
            raise ValueError("'subject' and 'key' must be those of 'record'")
        if (self.prev is None) != (self.revision == 1):
            raise ValueError("'prev' is absent in revision 1, and only there")
        if (self.kind is RevisionKind.LISTED) != (self.revision == 1):
            raise ValueError("the first revision is 'listed', and only the first")
        if (self.kind is RevisionKind.CORRECTION) != (self.correction is not None):
            raise ValueError("'correction' goes with the kind 'correction'")
        if self.reasons is not None and self.reason not in self.reasons.values():
            raise ValueError("'reason' must be one of 'reasons'")
        if self.role_granted_by is not None and self.approver_role is None:
            raise ValueError("'role_granted_by' goes with 'approver_role'")
        if self.approver in self.authors:
            raise ValueError("'approver' must not be one of 'authors'")
        return self


class Change(Record):
    """A change of a record. Claim files, web forms, CSV rows and imports all reach the ledger in this form."""

    subject: Subject
    """The kind of the changed record."""
    key: str
    """The record's permanent name."""
    base: Sha256 | None
    """The hash of the public revision that the author saw; none for a new record."""
    fields: Annotated[Mapping[str, Any], AfterValidator(freeze), PlainSerializer(thaw)]
    """Top-level field names mapped to their new JSON values; null removes the field."""
