"""The text form: what is printed reads back equal, and what cannot be read is told with its line."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import ryaml
import strategies
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from claimledger.errors import ProblemsFound
from claimledger.ledger import text_form, validation, yaml_source
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.text_form import ArticleFile, ClaimFile, DocumentFile, RecordFile
from claimledger.ledger.validation import validation_problems, validate
from claimledger.ledger.yaml_source import MAX_DEPTH, SourceLocation, YamlSource, format_value_path, read_yaml_text
from claimledger.models import Appearance, Article, Claim, Document, QuoteSelector, Record, Span, LedgerRecord
from claimledger.vocabulary import Subject

TEN_MEGABYTES = 10_000_000


@st.composite
def forms(draw: st.DrawFn) -> RecordFile:
    """Give what a file may say."""
    record = draw(strategies.articles | strategies.documents | strategies.claims())
    bases = strategies.maybe(strategies.hashes)
    if not isinstance(record, Claim):
        return text_form.make_record_file(record, draw(bases))
    places = [draw(strategies.appearances(st.just(record.claim_id))) for _ in range(draw(st.integers(0, 2)))]
    told_apart = {(place.edition_sha256, place.place): place for place in places}
    return text_form.make_record_file(record, draw(bases), [(place, draw(bases)) for place in told_apart.values()])


def read_back(form: RecordFile) -> RecordFile:
    """Print a form and read it."""
    source = read_yaml_text(text_form.format_record_file(form).decode(), "a.yaml")
    read, problems = validate(type(form), source)
    assert not problems, "\n".join(map(str, problems))
    assert read is not None
    return read


@settings(strategies.few)
@given(forms())
def test_what_is_printed_reads_back_equal_and_prints_the_same(form: RecordFile) -> None:
    read = read_back(form)
    assert read == form
    assert read.to_json() == form.to_json()
    assert text_form.format_record_file(read) == text_form.format_record_file(form)


@settings(strategies.few)
@given(forms())
def test_a_form_is_taken_apart_into_the_records_it_was_made_of(form: RecordFile) -> None:
    (subject, base, record, _), *rest = text_form.split_into_records(form)
    appearances = [(entry.record, entry.base) for entry in rest if isinstance(entry.record, Appearance)]
    assert base == form.base
    assert not isinstance(record, Appearance)
    assert text_form.make_record_file(record, base, appearances) == form
    assert {Article: Subject.ARTICLE, Claim: Subject.CLAIM, Document: Subject.DOCUMENT}[type(record)] is subject


@given(st.one_of(strategies.texts, strategies.passages))
@example("1e400")
@example("12:30:45\n")
@example("\u2028")
@example("\ufeff처음")
def test_any_text_survives_as_a_value_and_in_a_list(text: str) -> None:
    source = read_yaml_text(yaml_of({"a": text, "b": [text, {"c": text}]}), "a.yaml")
    assert source.problems == ()
    assert source.values == {"a": text, "b": [text, {"c": text}]}


def yaml_of(values: Mapping[str, Any]) -> str:
    """Print values as files are printed."""
    return ryaml.dumps(dict(values))


PIECES = (
    "a", "b: ", "- ", "\n", "\n  ", "\n- ", "'", '"', "#", " #", "&x ", "*x", "!t ", "|", "|2+\n  ", ">-\n  ", "{", "}",
    "[", "]", ", ", "? ", ": ", "---", "...", "%Y", "\t", "\\", "1.5", "no", "\u2028", "\x85", "\ufeff", "가", "🌉",
)  # fmt: skip
"""What YAML is made of, whole or broken."""


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
def test_every_value_has_the_line_it_stands_on(values: Mapping[str, Any]) -> None:
    text = yaml_of(values)
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


def test_a_row_of_a_table_is_the_place_of_all_its_values() -> None:
    row = SourceLocation("claims.csv", {(): 7})
    problem = row.problem("empty-text", ("amount",))
    assert str(problem) == f"claims.csv:7: amount: {problem.text()} [empty-text]"


def test_values_that_stand_nowhere_have_no_place() -> None:
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
def test_a_word_without_quotes_means_what_yaml_1_2_says_and_nothing_else(word: str) -> None:
    source = read_yaml_text(f"a: {word}\n", "a.yaml")
    assert (source.values, source.problems) == ({"a": WORDS[word]}, ())


@pytest.mark.parametrize(
    "word", ["1.5", "1.", ".5", "1e3", "+1", "-1.0", ".inf", "-.INF", ".NaN", "0x1F", "0o17", "9" * 16]
)
def test_a_number_that_programs_read_in_different_ways_needs_quotes(word: str) -> None:
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
def test_a_comment_is_found_wherever_it_stands(text: str) -> None:
    assert [problem.code for problem in read_yaml_text(text, "a.yaml").problems if problem.code != "not-a-record"] == [
        "comment"
    ]


@pytest.mark.parametrize(
    "text", ["a: b#c", "a: '# c'", 'a: "b # c"', "a: |\n  # c\n  b", "a: >\n  b\n  # c", "a#b: c", "a: b:#c"]
)
def test_a_hash_sign_inside_a_text_is_none(text: str) -> None:
    source = read_yaml_text(text, "a.yaml")
    assert source.problems == ()
    assert "#" in str(source.values)


def test_what_one_parser_reads_the_other_reads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML may come without libyaml; then its own parser is used."""
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
def test_a_mark_on_the_whole_record_is_found(text: str, code: str) -> None:
    assert [problem.code for problem in read_yaml_text(text, "a.yaml").problems] == [code]


