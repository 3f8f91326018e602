"""The CSV download of a table page: the same rows, columns and order, all of them, ready for a spreadsheet.

The address is `/<database>/<table>/-/csv?<query string of the table page>`, with `_guard=off` for programs and
`_encoding=` one of `csv_exchange.Encoding`. It works for every table of every database and streams the file. If a
character does not fit the encoding, the download is refused before the first byte.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from datasette import Response
from datasette.utils.asgi import BadRequest

from claimledger.datasette_plugin import table_download
from claimledger.datasette_plugin.joined_columns import read_joined
from claimledger.datasette_plugin.table_query import TableQuery
from claimledger.errors import LedgerError
from claimledger.publishing.csv_exchange import CharacterNotInEncoding, Encoding, Guard, csv_chunks

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import Receive
    from claimledger.datasette_plugin.table_download import Selection

PATH = r"^/(?P<database>[^/.]+)/(?P<table>[^/]+)/-/csv$"
LABEL = "CSV for spreadsheets · 스프레드시트용 CSV"
_REFUSALS: Mapping[type[LedgerError], HTTPStatus] = {CharacterNotInEncoding: HTTPStatus.BAD_REQUEST}

Choice = TypeVar("Choice", Encoding, Guard)


def link(datasette: Datasette, request: Request, database: str, table: str) -> dict[str, str]:
    """Return a link that downloads the rows of a table page, in the form of Datasette's action menus."""
    return {"href": table_download.href(datasette, request, (database, table), "csv"), "label": LABEL}


async def download(datasette: Datasette, request: Request, receive: Receive) -> Response:
    """Answer a request for the CSV of a table.

    Raises:
        BadRequest: an argument, a search or the encoding is not possible; see also `table_query.ask`.
        NotFound: there is no such database.
        DatasetteError: too many downloads are running.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
    guard = _choice(request, "_guard", Guard.ON)
    encoding = _choice(request, "_encoding", Encoding.UTF_8_SIG)
    selection = await table_download.read_selection(datasette, request)
    headers = await table_download.headers(datasette, request, selection, "csv", guard, encoding)
    file = table_download.File(
        pieces=partial(_pieces, selection, guard, encoding),
        headers=headers,
        content_type=f"text/csv; charset={encoding.charset}; header=present",  # RFC 7111
        refusals=_REFUSALS,
    )
    return await table_download.answer(datasette, request, receive, selection, file)


def _choice(request: Request, name: str, default: Choice) -> Choice:
    choices = {str(choice): choice for choice in type(default)}
    value = request.args.get(name) or str(default)
    if value not in choices:
        listed = ", ".join(choices)
        raise BadRequest(f"{name} is one of {listed}, not '{value}'. · {name}에는 {listed} 가운데 하나를 쓰세요.")
    return choices[value]


def _pieces(selection: Selection, guard: Guard, encoding: Encoding, connection: sqlite3.Connection) -> Iterator[bytes]:
    table, query = selection.table, selection.query
    if encoding is Encoding.CP949:  # it lacks characters: read everything once before the first byte is sent
        if not connection.in_transaction:
            connection.execute("BEGIN")  # so that both passes see the same rows
        for _ in _csv(table, query, guard, encoding, connection):
            pass
    yield from _csv(table, query, guard, encoding, connection)


def _csv(
    table: str, query: TableQuery, guard: Guard, encoding: Encoding, connection: sqlite3.Connection
) -> Iterator[bytes]:
    found = read_joined(connection, table, query)
    return csv_chunks(found.header, found.rows, guard=guard, encoding=encoding, widths=found.widths)
