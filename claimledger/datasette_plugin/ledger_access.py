"""Finds the ledger among Datasette's databases and checks that a reader may see it.

It works with Datasette 0.65 and 1.0. Datasette itself decides, for the database and for the three tables that contain
everything a page shows: `claims`, `revision` with every whole body, and `edition_texts`.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette import Forbidden, hookspecs

from claimledger.datasette_plugin.plugin_settings import is_datasette_alone
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.publishing.tables import CLAIMS, EDITION_TEXTS, TABLES_FORMAT, REVISION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.app import Datasette
    from datasette.database import Database

    Actor = Mapping[str, Any] | None

_IS_1_0 = hasattr(hookspecs, "permission_resources_sql")
_public: WeakKeyDictionary[Datasette, set[str]] = WeakKeyDictionary()
"""The ledgers that anonymous readers may see. Datasette takes long to find out, and its configuration cannot change."""
_TABLES = (CLAIMS.name, REVISION.name, EDITION_TEXTS.name)


async def find_ledger(datasette: Datasette) -> Database | None:
    """Return the first database that is a ledger in this program's format; None if there is none."""
    for database in list(datasette.databases.values()):
        if database.path and await cached_result(database, is_ledger):
            return database
    return None


def is_ledger(connection: sqlite3.Connection) -> bool:
    """Return whether a database is a ledger in this program's format."""
    with suppress(sqlite3.Error):
        row = connection.execute("SELECT value FROM about WHERE name = 'format'").fetchone()
        return row is not None and row[0] == str(TABLES_FORMAT)
    return False


async def check_reader(datasette: Datasette, database: str, actor: Actor) -> None:
    """Check that an actor may see the ledger.

    Raises:
        Forbidden: the actor may not see it.
    """
    if actor is None and is_datasette_alone() and database in _public.get(datasette, ()):
        return
    for table in _TABLES:
        if not await (_may_see_1_0 if _IS_1_0 else _may_see)(datasette, database, table, actor):
            raise Forbidden("You may not see this ledger. · 이 공개 기록을 볼 권한이 없습니다.")
    if actor is None:
        _public.setdefault(datasette, set()).add(database)


async def _may_see(datasette: Datasette, database: str, table: str, actor: Actor) -> bool:
    permissions = [("view-table", (database, table)), ("view-database", database), "view-instance"]
    visible, _ = await datasette.check_visibility(actor, permissions=permissions)
    return bool(visible)


async def _may_see_1_0(datasette: Datasette, database: str, table: str, actor: Actor) -> bool:
    from datasette.resources import TableResource  # noqa: PLC0415  Datasette 0.65 does not have it

    return bool(
        await datasette.allowed(
            action="view-table", resource=TableResource(database=database, table=table), actor=actor
        )
    )
