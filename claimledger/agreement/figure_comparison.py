"""Decides whether two figures say the same, and how they differ if they do not.

Variants that a careful newsroom may use are not differences: another unit of the same size, a rounding marked as such
("about 13 billion" for 12.9), and "more than" for "at least". The position of the figures does not matter here.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum

from claimledger.agreement.figure_meaning import COUNT, MONEY, NormalizedFigure
from claimledger.agreement.word_lists import APPROXIMATE, LOWER_BOUNDS, UPPER_BOUNDS
from claimledger.vocabulary import Comparator, Direction

_FRACTION_TOLERANCE = Decimal("0.001")
_CONVERSION_TOLERANCE = Decimal("0.02")
_ROUNDING_TOLERANCE = Decimal("0.05")
_BOUND_TOLERANCE = Decimal("0.1")
"""The largest difference between two numbers, as a share of the larger one."""
_EXACT_DIMENSIONS = frozenset(("months", "seconds", "points", "power", "energy", "storage"))
"""The dimensions whose units convert exactly."""


_POUNDS = {"pound", MONEY + "GBP"}
"""The weight and the currency, which have the same English word."""
_DURATIONS = frozenset(("months", "seconds"))
"""The dimensions of durations."""


class DifferenceKind(StrEnum):
    """The kind of difference between two figures that are meant to be the same."""

    SCALE = "scale"
    """The digits are right and the power of ten is wrong: 130억, 1.3 billion."""
    CURRENCY = "currency"
    """The number is right and the currency is wrong."""
    UNIT = "unit"
    """The number is right and the unit is wrong."""
    NUMBER = "number"
    """The number is different."""


def may_measure_same(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    """Return whether two figures measure the same thing, or may do so."""
    first, second = one.dimension, other.dimension
    if first == second or not first or not second:
        return True
    if {first, second} == _POUNDS:
        return True
    return COUNT in (first, second) and first.startswith(COUNT) and second.startswith(COUNT)


def is_same_figure(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    """Return whether two figures give the same number of the same thing."""
    if one.dimension != other.dimension:
        is_bare = not one.dimension or not other.dimension
        is_near = is_bare or _is_year_and_age(one, other) or _are_points(one, other)
        if one.raw is not None and one.raw == other.raw and is_near:
            return True
        if not may_measure_same(one, other):
            return False
    if one.low == other.low and one.high == other.high:
        return True
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    if one.low == -other.low and one.high == -other.high and (one.direction or other.direction):
        return True
    allowed = _tolerance(one, other)
    return bool(allowed) and _is_near(one.low, other.low, allowed) and _is_near(one.high, other.high, allowed)


def _is_year_and_age(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    """Return whether both figures are years and one of them is an age."""
    return {one.unit, other.unit} == {"year", "year_of_age"}


def _are_points(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    """Return whether one figure calls percentage points just points: up three points."""
    return {one.unit, other.unit} == {"point", "percentage_point"}


def _tolerance(one: NormalizedFigure, other: NormalizedFigure) -> Decimal:
    """Return the share by which two exact numbers may differ because a fraction or a conversion was rounded."""
    if one.dimension != other.dimension or not one.dimension:
        return Decimal(0)
    if one.dimension == "share":
        return (
            _FRACTION_TOLERANCE
            if "ratio" in (one.unit, other.unit) or "share" in (one.unit, other.unit)
            else Decimal(0)
        )
    if one.unit == other.unit or one.dimension in _EXACT_DIMENSIONS or one.dimension.startswith((COUNT, MONEY)):
        return Decimal(0)
    return _CONVERSION_TOLERANCE


def _is_near(one: Decimal, other: Decimal, share: Decimal) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def is_rounding_of(figure: NormalizedFigure, recorded: NormalizedFigure) -> bool:
    """Return whether one figure is a marked rounding of the other: "nearly 13 billion" for 12.9 billion."""
    comparators = {figure.comparator, recorded.comparator}
    if (
        figure.raw is None
        or recorded.raw is None
        or figure.low is None
        or recorded.low is None
        or comparators == {None}
    ):
        return False
    if not may_measure_same(figure, recorded):
        return False
    gap = abs(figure.low - recorded.low)
    if (
        comparators & APPROXIMATE
        and gap * 2 <= max(_last_place(figure), _last_place(recorded))
        and _is_near(figure.low, recorded.low, _ROUNDING_TOLERANCE)
    ):
        return True
    is_beneath = (
        figure.comparator in LOWER_BOUNDS and figure.low < recorded.low and recorded.comparator not in UPPER_BOUNDS
    )
    is_above = (
        (figure.comparator in UPPER_BOUNDS or figure.comparator is Comparator.NEARLY)
        and figure.low > recorded.low
        and recorded.comparator not in LOWER_BOUNDS
    )
    return (
        (is_beneath or is_above) and gap < _last_place(figure) and _is_near(figure.low, recorded.low, _BOUND_TOLERANCE)
    )


def _last_place(figure: NormalizedFigure) -> Decimal:
    """Return the place value of the last digit that is not 0: 1E+8 for 12.9 billion."""
    exponent = figure.low.normalize().as_tuple().exponent if figure.low else 0
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)


def difference_kind(figure: NormalizedFigure, intended: NormalizedFigure) -> DifferenceKind | None:
    """Return the kind of difference from the figure that is probably meant; None if nothing connects the two."""
    is_money = figure.dimension.startswith(MONEY) and intended.dimension.startswith(MONEY)
    if (
        figure.raw
        and figure.raw == intended.raw
        and (figure.dimension in _DURATIONS) == (intended.dimension in _DURATIONS)
    ):
        if is_money:
            return DifferenceKind.CURRENCY if figure.dimension != intended.dimension else None
        if (
            not figure.dimension.startswith(COUNT)
            or not intended.dimension.startswith(COUNT)
            or not may_measure_same(figure, intended)
        ):
            return DifferenceKind.UNIT
    if not may_measure_same(figure, intended) or (not figure.dimension and not intended.dimension.startswith(COUNT)):
        return None
    return DifferenceKind.SCALE if power_of_ten(figure, intended) else DifferenceKind.NUMBER


def power_of_ten(figure: NormalizedFigure, intended: NormalizedFigure) -> int:
    """Return the power of ten by which the first figure differs from the second; 0 if they do not differ so.

    >>> from claimledger.agreement.figure_meaning import read_figures
    >>> power_of_ten(read_figures("1.3 billion dollars").said[0], read_figures("130억달러").said[0])
    -1
    """
    powers = {_power_of_ratio(figure.low, intended.low), _power_of_ratio(figure.high, intended.high)}
    return powers.pop() if len(powers) == 1 else 0


def _power_of_ratio(one: Decimal | None, other: Decimal | None) -> int:
    if not one or not other:
        return 0
    try:
        sign, digits, exponent = (one / other).normalize().as_tuple()
    except InvalidOperation:
        return 0
    return exponent if not sign and digits == (1,) and isinstance(exponent, int) else 0


def is_comparator_allowed(stated: Comparator | None, recorded: Comparator | None) -> bool:
    """Return whether a statement may use this qualifier although the record has another one.

    To add "about" is cautious. To drop it, or to turn a lower bound into an upper one, claims more than was said.
    """
    if stated == recorded:
        return True
    for side in (LOWER_BOUNDS, UPPER_BOUNDS):
        if stated in side or recorded in side:
            return (stated in side and recorded in side) or (
                side is UPPER_BOUNDS and Comparator.NEARLY in (stated, recorded) and stated is not None
            )
    return stated in APPROXIMATE


def is_opposite_direction(one: Direction | None, other: Direction | None) -> bool:
    """Return whether two differences have opposite directions."""
    return one is not None and other is not None and one is not other
