"""Imported workbooks: unchanged cells, changes made by Excel, and files that are not workbooks."""

from __future__ import annotations

import datetime
import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_shelf import Shelf, claim
from strategies import claims, few

from claimledger.models import Claim
from claimledger.sheets import workbook_reader
from claimledger.sheets.merge import SheetPlan, plan_sheet
from claimledger.sheets.review_sheet import SHEET_LIMITS, SheetContent, read_sheet
from claimledger.sheets.sheet_columns import SHEET_HEADER, ReviewRow, row_cells
from claimledger.sheets.workbook_reader import read_workbook
from claimledger.sheets.workbook_writer import write_xlsx

AS_OF, NOTE = SHEET_HEADER.index("as_of") + 1, SHEET_HEADER.index("note_en") + 1


def workbook_bytes(*rows: ReviewRow) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, rows)
    return target.getvalue()


def edited_workbook(change: Callable[[Any, Any], None], given: Claim | None = None) -> bytes:
    """Return a workbook of one claim after an edit with a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(ReviewRow(given or claim(), 1))))
    change(book, book.worksheets[0])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook_with_cell(column: int, value: object, given: Claim | None = None) -> bytes:
    def change(_: Any, sheet: Any) -> None:  # noqa: ANN401  openpyxl's
        sheet.cell(2, column).value = value

    return edited_workbook(change, given)


def plan_import(content: bytes, *known: Claim) -> SheetPlan:
    return plan_sheet(read_sheet(content, "sheet.xlsx"), Shelf(list(known) or [claim()]))


def codes(read: SheetContent) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.line, problem.field) for problem in read.problems]


@pytest.mark.slow
@few
@given(claims())
def test_every_cell_is_read_as_exported(given: Claim) -> None:
    row = ReviewRow(given, 1)
    table = read_workbook(workbook_bytes(row), SHEET_LIMITS)
    assert (table.header, table.rows, table.problems) == (SHEET_HEADER, (row_cells(row),), ())


@pytest.mark.slow
def test_workbook_saved_again_changes_nothing() -> None:
    read = plan_import(edited_workbook(lambda book, sheet: None))
    assert (read.problems, read.notices, read.differences) == ((), (), ())


@pytest.mark.slow
@pytest.mark.parametrize("trap", ["=1+1", "'tis", "''tis", "007", "TRUE", "2022-10", "1.3E+10", "한글\n둘째 줄"])
def test_a_text_that_looks_like_something_else_stays_a_text(trap: str) -> None:
    given = claim(note={"en": trap})
    read = plan_import(edited_workbook(lambda book, sheet: None, given), given)
    assert (read.problems, read.notices, read.differences) == ((), (), ())


def test_changed_cell_is_the_only_difference() -> None:
    read = plan_import(workbook_with_cell(NOTE, "The sum of a year."))
    assert [(one.field, one.after) for one in read.differences] == [("note_en", "The sum of a year.")]


@pytest.mark.slow
@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("https://example.org","x")', "=WEBSERVICE(A1)"])
def test_formula_is_a_problem_and_never_a_value(formula: str) -> None:
    read = read_sheet(workbook_with_cell(NOTE, formula), "sheet.xlsx")
    assert ("formula-cell", 2, "note_en") in codes(read)
    assert formula not in str(read.rows)


def test_time_of_day_is_a_problem() -> None:
    assert codes(read_sheet(workbook_with_cell(NOTE, datetime.time(10, 30)), "s.xlsx")) == [
        ("cell-not-text", 2, "note_en")
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("was", "value", "notices"),
    [
        ("2022-10", datetime.datetime(2022, 10, 1), ["date-turned"]),  # noqa: DTZ001  Excel knows no zones
        ("2022-10-01", datetime.datetime(2022, 10, 1), ["date-turned"]),  # noqa: DTZ001
        ("2022-10-25", datetime.datetime(2022, 10, 25), []),  # noqa: DTZ001
        ("007", 7, ["number-reformatted"]),
        ("13000000000", 13e9, []),
        ("1234567890123456", 1234567890123450.0, ["digits-lost"]),
        ("true", True, ["truth-value"]),
    ],
)
def test_cell_reformatted_by_excel_counts_as_unchanged(was: str, value: object, notices: list[str]) -> None:
    given = claim(note={"en": was})
    read = plan_import(workbook_with_cell(NOTE, value, given), given)
    assert ([notice.code for notice in read.notices], read.differences, read.problems) == (notices, (), ())


def test_month_that_excel_turned_into_a_day_is_a_problem() -> None:
    read = plan_import(workbook_with_cell(AS_OF, datetime.datetime(2023, 4, 1)))  # noqa: DTZ001
    assert ("date-turned", "as_of") in [(problem.code, problem.field) for problem in read.problems]


def test_sheet_with_our_columns_is_found_at_any_position() -> None:
    def add_sheet_before(book: Any, _: Any) -> None:  # noqa: ANN401  openpyxl's
        book.create_sheet("summary", 0).append(["who", "what"])

    assert [row.claim_id for row in read_sheet(edited_workbook(add_sheet_before), "s.xlsx").rows] == [claim().claim_id]


def test_cell_without_a_column_is_a_problem() -> None:
    assert codes(read_sheet(workbook_with_cell(len(SHEET_HEADER) + 2, "beside"), "s.xlsx")) == [
        ("too-many-cells", 2, "")
    ]


def test_blank_rows_count_in_row_numbers() -> None:
    def move(_: Any, sheet: Any) -> None:  # noqa: ANN401  openpyxl's
        sheet.insert_rows(2, 3)

    assert [row.number for row in read_sheet(edited_workbook(move), "s.xlsx").rows] == [5]


def with_part(name: str, content: bytes) -> bytes:
    """Return a workbook with the content of one part replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(ReviewRow(claim(), 1)))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return target.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><sst xmlns="x"><si><t>&a;</t></si></sst>'
