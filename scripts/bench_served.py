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


class Served(NamedTuple):
    """A request to a server and its floor."""

    what: str
    took: Sequence[float]
    floor: str
    floor_took: Sequence[float]
    target: float | None = None
    limit: float | None = None


def measure(path: Path) -> Iterator[Served]:
    """Yield the measurements of the served ledger. CSV is left out if the sqlite3 command line is not installed."""
    (path.parent / "metadata.yml").write_text(metadata_text(), encoding="utf-8")
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    with _server(path, ["-m", "metadata.yml", *settings]) as (ours, process), _server(path, [], "") as (stock, _):
        for what, asked, limit in (("facets", {}, FACETS_SECONDS), ("filter", FILTERED, FILTERED_SECONDS)):
            page, plain = f"/ledger/claims?{urlencode(asked)}", f"/ledger/claims?{_with_facets(asked)}"
            took, told = _often(ours + page)
            stock_took, stock_told = _often(stock + plain)
            yield Served(f"claims, {what}{told}", took, f"stock{stock_told}", stock_took, limit=limit)
        if shutil.which("sqlite3"):
            for guard, target in CSV_RATIOS.items():
                took, floor_took = [_timed(f"{ours}/ledger/claims/-/csv?_guard={guard}")], [_floor(path)]
                yield Served(f"CSV, guard {guard}, {_peak(process)}", took, "sqlite3 -csv", floor_took, target)


def _with_facets(asked: Mapping[str, str]) -> str:
    return urlencode([*asked.items(), *(("_facet", facet) for facet in CLAIMS.facets)])


@contextmanager
def _server(path: Path, options: Sequence[str], plugins: str | None = None) -> Iterator[tuple[str, int]]:
    """Serve the file with all installed plug-ins, or with those named; yield the server's address and process ID."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", "--immutable", path.name, "--port", str(port), *options]
    variables = {**os.environ, **({} if plugins is None else {"DATASETTE_LOAD_PLUGINS": plugins})}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=path.parent, env=variables, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for_answer(server, f"http://127.0.0.1:{port}/-/versions.json")
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def _often(address: str) -> tuple[list[float], str]:
    """Return the times of the requests, and a note for the label: facets that timed out, or the HTTP error."""
    refused = _refused(address)  # the first request takes over the file
    return [_timed(address) for _ in range(REQUESTS)], refused or _left_out(address)


def _refused(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=600):  # noqa: S310  our own server
            return ""
    except HTTPError as refusal:
        return f", answers {refusal.code}"


def _timed(address: str) -> float:
    began = time.perf_counter()
    with suppress(HTTPError), urllib.request.urlopen(address, timeout=600) as answer:  # noqa: S310  our own server
        while answer.read(1 << 20):
            pass
    return time.perf_counter() - began


def _left_out(address: str) -> str:
    """Return a note for the label on how many facets timed out."""
    with urllib.request.urlopen(address.replace("?", ".json?"), timeout=600) as answer:  # noqa: S310  our own server
        left_out = json.load(answer).get("facets_timed_out", [])
    return f", {len(left_out)} of {len(CLAIMS.facets)} facets left out" if left_out else ""


def _floor(path: Path) -> float:
    command = ["sqlite3", "-readonly", "-csv", "-header", str(path), "SELECT * FROM claims ORDER BY rowid"]
    began = time.perf_counter()
    with path.with_name("floor.csv").open("wb") as file:
        subprocess.run(command, stdout=file, check=True)
    return time.perf_counter() - began


def _peak(process: int) -> str:
    """Return a note for the label on the peak memory of a process, as far as the system reports it."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    return f"at most {int(found[1]) / 1000:,.0f} MB" if found else "memory unknown"
