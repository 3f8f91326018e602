"""How people get in and out: one-time links, passwords, sessions, tokens of the command line.

In: an open store, what somebody typed or their browser sent, and the time. Out: the person it is, a new secret, or a
refusal. The invariants: a password is stored as its hash alone and only a link or the old password replaces it; a new
password, like becoming inactive, ends everything given out before; an inactive person is nobody. Hashing takes long
and happens outside transactions. Functions that take a store open a transaction themselves.
"""

from __future__ import annotations

import math
import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from argon2 import PasswordHasher

from claimledger.accounts.credential_rules import (
    CONSOLE, FIRST_LINK_LASTS, HASHER, WELCOME_PATH, LinkExpired, PersonInactive, SignInRefused, SignInThrottled,
    fit_password, hash_again, is_password, name_typed, warm_up,
)  # fmt: skip
from claimledger.accounts import credentials, throttling
from claimledger.accounts.account_events import Client, record_event
from claimledger.accounts.credentials import Kind
from claimledger.accounts.people import Person, add_person, find_person, person, with_role
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.vocabulary import AccountEvent, Role


class SignedIn(NamedTuple):
    """Somebody who signed in."""

    person: Person
    """Who."""
    token: str
    """The secret of their session, for a cookie."""


def sign_in(
    store: DeskStore, typed_name: str, password: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> SignedIn:
    """Start a session for whoever knows a name and its password; `now` is UTC. Each outcome is recorded.

    Raises:
        SignInRefused: they do not go together, or the person is inactive.
        SignInThrottled: there were too many failures, under the name or from the address; the password was not tried.
    """
    name = name_typed(typed_name)
    let_through = _attempt(store, name, client, now)
    judged = _judged(store.connection, name, password, hasher)
    fresh = hash_again(judged.hashed, password, hasher) if judged.event is AccountEvent.SIGNED_IN else None
    with store.writing() as connection:
        event, who = _settled(connection, name, judged)
        if who and event is AccountEvent.SIGNED_IN:
            throttling.take_back(connection, let_through, now)
            if fresh:
                connection.execute("UPDATE password SET hash = ? WHERE name = ?", (fresh, name))
            record_event(connection, event, name, now, author=name, client=client)
            return SignedIn(who, credentials.issue(connection, Kind.SESSION, name, now, author=name))
        record_event(connection, event, name, now, client=client)
    raise SignInRefused


def _attempt(store: DeskStore, name: str, client: Client, now: datetime) -> throttling.Attempt:
    """Count an attempt.

    Raises:
        SignInThrottled: it comes too soon. Recorded once for each wait, however many there are.
    """
    with store.writing() as connection:
        attempt = throttling.attempt(connection, name, client.address, now)
        if attempt.wait and not attempt.is_noted:
            record_event(connection, AccountEvent.THROTTLED, name, now, client=client)
    if attempt.wait:
        raise SignInThrottled(math.ceil(attempt.wait.total_seconds()))
    return attempt


class _Judged(NamedTuple):
    """What is known of an attempt once its password was looked at."""

    event: AccountEvent
    """What it is."""
    hashed: str
    """The hash it was held against."""
    set_at: str
    """When that password was set."""


def _judged(connection: sqlite3.Connection, name: str, password: str, hasher: PasswordHasher) -> _Judged:
    """Return what to make of a name and a password; the work is the same whatever it is."""
    warm_up(hasher)
    hashed, set_at = _hash_of(connection, name)
    is_right = is_password(hashed, password, hasher)
    reasons = (
        (find_person(connection, name) is None, AccountEvent.UNKNOWN_NAME),
        (not hashed, AccountEvent.NO_PASSWORD),
        (not is_right, AccountEvent.WRONG_PASSWORD),
    )
    event = next((event for is_so, event in reasons if is_so), AccountEvent.SIGNED_IN)
    return _Judged(event, hashed, set_at)


def _settled(connection: sqlite3.Connection, name: str, judged: _Judged) -> tuple[AccountEvent, Person | None]:
    """Return what became of an attempt: the person may be inactive, or the password was replaced meanwhile."""
    who = find_person(connection, name)
    if judged.event is not AccountEvent.SIGNED_IN or who is None:
        return judged.event, who
    if not who.is_active:
        return AccountEvent.INACTIVE, who
    is_same = _hash_of(connection, name)[1] == judged.set_at
    return (judged.event if is_same else AccountEvent.WRONG_PASSWORD), who


def _hash_of(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """Return the hash of a password and when it was set; two empty texts if there is none."""
    row = connection.execute("SELECT hash, set_at FROM password WHERE name = ?", (name,)).fetchone()
    return row or ("", "")


def has_password(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a person has set a password."""
    return bool(_hash_of(connection, name)[0])


def session(store: DeskStore, token: str, now: datetime) -> Person | None:
    """Return whose session a browser's secret is, as they are now; none if it is nobody's. `now` is UTC."""
    return holder(store, Kind.SESSION, token, now)


def holder(store: DeskStore, kind: Kind, secret: str, now: datetime) -> Person | None:
    """Return the active person a good secret is of, and note its use."""
    found = credentials.held(store.connection, kind, secret, now)
    who = find_person(store.connection, found.name) if found else None
    if not found or not who or not who.is_active:
        return None
    credentials.note_use(store, kind, found, now)
    return who


def sign_out(connection: sqlite3.Connection, token: str, now: datetime) -> None:
    """End a session, inside a transaction of `writing`; one that is none is no matter."""
    found = credentials.held(connection, Kind.SESSION, token, now)
    if found:
        credentials.end(connection, found.token_sha256)
        record_event(connection, AccountEvent.SIGNED_OUT, found.name, now, author=found.name)


def sign_out_everywhere(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> None:
    """End all sessions of a person, inside a transaction of `writing`; `author` is they or an administrator.

    Raises:
        NoSuchPerson: nobody has this name.
    """
    credentials.end_all(connection, person(connection, name).name, [Kind.SESSION])
    record_event(connection, AccountEvent.SIGNED_OUT_EVERYWHERE, name, now, author=author)


def invite(
    connection: sqlite3.Connection, name: str, *, author: str, now: datetime, lasts: timedelta | None = None
) -> str:
    """Return the secret of a link with which a person sets a password, once; inside a transaction of `writing`.

    A link that was issued before is good no longer. `now` is UTC; the link lasts seven days unless told otherwise.

    Raises:
        NoSuchPerson: nobody has this name.
        PersonInactive: the person may not sign in.
    """
    if not person(connection, name).is_active:
        raise PersonInactive(name)
    credentials.end_all(connection, name, [Kind.LINK])
    record_event(connection, AccountEvent.LINK_ISSUED, name, now, author=author)
    return credentials.issue(connection, Kind.LINK, name, now, author=author, lasts=lasts)


def invite_first_admin(connection: sqlite3.Connection, name: str, now: datetime) -> str | None:
    """Return the secret of the link for the first administrator, inside a transaction of `writing`.

    None once an active administrator has a password. Until then each start makes a new link, good for a day: for an
    administrator that is there, or for one of this name, who is added.

    Raises:
        NameTaken: the name is that of somebody else.
    """
    admins = list(with_role(connection, Role.ADMIN))
    if any(has_password(connection, admin.name) for admin in admins):
        return None
    admin = admins[0] if admins else add_person(connection, name, roles=[Role.ADMIN], author=CONSOLE, now=now)
    return invite(connection, admin.name, author=CONSOLE, now=now, lasts=FIRST_LINK_LASTS)


def welcome_path(secret: str) -> str:
    """Return the address of a one-time link, below that of the server."""
    return f"{WELCOME_PATH}?token={secret}"


def invited(connection: sqlite3.Connection, secret: str, now: datetime) -> Person:
    """Return whom a link was issued to; it stays good. `now` is UTC.

    Raises:
        LinkExpired: it is not good, or no longer.
    """
    found = credentials.held(connection, Kind.LINK, secret, now)
    if not found:
        raise LinkExpired
    return person(connection, found.name)


def set_password(
    store: DeskStore, secret: str, password: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> Person:
    """Set the password of whom a link was issued to; the link is used up. `now` is UTC.

    Raises:
        LinkExpired: the link is not good, or no longer.
        PasswordUnfit: the password is not taken; the link stays good.
    """
    who = invited(store.connection, secret, now)
    hashed = hasher.hash(fit_password(password, who.name, who.shown_name))
    with store.writing() as connection:
        invited(connection, secret, now)  # two at once: the second finds it used
        _replace_password(connection, who.name, hashed, client, now)
    return who


def change_password(
    store: DeskStore, name: str, old: str, new: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> SignedIn:
    """Replace a password by somebody who knows it, and return a new session; `now` is UTC. The old one is a sign-in.

    Raises:
        SignInRefused, SignInThrottled: the old password is not right, or too many were not.
        PasswordUnfit: the new password is not taken; the old one stays.
    """
    who = person(store.connection, name)
    fit = fit_password(new, who.name, who.shown_name)
    known = sign_in(store, name, old, client, now, hasher=hasher)
    hashed = hasher.hash(fit)
    with store.writing() as connection:
        if not credentials.held(connection, Kind.SESSION, known.token, now):
            raise SignInRefused  # meanwhile somebody else set one, or the person became inactive
        _replace_password(connection, name, hashed, client, now)
        return SignedIn(known.person, credentials.issue(connection, Kind.SESSION, name, now, author=name))


def _replace_password(connection: sqlite3.Connection, name: str, hashed: str, client: Client, now: datetime) -> None:
    connection.execute("INSERT OR REPLACE INTO password VALUES (?, ?, ?)", (name, hashed, utc_text(now)))
    credentials.end_all(connection, name)
    throttling.forget_name(connection, name)
    record_event(connection, AccountEvent.PASSWORD_SET, name, now, author=name, client=client)
