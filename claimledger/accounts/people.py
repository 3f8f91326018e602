"""The people who work on the desk: name, roles, language, and every earlier version of each.

Each version of a person is one append-only row with its author and time, because it is evidence of what a name in the
log was allowed to do. People are never deleted, only deactivated, and a name is never reused. Deactivation ends all
links, sessions and tokens of a person permanently. This module knows no passwords.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from pydantic import AfterValidator, Field, ValidationError

from claimledger.accounts.credential_rules import CONSOLE_AUTHOR, NameTaken, NoSuchPerson, RoleNeeded
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.accounts.credentials import end_credentials
from claimledger.accounts.notice_choices import revoke_feed
from claimledger.newsroom import arrivals
from claimledger.newsroom.store import utc_text
from claimledger.ledger.validation import validation_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.messages import find_similar
from claimledger.models.base import Record
from claimledger.scalars import Actor, Text, InvalidValue
from claimledger.desk_vocabulary import Role


def _check_not_reserved(name: str) -> str:
    if name == CONSOLE_AUTHOR:
        raise InvalidValue(Problem("reserved-name/console", name=name))
    return name


class Person(Record):
    """A person who works on the desk."""

    name: Annotated[Actor, AfterValidator(_check_not_reserved)]
    """The name in the log; it never changes."""
    shown_name: Annotated[Text, Field(max_length=80)]
    """The name that the desk displays."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    """The roles, in the order of the vocabulary. No role includes another."""
    language: Literal["ko", "en"]
    """The language of the desk for this person."""
    is_active: bool = True
    """True if the person may sign in."""

    def require_role(self, role: Role, action: str) -> None:
        """Check that the person has a role; `action` is a verb with its object, such as "publish a claim".

        Raises:
            RoleNeeded: The person does not have the role.
        """
        if role not in self.roles:
            raise RoleNeeded(role, action)


class LastAdministrator(LedgerError):
    """Raised when no active administrator would be left; nothing was stored."""

    def __init__(self, name: str) -> None:
        """Name the administrator."""
        super().__init__(name=name)


class PersonVersion(NamedTuple):
    """A version of a person, valid from a time on."""

    person: Person
    """The person."""
    author: str
    """The name of the person who made the version."""
    recorded_at: str
    """The UTC time."""


_COLUMNS = "name, shown_name, roles, language, is_active, author, recorded_at"


def find_person(connection: sqlite3.Connection, name: str) -> Person | None:
    """Return the current version of a person, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version WHERE name = ? ORDER BY version_id DESC LIMIT 1",  # noqa: S608
        (name,),
    ).fetchone()
    return _version_from_row(row).person if row else None


def get_person(connection: sqlite3.Connection, name: str) -> Person:
    """Return the current version of a person.

    Raises:
        NoSuchPerson: No one has this name.
    """
    found = find_person(connection, name)
    if not found:
        raise NoSuchPerson(name, find_similar(name, [one.name for one in all_people(connection)]))
    return found


