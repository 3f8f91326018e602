"""Serve a ledger with Datasette: check the port, start the server, wait for its answer, and end it.

Datasette runs as a process of its own until Ctrl-C or SIGTERM. However this process ends, the server is stopped.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import httpx

from claimledger.errors import LedgerError
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.dataset import licence_address
from claimledger.publishing.metadata import PRINTED_HEAD, metadata_text
from claimledger.publishing.site import read_settings_file, site_from_settings

DATASETTE_SETTINGS = {
    "default_allow_sql": "off",  # SQL sees past table permissions
    "allow_download": "off",
    "suggest_facets": "off",  # with many claims it takes far longer than the page itself
    "default_cache_ttl": "0",  # browsers and proxies would show pages of the previous ledger for this many seconds
    "max_csv_mb": "0",  # with a limit Datasette cuts a CSV short and still answers 200
}
"""The settings of Datasette for a ledger that anyone may read."""
DESK_PACKAGES = ("starlette", "python_multipart", "openpyxl")
"""The packages of the extra `desk` without which the desk's pages cannot be shown."""
PATIENCE = 60
"""The seconds that Datasette may take to answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place at which a server listens."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8001
    """The TCP port."""
    base_path: str = "/"
    """The path below which a proxy shows the site, with slashes at both ends."""
    uds: str = ""
    """The path of a Unix socket to listen on instead; empty for a port."""

    @property
    def address(self) -> str:
        """The address that a browser on this machine opens.

        >>> Place("0.0.0.0", 8002).address, Place("::1").address
        ('http://127.0.0.1:8002/', 'http://[::1]:8001/')
        """
        if self.uds:
            return f"http://localhost{self.base_path}"
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  compared, not listened on
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}{self.base_path}"


class PortUnavailable(LedgerError):
    """Raised when no server can listen on the port."""

    def __init__(self, place: Place, reason: str | None) -> None:
        """Name the place; `reason` is that of the system, or None if another program uses the port."""
        more = {"reason": reason} if reason else {"next": place.port + 1}
        super().__init__("other" if reason else "in-use", host=place.host, port=str(place.port), **more)


class SocketUnavailable(LedgerError):
    """Raised when no server can listen at the path of a Unix socket."""


class ServerDidNotStart(LedgerError):
    """Raised when Datasette ended or did not answer in time."""


class DeskPackagesMissing(LedgerError):
    """Raised when the desk is to be served without the packages that its pages need."""


def check_place(place: Place) -> None:
    """Check that a server can listen at the port or the socket, before anything that takes long.

    Raises:
        PortUnavailable, SocketUnavailable: no server can listen there.
    """
    if place.uds:
        _check_socket(place.uds)
    else:
        _check_port(place)


def _check_port(place: Place) -> None:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name == "posix":  # a port just left is free; on Windows this option would also share one in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as fault:
            raise PortUnavailable(place, None if fault.errno == errno.EADDRINUSE else fault.strerror) from None


def _check_socket(path: str) -> None:
    """Check that the path is free, or is the socket of a server that has ended, which the next one replaces."""
    if not hasattr(socket, "AF_UNIX"):
        raise SocketUnavailable("no-sockets")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            if Path(path).is_socket():
                probe.connect(path)
                raise SocketUnavailable("in-use", path=path)
            probe.bind(path)
        except ConnectionRefusedError:
            return
        except OSError as fault:
            variant = "other" if fault.errno else "too-long"  # Python refuses a long path before the system does
            raise SocketUnavailable(variant, path=path, reason=fault.strerror or "") from None
    Path(path).unlink()


def check_desk_packages() -> None:
    """Check that the packages of the desk's pages are installed.

    Raises:
        DeskPackagesMissing: at least one is missing.
    """
    if missing := tuple(name for name in DESK_PACKAGES if importlib.util.find_spec(name) is None):
        raise DeskPackagesMissing(names=missing)


def server_command(ledger: Path, metadata: Path, place: Place) -> list[str]:
    """Return the command that serves a ledger.db with the descriptions in `metadata`.

    The file is opened as one that changes: a publish writes it while it is served, and the plug-in lets each request
    read one version. Datasette 1.0 reads configuration (SQL permission, queries) only with -c; 0.65 has no -c.
    """
    configuration = [] if version("datasette").startswith("0.") else ["-c", str(metadata)]
    settings = [word for name, value in DATASETTE_SETTINGS.items() for word in ("--setting", name, value)]
    below = ["--setting", "base_url", place.base_path] if place.base_path != "/" else []
    where = ["--uds", place.uds] if place.uds else ["--host", place.host, "--port", str(place.port)]
    python = [sys.executable, "-m", "datasette", "serve", str(ledger)]
    return [*python, "-m", str(metadata), *configuration, *settings, *below, "--cors", *where]


def serve(places: LedgerPaths, place: Place, tell: Callable[[], None], *, has_desk: bool = False) -> int:
    """Serve a ledger until Ctrl-C or SIGTERM, and return the server's exit code; `tell` is called when it answers.

    Raises:
        ServerDidNotStart: Datasette ended or did not answer in time.
    """
    variables = {**os.environ, "PYTHONUTF8": "1", **({"CLAIMLEDGER_DESK": str(places.root)} if has_desk else {})}
    if not has_desk:
        variables.pop("CLAIMLEDGER_DESK", None)
    with _metadata_file(places.root) as metadata:
        server = subprocess.Popen(server_command(places.ledger, metadata, place), env=variables)  # noqa: S603  our own
        return attend(server, place, tell)


def attend(server: subprocess.Popen[bytes], place: Place, tell: Callable[[], None]) -> int:
    """Call `tell` when a server answers, and wait until it ends or a person ends it; return its exit code.

    Raises:
        ServerDidNotStart: it ended or did not answer in time.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        wait_for_answer(server, place.address, place.uds)
        tell()
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(server)


def ledger_metadata(root: Path) -> str:
    """Return metadata.yml of the ledger in a folder, with the licence of its settings."""
    licence = licence_address(site_from_settings(read_settings_file(root), ""))
    return metadata_text(licence, PRINTED_HEAD)


@contextmanager
def _metadata_file(root: Path) -> Iterator[Path]:
    """Yield the path of a file with the descriptions of tables and columns, for as long as the server runs."""
    with tempfile.TemporaryDirectory(prefix="claimledger-") as folder:
        path = Path(folder) / "metadata.yml"
        path.write_text(ledger_metadata(root), encoding="utf-8")
        yield path


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat a polite request to end (SIGTERM) as Ctrl-C."""
    raise KeyboardInterrupt


def wait_for_answer(server: subprocess.Popen[bytes], address: str, uds: str = "") -> None:
    """Wait until the server answers at an address, or at a Unix socket.

    Raises:
        ServerDidNotStart: the server ended, or did not answer in time.
    """
    until = time.monotonic() + PATIENCE
    with httpx.Client(transport=httpx.HTTPTransport(uds=uds or None), timeout=5) as direct:
        while time.monotonic() < until:
            if server.poll() is not None:
                raise ServerDidNotStart("ended")
            try:
                direct.get(address)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
    raise ServerDidNotStart("silent", address=uds or address, seconds=PATIENCE)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and wait for it, ignoring further Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
