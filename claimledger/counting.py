"""Numbers with what is counted, and items by their number: English has a form for one and one for all others.

In: a number and its forms, or a list's name and an index. Out: the form that goes with it; a path as people count.
Nothing else of the language is known here.
"""

from __future__ import annotations

from collections.abc import Sequence


def form_for(count: int, forms: Sequence[str]) -> str:
    """Return the form that goes with a number: the first for one, the last for any other.

    >>> [form_for(number, ("finding", "findings")) for number in (0, 1, 2)], form_for(2, ("지적",))
    (['findings', 'finding', 'findings'], '지적')
    """
    return forms[0] if count == 1 else forms[-1]


def item(field: str, index: int) -> str:
    """Return the path of an item of a list; `index` counts from 0, and people from 1.

    >>> item("quantities", 0)
    'quantities.1'
    """
    return f"{field}.{index + 1}"


def counted(count: int, one: str, many: str) -> str:
    """Return a number with what is counted.

    >>> counted(1_203, "file", "files")
    '1,203 files'
    """
    return f"{count:,} {form_for(count, (one, many))}"
