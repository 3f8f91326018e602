"""Claims and what belongs to them: speaker, attribution, source, quantities, evidence, verdicts; documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from claimledger.errors import Problem
from claimledger.models.articles import Rights
from claimledger.models.base import Record, Ruled, Wording
from claimledger.scalars import (
    Amount,
    ArticleId,
    ClaimId,
    Currency,
    DocumentId,
    EdtfDate,
    Language,
    Passage,
    ProblemCode,
    Sha256,
    Text,
    Topic,
    Unfit,
    UtcTime,
    WebAddress,
)  # fmt: skip
from claimledger.vocabulary import (
    AttributionMode,
    Captured,
    Comparator,
    Direction,
    Kind,
    Medium,
    Question,
    Relation,
    SourceKind,
    SpeakerBasis,
    SpeakerKind,
    Stance,
    Tier,
    VerdictValue,
)  # fmt: skip


class Speaker(Record):
    """Who is said to assert the claim, with the role and organisation of that moment; never the reporter."""

    kind: SpeakerKind
    """A person, an organisation, or somebody the article only describes."""
    name: Wording
    """The name by language; for somebody anonymous, the description the article gives."""
    role: Wording | None = None
    """The role at that moment."""
    organization: Wording | None = None
    """The organisation at that moment."""


class Attribution(Record):
    """How the article brings the claim."""

    mode: AttributionMode
    """Direct or indirect quotation, a document, or the article's own voice."""
    cue: Text | None = None
    """The words that attribute it, as printed."""
    speaker_basis: SpeakerBasis | None = None
    """How the reader knows the speaker."""


class Source(Record):
    """Where the article has the claim from; not the speaker, the publisher, the translator or the reporter."""

    kind: SourceKind
    """What it is."""
    name: Wording
    """Its name by language."""
    published_on: EdtfDate | None = None
    """Its date."""
    address: WebAddress | None = None
    """Its address."""


class Quantity(Ruled):
    """One figure of the claim, as printed and as normalised."""

    text: Text
    """The figure as printed, with the words that bound it."""
    amount: Amount | None = None
    """The number in plain units; a fraction no decimal holds has four significant digits; none for "thousands"."""
    low: Amount | None = None
    """The lower end of a printed range."""
    high: Amount | None = None
    """The upper end of a printed range."""
    unit: Text | None = None
    """What is counted, in English and in the singular ("person", "percent", "times"); none for money."""
    currency: Currency | None = None
    """ISO 4217 code; none unless it is money."""
    comparator: Comparator | None = None
    """How the printed words bound it; none if the figure stands as it is."""
    direction: Direction | None = None
    """Which side of the compared value a difference lies on."""

    def _faults(self) -> Iterator[Problem]:
        if (self.unit is None) == (self.currency is None):
            yield Problem("unit-or-currency")
        if self.amount is None and self.low is None and self.high is None:
            yield Problem("no-amount")
        if self.low is not None and self.high is not None and self.low > self.high:
            yield Problem("range-backward", field="low", low=self.low, high=self.high)


def _told_unless_withheld(value: object, info: ValidationInfo) -> object:
    if value is None and not info.data.get("is_withheld"):
        raise Unfit(Problem("missing-field"))
    return value


_TOLD = AfterValidator(_told_unless_withheld)
"""Of a field that only a withheld document lacks."""


class Document(Ruled):
    """Something a checker has seen."""

    document_id: DocumentId
    """The document's name in this ledger, given once."""
    medium: Medium
    """What it is."""
    is_withheld: bool = False
    """Whether it is confidential: the record says that there is one, what it is and how near the fact, no more."""
    title: Annotated[Wording | None, Field(validate_default=True), _TOLD] = None
    """Its title; only one that is withheld has none."""
    publisher: Wording | None = None
    """Who published it."""
    language: Annotated[Language | None, Field(validate_default=True), _TOLD] = None
    """The language it is written in (BCP 47); only one that is withheld has none."""
    published_on: EdtfDate | None = None
    """The date it was published."""
    address: WebAddress | None = None
    """Its address."""
    archived_address: WebAddress | None = None
    """The address of an archived copy."""
    obtained_at: Annotated[UtcTime | None, Field(validate_default=True), _TOLD] = None
    """When the checker saw it, UTC; only one that is withheld does not say."""
    captured: Captured
    """How much of it is held where readers get it."""
    content_sha256: Sha256 | None = None
    """SHA-256 of the bytes held; only when the whole document is held."""
    tier: Tier
    """How near it stands to the fact."""
    derives_from: tuple[DocumentId, ...] = ()
    """Documents it rests on; copies of one source do not count twice."""
    rights: Rights | None = None
    """What may be done with its bytes, where that was found out; the ledger holds them only if they allow it."""

    def _faults(self) -> Iterator[Problem]:
        if self.is_withheld:
            yield from self._faults_of_withheld()
            return
        if self.captured is Captured.FULL and not (self.rights and self.rights.may_hold_text):
            yield Problem("bytes-not-allowed", field="captured")
        if self.captured is Captured.FULL and self.content_sha256 is None:
            yield Problem("bytes-without-hash", field="content_sha256")
        if self.content_sha256 is not None and self.captured is not Captured.FULL:
            yield Problem("hash-without-bytes", field="content_sha256")
        if self.document_id in self.derives_from:
            yield Problem("derives-from-itself", field="derives_from")

    def _faults_of_withheld(self) -> Iterator[Problem]:
        for name in sorted((self.to_json().keys() & Document.model_fields.keys()) - _OF_WITHHELD):
            yield Problem("identity-told", field=name)
        if self.captured is not Captured.NONE:
            yield Problem("withheld-and-held", field="captured")


