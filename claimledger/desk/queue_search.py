"""The search of the task list: what the public search finds, also in drafts, and the words as they are typed.

Aliases, figures in any spelling, topics and whole headlines are found as on the public pages. Besides, words are found
inside other words, which helps with identifiers and with parts of names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec

from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import WorkFilter, resolve_search
from claimledger.publishing.claim_search import find_claims_among, find_public_claims
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.search_names import name_lookup
from claimledger.publishing.search_query import QueryNotSearchable

MOST_FOUND = 5_000
"""The most public claims that a search adds; a word of more claims finds the others by the letters only."""
_MOST_DRAFTS = 2_000
_NEWEST_DRAFTS = "SELECT key FROM waiting WHERE subject = 'claim' ORDER BY draft_id DESC LIMIT ?"
_HEADLINE_WORDS = 3
"""The smallest number of words of a headline, as on the public pages."""


def search_queue(places: LedgerPaths, store: DeskStore, filters: WorkFilter) -> WorkFilter:
    """Return a filter whose search words also find what the public search finds; others are returned as they are."""
    if not filters.words.split():
        return filters
    also = sorted({*_found_in_ledger(places, filters.words), *_found_in_drafts(places, store, filters.words)})
    return resolve_search(store, filters._replace(also=msgspec.json.encode(also).decode() if also else ""))


def _found_in_ledger(places: LedgerPaths, words: str) -> list[str]:
    try:
        with open_ledger(places.ledger) as connection:
            return find_public_claims(connection, words, MOST_FOUND)
    except (sqlite3.Error, QueryNotSearchable):
        return []


def _found_in_drafts(places: LedgerPaths, store: DeskStore, words: str) -> list[str]:
    """Return the claims with an open draft that the words find, at most among the newest drafts."""
    claims = list(_drafted_claims(store))
    try:
        found = _find_among(places, claims, words) if claims else []
    except QueryNotSearchable:
        return []
    return [*found, *_claims_of_headlines(store, claims, words)]


def _find_among(places: LedgerPaths, claims: list[Claim], words: str) -> list[str]:
    """Return the claims that the words find, with the aliases of the ledger if there is one."""
    try:
        with open_ledger(places.ledger) as connection:
            return find_claims_among(claims, words, name_lookup(connection))
    except sqlite3.Error:
        return find_claims_among(claims, words)


def _drafted_claims(store: DeskStore) -> Iterator[Claim]:
    keys = [key for (key,) in store.connection.execute(_NEWEST_DRAFTS, (_MOST_DRAFTS,))]
    for key in keys:
        yield from (record for one in store.open_drafts(key) if isinstance(record := one.record, Claim))


def _claims_of_headlines(store: DeskStore, claims: list[Claim], words: str) -> list[str]:
    """Return the claims of the articles whose headline contains the words, if there are enough of them."""
    text = " ".join(words.casefold().split())
    if len(text.split()) < _HEADLINE_WORDS:
        return []
    desk = read_current_records(store)
    articles = {claim.article_id for claim in claims}
    headlines = {one: desk.article(one).headline.values() for one in articles}
    return [claim.claim_id for claim in claims if any(text in one.casefold() for one in headlines[claim.article_id])]
