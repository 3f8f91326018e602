"""The account steps: add and change users, sign them in, and manage their links, passwords, sessions and tokens.

The browser and the command line change accounts only through these functions. Each step is one transaction. The
workflow table decides first who may read or change an account (`ProblemsFound`); signing in needs no permission. The
modules `ledger.people`, `ledger.signing_in` and `ledger.cli_tokens` define the rules and the refusals.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.accounts import access, account_events, cli_tokens, people
from claimledger.accounts.account_events import Client, Event
from claimledger.accounts.credentials import Held
from claimledger.ledger.files import Places
from claimledger.accounts.people import Person
from claimledger.accounts.access import SignedIn
from claimledger.workflow import Case, Staff
from claimledger.vocabulary import Action, Role

__all__ = [
    "Client", "Event", "Held", "Person", "SignedIn", "add_person", "change_language", "change_roles", "checkers",
    "deactivate", "events", "everybody", "invite", "invited", "is_nobody_there", "issue_token", "named", "revoke_token",
    "session", "set_password", "sign_in", "sign_out", "token_holder", "tokens_of", "with_password",
]  # fmt: skip


def _demand(action: Action, actor: Staff, name: str) -> None:
    demand_allowed(action, actor, Case(account=name))


def is_nobody_there(places: Places) -> bool:
    """Return whether this desk has no users yet."""
    with open_store(places) as store:
        return not people.people(store.connection)


def everybody(places: Places, reader: Staff) -> list[Person]:
    """Return all users, inactive ones included, sorted by name."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return people.people(store.connection)


def with_password(places: Places, reader: Staff) -> frozenset[str]:
    """Return the names of the users who have set a password."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        known = people.people(store.connection)
        return frozenset(one.name for one in known if access.has_password(store.connection, one.name))


def checkers(places: Places) -> list[Person]:
    """Return the users to whom a check can be assigned, sorted by name."""
    with open_store(places) as store:
        return list(people.with_role(store.connection, Role.CHECKER))


def named(places: Places, name: str) -> Person | None:
    """Return the active user with a name, or None."""
    with open_store(places) as store:
        found = people.find_person(store.connection, name)
    return found if found and found.is_active else None


def add_person(
    places: Places, name: str, *, roles: Sequence[str], actor: Staff, shown_name: str | None = None,
    language: str = "en", clock: Clock = utc_now,
) -> Person:  # fmt: skip
    """Add a user, who has no password yet; see `ledger.people` for the rules."""
    _demand(Action.ADD_PERSON, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.add_person(
            connection, name, roles=roles, author=actor.name, now=clock(), shown_name=shown_name, language=language
        )


def change_roles(
    places: Places, name: str, *, roles: Sequence[str], actor: Staff, clock: Clock = utc_now
) -> Person:  # fmt: skip
    """Replace the roles of a user; see `ledger.people` for the rules."""
    _demand(Action.CHANGE_ROLES, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), roles=roles)


def change_language(places: Places, name: str, *, language: str, actor: Staff, clock: Clock = utc_now) -> Person:
    """Change the language in which the desk addresses a user; see `ledger.people` for the rules."""
    _demand(Action.CHANGE_LANGUAGE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), language=language)


def deactivate(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> Person:
    """Deactivate a user, who can no longer sign in; see `ledger.people` for the rules."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.deactivate(connection, name, author=actor.name, now=clock())


def reactivate(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> Person:
    """Reactivate a user; the same people may do it who may deactivate one. See `ledger.people` for the rules."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.reactivate(connection, name, author=actor.name, now=clock())


def invite(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> str:
    """Return the path of a new link with which a user sets a password; see `ledger.signing_in` for the rules."""
    _demand(Action.INVITE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        secret = access.invite(connection, name, author=actor.name, now=clock())
    return access.welcome_path(secret)


def invited(places: Places, secret: str, clock: Clock = utc_now) -> Person:
    """Return the user a link was issued to; see `ledger.signing_in` for the refusals."""
    with open_store(places) as store:
        return access.invited(store.connection, secret, clock())


def set_password(places: Places, secret: str, password: str, client: Client, clock: Clock = utc_now) -> Person:
    """Set a password with the secret of a link; see `ledger.signing_in` for the refusals."""
    with open_store(places) as store:
        return access.set_password(store, secret, password, client, clock())


def sign_in(places: Places, name: str, password: str, client: Client, clock: Clock = utc_now) -> SignedIn:
    """Start a session; see `ledger.signing_in` for the refusals."""
    with open_store(places) as store:
        return access.sign_in(store, name, password, client, clock())


def session(places: Places, token: str, clock: Clock = utc_now) -> Person | None:
    """Return the user of a browser session, or None if the session token is unknown or expired."""
    with open_store(places) as store:
        return access.session(store, token, clock())


def sign_out(places: Places, token: str, clock: Clock = utc_now) -> None:
    """End a session; an unknown session token has no effect."""
    with open_store(places) as store, store.writing() as connection:
        access.sign_out(connection, token, clock())


def issue_token(places: Places, name: str, label: str, *, actor: Staff, clock: Clock = utc_now) -> str:
    """Return a new command-line token of a user, which cannot be shown again; see `ledger.cli_tokens` for the rules."""
    _demand(Action.ISSUE_TOKEN, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return cli_tokens.issue_token(connection, name, label, author=actor.name, now=clock())


def tokens_of(places: Places, name: str, reader: Staff, clock: Clock = utc_now) -> list[Held]:
    """Return the command-line tokens of a user, without their secrets."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return cli_tokens.tokens_of(store.connection, name, clock())


def revoke_token(places: Places, name: str, label: str, *, actor: Staff, clock: Clock = utc_now) -> None:
    """Revoke a command-line token of a user; see `ledger.cli_tokens` for the refusals."""
    _demand(Action.REVOKE_TOKEN, actor, name)
    with open_store(places) as store, store.writing() as connection:
        cli_tokens.revoke_token(connection, name, label, author=actor.name, now=clock())


def token_holder(places: Places, token: str, clock: Clock = utc_now) -> Person | None:
    """Return the user of a command-line token, or None if the token is unknown or was revoked."""
    with open_store(places) as store:
        return cli_tokens.token_holder(store, token, clock())


def events(places: Places, reader: Staff, most: int = 200) -> list[Event]:
    """Return at most `most` account events, such as sign-ins and new tokens, the newest first."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return account_events.events(store.connection, most=most)
