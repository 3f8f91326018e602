"""The account steps: add and change users, sign them in, and manage their links, passwords, sessions and tokens.

The browser and the command line change accounts only through these functions. Each step is one transaction. The
workflow table decides first who may read or change an account (`ProblemsFound`); signing in needs no permission. The
modules `accounts.people`, `accounts.access` and `accounts.cli_tokens` define the rules and the refusals.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimledger.desk.step_setup import Clock, demand_allowed, open_for_accounts, utc_now
from claimledger.accounts import access, account_events, cli_tokens, credentials, email_addresses, people
from claimledger.accounts.account_events import Client, Event
from claimledger.accounts.email_addresses import SharedAddress
from claimledger.accounts.credentials import CredentialKind, StoredCredential
from claimledger.ledger.files import LedgerPaths
from claimledger.accounts.people import Person
from claimledger.accounts.access import NewSession
from claimledger.workflow import Case, StaffMember
from claimledger.desk_vocabulary import AccountEvent, Action, Role

__all__ = [
    "Client",
    "Event",
    "NewSession",
    "Person",
    "SharedAddress",
    "StoredCredential",
    "add_user",
    "change_user_address",
    "change_user_language",
    "change_user_roles",
    "deactivate_user",
    "find_accounts_of_one",
    "find_active_user",
    "find_invited_user",
    "find_session_user",
    "find_token_user",
    "has_no_users",
    "invite_user",
    "issue_user_token",
    "list_checkers",
    "list_user_addresses",
    "list_user_tokens",
    "list_users",
    "read_account_events",
    "revoke_user_token",
    "set_user_password",
    "sign_in_user",
    "sign_out_user",
    "users_with_password",
]  # fmt: skip


def _demand(action: Action, actor: StaffMember, name: str) -> None:
    demand_allowed(action, actor, Case(account_owner=name))


def has_no_users(places: LedgerPaths) -> bool:
    """Return whether this desk has no users yet."""
    with open_for_accounts(places) as store:
        return not people.all_people(store.connection)


def list_users(places: LedgerPaths, reader: StaffMember) -> list[Person]:
    """Return all users, inactive ones included, sorted by name."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return people.all_people(store.connection)


def users_with_password(places: LedgerPaths, reader: StaffMember) -> frozenset[str]:
    """Return the names of the users who have set a password."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        known = people.all_people(store.connection)
        return frozenset(one.name for one in known if access.has_password(store.connection, one.name))


def list_checkers(places: LedgerPaths) -> list[Person]:
    """Return the users to whom a check can be assigned, sorted by name."""
    with open_for_accounts(places) as store:
        return list(people.people_with_role(store.connection, Role.CHECKER))


def find_active_user(places: LedgerPaths, name: str) -> Person | None:
    """Return the active user with a name, or None."""
    with open_for_accounts(places) as store:
        found = people.find_person(store.connection, name)
    return found if found and found.is_active else None


def add_user(
    places: LedgerPaths, name: str, *, roles: Sequence[str], actor: StaffMember, shown_name: str | None = None,
    language: str = "en", address: str = "", clock: Clock = utc_now,
) -> Person:  # fmt: skip
    """Add a user, who has no password yet, with an e-mail address or none; see `accounts.people` for the rules."""
    _demand(Action.ADD_PERSON, actor, name)
    now = clock()
    with open_for_accounts(places) as store, store.writing() as connection:
        added = people.insert_person(
            connection, name, roles=roles, author=actor.name, now=now, shown_name=shown_name, language=language
        )
        email_addresses.change_address(connection, added.name, address, author=actor.name, now=now)
        return added


def change_user_address(
    places: LedgerPaths, name: str, *, address: str, actor: StaffMember, clock: Clock = utc_now
) -> None:
    """Replace the e-mail address of a user; an empty one removes it. See `accounts.email_addresses` for the rules."""
    _demand(Action.CHANGE_ADDRESS, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        email_addresses.change_address(connection, name, address, author=actor.name, now=clock())


def list_user_addresses(places: LedgerPaths, reader: StaffMember) -> dict[str, str]:
    """Return the e-mail address of each user who has one, by name."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return email_addresses.email_addresses(store.connection)


def find_accounts_of_one(places: LedgerPaths, reader: StaffMember) -> tuple[list[tuple[str, str]], list[SharedAddress]]:
    """Return the signs that one person has two accounts: pairs of users of one session, and shared addresses."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        connection = store.connection
        return account_events.second_accounts(connection), email_addresses.shared_addresses(connection)


def change_user_roles(
    places: LedgerPaths, name: str, *, roles: Sequence[str], actor: StaffMember, clock: Clock = utc_now
) -> Person:  # fmt: skip
    """Replace the roles of a user; see `accounts.people` for the rules."""
    _demand(Action.CHANGE_ROLES, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), roles=roles)


def change_user_language(
    places: LedgerPaths, name: str, *, language: str, actor: StaffMember, clock: Clock = utc_now
) -> Person:
    """Change the language in which the desk addresses a user; see `accounts.people` for the rules."""
    _demand(Action.CHANGE_LANGUAGE, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        return people.change_person(connection, name, author=actor.name, now=clock(), language=language)


def deactivate_user(places: LedgerPaths, name: str, *, actor: StaffMember, clock: Clock = utc_now) -> Person:
    """Deactivate a user, who can no longer sign in; see `accounts.people` for the rules."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        return people.deactivate_person(connection, name, author=actor.name, now=clock())


