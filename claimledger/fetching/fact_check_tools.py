"""Others' reviews of claims, searched for with Google's Fact Check Tools API (claims:search, v1alpha1).

In: a text, a key of one's own, and perhaps a language. Out: reviews as they were published, ratings verbatim, and a
problem for each that lacks what a review must have. The invariant: the key goes to the service alone, by the one
careful client, follows no redirect and stands in no message. What comes is found by Google's likeness, not by ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.fetching import Allowed, FetchRefused, Limits, NotAnswered, fetch
from claimledger.messages import Message, Value
from claimledger.models import ForeignReview

SERVICE = "https://factchecktools.googleapis.com/v1alpha1/claims:search"
"""The address of the service."""
LIMITS = Limits(size=2_000_000, redirects=0, attempts=2, types=("application/json",))
"""What an answer may take; one page of it is asked for."""
PAGE = 10
_LONGEST_QUERY = 500
_KEY = re.compile(r"[A-Za-z0-9_-]{10,100}")
_DAY = 10


class ReviewsNotFound(FetchRefused):
    """The service gave no reviews."""

    def __init__(self, variant: str, /, **values: Value) -> None:
        """Say why, as a variant of this message, without the key."""
        super().__init__(SERVICE, variant, **values)


def search_reviews(
    text: str, key: str, language: str | None = None, *, service: str = SERVICE, allow: Allowed = ()
) -> tuple[list[ForeignReview], list[Problem]]:
    """Return what others published on a text, at most ten claims of it, and what was dropped.

    Args:
        text: what to search for; its first 500 characters are sent.
        key: the key of the newsroom's own Google project.
        language: BCP 47; reviews in any language if none.
        service: the address of the service.
        allow: IP addresses with port that may be reached although they are not public.

    Raises:
        ReviewsNotFound: the key is none, or the service cannot be reached, refuses it or answers with something else.
    """
    if not _KEY.fullmatch(key):
        raise ReviewsNotFound("key")
    asked = {"query": text[:_LONGEST_QUERY], "pageSize": str(PAGE), "key": key}
    asked |= {"languageCode": language} if language else {}
    try:
        fetched = fetch(f"{service}?{urlencode(asked)}", limits=LIMITS, allow=allow)
    except NotAnswered as refusal:
        if refusal.status:
            raise ReviewsNotFound("status", status=refusal.status) from None
        raise ReviewsNotFound("no-answer") from None
    except FetchRefused as refusal:
        raise ReviewsNotFound("refused", reason=_without(key, refusal.message)) from None
    return reviews_in(fetched.content)


def _without(key: str, message: Message) -> Message:
    """Return a message in which no value has the key."""
    values = {name: value.replace(key, "…") if isinstance(value, str) else value for name, value in message.values}
    return Message(message.key, **values)


def reviews_in(content: bytes) -> tuple[list[ForeignReview], list[Problem]]:
    """Return the reviews of an answer (JSON), and a problem for each that lacks what it must have.

    >>> reviews_in(b'{"claims": [{"text": "A", "claimReview": [{"url": "https://example.org/1",'
    ...            b' "publisher": {"site": "example.org"}, "textualRating": "False"}]}]}')[0][0].rating
    'False'

    Raises:
        ReviewsNotFound: it is no answer of the service.
    """
    try:
        claims = msgspec.json.decode(content).get("claims", [])
        found = [(claim, review) for claim in claims for review in claim.get("claimReview", [])]
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, TypeError):
        raise ReviewsNotFound("not-a-list") from None
    read = [_review(claim, review) for claim, review in found]
    reviews = [one for one in read if isinstance(one, ForeignReview)]
    return list(dict.fromkeys(reviews)), [one for one in read if isinstance(one, Problem)]


def _review(claim: Mapping[str, Any], review: object) -> ForeignReview | Problem:
    fields = dict(_fields(claim, review if isinstance(review, Mapping) else {}))
    try:
        return ForeignReview.model_validate(fields)
    except ValidationError as error:
        wrong = tuple(dict.fromkeys(str(one["loc"][0]) for one in error.errors() if one["loc"]))
        text = str(fields.get("claim_text", ""))[:60]
        return Problem("review-incomplete", file=str(fields.get("url", "")), text=text, fields=wrong)


def _fields(claim: Mapping[str, Any], review: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    publisher = review.get("publisher")
    names: Sequence[object] = [publisher.get("name"), publisher.get("site")] if isinstance(publisher, Mapping) else []
    given = {
        "url": review.get("url"),
        "publisher": next((name for name in names if name), None),
        "claim_text": claim.get("text"),
        "claimant": claim.get("claimant"),
        "rating": review.get("textualRating"),
        "reviewed_on": str(review.get("reviewDate") or "")[:_DAY],
        "language": review.get("languageCode"),
        "title": review.get("title"),
    }
    return ((name, value.strip()) for name, value in given.items() if isinstance(value, str) and value.strip())
