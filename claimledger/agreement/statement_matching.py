"""Match the figures of a statement with the claim's quantities.

A figure that differs from every quantity is matched with the quantity that it is probably meant to give, so that one
mistake gives one problem. `statements` makes the problems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from claimledger.agreement.figure_comparison import (
    DifferenceKind, is_opposite_direction, is_rounding_of, is_same_figure, difference_kind,
)  # fmt: skip
from claimledger.agreement.figure_meaning import TextFigures, NormalizedFigure, read_worded_numbers
from claimledger.agreement.word_lists import LOWER_BOUNDS, UPPER_BOUNDS


@dataclass(slots=True)
class StatementMatch:
    """The figures of one statement, matched with the claim's quantities."""

    language: str
    reading: TextFigures
    pairs: list[tuple[int, NormalizedFigure]] = field(default_factory=list)
    """The index of a quantity, and a figure of the statement that gives it."""
    differences: list[tuple[int, NormalizedFigure, DifferenceKind]] = field(default_factory=list)
    """The index of a quantity, the figure that is probably meant to give it, and the kind of difference."""
    left: list[NormalizedFigure] = field(default_factory=list)
    """The figures that match no quantity."""
    words: list[NormalizedFigure] = field(default_factory=list)
    """The numbers in other words ("doubled") that match no quantity."""
    lacking: list[int] = field(default_factory=list)
    """The indices of quantities that the statement leaves out."""

    @property
    def path(self) -> str:
        """The statement's field, as a dotted path."""
        return f"statement.{self.language}"

    def figures_giving(self, index: int) -> list[NormalizedFigure]:
        """Return the figures that give a quantity."""
        return [figure for at, figure in self.pairs if at == index]


def match_figures(language: str, reading: TextFigures, quantities: Sequence[NormalizedFigure]) -> StatementMatch:
    """Match every figure of a statement with a quantity that it gives, or that it is probably meant to give."""
    match = StatementMatch(language, reading)
    for figure in reading.said:
        _match_figure(match, figure, quantities)
    given = {index for index, _ in match.pairs}
    if len(given) == len(quantities):
        return match
    _match_worded_numbers(match, quantities)
    given = {index for index, _ in match.pairs}
    match.lacking = [index for index in range(len(quantities)) if index not in given]
    _match_differences(match, match.left, quantities)
    _match_differences(match, [word for word in match.words if word.unit == "times"], quantities)
    return match


def _match_figure(match: StatementMatch, figure: NormalizedFigure, quantities: Sequence[NormalizedFigure]) -> None:
    """Match a figure with the most similar quantity, or add it to the unmatched figures."""
    indices = [index for index, quantity in enumerate(quantities) if is_same_figure(figure, quantity)]
    if not indices and figure.comparator is not None:
        indices = [index for index, quantity in enumerate(quantities) if is_rounding_of(figure, quantity)]
    if not indices and figure.raw is None and (range_ends := _range_quantities(figure, quantities)):
        match.pairs += range_ends
        return
    if len(indices) > 1:
        indices.sort(key=lambda index: _dissimilarity(figure, quantities[index]))
        used = {index for index, _ in match.pairs}
        indices = [index for index in indices if index not in used] or indices
    if indices:
        match.pairs.append((indices[0], figure))
    else:
        match.left.append(figure)


def _range_quantities(
    figure: NormalizedFigure, quantities: Sequence[NormalizedFigure]
) -> list[tuple[int, NormalizedFigure]]:
    """Return the two quantities that a range names as its ends, for example "from 5.2 % to 3.8 %"."""
    halves = [
        (figure._replace(low=end, high=end, comparator=None, direction=None), bounds)
        for end, bounds in ((figure.low, LOWER_BOUNDS), (figure.high, UPPER_BOUNDS))
    ]
    found = [
        (index, half._replace(comparator=quantity.comparator) if quantity.comparator in bounds else half)
        for half, bounds in halves
        for index, quantity in enumerate(quantities)
        if is_same_figure(half, quantity)
    ]
    return found if len({index for index, _ in found}) > 1 else []


def _dissimilarity(figure: NormalizedFigure, quantity: NormalizedFigure) -> tuple[bool, bool, bool]:
    return (
        figure.dimension != quantity.dimension,
        is_opposite_direction(figure.direction, quantity.direction),
        figure.comparator != quantity.comparator,
    )


def _match_worded_numbers(match: StatementMatch, quantities: Sequence[NormalizedFigure]) -> None:
    """Match the missing quantities with numbers in other words: doubled, three in four, 10%에서 12% 사이."""
    given = {index for index, _ in match.pairs}
    lacking = [index for index in range(len(quantities)) if index not in given]
    for word in read_worded_numbers(match.reading.text):
        found = [index for index in lacking if is_same_figure(word, quantities[index])]
        match.pairs += [(index, word) for index in found]
        if found:
            match.left = [figure for figure in match.left if figure.end <= word.start or word.end <= figure.start]
        else:
            match.words.append(word)
    for index in lacking:
        quantity = quantities[index]
        if quantity.raw is None and (ends := _figures_of_range(quantity, match.left)):
            match.pairs.append((index, quantity))
            match.left = [figure for figure in match.left if figure not in ends]


def _figures_of_range(quantity: NormalizedFigure, left: Sequence[NormalizedFigure]) -> list[NormalizedFigure]:
    """Return the figures that are the two ends of a range, or none if one end is missing."""
    halves = [quantity._replace(low=end, high=end) for end in (quantity.low, quantity.high)]
    ends = [next((figure for figure in left if is_same_figure(figure, half)), None) for half in halves]
    return [figure for figure in ends if figure] if all(ends) else []


def _match_differences(
    match: StatementMatch, left: list[NormalizedFigure], quantities: Sequence[NormalizedFigure]
) -> None:
    """Match each remaining figure with the quantity it is probably meant to give, the surest match first."""
    for wanted in (DifferenceKind.SCALE, DifferenceKind.CURRENCY, DifferenceKind.UNIT, DifferenceKind.NUMBER):
        for figure in list(left):
            for index in match.lacking:
                if difference_kind(figure, quantities[index]) is wanted:
                    match.differences.append((index, figure, wanted))
                    left.remove(figure)
                    match.lacking.remove(index)
                    break
