"""Measure a served ledger over HTTP: the table of claims with facets, and its whole CSV, compared with stock Datasette.

The requests go to a real server with many generated claims. The labels say which facets timed out and how much memory
the server used at most. Stock Datasette serves the same file without this plug-in and with its default settings. The
floor of the CSV is the sqlite3 command line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode


from claimledger.hosting.server import DATASETTE_SETTINGS, wait_for_answer
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.tables import CLAIMS

REQUESTS = 7
FILTERED = {"verification_status": "not_checked"}
"""A filter that nine tenths of the generated claims match."""
FACETS_SECONDS, FILTERED_SECONDS = 0.400, 0.650
OURS = ("-m", "datasette")
"""The arguments of Python that start Datasette with this plug-in."""
STOCK = ("-c", "import sys; sys._called_from_test = True; from datasette.cli import cli; cli(prog_name='datasette')")
"""The arguments of Python that start Datasette without any plug-in. 0.65 has no setting for that."""
CSV_RATIOS = {"on": 1.8, "off": 1.5}
"""The target ratios of the whole CSV to the sqlite3 command line, with the formula guard and without it."""


Times = tuple[float, float]
"""Seconds by the wall clock, and of processor time; the same twice if the processor time is not measured."""


class Measurement(NamedTuple):
    """A request to a server and its floor."""

    label: str
    times: Sequence[Times]
    floor: str
    floor_times: Sequence[Times]
    target: float | None = None
    limit: float | None = None


def measure(path: Path) -> Iterator[Measurement]:
    """Yield the measurements of the served ledger. CSV is left out if the sqlite3 command line is not installed."""
    (path.parent / "metadata.yml").write_text(metadata_text(), encoding="utf-8")
    settings = [word for name, value in DATASETTE_SETTINGS.items() for word in ("--setting", name, value)]
    with _server(path, ["-m", "metadata.yml", *settings]) as (ours, process), _server(path, [], STOCK) as (stock, _):
        for label, parameters, limit in (("facets", {}, FACETS_SECONDS), ("filter", FILTERED, FILTERED_SECONDS)):
            page, plain = f"/ledger/claims?{urlencode(parameters)}", f"/ledger/claims?{_with_facets(parameters)}"
            times, note = _measure_requests(ours + page)
            stock_times, stock_note = _measure_requests(stock + plain)
            yield Measurement(f"claims, {label}{note}", times, f"stock{stock_note}", stock_times, limit=limit)
        if shutil.which("sqlite3"):
            for guard, target in CSV_RATIOS.items():
                address = f"{ours}/ledger/claims/-/csv?_guard={guard}"
                pairs = [_csv_and_floor(address, path, process) for _ in range(REQUESTS)]
                label, (csv, floor) = f"CSV, guard {guard}, {_peak_memory(process)}", zip(*pairs, strict=True)
                yield Measurement(label, csv, "sqlite3 -csv", floor, target)


def _with_facets(parameters: Mapping[str, str]) -> str:
    return urlencode([*parameters.items(), *(("_facet", facet) for facet in CLAIMS.facets)])


@contextmanager
def _server(path: Path, options: Sequence[str], program: Sequence[str] = OURS) -> Iterator[tuple[str, int]]:
    """Serve the file with this plug-in, or as stock Datasette; yield the server's address and process ID."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, *program, "serve", path.name, "--port", str(port), *options]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=path.parent, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for_answer(server, f"http://127.0.0.1:{port}/-/versions.json")
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def _measure_requests(address: str) -> tuple[list[Times], str]:
    """Return the times of the requests, and a note for the label: facets that timed out, or the HTTP error."""
    http_error = _http_error(address)  # the first request opens the file
    times = [_seconds(address) for _ in range(REQUESTS)]
    return [(seconds, seconds) for seconds in times], http_error or _timed_out_facets(address)


def _http_error(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=600):  # noqa: S310  our own server
            return ""
    except HTTPError as refusal:
        return f", answers {refusal.code}"


def _seconds(address: str) -> float:
    began = time.perf_counter()
    with suppress(HTTPError), urllib.request.urlopen(address, timeout=600) as answer:  # noqa: S310  our own server
        while answer.read(1 << 20):
            pass
    return time.perf_counter() - began


def _timed_out_facets(address: str) -> str:
    """Return a note for the label on how many facets timed out."""
    with urllib.request.urlopen(address.replace("?", ".json?"), timeout=600) as answer:  # noqa: S310  our own server
        left_out = json.load(answer).get("facets_timed_out", [])
    return f", {len(left_out)} of {len(CLAIMS.facets)} facets left out" if left_out else ""


def _csv_and_floor(address: str, path: Path, process: int) -> tuple[Times, Times]:
    """Return the times of a CSV from the server, and of the same table from the sqlite3 command line."""
    worked = _processor_seconds(process)
    seconds = _seconds(address)
    ours = seconds, _processor_seconds(process) - worked
    worked = os.times().children_user + os.times().children_system
    seconds = _sqlite_csv_seconds(path)
    return ours, (seconds, os.times().children_user + os.times().children_system - worked)


def _processor_seconds(process: int) -> float:
    """Return the processor time of a process so far; the wall clock's where the system does not report it."""
    status = Path(f"/proc/{process}/stat")
    if not status.exists():
        return time.perf_counter()
    fields = status.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _sqlite_csv_seconds(path: Path) -> float:
    command = ["sqlite3", "-readonly", "-csv", "-header", str(path), "SELECT * FROM claims ORDER BY rowid"]
    began = time.perf_counter()
    with path.with_name("floor.csv").open("wb") as file:
        subprocess.run(command, stdout=file, check=True)
    return time.perf_counter() - began


def _peak_memory(process: int) -> str:
    """Return a note for the label on the peak memory of a process, as far as the system reports it."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    return f"at most {int(found[1]) / 1000:,.0f} MB" if found else "memory unknown"
