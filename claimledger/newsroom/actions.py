"""Editorial actions on claims that make no record: assignments, queries, answers, comments, approvals and returns.

An action is never changed or removed; a later one replaces it. `review` decides which actions are allowed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.desk_vocabulary import Action
from claimledger.vocabulary import Question


class ActionEntry(NamedTuple):
    """An editorial action to store."""

    action: Action
    """The action."""
    claim_id: str
    """The claim it applies to."""
    actor: str
    """The name of the person who acts."""
    question: Question | None = None
    """The question about the claim that it applies to, if any."""
    reason: str = ""
    """The reason; empty if none is required."""
    draft_id: int | None = None
    """The draft that is approved, returned or published."""
    detail: Mapping[str, Any] = MappingProxyType({})
    """Further values: assignee, due_on and priority; as_printed and should_read; text; query and answer."""


class RecordedAction(NamedTuple):
    """A stored editorial action."""

    act_id: int
    """The number in the store."""
    recorded_at: str
    """The UTC time."""
    entry: ActionEntry
    """The action itself."""


def store_action(connection: sqlite3.Connection, deed: ActionEntry, now: datetime) -> int:
    """Add an action inside a `writing` transaction and return its number; `now` is UTC."""
    act_id: int = connection.execute("SELECT coalesce(max(act_id), 0) + 1 FROM act").fetchone()[0]
    row = (
        act_id, deed.action.value, deed.claim_id, deed.question, deed.actor, deed.reason, deed.draft_id,
        _detail_json(deed.detail), utc_text(now),
    )  # fmt: skip
    connection.execute("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return act_id


def _detail_json(detail: Mapping[str, Any]) -> str:
    return msgspec.json.encode({name: value for name, value in detail.items() if value is not None}).decode()


def actions_on_claim(store: DeskStore, claim_id: str, action: Action | None = None) -> list[RecordedAction]:
    """Return all actions on a claim, or those of one kind, the oldest first."""
    values = (claim_id, action.value if action else None)
    rows = store.connection.execute(
        "SELECT * FROM act WHERE claim_id = ? AND action = coalesce(?, action) ORDER BY act_id", values
    )
    return [_action_from_row(row) for row in rows]


def actions_after(store: DeskStore, act_id: int, most: int) -> list[RecordedAction]:
    """Return at most `most` actions with a higher number than `act_id`, the oldest first."""
    rows = store.connection.execute("SELECT * FROM act WHERE act_id > ? ORDER BY act_id LIMIT ?", (act_id, most))
    return [_action_from_row(row) for row in rows]


def has_queries(store: DeskStore, claim_id: str) -> bool:
    """Return whether the writer was asked anything about a claim."""
    values = (claim_id, Action.QUERY.value)
    return (
        store.connection.execute("SELECT 1 FROM act WHERE claim_id = ? AND action = ?", values).fetchone() is not None
    )


def _action_from_row(row: tuple[Any, ...]) -> RecordedAction:
    act_id, action, claim_id, question, actor, reason, draft_id, detail, recorded_at = row
    about = Question(question) if question else None
    deed = ActionEntry(Action(action), claim_id, actor, about, reason, draft_id, msgspec.json.decode(detail))
    return RecordedAction(act_id, recorded_at, deed)
