"""The records of the ledger: frozen, strict models that refuse unknown keys; one that exists is valid.

In: JSON (log bodies) or the plain values of a claim file. Out: the same, `to_json` for the log and for print.
Amounts are Decimal, calendar dates are EDTF level 0 (ISO 8601-2:2019), times are UTC with milliseconds, offsets count
code points of the text as stored, and text is NFC. The docstring under each field is its description everywhere.
A default is never changed and a field never renamed: the log omits what equals its default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, PlainSerializer, Tag, model_validator

from claimledger.scalars import (
    Actor, Amount, ArticleId, ClaimId, CodePoints, Currency, DocumentId, EdtfDate, Fault, FrozenMap, Language,
    Nonce, Ordinal, Passage, Sha256, Text, Topic, Unfit, UtcTime, WebAddress, frozen, thawed,
)  # fmt: skip
from claimledger.vocabulary import (
    AttributionMode, Captured, Comparator, CorrectionKind, Direction, Kind, Medium, Question, RevisionKind,
    SourceKind, SpeakerBasis, SpeakerKind, Stance, Subject, Tier, VerdictValue,
)  # fmt: skip

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

    def _faults(self) -> Iterator[Fault]:
        """Yield each rule that is broken, with the field to look at."""
        raise NotImplementedError


class Person(Record):
    """Somebody named in the article's own credits: an author, a translator."""

    name: Wording
    """The name by language; `en` is the form the person uses in English, `zh` or another the original."""


class Publication(Record):
    """The publication a translated or reprinted article first stood in."""

    publisher: Wording
    """The publication's name by language."""
    headline: Wording | None = None
    """The headline there."""
    issue: Text | None = None
    """The issue as printed."""
    published_on: EdtfDate | None = None
    """The date it was published there, as far as it is known."""
    address: WebAddress | None = None
    """Its address."""


class Rights(Record):
    """What may be done with the article's text."""

    holder: Wording
    """Who holds the rights."""
    statement: Wording
    """What the holder allows or forbids, in our own words."""
    may_hold_text: bool = False
    """Whether the ledger may hold passages of the text; if not, selectors hold lengths and hashes alone."""


class Span(Ruled):
    """A range of code points of the text as stored; the end is exclusive."""

    start: CodePoints
    """First code point, counted from 0."""
    end: CodePoints
    """One past the last code point."""

    def _faults(self) -> Iterator[Fault]:
        if self.end <= self.start:
            yield Fault("span-backward", f"It ends at {self.end} and begins at {self.start}.", "Swap the two.", "end")


class Edition(Record):
    """One distinct text of an article."""

    edition_sha256: Sha256
    """SHA-256 of the text's bytes as stored."""
    length: CodePoints
    """Length of the text in code points, decoded as UTF-8 with no newline translation."""
    furniture: tuple[Span, ...] = ()
    """Parts of the text that are page furniture (menus, share bars, credits), not article."""


class Article(Ruled):
    """The text the claims stand in (schema.org NewsArticle)."""

    article_id: ArticleId
    """The article's name in this ledger, given once."""
    headline: Wording
    """The headline as printed, and what it says in the other language."""
    publisher: Wording
    """The publication it stands in."""
    issue: Text | None = None
    """The issue as printed."""
    published_on: EdtfDate
    """The date it was published."""
    language: Language
    """The language the text is written in (BCP 47)."""
    section: Wording | None = None
    """The section or series it belongs to."""
    authors: tuple[Person, ...] = ()
    """Who wrote it, in the order printed."""
    translators: tuple[Person, ...] = ()
    """Who translated it."""
    original: Publication | None = None
    """Where it first stood, if it is a translation or a reprint."""
    address: WebAddress | None = None
    """Its address."""
    rights: Rights
    """What may be done with the text."""
    editions: tuple[Edition, ...] = ()
    """The texts of this article that were read, oldest first."""

    def _faults(self) -> Iterator[Fault]:
        if len({edition.edition_sha256 for edition in self.editions}) < len(self.editions):
            yield Fault("edition-twice", "Two editions have the same text.", "Keep one of them.", "editions")


class PassageHash(Record):
    """A passage known by its length and hash alone, where rights forbid its text."""

    length: Ordinal
    """Length in code points."""
    sha256: Sha256
    """SHA-256 of the passage in UTF-8."""


def _form(part: object) -> str | None:
    """Return by which of the two forms a part of a quotation is to be judged."""
    return "a text" if isinstance(part, str) else "a hash" if isinstance(part, dict | PassageHash) else None


Part = Annotated[Annotated[Passage, Tag("a text")] | Annotated[PassageHash, Tag("a hash")], Discriminator(_form)]


class QuoteSelector(Record):
    """W3C Web Annotation Text Quote Selector; each part is the text itself, or its length and hash."""

    exact: Part
    """The passage."""
    prefix: Part | None = None
    """Up to 32 code points before it; none at the start of the text."""
    suffix: Part | None = None
    """Up to 32 code points after it; none at the end of the text."""

    @property
    def length(self) -> int:
        """Length of the passage in code points."""
        return self.exact.length if isinstance(self.exact, PassageHash) else len(self.exact)


