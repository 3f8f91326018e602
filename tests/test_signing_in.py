"""Getting in: links used once, passwords and nothing but them, waits, the trail of it all."""

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
from claimledger.newsroom.store import DeskStore
from claimledger.desk_vocabulary import AccountEvent, Role

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def deactivate(store: DeskStore, name: str = "sora") -> None:
    with store.writing() as connection:
        people.deactivate_person(connection, name, author="haru", now=NOW)


def trail(store: DeskStore) -> list[tuple[str, str, str | None]]:
    """Return the events, the oldest first."""
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


def test_a_link_is_good_until_it_expires(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    assert access.link_holder(store.connection, secret, NOW + LINK_LASTS - MOMENT)
    with pytest.raises(LinkExpired):
        choose(store, secret, now=NOW + LINK_LASTS)


def test_a_new_link_replaces_the_one_before(store: DeskStore) -> None:
    add(store)
    old, new = invite(store), invite(store)
    with pytest.raises(LinkExpired):
        choose(store, old)
    choose(store, new)


def test_a_password_that_is_not_taken_leaves_the_link_good(store: DeskStore) -> None:
    add(store)
    secret = invite(store)
    for password in ("short", "sorasorasora"):
        with pytest.raises(PasswordUnfit):
            choose(store, secret, password)
    choose(store, secret)


def test_a_session_or_a_token_is_no_link(store: DeskStore) -> None:
    enrol(store)
    with store.writing() as connection:
        token = cli_tokens.issue_cli_token(connection, "sora", "laptop", author="sora", now=NOW)
    for secret in (sign_in(store).token, token, "", "\ud800"):
        with pytest.raises(LinkExpired):
            choose(store, secret)


def test_nobody_inactive_or_unknown_is_invited(store: DeskStore) -> None:
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


def test_the_first_administrator_is_invited_until_one_has_a_password(store: DeskStore) -> None:
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
    deactivate(store, "root")
    assert first_admin(store, "second")


def test_the_first_administrator_takes_nobodys_name(store: DeskStore) -> None:
    add(store, "sora", "editor")
    with pytest.raises(NameTaken):
        first_admin(store, "sora")


# --- signing in ---


def test_name_and_password_let_in_and_nothing_else_does(store: DeskStore) -> None:
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
def test_a_refusal_is_the_same_whatever_the_reason(store: DeskStore, case: str) -> None:
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


def test_each_refusal_costs_one_look_at_a_hash(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(store)
    add(store, "haru")
    looks: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: str) -> bool:
        looks.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in ("mina", "sora", "haru", "?"):
        with pytest.raises(SignInRefused):
            sign_in(store, name, OTHER_PASSWORD)
    assert len(looks) == 4
    assert len(set(looks)) == 1, "all with the same parameters"


def test_the_first_unknown_name_costs_no_more_than_the_first_known_one(
    store: DeskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(store)
    fresh = PasswordHasher.from_parameters(profiles.CHEAPEST)
    made: list[str] = []
    make = PasswordHasher.hash

    def counted(self: PasswordHasher, password: str) -> str:
        made.append(make(self, password))
        return made[-1]

    monkeypatch.setattr(PasswordHasher, "hash", counted)
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=fresh)
    assert len(made) == 1, "what unknown names will be held against"
    with pytest.raises(SignInRefused):
        access.start_session(store, "mina", PASSWORD, HERE, NOW, hasher=fresh)
    assert len(made) == 1


def test_a_hash_of_other_parameters_is_made_anew_when_the_password_is_right(store: DeskStore) -> None:
    enrol(store)
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)

    def hashed() -> str:
        return str(store.connection.execute("SELECT hash FROM password").fetchone()[0])

    before = hashed()
    with pytest.raises(SignInRefused):
        access.start_session(store, "sora", OTHER_PASSWORD, HERE, NOW, hasher=dearer)
    assert hashed() == before
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=dearer)
    assert not dearer.check_needs_rehash(hashed())
    access.start_session(store, "sora", PASSWORD, HERE, NOW, hasher=dearer)


@pytest.mark.parametrize(
    "meanwhile", [deactivate, lambda store: choose(store, invite(store), OTHER_PASSWORD, later(minutes=1))]
)
def test_what_changes_while_the_password_is_looked_at_counts(
    store: DeskStore, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[DeskStore], None]
) -> None:
    enrol(store)
    verify = PasswordHasher.verify

    def slow(self: PasswordHasher, hashed: str, password: str) -> bool:
        monkeypatch.undo()
        meanwhile(store)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    with pytest.raises(SignInRefused):
        sign_in(store)
    assert store.connection.execute("SELECT count(*) FROM credential WHERE kind = 'session'").fetchone() == (0,)


def while_hashing(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let something happen while the next password is hashed."""
    make = PasswordHasher.hash

    def slow(self: PasswordHasher, password: str) -> str:
        monkeypatch.undo()
        act()
        return make(self, password)

    monkeypatch.setattr(PasswordHasher, "hash", slow)


def test_of_two_who_use_a_link_at_once_one_is_refused(store: DeskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store)
    secret = invite(store)
    while_hashing(monkeypatch, lambda: choose(store, secret, OTHER_PASSWORD))
    with pytest.raises(LinkExpired):
        choose(store, secret)
    assert sign_in(store, password=OTHER_PASSWORD)


def test_a_password_is_not_changed_by_whoever_became_inactive_meanwhile(
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
def test_the_sixth_attempt_waits_whether_or_not_the_name_is_known(store: DeskStore, name: str) -> None:
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


def test_waits_outlast_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        enrol(store)
        fail(store, 5)
    with opened(tmp_path) as store, pytest.raises(SignInThrottled):
        sign_in(store)


# --- another password ---


def test_a_password_is_changed_by_whoever_knows_it(store: DeskStore) -> None:
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


# --- what is kept ---


def test_no_password_and_no_secret_stands_in_the_store(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
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


def test_the_trail_says_what_when_who_and_from_where(store: DeskStore) -> None:
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
