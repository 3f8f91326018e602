"""Format numbers with the noun they count, and paths of list items.

English has one form for one and another for all other numbers. This module knows nothing else of a language.
"""

from __future__ import annotations

from collections.abc import Sequence


def form_for(count: int, forms: Sequence[str]) -> str:
    """Return the noun form for a number: the first form for one, the last for any other.

    >>> [form_for(number, ("finding", "findings")) for number in (0, 1, 2)], form_for(2, ("지적",))
    (['findings', 'finding', 'findings'], '지적')
    """
    return forms[0] if count == 1 else forms[-1]


def item(field: str, index: int) -> str:
    """Return the path of a list item; `index` counts from 0, the path from 1.

    >>> item("quantities", 0)
    'quantities.1'
    """
    return f"{field}.{index + 1}"


def counted(count: int, one: str, many: str) -> str:
    """Return a number and the noun it counts.

    >>> counted(1_203, "file", "files")
    '1,203 files'
    """
    return f"{count:,} {form_for(count, (one, many))}"
