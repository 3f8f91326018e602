"""ClaimReviews in, as the field really publishes them: whatever the document, records and a note on each loss.

In: the bytes of JSON, JSON Lines or a web page: schema.org ClaimReview, alone, in lists, graphs and feeds, or Google's
Fact Check Tools. Out: `ClaimReview` records and notes (code, path, before, after). The invariants: no document brings
it to a fault; a rating is kept as it was written; each value that a record does not hold as it stands has a note.
It knows no network, no file system and no ledger. docs/claimreview.md names the shapes and where they were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from claimledger.foreign_reviews import review_values
from claimledger.foreign_reviews.import_notes import CODES, Meaning, Note
from claimledger.foreign_reviews.json_documents import LIMIT, shown, values_of
from claimledger.foreign_reviews.review_finder import Found, Path, Shape, reviews_in
from claimledger.foreign_reviews.review_item import Item
from claimledger.foreign_reviews.review_values import Read
from claimledger.models import ClaimReview, Party, ReviewRating, Work
from claimledger.vocabulary import SpeakerKind

__all__ = ["CODES", "LIMIT", "Meaning", "Note", "TakenIn", "read_claim_reviews"]

Way = tuple[str, ...]


class TakenIn(NamedTuple):
    """What a document gave."""

    reviews: tuple[ClaimReview, ...]
    """The reviews, in the order of the document, each once."""
    notes: tuple[Note, ...]
    """What was not simply taken as it stands, review by review."""
    found: int
    """How many reviews stand in the document, those left out too."""


class _Ways(NamedTuple):
    """Where a shape has the parts of a review; of several places the first is the right one."""

    claim: Sequence[Way]
    language: Sequence[Way]
    url: Sequence[Way]
    title: Sequence[Way]
    reviewed_on: Sequence[Way]
    changed_on: Sequence[Way]
    body: Sequence[Way]
    claimed_on: Sequence[Way]
    rating: Way
    """The map of the rating; of several ratings the first is kept, and nothing of the others."""
    label: Sequence[Way]
    """The rating in words, below `rating`."""
    reviewer: Sequence[Way]
    claimants: Way
    appearances: Sequence[Way]
    first_appearance: Sequence[Way]
    citations: Sequence[Way]


_CLAIM = (
    ("claimReviewed",), ("claimReviewed", "@value"), ("claimReviewed", "text"), ("claimReviewed", "name"),
    ("itemReviewed", "text"),
)  # fmt: skip
_WAYS: Mapping[Shape, _Ways] = {
    Shape.SCHEMA_ORG: _Ways(
        claim=_CLAIM,
        language=(("inLanguage",),),
        url=(("url",), ("mainEntityOfPage",), ("mainEntityOfPage", "@id"), ("@id",)),
        title=(("name",), ("headline",)),
        reviewed_on=(("datePublished",),),
        changed_on=(("dateModified",),),
        body=(("reviewBody",),),
        claimed_on=(("itemReviewed", "datePublished"),),
        rating=("reviewRating",),
        label=(("alternateName",), ("name",)),
        reviewer=(("author",), ("publisher",)),
        claimants=("itemReviewed", "author"),
        appearances=(("itemReviewed", "appearance"), ("itemReviewed", "url")),
        first_appearance=(("itemReviewed", "firstAppearance"),),
        citations=(("citation",),),
    ),
    Shape.SEARCH: _Ways(
        claim=(("text",),),
        language=(("claimReview", "languageCode"),),
        url=(("claimReview", "url"),),
        title=(("claimReview", "title"),),
        reviewed_on=(("claimReview", "reviewDate"),),
        changed_on=(),
        body=(),
        claimed_on=(("claimDate",),),
        rating=("claimReview",),
        label=(("textualRating",),),
        reviewer=(("claimReview", "publisher"),),
        claimants=("claimant",),
        appearances=(),
        first_appearance=(),
        citations=(),
    ),
    Shape.MARKUP: _Ways(
        claim=(("claimReviewMarkups", "claimReviewed"),),
        language=(),
        url=(("claimReviewMarkups", "url"), ("pageUrl",)),
        title=(),
        reviewed_on=(("publishDate",),),
        changed_on=(),
        body=(),
        claimed_on=(("claimReviewMarkups", "claimDate"),),
        rating=("claimReviewMarkups", "rating"),
        label=(("textualRating",),),
        reviewer=(("claimReviewAuthor",),),
        claimants=("claimReviewMarkups", "claimAuthor"),
        appearances=(("claimReviewMarkups", "claimAppearances"),),
        first_appearance=(("claimReviewMarkups", "claimFirstAppearance"),),
        citations=(),
    ),
}


def read_claim_reviews(content: bytes, charsets: Sequence[str] = ()) -> TakenIn:
    """Return the reviews that a document holds, and what was dropped, mended or is broken and kept.

    Args:
        content: the bytes of JSON, JSON Lines or a web page.
        charsets: charsets that a server or a person names for them.
    """
    documents, notes = values_of(content, charsets)
    found: list[Found] = []
    for document in documents:
        reviews, others = reviews_in(document)
        found += reviews
        notes += others
    if not found:
        notes.append(Note(0, "none-found", "", ""))
    taken: dict[ClaimReview, int] = {}
    for number, one in enumerate(found, start=1):
        notes += _taken(number, one, taken)
    return TakenIn(tuple(taken), tuple(notes), len(found))


def _taken(number: int, found: Found, taken: dict[ClaimReview, int]) -> list[Note]:
    """Read one review into `taken` and return its notes; one that is not kept has one, and one for a claim too long."""
    item = Item(number, found.node)
    review = _review(item, _WAYS[found.shape])
    if review is None:
        why = [note for note in item.notes if note.code == "text-too-long"]
        return [*why, Note(number, "no-claim", "", shown(dict(found.node)))]
    if review in taken:
        return [Note(number, "duplicate", "", shown(review.claim), str(taken[review]))]
    taken[review] = number
    return item.notes


def _review(item: Item, ways: _Ways) -> ClaimReview | None:
    claim = item.first(review_values.text, *ways.claim)
    if claim is None:
        return None
    rating_at = next((path for path, _ in item.at(*ways.rating)), None)
    review = ClaimReview(
        claim=claim,
        language=item.first(review_values.language, *ways.language),
        url=item.first(review_values.address, *ways.url),
        title=item.first(review_values.text, *ways.title),
        reviewer=next(_parties(item, *ways.reviewer), None),
        reviewed_on=item.first(review_values.date, *ways.reviewed_on),
        changed_on=item.first(review_values.date, *ways.changed_on),
        rating=_rating(item, rating_at, ways.label),
        body=item.first(review_values.text, *ways.body) or _explanation(item, rating_at),
        claimants=tuple(_parties(item, ways.claimants)),
        claimed_on=item.first(review_values.date, *ways.claimed_on),
        appearances=tuple(_works(item, *ways.appearances)),
        first_appearance=next(_works(item, *ways.first_appearance), None),
        citations=tuple(_works(item, *ways.citations)),
    )
    _read_types(item)
    item.note_rest()
    return review


_PartyKind = Literal[SpeakerKind.PERSON, SpeakerKind.ORGANIZATION]
_PARTIES: Mapping[str, _PartyKind] = {"Person": SpeakerKind.PERSON, "Organization": SpeakerKind.ORGANIZATION}
_TYPES: Mapping[Way, tuple[str, tuple[str, ...]]] = {
    ("@type",): ("ClaimReview", ("Review",)),
    ("itemReviewed", "@type"): ("Claim", ()),
    ("reviewRating", "@type"): ("Rating", ()),
    ("itemReviewed", "appearance", "@type"): ("CreativeWork", ()),
    ("itemReviewed", "firstAppearance", "@type"): ("CreativeWork", ()),
    ("citation", "@type"): ("CreativeWork", ()),
    ("author", "affiliation", "@type"): ("Organization", ()),
    ("itemReviewed", "author", "affiliation", "@type"): ("Organization", ()),
    ("itemReviewed", "author", "worksFor", "@type"): ("Organization", ()),
    ("itemReviewed", "appearance", "publisher", "@type"): ("Organization", ()),
    ("itemReviewed", "firstAppearance", "publisher", "@type"): ("Organization", ()),
    ("citation", "publisher", "@type"): ("Organization", ()),
}
"""Where a type stands, to the type that is meant there whatever is written, and others that say nothing else."""


def _read_types(item: Item) -> None:
    for way, (meant, others) in _TYPES.items():
        for path, _ in item.at(*way):
            item.take(path, lambda name, meant=meant, others=others: _type(name, meant, others))  # type: ignore[misc]


def _type(name: str, meant: str, others: Sequence[str]) -> Read:
    return Read(meant, "" if name in (meant, *others) else "type-mended")


def _rating(item: Item, at: Path | None, label: Sequence[Way]) -> ReviewRating | None:
    if at is None:
        return None
    words = item.take(at, review_values.verbatim)  # a rating that is no map is its words
    if words is not None:
        item.note("taken-from-elsewhere", at, words, words)
        return ReviewRating(label=words)
    names = {"value": "ratingValue", "best": "bestRating", "worst": "worstRating"}
    numbers = {field: item.first(review_values.verbatim, (name,), of=at) for field, name in names.items()}
    rating = ReviewRating(label=item.first(review_values.verbatim, *label, of=at), **numbers)
    if not _is_scale(rating):
        told = ", ".join(f"{name} {numbers[field]}" for field, name in names.items() if numbers[field] is not None)
        item.note("rating-out-of-bounds", at, told, told)
    return rating if rating != ReviewRating() else None


def _explanation(item: Item, at: Path | None) -> str | None:
    explained = None if at is None else item.first(review_values.text, ("ratingExplanation",), of=at)
    if explained is not None and at is not None:
        item.note("taken-from-elsewhere", (*at, "ratingExplanation"), explained, explained)
    return explained


_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


def _is_scale(rating: ReviewRating) -> bool:
    """Return whether the numbers given, if any, keep Google's rules: best > worst >= 1, the value between them.

    Where an end of the scale is not given, it is 1 or 5.
    """
    given = [number for number in (rating.value, rating.best, rating.worst) if number is not None]
    if not all(map(_NUMBER.fullmatch, given)):
        return False
    if not given:
        return True
    worst, best = Decimal(rating.worst or 1), Decimal(rating.best or 5)
    return best > worst >= 1 and (rating.value is None or worst <= Decimal(rating.value) <= best)


def _parties(item: Item, *ways: Way) -> Iterator[Party]:
    """Yield who stands along the ways, as far as they have a name or an address; read when they are asked for."""
    for path, is_elsewhere in _places(item, ways):
        name = item.take(path, review_values.text) or item.first(review_values.text, ("name",), of=path)
        address = item.first(review_values.address, ("url",), ("site",), ("@id",), ("sameAs",), of=path)
        if name is None and address is None:
            continue
        if is_elsewhere:
            item.note("taken-from-elsewhere", path, name or address, name or address or "")
        yield Party(
            kind=_party_kind(item, path),
            name=name,
            address=address,
            role=item.first(review_values.text, ("jobTitle",), of=path),
            organization=item.first(review_values.text, ("affiliation", "name"), ("worksFor", "name"), of=path),
        )


def _places(item: Item, ways: Sequence[Way]) -> Iterator[tuple[Path, bool]]:
    for way in ways:
        yield from ((path, way != ways[0]) for path, _ in item.at(*way))


def _party_kind(item: Item, path: Path) -> _PartyKind | None:
    for below, name in item.at("@type", of=path):
        meant = "Organization" if str(name).endswith("Organization") else str(name).rpartition("/")[2]
        if meant in _PARTIES:
            item.take(below, lambda name, meant=meant: _type(name, meant, ()))  # type: ignore[misc]
            return _PARTIES[meant]
    return None


def _works(item: Item, *ways: Way) -> Iterator[Work]:
    """Yield the works along the ways, as far as they have a title or an address; read when they are asked for."""
    for path, is_elsewhere in _places(item, ways):
        address = item.take(path, review_values.address) or item.first(
            review_values.address, ("url",), ("@id",), ("contentUrl",), of=path
        )
        name = item.first(review_values.text, ("name",), ("headline",), of=path)
        if name is None and address is None:
            continue
        if is_elsewhere:
            item.note("taken-from-elsewhere", path, name or address, name or address or "")
        yield Work(
            name=name,
            address=address,
            published_on=item.first(review_values.date, ("datePublished",), of=path),
            publisher=item.first(review_values.text, ("publisher", "name"), ("publisher",), of=path),
        )
