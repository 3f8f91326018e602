"""Compare the units and the bounds of a statement's figures with those of the same numbers in its passage.

Only numbers that the passage has are compared, so that the rules need no record of the claim's figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import COUNT, MONEY, NormalizedFigure, read_figures_cached
from claimledger.agreement.printed import read_passage
from claimledger.agreement.word_lists import DENIAL, FORBIDDING, LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.errors import Problem
from claimledger.vocabulary import Comparator

_BELOW = UPPER_BOUNDS | {Comparator.NEARLY}
_RELATED = (frozenset(("share", "points")), frozenset(("months", "seconds")), frozenset(("length", "area")))
"""Dimensions that are taken for one another."""
_DURATIONS = frozenset(("months", "seconds"))


def unit_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first number that the passage has with another unit only: minutes, seconds; %, %p."""
    printed = read_passage(texts.passage)
    for figure in texts.figures.said:
        if not _has_unit(figure) or any(is_same_figure(figure, other) for other in printed):
            continue
        others = [other for other in printed if other.raw == figure.raw]
        if others and all(_is_other_unit(figure, other) for other in others):
            yield Problem("passage-unit-differs", field=texts.path, said=figure.text, printed=others[0].text)
            return


def _has_unit(figure: NormalizedFigure) -> bool:
    """Return whether a figure is money, a share or a measure; one year and one month are often only words."""
    if figure.raw is None or figure.is_numbering or not figure.dimension or figure.dimension.startswith(COUNT):
        return False
    return figure.raw != 1 or figure.dimension not in _DURATIONS


def _is_other_unit(figure: NormalizedFigure, other: NormalizedFigure) -> bool:
    if figure.dimension.startswith(MONEY):
        return other.dimension.startswith(MONEY) and figure.dimension != other.dimension
    if figure.dimension == other.dimension:
        return figure.unit != other.unit
    return any({figure.dimension, other.dimension} == pair for pair in _RELATED)


# Bounds


def bound_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first figure whose bound is the opposite of the one in the passage.

    Nothing is said if only one of the two texts denies or forbids: less than 8% may not, at least 8% may.
    """
    said = [figure for figure in texts.figures.said if figure.comparator and figure.dimension not in _DURATIONS]
    printed = read_figures_cached(texts.passage).said if said else ()
    for figure in said:
        same = [other for other in printed if is_same_figure(figure, other)]
        is_worded = figure.comparator in LOWER_BOUNDS and _NOT_REACHED.search(texts.passage)
        if same and (
            (is_worded and all(_is_not_reached(other, texts.passage) for other in same))
            or (all(_are_opposite(figure, other) for other in same) and _has_same_polarity(texts, same))
        ):
            yield Problem("passage-bound-differs", field=texts.path, said=figure.text, printed=same[0].text)
            return


_NOT_REACHED = re.compile(
    r"[은는이가도에]? ?(?:채 )?(?:되지 (?:않|못)|안 (?:되|된|됐|돼)|미치지 못|못 미|넘지 (?:않|못)|모자라)"
)
"""Words after a figure that is not reached: 5만 대가 채 되지 않는다."""


def _is_not_reached(figure: NormalizedFigure, text: str) -> bool:
    return _NOT_REACHED.match(text, figure.core_end) is not None


def _are_opposite(figure: NormalizedFigure, other: NormalizedFigure) -> bool:
    return any(
        figure.comparator in side and other.comparator in opposite
        for side, opposite in ((LOWER_BOUNDS, _BELOW), (_BELOW, LOWER_BOUNDS))
    )


_DENYING = re.compile(f"{DENIAL.pattern}|{FORBIDDING.pattern}", re.IGNORECASE)
_STOP = re.compile(r"[.?!](?:\s|$)")


def _has_same_polarity(texts: ComparedTexts, same: Sequence[NormalizedFigure]) -> bool:
    start = max((stop.end() for stop in _STOP.finditer(texts.passage, 0, same[0].core_start)), default=0)
    stop = _STOP.search(texts.passage, same[0].core_end)
    sentence = texts.passage[start : stop.end() if stop else len(texts.passage)]
    return not is_turned_by_denial(texts.statement, sentence)


def is_turned_by_denial(one: str, other: str) -> bool:
    """Return whether only one of two texts denies or forbids: then opposite bounds may agree.

    >>> is_turned_by_denial("Firms below 8% may not pay.", "Only firms at or above 8% may pay.")
    True
    """
    return bool(_DENYING.search(one)) != bool(_DENYING.search(other))
