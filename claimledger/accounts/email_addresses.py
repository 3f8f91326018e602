"""The e-mail addresses of the desk's people: one for each person or none, private, with every earlier one.

Each change is one append-only row with its author and time. An address is written in ASCII, as mail servers need it.
Two people who share an address may be one person with two accounts, who could approve their own work.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from claimledger.accounts.people import get_person
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom.store import utc_text

MAX_ADDRESS = 254
"""The most characters of an address (RFC 5321)."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
"""An address as a browser's field of the type `email` accepts it, with a full host name."""


class SharedAddress(NamedTuple):
    """An e-mail address that several active people have."""

    address: str
    """The address, as the first of them wrote it."""
    names: tuple[str, ...]
    """Their names in the log, sorted."""


def check_address(address: str) -> str:
    """Return an e-mail address without surrounding spaces; an empty text stays empty.

    >>> check_address(" sora@example.org ")
    'sora@example.org'

    Raises:
        ProblemsFound: The text is not an e-mail address.
    """
    stripped = address.strip()
    if stripped and not (len(stripped) <= MAX_ADDRESS and _ADDRESS.fullmatch(stripped)):
        raise ProblemsFound([Problem("not-an-e-mail-address", field="email", value=stripped[:MAX_ADDRESS])])
    return stripped


def change_address(connection: sqlite3.Connection, name: str, address: str, *, author: str, now: datetime) -> None:
    """Store the e-mail address of a person inside a `writing` transaction, or remove it if it is empty; `now` is UTC.

    Raises:
        NoSuchPerson: No one has this name.
        ProblemsFound: The text is not an e-mail address; nothing was stored.
    """
    new = check_address(address)
    get_person(connection, name)
    if new != email_addresses(connection).get(name, ""):
        connection.execute(
            "INSERT INTO person_address SELECT coalesce(max(change_id), 0) + 1, ?, ?, ?, ? FROM person_address",
            (name, new, author, utc_text(now)),
        )


def email_addresses(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the current e-mail address of each person who has one, by name."""
    rows = connection.execute(
        "SELECT name, address FROM person_address "
        "WHERE change_id IN (SELECT max(change_id) FROM person_address GROUP BY name) AND address <> '' ORDER BY name"
    )
    return dict(rows.fetchall())


def shared_addresses(connection: sqlite3.Connection) -> list[SharedAddress]:
    """Return each e-mail address that more than one active person has; case and what follows a `+` do not count."""
    active = "SELECT name FROM person_version AS p WHERE is_active AND version_id = (SELECT max(version_id) "
    active += "FROM person_version WHERE name = p.name)"
    names = {name for (name,) in connection.execute(active)}
    by_mailbox: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, address in email_addresses(connection).items():
        if name in names:
            by_mailbox[_mailbox(address)].append((name, address))
    found = (sorted(those) for those in by_mailbox.values() if len(those) > 1)
    return [SharedAddress(those[0][1], tuple(name for name, _ in those)) for those in found]


def _mailbox(address: str) -> str:
    """Return a text that is equal for addresses of one mailbox.

    >>> _mailbox("Sora+desk@Example.org")
    'sora@example.org'
    """
    local, _, host = address.casefold().partition("@")
    return f"{local.partition('+')[0] or local}@{host}"
