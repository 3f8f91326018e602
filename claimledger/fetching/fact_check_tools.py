"""Searches other publishers' reviews of claims with Google's Fact Check Tools API (claims:search, v1alpha1).

The search takes a text, the newsroom's own key, and optionally a language. It returns the reviews with their ratings
verbatim, and a problem for each review that lacks a required field. The key is sent only to the service, through the
client of this package, without following redirects, and appears in no message. Google decides which reviews are
similar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.fetching import AllowedAddresses, FetchRefused, FetchLimits, NotAnswered, fetch
from claimledger.messages import Message, Value
from claimledger.models import ForeignReview

SERVICE_ADDRESS = "https://factchecktools.googleapis.com/v1alpha1/claims:search"
"""The address of the service."""
SERVICE_LIMITS = FetchLimits(size=2_000_000, redirects=0, attempts=2, types=("application/json",))
"""The limits for an answer; one page of results is requested."""
CLAIMS_PER_PAGE = 10
_MAX_QUERY_LENGTH = 500
_KEY = re.compile(r"[A-Za-z0-9_-]{10,100}")
_DATE_LENGTH = 10


class ReviewsNotFound(FetchRefused):
    """Raised when the service gives no reviews."""

    def __init__(self, variant: str, /, **values: Value) -> None:
        """Say why, as a variant of this message, without the key."""
        super().__init__(SERVICE_ADDRESS, variant, **values)


def search_reviews(
    text: str, key: str, language: str | None = None, *, service: str = SERVICE_ADDRESS, allow: AllowedAddresses = ()
) -> tuple[list[ForeignReview], list[Problem]]:
    """Search for published reviews of a text, for at most ten claims.

    Args:
        text: the text to search for; its first 500 characters are sent.
        key: the key of the newsroom's own Google project.
        language: BCP 47; reviews in any language if None.
        service: the address of the service.
        allow: IP addresses with port that may be reached although they are not public.

    Returns:
        The reviews, and the problems of the reviews that were left out.

    Raises:
        ReviewsNotFound: the key is malformed, or the service cannot be reached, refuses it or answers unexpectedly.
    """
    if not _KEY.fullmatch(key):
        raise ReviewsNotFound("key")
    asked = {"query": text[:_MAX_QUERY_LENGTH], "pageSize": str(CLAIMS_PER_PAGE), "key": key}
    asked |= {"languageCode": language} if language else {}
    try:
        fetched = fetch(f"{service}?{urlencode(asked)}", limits=SERVICE_LIMITS, allow=allow)
    except NotAnswered as refusal:
        if refusal.status:
            raise ReviewsNotFound("status", status=refusal.status) from None
        raise ReviewsNotFound("no-answer") from None
    except FetchRefused as refusal:
        raise ReviewsNotFound("refused", reason=_hide_key(key, refusal.message)) from None
    return parse_reviews(fetched.content)


def _hide_key(key: str, message: Message) -> Message:
    """Return a message in which no value has the key."""
    values = {name: value.replace(key, "…") if isinstance(value, str) else value for name, value in message.values}
    return Message(message.key, **values)


def parse_reviews(content: bytes) -> tuple[list[ForeignReview], list[Problem]]:
    """Return the reviews of an answer (JSON), and a problem for each that lacks a required field.

    >>> parse_reviews(b'{"claims": [{"text": "A", "claimReview": [{"url": "https://example.org/1",'
    ...            b' "publisher": {"site": "example.org"}, "textualRating": "False"}]}]}')[0][0].rating
    'False'

    Raises:
        ReviewsNotFound: the content is not an answer of the service.
    """
    try:
        claims = msgspec.json.decode(content).get("claims", [])
        found = [(claim, review) for claim in claims for review in claim.get("claimReview", [])]
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, TypeError):
        raise ReviewsNotFound("not-a-list") from None
    read = [_parse_review(claim, review) for claim, review in found]
    reviews = [one for one in read if isinstance(one, ForeignReview)]
    return list(dict.fromkeys(reviews)), [one for one in read if isinstance(one, Problem)]


def _parse_review(claim: Mapping[str, Any], review: object) -> ForeignReview | Problem:
    fields = dict(_review_fields(claim, review if isinstance(review, Mapping) else {}))
    try:
        return ForeignReview.model_validate(fields)
    except ValidationError as error:
        wrong = tuple(dict.fromkeys(str(one["loc"][0]) for one in error.errors() if one["loc"]))
        text = str(fields.get("claim_text", ""))[:60]
        return Problem("review-incomplete", file=str(fields.get("url", "")), text=text, fields=wrong)


def _review_fields(claim: Mapping[str, Any], review: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    publisher = review.get("publisher")
    names: Sequence[object] = [publisher.get("name"), publisher.get("site")] if isinstance(publisher, Mapping) else []
    given = {
        "url": review.get("url"),
        "publisher": next((name for name in names if name), None),
        "claim_text": claim.get("text"),
        "claimant": claim.get("claimant"),
        "rating": review.get("textualRating"),
        "reviewed_on": str(review.get("reviewDate") or "")[:_DATE_LENGTH],
        "language": review.get("languageCode"),
        "title": review.get("title"),
    }
    return ((name, value.strip()) for name, value in given.items() if isinstance(value, str) and value.strip())
