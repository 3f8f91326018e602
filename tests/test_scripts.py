"""The scripts: which environment they install, what they serve, and what they refuse and report."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import signal
import socket
import sys
import tomllib
import urllib.request
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import budgets
import environment
import pytest
import results
from environment import FULL, NEXT, ROOT, Environment, Failed
from running import LONGEST_WAIT as START_TIME, hearing_interrupts, read_until, running_script

SCRIPTS = sorted(file for file in (ROOT / "scripts").iterdir() if file.suffix in {"", ".py"} and file.is_file())
COMMANDS = [file for file in SCRIPTS if not file.suffix]
OLD_PYTHON_MODULES = {
    "argparse", "contextlib", "collections.abc", "concurrent.futures", "datetime", "errno", "functools", "gc",
    "hashlib", "importlib", "importlib.util", "json", "os", "pathlib", "platform", "re", "shutil", "signal", "socket",
    "subprocess", "sys", "tempfile", "time", "types", "typing", "urllib.error", "urllib.request", "xml.etree",
}  # fmt: skip
"""Modules of Python 3.6 that the scripts use."""


def script(name: str) -> ModuleType:
    """Return a script as a module."""
    loader = SourceFileLoader(f"scripts_{name}", str(ROOT / "scripts" / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Return the environment of an empty project that has a Python but no installed packages."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\ntest = ["pytest"]\ndev = ["ruff"]\n')
    (tmp_path / "constraints.txt").write_text("pytest==9.2.0\n")
    made = Environment(tmp_path / ".venv", tmp_path / "constraints.txt")
    python = Path(made.tool("python"))
    python.parent.mkdir(parents=True)
    python.touch()
    return made


@pytest.fixture
def pip_commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replace pip and return the commands it is called with."""
    asked: list[list[str]] = []
    monkeypatch.setattr(environment, "run_quietly", lambda command, *, otherwise: asked.append(list(command)))
    return asked


# --- environments ---


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_can_be_parsed_by_old_python(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.name)
def test_version_check_comes_before_imports_old_python_lacks(file: Path) -> None:
    """Only modules of Python 3.6 are imported before the version check, and none of the project."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    asked = [module for node in body for module in imported_modules(node)]
    assert set(asked[: asked.index("environment")]) <= OLD_PYTHON_MODULES
    body = ast.parse((ROOT / "scripts/environment.py").read_text(encoding="utf-8")).body
    check = next(number for number, node in enumerate(body) if isinstance(node, ast.If))
    assert {module for node in body[:check] for module in imported_modules(node)} <= OLD_PYTHON_MODULES


def imported_modules(node: ast.stmt) -> list[str]:
    """Return the modules that an import statement names, in order."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_prepare_installs_once_and_again_when_the_versions_change(
    project: Environment, pip_commands: list[list[str]]
) -> None:
    environment.prepare(project)
    environment.prepare(project)
    assert len(pip_commands) == 1
    project.constraints.write_text("pytest==9.3.0\n")
    environment.prepare(project)
    assert len(pip_commands) == 2


def test_full_environment_replaces_the_core_environment(project: Environment, pip_commands: list[list[str]]) -> None:
    full = project._replace(group="dev")
    environment.prepare(project)
    environment.prepare(full)
    assert pip_commands[-1][-3:] == ["--editable", ".", "ruff"]
    environment.prepare(project)
    assert len(pip_commands) == 2


def test_environment_grows_and_keeps_what_it_has(project: Environment, pip_commands: list[list[str]]) -> None:
    groups = '[dependency-groups]\ntest = ["pytest"]\ndev = [{ include-group = "test" }, "ruff"]\n'
    (project.folder.parent / "pyproject.toml").write_text(groups)
    desk, quick, full = (project._replace(extra="desk", group=group) for group in ("", "test", "dev"))
    environment.prepare(quick)
    environment.prepare(full)
    assert [asked[-2:] for asked in pip_commands] == [[".[desk]", "pytest"], ["pytest", "ruff"]]
    for smaller in (project, desk, quick, full):
        environment.prepare(smaller)
    assert len(pip_commands) == 2
    environment.prepare(project._replace(extra="evidence"))
    environment.prepare(full)
    assert len(pip_commands) == 3


def test_extra_that_includes_another_is_enough_for_it(project: Environment, pip_commands: list[list[str]]) -> None:
    extras = ["[project.optional-dependencies]", 'desk = ["claimledger[ko, evidence]", "starlette"]', "ko = []", ""]
    with (project.folder.parent / "pyproject.toml").open("a") as file:
        file.write("\n".join(extras))
    for extra in ("desk", "evidence", "ko"):
        environment.prepare(project._replace(extra=extra))
    assert len(pip_commands) == 1


def test_bytecode_is_cached_and_text_is_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONUTF8", "0")
    variables = environment.variables()
    assert (variables.get("PYTHONDONTWRITEBYTECODE"), variables["PYTHONUTF8"]) == (None, "1")


def test_environment_without_its_python_is_made_again(project: Environment, pip_commands: list[list[str]]) -> None:
    environment.prepare(project)
    Path(project.tool("python")).unlink()
    environment.prepare(project)
    assert pip_commands[1][1:4] == ["-m", "venv", "--clear"]


def test_group_contains_the_groups_it_includes() -> None:
    groups: dict[str, list[Any]] = {"test": ["pytest"], "dev": [{"include-group": "test"}, "ruff"]}
    assert list(environment.members(groups, "dev")) == ["pytest", "ruff"]


