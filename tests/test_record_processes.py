"""Work is shared among processes, which end with the process that started them."""

from __future__ import annotations

import importlib
import os
import select
import signal
import time

import pytest

from claimledger.publishing.record_processes import each_result

desk_ledger = importlib.import_module("tests.desk_ledger")


def double(number: int) -> int:
    return 2 * number


def test_results_come_in_the_order_of_the_batches() -> None:
    assert [*each_result(double, range(3), 1)] == [0, 2, 4]


@pytest.mark.slow
def test_results_of_processes_come_in_the_order_of_the_batches() -> None:
    assert [*each_result(double, range(20), 2)] == [*range(0, 40, 2)]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_processes_end_when_their_parent_is_killed() -> None:
    """Each process keeps the end of a pipe open; the other end tells when the last of them has ended."""
    pipe, kept = os.pipe()
    child = desk_ledger.start_child(lambda: [*each_result(_tell_and_wait, [kept, kept], 2)])
    os.close(kept)
    assert os.read(pipe, 1) == b"."
    os.kill(child, signal.SIGKILL)
    assert desk_ledger.exit_code_of(child) == -signal.SIGKILL
    rest = b"."
    while rest:
        assert select.select([pipe], [], [], 20)[0], "a process goes on"
        rest = os.read(pipe, 1)
    os.close(pipe)


def _tell_and_wait(kept: int) -> None:
    os.write(kept, b".")
    time.sleep(40)
