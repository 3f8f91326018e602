"""Turn approved drafts into public revisions: number, time, chain and hash, committed in one transaction.

Bodies are committed in the store and then appended to the log, all with the same time. Nothing is committed unless
every draft is the newest of its record, is based on the record's newest public revision, and is approved by a person
who wrote no part of it. The draft already contains the record as canonical JSON, which goes into the body unchanged.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from claimledger.errors import (
    BodyTooLarge, ClaimChangedMeanwhile, LedgerError, NotFound, Problem, ProblemsFound, SecondEditorRequired,
)  # fmt: skip
from claimledger.ledger.canonical import MAX_BODY, encode_validated, leaf_sha256
from claimledger.ledger.log import LOG_FORMAT
from claimledger.messages import find_similar
from claimledger.newsroom.role_grants import find_self_granted
from claimledger.newsroom.log_synchronization import PublicationRow
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.workflow import is_second_person
from claimledger.scalars import ACTOR, PATTERN_DESCRIPTIONS
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Subject

MakeNonces = Callable[[int], Sequence[str]]
"""A function that returns the given number of nonces, each 16 random bytes in hexadecimal."""


class DraftChangedMeanwhile(LedgerError):
    """Raised when a draft was changed or discarded between being read and being approved."""

    def __init__(self, key: str) -> None:
        """Keep and include the key of the record."""
        self.key = key
        super().__init__(key=key)


def random_nonces(number: int) -> list[str]:
    """Return nonces of 16 random bytes in hexadecimal, from one system call for all of them."""
    digits = secrets.token_hex(16 * number)
    return [digits[at : at + 32] for at in range(0, len(digits), 32)]


def select_drafts(drafts: Sequence[Draft], keys: Sequence[str]) -> list[Draft]:
    """Return the drafts of `keys`, or all drafts if no keys are given; a claim's key includes its passages.

    Raises:
        NotFound: A record of `keys` has no open draft.
    """
    open_keys = {draft.key for draft in drafts}
    held = {name for key in open_keys for name in (key, key.split("@")[0])}
    for key in keys:
        if key not in held:
            raise NotFound("open-draft", key, find_similar(key, open_keys))
    return [draft for draft in drafts if not keys or {draft.key, draft.key.split("@")[0]}.intersection(keys)]


def read_selected_drafts(store: DeskStore, keys: Sequence[str]) -> list[Draft]:
    """Return the open drafts of `keys`, without reading others, or all if no keys are given.

    Raises:
        NotFound: A record of `keys` has no open draft.
    """
    drafts = store.find_open_drafts(keys) if keys else store.open_drafts()
    found = {name for draft in drafts for name in (draft.key, draft.key.split("@")[0])}
    if not found.issuperset(keys):
        return select_drafts(store.open_drafts(), keys)
    return drafts


def append_revisions(
    store: DeskStore,
    connection: sqlite3.Connection,
    drafts: Sequence[Draft],
    approvers: Mapping[tuple[Subject, str], str],
    *,
    now: datetime,
    make_nonces: MakeNonces = random_nonces,
) -> None:
    """Publish drafts inside a `writing` transaction; `approvers` maps each record to its approver.

    Call `DeskStore.fill_log` afterwards to write the log files.

    Raises:
        ProblemsFound: An approver's name may not appear in the log.
        SecondEditorRequired: An approver wrote part of a draft that they approved.
        DraftChangedMeanwhile: A draft was changed or discarded since it was read.
        ClaimChangedMeanwhile: A draft is based on a revision that is no longer the newest.
        BodyTooLarge: A record does not fit into a log entry.
        ClockBehind: `now` is more than five minutes before the newest revision.
        LogsDisagree, LogDamaged: The log was changed since the desk was opened, other than by appending to it.
    """
    names = [approvers[draft.subject, draft.key] for draft in drafts]
    _check_approvers(names, drafts)
    store.synchronize_if_changed(connection)
    for draft in store.outdated_drafts(drafts):
        raise DraftChangedMeanwhile(draft.key)
    number, time = store.next_position(connection, now)
    newest = store.newest_revisions([draft.key for draft in drafts])
    self_granted = find_self_granted(connection, {*names})
    act = _Publication(names, time, number, make_nonces(len(drafts)), self_granted)
    store.append_publications(connection, _publication_rows(drafts, act, newest))


def _check_approvers(names: Sequence[str], drafts: Sequence[Draft]) -> None:
    valid = {name for name in {*names} if re.fullmatch(ACTOR, name)}
    for name, draft in zip(names, drafts, strict=True):
        if name not in valid:
            form = PATTERN_DESCRIPTIONS[ACTOR]
            raise ProblemsFound(
                [Problem("wrong-value/approver", field="approver", value=name, form=form.name, example=form.example)]
            )
        if not is_second_person(name, draft.authors):
            raise SecondEditorRequired(draft.key, name)


class _Publication(msgspec.Struct):
    """The values that revisions published together share, and the approver and the nonce of each."""

    approvers: Sequence[str]
    recorded_at: str
    first: int
    nonces: Sequence[str]
    self_granted: frozenset[str]
    """The approvers who gave themselves the role of an editor."""


class _Body(msgspec.Struct, omit_defaults=True, gc=False):
    """The fields of a `models.Revision` before canonical encoding; a test keeps the two in step."""

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
    approver_role: str | None = None
    role_granted_by: str | None = None


_SELF_GRANTED = {"approver_role": Role.EDITOR._value_}
"""The role that the log names if an approver gave it to themselves; otherwise every approver is an editor."""


def _publication_rows(
    drafts: Sequence[Draft], act: _Publication, newest: dict[tuple[str, str], tuple[str, int]]
) -> Iterator[PublicationRow]:
    """Yield the rows to insert; lists and tuples are kept few, because Python's collector traverses them often."""
    several = _keys_of_several(drafts)
    for number, draft, nonce, approver in zip(count(act.first), drafts, act.nonces, act.approvers, strict=False):
        subject, key = draft.subject._value_, draft.key  # faster than `value`
        head, last = newest.get((subject, key), _NEVER_PUBLISHED)
        if draft.base != head:
            raise ClaimChangedMeanwhile(key)
        body = encode_validated(
            _Body(
                LOG_FORMAT, nonce, number, subject, key, last + 1, draft.kind._value_, act.recorded_at, draft.authors,
                approver, draft.reason, msgspec.Raw(draft.record_json), head, _correction(draft),
                **(_SELF_GRANTED | {"role_granted_by": approver} if approver in act.self_granted else {}),
            )
        )  # fmt: skip
        if len(body) > MAX_BODY:
            raise BodyTooLarge(key, len(body), MAX_BODY)
        sha256 = leaf_sha256(body).hex()
        if key in several:
            newest[subject, key] = (sha256, last + 1)
        yield number, sha256, subject, key, last + 1, bytearray(body), draft.draft_id


_NEVER_PUBLISHED: tuple[None, int] = (None, 0)


def _keys_of_several(drafts: Sequence[Draft]) -> set[str]:
    """Return the keys that more than one of the drafts has."""
    if len({draft.key for draft in drafts}) == len(drafts):
        return set()
    return {key for key, number in Counter(draft.key for draft in drafts).items() if number > 1}


def _correction(draft: Draft) -> dict[str, Any] | None:
    return draft.correction.to_json() if draft.correction else None
