"""Versions of records: the public revision, a body of the log, and the change that leads to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from claimledger.models.articles import Appearance, Article
from claimledger.models.base import Record, Wording
from claimledger.models.claims import Claim, Document
from claimledger.scalars import Actor, Nonce, Ordinal, Sha256, Text, UtcTime, frozen, thawed
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

Subjects = Article | Claim | Appearance | Document
MODELS: Mapping[Subject, type[Article | Claim | Appearance | Document]] = {
    Subject.ARTICLE: Article, Subject.CLAIM: Claim, Subject.APPEARANCE: Appearance, Subject.DOCUMENT: Document,
}  # fmt: skip


_TOLD_BY = (("editions", Subject.ARTICLE), ("position", Subject.APPEARANCE), ("statement", Subject.CLAIM),
            ("medium", Subject.DOCUMENT))  # fmt: skip
"""A field that only records of this subject have."""


def _subject_of(record: object) -> str | None:
    """Return what a record, or the JSON of one, is a record of, so that it is read as nothing else."""
    if isinstance(record, dict):
        return next((subject.value for field, subject in _TOLD_BY if field in record), Subject.ARTICLE.value)
    return next((subject.value for subject, model in MODELS.items() if isinstance(record, model)), None)


AnyRecord = Annotated[
    Annotated[Article, Tag("article")]
    | Annotated[Claim, Tag("claim")]
    | Annotated[Appearance, Tag("appearance")]
    | Annotated[Document, Tag("document")],
    Discriminator(_subject_of),
]


def key_of(record: Subjects) -> str:
    """Return the name a record's revisions are chained under.

    An appearance's holds its claim, twelve digits of its edition's hash and, from the second on, its place.
    """
    match record:
        case Article():
            return record.article_id
        case Claim():
            return record.claim_id
        case Document():
            return record.document_id
        case Appearance():
            place = f".{record.place}" if record.place > 1 else ""
            return f"{record.claim_id}@{record.edition_sha256[:12]}{place}"


class Correction(Record):
    """What a correction owes its readers; what it said and says stands in the revisions themselves."""

    kind: CorrectionKind
    """What the correction changed."""
    public_note: Wording
    """The note readers see."""


class Revision(Record):
    """One public version of a record: a body of the log."""

    format: Literal[1]
    """Version of this form."""
    nonce: Nonce
    """16 random bytes in hexadecimal, so that a redacted body cannot be guessed from its hash."""
    number: Ordinal
    """Position in the log, from 1."""
    subject: Subject
    """What it is a version of."""
    key: str
    """The record's permanent name."""
    revision: Ordinal
    """Version of the record, from 1."""
    prev: Sha256 | None = None
    """Hash of the record's version before; none for the first."""
    kind: RevisionKind
    """What it does."""
    recorded_at: UtcTime
    """When it became public, UTC; all revisions of one act share it."""
    authors: Annotated[tuple[Actor, ...], Field(min_length=1)]
    """Whose drafts went into it, the proposer first."""
    approver: Actor
    """Who approved it; never one of the authors."""
    reason: Text
    """Why."""
    record: AnyRecord
    """The whole record as it now stands."""
    correction: Correction | None = None
    """What a correction owes its readers; with kind `correction` alone."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not isinstance(self.record, MODELS[self.subject]) or key_of(self.record) != self.key:
            raise ValueError("'subject' and 'key' must be those of 'record'")
        if (self.prev is None) != (self.revision == 1):
            raise ValueError("'prev' is absent in revision 1 and nowhere else")
        if (self.kind is RevisionKind.LISTED) != (self.revision == 1):
            raise ValueError("the first revision is 'listed', and only the first")
        if (self.kind is RevisionKind.CORRECTION) != (self.correction is not None):
            raise ValueError("'correction' goes with the kind 'correction'")
        if self.approver in self.authors:
            raise ValueError("'approver' must not be one of 'authors'")
        return self


class Change(Record):
    """The one form in which a claim file, a web form, a CSV row or an import reaches the ledger."""

    subject: Subject
    """What is changed."""
    key: str
    """The record's permanent name."""
    base: Sha256 | None
    """Hash of the public revision the author saw; none for a new record."""
    fields: Annotated[Mapping[str, Any], AfterValidator(frozen), PlainSerializer(thawed)]
    """Top-level field to its new JSON value; null takes the field away."""
