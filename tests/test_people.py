"""The users of the desk are added once, changed with a history and never deleted. No role includes another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from staff import NOW, add, enrol, later, opened

from claimledger.accounts.credential_rules import NameTaken, NoSuchPerson, RoleNeeded
from claimledger.errors import ProblemsFound
from claimledger.accounts import people
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.desk_vocabulary import Role


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def change(store: DeskStore, name: str, **fields: object) -> people.Person:
    with store.writing() as connection:
        return people.change_person(connection, name, author="haru", now=later(hours=1), **fields)  # type: ignore[arg-type]


def test_person_is_stored_as_added(store: DeskStore) -> None:
    with store.writing() as connection:
        people.insert_person(
            connection, "kim.jh", roles=["admin", "checker", "admin"], author="admin-console", now=NOW,
            shown_name=" 김지현 ", language="ko",
        )  # fmt: skip
    person = people.get_person(store.connection, "kim.jh")
    assert (person.name, person.shown_name, person.language, person.is_active) == ("kim.jh", "김지현", "ko", True)
    assert person.roles == (Role.CHECKER, Role.ADMIN)


def test_shown_name_defaults_to_the_name(store: DeskStore) -> None:
    add(store, "sora")
    assert people.get_person(store.connection, "sora").shown_name == "sora"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "Sora"}, "wrong-form"),
        ({"name": "소라"}, "wrong-form"),
        ({"name": "a" * 41}, "wrong-form"),
        ({"name": "admin-console"}, "reserved-name"),
        ({"roles": []}, "too-few"),
        ({"roles": ["publisher"]}, "unknown-word"),
        ({"language": "fr"}, "wrong-value"),
        ({"shown_name": " "}, "empty-text"),
        ({"shown_name": "이" * 81}, "text-too-long"),
    ],
)
def test_malformed_person_is_refused(store: DeskStore, fields: dict[str, object], code: str) -> None:
    given: dict[str, object] = {"name": "sora", "roles": ["editor"], "author": "admin-console", "now": NOW, **fields}
    with pytest.raises(ProblemsFound) as refused, store.writing() as connection:
        people.insert_person(connection, **given)  # type: ignore[arg-type]
    assert [problem.code for problem in refused.value.problems] == [code]
    assert people.all_people(store.connection) == []


def test_name_of_an_inactive_person_is_not_reused(store: DeskStore) -> None:
    add(store, "sora")
    with pytest.raises(NameTaken):
        add(store, "sora")
    with store.writing() as connection:
        people.deactivate_person(connection, "sora", author="haru", now=NOW)
    with pytest.raises(NameTaken):
        add(store, "sora")


def test_unknown_name_is_refused_with_similar_names(store: DeskStore) -> None:
    add(store, "sora")
    with pytest.raises(NoSuchPerson, match="Did you mean 'sora'"):
        change(store, "soar", roles=["checker"])
    assert people.find_person(store.connection, "soar") is None


def test_each_version_keeps_its_author_and_time(store: DeskStore) -> None:
    add(store, "sora", "checker")
    change(store, "sora", roles=["editor"], language="ko")
    with store.writing() as connection:
        people.deactivate_person(connection, "sora", author="mina", now=later(hours=2))
        people.reactivate_person(connection, "sora", author="mina", now=later(hours=3))
    history = people.person_versions(store.connection, "sora")
    assert [(version.person.roles, version.person.is_active, version.author) for version in history] == [
        ((Role.CHECKER,), True, "admin-console"),
        ((Role.EDITOR,), True, "haru"),
        ((Role.EDITOR,), False, "mina"),
        ((Role.EDITOR,), True, "mina"),
    ]
    assert history[1].recorded_at == utc_text(later(hours=1))
    assert people.get_person(store.connection, "sora") == history[-1].person


def test_empty_change_adds_no_version(store: DeskStore) -> None:
    add(store, "sora")
    change(store, "sora", roles=["editor", "editor"])
    assert len(people.person_versions(store.connection, "sora")) == 1


def test_people_are_listed_in_their_current_version(store: DeskStore) -> None:
    add(store, "sora")
    add(store, "haru", "checker")
    change(store, "sora", shown_name="오소라")
    assert [(one.name, one.shown_name) for one in people.all_people(store.connection)] == [
        ("haru", "haru"), ("sora", "오소라"),
    ]  # fmt: skip


def test_no_role_includes_another(store: DeskStore) -> None:
    for role in Role:
        add(store, role.value, role.value)
        person = people.get_person(store.connection, role.value)
        person.require_role(role, "do it")
        for other in set(Role) - {role}:
            with pytest.raises(RoleNeeded, match=f"needs the role '{other}'") as refused:
                person.require_role(other, "publish")
            assert (refused.value.role, refused.value.action) == (other, "publish")


@pytest.mark.parametrize("table", ["person_version", "account_event"])
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM {table}",
        "UPDATE {table} SET author = 'mallory'",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ],
)
def test_account_history_tables_are_append_only(store: DeskStore, table: str, attack: str) -> None:
    enrol(store)
    before = store.connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    assert before
    with pytest.raises(sqlite3.IntegrityError, match=f"{table}: append-only"), store.writing() as connection:
        connection.execute(attack.format(table=table))
    assert store.connection.execute(f"SELECT * FROM {table}").fetchall() == before  # noqa: S608


def test_last_administrator_stays_one(store: DeskStore) -> None:
    add(store, "root", "admin", "editor")
    add(store, "gone", "admin")
    with store.writing() as connection:
        people.deactivate_person(connection, "gone", author="root", now=NOW)
    with pytest.raises(people.LastAdministrator, match=r"'root' is the only active administrator.*Make another person"):
        change(store, "root", roles=["editor"])
    with pytest.raises(people.LastAdministrator), store.writing() as connection:
        people.deactivate_person(connection, "root", author="root", now=NOW)
    assert people.get_person(store.connection, "root").roles == (Role.EDITOR, Role.ADMIN)
    add(store, "mina", "admin")
    assert change(store, "root", roles=["editor"]).roles == (Role.EDITOR,)


def test_console_may_end_the_last_administrator(store: DeskStore) -> None:
    add(store, "root", "admin")
    with store.writing() as connection:
        assert not people.deactivate_person(connection, "root", author="admin-console", now=NOW).is_active
