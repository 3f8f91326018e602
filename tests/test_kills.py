"""Processes that are killed while they write and publish, and several writers at once: no acknowledged act is lost."""

from __future__ import annotations

import importlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from claimledger import desk
from claimledger.desk_vocabulary import Role
from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import StaffMember

desk_ledger = importlib.import_module("tests.desk_ledger")
SORA = StaffMember("sora", (Role.EDITOR,))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    return made


def acknowledge(pipe: int, act: str, claim_id: str) -> None:
    os.write(pipe, f"{act} {claim_id}\n".encode())


def draft_and_publish(places: LedgerPaths, numbers: range, pipe: int) -> None:
    """Draft and publish claims one after another, and write a line to the pipe after each act."""
    for number in numbers:
        claim = desk_ledger.claim(number)
        with desk_ledger.opened(places) as store:
            desk_ledger.record(store, [desk_ledger.draft(claim)], desk_ledger.later(6))
        acknowledge(pipe, "draft", claim["claim_id"])
        desk.publish(places, SORA, [claim["claim_id"]], clock=lambda: desk_ledger.later(7))
        acknowledge(pipe, "publication", claim["claim_id"])


def acts_in(places: LedgerPaths) -> set[str]:
    with desk_ledger.opened(places) as store:
        return {
            f"{table} {key}"
            for table in ("draft", "publication")
            for (key,) in store.connection.execute(f"SELECT key FROM {table}")  # noqa: S608
        }


def problems(places: LedgerPaths) -> list[str]:
    return [str(problem) for result in desk.check(places) for problem in result.problems]


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.soak)])
def test_killed_process_loses_no_acknowledged_act(places: LedgerPaths, kills: int) -> None:
    draw, acknowledged = random.Random(5), set[str]()  # noqa: S311
    for kill in range(kills):
        reader, writer = os.pipe()
        numbers = range(1000 + 100 * kill, 1100 + 100 * kill)
        child = desk_ledger.start_child(lambda w=writer, n=numbers: draft_and_publish(places, n, w))
        os.close(writer)
        time.sleep(draw.uniform(0.05, 0.8))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reader) as lines:
            acknowledged |= {line.strip() for line in lines if line.endswith("\n")}
        assert acknowledged <= acts_in(places)
        desk.build_public_files(places)
        assert not [*places.root.rglob("*.part"), *places.root.glob("ledger.db.*-*")]
        if kill % 5 == 0 or kill == kills - 1:
            assert problems(places) == []
    assert len(acknowledged) > kills


@pytest.mark.parametrize("acts", [5, pytest.param(200, marks=pytest.mark.soak)])
def test_six_writers_lose_no_acknowledged_act(places: LedgerPaths, acts: int) -> None:
    reader, writer = os.pipe()
    children = [
        desk_ledger.start_child(
            lambda n=range(10_000 * one, 10_000 * one + acts // 2 + 1): draft_and_publish(places, n, writer)
        )
        for one in range(1, 7)
    ]
    os.close(writer)
    with os.fdopen(reader) as lines:
        acknowledged = {line.strip() for line in lines}
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    assert len(acknowledged) == 6 * 2 * (acts // 2 + 1)
    assert acknowledged <= acts_in(places)
    assert problems(places) == []
