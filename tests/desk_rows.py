"""The row changes that a preview announces, compared with the changes that publishing makes in ledger.db."""

from __future__ import annotations

from newsroom import actor

from claimledger import desk
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import TABLES


def tables(places: LedgerPaths) -> dict[tuple[str, tuple[object, ...]], dict[str, object]]:
    """Return every row of ledger.db, except those that say what it was built from."""
    found = {}
    with ledger_db.open_read_only(places.ledger) as connection:
        for table in TABLES:
            for row in connection.execute(table.select_sql) if table.name != "about" else ():
                cells = dict(zip(table.header, row, strict=True))
                found[table.name, tuple(cells[name] for name in table.key)] = cells
    return found


def held_against(places: LedgerPaths, announced: list[RowChange], actor_name: str = "lee") -> None:
    """Publish, and assert that the rows changed as the preview announced."""
    before = tables(places)
    desk.publish(places, actor(actor_name))
    after = tables(places)
    differing = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert {(change.table, change.key) for change in announced} == differing
    for change in announced:
        place = (change.table, change.key)
        was, says = before.get(place, {}), after.get(place, {})
        columns = {name for name in was.keys() | says.keys() if was.get(name) != says.get(name)}
        assert {cell.column for cell in change.cells} == columns
        for cell in change.cells:
            assert cell.before == was.get(cell.column)
            assert cell.is_made_then or cell.after == says.get(cell.column), cell
