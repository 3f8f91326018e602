"""The test tiers: quick tests run in the small environment, all with --all, and the longest for a report."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import environment
from environment import QUICK, Environment
from packages import EVERY_PACKAGE, needed
from test_scripts import script
from tiers import spare


@pytest.mark.parametrize(
    ("arguments", "group", "passed"),
    [
        ([], "test", ["-m", "not slow and not journey and not soak"]),
        (["-k", "selectors"], "test", ["-k", "selectors"]),
        (["claimledger/scalars.py"], "test", ["--doctest-modules", "claimledger/scalars.py"]),
    ],
)
def test_quick_tests_run_in_the_small_environment_on_every_core(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], group: str, passed: list[str]
) -> None:
    test, prepared, ran = script("test"), list[Environment](), list[list[str]]()
    monkeypatch.setattr(test, "prepare", prepared.append)

    def run(command: list[str], more: object) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr(test, "run", run)
    assert test.main(arguments) == 0
    assert [wanted.group for wanted in prepared] == [group]
    (command,) = ran
    assert command[1:3] == ["-n", str(os.cpu_count())]
    assert " ".join(passed) in " ".join(command)


def test_option_all_runs_every_test_and_requires_every_package(monkeypatch: pytest.MonkeyPatch) -> None:
    test, ran = script("test"), list[tuple[str, object]]()

    def run(command: list[str], more: object) -> int:
        ran.append((" ".join(command), more))
        return 0

    monkeypatch.setattr(test, "MEMORY", Path("no such folder"))
    monkeypatch.setattr(test, "bring_everything", lambda: None)
    monkeypatch.setattr(test, "run", run)
    assert test.main(["--all"]) == 0
    (first, variables), (second, _) = ran
    assert "-m not soak --doctest-modules" in first
    assert variables == {EVERY_PACKAGE: "1"}
    assert "-m datasette_lines and not soak" in second


def test_temporary_files_are_in_memory_if_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = script("test")
    monkeypatch.setattr(test, "MEMORY", tmp_path)
    monkeypatch.setattr(test, "ENOUGH_MEMORY", 1)
    with test.files_in_memory() as variables:
        assert [str(folder) for folder in tmp_path.iterdir()] == [variables["TMPDIR"]]
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(test, "ENOUGH_MEMORY", 10**18)
    with test.files_in_memory() as variables:
        assert variables == {}


def test_quick_tests_see_three_rows_of_a_long_table() -> None:
    assert spare(range(2)) == spare(range(3)) == []
    assert spare(range(9)) == [1, 2, 3, 5, 6, 7]
    assert spare("abcd") == ["b"]


def test_missing_package_fails_where_every_package_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(EVERY_PACKAGE, raising=False)
    with pytest.raises(pytest.skip.Exception):
        needed("no_such_package")
    monkeypatch.setenv(EVERY_PACKAGE, "1")
    with pytest.raises(ImportError):
        needed("no_such_package")


# --- faults ---


def test_long_runs_write_a_dated_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = script("faults")
    monkeypatch.setattr(faults, "prepare", lambda wanted: None)
    monkeypatch.setattr(faults, "ROOT", tmp_path)
    monkeypatch.setattr(faults, "REPORTS", tmp_path / "docs" / "reports")
    asked: list[dict[str, str]] = []

    def run(command: list[str], more: dict[str, str]) -> int:
        asked.append(more)
        junit = next(Path(word.partition("=")[2]) for word in command if word.startswith("--junit-xml="))
        bad = "soak" in command
        case = f'<testcase classname="tests.test_a" name="test_bad">{"<failure />" if bad else ""}</testcase>'
        junit.write_text(f'<testsuites><testsuite tests="3" failures="{int(bad)}">{case}</testsuite></testsuites>')
        return int(bad)

    monkeypatch.setattr(faults, "run", run)
    assert faults.main(["--documents", "5"]) == 1
    (report,) = (tmp_path / "docs" / "reports").iterdir()
    assert re.fullmatch(r"faults-\d{4}-\d\d-\d\d\.md", report.name)
    text = report.read_text("utf-8")
    assert "| 5 mutilated ClaimReviews | 3 passed, 0 failed | 0 | good |" in text
    assert "| tests marked `soak` | 2 passed, 1 failed | 0 | FAILED (pytest ended with 1) |" in text
    assert "- `tests.test_a.test_bad`" in text
    assert asked[0] == {"CLAIMLEDGER_FUZZ": "5"}


def test_quick_tests_need_no_package_of_the_group_dev() -> None:
    """Quick tests run without a browser, Parquet or type checker."""
    quick = " ".join(environment.requirements(QUICK))
    assert not [name for name in ("playwright", "pyarrow", "spacy", "mypy", "ruff") if name in quick]
