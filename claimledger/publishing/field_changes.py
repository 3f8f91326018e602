"""Compare two versions of a record and list the fields that changed, in a form that people can read.

The versions are JSON values. Reordering list items that have a name (see `_NAMING_FIELDS`) is not a change. The module
knows no particular record type; it knows only which fields name the items of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

_NAMING_FIELDS = ("question", "document_id", "edition_sha256")
"""The fields that name a list item, if their values differ for all items. Other items are named by position, from 1."""


class FieldChange(NamedTuple):
    """A field with different values in two versions."""

    field: str
    """The dotted path, for example `statement.en`, `quantities.2.amount` or `verdicts.so.value`."""
    before: str | None
    """The old value, or None if the field is new."""
    after: str | None
    """The new value, or None if the field was removed."""


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return the fields that differ, in the order of the record.

    >>> field_changes({"topics": ["chips"]}, {"topics": ["chips", "export"]})
    [FieldChange(field='topics', before='chips', after='chips, export')]
    """
    was, says = dict(_leaves("", before)), dict(_leaves("", after))
    fields = dict.fromkeys([*was, *says])
    return [
        FieldChange(field, was.get(field), says.get(field)) for field in fields if was.get(field) != says.get(field)
    ]


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield from _nested_leaves(path, value.items())
        case list() if not all(isinstance(item, str) for item in value):
            yield from _nested_leaves(path, _name_items(value))
        case list():
            yield path, ", ".join(value)
        case str():
            yield path, value
        case _:
            yield path, msgspec.json.encode(value).decode()


def _nested_leaves(path: str, parts: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, part in parts:
        yield from _leaves(f"{path}.{name}" if path else name, part)


def _name_items(items: Sequence[Any]) -> Iterable[tuple[str, object]]:
    """Return the items of a list with their names. A field that is used as the name is left out of its item."""
    for field in _NAMING_FIELDS:
        named = {item[field]: item for item in items if isinstance(item, dict) and field in item}
        if len(named) == len(items):
            return [(name, {key: item[key] for key in item if key != field}) for name, item in named.items()]
    return [(str(position), item) for position, item in enumerate(items, start=1)]
