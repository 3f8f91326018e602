"""Sessions: they last while used and a week at most, have the current roles, and end at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from staff import NOW, enrol, later, opened, sign_in

from claimledger.accounts.credential_rules import SESSION_IDLE_TIME, SESSION_LASTS
from claimledger.accounts import access, account_events, credentials, people
from claimledger.newsroom.store import DeskStore
from claimledger.desk_vocabulary import Role

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def test_session_ends_after_its_idle_time_or_a_week(store: DeskStore) -> None:
    enrol(store)
    idle, busy = sign_in(store).token, sign_in(store).token
    assert access.session_holder(store, idle, NOW + SESSION_IDLE_TIME - MOMENT)
    assert access.session_holder(store, idle, NOW + 2 * SESSION_IDLE_TIME - 2 * MOMENT)
    assert access.session_holder(store, idle, NOW + 3 * SESSION_IDLE_TIME) is None
    at = NOW
    while at < NOW + SESSION_LASTS:
        assert access.session_holder(store, busy, at)
        at += timedelta(hours=11)
    assert access.session_holder(store, busy, NOW + SESSION_LASTS - MOMENT)
    assert access.session_holder(store, busy, NOW + SESSION_LASTS) is None


def test_session_ends_exactly_at_the_limit(store: DeskStore) -> None:
    enrol(store)
    assert access.session_holder(store, sign_in(store).token, NOW + SESSION_IDLE_TIME) is None


def test_session_of_an_inactive_person_is_not_accepted(store: DeskStore) -> None:
    enrol(store)
    with store.writing() as connection:
        people.deactivate_person(connection, "sora", author="haru", now=NOW)
    with store.writing() as connection:
        secret = credentials.issue_credential(
            connection, credentials.CredentialKind.SESSION, "sora", NOW, author="sora"
        )
    assert access.session_holder(store, secret, NOW) is None


def test_session_has_the_current_roles(store: DeskStore) -> None:
    enrol(store)
    token = sign_in(store).token
    with store.writing() as connection:
        people.change_person(connection, "sora", roles=["checker"], author="haru", now=NOW)
    found = access.session_holder(store, token, NOW)
    assert found
    assert found.roles == (Role.CHECKER,)


def test_last_seen_is_written_once_a_minute(store: DeskStore) -> None:
    enrol(store)
    token = sign_in(store).token
    writes = []
    for seconds in (0, 30, 59.999, 60, 61, 119, 120):
        before = store.connection.total_changes
        access.session_holder(store, token, later(seconds=seconds))
        writes.append(store.connection.total_changes > before)
    assert writes == [False, False, False, True, False, False, True]


def test_signing_out_ends_one_session_and_everywhere_ends_all(store: DeskStore) -> None:
    enrol(store)
    enrol(store, "haru")
    first, second, third, others = (sign_in(store, name).token for name in ("sora", "sora", "sora", "haru"))
    with store.writing() as connection:
        access.end_session(connection, first, NOW)
        access.end_session(connection, first, NOW)
    assert [bool(access.session_holder(store, token, NOW)) for token in (first, second, third, others)] == [
        False, True, True, True,
    ]  # fmt: skip
    with store.writing() as connection:
        access.end_all_sessions(connection, "sora", author="mina", now=NOW)
    assert [bool(access.session_holder(store, token, NOW)) for token in (second, third, others)] == [False, False, True]
    everywhere, once, *_ = account_events.list_account_events(store.connection)
    assert (once.event, once.name, once.author) == ("signed_out", "sora", "sora")
    assert (everywhere.event, everywhere.name, everywhere.author) == ("signed_out_everywhere", "sora", "mina")
