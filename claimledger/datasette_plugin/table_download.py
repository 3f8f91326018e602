"""The download of a table page, in the same steps for every format: find the rows, check, and stream the file.

The address is `/<database>/<table>/-/<format>?<query string of the table page>`; the caller passes the function that
makes the pieces of the file. Every refusal has a status before the first byte is sent. The file has exactly the rows
that Datasette shows this reader. A file of a ledger has an ETag made from the ledger's rows, the program and the
request, and status 304 if the reader already has it. This module makes no SQL of its own and knows no format.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from datasette import NotFound, Response
from datasette.plugins import pm
from datasette.utils import add_cors_headers, tilde_decode
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from claimledger.datasette_plugin.answering import cache_control, etag, is_cached
from claimledger.datasette_plugin.ledger_database import LedgerDatabase
from claimledger.datasette_plugin.result_cache import cached_result, ledger_version
from claimledger.datasette_plugin.ledger_access import is_ledger
from claimledger.datasette_plugin.snapshots import LedgerSnapshot, current_ledger_snapshot
from claimledger.datasette_plugin.streaming import PieceMaker, StreamedResponse, TooManyAtOnce, run_unless_disconnected
from claimledger.datasette_plugin.table_query import TableQuery, arguments, read_table_query
from claimledger.errors import LedgerError

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette
    from datasette.database import Database

    from claimledger.datasette_plugin.streaming import Receive

Pieces = Callable[[sqlite3.Connection], Iterator[bytes]]


_CHOOSING = frozenset({"_search", "_topic", "_figure"})
"""The arguments that choose rows, beside those that name a column."""


class Selection(NamedTuple):
    """The database, table and query of a request."""

    database: Database
    table: str
    query: TableQuery


async def read_selection(datasette: Datasette, request: Request) -> Selection:
    """Return the database, table and query of a request.

    Raises:
        BadRequest, Forbidden, DatasetteError: as in `table_query.ask`.
        NotFound: there is no such database or table.
    """
    database = _database(datasette, request)
    table = tilde_decode(request.url_vars["table"])
    return Selection(database, table, await read_table_query(datasette, request, database.name, table))


def _database(datasette: Datasette, request: Request) -> Database:
    try:
        return datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        raise NotFound("There is no such database. · 데이터베이스가 없습니다.") from None


def href(datasette: Datasette, request: Request, table: tuple[str, str], ending: str) -> str:
    """Return the path that downloads the rows of a table page; `table` is the database's name and the table's."""
    chosen = urlencode(arguments(request.query_string))
    return f"{datasette.urls.table(*table)}/-/{ending}" + (f"?{chosen}" if chosen else "")


async def headers(
    datasette: Datasette, request: Request, selection: Selection, ending: str, *chosen: object
) -> dict[str, str]:
    """Return the headers of a file: its name, made from the table's, its caching and, for a ledger, its ETag.

    Other choices in the request than the rows, such as the encoding, are also part of the ETag.
    """
    caching = {"cache-control": cache_control(datasette, request), "vary": "Cookie"}
    ledger = datasette.databases[selection.database.name]
    is_known = await cached_result(ledger, is_ledger)
    if is_known:
        caching["access-control-allow-origin"] = "*"
    if is_known and (version := await ledger_version(ledger)):
        caching["etag"] = _etag(version, selection, ending, *chosen)
    values = [value for name, value in arguments(request.query_string) if name in _CHOOSING or name[0] != "_"]
    return {**_file_headers(datasette, selection, values, ending), **caching}


def _etag(version: str, selection: Selection, *chosen: object) -> str:
    """Return a weak ETag, because a library may write the same content in different bytes (RFC 9110, 8.8.1)."""
    query = selection.query
    return f"W/{etag(version, selection.table, *chosen, query.sql, sorted(query.parameters.items()))}"


def _file_headers(datasette: Datasette, selection: Selection, chosen: Sequence[str], ending: str) -> dict[str, str]:
    headers = {
        "content-disposition": file_name(selection.table, chosen, ending),
        "x-content-type-options": "nosniff",
    }  # fmt: skip
    if datasette.cors:
        add_cors_headers(headers)
    return headers


LONGEST_NAME = 100
"""The largest length of a file's name before its ending, in characters."""
WORKBOOK_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(table: str, chosen: Iterable[str], ending: str) -> str:
    r"""Return the header that names a file: its table, and the values that its rows were chosen by.

    >>> file_name("claims", ["models", "refuted", ""], "csv").split("; ")[1]
    'filename="claims-models-refuted.csv"'
    """
    text = "-".join([table, *filter(None, (_UNFIT.sub(" ", value).strip().replace(" ", "_") for value in chosen))])
    name = text[:LONGEST_NAME]
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in name)
    # RFC 6266: the second name is for clients that support RFC 8187
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(name, safe='')}.{ending}"


