"""Reads ClaimReviews as publishers really publish them, with a note on each loss.

The input is the bytes of JSON, JSON Lines or a web page: schema.org ClaimReview alone, in lists, graphs and feeds, or
Google's Fact Check Tools. The result is `ClaimReview` records and notes (code, path, before, after). No document causes
an error. A rating is kept as written. Each value that a record cannot store unchanged has a note. The package knows no
network, no file system and no ledger. docs/claimreview.md lists the formats and their sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from claimledger.foreign_reviews import review_values
from claimledger.foreign_reviews.import_notes import IMPORT_NOTE_CODES, ImportNoteCode, ImportNote
from claimledger.foreign_reviews.json_documents import REVIEW_DOCUMENT_SIZE_LIMIT, describe_part, read_json_values
from claimledger.foreign_reviews.json_stream import stream_json_values
from claimledger.foreign_reviews.review_finder import FoundReview, JsonPath, ReviewShape, find_reviews
from claimledger.foreign_reviews.review_item import ReviewReader
from claimledger.foreign_reviews.review_values import ReadValue, site_of_address
from claimledger.models import ClaimReview, Party, ReviewRating, CreativeWork
from claimledger.vocabulary import SpeakerKind

__all__ = [
    "IMPORT_NOTE_CODES",
    "REVIEW_DOCUMENT_SIZE_LIMIT",
    "ImportNote",
    "ImportNoteCode",
    "ReviewImport",
    "StreamedReview",
    "read_claim_reviews",
    "read_review_file",
    "site_of_address",
    "stream_claim_reviews",
]

KeyPath = tuple[str, ...]


class ReviewImport(NamedTuple):
    """The reviews read from a document."""

    reviews: tuple[ClaimReview, ...]
    """The reviews, in the order of the document, each once."""
    notes: tuple[ImportNote, ...]
    """The notes on values that were changed or dropped, review by review."""
    found: int
    """The number of reviews in the document, including those left out."""


class StreamedReview(NamedTuple):
    """A review of a document, as it was read."""

    number: int
    """The number in the document, from 1; 0 for notes on the document itself."""
    review: ClaimReview | None
    """The review; None if it was left out."""
    notes: Sequence[ImportNote]


class _ReviewPaths(NamedTuple):
    """The paths of the parts of a review in one format; the first path is the right one."""

    claim: Sequence[KeyPath]
    language: Sequence[KeyPath]
    url: Sequence[KeyPath]
    title: Sequence[KeyPath]
    reviewed_on: Sequence[KeyPath]
    changed_on: Sequence[KeyPath]
    body: Sequence[KeyPath]
    claimed_on: Sequence[KeyPath]
    rating: KeyPath
    """The rating object. Only the first of several ratings is kept."""
    label: Sequence[KeyPath]
    """The rating in words, below `rating`."""
    reviewer: Sequence[KeyPath]
    claimants: KeyPath
    appearances: Sequence[KeyPath]
    first_appearance: Sequence[KeyPath]
    citations: Sequence[KeyPath]


_CLAIM_PATHS = (
    ("claimReviewed",), ("claimReviewed", "@value"), ("claimReviewed", "text"), ("claimReviewed", "name"),
    ("itemReviewed", "text"),
)  # fmt: skip
_REVIEW_PATHS: Mapping[ReviewShape, _ReviewPaths] = {
    ReviewShape.SCHEMA_ORG: _ReviewPaths(
        claim=_CLAIM_PATHS,
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
    ReviewShape.SEARCH: _ReviewPaths(
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
    ReviewShape.MARKUP: _ReviewPaths(
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


def read_claim_reviews(content: bytes, charsets: Sequence[str] = ()) -> ReviewImport:
    """Return the reviews of a document, with notes on what was dropped, corrected, or kept although broken.

    Args:
        content: the bytes of JSON, JSON Lines or a web page.
        charsets: charsets that a server or a person names for them.
    """
    return _collect(_document_reviews(*read_json_values(content, charsets)))


def read_review_file(file: Path) -> ReviewImport:
    """Return the reviews of a file; a file above the limit of documents is read review by review."""
    return _collect(stream_claim_reviews(file))


def stream_claim_reviews(file: Path) -> Iterator[StreamedReview]:
    """Yield the reviews of a file, whose size has no limit if it is JSON or JSON Lines.

    In a file above the limit of documents, a review cannot refer to another part of the file by `@id`.
    """
    if file.stat().st_size <= REVIEW_DOCUMENT_SIZE_LIMIT or file.suffix.lower() in (".html", ".htm"):
        yield from _document_reviews(*read_json_values(file.read_bytes()))
    else:
        yield from _document_reviews(stream_json_values(file), ())


def _collect(found: Iterable[StreamedReview]) -> ReviewImport:
    reviews: list[ClaimReview] = []
    notes: list[ImportNote] = []
    count = 0
    for number, review, own in found:
        count += number > 0
        notes += own
        reviews += [review] if review else []
    return ReviewImport(tuple(reviews), tuple(notes), count)


def _document_reviews(documents: Iterable[Any], notes: Sequence[ImportNote]) -> Iterator[StreamedReview]:
    """Yield the notes on a document, then each of its reviews with its notes."""
    seen: dict[int, int] = {}
    yield StreamedReview(0, None, notes)
    number, waiting = 0, iter(documents)
    while True:
        try:
            document = next(waiting)
        except StopIteration:
            break
        except ValueError as error:  # a large file is not JSON from some place on
            yield StreamedReview(0, None, (ImportNote(0, "json-broken", "", str(error)),))
            break
        found, others = find_reviews(document)
        yield StreamedReview(0, None, others)
        for one in found:
            number += 1
            yield _read_review(number, one, seen)
    if not number:
        yield StreamedReview(0, None, (ImportNote(0, "none-found", "", ""),))


def _read_review(number: int, found: FoundReview, seen: dict[int, int]) -> StreamedReview:
    """Read one review; `seen` has the numbers of the reviews before it, by their hashes.

    A review that is left out has only the note on the reason, and a note on a claim that is too long.
    """
    item = ReviewReader(number, found.node)
    review = _make_review(item, _REVIEW_PATHS[found.shape])
    if review is None:
        why = [note for note in item.notes if note.code == "text-too-long"]
        return StreamedReview(number, None, [*why, ImportNote(number, "no-claim", "", describe_part(dict(found.node)))])
    first = seen.setdefault(int.from_bytes(sha256(repr(review).encode("utf-8", "replace")).digest()[:8]), number)
    if first != number:
        note = ImportNote(number, "duplicate", "", describe_part(review.claim), str(first))
        return StreamedReview(number, None, (note,))
    return StreamedReview(number, review, item.notes)


def _make_review(item: ReviewReader, key_paths: _ReviewPaths) -> ClaimReview | None:
    claim = item.first(review_values.text, *key_paths.claim)
    if claim is None:
        return None
    rating_at = next((path for path, _ in item.find_parts(*key_paths.rating)), None)
    review = ClaimReview(
        claim=claim,
        language=item.first(review_values.language, *key_paths.language),
        url=item.first(review_values.address, *key_paths.url),
        title=item.first(review_values.text, *key_paths.title),
        reviewer=next(_parties(item, *key_paths.reviewer), None),
        reviewed_on=item.first(review_values.date, *key_paths.reviewed_on),
        changed_on=item.first(review_values.date, *key_paths.changed_on),
        rating=_read_rating(item, rating_at, key_paths.label),
        body=item.first(review_values.text, *key_paths.body) or _explanation(item, rating_at),
        claimants=tuple(_parties(item, key_paths.claimants)),
        claimed_on=item.first(review_values.date, *key_paths.claimed_on),
        appearances=tuple(_works(item, *key_paths.appearances)),
        first_appearance=next(_works(item, *key_paths.first_appearance), None),
        citations=tuple(_works(item, *key_paths.citations)),
    )
    _read_types(item)
    item.note_unread()
    return review


_PartyKind = Literal[SpeakerKind.PERSON, SpeakerKind.ORGANIZATION]
_PARTIES: Mapping[str, _PartyKind] = {"Person": SpeakerKind.PERSON, "Organization": SpeakerKind.ORGANIZATION}
_TYPES: Mapping[KeyPath, tuple[str, tuple[str, ...]]] = {
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
"""The path of a type, with the meant type and with other types that mean the same."""


def _read_types(item: ReviewReader) -> None:
    for key_path, (expected, synonyms) in _TYPES.items():
        for path, _ in item.find_parts(*key_path):
            item.take(path, lambda name, expected=expected, synonyms=synonyms: _read_type(name, expected, synonyms))  # type: ignore[misc]


def _read_type(name: str, expected: str, synonyms: Sequence[str]) -> ReadValue:
    return ReadValue(expected, "" if name in (expected, *synonyms) else "type-mended")


def _read_rating(item: ReviewReader, at: JsonPath | None, label: Sequence[KeyPath]) -> ReviewRating | None:
    if at is None:
        return None
    words = item.take(at, review_values.verbatim)  # a rating that is not a map is its label
    if words is not None:
        item.note("taken-from-elsewhere", at, words, words)
        return ReviewRating(label=words)
    names = {"value": "ratingValue", "best": "bestRating", "worst": "worstRating"}
    numbers = {field: item.first(review_values.verbatim, (name,), of=at) for field, name in names.items()}
    rating = ReviewRating(label=item.first(review_values.verbatim, *label, of=at), **numbers)
    if not _is_scale(rating):
        numbers_text = ", ".join(
            f"{name} {numbers[field]}" for field, name in names.items() if numbers[field] is not None
        )
        item.note("rating-out-of-bounds", at, numbers_text, numbers_text)
    return rating if rating != ReviewRating() else None


def _explanation(item: ReviewReader, at: JsonPath | None) -> str | None:
    explained = None if at is None else item.first(review_values.text, ("ratingExplanation",), of=at)
    if explained is not None and at is not None:
        item.note("taken-from-elsewhere", (*at, "ratingExplanation"), explained, explained)
    return explained


_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


def _is_scale(rating: ReviewRating) -> bool:
    """Return whether the given numbers keep Google's rules: best > worst >= 1, and the value between them.

    A missing end of the scale is 1 or 5.
    """
    given = [number for number in (rating.value, rating.best, rating.worst) if number is not None]
    if not all(map(_NUMBER.fullmatch, given)):
        return False
    if not given:
        return True
    worst, best = Decimal(rating.worst or 1), Decimal(rating.best or 5)
    return best > worst >= 1 and (rating.value is None or worst <= Decimal(rating.value) <= best)


def _parties(item: ReviewReader, *key_paths: KeyPath) -> Iterator[Party]:
    """Lazily yield the people and organisations at the paths that have a name or an address."""
    for path, is_elsewhere in _find_paths(item, key_paths):
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


def _find_paths(item: ReviewReader, key_paths: Sequence[KeyPath]) -> Iterator[tuple[JsonPath, bool]]:
    for key_path in key_paths:
        yield from ((path, key_path != key_paths[0]) for path, _ in item.find_parts(*key_path))


def _party_kind(item: ReviewReader, path: JsonPath) -> _PartyKind | None:
    for below, name in item.find_parts("@type", of=path):
        expected = "Organization" if str(name).endswith("Organization") else str(name).rpartition("/")[2]
        if expected in _PARTIES:
            item.take(below, lambda name, expected=expected: _read_type(name, expected, ()))  # type: ignore[misc]
            return _PARTIES[expected]
    return None


def _works(item: ReviewReader, *key_paths: KeyPath) -> Iterator[CreativeWork]:
    """Lazily yield the works at the paths that have a title or an address."""
    for path, is_elsewhere in _find_paths(item, key_paths):
        address = item.take(path, review_values.address) or item.first(
            review_values.address, ("url",), ("@id",), ("contentUrl",), of=path
        )
        name = item.first(review_values.text, ("name",), ("headline",), of=path)
        if name is None and address is None:
            continue
        if is_elsewhere:
            item.note("taken-from-elsewhere", path, name or address, name or address or "")
        yield CreativeWork(
            name=name,
            address=address,
            published_on=item.first(review_values.date, ("datePublished",), of=path),
            publisher=item.first(review_values.text, ("publisher", "name"), ("publisher",), of=path),
        )
