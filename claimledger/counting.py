"""Numbers with what is counted: English has a form for one and a form for all others, Korean has one form.

In: a number and its forms. Out: the form that goes with it. Nothing else of the language is known here.
"""

from __future__ import annotations

from collections.abc import Sequence


def form_for(count: int, forms: Sequence[str]) -> str:
    """Return the form that goes with a number: the first for one, the last for any other.

    >>> [form_for(number, ("finding", "findings")) for number in (0, 1, 2)], form_for(2, ("지적",))
    (['findings', 'finding', 'findings'], '지적')
    """
    return forms[0] if count == 1 else forms[-1]


def counted(count: int, one: str, many: str) -> str:
    """Return a number with what is counted.

    >>> counted(1_203, "file", "files")
    '1,203 files'
    """
    return f"{count:,} {form_for(count, (one, many))}"
