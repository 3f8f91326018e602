"""Entries that come into the desk from the log: only those of known people, not from the future, and valid."""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from claimledger import desk
from claimledger.accounts import people
from claimledger.checks import desk_store_check, log_checks
from claimledger.cli import main
from claimledger.desk import account_steps, step_setup
from claimledger.desk_vocabulary import Role
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import arrivals
from claimledger.newsroom.arrivals import LogRefused, earlier_people
from claimledger.newsroom.clock_doubt import ClockAhead, find_clock_doubt
from claimledger.newsroom.store import utc_text
from claimledger.workflow import StaffMember

desk_ledger = importlib.import_module("tests.desk_ledger")
ADMIN = StaffMember("admin-console", (Role.ADMIN,))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "clock_time", lambda: desk_ledger.later(10))


@pytest.fixture
def places(tmp_path: Any) -> LedgerPaths:  # noqa: ANN401
    """Return a ledger with the two people who made it."""
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    hire(made, "haru", "sora")
    return made


def hire(places: LedgerPaths, *names: str) -> None:
    with desk_ledger.opened(places) as store, store.writing() as connection:
        for name in names:
            people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)


def append(places: LedgerPaths, number: int = 77, **changes: Any) -> None:  # noqa: ANN401
    """Append a new claim to the log by hand, a valid body but for the changes."""
    bodies = desk_ledger.logged(places)
    record = desk_ledger.claim(number)
    body = {
        **{name: value for name, value in json.loads(bodies[-1]).items() if name not in {"prev", "correction"}},
        "number": len(bodies) + 1, "revision": 1, "subject": "claim", "kind": "listed", "key": record["claim_id"],
        "record": record, "recorded_at": utc_text(desk_ledger.later(9)), **changes,
    }  # fmt: skip
    log.append_bodies(places.log, [encode_body(body)], first=len(bodies) + 1)


def cut(places: LedgerPaths, kept: int) -> None:
    path = places.log / "000000.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))


def content(places: LedgerPaths) -> dict[str, bytes]:
    found: dict[str, bytes] = desk_ledger.public_files(places)
    return found | {"desk": b"\n".join(map(repr_row, rows(places)))}


def rows(places: LedgerPaths) -> list[tuple[object, ...]]:
    import sqlite3  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    with closing(sqlite3.connect(places.desk)) as connection:
        tables = ("publication", "earlier_people", "person_version", "draft")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608


def repr_row(row: tuple[object, ...]) -> bytes:
    return repr(row).encode()


REFUSED: list[tuple[dict[str, Any], str, Callable[[LedgerPaths], Any]]] = [
    ({"authors": ["nobody"]}, "unknown-person", desk_store_check.check_store),
    ({"approver": "phantom"}, "unknown-person", desk_store_check.check_store),
    (
        {"recorded_at": utc_text(desk_ledger.later(16))},
        "from-the-future",
        lambda at: log_checks.check_log(at.log),
    ),
    ({"recorded_at": "2131-06-01T00:00:00.000Z"}, "from-the-future", lambda at: log_checks.check_log(at.log)),
    ({"reason": ""}, "invalid-body", lambda at: log_checks.check_records(at.log)),
]


@pytest.mark.parametrize(("changes", "code", "check"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_entry_that_may_not_come_in_is_refused_and_reported(
    places: LedgerPaths, changes: dict[str, Any], code: str, check: Callable[[LedgerPaths], Any]
) -> None:
    append(places, **changes)
    before = content(places)
    with pytest.raises(LogRefused) as refused:
        desk.build_public_files(places)
    assert refused.value.message.key == f"LogRefused/{code}"
    assert "000000.jsonl:10: " in str(refused.value)
    assert content(places) == before
    assert code in {problem.code for problem in check(places).problems}


def test_entry_within_five_minutes_of_a_known_person_comes_in(places: LedgerPaths) -> None:
    append(places, recorded_at=utc_text(desk_ledger.later(14)))
    desk.build_public_files(places)
    assert [one.problems for one in desk.check(places) if one.problems] == []


def test_line_of_the_year_2131_stops_nothing_once_it_is_removed(places: LedgerPaths) -> None:
    append(places, recorded_at="2131-06-01T00:00:00.000Z")
    with pytest.raises(LogRefused, match="restore the log from git"):
        desk_ledger.opened(places)
    cut(places, 9)
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(79))], desk_ledger.later(10))
        assert desk_ledger.publish(store, desk_ledger.later(10)) == 1


