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
from claimledger.spotting.language import LanguagePlugin

LANGUAGE_GROUP = "claimledger.languages"
"""The entry point group; each entry names a class or function that returns a `LanguagePlugin` when called without
arguments.
"""

_REQUIRED = ("code", "share", "sentences", "reported")


@runtime_checkable
class PartialLanguage(Protocol):
    """A language that can report a missing part."""

    def lacks(self) -> Problem | None:
        """Return a problem that describes the missing part, or None."""


class LoadedLanguages(NamedTuple):
    """The loaded plug-ins and their problems."""

    found: tuple[LanguagePlugin, ...]
    """The languages that were loaded, one per code."""
    problems: tuple[Problem, ...]
    """Problems of plug-ins that failed to load or lack a part."""


@lru_cache(maxsize=1)
def installed_languages() -> LoadedLanguages:
    """Return the installed languages; they are loaded once."""
    return load_languages(entry_points(group=LANGUAGE_GROUP))


def load_languages(entries: Iterable[EntryPoint]) -> LoadedLanguages:
    """Return the languages of some entry points.

    >>> entry = EntryPoint("xx", "no_such_package:LanguagePlugin", LANGUAGE_GROUP)
    >>> load_languages([entry]).problems[0].code
    'language-plugin-failed'
    """
    found: dict[str, LanguagePlugin] = {}
    problems: list[Problem] = []
    for entry in sorted(entries, key=lambda entry: entry.name):
        language = _load(entry)
        if isinstance(language, Problem):
            problems.append(language)
        elif language.code not in found:
            found[language.code] = language
            lacking = language.lacks() if isinstance(language, PartialLanguage) else None
            problems += [lacking] if lacking else []
    return LoadedLanguages(tuple(found.values()), tuple(problems))


def _load(entry: EntryPoint) -> LanguagePlugin | Problem:
    try:
        language = entry.load()()
    except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way
        return Problem(
            "language-plugin-failed", name=entry.name, package=entry.value, reason=f"{type(error).__name__}: {error}"
        )
    missing = [name for name in _REQUIRED if not hasattr(language, name)]
    if missing:
        return Problem(
            "language-plugin-failed/incomplete", name=entry.name, package=entry.value, missing=tuple(missing)
        )
    checked: LanguagePlugin = language
    return checked
