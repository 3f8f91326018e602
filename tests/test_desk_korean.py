"""What the desk says in Korean: every problem and every refusal it can meet, and the default reasons."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

import claimledger
from claimledger.agreement.agreement_codes import CODES
from claimledger.consistency import CODES as COMPUTED
from claimledger.datasette_plugin.desk_pages.korean_problems import in_korean

SOURCES = Path(claimledger.__file__).parent
ELSEWHERE = {"cli", "datasette_plugin"}
"""Folders whose own classes of refusal never reach a page of the desk; the desk's pages are below the second."""
FILES_ALONE = frozenset({
    "desk-readable-by-others", "kept-bytes-altered", "kept-bytes-missing", "kept-bytes-unnamed",
    "anchor", "comment", "document-mark", "duplicate-key", "evidence-altered", "evidence-missing",
    "evidence-not-named", "file-differs", "file-missing", "file-too-large", "label-twice", "log-rewritten",
    "more-problems", "nested-too-deep", "no-log", "not-a-file", "not-a-record", "not-in-log", "not-its-rating",
    "not-utf-8", "not-yaml", "outside-folder", "private-text-public", "refused", "tab-indentation", "tag",
    "text-altered", "text-not-public",
    "unreadable-log", "unreadable-projection",
})  # fmt: skip
"""Codes that only files on disk bring about, which the command line reads; and one whose sentence is Korean already."""
KOREAN = tomllib.loads(
    files("claimledger.datasette_plugin.desk_pages").joinpath("problems_ko.toml").read_text(encoding="utf-8")
)


MAKES_PROBLEMS = frozenset({"Problem", "Fault", "Mangling", "problem", "_problem", "_notice"})
"""What is called to make a problem; its code is the first argument, or the first that looks like one."""
CODE = re.compile("[a-z]+(-[a-z0-9]+)+")


@cache
def sources() -> Mapping[Path, list[ast.AST]]:
    """Return what each source file is made of, read once for all that is looked for in it."""
    files = sorted(SOURCES.rglob("*.py"))
    return {path: [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))] for path in files}


def called(node: ast.Call) -> str:
    """Return the last word of what is called."""
    what = node.func
    return what.attr if isinstance(what, ast.Attribute) else what.id if isinstance(what, ast.Name) else ""


def codes_in_sources() -> Iterator[str]:
    for nodes in sources().values():
        for node in nodes:
            if isinstance(node, ast.Call) and called(node) in MAKES_PROBLEMS:
                given = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
                texts = [one for one in given if isinstance(one, str)]
                yield from [one for one in texts if one is given[0] or CODE.fullmatch(one)][:1]


def refusals_in_sources() -> Iterator[str]:
    for path, nodes in sources().items():
        if set(path.relative_to(SOURCES).parts) & ELSEWHERE and "desk_pages" not in path.parts:
            continue
        for node in nodes:
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in BASES for base in node.bases):
                yield node.name


BASES = frozenset({"LedgerError", "NotFound", "FetchRefused"})
QUOTING = frozenset({
    "_shown", "shown", "_either", "_bound", "_word", "known", "all_words", "roles", "names", "fitting",
    "' and '.join((repr(name) for name in expected))",
})  # fmt: skip
"""What stands in quotation marks of its own, or lists such."""
NUMBERS = frozenset({
    "self.end", "self.start", "len(text)", "LONGEST_LABEL", "len(detail['input'])", "detail['ctx']['max_length']",
    "detail['ctx']['ge']", "now.revision", "length", "quote.length", "self.low", "self.high", "found", "width",
    "row.revision", "first[new.address].row", "len(cells)", "len(digits)", "number",
})  # fmt: skip
"""What is a number without being formatted as one."""
PHRASES = frozenset({
    "where", "beside", "_LANGUAGES[match.language]", "_LANGUAGES[other.language]", "kind", "why", "wrong", "remedy",
    "error", "form.words", "detail['msg']", "what", "hint", "fault", "type(error).__name__",
    "'is public' if is_public else 'waits as a draft'", "'a' if self.speaker else 'no'",
    "'differs' if is_verdict_changed else 'does not differ'",
})  # fmt: skip
"""Turns of the English sentence, or another program's words: no value of what was typed."""
SAID_OTHERWISE = frozenset({
    "ProblemsFound", "FetchRefused", "SignInRefused", "SignInThrottled", "SeveralSignIns", "RevisionUnusable",
    "ArticleNotRecorded", "LabelTaken", "NoSuchToken",
})  # fmt: skip
"""Refusals with a page or problems of their own, that stop the desk before it answers, or of the command line alone."""


