"""The message table: every key in the code has a row, every row is used, and both languages agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import CliRunner
from test_korean_particles import PARTICLE

import claimledger
from claimledger import messages
from claimledger.cli import main
from claimledger.cli.language import VARIABLE, UnknownLanguage
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.errors import LedgerError, NotFound, Problem
from claimledger.messages import Label, Message, MessageRow, Value, message_table
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import VerdictValue

SOURCES = Path(claimledger.__file__).parent
MAKERS: Mapping[str, Collection[int]] = {
    "Message": (0,), "Problem": (0,), "problem": (0,), "_problem": (0, 3), "_notice": (0,), "problem_in_file": (1,),
    "Mangling": (0,), "make_finding": (0,), "ComputedResult": (0,), "_evidence_finding": (0,),
    "_alteration_problem": (0,), "_failure": (1,),
}  # fmt: skip
"""The functions and classes that are called with the key of a message, and at which positions it can be."""
CODE = re.compile("[a-z]+(?:-[a-z0-9]+)+(?:/[a-z0-9-]+)?")
"""A key with a hyphen: no other text at those positions looks like one."""
KEY = re.compile("[A-Za-z]+(-[a-z0-9]+)*(/[a-z0-9-]+)?")


@cache
def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCES.rglob("*.py"))]


def called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def key_pattern(text: ast.JoinedStr) -> str:
    """Return a regular expression for the keys that an f-string can produce."""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+" for part in text.values]
    return "".join(map(str, parts))


def refusal_classes() -> dict[str, ast.ClassDef]:
    """Return the refusal classes in the sources, by name."""
    classes = {node.name: node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    found = {"LedgerError"}
    while new := {
        name for name, node in classes.items() if name not in found and found & {ast.unparse(one) for one in node.bases}
    }:
        found |= new
    return {name: node for name, node in classes.items() if name in found}


def key_words(node: ast.AST) -> Iterator[str]:
    """Yield the texts below a node that may be keys or variants."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and KEY.fullmatch(one.value):
            yield one.value


