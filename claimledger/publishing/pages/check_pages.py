"""The page of earlier checks by others, and the checks that are shown beside a claim or a search.

No count here is a count of claims or verdicts of this ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from claimledger.earlier_claims import has_same_subject, is_to_settle, profile_of_claim
from claimledger.publishing.earlier_check_rows import EarlierCheckRow
from claimledger.publishing.near_checks import NearCheck, near_checks, read_checks
from claimledger.publishing.pages.lines import LINES_PER_PAGE, page_offset
from claimledger.publishing.search_names import name_lookup
from claimledger.publishing.search_query import match_expression
from claimledger.publishing.tables import CHECK_INDEX

FILTERS = ("rating", "publisher", "language")
"""The columns that the page can be filtered by, those with the most different values first."""
MOST_VALUES = 50
"""The number of values of a filter to choose from: those with the most checks."""
MOST_SORTED = 1_000
"""The number of matches of a query that are sorted and counted."""
BESIDE_CLAIM = 3
"""The number of checks beside a claim or a search."""
_MATCHING = f"rowid IN (SELECT rowid FROM {CHECK_INDEX} WHERE {CHECK_INDEX} MATCH ? LIMIT {MOST_SORTED})"  # noqa: S608


class CheckList(NamedTuple):
    """A page of earlier checks."""

    checks: tuple[EarlierCheckRow, ...]
    found_count: int
    """The number of checks on all pages."""


def list_checks(connection: sqlite3.Connection, asked: Mapping[str, str], query: str, page: int) -> CheckList:
    """Return one page of the checks with some values of `FILTERS` that match a query, the newest first.

    Raises:
        QueryNotSearchable: the query contains nothing to search for.
    """
    given = [name for name in FILTERS if asked.get(name)]
    terms = [f"{'+' if place else ''}{name} = ?" for place, name in enumerate(given)]  # only the first uses its index
    values = [asked[name] for name in given]
    if query:
        terms.append(_MATCHING)
        values.append(match_expression(query, name_lookup(connection)))
    where = f"FROM earlier_checks {'WHERE ' if terms else ''}{' AND '.join(terms)}"
    (count,) = connection.execute(f"SELECT count(*) {where}", values).fetchone()
    order = f"SELECT rowid {where} ORDER BY checked_on DESC, rowid DESC LIMIT ? OFFSET ?"
    rows = [row[0] for row in connection.execute(order, (*values, LINES_PER_PAGE, page_offset(page)))]
    return CheckList(tuple(read_checks(connection, rows)), count)


def check_choices(connection: sqlite3.Connection) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Return the most frequent values of each filter with their number of checks."""
    sql = "SELECT {0}, count(*) FROM earlier_checks WHERE {0} IS NOT NULL GROUP BY {0} ORDER BY 2 DESC, 1 LIMIT ?"
    return {
        name: [(row[0], row[1]) for row in connection.execute(sql.format(name), (MOST_VALUES,))] for name in FILTERS
    }


def has_checks(connection: sqlite3.Connection) -> bool:
    """Return whether the ledger has earlier checks."""
    (newest,) = connection.execute("SELECT max(rowid) FROM earlier_checks").fetchone()
    return newest is not None


def matching_checks(connection: sqlite3.Connection, query: str) -> CheckList:
    """Return the first checks that match a query, for the page of search results."""
    if not has_checks(connection):
        return CheckList((), 0)
    found = list_checks(connection, {}, query, 1)
    return found._replace(checks=found.checks[:BESIDE_CLAIM])


def checks_beside(connection: sqlite3.Connection, claim: Mapping[str, Any]) -> tuple[NearCheck, ...]:
    """Return the checks to show beside a claim's record (JSON), or none if none is close enough."""
    if not has_checks(connection):
        return ()
    near = [one for one in near_checks(connection, profile_of_claim(claim)) if has_same_subject(one.compared)]
    return tuple(near[:BESIDE_CLAIM]) if any(is_to_settle(one.compared) for one in near) else ()
