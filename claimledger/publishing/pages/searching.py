"""What a reader's search finds, and names near one that is not there.

In: a query as people type it, or a name. Out: lines of claims in the order of their names, how many there are up to a
bound, what the query was taken for, near spellings, near names. The invariant: a search is asked once, and reads no
further than its page and the bound of its count; only where it finds nothing it is asked again, otherwise.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from claimledger.publishing.pages.lines import PAGE, Line, by_language, lines, numbers, offset
from claimledger.publishing.pages.spelling import NearQuery, near_queries
from claimledger.publishing.search_query import Query, expression_of, looser_expressions, read_query
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
    rows = numbers(connection, _FOUND, (expression_of(asked), max(COUNTED + 1, begin + PAGE)))
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


class NearName(NamedTuple):
    """A name that looks like one that is not there."""

    name: str
    """As addresses have it."""
    called: Mapping[str, str]
    """What it stands for is called, by language; of a claim, what it says."""


_CALLED: Mapping[str, tuple[str, str]] = {
    "claims": ("statement_en", "statement_ko"),
    "articles": ("headline", "headline_ko"),
    "speakers": ("speaker", "name_ko"),
    "sources": ("source", "name_ko"),
}
"""Table to the columns of what a row is called, the Korean one last."""
_IN_LOWER_CASE = frozenset({"claims", "articles"})
"""Tables whose names have no capital letters."""


def near_names(connection: sqlite3.Connection, table: str, column: str, name: str) -> tuple[NearName, ...]:
    """Return names of a table's key that look like one that is not there, the nearest first.

    Of a speaker or a source the Korean name, or one in other capitals, is as good as its own; all of them are looked
    through for it, 300,000 in 20 ms. All else shares a beginning with it, as long a one as finds any: an index answers.
    """
    is_low = table in _IN_LOWER_CASE
    asked = name[:_LONGEST].lower() if is_low else name[:_LONGEST]
    found = (
        () if is_low else _named(connection, table, column, f"name_ko = ? OR {column} = ? COLLATE NOCASE", asked, asked)
    )
    for length in range(len(asked), 0, -1):
        if found:
            break
        start = asked[:length]
        found = _named(connection, table, column, f"{column} >= ? AND {column} < ?", start, f"{start}\U0010ffff")
    return tuple(sorted(found, key=lambda one: -difflib.SequenceMatcher(None, asked, one.name).ratio())[:NEAR])


def _named(connection: sqlite3.Connection, table: str, key: str, condition: str, *values: str) -> tuple[NearName, ...]:
    """Return the names of a table's key that meet a condition of ours."""
    english, korean = _CALLED[table]
    sql = f"SELECT {key}, {english}, {korean} FROM {table} WHERE {condition} ORDER BY {key} LIMIT ?"  # noqa: S608  ours
    rows = connection.execute(sql, (*values, _LOOKED_AT))
    return tuple(NearName(row[0], by_language(row[1], row[2])) for row in rows)
