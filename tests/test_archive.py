"""An archive of articles is spotted into the same rows, however it is read and however often the run is interrupted."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock

import pytest
from archive_sources import (
    ENDS, HANGS, finish_times, is_running, make_article, make_lines, make_mixed, sorted_rows, spot_deadly_shard,
    spot_quietly, table_rows, wait_until, write_lines,
)  # fmt: skip
from click.testing import CliRunner, Result

from claimledger.archive import output_files, shard_spotting
from claimledger.archive.attempts import DEATHS, MOST_STARTS, ShardAttempt, begin_run
from claimledger.archive.inspection import check_archive
from claimledger.archive.output_files import (
    ArchiveSettingsDiffer, begin_archive, installed_settings, manifest_path, read_manifest, write_plan,
)  # fmt: skip
from claimledger.archive.processes import run_tasks
from claimledger.archive.shard_spotting import ShardGivenUp, spot_shard
from claimledger.archive.sources import ARTICLES_PER_SHARD, ArticleFields, NoArticles, plan_shards
from claimledger.cli import main
from claimledger.spotting import candidate_to_json, spot_text

slow = pytest.mark.slow


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, ["archive", *map(str, arguments)], env=environment)


def test_shard_keeps_a_record_of_its_starts(tmp_path: Path) -> None:
    for positions in ([], [3, 4], [3]):
        attempt = ShardAttempt(tmp_path, "shard")
        for position in positions:
            attempt.note_article(position)
    assert ShardAttempt(tmp_path, "shard").deadly == frozenset()
    ShardAttempt(tmp_path, "shard").note_article(4)
    last = ShardAttempt(tmp_path, "shard")
    assert (last.deadly, last.starts, last.is_hopeless) == (frozenset([4]), 6, False)
    for _ in range(MOST_STARTS):
        last = ShardAttempt(tmp_path, "shard")
    assert last.is_hopeless
    begin_run(tmp_path, ["shard", "other"])
    again = ShardAttempt(tmp_path, "shard")
    assert (again.is_hopeless, again.deadly) == (False, frozenset([4]))
    again.finish()
    assert ShardAttempt(tmp_path, "shard").starts == 1
    assert not (tmp_path / "tries" / "other").exists()


def test_missing_packages_are_named_with_their_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lines(tmp_path / "source", 1)
    for package, extra, options in (("pyarrow", "parquet", []), ("ray", "cluster", ["--ray", "local"])):
        monkeypatch.setitem(sys.modules, package, None)
        refused = run("spot", tmp_path / "source", tmp_path / "out", *options)
        assert (refused.exit_code, f"claimledger[{extra}]" in refused.stderr) == (1, True)
        korean = run("spot", tmp_path / "source", tmp_path / "out", *options, CLAIMLEDGER_LANGUAGE="ko")
        assert "설치되어 있지 않습니다" in korean.stderr
        monkeypatch.setattr("claimledger.archive.spotting_run.demand_package", _demand_only_ray)


def _demand_only_ray(package: str, extra: str) -> None:
    if package == "ray":
        output_files.demand_package(package, extra)


def test_lines_are_cut_into_shards_that_know_their_bytes(tmp_path: Path) -> None:
    make_lines(tmp_path / "source", 1, ARTICLES_PER_SHARD + 1)
    first, second = plan_shards(tmp_path / "source", tmp_path / "out")
    content = (tmp_path / "source" / "y00.jsonl").read_bytes()
    assert (first.count, second.count, second.first) == (ARTICLES_PER_SHARD, 1, ARTICLES_PER_SHARD)
    assert second.sha256 == sha256(content[second.offset :]).hexdigest()
    with pytest.raises(NoArticles, match="jsonl"):
        list(plan_shards(tmp_path / "source", tmp_path / "source"))


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    for part in ("0/3", "4/3", "x"):
        assert f"'{part}' is not a part such as 2/8" in run("spot", tmp_path, tmp_path / "o", "--part", part).stderr
    assert "not both" in run("spot", tmp_path, tmp_path / "o", "--part", "1/2", "--ray", "auto").stderr
    refused = run("status", tmp_path)
    assert (refused.exit_code, "not the output folder" in refused.stderr) == (1, True)


@slow
def test_processes_and_parts_give_the_same_rows(tmp_path: Path) -> None:
    make_mixed(tmp_path / "source")
    spot_quietly(tmp_path / "source", tmp_path / "one")
    spot_quietly(tmp_path / "source", tmp_path / "two", jobs=2)
    for part in (3, 1, 2):
        spot_quietly(tmp_path / "source", tmp_path / "parts", part=(part, 3))
    expected = sorted_rows(tmp_path / "one")
    assert sorted_rows(tmp_path / "two") == sorted_rows(tmp_path / "parts") == expected
    assert [len(expected[name]) for name in ("articles", "set-aside")] == [3 * 4 + 4 + 6 + 3, 0]
    assert (tmp_path / "parts" / "summary.json").read_text() == (tmp_path / "one" / "summary.json").read_text()
    assert check_archive(tmp_path / "parts") == []
    korean = (tmp_path / "source" / "texts" / "40.txt").read_text("utf-8")
    found = [row for row in table_rows(tmp_path / "one", "candidates") if row["article_id"] == "texts/40.txt"]
    expected_candidates = list(map(candidate_to_json, spot_text(korean)))  # which are those of the desk
    assert [(row["start"], row["end"], row["quote"], row["why"]) for row in found] == [
        (one["start"], one["end"], one["quote"], one["why"]) for one in expected_candidates
    ]
    assert any(row["speaker"] for row in found)


BAD: Mapping[str, object] = {
    "line-not-json": '{"id": "x1", "text": "It grew 5',
    "line-not-object": "[1]",
    "id-missing": {"text": "It grew 5%."},
    "text-missing": {"id": "x2", "text": None},
    "text-not-text": {"id": "x3", "text": 5},
    "text-with-nul": {"id": "x4", "text": "It grew 5%.\0"},
    "text-with-surrogate": {"id": "x5", "text": "It grew \ud800 5%."},
    "text-too-long": {"id": "x6", "text": "5% " * 2_000_000},
}


@slow
def test_bad_articles_are_set_aside_once_with_their_reason(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_mixed(source)
    spot_quietly(source, tmp_path / "good")
    write_lines(source / "bad" / "lines.jsonl", [*BAD.values(), make_article(1), {"id": "empty", "text": ""}])
    packed = gzip.compress("\n".join('{"id": 5}' for _ in range(90_000)).encode())
    (source / "bad" / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (source / "bad" / "cut.parquet").write_bytes((source / "table.parquet").read_bytes()[:-9])
    (source / "bad" / "cp949.txt").write_bytes("다리 5개".encode("cp949"))
    status = run("spot", source, out)
    assert status.exit_code == 1, status.stderr
    rows = table_rows(out, "set-aside")
    lines = {row["reason"]: row["line"] for row in rows if row["file"] == "bad/lines.jsonl"}
    assert lines == {reason: number for number, reason in enumerate(BAD, 1)}
    others = Counter((row["file"], row["reason"]) for row in rows if row["file"] != "bad/lines.jsonl")
    cut_lines = others.pop(("bad/cut.jsonl.gz", "text-missing"))
    assert 0 < cut_lines < 90_000
    assert others == {
        ("bad/cut.jsonl.gz", "file-damaged"): 1, ("bad/cut.parquet", "file-damaged"): 1,
        ("bad/cp949.txt", "text-not-unicode"): 1, ("y00.jsonl", "id-doubled"): 1,
    }  # fmt: skip
    good = sorted_rows(tmp_path / "good")["candidates"]
    assert set(sorted_rows(out)["candidates"]) > set(good)
    assert "1 set aside: The line is not JSON." in status.stdout
    assert run("status", out).stdout.splitlines()[0] == status.stdout.splitlines()[0]
    assert "1건 제외: JSON이 아닌 줄입니다." in run("status", out, CLAIMLEDGER_LANGUAGE="ko").stdout


@slow
def test_articles_that_end_or_stop_the_reader_are_set_aside(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_lines(source, 3)
    spot_quietly(source, tmp_path / "good")
    for name, words in (("y00", ENDS), ("y02", HANGS)):
        path = source / f"{name}.jsonl"
        first, *others = path.read_text("utf-8").splitlines()
        write_lines(path, [first, {"id": f"bad-{name}", "text": words}, *others])
    settings = installed_settings(ArticleFields())
    begin_archive(out, settings)
    plan = list(plan_shards(source, out))
    write_plan(out, plan)
    rows = list(run_tasks(partial(spot_deadly_shard, source, out, settings), plan, 2))
    assert sorted((row.shard.files[0], row.set_aside, row.starts) for row in rows) == [
        ("y00.jsonl", {"article-ends-reader": 1}, DEATHS + 2),
        ("y01.jsonl", {}, 1),
        ("y02.jsonl", {"article-ends-reader": 1}, DEATHS + 2),
    ]
    assert {row["article_id"] for row in table_rows(out, "set-aside")} == {"bad-y00", "bad-y02"}
    quotes = [{row["quote"] for row in table_rows(folder, "candidates")} for folder in (out, tmp_path / "good")]
    assert quotes[0] == quotes[1]
    assert not list((out / "tries").iterdir())


@slow
def test_shard_without_a_successful_start_is_given_up_and_named(tmp_path: Path) -> None:
    make_lines(tmp_path / "source", 2)
    out, settings = tmp_path / "out", installed_settings(ArticleFields())
    begin_archive(out, settings)
    plan = list(plan_shards(tmp_path / "source", out))
    write_plan(out, plan)
    for _ in range(MOST_STARTS):
        ShardAttempt(out, plan[0].name)
    with pytest.raises(ShardGivenUp, match="memory"):
        spot_shard(tmp_path / "source", out, plan[0], settings)
    assert [problem.file for problem in check_archive(out)] == [shard.name for shard in plan]
    assert run("spot", tmp_path / "source", out).exit_code == 0  # a new run starts it again


@slow
def test_ends_while_the_tables_are_written_blame_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lines(tmp_path / "source", 1, 2)
    out, settings = tmp_path / "out", installed_settings(ArticleFields())
    begin_archive(out, settings)
    (shard,) = plan_shards(tmp_path / "source", out)
    write_plan(out, [shard])
    with monkeypatch.context() as patch:
        patch.setattr(shard_spotting, "write_shard", Mock(side_effect=KeyboardInterrupt))
        for _ in range(DEATHS + 1):
            with pytest.raises(KeyboardInterrupt):
                spot_shard(tmp_path / "source", out, shard, settings)
    assert spot_shard(tmp_path / "source", out, shard, settings).set_aside == {}


@slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_driver_and_worker_lose_and_double_nothing(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_lines(source, 12, 30)
    spot_quietly(source, tmp_path / "whole", jobs=2)
    command = "from claimledger.cli import main; main()"
    arguments = [sys.executable, "-c", command, "archive", "spot", str(source), str(out), "--jobs", "2"]
    interrupted = 0
    for done in (2, 4, 6):
        with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as driver:
            children = Path(f"/proc/{driver.pid}/task/{driver.pid}/children")
            wait_until(lambda done=done: len(list((out / "manifest").glob("*.json"))) >= done)  # type: ignore[misc]
            workers = [int(word) for word in children.read_text().split()]
            if workers:  # none if the driver has just finished
                os.kill(workers[-1], signal.SIGKILL)
                interrupted += 1
            driver.kill()
        wait_until(lambda workers=workers: not any(map(is_running, workers)))  # type: ignore[misc]
    assert interrupted
    before = finish_times(out)
    cut = max(before)  # as if killed between the tables and the manifest
    manifest_path(out, cut).unlink()
    (out / "candidates" / f"{cut}.parquet.1-1.part").write_bytes(b"half")
    progress = spot_quietly(source, out, jobs=2)
    assert progress[-1].shards == 12 - len(before) + 1
    after = finish_times(out)
    assert {name for name in before if after[name] != before[name]} == {cut}
    assert sorted_rows(out) == sorted_rows(tmp_path / "whole")
    assert check_archive(out) == []


@slow
def test_changed_versions_are_refused_and_changed_files_read_again(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_lines(source, 2)
    write_lines(source / "long.jsonl", map(make_article, range(100, 101 + ARTICLES_PER_SHARD)))
    spot_quietly(source, out)
    before = finish_times(out)
    assert spot_quietly(source, out) == []
    with pytest.raises(ArchiveSettingsDiffer, match=r"'fields': .*\"text\".*\"body\""):
        spot_quietly(source, out, fields=ArticleFields("id", "body"))
    write_lines(source / "y01.jsonl", [make_article(4), make_article(50)])
    write_lines(source / "long.jsonl", map(make_article, range(100, 100 + ARTICLES_PER_SHARD)))
    spot_quietly(source, out)
    after = finish_times(out)
    changed = {read_manifest(out)[name].shard.files[0] for name in after if after[name] != before[name]}
    assert (changed, len(before) - len(after)) == ({"y01.jsonl"}, 1)
    spot_quietly(source, tmp_path / "fresh")
    assert sorted_rows(out) == sorted_rows(tmp_path / "fresh")
    old = (out / "archive.json").read_text("utf-8")
    (out / "archive.json").write_text(old.replace('"claimledger": "', '"claimledger": "9'), encoding="utf-8")
    refused = run("spot", source, out)
    assert (refused.exit_code, "another value of 'claimledger'" in refused.stderr) == (1, True)


@slow
def test_check_names_each_file_that_differs(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    make_lines(source, 3)
    spot_quietly(source, out)
    assert run("check", out).stdout == "The files of 3 shards agree with the manifest.\n"
    first, second, third = sorted(read_manifest(out))
    (out / "figures" / f"{first}.parquet").unlink()
    (out / "articles" / f"{second}.parquet").write_bytes(b"PAR1")
    manifest_path(out, third).unlink()
    codes = Counter(problem.code for problem in check_archive(out))
    assert codes == {
        "archive-file-missing": 1, "archive-file-changed": 1, "archive-shard-left": 1, "archive-file-unknown": 4,
    }  # fmt: skip
    assert run("check", out).exit_code == 1
