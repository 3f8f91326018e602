"""Streamed responses over a real connection (Datasette 0.65 and 1.0): slow or disconnected readers, failures."""

from __future__ import annotations

import asyncio
import http.client
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
import uvicorn
from datasette.app import Datasette

from claimledger.datasette_plugin import streaming
from claimledger.datasette_plugin.streaming import PIECE_SIZE, PieceMaker, StreamedResponse

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

LONG_ROWS = 60_000
"""Rows of the view `long`, 18 MB in all: more than any buffer on the way can contain."""
SCHEMA = f"""
CREATE VIEW long AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {LONG_ROWS})
  SELECT i, printf('%0300d', i) AS text FROM n;
CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0;
CREATE VIEW broken AS SELECT i, CASE WHEN i < 20000 THEN text ELSE json('no JSON') END AS text FROM long;
"""  # noqa: S608  nothing in it comes from outside


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.executescript(SCHEMA)
    return tmp_path / "ledger.db"


@asynccontextmanager
async def serve_database(path: Path) -> AsyncIterator[int]:
    """Run a real server on this machine in a thread; yield its port."""
    server = uvicorn.Server(uvicorn.Config(Datasette([str(path)]).app(), log_level="critical"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join)
        listening.close()


def open_slow_connection(port: int, path: str) -> http.client.HTTPConnection:
    """Return a connection with small buffers that has sent its request and read nothing yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    connection.sock.connect(("127.0.0.1", port))
    connection.request("GET", path)
    return connection


async def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  threads set no event
            await asyncio.sleep(0.02)


def download_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("claimledger-download")]


@pytest.fixture
def piece_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the list of the sizes of the pieces made so far."""
    sizes: list[int] = []
    make = PieceMaker._next

    def recording_next(self: PieceMaker) -> bytes:
        piece = make(self)
        sizes.append(len(piece))
        return piece

    monkeypatch.setattr(PieceMaker, "_next", recording_next)
    return sizes


async def test_slow_reader_delays_the_download_and_gets_all_of_it(ledger: Path, piece_sizes: list[int]) -> None:
    async with serve_database(ledger) as port:
        with closing(await asyncio.to_thread(open_slow_connection, port, "/ledger/long/-/csv")) as connection:
            await wait_until(lambda: bool(piece_sizes))
            before = -1
            while before != len(piece_sizes):  # until nothing more is made
                before = len(piece_sizes)
                await asyncio.sleep(0.5)
            assert 0 < sum(piece_sizes) < LONG_ROWS * 300 / 2
            response = await asyncio.to_thread(connection.getresponse)
            content = await asyncio.to_thread(response.read)
        assert content.count(b"\r\n") == LONG_ROWS + 1
        await wait_until(lambda: not download_threads())


async def test_download_ends_when_the_reader_disconnects(ledger: Path, piece_sizes: list[int]) -> None:
    async with serve_database(ledger) as port:
        connection = await asyncio.to_thread(open_slow_connection, port, "/ledger/long/-/csv")
        await wait_until(lambda: bool(piece_sizes and download_threads()))
        connection.close()
        await wait_until(lambda: not download_threads())
    assert sum(piece_sizes) < LONG_ROWS * 300
    assert PieceMaker._running == 0


async def test_unanswered_query_ends_when_the_reader_disconnects(ledger: Path) -> None:
    async with serve_database(ledger) as port:
        connection = await asyncio.to_thread(open_slow_connection, port, "/ledger/endless/-/csv")
        await wait_until(lambda: bool(download_threads()))
        connection.close()
        await wait_until(lambda: not download_threads())
    assert PieceMaker._running == 0


async def test_failure_during_a_download_is_visible_to_the_reader(ledger: Path) -> None:
    async with serve_database(ledger) as port:
        with closing(await asyncio.to_thread(open_slow_connection, port, "/ledger/broken/-/csv")) as connection:
            response = await asyncio.to_thread(connection.getresponse)
            assert response.status == 200
            with pytest.raises(http.client.IncompleteRead):
                await asyncio.to_thread(response.read)
    assert PieceMaker._running == 0


async def test_stalled_reader_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "PIECE_TIMEOUT", 0.01)
    maker = PieceMaker(lambda: sqlite3.connect(":memory:", check_same_thread=False), lambda _: iter([b"x"] * 9))
    sent: list[streaming.Message] = []

    async def send(message: streaming.Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> streaming.Message:
        await asyncio.Event().wait()
        return {}

    response = StreamedResponse(b"first", maker, receive, headers={}, content_type="text/csv")
    async with asyncio.timeout(60):
        await response.asgi_send(send)
    assert [message.get("more_body") for message in sent] == [None, True]
    await wait_until(lambda: not download_threads())


async def test_small_pieces_are_combined() -> None:
    maker = PieceMaker(
        lambda: sqlite3.connect(":memory:", check_same_thread=False), lambda _: iter([b"x" * 1000] * 500)
    )
    sizes = [len(await maker.next()) for _ in range(3)]
    maker.close()
    maker.close()
    assert PIECE_SIZE <= sizes[0] < PIECE_SIZE + 1000
    assert (sum(sizes), sizes[2]) == (500_000, 0)
    assert PieceMaker._running == 0
