"""Reading the task list (queue): its pages with counts, the number of claims in each view, the claims' statements.

The queue is updated before it is read; nothing else is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from claimledger.desk.step_setup import open_store
from claimledger.editorial.work_rows import update_queue
from claimledger.newsroom import work_items
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter, WorkItem


class QueuePage(NamedTuple):
    """A page of the queue."""

    rows: list[WorkItem]
    """The claims of the page, the most urgent first."""
    claim_count: int
    """The number of claims on all pages."""
    counts: dict[str, list[tuple[str, int]]]
    """Column to its values, each with the number of claims that have it, the most frequent first."""


def queue(places: LedgerPaths, filters: WorkFilter, page: int = 1) -> tuple[list[WorkItem], int]:
    """Return a page (from 1) of the claims that match, the most urgent first, and the number of all matches."""
    with open_store(places) as store:
        update_queue(store)
        found = work_items.resolve_search(store, filters)
        return work_items.read_work_items(store, found, page), work_items.count_work_items(store, found)


def queue_page(places: LedgerPaths, filters: WorkFilter, page: int, columns: Sequence[str]) -> QueuePage:
    """Return a page (from 1) of the claims that match, with the number of all matches and the counts of `columns`."""
    with open_store(places) as store:
        update_queue(store)
        found = work_items.resolve_search(store, filters)
        return QueuePage(
            work_items.read_work_items(store, found, page),
            work_items.count_work_items(store, found),
            work_items.count_by_column(store, found, columns),
        )


def view_counts(places: LedgerPaths, views: Mapping[str, WorkFilter]) -> dict[str, int]:
    """Return the number of claims in each view."""
    with open_store(places) as store:
        update_queue(store)
        return {name: work_items.count_work_items(store, filters) for name, filters in views.items()}


def claim_statements(places: LedgerPaths, claim_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Return the statements of claims on the desk by language, for at most `WORK_ITEMS_PER_PAGE` claims."""
    with open_store(places) as store:
        filters = WorkFilter(claim_ids=msgspec.json.encode(list(claim_ids)).decode())
        rows = work_items.read_work_items(store, filters) if claim_ids else []
    both = {row.claim_id: {"ko": row.statement_ko, "en": row.statement_en} for row in rows}
    return {claim_id: {name: text for name, text in texts.items() if text} for claim_id, texts in both.items()}


def queue_counts(places: LedgerPaths, filters: WorkFilter, columns: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Return, for each column, its values with the number of matching claims that have them."""
    with open_store(places) as store:
        update_queue(store)
        return work_items.count_by_column(store, filters, columns)
