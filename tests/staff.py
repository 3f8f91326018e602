"""Two people of a made-up newsroom, passwords that are hashed quickly, and ways to sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher, profiles

from claimledger.accounts import access, people
from claimledger.accounts.account_events import Client
from claimledger.accounts.access import NewSession
from claimledger.newsroom.store import DeskStore

NOW = datetime(2031, 5, 2, 9, 0, tzinfo=UTC)
HERE = Client("203.0.113.7", "Browser/1.0")
CHEAP = PasswordHasher.from_parameters(profiles.CHEAPEST)
PASSWORD = "느린 여우 열두 마리의 산책"
OTHER_PASSWORD = "eleven patient otters"


def opened(root: Path) -> DeskStore:
    """Open a desk without a log, which need not survive a power cut."""
    store = DeskStore(root / "desk.db", root / "log")
    store.connection.execute("PRAGMA synchronous = OFF")
    return store


def later(**span: float) -> datetime:
    """Return a time after `NOW`."""
    return NOW + timedelta(**span)


def add(store: DeskStore, name: str = "sora", *roles: str, now: datetime = NOW) -> None:
    """Add a person, by default an editor."""
    with store.writing() as connection:
        people.insert_person(connection, name, roles=roles or ("editor",), author="admin-console", now=now)


def invite(store: DeskStore, name: str = "sora", now: datetime = NOW) -> str:
    """Return the secret of a new link."""
    with store.writing() as connection:
        return access.issue_password_link(connection, name, author="admin-console", now=now)


def choose(store: DeskStore, secret: str, password: str = PASSWORD, now: datetime = NOW) -> None:
    """Set a password by a link."""
    access.set_password_by_link(store, secret, password, HERE, now, hasher=CHEAP)


def enrol(store: DeskStore, name: str = "sora", *roles: str, now: datetime = NOW) -> None:
    """Add a person, and set the password."""
    add(store, name, *roles, now=now)
    choose(store, invite(store, name, now), now=now)


def sign_in(
    store: DeskStore, name: str = "sora", password: str = PASSWORD, now: datetime = NOW, client: Client = HERE
) -> NewSession:
    """Sign in with cheap hashes."""
    return access.start_session(store, name, password, client, now, hasher=CHEAP)
