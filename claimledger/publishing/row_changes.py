"""Which rows of `ledger.db` some new public versions would change: the rows of some records before and after, compared.

In: rows of `small_ledger` before and after; what gives the texts of articles. Out: the rows that are new, changed or
gone. What is only known at the moment of publishing (the time, and hashes over it) is told as such. Nothing is read or
written here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from claimledger.models import Revision
from claimledger.publishing.edition_texts import TextLookup, edition_text_rows
from claimledger.publishing.small_ledger import RowPlace, Rows, Versions, keyed
from claimledger.publishing.tables import EDITION_TEXTS, TABLES
from claimledger.vocabulary import Subject

ONLY_THEN = frozenset({"recorded_at", "first_recorded_at", "last_recorded_at", "sha256", "body"})
"""Columns whose new values are made when it is published."""
_BY_NAME = {table.name: table for table in TABLES}


class CellChange(NamedTuple):
    """A cell that would differ."""

    column: str
    before: object
    """What it says; none where the row is new."""
    after: object
    """What it would say; none where it is made only then."""
    is_made_then: bool
    """Whether its value is made at the moment of publishing."""


class RowChange(NamedTuple):
    """A public row that would be new, changed or gone."""

    table: str
    key: tuple[object, ...]
    """The values of the columns by which the table's rows are told apart."""
    what: str
    """`new`, `changed` or `gone`."""
    cells: tuple[CellChange, ...]


def row_changes(was: Rows, says: Rows) -> list[RowChange]:
    """Return the rows that differ, table by table."""
    places = sorted(was.keys() | says.keys(), key=_in_order)
    found = (_change(place, was.get(place), says.get(place)) for place in places)
    return [change for change in found if change]


def texts(versions: Versions, text_of: TextLookup) -> Rows:
    """Return the texts that stand in the ledger of the articles among some records, as `text_of` gives them."""
    newest = (logged[-1][2] for (subject, _), logged in versions.items() if subject is Subject.ARTICLE)
    articles = map(Revision.model_validate_json, newest)
    return dict(keyed(EDITION_TEXTS, (row for article in articles for row in edition_text_rows(article, text_of))))


_ORDER = {table.name: number for number, table in enumerate(TABLES)}


def _in_order(place: RowPlace) -> tuple[int, tuple[str, ...]]:
    return _ORDER[place[0]], tuple(f"{part:012}" if isinstance(part, int) else str(part) for part in place[1])


def _change(place: RowPlace, was: tuple[Any, ...] | None, says: tuple[Any, ...] | None) -> RowChange | None:
    if was == says:
        return None
    header = _BY_NAME[place[0]].header
    nothing = (None,) * len(header)
    pairs = zip(header, was or nothing, says or nothing, strict=True)
    cells = tuple(_cell(name, before, after, is_gone=says is None) for name, before, after in pairs if before != after)
    return RowChange(*place, "new" if was is None else "gone" if says is None else "changed", cells)


def _cell(name: str, before: object, after: object, *, is_gone: bool) -> CellChange:
    is_made_then = name in ONLY_THEN and not is_gone
    return CellChange(name, before, None if is_made_then else after, is_made_then)
