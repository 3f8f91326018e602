"""The rules for entries that come into the desk from the log, such as those that a colleague published elsewhere.

An entry that is dated ahead of the clock would stop every later publication, because times in the log never go back.
An entry of a person whom the desk does not know was published by nobody who works here. Both are refused before
anything is stored. A desk without people was just made: it takes over the names in the log, once, as earlier people.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from claimledger.errors import LedgerError
from claimledger.ledger import body_rules, log
from claimledger.ledger.log import ChainFault
from claimledger.messages import Message

TOLERATED_AHEAD = timedelta(minutes=5)
"""The longest time that an entry may be ahead of the clock."""


class LogRefused(LedgerError):
    """Raised when the log has an entry that may not come into the desk; nothing was stored."""

    def __init__(self, file: str, line: int, reason: Message) -> None:
        """Name the file, its 1-based line and the rule that the entry breaks, which is a variant of this message."""
        super().__init__(reason.key.partition("/")[0], file=file, line=line, reason=reason)


def clock_time() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def latest_allowed(now: datetime) -> str:
    """Return the latest time that an entry may have.

    >>> latest_allowed(datetime(2031, 5, 2, 9, 0, tzinfo=UTC))
    '2031-05-02T09:05:00.000Z'
    """
    return _utc_text(now + TOLERATED_AHEAD)


def _utc_text(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def known_names(connection: sqlite3.Connection) -> frozenset[str] | None:
    """Return the names of all people that the desk has or had, with the earlier people; None for a desk of no one."""
    people = {name for (name,) in connection.execute("SELECT DISTINCT name FROM person_version")}
    return frozenset(people.union(earlier_people(connection))) if people else None


def earlier_people(connection: sqlite3.Connection) -> list[str]:
    """Return the names that the desk took over from the log, because they are older than its list of people."""
    return [name for (name,) in connection.execute("SELECT name FROM earlier_people ORDER BY name")]


def take_over_names(connection: sqlite3.Connection, names: Collection[str], now: datetime) -> list[str]:
    """Store names from the log as earlier people, inside a `writing` transaction; return those that are new."""
    new = sorted(set(names).difference(earlier_people(connection)))
    connection.executemany("INSERT INTO earlier_people VALUES (?, ?)", ((name, _utc_text(now)) for name in new))
    return new


def take_over_published_names(connection: sqlite3.Connection, now: datetime) -> None:
    """Store the names that a desk without people has published, before it gets its first person."""
    if not earlier_people(connection):
        rows = connection.execute(
            "SELECT json_extract(body, '$.approver') FROM publication UNION "
            "SELECT author.value FROM publication, json_each(publication.body, '$.authors') AS author"
        )
        take_over_names(connection, [name for (name,) in rows], now)


def names_in(bodies: Sequence[bytes]) -> Iterator[str]:
    """Yield the authors and the approver of each body that can be decoded."""
    for envelope in log.decode_envelopes(bodies):
        if not isinstance(envelope, str):
            yield from envelope.authors
            yield envelope.approver


def future_faults(bodies: Sequence[bytes], first: int, now: datetime) -> Iterator[ChainFault]:
    """Yield a fault for each body that is dated more than five minutes ahead of `now`."""
    latest = latest_allowed(now)
    for number, envelope in zip(count(first), log.decode_envelopes(bodies), strict=False):
        if not isinstance(envelope, str) and envelope.recorded_at > latest:
            values = {"key": envelope.key, "at": envelope.recorded_at, "now": _utc_text(now)}
            yield ChainFault(number, Message("from-the-future", **values))


def person_faults(bodies: Sequence[bytes], first: int, known: Collection[str] | None) -> Iterator[ChainFault]:
    """Yield a fault for each author or approver who is not among the `known` names; none if these are None."""
    for number, envelope in zip(count(first), log.decode_envelopes(bodies), strict=False):
        if known is None or isinstance(envelope, str):
            continue
        for name in dict.fromkeys((*envelope.authors, envelope.approver)):
            if name not in known:
                yield ChainFault(number, Message("unknown-person", key=envelope.key, person=name))


def first_fault(bodies: Sequence[bytes], first: int, known: Collection[str] | None, now: datetime) -> ChainFault | None:
    """Return the reason why one of the bodies may not come in, or None."""
    for fault in future_faults(bodies, first, now):
        return fault
    for fault in person_faults(bodies, first, known):
        return fault
    for number, body in zip(count(first), bodies, strict=False):
        if fault_of_form := body_rules.body_fault(body):
            return ChainFault(number, fault_of_form.message)
    return None
