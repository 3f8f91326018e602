"""What the desk says in Korean: every problem and every refusal it can meet, and the default reasons."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import claimledger
from claimledger.agreement.codes import CODES
from claimledger.computed import CODES as COMPUTED
from claimledger.datasette_plugin.desk_pages.visit import _with_quoted

SOURCES = Path(claimledger.__file__).parent
ELSEWHERE = {"cli", "datasette_plugin"}
"""Folders whose own classes of refusal never reach a page of the desk; the desk's pages are below the second."""
FILES_ALONE = frozenset({
    "desk-readable-by-others", "kept-bytes-altered", "kept-bytes-missing", "kept-bytes-unnamed",
    "anchor", "comment", "document-mark", "duplicate-key", "evidence-altered", "evidence-missing",
    "evidence-not-named", "file-differs", "file-missing", "file-too-large", "label-twice", "log-rewritten",
    "more-problems", "nested-too-deep", "no-log", "not-a-file", "not-a-record", "not-in-log", "not-its-rating",
    "not-utf-8", "not-yaml", "outside-folder", "private-text-public", "refused", "tab-indentation", "tag",
    "unreadable-log", "unreadable-projection",
})  # fmt: skip
"""Codes that only files on disk bring about, which the command line reads; and one whose sentence is Korean already."""
KOREAN = tomllib.loads(
    files("claimledger.datasette_plugin.desk_pages").joinpath("problems_ko.toml").read_text(encoding="utf-8")
)


MAKES_PROBLEMS = frozenset({"Problem", "Fault", "Mangling", "problem", "_problem", "_notice"})
"""What is called to make a problem; its code is the first argument, or the first that looks like one."""
CODE = re.compile("[a-z]+(-[a-z0-9]+)+")


def codes_in_sources() -> Iterator[str]:
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MAKES_PROBLEMS:
                given = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                texts = [one for one in given if isinstance(one, str)]
                yield from [one for one in texts if one is given[0] or CODE.fullmatch(one)][:1]


def refusals_in_sources() -> Iterator[str]:
    for path in sorted(SOURCES.rglob("*.py")):
        if set(path.relative_to(SOURCES).parts) & ELSEWHERE and "desk_pages" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in BASES for base in node.bases):
                yield node.name


BASES = frozenset({"LedgerError", "NotFound", "FetchRefused"})
SAID_OTHERWISE = frozenset({
    "ProblemsFound", "FetchRefused", "SignInRefused", "SignInThrottled", "SeveralSignIns", "RevisionUnusable",
    "ArticleNotRecorded", "LabelTaken", "NoSuchToken",
})  # fmt: skip
"""Refusals with a page or problems of their own, that stop the desk before it answers, or of the command line alone."""


@pytest.mark.parametrize("code", sorted((set(codes_in_sources()) | set(CODES) | set(COMPUTED)) - FILES_ALONE))
def test_a_problem_is_said_in_korean(code: str) -> None:
    assert code in KOREAN["problem"]


@pytest.mark.parametrize("name", sorted(set(refusals_in_sources()) - SAID_OTHERWISE))
def test_a_refusal_is_said_in_korean(name: str) -> None:
    assert name in KOREAN["refusal"]


def test_what_is_named_in_english_is_named_in_korean_too() -> None:
    english = "There is no person 'kimm'. Did you mean 'kim'?"
    assert _with_quoted("그런 사람이 없습니다.", english) == "그런 사람이 없습니다. ('kimm', 'kim')"
    assert _with_quoted("빈칸입니다.", "It's the editor's own.") == "빈칸입니다."
