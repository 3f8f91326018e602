"""Signing in: single-use links, passwords, waiting times, and the record of all account events."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher, profiles
from staff import CHEAP, HERE, NOW, OTHER_PASSWORD, PASSWORD, add, choose, enrol, invite, later, opened, sign_in

from claimledger.accounts.credential_rules import (
    FIRST_LINK_LASTS, LINK_LASTS, LinkExpired, NameTaken, NoSuchPerson, PasswordUnfit, PersonInactive, SignInRefused,
    SignInThrottled,
)  # fmt: skip
from claimledger.accounts import access, account_events, cli_tokens, people
from claimledger.accounts.account_events import Client
from claimledger.desk import account_steps
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore
from claimledger.desk_vocabulary import AccountEvent, Role

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def deactivate(store: DeskStore, name: str = "sora", author: str = "haru") -> None:
    with store.writing() as connection:
        people.deactivate_person(connection, name, author=author, now=NOW)


def trail(store: DeskStore) -> list[tuple[str, str, str | None]]:
    """Return the account events, oldest first."""
    return [
        (one.event.value, one.name, one.author)
        for one in reversed(account_events.list_account_events(store.connection))
    ]


# --- links ---


def test_a_link_sets_the_password_once(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    assert access.link_holder(store.connection, secret, NOW).name == "sora"
    assert not access.has_password(store.connection, "sora")
    choose(store, secret)
    assert sign_in(store).person.name == "sora"
    for again in (access.link_holder, lambda _, secret, now: choose(store, secret, OTHER_PASSWORD)):
        with pytest.raises(LinkExpired):
            again(store.connection, secret, NOW)


def test_link_works_until_it_expires(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    assert access.link_holder(store.connection, secret, NOW + LINK_LASTS - MOMENT)
    with pytest.raises(LinkExpired):
        choose(store, secret, now=NOW + LINK_LASTS)


def test_new_link_replaces_the_previous_one(store: DeskStore) -> None:
    add(store)
    old, new = invite(store), invite(store)
    with pytest.raises(LinkExpired):
        choose(store, old)
    choose(store, new)


def test_rejected_password_leaves_the_link_valid(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    for password in ("short", "sorasorasora"):
        with pytest.raises(PasswordUnfit):
            choose(store, secret, password)
    choose(store, secret)


def test_session_or_token_does_not_work_as_a_link(store: DeskStore) -> None:
    enrol(store)
    with store.writing() as connection:
        token = cli_tokens.issue_cli_token(connection, "sora", "laptop", author="sora", now=NOW)
    for secret in (sign_in(store).token, token, "", "\ud800"):
        with pytest.raises(LinkExpired):
            choose(store, secret)


def test_inactive_or_unknown_people_are_not_invited(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    deactivate(store)
    with pytest.raises(LinkExpired):
        choose(store, secret)
    with pytest.raises(PersonInactive):
        invite(store)
    with pytest.raises(NoSuchPerson):
        invite(store, "nobody")


def first_admin(store: DeskStore, name: str = "root") -> str | None:
    with store.writing() as connection:
        return access.issue_first_admin_link(connection, name, NOW)


def test_first_admin_link_is_issued_until_an_admin_has_a_password(store: DeskStore) -> None:
    add(store, "sora", "editor")
    lost, secret = first_admin(store), first_admin(store, "another")
    assert lost
    assert secret
    assert [one.name for one in people.people_with_role(store.connection, Role.ADMIN)] == ["root"]
    with pytest.raises(LinkExpired):
        choose(store, lost)
    with pytest.raises(LinkExpired):
        choose(store, secret, now=NOW + FIRST_LINK_LASTS)
    choose(store, secret, now=NOW + FIRST_LINK_LASTS - MOMENT)
    assert first_admin(store) is None
    deactivate(store, "root", "admin-console")
    assert first_admin(store, "second")


def test_first_administrator_needs_an_unused_name(store: DeskStore) -> None:
    add(store, "sora", "editor")
    with pytest.raises(NameTaken):
        first_admin(store, "sora")


# --- signing in ---


def test_right_name_and_password_start_a_session(store: DeskStore) -> None:
    enrol(store)
    enrol(store, "haru")
    signed_in = sign_in(store, " SORA ")
    assert (
        access.session_holder(store, signed_in.token, NOW)
        == signed_in.person
        == people.get_person(store.connection, "sora")
    )
    assert sign_in(store).token != signed_in.token


@pytest.mark.slow
@pytest.mark.parametrize("case", ["unknown", "wrong", "inactive", "inactive and wrong", "no password", "no name"])
def test_refusal_looks_the_same_for_every_reason(store: DeskStore, case: str) -> None:
    enrol(store, "sora")
    add(store, "haru")
    if "inactive" in case:
        deactivate(store)
    name = {"unknown": "mina", "no password": "haru", "no name": "여 우"}.get(case, "sora")
    with pytest.raises(SignInRefused) as refused:
        sign_in(store, name, OTHER_PASSWORD if "wrong" in case else PASSWORD)
    assert str(refused.value) == str(SignInRefused())
    recorded = {
        "unknown": ("unknown_name", "mina"),
        "wrong": ("wrong_password", "sora"),
        "inactive": ("inactive", "sora"),
        "inactive and wrong": ("wrong_password", "sora"),
        "no password": ("no_password", "haru"),
        "no name": ("unknown_name", "?"),
    }
    assert trail(store)[-1] == (*recorded[case], None)


def test_each_refusal_verifies_exactly_one_hash(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store)
    add(store, "haru")
    looks: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hashed: str, password: str) -> bool:
        looks.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    for name in ("mina", "sora", "haru", "?"):
        with pytest.raises(SignInRefused):
            sign_in(store, name, OTHER_PASSWORD)
    assert len(looks) == 4
    assert len(set(looks)) == 1, "all with the same parameters"


def test_unknown_name_costs_no_more_than_a_known_name(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store)
    fresh = PasswordHasher.from_parameters(profiles.CHEAPEST)
    made: list[str] = []
    make = PasswordHasher.hash

    def counting(self: PasswordHasher, password: str) -> str:
        made.append(make(self, password))
        return made[-1]

    monkeypatch.setattr(PasswordHasher, "hash", counting)
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=fresh)
    assert len(made) == 1, "the hash that unknown names are verified with"
    with pytest.raises(SignInRefused):
        access.start_session(store, "mina", PASSWORD, HERE, NOW, hasher=fresh)
    assert len(made) == 1


def test_hash_with_old_parameters_is_replaced_at_sign_in(store: DeskStore) -> None:
    enrol(store)
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)

    def stored_hash() -> str:
        return str(store.connection.execute("SELECT hash FROM password").fetchone()[0])

    before = stored_hash()
    with pytest.raises(SignInRefused):
        access.start_session(store, "sora", OTHER_PASSWORD, HERE, NOW, hasher=dearer)
    assert stored_hash() == before
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=dearer)
    assert not dearer.check_needs_rehash(stored_hash())
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=dearer)


@pytest.mark.parametrize(
    "interruption", [deactivate, lambda store: choose(store, invite(store), OTHER_PASSWORD, later(minutes=1))]
)
def test_change_during_password_verification_counts(
    store: DeskStore, monkeypatch: pytest.MonkeyPatch, interruption: Callable[[DeskStore], None]
) -> None:
    enrol(store)
    verify = PasswordHasher.verify

    def slow(self: PasswordHasher, hashed: str, password: str) -> bool:
        monkeypatch.undo()
        interruption(store)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    with pytest.raises(SignInRefused):
        sign_in(store)
    assert store.connection.execute("SELECT count(*) FROM credential WHERE kind = 'session'").fetchone() == (0,)


def while_hashing(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Run a function while the next password is hashed."""
    make = PasswordHasher.hash

    def slow(self: PasswordHasher, password: str) -> str:
        monkeypatch.undo()
        act()
        return make(self, password)

    monkeypatch.setattr(PasswordHasher, "hash", slow)


