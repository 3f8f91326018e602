"""Command-line tokens: each belongs to one person, has a label, and is valid until it is revoked.

A token grants exactly the current rights of its person. A new token is shown once, and only its SHA-256 is stored.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from claimledger.accounts.credential_rules import LabelTaken, NoSuchToken, PersonInactive, is_cli_token
from claimledger.errors import Problem, ProblemsFound
from claimledger.accounts import credentials
from claimledger.accounts.account_events import record_event
from claimledger.accounts.credentials import StoredCredential, CredentialKind
from claimledger.accounts.people import Person, get_person
from claimledger.accounts.access import credential_holder
from claimledger.newsroom.store import DeskStore
from claimledger.scalars import InvalidValue, checked_text
from claimledger.desk_vocabulary import AccountEvent

MAX_TOKEN_LABEL = 60
"""The largest number of characters of a label."""


def issue_cli_token(connection: sqlite3.Connection, name: str, label: str, *, author: str, now: datetime) -> str:
    """Return a new token of a person, inside a `writing` transaction; it cannot be shown again. `now` is UTC.

    Raises:
        NoSuchPerson, PersonInactive: There is no active person of this name.
        LabelTaken: The person has a token with this label.
        ProblemsFound: The label is empty or too long.
    """
    label = _check_label(label)
    if not get_person(connection, name).is_active:
        raise PersonInactive(name)
    if any(known.label == label for known in list_cli_tokens(connection, name, now)):
        raise LabelTaken(name, label)
    record_event(connection, AccountEvent.TOKEN_ISSUED, name, now, author=author)
    return credentials.issue_credential(connection, CredentialKind.CLI_TOKEN, name, now, author=author, label=label)


def _check_label(label: str) -> str:
    try:
        text = checked_text(label)
    except InvalidValue as unfit:
        raise ProblemsFound([fault.relocate(field="label") for fault in unfit.faults]) from unfit
    if len(text) > MAX_TOKEN_LABEL:
        raise ProblemsFound([Problem("text-too-long", field="label", count=len(text), limit=MAX_TOKEN_LABEL)])
    return text


def list_cli_tokens(connection: sqlite3.Connection, name: str, now: datetime) -> list[StoredCredential]:
    """Return the tokens of a person, the oldest first.

    Raises:
        NoSuchPerson: No one has this name.
    """
    return credentials.person_credentials(connection, CredentialKind.CLI_TOKEN, get_person(connection, name).name, now)


def revoke_cli_token(connection: sqlite3.Connection, name: str, label: str, *, author: str, now: datetime) -> None:
    """Revoke a token inside a `writing` transaction; `now` is UTC.

    Raises:
        NoSuchPerson, NoSuchToken: There is no token of this person and label.
    """
    found = [known for known in list_cli_tokens(connection, name, now) if known.label == label]
    if not found:
        raise NoSuchToken(name, label)
    credentials.end_credential(connection, found[0].token_sha256)
    record_event(connection, AccountEvent.TOKEN_REVOKED, name, now, author=author)


def cli_token_holder(store: DeskStore, token: str, now: datetime) -> Person | None:
    """Return the current version of a token's person, or None if the token is not valid; `now` is UTC."""
    return credential_holder(store, CredentialKind.CLI_TOKEN, token, now) if is_cli_token(token) else None
