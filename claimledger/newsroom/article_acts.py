"""The deadline of an article and the notes of colleagues on it, as acts on the article.

The acts of an article are stored under a name that no claim has. The newest deadline counts. It is a time in the
newsroom's own time zone, or only a day; a claim inherits it until it has a deadline of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from claimledger.desk_vocabulary import Action

_PREFIX = "article/"
_NEWEST = "SELECT detail ->> '$.due_on' FROM act WHERE claim_id = ? AND action = ? ORDER BY act_id DESC LIMIT 1"
_NOTES = (
    "SELECT act_id, actor, detail ->> '$.text', recorded_at FROM act WHERE claim_id = ? AND action = ? ORDER BY act_id"
)


class ArticleNote(NamedTuple):
    """A note of a colleague on an article."""

    act_id: int
    """The number of the act."""
    author: str
    """The name of the colleague."""
    text: str
    """The note."""
    recorded_at: str
    """The UTC time."""


def article_key(article_id: str) -> str:
    """Return the name under which the acts on an article are stored."""
    return _PREFIX + article_id


def article_of_key(key: str) -> str:
    """Return the article of such a name, or an empty text for the name of anything else.

    >>> article_of_key(article_key("harbour-2031-04")), article_of_key("port-opened-a2b3")
    ('harbour-2031-04', '')
    """
    return key.removeprefix(_PREFIX) if key.startswith(_PREFIX) else ""


def read_deadline(connection: sqlite3.Connection, article_id: str) -> str:
    """Return the deadline of an article (`2031-04-03T17:30` or `2031-04-03`), or an empty text."""
    row = connection.execute(_NEWEST, (article_key(article_id), Action.SET_DEADLINE.value)).fetchone()
    return (row[0] or "") if row else ""


def read_deadlines(connection: sqlite3.Connection, article_ids: Iterable[str]) -> Mapping[str, str]:
    """Return the deadline of each article that has one."""
    found = {article_id: read_deadline(connection, article_id) for article_id in dict.fromkeys(article_ids)}
    return {article_id: due_on for article_id, due_on in found.items() if due_on}


def article_notes(connection: sqlite3.Connection, article_id: str) -> list[ArticleNote]:
    """Return the notes on an article, the oldest first."""
    rows = connection.execute(_NOTES, (article_key(article_id), Action.NOTE_ARTICLE.value))
    return [ArticleNote(*row) for row in rows]