class PlaceInText(Ruled):
    """A passage of one edition of an article: where it stands and what it is."""

    article_id: ArticleId
    """The article."""
    edition_sha256: Sha256
    """The edition, by the hash of its text."""
    place: Ordinal = 1
    """Which of the claim's passages in this edition: 1 for the first that was recorded."""
    position: Span
    """W3C Text Position Selector: where the passage stands."""
    quote: QuoteSelector
    """What the passage is."""

    def _faults(self) -> Iterator[Fault]:
        if (length := self.position.end - self.position.start) != self.quote.length:
            sentence = f"The position has {length} code points, the quotation {self.quote.length}."
            yield Fault("position-and-quote-differ", sentence, "Let 'claimledger new' measure the passage.", "position")


class Appearance(PlaceInText):
    """A claim in one edition of an article, kept apart from the claim so that a moved passage changes no claim."""

    claim_id: ClaimId
    """The claim."""


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

    def _faults(self) -> Iterator[Fault]:
        if (self.unit is None) == (self.currency is None):
            yield Fault("unit-or-currency", "A figure has a unit, or a currency if it is money.", "Give exactly one.")
        if self.amount is None and self.low is None and self.high is None:
            yield Fault("no-amount", "The figure has no number.", "Give 'amount'; for a range 'low' and 'high'.")
        if self.low is not None and self.high is not None and self.low > self.high:
            yield Fault("range-backward", f"'low' ({self.low}) is above 'high' ({self.high}).", "Swap them.", "low")


class Document(Ruled):
    """Something a checker has seen."""

    document_id: DocumentId
    """The document's name in this ledger, given once."""
    medium: Medium
    """What it is."""
    title: Wording
    """Its title."""
    publisher: Wording | None = None
    """Who published it."""
    language: Language
    """The language it is written in (BCP 47)."""
    published_on: EdtfDate | None = None
    """The date it was published."""
    address: WebAddress | None = None
    """Its address."""
    archived_address: WebAddress | None = None
    """The address of an archived copy."""
    obtained_at: UtcTime
    """When the checker saw it, UTC."""
    captured: Captured
    """How much of it is held."""
    content_sha256: Sha256 | None = None
    """SHA-256 of the bytes held; only when the whole document is held."""
    tier: Tier
    """How near it stands to the fact."""
    derives_from: tuple[DocumentId, ...] = ()
    """Documents it rests on; copies of one source do not count twice."""

    def _faults(self) -> Iterator[Fault]:
        if self.content_sha256 is not None and self.captured is not Captured.FULL:
            yield Fault("hash-without-bytes", "Only what is held in full is hashed.", "Take it away.", "content_sha256")
        if self.document_id in self.derives_from:
            yield Fault("derives-from-itself", "It cannot rest on itself.", "Take its own name out.", "derives_from")


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

    @property
    def kind(self) -> Kind:
        """What makes it a claim: a figure, a speaker, both, or neither (a dated happening)."""
        if self.quantities:
            return Kind.QUANTITATIVE if self.speaker is None else Kind.BOTH
        return Kind.EVENT if self.speaker is None else Kind.ATTRIBUTED

    def verdict_on(self, question: Question) -> VerdictValue | None:
        """Return the published answer to `question`, if there is one."""
        return next((verdict.value for verdict in self.verdicts if verdict.question is question), None)

    def _faults(self) -> Iterator[Fault]:
        if (self.speaker is None) != (self.attribution.mode is AttributionMode.NARRATION):
            sentence = f"The mode is '{self.attribution.mode}', and there is {'a' if self.speaker else 'no'} speaker."
            yield Fault("mode-and-speaker", sentence, "Only narration has none, all else has one.", "attribution.mode")
        if (self.speaker is None) != (self.attribution.speaker_basis is None):
            remedy = "With a speaker write explicit, pronoun or carried; without one, nothing."
            yield Fault("speaker-and-basis", "It goes with a speaker.", remedy, "attribution.speaker_basis")
        if self.kind is Kind.EVENT and self.about_on is None:
            remedy = "Add 'about_on', a figure or a speaker."
            yield Fault("happening-without-date", "A happening needs its date.", remedy, "about_on")
        if len({verdict.question for verdict in self.verdicts}) < len(self.verdicts):
            yield Fault("question-twice", "Two verdicts answer one question.", "Keep one of them.", "verdicts")


Subjects = Article | Claim | Appearance | Document
MODELS: Mapping[Subject, type[Article | Claim | Appearance | Document]] = {
    Subject.ARTICLE: Article, Subject.CLAIM: Claim, Subject.APPEARANCE: Appearance, Subject.DOCUMENT: Document,
}  # fmt: skip


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
    record: Subjects
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