_UNFIT = re.compile(r"[^\w.%+$€£¥₩-]+")
"""Characters that a file's name does not have."""


class File(NamedTuple):
    """A file to make and send."""

    pieces: Pieces
    headers: Mapping[str, str]
    content_type: str
    refusals: Mapping[type[LedgerError], HTTPStatus]
    """The errors that may occur before the first byte, with the status of each."""


async def answer(
    datasette: Datasette, request: Request, receive: Receive, selection: Selection, file: File
) -> Response:
    """Answer a request with a file; only with its headers for a HEAD request or if the reader already has the file.

    Raises:
        BadRequest, DatasetteError: the file cannot be made, or too many downloads are running.
    """
    if is_cached(request, file.headers.get("etag")):
        return Response(b"", HTTPStatus.NOT_MODIFIED, headers=dict(file.headers), content_type=file.content_type)
    if request.method == "HEAD":
        return Response(b"", headers=dict(file.headers), content_type=file.content_type)
    try:
        maker = PieceMaker(_connector(datasette, selection.database), file.pieces)
    except TooManyAtOnce as fault:
        raise DatasetteError(fault.bilingual(), status=HTTPStatus.SERVICE_UNAVAILABLE) from fault
    first = await _first_piece(maker, receive, file.refusals)
    return StreamedResponse(first, maker, receive, headers=file.headers, content_type=file.content_type)


async def _first_piece(maker: PieceMaker, receive: Receive, refusals: Mapping[type[LedgerError], HTTPStatus]) -> bytes:
    """Return the first piece, so that errors in the query or format are known before a byte is sent."""
    try:
        first = await run_unless_disconnected(maker.next(), receive)
    except LedgerError as fault:
        maker.close()
        if type(fault) not in refusals:
            raise
        raise http_refusal(fault.bilingual(), refusals[type(fault)]) from fault
    except BaseException:
        maker.close()
        raise
    return first or b""


def http_refusal(message: str, status: HTTPStatus) -> Exception:
    """Return the exception that Datasette shows with a message and a status."""
    refusal: Exception = BadRequest(message)
    return refusal if status is HTTPStatus.BAD_REQUEST else DatasetteError(message, status=status)


def _connector(datasette: Datasette, database: Database) -> Callable[[], sqlite3.Connection]:
    """Return the function that opens the connection of a download, in the thread that makes the file."""
    if isinstance(database, LedgerDatabase):
        return partial(_detach, current_ledger_snapshot(database))
    return partial(_connect, datasette, database)


def _detach(snapshot: LedgerSnapshot) -> sqlite3.Connection:
    """Return a connection that reads the version of the request, with cells as SQLite has them."""
    connection = snapshot.detach()
    connection.row_factory, connection.text_factory = None, str
    return connection


def _connect(datasette: Datasette, database: Database) -> sqlite3.Connection:
    """Open a separate read-only connection, because Datasette's own connections cancel a query after a second."""
    if database.path:
        mode = "mode=ro" if database.is_mutable else "immutable=1"
        uri = f"{Path(database.path).absolute().as_uri()}?{mode}{'&nolock=1' if datasette.nolock else ''}"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    else:  # a database in memory
        connection = database.connect()
    pm.hook.prepare_connection(conn=connection, database=database.name, datasette=datasette)
    return connection
