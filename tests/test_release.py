"""The release command: it releases everything or nothing, and says why it refuses."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from importlib.machinery import SourceFileLoader
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import environment
import pytest
from environment import ROOT, Environment, Failed

CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Claims have a page.
- Claims have a feed.

### Fixed

- The page opens.

## [0.0.9] - 2026-01-02

### Added

- A start.
"""
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "claimledger"
requires-python = ">=3.11"
dynamic = ["version"]

[project.scripts]
claimledger = "claimledger:main"

[tool.hatch.version]
path = "claimledger/__init__.py"
"""
PROGRAM = '''\
"""A small program."""

__version__ = "0.1.0.dev0"


def main() -> None:
    """Print the version."""
    print(f"claimledger, version {__version__}")
'''


@pytest.fixture
def release() -> ModuleType:
    """Return scripts/release as a module."""
    loader = SourceFileLoader("scripts_release", str(ROOT / "scripts" / "release"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, release: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small project with one commit that can be released, using the tools of this environment."""
    root = tmp_path / "project"
    for name, text in {
        "CHANGELOG.md": CHANGELOG,
        "pyproject.toml": PROJECT,
        "constraints.txt": "",
        ".gitignore": "dist/\n__pycache__/\n",
        "claimledger/__init__.py": PROGRAM,
        "scripts/check": "raise SystemExit(0)\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "kim@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "Start")
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(release, "prepare", lambda wanted: None)
    monkeypatch.setattr(release, "FULL", Environment(Path(sys.prefix), root / "constraints.txt"))
    return root


@pytest.fixture
def quick_build(release: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the slow steps: the build writes an empty wheel, which is not installed."""

    def write_wheel(checkout: Path, folder: Path) -> None:
        version = release.current_version((checkout / release.VERSION_FILE).read_text(encoding="utf-8"))
        folder.mkdir()
        (folder / f"claimledger-{version}-py3-none-any.whl").touch()

    monkeypatch.setattr(release, "build", write_wheel)
    monkeypatch.setattr(release, "try_wheel", lambda wheel, folder, made: None)


def git(root: Path, *arguments: str) -> str:
    """Run git and return what it prints."""
    return subprocess.run(
        ["git", *arguments],  # noqa: S607  git is wherever it is installed
        cwd=root,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()


def commit(root: Path, subject: str) -> None:
    """Commit every file."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", subject)


def change(root: Path, name: str, old: str, new: str) -> None:
    """Change a file and commit it."""
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    commit(root, "Change a file")


def state(root: Path) -> tuple[str, ...]:
    """Return everything that a failed release must leave unchanged."""
    packages = sorted(file.name for file in (root / "dist").glob("*"))
    return (
        git(root, "rev-parse", "HEAD"), git(root, "tag"), git(root, "status", "--porcelain"),
        git(root, "worktree", "list"), git(root, "branch"), *packages,
    )  # fmt: skip


# --- release ---


@pytest.mark.usefixtures("quick_build")
def test_release_moves_the_entries_under_the_version(project: Path, release: ModuleType) -> None:
    assert release.main(["0.1.0", "--checked"]) == 0
    text = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    heading, _, rest = text.partition("\n## [0.1.0] - 20")
    assert heading == "# Changelog\n\n## [Unreleased]\n"
    notes, _, older = rest.partition("\n## [0.0.9]")
    assert notes[8:] == "\n\n" + CHANGELOG.partition("## [Unreleased]\n\n")[2].partition("\n## [0.0.9]")[0]
    assert older == CHANGELOG.partition("## [0.0.9]")[2]


@pytest.mark.usefixtures("quick_build")
def test_release_commits_and_tags_with_the_changelog(project: Path, release: ModuleType) -> None:
    assert release.main(["0.1.0", "--checked"]) == 0
    assert git(project, "log", "--format=%s").splitlines() == ["Release 0.1.0", "Start"]
    assert git(project, "rev-parse", "v0.1.0^{commit}") == git(project, "rev-parse", "main")
    assert git(project, "cat-file", "-t", "v0.1.0") == "tag"
    text = git(project, "tag", "--list", "--format=%(contents)", "v0.1.0")
    assert text.startswith("claimledger 0.1.0\n\n### Added\n\n- Claims have a page.")
    assert text.endswith("- The page opens.")
    assert '__version__ = "0.1.0"' in (project / "claimledger/__init__.py").read_text(encoding="utf-8")
    assert git(project, "status", "--porcelain") == ""
    assert len(git(project, "worktree", "list").splitlines()) == 1
    assert [file.name for file in (project / "dist").iterdir()] == ["claimledger-0.1.0-py3-none-any.whl"]


