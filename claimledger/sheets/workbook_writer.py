"""The review sheet as an Excel workbook: the same cells as in CSV, with read-only columns locked and shaded.

Every cell is text, without formulas and links, so that Excel neither executes nor rewrites it. `review_sheet` reads the
returned file as a workbook or as CSV. A cell that begins with an apostrophe therefore gets a second one, which the
reader removes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any, BinaryIO

import xlsxwriter

from claimledger.errors import LedgerError
from claimledger.sheets.review_sheet import sheet_rows
from claimledger.sheets.sheet_columns import SHEET_COLUMNS, SHEET_HEADER, ReviewRow, SheetColumn
from claimledger.vocabulary import Term

MAX_XLSX_CELL = 32_767
"""The most UTF-16 code units in an Excel cell."""
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_ALLOWED = {
    "format_columns": True, "format_rows": True, "autofilter": True, "sort": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip
"""The actions that a protected sheet still allows."""
_CELL = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D0D0"}
_LOCKED = {**_CELL, "locked": True, "bg_color": "#EDEDED", "font_color": "#444444"}
_UNLOCKED = {**_CELL, "locked": False}
_HEADING = {**_CELL, "locked": True, "bold": True, "bg_color": "#D9E2EC"}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the workbook holds no zone; one time makes equal claims equal bytes
_EXPLANATION = ("column · 열", "English", "한국어", "editable · 편집")
_WIDTHS = (24, 60, 60, 18)


class CellTooLong(LedgerError):
    """Raised when a text is longer than an Excel cell can be."""

    def __init__(self, row: int, column: str, length: int) -> None:
        """Name row and column as a spreadsheet counts them, and the length in UTF-16 code units."""
        self.row, self.column, self.length = row, column, length
        super().__init__(row=row, column=column, length=length, limit=MAX_XLSX_CELL)


def write_xlsx(target: BinaryIO, claims: Iterable[ReviewRow]) -> None:
    """Write the sheet as a workbook to a binary file, with a second sheet that explains the columns.

    Raises:
        CellTooLong: a text does not fit into a cell. Nothing was written.
    """
    rows = [*sheet_rows(claims)]
    _check_lengths(rows)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        _write_rows(book, rows)
        _write_explanation(book)
    target.write(content.getvalue())


def _check_lengths(rows: Iterable[tuple[str, ...]]) -> None:
    for number, row in enumerate(rows, start=2):
        for name, cell in zip(SHEET_HEADER, row, strict=True):
            if (length := len(_guard_apostrophe(cell).encode("utf-16-le")) // 2) > MAX_XLSX_CELL:
                raise CellTooLong(number, name, length)


def _guard_apostrophe(cell: str) -> str:
    return f"'{cell}" if cell.startswith("'") else cell


def _write_rows(book: Any, rows: list[tuple[str, ...]]) -> None:  # noqa: ANN401  XlsxWriter has no types
    sheet = book.add_worksheet("claims · 주장")
    heading, locked, unlocked = (book.add_format(form) for form in (_HEADING, _LOCKED, _UNLOCKED))
    for place, column in enumerate(SHEET_COLUMNS):
        form = unlocked if column.is_editable else locked
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.name, heading)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, _guard_apostrophe(row[place]), form)
        if column.words and column.is_editable and rows:
            sheet.data_validation(1, place, len(rows), place, _word_list(column, column.words))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(SHEET_COLUMNS) - 1)
    sheet.protect("", _ALLOWED)


def _word_list(column: SheetColumn, terms: type[Term]) -> dict[str, object]:
    """Return the data validation for a column's words: the stored values, then the Korean labels."""
    words = chain((term.value for term in terms), (term.label_ko for term in terms))
    return {
        "validate": "list",
        "source": [*words],
        "error_title": column.name,
        "error_message": "Choose a word of the list. 목록에 있는 말을 고르세요.",
    }


def _write_explanation(book: Any) -> None:  # noqa: ANN401  XlsxWriter has no types
    sheet = book.add_worksheet("columns · 열")
    heading, locked = book.add_format(_HEADING), book.add_format(_LOCKED)
    lines = [
        (column.name, column.meaning.english, column.meaning.korean, "✓" if column.is_editable else "")
        for column in SHEET_COLUMNS
    ]
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
        for number, line in enumerate([_EXPLANATION, *lines]):
            sheet.write_string(number, place, line[place], locked if number else heading)
    sheet.protect("", _ALLOWED)
