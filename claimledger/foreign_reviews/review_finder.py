"""Where the reviews stand in a JSON value, and in which of the shapes the field publishes.

In: a JSON value. Out: each review as a map in one of `Shape`s, and notes on what is no review. The invariant: each part
of the value is in a review, or in a note, or is the name of a vocabulary. Nothing here recurses: a value may be as deep
as its document likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from claimledger.foreign_reviews.import_notes import Note
from claimledger.foreign_reviews.json_documents import Repeating, shown, writable

Path = tuple[str | int, ...]
_EMPTY: tuple[object, ...] = ("", None, [], {})
_REFERENCE = frozenset(("@id", "@type"))
"""What a map has that only names another."""
_NAMING = ("author", "publisher", "itemReviewed", "reviewRating", "citation")
_CLAIM_NAMING = ("author", "appearance", "firstAppearance")
"""Where a review, and the claim in it, may only name what stands elsewhere in the document."""


class Shape(Enum):
    """How a review is written."""

    SCHEMA_ORG = "ClaimReview"
    """schema.org ClaimReview, as JSON-LD."""
    SEARCH = "claimReview"
    """Google Fact Check Tools, `claims:search`: a claim with its reviews."""
    MARKUP = "claimReviewMarkups"
    """Google Fact Check Tools, `pages`: a page with its reviews."""


class Found(NamedTuple):
    """A review in a document."""

    shape: Shape
    node: Mapping[str, Any]
    """The map that holds it; of several reviews in one map each has its own."""


def reviews_in(value: object) -> tuple[list[Found], list[Note]]:
    """Return the reviews of a JSON value, and a note on each part that holds none."""
    found: list[Found] = []
    holders: set[Path] = set()
    reviews: set[Path] = set()
    strays: list[tuple[Path, Any]] = []
    maps = [*_maps_to_the_first_review(value)]
    named = _Named(path_and_map for path_and_map in maps if not _shape_of(path_and_map[1]))
    for path, part in maps:
        shape = _shape_of(part)
        if shape:
            found += _reviews(shape, named.joined(part) if shape is Shape.SCHEMA_ORG else part)
            strays += _strays(shape, part, path)
            reviews.add(path)
            holders.update(path[:depth] for depth in range(len(path)))
    notes = [
        Note(0, "not-a-claim-review", dotted(path), shown(part))
        for path, part in [*_others(value, holders, reviews | (named.followed - holders)), *strays]
    ]
    return found, notes + [Note(0, "name-repeated", dotted(path), shown(part)) for path, part in _lost(value)]


class _Named:
    """The maps of a document outside its reviews that have a name of their own, and those that a review names."""

    def __init__(self, maps: Iterable[tuple[Path, Mapping[str, Any]]]) -> None:
        """Keep each by its `@id`, the first of one name."""
        self.followed: set[Path] = set()
        """Where those stand that a review names."""
        self._by_name: dict[str, tuple[Path, Mapping[str, Any]]] = {}
        for path, part in maps:
            if isinstance(name := part.get("@id"), str) and not set(part) <= _REFERENCE:
                self._by_name.setdefault(name, (path, part))

    def joined(self, review: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a review with what it only names in the places of the names, as JSON-LD has it (`@graph`)."""
        whole = self._followed(review, _NAMING)
        claim = whole.get("itemReviewed")
        return {**whole, "itemReviewed": self._followed(claim, _CLAIM_NAMING)} if isinstance(claim, dict) else whole

    def _followed(self, part: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
        found = {name: self._at(part[name]) for name in names if name in part}
        return {**part, **found} if any(found[name] is not part[name] for name in found) else part

    def _at(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        if isinstance(value, list):
            several = [self._at(one) if isinstance(one, dict) else one for one in value]
            return several if any(one is not before for one, before in zip(several, value, strict=True)) else value
        name = value.get("@id") if isinstance(value, dict) and set(value) <= _REFERENCE else None
        if not isinstance(name, str) or name not in self._by_name:
            return value
        path, part = self._by_name[name]
        self.followed.add(path)
        return part


def dotted(path: Path) -> str:
    """Return a path as people read it.

    >>> dotted(("itemReviewed", "author", 0, "name"))
    'itemReviewed.author.0.name'
    """
    return writable(".".join(map(str, path)))


def children(path: Path, part: object) -> list[tuple[Path, Any]]:
    """Return the parts of a map or a list with their paths; of anything else there are none."""
    if isinstance(part, dict):
        return [((*path, name), value) for name, value in part.items()]
    return [((*path, place), value) for place, value in enumerate(part)] if isinstance(part, list) else []


def _maps_to_the_first_review(value: object) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each map in the order of the document, but none inside a review."""
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, dict):
            yield path, part
        if not (isinstance(part, dict) and _shape_of(part)):
            waiting += reversed(children(path, part))


def _shape_of(part: Mapping[str, Any]) -> Shape | None:
    types = part.get("@type")
    names = [
        str(name).rpartition("/")[2].rpartition(":")[2] for name in (types if isinstance(types, list) else [types])
    ]
    if Shape.SCHEMA_ORG.value in names:
        return Shape.SCHEMA_ORG
    if "@type" in part:
        return None
    lists = (shape for shape in (Shape.SEARCH, Shape.MARKUP) if isinstance(part.get(shape.value), list))
    return next((shape for shape in lists if any(isinstance(one, dict) for one in part[shape.value])), None)


def _reviews(shape: Shape, part: Mapping[str, Any]) -> list[Found]:
    if shape is Shape.SCHEMA_ORG:
        return [Found(shape, part)]
    return [Found(shape, {**part, shape.value: review}) for review in part[shape.value] if isinstance(review, dict)]


def _strays(shape: Shape, part: Mapping[str, Any], path: Path) -> list[tuple[Path, Any]]:
    """Return what stands among the reviews of a map and is none."""
    if shape is Shape.SCHEMA_ORG:
        return []
    of_list = children((*path, shape.value), part[shape.value])
    return [(place, one) for place, one in of_list if not isinstance(one, dict) and one not in _EMPTY]


def _others(value: object, holders: set[Path], reviews: set[Path]) -> Iterator[tuple[Path, Any]]:
    """Yield the largest parts that hold no review, but for what is empty and what names a vocabulary or a type."""
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, part = waiting.pop()
        if path in holders:
            waiting += reversed(children(path, part))
        elif path not in reviews and part not in _EMPTY and path[-1:] not in (("@context",), ("@type",)):
            yield path, part


def _lost(value: object) -> Iterator[tuple[Path, Any]]:
    """Yield each value in whose place another one of the same name stands, down to what is no map and no list."""
    waiting: list[tuple[Path, Any, bool]] = [((), value, False)]
    while waiting:
        path, part, is_lost = waiting.pop()
        below = [(*one, is_lost) for one in children(path, part)]
        if isinstance(part, Repeating):
            below += [((*path, name), other, True) for name, other in part.lost]
        waiting += reversed(below)
        if is_lost and not below and part not in _EMPTY:
            yield path, part
