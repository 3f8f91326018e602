"""A response that is produced while it is sent, with bounded memory.

An iterator yields pieces of bytes in a thread. At most two pieces are in memory, however slow the reader is. The thread
and its connection end with the response, also when the reader has left or stops reading. If producing the body fails
half-way, the response is not ended properly, so that no client takes it for complete.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from datasette import Response

from claimledger.errors import LedgerError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_AT_ONCE = 16
"""The largest number of responses produced at the same time in this process; each has a thread and a connection."""
PIECE_TIMEOUT = 120.0
"""The time in seconds that a reader may take for one piece before the response is cancelled."""
PIECE_SIZE = 256 * 1024
"""The smallest size of a piece in bytes, except for the last."""
STEPS_BETWEEN_CHECKS = 10_000
"""The number of instructions of SQLite's virtual machine, about a millisecond, between checks that the reader is
there.
"""

_log = logging.getLogger(__name__)


class TooManyAtOnce(LedgerError):
    """Raised when this process already produces as many responses as it allows at the same time."""


class PieceMaker:
    """Produces pieces of bytes on request, with one SQLite connection in its own thread."""

    _running = 0

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], pieces: Callable[[sqlite3.Connection], Iterator[bytes]]
    ) -> None:
        """Store the two functions, which are called in the thread.

        Raises:
            TooManyAtOnce: `MOST_AT_ONCE` are running already.
        """
        if PieceMaker._running >= MOST_AT_ONCE:
            raise TooManyAtOnce
        PieceMaker._running += 1
        self._connect, self._make = connect, pieces
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="claimledger-download")
        self._connection: sqlite3.Connection | None = None
        self._pieces: Iterator[bytes] = iter(())
        self._is_open = True

    async def next(self) -> bytes:
        """Return the next piece; empty at the end."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._next)

    def close(self) -> None:
        """End the thread and close the connection, even in the middle of a query."""
        if not self._is_open:
            return
        self._is_open = False
        PieceMaker._running -= 1
        self._thread.submit(self._disconnect)
        self._thread.shutdown(wait=False)

    def _next(self) -> bytes:
        if not self._connection:
            self._connection = self._connect()
            # not interrupt(), which has no effect on a query that is just about to begin
            self._connection.set_progress_handler(lambda: not self._is_open, STEPS_BETWEEN_CHECKS)
            self._pieces = self._make(self._connection)
        gathered = []
        size = 0
        for piece in self._pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= PIECE_SIZE:
                break
        return b"".join(gathered)

    def _disconnect(self) -> None:
        self._pieces = iter(())
        if self._connection:
            self._connection.set_progress_handler(None, 0)
            # the cursor of a failed query, still in its traceback, would keep the transaction open after close()
            self._connection.rollback()
            self._connection.close()


async def run_unless_disconnected(work: Awaitable[bytes], receive: Receive) -> bytes | None:
    """Return the result of a task; if the reader leaves first, cancel the task and return None."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class StreamedResponse(Response):  # type: ignore[misc]  # Datasette has no types
    """A response made of the pieces of a maker, beginning with a piece that is already made."""

    def __init__(
        self, first: bytes, maker: PieceMaker, receive: Receive, *, headers: Mapping[str, str], content_type: str
    ) -> None:
        """Take over the maker; it is closed when sending ends, successfully or not."""
        super().__init__(b"", headers=dict(headers), content_type=content_type)
        self._first, self._maker, self._receive = first, maker, receive

    async def asgi_send(self, send: Send) -> None:
        """Send head and body; log an error that occurs half-way and leave the body without its end."""

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)

        try:
            await super().asgi_send(send_head)
            await run_unless_disconnected(self._send_body(send), self._receive)
        except (sqlite3.Error, LedgerError, TimeoutError):
            _log.exception("A download was broken off.")
        finally:
            self._maker.close()

    async def _send_body(self, send: Send) -> bytes:
        """Send each piece while the next one is being made."""
        piece = self._first
        while piece:
            next_piece = asyncio.ensure_future(self._maker.next())
            try:
                async with asyncio.timeout(PIECE_TIMEOUT):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await next_piece
            finally:
                next_piece.cancel()
        await send({"type": "http.response.body", "body": b""})
        return b""
