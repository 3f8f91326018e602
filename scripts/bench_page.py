"""Print what `bench_growth` measured: as lines, as JSON, and as a page with charts. No figure is typed.

The charts are SVG with the number beside every point. Both axes are logarithmic, so that a cost that does not grow is a
level line.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from bench_timing import Measurement, growth_exponent

MILLISECONDS = 1_000
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 340, 70, 20
_PLOT_WIDTH, _PLOT_HEIGHT = 380, 270
_COLOURS = ("#2f5d8a", "#a63d2f", "#3a7d44", "#7a5195", "#b8860b", "#444444")
_DASHES = ("", "8 4", "2 4", "12 3 2 3", "4 2", "16 4")
_SVG = {
    "xmlns": "http://www.w3.org/2000/svg", "role": "img", "lang": "en", "font-family": "sans-serif", "font-size": "12",
}  # fmt: skip
_SECONDS_A_MINUTE = 60
_BYTES_A_MEGABYTE = 1e6


class Chart(NamedTuple):
    """A chart: the kinds of work whose times it compares."""

    name: str
    title: str
    works: Mapping[str, str]
    """The key of each kind of work with its label."""


CHARTS = (
    Chart("one-change", "One change of ledger.db: processor time", {
        "step.claim": "new claim", "step.verdict": "verdict", "step.correction": "correction",
        "step.withdrawal": "withdrawal", "preview": "preview of a new claim",
        "publish": "whole publish at the desk",
    }),
    Chart("peers", "One new claim: processor time", {
        "step.claim": "ledger.db", "change.sqlite3.append": "sqlite3, append",
        "change.sqlite-utils.upsert": "sqlite-utils", "change.sqlite-history-json": "sqlite-history-json",
        "change.sqlite-chronicle": "sqlite-chronicle",
    }),
    Chart("build", "The whole log: processor time", {
        "build": "build ledger.db", "load.sqlite3.append": "sqlite3, append",
        "load.sqlite-utils.upsert": "sqlite-utils", "load.sqlite-history-json": "sqlite-history-json",
        "load.sqlite-chronicle": "sqlite-chronicle",
    }),
    Chart("past", "Reading as of a past moment: processor time", {
        "as-of.claim": "a claim", "as-of.article": "an article", "as-of.page": "a page of 100",
        "as-of.facet": "number by verdict", "as-of.scan": "scan of an index",
    }),
)  # fmt: skip
"""The charts of the page."""
HEAD = ("what", "profile", "claims", "revisions", "runs", "median", "processor", "slowest", "load", "memory")


def format_measured(one: Measurement) -> str:
    """Return a measurement as a line of the terminal."""
    cells = _cells(one)
    return "  ".join(f"{cell:<28}" if place == 0 else f"{cell:>10}" for place, cell in enumerate(cells))


def _cells(one: Measurement) -> tuple[str, ...]:
    memory = f"{one.memory / _BYTES_A_MEGABYTE:,.0f} MB" if one.memory else ""
    return (
        one.what, one.profile, f"{one.claims:,}", f"{one.revisions:,}", str(one.runs), seconds(one.wall),
        seconds(one.processor), seconds(one.slowest), f"{one.load:.1f}", memory,
    )  # fmt: skip


def seconds(time: float) -> str:
    """Return a time in the unit that suits it.

    >>> seconds(0.0000123), seconds(0.0123), seconds(1.23), seconds(600)
    ('0.012 ms', '12.3 ms', '1.23 s', '10.0 min')
    """
    if time >= 5 * _SECONDS_A_MINUTE:
        return f"{time / _SECONDS_A_MINUTE:.1f} min"
    if time >= 1:
        return f"{time:.2f} s"
    return f"{time * MILLISECONDS:.1f} ms" if time >= 1 / MILLISECONDS else f"{time * MILLISECONDS:.3f} ms"


def write_results(
    folder: Path, measured: Sequence[Measurement], machine: Mapping[str, Any], lacks: Mapping[str, str]
) -> None:
    """Write the JSON file and the charts to `folder`, and the page beside it, named like the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    results = {"machine": machine, "measured": [one._asdict() for one in measured]}
    _write(folder / "results.json", json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    for chart in CHARTS:
        _write(folder / f"{chart.name}.svg", draw_chart(chart, measured))
    _write(folder.with_suffix(".md"), "\n".join(page_lines(folder.name, measured, machine, lacks)) + "\n")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


_INTRODUCTION = """\
# Benchmarks: cost against size

`python scripts/bench --sizes {sizes} --page` wrote this page. Run it again for figures of your computer.
[results.json]({folder}/results.json) has the same figures.

Measured on {cores} cores with {system}, Python {python} and SQLite {sqlite}; {packages}.
Other programs were running: the load is the average number of processes that wanted a core. Processor time depends
less on it than time by the clock. The exponent says how a cost grows: 0 not at all, 1 like the ledger.

The logs are generated. In the profile *newsroom*, an article has 40 claims, each with its passage; most facts have one
or two claims; a tenth of the claims is judged by documents, a hundredth is corrected. In the profile *shared*, all
claims measure the same 35 facts: the hard case.

"""


def page_lines(
    folder: str, measured: Sequence[Measurement], machine: Mapping[str, Any], lacks: Mapping[str, str]
) -> Iterator[str]:
    """Yield the lines of the page."""
    sizes = " ".join(str(claims) for claims in dict.fromkeys(one.claims for one in measured))
    packages = ", ".join(f"{name} {which}" for name, which in machine["packages"].items())
    yield from _INTRODUCTION.format(folder=folder, sizes=sizes, **{**machine, "packages": packages}).splitlines()
    for chart in CHARTS:
        yield from (f"## {chart.title}", "", f"![{chart.title}]({folder}/{chart.name}.svg)", "")
        yield from _table(_select(chart.works, measured))
        yield from _exponent_lines(chart, measured)
    yield from ("## Everything else", "")
    shown = {work for chart in CHARTS for work in chart.works}
    yield from _table(one for one in measured if one.what not in shown)
    yield from ("## Limits of the other libraries", "")
    yield from (f"- **{name}**: {text}" for name, text in lacks.items())


def _select(works: Iterable[str], measured: Sequence[Measurement]) -> list[Measurement]:
    return [one for work in works for one in measured if one.what == work]


def _table(measured: Iterable[Measurement]) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    yield from (f"| {' | '.join(_cells(one))} |" for one in measured)
    yield ""


def _exponent_lines(chart: Chart, measured: Sequence[Measurement]) -> Iterator[str]:
    """Yield the exponent of growth of each kind of work, for each profile."""
    for profile in dict.fromkeys(one.profile for one in measured):
        told = exponents(chart.works, [one for one in measured if one.profile == profile])
        if told:
            yield f"Exponents by processor time, profile {profile}: {', '.join(told)}."
            yield ""


def exponents(works: Mapping[str, str], measured: Sequence[Measurement]) -> list[str]:
    """Return each kind of work with the exponent by which its processor time grows."""
    grown = {label: growth_exponent(_select([work], measured)) for work, label in works.items()}
    return [f"{label} {exponent:.2f}" for label, exponent in grown.items() if exponent is not None]


def draw_chart(chart: Chart, measured: Sequence[Measurement]) -> str:
    """Return a chart as an SVG document: a line for each kind of work of the first profile."""
    first = measured[0].profile if measured else ""
    found = {label: _points(work, first, measured) for work, label in chart.works.items()}
    lines = {label: points for label, points in found.items() if points}
    root = ET.Element("svg", {**_SVG, "viewBox": f"0 0 {_WIDTH} {_HEIGHT}"})
    _add(root, "title", f"{chart.title}, profile {first}")
    _add(root, "rect", width=_WIDTH, height=_HEIGHT, fill="#ffffff")
    points = [point for line in lines.values() for point in line]
    if points:
        scale = _Scale(_ends(claims for claims, _ in points), _ends(time for _, time in points))
        _draw_axes(root, scale)
        for place, (label, line) in enumerate(lines.items()):
            _draw_line(root, scale, place, label, line)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _points(work: str, profile: str, measured: Sequence[Measurement]) -> list[tuple[int, float]]:
    """Return the number of claims and the processor time of each measurement of some work."""
    return sorted((one.claims, one.processor) for one in measured if (one.what, one.profile) == (work, profile))


def _ends(values: Iterable[float]) -> tuple[int, int]:
    """Return the powers of ten below and above some values."""
    powers = [math.log10(max(value, 1e-7)) for value in values]
    low, high = math.floor(min(powers)), math.ceil(max(powers))
    return low, max(high, low + 1)


class _Scale(NamedTuple):
    """The powers of ten at the ends of both axes."""

    claims: tuple[int, int]
    time: tuple[int, int]

    def x(self, claims: float) -> int:
        low, high = self.claims
        return _LEFT + round(_PLOT_WIDTH * (math.log10(claims) - low) / (high - low))

    def y(self, time: float) -> int:
        low, high = self.time
        return _TOP + round(_PLOT_HEIGHT * (high - math.log10(max(time, 10.0**low))) / (high - low))


def _draw_axes(root: ET.Element, scale: _Scale) -> None:
    for power in range(scale.time[0], scale.time[1] + 1):
        level = scale.y(10.0**power)
        _add(root, "path", d=f"M{_LEFT} {level}H{_LEFT + _PLOT_WIDTH}", stroke="#c8c8c8")
        _add(root, "text", seconds(10.0**power), x=4, y=level + 4)
    for power in range(scale.claims[0], scale.claims[1] + 1):
        across = scale.x(10.0**power)
        _add(root, "path", d=f"M{across} {_TOP}V{_TOP + _PLOT_HEIGHT}", stroke="#e4e4e4")
        _add(root, "text", f"{10**power:,}", x=across - 18, y=_TOP + _PLOT_HEIGHT + 18)
    _add(root, "text", "claims", x=_LEFT + _PLOT_WIDTH // 2, y=_TOP + _PLOT_HEIGHT + 36)


def _draw_line(root: ET.Element, scale: _Scale, place: int, label: str, line: Sequence[tuple[int, float]]) -> None:
    """Draw a line with its points, and its name with the newest figure in the legend."""
    colour = _COLOURS[place % len(_COLOURS)]
    group = _add(root, "g", fill=colour, stroke=colour)
    group.set("stroke-width", "2")
    course = "L".join(f"{scale.x(claims)} {scale.y(time)}" for claims, time in line)
    path = _add(group, "path", d=f"M{course}", fill="none")
    for claims, time in line:
        dot = _add(group, "circle", cx=scale.x(claims), cy=scale.y(time), r=4)
        _add(dot, "title", f"{label}: {claims:,} claims, {seconds(time)}")
    level, left = _TOP + 14 + 34 * place, _LEFT + _PLOT_WIDTH + 14
    sample = _add(group, "path", d=f"M{left} {level}H{left + 26}")
    for line_of_group in (path, sample):
        line_of_group.set("stroke-dasharray", _DASHES[place % len(_DASHES)] or "none")
    _add(root, "text", label, x=left + 32, y=level + 4)
    _add(root, "text", f"{seconds(line[-1][1])} at {line[-1][0]:,}", x=left + 32, y=level + 18, fill="#555555")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: object) -> ET.Element:
    element = ET.SubElement(parent, name, {key: str(value) for key, value in attributes.items()})
    element.text = text
    return element
