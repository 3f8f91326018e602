"""Give bare numbers of a list the unit that is printed only once: 3, 5 and 7 percent; 8, 9살; from 208 pounds to 193.

Drafts are read in order and changed in place. This module does not know how drafts are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from claimledger.quantities.figure import FigureRole
from claimledger.quantities.measuring import FigureDraft

_CONJUNCTION = re.compile(r",? (?:and|or|&) |-,? (?:and|or) ")
_COMMA = re.compile(", |-, ")
_KOREAN_LINK = re.compile("[·,] ?")
_TO = re.compile(r"(?: [a-z]+)? to (?:about |around |just |nearly |over |under |only |roughly )?")
_FROM = re.compile(r"\bfrom (?:about |around |just |nearly |over |under |only |roughly )?\W?$", re.IGNORECASE)
_HANGUL = re.compile("[가-힣]")
_WIDEST, _NEXT = 100, 5
"""The greatest quotient of two numbers of one list, and the greatest step of a Korean list."""


def share_units(text: str, drafts: Sequence[FigureDraft]) -> None:
    """Copy units along lists, from the last number backwards, and within "from … to …" to the second number."""
    is_listed, following = False, drafts[-1]
    for draft in drafts[-2::-1]:
        if draft.is_bare or following.is_bare:
            is_listed = draft.is_bare and _is_listed(text, draft, following, is_listed=is_listed)
            if is_listed:
                _copy_unit(draft, following)
            elif following.is_bare and _is_change(text, draft, following):
                _copy_unit(following, draft)
        else:
            is_listed = False
        following = draft


def _copy_unit(draft: FigureDraft, source: FigureDraft) -> None:
    draft.unit, draft.currency, draft.role, draft.is_measure = (
        source.unit,
        source.currency,
        source.role,
        source.is_measure,
    )
    draft.is_bare = False


def _is_listed(text: str, draft: FigureDraft, following: FigureDraft, *, is_listed: bool) -> bool:
    """Return whether a bare number shares the unit of the following one; a comma needs "and" later in the list."""
    if not _is_bare(draft) or following.is_bare or following.amount is None or following.unit is None:
        return False
    between = text[draft.end : following.start]
    if _HANGUL.match(text, following.end - 1):
        return bool(_KOREAN_LINK.fullmatch(between)) and _is_next(draft, following)
    if not (_CONJUNCTION.fullmatch(between) or (is_listed and _COMMA.fullmatch(between))):
        return False
    return _are_alike(draft, following)


def _is_bare(draft: FigureDraft) -> bool:
    return draft.is_bare and draft.role is FigureRole.QUANTITY and draft.amount is not None and draft.unit is None


def _is_next(draft: FigureDraft, following: FigureDraft) -> bool:
    """Return whether two numbers of a Korean list follow each other closely: 1·4호선, 8, 9살."""
    return draft.amount is not None and following.amount is not None and 0 < following.amount - draft.amount <= _NEXT


def _are_alike(draft: FigureDraft, following: FigureDraft) -> bool:
    """Return whether two numbers are of one order of size, as those of a list are."""
    one, other = abs(draft.amount or Decimal(0)), abs(following.amount or Decimal(0))
    return bool(one and other) and max(one, other) <= _WIDEST * min(one, other)


def _is_change(text: str, draft: FigureDraft, following: FigureDraft) -> bool:
    """Return whether the bare second number of "from 208 pounds to 193" has the unit of the first."""
    if not _is_bare(following) or not (draft.is_measure or draft.currency) or draft.amount is None:
        return False
    if not _TO.fullmatch(text, draft.end, following.start) or not _are_alike(draft, following):
        return False
    return bool(_FROM.search(text, max(0, draft.start - 20), draft.start))
