"""What is taken away from the published ledger: ClaimReview, feeds, pictures with their tables, texts of articles.

In: visits. Out: responses with an ETag made of the hash of the ledger's rows, 304 where a reader has it already. The
invariants: everything comes from the one ledger a request began with; one ETag stands for one sequence of bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from datasette import NotFound, Response

from claimledger.datasette_plugin.answering import cache_control, etag, has_it
from claimledger.datasette_plugin.public_pages.visit import LARGEST
from claimledger.models import ClaimReview
from claimledger.publishing import charts, counts, drawing, feeds
from claimledger.publishing.claim_review import ON_A_PAGE, claim_review, claim_reviews, feed
from claimledger.publishing.columns import Meaning
from claimledger.publishing.csv_exchange import csv_chunks
from claimledger.publishing.edition_texts import text_of
from claimledger.publishing.json_ld import MEDIA_TYPE, encoded, json_ld

if TYPE_CHECKING:
    from claimledger.datasette_plugin.public_pages.visit import Visit

_MOST_KEPT = 64
_LARGEST_KEPT = 1_000_000
"""Answers kept in memory, and bytes one may have: a picture of a large ledger takes long to make."""
_kept: dict[str, Answer] = {}
_NOTHING_YET = "Nothing is published yet. · 아직 공개된 것이 없습니다."
_NO_TEXT = "This ledger holds no such text. · 이 원장에는 그런 글이 없습니다."
_NO_REVIEW = (
    "There is no ClaimReview of that name: no such claim, or none with a verdict on whether it is so. · "
    "그런 이름의 ClaimReview가 없습니다. 주장이 없거나, 사실 여부 판정이 없습니다."
)


class Answer(NamedTuple):
    """What is answered: the same for the same ledger and the same question."""

    content: bytes
    content_type: str
    headers: Mapping[str, str] = {}


Reader = Callable[["Visit"], Awaitable[Answer]]


async def _claim_review(visit: Visit) -> Answer:
    review = await visit.read(claim_review, visit.named("claim_id"), visit.site, visit.language)
    if review is None:
        raise NotFound(_NO_REVIEW)
    return Answer(encoded(json_ld(review)), MEDIA_TYPE)


async def _claim_review_feed(visit: Visit) -> Answer:
    def read(connection: sqlite3.Connection) -> list[ClaimReview]:
        after = visit.argument("after")
        return list(claim_reviews(connection, visit.site, visit.language, after=after, count=ON_A_PAGE + 1))

    every = await visit.read(read)
    found, headers = every[:ON_A_PAGE], {}
    if len(every) > ON_A_PAGE:
        last = str(found[-1].url).rpartition("/")[2]
        place = visit.site.page(f"/feeds/claimreview.json?after={last}&lang={visit.language}")
        headers["link"] = f'<{place}>; rel="next"'
    return Answer(b"".join(feed(found)), MEDIA_TYPE, headers)


async def _atom(visit: Visit) -> Answer:
    name: feeds.Name = "corrections" if visit.named("name") == "corrections" else "verdicts"
    try:
        content = await visit.read(feeds.atom, name, visit.site, visit.language, visit.number("before", LARGEST))
    except LookupError:
        raise NotFound(_NOTHING_YET) from None
    return Answer(content, f"{feeds.MEDIA_TYPE}; charset=utf-8")


async def _picture(visit: Visit) -> Answer:
    name = next(name for name in charts.PICTURES if name == visit.named("name"))
    picture = await visit.read(counts.picture, name, visit.language)
    names = [heading.name for heading in picture.headings]
    match visit.named("form"):
        case "svg":
            return Answer(drawing.svg(picture, visit.language).encode(), drawing.MEDIA_TYPE)
        case "csv":
            return Answer(b"".join(csv_chunks(names, picture.rows)), "text/csv; charset=utf-8; header=present")
        case _:
            records = [dict(zip(names, row, strict=True)) for row in picture.rows]
            return Answer(encoded(records), "application/json; charset=utf-8")


async def _text(visit: Visit) -> Answer:
    text = await visit.read(text_of, visit.named("article_id"), visit.named("edition"))
    if text is None:
        raise NotFound(_NO_TEXT)
    return Answer(text.encode(), "text/plain; charset=utf-8")


async def _answered(visit: Visit, reader: Reader) -> Response:
    """Answer a request with what a reader makes of the ledger."""
    headers = _headers(visit, await _etag(visit))
    if has_it(visit.request, headers["etag"]):
        return Response(b"", HTTPStatus.NOT_MODIFIED, headers=headers, content_type="text/plain")
    answer = await _made(visit, reader, headers["etag"])
    content = b"" if visit.request.method == "HEAD" else answer.content
    return Response(content, headers={**headers, **answer.headers}, content_type=answer.content_type)


async def _etag(visit: Visit) -> str:
    """Return the ETag of what this site answers to this address in this language."""
    request = visit.request
    return await visit.read(etag, repr(visit.site), visit.language, request.path, request.query_string)


def _headers(visit: Visit, etag: str) -> dict[str, str]:
    return {
        "etag": etag, "cache-control": cache_control(visit.datasette, visit.request),
        "content-language": visit.language, "vary": "Accept-Language, Cookie", "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    }  # fmt: skip


async def _made(visit: Visit, reader: Reader, etag: str) -> Answer:
    """Return an answer from memory, or make it and keep it if it is small; the oldest kept goes first."""
    if etag in _kept:
        return _kept[etag]
    answer = await reader(visit)
    if len(answer.content) <= _LARGEST_KEPT:
        _kept[etag] = answer
        while len(_kept) > _MOST_KEPT:
            del _kept[next(iter(_kept))]
    return answer


def _page(reader: Reader) -> Callable[[Visit], Awaitable[Response]]:
    async def page(visit: Visit) -> Response:
        return await _answered(visit, reader)

    return page


PATHS: tuple[tuple[str, str, Meaning, Callable[[Visit], Awaitable[Response]]], ...] = (
    (r"^/claims/(?P<claim_id>[a-z0-9-]+)\.jsonld$", "/claims/ID.jsonld",
     Meaning("the claim's [ClaimReview](claimreview.md)", "주장의 ClaimReview"), _page(_claim_review)),
    (r"^/articles/(?P<article_id>[a-z0-9-]+)/(?P<edition>[0-9a-f]{64})\.txt$", "/articles/ID/HASH.txt",
     Meaning("the whole text of an article whose rights allow it, byte for byte", "권리가 허락하는 기사 전문"),
     _page(_text)),
    (r"^/feeds/claimreview\.json$", "/feeds/claimreview.json",
     Meaning("every ClaimReview, page by page", "모든 ClaimReview"), _page(_claim_review_feed)),
    (r"^/feeds/(?P<name>corrections|verdicts)\.atom$", "/feeds/corrections.atom, /feeds/verdicts.atom",
     Meaning("corrections and withdrawals, new verdicts ([feeds](formats.md#feeds))", "정정과 철회, 새 판정의 피드"),
     _page(_atom)),
    (rf"^/charts/(?P<name>{'|'.join(charts.PICTURES)})\.(?P<form>svg|csv|json)$", "/charts/NAME.svg, .csv, .json",
     Meaning("a picture, or its table", "그림 하나 또는 그 표"), _page(_picture)),
)  # fmt: skip
"""Every file: the form of its address, the address as people write it, what it is, and what answers."""
