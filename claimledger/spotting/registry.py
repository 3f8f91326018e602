"""The languages the spotter has: plug-ins of the entry point group `claimledger.languages`.

In: what is installed. Out: the languages that load, and a problem for each that does not or that lacks a part. The
invariant: a plug-in that is missing or broken is told of and left out; it never stops the others.
It must not know what a language does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple, Protocol, runtime_checkable

from claimledger.errors import Problem
from claimledger.spotting.language import Language

GROUP = "claimledger.languages"
"""The entry point group; each entry names a class or function that, called without arguments, gives a `Language`."""

_NEEDED = ("code", "share", "sentences", "reported")


@runtime_checkable
class Lacking(Protocol):
    """A language that can say it is not all there."""

    def lacks(self) -> Problem | None:
        """Return what is missing, if anything is."""


class Languages(NamedTuple):
    """What the plug-ins gave."""

    found: tuple[Language, ...]
    """Languages that load, by code."""
    problems: tuple[Problem, ...]
    """What failed to load or lacks a part."""


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
        return _failed(entry, f"{type(error).__name__}: {error}")
    missing = [name for name in _NEEDED if not hasattr(language, name)]
    if missing:
        return _failed(entry, f"it has no {' and no '.join(missing)}")
    checked: Language = language
    return checked


def _failed(entry: EntryPoint, why: str) -> Problem:
    return Problem(
        "language-plugin-failed",
        f"The language '{entry.name}' ('{entry.value}') cannot be used: {why}.",
        "Texts in it give figures alone. Install the plug-in again, or take it out.",
    )
