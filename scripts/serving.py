"""How a server is started, waited for and stopped: what `scripts/serve` and `scripts/desk` share.

In: an environment, a place to listen, a ledger. Out: a running Datasette, until Ctrl-C. The invariant: whatever ends
the script ends the server.
"""

import argparse
import errno
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from environment import NEXT_CORE, ROOT, Environment, Failed, run, say

SETTINGS = {
    "default_allow_sql": "off",  # SQL sees past table permissions
    "allow_download": "off",
    "suggest_facets": "off",  # with many claims it takes far longer than the page itself
    "default_cache_ttl": "0",  # a browser or proxy would show a page of the ledger before for as many seconds
    "max_csv_mb": "0",  # with a limit Datasette cuts a CSV short and answers 200 all the same
}
PATIENCE = 60
"""Seconds Datasette may take to answer."""


def add_place(parser: argparse.ArgumentParser) -> None:
    """Let a command line say where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8001, help="port to listen on (default: %(default)s)")


def port(text: str) -> int:
    """Read a port number."""
    if not 0 < int(text) < 1 << 16:
        raise ValueError
    return int(text)


def check_port(host: str, port: int) -> None:
    """Refuse at once what Datasette would refuse after the long part.

    Raises:
        Failed: nothing can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if os.name == "posix":  # a port just left is free; on Windows this option would also share one in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                raise Failed(f"Cannot listen on port {port} of {host}: {fault.strerror}.") from None
            raise Failed(
                f"Port {port} is already in use. Stop what uses it, or choose another: --port {port + 1}"
            ) from None


def build(chosen: Environment, folder: Path = ROOT) -> None:
    """Bring a folder's ledger.db up to date with its log; a fresh one is left alone.

    Raises:
        Failed: that was refused.
    """
    say("Building ledger.db from the log, unless it is up to date ...")
    if run([chosen.tool("claimledger"), "--root", str(folder), "build"]):
        raise Failed("ledger.db could not be built; why stands above.")


def server_command(chosen: Environment, host: str, port: int, ledger: str = "ledger.db") -> list[str]:
    """Return the command that serves a ledger.db.

    Immutable: nothing writes to this file (a build replaces it whole), so SQLite needs no locks and leaves no files
    beside it, Datasette counts rows once, and the plug-in shows each new file from the next request on.
    """
    # 1.0 reads configuration (SQL permission, queries) with -c alone, and metadata with -m; 0.65 has no -c.
    metadata = ["-m", "metadata.yml", *(["-c", "metadata.yml"] if chosen == NEXT_CORE else [])]
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    place = ["--host", host, "--port", str(port)]
    return [chosen.tool("datasette"), "serve", "--immutable", ledger, *metadata, *settings, *place]


def address_of(host: str, port: int) -> str:
    """Return the address a browser on this machine opens."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not listened on
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def serve(command: Sequence[str], address: str, variables: Mapping[str, str], tell: Callable[[], None]) -> int:
    """Start a server, `tell` when it answers, and serve until it ends or Ctrl-C is pressed; return its exit code."""
    say("Starting Datasette ...")
    signal.signal(signal.SIGTERM, interrupt)
    server = subprocess.Popen(command, cwd=ROOT, env=variables)
    try:
        wait_for_answer(server, address)
        tell()
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        stop(server)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Take a polite request to end (SIGTERM) for Ctrl-C."""
    raise KeyboardInterrupt


def wait_for_answer(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers.

    Raises:
        Failed: it ended, or did not answer in time.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Failed("Datasette ended before it answered; what it said stands above.")
        try:
            direct.open(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Failed(f"Datasette did not answer at {address} within {PATIENCE} seconds.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and wait for it, whatever else is pressed meanwhile."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