@pytest.mark.slow
@pytest.mark.usefixtures("quick_build")
def test_next_version_is_a_commit_after_the_tag(project: Path, release: ModuleType) -> None:
    assert release.main(["0.1.0", "--checked", "--next", "0.2.0"]) == 0
    assert git(project, "log", "--format=%s").splitlines() == ["Start version 0.2.0.dev0", "Release 0.1.0", "Start"]
    assert git(project, "rev-parse", "v0.1.0^{commit}") == git(project, "rev-parse", "main~1")
    assert '__version__ = "0.2.0.dev0"' in (project / "claimledger/__init__.py").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("quick_build")
def test_release_says_that_nothing_is_pushed(
    project: Path, release: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.main(["0.1.0", "--checked"]) == 0
    assert "Nothing was pushed or uploaded." in capsys.readouterr().out
    assert state(project)[1] == "v0.1.0"


def test_dry_run_shows_the_steps_and_changes_nothing(
    project: Path, release: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    assert release.main(["0.1.0", "--next", "0.2.0", "--dry-run"]) == 0
    assert state(project) == before
    shown = capsys.readouterr().out
    for step in (
        "run scripts/check",
        "3 entries",
        "'Release 0.1.0'",
        "0.2.0.dev0",
        "tag v0.1.0",
        "Nothing was changed",
    ):
        assert step in shown


@pytest.mark.slow
def test_packages_are_built_and_the_wheel_gives_its_version(project: Path, release: ModuleType) -> None:
    (project / "private.txt").write_text("not in git", encoding="utf-8")
    (project / ".git/info/exclude").write_text("private.txt\n", encoding="utf-8")
    assert release.main(["0.1.0", "--next", "0.2.0"]) == 0
    wheel, sdist = project / "dist/claimledger-0.1.0-py3-none-any.whl", project / "dist/claimledger-0.1.0.tar.gz"
    with zipfile.ZipFile(wheel) as opened:
        assert '__version__ = "0.1.0"' in opened.read("claimledger/__init__.py").decode()
    with tarfile.open(sdist) as packed:
        names = packed.getnames()
    assert "claimledger-0.1.0/CHANGELOG.md" in names
    assert not [name for name in names if "private" in name]


# --- refusals ---


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["one"], "'one' is not a version"),
        (["1.0"], "'1.0' is not a version"),
        (["0.2.0.dev0"], "without 'dev'"),
        (["0.0.9"], "0.0.9 is not newer than 0.1.0.dev0"),
        (["0.2.0", "--next", "0.2.0"], "0.2.0.dev0 is not newer than 0.2.0"),
    ],
)
def test_unfit_version_is_refused(project: Path, release: ModuleType, arguments: list[str], sentence: str) -> None:
    before = state(project)
    with pytest.raises(Failed, match=sentence):
        release.main(arguments)
    assert state(project) == before


def test_versions_are_ordered_as_in_pep_440(release: ModuleType) -> None:
    versions = ["0.1.0.dev0", "0.1.0a1", "0.1.0b1", "0.1.0rc1", "0.1.0rc2", "0.1.0", "0.2.0.dev0", "0.10.0"]
    keys = [release.order(version) for version in versions]
    assert all(first < second for first, second in pairwise(keys))