def test_nesting_has_an_end() -> None:
    within = f"a: {'[' * (MAX_DEPTH - 1)}{']' * (MAX_DEPTH - 1)}\n"
    assert read_yaml_text(within, "a.yaml").problems == ()
    assert [problem.code for problem in read_yaml_text(f"a: [{within[3:-1]}]", "a.yaml").problems] == [
        "nested-too-deep"
    ]


def test_the_reader_stops_long_before_the_end_of_what_is_nested_too_deep() -> None:
    reader = yaml_source._Reader("[" * 200_000)
    reader.read()
    assert len(reader._open) <= MAX_DEPTH


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Give an empty ledger."""
    return LedgerPaths(tmp_path)


def test_of_a_file_of_10_megabytes_no_more_is_read_than_a_claim_can_take(places: LedgerPaths) -> None:
    path = places.claims / "documents" / "a.yaml"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(TEN_MEGABYTES)
    tracemalloc.start()
    (problem,) = text_form.read_record_file(path, places).problems
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problem.code == "file-too-large"
    assert peak < 4 * yaml_source.MAX_BYTES


def test_every_yaml_file_is_looked_at_wherever_it_stands(
    places: LedgerPaths, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = [
        "a/article.yaml", "a/z-aaaa.yaml", "a/b-aaaa.yaml", "documents/d.yaml", "loose.yaml", "a/deep/e.yaml",
        "a/f.yml",
    ]  # fmt: skip
    others = ["a/._b-aaaa.yaml", "log/x.yaml", "log/000000.jsonl", "a/b-aaaa.yaml.part", "a/notes.txt"]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "g.yaml").touch()
    for name in names + others:
        (places.claims / name).parent.mkdir(parents=True, exist_ok=True)
        (places.claims / name).touch()
    (places.claims / "linked").symlink_to(elsewhere)
    found = [path.relative_to(places.claims).as_posix() for path in text_form.list_record_files(places)]
    assert sorted(found) == sorted([*names, "linked/g.yaml"])
    assert found.index("a/article.yaml") < found.index("a/b-aaaa.yaml") < found.index("a/z-aaaa.yaml")


def test_a_file_is_named_as_it_lies_below_the_root_and_in_full_elsewhere(places: LedgerPaths) -> None:
    assert text_form.display_name(places.claims / "a" / "b.yaml", places) == "claims/a/b.yaml"
    assert text_form.display_name(Path("/elsewhere/b.yaml"), places) == "/elsewhere/b.yaml"


def test_a_path_may_be_given_from_where_one_stands(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    (places.claims / "documents").mkdir(parents=True)
    monkeypatch.chdir(places.root)
    (problem,) = text_form.read_record_file(Path("claims/documents/a.yaml"), places).problems
    assert (problem.code, problem.file) == ("not-a-file", "claims/documents/a.yaml")


SPAN, QUOTE = Span(start=3, end=8), QuoteSelector(exact="약 2조원")


def test_a_skeleton_says_what_is_missing(places: LedgerPaths) -> None:
    path = text_form.write_skeleton(places, "bridge-costs-hb2k", "hanbit-bridge", "ab" * 32, SPAN, QUOTE)
    assert path == places.claims / "hanbit-bridge" / "bridge-costs-hb2k.yaml"
    _, problems, _ = text_form.read_record_file(path, places)
    assert {problem.field for problem in problems} == {
        "statement.en", "statement.ko", "attribution.mode", "source.kind", "source.name.en", "source.name.ko", "topics",
    }  # fmt: skip


@pytest.mark.parametrize("claim_id", ["../../etc/passwd-abcd", "Bridge-hb2k", "bridge", f"{'a' * 41}-hb2k"])
def test_a_skeleton_is_not_written_under_a_name_no_claim_can_have(claim_id: str, places: LedgerPaths) -> None:
    with pytest.raises(ProblemsFound, match="claim_id"):
        text_form.write_skeleton(places, claim_id, "hanbit-bridge", "ab" * 32, SPAN, QUOTE)
    assert not places.claims.exists()


@settings(strategies.examples(10))
@given(forms())
def test_a_file_read_from_its_place_is_what_was_printed(
    tmp_path_factory: pytest.TempPathFactory, form: RecordFile
) -> None:
    places = LedgerPaths(tmp_path_factory.mktemp("ledger"))
    path = text_form.record_path(form, places)
    path.parent.mkdir(parents=True)
    path.write_bytes(text_form.format_record_file(form))
    assert text_form.read_record_file(path, places)[:2] == (form, [])


@pytest.mark.parametrize(
    ("form", "name"),
    [(ClaimFile, "a/b-aaaa.yaml"), (ArticleFile, "a/article.yaml"), (DocumentFile, "documents/article-1.yaml")],
)
def test_where_a_file_stands_says_what_it_is(form: type[RecordFile], name: str, places: LedgerPaths) -> None:
    assert text_form._file_model(places.claims / name, places) is form


class Unforeseen(Record):
    """A record with a rule the newsroom has no words for."""

    wait: float


def test_a_finding_without_words_of_its_own_is_still_a_problem() -> None:
    with pytest.raises(ValidationError) as error:
        Unforeseen.model_validate({"wait": "later"})
    (problem,) = validation_problems(
        error.value, Unforeseen, {"wait": "later"}, SourceLocation("a.yaml", {("wait",): 3})
    )
    assert (problem.code, problem.line, problem.field) == ("wrong-value", 3, "wait")


def all_kinds_of_errors(model: type[BaseModel]) -> set[str]:
    """Return the types of errors that a model's fields can give, as far as its JSON Schema tells."""
    known = {
        "minLength": "string_too_short", "maxLength": "string_too_long", "minItems": "too_short",
        "maxItems": "too_long", "minProperties": "too_short", "minimum": "greater_than_equal",
        "pattern": "string_pattern_mismatch",
    }  # fmt: skip
    schema = str(model.model_json_schema())
    limits = set(re.findall(r"'(m(?:in|ax)\w*|exclusive\w+|multipleOf|pattern|format|const)'", schema))
    return {known[limit] for limit in limits}


