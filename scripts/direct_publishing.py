"""Publish drafts for tests and measurements directly in the store, past the workflow's rules.

The program itself publishes only through `claimledger.desk.publish`, which asks the workflow table first and prints the
claim files and `ledger.db` afterwards. That is too slow for 100,000 generated claims, and tests of the store need
publications that the table would refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from claimledger.newsroom.publication import MakeNonces, append_revisions, random_nonces
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import Subject


def publish_directly(
    store: DeskStore, drafts: Sequence[Draft], approver: str, *, now: datetime, make_nonces: MakeNonces = random_nonces
) -> int:
    """Publish the drafts in one transaction, write the log files, and return how many were published; `now` is UTC.

    Raises:
        LogNotWritten: The revisions are public, but the log files could not be written.
        LedgerError: Any error of `append_revisions`; nothing was published.
    """
    with store.writing() as connection:
        append_revisions(store, connection, drafts, _OneApprover(approver), now=now, make_nonces=make_nonces)
    store.fill_log()
    return len(drafts)


class _OneApprover(dict[tuple[Subject, str], str]):
    """A mapping of every record to the same approver."""

    def __init__(self, approver: str) -> None:
        """Keep the approver's name."""
        self._approver = approver

    def __missing__(self, _: tuple[Subject, str]) -> str:
        """Return the approver of a record."""
        return self._approver
