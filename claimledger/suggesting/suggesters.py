"""Load the suggesters of the entry point group `claimledger.suggesters`.

A suggester that cannot be loaded gives a problem and is left out; it never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from claimledger.errors import Problem
from claimledger.suggesting.exchange import ChecksItself, Suggester, SuggesterMissing

SUGGESTER_GROUP = "claimledger.suggesters"
"""The entry point group; each entry names a class or function that returns a `Suggester` when called without
arguments.
"""


class LoadedSuggesters(NamedTuple):
    """The loaded suggesters and their problems."""

    found: tuple[Suggester, ...]
    """The suggesters that were loaded, one per name."""
    problems: tuple[Problem, ...]
    """The problems of those that were not."""


@lru_cache(maxsize=1)
def installed_suggesters() -> LoadedSuggesters:
    """Return the installed suggesters; they are loaded once."""
    return load_suggesters(entry_points(group=SUGGESTER_GROUP))


def load_suggesters(entries: Iterable[EntryPoint]) -> LoadedSuggesters:
    """Return the suggesters of some entry points.

    >>> entry = EntryPoint("xx", "no_such_package:Suggester", SUGGESTER_GROUP)
    >>> load_suggesters([entry]).problems[0].code
    'suggester-failed'
    """
    found: dict[str, Suggester] = {}
    problems: list[Problem] = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        loaded = _load(entry)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        else:
            found.setdefault(loaded.name, loaded)
    return LoadedSuggesters(tuple(found.values()), tuple(problems))


def find_suggester(name: str, loaded: LoadedSuggesters | None = None) -> Suggester:
    """Return the suggester of a name.

    Raises:
        SuggesterMissing: no installed suggester has the name, or a library that it needs is not installed.
    """
    found = next((one for one in (loaded or installed_suggesters()).found if one.name == name), None)
    if found is None:
        raise SuggesterMissing(name)
    if missing := missing_library(found):
        raise missing
    return found


def missing_library(suggester: Suggester) -> SuggesterMissing | None:
    """Return the refusal of a suggester that needs a library which is not installed; None if nothing is missing."""
    try:
        if isinstance(suggester, ChecksItself):
            suggester.check_installed()
    except SuggesterMissing as missing:
        return missing
    return None


def _load(entry: EntryPoint) -> Suggester | Problem:
    try:
        suggester = entry.load()()
    except Exception as error:  # noqa: BLE001  a plug-in may fail in any way
        reason = f"{type(error).__name__}: {error}"
        return Problem("suggester-failed", name=entry.name, package=entry.value, reason=reason)
    if not isinstance(getattr(suggester, "name", None), str) or not callable(getattr(suggester, "answer", None)):
        return Problem("suggester-failed/incomplete", name=entry.name, package=entry.value)
    checked: Suggester = suggester
    return checked
