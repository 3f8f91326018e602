"""The shared beginning of every step: open the store, read the clock, check permission, store changes as drafts."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime

from claimledger.errors import ProblemsFound
from claimledger.messages import Message
from claimledger.newsroom import drafting
from claimledger.newsroom.arrivals import LogRefused
from claimledger.newsroom.captures import store_withheld_document, withheld_document
from claimledger.newsroom.date_rules import future_date_problems
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.log_comparison import Comparison
from claimledger.newsroom.drafting import ProposedChange
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.used_suggestions import store_used_suggestions
from claimledger.newsroom.article_texts import restore_published_texts
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Change, Document
from claimledger.workflow import Case, StaffMember, decide
from claimledger.desk_vocabulary import Action

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
ProgressCallback = Callable[[int], None]
"""A callback that gets the number of revisions processed since its last call."""


def report_no_progress(_: int) -> None:
    """Report no progress."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class SharedStore(DeskStore):
    """A store that stays open until `end`; several lookups use it one after another, also in several threads."""

    def close(self) -> None:
        """Keep the store open for the next lookup."""

    def end(self) -> None:
        """Close the store."""
        super().close()


class StoreSharing:
    """The store that the lookups of one request share. It is opened when the first of them needs it."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self.store: SharedStore | None = None
        self.is_over = False

    def end(self) -> None:
        """Close the store if it was opened; later lookups open their own, also in the contexts that still know this."""
        self.is_over = True
        if self.store:
            self.store.end()


_SHARING: ContextVar[StoreSharing | None] = ContextVar("sharing", default=None)


def share_store() -> StoreSharing:
    """Let all lookups in the current context share one open store until `end`; for requests that only read.

    To open the store takes longer than most lookups. A step that changes claims opens its own, so that it sees what the
    log has at that moment.
    """
    sharing = StoreSharing()
    _SHARING.set(sharing)
    return sharing


_VERIFIED_STORES: set[tuple[str, int]] = set()
"""The stores (path and inode) that this process has compared with their logs."""


def open_store(places: LedgerPaths, comparison: Comparison | None = None) -> DeskStore:
    """Open the desk's store, and repair or refuse a state that a crash left half written between store and log.

    By default, the first opening in a process compares the log files that changed since they were last compared, and
    later openings only the newest body. A desk that was just filled from the log, or is compared as a whole, also loads
    the published texts that it lacks.

    Raises:
        LogsDisagree: a body that is compared differs between store and log.
        LogDamaged: a file of the log that is read is not complete.
        LogRefused: the log has an entry that may not come into the desk, such as one of an unknown person.
    """
    sharing = _SHARING.get() if comparison is None else None
    if sharing and sharing.is_over:
        sharing = None
    if sharing and sharing.store:
        return sharing.store
    usual = Comparison.NEWEST if _identity(places) in _VERIFIED_STORES else Comparison.CHANGED
    store = (SharedStore if sharing else DeskStore)(places.desk, places.log, comparison=comparison or usual)
    if sharing and isinstance(store, SharedStore):
        sharing.store = store
    _report_upgrade(store)
    if store.log_import and store.log_import.names:
        _report(Message("names-taken-over", names=store.log_import.names))
    if store.log_import or comparison is Comparison.ALL:
        restore_published_texts(store, places.shared_texts, utc_now())
    _VERIFIED_STORES.add(_identity(places))
    return store


def _report_upgrade(store: DeskStore) -> None:
    if store.upgrade:
        version, copy = store.upgrade
        _report(Message("store-upgraded", path=str(store.path), version=version, copy=str(copy)))


def _report(message: Message) -> None:
    """Show a message on the terminal or in the server's log, in both languages."""
    _log.warning("%s · %s", message.text("en"), message.text("ko"))


def open_for_accounts(places: LedgerPaths) -> DeskStore:
    """Open the desk's store for work on accounts, which goes on if the log has entries that the desk refuses.

    A person whom the desk does not know yet can be added this way. The entries are still refused by every other step.
    """
    try:
        return open_store(places)
    except LogRefused:
        store = DeskStore(places.desk, places.log, comparison=Comparison.NOTHING)
        _report_upgrade(store)
        return store


def _identity(places: LedgerPaths) -> tuple[str, int]:
    return str(places.desk), places.desk.stat().st_ino if places.desk.exists() else 0


def demand_allowed(action: Action, actor: StaffMember, case: Case = Case(), *, reason: str = "") -> None:  # noqa: B008  frozen
    """Check that the workflow table allows an action that is not about an existing claim.

    Raises:
        ProblemsFound: the reasons why the table refuses it.
    """
    if problems := decide(action, case, actor, reason=reason):
        raise ProblemsFound(problems)


def store_changes(
    store: DeskStore, connection: sqlite3.Connection, changes: Iterable[Change], edit: Edit, clock: Clock
) -> list[Draft]:
    """Store changes as drafts, all or none.

    Raises:
        ProblemsFound: every problem in the changes. Nothing was stored.
    """
    batch = drafting.ChangeBatch([ProposedChange(change, SourceLocation()) for change in changes if change.fields])
    drafts, problems = drafting.make_drafts(batch, store, edit)
    if problems:
        raise ProblemsFound(problems)
    store_drafts(store, connection, drafts, clock())
    return drafts


def store_drafts(store: DeskStore, connection: sqlite3.Connection, drafts: Sequence[Draft], now: datetime) -> None:
    """Store drafts inside a transaction of `writing`, all or none; `now` is UTC.

    Raises:
        ProblemsFound: a verdict or a document has a date in the future.
    """
    if problems := future_date_problems(drafts, now):
        raise ProblemsFound(problems)
    for draft in drafts:
        _store_full_description(store, connection, draft, now)
        store_used_suggestions(store, connection, draft, now)
    store.append_drafts(connection, drafts, now)


def _store_full_description(store: DeskStore, connection: sqlite3.Connection, draft: Draft, now: datetime) -> None:
    """Store the description of a document that becomes confidential, because its draft no longer contains it."""
    is_withheld = isinstance(draft.record, Document) and draft.record.is_withheld
    before = read_current_records(store, draft.key).document(draft.key) if is_withheld else None
    if before and not before.is_withheld and withheld_document(connection, draft.key) is None:
        store_withheld_document(connection, draft.key, before.to_json(), draft.authors[0], now)