def test_link_used_twice_at_once_works_only_once(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store)
    secret = invite(store)
    while_hashing(monkeypatch, lambda: choose(store, secret, OTHER_PASSWORD))
    with pytest.raises(LinkExpired):
        choose(store, secret)
    assert sign_in(store, password=OTHER_PASSWORD)


def test_person_deactivated_meanwhile_cannot_change_the_password(
    store: DeskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(store)
    while_hashing(monkeypatch, lambda: deactivate(store))
    with pytest.raises(SignInRefused):
        access.change_password(store, "sora", PASSWORD, OTHER_PASSWORD, HERE, NOW, hasher=CHEAP)
    assert trail(store)[-1][0] == "signed_in"


# --- waiting ---


def fail(store: DeskStore, times: int, name: str = "sora", client: Client = HERE, **span: float) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(store, name, OTHER_PASSWORD, later(**span), client)


@pytest.mark.parametrize("name", ["sora", "nobody", "여 우"])
def test_sixth_attempt_waits_for_known_and_unknown_names(store: DeskStore, name: str) -> None:
    enrol(store)
    fail(store, 5, name)
    with pytest.raises(SignInThrottled) as refused:
        sign_in(store, name, PASSWORD, later(seconds=10.5))
    assert refused.value.seconds == 20
    fail(store, 1, name, seconds=30)


def test_a_wait_is_recorded_once_and_tries_no_password(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store)
    fail(store, 5)
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: pytest.fail("it was tried"))
    for _ in range(3):
        with pytest.raises(SignInThrottled):
            sign_in(store)
    assert [event for event, *_ in trail(store)].count("throttled") == 1


