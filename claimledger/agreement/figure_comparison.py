"""Whether two figures say the same, and how they differ if they do not.

In: two `Said` rows. Out: yes or no, or the way they differ. The invariant: what a good newsroom may do is no
difference: another unit of the same size, a rounding that says so ("about 13 billion" for 12.9), "more than" for
"at least". It must not know where the figures stand.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum

from claimledger.agreement.figure_meaning import COUNT, MONEY, Said
from claimledger.agreement.word_lists import AROUND, LOWER, UPPER
from claimledger.vocabulary import Comparator, Direction

_OF_FRACTION = Decimal("0.001")
_OF_CONVERSION = Decimal("0.02")
_OF_ROUNDING = Decimal("0.05")
_OF_BOUND = Decimal("0.1")
"""How far two numbers may lie apart, as a share of the larger."""
_METRIC = frozenset(("months", "seconds", "points", "power", "energy", "storage"))
"""Dimensions whose units convert exactly."""


_POUNDS = {"pound", MONEY + "GBP"}
"""English says one word for both."""
_TIMES = frozenset(("months", "seconds"))
"""Dimensions of what lasts."""


class Slip(StrEnum):
    """What went wrong between two figures that are meant to be one."""

    SCALE = "scale"
    """The digits are right, the power of ten is not: 130억, 1.3 billion."""
    CURRENCY = "currency"
    """The number is right, the currency is not."""
    UNIT = "unit"
    """The number is right, what it measures is not."""
    NUMBER = "number"
    """The number is another one."""


def fits(one: Said, other: Said) -> bool:
    """Whether two figures measure one thing, or may."""
    first, second = one.dimension, other.dimension
    if first == second or not first or not second:
        return True
    if {first, second} == _POUNDS:
        return True
    return COUNT in (first, second) and first.startswith(COUNT) and second.startswith(COUNT)


def is_same(one: Said, other: Said) -> bool:
    """Whether two figures give the same number of the same thing."""
    if one.dimension != other.dimension:
        is_bare = not one.dimension or not other.dimension
        if one.raw is not None and one.raw == other.raw and (is_bare or _is_age(one, other)):
            return True
        if not fits(one, other):
            return False
    if one.low == other.low and one.high == other.high:
        return True
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    if one.low == -other.low and one.high == -other.high and (one.direction or other.direction):
        return True
    allowed = _allowed(one, other)
    return bool(allowed) and _near(one.low, other.low, allowed) and _near(one.high, other.high, allowed)


def _is_age(one: Said, other: Said) -> bool:
    """Whether both are years, one of an age."""
    return {one.unit, other.unit} == {"year", "year_of_age"}


def _allowed(one: Said, other: Said) -> Decimal:
    """Return by what share two exact numbers may differ because a fraction or a conversion was rounded."""
    if one.dimension != other.dimension or not one.dimension:
        return Decimal(0)
    if one.dimension == "share":
        return _OF_FRACTION if "ratio" in (one.unit, other.unit) or "share" in (one.unit, other.unit) else Decimal(0)
    if one.unit == other.unit or one.dimension in _METRIC or one.dimension.startswith((COUNT, MONEY)):
        return Decimal(0)
    return _OF_CONVERSION


def _near(one: Decimal, other: Decimal, share: Decimal) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def is_rounded(said: Said, full: Said) -> bool:
    """Whether a figure of a statement is the record's, rounded, and says so: "nearly 13 billion" for 12.9 billion."""
    comparators = {said.comparator, full.comparator}
    if said.raw is None or full.raw is None or said.low is None or full.low is None or comparators == {None}:
        return False
    if not fits(said, full):
        return False
    gap = abs(said.low - full.low)
    if comparators & AROUND and gap * 2 <= max(_step(said), _step(full)) and _near(said.low, full.low, _OF_ROUNDING):
        return True
    is_beneath = said.comparator in LOWER and said.low < full.low and full.comparator not in UPPER
    is_above = (
        (said.comparator in UPPER or said.comparator is Comparator.NEARLY)
        and said.low > full.low
        and full.comparator not in LOWER
    )
    return (is_beneath or is_above) and gap < _step(said) and _near(said.low, full.low, _OF_BOUND)


def _step(said: Said) -> Decimal:
    """Return the place of the last digit that is not 0: 1E+8 for 12.9 billion."""
    exponent = said.low.normalize().as_tuple().exponent if said.low else 0
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)


def slip(said: Said, meant: Said) -> Slip | None:
    """Return how a figure differs from the one it is likely meant to be; none if nothing ties the two."""
    is_money = said.dimension.startswith(MONEY) and meant.dimension.startswith(MONEY)
    if said.raw and said.raw == meant.raw and (said.dimension in _TIMES) == (meant.dimension in _TIMES):
        if is_money:
            return Slip.CURRENCY if said.dimension != meant.dimension else None
        if not said.dimension.startswith(COUNT) or not meant.dimension.startswith(COUNT) or not fits(said, meant):
            return Slip.UNIT
    if not fits(said, meant) or (not said.dimension and not meant.dimension.startswith(COUNT)):
        return None
    return Slip.SCALE if power_of_ten(said, meant) else Slip.NUMBER


def power_of_ten(said: Said, meant: Said) -> int:
    """Return the power of ten by which a figure is off; 0 if by none.

    >>> from claimledger.agreement.figure_meaning import read
    >>> power_of_ten(read("1.3 billion dollars").said[0], read("130억달러").said[0])
    -1
    """
    powers = {_power(said.low, meant.low), _power(said.high, meant.high)}
    return powers.pop() if len(powers) == 1 else 0


def _power(one: Decimal | None, other: Decimal | None) -> int:
    if not one or not other:
        return 0
    try:
        sign, digits, exponent = (one / other).normalize().as_tuple()
    except InvalidOperation:
        return 0
    return exponent if not sign and digits == (1,) and isinstance(exponent, int) else 0


def is_bounded_alike(said: Comparator | None, meant: Comparator | None) -> bool:
    """Whether a statement may bound a figure so when the record bounds it otherwise.

    To add "about" is caution; to drop it, or to turn one side into the other, claims more than was said.
    """
    if said == meant:
        return True
    for side in (LOWER, UPPER):
        if said in side or meant in side:
            return (said in side and meant in side) or (
                side is UPPER and Comparator.NEARLY in (said, meant) and said is not None
            )
    return said in AROUND


def is_other_side(one: Direction | None, other: Direction | None) -> bool:
    """Whether two differences lie on opposite sides."""
    return one is not None and other is not None and one is not other
