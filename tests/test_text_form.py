"""The text form: a printed file reads back equal, and each problem of a file names its line."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from claimledger.errors import ProblemsFound
from claimledger.ledger import text_form, validation, yaml_source
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.text_form import ArticleFile, ClaimFile, DocumentFile, RecordFile
from claimledger.ledger.validation import validation_problems, validate
from claimledger.ledger.yaml_source import SourceLocation, read_yaml_text
from claimledger.models import (
    Alias, Appearance, Article, Claim, Document, EarlierCheck, LedgerRecord, QuoteSelector, Record, Span,
)  # fmt: skip
from claimledger.vocabulary import Subject

TEN_MEGABYTES = 10_000_000


@st.composite
def forms(draw: st.DrawFn) -> RecordFile:
    """Generate the content of a record file."""
    record = draw(strategies.articles | strategies.documents | strategies.claims())
    bases = strategies.maybe(strategies.hashes)
    if not isinstance(record, Claim):
        return text_form.make_record_file(record, draw(bases))
    places = [draw(strategies.appearances(st.just(record.claim_id))) for _ in range(draw(st.integers(0, 2)))]
    distinct = {(place.edition_sha256, place.place): place for place in places}
    return text_form.make_record_file(record, draw(bases), [(place, draw(bases)) for place in distinct.values()])


def print_and_read(form: RecordFile) -> RecordFile:
    """Print a form and return the form read from it."""
    source = read_yaml_text(text_form.format_record_file(form).decode(), "a.yaml")
    read, problems = validate(type(form), source)
    assert not problems, "\n".join(map(str, problems))
    assert read is not None
    return read


@settings(strategies.few)
@given(forms())
def test_printed_form_reads_back_equal(form: RecordFile) -> None:
    read = print_and_read(form)
    assert read == form
    assert read.to_json() == form.to_json()
    assert text_form.format_record_file(read) == text_form.format_record_file(form)


@pytest.mark.slow
@settings(strategies.few)
@given(forms())
def test_form_is_split_into_its_records(form: RecordFile) -> None:
    (subject, base, record, _), *rest = text_form.split_into_records(form)
    appearances = [(entry.record, entry.base) for entry in rest if isinstance(entry.record, Appearance)]
    assert base == form.base
    assert not isinstance(record, Appearance)
    assert text_form.make_record_file(record, base, appearances) == form
    assert {Article: Subject.ARTICLE, Claim: Subject.CLAIM, Document: Subject.DOCUMENT}[type(record)] is subject


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return an empty ledger."""
    return LedgerPaths(tmp_path)


def test_only_the_beginning_of_a_huge_file_is_read(places: LedgerPaths) -> None:
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


def test_yaml_files_are_listed_in_every_folder(places: LedgerPaths, tmp_path_factory: pytest.TempPathFactory) -> None:
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


def test_file_name_is_relative_to_the_root_or_absolute(places: LedgerPaths) -> None:
    assert text_form.display_name(places.claims / "a" / "b.yaml", places) == "claims/a/b.yaml"
    assert text_form.display_name(Path("/elsewhere/b.yaml"), places) == "/elsewhere/b.yaml"


def test_path_may_be_relative_to_the_current_folder(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_skeleton_with_an_invalid_claim_id_is_not_written(claim_id: str, places: LedgerPaths) -> None:
    with pytest.raises(ProblemsFound, match="claim_id"):
        text_form.write_skeleton(places, claim_id, "hanbit-bridge", "ab" * 32, SPAN, QUOTE)
    assert not places.claims.exists()


@settings(strategies.examples(10))
@given(forms())
def test_file_read_from_its_path_equals_the_printed_form(
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
def test_path_of_a_file_decides_its_model(form: type[RecordFile], name: str, places: LedgerPaths) -> None:
    assert text_form._file_model(places.claims / name, places) is form


class Unforeseen(Record):
    """A record with a rule that has no message."""

    wait: float


def test_validation_error_without_a_message_is_still_a_problem() -> None:
    with pytest.raises(ValidationError) as error:
        Unforeseen.model_validate({"wait": "later"})
    (problem,) = validation_problems(
        error.value, Unforeseen, {"wait": "later"}, SourceLocation("a.yaml", {("wait",): 3})
    )
    assert (problem.code, problem.line, problem.field) == ("wrong-value", 3, "wait")


def all_kinds_of_errors(model: type[BaseModel]) -> set[str]:
    """Return the error types that the fields of a model can give, according to its JSON Schema."""
    known = {
        "minLength": "string_too_short", "maxLength": "string_too_long", "minItems": "too_short",
        "maxItems": "too_long", "minProperties": "too_short", "minimum": "greater_than_equal",
        "pattern": "string_pattern_mismatch",
    }  # fmt: skip
    schema = str(model.model_json_schema())
    limits = set(re.findall(r"'(m(?:in|ax)\w*|exclusive\w+|multipleOf|pattern|format|const)'", schema))
    return {known[limit] for limit in limits}


@pytest.mark.parametrize("form", [ClaimFile, ArticleFile, DocumentFile])
def test_every_limit_of_a_field_has_a_message(form: type[RecordFile]) -> None:
    assert all_kinds_of_errors(form) <= validation._FAULTS.keys() | validation._DESCRIBERS.keys()


def test_file_with_a_yaml_problem_gives_no_record() -> None:
    form = text_form.make_record_file(Document.model_validate_json(DOCUMENT), None)
    source = read_yaml_text(text_form.format_record_file(form).decode() + "# 나중에\n", "a.yaml")
    assert validate(DocumentFile, source) == (None, list(source.problems))
    assert [problem.code for problem in source.problems] == ["comment"]


DOCUMENT = """{"document_id": "toll-notice", "medium": "web", "title": {"ko": "통행료 안내"}, "language": "ko",
"obtained_at": "2024-04-01T09:30:00.000Z", "captured": "none", "tier": "primary"}"""


def test_claims_articles_and_documents_have_files_of_their_own() -> None:
    without = {Appearance, Alias, EarlierCheck}
    assert {form.__mro__[1] for form in (ClaimFile, ArticleFile, DocumentFile)} == set(LedgerRecord.__args__) - without