def test_other_branch_is_refused(project: Path, release: ModuleType) -> None:
    git(project, "switch", "--quiet", "--create", "work")
    with pytest.raises(Failed, match=r"You are on 'work'.*git switch main"):
        release.main(["0.1.0"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["CHANGELOG.md", "new.txt"])
def test_uncommitted_file_is_refused_and_named(project: Path, release: ModuleType, name: str) -> None:
    with (project / name).open("a", encoding="utf-8") as file:
        file.write("more\n")
    with pytest.raises(Failed, match=rf"not committed:\n.*{name}\nCommit them"):
        release.main(["0.1.0"])


def test_tag_that_exists_is_refused(project: Path, release: ModuleType) -> None:
    git(project, "tag", "v0.1.0")
    with pytest.raises(Failed, match=r"The tag v0\.1\.0 exists"):
        release.main(["0.1.0"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("## [Unreleased]", "## Unreleased", r"no heading '## \[Unreleased\]'"),
        (CHANGELOG.partition("## [Unreleased]\n")[2].partition("## [0.0.9]")[0], "\n", "has no entries below"),
        ("[0.0.9]", "[0.1.0]", "has a section for 0.1.0 already"),
    ],
)
def test_changelog_that_is_not_ready_is_refused(
    project: Path, release: ModuleType, old: str, new: str, sentence: str
) -> None:
    change(project, "CHANGELOG.md", old, new)
    before = state(project)
    with pytest.raises(Failed, match=sentence):
        release.main(["0.1.0"])
    assert state(project) == before


def test_missing_version_line_is_named(project: Path, release: ModuleType) -> None:
    change(project, "claimledger/__init__.py", "__version__ =", "VERSION =")
    with pytest.raises(Failed, match="has no line '__version__"):
        release.main(["0.1.0"])


def test_folder_without_git_is_named(tmp_path: Path, project: Path, release: ModuleType) -> None:
    (project / ".git").rename(tmp_path / "put-aside")
    with pytest.raises(Failed, match=r"'git rev-parse' failed: .*not a git repository"):
        release.main(["0.1.0"])


# --- failed steps ---


@pytest.mark.usefixtures("quick_build")
def test_failed_check_releases_nothing(project: Path, release: ModuleType) -> None:
    change(project, "scripts/check", "SystemExit(0)", "SystemExit(1)")
    before = state(project)
    with pytest.raises(Failed, match=r"scripts/check failed.*Correct what it names"):
        release.main(["0.1.0"])
    assert state(project) == before


@pytest.mark.slow
def test_failed_build_leaves_no_tag_and_no_commit(project: Path, release: ModuleType) -> None:
    change(project, "pyproject.toml", 'name = "claimledger"', "name = 3")
    before = state(project)
    with pytest.raises(Failed, match=r"could not be built, so nothing was released(.|\n)*name"):
        release.main(["0.1.0", "--checked"])
    assert state(project) == before


@pytest.mark.slow
def test_wheel_with_another_version_is_not_released(
    project: Path, release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(command: list[str], *, otherwise: str) -> None:
        program = Path(command[0]).with_name("claimledger")
        program.write_text("#!/bin/sh\necho claimledger, version 7\n", encoding="utf-8")
        program.chmod(0o755)

    monkeypatch.setattr(release, "build", lambda checkout, folder: (folder.mkdir(), (folder / "a.whl").touch()))
    monkeypatch.setattr(release, "make_folder", lambda fresh: Path(fresh.tool("a")).parent.mkdir(parents=True))
    monkeypatch.setattr(release, "run_quietly", install)
    before = state(project)
    with pytest.raises(Failed, match=r"printed this, not 0\.1\.0:\nclaimledger, version 7"):
        release.main(["0.1.0", "--checked"])
    assert state(project) == before


@pytest.mark.slow
@pytest.mark.usefixtures("quick_build")
def test_branch_that_moved_meanwhile_is_not_touched(
    project: Path, release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "try_wheel", lambda wheel, folder, made: commit(project, "Write meanwhile"))
    with pytest.raises(Failed, match="main changed while the release was made"):
        release.main(["0.1.0", "--checked", "--next", "0.2.0"])
    assert git(project, "log", "-1", "--format=%s") == "Write meanwhile"
    assert (git(project, "tag"), git(project, "status", "--porcelain")) == ("", "")
    assert list((project / "dist").iterdir()) == []


@pytest.mark.slow
@pytest.mark.usefixtures("quick_build")
def test_tag_that_cannot_be_added_leaves_no_package(
    project: Path, release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(project)
    monkeypatch.setattr(release, "try_wheel", lambda wheel, folder, made: git(project, "tag", "v0.1.0"))
    with pytest.raises(Failed, match=r"'git tag' failed: .*already exists"):
        release.main(["0.1.0", "--checked"])
    git(project, "tag", "--delete", "v0.1.0")
    assert state(project) == before


@pytest.mark.slow
@pytest.mark.usefixtures("quick_build")
def test_interrupted_release_leaves_nothing(
    project: Path, release: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(wheel: Path, folder: Path, made: object) -> None:
        raise KeyboardInterrupt

    before = state(project)
    monkeypatch.setattr(release, "try_wheel", interrupt)
    with pytest.raises(KeyboardInterrupt):
        release.main(["0.1.0", "--checked"])
    assert state(project) == before
