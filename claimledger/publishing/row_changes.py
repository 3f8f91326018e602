"""Which rows of `ledger.db` some new public versions would change: projected before and after, and held side by side.

In: bodies of the log for the records touched and for all claims that are counted with them; what gives the texts of
articles. Out: the rows that are new, changed or gone. The invariant: a row is what a build makes of the same log. What
is only known at the moment of publishing (the time, and hashes over it) is told as such; what is computed across
claims, and what older versions tell no more, is told by the build alone. Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from claimledger.models import Revision
from claimledger.publishing import projection
from claimledger.publishing.batches import Batch, Logged, project
from claimledger.publishing.cells import best
from claimledger.publishing.edition_texts import TextOf, rows_of
from claimledger.publishing.rows import EditionTextRow, RevisionRow
from claimledger.publishing.tables import TABLES
from claimledger.publishing.tally import Tally, names_alike
from claimledger.vocabulary import Subject

ONLY_THEN = frozenset({"recorded_at", "first_recorded_at", "last_recorded_at", "sha256", "body"})
"""Columns whose new values are made when it is published."""
Place = tuple[Subject, str]
Versions = Mapping[Place, Sequence[Logged]]
"""Each record with its public versions, the oldest first."""
_Rows = dict[tuple[str, tuple[Any, ...]], tuple[Any, ...]]
_TABLES = {table.row: table for table in TABLES}
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


def row_changes(
    before: Versions, after: Versions, published: TextOf = _no_text, kept: TextOf = _no_text
) -> list[RowChange]:
    """Return the rows that differ between two states of some records, table by table.

    `published` gives the texts that stand in the ledger before, `kept` those that may stand in it after.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    was, says = _rows(before) | _texts(before, published), _rows(after) | _texts(after, kept)
    places = sorted(was.keys() | says.keys(), key=_in_order)
    found = (_change(place, was.get(place), says.get(place)) for place in places)
    return [change for change in found if change]


def _texts(versions: Versions, text_of: TextOf) -> _Rows:
    newest = (logged[-1][2] for (subject, _), logged in versions.items() if subject is Subject.ARTICLE)
    articles = map(Revision.model_validate_json, newest)
    return _keyed(EditionTextRow, (row for article in articles for row in rows_of(article, text_of)))


_ORDER = {table.name: number for number, table in enumerate(TABLES)}


def _in_order(place: tuple[str, tuple[Any, ...]]) -> tuple[int, tuple[str, ...]]:
    return _ORDER[place[0]], tuple(f"{part:012}" if isinstance(part, int) else str(part) for part in place[1])


def _change(
    place: tuple[str, tuple[Any, ...]], was: tuple[Any, ...] | None, says: tuple[Any, ...] | None
) -> RowChange | None:
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


def _rows(versions: Versions) -> _Rows:
    """Return every row that the records have, and those that count the claims among them."""
    alike = names_alike(_source(logged[-1]) for (subject, _), logged in versions.items() if subject is Subject.CLAIM)
    found: _Rows = {}
    beside = [(subject, logged[-1]) for (subject, _), logged in sorted(versions.items()) if subject in _BESIDE]
    claims = project(_batch(versions, Subject.CLAIM, alike=alike)._replace(beside=beside))
    counts: Mapping[Subject, Mapping[str, int]] = {
        Subject.ARTICLE: claims.tally.by_article, Subject.DOCUMENT: claims.tally.by_document,
    }  # fmt: skip
    others = [project(_batch(versions, subject, counts=counts.get(subject, {}))) for subject in _OTHERS]
    for projected in (claims, *others):
        for kind, rows in projected.rows.items():
            found |= _keyed(kind, rows)
    return found | _counted(claims.tally) | _keyed(RevisionRow, _revisions(versions))


_OTHERS = (Subject.APPEARANCE, Subject.ARTICLE, Subject.DOCUMENT)
_BESIDE = (Subject.ARTICLE, Subject.DOCUMENT)


def _batch(
    versions: Versions,
    subject: Subject,
    *,
    alike: frozenset[str] = frozenset(),
    counts: Mapping[str, int] = {},
) -> Batch:
    records = {key: logged for (of, key), logged in sorted(versions.items()) if of is subject}
    return Batch(subject, records, alike, counts)


def _counted(tally: Tally) -> _Rows:
    rows = [*tally.speaker_rows(), *tally.source_rows()]
    return {place: row for one in rows for place, row in _keyed(type(one), [one]).items()}


def _revisions(versions: Versions) -> Iterator[tuple[Any, ...]]:
    for logged in versions.values():
        yield from (projection.revision_row(digest, body.encode()) for _, digest, body in logged)


def _keyed(kind: type[Any], rows: Iterable[tuple[Any, ...]]) -> _Rows:
    table = _TABLES[kind]
    at = [table.header.index(name) for name in table.key]
    return {(table.name, tuple(row[place] for place in at)): tuple(row) for row in rows}


def _source(logged: Logged) -> tuple[str, str, str | None]:
    source = msgspec.json.decode(logged[2])["record"]["source"]
    return best(source["name"]), source["kind"], source.get("published_on")
