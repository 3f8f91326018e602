"""Editorial acts on claims that make no record by themselves: assigned, asked, answered, commented, approved, returned.

In: an open store and an act. Out: the acts on a claim, the oldest first. The invariant: an act is never changed or
taken away; a later one counts. What an act may be is decided in `review`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.vocabulary import Action, Question


class Deed(NamedTuple):
    """An act to keep."""

    action: Action
    """What is done."""
    claim_id: str
    """To which claim."""
    actor: str
    """By whom."""
    question: Question | None = None
    """With respect to which question."""
    reason: str = ""
    """Why; empty where none is demanded."""
    draft_id: int | None = None
    """The draft that is approved, returned or published."""
    detail: Mapping[str, Any] = MappingProxyType({})
    """What else belongs to it: assignee, due_on and priority; as_printed and should_read; text; query and answer."""


class Done(NamedTuple):
    """An act as it was done."""

    act_id: int
    """Its number in the store."""
    recorded_at: str
    """When, UTC."""
    deed: Deed
    """What was done."""


def keep_act(connection: sqlite3.Connection, deed: Deed, now: datetime) -> int:
    """Add an act inside a transaction of `writing` and return its number; `now` is UTC."""
    act_id: int = connection.execute("SELECT coalesce(max(act_id), 0) + 1 FROM act").fetchone()[0]
    row = (
        act_id, deed.action.value, deed.claim_id, deed.question, deed.actor, deed.reason, deed.draft_id,
        _json(deed.detail), utc_text(now),
    )  # fmt: skip
    connection.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return act_id


def _json(detail: Mapping[str, Any]) -> str:
    return msgspec.json.encode({name: value for name, value in detail.items() if value is not None}).decode()


def acts_on(store: DeskStore, claim_id: str, action: Action | None = None) -> list[Done]:
    """Return every act on a claim, or those of one kind, the oldest first."""
    asked = (claim_id, action.value if action else None)
    rows = store.connection.execute(
        "SELECT * FROM act WHERE claim_id = ? AND action = coalesce(?, action) ORDER BY act_id", asked
    )
    return [_done(row) for row in rows]


def has_queries(store: DeskStore, claim_id: str) -> bool:
    """Whether anything was asked of the writer about a claim."""
    asked = (claim_id, Action.QUERY.value)
    return store.connection.execute("SELECT 1 FROM act WHERE claim_id = ? AND action = ?", asked).fetchone() is not None


def _done(row: tuple[Any, ...]) -> Done:
    act_id, action, claim_id, question, actor, reason, draft_id, detail, recorded_at = row
    asked = Question(question) if question else None
    deed = Deed(Action(action), claim_id, actor, asked, reason, draft_id, msgspec.json.decode(detail))
    return Done(act_id, recorded_at, deed)
