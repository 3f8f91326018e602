"""What a reader's search finds, and names near one that is not there.

In: a query as people type it, or a name. Out: lines of claims in the order of their names, how many there are up to a
bound, what the query was taken for, near spellings, near names. The invariant: a search is asked once, and reads no
further than its page and the bound of its count; only where it finds nothing it is asked again, otherwise.
"""

from __future__ import annotations

import difflib
import sqlite3
from typing import NamedTuple

from claimledger.publishing.pages.lines import PAGE, Line, lines, numbers, offset
from claimledger.publishing.pages.spelling import NearQuery, near_queries
from claimledger.publishing.search_query import Query, looser_expressions, match_expression, read_query
from claimledger.publishing.search_terms import Term
from claimledger.publishing.tables import SEARCH

COUNTED = 1_000
"""As many finds are counted; more are told as more."""
NEAR = 5
"""Near names, and near finds, that are offered."""
_LONGEST = 100
"""Characters of a name that are looked at."""
_LOOKED_AT = 200
"""Names with the same beginning that are held beside the one that is not there."""
_FOUND = f"SELECT rowid FROM {SEARCH} WHERE {SEARCH} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608  ours


class SearchPage(NamedTuple):
    """What a search found."""

    lines: tuple[Line, ...]
    """The claims of this page."""
    found_count: int
    """How many there are; `COUNTED` + 1 stands for more than `COUNTED`."""
    near: tuple[Line, ...] = ()
    """Where there is none, claims that have nearly what was asked for, by their names."""
    spellings: tuple[NearQuery, ...] = ()
    """Where there is none, queries one slip away that find some."""
    taken: tuple[Term, ...] = ()
    """What was taken for something else than the words as typed: figures, words with a particle."""


def search_page(connection: sqlite3.Connection, query: str, page: int) -> SearchPage:
    """Return the claims a query finds, by their names.

    Raises:
        QueryNotSearchable: the query holds nothing that can be searched for.
    """
    asked = read_query(query)
    begin = offset(page)
    rows = numbers(connection, _FOUND, (match_expression(query), max(COUNTED + 1, begin + PAGE)))
    taken = tuple(term for terms in asked.wanted for term in terms if term.is_taken_otherwise)
    found = SearchPage(lines(connection, rows[begin : begin + PAGE]), min(len(rows), COUNTED + 1), taken=taken)
    if rows:
        return found
    return found._replace(near=_near_finds(connection, asked), spellings=near_queries(connection, query, asked))


def _near_finds(connection: sqlite3.Connection, asked: Query) -> tuple[Line, ...]:
    for expression in looser_expressions(asked):
        if rows := numbers(connection, _FOUND, (expression, NEAR)):
            return lines(connection, rows)
    return ()


def near_names(connection: sqlite3.Connection, table: str, column: str, name: str) -> tuple[str, ...]:
    """Return names of a table's key that look like one that is not there, the nearest first.

    They share a beginning with it: as long a one as finds any. So an index answers, and a million names cost nothing.
    """
    name = name[:_LONGEST]
    for length in range(len(name), 0, -1):
        start = name[:length]
        found = [row[0] for row in connection.execute(
            f"SELECT {column} FROM {table} WHERE {column} >= ? AND {column} < ? ORDER BY {column} LIMIT ?",  # noqa: S608
            (start, f"{start}\U0010ffff", _LOOKED_AT),
        )]  # fmt: skip
        if found:
            ranked = sorted(found, key=lambda one: -difflib.SequenceMatcher(None, name, one).ratio())
            return tuple(ranked[:NEAR])
    return ()
