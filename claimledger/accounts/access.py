"""Sign-in and sign-out: one-time links, passwords, sessions and holders of secrets.

A password is stored only as its hash, and only a link or the old password replaces it. A new password ends all earlier
credentials of a person, as deactivation does. An inactive person has no access. Hashing takes long and happens outside
transactions. Functions that take a store open a transaction themselves.
"""

from __future__ import annotations

import math
import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from argon2 import PasswordHasher

from claimledger.accounts.credential_rules import (
    CONSOLE_AUTHOR, FIRST_LINK_LASTS, HASHER, WELCOME_PATH, LinkExpired, PersonInactive, SignInRefused, SignInThrottled,
    normalize_new_password, rehash_if_outdated, matches_password, normalize_name, prepare_dummy_hash,
)  # fmt: skip
from claimledger.accounts import credentials, throttling
from claimledger.accounts.account_events import Client, record_event
from claimledger.accounts.credentials import CredentialKind
from claimledger.accounts.people import Person, insert_person, find_person, get_person, people_with_role
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.desk_vocabulary import AccountEvent, Role


class NewSession(NamedTuple):
    """A new session of a person."""

    person: Person
    """The person who signed in."""
    token: str
    """The secret of the session, for a cookie."""


def start_session(
    store: DeskStore, typed_name: str, password: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> NewSession:
    """Start a session for a name and its password; `now` is UTC. Each outcome is recorded.

    Raises:
        SignInRefused: The name and the password do not match, or the person is inactive.
        SignInThrottled: There were too many failures for the name or the address; the password was not checked.
    """
    name = normalize_name(typed_name)
    let_through = _count_attempt(store, name, client, now)
    judged = _check_password(store.connection, name, password, hasher)
    fresh = rehash_if_outdated(judged.hashed, password, hasher) if judged.event is AccountEvent.SIGNED_IN else None
    with store.writing() as connection:
        event, who = _final_outcome(connection, name, judged)
        if who and event is AccountEvent.SIGNED_IN:
            throttling.uncount_attempt(connection, let_through, now)
            if fresh:
                connection.execute("UPDATE password SET hash = ? WHERE name = ?", (fresh, name))
            record_event(connection, event, name, now, author=name, client=client)
            return NewSession(
                who, credentials.issue_credential(connection, CredentialKind.SESSION, name, now, author=name)
            )
        record_event(connection, event, name, now, client=client)
    raise SignInRefused


def _count_attempt(store: DeskStore, name: str, client: Client, now: datetime) -> throttling.SignInAttempt:
    """Count an attempt.

    Raises:
        SignInThrottled: The attempt is too early. This is recorded once for each wait.
    """
    with store.writing() as connection:
        attempt = throttling.count_attempt(connection, name, client.address, now)
        if attempt.wait and not attempt.is_recorded:
            record_event(connection, AccountEvent.THROTTLED, name, now, client=client)
    if attempt.wait:
        raise SignInThrottled(math.ceil(attempt.wait.total_seconds()))
    return attempt


class _PasswordCheck(NamedTuple):
    """The result of checking a password."""

    event: AccountEvent
    """The event to record."""
    hashed: str
    """The hash that the password was checked against."""
    set_at: str
    """The UTC time when that password was set."""


def _check_password(connection: sqlite3.Connection, name: str, password: str, hasher: PasswordHasher) -> _PasswordCheck:
    """Check a name and a password; the work is the same for every outcome."""
    prepare_dummy_hash(hasher)
    hashed, set_at = _password_hash(connection, name)
    is_right = matches_password(hashed, password, hasher)
    reasons = (
        (find_person(connection, name) is None, AccountEvent.UNKNOWN_NAME),
        (not hashed, AccountEvent.NO_PASSWORD),
        (not is_right, AccountEvent.WRONG_PASSWORD),
    )
    event = next((event for is_so, event in reasons if is_so), AccountEvent.SIGNED_IN)
    return _PasswordCheck(event, hashed, set_at)


def _final_outcome(
    connection: sqlite3.Connection, name: str, judged: _PasswordCheck
) -> tuple[AccountEvent, Person | None]:
    """Return the final event and the person, who may be inactive or may have changed the password since the check."""
    who = find_person(connection, name)
    if judged.event is not AccountEvent.SIGNED_IN or who is None:
        return judged.event, who
    if not who.is_active:
        return AccountEvent.INACTIVE, who
    is_same = _password_hash(connection, name)[1] == judged.set_at
    return (judged.event if is_same else AccountEvent.WRONG_PASSWORD), who


def _password_hash(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """Return the hash of a password and the time it was set, or two empty texts."""
    row = connection.execute("SELECT hash, set_at FROM password WHERE name = ?", (name,)).fetchone()
    return row or ("", "")


def has_password(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether a person has set a password."""
    return bool(_password_hash(connection, name)[0])


def session_holder(store: DeskStore, token: str, now: datetime) -> Person | None:
    """Return the current version of a session's person, or None if the session is not valid; `now` is UTC."""
    return credential_holder(store, CredentialKind.SESSION, token, now)


def credential_holder(store: DeskStore, kind: CredentialKind, secret: str, now: datetime) -> Person | None:
    """Return the active person of a valid secret and record its use, or return None."""
    found = credentials.find_credential(store.connection, kind, secret, now)
    who = find_person(store.connection, found.name) if found else None
    if not found or not who or not who.is_active:
        return None
    credentials.record_credential_use(store, kind, found, now)
    return who


def end_session(connection: sqlite3.Connection, token: str, now: datetime) -> None:
    """End a session inside a `writing` transaction; an unknown session is ignored."""
    found = credentials.find_credential(connection, CredentialKind.SESSION, token, now)
    if found:
        credentials.end_credential(connection, found.token_sha256)
        record_event(connection, AccountEvent.SIGNED_OUT, found.name, now, author=found.name)


def end_all_sessions(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> None:
    """End all sessions of a person inside a `writing` transaction; `author` is that person or an administrator.

    Raises:
        NoSuchPerson: No one has this name.
    """
    credentials.end_credentials(connection, get_person(connection, name).name, [CredentialKind.SESSION])
    record_event(connection, AccountEvent.SIGNED_OUT_EVERYWHERE, name, now, author=author)


def issue_password_link(
    connection: sqlite3.Connection, name: str, *, author: str, now: datetime, lasts: timedelta | None = None
) -> str:
    """Return the secret of a one-time link to set a password, inside a `writing` transaction; `now` is UTC.

    Earlier links of the person become invalid. The link is valid for seven days, or for `lasts`.

    Raises:
        NoSuchPerson: No one has this name.
        PersonInactive: The person may not sign in.
    """
    if not get_person(connection, name).is_active:
        raise PersonInactive(name)
    credentials.end_credentials(connection, name, [CredentialKind.LINK])
    record_event(connection, AccountEvent.LINK_ISSUED, name, now, author=author)
    return credentials.issue_credential(connection, CredentialKind.LINK, name, now, author=author, lasts=lasts)


def issue_first_admin_link(connection: sqlite3.Connection, name: str, now: datetime) -> str | None:
    """Return the secret of the first administrator's link, inside a `writing` transaction, or None.

    It is None once an active administrator has a password. Until then, each call makes a new link, valid for one day.
    The link is for the first existing administrator, or for a new one with this name.

    Raises:
        NameTaken: Another person has the name.
    """
    admins = list(people_with_role(connection, Role.ADMIN))
    if any(has_password(connection, admin.name) for admin in admins):
        return None
    admin = admins[0] if admins else insert_person(connection, name, roles=[Role.ADMIN], author=CONSOLE_AUTHOR, now=now)
    return issue_password_link(connection, admin.name, author=CONSOLE_AUTHOR, now=now, lasts=FIRST_LINK_LASTS)


def welcome_path(secret: str) -> str:
    """Return the path of a one-time link on the server."""
    return f"{WELCOME_PATH}?token={secret}"


def link_holder(connection: sqlite3.Connection, secret: str, now: datetime) -> Person:
    """Return the person that a link was issued to; the link stays valid. `now` is UTC.

    Raises:
        LinkExpired: The link is not valid.
    """
    found = credentials.find_credential(connection, CredentialKind.LINK, secret, now)
    if not found:
        raise LinkExpired
    return get_person(connection, found.name)


def set_password_by_link(
    store: DeskStore, secret: str, password: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> Person:
    """Set the password of the person that a link was issued to, and end the link; `now` is UTC.

    Raises:
        LinkExpired: The link is not valid.
        PasswordUnfit: The password is rejected; the link stays valid.
    """
    who = link_holder(store.connection, secret, now)
    hashed = hasher.hash(normalize_new_password(password, who.name, who.shown_name))
    with store.writing() as connection:
        link_holder(connection, secret, now)  # of two concurrent requests, the second finds the link used
        _replace_password(connection, who.name, hashed, client, now)
    return who


def change_password(
    store: DeskStore, name: str, old: str, new: str, client: Client, now: datetime, *, hasher: PasswordHasher = HASHER
) -> NewSession:
    """Replace a person's password and return a new session; `now` is UTC. The check of the old password is a sign-in.

    Raises:
        SignInRefused, SignInThrottled: The old password is wrong, or there were too many failures.
        PasswordUnfit: The new password is rejected; the old one stays valid.
    """
    who = get_person(store.connection, name)
    fit = normalize_new_password(new, who.name, who.shown_name)
    known = start_session(store, name, old, client, now, hasher=hasher)
    hashed = hasher.hash(fit)
    with store.writing() as connection:
        if not credentials.find_credential(connection, CredentialKind.SESSION, known.token, now):
            raise SignInRefused  # someone else set a new password, or the person was deactivated
        _replace_password(connection, name, hashed, client, now)
        return NewSession(
            known.person, credentials.issue_credential(connection, CredentialKind.SESSION, name, now, author=name)
        )


def _replace_password(connection: sqlite3.Connection, name: str, hashed: str, client: Client, now: datetime) -> None:
    connection.execute("INSERT OR REPLACE INTO password VALUES (?, ?, ?)", (name, hashed, utc_text(now)))
    credentials.end_credentials(connection, name)
    throttling.forget_failures(connection, name)
    record_event(connection, AccountEvent.PASSWORD_SET, name, now, author=name, client=client)
