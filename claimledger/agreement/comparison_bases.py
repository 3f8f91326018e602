"""Read what a rise or a fall is measured from: the same time a year earlier, the quarter before, the month before.

A base is known by its distance, so that "지난해 4분기보다" in a sentence on a first quarter is the quarter before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure
from claimledger.agreement.time_points import TIME_TABLE


class ComparisonBase(NamedTuple):
    """The time that a change is measured from."""

    distance: str
    """The distance to it: year, quarter, month, week or day."""
    text: str
    """The words."""
    start: int
    """The position at which they begin, in code points."""
    end: int
    """The position at which they end, exclusive."""


_BASES: Mapping[str, Mapping[str, Sequence[str]]] = TIME_TABLE["base"]
_DISTANCES = ("year", "quarter", "month", "week", "day")
_MARKER = "|".join(_BASES["marker"])


def _name_bases(language: str) -> str:
    return "|".join(f"(?P<{distance}>{'|'.join(_BASES[language][distance])})" for distance in _DISTANCES)


_KOREAN = re.compile(
    rf"(?:{_name_bases('ko')}) ?(?:{_MARKER})"
    rf"|(?P<past>(?:지난해|작년|전년)의? ?)?(?P<named>[1-4])(?:/4)? ?분기 ?(?:{_MARKER})"
)
_ENGLISH = re.compile(
    rf"\b(?:{_name_bases('en')})\b"
    r"|\b(?:from|than|over|with|to|against) (?:the )?(?P<named>(?:first|second|third|fourth)(?= quarter)|Q[1-4])"
    r"(?P<past>(?: quarter)?(?: of)? (?:last year|the (?:previous|prior) year))?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"([1-4])(?:/4)? ?분기|\b(first|second|third|fourth)[- ]quarter|\b(Q[1-4])\b", re.IGNORECASE)
_NUMBERS: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_QUARTERS = 4


@lru_cache(maxsize=512)
def comparison_bases(text: str) -> Sequence[ComparisonBase]:
    """Return the bases of a text in order.

    >>> [one.distance for one in comparison_bases("전 분기보다 2%, 전년 동기 대비 5% 늘었다")]
    ['quarter', 'year']
    >>> [one.distance for one in comparison_bases("First-quarter sales rose 3% from the fourth quarter of last year.")]
    ['quarter']
    """
    pattern = _KOREAN if re.search("[가-힣]", text) else _ENGLISH
    bases = []
    for found in pattern.finditer(text):
        distance = found.lastgroup if found.lastgroup in _DISTANCES else _distance_of_quarter(found, text)
        if distance:
            bases.append(ComparisonBase(distance, found[0], *found.span()))
    return tuple(bases)


def _distance_of_quarter(found: re.Match[str], text: str) -> str | None:
    """Return the distance of a quarter that is named by its number; None if it cannot be known."""
    subjects = [one for one in _SUBJECT.finditer(text) if not found.start() <= one.start() < found.end()]
    if not subjects:
        return None
    steps = _quarter_number(next(filter(None, subjects[0].groups()))) - _quarter_number(found["named"])
    if found["past"]:
        steps += _QUARTERS
    return {1: "quarter", _QUARTERS: "year"}.get(steps)


def _quarter_number(printed: str) -> int:
    return _NUMBERS.get(printed.lower()) or int(printed[-1])


def different_bases(
    said: tuple[str, Sequence[NormalizedFigure]], printed: tuple[str, Sequence[NormalizedFigure]]
) -> tuple[ComparisonBase, ComparisonBase] | None:
    """Return the bases of two texts that differ: those of one figure, or all of them; each text with its figures."""
    own, others = comparison_bases(said[0]), comparison_bases(printed[0])
    if not own or not others:
        return None
    for pair in _bases_of_same_figure(said, printed, own, others):
        if pair[0].distance != pair[1].distance:
            return pair
    is_apart = {base.distance for base in own}.isdisjoint(base.distance for base in others)
    return (own[0], others[0]) if is_apart else None


def _bases_of_same_figure(
    said: tuple[str, Sequence[NormalizedFigure]],
    printed: tuple[str, Sequence[NormalizedFigure]],
    own: Sequence[ComparisonBase],
    others: Sequence[ComparisonBase],
) -> Iterator[tuple[ComparisonBase, ComparisonBase]]:
    for figure in said[1]:
        base = _find_base(figure, said, own)
        same = [other for other in printed[1] if is_same_figure(figure, other)] if base else []
        if base and len(same) == 1 and (other_base := _find_base(same[0], printed, others)):
            yield base, other_base


def _find_base(
    figure: NormalizedFigure, text: tuple[str, Sequence[NormalizedFigure]], bases: Sequence[ComparisonBase]
) -> ComparisonBase | None:
    """Return the base beside a figure, with no other figure between: before it in Korean, after it in English."""
    is_korean = re.search("[가-힣]", text[0]) is not None
    sides = [
        [base for base in reversed(bases) if base.end <= figure.core_start],
        [base for base in bases if base.start >= figure.core_end],
    ]
    for side in sides if is_korean else sides[::-1]:
        if side and not _is_figure_between(figure, side[0], text):
            return side[0]
    return None


def _is_figure_between(
    figure: NormalizedFigure, base: ComparisonBase, text: tuple[str, Sequence[NormalizedFigure]]
) -> bool:
    start, end = sorted((figure.core_start, base.start))
    return any(
        start < other.core_start < end and not base.start <= other.core_start < base.end for other in text[1]
    ) or bool(re.search(r"[.?!] ", text[0][start:end]))
