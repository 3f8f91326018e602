"""Finds the reviews in a JSON value, and the format of each.

The result is each review as a map in one of the `ReviewShape`s, and notes on everything that is not a review. Each part
of the value is in a review or in a note, or only names a vocabulary. No function is recursive, since a value may be
nested as deeply as its author likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.foreign_reviews.json_documents import MapWithRepeatedNames, describe_part, encodable

JsonPath = tuple[str | int, ...]
_EMPTY: tuple[object, ...] = ("", None, [], {})
_REFERENCE_KEYS = frozenset(("@id", "@type"))
"""The keys of a map that only refers to another one."""
_REFERRING_KEYS = ("author", "publisher", "itemReviewed", "reviewRating", "citation")
_CLAIM_REFERRING_KEYS = ("author", "appearance", "firstAppearance")
"""The keys of a review, and of the claim in it, whose value may refer to another part of the document."""


class ReviewShape(Enum):
    """The format of a review."""

    SCHEMA_ORG = "ClaimReview"
    """schema.org ClaimReview, as JSON-LD."""
    SEARCH = "claimReview"
    """Google Fact Check Tools, `claims:search`: a claim with its reviews."""
    MARKUP = "claimReviewMarkups"
    """Google Fact Check Tools, `pages`: a page with its reviews."""


class FoundReview(NamedTuple):
    """A review in a document."""

    shape: ReviewShape
    node: Mapping[str, Any]
    """The map of the review; several reviews in one map get a map each."""


def find_reviews(value: object) -> tuple[list[FoundReview], list[ImportNote]]:
    """Return the reviews of a JSON value, and a note on each part without a review."""
    found: list[FoundReview] = []
    holders: set[JsonPath] = set()
    reviews: set[JsonPath] = set()
    strays: list[tuple[JsonPath, Any]] = []
    maps = [*_maps_outside_reviews(value)]
    named = _NamedMaps(path_and_map for path_and_map in maps if not _detect_shape(path_and_map[1]))
    for path, part in maps:
        shape = _detect_shape(part)
        if shape:
            found += _extract_reviews(shape, named.resolve(part) if shape is ReviewShape.SCHEMA_ORG else part)
            strays += _strays(shape, part, path)
            reviews.add(path)
            holders.update(path[:depth] for depth in range(len(path)))
    notes = [
        ImportNote(0, "not-a-claim-review", format_json_path(path), describe_part(part))
        for path, part in [*_parts_without_review(value, holders, reviews | (named.referenced - holders)), *strays]
    ]
    return found, notes + [
        ImportNote(0, "name-repeated", format_json_path(path), describe_part(part))
        for path, part in _replaced_values(value)
    ]


class _NamedMaps:
    """The maps outside the reviews that have an `@id`, and those that a review refers to."""

    def __init__(self, maps: Iterable[tuple[JsonPath, Mapping[str, Any]]]) -> None:
        """Index the maps by `@id`; the first of equal names counts."""
        self.referenced: set[JsonPath] = set()
        """The paths of the maps that a review refers to."""
        self._by_name: dict[str, tuple[JsonPath, Mapping[str, Any]]] = {}
        for path, part in maps:
            if isinstance(name := part.get("@id"), str) and not set(part) <= _REFERENCE_KEYS:
                self._by_name.setdefault(name, (path, part))

    def resolve(self, review: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a review with its references replaced by their targets (JSON-LD `@graph`)."""
        whole = self._resolve_keys(review, _REFERRING_KEYS)
        claim = whole.get("itemReviewed")
        return (
            {**whole, "itemReviewed": self._resolve_keys(claim, _CLAIM_REFERRING_KEYS)}
            if isinstance(claim, dict)
            else whole
        )

    def _resolve_keys(self, part: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
        found = {name: self._target(part[name]) for name in names if name in part}
        return {**part, **found} if any(found[name] is not part[name] for name in found) else part

    def _target(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        if isinstance(value, list):
            targets = [self._target(one) if isinstance(one, dict) else one for one in value]
            return targets if any(one is not before for one, before in zip(targets, value, strict=True)) else value
        name = value.get("@id") if isinstance(value, dict) and set(value) <= _REFERENCE_KEYS else None
        if not isinstance(name, str) or name not in self._by_name:
            return value
        path, part = self._by_name[name]
        self.referenced.add(path)
        return part


def format_json_path(path: JsonPath) -> str:
    """Return a path in dotted form.

    >>> format_json_path(("itemReviewed", "author", 0, "name"))
    'itemReviewed.author.0.name'
    """
    return encodable(".".join(map(str, path)))


def child_parts(path: JsonPath, part: object) -> list[tuple[JsonPath, Any]]:
    """Return the parts of a map or a list with their paths; anything else has none."""
    if isinstance(part, dict):
        return [((*path, name), value) for name, value in part.items()]
    return [((*path, place), value) for place, value in enumerate(part)] if isinstance(part, list) else []


def _maps_outside_reviews(value: object) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """Yield each map outside the reviews and each review, in the order of the document."""
    pending: list[tuple[JsonPath, Any]] = [((), value)]
    while pending:
        path, part = pending.pop()
        if isinstance(part, dict):
            yield path, part
        if not (isinstance(part, dict) and _detect_shape(part)):
            pending += reversed(child_parts(path, part))


def _detect_shape(part: Mapping[str, Any]) -> ReviewShape | None:
    types = part.get("@type")
    names = [
        str(name).rpartition("/")[2].rpartition(":")[2] for name in (types if isinstance(types, list) else [types])
    ]
    if ReviewShape.SCHEMA_ORG.value in names:
        return ReviewShape.SCHEMA_ORG
    if "@type" in part:
        return None
    lists = (shape for shape in (ReviewShape.SEARCH, ReviewShape.MARKUP) if isinstance(part.get(shape.value), list))
    return next((shape for shape in lists if any(isinstance(one, dict) for one in part[shape.value])), None)


def _extract_reviews(shape: ReviewShape, part: Mapping[str, Any]) -> list[FoundReview]:
    if shape is ReviewShape.SCHEMA_ORG:
        return [FoundReview(shape, part)]
    return [
        FoundReview(shape, {**part, shape.value: review}) for review in part[shape.value] if isinstance(review, dict)
    ]


def _strays(shape: ReviewShape, part: Mapping[str, Any], path: JsonPath) -> list[tuple[JsonPath, Any]]:
    """Return the entries among the reviews of a map that are not reviews."""
    if shape is ReviewShape.SCHEMA_ORG:
        return []
    of_list = child_parts((*path, shape.value), part[shape.value])
    return [(place, one) for place, one in of_list if not isinstance(one, dict) and one not in _EMPTY]


def _parts_without_review(
    value: object, holders: set[JsonPath], reviews: set[JsonPath]
) -> Iterator[tuple[JsonPath, Any]]:
    """Yield the largest parts without a review, except empty parts, vocabularies and types."""
    pending: list[tuple[JsonPath, Any]] = [((), value)]
    while pending:
        path, part = pending.pop()
        if path in holders:
            pending += reversed(child_parts(path, part))
        elif path not in reviews and part not in _EMPTY and path[-1:] not in (("@context",), ("@type",)):
            yield path, part


def _replaced_values(value: object) -> Iterator[tuple[JsonPath, Any]]:
    """Yield each value that was replaced by another one of the same name, down to single values."""
    pending: list[tuple[JsonPath, Any, bool]] = [((), value, False)]
    while pending:
        path, part, is_replaced = pending.pop()
        below = [(*one, is_replaced) for one in child_parts(path, part)]
        if isinstance(part, MapWithRepeatedNames):
            below += [((*path, name), other, True) for name, other in part.lost]
        pending += reversed(below)
        if is_replaced and not below and part not in _EMPTY:
            yield path, part
