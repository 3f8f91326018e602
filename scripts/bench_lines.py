"""Format one line of the benchmark table: something measured, compared with its floor.

The floor is the least time that the same kind of work takes. Nothing is measured here.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Time(NamedTuple):
    """The time of one run, in seconds."""

    wall: float
    """The time by the wall clock."""
    processor: float
    """The processor time, including child processes."""


class Line(NamedTuple):
    """One line of the table: a measurement and its floor."""

    label: str
    """The name of the measured work."""
    floor: str
    """The name of the floor."""
    times: Sequence[Time]
    """The times of all runs."""
    floor_times: Sequence[Time]
    """The times of the floor in the same runs."""
    target: float | None = None
    """The target ratio, or None if the line is only informative."""
    is_speed: bool = False
    """True if the ratio compares speeds and must be above the target; else it compares times and must be below it."""
    limit: float | None = None
    """The maximum time in seconds, independent of the floor."""


HEAD = ("what", "took", "floor", "took", "ratio", "target", "met")


def format_line(line: Line) -> str:
    """Return the printed line: medians, their ratio by wall clock and processor time, and if the target is met."""
    times, floor_times = _median(line.times), _median(line.floor_times)
    by_clock, by_processor = (
        floor / max(measured, 0.001) if line.is_speed else measured / max(floor, 0.001)
        for measured, floor in ((times.wall, floor_times.wall), (times.processor, floor_times.processor))
    )
    target, is_met = _judge(line, by_clock, times.wall)
    ratio = f"{by_clock:.2f} ({by_processor:.2f})"
    return row(line.label, _seconds(times.wall), line.floor, _seconds(floor_times.wall), ratio, target, is_met)


def _judge(line: Line, ratio: float, seconds: float) -> tuple[str, str]:
    if line.limit:
        return f"≤ {_seconds(line.limit)}", "yes" if seconds <= line.limit else "no"
    if line.target is None:
        return "", ""
    if line.is_speed:
        return f"≥ {line.target:.2f}", "yes" if ratio >= line.target else "no"
    return f"≤ {line.target:.2f}", "yes" if ratio <= line.target else "no"


def _median(times: Sequence[Time]) -> Time:
    return Time(statistics.median(once.wall for once in times), statistics.median(once.processor for once in times))


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


WIDTHS = (28, 9, 21, 9, 14, 9, 4)
SIDES = "<><>>>>"


def row(*cells: str) -> str:
    """Return cells as a row of the table."""
    aligned = (f"{cell:{side}{width}}" for cell, side, width in zip(cells, SIDES, WIDTHS, strict=True))
    return "  ".join(aligned).rstrip()
