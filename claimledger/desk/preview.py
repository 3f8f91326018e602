"""Show which public rows publishing would change: the publication is done in both databases, and taken back.

The desk appends the revisions under its write lock, `ledger.db` gets their rows, and both transactions are rolled back.
The rows are therefore those that publishing writes. Texts that publishing would print are read from the desk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial

from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.publication_plan import plan_publication
from claimledger.errors import ProblemsFound
from claimledger.ledger import log, shared_files
from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.log import LogEntry
from claimledger.newsroom import drafting, publication
from claimledger.newsroom.article_texts import read_text_bytes
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.log_synchronization import bodies_after
from claimledger.newsroom.publication import read_selected_drafts
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.publishing import ledger_db
from claimledger.publishing.apply import LogSources, apply
from claimledger.publishing.edition_texts import TextLookup
from claimledger.publishing.log_position import read_position
from claimledger.publishing.row_changes import RowChange, row_changes
from claimledger.vocabulary import Subject
from claimledger.workflow import StaffMember, is_second_person

_SOMEBODY_ELSE = "somebody-else"
"""The name of the approver where the person who looks may not approve."""


class _RollBack(Exception):
    """Ends the rehearsal."""


def preview(
    places: LedgerPaths, actor: StaffMember, keys: Sequence[str] = (), clock: Clock = utc_now
) -> list[RowChange]:
    """Return the public rows that publishing open drafts (all, or those of `keys`) would change; nothing is written.

    If ledger.db does not contain the whole log yet, it is updated first.

    Raises:
        NotFound: a record of `keys` has no open draft.
        ProblemsFound: a draft names a record that would not be public.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest.
        BodyTooLarge: a record does not fit a log entry.
    """
    with open_store(places) as store:
        drafts = read_selected_drafts(store, keys)
        if problems := drafting.unpublished_references(drafts, store):
            raise ProblemsFound(problems)
        if not drafts:
            return []
        ledger_db.update_ledger_db(places.ledger, places.log, places.shared_texts)
        entries = _rehearse(store, drafts, actor, clock())
        text_of = _text_lookup(store, partial(shared_files.public_text, places.shared_texts))
        sources = LogSources(partial(log.body_at, places.log), text_of)
        with _rolled_back(places) as connection:
            known = read_position(connection).number
            applied = apply(connection, (one for one in entries if one.number > known), sources, keeps_differences=True)
            return row_changes(applied.differences)


@contextmanager
def _rolled_back(places: LedgerPaths) -> Iterator[sqlite3.Connection]:
    """Open ledger.db in a transaction that is rolled back at the end."""
    with closing(sqlite3.connect(places.ledger, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("ROLLBACK")


def _text_lookup(store: DeskStore, published: TextLookup) -> TextLookup:
    """Return a function that returns the texts that publishing prints: published ones, or those of the desk."""

    def text_of(edition: str) -> str | None:
        content = None if published(edition) else read_text_bytes(store.connection, edition)
        return content.decode() if content else published(edition)

    return text_of


def _rehearse(store: DeskStore, drafts: Sequence[Draft], actor: StaffMember, now: datetime) -> list[LogEntry]:
    """Publish drafts, read their entries, and take the publication back."""
    entries: list[LogEntry] = []
    approvers = dict(_approvers(store, drafts, actor))
    with suppress(_RollBack), store.writing() as connection:
        (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()
        publication.append_revisions(store, connection, drafts, approvers, now=now)
        bodies = enumerate(bodies_after(connection, last), start=last + 1)
        entries += (LogEntry(number, leaf_sha256(body).hex(), body) for number, body in bodies)
        raise _RollBack
    return entries


def _approvers(
    store: DeskStore, drafts: Sequence[Draft], actor: StaffMember
) -> Iterator[tuple[tuple[Subject, str], str]]:
    known = plan_publication(read_current_records(store), drafts, actor).approvers
    for draft in drafts:
        approver = known[draft.subject, draft.key]
        is_other = is_second_person(approver, draft.authors)
        yield (draft.subject, draft.key), approver if is_other else _SOMEBODY_ELSE
