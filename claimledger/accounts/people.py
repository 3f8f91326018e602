"""The people of the desk: name, roles, language, and every earlier state of each, with who changed it and when.

In: an open store and what somebody typed of a person. Out: the person as they are now, or were. The invariants: a
person is one append-only row for each version, since what a name in the log was allowed to do is evidence; nobody is
deleted, only made inactive, and a name is never given twice. Whoever becomes inactive loses every link, session and
token for good. It knows no password.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from pydantic import AfterValidator, Field, ValidationError

from claimledger.accounts.credential_rules import CONSOLE, NameTaken, NoSuchPerson, RoleNeeded
from claimledger.errors import ProblemsFound
from claimledger.accounts.credentials import end_all
from claimledger.newsroom.store import utc_text
from claimledger.ledger.validation import problems_in
from claimledger.ledger.yaml_source import Where
from claimledger.models.base import Record
from claimledger.scalars import Actor, Fault, Text, Unfit
from claimledger.vocabulary import Role


def _not_reserved(name: str) -> str:
    if name == CONSOLE:
        raise Unfit(Fault("reserved-name", f"'{name}' is kept for the command line.", "Choose another name."))
    return name


class Person(Record):
    """Somebody who works on the desk."""

    name: Annotated[Actor, AfterValidator(_not_reserved)]
    """What stands in the log for them; never changed."""
    shown_name: Annotated[Text, Field(max_length=80)]
    """What the desk shows for them."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    """What they may do, in the order of the vocabulary. No role holds another."""
    language: Literal["ko", "en"]
    """In which language the desk speaks to them."""
    is_active: bool = True
    """Whether they may sign in."""

    def demand(self, role: Role, action: str) -> None:
        """Let pass whoever has a role; `action` is a verb with what it acts on, such as "publish a claim".

        Raises:
            RoleNeeded: the person has it not.
        """
        if role not in self.roles:
            raise RoleNeeded(role, action)


class Version(NamedTuple):
    """A person as they were from a time on."""

    person: Person
    """The person."""
    author: str
    """Who made them so."""
    recorded_at: str
    """When, UTC."""


_COLUMNS = "name, shown_name, roles, language, is_active, author, recorded_at"


def find_person(connection: sqlite3.Connection, name: str) -> Person | None:
    """Return the person of a name as they are now, if there is one."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version WHERE name = ? ORDER BY version_id DESC LIMIT 1",  # noqa: S608
        (name,),
    ).fetchone()
    return _version(row).person if row else None


def person(connection: sqlite3.Connection, name: str) -> Person:
    """Return the person of a name as they are now.

    Raises:
        NoSuchPerson: nobody has this name.
    """
    found = find_person(connection, name)
    if not found:
        raise NoSuchPerson(name, difflib.get_close_matches(name, [one.name for one in people(connection)]))
    return found


def people(connection: sqlite3.Connection) -> list[Person]:
    """Return everybody as they are now, inactive people too, by name."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version "  # noqa: S608
        "WHERE version_id IN (SELECT max(version_id) FROM person_version GROUP BY name) ORDER BY name"
    )
    return [_version(row).person for row in rows]


def versions(connection: sqlite3.Connection, name: str) -> list[Version]:
    """Return what a person was and is, the oldest first.

    Raises:
        NoSuchPerson: nobody has this name.
    """
    person(connection, name)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM person_version WHERE name = ? ORDER BY version_id",  # noqa: S608
        (name,),
    )
    return [_version(row) for row in rows]


def _version(row: Sequence[Any]) -> Version:
    name, shown_name, roles, language, is_active, author, recorded_at = row
    held = tuple(Role(role) for role in msgspec.json.decode(roles))
    known = Person(name=name, shown_name=shown_name, roles=held, language=language, is_active=bool(is_active))
    return Version(known, author, recorded_at)


def add_person(
    connection: sqlite3.Connection, name: str, *, roles: Sequence[str], author: str, now: datetime,
    shown_name: str | None = None, language: str = "en",
) -> Person:  # fmt: skip
    """Add somebody inside a transaction of `writing`; they have no password yet. `now` is UTC.

    Raises:
        NameTaken: somebody has the name, or had it.
        ProblemsFound: a name, role or language is not fit; nothing was stored.
    """
    new = _checked({"name": name, "shown_name": shown_name or name, "roles": roles, "language": language})
    if find_person(connection, new.name):
        raise NameTaken(new.name)
    return _append(connection, new, author, now)


def change_person(
    connection: sqlite3.Connection, name: str, *, author: str, now: datetime, roles: Sequence[str] | None = None,
    shown_name: str | None = None, language: str | None = None,
) -> Person:  # fmt: skip
    """Change what is given of a person, inside a transaction of `writing`; `now` is UTC.

    Sessions and tokens go on with the new roles: they are looked up anew each time.

    Raises:
        NoSuchPerson: nobody has this name.
        ProblemsFound: a name, role or language is not fit; nothing was stored.
    """
    before = person(connection, name)
    given = {"roles": roles, "shown_name": shown_name, "language": language}
    changes = {field: value for field, value in given.items() if value is not None}
    return _append(connection, _checked({**before.model_dump(mode="json"), **changes}), author, now, before)


def deactivate(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> Person:
    """Let somebody in no longer, inside a transaction of `writing`: links, sessions and tokens end. `now` is UTC.

    Raises:
        NoSuchPerson: nobody has this name.
    """
    before = person(connection, name)
    end_all(connection, name)
    return _append(connection, before.model_copy(update={"is_active": False}), author, now, before)


def reactivate(connection: sqlite3.Connection, name: str, *, author: str, now: datetime) -> Person:
    """Let somebody in again, inside a transaction of `writing`, with the password they had. `now` is UTC.

    Raises:
        NoSuchPerson: nobody has this name.
    """
    before = person(connection, name)
    return _append(connection, before.model_copy(update={"is_active": True}), author, now, before)


def _checked(given: Mapping[str, Any]) -> Person:
    try:
        typed = Person.model_validate_json(msgspec.json.encode(given))
    except ValidationError as error:
        raise ProblemsFound(problems_in(error, Person, given, Where())) from error
    return typed.model_copy(update={"roles": tuple(role for role in Role if role in typed.roles)})


def _append(
    connection: sqlite3.Connection, new: Person, author: str, now: datetime, before: Person | None = None
) -> Person:
    """Add a version, unless it says nothing new."""
    if new != before:
        connection.execute(
            "INSERT INTO person_version "
            "SELECT coalesce(max(version_id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM person_version",
            (new.name, new.shown_name, msgspec.json.encode(new.roles).decode(), new.language, new.is_active, author,
             utc_text(now)),
        )  # fmt: skip
    return new


def with_role(connection: sqlite3.Connection, role: Role) -> Iterator[Person]:
    """Yield the active people who have a role, by name."""
    return (one for one in people(connection) if one.is_active and role in one.roles)
