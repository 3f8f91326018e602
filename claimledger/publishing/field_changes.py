"""What changed from one version of a record to the next, field by field, as people read it.

In: two versions as JSON values. Out: each field that differs, with what it said and what it says. The invariant: two
versions without a change between them say the same; the order of items that have a name says nothing.
It knows no single record, only by which fields the items of a list are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

_NAMING_FIELDS = ("question", "document_id", "edition_sha256")
"""Fields that name an item of a list, where each item has another value; otherwise its place does, from 1."""


class Change(NamedTuple):
    """A field that differs between two versions."""

    field: str
    """Dotted path, as `statement.en`, `quantities.2.amount`, `verdicts.so.value`."""
    before: str | None
    """What it said; none where it is new."""
    after: str | None
    """What it says; none where it is gone."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the fields that differ, in the order of the record.

    >>> changes({"topics": ["chips"]}, {"topics": ["chips", "export"]})
    [Change(field='topics', before='chips', after='chips, export')]
    """
    was, says = dict(_leaves("", before)), dict(_leaves("", after))
    fields = dict.fromkeys([*was, *says])
    return [Change(field, was.get(field), says.get(field)) for field in fields if was.get(field) != says.get(field)]


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield from _leaves_of(path, value.items())
        case list() if not all(isinstance(item, str) for item in value):
            yield from _leaves_of(path, _named(value))
        case list():
            yield path, ", ".join(value)
        case str():
            yield path, value
        case _:
            yield path, msgspec.json.encode(value).decode()


def _leaves_of(path: str, parts: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, part in parts:
        yield from _leaves(f"{path}.{name}" if path else name, part)


def _named(items: Sequence[Any]) -> Iterable[tuple[str, object]]:
    """Return the items of a list with what tells them apart; a name that stands in the path is not said again."""
    for field in _NAMING_FIELDS:
        named = {item[field]: item for item in items if isinstance(item, dict) and field in item}
        if len(named) == len(items):
            return [(name, {key: item[key] for key in item if key != field}) for name, item in named.items()]
    return [(str(place), item) for place, item in enumerate(items, start=1)]
