"""Exported workbooks: every cell is text, read-only columns are locked, and a copy saved as CSV imports unchanged."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from review_shelf import Shelf, claim
from strategies import claims, few

from claimledger.models import Claim
from claimledger.sheets.merge import plan_sheet
from claimledger.sheets.review_sheet import read_sheet
from claimledger.sheets.sheet_columns import SHEET_COLUMNS, SHEET_HEADER, ReviewRow, row_cells
from claimledger.sheets.workbook_writer import CellTooLong, write_xlsx

TRAPS = ("=1+1", "+82", "@SUM(A1)", "{=1+1}", "https://example.org/", "mailto:a@example.org", "007", "TRUE", "2022-10")


def workbook_bytes(*rows: ReviewRow) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, rows)
    return target.getvalue()


def open_workbook(content: bytes) -> Any:  # noqa: ANN401  a workbook
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
def test_every_cell_is_text_and_none_a_formula_or_a_link(trap: str) -> None:
    book = open_workbook(workbook_bytes(ReviewRow(claim(note={"ko": trap, "en": trap}), 1)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    assert {cell.number_format for cell in cells} == {"@"}


def test_parts_of_the_file_contain_no_formula() -> None:
    content = workbook_bytes(*(ReviewRow(claim(note={"ko": trap}), 1) for trap in TRAPS))
    parts = zipfile.ZipFile(io.BytesIO(content))
    sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert [b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets] == [False, False]


def test_only_columns_that_are_not_imported_are_locked_and_shaded() -> None:
    sheet = open_workbook(workbook_bytes(ReviewRow(claim(), 1))).worksheets[0]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert sheet.freeze_panes == "B2"
    for column, cell in zip(SHEET_COLUMNS, sheet[2], strict=True):
        assert cell.protection.locked is not column.is_editable
        assert (cell.fill.fill_type == "solid") is not column.is_editable
    assert all(cell.protection.locked for cell in sheet[1])


def test_columns_are_as_wide_as_the_table_says() -> None:
    # neighbours of one width share a range
    ranges = open_workbook(workbook_bytes()).worksheets[0].column_dimensions.values()
    widths = [one.width for one in sorted(ranges, key=lambda one: one.min) for _ in range(one.min, one.max + 1)]
    assert widths == [pytest.approx(column.width, abs=1) for column in SHEET_COLUMNS]


def test_vocabulary_cells_have_a_list_in_both_languages() -> None:
    sheet = open_workbook(workbook_bytes(ReviewRow(claim(), 1), ReviewRow(claim(), 1))).worksheets[0]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    places = {
        sheet.cell(1, number).value: sheet.cell(1, number).column_letter for number in range(1, len(SHEET_HEADER) + 1)
    }
    assert set(lists) == {
        f"{places[name]}2:{places[name]}3"
        for name in ("verdict_so", "verdict_said", "evidence_stance", "evidence_medium", "evidence_tier")
    }
    words = lists[f"{places['verdict_so']}2:{places['verdict_so']}3"]
    assert words.startswith('"supported,refuted,')
    assert words.endswith(',검증 대상 아님"')
    assert len(words) < 255


def test_a_second_sheet_explains_each_column_in_both_languages() -> None:
    sheet = open_workbook(workbook_bytes()).worksheets[1]
    lines = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert [line[0] for line in lines] == list(SHEET_HEADER)
    assert {line[3] for line in lines if line[0].startswith(("statement", "reason"))} == {"✓"}
    assert all(line[1] and line[2] for line in lines)


@pytest.mark.slow
@few
@given(claims())
def test_workbook_saved_as_csv_is_imported_unchanged(one: Claim) -> None:
    sheet = open_workbook(workbook_bytes(ReviewRow(one, 1))).worksheets[0]
    saved = io.StringIO(newline="")
    csv.writer(saved).writerows([cell.value or "" for cell in row] for row in sheet.iter_rows())
    made = plan_sheet(read_sheet(saved.getvalue().encode("utf-8-sig"), "sheet.csv"), Shelf([one]))
    assert (made.rows, made.problems) == ((), ())


def test_equal_claims_give_equal_bytes() -> None:
    assert workbook_bytes(ReviewRow(claim(), 1)) == workbook_bytes(ReviewRow(claim(), 1))


def test_cell_too_long_for_excel_stops_the_export() -> None:
    target = io.BytesIO()
    with pytest.raises(CellTooLong) as refused:
        write_xlsx(target, [ReviewRow(claim(note={"ko": "👍" * 17_000}), 1)])
    assert (refused.value.row, refused.value.column, refused.value.length) == (2, "note_ko", 34_000)
    assert target.getvalue() == b""


def test_cells_equal_those_of_the_csv() -> None:
    row = ReviewRow(claim(note={"ko": "'tis"}), 1)
    sheet = open_workbook(workbook_bytes(row)).worksheets[0]
    expected = ["''tis" if cell == "'tis" else cell for cell in row_cells(row)]
    assert [cell.value or "" for cell in sheet[2]] == expected
