"""The arguments of Datasette's table pages that Datasette cannot read, and answers with a server error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

_THROUGH = ("table", "column", "value")
"""The members of the argument `_through`, which are texts."""


def find_unreadable(query_string: str) -> str | None:
    """Return the name of the first argument that Datasette cannot read; None if it can read all.

    >>> [find_unreadable(one) for one in ("_search=port", "_search_name=port", "_search%25=port", "_searchx=")]
    [None, None, '_search%', '_searchx']
    >>> [find_unreadable(f"_facet={one}") for one in ("topic", "{", "{}", '{"simple":"topic"}')]
    [None, '_facet', '_facet', None]
    >>> [find_unreadable(one) for one in ("id__in=1,2", 'id__in=["1"]', "id__in=[1", "_timelimit=x", "_timelimit=20")]
    [None, None, 'id__in', '_timelimit', None]
    """
    pairs = parse_qsl(query_string, keep_blank_values=True)
    return next((name for name, value in pairs for is_readable in _rules(name) if not is_readable(value)), None)


def _rules(name: str) -> Iterator[Callable[[str], bool]]:
    """Yield the rules for the value of an argument; none if Datasette reads every value."""
    if name.startswith("_search") and name not in {"_search", "_searchmode"}:
        yield lambda _: len(name) > len("_search_") and name.startswith("_search_")
    if name.startswith("_facet") and name != "_facet_size":
        yield lambda value: (name == "_facet" or name.startswith("_facet_")) and _is_facet(value)
    if name.endswith("__in"):
        yield lambda value: not value.startswith("[") or _is_list(_parse(value))
    if name == "_through":
        yield lambda value: _has_texts(_parse(value), _THROUGH)
    if name == "_timelimit":
        yield lambda value: value.isascii() and value.isdecimal() and int(value[:9]) > 0


def _is_facet(value: str) -> bool:
    return not value.startswith("{") or _has_texts(_parse(value), ("simple",))


def _parse(text: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _has_texts(found: object, names: tuple[str, ...]) -> bool:
    return isinstance(found, dict) and all(isinstance(found.get(name), str) for name in names)


def _is_list(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str | int | float) for one in found)
