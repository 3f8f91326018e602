"""Claims with their speaker, attribution, source, quantities, evidence and verdicts; and documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from claimledger.errors import Problem
from claimledger.models.articles import PassageHash, Rights
from claimledger.models.base import Record, CheckedRecord, ShortWording, Wording
from claimledger.scalars import (
    Amount, ArticleId, ClaimId, Currency, Day, DocumentId, EdtfDate, Language, PrintedWords, VerbatimText, ProblemCode,
    Sha256, ShortText, Text, Topic, InvalidValue, UtcTime, WebAddress,
)  # fmt: skip
from claimledger.vocabulary import (
    AttributionMode, CaptureExtent, Comparator, Direction, Kind, Medium, Question, Relation, SeenExtent, SourceKind,
    SpeakerBasis, SpeakerKind, Stance, Tier, VerdictValue,
)  # fmt: skip


class Speaker(Record):
    """The person or organisation that the claim is attributed to, with their role at that moment.

    The reporter is never the speaker.
    """

    kind: SpeakerKind
    """A person, an organisation, or an unnamed speaker whom the article only describes."""
    name: Wording
    """The name by language; for an unnamed speaker, the description in the article."""
    role: Wording | None = None
    """The role at that moment."""
    organization: Wording | None = None
    """The organisation at that moment."""


class Attribution(Record):
    """The way the article quotes the claim."""

    mode: AttributionMode
    """Direct quote, paraphrase, document, or the article's own words."""
    cue: Text | None = None
    """The words that attribute the claim, as printed."""
    speaker_basis: SpeakerBasis | None = None
    """The way a reader can identify the speaker."""


class Source(Record):
    """The source that the article names for the claim.

    It is not the speaker, the publisher, the translator or the reporter.
    """

    kind: SourceKind
    """The kind of source."""
    name: Wording
    """The source's name by language."""
    published_on: EdtfDate | None = None
    """The source's date."""
    address: WebAddress | None = None
    """The source's address."""


class Quantity(CheckedRecord):
    """One figure of the claim, as printed and as a normalised value."""

    text: Text
    """The figure as printed, with qualifiers such as "about" or "at least"."""
    amount: Amount | None = None
    """The number in plain units; at most four significant digits of an endless fraction; none for "thousands"."""
    low: Amount | None = None
    """The lower end of a printed range."""
    high: Amount | None = None
    """The upper end of a printed range."""
    unit: Text | None = None
    """The counted or measured unit, in English and in the singular ("person", "percent", "times"); none for money."""
    currency: Currency | None = None
    """The ISO 4217 code; none unless the figure is money."""
    comparator: Comparator | None = None
    """The qualifier of the figure, for example about or at least; none if the printed words have none."""
    direction: Direction | None = None
    """The side of the compared value on which a difference lies."""

    def _faults(self) -> Iterator[Problem]:
        if (self.unit is None) == (self.currency is None):
            yield Problem("unit-or-currency")
        if self.amount is None and self.low is None and self.high is None:
            yield Problem("no-amount")
        if self.low is not None and self.high is not None and self.low > self.high:
            yield Problem("range-backward", field="low", low=self.low, high=self.high)


def require_unless_withheld(value: object, info: ValidationInfo) -> object:
    """Return a value, after checking that only a withheld document lacks it.

    Raises:
        InvalidValue: the value is None and the document is not withheld.
    """
    if value is None and not info.data.get("is_withheld"):
        raise InvalidValue(Problem("missing-field"))
    return value


_REQUIRED_UNLESS_WITHHELD = AfterValidator(require_unless_withheld)
"""The validator of a field that only a withheld document may lack."""


