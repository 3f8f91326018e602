"""Describe the result of a computation with the figures of a sentence, and the values that rounded numbers can have."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from claimledger.consistency.sentence_figures import PrintedFigure
from claimledger.messages import Value

_HUNDRED = Decimal(100)
_SEARCH_LENGTH = 32
"""The number of code points before a figure that are searched for connecting words."""
ValueRange = tuple[Decimal, Decimal]
"""The smallest and the largest value that a number can have."""


class ComputedResult(NamedTuple):
    """The result of one computation."""

    code: str
    figure: PrintedFigure
    """The figure that the result is about."""
    said: dict[str, Value]
    """The values for the finding's two sentences."""


def overlap(one: ValueRange, other: ValueRange) -> bool:
    """Return whether two ranges have a value in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def ratio_range(part: ValueRange, whole: ValueRange) -> ValueRange:
    """Return the ratios that two numbers can have; the second is above 0."""
    return part[0] / whole[1], part[1] / whole[0]


def percentage_range(part: ValueRange, whole: ValueRange) -> ValueRange:
    """Return the percentages that one number can be of another; the second is above 0."""
    low, high = ratio_range(part, whole)
    return low * _HUNDRED, high * _HUNDRED


def is_marked(text: str, figure: PrintedFigure, before: re.Pattern[str], after: re.Pattern[str]) -> bool:
    """Return whether a figure has a connecting word directly before or after it."""
    return bool(before.search(text_before(text, figure)) or after.match(text, figure.end))


def text_before(text: str, figure: PrintedFigure) -> str:
    """Return the text directly before a figure."""
    return text[max(0, figure.start - _SEARCH_LENGTH) : figure.start]
