"""The claims that match words, a figure, a status and a topic, in a chosen order.

A filter is answered from indexes: words from the full-text index, a rare unit or currency from that of the figures, and
everything else from the claims in the order of their last change. At most `MAX_COUNTED` claims are counted and sorted.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

from claimledger.publishing.pages.headline_search import find_by_headline
from claimledger.publishing.pages.lines import row_numbers
from claimledger.publishing.search_names import NameLookup, name_key, name_lookup
from claimledger.publishing.search_query import SearchQuery, query_expression, read_query
from claimledger.publishing.search_terms import SearchTerm
from claimledger.publishing.tables import SEARCH_INDEX
from claimledger.vocabulary import VerificationStatus

MAX_COUNTED = 1_000
"""The maximum number of results that are counted."""
MAX_RARE = 5_000
"""The largest number of figures of one kind that are read from their index."""
MAX_KINDS = 100
"""The largest number of units and currencies to choose from."""
ANY, ANY_MONEY = "any", "money"
"""Any figure, and any amount of money; other values are a currency code (USD) or a unit (person)."""
_CURRENCY = re.compile("[A-Z]{3}")
FIGURE_KIND = re.compile(r"[A-Z]{3}|[^\W\d_][^\x00-\x1f\x7f]*")
"""A currency code or the name of a unit, which begins with a letter."""

Order = Literal["relevance", "newest", "oldest"]
ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")


class ClaimFilter(NamedTuple):
    """The conditions of a list of claims; an empty one is not applied."""

    words: str = ""
    """A query, as in the search box."""
    figure: str = ""
    """`ANY`, `ANY_MONEY`, a currency code or a unit."""
    status: VerificationStatus | None = None
    topic: str = ""
    order: Order = "relevance"
    """The order of claims that have the words; others are always sorted by their last change, the newest first."""
    articles: tuple[str, ...] = ()
    """The articles that have the words in their headline, if no claim has them: the list has their claims."""


def search_headlines(connection: sqlite3.Connection, asked: ClaimFilter) -> ClaimFilter:
    """Return a filter with the articles whose headline has its words, if no claim has them.

    Raises:
        QueryNotSearchable: the words contain nothing to search for.
    """
    if not asked.words:
        return asked
    expression = query_expression(read_query(asked.words, name_lookup(connection)))
    if connection.execute(_FIRST_MATCH, (expression,)).fetchone():
        return asked
    return asked._replace(articles=find_by_headline(connection, asked.words))


_FIRST_MATCH = f"SELECT 1 FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH ? LIMIT 1"  # noqa: S608  ours


def figure_sql(figure: str) -> str:
    """Return the SQL condition on a row of `quantities` for a kind of figure, with the parameter `:figure`.

    >>> [figure_sql(one) for one in ("any", "money", "USD", "person")]
    ['1', 'currency IS NOT NULL', 'currency = :figure', 'currency IS NULL AND unit = :figure']
    """
    if figure in (ANY, ANY_MONEY):
        return "currency IS NOT NULL" if figure == ANY_MONEY else "1"
    return "currency = :figure" if _CURRENCY.fullmatch(figure) else "currency IS NULL AND unit = :figure"


def figure_kinds(connection: sqlite3.Connection) -> Sequence[str]:
    """Return the currencies and then the units of the figures, at most `MAX_KINDS` of each, in steps of an index."""
    rows = [
        row for column in ("currency", "unit") for row in connection.execute(_KINDS.format(column), {"most": MAX_KINDS})
    ]
    return [str(kind) for (kind,) in rows]


_KINDS = """
WITH RECURSIVE kind (name, number) AS (
  SELECT min({0}), 1 FROM quantities
  UNION ALL SELECT (SELECT min({0}) FROM quantities WHERE {0} > name), number + 1 FROM kind
  WHERE name IS NOT NULL AND number < :most
) SELECT name FROM kind WHERE name IS NOT NULL
"""


def matching_claims(connection: sqlite3.Connection, asked: ClaimFilter, most: int = MAX_COUNTED + 1) -> list[int]:
    """Return the row numbers of the first listed claims that match, in order.

    Words that no claim has are not found in headlines here; `search_headlines` looks for them.

    Raises:
        QueryNotSearchable: the words contain nothing to search for.
    """
    values = {
        "figure": asked.figure, "status": asked.status, "topic": asked.topic, "most": most,
        "articles": json.dumps(asked.articles),
    }  # fmt: skip
    conditions = " AND ".join(["record_state = 'listed'", *_conditions(connection, asked)])
    if not asked.words or asked.articles:
        return row_numbers(
            connection, f"{_CLAIMS} {conditions} ORDER BY last_recorded_at DESC, rowid DESC LIMIT :most", values
        )
    names = name_lookup(connection)
    parsed = read_query(asked.words, names)
    direction = "DESC" if asked.order == "newest" else "ASC"
    sql = f"{_MATCHING} {conditions} ORDER BY {SEARCH_INDEX}.rowid {direction} LIMIT :most"
    rows = row_numbers(connection, sql, values | {"words": query_expression(parsed)})
    return sort_by_relevance(connection, rows, asked.words, parsed, names) if asked.order == "relevance" else rows


_CLAIMS = "SELECT rowid FROM claims WHERE"
_MATCHING = (
    f"SELECT claims.rowid FROM {SEARCH_INDEX} CROSS JOIN claims ON claims.rowid = {SEARCH_INDEX}.rowid "  # noqa: S608
    f"WHERE {SEARCH_INDEX} MATCH :words AND"
)


def _conditions(connection: sqlite3.Connection, asked: ClaimFilter) -> Iterator[str]:
    if asked.status:
        yield "verification_status = :status"
    if asked.articles:
        yield "article IN (SELECT value FROM json_each(:articles))"
    if asked.topic:
        yield "EXISTS (SELECT 1 FROM topics t WHERE t.claim_id = claims.claim_id AND t.topic = :topic)"
    if asked.figure:
        condition = figure_sql(asked.figure)
        counted = f"SELECT count(*) FROM (SELECT 1 FROM quantities WHERE {condition} LIMIT {MAX_RARE})"  # noqa: S608
        is_rare = connection.execute(counted, {"figure": asked.figure}).fetchone()[0] < MAX_RARE
        found = f"SELECT claim_id FROM quantities WHERE {condition}"  # noqa: S608
        yield f"claim_id IN ({found})" if is_rare else f"EXISTS ({found} AND claim_id = claims.claim_id)"


def sort_by_relevance(
    connection: sqlite3.Connection, rows: Sequence[int], query: str, parsed: SearchQuery, names: NameLookup
) -> list[int]:
    """Return the first `MAX_COUNTED` rows by relevance, then the rest.

    Claims come first whose speaker, organisation or source has the name searched for; then those with the figure;
    then those whose statement has the words; then those with the words elsewhere.
    """
    ranked = rows[: MAX_COUNTED + 1]
    if len(ranked) < 2:  # noqa: PLR2004  nothing to sort
        return list(rows)
    keys = _searched_names(query, parsed, names)
    figures = _rows_with_figure(connection, ranked, parsed)
    marks = ", ".join("?" * len(ranked))
    rank = {
        row: _rank(row, called, statements, keys, figures)
        for row, statements, *called in connection.execute(f"{_RANKED} ({marks})", ranked)
    }
    return [*sorted(ranked, key=rank.__getitem__), *rows[len(ranked) :]]


_RANKED = (
    "SELECT claims.rowid, coalesce(statement_en, '') || char(10) || coalesce(statement_ko, ''), claims.speaker, "
    "speakers.name_ko, speaker_organization, claims.source, sources.name_ko FROM claims "
    "LEFT JOIN speakers ON speakers.speaker = claims.speaker LEFT JOIN sources ON sources.source = claims.source "
    "WHERE claims.rowid IN"
)


def _rank(
    row: int, called: Sequence[str | None], statements: str, keys: Sequence[AbstractSet[str]], figures: AbstractSet[int]
) -> int:
    if any(name and name_key(name) in group for name in called for group in keys):
        return 0
    if row in figures:
        return 1
    key = name_key(statements)
    return 2 if all(any(name in key for name in group) for group in keys[1:]) else 3


def _searched_names(query: str, parsed: SearchQuery, names: NameLookup) -> Sequence[AbstractSet[str]]:
    """Return the key of the whole query, and for each term the keys of its names."""
    words = [[one for term in terms for one in (term.word, *names(term.word))] for terms in parsed.required]
    return [{name_key(query)}, *({name_key(one) for one in group} - {""} for group in words)]


def _rows_with_figure(connection: sqlite3.Connection, rows: Sequence[int], parsed: SearchQuery) -> AbstractSet[int]:
    """Return those of some matching rows whose own figures have a number of the query."""
    phrases = [phrase for terms in parsed.required for term in terms for phrase in _figure_phrases(term)]
    if not phrases:
        return set()
    sql = f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH ? AND rowid BETWEEN ? AND ?"  # noqa: S608
    return set(row_numbers(connection, sql, (" OR ".join(phrases), min(rows), max(rows))))


def _figure_phrases(term: SearchTerm) -> Sequence[str]:
    if term.figure:
        return term.answers[:1]
    return term.answers[-1:] if term.word.isdecimal() else ()