def test_desk_without_people_refuses_an_entry_from_the_future_too(places: LedgerPaths) -> None:
    append(places, recorded_at="2131-06-01T00:00:00.000Z")
    places.desk.unlink()
    with pytest.raises(LogRefused, match="2131"):
        desk_ledger.opened(places)


def test_new_desk_takes_over_the_names_in_the_log_once_and_says_so(
    places: LedgerPaths, caplog: pytest.LogCaptureFixture
) -> None:
    places.desk.unlink()
    with caplog.at_level(logging.WARNING), step_setup.open_store(places) as store:
        assert earlier_people(store.connection) == ["haru", "sora"]
    assert "people who worked here before: haru, sora." in caplog.text
    hire(places, "mina")
    append(places, authors=["haru"], approver="mina")
    desk.build_public_files(places)
    append(places, 78, authors=["nobody"], approver="mina")
    with pytest.raises(LogRefused, match="'nobody' wrote or approved it"):
        desk_ledger.opened(places)
    with step_setup.open_for_accounts(places) as store:
        assert earlier_people(store.connection) == ["haru", "sora"]


def test_person_can_be_added_while_the_log_has_their_entry(places: LedgerPaths) -> None:
    append(places, approver="mina")
    account_steps.add_user(places, "mina", roles=["editor"], actor=ADMIN)
    desk.build_public_files(places)
    assert len(rows(places)) > 0
    assert desk_store_check.check_store(places).problems == ()


def test_build_without_a_desk_says_which_names_it_could_not_check(places: LedgerPaths) -> None:
    places.desk.unlink()
    for other in places.root.glob("desk.db-*"):
        other.unlink()
    done = CliRunner().invoke(main, ["--root", str(places.root), "build"])
    assert done.exit_code == 0
    assert "no desk.db here" in done.stderr
    assert "haru, sora." in done.stderr
    assert not places.desk.exists()


@pytest.mark.parametrize(("days", "is_doubted"), [(6, False), (8, True), (3650, True)])
def test_clock_far_ahead_of_the_newest_entry_is_doubted(places: LedgerPaths, days: int, *, is_doubted: bool) -> None:
    with desk_ledger.opened(places) as store:
        doubt = find_clock_doubt(store.connection, desk_ledger.later(5) + timedelta(days=days))
    assert (doubt is not None) is is_doubted


def test_clock_is_believed_if_the_desk_was_used_on_an_earlier_day(places: LedgerPaths) -> None:
    now = desk_ledger.NOW + timedelta(days=40)
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(79))], now - timedelta(hours=1))
        assert find_clock_doubt(store.connection, now) is not None  # the same clock has dated this draft
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(78))], now - timedelta(days=2))
        assert find_clock_doubt(store.connection, now) is None


@pytest.mark.parametrize(("date", "is_doubted"), [("Tue, 10 Jun 2031 09:00:00 GMT", False), ("soon", True)])
def test_clock_is_believed_if_a_web_server_says_the_same(places: LedgerPaths, date: str, *, is_doubted: bool) -> None:
    now = desk_ledger.NOW + timedelta(days=40)
    row = (1, "d", "page", None, 200, json.dumps([["date", date]]), "[]", None, 5, "0" * 64, None, None, "", "haru", "")
    with desk_ledger.opened(places) as store:
        store.connection.execute(f"INSERT INTO capture VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        assert (find_clock_doubt(store.connection, now) is not None) is is_doubted


def test_publishing_with_a_clock_far_ahead_needs_a_person_who_compares_it(places: LedgerPaths) -> None:
    ten_years = desk_ledger.NOW + timedelta(days=3650)
    sora = StaffMember("sora", (Role.EDITOR,))
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(79))], ten_years)
    before = desk_ledger.logged(places)
    with pytest.raises(ClockAhead, match="2041-"):
        desk.publish(places, sora, clock=lambda: ten_years)
    assert desk_ledger.logged(places) == before
    assert desk.publish(places, sora, clock=lambda: desk_ledger.later(20))[0] == 1
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(80))], ten_years)
    assert desk.publish(places, sora, clock=lambda: ten_years, is_clock_right=True)[0] == 1
