"""Datasette's own search box, extended to search the Korean and English of the ledger.

The module replaces the SQL function `escape_fts`, which Datasette applies to the typed query. It also checks requests
with a search in their query string: a search that cannot be answered gets status 400 with a reason in English and
Korean, never all rows and never silently none. The translation of a query into an expression is in
`claimledger.publishing.search_query`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datasette.utils.asgi import BadRequest

from claimledger.publishing.search_names import name_lookup
from claimledger.publishing.search_query import QueryNotSearchable, match_expression
from claimledger.publishing.tables import SEARCH_INDEX, SEARCHED_TABLES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Receive, Scope, Send

_EMPTY_SEARCH = re.compile(rb"_search(?:_[^=&]*)?=(?:\+|%20)*")

SEARCH_INDEXES = frozenset(table.search_index for table in SEARCHED_TABLES)
NO_INDEX = "This table has no search; filter its columns instead. · 이 표에는 검색이 없습니다. 열의 조건을 쓰세요."
NO_RAW_MODE = (
    "The search has no raw mode, because its index has its own word forms. Leave out _searchmode. · "
    "검색에는 raw 방식이 없습니다. _searchmode를 빼세요."
)
OTHER_INDEX = (
    "A table is searched with its own index. Leave out _fts_table and _fts_pk. · "
    "표마다 정해진 색인으로 검색합니다. _fts_table과 _fts_pk를 빼세요."
)


def register(connection: sqlite3.Connection) -> None:
    """Replace Datasette's `escape_fts` in a database that contains the ledger's search index."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND sql LIKE '%fts5(grams%'", (SEARCH_INDEX,)
    )
    if found.fetchone():
        names = name_lookup(connection)
        connection.create_function("escape_fts", 1, lambda query: match_expression(query, names))


async def check_search(datasette: Datasette, request: Request, database: str, table: str) -> None:
    """Check that a request does not search, or that its search can be answered.

    A SQL function cannot give a reason when it fails (Datasette 0.65 and 1.0 show "user-defined function raised
    exception"), so the query is tried before it reaches SQL.

    Raises:
        BadRequest: the search cannot be answered; its text gives the reason.
    """
    if not any(name.startswith(("_search", "_fts_")) for name in request.args):
        return
    searches = [value for name in request.args for value in _searches(name, request.args.getlist(name))]
    config = await _config(datasette, database, table)
    index = config.get("fts_table") or await datasette.get_database(database).fts_table(table)
    if searches and not index:
        raise BadRequest(NO_INDEX)
    if index not in SEARCH_INDEXES:
        return
    if request.args.get("_searchmode") == "raw":
        raise BadRequest(NO_RAW_MODE)
    if request.args.get("_fts_table", index) != index or "_fts_pk" in request.args:
        raise BadRequest(OTHER_INDEX)
    try:
        for search in searches:
            match_expression(search)
    except QueryNotSearchable as fault:
        raise BadRequest(fault.bilingual()) from fault


def _searches(name: str, values: Sequence[str]) -> Sequence[str]:
    return values if name == "_search" or name.startswith("_search_") else ()


async def _config(datasette: Datasette, database: str, table: str) -> dict[str, str]:
    if hasattr(datasette, "table_config"):  # 1.0
        return await datasette.table_config(database, table) or {}
    return datasette.table_metadata(database, table) or {}


def ignore_empty_search(app: AsgiApp) -> AsgiApp:
    """Wrap an application so that an empty search box is ignored; the form sends it with every filter."""

    async def filtered_app(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope.get("query_string") or b""
        if b"_search" in query:
            parts = [part for part in query.split(b"&") if not _EMPTY_SEARCH.fullmatch(part)]
            scope = {**scope, "query_string": b"&".join(parts)}
        await app(scope, receive, send)

    return filtered_app
