"""Times of repeated measurements, and how they grow with the size of the ledger."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench_lines import Time


class Measurement(NamedTuple):
    """The times of one kind of work in a ledger of one size."""

    what: str
    """The key of the work, for example `apply.claim`."""
    profile: str
    """The kind of the log."""
    claims: int
    """The number of claims in the ledger."""
    revisions: int
    """The number of entries in its log."""
    runs: int
    wall: float
    """The median of the seconds by the clock."""
    processor: float
    """The median of the seconds of processor time, child processes included."""
    slowest: float
    """The seconds by the clock of the slowest run."""
    load: float
    """The load average over one minute, after the runs."""
    memory: int = 0
    """The greatest memory of the process in bytes, if it was measured."""
    note: str = ""


def summarize(
    what: str, times: Sequence[Time], ledger: tuple[str, int, int], *, memory: int = 0, note: str = ""
) -> Measurement:
    """Return the medians of some runs; `ledger` is the profile, the number of claims and that of revisions."""
    walls = [one.wall for one in times]
    processor = statistics.median(one.processor for one in times)
    return Measurement(
        what, *ledger, len(times), statistics.median(walls), processor, max(walls), load_average(), memory, note
    )


def time_each(work: Iterable[Callable[[], object]]) -> list[Time]:
    """Return the time of each piece of work. The first one is done once before, and not measured."""
    every = [*work]
    every[0]()
    return [time_once(one) for one in every]


def time_once(work: Callable[[], object]) -> Time:
    """Return the time of some work."""
    wall, processor = time.perf_counter(), processor_seconds()
    work()
    return Time(time.perf_counter() - wall, processor_seconds() - processor)


def processor_seconds() -> float:
    """Return the processor time of this process and of its ended children, in seconds."""
    return time.process_time() + sum(os.times()[2:4])


def load_average() -> float:
    """Return the load average over one minute; 0 where the system has none."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0


def sync_time(path: Path) -> Time:
    """Return the time of writing 4 KiB to a file and waiting for the disk."""
    with path.open("wb") as file:
        file.write(b"x" * 4_096)
        file.flush()
        return time_once(lambda: os.fsync(file.fileno()))


def growth_exponent(measured: Sequence[Measurement], name: str = "processor") -> float | None:
    """Return the exponent by which times grow with the claims, fitted to the logarithms; None for one size.

    >>> times = {10: 1.0, 1000: 10.0}
    >>> growth_exponent([Measurement("a", "b", size, size, 1, 0.1, time, 0.1, 0.0) for size, time in times.items()])
    0.5
    """
    if len({one.claims for one in measured}) < 2:  # noqa: PLR2004  a line needs two points
        return None
    sizes = [math.log(one.claims) for one in measured]
    times = [math.log(max(getattr(one, name), 1e-9)) for one in measured]
    return round(statistics.linear_regression(sizes, times).slope, 3)
