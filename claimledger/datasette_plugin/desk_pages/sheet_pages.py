"""Review sheets: claims out for a spreadsheet, and back in after a look at what would change."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import whole
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.editorial.queue_views import asked_for
from claimledger.errors import LedgerError
from claimledger.newsroom.work_items import FILTERS, Queue
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.merge import Choice, Conflict, Plan
from claimledger.sheets.row_changes import Difference
from claimledger.sheets.review_sheet import Delimiter
from claimledger.sheets.sheet_columns import BY_NAME, COLUMNS
from claimledger.vocabulary import CheckStage

LARGEST = 20_000_000
"""Bytes of a sheet that the browser brings; it goes out again in the second form, packed, and comes back in it."""
_LARGEST_FORM = LARGEST * 3 // 2
"""Bytes of a form: base64 takes four for three."""
DELIMITERS = {"comma": Delimiter.COMMA, "semicolon": Delimiter.SEMICOLON, "tab": Delimiter.TAB}
_FILTERS = ("article_id", "speaker", "so", "assignee")
_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetUnusable(LedgerError):
    """No sheet came, or one too large for the browser's way."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            f"Choose a CSV file or an .xlsx workbook of at most {LARGEST:,} bytes. A larger one: export fewer claims, "
            "or run 'claimledger sheet import'."
        )


async def sheets(visit: Visit) -> Response:
    """Show the form to export a sheet, and the one to bring it back."""
    asked = Queue({name: value for name in _FILTERS if (value := visit.request.query_params.get(name, ""))})
    facets = await run_in_threadpool(desk.queue_counts, visit.places, Queue(), _FILTERS)
    return visit.page(
        "sheets.html", asked=asked, facets=facets, stage=CheckStage, Encoding=Encoding, DELIMITERS=DELIMITERS,
        columns=[column for column in COLUMNS if column.is_editable], largest=LARGEST,
    )  # fmt: skip


async def export(visit: Visit) -> Response:
    """Give out a sheet of the claims asked for: by some columns, or a view of the queue as it is filtered."""
    asked = visit.request.query_params
    values = {name: value for name in FILTERS if (value := asked.get(name, ""))}
    today = desk.newsroom_day().isoformat()
    claims = asked_for(asked.get("view", "all"), visit.name, today, values, asked.get("words", ""))
    is_workbook = asked.get("format") == "xlsx"
    known = asked.get("encoding", "") in set(Encoding)
    content = await run_in_threadpool(
        desk.export_sheet, visit.places, claims, is_workbook=is_workbook,
        encoding=Encoding(asked["encoding"]) if known else Encoding.UTF_8_SIG,
        delimiter=DELIMITERS.get(asked.get("delimiter", ""), Delimiter.COMMA),
    )  # fmt: skip
    ending = "xlsx" if is_workbook else "csv"
    name = f"claims-{today}.{ending}"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=_XLSX if is_workbook else _CSV)


async def import_(visit: Visit) -> Response:
    """Show what a sheet would change; or, from the second form, take it in."""
    length = whole(visit.request.headers.get("content-length", ""))
    if length is None or length > _LARGEST_FORM:  # known before anything is read
        raise SheetUnusable
    form = await visit.form(_LARGEST_FORM)
    content, name = await _sheet(form)
    if form.get("act") == "take":
        return await _take(visit, form, content, name)
    return await _shown(visit, content, name)


async def _sheet(form: FormData) -> tuple[bytes, str]:
    """Return the bytes and the name of the sheet in a form.

    Raises:
        SheetUnusable: there is none, or it is too large.
    """
    upload = form.get("file")
    if isinstance(upload, UploadFile):
        content, name = await upload.read(LARGEST + 1), upload.filename or "sheet.csv"
        await form.close()
    else:
        content, name = _unpacked(str(form.get("content", ""))), str(form.get("name", "")) or "sheet.csv"
    if not content or len(content) > LARGEST:
        raise SheetUnusable
    return content, name[:200]


def _packed(content: bytes) -> str:
    """Return a sheet as a hidden field brings it along."""
    return base64.b64encode(zlib.compress(content)).decode()


def _unpacked(text: str) -> bytes:
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (binascii.Error, zlib.error):
        return b""


async def _shown(visit: Visit, content: bytes, name: str) -> Response:
    planned = await run_in_threadpool(desk.plan_import, visit.places, content, name, visit.staff)
    return visit.page(
        "sheet_import.html", plan=planned, name=name, content=_packed(content),
        seen=desk.seen_of(planned), by_claim=_by_claim(planned),
        statements={row.claim_id: row.standing.statement for row in planned.rows},
        column_label=partial(_column_label, visit), cell_label=partial(_cell_label, visit),
    )  # fmt: skip


def _column_label(visit: Visit, column: str) -> str:
    meaning = BY_NAME[column].meaning
    return (meaning.korean if visit.language == "ko" else meaning.english).rstrip(".")


def _cell_label(visit: Visit, column: str, value: str) -> str:
    """Return a cell's value as people read it: a vocabulary's word by its label, all else as it is."""
    return next((visit.label(term) for term in BY_NAME[column].words or () if term.value == value), value)


def _by_claim(planned: Plan) -> dict[str, list[Difference | Conflict]]:
    """Return what would change, and what is to be decided, by claim in the order of the rows."""
    entries: list[Difference | Conflict] = [*planned.differences, *planned.conflicts]
    found: dict[str, list[Difference | Conflict]] = {}
    for entry in sorted(entries, key=lambda entry: entry.row):
        found.setdefault(entry.claim_id, []).append(entry)
    return found


async def _take(visit: Visit, form: FormData, content: bytes, name: str) -> Response:
    choices = dict(_choices(form))

    def take() -> desk.Taken:
        seen = str(form.get("seen", ""))
        return desk.take_in(visit.places, content, name, choices, visit.staff, seen=seen)

    taken = await run_in_threadpool(take)
    return visit.page("sheet_taken.html", taken=taken)


def _choices(form: FormData) -> list[tuple[tuple[str, str], Choice]]:
    """Return what was chosen in each conflict; a third text is one that was written."""
    found: list[tuple[tuple[str, str], Choice]] = []
    for field, value in form.multi_items():
        kind, _, place = field.partition(":")
        claim_id, _, column = place.partition(":")
        if kind == "choice" and column:
            third = str(form.get(f"text:{place}", ""))
            found.append(((claim_id, column), third if value == "text" else str(value)))
    return found


PAGES = (
    ("GET", "/sheets", sheets),
    ("GET", "/sheets/export", export),
    ("POST", "/sheets/import", import_),
)
