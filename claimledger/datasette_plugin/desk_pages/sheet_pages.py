"""Review spreadsheets: export claims to a file, and import it again after a preview of the changes."""

from __future__ import annotations

import base64
import zlib
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.desk import lookups, sheet_steps
from claimledger.datasette_plugin.desk_pages.form_values import whole_number
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.datasette_plugin.table_download import file_name
from claimledger.editorial.queue_views import queue_of_view
from claimledger.errors import LedgerError
from claimledger.newsroom.work_items import FILTER_COLUMNS, WorkFilter
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.merge import ConflictChoice, CellConflict, SheetPlan
from claimledger.sheets.planned_changes import CellDifference
from claimledger.sheets.review_sheet import Delimiter
from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, SHEET_COLUMNS
from claimledger.desk_vocabulary import CheckStage

LARGEST = 20_000_000
"""The largest size of an uploaded sheet in bytes. The second form carries the sheet, compressed."""
_LARGEST_FORM = LARGEST * 3 // 2
"""The largest size of a form in bytes; base64 takes four bytes for three."""
DELIMITERS = {"comma": Delimiter.COMMA, "semicolon": Delimiter.SEMICOLON, "tab": Delimiter.TAB}
FLAT_TABLES = {"claims": "claims", "evidence": "claims-evidence"}
"""The tables beside the review sheet, with the beginning of their file's name."""
_FILTERS = ("article_id", "speaker", "so", "assignee")
_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetUnusable(LedgerError):
    """Raised when no sheet was uploaded, or one that is too large for the browser."""

    def __init__(self) -> None:
        """Ask for a smaller file, or point to the command line."""
        super().__init__(limit=LARGEST)


async def sheets(visit: Visit) -> Response:
    """Show the forms to export a sheet and to import it again."""
    selection = WorkFilter({name: value for name in _FILTERS if (value := visit.request.query_params.get(name, ""))})
    facets = await run_in_threadpool(lookups.queue_counts, visit.places, WorkFilter(), _FILTERS)
    return visit.page(
        "sheets.html", asked=selection, facets=facets, stage=CheckStage, Encoding=Encoding, DELIMITERS=DELIMITERS,
        tables=("review", *FLAT_TABLES),
        columns=[column for column in SHEET_COLUMNS if column.is_editable], largest=LARGEST,
    )  # fmt: skip


async def export(visit: Visit) -> Response:
    """Send a sheet of claims, or their flat table: filtered by columns, or a view of the task list with its filters."""
    arguments = visit.request.query_params
    values = {name: value for name in FILTER_COLUMNS if (value := arguments.get(name, ""))}
    today = lookups.newsroom_day().isoformat()
    claims = queue_of_view(arguments.get("view", "all"), visit.name, today, values, arguments.get("words", ""))
    is_workbook = arguments.get("format") == "xlsx"
    known = arguments.get("encoding", "") in set(Encoding)
    encoding = Encoding(arguments["encoding"]) if known else Encoding.UTF_8_SIG
    if (table := arguments.get("table", "")) in FLAT_TABLES:
        content = await run_in_threadpool(
            desk.export_flat_table, visit.places, claims, visit.site, "ko" if visit.language == "ko" else "en",
            has_evidence=table == "evidence", is_workbook=is_workbook, encoding=encoding,
        )  # fmt: skip
    else:
        content = await run_in_threadpool(
            desk.export_sheet, visit.places, claims, is_workbook=is_workbook, encoding=encoding,
            delimiter=DELIMITERS.get(arguments.get("delimiter", ""), Delimiter.COMMA),
        )  # fmt: skip
    chosen = [*values.values(), arguments.get("words", ""), today]
    name = file_name(FLAT_TABLES.get(table, "review"), chosen, "xlsx" if is_workbook else "csv")
    headers = {**HEADERS, "Content-Disposition": name}
    return Response(content, headers=headers, media_type=_XLSX if is_workbook else _CSV)


