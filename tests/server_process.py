"""A real `datasette serve` in a process of its own, and clients that read its answers."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

import running
from datasette import hookspecs
from versioned_ledger import METADATA

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
SETTINGS = ("default_page_size 20", "max_returned_rows 20", "default_cache_ttl 0", "max_csv_mb 0")


class Client:
    """A connection to a server on this machine."""

    def __init__(self, port: int, *, small_buffer: bool = False) -> None:
        """Connect; with a small buffer the server must wait until an answer is read."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=running.LONGEST_WAIT)
        if small_buffer:
            self._connection.sock = socket.socket()
            self._connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
            self._connection.sock.connect(("127.0.0.1", port))

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *fault: object) -> None:
        """Close the connection."""
        self._connection.close()

    def request(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> None:
        """Send a request."""
        self._connection.request(method, path, headers=dict(headers or {}))

    def response(self) -> http.client.HTTPResponse:
        """Return the answer to the request."""
        return self._connection.getresponse()

    def get(self, path: str) -> str:
        """Return the text of a page, and assert that there is one."""
        self.request(path)
        response = self.response()
        text = response.read().decode()
        assert response.status == 200, (path, response.status, text)
        return text


@contextmanager
def serving_process(
    path: Path,
    *,
    options: Sequence[str] = (),
    is_immutable: bool = False,
    preexec_fn: Callable[[], None] | None = None,
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run a real `datasette serve`; yield its port and its process once it answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    command = serve_command(path, port, options, is_immutable=is_immutable)
    with subprocess.Popen(
        command, cwd=path.parent, stdout=subprocess.DEVNULL,
        preexec_fn=preexec_fn,  # noqa: PLW1509  it needs no lock of another thread
    ) as server:  # fmt: skip
        try:
            wait_until(lambda: _answers(port))
            yield port, server
        finally:
            running.end(server)


def serve_command(path: Path, port: int, options: Sequence[str] = (), *, is_immutable: bool = False) -> list[str]:
    """Return the command that serves a ledger as in the documentation."""
    metadata = path.with_name("metadata.json")
    metadata.write_text(json.dumps(METADATA), encoding="utf-8")
    files = [*(["-i"] if is_immutable else []), path.name, "-m", "metadata.json"]
    files += ["-c", "metadata.json"] if IS_1_0 else []
    settings = [word for setting in SETTINGS for word in ("--setting", *setting.split())]
    return [sys.executable, "-m", "datasette", "serve", *files, "-p", str(port), *settings, *options]


def _answers(port: int) -> bool:
    with Client(port) as client:
        try:
            client.request("/-/versions.json")
            return client.response().status == 200
        except ConnectionError:
            return False


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true.

    Raises:
        AssertionError: it is still false after a minute.
    """
    end = time.monotonic() + running.LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
