"""Waiting times after failed sign-ins: by name and by client, forgotten after a while, reset by a success."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff import NOW, later, opened

from claimledger.accounts.credential_rules import ADDRESS_LIMIT, NAME_LIMIT
from claimledger.accounts import throttling
from claimledger.newsroom.store import DeskStore

HOME, AWAY = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def attempt(store: DeskStore, now: datetime, name: str = "sora", address: str = HOME) -> throttling.SignInAttempt:
    with store.writing() as connection:
        return throttling.count_attempt(connection, name, address, now)


def succeed(store: DeskStore, now: datetime, name: str = "sora", address: str = HOME) -> None:
    made = attempt(store, now, name, address)
    assert not made.wait
    with store.writing() as connection:
        throttling.uncount_attempt(connection, made, now)


def waits(store: DeskStore, now: datetime, name: str = "sora", address: str = HOME) -> int:
    """Return the seconds that an attempt would have to wait, without making it."""
    store.connection.execute("BEGIN")
    wait = throttling.count_attempt(store.connection, name, address, now).wait
    store.connection.rollback()
    return int(wait.total_seconds())


def test_each_failure_after_the_fifth_doubles_the_wait(store: DeskStore) -> None:
    now, seen = NOW, []
    for _ in range(12):
        assert not attempt(store, now).wait
        seen.append(waits(store, now))
        now += timedelta(seconds=seen[-1])
        assert not seen[-1] or waits(store, now - timedelta(seconds=1)) == 1
    assert seen == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_an_attempt_that_must_wait_does_not_lengthen_the_wait(store: DeskStore) -> None:
    for _ in range(5):
        attempt(store, NOW)
    notes = [attempt(store, later(seconds=10)).is_recorded for _ in range(3)]
    assert notes == [False, True, True]
    assert waits(store, later(seconds=10)) == 20
    attempt(store, later(seconds=30))
    assert not attempt(store, later(seconds=31)).is_recorded, "it is another wait"


def test_waits_apply_to_a_name_and_to_a_client(store: DeskStore) -> None:
    for number in range(5):
        attempt(store, NOW, name="sora", address=f"192.0.2.{number}")
    for number in range(ADDRESS_LIMIT.failures):
        assert waits(store, NOW, "haru", AWAY) == 0
        attempt(store, NOW, name=f"guess{number}", address=AWAY)
    assert (waits(store, NOW), waits(store, NOW, "haru", AWAY)) == (30, 30)
    assert waits(store, NOW, "haru", HOME) == 0


@pytest.mark.slow
def test_failures_at_one_address_do_not_delay_other_people(store: DeskStore) -> None:
    """Four people fail for a working day as often as allowed; a person with the right password always gets in."""
    failed, now = 0, NOW
    while now < later(hours=8):
        failed += sum(not attempt(store, now, name).wait for name in ("sora", "haru", "bora", "nara"))
        succeed(store, now, "minsu")
        now += timedelta(seconds=30)
    assert failed > ADDRESS_LIMIT.failures


@pytest.mark.parametrize(
    ("count", "wait"), [(4, timedelta(0)), (5, timedelta(seconds=30)), (30, timedelta(minutes=15))]
)
def test_failures_are_forgotten_a_quarter_of_an_hour_after_the_wait(
    store: DeskStore, count: int, wait: timedelta
) -> None:
    now = NOW
    for _ in range(count):
        now += timedelta(minutes=15)
        assert not attempt(store, now).wait
    assert waits_after_one_more(store, now + wait + NAME_LIMIT.forgotten_after) == 0


def waits_after_one_more(store: DeskStore, now: datetime) -> int:
    attempt(store, now, address=AWAY)
    return waits(store, now, address=AWAY)


def test_failures_keep_counting_until_they_are_forgotten(store: DeskStore) -> None:
    for _ in range(5):
        attempt(store, NOW)
    still = later(seconds=30, minutes=15) - timedelta(milliseconds=1)
    assert waits_after_one_more(store, still) == 60


def test_right_password_resets_the_name_but_not_the_client(store: DeskStore) -> None:
    for _ in range(4):
        attempt(store, NOW)
    succeed(store, later(seconds=1))
    attempt(store, later(seconds=2), address=AWAY)
    assert waits(store, later(seconds=2), address=AWAY) == 0
    for number in range(ADDRESS_LIMIT.failures - 4):
        assert waits(store, later(seconds=3), name="haru") == 0
        attempt(store, later(seconds=3), name=f"guess{number}")
    assert waits(store, later(seconds=3), name="haru") == 30


def test_right_password_does_not_change_the_count_of_the_client(store: DeskStore) -> None:
    for number in range(6):
        attempt(store, later(minutes=number), name=f"guess{number}")
    before = store.connection.execute("SELECT * FROM throttle WHERE key LIKE 'address:%'").fetchall()
    succeed(store, later(minutes=8))
    assert store.connection.execute("SELECT * FROM throttle WHERE key LIKE 'address:%'").fetchall() == before
    succeed(store, later(minutes=8), "haru", AWAY)
    assert not store.connection.execute("SELECT * FROM throttle WHERE key LIKE ?", (f"%{AWAY}",)).fetchall()


def test_parallel_attempts_have_to_wait_too(store: DeskStore) -> None:
    """The sixth attempt has to wait even if no outcome is known yet."""
    assert [bool(attempt(store, NOW).wait) for _ in range(7)] == [False] * 5 + [True] * 2


def test_a_clock_set_back_locks_nobody_out(store: DeskStore) -> None:
    for _ in range(30):
        attempt(store, NOW)
    assert waits(store, later(days=-1)) == 0


def test_old_failures_are_deleted(store: DeskStore) -> None:
    for number in range(20):
        attempt(store, NOW, f"guess{number}", f"192.0.2.{number}")
    attempt(store, later(minutes=31))
    assert store.connection.execute("SELECT count(*) FROM throttle").fetchone() == (2,)


@pytest.mark.slow
@given(st.lists(st.integers(min_value=0, max_value=1800), min_size=20, max_size=60))
def test_no_timing_gets_more_than_five_guesses_before_the_first_wait(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int]
) -> None:
    """Six allowed attempts within fifteen minutes always include a pause of at least 30 s."""
    now, through = NOW, []
    with opened(tmp_path_factory.mktemp("desk")) as store:
        for gap in gaps:
            now += timedelta(seconds=gap)
            if not attempt(store, now).wait:
                through.append(now)
    for first in range(len(through) - 5):
        window = through[first : first + 6]
        if window[-1] - window[0] <= timedelta(minutes=15):
            assert max(later - earlier for earlier, later in pairwise(window)) >= NAME_LIMIT.first_wait
