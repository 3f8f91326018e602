"""The YAML reader keeps every text, knows the line of every value, and reports input that it does not accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import ryaml
import strategies
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimledger.ledger import yaml_source
from claimledger.ledger.text_form import ClaimFile
from claimledger.ledger.validation import validate
from claimledger.ledger.yaml_source import MAX_DEPTH, SourceLocation, YamlSource, format_value_path, read_yaml_text


@given(st.one_of(strategies.texts, strategies.passages))
@example("1e400")
@example("12:30:45\n")
@example("\u2028")
@example("\ufeff처음")
def test_any_text_survives_as_a_value_and_in_a_list(text: str) -> None:
    source = read_yaml_text(format_yaml({"a": text, "b": [text, {"c": text}]}), "a.yaml")
    assert source.problems == ()
    assert source.values == {"a": text, "b": [text, {"c": text}]}


def format_yaml(values: Mapping[str, Any]) -> str:
    """Print values in the format of record files."""
    return ryaml.dumps(dict(values))


PIECES = (
    "a", "b: ", "- ", "\n", "\n  ", "\n- ", "'", '"', "#", " #", "&x ", "*x", "!t ", "|", "|2+\n  ", ">-\n  ", "{", "}",
    "[", "]", ", ", "? ", ": ", "---", "...", "%Y", "\t", "\\", "1.5", "no", "\u2028", "\x85", "\ufeff", "가", "🌉",
)  # fmt: skip
"""Pieces of YAML for valid and broken texts."""


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(strategies.letters, max_size=80))
@example("*x")
@example("&x\na: b")
@settings(strategies.examples(200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    source = read_yaml_text(text, "a.yaml")
    assert source.values is not None or source.problems
    assert all(problem.line is not None and problem.file == "a.yaml" for problem in source.problems)


@settings(strategies.few)
@given(st.dictionaries(strategies.names, strategies.json_values, max_size=4))
def test_every_value_has_its_line_number(values: Mapping[str, Any]) -> None:
    text = format_yaml(values)
    source = read_yaml_text(text, "a.yaml")
    for name in values:
        line = source.where.line_number((name,))
        assert line is not None
        assert text.split("\n")[line - 1].startswith(f"{name}:")


NESTED = """\
claim_id: a
statement:
  ko: |
    첫 줄

    셋째 줄
  en: "one
    two"
quantities:
- text: 하나
  amount: '1'

- # 없음
  text: 둘
  low: '2'
  high: {a: 3,
         b: [4,
             5]}
-
  text: 셋
