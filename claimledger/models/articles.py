"""Articles, their editions, and the passages in them (W3C Web Annotation selectors)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Discriminator, Tag

from claimledger.errors import Problem
from claimledger.models.base import Record, Ruled, Wording
from claimledger.scalars import (
    ArticleId,
    ClaimId,
    CodePoints,
    EdtfDate,
    Language,
    Ordinal,
    Passage,
    Sha256,
    Text,
    WebAddress,
)  # fmt: skip


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


class ArticleRights(Rights):
    """What may be done with an article's text: passages of it are one thing, the whole of it another."""

    may_publish_text: bool = False
    """Whether the ledger may publish the whole text, of the newest edition alone, with the claims marked in it."""


class Span(Ruled):
    """A range of code points of the text as stored; the end is exclusive."""

    start: CodePoints
    """First code point, counted from 0."""
    end: CodePoints
    """One past the last code point."""

    def _faults(self) -> Iterator[Problem]:
        if self.end <= self.start:
            yield Problem("span-backward", field="end", end=self.end, start=self.start)


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

    @property
    def holds_text(self) -> bool:
        """Whether any part is the text itself."""
        return any(isinstance(part, str) for part in (self.prefix, self.exact, self.suffix))


def _faults_of_length(position: Span, quote: QuoteSelector) -> Iterator[Problem]:
    if (length := position.end - position.start) != quote.length:
        yield Problem("position-and-quote-differ", field="position", length=length, quoted=quote.length)


class Dismissal(Ruled):
    """A number or quotation that an editor read and left out of the claims."""

    position: Span
    """Where it stands."""
    quote: QuoteSelector
    """What it is."""
    reason: Wording
    """Why it makes no claim."""

    def _faults(self) -> Iterator[Problem]:
        yield from _faults_of_length(self.position, self.quote)


class Edition(Record):
    """One distinct text of an article."""

    edition_sha256: Sha256
    """SHA-256 of the text's bytes as stored."""
    length: CodePoints
    """Length of the text in code points, decoded as UTF-8 with no newline translation."""
    furniture: tuple[Span, ...] = ()
    """Parts of the text that are page furniture (menus, share bars, credits), not article."""
    dismissed: tuple[Dismissal, ...] = ()
    """Numbers and quotations that make no claim, with the reason."""


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
    rights: ArticleRights
    """What may be done with the text."""
    editions: tuple[Edition, ...] = ()
    """The texts of this article that were read, oldest first."""

    def _faults(self) -> Iterator[Problem]:
        if len({edition.edition_sha256 for edition in self.editions}) < len(self.editions):
            yield Problem("edition-twice", field="editions")
        quotes = [dismissal.quote for edition in self.editions for dismissal in edition.dismissed]
        if not self.rights.may_hold_text and any(quote.holds_text for quote in quotes):
            yield Problem("text-not-allowed/excluded", field="editions")


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

    def _faults(self) -> Iterator[Problem]:
        yield from _faults_of_length(self.position, self.quote)


class Appearance(PlaceInText):
    """A claim in one edition of an article, kept apart from the claim so that a moved passage changes no claim."""

    claim_id: ClaimId
    """The claim."""