@pytest.mark.parametrize("form", [ClaimFile, ArticleFile, DocumentFile])
def test_every_limit_of_a_field_has_words(form: type[RecordFile]) -> None:
    assert all_kinds_of_errors(form) <= validation._FAULTS.keys() | validation._DESCRIBERS.keys()


def test_a_source_without_values_gives_its_problems() -> None:
    source = read_yaml_text("a: b: c\n", "a.yaml")
    assert isinstance(source, YamlSource)
    assert validate(ClaimFile, source) == (None, list(source.problems))


def test_a_record_is_none_while_its_file_has_a_problem_as_yaml() -> None:
    form = text_form.make_record_file(Document.model_validate_json(DOCUMENT), None)
    source = read_yaml_text(text_form.format_record_file(form).decode() + "# 나중에\n", "a.yaml")
    assert validate(DocumentFile, source) == (None, list(source.problems))
    assert [problem.code for problem in source.problems] == ["comment"]


DOCUMENT = """{"document_id": "toll-notice", "medium": "web", "title": {"ko": "통행료 안내"}, "language": "ko",
"obtained_at": "2024-04-01T09:30:00.000Z", "captured": "none", "tier": "primary"}"""


def test_every_subject_but_an_appearance_has_a_file_of_its_own() -> None:
    assert {form.__mro__[1] for form in (ClaimFile, ArticleFile, DocumentFile)} == set(LedgerRecord.__args__) - {
        Appearance
    }
