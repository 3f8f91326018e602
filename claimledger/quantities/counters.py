"""Decide the meaning of a Korean counter by the words around it.

대 counts vehicles, decades of age, terms of office and things that go together; only the words around it show which.
Each rule is a row of `counters.toml` with its linguistic reason. This module does not know how numbers are read.
"""

from __future__ import annotations

import re

from claimledger.quantities.figure import FigureRole
from claimledger.quantities.unit_tables import COUNTER_RULES, UNITS_BY_NAME, CounterRule, Unit
from claimledger.quantities.units import UnitMatch

_BEFORE, _NEAR = 20, 40
_ORDINAL_SIGN = re.compile("(?:제 ?)?")
_NAME = Unit(None, FigureRole.NAME)


def choose_meaning(text: str, start: int, number_end: int, found: UnitMatch) -> UnitMatch | None:
    """Return the unit that a counter means here, for the number from `start` to `number_end`; None if it is none.

    >>> from claimledger.quantities.units import read_unit
    >>> text = "30대 남성"
    >>> choose_meaning(text, 0, 2, read_unit(text, 2)).unit.name
    'age_decade'
    """
    start += len(_ORDINAL_SIGN.match(text, start)[0])  # type: ignore[index]  # it may match nothing
    for rule in COUNTER_RULES.get(found.form, ()):
        if _matches(rule, text, start, number_end, found.end):
            return _apply(rule, found)
    return found


def _apply(rule: CounterRule, found: UnitMatch) -> UnitMatch | None:
    if rule.unit == "number":
        return None
    return found._replace(unit=_NAME if rule.unit == "name" else UNITS_BY_NAME[rule.unit], end=found.end - rule.cut)


def _matches(rule: CounterRule, text: str, start: int, number_end: int, end: int) -> bool:
    """Return whether every pattern of a rule matches, the cheapest first."""
    if rule.number and not rule.number.fullmatch(text, start, number_end):
        return False
    if rule.after and not rule.after.match(text, end):
        return False
    if rule.before and not rule.before.search(text, max(0, start - _BEFORE), start):
        return False
    return not rule.near or bool(rule.near.search(text, max(0, start - _NEAR), end + _NEAR))