def test_a_new_password_ends_the_wait_of_the_name(store: DeskStore) -> None:
    enrol(store)
    fail(store, 5)
    choose(store, invite(store))
    assert sign_in(store, client=Client("198.51.100.1"))


def test_waits_survive_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        enrol(store)
        fail(store, 5)
    with opened(tmp_path) as store, pytest.raises(SignInThrottled):
        sign_in(store)


# --- changing the password ---


def test_changing_a_password_needs_the_current_one(store: DeskStore) -> None:
    enrol(store)
    before = sign_in(store).token
    with pytest.raises(PasswordUnfit):
        access.change_password(store, "sora", PASSWORD, "short", HERE, NOW, hasher=CHEAP)
    with pytest.raises(SignInRefused):
        access.change_password(store, "sora", OTHER_PASSWORD, OTHER_PASSWORD, HERE, NOW, hasher=CHEAP)
    assert access.session_holder(store, before, NOW)
    changed = access.change_password(store, "sora", PASSWORD, OTHER_PASSWORD, HERE, NOW, hasher=CHEAP)
    assert access.session_holder(store, before, NOW) is None
    assert access.session_holder(store, changed.token, NOW) == changed.person
    with pytest.raises(SignInRefused):
        sign_in(store)
    assert sign_in(store, password=OTHER_PASSWORD)


# --- stored data ---


def test_store_and_logs_contain_no_password_and_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with opened(tmp_path) as store:
        add(store)
        lost, link = invite(store), invite(store)
        choose(store, link)
        session = sign_in(store).token
        for mistyped in ("Wrong field 123!", OTHER_PASSWORD):
            with pytest.raises(SignInRefused):
                sign_in(store, mistyped, OTHER_PASSWORD)
        with store.writing() as connection:
            token = cli_tokens.issue_cli_token(connection, "sora", "laptop", author="sora", now=NOW)
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))
    kept += b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))
    assert b"$argon2id$" in kept
    for secret in (lost, link, session, token, PASSWORD, OTHER_PASSWORD, "Wrong field 123!"):
        assert secret.encode() not in kept
        assert secret not in caplog.text


def test_account_events_record_action_time_person_and_client(store: DeskStore) -> None:
    enrol(store)
    with pytest.raises(SignInRefused):
        sign_in(store, "Sora", OTHER_PASSWORD, later(minutes=1), Client("2001:db8::1", "x\n" * 500))
    sign_in(store, now=later(minutes=2))
    assert trail(store) == [
        ("link_issued", "sora", "admin-console"),
        ("password_set", "sora", "sora"),
        ("wrong_password", "sora", None),
        ("signed_in", "sora", "sora"),
    ]
    newest, refused, *_ = account_events.list_account_events(store.connection, name="sora")
    assert (newest.client_address, newest.user_agent) == HERE
    assert (refused.client_address, refused.user_agent) == ("2001:db8::1", "x?" * 100)
    assert refused.recorded_at == "2031-05-02T09:01:00.000Z"
    assert account_events.list_account_events(store.connection, name="haru") == []
    assert [one.event for one in account_events.list_account_events(store.connection, most=1)] == [
        AccountEvent.SIGNED_IN
    ]


@pytest.mark.slow
def test_second_account_in_one_session_is_recorded(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        enrol(store, "sora")
        enrol(store, "haru")
    places = LedgerPaths(tmp_path)
    first = account_steps.sign_in_user(places, "sora", PASSWORD, HERE, lambda: NOW)
    for name, before in (("sora", first.token), ("haru", first.token), ("haru", "none")):
        account_steps.sign_in_user(places, name, PASSWORD, HERE, lambda: NOW, session_before=before)
    with opened(tmp_path) as store:
        events = account_events.list_account_events(store.connection)
    assert [(one.author, one.name) for one in events if one.event is AccountEvent.SECOND_ACCOUNT] == [("sora", "haru")]
