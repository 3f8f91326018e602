"""Format numbers with the noun they count, and paths of list items.

English has one form for one and another for all other numbers. This module knows nothing else of a language.
"""

from __future__ import annotations

from collections.abc import Sequence


def plural_form(count: int, forms: Sequence[str]) -> str:
    """Return the noun form for a number: the first form for one, the last for any other.

    >>> [plural_form(number, ("finding", "findings")) for number in (0, 1, 2)], plural_form(2, ("지적",))
    (['findings', 'finding', 'findings'], '지적')
    """
    return forms[0] if count == 1 else forms[-1]


def item_path(field: str, index: int) -> str:
    """Return the path of a list item; `index` counts from 0, the path from 1.

    >>> item_path("quantities", 0)
    'quantities.1'
    """
    return f"{field}.{index + 1}"


def format_count(count: int, one: str, many: str) -> str:
    """Return a number and the noun it counts.

    >>> format_count(1_203, "file", "files")
    '1,203 files'
    """
    return f"{count:,} {plural_form(count, (one, many))}"