@pytest.mark.parametrize("code", sorted((set(codes_in_sources()) | set(CODES) | set(COMPUTED)) - FILES_ALONE))
def test_a_problem_is_said_in_korean(code: str) -> None:
    assert code in KOREAN["problem"] or code in KOREAN["sentence"]


@pytest.mark.parametrize("name", sorted(set(refusals_in_sources()) - SAID_OTHERWISE))
def test_a_refusal_is_said_in_korean(name: str) -> None:
    assert name in KOREAN["refusal"]


def told(english: str, code: str = "csv-malformed") -> str:
    found = in_korean("problem", code, english)
    assert found
    return found


def test_what_is_named_in_english_is_named_in_korean_too() -> None:
    english = "There is no person 'kimm'. Did you mean 'kim'?"
    assert in_korean("refusal", "NoSuchPerson", english) == "그런 사람이 없습니다. ('kimm', 'kim')"
    assert told("It's the editor's own.", "missing-field") == "빈칸입니다. 채우세요."


WHICH = {
    "wrong-form": (
        "'검증 담당' is not a person's short name: at most 40 of a-z and '-', a letter first. Write it like 'kim.jh'.",
        "‘검증 담당’: 꼴이 맞지 않습니다. ‘kim.jh’처럼 적으세요.",
    ),
    "passage-figure-differs": (
        "The quantity is '1700원' (1,700), and the passage prints '1500원' (1,500). "
        + CODES["passage-figure-differs"].remedy,
        "인용문에 적힌 수는 '1500원' (1,500), 수량은 '1700원' (1,700)입니다. "
        + KOREAN["remedy"][CODES["passage-figure-differs"].remedy],
    ),
    "statement-number-missing": (
        "No statement says '13000000000'. " + CODES["statement-number-missing"].remedy,
        "어느 문장에도 '13000000000' 수량이 없습니다. 문장에 그 수를 적거나, 이 주장에서 수량을 빼세요.",
    ),
}
"""Code to a sentence, and what it is in Korean."""


@pytest.mark.parametrize("code", WHICH)
def test_which_value_is_which_is_said_in_korean(code: str) -> None:
    english, korean = WHICH[code]
    assert told(english, code) == korean


def test_what_those_sentences_ask_for_is_what_the_checks_ask_for() -> None:
    """A remedy that is reworded in English is reworded here too, or it would be shown in English."""
    asked = {CODES[code].remedy for code in KOREAN["sentence"] if code in CODES}
    assert asked <= {*KOREAN["remedy"]}


def writings(node: ast.expr, scope: ast.AST) -> Iterator[ast.JoinedStr]:
    """Yield the sentences with values that an argument may be: itself, or what its name stands for in the function."""
    if isinstance(node, ast.JoinedStr):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*writings(node.body, scope), *writings(node.orelse, scope))
    elif isinstance(node, ast.Name):
        for assigned in ast.walk(scope):
            if isinstance(assigned, ast.Assign) and ast.unparse(assigned.targets[0]) == node.id:
                yield from writings(assigned.value, assigned)


def sentences() -> Iterator[tuple[str, str, ast.JoinedStr]]:
    """Yield place, code and wording of every problem of the sources that is written with values."""
    for path, nodes in sources().items():
        for scope in nodes:
            if not isinstance(scope, ast.FunctionDef):
                continue
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and called(node) in ("Problem", "Fault", "problem"):
                    code, *words = [*node.args[:3]]
                    if isinstance(code, ast.Constant):
                        for word in words:
                            for written in writings(word, scope):
                                if " " in ast.unparse(written):  # a field's path has none
                                    yield f"{path.name}:{written.lineno}", str(code.value), written


def filled(written: ast.JoinedStr) -> tuple[str, list[str]]:
    """Return a sentence with a made-up value in each place, and these values: a number where one is written."""
    text = ""
    values: list[str] = []
    for part in written.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            what = ast.unparse(part.value)
            if what in PHRASES:
                continue
            is_number = part.format_spec is not None or what in NUMBERS
            values.append(f"{len(values) + 7_101:,}" if is_number else f"값{len(values)}")
            text += f"'{values[-1]}'" if {what, what.partition("(")[0]} & QUOTING else values[-1]
    return text, values


@pytest.mark.parametrize(
    ("code", "written"),
    [pytest.param(code, written, id=place) for place, code, written in sentences() if code not in FILES_ALONE],
)
def test_every_value_of_a_problem_is_shown_in_korean(code: str, written: ast.JoinedStr) -> None:
    english, values = filled(written)
    korean = told(english, code)
    assert [value for value in values if value not in korean] == []


sources.cache_clear()  # the trees are large, and all that is looked for was found
