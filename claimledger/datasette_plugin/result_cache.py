"""A cache of results that need the whole ledger, computed once per version of the ledger.

Results of other databases are stored only if their file never changes. Concurrent requests for the same result wait
for one computation. Each combination of reader and arguments has its own result, so the arguments must have few
possible values.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from claimledger.datasette_plugin.ledger_database import LedgerDatabase, read_version

if TYPE_CHECKING:
    from datasette.database import Database

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


VERSIONS = 2
"""The number of versions whose results are stored: requests that read the version before may still be running."""
_NOT_A_LEDGER = "not a ledger"
"""Stands for the version of a file that never changes and is not a ledger."""


class _VersionResults:
    """The results of one version, and the lock for the computation that may run."""

    def __init__(self) -> None:
        self.answers: dict[object, Any] = {}
        self.counting = asyncio.Lock()


_unchanging: WeakKeyDictionary[Database, str] = WeakKeyDictionary()
"""The versions of ledgers that are served as files that never change."""
_results: WeakKeyDictionary[Database, dict[str, _VersionResults]] = WeakKeyDictionary()


async def cached_result(
    ledger: Database, reader: Callable[[sqlite3.Connection, *Arguments], Result], *values: *Arguments
) -> Result:
    """Return the reader's result for the version of the ledger that this request reads."""
    version = await ledger_version(ledger) or (not ledger.is_mutable and _NOT_A_LEDGER)
    if not version:
        return await _run_reader(ledger, reader, *values)
    results, question = _results_of(ledger, version), (reader, values)
    if question not in results.answers:
        async with results.counting:
            if question not in results.answers:
                results.answers[question] = await _run_reader(ledger, reader, *values)
    found: Result = results.answers[question]
    return found


async def ledger_version(ledger: Database) -> str:
    """Return the version of a ledger that this request reads; empty if it is unknown or no ledger."""
    if isinstance(ledger, LedgerDatabase):
        return await ledger.version()
    if ledger.is_mutable:
        return ""
    if ledger not in _unchanging:
        _unchanging[ledger] = await ledger.execute_fn(read_version)
    return _unchanging[ledger]


def _results_of(ledger: Database, version: str) -> _VersionResults:
    by_version = _results.setdefault(ledger, {})
    if version not in by_version:
        by_version[version] = _VersionResults()
        for old in list(by_version)[:-VERSIONS]:
            del by_version[old]
    return by_version[version]


async def _run_reader(
    ledger: Database, reader: Callable[[sqlite3.Connection, *Arguments], Result], *values: *Arguments
) -> Result:
    found: Result = await ledger.execute_fn(lambda connection: reader(connection, *values))
    return found