_OF_WITHHELD = frozenset({"document_id", "medium", "tier", "captured", "is_withheld"})
"""The fields that a withheld document has in public."""


class Evidence(Record):
    """What one document says about one claim."""

    document_id: DocumentId
    """The document."""
    stance: Stance
    """Whether it supports or refutes the claim, or gives context."""
    summary: Wording
    """What the document says, in our own words."""
    excerpt: Passage | None = None
    """The passage relied on, as far as rights allow."""


class Verdict(Record):
    """A checker's answer to one question about a claim."""

    question: Question
    """What it answers: whether the speaker said it, or whether it is so."""
    value: VerdictValue
    """The answer."""
    rationale: Wording
    """Why, in our own words."""
    as_of: EdtfDate
    """The day whose knowledge it rests on."""
    recheck_after: EdtfDate | None = None
    """The day after which it should be looked at again."""


class Waiver(Record):
    """Why a finding of the agreement checks is let stand; a public act."""

    code: ProblemCode
    """The finding's code."""
    reason: Wording
    """Why it stands, in our own words."""


class RelatedClaim(Record):
    """A claim of this ledger that was there before."""

    relation: Relation
    """Whether the claim repeats it and rests on its check, contradicts it, or says what holds since."""
    claim_id: ClaimId
    """The earlier claim."""


class Claim(Ruled):
    """One proposition of an article."""

    claim_id: ClaimId
    """The claim's permanent name: a slug and four base-32 characters, given once, never reused."""
    article_id: ArticleId
    """The article it was first taken from."""
    statement: Wording
    """The claim in our own words by language; it stands alone."""
    speaker: Speaker | None = None
    """Who is said to assert it; none when the article says it in its own voice."""
    attribution: Attribution
    """How the article brings it."""
    source: Source
    """Where the article has it from."""
    quantities: tuple[Quantity, ...] = ()
    """Its figures, in the order printed."""
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    """What it is about, the chief topic first."""
    said_on: EdtfDate | None = None
    """When it was uttered."""
    about_on: EdtfDate | None = None
    """The period it speaks of."""
    evidence: tuple[Evidence, ...] = ()
    """What documents say about it."""
    verdicts: Annotated[tuple[Verdict, ...], Field(max_length=2)] = ()
    """At most one answer a question."""
    note: Wording | None = None
    """A public note for the reader."""
    waivers: tuple[Waiver, ...] = ()
    """The findings of the agreement checks that are let stand, each code once."""
    relations: tuple[RelatedClaim, ...] = ()
    """Earlier claims of this ledger it is tied to, each once."""

    @property
    def kind(self) -> Kind:
        """What makes it a claim: a figure, a speaker, both, or neither (a dated happening)."""
        if self.quantities:
            return Kind.QUANTITATIVE if self.speaker is None else Kind.BOTH
        return Kind.EVENT if self.speaker is None else Kind.ATTRIBUTED

    def verdict_on(self, question: Question) -> VerdictValue | None:
        """Return the published answer to `question`, if there is one."""
        return next((verdict.value for verdict in self.verdicts if verdict.question is question), None)

    def _faults(self) -> Iterator[Problem]:
        if (self.speaker is None) != (self.attribution.mode is AttributionMode.NARRATION):
            key = "mode-and-speaker" if self.speaker else "mode-and-speaker/none"
            yield Problem(key, field="attribution.mode", mode=self.attribution.mode)
        if (self.speaker is None) != (self.attribution.speaker_basis is None):
            yield Problem("speaker-and-basis", field="attribution.speaker_basis", words=tuple(SpeakerBasis))
        if self.kind is Kind.EVENT and self.about_on is None:
            yield Problem("happening-without-date", field="about_on")
        if len({verdict.question for verdict in self.verdicts}) < len(self.verdicts):
            yield Problem("question-twice", field="verdicts")
        if len({waiver.code for waiver in self.waivers}) < len(self.waivers):
            yield Problem("waived-twice", field="waivers")
        related = [one.claim_id for one in self.relations]
        if self.claim_id in related:
            yield Problem("related-to-itself", field="relations")
        if len(set(related)) < len(related):
            yield Problem("related-twice", field="relations")
