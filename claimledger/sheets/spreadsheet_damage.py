"""Detection of the changes that a spreadsheet makes to cells without being asked.

If undoing a known mangling gives the exported value, the cell counts as untouched, with a notice. Any other cell that
looks mangled beyond repair is a problem. docs/csv.md lists the manglings. The module knows no rows and no claims.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from claimledger.errors import Problem
from claimledger.messages import did_you_mean, find_similar
from claimledger.sheets.sheet_columns import SheetColumn
from claimledger.scalars import PATTERN_DESCRIPTIONS, WEB_ADDRESS, InvalidValue, checked_edtf, checked_text
from claimledger.vocabulary import Term

ADDRESS_COLUMN = "evidence_address"
MAX_CELL_TEXT = 20_000
MAX_CELL_ADDRESS = 2_000
_SHOWN_LENGTH = 60
"""The most characters of a cell that a message shows."""


class CellReading(NamedTuple):
    """The value of a returned cell, with notices or a fault."""

    value: str
    """The intended value; the exported one if the cell counts as untouched."""
    notices: tuple[Problem, ...] = ()
    """The repairs made and the points to look at; they do not stop the import."""
    fault: Problem | None = None
    """The reason why the cell cannot be imported, or None."""


class Mangling(NamedTuple):
    """A change that spreadsheets make to cells."""

    code: str
    restores: Callable[[str, str], bool]
    """A function that returns whether this mangling turns the exported value into the cell."""
    resembles: Callable[[str, str, SheetColumn], bool]
    """A function that returns whether a changed cell looks as if this had happened to the typed text."""


def read_cell(column: SheetColumn, cell: str, given: str) -> CellReading:
    """Return the value of a column's cell that was exported as `given`."""
    if cell == given:
        return CellReading(given)
    tidy, notices = tidy_cell(cell)
    if tidy == given:
        return CellReading(given, notices)
    for mangling in MANGLINGS:
        if tidy and given and mangling.restores(tidy, given):
            return CellReading(given, (*notices, _untouched_notice(mangling, tidy)))
    for mangling in MANGLINGS:
        if mangling.resembles(tidy, given, column):
            return CellReading(tidy, notices, _fault(mangling, tidy))
    if not column.is_editable:
        return CellReading(tidy, notices)
    value, fault = _checked_value(column, tidy)
    return CellReading(value, (*notices, *_apostrophe_notices(column, value, given)), fault)


def tidy_cell(cell: str) -> tuple[str, tuple[Problem, ...]]:
    """Return a cell in NFC without spaces around it, and a notice for each repair that was needed.

    >>> tidy_cell("바이두 ")[0], [fault.code for fault in tidy_cell("바이두 ")[1]]
    ('바이두', ['spaces-around'])
    """
    composed = unicodedata.normalize("NFC", cell)
    tidy = composed.strip()
    found = ((_DECOMPOSED, composed != cell), (_SPACES, tidy != composed))
    return tidy, tuple(fault for fault, is_found in found if is_found)


_DECOMPOSED = Problem("text-decomposed")
_SPACES = Problem("spaces-around")


def _untouched_notice(mangling: Mangling, cell: str) -> Problem:
    return Problem(f"{mangling.code}/undone", cell=quote_cell(cell))


def _fault(mangling: Mangling, cell: str) -> Problem:
    if mangling.code == "date-turned":
        return Problem("date-turned", cell=quote_cell(cell), dates=tuple(sorted(parse_shown_dates(cell))))
    return Problem(mangling.code, cell=quote_cell(cell))


def quote_cell(cell: str) -> str:
    """Return as much of a cell as a sentence shows."""
    return cell if len(cell) <= _SHOWN_LENGTH else f"{cell[:_SHOWN_LENGTH]}…"


def _apostrophe_notices(column: SheetColumn, value: str, given: str) -> tuple[Problem, ...]:
    if column.words is None and value.startswith("'") and not given.startswith("'"):
        return (Problem("leading-apostrophe"),)
    return ()


def _checked_value(column: SheetColumn, cell: str) -> tuple[str, Problem | None]:
    """Return the value of a changed, tidied cell, and the reason why its column does not accept it."""
    if not cell:
        return "", None
    if column.words:
        return _vocabulary_value(column.words, cell)
    try:
        return checked_edtf(cell) if column.is_date else checked_text(cell), _form_fault(column, cell)
    except InvalidValue as unfit:
        return cell, unfit.faults[0]


