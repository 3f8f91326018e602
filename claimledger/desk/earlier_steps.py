"""The steps with earlier claims: find them for a text or a claim, link them, and list the due rechecks.

Finding changes only the search index. Linking is an edit like any other: the relation is part of the claim's record
and is published with it, and its author cannot approve it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from claimledger.desk.check_steps import SeenVersion, edit
from claimledger.desk.step_setup import Clock, ProgressCallback, open_store, report_no_progress, utc_now
from claimledger.earlier_claims import Profile, profile_of_claim, profile_of_text
from claimledger.editorial.earlier_matches import (
    EarlierMatch, EarlierReview, find_earlier_matches, select_matches_to_show, rank_reviews,
)  # fmt: skip
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import NotFound, Problem
from claimledger.fetching import AllowedAddresses
from claimledger.fetching.fact_check_tools import SERVICE_ADDRESS, search_reviews
from claimledger.newsroom import earlier_index, work_items
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.work_items import WorkFilter, WorkItem
from claimledger.models import Claim, RelatedClaim
from claimledger.publishing import ledger_db
from claimledger.publishing.near_checks import NearCheck, near_checks
from claimledger.vocabulary import Subject

AnyMatch = EarlierMatch | NearCheck
"""A claim of this ledger, a review that others published, or an earlier check of an imported archive."""

MAX_MATCHES = 5
"""The most earlier claims that a search returns."""


_INDEX_STEP = 1_000
"""The number of records after which progress is reported."""
MAX_MATCHES_BESIDE_FORM = 3
"""The most earlier claims that are shown beside a form."""


def suggest_earlier_for_text(places: LedgerPaths, text: str) -> list[AnyMatch]:
    """Return the few earlier claims to look at before accepting a text, or none if none is close enough."""
    return select_matches_to_show(find_earlier_for_text(places, text))[:MAX_MATCHES_BESIDE_FORM]


def suggest_earlier_for_claim(places: LedgerPaths, claim_id: str) -> list[AnyMatch]:
    """Return the few earlier claims to look at while working on a claim, or none if none is close enough.

    Raises:
        NotFound: the claim does not exist.
    """
    return select_matches_to_show(find_earlier_for_claim(places, claim_id))[:MAX_MATCHES_BESIDE_FORM]


def find_earlier_for_text(places: LedgerPaths, text: str, most: int = MAX_MATCHES) -> list[AnyMatch]:
    """Return the claims, reviews and earlier checks most like a Korean or English text, the nearest first."""
    with open_store(places) as store:
        return _find_matches(places, store, profile_of_text(text), (), most)


def find_earlier_for_claim(places: LedgerPaths, claim_id: str, most: int = MAX_MATCHES) -> list[AnyMatch]:
    """Return the claims, reviews and checks most like a claim, except itself and the claims it is linked to.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
        known = {claim_id, *(one.claim_id for one in claim.relations)}
        return _find_matches(places, store, profile_of_claim(claim.to_json()), known, most)


def _find_matches(
    places: LedgerPaths, store: DeskStore, profile: Profile, without: Iterable[str], most: int
) -> list[AnyMatch]:
    """Return the nearest matches: claims and reviews from the desk, earlier checks from ledger.db."""
    found: list[AnyMatch] = [*find_earlier_matches(store, profile, without, most)]
    if places.ledger.exists():
        with suppress(sqlite3.Error), ledger_db.open_read_only(places.ledger) as connection:  # it may be an older one
            found += near_checks(connection, profile)
    return sorted(found, key=lambda one: one.compared.rank)[:most]


def complete_earlier_index(places: LedgerPaths, progress: ProgressCallback = report_no_progress) -> None:
    """Add the records that the search index lacks, in steps that can be interrupted."""
    with open_store(places) as store:
        left = earlier_index.count_unindexed(store)
        while left:
            rest = earlier_index.update_earlier_index(store, _INDEX_STEP)
            progress(left - rest)
            left = rest


def count_unindexed_records(places: LedgerPaths) -> int:
    """Return how many records the search index lacks; after a long log, a build or several searches fill it."""
    with open_store(places) as store:
        return earlier_index.count_unindexed(store)


def search_reviews_elsewhere(
    text: str, key: str, language: str | None = None, *, service: str = SERVICE_ADDRESS, allow: AllowedAddresses = ()
) -> tuple[list[EarlierReview], list[Problem]]:
    """Return the reviews that Google's Fact Check Tools have for a text, the nearest first.

    The second value lists the reviews that were left out, as problems. Nothing is stored.

    Raises:
        ReviewsNotFound: the key is missing, or the service does not answer.
    """
    reviews, problems = search_reviews(text, key, language, service=service, allow=allow)
    return rank_reviews(profile_of_text(text), reviews), problems


def relate(
    places: LedgerPaths,
    claim_id: str,
    related: Iterable[RelatedClaim],
    seen: SeenVersion,
    made: Edit,
    clock: Clock = utc_now,
) -> Draft | None:
    """Draft a claim with links to earlier claims; an existing link gets the new relation.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, an earlier claim does not exist, or the claim changed since it was
            seen.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
    relations = {one.claim_id: one for one in (*claim.relations, *related)}
    fields = claim.to_json() | {"relations": [one.to_json() for one in relations.values()]}
    return edit(places, claim_id, fields, seen, made, clock)


def list_due_rechecks(places: LedgerPaths, on: date) -> list[WorkItem]:
    """Return the claims due for recheck on a day: the review date has passed, or a basis of the claim changed."""
    found: list[WorkItem] = []
    with open_store(places) as store:
        update_queue(store)
        page = 1
        while rows := work_items.read_work_items(store, WorkFilter(recheck_before=on.isoformat()), page):
            found += rows
            page += 1
    return found


def _claim(store: DeskStore, claim_id: str) -> Claim:
    desk = read_current_records(store, claim_id)
    claim = desk.record(Subject.CLAIM, claim_id)
    if not isinstance(claim, Claim):
        raise NotFound("claim", claim_id, desk.near(claim_id))
    return claim
