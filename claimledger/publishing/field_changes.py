"""Compare two versions of a record and list the fields that changed, in a form that people can read.

The versions are JSON values. Reordering list items that have a name (see `_NAMING_FIELDS`) is not a change. The module
knows no particular record type; it knows only which fields name the items of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    removed = {name: value for name, value in before.items() if name not in after or not _is_same(value, after[name])}
    added = {name: value for name, value in after.items() if name not in before or name in removed}
    was: dict[str, str] = {}
    says: dict[str, str] = {}
    _add_leaves(was, "", removed)
    _add_leaves(says, "", added)
    fields = dict.fromkeys([*was, *says])
    return [
        FieldChange(field, was.get(field), says.get(field)) for field in fields if was.get(field) != says.get(field)
    ]


def _is_same(one: object, other: object) -> bool:
    """Return whether two JSON values are the same, so that their parts need no comparison; 1 and true differ."""
    return one == other and (isinstance(one, str) or msgspec.json.encode(one) == msgspec.json.encode(other))


def _add_leaves(leaves: dict[str, str], path: str, value: object) -> None:
    """Add the text of each part of a JSON value that has no parts itself, by its path."""
    if isinstance(value, str):
        leaves[path] = value
    elif isinstance(value, dict):
        for name, part in value.items():
            _add_leaves(leaves, f"{path}.{name}" if path else name, part)
    elif not isinstance(value, list):
        leaves[path] = msgspec.json.encode(value).decode()
    elif {*map(type, value)} <= {str}:
        leaves[path] = ", ".join(value)
    else:
        for name, part in _name_items(value):
            _add_leaves(leaves, f"{path}.{name}" if path else name, part)


def _name_items(items: Sequence[Any]) -> Iterable[tuple[str, object]]:
    """Return the items of a list with their names. A field that is used as the name is left out of its item."""
    for field in _NAMING_FIELDS:
        named = {item[field]: item for item in items if isinstance(item, dict) and field in item}
        if len(named) == len(items):
            return [(name, {key: item[key] for key in item if key != field}) for name, item in named.items()]
    return [(str(position), item) for position, item in enumerate(items, start=1)]