def all_people(connection: sqlite3.Connection) -> list[Person]:
    """Return the current version of every person, including inactive ones, by name."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version "  # noqa: S608
        "WHERE version_id IN (SELECT max(version_id) FROM person_version GROUP BY name) ORDER BY name"
    )
    return [_version_from_row(row).person for row in rows]


def person_versions(connection: sqlite3.Connection, name: str) -> list[PersonVersion]:
    """Return all versions of a person, the oldest first.

    Raises:
        NoSuchPerson: No one has this name.
    """
    get_person(connection, name)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version WHERE name = ? ORDER BY version_id",  # noqa: S608
        (name,),
    )
    return [_version_from_row(row) for row in rows]


def _version_from_row(row: Sequence[Any]) -> PersonVersion:
    name, shown_name, roles, language, is_active, author, recorded_at = row
    known_roles = tuple(Role(role) for role in msgspec.json.decode(roles))
    member = Person(name=name, shown_name=shown_name, roles=known_roles, language=language, is_active=bool(is_active))
    return PersonVersion(member, author, recorded_at)


def insert_person(
    connection: sqlite3.Connection, name: str, *, roles: Sequence[str], author: str, now: datetime,
    shown_name: str | None = None, language: str = "en",
) -> Person:  # fmt: skip
    """Add a person inside a `writing` transaction, without a password; `now` is UTC.

    Raises:
        NameTaken: A person has or had the name.
        ProblemsFound: A name, role or language is not valid; nothing was stored.
    """
    new = _validate({"name": name, "shown_name": shown_name or name, "roles": roles, "language": language})
    if find_person(connection, new.name):
        raise NameTaken(new.name)
    if not all_people(connection):
        arrivals.take_over_published_names(connection, now)
    return _append(connection, new, author, now)


def change_person(
    connection: sqlite3.Connection, name: str, *, author: str, now: datetime, roles: Sequence[str] | None = None,
    shown_name: str | None = None, language: str | None = None,
) -> Person:  # fmt: skip
    """Change the given values of a person inside a `writing` transaction; `now` is UTC.

    Sessions and tokens continue with the new roles, because roles are looked up each time.

    Raises:
        NoSuchPerson: No one has this name.
        ProblemsFound: A name, role or language is not valid; nothing was stored.
        LastAdministrator: The person is the only administrator and would not be one any longer.
    """
    before = get_person(connection, name)
    given = {"roles": roles, "shown_name": shown_name, "language": language}
    changes = {field: value for field, value in given.items() if value is not None}
    new = _validate({**before.model_dump(mode="json"), **changes})
    _keep_an_administrator(connection, before, new, author)
    return _append(connection, new, author, now, before)


def deactivate_person(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> Person:
    """Deactivate a person inside a `writing` transaction and end their links, sessions, tokens and feed; `now` is UTC.

    Raises:
        NoSuchPerson: No one has this name.
        LastAdministrator: The person is the only active administrator.
    """
    before = get_person(connection, name)
    new = before.model_copy(update={"is_active": False})
    _keep_an_administrator(connection, before, new, author)
    end_credentials(connection, name)
    revoke_feed(connection, name, now)
    return _append(connection, new, author, now, before)


def _keep_an_administrator(connection: sqlite3.Connection, before: Person, new: Person, author: str) -> None:
    """Check that the desk keeps an active administrator; the console, which can always add one, may end the last."""
    was, stays = (one.is_active and Role.ADMIN in one.roles for one in (before, new))
    if author == CONSOLE_AUTHOR or stays or not was:
        return
    if [one.name for one in people_with_role(connection, Role.ADMIN)] == [before.name]:
        raise LastAdministrator(before.name)


def reactivate_person(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> Person:
    """Reactivate a person inside a `writing` transaction, with their old password; `now` is UTC.

    Raises:
        NoSuchPerson: No one has this name.
    """
    before = get_person(connection, name)
    return _append(connection, before.model_copy(update={"is_active": True}), author, now, before)


def name_problems(name: str) -> tuple[Problem, ...]:
    """Return the problems of a name for a person; none if it can be one.

    >>> [problem.field for problem in name_problems("Kim Haru")]
    ['name']
    """
    try:
        _validate({"name": name, "shown_name": name, "roles": [Role.ADMIN], "language": "en"})
    except ProblemsFound as found:
        return found.problems
    return ()


def _validate(given: Mapping[str, Any]) -> Person:
    try:
        typed = Person.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, Person, given, SourceLocation())) from error
    return typed.model_copy(update={"roles": tuple(role for role in Role if role in typed.roles)})


def _append(
    connection: sqlite3.Connection, new: Person, author: str, now: datetime, before: Person | None = None
) -> Person:
    """Add a version, unless nothing changed."""
    if new != before:
        connection.execute(
            "INSERT INTO person_version "
            "SELECT coalesce(max(version_id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM person_version",
            (new.name, new.shown_name, msgspec.json.encode(new.roles).decode(), new.language, new.is_active, author,
             utc_text(now)),
        )  # fmt: skip
    return new


def people_with_role(connection: sqlite3.Connection, role: Role) -> Iterator[Person]:
    """Yield the active people who have a role, by name."""
    return (one for one in all_people(connection) if one.is_active and role in one.roles)
