"""Markup that content systems write around a ClaimReview: references, comments, prefixes and value objects."""

from __future__ import annotations

import json
from typing import Any

from claimledger.foreign_reviews import read_claim_reviews

REVIEW: dict[str, Any] = {
    "@type": "ClaimReview", "url": "https://example.org/r", "claimReviewed": "The crane fell.",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}  # fmt: skip


def codes(content: str) -> list[tuple[str, str]]:
    return [(note.code, note.path) for note in read_claim_reviews(content.encode()).notes]


def test_reference_by_id_is_resolved_in_the_graph() -> None:
    graph = [
        {"@type": "Organization", "@id": "#org", "name": "Port Desk", "url": "https://example.org"},
        {"@type": "Person", "@id": "#mayor", "name": "Ida Brandt"},
        {**REVIEW, "author": {"@id": "#org"},
         "itemReviewed": {"@type": "Claim", "author": [{"@type": "Person", "@id": "#mayor"}]}},
        {"@type": "WebPage", "@id": "#page", "name": "A page"},
    ]  # fmt: skip
    taken = read_claim_reviews(json.dumps({"@context": "https://schema.org", "@graph": graph}).encode())
    (review,) = taken.reviews
    assert review.reviewer
    assert (review.reviewer.name, review.reviewer.address) == ("Port Desk", "https://example.org")
    assert [claimant.name for claimant in review.claimants] == ["Ida Brandt"]
    others = [(note.code, note.path) for note in taken.notes if note.item == 0]
    assert others == [("not-a-claim-review", "@graph.3")]  # referenced nodes are not noted, unreferenced ones are


def test_unresolvable_or_circular_reference_is_noted() -> None:
    for author in ({"@id": "#none"}, {"@id": "#self"}):
        taken = read_claim_reviews(json.dumps({**REVIEW, "@id": "#self", "author": author}).encode())
        assert len(taken.reviews) == 1
        assert ("address-unreadable", "author.@id") in [(note.code, note.path) for note in taken.notes]


def test_comment_before_a_value_is_skipped() -> None:
    for comment in ("/* by the plug-in */ ", "/* by\nthe plug-in */", "/**/"):
        page = f'<script type="application/ld+json">{comment}{json.dumps(REVIEW)} /* end */</script>'
        taken = read_claim_reviews(page.encode())
        assert (len(taken.reviews), taken.notes) == (1, ())
    assert ("json-broken", "script.1") in codes('<script type="application/ld+json">/* no end {"a": 1}</script>')


def test_names_with_a_schema_org_prefix_are_read() -> None:
    plain = read_claim_reviews(json.dumps(REVIEW).encode())
    for prefix in ("schema:", "https://schema.org/", "http://schema.org/"):
        named = {(name if name.startswith("@") else f"{prefix}{name}"): value for name, value in REVIEW.items()}
        assert read_claim_reviews(json.dumps(named).encode()) == plain
    twice = read_claim_reviews(json.dumps({"schema:url": "https://example.org/lost", **REVIEW}).encode())
    assert ("name-repeated", "url") in [(note.code, note.path) for note in twice.notes]


def test_claim_as_a_value_object_is_read_and_a_too_long_one_noted() -> None:
    (review,) = read_claim_reviews(json.dumps({**REVIEW, "claimReviewed": {"@value": "값"}}).encode()).reviews
    assert review.claim == "값"
    too_long = codes(json.dumps({**REVIEW, "claimReviewed": 30_000 * "가"}))
    assert too_long[:2] == [("text-too-long", "claimReviewed"), ("no-claim", "")]


def test_zero_width_space_is_removed() -> None:
    (review,) = read_claim_reviews(
        json.dumps({**REVIEW, "claimReviewed": "크레&#8203;인이 넘어&amp;#x200B;졌다"}).encode()
    ).reviews
    assert review.claim == "크레인이 넘어졌다"
