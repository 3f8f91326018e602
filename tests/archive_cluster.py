"""Runs of `archive spot` whose processes are found and measured, and a Ray cluster of three nodes on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, NamedTuple

from archive_sources import wait_until

SPOT = "from claimledger.cli import main; main()"
MARK = "CLAIMLEDGER_TEST_CLUSTER"


class Usage(NamedTuple):
    """The use of a run's processes."""

    seconds: float
    """Their processor time."""
    peaks: Sequence[int]
    """The largest memory of a process at each look, in kilobytes."""


def mark_variables() -> dict[str, str]:
    """Return the environment for programs whose processes are to be found."""
    return {**os.environ, MARK: token_hex(8), "PYTHONPATH": os.pathsep.join(sys.path)}


def start_spotting(source: Path, out: Path, variables: dict[str, str], *options: str) -> subprocess.Popen[str]:
    """Start a run in a process of its own."""
    command = [sys.executable, "-c", SPOT, "archive", "spot", str(source), str(out), *options]
    return subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def find_marked(variables: dict[str, str]) -> list[int]:
    """Return the processes that began with these variables (Linux)."""
    word = f"{MARK}={variables[MARK]}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and word in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def watch(variables: dict[str, str], driver: subprocess.Popen[str]) -> Usage:
    """Look at the processes of a run until its driver ends; return what they have used since the first look."""
    before, seconds, peaks = dict[int, float](), dict[int, float](), list[int]()
    while driver.poll() is None:
        looks = {process: used for process in find_marked(variables) if (used := _read_usage(process))}
        for process, (time_used, _) in looks.items():
            before.setdefault(process, time_used if not seconds else 0)
        seconds |= {process: time_used for process, (time_used, _) in looks.items()}
        peaks.append(max((memory for _, memory in looks.values()), default=0))
        time.sleep(1)
    return Usage(sum(seconds.values()) - sum(before.values()), peaks)


def _read_usage(process: int) -> tuple[float, int] | None:
    """Return the processor time and the resident kilobytes of a process, or None if it has ended."""
    try:
        times = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
        pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
    except OSError:
        return None
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") // 1024


class RayCluster:
    """A cluster of three nodes beside a head, whose processes all have a word in their environment."""

    def __init__(self, program: subprocess.Popen[str], variables: dict[str, str]) -> None:
        self.program, self.variables = program, variables
        self.address = self._answer()

    def do(self, word: str) -> None:
        """Kill or add a node, or end the cluster."""
        assert self.program.stdin
        self.program.stdin.write(f"{word}\n")
        self.program.stdin.flush()
        if word != "end":
            assert self._answer() == word

    def _answer(self) -> str:
        output: IO[str] | None = self.program.stdout
        assert output
        return output.readline().strip()

    def spot(self, source: Path, out: Path) -> subprocess.Popen[str]:
        """Start a run on the cluster."""
        return start_spotting(source, out, self.variables, "--ray", self.address)


@contextmanager
def running_cluster() -> Iterator[RayCluster]:
    """Start a cluster; at the end, wait until nothing of it is left running."""
    variables = mark_variables()
    command = [sys.executable, str(Path(__file__).with_name("ray_cluster.py"))]
    with subprocess.Popen(
        command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        started = RayCluster(program, variables)
        yield started
        started.do("end")
        program.wait(60)
    wait_until(lambda: not find_marked(variables))
