"""Runs a function for many tasks in processes of this machine, one task at a time in each.

A process that ends in the middle of a task is replaced, and only its task is done again. Processes are spawned, because
a forked one hangs if its parent has loaded kiwi. They end with the process that started them, even if that is killed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, NamedTuple

from claimledger.errors import LedgerError

MOST_ENDS = 20
"""The number of processes that may end at one task before the run stops."""
_SPAWN = get_context("spawn")
_Work = Callable[[Any], Any]


class ProcessesEnd(LedgerError):
    """Raised when every process that begins a task ends."""


class _Worker(NamedTuple):
    process: SpawnProcess
    pipe: Connection


def run_tasks(work: _Work, tasks: Sequence[Hashable], jobs: int) -> Iterator[Any]:
    """Yield the result of each task as soon as it is ready; an exception of the function is raised and ends the run.

    Raises:
        ProcessesEnd: every process that begins a task ends.
    """
    left, busy, ends = deque(tasks), dict[Connection, tuple[_Worker, Any]](), Counter[Hashable]()
    try:
        for _ in range(min(jobs, len(left))):
            _give_task(_start_worker(work), left.popleft(), busy)
        while busy:
            ready = wait(list(busy))
            for pipe in [pipe for pipe in busy if pipe in ready]:
                worker, task = busy.pop(pipe)
                answer = _read_answer(worker)
                if answer is None:
                    left.appendleft(task)
                    ends[task] += 1
                    if ends[task] > MOST_ENDS:
                        raise ProcessesEnd
                    worker = _start_worker(work)
                if left:
                    _give_task(worker, left.popleft(), busy)
                else:
                    worker.pipe.close()
                if answer is not None:
                    yield _result(answer)
    finally:
        for worker, _ in busy.values():
            worker.process.kill()


def _read_answer(worker: _Worker) -> tuple[object] | None:
    """Return the answer of a worker, or None if its process has ended."""
    try:
        return (worker.pipe.recv(),)
    except (EOFError, ConnectionResetError):
        worker.process.join()
        return None


def _result(answer: tuple[object]) -> object:
    if isinstance(answer[0], BaseException):
        raise answer[0]
    return answer[0]


def _start_worker(work: _Work) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve_tasks, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _give_task(worker: _Worker, task: object, busy: dict[Connection, tuple[_Worker, Any]]) -> None:
    busy[worker.pipe] = (worker, task)
    with suppress(OSError):  # it has ended; `run_tasks` sees that when it reads the answer
        worker.pipe.send(task)


def _serve_tasks(work: _Work, pipe: Connection) -> None:
    """Do tasks in a worker process until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(work(task))
        except Exception as error:  # noqa: BLE001 - the driver raises it
            pipe.send(error)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
