"""What the queue is asked for: a page of it with counts, how many claims each view holds, what claims say.

In: what is asked for. Out: rows and counts. The invariant: the queue is brought up to date before it is read, and
nothing else is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from claimledger.desk.step_setup import open_store
from claimledger.editorial.work_rows import bring_up_to_date
from claimledger.newsroom import work_items
from claimledger.ledger.files import Places
from claimledger.newsroom.work_items import Queue, Work


class QueuePage(NamedTuple):
    """A page of the queue."""

    rows: list[Work]
    """The most urgent first."""
    claim_count: int
    """Of all that is asked for."""
    counts: dict[str, list[tuple[str, int]]]
    """Column to values with the number of claims that have them, the commonest first."""


def queue(places: Places, asked: Queue, page: int = 1) -> tuple[list[Work], int]:
    """Return a page, from 1, of the claims asked for, the most urgent first, and how many there are."""
    with open_store(places) as store:
        bring_up_to_date(store)
        found = work_items.found(store, asked)
        return work_items.rows(store, found, page), work_items.count(store, found)


def queue_page(places: Places, asked: Queue, page: int, columns: Sequence[str]) -> QueuePage:
    """Return a page, from 1, of the claims asked for, with how many there are in all and by each of some columns."""
    with open_store(places) as store:
        bring_up_to_date(store)
        found = work_items.found(store, asked)
        return QueuePage(
            work_items.rows(store, found, page),
            work_items.count(store, found),
            work_items.counts(store, found, columns),
        )


def view_counts(places: Places, views: Mapping[str, Queue]) -> dict[str, int]:
    """Return, for each view by its name, how many claims it holds."""
    with open_store(places) as store:
        bring_up_to_date(store)
        return {name: work_items.count(store, asked) for name, asked in views.items()}


def statements(places: Places, claim_ids: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Return what claims of the queue say, by language, as they stand at the desk; at most `PAGE` of them."""
    with open_store(places) as store:
        asked = Queue(claim_ids=msgspec.json.encode(list(claim_ids)).decode())
        rows = work_items.rows(store, asked) if claim_ids else []
    both = {row.claim_id: {"ko": row.statement_ko, "en": row.statement_en} for row in rows}
    return {claim_id: {name: said for name, said in texts.items() if said} for claim_id, texts in both.items()}


def queue_counts(places: Places, asked: Queue, columns: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Return, for each column, its values with the number of claims asked for that have it."""
    with open_store(places) as store:
        bring_up_to_date(store)
        return work_items.counts(store, asked, columns)