def _form_fault(column: SheetColumn, cell: str) -> Problem | None:
    if column.name == ADDRESS_COLUMN and not re.fullmatch(WEB_ADDRESS.strip("^$"), cell):
        form = PATTERN_DESCRIPTIONS[WEB_ADDRESS]
        return Problem("wrong-form", value=quote_cell(cell), form=form.name, example=form.example)
    most = MAX_CELL_ADDRESS if column.name == ADDRESS_COLUMN else MAX_CELL_TEXT
    if len(cell) > most:
        return Problem("text-too-long", count=len(cell), limit=most)
    return None


def _vocabulary_value(terms: type[Term], cell: str) -> tuple[str, Problem | None]:
    """Return the stored value of a vocabulary word, written as the value or as either label, in any case."""
    words = {
        _normalized_word(word): term.value for term in terms for word in (term.label_en, term.label_ko, term.value)
    }
    if value := words.get(_normalized_word(cell)):
        return value, None
    near = find_similar(_normalized_word(cell), words, 1)
    hint = did_you_mean([words[one] for one in near])
    return cell, Problem("unknown-word/cell", value=quote_cell(cell), near=hint, words=tuple(terms))


def _normalized_word(word: str) -> str:
    """Return a word without case, spaces, hyphens and underscores.

    >>> _normalized_word("Not Enough-evidence ") == _normalized_word("not_enough_evidence")
    True
    """
    return re.sub(r"[\s_-]+", "", word.casefold())


_SHORTENED = re.compile(r"-?([0-9])(?:[.,]([0-9]+))?[eE][+-]?[0-9]{1,3}")
_NUMBER = re.compile(r"[-(]?[$₩€£¥]?[0-9][0-9,]*(?:[.][0-9]+)?[)]?")


def _decimal(cell: str) -> Decimal | None:
    """Return the number that a spreadsheet shows, or None if the cell is not a number."""
    if not _NUMBER.fullmatch(cell):
        return None
    digits = Decimal(re.sub("[^0-9.]", "", cell))
    return -digits if cell[0] in "-(" else digits


def _is_shortened(cell: str, given: str) -> bool:
    """Return whether `cell` shows the number `given` with fewer digits and an exponent."""
    found, number = _SHORTENED.fullmatch(cell), _decimal(given)
    if not found or number is None:
        return False
    places = len(found[2] or "")
    return Decimal(f"{number:.{places}E}") == Decimal(cell.replace(",", "."))


def _is_reformatted(cell: str, given: str) -> bool:
    number = _decimal(cell)
    return number is not None and number == _decimal(given)


_KEPT_DIGITS = 15


def _is_cut(cell: str, given: str) -> bool:
    """Return whether `cell` is the number `given` with zeros from the sixteenth digit on."""
    if not (cell.isdecimal() and given.isdecimal() and len(given) == len(cell) > _KEPT_DIGITS):
        return False
    return cell == given[:_KEPT_DIGITS] + "0" * (len(given) - _KEPT_DIGITS)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    "(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MIDNIGHT = "(?:[ T](?:0?0:00(?::00)?|오전 12:00(?::00)?|12:00(?::00)? ?AM))?"
_LONG_YEAR = "(?P<year>[0-9]{4})"
_YEAR = "(?P<year>[0-9]{4}|[0-9]{2})"
_DATE_FORMS = tuple(
    re.compile(form + _MIDNIGHT, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_LONG_YEAR}(?:[./-] ?|년 ?)(?P<month>[0-9]{{1,2}})(?:(?:[./-] ?|월 ?)(?P<day>[0-9]{{1,2}}))?[.월일]?",
        rf"(?P<month>[0-9]{{1,2}})[./-](?P<day>[0-9]{{1,2}})[./-]{_YEAR}",
        rf"(?P<day>[0-9]{{1,2}})[./-](?P<month>[0-9]{{1,2}})[./-]{_YEAR}",
        rf"(?P<month>[0-9]{{1,2}})[./-]{_LONG_YEAR}",
        rf"{_MONTH_NAME}[- .]?{_YEAR}",
        rf"{_YEAR}[- .]{_MONTH_NAME}",
        rf"(?P<day>[0-9]{{1,2}})[- .]{_MONTH_NAME}[- .,]{{1,2}}{_YEAR}",
        rf"{_MONTH_NAME}[- .](?P<day>[0-9]{{1,2}}),? {_YEAR}",
    )
)
"""The date formats of spreadsheets in Korean, English and other settings."""
_CENTURY, _PIVOT = 100, 30
"""Excel reads two-digit years below 30 as this century, and others as the last."""
_SERIAL_DAY = date(1899, 12, 30)


