"""The right to send texts to language models outside this computer: of each article, and of each document.

The rights of an article and of a document are separate, because their texts belong to different people. Editors decide
by acts. Two of them must allow a text, and one can forbid it at any time. Without a decision, an article is not sent,
and a document only if the newsroom's settings allow it.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from claimledger.desk_vocabulary import Action
from claimledger.newsroom.article_acts import article_key

_DECISIONS = (
    "SELECT detail ->> '$.may_send', actor, reason, recorded_at FROM act WHERE claim_id = ? AND action = ? "
    "ORDER BY act_id"
)
_EDITORS_NEEDED = 2


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


class SendingDecision(NamedTuple):
    """An editor's decision on sending a text."""

    may_send: bool
    """True if the editor allowed it."""
    author: str
    """The editor's name."""
    reason: str
    """The reason."""
    recorded_at: str
    """The UTC time."""


class SendingState(NamedTuple):
    """The right of one text, and the decisions that it comes from."""

    owner: TextOwner
    """The text."""
    may_send: bool
    """True if the text may be sent."""
    first_editor: str
    """The only editor who has allowed it, if a second one is still needed; empty if none is."""
    decisions: tuple[SendingDecision, ...]
    """All decisions, the oldest first."""


def read_sending_state(connection: sqlite3.Connection, owner: TextOwner, *, default: bool = False) -> SendingState:
    """Return the right of a text; `default` counts until an editor decides."""
    rows = connection.execute(_DECISIONS, (owner.key, Action.ALLOW_SENDING.value)).fetchall()
    decisions = tuple(SendingDecision(bool(may_send), *rest) for may_send, *rest in rows)
    last = max((number for number, one in enumerate(decisions) if not one.may_send), default=-1)
    editors = list(dict.fromkeys(one.author for one in decisions[last + 1 :]))
    may_send = len(editors) >= _EDITORS_NEEDED or (default and last < 0)
    return SendingState(owner, may_send, editors[0] if editors and not may_send else "", decisions)


def may_send_text(connection: sqlite3.Connection, owner: TextOwner, *, default: bool = False) -> bool:
    """Return whether a text may be sent to models outside this computer; `default` counts until an editor decides."""
    return read_sending_state(connection, owner, default=default).may_send
