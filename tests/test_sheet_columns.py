"""The columns of a review sheet: told in both languages, documented, and each code of a sheet documented and tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review_shelf import claim

from claimledger.sheets.sheet_columns import (
    SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS, REQUIRED_COLUMNS, VERDICT_COLUMNS, ColumnUse, claim_fingerprint,
    claim_verdict,
)  # fmt: skip

ROOT = Path(__file__).parents[1]
MODULES = ("merge", "row_changes", "review_sheet", "spreadsheet_damage", "workbook_reader")
TESTS = ("review_merge", "review_outcome", "review_sheet", "sheet_mangling", "sheet_workbook")
OF_ANY_CSV = {"column-repeated", "csv-empty", "too-many-cells"}
"""Told in the section on CSV files of any kind."""


def codes_in(*files: Path, quote: str = '"') -> set[str]:
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(f"{quote}([a-z]+(?:-[a-z]+)+)(?:/[a-z-]+)?{quote}", text)) - {"utf-16-le"}


def made() -> set[str]:
    return codes_in(*(ROOT / "claimledger" / "sheets" / f"{name}.py" for name in MODULES))


def section() -> str:
    text = (ROOT / "docs" / "csv.md").read_text(encoding="utf-8")
    return text.split("\n## Review spreadsheets\n")[1].split("\n## ")[0]


def test_each_code_is_documented_and_none_that_is_not_there() -> None:
    documented = set(re.findall("`([a-z]+(?:-[a-z]+)+)`", section()))
    assert documented == made() - OF_ANY_CSV


@pytest.mark.slow
def test_each_code_has_a_test() -> None:
    tests = codes_in(*(ROOT / "tests" / f"test_{name}.py" for name in TESTS))
    assert made() - tests == set()


def test_each_column_is_told_in_both_languages() -> None:
    assert len(SHEET_COLUMNS_BY_NAME) == len(SHEET_COLUMNS)
    assert [column.name for column in SHEET_COLUMNS if not (column.meaning.english and column.meaning.korean)] == []
    assert [column.name for column in SHEET_COLUMNS if f"| `{column.name}` |" not in section()] == []


def test_a_sheet_is_known_by_its_keys_and_a_verdict_by_its_columns() -> None:
    assert {SHEET_COLUMNS_BY_NAME[name].use for name in REQUIRED_COLUMNS} == {ColumnUse.KEY}
    for question, names in VERDICT_COLUMNS.items():
        assert [column.name for column in SHEET_COLUMNS if column.verdict is question] == [*names]


def test_a_fingerprint_tells_texts_apart_and_looks_like_no_number() -> None:
    one = claim_fingerprint(claim())
    assert (claim_fingerprint(claim()), one != claim_fingerprint(claim(note={"ko": "고침"}))) == (one, True)
    assert re.fullmatch("v[0-9a-f]{12}", one)
    assert claim_verdict(claim(), next(iter(VERDICT_COLUMNS))) is None
