"""Search results, and suggestions for names that do not exist.

A query runs once and reads only up to its page and the limit of the count. Only if it finds nothing, looser queries and
other spellings are tried.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from claimledger.publishing.pages.lines import (
    LINES_PER_PAGE, ClaimLine, wording_by_language, claim_lines, row_numbers, page_offset,
)  # fmt: skip
from claimledger.publishing.pages.claim_filter import MAX_COUNTED, Order, sort_by_relevance
from claimledger.publishing.pages.headline_search import claims_of_articles, find_by_headline
from claimledger.publishing.pages.spelling import NearQuery, near_queries
from claimledger.publishing.search_names import name_lookup
from claimledger.publishing.search_query import SearchQuery, query_expression, looser_expressions, read_query
from claimledger.publishing.search_terms import SearchTerm
from claimledger.publishing.tables import SEARCH_INDEX

MAX_SUGGESTIONS = 5
"""The number of similar names or results that are suggested."""
_COMPARED_LENGTH = 100
"""The number of characters of a name that are compared."""
_MAX_COMPARED = 200
"""The number of names with the same beginning that are compared with the missing one."""
_MATCHING_ROWS = f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH ? ORDER BY rowid {{}} LIMIT ?"  # noqa: S608  ours


class SearchPage(NamedTuple):
    """The results of a search."""

    lines: tuple[ClaimLine, ...]
    """The claims of this page."""
    found_count: int
    """The number of results. `MAX_COUNTED` + 1 means more than `MAX_COUNTED`."""
    near: tuple[ClaimLine, ...] = ()
    """If there are no results, claims found by a looser query, by claim ID."""
    spellings: tuple[NearQuery, ...] = ()
    """If there are no results, similar queries that have some."""
    reinterpreted_terms: tuple[SearchTerm, ...] = ()
    """The terms whose search differs from the words as typed: figures, and words with a particle."""
    articles: tuple[str, ...] = ()
    """If no claim has the words, the articles that have them in their headline; the lines are their claims."""


def search_page(connection: sqlite3.Connection, query: str, page: int, order: Order = "relevance") -> SearchPage:
    """Return the claims that match a query, withdrawn ones too; the newest are those that became public last.

    Raises:
        QueryNotSearchable: the query contains nothing to search for.
    """
    names = name_lookup(connection)
    asked, begin = read_query(query, names), page_offset(page)
    most = max(MAX_COUNTED + 1, begin + LINES_PER_PAGE)
    rows = _matching_rows(connection, asked, most, order)
    articles = () if rows else find_by_headline(connection, query)
    if articles:
        rows = claims_of_articles(connection, articles, most)
    elif order == "relevance":
        rows = sort_by_relevance(connection, rows, query, asked, names)
    taken = tuple(term for terms in asked.required for term in terms if term.is_reinterpreted)
    found = SearchPage(
        claim_lines(connection, rows[begin : begin + LINES_PER_PAGE]),
        min(len(rows), MAX_COUNTED + 1),
        reinterpreted_terms=taken,
        articles=articles,
    )
    if rows:
        return found
    return found._replace(near=_looser_results(connection, asked), spellings=near_queries(connection, query, asked))


def find_rows(connection: sqlite3.Connection, query: str, most: int) -> list[int]:
    """Return the row numbers of at most `most` claims that a query finds, as `search_page` does, in their order.

    Raises:
        QueryNotSearchable: the query contains nothing to search for.
    """
    rows = _matching_rows(connection, read_query(query, name_lookup(connection)), most)
    return rows or [*claims_of_articles(connection, find_by_headline(connection, query), most)]


def _matching_rows(connection: sqlite3.Connection, asked: SearchQuery, most: int, order: Order = "oldest") -> list[int]:
    sql = _MATCHING_ROWS.format("DESC" if order == "newest" else "ASC")
    return row_numbers(connection, sql, (query_expression(asked), most))


def _looser_results(connection: sqlite3.Connection, asked: SearchQuery) -> tuple[ClaimLine, ...]:
    for expression in looser_expressions(asked):
        if rows := row_numbers(connection, _MATCHING_ROWS.format("ASC"), (expression, MAX_SUGGESTIONS)):
            return claim_lines(connection, rows)
    return ()


class NearName(NamedTuple):
    """A name similar to one that does not exist."""

    name: str
    """The name used in addresses."""
    called: Mapping[str, str]
    """The display name by language. For a claim, its statement."""


_LABEL_COLUMNS: Mapping[str, tuple[str, str]] = {
    "claims": ("statement_en", "statement_ko"),
    "articles": ("headline", "headline_ko"),
    "speakers": ("speaker", "name_ko"),
    "sources": ("source", "name_ko"),
}
"""The columns of the display name by table, the Korean one last."""
_LOWER_CASE_TABLES = frozenset({"claims", "articles"})
"""The tables whose keys have no capital letters."""


def near_names(connection: sqlite3.Connection, table: str, column: str, name: str) -> tuple[NearName, ...]:
    """Return keys of a table that are similar to a missing one, the most similar first.

    For a speaker or a source, the Korean name or different capitals also match; this scans the table, 300,000 names in
    20 ms. Other matches share the longest possible beginning with the name, which uses an index.
    """
    is_lower_case = table in _LOWER_CASE_TABLES
    asked = name[:_COMPARED_LENGTH].lower() if is_lower_case else name[:_COMPARED_LENGTH]
    found = (
        ()
        if is_lower_case
        else _matching_names(connection, table, column, f"name_ko = ? OR {column} = ? COLLATE NOCASE", asked, asked)
    )
    for length in range(len(asked), 0, -1):
        if found:
            break
        start = asked[:length]
        found = _matching_names(
            connection, table, column, f"{column} >= ? AND {column} < ?", start, f"{start}\U0010ffff"
        )
    return tuple(
        sorted(found, key=lambda one: -difflib.SequenceMatcher(None, asked, one.name).ratio())[:MAX_SUGGESTIONS]
    )


def _matching_names(
    connection: sqlite3.Connection, table: str, key: str, condition: str, *values: str
) -> tuple[NearName, ...]:
    """Return the keys of a table that match an SQL condition, with their display names."""
    english, korean = _LABEL_COLUMNS[table]
    sql = f"SELECT {key}, {english}, {korean} FROM {table} WHERE {condition} ORDER BY {key} LIMIT ?"  # noqa: S608  ours
    rows = connection.execute(sql, (*values, _MAX_COMPARED))
    return tuple(NearName(row[0], wording_by_language(row[1], row[2])) for row in rows)