def maker_calls() -> Iterator[tuple[str, ast.expr]]:
    """Yield each call of a maker with the argument at a position of a key."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called_name(node) in MAKERS:
                for position in MAKERS[called_name(node)]:
                    if position < len(node.args):
                        yield called_name(node), node.args[position]


def literal_keys() -> set[str]:
    """Return the keys that makers are called with as they are."""
    keys = {str(one.value) for _, one in maker_calls() if isinstance(one, ast.Constant)}
    return {key for key in keys if CODE.fullmatch(key)}


def composed_patterns() -> set[str]:
    """Return the patterns of the keys that f-strings compose; one with fewer than three fixed letters says nothing."""
    strings = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    patterns = {key_pattern(node) for node in strings}
    return {one for one in patterns if re.search("[a-z]{3}", one.replace("[a-z-]+", ""))}


@pytest.mark.slow
def test_every_key_in_the_code_has_a_row() -> None:
    assert {name for name, _ in maker_calls()} == MAKERS.keys()
    codes = {key.partition("/")[0] for key in message_table()}  # a table adds the variant to some
    assert literal_keys() - message_table().keys() - codes == set()


@pytest.mark.slow
def test_every_refusal_has_a_row() -> None:
    bases = {"LedgerError", "FetchRefused", "ProblemsFound", "RequestRefused"}
    rows = {key.partition("/")[0] for key in message_table()}
    assert refusal_classes().keys() - bases - rows == set()


@pytest.mark.slow
def test_every_row_is_used() -> None:
    words = {word for tree in trees() for word in key_words(tree)}
    patterns = composed_patterns()
    classes = refusal_classes()

    def is_used(key: str) -> bool:
        code, _, variant = key.partition("/")
        if code in classes:
            return not variant or variant in words or key in words
        return key in words or any(re.fullmatch(pattern, key) for pattern in patterns)

    assert [key for key in message_table() if not is_used(key)] == []
    assert not is_used("zzz/qqq")
    assert not is_used("never-used-code")


def test_both_languages_have_the_same_placeholders() -> None:
    for key, row in message_table().items():
        assert row.en, key
        assert row.ko, key
        assert bool(row.do_en) is bool(row.do_ko), key
        assert places_in(row.en, row.do_en) == places_in(row.ko, row.do_ko), key


def test_korean_messages_avoid_banned_words() -> None:
    banned = re.compile("꼴|까닭|물음(?!표)|그런 것|대목|거두|들이다|견주")
    assert [key for key, row in message_table().items() if banned.search(f"{row.ko} {row.do_ko}")] == []


def places_in(*templates: str) -> frozenset[str]:
    """Return the names of the places in some templates."""
    return frozenset(place for template in templates for _, place, _, _ in Formatter().parse(template) if place)


def sample(row: MessageRow) -> dict[str, Value]:
    """Return a value for each placeholder of a row: a number for a number format, else a text."""
    text = " ".join(row)
    found: dict[str, Value] = {}
    for number, place in enumerate(sorted(places_in(*row)), start=1):
        formats = re.findall(rf"\{{{place}:([^}}]*)\}}", text)
        if any(set(one.split()) & {"or", "quoted", "named"} for one in formats):
            found[place] = (f"first{number}", f"second{number}")
        elif "value" in formats:
            found[place] = Role.EDITOR
        elif formats:
            found[place] = 7_100 + number
        else:
            found[place] = f"sample{number}"
    return found


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_value_is_shown(language: str) -> None:
    for key, row in message_table().items():
        values = sample(row)
        text = Message(key, **values).text(language)
        assert "{" not in text, key
        for value in values.values():
            for one in value if isinstance(value, tuple) else (value,):
                shown = getattr(one, f"label_{language}", f"{one:,}" if isinstance(one, int) else one)
                assert str(shown) in text or str(one) in text, key


END, QUOTES = "\ue000", "12.5 ‘둘’ “three” 'four'"
"""A mark at the end of each value, and a value with a decimal and every kind of quotation mark."""
NUMBER = Decimal("7123456.5")
FAULTS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "particle": rf"(?:{END}|7,?123,?456\.5)[’”\"']*{PARTICLE}",
        "English sentence": r"(?:[A-Za-z]+ ){3}[A-Za-z]+\.(?!\w)",
    },
    "en": {"Korean": r"(?<!\d)[가-힣]"},  # 1억 is explained in English
}  # fmt: skip
"""The patterns of the faults that messages of a language may have, without the texts of the values."""


def awkward(value: Value) -> Value:
    """Return a value of the same kind that is hard to show: a decimal, or a text with quotation marks."""
    if isinstance(value, tuple):
        return tuple(map(awkward, value))
    return NUMBER if isinstance(value, int) else value if isinstance(value, Role) else f"{QUOTES}{END}"


def faults(text: str, language: str) -> list[str]:
    """Return the fault of a message that was rendered with awkward values."""
    bare = text.replace(QUOTES, "")
    unquoted = re.sub("[‘'`][^’'`]*[’'`]", "", bare)
    found = [name for name, pattern in FAULTS[language].items() if re.search(pattern, bare)]
    found += [name for name, pattern in {"place": "[{}]", "tuple": r"\('[^']*', '"}.items() if re.search(pattern, bare)]
    return found + ["code"] * any(word in CODES for word in CODE.findall(unquoted))


CODES = frozenset(key for key in message_table() if "-" in key)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_messages_with_decimals_and_quotation_marks_are_whole_sentences(language: str) -> None:
    found = {}
    for key, row in message_table().items():
        values = {place: awkward(value) for place, value in sample(row).items()}
        text = Message(key, **values).text(language)
        if wrong := faults(text, language):
            found[key] = (wrong, text)
    assert found == {}


@pytest.mark.parametrize(
    ("text", "language", "wrong"),
    [
        (f"‘{QUOTES}{END}’로 바꾸었습니다.", "ko", ["particle"]),
        ("주장 7,123,456.5을 넣었습니다.", "ko", ["particle"]),
        ("The claim was not found. 확인하세요.", "ko", ["English sentence"]),
        (f"주장 {END}이고 글이 ('a', 'b')입니다.", "ko", ["tuple"]),
        ("주장: stale-base", "ko", ["code"]),
        ("The {name} is 없음.", "en", ["Korean", "place"]),
    ],
)
def test_fault_of_a_message_is_found(text: str, language: str, wrong: list[str]) -> None:
    assert faults(text, language) == wrong


def test_key_in_two_files_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[same]\nen = "A."\nko = "가."\n', encoding="utf-8")
    monkeypatch.setattr(messages, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"b\.toml: the message 'same' is defined twice"):
        message_table.__wrapped__()


def test_percentage_is_shown_unchanged() -> None:
    problem = Problem("not-a-number", value="12.8%")
    assert "'12.8%'" in problem.text()
    assert "‘12.8%’" in problem.text("ko")


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        (1200, "1200", "1200"),
        (Decimal("1.50"), "1.50", "1.50"),
        (date(2031, 4, 2), "2031-04-02", "2031-04-02"),
        (VerdictValue.SUPPORTED, VerdictValue.SUPPORTED.label_en, VerdictValue.SUPPORTED.label_ko),
        (Label("nothing", "없음"), "nothing", "없음"),
        (("a", "b"), "a, b", "a, b"),
    ],
)
def test_values_are_shown_in_the_language(value: Value, english: str, korean: str) -> None:
    message = Message("stored-finding", text=value)
    assert (message.text(), message.text("ko")) == (english, korean)


def test_lists_are_joined_in_the_language() -> None:
    roles = (Role.CHECKER, Role.EDITOR)
    problem = Problem("role-needed", action="edit", actor="kim", roles=roles)
    assert f"'{roles[0].label_en}' or '{roles[1].label_en}'" in problem.sentence
    assert f"‘{roles[0].label_ko}’ 또는 ‘{roles[1].label_ko}’" in problem.message.sentence("ko")
    chosen = Problem("word-missing", words=roles)
    assert f"'checker' ({Role.CHECKER.label_en}) or 'editor'" in chosen.text()
    assert f"checker({Role.CHECKER.label_ko}) 또는 editor" in chosen.text("ko")


def test_problem_is_printed_in_compiler_style_in_both_languages() -> None:
    problem = Problem("duplicate-key", file="a.yaml", line=3, field="note", name="note")
    assert str(problem) == "a.yaml:3: note: The field 'note' appears twice. Keep one of the two. [duplicate-key]"
    assert problem.line_text("ko") == "a.yaml:3: note: ‘note’ 항목이 두 번 있습니다. 하나만 남기세요. [duplicate-key]"
    assert str(Problem("not-utf-8")).startswith("The line")
    assert len({problem, problem.relocate(line=4), problem.relocate(line=3)}) == 2


def test_refusal_offers_similar_names_in_both_languages() -> None:
    refusal = NotFound("claim", "oneflw", ["oneflow"])
    assert str(refusal) == "No claim is named 'oneflw'. Did you mean 'oneflow'?"
    assert refusal.text("ko") == "ID가 ‘oneflw’인 주장이 없습니다. 혹시 ‘oneflow’입니까?"
    assert str(NotFound("claim", "oneflw")) == "No claim is named 'oneflw'."


def test_desk_shows_every_message_in_korean() -> None:
    korean = cast("Visit", SimpleNamespace(language="ko"))
    for key, row in message_table().items():
        message = Message(key, **sample(row))
        shown = Visit.problem_text(korean, Problem(message))
        assert re.search("[가-힣]", shown) or key.startswith(
            ("figure", "stored-finding", "CopyRefused", "StillWritten")
        ), key
        assert shown == message.text("ko")


@pytest.mark.parametrize(
    ("language", "sentence"), [("", "needs a token"), ("en", "needs a token"), ("ko", "토큰이 필요")]
)
def test_command_line_prints_refusals_in_the_chosen_language(tmp_path: Path, language: str, sentence: str) -> None:
    environment = {VARIABLE: language, "CLAIMLEDGER_TOKEN": None}
    ran = CliRunner().invoke(main, ["--root", str(tmp_path), "comment", "a-claim-aaaa", "Look."], env=environment)
    assert ran.exit_code == 1
    assert sentence in ran.stderr


def test_unknown_message_language_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["--root", str(tmp_path), "list"], env={VARIABLE: "fr"})
    assert (ran.exit_code, ran.stderr) == (1, f"{UnknownLanguage('fr').bilingual()}\n")
    assert "Set it to en or ko" in ran.stderr


def test_every_message_file_contains_only_texts() -> None:
    names = {file.name for file in files("claimledger.messages").iterdir() if file.name.endswith(".toml")}
    assert {"records.toml", "workflow.toml", "log.toml"} <= names
    values: Any = [part for row in message_table().values() for part in row]
    assert all(isinstance(part, str) for part in values)
    assert issubclass(NotFound, LedgerError)
