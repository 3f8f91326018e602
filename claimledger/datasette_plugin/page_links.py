"""What leads from Datasette's own pages to ours: cells that name what has a page, the menu's link to report errors.

In: a cell or a menu that Datasette is about to show. Out: its link, or none, and then Datasette shows it as it would.
The invariant: only cells of the ledger are linked, each to the page of what it names; the words are those of the cell;
and no link leads to a page that this reader would not get.
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
from claimledger.datasette_plugin.public_pages.counted import counted
from claimledger.datasette_plugin.public_pages.doorway import check_reader, is_ledger, ledger_of
from claimledger.publishing.tables import CLAIMS, TABLES
from claimledger.vocabulary import Subject

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

    from claimledger.datasette_plugin.public_pages.doorway import Actor

REPORT_LABEL = "Report an error · 오류 제보"
_FOLDERS = {
    "claims.claim_id": "claims", "articles.article": "articles", "speakers.speaker": "speakers",
    "sources.source": "sources",
}  # fmt: skip
_NAMING: Mapping[tuple[str | None, str], str] = {
    (table.name, column.name): _FOLDERS[column.meaning.names]
    for table in TABLES
    for column in table.columns
    if column.meaning.names in _FOLDERS
}
"""Cells that hold the name of what has a page: table and column, to the folder of its page."""
_STATEMENTS = {(CLAIMS.name, "statement_en"), (CLAIMS.name, "statement_ko")}
"""A claim's own name is linked to its row by Datasette; its statement leads to its page."""
_KEYS = {(table.name, "key") for table in TABLES}
"""Cells that hold the key of a record, by what `subject` it is."""
_OF_SUBJECT: Mapping[str, str] = {Subject.CLAIM: "claims", Subject.APPEARANCE: "claims", Subject.ARTICLE: "articles"}
"""What a version is of, in the tables of the log, to the folder of its page; a document has none."""


async def linked(
    datasette: Datasette, database: str, cell: tuple[str | None, str], value: object, row: sqlite3.Row
) -> Markup | None:
    """Return a cell as a link to a page; `cell` is table and column, `row` the row it stands in."""
    folder = "claims" if cell in _STATEMENTS else _NAMING.get(cell) or _folder_of_version(cell, row)
    if not value or not folder or not await counted(datasette.databases[database], is_ledger):
        return None
    if cell in _STATEMENTS:
        is_named = CLAIMS.key[0] in row.keys()  # noqa: SIM118  a row's keys
        return _link(datasette, folder, row[CLAIMS.key[0]], value) if is_named else None
    if isinstance(value, dict):  # as Datasette tells another table's key with its label
        return _link(datasette, folder, value["value"], value["label"])
    name = str(value).partition("@")[0] if cell in _KEYS else str(value)  # a passage's key goes on with its edition
    return _link(datasette, folder, name, value)


def _folder_of_version(cell: tuple[str | None, str], row: sqlite3.Row) -> str | None:
    """Return the folder of the page of what a row of the log speaks of, if the cell holds its key."""
    is_key = cell in _KEYS and "subject" in row.keys()  # noqa: SIM118  a row's keys
    return _OF_SUBJECT.get(row["subject"]) if is_key else None


def _link(datasette: Datasette, folder: str, name: str, text: object) -> Markup:
    path = datasette.urls.path(f"/{folder}/{quote(name, safe='')}")
    return Markup('<a href="{}">{}</a>').format(str(path), text)


async def report(datasette: Datasette, request: Request | None, actor: Actor) -> list[dict[str, str]]:
    """Return the link to where an error is reported, in the form of Datasette's menus, if there is one."""
    href = report_link.from_page(datasette, request)
    if href.startswith(str(datasette.urls.path(report_link.PAGE))) and not await _may_read(datasette, actor):
        return []
    return [{"href": href, "label": REPORT_LABEL}]


async def _may_read(datasette: Datasette, actor: Actor) -> bool:
    ledger = await ledger_of(datasette)
    with suppress(Forbidden):
        if ledger:
            await check_reader(datasette, ledger.name, actor)
            return True
    return False
