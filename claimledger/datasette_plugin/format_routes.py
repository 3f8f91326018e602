"""The routes by which the published ledger is taken away: ClaimReview, feeds, pictures; and the pages that show them.

In: requests from Datasette's router. Out: responses with an ETag made of the log's hash, 304 where a reader has it
already. The invariants: everything comes from the one ledger a request began with; who may not see it is refused by
Datasette; one ETag stands for one sequence of bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette import NotFound, Response

from claimledger import __version__
from claimledger.datasette_plugin.public_pages import language as languages
from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.publishing import charts, drawing, feeds
from claimledger.publishing.claim_review import ON_A_PAGE, claim_review, claim_reviews, feed
from claimledger.publishing.csv_exchange import csv_chunks
from claimledger.publishing.json_ld import MEDIA_TYPE, encoded, json_ld
from claimledger.publishing.site import Language, Site, configured

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette
    from datasette.database import Database

View = Callable[..., Awaitable[Any]]
_MOST_KEPT = 64
_LARGEST_KEPT = 1_000_000
"""Answers kept in memory, and bytes one may have: a picture of a large ledger takes long to make."""
_kept: dict[str, Answer] = {}
_NOTHING_YET = "Nothing is published yet. · 아직 공개된 것이 없습니다."
_NO_REVIEW = (
    "There is no ClaimReview of that name: no such claim, or none with a verdict on whether it is so. · "
    "그런 이름의 ClaimReview가 없습니다. 주장이 없거나, 사실 여부 판정이 없습니다."
)


class Asked(NamedTuple):
    """What a request asks of the ledger."""

    site: Site
    language: Language
    named: Mapping[str, str]
    """Parts of the path, by name."""
    arguments: Mapping[str, str]


class Answer(NamedTuple):
    """What is answered: the same for the same ledger and the same question."""

    content: bytes
    content_type: str
    headers: Mapping[str, str] = {}


Reader = Callable[[sqlite3.Connection, Asked], Answer]


def _claim_review(connection: sqlite3.Connection, asked: Asked) -> Answer:
    review = claim_review(connection, asked.named["claim_id"], asked.site, asked.language)
    if review is None:
        raise NotFound(_NO_REVIEW)
    return Answer(encoded(json_ld(review)), MEDIA_TYPE)


def _claim_review_feed(connection: sqlite3.Connection, asked: Asked) -> Answer:
    after = asked.arguments.get("after", "")
    found = list(claim_reviews(connection, asked.site, asked.language, after=after, count=ON_A_PAGE))
    headers = {}
    if len(found) == ON_A_PAGE:
        last = str(found[-1].url).rpartition("/")[2]
        place = asked.site.page(f"/feeds/claimreview.json?after={last}&lang={asked.language}")
        headers["link"] = f'<{place}>; rel="next"'
    return Answer(b"".join(feed(found)), MEDIA_TYPE, headers)


def _atom(connection: sqlite3.Connection, asked: Asked) -> Answer:
    name: feeds.Name = "corrections" if asked.named["name"] == "corrections" else "verdicts"
    try:
        content = feeds.atom(connection, name, asked.site, asked.language)
    except LookupError:
        raise NotFound(_NOTHING_YET) from None
    return Answer(content, f"{feeds.MEDIA_TYPE}; charset=utf-8")


def _picture(connection: sqlite3.Connection, asked: Asked) -> Answer:
    name = next(name for name in charts.PICTURES if name == asked.named["name"])
    picture = charts.PICTURES[name](connection, asked.language)
    names = [heading.name for heading in picture.headings]
    match asked.named["form"]:
        case "svg":
            return Answer(drawing.svg(picture, asked.language).encode(), drawing.MEDIA_TYPE)
        case "csv":
            return Answer(b"".join(csv_chunks(names, picture.rows)), "text/csv; charset=utf-8; header=present")
        case _:
            records = [dict(zip(names, row, strict=True)) for row in picture.rows]
            return Answer(encoded(records), "application/json; charset=utf-8")


_NAMES = "|".join(charts.PICTURES)
_READERS: tuple[tuple[str, Reader], ...] = (
    (r"^/claims/(?P<claim_id>[a-z0-9-]+)\.jsonld$", _claim_review),
    (r"^/feeds/claimreview\.json$", _claim_review_feed),
    (r"^/feeds/(?P<name>corrections|verdicts)\.atom$", _atom),
    (rf"^/charts/(?P<name>{_NAMES})\.(?P<form>svg|csv|json)$", _picture),
)


async def answered(datasette: Datasette, request: Request, reader: Reader) -> Response:
    """Answer a request with what a reader makes of the ledger.

    Raises:
        NotFound: there is no ledger here, or not what was asked for.
        Forbidden: this reader may not see it.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET, HEAD"})
    ledger = await ledger_of(datasette)
    if ledger is None:
        raise NotFound("There is no ledger here. · 여기에는 원장이 없습니다.")
    await check_reader(datasette, ledger.name, request.actor)
    asked = _asked(datasette, request)
    headers = _headers(datasette, request, await _etag(ledger, request, asked), asked.language)
    if _has_it(request, headers["etag"]):
        return Response(b"", HTTPStatus.NOT_MODIFIED, headers=headers, content_type="text/plain")
    answer = await _made(ledger, reader, asked, headers["etag"])
    content = b"" if request.method == "HEAD" else answer.content
    return Response(content, headers={**headers, **answer.headers}, content_type=answer.content_type)