def reactivate_user(places: LedgerPaths, name: str, *, actor: StaffMember, clock: Clock = utc_now) -> Person:
    """Reactivate a user; the same people may do it who may deactivate one. See `accounts.people` for the rules."""
    _demand(Action.DEACTIVATE, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        return people.reactivate_person(connection, name, author=actor.name, now=clock())


def invite_user(places: LedgerPaths, name: str, *, actor: StaffMember, clock: Clock = utc_now) -> str:
    """Return the path of a new link with which a user sets a password; see `accounts.access` for the rules."""
    _demand(Action.INVITE, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        secret = access.issue_password_link(connection, name, author=actor.name, now=clock())
    return access.welcome_path(secret)


def find_invited_user(places: LedgerPaths, secret: str, clock: Clock = utc_now) -> Person:
    """Return the user a link was issued to; see `accounts.access` for the refusals."""
    with open_for_accounts(places) as store:
        return access.link_holder(store.connection, secret, clock())


def set_user_password(
    places: LedgerPaths, secret: str, password: str, client: Client, clock: Clock = utc_now
) -> Person:
    """Set a password with the secret of a link; see `accounts.access` for the refusals."""
    with open_for_accounts(places) as store:
        return access.set_password_by_link(store, secret, password, client, clock())


def sign_in_user(
    places: LedgerPaths, name: str, password: str, client: Client, clock: Clock = utc_now, *, session_before: str = ""
) -> NewSession:
    """Start a session; see `accounts.access` for the refusals.

    If `session_before`, the session that the browser had, is another user's, that is recorded: one person with two
    accounts could approve their own work.
    """
    with open_for_accounts(places) as store:
        before = access.session_holder(store, session_before, clock()) if session_before else None
        session = access.start_session(store, name, password, client, clock())
        who = session.person.name
        if before and before.name != who:
            with store.writing() as connection:
                account_events.record_event(
                    connection, AccountEvent.SECOND_ACCOUNT, who, clock(), author=before.name, client=client
                )
    return session


def find_session_user(places: LedgerPaths, token: str, clock: Clock = utc_now) -> Person | None:
    """Return the user of a browser session, or None if the session token is unknown or expired."""
    with open_for_accounts(places) as store:
        return access.session_holder(store, token, clock())


def sign_out_user(places: LedgerPaths, token: str, clock: Clock = utc_now) -> None:
    """End a session; an unknown session token has no effect."""
    with open_for_accounts(places) as store, store.writing() as connection:
        access.end_session(connection, token, clock())


def change_own_password(
    places: LedgerPaths, name: str, old: str, new: str, client: Client, clock: Clock = utc_now
) -> NewSession:
    """Replace a user's own password, end all sessions and return a new one; see `accounts.access` for the refusals."""
    with open_for_accounts(places) as store:
        return access.change_password(store, name, old, new, client, clock())


def end_own_sessions(places: LedgerPaths, name: str, clock: Clock = utc_now) -> None:
    """End all sessions of a user, also the one of this browser."""
    with open_for_accounts(places) as store, store.writing() as connection:
        access.end_all_sessions(connection, name, author=name, now=clock())


def list_own_sessions(places: LedgerPaths, name: str, clock: Clock = utc_now) -> list[StoredCredential]:
    """Return the valid browser sessions of a user, without their secrets."""
    with open_for_accounts(places) as store:
        return credentials.person_credentials(store.connection, CredentialKind.SESSION, name, clock())


def issue_user_token(places: LedgerPaths, name: str, label: str, *, actor: StaffMember, clock: Clock = utc_now) -> str:
    """Return a new command-line token of a user, which cannot be shown again; rules: `accounts.cli_tokens`."""
    _demand(Action.ISSUE_TOKEN, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        return cli_tokens.issue_cli_token(connection, name, label, author=actor.name, now=clock())


def list_user_tokens(
    places: LedgerPaths, name: str, reader: StaffMember, clock: Clock = utc_now
) -> list[StoredCredential]:
    """Return the command-line tokens of a user, without their secrets."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return cli_tokens.list_cli_tokens(store.connection, name, clock())


def revoke_user_token(
    places: LedgerPaths, name: str, label: str, *, actor: StaffMember, clock: Clock = utc_now
) -> None:
    """Revoke a command-line token of a user; see `accounts.cli_tokens` for the refusals."""
    _demand(Action.REVOKE_TOKEN, actor, name)
    with open_for_accounts(places) as store, store.writing() as connection:
        cli_tokens.revoke_cli_token(connection, name, label, author=actor.name, now=clock())


def find_token_user(places: LedgerPaths, token: str, clock: Clock = utc_now) -> Person | None:
    """Return the user of a command-line token, or None if the token is unknown or was revoked."""
    with open_for_accounts(places) as store:
        return cli_tokens.cli_token_holder(store, token, clock())


def read_account_events(places: LedgerPaths, reader: StaffMember, most: int = 200) -> list[Event]:
    """Return at most `most` account events, such as sign-ins and new tokens, the newest first."""
    demand_allowed(Action.READ_PEOPLE, reader, Case())
    with open_for_accounts(places) as store:
        return account_events.list_account_events(store.connection, most=most)
