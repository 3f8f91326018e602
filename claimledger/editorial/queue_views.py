"""The views of the queue and the filter of each, for the command line and the browser."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from claimledger.newsroom.work_items import MOST_WORDS, Queue

VIEWS = ("mine", "review", "open", "flagged", "queries", "recheck", "all")
"""The views of the queue, in the order of their tabs."""


def asked_for(view: str, name: str, today: str, values: Mapping[str, str], words: str = "") -> Queue:
    """Return the filter of a view for the user `name`, narrowed by column values and by words to search for."""
    queues = {
        "mine": Queue(values, mine=name),
        "review": Queue(values, is_waiting=True, not_author=name),
        "open": Queue({**values, "record": "listed", "so": "open"}),
        "flagged": Queue(values, has_findings=True),
        "queries": Queue(values, has_queries=True),
        "recheck": Queue(values, recheck_before=today),
    }
    search_words = " ".join(normalize("NFC", words).split()[:MOST_WORDS])
    return queues.get(view, Queue(values))._replace(words=search_words)
