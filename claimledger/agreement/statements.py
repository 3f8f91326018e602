"""Compare a claim's statements with its quantities, with its passages, and with each other.

It takes the claim's quantities as `NormalizedFigure` rows and the figures of the statements, and yields problems. One
mistake gives one problem: a figure that was compared with a quantity is not compared with the other statement again.
Dates are checked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from claimledger.agreement.figure_comparison import (
    DifferenceKind, may_measure_same, is_comparator_allowed, is_opposite_direction, is_same_figure, power_of_ten,
    difference_kind,
)  # fmt: skip
from claimledger.agreement.figure_meaning import COUNT, MONEY, TextFigures, NormalizedFigure, read_worded_numbers
from claimledger.agreement.opposite_words import direction_poles
from claimledger.agreement.signals import read_signals
from claimledger.agreement.statement_matching import StatementMatch, match_figures
from claimledger.agreement.time_points import lengths_of_months
from claimledger.agreement.word_lists import APPROXIMATE, COMPARATOR_WORDS, LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.counting import item_path
from claimledger.errors import Problem
from claimledger.messages import NOTHING, Message, Value
from claimledger.vocabulary import Direction

IsPrinted = Callable[[NormalizedFigure], bool | None]
"""A function that says whether a passage of the claim has a figure; None if no passage is available."""
_AROUND = 40
"""The number of code points before and after a figure that are searched for qualifiers such as "about"."""
_RANGE_BEGINS = re.compile(r"에서|부터| to [0-9]|[~–-][0-9]")
"""The words after the lower end of a range, which bounds it below."""
_SPANS = frozenset(
    ("winter", "summer", "spring", "autumn", "season", "generation", "game", "match", "session", "night")
)
"""The units beside which "over" is as often "during"."""
_LARGEST_WORD_COUNT = 2
"""A count up to this is often a word and not a figure: 두 도시, one of them."""


def statement_problems(
    quantities: Sequence[NormalizedFigure], readings: dict[str, TextFigures], is_printed: IsPrinted
) -> Iterator[Problem]:
    """Yield the differences between statements and quantities, then those between the two statements."""
    matches = [match_figures(language, reading, quantities) for language, reading in readings.items()]
    for match in matches:
        if match.differences:
            yield from _difference_problems(match, quantities)
        yield from _qualifier_problems(match, quantities)
        if match.left:
            yield from _unmatched_problems(match, quantities, is_printed)
    if any(match.lacking for match in matches):
        yield from _missing_problems(matches, quantities)
    if len(matches) > 1:
        yield from _direction_problems(matches[0], matches[1], quantities)
        if matches[0].left or matches[1].left:
            yield from _statement_differences(matches[0], matches[1])


def describe_figure(said: NormalizedFigure) -> Message:
    """Return a figure for a sentence: as printed, and in plain digits.

    >>> from claimledger.agreement.figure_meaning import read_figures
    >>> describe_figure(read_figures("1.3 billion dollars").said[0]).text()
    "'1.3 billion dollars' (1,300,000,000 USD)"
    """
    if said.raw is None:
        return Message("figure/printed", text=said.text)
    return Message("figure", text=said.text, value=f"{said.raw:,f} {said.unit}".strip())


def _difference_problems(match: StatementMatch, quantities: Sequence[NormalizedFigure]) -> Iterator[Problem]:
    for index, said, way in match.differences:
        meant = quantities[index]
        if way is DifferenceKind.SCALE:
            yield Problem(
                "statement-scale-differs", field=match.path, said=describe_figure(said), meant=describe_figure(meant),
                power=power_of_ten(said, meant),
            )  # fmt: skip
        else:
            yield Problem(
                f"statement-{way}-differs", field=match.path, said=describe_figure(said), meant=describe_figure(meant)
            )


def _qualifier_problems(match: StatementMatch, quantities: Sequence[NormalizedFigure]) -> Iterator[Problem]:
    for index in sorted({index for index, said in match.pairs if not _has_same_qualifiers(said, quantities[index])}):
        meant, given = quantities[index], match.figures_giving(index)
        if all(_is_qualifier_lost(said, meant, match.reading.text) for said in given):
            yield Problem(
                "statement-comparator-differs",
                field=match.path,
                said=_describe_with_qualifier(given[0]),
                meant=_describe_with_qualifier(meant),
            )
        if all(_is_direction_reversed(said, meant.direction, match.reading.text) for said in given):
            yield Problem(
                "statement-direction-differs", field=match.path, said=describe_figure(given[0]),
                direction=meant.direction or NOTHING,
            )  # fmt: skip


def _has_same_qualifiers(figure: NormalizedFigure, quantity: NormalizedFigure) -> bool:
    return figure.comparator is quantity.comparator and (
        quantity.direction is None or figure.direction is quantity.direction
    )


def _describe_with_qualifier(said: NormalizedFigure) -> Message:
    if said.comparator:
        return Message("figure/qualified", figure=describe_figure(said), comparator=said.comparator)
    return Message("figure/exact", figure=describe_figure(said))


def _is_qualifier_lost(figure: NormalizedFigure, quantity: NormalizedFigure, text: str) -> bool:
    if is_comparator_allowed(figure.comparator, quantity.comparator) or not is_same_figure(figure, quantity):
        return False
    is_span = figure.dimension in ("months", "seconds") or figure.unit in _SPANS
    if is_span and figure.comparator in LOWER_BOUNDS and quantity.comparator is None:
        return False  # "over three years" is as often "during"
    comparator = quantity.comparator
    if comparator in LOWER_BOUNDS and figure.comparator is None and _RANGE_BEGINS.match(text, figure.end):
        return False
    return (
        figure.comparator is not None
        or comparator is None
        or not COMPARATOR_WORDS[comparator].search(_surroundings(figure, text))
    )


def _surroundings(figure: NormalizedFigure, text: str) -> str:
    return text[max(0, figure.start - _AROUND) : figure.end + _AROUND]


def _is_direction_reversed(figure: NormalizedFigure, side: Direction | None, text: str) -> bool:
    """Return whether the figure lies on the opposite side, by the words around it if the grammar read no side."""
    if side is None or figure.direction is side:
        return False
    if figure.direction is not None:
        return True
    own, other = ("up", "down") if side is Direction.ABOVE else ("down", "up")
    if other not in read_signals(text).get("directed", ()):
        return False
    near = direction_poles(text, figure.start - _AROUND, figure.end + _AROUND)
    return other in near and own not in direction_poles(text)


def _is_certain_figure(figure: NormalizedFigure) -> bool:
    """Return whether a number is surely a figure: money, a share or a measure, not a count, a duration or "a kilo"."""
    dimension = figure.dimension
    if not dimension or dimension.startswith(COUNT) or dimension in ("months", "seconds") or figure.is_conversion:
        return False
    return figure.raw != 1 or dimension in ("share", "points") or dimension.startswith(MONEY)


def _unmatched_problems(
    match: StatementMatch, quantities: Sequence[NormalizedFigure], is_printed: IsPrinted
) -> Iterator[Problem]:
    """Yield a problem for each figure that neither a quantity nor an available passage has."""
    for said in list(match.left):
        is_telling = _is_certain_figure(said)
        if said.is_numbering or not (is_telling or _is_large(said)):
            continue
        printed = is_printed(said)
        if printed or (printed is None and not (is_telling and quantities)):
            continue
        match.left.remove(said)
        near = next((meant for meant in quantities if may_measure_same(said, meant)), None)
        variant = "no-quantity" if printed is None else "nowhere"
        hint: Value = Message("nearest-quantity", figure=describe_figure(near)) if near else ""
        yield Problem(f"statement-number-differs/{variant}", field=match.path, figure=describe_figure(said), near=hint)


def _is_large(figure: NormalizedFigure) -> bool:
    return figure.raw is not None and abs(figure.raw) > _LARGEST_WORD_COUNT


def _missing_problems(matches: Sequence[StatementMatch], quantities: Sequence[NormalizedFigure]) -> Iterator[Problem]:
    for index, meant in enumerate(quantities):
        lacking = [
            match for match in matches if index in match.lacking and not _names_months(meant, match.reading.text)
        ]
        if not lacking or _can_be_omitted(meant):
            continue
        if _is_conversion(index, quantities) or _is_given_converted(index, matches, quantities):
            continue
        if len(lacking) == len(matches):
            yield Problem(
                "statement-number-missing", field=item_path("quantities", index), figure=describe_figure(meant)
            )
            continue
        for match in lacking:
            yield Problem(
                f"statement-number-missing/{match.language}-lacks", field=match.path, figure=describe_figure(meant)
            )


def _names_months(quantity: NormalizedFigure, text: str) -> bool:
    """Return whether a text names the months of a length of time: a quarter for three months."""
    return quantity.dimension == "months" and any(length == quantity.low for length in lengths_of_months(text))


def _can_be_omitted(quantity: NormalizedFigure) -> bool:
    """Return whether a statement can give a figure without a numeral ("a day later", "the only one", "thousands")."""
    return quantity.raw is None or quantity.raw in (0, 1) or quantity.is_numbering


def _is_given_converted(index: int, matches: Sequence[StatementMatch], quantities: Sequence[NormalizedFigure]) -> bool:
    """Return whether the statements have a measure in the unit in which the next quantity repeats it."""
    if index + 1 == len(quantities) or quantities[index].dimension.startswith(MONEY):
        return False
    return _repeats(quantities[index], quantities[index + 1]) and not any(index + 1 in one.lacking for one in matches)


def _is_conversion(index: int, quantities: Sequence[NormalizedFigure]) -> bool:
    """Return whether a quantity repeats the one before it in another currency or another unit."""
    if not index:
        return False
    return _repeats(quantities[index - 1], quantities[index])


def _repeats(before: NormalizedFigure, quantity: NormalizedFigure) -> bool:
    if quantity.dimension.startswith(MONEY):
        return before.dimension.startswith(MONEY) and before.dimension != quantity.dimension
    return before.dimension == quantity.dimension and before.unit != quantity.unit and is_same_figure(before, quantity)


def _direction_problems(
    one: StatementMatch, other: StatementMatch, quantities: Sequence[NormalizedFigure]
) -> Iterator[Problem]:
    """Yield opposite directions of the two statements for quantities that have no direction."""
    for index, quantity in enumerate(quantities):
        if quantity.direction is None:
            yield from _opposite_direction_problems(one.figures_giving(index)[:1], other.figures_giving(index)[:1])


def _opposite_direction_problems(
    one: Sequence[NormalizedFigure], other: Sequence[NormalizedFigure]
) -> Iterator[Problem]:
    for said in one:
        for also in other:
            if is_opposite_direction(said.direction, also.direction):
                yield Problem(
                    "statements-differ-in-direction",
                    field="statement",
                    one=describe_figure(said),
                    other=describe_figure(also),
                    one_direction=said.direction or NOTHING,
                    other_direction=also.direction or NOTHING,
                )


def _statement_differences(one: StatementMatch, other: StatementMatch) -> Iterator[Problem]:
    """Yield the differences between the two statements in figures that match no quantity."""
    rest, others = [], list(other.left)
    for said in one.left:
        same = next((also for also in others if is_same_figure(said, also)), None)
        if same is None:
            rest.append(said)
            continue
        others.remove(same)
        yield from _opposite_direction_problems([said], [same])
        if _has_other_bound(said, same, one.reading.text, other.reading.text):
            yield Problem(
                "statements-differ-in-comparator",
                field="statement",
                one=_describe_with_qualifier(said),
                other=_describe_with_qualifier(same),
            )
    for way, said, also in _differing_pairs(rest, others):
        rest.remove(said)
        yield Problem(
            f"statements-differ-in-{way}", field="statement", one=describe_figure(said), other=describe_figure(also)
        )
    for alone, match in ((rest, other), (others, one)):
        yield from _one_sided_problems(alone, match)


def _one_sided_problems(alone: Sequence[NormalizedFigure], other: StatementMatch) -> Iterator[Problem]:
    """Yield each certain figure that the other statement has in no form."""
    for said in alone:
        if (
            said.is_numbering
            or not _is_certain_figure(said)
            or any(is_same_figure(said, also) for also in (*other.reading.said, *_worded_numbers(other)))
        ):
            continue
        yield Problem(
            f"statements-differ-in-number/{other.language}-lacks", field=other.path, figure=describe_figure(said)
        )


def _worded_numbers(match: StatementMatch) -> Sequence[NormalizedFigure]:
    return read_worded_numbers(match.reading.text)


def _differing_pairs(
    rest: Sequence[NormalizedFigure], others: list[NormalizedFigure]
) -> Iterator[tuple[DifferenceKind, NormalizedFigure, NormalizedFigure]]:
    for figure in list(rest):
        kinds = [(difference_kind(figure, other_figure), other_figure) for other_figure in others]
        found = next(((kind, other_figure) for kind, other_figure in kinds if kind is not None), None)
        if (
            found
            and not (figure.is_numbering or found[1].is_numbering)
            and (_is_large(figure) or _is_certain_figure(figure))
        ):
            others.remove(found[1])
            yield found[0], figure, found[1]


def _has_other_bound(one: NormalizedFigure, other: NormalizedFigure, one_text: str, other_text: str) -> bool:
    """Return whether one statement gives a lower and the other an upper bound, or only one of them a bound."""
    pair = (one.comparator, other.comparator)
    if (pair[0] in LOWER_BOUNDS and pair[1] in UPPER_BOUNDS) or (pair[0] in UPPER_BOUNDS and pair[1] in LOWER_BOUNDS):
        return True
    for figure, bare, text in ((one, other, other_text), (other, one, one_text)):
        comparator = figure.comparator
        if comparator in APPROXIMATE or comparator is None or one.dimension in ("months", "seconds"):
            continue
        if bare.comparator is None and not COMPARATOR_WORDS[comparator].search(_surroundings(bare, text)):
            return True
    return False
