"""Convert a ClaimReview record to schema.org JSON-LD.

Keys have a fixed order. The output contains only what the record contains, and `intake.claim_reviews` reads it back as
the same record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from claimledger.models import ClaimReview, Party, ReviewRating, CreativeWork
from claimledger.vocabulary import SpeakerKind

JSON_LD_MEDIA_TYPE = "application/ld+json"
_CONTEXT = "https://schema.org"
_TYPES: Mapping[SpeakerKind, str] = {SpeakerKind.PERSON: "Person", SpeakerKind.ORGANIZATION: "Organization"}
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""A whole number of up to 15 digits, which JSON prints with the same characters. Other numbers stay text."""
_SCRIPT_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_json_ld(review: ClaimReview) -> dict[str, Any]:
    """Return a review as a JSON value. Date intervals are left out because schema.org has no property for them."""
    item = {
        "@type": "Claim",
        "author": _one_or_many([_party(claimant) for claimant in review.claimants]),
        "datePublished": _day(review.claimed_on),
        "appearance": [_work(work) for work in review.appearances],
        "firstAppearance": _work(review.first_appearance) if review.first_appearance else None,
    }
    return {"@context": _CONTEXT} | _without_empty(
        {
            "@type": "ClaimReview",
            "url": review.url,
            "name": review.title,
            "inLanguage": review.language,
            "datePublished": _day(review.reviewed_on),
            "dateModified": _day(review.changed_on),
            "author": _party(review.reviewer) if review.reviewer else None,
            "claimReviewed": review.claim,
            "itemReviewed": item if len(_without_empty(item)) > 1 else None,
            "reviewRating": _rating(review.rating) if review.rating else None,
            "reviewBody": review.body,
            "citation": [_work(work) for work in review.citations],
        }
    )


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without empty ones, recursively."""
    kept = {name: _without_empty(value) if isinstance(value, dict) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value not in (None, [], {})}


def _one_or_many(values: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]] | None:
    return values if len(values) > 1 else next(iter(values), None)


def _party(party: Party) -> dict[str, Any]:
    organization = {"@type": "Organization", "name": party.organization} if party.organization else None
    return _without_empty(
        {
            "@type": _TYPES.get(party.kind) if party.kind else None,
            "name": party.name,
            "url": party.address,
            "jobTitle": party.role,
            "affiliation": organization,
        }
    )


def _work(work: CreativeWork) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": work.publisher} if work.publisher else None
    return _without_empty(
        {
            "@type": "CreativeWork",
            "name": work.name,
            "url": work.address,
            "datePublished": _day(work.published_on),
            "publisher": publisher,
        }
    )


def _rating(rating: ReviewRating) -> dict[str, Any]:
    numbers = {"ratingValue": rating.value, "bestRating": rating.best, "worstRating": rating.worst}
    return _without_empty(
        {
            "@type": "Rating",
            "alternateName": rating.label,
            **{
                name: int(number) if number and _WHOLE.fullmatch(number) else number for name, number in numbers.items()
            },
        }
    )


def _day(date: str | None) -> str | None:
    return date if date and "/" not in date else None


def encode_json(value: object) -> bytes:
    """Return a JSON value as UTF-8. Equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def json_for_script(value: object) -> str:
    r"""Return a JSON value for use inside an HTML script element. No text in it can end the element.

    >>> json_for_script({"name": "</script><b>&"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(_SCRIPT_ESCAPES.get(letter, letter) for letter in text)
