"""Reads one review: each value is taken once by its path, and the unread rest is noted at the end.

Values go through the readers of `review_values`. Each value that is not empty is either taken unchanged or has a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.foreign_reviews.json_documents import describe_part
from claimledger.foreign_reviews.review_finder import JsonPath, child_parts, format_json_path
from claimledger.foreign_reviews.review_values import ValueReader


class ReviewReader:
    """A review with its unread values."""

    def __init__(self, number: int, node: Mapping[str, Any]) -> None:
        """Mark everything as unread except empty values and vocabularies."""
        self.number = number
        self.node = node
        self.notes: list[ImportNote] = []
        self._unread = {path: value for path, value in _single_values(node) if "@context" not in path}

    def find_parts(self, *names: str, of: JsonPath = ()) -> list[tuple[JsonPath, Any]]:
        """Return the parts under nested names with their paths; a list gives each of its items."""
        parts = _flatten_lists([(of, self._value(of))])
        for name in names:
            below = [((*path, name), part[name]) for path, part in parts if isinstance(part, dict) and name in part]
            parts = _flatten_lists(below)
        return parts

    def _value(self, path: JsonPath) -> Any:  # noqa: ANN401  any JSON value
        value: Any = self.node
        for step in path:
            value = value[step]
        return value

    def take(self, path: JsonPath, reader: ValueReader) -> str | None:
        """Return a value as a reader reads it and note the change; None if it was taken before or cannot be read."""
        if path not in self._unread:
            return None
        before = self._unread.pop(path)
        value, code = reader(before)
        if code:
            self.note(code, path, before, value or "")
        return value

    def first(self, reader: ValueReader, *key_paths: tuple[str, ...], of: JsonPath = ()) -> str | None:
        """Return the first readable value at several paths; a value at any but the first path is noted."""
        for key_path in key_paths:
            for path, part in self.find_parts(*key_path, of=of):
                if (value := self.take(path, reader)) is not None:
                    if key_path != key_paths[0]:
                        self.note("taken-from-elsewhere", path, part, value)
                    return value
        return None

    def note(self, code: str, path: JsonPath, before: object, after: str = "") -> None:
        """Add a note on a part."""
        self.notes.append(
            ImportNote(self.number, code, format_json_path(path), describe_part(before), describe_part(after))
        )

    def note_unread(self) -> None:
        """Add a note on each unread value: it is not kept."""
        for path, value in self._unread.items():
            self.note("not-kept", path, value)
        self._unread.clear()


def _flatten_lists(parts: list[tuple[JsonPath, Any]]) -> list[tuple[JsonPath, Any]]:
    """Return parts with each list replaced by its items, in order; empty parts are left out."""
    pending, flat = list(reversed(parts)), []
    while pending:
        path, part = pending.pop()
        if isinstance(part, list):
            pending += reversed(child_parts(path, part))
        elif part is not None:
            flat.append((path, part))
    return flat


def _single_values(node: Mapping[str, Any]) -> Iterator[tuple[JsonPath, str]]:
    """Yield each single value as text, except blank ones."""
    pending: list[tuple[JsonPath, Any]] = [((), dict(node))]
    while pending:
        path, part = pending.pop()
        if isinstance(part, dict | list):
            pending += reversed(child_parts(path, part))
        elif part is not None and (text := _as_text(part)).strip():
            yield path, text


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else {True: "true", False: "false"}[bool(value)]
