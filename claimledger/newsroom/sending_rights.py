"""The right to send texts to language models outside this computer: of each article, and of each document.

The rights of an article and of a document are separate, because their texts belong to different people. Editors decide
by acts, of which the newest counts. Without a decision, an article is not sent, and a document only if the newsroom's
settings allow it.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from claimledger.desk_vocabulary import Action
from claimledger.newsroom.article_acts import article_key

_NEWEST = "SELECT detail ->> '$.may_send' FROM act WHERE claim_id = ? AND action = ? ORDER BY act_id DESC LIMIT 1"


class TextOwner(NamedTuple):
    """An article or a document whose text may be sent, or not."""

    name: str
    """The name of the article or of the document."""
    is_document: bool = False
    """True for a document."""

    @property
    def key(self) -> str:
        """The name under which the decisions are stored.

        >>> TextOwner("annual-report", is_document=True).key
        'document/annual-report'
        """
        return f"document/{self.name}" if self.is_document else article_key(self.name)


def may_send_text(connection: sqlite3.Connection, owner: TextOwner, *, default: bool = False) -> bool:
    """Return whether a text may be sent to models outside this computer; `default` counts until an editor decides."""
    row = connection.execute(_NEWEST, (owner.key, Action.ALLOW_SENDING.value)).fetchone()
    return default if row is None else bool(row[0])
