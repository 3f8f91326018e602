"""A language plug-in that fails on a paragraph: the exit status of `spot` and a warning on the desk's article page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner
from desk_visits import PREFIX, made, signed_in
from newsroom import ARTICLE_ID, TEXT, Clock

from claimledger.cli import main
from claimledger.editorial import candidate_decisions
from claimledger.errors import Problem
from claimledger.models import Span
from claimledger.spotting import candidates, failed_plugins, spot_with_problems
from claimledger.spotting.korean import Korean
from claimledger.spotting.language import ReportedStatement
from claimledger.spotting.registry import LoadedLanguages


@pytest.fixture
def falling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Korean fail on every paragraph."""

    def fail(self: Korean, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
        del self, text, sentences
        raise IndexError("list index out of range")

    monkeypatch.setattr(Korean, "reported", fail)
    candidate_decisions.spot_cached.cache_clear()


@pytest.mark.usefixtures("falling")
def test_one_problem_counts_the_paragraphs_and_names_the_error() -> None:
    found = spot_with_problems("배는 3척이다.\n선원은 40명이다.\nPrices rose 3%.")
    (problem,) = found.problems
    assert problem.code == "language-plugin-failed"
    assert "'ko' failed on 2 of the paragraphs (IndexError: list index out of range)" in problem.sentence
    assert [one.quote for one in found.candidates] == ["배는 3척이다", "선원은 40명이다", "Prices rose 3%"]


def test_text_that_is_read_has_no_problem() -> None:
    assert spot_with_problems("배는 3척이다.\nPrices rose 3%.").problems == ()


@pytest.mark.usefixtures("falling")
def test_spot_prints_the_candidates_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes("선원은 40명이다.\n".encode())
    spotted = CliRunner().invoke(main, ["spot", str(file), "--format", "csv"])
    assert spotted.exit_code == 1
    assert "40명" in spotted.stdout
    assert "language-plugin-failed" in spotted.stderr
    assert "article.txt" in spotted.stderr


def test_spot_fails_if_a_plugin_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Problem("language-plugin-failed", name="tlh", package="no_such:Klingon", reason="ImportError: no_such")
    loaded = LoadedLanguages((Korean(),), (broken, Problem("korean-without-morphemes")))
    monkeypatch.setattr(candidates, "installed_languages", lambda: loaded)
    file = tmp_path / "article.txt"
    file.write_bytes("선원은 40명이다.\n".encode())
    assert failed_plugins() == (broken,)
    assert CliRunner().invoke(main, ["spot", str(file)]).exit_code == 1


@pytest.mark.slow
@pytest.mark.usefixtures("falling")
def test_article_page_and_command_warn(tmp_path: Path) -> None:
    places = made(tmp_path)
    newsroom.add(places, TEXT, Clock())
    page = signed_in(places, "kim").get(f"{PREFIX}/articles/{ARTICLE_ID}").text
    assert 'class="warn" role="alert"' in page
    assert "failed on" in page
    assert "[language-plugin-failed]" in page
    arguments = ["--root", str(places.root), "spot", "--article", ARTICLE_ID]
    spotted = CliRunner().invoke(main, arguments, env=newsroom.acting(places, "kim"))
    assert spotted.exit_code == 1
    assert "language-plugin-failed" in spotted.stderr


@pytest.mark.slow
def test_article_page_without_a_failure_does_not_warn(tmp_path: Path) -> None:
    places = made(tmp_path)
    newsroom.add(places, TEXT, Clock())
    candidate_decisions.spot_cached.cache_clear()
    assert "language-plugin-failed" not in signed_in(places, "kim").get(f"{PREFIX}/articles/{ARTICLE_ID}").text
