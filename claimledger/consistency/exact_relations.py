"""Relations between exact figures that the words of one sentence state without a mark of their own.

A doubling beside its two values, a share of money with its part, two groups that make up a whole, a difference of
percentage points, and a length in two units. Each needs words that leave no other meaning; without them nothing is
computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from claimledger.agreement.figure_meaning import COUNT
from claimledger.agreement.word_lists import NUMBERS
from claimledger.consistency.relation_words import (
    EXHAUSTIVE_PAIRS, GAP_WORDS, OTHER_TIMES, PART_IS_SHARE, PAIRS, SHARE_IS_PART, SHARE_OF, WORDED_MULTIPLE,
)  # fmt: skip
from claimledger.consistency.sentence_figures import PrintedFigure, format_number
from claimledger.messages import Value

_HUNDRED = Decimal(100)
_MARGIN = Decimal("0.03")
"""The share by which a rounded conversion may differ."""
_ROUGHLY = Decimal("0.15")
"""The share by which a multiple with "about" or "nearly" may differ."""
_PHYSICAL = frozenset(("length", "area", "mass", "volume", "power", "energy", "storage"))
_POINTS = frozenset(("percentage_point", "point"))


def converted_units(figures: Sequence[PrintedFigure]) -> Iterator[tuple[PrintedFigure, Mapping[str, Value]]]:
    """Yield each figure in parentheses that is not the figure before it in another unit."""
    for before, figure in pairwise(figures):
        is_pair = figure.is_conversion and figure.dimension == before.dimension and figure.unit != before.unit
        if not is_pair or before.is_conversion or before.dimension not in _PHYSICAL or not before.amount:
            continue
        slack = (figure.step + before.step) / 2 + abs(before.amount) * _MARGIN
        if abs(figure.amount - before.amount) > slack:
            size = figure.amount / figure.raw if figure.raw else Decimal(1)
            yield figure, {
                "first": before.text, "converted": format_number(before.amount / size),
                "unit": figure.unit.replace("_", " "), "printed": figure.text,
            }  # fmt: skip


# Multiples in words


def worded_multiple(text: str, first: PrintedFigure, second: PrintedFigure) -> tuple[str, Decimal] | None:
    """Return the word for a multiple that two values do not have, with the multiple: doubled, 절반으로."""
    found = WORDED_MULTIPLE.search(text)
    if not found or not first.amount or not second.amount:
        return None
    word = found["word"].lower()
    number, unit = NUMBERS[word]
    if unit not in ("times", "ratio"):
        return None
    actual = second.amount / first.amount
    if found["more"]:
        return None if actual >= number * (1 - _MARGIN) else (found[0], number)
    allowed = (_ROUGHLY if found["about"] else Decimal("0.1")) * number
    return None if abs(actual - number) <= allowed else (found[0], number)


# Shares of money


def money_share(
    text: str, figures: Sequence[PrintedFigure]
) -> tuple[PrintedFigure, PrintedFigure, PrintedFigure] | None:
    """Return the part, the whole and the percentage that the words tie together; None if they may mean another."""
    money = [one for one in figures if one.is_money]
    shares = [one for one in figures if one.dimension == "share" and one.unit in ("percent", "ratio")]
    if len(money) != 2 or len(shares) != 1 or money[0].unit != money[1].unit or shares[0].direction:  # noqa: PLR2004
        return None
    share, (first, second) = shares[0], money
    between = text[first.end : share.start], text[share.end : first.start], text[share.end : second.start]
    if first.start < share.start < second.start:  # 1200억원의 60%인 720억원
        is_tied = SHARE_OF.fullmatch(between[0]) and SHARE_IS_PART.fullmatch(between[2])
        return (second, first, share) if is_tied else None
    if share.start < first.start:  # 40% of the 5 million, or 2 million
        is_tied = SHARE_OF.fullmatch(between[1]) and SHARE_IS_PART.fullmatch(text[first.end : second.start])
        return (second, first, share) if is_tied else None
    whole, part = (first, second) if first.amount > second.amount else (second, first)
    is_tied = PART_IS_SHARE.fullmatch(text[max(first.end, second.end) : share.start])
    return (part, whole, share) if is_tied else None


# Two groups of a whole


def group_sum(text: str, figures: Sequence[PrintedFigure]) -> tuple[PrintedFigure, Sequence[PrintedFigure]] | None:
    """Return a whole and its two groups, if the groups cannot make up the whole: men and women, for and against."""
    counts = [one for one in figures if one.is_count and not one.direction and one.unit != "ordinal"]
    if len(counts) != 3 or OTHER_TIMES.search(text) or any(one.comparator for one in counts):  # noqa: PLR2004
        return None
    whole = max(counts, key=lambda one: one.amount)
    parts = [one for one in counts if one is not whole]
    kinds = {one.dimension for one in counts if ":" in one.dimension}
    if len(kinds) > 1 or whole.step > 1:
        return None
    total = sum((one.amount for one in parts), Decimal(0))
    if any(one.search(text) and other.search(text) for one, other in EXHAUSTIVE_PAIRS):
        return (whole, parts) if total != whole.amount else None
    if "등" not in text and any(one.search(text) and other.search(text) for one, other in PAIRS):
        return (whole, parts) if total > whole.amount else None
    return None


_LIST = re.compile(
    r"\s*[(:]|, (?=[0-9]+ from [^,.]+ and [0-9]+ from )"
    r"|(?: [a-z]+){0,3},? (?:(?:was|were|is|are|which is) )?"
    r"(?:made up of|comprising|consist(?:s|ed|ing) of|composed of) "
)
_LIST_KO = re.compile(
    r"(?:[가-힣]+ )?[0-9,]+[가-힣]{1,2}, [^.]*[0-9]+[가-힣]{1,2}(?:으로|로) ?(?:모두 |총 )?[가-힣]+ ?$"
)
"""A list of parts with its sum after it: 금 6개, 은 9개로 메달 15개."""
_MOST, _LEAST = Decimal("1.4"), Decimal("0.6")
_SHORTEST_SUM = 3


def _sum_after_list(text: str, counts: Sequence[PrintedFigure]) -> tuple[PrintedFigure, Sequence[PrintedFigure]] | None:
    """Return the sum of a Korean list and its parts, if they do not add up."""
    if len(counts) < _SHORTEST_SUM or "등" in text or OTHER_TIMES.search(text):
        return None
    *parts, whole = counts
    is_plain = all(one.unit == whole.unit and one.is_exact and not one.direction for one in counts)
    total = sum((part.amount for part in parts), Decimal(0))
    is_near = whole.amount * _LEAST <= total <= whole.amount * _MOST
    is_list = is_plain and is_near and total != whole.amount and _LIST_KO.search(text[: whole.start])
    return (whole, parts) if is_list else None


def listed_sum(text: str, figures: Sequence[PrintedFigure]) -> tuple[PrintedFigure, Sequence[PrintedFigure]] | None:
    """Return a whole and the list of its parts in parentheses or after a colon, if they do not add up."""
    counts = [one for one in figures if one.is_count and one.unit != "ordinal"]
    if found := _sum_after_list(text, counts):
        return found
    for whole in counts:
        opening = _LIST.match(text, whole.end)
        if not whole.dimension and opening and not opening[0].endswith(" of "):
            continue
        if not opening:
            continue
        end = text.find(")", whole.end) if "(" in opening[0] else len(text)
        parts = [one for one in figures if one.is_count and whole.end < one.start < end and one.unit != "ordinal"]
        if any(one.dimension not in ("", COUNT, whole.dimension) for one in parts):
            continue
        inside = text[whole.end : end]
        is_plain = (
            "등" not in inside
            and not OTHER_TIMES.search(inside)
            and not any(one.comparator or one.direction for one in (whole, *parts))
        )
        total = sum((one.amount for one in parts), Decimal(0))
        is_list = len(parts) > 1 and is_plain and whole.step <= 1 and total != whole.amount
        if is_list and whole.amount * _LEAST <= total <= whole.amount * _MOST:
            return whole, parts
    return None


# Percentage points


def points_gap(
    text: str, figures: Sequence[PrintedFigure]
) -> tuple[PrintedFigure, PrintedFigure, PrintedFigure] | None:
    """Return two percentages and a number of points that is not their difference, if the words compare the two."""
    points = [one for one in figures if one.unit in _POINTS]
    shares = [one for one in figures if one.unit == "percent"]
    if len(points) != 1 or len(shares) != 2 or len(figures) != 3 or OTHER_TIMES.search(text):  # noqa: PLR2004
        return None
    if not GAP_WORDS.search(text) or points[0].comparator or any(one.comparator for one in shares):
        return None
    gap = abs(shares[0].amount - shares[1].amount)
    slack = (shares[0].step + shares[1].step + points[0].step) / 2
    wrong = abs(gap - points[0].raw) > slack
    return (shares[0], shares[1], points[0]) if wrong else None
