"""Limits for everything a test waits for: processes, their output, threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from environment import ROOT

LONGEST_WAIT = 60
"""Seconds after which a process, a thread or a server has failed."""


@contextmanager
def running_script(words: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """Start a Python script of this project; yield its process and its output, stderr included.

    The script and its servers are one process group, which is killed at the end, and after three minutes:
    reading the output then ends too.
    """
    is_posix = os.name == "posix"
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=is_posix,
    ) as process:  # fmt: skip
        assert process.stdout

        def kill() -> None:
            if is_posix:
                kill_group(process.pid)
            else:
                process.kill()

        limit = threading.Timer(3 * LONGEST_WAIT, kill)
        limit.start()
        try:
            yield process, process.stdout
        finally:
            limit.cancel()
            kill()


def kill_group(number: int) -> None:
    """Kill the remaining processes of a process group."""
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only ended processes are left
        os.killpg(number, signal.SIGKILL)


def read_until(output: IO[str], words: str) -> str:
    """Return the output of a process, up to the line that contains these words."""
    printed = ""
    while words not in printed:
        line = output.readline()
        assert line, printed
        printed += line
    return printed


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server; kill it if it does not end in time."""
    server.terminate()
    try:
        server.wait(LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(LONGEST_WAIT)
        raise


def join(*threads: threading.Thread) -> None:
    """Wait for threads to end."""
    for thread in threads:
        thread.join(LONGEST_WAIT)
    assert not any(thread.is_alive() for thread in threads)


@contextmanager
def hearing_interrupts() -> Iterator[None]:
    """Let processes started in the block end on SIGINT, even if this process was started as a job that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
