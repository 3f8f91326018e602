"""What is counted of the whole ledger, once for each version of it.

In: the database that is the ledger, and a reader that looks through all of it. Out: what it finds. The invariant: an
answer is kept only of a file that does not change any more, and goes when that version goes; who asks for what is being
counted waits for that count. What a reader is asked with must be of few values: each has its own answer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from claimledger.datasette_plugin.following import current

if TYPE_CHECKING:
    from datasette.database import Database

Asked = TypeVarTuple("Asked")
Found = TypeVar("Found")


class _OfVersion:
    """What was counted of one version, and the one count that may run."""

    def __init__(self) -> None:
        self.answers: dict[object, Any] = {}
        self.counting = asyncio.Lock()


_kept: WeakKeyDictionary[Database, _OfVersion] = WeakKeyDictionary()


async def counted(ledger: Database, reader: Callable[[sqlite3.Connection, *Asked], Found], *values: *Asked) -> Found:
    """Return what a reader finds in the version of the ledger that this request began with."""
    version = current(ledger)
    if version.is_mutable:
        return await _asked(version, reader, *values)
    kept, question = _kept.setdefault(version, _OfVersion()), (reader, values)
    if question not in kept.answers:
        async with kept.counting:
            if question not in kept.answers:
                kept.answers[question] = await _asked(version, reader, *values)
    found: Found = kept.answers[question]
    return found


async def _asked(version: Database, reader: Callable[[sqlite3.Connection, *Asked], Found], *values: *Asked) -> Found:
    found: Found = await version.execute_fn(lambda connection: reader(connection, *values))
    return found
