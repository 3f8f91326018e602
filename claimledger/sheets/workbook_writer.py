"""The review sheet as an Excel workbook: the same cells as in CSV, what is not taken in locked and shaded.

In: claims. Out: the bytes of a workbook. The invariant: every cell is text, so that Excel neither executes nor
rewrites it; there are no formulas and no links. It comes back as it is, or as CSV, and `review_sheet` reads both;
hence a cell that begins with an apostrophe gets a second one, which the reader takes off.
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
from claimledger.sheets.sheet_columns import COLUMNS, HEADER, ReviewRow, SheetColumn
from claimledger.vocabulary import Term

LONGEST_CELL = 32_767
"""UTF-16 code units that Excel takes into a cell."""
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_ALLOWED = {
    "format_columns": True, "format_rows": True, "autofilter": True, "sort": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip
"""What a protected sheet still lets people do."""
_CELL = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D0D0"}
_LOCKED = {**_CELL, "locked": True, "bg_color": "#EDEDED", "font_color": "#444444"}
_UNLOCKED = {**_CELL, "locked": False}
_HEADING = {**_CELL, "locked": True, "bold": True, "bg_color": "#D9E2EC"}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the workbook holds no zone; one time makes equal claims equal bytes
_EXPLANATION = ("column · 열", "English", "한국어", "editable · 편집")
_WIDTHS = (24, 60, 60, 18)


class CellTooLong(LedgerError):
    """A cell is longer than Excel takes."""

    def __init__(self, row: int, column: str, length: int) -> None:
        """Rows are counted as a spreadsheet counts them; the length is in UTF-16 code units."""
        self.row, self.column, self.length = row, column, length
        super().__init__(
            f"Row {row}, column '{column}': the text takes {length:,} characters, and Excel at most {LONGEST_CELL:,}. "
            "Export the sheet as CSV instead."
        )


def write_xlsx(target: BinaryIO, claims: Iterable[ReviewRow]) -> None:
    """Write the sheet as a workbook to a binary file, with a second sheet that explains the columns.

    Raises:
        CellTooLong: a text does not fit into a cell; nothing was written.
    """
    rows = [*sheet_rows(claims)]
    _demand_short(rows)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        _fill(book, rows)
        _explain(book)
    target.write(content.getvalue())


def _demand_short(rows: Iterable[tuple[str, ...]]) -> None:
    for number, row in enumerate(rows, start=2):
        for name, cell in zip(HEADER, row, strict=True):
            if (length := len(_text(cell).encode("utf-16-le")) // 2) > LONGEST_CELL:
                raise CellTooLong(number, name, length)


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith("'") else cell


def _fill(book: Any, rows: list[tuple[str, ...]]) -> None:  # noqa: ANN401  XlsxWriter has no types
    sheet = book.add_worksheet("claims · 주장")
    heading, locked, unlocked = (book.add_format(form) for form in (_HEADING, _LOCKED, _UNLOCKED))
    for place, column in enumerate(COLUMNS):
        form = unlocked if column.is_editable else locked
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.name, heading)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, _text(row[place]), form)
        if column.words and column.is_editable and rows:
            sheet.data_validation(1, place, len(rows), place, _choice(column, column.words))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    sheet.protect("", _ALLOWED)


def _choice(column: SheetColumn, terms: type[Term]) -> dict[str, object]:
    """Return the list of words of a column: the stored values, then the Korean labels."""
    words = chain((term.value for term in terms), (term.label_ko for term in terms))
    return {
        "validate": "list",
        "source": [*words],
        "error_title": column.name,
        "error_message": "Choose a word of the list. 목록에 있는 말을 고르세요.",
    }


def _explain(book: Any) -> None:  # noqa: ANN401  XlsxWriter has no types
    sheet = book.add_worksheet("columns · 열")
    heading, locked = book.add_format(_HEADING), book.add_format(_LOCKED)
    lines = [
        (column.name, column.meaning.english, column.meaning.korean, "✓" if column.is_editable else "")
        for column in COLUMNS
    ]
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
        for number, line in enumerate([_EXPLANATION, *lines]):
            sheet.write_string(number, place, line[place], locked if number else heading)
    sheet.protect("", _ALLOWED)
