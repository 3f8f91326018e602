"""The views of the queue: what each asks for, on the command line and in the browser alike.

In: a view, the person who looks, the day, and filters by column. Out: what is asked of the table of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from claimledger.newsroom.work_items import MOST_WORDS, Queue

VIEWS = ("mine", "review", "open", "flagged", "queries", "recheck", "all")
"""The views of the queue, in the order of their tabs."""


def asked_for(view: str, name: str, today: str, values: Mapping[str, str], words: str = "") -> Queue:
    """Return what a view asks for when `name` looks, narrowed by filters and by words that the claim must hold."""
    queues = {
        "mine": Queue(values, mine=name),
        "review": Queue(values, is_waiting=True, not_author=name),
        "open": Queue({**values, "record": "listed", "so": "open"}),
        "flagged": Queue(values, has_findings=True),
        "queries": Queue(values, has_queries=True),
        "recheck": Queue(values, recheck_before=today),
    }
    looked_for = " ".join(normalize("NFC", words).split()[:MOST_WORDS])
    return queues.get(view, Queue(values))._replace(words=looked_for)
