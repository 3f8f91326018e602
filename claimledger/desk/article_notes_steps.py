"""The steps on an article as a task: set its deadline, and leave a note for colleagues."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from claimledger.desk.newsroom_clock import newsroom_time
from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.desk_vocabulary import Action
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.article_acts import ArticleNote, article_key, article_notes, read_deadline
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.date_rules import past_deadline_problems
from claimledger.workflow import StaffMember


class ArticleTask(NamedTuple):
    """An article as a task."""

    due_on: str
    """The deadline in the newsroom's time, or an empty text."""
    notes: list[ArticleNote]
    """The notes of colleagues, the oldest first."""


def set_deadline(
    places: LedgerPaths, article_id: str, due_on: str | None, actor: StaffMember, clock: Clock = utc_now
) -> None:
    """Set the deadline of an article, a day or a time of the newsroom; None removes it. Its claims inherit it.

    Raises:
        NotFound: the article does not exist.
        ProblemsFound: the workflow table refuses it, or the deadline is not a time or has passed.
    """
    demand_allowed(Action.SET_DEADLINE, actor)
    detail = read_action_detail(Action.SET_DEADLINE, {"due_on": due_on})
    if problems := past_deadline_problems(detail.get("due_on"), newsroom_time(clock)):
        raise ProblemsFound(problems)
    with _locked_article(places, article_id) as connection:
        _store(connection, Action.SET_DEADLINE, article_id, actor, detail, clock)


def note_article(places: LedgerPaths, article_id: str, text: str, actor: StaffMember, clock: Clock = utc_now) -> None:
    """Store a note on an article for colleagues; it is never published.

    Raises:
        NotFound: the article does not exist.
        ProblemsFound: the workflow table refuses it, or the note is empty.
    """
    demand_allowed(Action.NOTE_ARTICLE, actor)
    detail = read_action_detail(Action.NOTE_ARTICLE, {"text": text})
    with _locked_article(places, article_id) as connection:
        _store(connection, Action.NOTE_ARTICLE, article_id, actor, detail, clock)


def article_task(places: LedgerPaths, article_id: str) -> ArticleTask:
    """Return the deadline of an article and the notes on it."""
    with open_store(places) as store:
        connection = store.connection
        return ArticleTask(read_deadline(connection, article_id), article_notes(connection, article_id))


@contextmanager
def _locked_article(places: LedgerPaths, article_id: str) -> Iterator[sqlite3.Connection]:
    with open_store(places) as store, store.writing() as connection:
        read_current_records(store).article(article_id)
        yield connection


def _store(
    connection: sqlite3.Connection,
    action: Action,
    article_id: str,
    actor: StaffMember,
    detail: dict[str, Any],
    clock: Clock,
) -> None:
    store_action(connection, ActionEntry(action, article_key(article_id), actor.name, detail=detail), clock())
