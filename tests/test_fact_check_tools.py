"""Reviews from Google's Fact Check Tools, with answers as in its reference, served from loopback."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from loopback import Answer, page, sent_on, serving, silence

from claimledger.fetching.fact_check_tools import ReviewsNotFound, parse_reviews, search_reviews
from claimledger.models import ForeignReview

KEY = "a-key-of-nobody-1234567890"
CLAIM: dict[str, Any] = {
    "text": "Haneul Port moved 1.2 million tonnes.",
    "claimant": "Haneul Port Authority",
    "claimDate": "2031-03-01T00:00:00Z",
    "claimReview": [{
        "publisher": {"name": "Harbour Check", "site": "example.org"},
        "url": "https://example.org/reviews/1",
        "title": "Did Haneul Port move 1.2 million tonnes?",
        "reviewDate": "2031-03-02T00:00:00Z",
        "textualRating": "Mostly true, but…",
        "languageCode": "en",
    }],
}  # fmt: skip
JSON = "Content-Type: application/json; charset=UTF-8"


def answer(*claims: object, **more: object) -> Answer:
    return page(json.dumps({"claims": list(claims), **more}).encode(), JSON)


def claim_with_review(**review: object) -> dict[str, Any]:
    return {**CLAIM, "claimReview": [{**CLAIM["claimReview"][0], **review}]}


def test_review_is_returned_as_published() -> None:
    with serving(answer(CLAIM, nextPageToken="CAo")) as server:
        reviews, problems = search_reviews(
            "하늘항 120만t", KEY, "ko", service=f"{server.address}/s", allow=server.allow
        )
    assert (reviews, problems) == ([ForeignReview(
        url="https://example.org/reviews/1", publisher="Harbour Check", claim_text=CLAIM["text"],
        claimant="Haneul Port Authority", rating="Mostly true, but…", reviewed_on="2031-03-02", language="en",
        title="Did Haneul Port move 1.2 million tonnes?",
    )], [])  # fmt: skip
    (request,) = server.requests
    query = parse_qs(urlsplit(request.split(b" ")[1].decode()).query)
    assert query == {"query": ["하늘항 120만t"], "pageSize": ["10"], "key": [KEY], "languageCode": ["ko"]}


def test_answer_without_claims_gives_no_reviews() -> None:
    with serving(page(b"{}", JSON)) as server:
        assert search_reviews("x y", KEY, service=server.address, allow=server.allow) == ([], [])


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        (claim_with_review(textualRating=None), "rating"),
        (claim_with_review(textualRating=" "), "rating"),
        (claim_with_review(url="javascript:alert(1)"), "url"),
        (claim_with_review(publisher={}), "publisher"),
        (claim_with_review(publisher="example.org"), "publisher"),
        (claim_with_review(reviewDate="yesterday"), "reviewed_on"),
        ({**CLAIM, "text": None}, "claim_text"),
    ],
)
def test_incomplete_review_is_skipped_and_reported(claim: dict[str, Any], wrong: str) -> None:
    reviews, problems = parse_reviews(json.dumps({"claims": [claim, CLAIM]}).encode())
    assert len(reviews) == 1
    assert [(one.code, wrong in one.sentence) for one in problems] == [("review-incomplete", True)]


def test_publisher_without_a_name_gets_its_site_as_name() -> None:
    reviews, _ = parse_reviews(json.dumps({"claims": [claim_with_review(publisher={"site": "example.org"})]}).encode())
    assert reviews[0].publisher == "example.org"


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"<html>", b'{"claims": 1}', b'{"claims": [1]}', b'{"claims": [{"claimReview": 1}]}', b"\xff"],
)
def test_malformed_answer_is_refused(content: bytes) -> None:
    with pytest.raises(ReviewsNotFound, match="not a list of claims"):
        parse_reviews(content)


@pytest.mark.parametrize(
    "wrong",
    [
        page(b'{"error": {"code": 403}}', JSON, status="403 Forbidden"),
        page(b"<html></html>"),
        sent_on("https://example.org/elsewhere"),
    ],
    ids=["refused", "a page", "sent on"],
)
def test_key_is_never_shown_or_sent_to_another_host(wrong: Answer) -> None:
    with serving(wrong) as server, pytest.raises(ReviewsNotFound) as refused:
        search_reviews("x y", KEY, service=server.address, allow=server.allow)
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None
    assert len(server.requests) == 1


def test_malformed_key_is_not_sent() -> None:
    with serving(silence) as server, pytest.raises(ReviewsNotFound, match="form"):
        search_reviews("x y", "not a key", service=server.address, allow=server.allow)
    assert server.requests == []
