"""Load the language plug-ins of the entry point group `claimledger.languages`.

Each plug-in that fails to load gives a problem, and so does one that lacks a part. A failing plug-in is left out and
never stops the others. This module does not know what a language does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple, Protocol, runtime_checkable

from claimledger.errors import Problem
from claimledger.spotting.language import Language

GROUP = "claimledger.languages"
"""The entry point group; each entry names a class or function that returns a `LanguagePlugin` when called without
arguments.
"""

_REQUIRED = ("code", "share", "sentences", "reported")


@runtime_checkable
class Lacking(Protocol):
    """A language that can report a missing part."""

    def lacks(self) -> Problem | None:
        """Return a problem that describes the missing part, or None."""


class Languages(NamedTuple):
    """The loaded plug-ins and their problems."""

    found: tuple[Language, ...]
    """The languages that were loaded, one per code."""
    problems: tuple[Problem, ...]
    """Problems of plug-ins that failed to load or lack a part."""


@lru_cache(maxsize=1)
def installed_languages() -> Languages:
    """Return the installed languages; they are loaded once."""
    return load_languages(entry_points(group=GROUP))


def load_languages(entries: Iterable[EntryPoint]) -> Languages:
    """Return the languages of some entry points.

    >>> entry = EntryPoint("xx", "no_such_package:Language", GROUP)
    >>> load_languages([entry]).problems[0].code
    'language-plugin-failed'
    """
    found: dict[str, Language] = {}
    problems: list[Problem] = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        language = _load(entry)
        if isinstance(language, Problem):
            problems.append(language)
        elif language.code not in found:
            found[language.code] = language
            lacking = language.lacks() if isinstance(language, Lacking) else None
            problems += [lacking] if lacking else []
    return Languages(tuple(found.values()), tuple(problems))


def _load(entry: EntryPoint) -> Language | Problem:
    try:
        language = entry.load()()
    except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way
        return _plugin_problem(entry, f"{type(error).__name__}: {error}")
    missing = [name for name in _REQUIRED if not hasattr(language, name)]
    if missing:
        return _plugin_problem(entry, f"it has no {' and no '.join(missing)}")
    checked: Language = language
    return checked


def _plugin_problem(entry: EntryPoint, why: str) -> Problem:
    return Problem(
        "language-plugin-failed",
        f"The language '{entry.name}' ('{entry.value}') cannot be used: {why}.",
        "Texts in it give figures alone. Install the plug-in again, or take it out.",
    )
