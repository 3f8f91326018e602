"""Compares a quantity with its own printed text, and with the passages that should print it.

A fragment is found in a passage only at word borders (40 is not in 140). White space is ignored, and an ellipsis in the
fragment matches anything. Statements are checked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from claimledger.agreement.figure_comparison import is_opposite_direction, is_same_figure, difference_kind
from claimledger.agreement.figure_meaning import (
    COUNT, MONEY, NormalizedFigure, read_figures, read_figures_cached, read_worded_numbers,
)  # fmt: skip
from claimledger.agreement.statements import describe_figure
from claimledger.agreement.time_points import lengths_of_months
from claimledger.counting import item_path
from claimledger.errors import Problem
from claimledger.messages import NOTHING, Label
from claimledger.quantities.bounds import read_bounds

_DIFFERENCES = frozenset(("share", "points"))
"""The dimensions in which "up" next to a number means a difference."""
_SPACE = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"…|\.\.\.|\[[^\]]*\]")


def quantity_problems(
    index: int, quantity: NormalizedFigure, passages: Sequence[str], read_already: Sequence[NormalizedFigure]
) -> Iterator[Problem]:
    """Yield the problems of one quantity; a figure in `read_already` with the same text is not read again."""
    path = item_path("quantities", index)
    own = _figure_in_text(quantity, read_already)
    if own:
        yield from _own_text_problems(own, quantity, path)
    if passages:
        yield from _passage_problems(quantity, own, passages, path)


def _figure_in_text(quantity: NormalizedFigure, read_already: Sequence[NormalizedFigure]) -> NormalizedFigure | None:
    """Return the figure of the printed text that is most similar to the quantity."""
    for figure in read_already:
        if figure.text == quantity.text and figure.direction is None:
            return figure._replace(start=0, core_start=figure.core_start - figure.start,
                                   core_end=figure.core_end - figure.start)  # fmt: skip
    figures = read_figures_cached(quantity.text).said
    same = [figure for figure in figures if is_same_figure(figure, quantity)]
    if same:
        return min(same, key=lambda figure: figure.comparator is not quantity.comparator)
    if any(is_same_figure(word, quantity) for word in read_worded_numbers(quantity.text)):
        return None
    return figures[0] if len(figures) == 1 else None


def _own_text_problems(own: NormalizedFigure, meant: NormalizedFigure, path: str) -> Iterator[Problem]:
    if not is_same_figure(own, meant):
        if difference_kind(own, meant) or own.raw is None or meant.raw is None:
            yield Problem(
                "figure-text-differs", field=path, printed=describe_figure(own), fields=_describe_fields(meant)
            )
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


def _describe_fields(quantity: NormalizedFigure) -> str:
    number = f"{quantity.raw:,f}" if quantity.raw is not None else f"{quantity.low} to {quantity.high}"
    return f"{number} {quantity.unit}".strip()


_NO_QUALIFIER = Label("no qualifier", "범위 표현 없음")


def _passage_problems(
    meant: NormalizedFigure, own: NormalizedFigure | None, passages: Sequence[str], path: str
) -> Iterator[Problem]:
    for passage in passages:
        if (start := find_fragment(meant.text, passage)) is not None:
            if start >= 0 and own and not _has_all_qualifiers(own, meant) and is_same_figure(own, meant):
                yield from _context_problems(meant, own, passage, start, path)
            return
    figures = [said for passage in passages for said in read_passage(passage)]
    if any(is_same_figure(said, meant) for said in figures):
        yield Problem("quantity-not-in-passage/number-there", field=f"{path}.text", text=meant.text)
    elif near := [said for said in figures if difference_kind(said, meant)]:
        yield Problem(
            "passage-figure-differs", field=path, meant=describe_figure(meant), printed=describe_figure(near[0])
        )
    else:
        yield Problem("quantity-not-in-passage", field=f"{path}.text", text=meant.text)


def _has_all_qualifiers(own: NormalizedFigure, quantity: NormalizedFigure) -> bool:
    """Return whether the fragment already has every recorded qualifier, so that the words around it add nothing."""
    return quantity.comparator is not None and (quantity.direction is None or own.direction is quantity.direction)


def find_fragment(fragment: str, passage: str) -> int | None:
    """Return the position of a fragment in a passage.

    The position is -1 if the fragment appears with other spacing or in parts, and None if it does not appear.

    >>> (find_fragment("40 people", "About 40 people"), find_fragment("40 people", "140 people"),
    ...  find_fragment("4만 명", "4만명이"))
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


