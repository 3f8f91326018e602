"""Readers of the public pages for tests: a Datasette with a ledger, the words of a page, and its markup."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from datasette import hookspecs
from datasette.app import Datasette

from claimledger.datasette_plugin.ledger_database import close_ledgers
from claimledger.datasette_plugin.page_cache import close_pages
from claimledger.datasette_plugin.public_pages.readable import change_values
from claimledger.labels import label_text
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.site import PageLanguage

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
SETTINGS = {
    "default_allow_sql": False, "allow_download": False, "suggest_facets": False, "max_csv_mb": 0,
    "sql_time_limit_ms": 60_000,  # a busy machine changes no result
}  # fmt: skip


@cache
def _metadata() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(metadata_text())
    return said


def metadata() -> dict[str, Any]:
    """Return the content of metadata.yml for Datasette; the text is parsed once, because that is slow."""
    return deepcopy(_metadata())


def serving(ledger: Path, *, allow: object = None, tables: object = None, **settings: object) -> Datasette:
    """Return a Datasette as scripts/serve starts it; `allow` and `tables` set the permissions."""
    said = metadata()
    if allow is not None:
        said["databases"]["ledger"]["allow"] = allow
    if tables is not None:
        said["databases"]["ledger"]["tables"] |= tables
    configured = {"config": said} if IS_1_0 else {}
    return Datasette([str(ledger)], metadata=said, settings={**SETTINGS, **settings}, **configured)


def stop(datasette: Datasette) -> None:
    """Close the ledgers that a Datasette of `serving` serves."""
    close_ledgers(datasette)
    close_pages(datasette)


INLINE = frozenset({"a", "b", "bdi", "code", "del", "i", "ins", "span", "strong", "time"})
"""Elements that do not separate words."""


class Markup(NamedTuple):
    """The words and elements of a page."""

    words: str
    """The page's text from title to foot, with each run of white space as one space."""
    elements: list[tuple[str, dict[str, str | None]]]
    """Every element with its attributes."""

    def links(self) -> list[str]:
        """Return every address that the page links to or loads."""
        named = ("href", "src", "action")
        return [str(attributes[name]) for _, attributes in self.elements for name in named if name in attributes]

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        """Return the attributes of the only element that has these."""
        (found,) = [has for name, has in self.elements if name == tag and wanted.items() <= has.items()]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in INLINE:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def markup(page: str) -> Markup:
    """Read a page as a browser does."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return Markup(" ".join("".join(reader.texts).split()), reader.elements)


async def got(datasette: Datasette, path: str, **options: Any) -> Any:  # noqa: ANN401  httpx or httpx2
    """Return the answer to a request."""
    return await datasette.client.get(path, **options)


async def seen(datasette: Datasette, path: str, status: int = 200, **options: Any) -> Markup:  # noqa: ANN401
    """Return the markup of a page, and assert its status."""
    answer = await got(datasette, path, **options)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:400]}"
    return markup(answer.text)


def words_of_change(change: FieldChange, language: PageLanguage) -> str:
    """Return a change as a page shows it: its whole values, named if there are two."""
    before, after = change_values(change, language)
    names = [label_text(f"part.{when}", language) for when in ("before", "after")]
    return f"{names[0]} {before} {names[1]} {after or '–'}" if before else after
