"""Judge whether an amount can be meant, by the greatest amount that each unit can have.

No country has 10^15 games: a greater amount than the table allows was misread. This module does not know texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from claimledger.quantities.figure import Figure
from claimledger.quantities.unit_tables import LIMITS, UNITS_BY_NAME, is_counting_unit

_GREATEST: Mapping[str, Decimal] = {unit: Decimal(str(limit)) for unit, limit in LIMITS["greatest"].items()}
_OTHERWISE: Mapping[str, Decimal] = {kind: Decimal(str(limit)) for kind, limit in LIMITS["otherwise"].items()}


def greatest_amount(unit: str | None, currency: str | None) -> Decimal:
    """Return the greatest amount that a unit or a currency can have in a report.

    >>> greatest_amount("country", None), greatest_amount(None, "KRW") > 10**18
    (Decimal('300'), True)
    """
    if currency:
        return _OTHERWISE["money"]
    if unit is None:
        return _OTHERWISE["number"]
    if unit in _GREATEST:
        return _GREATEST[unit]
    return _OTHERWISE["measured" if is_measure_unit(unit) else "counted"]


def is_measure_unit(unit: str) -> bool:
    """Return whether a unit measures instead of counting; a noun of the text counts.

    >>> is_measure_unit("kilogram"), is_measure_unit("vehicle"), is_measure_unit("gadget")
    (True, False, False)
    """
    return unit in UNITS_BY_NAME and not is_counting_unit(unit)


def is_plausible(unit: str | None, currency: str | None, *ends: Decimal | None) -> bool:
    """Return whether every given end of a value is one that its unit can have.

    >>> is_plausible("game", None, Decimal("6E+16")), is_plausible("game", None, Decimal(32), None)
    (False, True)
    """
    limit = greatest_amount(unit, currency)
    return all(end is None or abs(end) <= limit for end in ends)


def has_plausible_amount(figure: Figure) -> bool:
    """Return whether a figure's amount is one that its unit can have.

    >>> from claimledger.quantities import find_figures
    >>> has_plausible_amount(find_figures("32경기")[0]), has_plausible_amount(find_figures("9만개국")[0])
    (True, False)
    """
    return is_plausible(figure.unit, figure.currency, figure.amount, figure.low, figure.high)
