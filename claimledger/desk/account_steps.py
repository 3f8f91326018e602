"""The steps of accounts: people are added, changed and let in; links, passwords, sessions and tokens come and end.

In: the ledger's files, what was typed, and who does it. Out: the person, a secret that is shown once, or a refusal of
`accounts`. The invariant: browser and command line change accounts here alone, each step in one transaction, and who
changes somebody's, or reads who there is, is asked of the workflow table first (`ProblemsFound`); who signs in is
nobody yet. What the steps mean stands in `ledger.people`, `ledger.signing_in` and `ledger.cli_tokens`, where their
refusals are told.
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
    """Return whether nobody was added to this desk yet."""
    with open_store(places) as store:
        return not people.people(store.connection)


def everybody(places: Places, reader: Staff) -> list[Person]:
    """Return everybody as they are now, inactive people too, by name."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return people.people(store.connection)


def with_password(places: Places, reader: Staff) -> frozenset[str]:
    """Return the names of those who have set a password."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        known = people.people(store.connection)
        return frozenset(one.name for one in known if access.has_password(store.connection, one.name))


def checkers(places: Places) -> list[Person]:
    """Return those to whom a check can be assigned, by name."""
    with open_store(places) as store:
        return list(people.with_role(store.connection, Role.CHECKER))


def named(places: Places, name: str) -> Person | None:
    """Return the active person of a name; none if there is none."""
    with open_store(places) as store:
        found = people.find_person(store.connection, name)
    return found if found and found.is_active else None


def add_person(
    places: Places, name: str, *, roles: Sequence[str], actor: Staff, shown_name: str | None = None,
    language: str = "en", clock: Clock = utc_now,
) -> Person:  # fmt: skip
    """Add somebody, who has no password yet: `ledger.people.add_person`."""
    _demand(Action.ADD_PERSON, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.add_person(
            connection, name, roles=roles, author=actor.name, now=clock(), shown_name=shown_name, language=language
        )


def change_roles(
    places: Places, name: str, *, roles: Sequence[str], actor: Staff, clock: Clock = utc_now
) -> Person:  # fmt: skip
    """Give somebody these roles, and take away the others: `ledger.people.change_person`."""
    _demand(Action.CHANGE_ROLES, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), roles=roles)


def change_language(places: Places, name: str, *, language: str, actor: Staff, clock: Clock = utc_now) -> Person:
    """Let the desk speak another language to somebody: `ledger.people.change_person`."""
    _demand(Action.CHANGE_LANGUAGE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), language=language)


def deactivate(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> Person:
    """Let somebody in no longer: `ledger.people.deactivate`."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.deactivate(connection, name, author=actor.name, now=clock())


def reactivate(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> Person:
    """Let somebody in again: `ledger.people.reactivate`; whoever may let somebody in no longer may."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return people.reactivate(connection, name, author=actor.name, now=clock())


def invite(places: Places, name: str, *, actor: Staff, clock: Clock = utc_now) -> str:
    """Return the end of the address of a new link with which somebody sets a password: `ledger.signing_in.invite`."""
    _demand(Action.INVITE, actor, name)
    with open_store(places) as store, store.writing() as connection:
        secret = access.invite(connection, name, author=actor.name, now=clock())
    return access.welcome_path(secret)


def invited(places: Places, secret: str, clock: Clock = utc_now) -> Person:
    """Return whom a link was issued to: `ledger.signing_in.invited`."""
    with open_store(places) as store:
        return access.invited(store.connection, secret, clock())


def set_password(places: Places, secret: str, password: str, client: Client, clock: Clock = utc_now) -> Person:
    """Set the password that a link allows: `ledger.signing_in.set_password`."""
    with open_store(places) as store:
        return access.set_password(store, secret, password, client, clock())


def sign_in(places: Places, name: str, password: str, client: Client, clock: Clock = utc_now) -> SignedIn:
    """Start a session: `ledger.signing_in.sign_in`."""
    with open_store(places) as store:
        return access.sign_in(store, name, password, client, clock())


def session(places: Places, token: str, clock: Clock = utc_now) -> Person | None:
    """Return whose session a browser's secret is; none if it is nobody's."""
    with open_store(places) as store:
        return access.session(store, token, clock())


def sign_out(places: Places, token: str, clock: Clock = utc_now) -> None:
    """End a session; one that is none is no matter."""
    with open_store(places) as store, store.writing() as connection:
        access.sign_out(connection, token, clock())


def issue_token(places: Places, name: str, label: str, *, actor: Staff, clock: Clock = utc_now) -> str:
    """Return a new token of somebody, which nobody can show again: `ledger.cli_tokens.issue_token`."""
    _demand(Action.ISSUE_TOKEN, actor, name)
    with open_store(places) as store, store.writing() as connection:
        return cli_tokens.issue_token(connection, name, label, author=actor.name, now=clock())


def tokens_of(places: Places, name: str, reader: Staff, clock: Clock = utc_now) -> list[Held]:
    """Return somebody's tokens: `ledger.cli_tokens.tokens_of`."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return cli_tokens.tokens_of(store.connection, name, clock())


def revoke_token(places: Places, name: str, label: str, *, actor: Staff, clock: Clock = utc_now) -> None:
    """End a token of somebody: `ledger.cli_tokens.revoke_token`."""
    _demand(Action.REVOKE_TOKEN, actor, name)
    with open_store(places) as store, store.writing() as connection:
        cli_tokens.revoke_token(connection, name, label, author=actor.name, now=clock())


def token_holder(places: Places, token: str, clock: Clock = utc_now) -> Person | None:
    """Return whose token it is; none if it is nobody's."""
    with open_store(places) as store:
        return cli_tokens.token_holder(store, token, clock())


def events(places: Places, reader: Staff, most: int = 200) -> list[Event]:
    """Return the newest things that happened to people's access, the newest first."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_store(places) as store:
        return account_events.events(store.connection, most=most)