def _context_problems(
    meant: NormalizedFigure, own: NormalizedFigure, passage: str, start: int, path: str
) -> Iterator[Problem]:
    """Yield qualifiers and directions that the passage gives to the figure and the record leaves out."""
    first, last = start + own.core_start, start + own.core_end
    is_rate = own.dimension in _DIFFERENCES or own.dimension.startswith(MONEY)
    bounds = read_bounds(passage, first, last, 0, None, is_rate=is_rate)
    printed = passage[bounds.start : bounds.end]
    if meant.comparator is None and bounds.comparator is not None:
        yield Problem(
            "comparator-differs/passage", field=f"{path}.comparator", printed=printed, comparator=bounds.comparator
        )
    if is_opposite_direction(bounds.direction, meant.direction) and not is_opposite_direction(
        own.direction, meant.direction
    ):
        yield Problem(
            "direction-differs/passage", field=f"{path}.direction", printed=printed,
            read=bounds.direction or NOTHING, given=meant.direction or NOTHING,
        )  # fmt: skip


@lru_cache(maxsize=256)
def read_passage(passage: str) -> Sequence[NormalizedFigure]:
    """Return the figures of a passage and the numbers that it gives in words."""
    return (*read_figures(passage).said, *read_worded_numbers(passage))


_IN_WORDS: Mapping[int, re.Pattern[str]] = {
    number: re.compile(rf"\b{english}\b|{korean}", re.IGNORECASE)
    for number, (english, korean) in enumerate(
        (
            ("one|single", "하나|한 "), ("two", "두 |둘"), ("three", "세 |셋"), ("four", "네 |넷"), ("five", "다섯"),
            ("six", "여섯"), ("seven", "일곱"), ("eight", "여덟"), ("nine", "아홉"), ("ten", "열 |열이|열을"),
        ),
        1,
    )
}  # fmt: skip
_WHOLE, _HALF = 100, 50
_MAJORITY = re.compile(r"\b(?:majority|minority)\b|과반", re.IGNORECASE)
"""Words for more or less than half."""


def is_in_other_words(figure: NormalizedFigure, passage: str) -> bool:
    """Return whether a passage gives a figure in words: "nine to three", a quarter for three months, 1.4배 for 40%.

    >>> [is_in_other_words(read_figures(text).said[0], "1분기에 1.4배") for text in ("석 달", "40%", "넉 달")]
    [True, True, False]
    """
    if figure.dimension == "months":
        return any(length == figure.low for length in lengths_of_months(passage))
    if figure.dimension == "share" and figure.low is not None:
        return _is_same_growth(figure, passage) or (figure.low == _HALF and _MAJORITY.search(passage) is not None)
    if figure.raw is None or (figure.dimension and not figure.dimension.startswith(COUNT)):
        return False
    words = _IN_WORDS.get(int(figure.raw))
    return bool(words and words.search(passage))


def _is_same_growth(figure: NormalizedFigure, passage: str) -> bool:
    """Return whether a passage gives a growth in percent as a multiple, or a multiple as a growth in percent."""
    others = [other for other in read_passage(passage) if other.dimension == "share" and other.low is not None]
    if figure.unit == "times":
        return any(other.unit == "percent" and figure.low == (other.low or 0) + _WHOLE for other in others)
    return any(other.unit == "times" and other.low == (figure.low or 0) + _WHOLE for other in others)
