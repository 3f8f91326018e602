"""What a table page of the ledger shows, as XLSX, JSON, JSON Lines or Parquet, by the field table.

In: `/<database>/<table>/-/<format>?<query string of the table page>`. Out: a file, streamed; a workbook is made whole
in a temporary folder first. The invariants: only tables of the field table are given; an answer has an ETag made of the
log's hash, the program and the query, and 304 where the reader has it; workbooks are few at a time and bounded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from datasette import NotFound, Response

from claimledger import __version__
from claimledger.datasette_plugin import table_download
from claimledger.datasette_plugin.answering import cache_control, has_it
from claimledger.datasette_plugin.public_pages.counted import counted
from claimledger.datasette_plugin.public_pages.doorway import is_ledger
from claimledger.errors import LedgerError
from claimledger.publishing import exports
from claimledger.publishing.exports import Chosen, Format, FormatUnavailable, Rows, TextTooLong, TooManyRows

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import Receive
    from claimledger.datasette_plugin.table_download import Wanted
    from claimledger.datasette_plugin.table_query import TableQuery

TYPES: Mapping[Format, str] = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json; charset=utf-8",
    Format.JSONL: "application/jsonl; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
}
"""The formats that are given here, with their media types."""
PATH = rf"^/(?P<database>[^/.]+)/(?P<table>[^/]+)/-/(?P<form>{'|'.join(TYPES)})$"
WORKBOOKS_AT_ONCE = 2
MOST_TEXT = 256 * 2**20
"""Characters of text in a workbook: its temporary files take about as many bytes."""
_making = BoundedSemaphore(WORKBOOKS_AT_ONCE)


class TooManyWorkbooks(LedgerError):
    """As many workbooks are being made as this process makes at once."""

    def __init__(self) -> None:
        """Say when to come back, and what does not have to wait."""
        super().__init__(
            "Other workbooks are being made; try again in a minute, or take csv, jsonl or parquet now. · "
            "다른 통합 문서를 만들고 있습니다. 잠시 뒤 다시 시도하거나 csv, jsonl, parquet으로 받으세요."
        )


class TooMuchText(LedgerError):
    """The rows hold more text than a workbook is made of on a server."""

    def __init__(self, table: str) -> None:
        """Name the table."""
        super().__init__(
            f"{table}: the rows hold more than {MOST_TEXT:,} characters, too many for a workbook made here. Take the "
            "table as csv, jsonl or parquet, or fewer rows. · 통합 문서로 만들기에는 글이 너무 많습니다. "
            "csv, jsonl, parquet으로 받거나 행을 줄이세요."
        )


_REFUSALS: Mapping[type[LedgerError], HTTPStatus] = {
    TextTooLong: HTTPStatus.BAD_REQUEST,
    TooManyRows: HTTPStatus.BAD_REQUEST,
    TooMuchText: HTTPStatus.BAD_REQUEST,
    TooManyWorkbooks: HTTPStatus.SERVICE_UNAVAILABLE,
}


async def links(datasette: Datasette, request: Request, database: str, table: str) -> list[dict[str, str]]:
    """Return the links to what a table page shows, in the form of Datasette's action menus."""
    if not await _is_given(datasette, database, table):
        return []
    return [
        {"href": table_download.href(datasette, request, (database, table), form), "label": form.label}
        for form in exports.available()
        if form in TYPES
    ]


async def _is_given(datasette: Datasette, database: str, table: str) -> bool:
    return table in exports.BY_NAME and await counted(datasette.databases[database], is_ledger)


async def download(datasette: Datasette, request: Request, receive: Receive) -> Response:
    """Answer a request for a table of the ledger in a format.

    Raises:
        BadRequest: an argument or a search will not do, or the rows do not fit into a workbook.
        NotFound: there is no such database, or the table is none of the field table.
        DatasetteError: what writes the format is not installed, or too many downloads are running.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
    form = Format(request.url_vars["form"])
    asked = await table_download.wanted(datasette, request)
    if not await _is_given(datasette, asked.database.name, asked.table):
        raise NotFound("This table is given as CSV alone. · 이 표는 CSV로만 드립니다.")
    _check_available(form)
    headers = {
        **table_download.headers(datasette, asked.table, form),
        "etag": await _etag(asked, form), "cache-control": cache_control(datasette, request), "vary": "Cookie",
    }  # fmt: skip
    if has_it(request, headers["etag"]):
        return Response(b"", HTTPStatus.NOT_MODIFIED, headers=headers, content_type=TYPES[form])
    file = table_download.File(partial(_pieces, asked, form), headers, TYPES[form], _REFUSALS)
    return await table_download.answer(datasette, request, receive, asked, file)


def _check_available(form: Format) -> None:
    try:
        exports.check_available(form)
    except FormatUnavailable as fault:
        told = f"{fault} · 이 형식을 쓰는 패키지가 이 서버에 없습니다. csv나 jsonl로 받으세요."
        raise table_download.refused(told, HTTPStatus.NOT_IMPLEMENTED) from fault


async def _etag(asked: Wanted, form: Format) -> str:
    """Return an ETag of what the file says; weak, for a library may write the same in other bytes (RFC 9110, 8.8.1)."""
    root = (await asked.database.execute(_LOG)).first()[0]
    made_of = (root, __version__, asked.table, form, asked.query.sql, sorted(asked.query.parameters.items()))
    return f'W/"{sha256(repr(made_of).encode()).hexdigest()[:32]}"'


_LOG = "SELECT value FROM about WHERE name = 'log_root'"


def _pieces(asked: Wanted, form: Format, connection: sqlite3.Connection) -> Iterator[bytes]:
    rows, chosen = _chosen(asked.table, asked.query, connection)
    if form is not Format.XLSX:
        return exports.pieces(rows, chosen, form)
    return _workbook(_bounded(rows, asked.table), chosen)


def _chosen(table: str, query: TableQuery, connection: sqlite3.Connection) -> tuple[Rows, Chosen]:
    """Return the rows of a query, and what the field table says of their columns."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(query.sql, query.parameters)
    columns = {column.name: column for column in exports.BY_NAME[table].columns}
    return cursor, Chosen(table, [columns[name] for name, *_ in cursor.description])


def _bounded(rows: Rows, table: str) -> Rows:
    length = 0
    for row in rows:
        length += sum(len(cell) for cell in row if isinstance(cell, str))
        if length > MOST_TEXT:
            raise TooMuchText(table)
        yield row


def _workbook(rows: Rows, chosen: Chosen) -> Iterator[bytes]:
    """Yield a workbook, making it while there is room for one more."""
    if not _making.acquire(blocking=False):
        raise TooManyWorkbooks
    try:
        pieces = exports.pieces(rows, chosen, Format.XLSX)
        first = next(pieces)
    finally:
        _making.release()
    yield first
    yield from pieces
