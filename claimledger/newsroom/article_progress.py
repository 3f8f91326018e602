"""The progress of an article's checks, from the rows of the task list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from claimledger.newsroom.store import DeskStore


class ArticleProgress(NamedTuple):
    """The numbers of an article's claims by the stage of their checks."""

    claims: int
    """All claims that are not withdrawn."""
    checked: int
    """Claims with a published verdict."""
    waiting: int
    """Claims whose verdict waits for approval or publication."""
    queries: int
    """Questions to the writer that are not answered."""
    due_on: str
    """The earliest deadline of its claims in the newsroom's time, a day or a time; or an empty string."""


_SQL = """
SELECT article_id, count(*), sum(so = 'published' OR (so = 'open' AND said = 'published')),
    sum(so IN ('proposed', 'approved') OR said IN ('proposed', 'approved')), sum(queries),
    coalesce(min(nullif(due_on, '')), '')
  FROM work WHERE record <> 'withdrawn' AND article_id IN (SELECT value FROM json_each(?)) GROUP BY article_id
"""


def read_article_progress(store: DeskStore, article_ids: Sequence[str]) -> Mapping[str, ArticleProgress]:
    """Return the progress of the articles that have claims, as of the last update of the task list."""
    rows = store.connection.execute(_SQL, (msgspec.json.encode(article_ids).decode(),))
    return {name: ArticleProgress(*numbers) for name, *numbers in rows}
