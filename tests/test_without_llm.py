"""The program without the library `llm`, which is an extra: everything works, and one sentence says what is missing."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import newsroom
import pytest
from article_pages import HERE, Browser, make_newsroom
from click import Command, Group
from click.testing import CliRunner, Result
from model_answers import MODELS, turn_on
from newsroom import ARTICLE_ID, Clock, actor
from suggestion_newsroom import CLAIMS, clock, rows
from test_cli_tokens import ACTS, READS

import claimledger
from claimledger import desk
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths
from claimledger.suggesting.exchange import SuggesterMissing
from claimledger.suggesting.suggesters import LoadedSuggesters
from claimledger.suggesting.with_llm import LlmSuggester

__all__ = ["clock"]  # a fixture

LIBRARIES = ("llm", "openai", "httpx2")
WITH_LLM = MODELS.replace('"recorded"', '"llm"')
MISSING = {
    "en": "The suggester 'llm' cannot be used, because the library 'llm' is not installed.",
    "ko": "제안 플러그인 ‘llm’: 쓸 수 없습니다(설치되지 않은 라이브러리: llm).",
}
INSTALL = "pip install 'claimledger[llm]'"
MOST_MEGABYTES = 60
"""The most that the extra may add to an environment."""


@pytest.fixture
def without_llm(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LIBRARIES:
        monkeypatch.setitem(sys.modules, name, None)  # importing it is an ImportError


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    made = newsroom.published(tmp_path, clock)
    turn_on(tmp_path, WITH_LLM)
    return made


def run(places: LedgerPaths, *arguments: str) -> Result:
    token = {"CLAIMLEDGER_TOKEN": newsroom.token_of(places, "kim")}
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=token, input="a")


def command_names(command: Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    groups = command.commands.items() if isinstance(command, Group) else ()
    return [path, *(found for name, one in groups for found in command_names(one, (*path, name)))]


@pytest.mark.slow
@pytest.mark.usefixtures("without_llm")
def test_every_module_can_be_imported() -> None:
    with pytest.raises(ImportError):
        importlib.import_module("llm")
    code = "import sys; sys.modules.update(dict.fromkeys(sys.argv[1].split(','))); import importlib\n"
    names = [one.name for one in pkgutil.walk_packages(claimledger.__path__, "claimledger.")]
    code += f"[importlib.import_module(name) for name in {names}]"
    subprocess.run([sys.executable, "-c", code, ",".join(LIBRARIES)], check=True, timeout=120)


@pytest.mark.usefixtures("without_llm")
@pytest.mark.parametrize("names", command_names(main), ids=" ".join)
def test_help_of_every_command_is_shown(names: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*names, "--help"])
    assert (shown.exit_code, shown.output.lower().startswith("usage:")) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("command", [*ACTS, *((name,) for name in READS)], ids=" ".join)
def test_every_command_does_the_same_without_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    if command[0] in ("serve", "demo"):
        command = (*command, "--help")  # servers, which the tests of hosting start
    results = []
    for folder in ("with", "without"):
        if folder == "without":
            for name in LIBRARIES:
                monkeypatch.setitem(sys.modules, name, None)
        done = run(newsroom.write_all(tmp_path / folder), *command)
        said = done.output.replace(str(tmp_path / folder), "FOLDER")
        results.append((done.exit_code, type(done.exception), said))
    if command[0] == "suggesters":
        assert results[0] != results[1]
    else:
        assert results[0][:2] == results[1][:2]
        assert len(results[0][2].splitlines()) == len(results[1][2].splitlines())


@pytest.mark.usefixtures("without_llm")
@pytest.mark.parametrize("language", ["en", "ko"])
def test_missing_library_is_said_in_one_sentence_and_nothing_is_counted(places: LedgerPaths, language: str) -> None:
    said = run(places, "suggest", ARTICLE_ID, "--lang", language)
    assert said.exit_code == 1
    with pytest.raises(SuggesterMissing) as refused:
        desk.ask_model(places, CLAIMS, actor("kim"), suggesters=LoadedSuggesters((LlmSuggester(),), ()))
    assert refused.value.text(language).startswith(MISSING[language])
    assert INSTALL in said.output
    assert rows(places, "SELECT * FROM model_request") == []
    assert run(places, "suggest", ARTICLE_ID, "--dry-run").exit_code == 0


@pytest.mark.parametrize(
    ("language", "usable", "not_usable"),
    [("en", "llm: can be used", "llm: cannot be used"), ("ko", "llm: 사용 가능", "llm: 사용할 수 없음")],
)
def test_suggesters_says_which_can_be_used_and_what_to_install(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, language: str, usable: str, not_usable: str
) -> None:
    monkeypatch.setattr(LlmSuggester, "check_installed", lambda _: None)
    listed = run(places, "suggesters", "--lang", language)
    assert (listed.stdout.splitlines()[0], listed.stderr) == (usable, "")
    monkeypatch.undo()
    for name in LIBRARIES:
        monkeypatch.setitem(sys.modules, name, None)
    listed = run(places, "suggesters", "--lang", language)
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0] == not_usable
    assert listed.stderr.startswith(MISSING[language])
    assert INSTALL in listed.stderr
    assert "small-model" in listed.stdout


@pytest.mark.usefixtures("without_llm")
def test_article_page_names_the_missing_library_before_anyone_asks(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root, WITH_LLM)
    for language, sentence in MISSING.items():
        page = Browser(places, language=language).get(HERE).replace("&#39;", "'")
        assert sentence in page
        assert INSTALL in page


# Slow: two environments


def folder_size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


@pytest.mark.soak
def test_extra_adds_at_most_60_megabytes(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    project = Path(__file__).parent.parent
    sizes = {}
    for name, wanted in (("core", str(project)), ("extra", f"{project}[llm]")):
        venv.create(tmp_path / name, with_pip=True, symlinks=os.name != "nt")
        python = tmp_path / name / ("Scripts" if os.name == "nt" else "bin") / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        subprocess.run([*pip, "--constraint", str(project / "constraints.txt"), wanted], check=True, timeout=1800)
        sizes[name] = folder_size(tmp_path / name)
    added = (sizes["extra"] - sizes["core"]) / 1_000_000
    record_property(
        "measured",
        f"The extra 'llm' adds {added:.1f} MB to an environment of {sizes['core'] / 1_000_000:.0f} MB.",
    )
    assert 0 < added <= MOST_MEGABYTES