def test_failed_step_shows_the_last_lines() -> None:
    noisy = "for n in range(40): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(Failed) as refusal:
        environment.run_quietly([sys.executable, "-c", noisy], otherwise="It did not work:")
    lines = str(refusal.value).splitlines()
    assert lines[0] == "It did not work:"
    assert lines[1:] == [f"  line {number}" for number in range(25, 40)]


def test_python_without_venv_says_what_to_install(project: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(project.tool("python")).unlink()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Failed, match=rf"apt install python3\.{sys.version_info[1]}-venv"):
        environment.make_folder(project)


@pytest.mark.parametrize("kept", [FULL, NEXT], ids=lambda kept: str(kept.folder.name))
def test_constraints_pin_every_direct_requirement(kept: Environment) -> None:
    pinned = {line.split("==")[0].lower() for line in kept.constraints.read_text().splitlines() if "==" in line}
    project_table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project_table["dependencies"], *environment.requirements(kept)[2:]]
    assert {re.split(r"[<>=~\[ ]", name)[0].lower() for name in asked} <= pinned


# --- serve ---


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of a console are another matter there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_ends_quietly(number: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with hearing_interrupts(), running_script(["scripts/serve", "--port", str(port)]) as (serving, output):
        read_until(output, "The ledger is at")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=START_TIME) as answer:
            assert answer.status == 200
        serving.send_signal(number)
        rest = output.read()
        assert serving.wait(timeout=START_TIME) == 0
    assert "Traceback" not in rest


# --- test ---


def test_marked_files_are_those_that_use_the_marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = script("test")
    monkeypatch.setattr(test, "ROOT", tmp_path)
    folder = tmp_path / "tests" / "journey"
    folder.mkdir(parents=True)
    (folder / "test_pages.py").write_text("import pytest\n\npytestmark = [pytest.mark.slow, pytest.mark.journey]\n")
    (folder / "test_one.py").write_text("class A:\n    @pytest.mark.journey\n    def test(self): ...\n")
    (folder / "test_other.py").write_text("# not pytest.mark.journey\n")
    assert test.marked_files("journey") == ["tests/journey/test_one.py", "tests/journey/test_pages.py"]


def test_failed_tests_are_named_for_each_datasette_version(tmp_path: Path) -> None:
    reports = [tmp_path / "0.65.xml", tmp_path / "1.0.xml"]
    case = '<testsuites><testsuite><testcase classname="tests.test_a" name="{}">{}</testcase></testsuite></testsuites>'
    reports[0].write_text(case.format("test_good", ""), encoding="utf-8")
    reports[1].write_text(case.format("test_bad", "<failure />"), encoding="utf-8")
    assert script("test").failed_tests(reports) == ["failed on Datasette 1.0: tests.test_a.test_bad"]


def test_closing_line_counts_every_report(tmp_path: Path) -> None:
    reports = [tmp_path / "a.xml", tmp_path / "b.xml"]
    for report in reports:
        report.write_text('<testsuites><testsuite tests="5" failures="1" errors="0" skipped="1"/></testsuites>')
    assert str(results.counts(reports)) == "6 passed, 2 failed, 2 skipped"


def test_existing_browser_is_not_installed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    test = script("test")
    asked: list[str] = []
    monkeypatch.setattr(test, "run_quietly", lambda command, *, otherwise: asked.append(command[2]))
    monkeypatch.setattr(test.shutil, "which", lambda name: f"bin/{name}")
    test.bring_browser()
    assert asked == []
    monkeypatch.setattr(test.shutil, "which", lambda name: "bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(test.os, "geteuid", lambda: 0, raising=False)
    test.bring_browser()
    assert asked == ["update", "install"]
    monkeypatch.setattr(test.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(Failed, match="need Chromium"):
        test.bring_browser()


# --- check ---


def test_budgets_name_the_long_file_and_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    long, short, big = Path("long.py"), Path("short.py"), Path("big.py")
    long.write_text("def slow():\n" + "    pass\n" * 80)
    short.write_text("def quick():\n    pass\n\n\n" * 50)
    big.write_text("A = 1\n" * 450)
    assert budgets.over_budget([long, short, big]) == [
        "big.py: 450 lines; no file over 400",
        "long.py:1: slow: 81 lines; no function over 80",
    ]


def test_budgets_allow_two_in_a_hundred_over_fifty_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("def long():\n" + "    pass\n" * 55 + "def quick():\n    pass\n" * 48)
    first, second = budgets.over_budget([file])
    assert first.startswith("1 of 49 functions are over 50 lines")
    assert second.endswith("a.py:1: long: 56 lines")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /{}/kim/ledger", True),
        ('open("/{}/kim")', True),
        ("https://example.org/{}/kim", False),
        ("docs/{}/kim", False),
        ("~/{}/kim", False),
    ],
)
def test_machine_paths_are_distinguished_from_addresses(text: str, *, found: bool) -> None:
    assert bool(script("check").MACHINE_PATH.search(text.format("home").encode())) is found


def test_every_check_runs_even_if_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check = script("check")
    monkeypatch.setattr(check, "prepare", lambda wanted: None)
    monkeypatch.setattr(check, "CHECKS", {"one": list, "two": lambda: ["a.py:1: bad"], "three": list})
    assert check.main([]) == 1
    printed = re.sub(r" \(.*\)", "", capsys.readouterr().out).splitlines()
    assert printed == ["one: good", "two: FAILED", "  a.py:1: bad", "three: good", "Failed: two."]
