"""Links from Datasette's own pages to the public pages: in cells that name a record, and in the menu.

Only cells of the ledger get a link, to the page of the record they name; their text stays the same. Other cells are
shown as Datasette shows them. No link leads to a page that this reader may not see.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from datasette import Forbidden
from markupsafe import Markup

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.ledger_access import check_reader, is_ledger, find_ledger
from claimledger.publishing.tables import CLAIMS, TABLES
from claimledger.vocabulary import Subject

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.ledger_access import Actor

REPORT_LABEL = "Report an error · 오류 제보"
_FOLDERS = {
    "claims.claim_id": "claims", "articles.article": "articles", "speakers.speaker": "speakers",
    "sources.source": "sources",
}  # fmt: skip
_FOLDER_BY_CELL: Mapping[tuple[str | None, str], str] = {
    (table.name, column.name): _FOLDERS[column.meaning.names]
    for table in TABLES
    for column in table.columns
    if column.meaning.names in _FOLDERS
}
"""The cells that contain the name of a record with a page: table and column, with the folder of the page."""
_STATEMENTS = {(CLAIMS.name, "statement_en"), (CLAIMS.name, "statement_ko")}
"""The cells with statements, which link to the claim's page; Datasette itself links the claim's name to its row."""
_KEYS = {(table.name, "key") for table in TABLES}
"""The cells that contain the key of a record; the column `subject` says which type of record it is."""
_FOLDER_BY_SUBJECT: Mapping[str, str] = {
    Subject.CLAIM: "claims", Subject.APPEARANCE: "claims", Subject.ARTICLE: "articles",
}  # fmt: skip
"""The folder of the page for each subject of a log entry; a document has no page."""


async def link_cell(
    datasette: Datasette, database: str, cell: tuple[str | None, str], value: object, row: sqlite3.Row
) -> Markup | None:
    """Return a cell as a link to a page; None if it has no page. `cell` is table and column, `row` the row it is in."""
    folder = "claims" if cell in _STATEMENTS else _FOLDER_BY_CELL.get(cell) or _log_entry_folder(cell, row)
    if not value or not folder or not await cached_result(datasette.databases[database], is_ledger):
        return None
    if cell in _STATEMENTS:
        is_named = CLAIMS.key[0] in row.keys()  # noqa: SIM118  a row's keys
        return _link(datasette, folder, row[CLAIMS.key[0]], value) if is_named else None
    if isinstance(value, dict):  # Datasette's form of another table's key with its label
        return _link(datasette, folder, value["value"], value["label"])
    name = str(value).partition("@")[0] if cell in _KEYS else str(value)  # the key of a passage ends with its edition
    return _link(datasette, folder, name, value)


def _log_entry_folder(cell: tuple[str | None, str], row: sqlite3.Row) -> str | None:
    """Return the folder of the page for the record of a log entry, if the cell contains its key."""
    is_key = cell in _KEYS and "subject" in row.keys()  # noqa: SIM118  a row's keys
    return _FOLDER_BY_SUBJECT.get(row["subject"]) if is_key else None


def _link(datasette: Datasette, folder: str, name: str, text: object) -> Markup:
    path = datasette.urls.path(f"/{folder}/{quote(name, safe='')}")
    return Markup('<a href="{}">{}</a>').format(str(path), text)


async def report_menu_links(datasette: Datasette, request: Request | None, actor: Actor) -> list[dict[str, str]]:
    """Return the link for reporting an error, as a Datasette menu; empty if this reader may not see its page."""
    href = report_link.href_from_page(datasette, request)
    if href.startswith(str(datasette.urls.path(report_link.PAGE))) and not await _may_read(datasette, actor):
        return []
    return [{"href": href, "label": REPORT_LABEL}]


async def _may_read(datasette: Datasette, actor: Actor) -> bool:
    ledger = await find_ledger(datasette)
    with suppress(Forbidden):
        if ledger:
            await check_reader(datasette, ledger.name, actor)
            return True
    return False
