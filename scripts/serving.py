"""Start, wait for and stop a server, for `scripts/serve` and `scripts/desk`.

Datasette runs until Ctrl-C. However the script ends, the server is stopped.
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
    "default_cache_ttl": "0",  # browsers and proxies would show pages of the previous ledger for this many seconds
    "max_csv_mb": "0",  # with a limit Datasette cuts a CSV short and still answers 200
}
PATIENCE = 60
"""The seconds that Datasette may take to answer."""


def add_address_options(parser: argparse.ArgumentParser) -> None:
    """Add the options `--host` and `--port` to a command line."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8001, help="port to listen on (default: %(default)s)")


def port(text: str) -> int:
    """Parse a port number."""
    if not 0 < int(text) < 1 << 16:
        raise ValueError
    return int(text)


def check_port(host: str, port: int) -> None:
    """Check that the port is free, before anything that takes long.

    Raises:
        Failed: no server can listen there.
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


def build(environment: Environment, folder: Path = ROOT) -> None:
    """Build a folder's ledger.db from its log, unless it is up to date.

    Raises:
        Failed: the build failed.
    """
    say("Building ledger.db from the log, unless it is up to date ...")
    if run([environment.tool("claimledger"), "--root", str(folder), "build"]):
        raise Failed("ledger.db could not be built. The reason is above.")


def server_command(environment: Environment, host: str, port: int, ledger: str = "ledger.db") -> list[str]:
    """Return the command that serves a ledger.db.

    The file is opened as one that changes: a publish writes it while it is served, and the plug-in lets each request
    read one version.
    """
    # 1.0 reads configuration (SQL permission, queries) only with -c, and metadata with -m. 0.65 has no -c.
    metadata = ["-m", "metadata.yml", *(["-c", "metadata.yml"] if environment == NEXT_CORE else [])]
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    place = ["--host", host, "--port", str(port)]
    return [environment.tool("datasette"), "serve", ledger, *metadata, *settings, "--cors", *place]


def address_of(host: str, port: int) -> str:
    """Return the address that a browser on this machine opens."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not listened on
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def serve(command: Sequence[str], address: str, variables: Mapping[str, str], tell: Callable[[], None]) -> int:
    """Start a server, call `tell` when it answers, and wait until it ends or Ctrl-C; return its exit code."""
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
    """Treat a polite request to end (SIGTERM) as Ctrl-C."""
    raise KeyboardInterrupt


def wait_for_answer(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers.

    Raises:
        Failed: the server ended, or did not answer in time.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Failed("Datasette ended before it answered. Its output is above.")
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
    """End the server and wait for it, ignoring further Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
