"""A long archive is spotted into the same rows by one process, two, three parts, and a Ray cluster that loses nodes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
from archive_cluster import RayCluster, Usage, mark_variables, running_cluster, start_spotting, watch
from archive_sources import finish_times, hash_rows, make_long_archive, wait_until

from claimledger.archive.inspection import check_archive
from claimledger.archive.output_files import manifest_path, read_manifest, read_settings

pytestmark = [pytest.mark.soak, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
ARTICLES = int(os.environ.get("CLAIMLEDGER_ARCHIVE", "20000"))
"""The number of articles."""
SHORT_ARTICLES = int(os.environ.get("CLAIMLEDGER_SHORT_ARTICLES", "1000000"))
"""The number of articles of the run whose memory must stay flat."""
SHORT_LENGTH = 100
"""The least characters of each of them."""
LEAST_SPEED = 0.9
"""The least articles a second of processor time on Ray, as a share of those without Ray."""
MOST_MEMORY = 800_000
"""The kilobytes that a process may use."""
MOST_GROWTH = 50_000
"""The kilobytes by which the largest process may grow in the second half of a run."""
LONGEST_RUN = 7200
Measured = Callable[[str, object], None]


class LocalRun(NamedTuple):
    """The result of one process."""

    source: Path
    hashes: dict[str, str]
    speed: float
    """Articles a second of processor time."""


def read_speed(out: Path) -> float:
    """Return the articles a second of processor time in the median shard, which loads no model."""
    return median(row.articles / row.seconds for row in read_manifest(out).values())


def describe(name: str, out: Path, usages: list[Usage]) -> str:
    """Return a sentence about a run; fail if it used too much memory."""
    peaks = [max(usage.peaks) for usage in usages]
    assert max(peaks) <= MOST_MEMORY, peaks
    for usage in usages:
        half = len(usage.peaks) // 2
        assert max(usage.peaks[half:]) - max(usage.peaks[:half]) <= MOST_GROWTH, usage.peaks
    rows = read_manifest(out).values()
    return (
        f"{name}: {sum(row.articles for row in rows):,} articles, {sum(row.candidates for row in rows):,} candidates, "
        f"{read_speed(out):.1f} articles a second of processor time in the median shard; all processes together "
        f"{sum(usage.seconds for usage in usages):.0f} s of processor time, start included, at most "
        f"{max(peaks) / 1000:.0f} MB each"
    )


def spot_locally(source: Path, out: Path, *options: str) -> Usage:
    variables = mark_variables()
    with start_spotting(source, out, variables, *options) as driver:
        used = watch(variables, driver)
        _, errors = driver.communicate(timeout=60)
    assert driver.returncode == 0, errors
    return used


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, record_testsuite_property: Measured) -> LocalRun:
    folder = tmp_path_factory.mktemp("long")
    make_long_archive(folder / "source", ARTICLES)
    used = spot_locally(folder / "source", folder / "one", "--jobs", "1")
    hashes = hash_rows(folder / "one")
    told = f"; SHA-256 of the sorted candidates {hashes['candidates'][:16]}…"
    record_testsuite_property("measured", describe("one process", folder / "one", [used]) + told)
    assert check_archive(folder / "one") == []
    assert read_settings(folder / "one").languages == ("en", "ko")  # without them the rows are equal, too
    return LocalRun(folder / "source", hashes, read_speed(folder / "one"))


def test_two_processes_give_the_same_rows(local: LocalRun, tmp_path: Path, record_property: Measured) -> None:
    used = spot_locally(local.source, tmp_path, "--jobs", "2")
    record_property("measured", describe("two processes", tmp_path, [used]))
    assert hash_rows(tmp_path) == local.hashes


def test_three_parts_give_the_same_rows(local: LocalRun, tmp_path: Path, record_property: Measured) -> None:
    used = [spot_locally(local.source, tmp_path, "--part", f"{part}/3") for part in (2, 3, 1)]
    record_property("measured", describe("three parts", tmp_path, used))
    assert hash_rows(tmp_path) == local.hashes


def test_memory_stays_flat_over_a_million_articles(tmp_path: Path, record_property: Measured) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_long_archive(source, SHORT_ARTICLES, SHORT_LENGTH)
    used = spot_locally(source, out, "--jobs", "1")
    tenths = [max(used.peaks[len(used.peaks) * n // 10 : len(used.peaks) * (n + 1) // 10]) // 1000 for n in range(10)]
    record_property("measured", describe("one process, short articles", out, [used]) + f"; MB in each tenth: {tenths}")
    assert sum(row.articles for row in read_manifest(out).values()) == SHORT_ARTICLES
    assert check_archive(out) == []


def wait_for_share(out: Path, share: float, driver: subprocess.Popen[str]) -> None:
    """Wait until a share of the shards is done."""
    plan = -(-ARTICLES // 500)
    wait_until(
        lambda: len(list((out / "manifest").glob("*.json"))) >= share * plan or driver.poll() is not None, LONGEST_RUN
    )
    assert driver.poll() is None, driver.communicate()


def kill_two_nodes(cluster: RayCluster, out: Path, driver: subprocess.Popen[str]) -> None:
    """Kill a node after a fifth of the shards and another one after three fifths; then a new one joins."""
    for share in (0.2, 0.6):
        wait_for_share(out, share, driver)
        cluster.do("kill")
    cluster.do("add")


NEEDS_RAY = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: pip install 'claimledger[cluster]'"
)


@NEEDS_RAY
@pytest.mark.parametrize("is_disturbed", [False, True])
def test_ray_gives_the_same_rows(
    local: LocalRun, tmp_path: Path, record_property: Measured, *, is_disturbed: bool
) -> None:
    with (
        running_cluster() as cluster,
        cluster.spot(local.source, tmp_path) as driver,
        ThreadPoolExecutor(1) as pool,
    ):
        disturbance = pool.submit(kill_two_nodes, cluster, tmp_path, driver) if is_disturbed else None
        used = watch(cluster.variables, driver)
        if disturbance:
            disturbance.result()
        _, errors = driver.communicate(timeout=60)
    assert driver.returncode == 0, errors
    name = "Ray, three nodes, two of them killed and one added" if is_disturbed else "Ray, three nodes"
    again = sum(row.starts - 1 for row in read_manifest(tmp_path).values())
    speed = read_speed(tmp_path) / local.speed
    told = f"; {again} shards started again; {speed:.2f} of the speed of one process without Ray"
    record_property("measured", describe(name, tmp_path, [used]) + told)
    assert hash_rows(tmp_path) == local.hashes
    assert check_archive(tmp_path) == []
    assert is_disturbed or speed >= LEAST_SPEED


@NEEDS_RAY
def test_driver_killed_three_times_gives_the_same_rows(
    local: LocalRun, tmp_path: Path, record_property: Measured
) -> None:
    with running_cluster() as cluster:
        for share in (0.25, 0.5, 0.75):
            with cluster.spot(local.source, tmp_path) as driver:
                wait_for_share(tmp_path, share, driver)
                driver.kill()
            time.sleep(10)  # Ray ends the processes of a lost driver
        before = finish_times(tmp_path)
        cut = max(before)
        manifest_path(tmp_path, cut).unlink()  # as if killed between the tables and the manifest
        with cluster.spot(local.source, tmp_path) as driver:
            _, errors = driver.communicate(timeout=LONGEST_RUN)
    assert driver.returncode == 0, errors
    after = finish_times(tmp_path)
    assert {name for name in before if after[name] != before[name]} == {cut}
    told = f"Ray, driver killed three times: {len(before) - 1} of {len(after)} shards were not read again; equal rows"
    record_property("measured", told)
    assert hash_rows(tmp_path) == local.hashes
    assert check_archive(tmp_path) == []
