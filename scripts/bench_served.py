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

from serving import SETTINGS, wait_for_answer

from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.tables import CLAIMS

REQUESTS = 7
FILTERED = {"verification_status": "not_checked"}
"""A filter that nine tenths of the generated claims match."""
FACETS_SECONDS, FILTERED_SECONDS = 0.400, 0.650
CSV_RATIOS = {"on": 1 / 0.35, "off": 1 / 0.5}
"""The target ratios of the whole CSV to the sqlite3 command line, with the formula guard and without it."""


class Measurement(NamedTuple):
    """A request to a server and its floor."""

    label: str
    times: Sequence[float]
    floor: str
    floor_times: Sequence[float]
    target: float | None = None
    limit: float | None = None


def measure(path: Path) -> Iterator[Measurement]:
    """Yield the measurements of the served ledger. CSV is left out if the sqlite3 command line is not installed."""
    (path.parent / "metadata.yml").write_text(metadata_text(), encoding="utf-8")
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    with _server(path, ["-m", "metadata.yml", *settings]) as (ours, process), _server(path, [], "") as (stock, _):
        for label, parameters, limit in (("facets", {}, FACETS_SECONDS), ("filter", FILTERED, FILTERED_SECONDS)):
            page, plain = f"/ledger/claims?{urlencode(parameters)}", f"/ledger/claims?{_with_facets(parameters)}"
            times, note = _measure_requests(ours + page)
            stock_times, stock_note = _measure_requests(stock + plain)
            yield Measurement(f"claims, {label}{note}", times, f"stock{stock_note}", stock_times, limit=limit)
        if shutil.which("sqlite3"):
            for guard, target in CSV_RATIOS.items():
                times, floor_times = (
                    [_seconds(f"{ours}/ledger/claims/-/csv?_guard={guard}")],
                    [_sqlite_csv_seconds(path)],
                )
                yield Measurement(
                    f"CSV, guard {guard}, {_peak_memory(process)}", times, "sqlite3 -csv", floor_times, target
                )


def _with_facets(parameters: Mapping[str, str]) -> str:
    return urlencode([*parameters.items(), *(("_facet", facet) for facet in CLAIMS.facets)])


@contextmanager
def _server(path: Path, options: Sequence[str], plugins: str | None = None) -> Iterator[tuple[str, int]]:
    """Serve the file with all installed plug-ins, or with those named; yield the server's address and process ID."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", path.name, "--port", str(port), *options]
    variables = {**os.environ, **({} if plugins is None else {"DATASETTE_LOAD_PLUGINS": plugins})}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=path.parent, env=variables, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for_answer(server, f"http://127.0.0.1:{port}/-/versions.json")
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def _measure_requests(address: str) -> tuple[list[float], str]:
    """Return the times of the requests, and a note for the label: facets that timed out, or the HTTP error."""
    http_error = _http_error(address)  # the first request opens the file
    return [_seconds(address) for _ in range(REQUESTS)], http_error or _timed_out_facets(address)


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
