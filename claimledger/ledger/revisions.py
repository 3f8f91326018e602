"""From approved drafts to public revisions: number, time, chain, hash, committed as one act.

In: drafts and who approves them. Out: bodies committed in the store and appended to the log, all with one time.
The invariant: nothing is committed unless every draft is the newest of its record, is based on the record's newest
public revision, and is approved by somebody who wrote no part of it. The record's JSON comes canonical from the draft
and is put into the body as it is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from claimledger.errors import (
    BodyTooLarge, ClaimChangedMeanwhile, LedgerError, Problem, ProblemsFound, SecondEditorRequired,
)  # fmt: skip
from claimledger.ledger.canonical import MAX_BODY, encode_checked, leaf_sha256
from claimledger.ledger.log import FORMAT
from claimledger.ledger.store import DeskStore, Draft, PublicationRow
from claimledger.review import is_second_person
from claimledger.scalars import ACTOR, FORMS

MakeNonces = Callable[[int], Sequence[str]]
"""Returns so many nonces, each of 16 random bytes in hexadecimal."""


class DraftChangedMeanwhile(LedgerError):
    """A draft was written anew or discarded between being read and being approved."""

    def __init__(self, key: str) -> None:
        """Name the record."""
        self.key = key
        super().__init__(
            f"{key}: its draft was written anew or discarded meanwhile. Nothing was published. "
            "Look at 'claimledger drafts' and approve what stands there now."
        )


def random_nonces(number: int) -> list[str]:
    """Return so many times 16 random bytes in hexadecimal; one call, since each costs a system call."""
    digits = secrets.token_hex(16 * number)
    return [digits[at : at + 32] for at in range(0, len(digits), 32)]


def publish_drafts(
    store: DeskStore,
    drafts: Sequence[Draft],
    approver: str,
    *,
    now: datetime,
    make_nonces: MakeNonces = random_nonces,
) -> int:
    """Commit the drafts as one public act, bring the log files up to date, and return how many were published.

    Raises:
        ProblemsFound: `approver` is no name that may stand in the log.
        SecondEditorRequired: `approver` wrote part of one of them.
        DraftChangedMeanwhile: a draft was written anew or discarded since it was read.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest.
        BodyTooLarge: a record does not fit a log entry.
        ClockBehind: `now` is more than five minutes before the newest revision.
        LogsDisagree, LogDamaged: the log was changed since the desk was opened, and not by appending to it.
        LogNotWritten: the act is public, but the log files could not be written.
    """
    _refuse_approver(approver, drafts)
    with store.writing() as connection:
        store.catch_up(connection)
        for draft in store.superseded(drafts):
            raise DraftChangedMeanwhile(draft.key)
        number, time = store.next_place(connection, now)
        newest = store.newest_of([draft.key for draft in drafts])
        act = _Act(approver, time, number, make_nonces(len(drafts)))
        store.append_publications(connection, _rows(drafts, act, newest))
    store.fill_log()
    return len(drafts)


def _refuse_approver(approver: str, drafts: Sequence[Draft]) -> None:
    if not re.fullmatch(ACTOR, approver):
        sentence, remedy = f"'{approver}' is no name for the log.", f"Give {FORMS[ACTOR].words}."
        raise ProblemsFound([Problem("wrong-value", sentence, remedy, field="approver")])
    for draft in drafts:
        if not is_second_person(approver, draft.authors):
            raise SecondEditorRequired(draft.key, approver)


class _Act(msgspec.Struct):
    """What the revisions of one act share, and what each gets in turn."""

    approver: str
    recorded_at: str
    first: int
    nonces: Sequence[str]


class _Body(msgspec.Struct, omit_defaults=True):
    """A `models.Revision` on its way to canonical bytes; a test holds the two together."""

    format: int
    nonce: str
    number: int
    subject: str
    key: str
    revision: int
    kind: str
    recorded_at: str
    authors: tuple[str, ...]
    approver: str
    reason: str
    record: msgspec.Raw
    prev: str | None = None
    correction: dict[str, Any] | None = None


def _rows(
    drafts: Sequence[Draft], act: _Act, newest: dict[tuple[str, str], tuple[str, int]]
) -> Iterator[PublicationRow]:
    for number, draft, nonce in zip(count(act.first), drafts, act.nonces, strict=False):
        subject, key = draft.subject.value, draft.key
        head, last = newest.get((subject, key), (None, 0))
        if draft.base != head:
            raise ClaimChangedMeanwhile(key)
        body = encode_checked(
            _Body(
                FORMAT, nonce, number, subject, key, last + 1, draft.kind.value, act.recorded_at, draft.authors,
                act.approver, draft.reason, msgspec.Raw(draft.record_json), head, _json(draft),
            )
        )  # fmt: skip
        if len(body) > MAX_BODY:
            raise BodyTooLarge(key, len(body), MAX_BODY)
        sha256 = leaf_sha256(body).hex()
        newest[subject, key] = (sha256, last + 1)
        yield number, sha256, subject, key, last + 1, bytearray(body), draft.draft_id


def _json(draft: Draft) -> dict[str, Any] | None:
    return draft.correction.to_json() if draft.correction else None