def parse_shown_dates(cell: str) -> set[str]:
    """Return the EDTF dates that a spreadsheet may show as `cell`; empty if it does not show a date.

    >>> (sorted(parse_shown_dates("Apr-23")), sorted(parse_shown_dates("2023. 4. 25.")),
    ...  sorted(parse_shown_dates("4/5/2023")))
    (['2023-04'], ['2023-04-25'], ['2023-04-05', '2023-05-04'])
    """
    if re.fullmatch("[1-9][0-9]{4}", cell):
        return _day_and_month(_SERIAL_DAY + timedelta(days=int(cell)))
    found = [match.groupdict() for form in _DATE_FORMS if (match := form.fullmatch(cell))]
    return {text for parts in found for text in _dates_from_parts(parts)}


def _dates_from_parts(parts: Mapping[str, str | None]) -> set[str]:
    year = int(parts["year"] or 0)
    if year < _CENTURY:
        year += 2000 if year < _PIVOT else 1900
    month = _MONTHS.index(name[:3].lower()) + 1 if (name := parts.get("name")) else int(parts["month"] or 0)
    try:
        day = date(year, month, int(parts.get("day") or 1))
    except ValueError:
        return set()
    return _day_and_month(day) if parts.get("day") else {f"{year:04}-{month:02}"}


def _day_and_month(day: date) -> set[str]:
    """Return a day, and also its month on the first day, because a spreadsheet turns a month into its first day."""
    return {day.isoformat()} | ({f"{day:%Y-%m}"} if day.day == 1 else set())


def _looks_like_a_date(cell: str, _: str, column: SheetColumn) -> bool:
    is_serial = cell.isdecimal()
    return bool(parse_shown_dates(cell)) and (column.is_date or not is_serial) and not _is_edtf(cell)


def _is_edtf(cell: str) -> bool:
    try:
        return bool(checked_edtf(cell))
    except InvalidValue:
        return False


_STRAIGHT = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ",
})  # fmt: skip


def _typeset(cell: str) -> str:
    return cell.translate(_STRAIGHT).replace("--", "-")


def _lost_in_cp949(text: str) -> list[str]:
    """Return the characters of a text that CP949 lacks."""
    return [character for character in text if character.encode("cp949", "ignore") == b""]


def _is_replaced(cell: str, given: str) -> bool:
    """Return whether `cell` is `given` with question marks for characters that CP949 lacks.

    Excel writes two question marks for an emoji.
    """
    lost = set(_lost_in_cp949(given))
    return cell in {_with_question_marks(given, lost, most) for most in (1, 2)}


def _with_question_marks(text: str, lost: Collection[str], most: int) -> str:
    """Return a text with question marks for some characters: one for each UTF-16 code unit, at most `most`."""
    return "".join("?" * min(len(c.encode("utf-16-le")) // 2, most) if c in lost else c for c in text)


def _looks_replaced(cell: str, given: str, _: SheetColumn) -> bool:
    is_poorer = bool(_lost_in_cp949(given)) and not _lost_in_cp949(cell)
    return "\ufffd" in cell or (is_poorer and cell.count("?") > given.count("?"))


def _never(*_: object) -> bool:
    return False


_FORMULA_ERROR = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!)|#{3,}|Err:[0-9]{3}")

MANGLINGS = (
    Mangling(
        "number-shortened", _is_shortened,
        lambda cell, _, __: _SHORTENED.fullmatch(cell) is not None,
    ),
    Mangling(
        "digits-lost", _is_cut, _never,
    ),
    Mangling(
        "date-turned", lambda cell, given: given in parse_shown_dates(cell), _looks_like_a_date,
    ),
    Mangling(
        "number-reformatted", _is_reformatted, _never,
    ),
    Mangling(
        "truth-value", lambda cell, given: cell in {"TRUE", "FALSE"} and cell == given.upper(),
        lambda cell, _, __: cell in {"TRUE", "FALSE"},
    ),
    Mangling(
        "signs-changed", lambda cell, given: _typeset(cell) == _typeset(given), _never,
    ),
    Mangling(
        "apostrophe-changed", lambda cell, given: cell.lstrip("'") == given.lstrip("'"), _never,
    ),
    Mangling(
        "characters-lost", _is_replaced, _looks_replaced,
    ),
    Mangling(
        "formula-error", _never,
        lambda cell, _, __: _FORMULA_ERROR.fullmatch(cell) is not None,
    ),
)  # fmt: skip
"""All manglings, the most distinctive first."""