async def import_(visit: Visit) -> Response:
    """Show the changes of a sheet or, from the second form, import it."""
    length = whole_number(visit.request.headers.get("content-length", ""))
    if length is None or length > _LARGEST_FORM:  # checked before anything is read
        raise SheetUnusable
    form = await visit.form(_LARGEST_FORM)
    content, name = await _sheet(form)
    if form.get("act") == "take":
        return await _import(visit, form, content, name)
    return await _preview_page(visit, content, name)


async def _sheet(form: FormData) -> tuple[bytes, str]:
    """Return the bytes and the name of the sheet in a form.

    Raises:
        SheetUnusable: there is no sheet, or it is too large.
    """
    upload = form.get("file")
    if isinstance(upload, UploadFile):
        content, name = await upload.read(LARGEST + 1), upload.filename or "sheet.csv"
        await form.close()
    else:
        content, name = _unpack(str(form.get("content", ""))), str(form.get("name", "")) or "sheet.csv"
    if not content or len(content) > LARGEST:
        raise SheetUnusable
    return content, name[:200]


def _pack(content: bytes) -> str:
    """Return a sheet as the text of a hidden field."""
    return base64.b64encode(zlib.compress(content)).decode()


def _unpack(text: str) -> bytes:
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (ValueError, zlib.error):  # no base64, or no ASCII
        return b""


async def _preview_page(visit: Visit, content: bytes, name: str) -> Response:
    planned = await run_in_threadpool(desk.plan_import, visit.places, content, name, visit.staff)
    return visit.page(
        "sheet_import.html", plan=planned, name=name, content=_pack(content),
        seen=sheet_steps.plan_fingerprint(planned), by_claim=_entries_by_claim(planned),
        statements={row.claim_id: row.standing.statement for row in planned.rows},
        column_label=partial(_column_label, visit), cell_label=partial(_cell_label, visit),
    )  # fmt: skip


def _column_label(visit: Visit, column: str) -> str:
    meaning = SHEET_COLUMNS_BY_NAME[column].meaning
    return (meaning.korean if visit.language == "ko" else meaning.english).rstrip(".")


def _cell_label(visit: Visit, column: str, value: str) -> str:
    """Return the display form of a cell's value: the label of a vocabulary term, any other value unchanged."""
    return next((visit.label(term) for term in SHEET_COLUMNS_BY_NAME[column].words or () if term.value == value), value)


def _entries_by_claim(planned: SheetPlan) -> dict[str, list[CellDifference | CellConflict]]:
    """Return the changes and conflicts by claim, in the order of the rows."""
    entries: list[CellDifference | CellConflict] = [*planned.differences, *planned.conflicts]
    found: dict[str, list[CellDifference | CellConflict]] = {}
    for entry in sorted(entries, key=lambda entry: entry.row):
        found.setdefault(entry.claim_id, []).append(entry)
    return found


async def _import(visit: Visit, form: FormData, content: bytes, name: str) -> Response:
    choices = dict(_choices(form))

    def run_import() -> sheet_steps.SheetImportResult:
        seen = str(form.get("seen", ""))
        return desk.import_sheet(visit.places, content, name, choices, visit.staff, seen=seen)

    result = await run_in_threadpool(run_import)
    return visit.page("sheet_taken.html", taken=result)


def _choices(form: FormData) -> list[tuple[tuple[str, str], ConflictChoice]]:
    """Return the choice in each conflict; for a third text, the text itself."""
    found: list[tuple[tuple[str, str], ConflictChoice]] = []
    for field, value in form.multi_items():
        kind, _, cell = field.partition(":")
        claim_id, _, column = cell.partition(":")
        if kind == "choice" and column:
            other_text = str(form.get(f"text:{cell}", ""))
            found.append(((claim_id, column), other_text if value == "text" else str(value)))
    return found


PAGES = (
    ("GET", "/sheets", sheets),
    ("GET", "/sheets/export", export),
    ("POST", "/sheets/import", import_),
)
