"""Measure requests per second over HTTP with 32 clients, and answers that mix two versions of a ledger.

The ceiling is a bare ASGI application that answers the bytes of a claim's page on the same server, uvicorn. It is
compared with a stored page, with status 304 and with pages that are rendered for the first time. Datasette's own page
of a row, without this plug-in, is the floor of the last one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench_served import OURS, STOCK

from claimledger.hosting.server import DATASETTE_SETTINGS, wait_for_answer
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.tables import TABLES_FORMAT

CLIENTS = 32
SECONDS = 1.0
ROUNDS = 9
CHANGES_PER_SECOND = 20
FACETS = ("one", "two", "three", "four")
"""The columns of the small ledger. Each cell has the version, so an answer with two versions is mixed."""
TARGETS = {"repeated": 0.5, "304": 0.6}
"""The target shares of the bare application's requests per second."""
_BODY, _HEADERS = "CLAIMLEDGER_BENCH_BODY", "CLAIMLEDGER_BENCH_HEADERS"
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Rate(NamedTuple):
    """Requests per second."""

    label: str
    per_second: float
    share: float
    """The share of the bare application's, or of the stock page's."""
    of: str


async def bare(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """Answer every request with the same bytes: an ASGI application that does nothing else."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _bare_headers()})
    await send({"type": "http.response.body", "body": _bare_body()})


def _bare_body(cache: dict[str, bytes] = {}) -> bytes:  # noqa: B006  read once
    if not cache:
        cache["body"] = Path(os.environ[_BODY]).read_bytes()
    return cache["body"]


def _bare_headers(cache: dict[str, list[tuple[bytes, bytes]]] = {}) -> list[tuple[bytes, bytes]]:  # noqa: B006
    if not cache:
        found = json.loads(os.environ[_HEADERS])
        cache["headers"] = [(name.encode(), value.encode()) for name, value in found]
    return cache["headers"]


def measure(path: Path) -> Iterator[Rate]:
    """Yield the rates of the pages of a ledger with many claims."""
    (path.parent / "metadata.yml").write_text(metadata_text(), encoding="utf-8")
    settings = [word for name, value in DATASETTE_SETTINGS.items() for word in ("--setting", name, value)]
    claims = _claims(path)
    options = ["-m", "metadata.yml", *settings]
    with _datasette(path, options) as ours, _datasette(path, [], STOCK) as stock:
        page = f"/claims/{next(claims).partition('?')[0]}"
        with _bare_server(path.parent, ours, page) as bare_port:
            rates = _rounds({
                "bare": lambda: _rate(bare_port, itertools.repeat(page)),
                "repeated": lambda: _rate(ours, itertools.repeat(page)),
                "304": lambda: _rate(ours, itertools.repeat(page), f"If-None-Match: {_etag(ours, page)}\r\n"),
                "first view": lambda: _rate(ours, (f"/claims/{claim}" for claim in claims)),
                "stock row": lambda: _rate(stock, (f"/ledger/claims/{claim}" for claim in claims)),
            })  # fmt: skip
    for label in ("bare", "repeated", "304"):
        yield Rate(label, rates[label], rates[label] / rates["bare"], "the bare application")
    for label in ("first view", "stock row"):
        yield Rate(label, rates[label], rates[label] / rates["stock row"], "stock's row page")


def _rounds(rates: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Measure each rate in several rounds, one after the other, and return the medians."""
    found: dict[str, list[float]] = {label: [] for label in rates}
    for _ in range(ROUNDS):
        for label, rate in rates.items():
            found[label].append(rate())
    return {label: median(values) for label, values in found.items()}


def _claims(path: Path) -> Iterator[str]:
    """Yield the names of all claims again and again, each time with another query, so that no page is stored."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT claim_id FROM claims ORDER BY claim_id")]
    for turn in itertools.count():
        yield from (f"{name}?turn={turn}" for name in names)


@contextmanager
def _datasette(path: Path, options: Sequence[str], program: Sequence[str] = OURS) -> Iterator[int]:
    command = [sys.executable, *program, "serve", path.name, *options]
    with _process(command, path.parent, dict(os.environ), "/-/versions.json") as port:
        yield port


@contextmanager
def _bare_server(folder: Path, port: int, page: str) -> Iterator[int]:
    """Serve the bytes of a page with the bare application."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=60) as answer:
        body = answer.read()
        headers = [(name, value) for name, value in answer.headers.items() if name not in ("date", "server")]
    (folder / "page.html").write_bytes(body)
    kept = [pair for pair in headers if pair[0].lower() not in ("content-length", "transfer-encoding", "connection")]
    said = json.dumps([*kept, ("content-length", str(len(body)))])
    variables = {**os.environ, _BODY: str(folder / "page.html"), _HEADERS: said}
    command = [sys.executable, "-m", "uvicorn", "bench_http:bare", "--app-dir", str(Path(__file__).parent)]
    with _process(command, folder, variables, "/") as bare_port:
        yield bare_port


@contextmanager
def _process(command: Sequence[str], folder: Path, variables: dict[str, str], page: str) -> Iterator[int]:
    """Run a server until the block ends; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [*command, "--port", str(port)], cwd=folder, env=variables, stdout=quiet, stderr=quiet
    ) as server:
        try:
            wait_for_answer(server, f"http://127.0.0.1:{port}{page}")
            yield port
        finally:
            server.terminate()


def _etag(port: int, page: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=60) as answer:
        return str(answer.headers["etag"])


def _rate(port: int, paths: Iterator[str], headers: str = "") -> float:
    """Return the requests per second of 32 clients that keep their connections."""
    return asyncio.run(_count(port, paths, headers)) / SECONDS


async def _count(port: int, paths: Iterator[str], headers: str) -> int:
    until = time.monotonic() + SECONDS
    counts = await asyncio.gather(*(_client(port, paths, headers, until) for _ in range(CLIENTS)))
    return sum(counts)


async def _client(port: int, paths: Iterator[str], headers: str, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    count = 0
    while time.monotonic() < until:
        writer.write(f"GET {next(paths)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode())
        await _read_answer(reader)
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if head[9:12] not in (b"200", b"304"):
        raise AssertionError(head)
    length = _LENGTH.search(head)
    if length:
        await reader.readexactly(int(length[1]))
    elif head[9:12] == b"200":
        await reader.readuntil(b"\r\n0\r\n\r\n")


class Mixture(NamedTuple):
    """The answers during changes, and those of them with rows of two versions."""

    label: str
    mixed: int
    answers: int


UNCHECKED = "plugins: {claimledger: {check_rows_at_start: false}}\n"
"""The settings for a ledger whose rows change without their checksums."""


def measure_mixtures(folder: Path) -> Iterator[Mixture]:
    """Yield the mixed answers of a table page with a facet at 20 changes a second, without and with the plug-in."""
    folder.mkdir(exist_ok=True)
    for label, program in (("plain Datasette", STOCK), ("with the plug-in", OURS)):
        path = folder / "ledger.db"
        _make_small_ledger(path)
        (folder / "metadata.yml").write_text(UNCHECKED, encoding="utf-8")
        with _datasette(path, ["-m", "metadata.yml"], program) as port:
            stopped = threading.Event()
            writer = threading.Thread(target=_change, args=(path, stopped))
            writer.start()
            try:
                answers = list(_read_versions(port))
            finally:
                stopped.set()
                writer.join()
        yield Mixture(label, sum(len(versions) > 1 for versions in answers), len(answers))


def _make_small_ledger(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE about (name, value)")
        connection.execute(f"CREATE TABLE claims (claim_id PRIMARY KEY, {', '.join(FACETS)})")
        about = [("format", str(TABLES_FORMAT)), ("content_sha256", "v0")]
        connection.executemany("INSERT INTO about VALUES (?, ?)", about)
        rows = [(number, *["v0"] * len(FACETS)) for number in range(500)]
        connection.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608
        connection.commit()


def _change(path: Path, stopped: threading.Event) -> None:
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for number in itertools.count(1):
            if stopped.wait(1 / CHANGES_PER_SECOND):
                return
            changes = ", ".join(f"{facet} = ?" for facet in FACETS)
            connection.execute(f"UPDATE claims SET {changes}", [f"v{number}"] * len(FACETS))  # noqa: S608
            connection.execute("UPDATE about SET value = ? WHERE name = 'content_sha256'", (f"v{number}",))
            connection.commit()


def _read_versions(port: int) -> Iterator[set[str]]:
    """Request a table page again and again; yield the versions in each answer."""
    until = time.monotonic() + 9 * SECONDS
    address = f"http://127.0.0.1:{port}/ledger/claims.json?_extra=facet_results"
    address += "".join(f"&_facet={facet}" for facet in FACETS)
    while time.monotonic() < until:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  our own server
            yield set(re.findall(r'"v[0-9]+"', answer.read().decode()))


def report(path: Path) -> Iterator[str]:
    """Yield the lines that `scripts/bench` prints."""
    for rate in measure(path):
        target = f", target {TARGETS[rate.label]:.2f}" if rate.label in TARGETS else ""
        yield f"HTTP, {rate.label:<12} {rate.per_second:8,.0f}/s  {rate.share:5.2f} of {rate.of}{target}"
    for found in measure_mixtures(path.parent / "mixtures"):
        yield f"HTTP, mixed versions, {found.label}: {found.mixed} of {found.answers} answers"
