"""ClaimReviews in the shapes that publishers use, with made-up contents; docs/claimreview.md names the sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

REVERSED_BOUNDS: dict[str, Any] = {
    "itemReviewed": {
        "@type": "CreativeWork",
        "url": "https://social.example/harbour/posts/3638",
        "datePublished": "2031-04-01",
        "keywords": "port",
        "author": {"@type": "Person", "name": "여러 출처"},
    },
    "author": {
        "@type": "Organization", "@id": "https://facts.example/", "name": "Harbour Facts", "url": "https://facts.example/",
        "sameAs": "https://social.example/facts",
        "logo": {"@type": "ImageObject", "url": "https://facts.example/logo.svg", "width": "", "height": ""},
    },
    "reviewRating": {
        "@type": "Rating", "ratingValue": "5", "bestRating": "1", "worstRating": "5", "alternateName": "거짓",
    },
    "claimReviewed": "하늘항이 배 40척을 돌려보냈다",
    "@type": "ClaimReview",
    "name": "돌려보낸 배는 4척이다",
    "datePublished": "2031-04-07 20:05",
    "url": "https://facts.example/four-ships",
}  # fmt: skip
EMPTY_FIELDS: dict[str, Any] = {
    "itemReviewed": {
        "@type": "CreativeWork", "@id": "", "name": "", "url": "", "datePublished": "",
        "author": {"@type": "Person", "name": "Several accounts", "url": "https://social.example/v/1", "sameAs": ""},
    },
    "author": {"@type": "Organization", "name": "Harbour Facts", "url": "https://facts.example/"},
    "reviewRating": {
        "@type": "Rating", "ratingValue": "3", "bestRating": "5", "worstRating": "1", "alternateName": "Mixed",
    },
    "claimReviewed": "Pictures show the port after the storm &amp; the fire",
    "@type": "ClaimReview",
    "datePublished": "2031-02-21 23:12",
    "url": "https://facts.example/storm",
}  # fmt: skip
MINUS_ONE: dict[str, Any] = {
    "@context": "http://schema.org",
    "@type": "ClaimReview",
    "datePublished": "2031-03-01 20:30:17 UTC",
    "url": "http://www.truth.example/article/8-charts/",
    "author": {"@type": "Organization", "url": "https://www.truth.example"},
    "claimReviewed": "Did the director inherit a broken port? ",
    "reviewRating": {
        "@type": "Rating", "ratingValue": "-1", "alternateName": "Not really, charts say", "worstRating": "-1",
        "bestRating": "-1", "image": "https://cdn.truth.example/ratings/33203093",
    },
    "itemReviewed": {
        "@type": "CreativeWork",
        "author": {"@type": "Person", "name": "Seo Mirae", "jobTitle": "Director", "sameAs": []},
        "datePublished": "2031-02-28",
        "name": "an address to the council",
    },
}  # fmt: skip
FROM_ZERO: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "datePublished": "2031-03-10T12:31:20+01:00",
    "author": {"@type": "Organization", "name": "Le Port", "url": "https://www.leport.example/"},
    "url": "https://www.leport.example/2031/03/10/grue.html",
    "claimReviewed": "La grue n\u2019est qu\u2019un\u00a0\u00ab gros jouet\u00a0\u00bb",
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Plusieurs sites"},
        "datePublished": "2031-02-03T00:00:00+00:00",
        "appearance": [{"@type": "CreativeWork", "url": "https://letter.example/grue/"}],
    },
    "reviewRating": {
        "@type": "Rating", "ratingValue": 1, "bestRating": 2, "worstRating": 0, "alternateName": "C\u2019est compliqué",
    },
    "retrieved_by": "collector",
}  # fmt: skip
NO_CLAIM: dict[str, Any] = {
    "@type": "ClaimReview",
    "claimReviewed": "",
    "author": {"@type": "Organization", "name": "Le Port"},
    "reviewRating": {"@type": "Rating", "ratingValue": 0, "bestRating": 2, "worstRating": 0, "alternateName": "FAUX"},
    "itemReviewed": {"@type": "Claim", "appearance": [{"@type": "CreativeWork", "url": "https://social.example/1"}]},
}
ARRAYS: dict[str, Any] = {
    "@type": ["ClaimReview", "Review"],
    "claimReviewed": ["The dredger is the world's largest"],
    "url": ["https://facts.example/dredger"],
    "reviewRating": [
        {"@type": "Rating", "alternateName": "False", "ratingValue": 1},
        {"@type": "Rating", "alternateName": "Mostly false", "ratingValue": 2, "bestRating": 5},
    ],
    "itemReviewed": [{"@type": "Claim", "author": ["Haneul Port Authority", {"@type": "Person", "name": "Seo Mirae"}]}],
}
SEARCH: dict[str, Any] = {
    "claims": [
        {
            "text": "A video shows the crane falling",
            "claimant": "Social media users",
            "claimDate": "2031-05-11T13:44:56Z",
            "claimReview": [
                {
                    "publisher": {"name": "Harbour Facts", "site": "facts.example"},
                    "url": "https://facts.example/crane", "title": "An older crane, another port",
                    "reviewDate": "2031-05-12T00:00:00Z", "textualRating": "False", "languageCode": "en",
                },
                {
                    "publisher": {"site": "truth.example"}, "url": "https://truth.example/crane",
                    "textualRating": "Three Anchors",
                },
            ],
        }
    ],
    "nextPageToken": "CAo",
}  # fmt: skip
MARKUP: dict[str, Any] = {
    "claimReviewMarkupPages": [
        {
            "name": "pages/abc", "pageUrl": "https://facts.example/sand", "publishDate": "2031-06-01",
            "claimReviewAuthor": {"name": "Harbour Facts", "imageUrl": "https://facts.example/logo.png"},
            "claimReviewMarkups": [
                {
                    "url": "https://facts.example/sand#1", "claimReviewed": "The sand is gone", "claimDate": "2031-05",
                    "claimLocation": "a podcast", "claimFirstAppearance": "https://cast.example/7",
                    "claimAppearances": ["https://social.example/9"],
                    "claimAuthor": {"name": "A dredging firm", "jobTitle": "", "sameAs": "https://firm.example"},
                    "rating": {
                        "ratingValue": 2, "worstRating": 1, "bestRating": 5, "textualRating": "Mostly false",
                        "ratingExplanation": "Some of it was moved.",
                    },
                }
            ],
        }
    ]
}  # fmt: skip
NODES = (REVERSED_BOUNDS, EMPTY_FIELDS, MINUS_ONE, FROM_ZERO, NO_CLAIM, ARRAYS)
GRAPH: dict[str, Any] = {
    "@context": "https://schema.org",
    "@graph": [{"@type": "WebPage", "@id": "https://facts.example/#page", "name": "Facts"}, MINUS_ONE, FROM_ZERO],
}
DATA_FEED: dict[str, Any] = {
    "@context": "https://schema.org", "@type": "DataFeed", "dateModified": "2031-06-02",
    "dataFeedElement": [{"@type": "DataFeedItem", "item": [EMPTY_FIELDS, REVERSED_BOUNDS]}],
}  # fmt: skip
VALUES: tuple[Any, ...] = (*NODES, SEARCH, MARKUP, GRAPH, DATA_FEED, [ARRAYS, [MINUS_ONE], "text"])


def page(*values: object) -> bytes:
    """Return a web page with values as JSON-LD, the way content systems write it."""
    return page_of(*map(json.dumps, values))


def page_of(*documents: str) -> bytes:
    """Return such a page with documents that are JSON already."""
    scripts = "".join(f'<script type="application/ld+json">\n{document}\n</script>\n' for document in documents)
    return f"<!DOCTYPE html><html><head><title>Facts</title>{scripts}</head><body><p>…</p></body></html>".encode()


def leaves(value: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401  any JSON value
    """Return the values of a JSON document by path, without empty values and names of the vocabulary."""
    found: dict[str, str] = {}
    waiting = [(path, value)]
    while waiting:
        at, part = waiting.pop()
        if isinstance(part, Mapping):
            waiting += [(f"{at}.{name}".lstrip("."), below) for name, below in part.items() if name != "@context"]
        elif isinstance(part, list):
            waiting += [(f"{at}.{place}".lstrip("."), below) for place, below in enumerate(part)]
        elif part is not None and str(part).strip():
            found[at] = part if isinstance(part, str) else json.dumps(part)
    return found