class Document(CheckedRecord):
    """A document that a checker has seen."""

    document_id: DocumentId
    """The document's permanent name in this ledger."""
    medium: Medium
    """The format of the document, for example web page or PDF."""
    is_withheld: bool = False
    """True if the document is confidential: the public record then has only its name, format and source type."""
    title: Annotated[Wording | None, Field(validate_default=True), _REQUIRED_UNLESS_WITHHELD] = None
    """The document's title; none only if the document is withheld."""
    publisher: Wording | None = None
    """The publisher."""
    language: Annotated[Language | None, Field(validate_default=True), _REQUIRED_UNLESS_WITHHELD] = None
    """The language of the document (BCP 47); none only if the document is withheld."""
    published_on: EdtfDate | None = None
    """The date the document was published."""
    address: WebAddress | None = None
    """The document's address."""
    archived_address: WebAddress | None = None
    """The address of an archived copy."""
    obtained_at: Annotated[UtcTime | None, Field(validate_default=True), _REQUIRED_UNLESS_WITHHELD] = None
    """The time at which the checker saw the document, UTC; none only if the document is withheld."""
    captured: CaptureExtent
    """The part of the document that is stored where readers can get it."""
    content_sha256: Sha256 | None = None
    """The SHA-256 of the stored bytes; only if the whole document is stored."""
    tier: Tier
    """The source type: primary source, copy of a primary source, or secondary source."""
    derives_from: tuple[DocumentId, ...] = ()
    """The documents that this one is based on. Copies of one source do not count twice."""
    rights: Rights | None = None
    """The rights to the document's bytes, if known. The ledger stores the bytes only if the rights allow it."""
    opened_on: Day | None = None
    """The day on which a checker last opened the document."""
    extent_seen: SeenExtent | None = None
    """The part of the document that a checker has read."""
    mirror_of: WebAddress | None = None
    """The original address, if `address` is a mirror of it."""

    @property
    def not_opened_since(self) -> str | None:
        """The month after which no checker opened the document again; None if someone did, or if it is withheld."""
        return self.obtained_at[:7] if self.obtained_at and not self.opened_on and self.address else None

    def _faults(self) -> Iterator[Problem]:
        if self.is_withheld:
            yield from self._withheld_faults()
            return
        if self.captured is CaptureExtent.FULL and not (self.rights and self.rights.may_hold_text):
            yield Problem("bytes-not-allowed", field="captured")
        if self.captured is CaptureExtent.FULL and self.content_sha256 is None:
            yield Problem("bytes-without-hash", field="content_sha256")
        if self.content_sha256 is not None and self.captured is not CaptureExtent.FULL:
            yield Problem("hash-without-bytes", field="content_sha256")
        if self.document_id in self.derives_from:
            yield Problem("derives-from-itself", field="derives_from")
        if self.mirror_of is not None and self.mirror_of == self.address:
            yield Problem("mirror-of-itself", field="mirror_of")

    def _withheld_faults(self) -> Iterator[Problem]:
        for name in sorted((self.to_json().keys() & Document.model_fields.keys()) - _WITHHELD_FIELDS):
            yield Problem("identity-told", field=name)
        if self.captured is not CaptureExtent.NONE:
            yield Problem("withheld-and-held", field="captured")


_WITHHELD_FIELDS = frozenset({"document_id", "medium", "tier", "captured", "is_withheld"})
"""The fields that the public record of a withheld document has."""


class EvidencePassage(Record):
    """The passage of a document that decides, described so that a reader can find it and compare it."""

    place: ShortWording
    """The place of the passage, for example its heading and paragraph, in our own words."""
    printed: PrintedWords | None = None
    """The figure and a few words, as printed."""
    whole: PassageHash | None = None
    """The length and hash of the whole passage as seen."""
    seen_on: Day | None = None
    """The day on which the passage was seen there."""


class Evidence(Record):
    """One document's relation to one claim."""

    document_id: DocumentId
    """The document."""
    stance: Stance
    """The relation to the claim: supports, contradicts or background."""
    summary: Wording
    """A summary of the document's content, in our own words."""
    excerpt: VerbatimText | None = None
    """The excerpt that the evidence is based on, as far as rights allow."""
    passage: EvidencePassage | None = None
    """The passage that decides."""


class SearchedPlace(CheckedRecord):
    """A place in which a checker searched and found nothing that bears on the question."""

    where: ShortWording | None = None
    """The place in words, for example an archive or a register."""
    address: WebAddress | None = None
    """Its address."""
    terms: ShortText | None = None
    """The terms that were searched for."""
    on: Day
    """The day of the search."""

    def _faults(self) -> Iterator[Problem]:
        if self.where is None and self.address is None:
            yield Problem("search-without-place", field="where")