"""


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        (("claim_id",), 1),
        (("statement",), 2),
        (("statement", "ko"), 3),
        (("statement", "en"), 7),
        (("statement", "zh"), 2),
        (("quantities",), 9),
        (("quantities", 0), 10),
        (("quantities", 0, "text"), 10),
        (("quantities", 0, "amount"), 11),
        (("quantities", 0, "unit"), 10),
        (("quantities", 1, "text"), 14),
        (("quantities", 1, "high"), 16),
        (("quantities", 1, "high", "a"), 16),
        (("quantities", 1, "high", "b"), 17),
        (("quantities", 1, "high", "b", 1), 18),
        (("quantities", 2, "text"), 20),
        (("topics",), None),
    ],
)
def test_lines_are_right_in_nested_values(steps: tuple[str | int, ...], line: int | None) -> None:
    where = read_yaml_text(NESTED, "a.yaml").where
    assert where.line_number(steps) == line
    assert where.narrowed_to(*steps[:1]).line_number(steps[1:]) == line


def test_row_of_a_table_locates_all_its_values() -> None:
    row = SourceLocation("claims.csv", {(): 7})
    problem = row.problem("empty-text", ("amount",))
    assert str(problem) == f"claims.csv:7: amount: {problem.text()} [empty-text]"


def test_value_without_a_location_has_no_line() -> None:
    problem = SourceLocation().problem("empty-text")
    assert str(problem) == f"{problem.text()} [empty-text]"
    assert format_value_path(()) == ""


WORDS = {
    "no": "no", "yes": "yes", "on": "on", "off": "off", "y": "y", "012": "012", "-012": "-012", "1_000": "1_000",
    "12:30:45": "12:30:45", "2023-03-14": "2023-03-14", "0b1": "0b1", "nan": "nan", "=": "=", "<<": "<<",
    "1e400": "1e400", "true": True, "False": False, "null": None, "~": None, "": None, "0": 0, "-5": -5, "40": 40,
    "999999999999999": 999_999_999_999_999,
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_unquoted_word_follows_yaml_1_2(word: str) -> None:
    source = read_yaml_text(f"a: {word}\n", "a.yaml")
    assert (source.values, source.problems) == ({"a": WORDS[word]}, ())


@pytest.mark.parametrize(
    "word", ["1.5", "1.", ".5", "1e3", "+1", "-1.0", ".inf", "-.INF", ".NaN", "0x1F", "0o17", "9" * 16]
)
def test_ambiguous_number_needs_quotes(word: str) -> None:
    (problem,) = read_yaml_text(f"a:\n- {word}\n", "a.yaml").problems
    assert (problem.code, problem.line, problem.field) == ("number-without-quotes", 2, "a.1")
    for quoted in (f"'{word}'", f'"{word}"', f"|-\n    {word}"):
        source = read_yaml_text(f"a:\n- {quoted}\n", "a.yaml")
        assert (source.values, source.problems) == ({"a": [word]}, ())


@pytest.mark.parametrize(
    "text",
    ["a: b # c", "# c\na: b", "a: b\n# c", "a: # c\n  b: c", "a: | # c\n  b", "a: [b, # c\n  d]", "a: 'b' # 'c'",
     "a:\n- b # c\n- d"],
)  # fmt: skip
def test_comment_is_found_at_any_position(text: str) -> None:
    assert [problem.code for problem in read_yaml_text(text, "a.yaml").problems if problem.code != "not-a-record"] == [
        "comment"
    ]


@pytest.mark.parametrize(
    "text", ["a: b#c", "a: '# c'", 'a: "b # c"', "a: |\n  # c\n  b", "a: >\n  b\n  # c", "a#b: c", "a: b:#c"]
)
def test_hash_sign_inside_a_text_is_not_a_comment(text: str) -> None:
    source = read_yaml_text(text, "a.yaml")
    assert source.problems == ()
    assert "#" in str(source.values)


def test_both_parsers_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """If PyYAML is installed without libyaml, its own parser is used."""
    texts = [
        NESTED,
        "a: {b: 'c', d: [1, 2]}\n",
        "a: &b c\n",
        "a: b # c\nd: | # e\n  f\n",
        "a: 한글 🌉\nb: 1.5\na: c\n",
        "a: b: c\n",
    ]
    quick = [read_yaml_text(text, "a.yaml") for text in texts]
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    slow = [read_yaml_text(text, "a.yaml") for text in texts]
    assert slow == quick


@pytest.mark.parametrize(("text", "code"), [("&x\na: b\n", "anchor"), ("!t\na: b\n", "tag"), ("*x", "not-a-record")])
def test_mark_on_the_whole_record_is_found(text: str, code: str) -> None:
    assert [problem.code for problem in read_yaml_text(text, "a.yaml").problems] == [code]


def test_nesting_depth_is_limited() -> None:
    within = f"a: {'[' * (MAX_DEPTH - 1)}{']' * (MAX_DEPTH - 1)}\n"
    assert read_yaml_text(within, "a.yaml").problems == ()
    assert [problem.code for problem in read_yaml_text(f"a: [{within[3:-1]}]", "a.yaml").problems] == [
        "nested-too-deep"
    ]


def test_reader_stops_early_when_nesting_is_too_deep() -> None:
    reader = yaml_source._Reader("[" * 200_000)
    reader.read()
    assert len(reader._open) <= MAX_DEPTH


def test_a_source_without_values_gives_its_problems() -> None:
    source = read_yaml_text("a: b: c\n", "a.yaml")
    assert isinstance(source, YamlSource)
    assert validate(ClaimFile, source) == (None, list(source.problems))
