"""The search of the public pages for other callers: the claims that a query finds, also if they are not public.

Both use the same query and the same tokens, so that what is found does not depend on whether a claim is public.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing

from claimledger.models import Claim
from claimledger.publishing.claim_tokens import claim_tokens
from claimledger.publishing.pages.searching import find_rows
from claimledger.publishing.search_names import NameLookup, known_words
from claimledger.publishing.search_query import match_expression
from claimledger.publishing.tables import CLAIMS

_IDS = "SELECT claim_id FROM claims WHERE rowid IN (SELECT value FROM json_each(?))"


def find_public_claims(connection: sqlite3.Connection, query: str, most: int) -> list[str]:
    """Return the IDs of at most `most` claims of `ledger.db` that a query finds, in no order.

    Raises:
        QueryNotSearchable: the query contains nothing to search for.
    """
    rows = find_rows(connection, query, most)
    return [claim_id for (claim_id,) in connection.execute(_IDS, (str(rows),))]


def find_claims_among(claims: Iterable[Claim], query: str, names: NameLookup = known_words) -> list[str]:
    """Return the IDs of those claims that a query finds.

    Raises:
        QueryNotSearchable: the query contains nothing to search for.
    """
    expression = match_expression(query, names)
    numbered: Mapping[int, Claim] = dict(enumerate(claims))
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute(CLAIMS.create_search_sql)
        insert = f"INSERT INTO {CLAIMS.search_index}(rowid, grams) VALUES (?, ?)"  # noqa: S608  our own name
        index.executemany(insert, ((number, claim_tokens(claim)) for number, claim in numbered.items()))
        select = f"SELECT rowid FROM {CLAIMS.search_index} WHERE {CLAIMS.search_index} MATCH ?"  # noqa: S608
        return [numbered[number].claim_id for (number,) in index.execute(select, (expression,))]
