"""The columns of a review sheet have labels in both languages, and every problem code is documented and tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review_shelf import claim

from claimledger.sheets.sheet_columns import (
    SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, REQUIRED_COLUMNS, VERDICT_COLUMNS, ColumnUse, ReviewRow, claim_fingerprint,
    claim_verdict,
)  # fmt: skip

ROOT = Path(__file__).parents[1]
MODULES = ("merge", "planned_changes", "review_sheet", "spreadsheet_damage", "workbook_reader")
TESTS = ("sheet_merge", "planned_changes", "review_sheet", "spreadsheet_damage", "workbook_reader")
GENERAL_CSV_CODES = {"column-repeated", "csv-empty", "too-many-cells"}
"""Codes that the section on general CSV files documents."""
LIMIT_CODES = {"table-too-large"}
"""Codes of the limits of a sheet, which `publishing.csv_exchange` reports; test_bounded_work.py tests them."""


def codes_in(*files: Path, quote: str = '"') -> set[str]:
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(f"{quote}([a-z]+(?:-[a-z]+)+)(?:/[a-z-]+)?{quote}", text)) - {"utf-16-le"}


def source_codes() -> set[str]:
    return codes_in(*(ROOT / "claimledger" / "sheets" / f"{name}.py" for name in MODULES))


def sheet_documentation() -> str:
    text = (ROOT / "docs" / "csv.md").read_text(encoding="utf-8")
    return text.split("\n## Review spreadsheets\n")[1].split("\n## ")[0]


def test_documented_codes_are_those_of_the_source() -> None:
    documented = set(re.findall("`([a-z]+(?:-[a-z]+)+)`", sheet_documentation()))
    assert documented == source_codes() - GENERAL_CSV_CODES | LIMIT_CODES


@pytest.mark.slow
def test_each_code_has_a_test() -> None:
    tests = codes_in(*(ROOT / "tests" / f"test_{name}.py" for name in TESTS))
    assert source_codes() - tests == set()


def test_each_column_is_documented_in_both_languages() -> None:
    assert len(SHEET_COLUMNS_BY_NAME) == len(SHEET_COLUMNS)
    assert [column.name for column in SHEET_COLUMNS if not (column.meaning.english and column.meaning.korean)] == []
    assert [column.name for column in SHEET_COLUMNS if f"| `{column.name}` |" not in sheet_documentation()] == []


def test_key_columns_and_verdict_columns_are_marked() -> None:
    assert {SHEET_COLUMNS_BY_NAME[name].use for name in REQUIRED_COLUMNS} == {ColumnUse.KEY}
    for question, names in VERDICT_COLUMNS.items():
        assert [column.name for column in SHEET_COLUMNS if column.verdict is question] == [*names]


def test_fingerprint_distinguishes_texts_and_is_not_a_number() -> None:
    one = claim_fingerprint(claim())
    assert (claim_fingerprint(claim()), one != claim_fingerprint(claim(note={"ko": "고침"}))) == (one, True)
    assert re.fullmatch("v[0-9a-f]{12}", one)
    assert claim_verdict(claim(), next(iter(VERDICT_COLUMNS))) is None


@pytest.mark.parametrize(
    ("words", "cell"),
    [(("약 130억\u202e달러", "130억\u200b"), "U+202E U+200B"), (("👩‍🔬 می‌خواهم", "130억달러"), ""), ((), "")],
)
def test_hidden_characters_of_the_passages_are_named(words: tuple[str, ...], cell: str) -> None:
    row = ReviewRow(claim(), None, words=words)
    assert SHEET_COLUMNS_BY_NAME["hidden_characters"].cell(row) == cell
