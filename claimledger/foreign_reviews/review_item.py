"""One review while it is read: its values by their paths, each taken once, the rest noted at the end.

In: a map from a document. Out: values, through the readers of `values`, and notes. The invariant: each value that is
not empty was taken as it stands, or has a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from claimledger.foreign_reviews.import_notes import Note
from claimledger.foreign_reviews.json_documents import shown
from claimledger.foreign_reviews.review_finder import Path, children, dotted
from claimledger.foreign_reviews.review_values import Reader


class Item:
    """A review and what is still unread of it."""

    def __init__(self, number: int, node: Mapping[str, Any]) -> None:
        """Begin with everything unread but what is empty and what names the vocabulary."""
        self.number = number
        self.node = node
        self.notes: list[Note] = []
        self._unread = {path: leaf for path, leaf in _leaves(node) if "@context" not in path}

    def at(self, *names: str, of: Path = ()) -> list[tuple[Path, Any]]:
        """Return what stands under names, one below the other; a list stands for each of its items."""
        parts = _spread([(of, self._value(of))])
        for name in names:
            below = [((*path, name), part[name]) for path, part in parts if isinstance(part, dict) and name in part]
            parts = _spread(below)
        return parts

    def _value(self, path: Path) -> Any:  # noqa: ANN401  any JSON value
        value: Any = self.node
        for step in path:
            value = value[step]
        return value

    def take(self, path: Path, reader: Reader) -> str | None:
        """Return a value as a reader reads it, and note what was done; none if it is no value or was taken before."""
        if path not in self._unread:
            return None
        before = self._unread.pop(path)
        value, code = reader(before)
        if code:
            self.note(code, path, before, value or "")
        return value

    def first(self, reader: Reader, *ways: tuple[str, ...], of: Path = ()) -> str | None:
        """Return the first value that can be read, along several ways; any but the first way is noted."""
        for way in ways:
            for path, part in self.at(*way, of=of):
                if (value := self.take(path, reader)) is not None:
                    if way != ways[0]:
                        self.note("taken-from-elsewhere", path, part, value)
                    return value
        return None

    def note(self, code: str, path: Path, before: object, after: str = "") -> None:
        """Say something of a part."""
        self.notes.append(Note(self.number, code, dotted(path), shown(before), shown(after)))

    def note_rest(self) -> None:
        """Say of each value still unread that it is not kept."""
        for path, leaf in self._unread.items():
            self.note("not-kept", path, leaf)
        self._unread.clear()


def _spread(parts: list[tuple[Path, Any]]) -> list[tuple[Path, Any]]:
    """Return parts with each list replaced by its items, in order; empty ones are left out."""
    waiting, spread = list(reversed(parts)), []
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, list):
            waiting += reversed(children(path, part))
        elif part is not None:
            spread.append((path, part))
    return spread


def _leaves(node: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield each value that is no map and no list, as text, unless nothing stands in it."""
    waiting: list[tuple[Path, Any]] = [((), dict(node))]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, dict | list):
            waiting += reversed(children(path, part))
        elif part is not None and (text := _as_text(part)).strip():
            yield path, text


def _as_text(leaf: object) -> str:
    return leaf if isinstance(leaf, str) else {True: "true", False: "false"}[bool(leaf)]
