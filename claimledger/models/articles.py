"""Articles, their editions, and the passages in them (W3C Web Annotation selectors)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Discriminator, Tag

from claimledger.errors import Problem
from claimledger.models.base import Record, CheckedRecord, Wording
from claimledger.scalars import (
    ArticleId, ClaimId, CodePoints, EdtfDate, Language, Ordinal, VerbatimText, Sha256, Text, WebAddress,
)  # fmt: skip


class CreditedPerson(Record):
    """A person in the article's own credits, for example an author or a translator."""

    name: Wording
    """The name by language; `en` is the form the person uses in English, `zh` or another the original."""


class Publication(Record):
    """The publication in which a translated or reprinted article first appeared."""

    publisher: Wording
    """The publication's name by language."""
    headline: Wording | None = None
    """The headline in that publication."""
    issue: Text | None = None
    """The issue as printed."""
    published_on: EdtfDate | None = None
    """The date it was published there, as precisely as it is known."""
    address: WebAddress | None = None
    """The address of the original."""


class Rights(Record):
    """The rights to a text: their holder, and the uses that the holder allows."""

    holder: Wording
    """The holder of the rights."""
    statement: Wording
    """The uses that the holder allows or forbids, in our own words."""
    may_hold_text: bool = False
    """True if the ledger may store passages of the text; if not, selectors have only lengths and hashes."""


class ArticleRights(Rights):
    """The rights to an article's text. Passages and the whole text are allowed separately."""

    may_publish_text: bool = False
    """True if the ledger may publish the whole text of the newest edition, with the claims marked in it."""


class Span(CheckedRecord):
    """A range of code points of the stored text; the end is exclusive."""

    start: CodePoints
    """The first code point, counted from 0."""
    end: CodePoints
    """One past the last code point."""

    def _faults(self) -> Iterator[Problem]:
        if self.end <= self.start:
            yield Problem("span-backward", field="end", end=self.end, start=self.start)


class PassageHash(Record):
    """The length and hash of a passage whose text the rights do not allow."""

    length: Ordinal
    """The length in code points."""
    sha256: Sha256
    """The SHA-256 of the passage in UTF-8."""


def _part_tag(part: object) -> str | None:
    """Return the tag of a quotation part for pydantic: a text, a hash, or None for anything else."""
    return "a text" if isinstance(part, str) else "a hash" if isinstance(part, dict | PassageHash) else None


QuotePart = Annotated[
    Annotated[VerbatimText, Tag("a text")] | Annotated[PassageHash, Tag("a hash")], Discriminator(_part_tag)
]


class QuoteSelector(Record):
    """W3C Web Annotation Text Quote Selector; each part is the text itself, or its length and hash."""

    exact: QuotePart
    """The passage."""
    prefix: QuotePart | None = None
    """Up to 32 code points before it; none at the start of the text."""
    suffix: QuotePart | None = None
    """Up to 32 code points after it; none at the end of the text."""

    @property
    def length(self) -> int:
        """The length of the passage in code points."""
        return self.exact.length if isinstance(self.exact, PassageHash) else len(self.exact)

    @property
    def has_text(self) -> bool:
        """True if any part is the text itself."""
        return any(isinstance(part, str) for part in (self.prefix, self.exact, self.suffix))


def _length_faults(position: Span, quote: QuoteSelector) -> Iterator[Problem]:
    if (length := position.end - position.start) != quote.length:
        yield Problem("position-and-quote-differ", field="position", length=length, quoted=quote.length)


class Dismissal(CheckedRecord):
    """A number or quotation that an editor read and excluded from the claims."""

    position: Span
    """The position of the number or quotation."""
    quote: QuoteSelector
    """The number or quotation."""
    reason: Wording
    """The reason it is not a claim."""

    def _faults(self) -> Iterator[Problem]:
        yield from _length_faults(self.position, self.quote)


class Edition(Record):
    """One distinct text of an article."""

    edition_sha256: Sha256
    """The SHA-256 of the text's bytes as stored."""
    length: CodePoints
    """The length of the text in code points, decoded as UTF-8 with no newline translation."""
    furniture: tuple[Span, ...] = ()
    """The parts of the text that are page furniture (menus, share bars, credits) and not article."""
    dismissed: tuple[Dismissal, ...] = ()
    """The numbers and quotations that are not claims, with the reasons."""


class Article(CheckedRecord):
    """The text that the claims are taken from (schema.org NewsArticle)."""

    article_id: ArticleId
    """The article's permanent name in this ledger."""
    headline: Wording
    """The headline as printed, and its translation into the other language."""
    publisher: Wording
    """The publication that printed it."""
    issue: Text | None = None
    """The issue as printed."""
    published_on: EdtfDate
    """The date it was published."""
    language: Language
    """The language the text is written in (BCP 47)."""
    section: Wording | None = None
    """The section or series it belongs to."""
    authors: tuple[CreditedPerson, ...] = ()
    """The authors, in the order printed."""
    translators: tuple[CreditedPerson, ...] = ()
    """The translators."""
    original: Publication | None = None
    """The original publication, if the article is a translation or a reprint."""
    address: WebAddress | None = None
    """The article's address."""
    rights: ArticleRights
    """The rights to the text."""
    editions: tuple[Edition, ...] = ()
    """The texts of this article that were read, oldest first."""

    def _faults(self) -> Iterator[Problem]:
        if len({edition.edition_sha256 for edition in self.editions}) < len(self.editions):
            yield Problem("edition-twice", field="editions")
        quotes = [dismissal.quote for edition in self.editions for dismissal in edition.dismissed]
        if not self.rights.may_hold_text and any(quote.has_text for quote in quotes):
            yield Problem("text-not-allowed/excluded", field="editions")


class EditionPassage(CheckedRecord):
    """A passage of one edition of an article, given by its position and its quotation."""

    article_id: ArticleId
    """The article."""
    edition_sha256: Sha256
    """The edition, by the hash of its text."""
    place: Ordinal = 1
    """The number of the claim's passage in this edition: 1 for the first that was recorded."""
    position: Span
    """W3C Text Position Selector: the position of the passage."""
    quote: QuoteSelector
    """W3C Text Quote Selector: the words of the passage."""

    def _faults(self) -> Iterator[Problem]:
        yield from _length_faults(self.position, self.quote)


class Appearance(EditionPassage):
    """A claim in one edition of an article, kept separate so that a moved passage does not change the claim."""

    claim_id: ClaimId
    """The claim."""