class MachineWording(Record):
    """A text in one language that a language model worded."""

    language: Language
    """The language of the text."""
    model: ShortText
    """The model."""
    is_edited: bool = False
    """True if a person changed the text before it was published."""


def machine_wording_faults(found: tuple[MachineWording, ...], text: Wording) -> Iterator[Problem]:
    """Yield a fault if a language is marked twice, or is not one of the text's."""
    languages = [one.language for one in found]
    if len(set(languages)) < len(languages) or not set(languages) <= set(text):
        yield Problem("machine-wording-language", field="machine_wording")


class Verdict(CheckedRecord):
    """A checker's answer to one question about a claim."""

    question: Question
    """The question: whether the speaker really said it, or whether it is true."""
    value: VerdictValue
    """The answer."""
    rationale: Wording
    """The reasons, in our own words."""
    as_of: EdtfDate
    """The date of the knowledge that the verdict is based on."""
    recheck_after: EdtfDate | None = None
    """The date after which the verdict should be checked again."""
    searched: Annotated[tuple[SearchedPlace, ...], Field(max_length=20)] = ()
    """The places in which nothing that bears on the question was found; with any answer, never required."""
    machine_wording: Annotated[tuple[MachineWording, ...], Field(max_length=10)] = ()
    """The languages in which a language model worded the reasons."""

    def _faults(self) -> Iterator[Problem]:
        yield from machine_wording_faults(self.machine_wording, self.rationale)


class Waiver(Record):
    """A public exception to one finding of the agreement checks, with its reason."""

    code: ProblemCode
    """The code of the finding."""
    reason: Wording
    """The reason for the exception, in our own words."""


class RelatedClaim(Record):
    """A link to an earlier claim of this ledger."""

    relation: Relation
    """The relation: this claim repeats the earlier one and uses its check, contradicts it, or updates it."""
    claim_id: ClaimId
    """The earlier claim."""


class Claim(CheckedRecord):
    """One proposition of an article."""

    claim_id: ClaimId
    """The claim's permanent name: a slug and four base-32 characters, never reused."""
    article_id: ArticleId
    """The article that the claim was first taken from."""
    statement: Wording
    """The claim in our own words, by language; it can be understood without the article."""
    speaker: Speaker | None = None
    """The person or organisation that the claim is attributed to; none if the article says it in its own words."""
    attribution: Attribution
    """The way the article quotes the claim."""
    source: Source
    """The source that the article names."""
    quantities: tuple[Quantity, ...] = ()
    """The claim's figures, in the order printed."""
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    """The claim's topics, the main topic first."""
    said_on: EdtfDate | None = None
    """The date the claim was said."""
    about_on: EdtfDate | None = None
    """The period that the claim is about."""
    evidence: tuple[Evidence, ...] = ()
    """The evidence from documents."""
    verdicts: Annotated[tuple[Verdict, ...], Field(max_length=2)] = ()
    """At most one verdict for each question."""
    note: Wording | None = None
    """A public note for the reader."""
    waivers: tuple[Waiver, ...] = ()
    """The accepted exceptions to findings of the agreement checks, each code once."""
    relations: tuple[RelatedClaim, ...] = ()
    """Earlier claims of this ledger that this claim is related to, each once."""
    machine_wording: Annotated[tuple[MachineWording, ...], Field(max_length=10)] = ()
    """The languages in which a language model worded the statement."""

    @property
    def kind(self) -> Kind:
        """The kind of claim: with a figure, with a speaker, with both, or with neither (a dated event)."""
        if self.quantities:
            return Kind.QUANTITATIVE if self.speaker is None else Kind.BOTH
        return Kind.EVENT if self.speaker is None else Kind.ATTRIBUTED

    def verdict_on(self, question: Question) -> VerdictValue | None:
        """Return the published verdict on `question`, or None."""
        for verdict in self.verdicts:
            if verdict.question is question:
                return verdict.value
        return None

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
        yield from machine_wording_faults(self.machine_wording, self.statement)
