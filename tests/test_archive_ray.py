"""An archive is spotted into the same rows on a Ray cluster, also if nodes or the driver are killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from archive_cluster import RayCluster, find_marked, mark_variables, running_cluster, start_spotting
from archive_sources import make_article, make_lines, sorted_rows, spot_quietly, table_rows, wait_until, write_lines

from claimledger.archive.inspection import check_archive
from claimledger.archive.output_files import read_manifest

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'claimledger[cluster]'"),
]
Rows = dict[str, list[str]]
FILES = 24
DASHBOARD = 8265
"""The port at which Ray shows its own pages, if they are on."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with running_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a source with articles in both languages, three of them bad."""
    folder = tmp_path_factory.mktemp("archive") / "source"
    make_lines(folder, FILES - 1, 20)
    korean = [make_article(number, is_korean=True) for number in range(900, 920)]
    write_lines(folder / "korean.jsonl", [*korean, "{", {"id": "x", "text": None}, make_article(901)])
    return folder


@pytest.fixture(scope="module")
def local_rows(source: Path) -> dict[str, list[str]]:
    """Return the rows that a run on this machine writes."""
    spot_quietly(source, source.parent / "local", jobs=2)
    return sorted_rows(source.parent / "local")


def wait_for_shards(out: Path, count: int, driver: subprocess.Popen[str]) -> None:
    wait_until(lambda: len(list((out / "manifest").glob("*.json"))) >= count or driver.poll() is not None, 300)
    assert driver.poll() is None, driver.communicate()


def test_two_killed_nodes_lose_and_double_nothing(
    cluster: RayCluster,
    source: Path,
    local_rows: Rows,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    began = time.monotonic()
    with cluster.spot(source, tmp_path) as driver:
        wait_for_shards(tmp_path, FILES // 5, driver)
        cluster.do("kill")
        wait_for_shards(tmp_path, FILES * 3 // 5, driver)
        cluster.do("kill")
        cluster.do("add")
        output, errors = driver.communicate(timeout=600)
    assert driver.returncode == 1, errors  # three articles were set aside
    assert f"{FILES} of {FILES} shards are done" in output
    assert sorted_rows(tmp_path) == local_rows
    assert check_archive(tmp_path) == []
    assert len(table_rows(tmp_path, "set-aside")) == 3
    again = sum(row.starts - 1 for row in read_manifest(tmp_path).values())
    seconds = time.monotonic() - began
    sentence = (
        f"{FILES} shards on Ray with two of three nodes killed: {again} started again, {seconds:.0f} s, equal rows"
    )
    record_property("measured", sentence)


def test_killed_driver_goes_on_with_what_is_left(
    cluster: RayCluster,
    source: Path,
    local_rows: Rows,
    tmp_path: Path,
) -> None:
    for word in ("add", "kill"):
        cluster.do(word)
    with cluster.spot(source, tmp_path) as driver:
        wait_for_shards(tmp_path, FILES // 4, driver)
        driver.kill()
    time.sleep(10)  # Ray ends the processes of a lost driver
    before = {name: row.finished for name, row in read_manifest(tmp_path).items()}
    with cluster.spot(source, tmp_path) as driver:
        _, errors = driver.communicate(timeout=600)
    assert driver.returncode == 1, errors
    assert sorted_rows(tmp_path) == local_rows
    after = {name: row.finished for name, row in read_manifest(tmp_path).items()}
    assert {name: after[name] for name in before} == before
    assert FILES // 4 <= len(before) < FILES


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_cluster_of_one_run_is_quiet_and_ends_with_it(source: Path, local_rows: Rows, tmp_path: Path) -> None:
    variables = {name: value for name, value in mark_variables().items() if name != "RAY_USAGE_STATS_ENABLED"}
    with start_spotting(source, tmp_path, variables, "--ray", "local") as driver:
        wait_for_shards(tmp_path, FILES // 4, driver)
        workers = [process for process in find_marked(variables) if process != driver.pid]
        environments = [Path(f"/proc/{process}/environ").read_bytes().split(b"\0") for process in workers]
        with socket.socket() as probe:
            has_dashboard = probe.connect_ex(("127.0.0.1", DASHBOARD)) == 0
        _, errors = driver.communicate(timeout=600)
    assert driver.returncode == 1, errors  # three articles were set aside
    assert sorted_rows(tmp_path) == local_rows
    assert environments
    assert all(b"RAY_USAGE_STATS_ENABLED=0" in one for one in environments)
    assert not has_dashboard
    wait_until(lambda: not find_marked(variables))
