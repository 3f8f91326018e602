"""Measure how much faster two worker processes read many files than one.

The files contain made-up news (tests/spotting/*.toml), each in another order. The time starts after the first three
files: starting a worker and loading the Korean model takes a few seconds once. Wall clock time is used, so the
measurement needs two idle cores. Runs alternate, and the shortest counts.
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from pathlib import Path

from scores.bars import record_score
from scores.korean import CASES

from claimledger.spotting import spot_files

FILES, FIRST = 60, 3
REPEATED = 2
RUNS = 2


def report() -> None:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        paths = make_files(Path(folder))
        times = [[measure_seconds(paths, workers) for workers in (1, 2)] for _ in range(RUNS)]
    one, two = map(min, zip(*times, strict=True))
    print(f"workers: {FILES - FIRST} files in {one:.2f} s by one, {two:.2f} s by two: {one / two:.2f} times")
    record_score("Two workers, times one", one / two)


def make_files(folder: Path) -> list[Path]:
    """Write the files."""
    cases = [case["text"] for file in CASES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    paths = [folder / f"{number:03}.txt" for number in range(FILES)]
    for number, path in enumerate(paths):
        path.write_text("\n".join([*cases[number:], *cases[:number]] * REPEATED), encoding="utf-8")
    return paths


def measure_seconds(paths: list[Path], workers: int) -> float:
    """Return the seconds from the first few files to the last."""
    began = 0.0
    for done, _ in enumerate(spot_files(paths, workers=workers), start=1):
        if done == FIRST:
            began = time.perf_counter()
    return time.perf_counter() - began
