"""Which rows of `ledger.db` some new public versions would change: a build of some records before and after, compared.

In: bodies of the log for the records touched and for all that are counted or computed with them; what gives the texts
of articles. Out: the rows that are new, changed or gone. The invariant: a row is what a build makes of the same log.
What is only known at the moment of publishing (the time, and hashes over it) is told as such. Nothing is written here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from claimledger.models import Revision
from claimledger.publishing import filling
from claimledger.publishing.batches import Logged
from claimledger.publishing.columns import Table
from claimledger.publishing.edition_texts import TextOf, rows_of
from claimledger.publishing.tables import ABOUT, EDITION_TEXTS, TABLES, VOCABULARY
from claimledger.vocabulary import Subject

ONLY_THEN = frozenset({"recorded_at", "first_recorded_at", "last_recorded_at", "sha256", "body"})
"""Columns whose new values are made when it is published."""
Place = tuple[Subject, str]
Versions = Mapping[Place, Sequence[Logged]]
"""Each record with its public versions, the oldest first."""
RowPlace = tuple[str, tuple[Any, ...]]
"""A table, and the values of the columns by which its rows are told apart."""
Rows = dict[RowPlace, tuple[Any, ...]]
_BY_NAME = {table.name: table for table in TABLES}


def _no_text(_: str) -> None:
    """Hold no text."""


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


def rows(versions: Versions, text_of: TextOf = _no_text) -> Rows:
    """Return every row that some records have alone, and those that count the claims among them.

    `text_of` gives the texts of editions that stand in the ledger.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    return _rows(versions) | _texts(versions, text_of)


def row_changes(was: Rows, says: Rows) -> list[RowChange]:
    """Return the rows that differ, table by table."""
    places = sorted(was.keys() | says.keys(), key=_in_order)
    found = (_change(place, was.get(place), says.get(place)) for place in places)
    return [change for change in found if change]


def _texts(versions: Versions, text_of: TextOf) -> Rows:
    newest = (logged[-1][2] for (subject, _), logged in versions.items() if subject is Subject.ARTICLE)
    articles = map(Revision.model_validate_json, newest)
    return dict(keyed(EDITION_TEXTS, (row for article in articles for row in rows_of(article, text_of))))


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


def _rows(versions: Versions) -> Rows:
    """Return the rows of a ledger that has these records alone."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        filling.fill_some(connection, versions)
        return {
            place: row for table in _FROM_RECORDS for place, row in keyed(table, connection.execute(table.select_sql))
        }


_FROM_RECORDS = [table for table in TABLES if table not in (ABOUT, EDITION_TEXTS, VOCABULARY)]


def keyed(table: Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[RowPlace, tuple[Any, ...]]]:
    """Yield rows of a table by its name and their key."""
    at = [table.header.index(name) for name in table.key]
    yield from (((table.name, tuple(row[place] for place in at)), tuple(row)) for row in rows)
