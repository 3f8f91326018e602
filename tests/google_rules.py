"""The rules of Google's "Fact check (ClaimReview) structured data", as docs/claimreview.md cites them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def broken_rules(review: Mapping[str, Any]) -> list[str]:
    """Return the codes of the rules that a printed review breaks; none if it is valid."""
    return [code for code, is_kept in _rules(review) if not is_kept]


def _rules(review: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    rating: Mapping[str, Any] = review.get("reviewRating") or {}
    yield "claim-missing", bool(review.get("claimReviewed"))
    yield "url-missing", bool(review.get("url"))
    yield "rating-missing", bool(rating.get("alternateName"))
    numbers = [rating.get(name) for name in ("worstRating", "ratingValue", "bestRating")]
    given = [number for number in numbers if number is not None]
    if given:
        worst, value, best = (number if isinstance(number, int) else 0 for number in numbers)
        is_scale = 1 <= worst < best and worst <= value <= best
        yield "rating-out-of-bounds", is_scale
    for author in _as_list((review.get("itemReviewed") or {}).get("author")):
        yield "claimant-unnamed", bool(author.get("name"))
    item = review.get("itemReviewed") or {}
    has_appearance = bool(item.get("appearance") or item.get("firstAppearance"))
    yield "appearance-missing", has_appearance


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401  any JSON value
    return value if isinstance(value, list) else [] if value is None else [value]
