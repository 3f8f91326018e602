"""The shared beginning of every step: open the store, read the clock, check permission, store changes as drafts."""

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
"""A callback that gets the number of revisions processed since its last call."""


def silent(_: int) -> None:
    """Report no progress."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


_VERIFIED_STORES: set[tuple[str, int]] = set()
"""The stores (path and inode) that this process has fully compared with their logs."""


def open_store(places: Places, *, is_thorough: bool = False) -> DeskStore:
    """Open the desk's store, and repair or refuse a state that a crash left half written between store and log.

    Only the first opening in a process compares every revision body with the log, unless `is_thorough` is set. A desk
    that
    was just filled from the log, or is opened thoroughly, also loads the published texts that it lacks.
    """
    known = not is_thorough and _identity(places) in _VERIFIED_STORES
    store = DeskStore(places.desk, places.log, is_known=known)
    if store.took_in or is_thorough:
        take_back_texts(store, places.shared_texts, utc_now())
    _VERIFIED_STORES.add(_identity(places))
    return store


def _identity(places: Places) -> tuple[str, int]:
    return str(places.desk), places.desk.stat().st_ino if places.desk.exists() else 0


def demand_allowed(action: Action, actor: Staff, case: Case = Case(), *, reason: str = "") -> None:  # noqa: B008  frozen
    """Check that the workflow table allows an action that is not about an existing claim.

    Raises:
        ProblemsFound: the reasons why the table refuses it.
    """
    if problems := decide(action, case, actor, reason=reason):
        raise ProblemsFound(problems)


def drafted(
    store: DeskStore, connection: sqlite3.Connection, changes: Iterable[Change], edit: Edit, clock: Clock
) -> list[Draft]:
    """Store changes as drafts, all or none.

    Raises:
        ProblemsFound: every problem in the changes. Nothing was stored.
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
        ProblemsFound: a verdict or a document has a date in the future.
    """
    if problems := days_ahead(drafts, now):
        raise ProblemsFound(problems)
    for draft in drafts:
        _store_full_description(store, connection, draft, now)
    store.append_drafts(connection, drafts, now)


def _store_full_description(store: DeskStore, connection: sqlite3.Connection, draft: Draft, now: datetime) -> None:
    """Store the description of a document that becomes confidential, because its draft no longer contains it."""
    is_withheld = isinstance(draft.record, Document) and draft.record.is_withheld
    before = standing(store, draft.key).document(draft.key) if is_withheld else None
    if before and not before.is_withheld and withheld_of(connection, draft.key) is None:
        keep_withheld(connection, draft.key, before.to_json(), draft.authors[0], now)
