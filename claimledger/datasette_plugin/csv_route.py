"""The CSV download of a table page: the same rows, columns and order, whole, as a spreadsheet opens it.

In: `/<database>/<table>/-/csv?<query string of the table page>`, with `_guard=off` for programs and `_encoding=` one of
`csv_exchange.Encoding`. Out: a streamed file. The invariants: what can be refused is refused with a status before the
first byte, and what a reader gets is what Datasette shows that reader. It makes no SQL of its own.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode

from datasette import NotFound, Response
from datasette.plugins import pm
from datasette.utils import add_cors_headers, tilde_decode
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from claimledger.datasette_plugin.following import current
from claimledger.datasette_plugin.streaming import PieceMaker, StreamedResponse, TooManyAtOnce, unless_gone
from claimledger.datasette_plugin.table_query import TableQuery, arguments, ask
from claimledger.publishing.csv_exchange import CharacterNotInEncoding, Encoding, Guard, csv_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasette import Request
    from datasette.app import Datasette
    from datasette.database import Database

    from claimledger.datasette_plugin.streaming import Receive

PATH = r"^/(?P<database>[^/.]+)/(?P<table>[^/]+)/-/csv$"
LABEL = "CSV for spreadsheets / 스프레드시트용 CSV"
_OWN_ARGUMENTS = ("_guard", "_encoding")

Choice = TypeVar("Choice", Encoding, Guard)


def link(datasette: Datasette, request: Request, database: str, table: str) -> dict[str, str]:
    """Return the link to the download of what a table page shows, in the form of Datasette's action menus."""
    chosen = urlencode(arguments(request.query_string))
    return {
        "href": datasette.urls.table(database, table) + "/-/csv" + (f"?{chosen}" if chosen else ""),
        "label": LABEL,
    }


async def download(datasette: Datasette, request: Request, receive: Receive) -> Response:
    """Answer a request for the CSV of a table.

    Raises:
        BadRequest: an argument, a search or the encoding will not do; see also `table_query.ask`.
        NotFound: there is no such database.
        DatasetteError: too many downloads are running.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
    guard = _chosen(request, "_guard", Guard.ON)
    encoding = _chosen(request, "_encoding", Encoding.UTF_8_SIG)
    database = _database(datasette, request)
    table = tilde_decode(request.url_vars["table"])
    query = await ask(datasette, request, database.name, table)
    headers = _headers(datasette, table, query)
    content_type = f"text/csv; charset={encoding.charset}; header=present"  # RFC 7111
    if request.method == "HEAD":
        return Response(b"", headers=headers, content_type=content_type)
    try:
        maker = PieceMaker(partial(_connect, datasette, database), partial(_pieces, query, guard, encoding))
    except TooManyAtOnce as fault:
        raise DatasetteError(str(fault), status=HTTPStatus.SERVICE_UNAVAILABLE) from fault
    first = await _first_piece(maker, receive)
    return StreamedResponse(first, maker, receive, headers=headers, content_type=content_type)


def _chosen(request: Request, name: str, otherwise: Choice) -> Choice:
    choices = {str(choice): choice for choice in type(otherwise)}
    value = request.args.get(name) or str(otherwise)
    if value not in choices:
        listed = ", ".join(choices)
        raise BadRequest(f"{name} is one of {listed}, not '{value}'. · {name}에는 {listed} 가운데 하나를 쓰세요.")
    return choices[value]


def _database(datasette: Datasette, request: Request) -> Database:
    try:
        return current(datasette.get_database(route=tilde_decode(request.url_vars["database"])))
    except KeyError:
        raise NotFound("There is no such database. · 그런 데이터베이스가 없습니다.") from None


def _headers(datasette: Datasette, table: str, query: TableQuery) -> dict[str, str]:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in table)
    headers = {
        # RFC 6266: the second name is for those who know RFC 8187
        "content-disposition": f"attachment; filename=\"{plain}.csv\"; filename*=UTF-8''{quote(table, safe='')}.csv",
        "cache-control": query.cache_control or "no-store",
        "x-content-type-options": "nosniff",
    }
    if datasette.cors:
        add_cors_headers(headers)
    return headers


async def _first_piece(maker: PieceMaker, receive: Receive) -> bytes:
    """Return the first piece, so that what is wrong with query or encoding is known before a byte is sent."""
    try:
        first = await unless_gone(maker.next(), receive)
    except CharacterNotInEncoding as fault:
        maker.close()
        raise BadRequest(str(fault)) from fault
    except BaseException:
        maker.close()
        raise
    return first or b""


def _connect(datasette: Datasette, database: Database) -> sqlite3.Connection:
    """Open the database anew for reading: Datasette's own connections cut a query after a second."""
    if database.path:
        mode = "mode=ro" if database.is_mutable else "immutable=1"
        uri = f"{Path(database.path).absolute().as_uri()}?{mode}{'&nolock=1' if datasette.nolock else ''}"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    else:  # a database in memory
        connection = database.connect()
    pm.hook.prepare_connection(conn=connection, database=database.name, datasette=datasette)
    return connection


def _pieces(query: TableQuery, guard: Guard, encoding: Encoding, connection: sqlite3.Connection) -> Iterator[bytes]:
    if encoding is Encoding.CP949:  # it cannot write everything: read all once before the first byte leaves
        connection.execute("BEGIN")  # so that both readings see the same
        for _ in _csv(query, guard, encoding, connection):
            pass
    yield from _csv(query, guard, encoding, connection)


def _csv(query: TableQuery, guard: Guard, encoding: Encoding, connection: sqlite3.Connection) -> Iterator[bytes]:
    cursor = connection.execute(query.sql, query.parameters)
    return csv_chunks([column[0] for column in cursor.description], cursor, guard=guard, encoding=encoding)
