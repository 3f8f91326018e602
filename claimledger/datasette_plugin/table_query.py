"""The SQL behind a table page, taken from Datasette itself.

Filters, search and permissions are therefore exactly Datasette's own. The module requests the JSON of the table from
Datasette in the same process, with the headers of the original request and the query string of the table page. It
returns only SQL that Datasette made for this reader, and passes on Datasette's refusals. It knows nothing of CSV.
"""

from __future__ import annotations

import re
import sqlite3
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from datasette import Forbidden, NotFound
from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Request
    from datasette.app import Datasette

_ROWS_PARAMETER = "claimledger_rows"
"""A parameter of the SQL. While it is 0, SQLite reads and returns no row, so that the request costs almost nothing."""
_UNSORTABLE = ("Cannot sort table by ", "Cannot use _sort and _sort_desc")
"""The beginnings of Datasette's messages about an order that a table does not have."""
_NO_LISTS = "This column has no lists in JSON; use _facet= instead. · 이 열에는 JSON 목록이 없습니다. _facet=을 쓰세요."
_is_asking: ContextVar[bool] = ContextVar("asking", default=False)

_PRESENTATION_ARGUMENTS = frozenset({
    "_shape", "_extra", "_size", "_next", "_labels", "_label", "_nl", "_json", "_json_infinity", "_trace", "_ttl",
    "_stream", "_dl", "_header", "_nocount", "_nofacet", "_nosuggest", "_timelimit",
})  # fmt: skip
"""The arguments of a table page that choose a page, a format or an extra, not rows and columns."""
_CONNECTION_HEADERS = frozenset({
    b"content-length", b"transfer-encoding", b"connection", b"accept-encoding", b"if-none-match",
})  # fmt: skip
"""The headers that belong to a single connection."""
_REFUSALS = {HTTPStatus.BAD_REQUEST: BadRequest, HTTPStatus.NOT_FOUND: NotFound}
_FORBIDDEN, _FORBIDDEN_KO = "You may not see this table, or it does not exist.", "허용되지 않은 요청입니다."
_LIMIT = re.compile(r" limit [0-9]+\s*\Z")


class TableQuery(NamedTuple):
    """The SQL of a table page, with its parameters."""

    sql: str
    parameters: Mapping[str, Any]


def arguments(query_string: str) -> list[tuple[str, str]]:
    """Return the arguments that choose rows, columns and order, in the order of a table page's query string.

    >>> arguments("kind=both&_size=5&_sort=amount&_facet=kind")
    [('kind', 'both'), ('_sort', 'amount')]
    """
    pairs = parse_qsl(query_string, keep_blank_values=True)
    return [
        (name, value) for name, value in pairs if name not in _PRESENTATION_ARGUMENTS and not name.startswith("_facet")
    ]


def suppress_rows() -> FilterArguments | None:
    """Return the condition that suppresses all rows while the SQL is requested; None at other times."""
    return FilterArguments([f":{_ROWS_PARAMETER} = 1"], {_ROWS_PARAMETER: 0}) if _is_asking.get() else None


async def read_table_query(datasette: Datasette, request: Request, database: str, table: str) -> TableQuery:
    """Return the SQL of this request's table page, for all its rows.

    Raises:
        BadRequest: Datasette does not understand the arguments.
        Forbidden: this reader may not see the table, or may not use an argument.
        NotFound: there is no such table.
        DatasetteError: any other refusal.
    """
    query_arguments = [
        *arguments(request.query_string),
        ("_extra", "query"),
        ("_size", "1"),
        ("_nocount", "1"),
        ("_nofacet", "1"),
    ]
    path = datasette.urls.table(database, table, format="json") + "?" + urlencode(query_arguments)
    headers = [(name, value) for name, value in request.scope["headers"] if name.lower() not in _CONNECTION_HEADERS]
    token = _is_asking.set(True)
    try:
        response = await datasette.client.get(path, headers=headers, follow_redirects=True)
    finally:
        _is_asking.reset(token)
    answer = _answer(response)
    query = answer.get("query") or {}
    if _ROWS_PARAMETER not in query.get("params", {}):  # a canned query, or a login page
        raise Forbidden(f"{_FORBIDDEN} · {_FORBIDDEN_KO}")
    return TableQuery(_LIMIT.sub("", query["sql"]), {**query["params"], _ROWS_PARAMETER: 1})


def _answer(response: Any) -> dict[str, Any]:  # noqa: ANN401  a response of httpx or httpx2, depending on Datasette
    try:
        answer: dict[str, Any] = response.json()
    except ValueError:
        answer = {}
    if response.is_success:
        return answer
    message = answer.get("error") or f"Datasette answered with status {response.status_code}."
    if response.status_code == HTTPStatus.FORBIDDEN:
        raise Forbidden(f"{answer.get('error') or _FORBIDDEN} · {_FORBIDDEN_KO}")
    raise _REFUSALS.get(response.status_code, partial(DatasetteError, status=response.status_code))(message)


def mark_request_fault(exception: Exception) -> None:
    """Give the status 400 to a request for an order that a table does not have; Datasette 0.65 answers it with 500."""
    if isinstance(exception, DatasetteError) and str(exception).startswith(_UNSORTABLE):
        exception.status = HTTPStatus.BAD_REQUEST


def find_request_fault(exception: Exception) -> DatasetteError | None:
    """Return the refusal for a facet of lists over a column without lists, at which SQLite fails (Datasette 1.0)."""
    if isinstance(exception, sqlite3.OperationalError) and str(exception) == "malformed JSON":
        return DatasetteError(_NO_LISTS, status=HTTPStatus.BAD_REQUEST)
    return None
