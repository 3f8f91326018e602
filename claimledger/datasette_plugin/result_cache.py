"""A cache of results that need the whole ledger, computed once per version of the file.

A result is stored only for a database file that no longer changes, and is dropped with that version. Concurrent
requests for the same result wait for one computation. Each combination of reader and arguments has its own result, so
the arguments must have few possible values.
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

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class _VersionResults:
    """The results of one version, and the lock for the computation that may run."""

    def __init__(self) -> None:
        self.answers: dict[object, Any] = {}
        self.counting = asyncio.Lock()


_results_by_version: WeakKeyDictionary[Database, _VersionResults] = WeakKeyDictionary()


async def cached_result(
    ledger: Database, reader: Callable[[sqlite3.Connection, *Arguments], Result], *values: *Arguments
) -> Result:
    """Return the reader's result for the version of the ledger with which this request began."""
    version = current(ledger)
    if version.is_mutable:
        return await _run_reader(version, reader, *values)
    results, question = _results_by_version.setdefault(version, _VersionResults()), (reader, values)
    if question not in results.answers:
        async with results.counting:
            if question not in results.answers:
                results.answers[question] = await _run_reader(version, reader, *values)
    found: Result = results.answers[question]
    return found


async def _run_reader(
    version: Database, reader: Callable[[sqlite3.Connection, *Arguments], Result], *values: *Arguments
) -> Result:
    found: Result = await version.execute_fn(lambda connection: reader(connection, *values))
    return found
