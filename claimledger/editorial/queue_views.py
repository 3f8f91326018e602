"""The views of the queue and the filter of each, for the command line and the browser."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

from claimledger.newsroom.work_items import MAX_SEARCH_WORDS, WorkFilter

QUEUE_VIEWS = ("mine", "review", "open", "flagged", "queries", "recheck", "all")
"""The views of the queue, in the order of their tabs."""


def queue_of_view(view: str, name: str, today: str, values: Mapping[str, str], words: str = "") -> WorkFilter:
    """Return the filter of a view for the user `name`, narrowed by column values and by words to search for."""
    queues = {
        "mine": WorkFilter(values, mine=name),
        "review": WorkFilter(values, is_waiting=True, not_author=name),
        "open": WorkFilter({**values, "record": "listed", "so": "open"}),
        "flagged": WorkFilter(values, has_findings=True),
        "queries": WorkFilter(values, has_queries=True),
        "recheck": WorkFilter(values, recheck_before=today),
    }
    search_words = " ".join(normalize("NFC", words).split()[:MAX_SEARCH_WORDS])
    return queues.get(view, WorkFilter(values))._replace(words=search_words)
