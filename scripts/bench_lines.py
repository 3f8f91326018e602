"""A line of the benchmark's table: something measured, beside its floor.

In: what something took and what its floor took, run by run. Out: a line that people compare. It measures nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Took(NamedTuple):
    """What something took, in seconds."""

    wall: float
    """By the clock on the wall."""
    processor: float
    """Of the processor, children included."""


class Line(NamedTuple):
    """One line of the table: something beside its floor."""

    what: str
    """What was measured."""
    floor: str
    """What it is held against."""
    took: Sequence[Took]
    """What it took, run by run."""
    floor_took: Sequence[Took]
    """What the floor took in the same runs."""
    target: float | None = None
    """The ratio aimed at; none if the line is there to be honest."""
    is_speed: bool = False
    """Whether the ratio is that of speeds, and aimed above the target, or of times, and aimed below."""
    limit: float | None = None
    """Seconds it may take whatever the floor takes."""


HEAD = ("what", "took", "floor", "took", "ratio", "target", "held")


def printed(line: Line) -> str:
    """Return a line as it is printed: medians, their ratio by the clock and by processor time, and whether it holds."""
    took, floor_took = _median(line.took), _median(line.floor_took)
    by_clock, by_processor = (
        floor / max(measured, 0.001) if line.is_speed else measured / max(floor, 0.001)
        for measured, floor in ((took.wall, floor_took.wall), (took.processor, floor_took.processor))
    )
    target, is_held = _judged(line, by_clock, took.wall)
    ratio = f"{by_clock:.2f} ({by_processor:.2f})"
    return row(line.what, _seconds(took.wall), line.floor, _seconds(floor_took.wall), ratio, target, is_held)


def _judged(line: Line, ratio: float, seconds: float) -> tuple[str, str]:
    if line.limit:
        return f"≤ {_seconds(line.limit)}", "yes" if seconds <= line.limit else "no"
    if line.target is None:
        return "", ""
    if line.is_speed:
        return f"≥ {line.target:.2f}", "yes" if ratio >= line.target else "no"
    return f"≤ {line.target:.2f}", "yes" if ratio <= line.target else "no"


def _median(took: Sequence[Took]) -> Took:
    return Took(statistics.median(once.wall for once in took), statistics.median(once.processor for once in took))


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


WIDTHS = (28, 9, 21, 9, 14, 9, 4)
SIDES = "<><>>>>"


def row(*cells: str) -> str:
    """Return cells as a row of the table."""
    aligned = (f"{cell:{side}{width}}" for cell, side, width in zip(cells, SIDES, WIDTHS, strict=True))
    return "  ".join(aligned).rstrip()
