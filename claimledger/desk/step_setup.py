"""What every step begins with: the store, the clock, the table's leave, and how changes become drafts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from claimledger.errors import ProblemsFound
from claimledger.newsroom import drafting
from claimledger.newsroom.captures import keep_withheld, withheld_of
from claimledger.newsroom.date_rules import days_ahead
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import Proposed
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import standing
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.article_texts import take_back_texts
from claimledger.ledger.yaml_source import Where
from claimledger.models import Change, Document
from claimledger.workflow import Case, Staff, decide
from claimledger.vocabulary import Action

Clock = Callable[[], datetime]
Progress = Callable[[int], None]
"""Called now and then with the number of revisions done since the last call."""


def silent(_: int) -> None:
    """Report no progress."""


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


_SETTLED: set[tuple[str, int]] = set()
"""Stores (path and inode) that this process has settled with their logs, every body of them."""


def open_store(places: Places, *, is_thorough: bool = False) -> DeskStore:
    """Open the desk's store; what a crash left half done between store and log is repaired or refused here.

    A process compares every body with the log the first time alone, unless it is to be thorough. A desk that is filled
    from the log, and one that `build` goes through, takes back the published texts that it lacks.
    """
    known = not is_thorough and _identity(places) in _SETTLED
    store = DeskStore(places.desk, places.log, is_known=known)
    if store.took_in or is_thorough:
        take_back_texts(store, places.shared_texts, utc_now())
    _SETTLED.add(_identity(places))
    return store


def _identity(places: Places) -> tuple[str, int]:
    return str(places.desk), places.desk.stat().st_ino if places.desk.exists() else 0


def demand_allowed(action: Action, actor: Staff, case: Case = Case(), *, reason: str = "") -> None:  # noqa: B008  frozen
    """Demand that the workflow table allows an act on what is no claim yet, or none at all.

    Raises:
        ProblemsFound: why it does not.
    """
    if problems := decide(action, case, actor, reason=reason):
        raise ProblemsFound(problems)


def drafted(
    store: DeskStore, connection: sqlite3.Connection, changes: Iterable[Change], edit: Edit, clock: Clock
) -> list[Draft]:
    """Store the drafts of changes, all or none.

    Raises:
        ProblemsFound: every problem; nothing was stored.
    """
    batch = drafting.Batch([Proposed(change, Where()) for change in changes if change.fields])
    drafts, problems = drafting.drafts_of(batch, store, edit)
    if problems:
        raise ProblemsFound(problems)
    keep(store, connection, drafts, clock())
    return drafts


def keep(store: DeskStore, connection: sqlite3.Connection, drafts: Sequence[Draft], now: datetime) -> None:
    """Store drafts inside a transaction of `writing`, all or none; `now` is UTC.

    Raises:
        ProblemsFound: a verdict or a document is dated ahead.
    """
    if problems := days_ahead(drafts, now):
        raise ProblemsFound(problems)
    for draft in drafts:
        _keep_identity(store, connection, draft, now)
    store.append_drafts(connection, drafts, now)


def _keep_identity(store: DeskStore, connection: sqlite3.Connection, draft: Draft, now: datetime) -> None:
    """Keep what a document is when it becomes confidential: its draft no longer says it."""
    is_withheld = isinstance(draft.record, Document) and draft.record.is_withheld
    before = standing(store, draft.key).document(draft.key) if is_withheld else None
    if before and not before.is_withheld and withheld_of(connection, draft.key) is None:
        keep_withheld(connection, draft.key, before.to_json(), draft.authors[0], now)
