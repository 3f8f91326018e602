"""Share the work on batches among processes; the results come in the order of the batches."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


@contextmanager
def without_garbage_search() -> Iterator[None]:
    """Do not look for cycles of garbage for a while: rows have none, and there are millions of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def each_result(work: Callable[[Batch], Result], batches: Iterable[Batch], processes: int) -> Iterator[Result]:
    """Yield the result of each batch, in order; with several processes, a few batches are under way at a time.

    An error of `work` is raised here. The processes do not look for cycles of garbage: rows have none.
    """
    if processes == 1:
        yield from map(work, batches)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context(_start_method()), _begin) as pool:
        under_way: deque[Future[Result]] = deque()
        for batch in batches:
            under_way.append(pool.submit(work, batch))
            if len(under_way) > 2 * processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _begin() -> None:
    """Prepare a process for the work."""
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once its parent has ended: a killed parent cannot end it."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _start_method() -> str:
    """Return how processes are started: copied where that is safe, which is on Linux and without threads."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
