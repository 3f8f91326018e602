"""docs/claim-files.md matches the program: its fields, its example, its problems and its labels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claimledger.ledger import text_form, validation
from claimledger.ledger.text_form import ArticleFile, ClaimFile, DocumentFile, RecordFile
from claimledger.ledger.validation import describe_fields, nested_models, validate
from claimledger.ledger.yaml_source import read_yaml_text
from claimledger.vocabulary import RevisionKind, Subject

PAGE = (Path(__file__).parents[2] / "docs" / "claim-files.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [ClaimFile, ArticleFile, DocumentFile])
def test_page_describes_every_field(form: type[RecordFile]) -> None:
    for model in nested_models(form):
        assert f"### {model.__name__}\n" in PAGE
        for field in describe_fields(model):
            needed = "yes" if field.is_required else ""
            assert f"| `{field.name}` | {needed} | {field.takes} | {field.meaning} |\n" in PAGE


def test_page_explains_every_kind_of_value() -> None:
    models = {model for form in (ClaimFile, ArticleFile, DocumentFile) for model in nested_models(form)}
    simple = {words for _, words in validation._KINDS} - {"passage, or length and hash", "true or false"}
    explained = set(re.findall(r"^\| ([a-z' ]+) \| ", PAGE, re.MULTILINE))
    assert {words for words in simple if not words.startswith("whole number")} <= explained
    takes = {field.takes.removeprefix("list: ") for model in models for field in describe_fields(model)}
    assert not takes & {"str", "int", "object", "dict"}


def test_page_example_is_a_claim_file_in_printed_form() -> None:
    example = PAGE.partition("```yaml\n")[2].partition("```")[0]
    form, problems = validate(ClaimFile, read_yaml_text(example, "a.yaml"))
    assert problems == []
    assert form is not None
    assert text_form.format_record_file(form).decode() == example


def test_page_shows_problems_in_their_exact_wording() -> None:
    printed = "".join(
        path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "faults").glob("*.problems")
    )
    shown = [line for line in PAGE.splitlines() if re.match(r"claims/.*: .*\[[a-z-]+\]$", line)]
    assert len(shown) == 3
    assert all(f"{line}\n" in printed for line in shown)


def test_page_uses_the_labels_of_the_vocabulary() -> None:
    for kind in (RevisionKind.VERDICT, RevisionKind.UPDATE, RevisionKind.CORRECTION):
        assert f"| `{kind}` | {kind.label_ko} |" in PAGE
    for subject in Subject:
        assert f"{subject.label_ko}" in PAGE.partition("## A claim")[0]