STRINGS = "xl/sharedStrings.xml"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 a workbook", with_part(STRINGS, LAUGHS), with_part(STRINGS, LAUGHS.decode().encode("utf-16")),
        with_part(STRINGS, b" " * ((1 << 20) - 4) + LAUGHS), with_part("xl/workbook.xml", b"<x"),
        with_part("xl/worksheets/sheet1.xml", b"<worksheet/>")[:-40],
    ],
)  # fmt: skip
def test_broken_or_hostile_workbook_is_refused(content: bytes) -> None:
    assert codes(read_sheet(content, "s.xlsx")) == [("workbook-unreadable", None, "")]


def test_workbook_that_unpacks_to_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "MAX_UNPACKED_BYTES", 1_000)
    assert codes(read_sheet(workbook_bytes(ReviewRow(claim(), 1)), "s.xlsx")) == [("workbook-too-large", None, "")]


def test_workbook_without_columns_is_reported() -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.save(target)
    assert [code for code, *_ in codes(read_sheet(target.getvalue(), "s.xlsx"))] == ["csv-empty"]


def test_missing_workbook_package_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.delitem(sys.modules, workbook_reader.__name__)
    assert codes(read_sheet(workbook_bytes(ReviewRow(claim(), 1)), "s.xlsx")) == [("workbook-not-csv", None, "")]


@pytest.mark.slow
def test_a_row_far_down_is_not_lost() -> None:
    def far(_: Any, sheet: Any) -> None:  # noqa: ANN401  openpyxl's
        sheet.cell(SHEET_LIMITS.rows, 1).value = "far-away-aaaa"

    assert [row.number for row in read_sheet(edited_workbook(far), "s.xlsx").rows] == [2, SHEET_LIMITS.rows]


@few
@given(st.data())
def test_damaged_workbook_never_raises_an_exception(data: st.DataObject) -> None:
    content = bytearray(workbook_bytes(ReviewRow(claim(), 1)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_sheet(bytes(content), "s.xlsx")
