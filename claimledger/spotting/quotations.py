"""Find quotations in any language by pairing quotation marks.

Quotations include their marks, come in order, and are never nested. One pass over the marks takes linear time. A mark
without a partner opens nothing, so a forgotten mark affects only itself. This module does not know what a quotation
means.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST_QUOTATION = 2000
"""The greatest length of a quotation, in code points."""

_MARK = re.compile("[“”‘’\"'「」『』]")
_CLOSES = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "'": "'"}
_OPENS = {partner: mark for mark, partner in _CLOSES.items()}
_DOUBLE = frozenset('“"')
_STRAIGHT = frozenset("\"'")


class Quotation(NamedTuple):
    """A passage between quotation marks."""

    start: int
    """The position of the opening mark."""
    end: int
    """The position after the closing mark."""
    is_double: bool
    """True if the marks are double, as for speech; single ones often only mark a term."""


def find_quotations(text: str, start: int = 0, end: int | None = None) -> list[Quotation]:
    """Return the quotations of a range in order, without those inside another one.

    >>> find_quotations("그는 “‘새 길’이다”라고 했다")
    [Quotation(start=3, end=12, is_double=True)]
    >>> find_quotations("열린 “인용과 “닫힌 인용”")
    [Quotation(start=8, end=15, is_double=True)]
    """
    found: list[Quotation] = []
    opened: dict[str, int] = {}
    for mark in _MARK.finditer(text, start, len(text) if end is None else end):
        at, sign = mark.start(), mark[0]
        if sign in _STRAIGHT:
            is_closing = sign in opened and _may_close(text, at)
            if not is_closing and not _may_open(text, at):
                continue
        else:
            is_closing = sign not in _CLOSES
        if not is_closing:
            opened[sign] = at
            continue
        opener = _opening_mark(sign, opened)
        began = opened.pop(opener, None)
        if began is not None and at - began <= LONGEST_QUOTATION:
            _add(found, Quotation(began, at + 1, opener in _DOUBLE))
    return found


def _opening_mark(sign: str, opened: dict[str, int]) -> str:
    """Return the opening mark for a closing one; a curly mark may close a straight one."""
    if sign in _STRAIGHT:
        return sign
    own = _OPENS[sign]
    return '"' if sign == "”" and own not in opened else own


def _add(found: list[Quotation], quotation: Quotation) -> None:
    """Add a quotation and remove those inside it; skip it if it overlaps another one."""
    while found and found[-1].start > quotation.start:
        found.pop()
    if not found or found[-1].end <= quotation.start:
        found.append(quotation)


def _may_open(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isalnum() and bool(after) and not after.isspace()


def _may_close(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isspace() and not (after.isascii() and after.isalnum())
