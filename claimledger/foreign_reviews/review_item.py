"""Reads one review: each value is taken once by its path, and the unread rest is noted at the end.

Values go through the readers of `review_values`. Each value that is not empty is either taken unchanged or has a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from claimledger.foreign_reviews.import_notes import Note
from claimledger.foreign_reviews.json_documents import shown
from claimledger.foreign_reviews.review_finder import Path, children, dotted
from claimledger.foreign_reviews.review_values import Reader


class Item:
    """A review with its unread values."""

    def __init__(self, number: int, node: Mapping[str, Any]) -> None:
        """Mark everything as unread except empty values and vocabularies."""
        self.number = number
        self.node = node
        self.notes: list[Note] = []
        self._unread = {path: value for path, value in _single_values(node) if "@context" not in path}

    def at(self, *names: str, of: Path = ()) -> list[tuple[Path, Any]]:
        """Return the parts under nested names with their paths; a list gives each of its items."""
        parts = _flatten_lists([(of, self._value(of))])
        for name in names:
            below = [((*path, name), part[name]) for path, part in parts if isinstance(part, dict) and name in part]
            parts = _flatten_lists(below)
        return parts

    def _value(self, path: Path) -> Any:  # noqa: ANN401  any JSON value
        value: Any = self.node
        for step in path:
            value = value[step]
        return value

    def take(self, path: Path, reader: Reader) -> str | None:
        """Return a value as a reader reads it and note the change; None if it was taken before or cannot be read."""
        if path not in self._unread:
            return None
        before = self._unread.pop(path)
        value, code = reader(before)
        if code:
            self.note(code, path, before, value or "")
        return value

    def first(self, reader: Reader, *key_paths: tuple[str, ...], of: Path = ()) -> str | None:
        """Return the first readable value at several paths; a value at any but the first path is noted."""
        for key_path in key_paths:
            for path, part in self.at(*key_path, of=of):
                if (value := self.take(path, reader)) is not None:
                    if key_path != key_paths[0]:
                        self.note("taken-from-elsewhere", path, part, value)
                    return value
        return None

    def note(self, code: str, path: Path, before: object, after: str = "") -> None:
        """Add a note on a part."""
        self.notes.append(Note(self.number, code, dotted(path), shown(before), shown(after)))

    def note_rest(self) -> None:
        """Add a note on each unread value: it is not kept."""
        for path, value in self._unread.items():
            self.note("not-kept", path, value)
        self._unread.clear()


def _flatten_lists(parts: list[tuple[Path, Any]]) -> list[tuple[Path, Any]]:
    """Return parts with each list replaced by its items, in order; empty parts are left out."""
    pending, flat = list(reversed(parts)), []
    while pending:
        path, part = pending.pop()
        if isinstance(part, list):
            pending += reversed(children(path, part))
        elif part is not None:
            flat.append((path, part))
    return flat


def _single_values(node: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield each single value as text, except blank ones."""
    pending: list[tuple[Path, Any]] = [((), dict(node))]
    while pending:
        path, part = pending.pop()
        if isinstance(part, dict | list):
            pending += reversed(children(path, part))
        elif part is not None and (text := _as_text(part)).strip():
            yield path, text


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else {True: "true", False: "false"}[bool(value)]