def _asked(datasette: Datasette, request: Request) -> Asked:
    found_at = datasette.absolute_url(request, datasette.urls.instance())
    site = configured(datasette.plugin_config("claimledger") or {}, found_at)
    arguments = {name: request.args[name] for name in request.args}
    return Asked(site, languages.chosen(request), dict(request.url_vars), arguments)


async def _etag(ledger: Database, request: Request, asked: Asked) -> str:
    """Return a strong ETag: the log, the program, the site, the language and the address make the bytes."""
    root = await ledger.execute_fn(lambda connection: connection.execute(_LOG).fetchone()[0])
    made_of = (root, __version__, repr(asked.site), asked.language, request.path, request.query_string)
    return f'"{sha256(repr(made_of).encode()).hexdigest()[:32]}"'


_LOG = "SELECT value FROM about WHERE name = 'log_root'"


def _headers(datasette: Datasette, request: Request, etag: str, language: Language) -> dict[str, str]:
    seconds = datasette.setting("default_cache_ttl")
    kept = "private, no-cache" if request.actor else f"max-age={seconds}" if seconds else "no-cache"
    return {
        "etag": etag, "cache-control": kept, "content-language": language, "vary": "Accept-Language, Cookie",
        "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    }  # fmt: skip


def _has_it(request: Request, etag: str) -> bool:
    """Return whether the reader holds these bytes (RFC 9110, If-None-Match: weak comparison)."""
    held = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in held or held == ["*"]


async def _made(ledger: Database, reader: Reader, asked: Asked, etag: str) -> Answer:
    """Return an answer from memory, or make it and keep it if it is small; the oldest kept goes first."""
    if etag in _kept:
        return _kept[etag]
    answer: Answer = await ledger.execute_fn(lambda connection: reader(connection, asked))
    if len(answer.content) <= _LARGEST_KEPT:
        _kept[etag] = answer
        while len(_kept) > _MOST_KEPT:
            del _kept[next(iter(_kept))]
    return answer


def _view(reader: Reader) -> View:
    async def view(datasette: Datasette, request: Request) -> Response:
        return await answered(datasette, request, reader)

    return view


ROUTES: list[tuple[str, View]] = [(path, _view(reader)) for path, reader in _READERS]
"""Every file: the form of its address, and what answers."""
