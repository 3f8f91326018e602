"""The downloads of the published ledger: ClaimReview, feeds, charts with their tables, and texts of articles.

All content of a response comes from the one version of the ledger that the request reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from datasette import NotFound, Response
from datasette.utils.asgi import BadRequest

from claimledger.datasette_plugin.answering import cache_control
from claimledger.datasette_plugin.public_pages.changes_page import read_filter
from claimledger.datasette_plugin.public_pages.claim_list_page import read_claim_filter
from claimledger.datasette_plugin.public_pages.visit import LARGEST_NUMBER, ArgumentRefused
from claimledger.models import ClaimReview
from claimledger.datasette_plugin.public_pages.data_page import load_dataset
from claimledger.publishing import charts, drawing, feeds
from claimledger.datasette_plugin.table_download import WORKBOOK_MEDIA_TYPE, file_name
from claimledger.publishing import exports
from claimledger.publishing.change_files import COLUMNS, MOST_ROWS, change_feed, change_rows_of_file
from claimledger.publishing.claim_review import REVIEWS_PER_PAGE, claim_review, claim_reviews, review_feed
from claimledger.publishing.claim_sheet import CLAIM_SHEET, EVIDENCE_SHEET, MOST_CLAIMS, claim_file
from claimledger.publishing.columns import Meaning
from claimledger.publishing.csv_exchange import Guard, csv_chunks
from claimledger.publishing.dataset import citation_file, licence_address
from claimledger.publishing.dataset_formats import croissant, data_package, served_files
from claimledger.publishing.edition_texts import edition_text
from claimledger.publishing.pages.changes import list_changes
from claimledger.publishing.pages.claim_filter import matching_claims, search_headlines
from claimledger.publishing.search_query import QueryNotSearchable
from claimledger.publishing.json_ld import JSON_LD_MEDIA_TYPE, encode_json, to_json_ld

if TYPE_CHECKING:
    from claimledger.datasette_plugin.public_pages.visit import Visit

_NO_ENTRIES = "Nothing is published yet. · 아직 공개된 것이 없습니다."
_NO_TEXT = "This text is not published here. · 공개된 본문이 없습니다."
_NO_REVIEW = (
    "No ClaimReview: there is no such claim, or it has no fact-check verdict. · "
    "ClaimReview가 없습니다. 주장이 없거나, 사실 확인 판정이 없습니다."
)


class Answer(NamedTuple):
    """The content of a response, which is the same for the same ledger and the same address."""

    content: bytes
    content_type: str
    headers: Mapping[str, str] = {}


Reader = Callable[["Visit"], Awaitable[Answer]]


async def _claim_review(visit: Visit) -> Answer:
    review = await visit.read(claim_review, visit.address_part("claim_id"), visit.site, visit.language)
    if review is None:
        raise NotFound(_NO_REVIEW)
    return Answer(encode_json(to_json_ld(review)), JSON_LD_MEDIA_TYPE)


async def _claim_review_feed(visit: Visit) -> Answer:
    def read(connection: sqlite3.Connection) -> list[ClaimReview]:
        after = visit.argument("after")
        return list(claim_reviews(connection, visit.site, visit.language, after=after, count=REVIEWS_PER_PAGE + 1))

    every = await visit.read(read)
    found, headers = every[:REVIEWS_PER_PAGE], {}
    if len(every) > REVIEWS_PER_PAGE:
        last = str(found[-1].url).rpartition("/")[2]
        place = visit.site.page(f"/feeds/claimreview.json?after={last}&lang={visit.language}")
        headers["link"] = f'<{place}>; rel="next"'
    return Answer(b"".join(review_feed(found, licence_address(visit.site))), JSON_LD_MEDIA_TYPE, headers)


async def _atom(visit: Visit) -> Answer:
    name: feeds.FeedName = "corrections" if visit.address_part("name") == "corrections" else "verdicts"
    try:
        content = await visit.read(
            feeds.atom_page, name, visit.site, visit.language, visit.number("before", LARGEST_NUMBER)
        )
    except LookupError:
        raise NotFound(_NO_ENTRIES) from None
    return Answer(content, f"{feeds.MEDIA_TYPE}; charset=utf-8")


async def _changes_feed(visit: Visit) -> Answer:
    asked, before = await read_filter(visit), visit.number("before", LARGEST_NUMBER)
    try:
        content = await visit.read_in_time(change_feed, asked, visit.site, visit.language, before)
    except LookupError:
        raise NotFound(_NO_ENTRIES) from None
    return Answer(content, f"{feeds.MEDIA_TYPE}; charset=utf-8")


async def _changes_csv(visit: Visit) -> Answer:
    asked = await read_filter(visit)
    found = await visit.read_in_time(list_changes, asked, count=MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise ArgumentRefused("refused.many_changes", asked.since)
    guard = Guard.OFF if visit.argument("_guard") == Guard.OFF else Guard.ON
    rows = change_rows_of_file(found, visit.site, visit.language)
    name = f'attachment; filename="changes-since-{asked.since}.csv"'
    content = b"".join(csv_chunks(COLUMNS, rows, guard=guard))
    return Answer(content, "text/csv; charset=utf-8; header=present", {"content-disposition": name})


async def _claim_file(visit: Visit) -> Answer:
    """Return the claims of the list page, or their evidence, as one flat table."""
    asked, form = read_claim_filter(visit), exports.ExportFormat(visit.address_part("form"))
    has_evidence = bool(visit.address_part("part"))
    guard = Guard.OFF if visit.argument("_guard") == Guard.OFF else Guard.ON

    def read(connection: sqlite3.Connection) -> bytes:
        found = matching_claims(connection, search_headlines(connection, asked), MOST_CLAIMS + 1)
        if len(found) > MOST_CLAIMS:
            raise ArgumentRefused("refused.many_claims", "")
        is_workbook = form is exports.ExportFormat.XLSX
        return claim_file(
            connection,
            found,
            visit.site,
            visit.language,
            has_evidence=has_evidence,
            is_workbook=is_workbook,
            guard=guard,
        )

    try:
        content = await visit.read(read)
    except QueryNotSearchable as fault:
        raise BadRequest(fault.bilingual()) from fault
    kind = "text/csv; charset=utf-8; header=present" if form is exports.ExportFormat.CSV else WORKBOOK_MEDIA_TYPE
    table = EVIDENCE_SHEET if has_evidence else CLAIM_SHEET
    name = file_name(table.name, [asked.words, asked.figure, str(asked.status or ""), asked.topic], form)
    return Answer(content, kind, {"content-disposition": name})


async def _chart(visit: Visit) -> Answer:
    name = next(name for name in charts.CHARTS if name == visit.address_part("name"))
    picture = await visit.read(charts.count_chart, name, visit.language)
    names = [heading.name for heading in picture.headings]
    match visit.address_part("form"):
        case "svg":
            return Answer(drawing.draw_svg(picture, visit.language).encode(), drawing.SVG_MEDIA_TYPE)
        case "csv":
            guard = Guard.OFF if visit.argument("_guard") == Guard.OFF else Guard.ON
            content = b"".join(csv_chunks(names, picture.rows, guard=guard))
            return Answer(content, "text/csv; charset=utf-8; header=present")
        case _:
            records = [dict(zip(names, row, strict=True)) for row in picture.rows]
            return Answer(encode_json(records), "application/json; charset=utf-8")


async def _edition_text(visit: Visit) -> Answer:
    text = await visit.read(edition_text, visit.address_part("article_id"), visit.address_part("edition"))
    if text is None:
        raise NotFound(_NO_TEXT)
    return Answer(text.encode(), "text/plain; charset=utf-8")


async def _dataset(visit: Visit) -> Answer:
    name, found = visit.address_part("name"), await load_dataset(visit)
    if name == "CITATION.cff":
        return Answer(citation_file(found), "text/plain; charset=utf-8")
    described = data_package if name == "datapackage.json" else croissant
    return Answer(
        encode_json(described(found, served_files(found, visit.ledger.name))), "application/json; charset=utf-8"
    )


async def _respond(visit: Visit, reader: Reader) -> Response:
    """Return the response to a request, with the content that a reader makes from the ledger."""
    answer = await reader(visit)
    content = b"" if visit.request.method == "HEAD" else answer.content
    return Response(content, headers={**_headers(visit), **answer.headers}, content_type=answer.content_type)


def _headers(visit: Visit) -> dict[str, str]:
    return {
        "cache-control": cache_control(visit.datasette, visit.request),
        "content-language": visit.language, "vary": "Accept-Language, Cookie", "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",  # a page of another site may read public data, without its readers' cookies
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    }  # fmt: skip


def _page_function(reader: Reader) -> Callable[[Visit], Awaitable[Response]]:
    async def page(visit: Visit) -> Response:
        return await _respond(visit, reader)

    return page


PATHS: tuple[tuple[str, str, Meaning, Callable[[Visit], Awaitable[Response]]], ...] = (
    (r"^/claims/(?P<claim_id>[a-z0-9-]+)\.jsonld$", "/claims/ID.jsonld",
     Meaning("the claim's [ClaimReview](claimreview.md)", "주장의 ClaimReview"), _page_function(_claim_review)),
    (r"^/articles/(?P<article_id>[a-z0-9-]+)/(?P<edition>[0-9a-f]{64})\.txt$", "/articles/ID/HASH.txt",
     Meaning("the whole text of an article, byte for byte, if its rights allow it", "권리가 허락하는 기사 전문"),
     _page_function(_edition_text)),
    (r"^/feeds/claimreview\.json$", "/feeds/claimreview.json",
     Meaning("every ClaimReview, page by page", "모든 ClaimReview"), _page_function(_claim_review_feed)),
    (r"^/feeds/(?P<name>corrections|verdicts)\.atom$", "/feeds/corrections.atom, /feeds/verdicts.atom",
     Meaning("[feeds](formats.md#feeds) of corrections and withdrawals, and of new verdicts",
             "정정과 철회, 새 판정의 피드"), _page_function(_atom)),
    (r"^/feeds/changes\.atom$", "/feeds/changes.atom",
     Meaning("a feed of what `/changes` shows, with the same arguments", "변경 내역 피드"),
     _page_function(_changes_feed)),
    (r"^/claims(?P<part>(?:-evidence)?)\.(?P<form>csv|xlsx)$", "/claims.csv, /claims.xlsx, /claims-evidence.csv",
     Meaning("the claims that `/claims` shows with the same arguments as one flat table: one row a claim with verdict, "
             "reason, figures and evidence addresses, or one row a piece of evidence; at most 20,000 claims",
             "같은 조건의 주장을 한 표로 받기: 주장마다 한 행, 또는 근거마다 한 행"), _page_function(_claim_file)),
    (r"^/changes\.csv$", "/changes.csv",
     Meaning("the same changes as CSV, one row a revision", "변경 내역 CSV"), _page_function(_changes_csv)),
    (rf"^/charts/(?P<name>{'|'.join(charts.CHARTS)})\.(?P<form>svg|csv|json)$", "/charts/NAME.svg, .csv, .json",
     Meaning("a chart, or its table", "그래프 하나 또는 그 표"), _page_function(_chart)),
    (r"^/(?P<name>datapackage\.json|croissant\.json|CITATION\.cff)$",
     "/datapackage.json, /croissant.json, /CITATION.cff",
     Meaning("[the dataset](formats.md#the-dataset) for programs: Frictionless, Croissant, and how to cite it",
             "프로그램을 위한 데이터 설명과 인용 정보"), _page_function(_dataset)),
)  # fmt: skip
"""Every download: its address pattern, its address as people write it, its meaning and the function that answers."""
