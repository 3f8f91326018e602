"""The SQL behind a table page, got from Datasette itself, so that filters, search and permissions are exactly its own.

In: a request that carries the query string of a table page. Out: SQL text and its parameters. Datasette is asked in
process for the table's JSON, with the request's own headers. The invariant: nothing is returned that Datasette's table
page did not make for this reader; a refusal of Datasette is a refusal here. It knows nothing of CSV.
"""

from __future__ import annotations

import re
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

_HELD_BACK = "claimledger_rows"
"""A parameter of the SQL; while it is 0, SQLite returns no row and looks at none, so asking costs next to nothing."""
_asking: ContextVar[bool] = ContextVar("asking", default=False)

_PAGE_ALONE = frozenset({
    "_shape", "_extra", "_size", "_next", "_labels", "_label", "_nl", "_json", "_json_infinity", "_trace", "_ttl",
    "_stream", "_dl", "_header", "_nocount", "_nofacet", "_nosuggest", "_timelimit",
})  # fmt: skip
"""Arguments of a table page that choose a page, a format or an extra, not rows and columns."""
_OWN_HEADERS = frozenset({b"content-length", b"transfer-encoding", b"connection", b"accept-encoding", b"if-none-match"})
"""Headers that belong to the one connection."""
_REFUSALS = {HTTPStatus.BAD_REQUEST: BadRequest, HTTPStatus.NOT_FOUND: NotFound}
_NOT_FOR_YOU, _NOT_FOR_YOU_KO = "You may not see this table, or it is none.", "허용되지 않은 요청입니다."
_LIMIT = re.compile(r" limit [0-9]+\s*\Z")


class TableQuery(NamedTuple):
    """What a table page selects."""

    sql: str
    parameters: Mapping[str, Any]


def arguments(query_string: str) -> list[tuple[str, str]]:
    """Return the arguments that choose rows, columns and order, as they stand in a table page's query string.

    >>> arguments("kind=both&_size=5&_sort=amount&_facet=kind")
    [('kind', 'both'), ('_sort', 'amount')]
    """
    pairs = parse_qsl(query_string, keep_blank_values=True)
    return [(name, value) for name, value in pairs if name not in _PAGE_ALONE and not name.startswith("_facet")]


def held_back() -> FilterArguments | None:
    """Return the condition that holds all rows back while we ask for the SQL, and nothing otherwise."""
    return FilterArguments([f":{_HELD_BACK} = 1"], {_HELD_BACK: 0}) if _asking.get() else None


async def ask(datasette: Datasette, request: Request, database: str, table: str) -> TableQuery:
    """Return what the table page of this request selects, all rows of it.

    Raises:
        BadRequest: Datasette does not understand the arguments.
        Forbidden: this reader may not see the table, or may not use an argument.
        NotFound: there is no such table.
        DatasetteError: any other refusal.
    """
    wanted = [
        *arguments(request.query_string),
        ("_extra", "query"),
        ("_size", "1"),
        ("_nocount", "1"),
        ("_nofacet", "1"),
    ]
    path = datasette.urls.table(database, table, format="json") + "?" + urlencode(wanted)
    headers = [(name, value) for name, value in request.scope["headers"] if name.lower() not in _OWN_HEADERS]
    token = _asking.set(True)
    try:
        response = await datasette.client.get(path, headers=headers, follow_redirects=True)
    finally:
        _asking.reset(token)
    answer = _answer(response)
    query = answer.get("query") or {}
    if _HELD_BACK not in query.get("params", {}):  # a canned query, or a page that asks to log in
        raise Forbidden(f"{_NOT_FOR_YOU} · {_NOT_FOR_YOU_KO}")
    return TableQuery(_LIMIT.sub("", query["sql"]), {**query["params"], _HELD_BACK: 1})


def _answer(response: Any) -> dict[str, Any]:  # noqa: ANN401  httpx on one line of Datasette, httpx2 on the other
    try:
        answer: dict[str, Any] = response.json()
    except ValueError:
        answer = {}
    if response.is_success:
        return answer
    message = answer.get("error") or f"Datasette answered with status {response.status_code}."
    if response.status_code == HTTPStatus.FORBIDDEN:
        raise Forbidden(f"{answer.get('error') or _NOT_FOR_YOU} · {_NOT_FOR_YOU_KO}")
    raise _REFUSALS.get(response.status_code, partial(DatasetteError, status=response.status_code))(message)
