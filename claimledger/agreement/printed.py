"""Compares a quantity with its own printed text, and with the passages that should print it.

A fragment is found in a passage only at word borders (40 is not in 140). White space is ignored, and an ellipsis in the
fragment matches anything. Statements are checked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from claimledger.agreement.agreement_codes import problem
from claimledger.agreement.figure_comparison import is_other_side, is_same, slip
from claimledger.agreement.figure_meaning import MONEY, Said, read, read_short, read_words
from claimledger.agreement.statements import shown
from claimledger.counting import item
from claimledger.errors import Problem
from claimledger.quantities.bounds import read_bounds

_DIFFERENCES = frozenset(("share", "points"))
"""The dimensions in which "up" next to a number means a difference."""
_SPACE = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"…|\.\.\.|\[[^\]]*\]")


def problems_of(index: int, quantity: Said, passages: Sequence[str], read_already: Sequence[Said]) -> Iterator[Problem]:
    """Yield the problems of one quantity; a figure in `read_already` with the same text is not read again."""
    path = item("quantities", index)
    own = _figure_in_text(quantity, read_already)
    if own:
        yield from _own_text_problems(own, quantity, path)
    if passages:
        yield from _passage_problems(quantity, own, passages, path)


def _figure_in_text(quantity: Said, read_already: Sequence[Said]) -> Said | None:
    """Return the figure of the printed text that is most similar to the quantity."""
    for figure in read_already:
        if figure.text == quantity.text and figure.direction is None:
            return figure._replace(start=0, core_start=figure.core_start - figure.start,
                                   core_end=figure.core_end - figure.start)  # fmt: skip
    figures = read_short(quantity.text).said
    same = [figure for figure in figures if is_same(figure, quantity)]
    if same:
        return min(same, key=lambda figure: figure.comparator is not quantity.comparator)
    if any(is_same(word, quantity) for word in read_words(quantity.text)):
        return None
    return figures[0] if len(figures) == 1 else None


def _own_text_problems(own: Said, quantity: Said, path: str) -> Iterator[Problem]:
    if not is_same(own, quantity):
        if slip(own, quantity) or own.raw is None or quantity.raw is None:
            sentence = f"The text says {shown(own)}, the fields '{_describe_fields(quantity)}'."
            yield problem("figure-text-differs", sentence, path)
        return
    is_bare = own.text == quantity.text and own.comparator is None
    if own.comparator != quantity.comparator and (own.comparator is not None or is_bare):
        in_text, in_field = _describe_comparator(own.comparator), _describe_comparator(quantity.comparator)
        sentence = f"The text '{quantity.text}' reads as {in_text}, the field as {in_field}."
        yield problem("comparator-differs", sentence, f"{path}.comparator")
    if own.direction is not None and own.direction is not quantity.direction:
        in_field = quantity.direction or "neither"
        sentence = f"The text '{quantity.text}' reads as '{own.direction}', the field as '{in_field}'."
        yield problem("direction-differs", sentence, f"{path}.direction")


def _describe_fields(quantity: Said) -> str:
    number = f"{quantity.raw:,f}" if quantity.raw is not None else f"{quantity.low} to {quantity.high}"
    return f"{number} {quantity.unit}".strip()


def _describe_comparator(comparator: object) -> str:
    return f"'{comparator}'" if comparator else "no bound"


def _passage_problems(quantity: Said, own: Said | None, passages: Sequence[str], path: str) -> Iterator[Problem]:
    for passage in passages:
        if (start := place_of(quantity.text, passage)) is not None:
            if start >= 0 and own and not _has_all_qualifiers(own, quantity) and is_same(own, quantity):
                yield from _context_problems(quantity, own, passage, start, path)
            return
    figures = [figure for passage in passages for figure in read_passage(passage)]
    if any(is_same(figure, quantity) for figure in figures):
        sentence = f"'{quantity.text}' stands in no passage, though its number does."
        yield problem("quantity-not-in-passage", sentence, f"{path}.text")
    elif near := [figure for figure in figures if slip(figure, quantity)]:
        sentence = f"The quantity is {shown(quantity)}, and the passage prints {shown(near[0])}."
        yield problem("passage-figure-differs", sentence, path)
    else:
        yield problem("quantity-not-in-passage", f"'{quantity.text}' stands in no passage.", f"{path}.text")


def _has_all_qualifiers(own: Said, quantity: Said) -> bool:
    """Return whether the fragment already has every recorded qualifier, so that the words around it add nothing."""
    return quantity.comparator is not None and (quantity.direction is None or own.direction is quantity.direction)


def place_of(fragment: str, passage: str) -> int | None:
    """Return the position of a fragment in a passage.

    The position is -1 if the fragment appears with other spacing or in parts, and None if it does not appear.

    >>> place_of("40 people", "About 40 people"), place_of("40 people", "140 people"), place_of("4만 명", "4만명이")
    (6, None, -1)
    """
    start = passage.find(fragment)
    while start >= 0:
        if _has_number_borders(passage, start, start + len(fragment)):
            return start
        start = passage.find(fragment, start + 1)
    plain = _SPACE.sub("", passage)
    parts = [_SPACE.sub("", part) for part in _ELLIPSIS.split(fragment)]
    end = 0
    for part in filter(None, parts):
        start = plain.find(part, end)
        while start >= 0 and not _has_number_borders(plain, start, start + len(part)):
            start = plain.find(part, start + 1)
        if start < 0:
            return None
        end = start + len(part)
    return -1


def has_digits(amount: Decimal | None, passage: str) -> bool:
    """Return whether a passage prints these very digits, even in a name: 7 in G7.

    >>> has_digits(Decimal(7), "the G7"), has_digits(Decimal(7), "17"), has_digits(Decimal(1200), "1,200")
    (True, False, True)
    """
    if amount is None:
        return False
    digits = {f"{amount:f}", f"{amount:,f}"}
    return any(re.search(rf"(?<![0-9])(?<![0-9][.,]){re.escape(form)}(?![0-9]|[.,][0-9])", passage) for form in digits)


def _has_number_borders(text: str, start: int, end: int) -> bool:
    """Return whether the digits at either end of a span are not part of a longer number."""
    if start and text[start].isdigit() and (text[start - 1].isdigit() or _continues_number(text[start - 2 : start])):
        return False
    return not (
        text[end - 1].isdigit() and (text[end : end + 1].isdigit() or _continues_number(text[end : end + 2][::-1]))
    )


def _continues_number(pair: str) -> bool:
    """Return whether a digit and a point or comma, in the order away from the number, continue the number."""
    return len(pair) == len("1,") and pair[0].isdigit() and pair[1] in ".,"


def _context_problems(quantity: Said, own: Said, passage: str, start: int, path: str) -> Iterator[Problem]:
    """Yield qualifiers and directions that the passage gives to the figure and the record leaves out."""
    first, last = start + own.core_start, start + own.core_end
    is_rate = own.dimension in _DIFFERENCES or own.dimension.startswith(MONEY)
    bounds = read_bounds(passage, first, last, 0, None, is_rate=is_rate)
    printed = passage[bounds.start : bounds.end]
    if quantity.comparator is None and bounds.comparator is not None:
        sentence = f"The passage prints '{printed}', '{bounds.comparator.label_en}'; the quantity has no bound."
        yield problem("comparator-differs", sentence, f"{path}.comparator")
    if is_other_side(bounds.direction, quantity.direction) and not is_other_side(own.direction, quantity.direction):
        sentence = f"The passage prints '{printed}', '{bounds.direction}'; the quantity has '{quantity.direction}'."
        yield problem("direction-differs", sentence, f"{path}.direction")


@lru_cache(maxsize=256)
def read_passage(passage: str) -> Sequence[Said]:
    """Return the figures of a passage and the numbers that it gives in words."""
    return (*read(passage).said, *read_words(passage))
