"""A quantity against its own printed text, and against the passages that are meant to print it.

In: a quantity of the record, as `Said`, and passages. Out: problems. The invariant: a fragment is found in a passage
at word borders alone (40 is not in 140), white space aside; an ellipsis in it stands for anything. It must not know
statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from claimledger.agreement.figure_comparison import is_other_side, is_same, slip
from claimledger.agreement.figure_meaning import MONEY, Said, read, read_short, read_words
from claimledger.agreement.statements import shown
from claimledger.counting import item
from claimledger.errors import Problem
from claimledger.messages import NOTHING, Label
from claimledger.quantities.bounds import read_bounds

_DIFFERENCES = frozenset(("share", "points"))
"""Dimensions in which "up" beside a number says a difference."""
_SPACE = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"…|\.\.\.|\[[^\]]*\]")


def problems_of(index: int, meant: Said, passages: Sequence[str], read_already: Sequence[Said]) -> Iterator[Problem]:
    """Yield what is wrong with one quantity; figures read already spare reading its text where they print the same."""
    path = item("quantities", index)
    own = _own(meant, read_already)
    if own:
        yield from _against_own_text(own, meant, path)
    if passages:
        yield from _against_passages(meant, own, passages, path)


def _own(meant: Said, read_already: Sequence[Said]) -> Said | None:
    """Return the figure of the printed text that is most like the quantity."""
    for figure in read_already:
        if figure.text == meant.text and figure.direction is None:
            return figure._replace(start=0, core_start=figure.core_start - figure.start,
                                   core_end=figure.core_end - figure.start)  # fmt: skip
    said = read_short(meant.text).said
    same = [figure for figure in said if is_same(figure, meant)]
    if same:
        return min(same, key=lambda figure: figure.comparator is not meant.comparator)
    if any(is_same(word, meant) for word in read_words(meant.text)):
        return None
    return said[0] if len(said) == 1 else None


def _against_own_text(own: Said, meant: Said, path: str) -> Iterator[Problem]:
    if not is_same(own, meant):
        if slip(own, meant) or own.raw is None or meant.raw is None:
            yield Problem("figure-text-differs", field=path, printed=shown(own), fields=_fields(meant))
        return
    is_bare = own.text == meant.text and own.comparator is None
    if own.comparator != meant.comparator and (own.comparator is not None or is_bare):
        yield Problem(
            "comparator-differs", field=f"{path}.comparator", text=meant.text,
            read=own.comparator or _NO_QUALIFIER, given=meant.comparator or _NO_QUALIFIER,
        )  # fmt: skip
    if own.direction is not None and own.direction is not meant.direction:
        yield Problem(
            "direction-differs", field=f"{path}.direction", text=meant.text, read=own.direction,
            given=meant.direction or NOTHING,
        )  # fmt: skip


def _fields(meant: Said) -> str:
    number = f"{meant.raw:,f}" if meant.raw is not None else f"{meant.low} to {meant.high}"
    return f"{number} {meant.unit}".strip()


_NO_QUALIFIER = Label("no qualifier", "범위 표현 없음")


def _against_passages(meant: Said, own: Said | None, passages: Sequence[str], path: str) -> Iterator[Problem]:
    for passage in passages:
        if (start := place_of(meant.text, passage)) is not None:
            if start >= 0 and own and not _is_told(own, meant) and is_same(own, meant):
                yield from _in_context(meant, own, passage, start, path)
            return
    figures = [said for passage in passages for said in read_passage(passage)]
    if any(is_same(said, meant) for said in figures):
        yield Problem("quantity-not-in-passage/number-there", field=f"{path}.text", text=meant.text)
    elif near := [said for said in figures if slip(said, meant)]:
        yield Problem("passage-figure-differs", field=path, meant=shown(meant), printed=shown(near[0]))
    else:
        yield Problem("quantity-not-in-passage", field=f"{path}.text", text=meant.text)


def _is_told(own: Said, meant: Said) -> bool:
    """Whether the fragment says all that is recorded, so that the words around it can add nothing."""
    return meant.comparator is not None and (meant.direction is None or own.direction is meant.direction)


def place_of(fragment: str, passage: str) -> int | None:
    """Return where a fragment stands in a passage, -1 when it does in other spacing or in parts, none when nowhere.

    >>> place_of("40 people", "About 40 people"), place_of("40 people", "140 people"), place_of("4만 명", "4만명이")
    (6, None, -1)
    """
    start = passage.find(fragment)
    while start >= 0:
        if _is_whole(passage, start, start + len(fragment)):
            return start
        start = passage.find(fragment, start + 1)
    plain = _SPACE.sub("", passage)
    parts = [_SPACE.sub("", part) for part in _ELLIPSIS.split(fragment)]
    end = 0
    for part in filter(None, parts):
        start = plain.find(part, end)
        while start >= 0 and not _is_whole(plain, start, start + len(part)):
            start = plain.find(part, start + 1)
        if start < 0:
            return None
        end = start + len(part)
    return -1


def has_digits(amount: Decimal | None, passage: str) -> bool:
    """Whether a passage prints these very digits, be it in a name: 7 in G7.

    >>> has_digits(Decimal(7), "the G7"), has_digits(Decimal(7), "17"), has_digits(Decimal(1200), "1,200")
    (True, False, True)
    """
    if amount is None:
        return False
    digits = {f"{amount:f}", f"{amount:,f}"}
    return any(re.search(rf"(?<![0-9])(?<![0-9][.,]){re.escape(way)}(?![0-9]|[.,][0-9])", passage) for way in digits)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the digits at either end of a span are not part of a longer number."""
    if start and text[start].isdigit() and (text[start - 1].isdigit() or _joins(text[start - 2 : start])):
        return False
    return not (text[end - 1].isdigit() and (text[end : end + 1].isdigit() or _joins(text[end : end + 2][::-1])))


def _joins(pair: str) -> bool:
    """Whether a digit and a point or comma, in the order away from the number, carry the number on."""
    return len(pair) == len("1,") and pair[0].isdigit() and pair[1] in ".,"


def _in_context(meant: Said, own: Said, passage: str, start: int, path: str) -> Iterator[Problem]:
    """Yield what bounds the figure in the passage and is left out of the record."""
    first, last = start + own.core_start, start + own.core_end
    is_rate = own.dimension in _DIFFERENCES or own.dimension.startswith(MONEY)
    bounds = read_bounds(passage, first, last, 0, None, is_rate=is_rate)
    printed = passage[bounds.start : bounds.end]
    if meant.comparator is None and bounds.comparator is not None:
        yield Problem(
            "comparator-differs/passage", field=f"{path}.comparator", printed=printed, comparator=bounds.comparator
        )
    if is_other_side(bounds.direction, meant.direction) and not is_other_side(own.direction, meant.direction):
        yield Problem(
            "direction-differs/passage", field=f"{path}.direction", printed=printed,
            read=bounds.direction or NOTHING, given=meant.direction or NOTHING,
        )  # fmt: skip


@lru_cache(maxsize=256)
def read_passage(passage: str) -> Sequence[Said]:
    """Return the figures of a passage and the numbers it says in words."""
    return (*read(passage).said, *read_words(passage))
