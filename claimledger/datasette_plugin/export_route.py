"""The rows of a table page as XLSX, JSON, JSON Lines or Parquet, with the columns of the ledger's field table.

The address is `/<database>/<table>/-/<format>?<query string of the table page>`. The file is streamed; a workbook is
first written whole to a temporary folder. Only tables of the field table can be downloaded. A workbook that would take
long is refused before its first row is made, and only a few are made at the same time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from datasette import NotFound, Response

from claimledger.datasette_plugin import table_download
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.ledger_access import is_ledger
from claimledger.errors import LedgerError
from claimledger.messages import Message
from claimledger.publishing import exports
from claimledger.publishing.exports import ExportSelection, ExportFormat, FormatUnavailable, ExportRows, TextTooLong

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import Receive
    from claimledger.datasette_plugin.table_download import Selection
    from claimledger.datasette_plugin.table_query import TableQuery

TYPES: Mapping[ExportFormat, str] = {
    ExportFormat.XLSX: table_download.WORKBOOK_MEDIA_TYPE,
    ExportFormat.JSON: "application/json; charset=utf-8",
    ExportFormat.JSONL: "application/jsonl; charset=utf-8",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}
"""The formats of this route, with their media types."""
PATH = rf"^/(?P<database>[^/.]+)/(?P<table>[^/]+)/-/(?P<form>{'|'.join(TYPES)})$"
WORKBOOKS_AT_ONCE = 2
MOST_ROWS = 20_000
"""The largest number of rows in a workbook. It takes about ten seconds beside the pages that readers wait for."""
MOST_TEXT = 32 * 2**20
"""The largest amount of text in a workbook, in bytes of UTF-8. At most twice as much is on the disk while it is
made.
"""
_making = BoundedSemaphore(WORKBOOKS_AT_ONCE)


class TooManyWorkbooks(LedgerError):
    """Raised when this process already makes as many workbooks as it allows at the same time."""


class WorkbookTooLarge(LedgerError):
    """Raised when a table has more rows or more text than a workbook on a server may have."""

    def __init__(self, table: str) -> None:
        """Name the table and both limits."""
        super().__init__(table=table, rows=MOST_ROWS, size=MOST_TEXT)


_REFUSALS: Mapping[type[LedgerError], HTTPStatus] = {
    TextTooLong: HTTPStatus.BAD_REQUEST,
    WorkbookTooLarge: HTTPStatus.BAD_REQUEST,
    TooManyWorkbooks: HTTPStatus.SERVICE_UNAVAILABLE,
}


async def links(datasette: Datasette, request: Request, database: str, table: str) -> list[dict[str, str]]:
    """Return links that download the rows of a table page, in the form of Datasette's action menus."""
    if not await _is_available(datasette, database, table):
        return []
    return [
        {"href": table_download.href(datasette, request, (database, table), form), "label": form.label}
        for form in exports.available_formats()
        if form in TYPES
    ]


async def _is_available(datasette: Datasette, database: str, table: str) -> bool:
    return table in exports.TABLES_BY_NAME and await cached_result(datasette.databases[database], is_ledger)


async def download(datasette: Datasette, request: Request, receive: Receive) -> Response:
    """Answer a request for a table of the ledger in a format.

    Raises:
        BadRequest: an argument or a search is not possible, or the rows do not fit into a workbook.
        NotFound: there is no such database, or the table is not in the field table.
        DatasetteError: the package for the format is not installed, or too many downloads are running.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
    form = ExportFormat(request.url_vars["form"])
    selection = await table_download.read_selection(datasette, request)
    if not await _is_available(datasette, selection.database.name, selection.table):
        raise NotFound("This table is only available as CSV. · 이 표는 CSV로만 내려받을 수 있습니다.")
    _check_available(form)
    headers = await table_download.headers(datasette, request, selection, form)
    file = table_download.File(partial(_pieces, selection, form), headers, TYPES[form], _REFUSALS)
    return await table_download.answer(datasette, request, receive, selection, file)


def _check_available(form: ExportFormat) -> None:
    try:
        exports.check_format_available(form)
    except FormatUnavailable as fault:
        message = Message("format-not-served", form=form.label, extra=form)
        told = f"{message.text()} · {message.text('ko')}"
        raise table_download.http_refusal(told, HTTPStatus.NOT_IMPLEMENTED) from fault


def _pieces(selection: Selection, form: ExportFormat, connection: sqlite3.Connection) -> Iterator[bytes]:
    rows, chosen = _execute(selection.table, selection.query, connection)
    if form is not ExportFormat.XLSX:
        return exports.export_chunks(rows, chosen, form)
    _check_size(connection, selection.query, chosen)
    return _workbook(rows, chosen)


def _execute(table: str, query: TableQuery, connection: sqlite3.Connection) -> tuple[ExportRows, ExportSelection]:
    """Return the rows of a query, and the entries of the field table for its columns."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(query.sql, query.parameters)
    columns = {column.name: column for column in exports.TABLES_BY_NAME[table].columns}
    return cursor, ExportSelection(table, [columns[name] for name, *_ in cursor.description])


def _check_size(connection: sqlite3.Connection, query: TableQuery, chosen: ExportSelection) -> None:
    """Check that the rows fit into a workbook; SQLite reads at most one row more than fit.

    Raises:
        WorkbookTooLarge: they do not fit.
    """
    size = " + ".join(f'coalesce(length(CAST("{name}" AS BLOB)), 0)' for name in chosen.header)
    few = f"SELECT {size} AS size FROM ({query.sql}) LIMIT {MOST_ROWS + 1}"  # noqa: S608  names of the field table
    rows, text = connection.execute(f"SELECT count(*), total(size) FROM ({few})", query.parameters).fetchone()  # noqa: S608
    if rows > MOST_ROWS or text > MOST_TEXT:
        raise WorkbookTooLarge(chosen.table)


def _workbook(rows: ExportRows, chosen: ExportSelection) -> Iterator[bytes]:
    """Yield the pieces of a workbook, made while fewer than the allowed number are being made.

    Raises:
        TooManyWorkbooks: too many are being made.
    """
    if not _making.acquire(blocking=False):
        raise TooManyWorkbooks
    try:
        pieces = exports.export_chunks(rows, chosen, ExportFormat.XLSX)
        first = next(pieces)
    finally:
        _making.release()
    yield first
    yield from pieces
