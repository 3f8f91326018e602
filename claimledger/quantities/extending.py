"""Extend a measured figure: the upper end of a range, a smaller unit, a minus sign, the word of a distance.

A range or a smaller unit only extends a draft to the right, by a bounded distance. This module does not know names,
idioms or dates.
"""

from __future__ import annotations

import re
from decimal import Decimal

from claimledger.quantities.figure import FigureRole
from claimledger.quantities.measuring import LONGEST_SIGN, FigureDraft, measure_numeral, read_sign
from claimledger.quantities.numerals import EXACT, Numeral, plain_decimal, read_digits
from claimledger.quantities.spelled_numbers import read_spelled_number

_RANGE = re.compile(
    r"(?P<to>-? to[ -]|-to-)|(?P<dash> ?~ ?| - |- ?)|(?P<ko>에서 ?| ?내지 )|(?P<or> or )|(?P<and> and )"
)
_FROM = re.compile(
    r"\b(?:from|between|ranging|range|of|within)(?: about| around| up to| roughly| as)? ?[^\s\w]?$", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?:between|both)(?: about| around)? ?[^\s\w]?[A-Z]{0,3} ?[^\s\w]?$", re.IGNORECASE)
_CHANGES_TO = re.compile("(?:으)?로(?![가-힣])")
"""A에서 B로 is a change from one value to another, not a range."""
_BY = re.compile(
    r"\b(?:by|rose|fell|gained|lost|added|dropped|climbed|up|down|jumped)(?: about| nearly| over| almost)? ?[^\s\w]?$",
    re.IGNORECASE,
)
_MONTHS = re.compile("([0-9]{1,2})월(?!드)")
_PARTS_OF = {("year", "month"): 12, ("hour", "minute"): 60, ("minute", "second"): 60, ("day", "hour"): 24,
             ("year", "day"): 0, ("month", "day"): 0, ("night", "day"): 0}  # fmt: skip


def join_range(text: str, draft: FigureDraft, numeral: Numeral, floor: int) -> bool:
    """Extend the draft over the upper end of a range; return whether there was one.

    >>> from claimledger.quantities import find_figures
    >>> [(figure.low, figure.high, figure.unit) for figure in find_figures("10–12 %, 3~4억원")]
    [(Decimal('10'), Decimal('12'), 'percent'), (Decimal('300000000'), Decimal('400000000'), None)]
    """
    link = _RANGE.match(text, draft.end)
    if not link or numeral.amount is None:
        return False
    start, upper_sign, upper = _read_upper(text, link.end(), is_money=bool(draft.currency))
    if upper is None or upper.amount is None or not _can_be_range(text, link, draft, floor):
        return False
    end = measure_numeral(text, start, upper, upper_sign)
    if link["to"] and draft.is_bare and end.is_bare and upper.amount < numeral.amount:
        return _join_sides(text, draft, numeral.amount, upper, floor)
    if not _have_same_kind(draft, end, link) or (link["ko"] and _CHANGES_TO.match(text, end.end)):
        return False
    low, high = _lower_end(draft, numeral, upper), upper.amount
    if low > high and link["to"] and _is_comparison(text, draft, floor):
        return False
    draft.low, draft.high = min(low, high), max(low, high)
    draft.apply_upper_end(end)
    return True


_OPPOSED = re.compile(
    r"\b(?:vot(?:e|ed|es|ing)|won|wins?|lost|loses?|beat|beats|ruled|ruling|led|lead|leads|defeated|split|passed|score)\b"
    r"[^.;]{0,24}$", re.IGNORECASE
)  # fmt: skip


def _join_sides(text: str, draft: FigureDraft, one: Decimal, other: Numeral, floor: int) -> bool:
    """Join "three to one" as a ratio and "voted 5 to 4" as a score; other falling pairs only "from" makes a range."""
    before = text[max(floor, draft.start - 32) : draft.start]
    if other.amount == 1 and not before.lower().endswith(("from ", "between ")):
        draft.amount, draft.unit, draft.end = one, "ratio", other.end
    elif _OPPOSED.search(before):
        draft.low, draft.high, draft.amount, draft.unit, draft.end = other.amount, one, None, "score", other.end
    elif _FROM.search(before):
        draft.low, draft.high, draft.amount, draft.end = other.amount, one, None, other.end
        return True
    else:
        return False
    draft.is_bare, draft.is_measure = False, True
    return True


def _is_comparison(text: str, draft: FigureDraft, floor: int) -> bool:
    """Return whether a falling "A to B" compares two sides instead of naming a range: 49 percent to 47 percent."""
    return not draft.is_bare and not _FROM.search(text, max(floor, draft.start - 24), draft.start)


def _read_upper(text: str, start: int, *, is_money: bool) -> tuple[int, tuple[int, str] | None, Numeral | None]:
    place = start
    while (
        place < start + LONGEST_SIGN + 1
        and text[place : place + 1]
        and not text[place].isdigit()
        and text[place] != "."
    ):
        place += 1
    sign = read_sign(text, place, start) if place > start else None
    if sign and sign[0] == start:
        return place, sign, read_digits(text, place, is_money=True)
    if text[start : start + 1].isdigit():
        return start, None, read_digits(text, start, is_money=is_money)
    return start, None, read_spelled_number(text, start)


def _can_be_range(text: str, link: re.Match[str], draft: FigureDraft, floor: int) -> bool:
    before = text[max(floor, draft.start - 24) : draft.start]
    if link["and"]:
        return bool(_BETWEEN.search(before))
    if link["or"] or link["ko"]:
        return draft.is_bare
    return not (link["to"] and not draft.is_bare and _BY.search(before))


def _have_same_kind(draft: FigureDraft, end: FigureDraft, link: re.Match[str]) -> bool:
    """Return whether the two ends of a range have the same kind of unit."""
    if draft.is_bare:
        return not (end.is_bare and link["dash"] and " " in link["dash"])
    if end.is_bare:
        return draft.currency is not None and link["dash"] is not None
    return (draft.unit, draft.currency) == (end.unit, end.currency)


_LEAST_SCALED = 10_000


def _lower_end(draft: FigureDraft, numeral: Numeral, upper: Numeral) -> Decimal:
    """Return the lower end of a range, scaled if only the upper end has the scale word: 3~4억."""
    low = numeral.amount or Decimal(0)
    is_shared = upper.is_scaled and not numeral.is_scaled and (draft.unit is None or draft.currency is not None)
    if not is_shared or not upper.head or not upper.amount or low >= _LEAST_SCALED or low > upper.head * 10:
        return low
    scale = EXACT.divide(upper.amount, upper.head)
    return plain_decimal(EXACT.multiply(low, scale)) if low and scale == plain_decimal(scale) else low


_AND_HALF = re.compile(
    " ?반(?:(?![가-힣])|(?=(?:이|을|가|의|도|은|여|만에|만의|만인|동안|간|쯤|가량|정도|이나|째|으로|마다|이상)"
    "(?![가-힣])))"
)
"""반 after a unit: half of it more. In 2년 반대 and 3시간 반복 it begins another word."""
_HUNDREDTHS = re.compile("([0-9]{2})(?![0-9])")
"""The hundredths of a race time, printed after 초: 10초23."""


def join_half(text: str, draft: FigureDraft) -> None:
    """Extend a length of time or a multiple over 반: 2시간 반, 세 배 반."""
    is_halved = draft.role is FigureRole.DURATION or draft.unit == "times"
    if is_halved and draft.amount is not None and (half := _AND_HALF.match(text, draft.end)):
        draft.amount, draft.end = EXACT.add(draft.amount, Decimal("0.5")), half.end()
        draft.precision = Decimal("0.5")


def join_smaller_unit(text: str, draft: FigureDraft) -> None:
    """Extend a length of time over its smaller unit: 2시간 45분, 1년7개월, 10초23."""
    join_half(text, draft)
    _join_parts(text, draft)
    is_race_time = draft.unit == "second" and text[draft.end - 1] == "초"
    if is_race_time and draft.amount is not None and (rest := _HUNDREDTHS.match(text, draft.end)):
        draft.amount = EXACT.add(draft.amount, Decimal(int(rest[1])).scaleb(-2))
        draft.end, draft.precision = rest.end(), Decimal("0.01")


def _join_parts(text: str, draft: FigureDraft) -> None:
    while draft.role is FigureRole.DURATION and draft.amount is not None:
        start = draft.end + (text[draft.end : draft.end + 1] == " ")
        if draft.unit == "year" and (month := _MONTHS.match(text, start)):
            draft.amount = EXACT.add(EXACT.multiply(draft.amount, Decimal(12)), Decimal(month[1]))
            draft.unit, draft.end = "month", month.end()
            return
        if not text[start : start + 1].isdigit():
            return
        numeral = read_digits(text, start, is_money=False)
        part = numeral and measure_numeral(text, start, numeral, None)
        if not part or part.amount is None or (draft.unit, part.unit) not in _PARTS_OF:
            return
        many = _PARTS_OF[draft.unit or "", part.unit or ""]
        draft.end = part.end
        if not many:
            return
        draft.amount = EXACT.add(EXACT.multiply(draft.amount, Decimal(many)), part.amount)
        draft.unit, draft.precision = part.unit, part.precision


_AGO = re.compile(
    r" ?(?:전(?=에|의|부터|만|인|까지|과|에는|에도|,|\.| |$)|뒤(?![가-힣]{2})|후(?![가-힣]{2}))"
    r"|(?: and a half)? (?:ago|earlier|later|hence|from now)(?![A-Za-z])"
)
_NEGATIVE = re.compile(
    r"(?P<sign>(?:^|(?<=[\s(:$£€]))-|(?P<falls>[△▽▼])|\(-\) ?)$|(?P<word>(?<!or )\bminus[ -]|영하 ?|마이너스 ?)$",
    re.IGNORECASE,
)
_BULLET = re.compile("[△▽▼](?! ?[0-9])")
"""A triangle before a word: the text uses the sign for the items of a list."""


_NEGATIVE_ENDS = frozenset("-sSſ하스△▽▼)")
"""The possible characters among the last two before a negative number."""


def extend_draft(text: str, draft: FigureDraft, numeral: Numeral, floor: int) -> None:
    """Extend a measured draft over a range, a smaller unit, a minus sign and the word of a distance."""
    join_range(text, draft, numeral, floor)
    if draft.role is FigureRole.DURATION or draft.unit == "times":
        join_smaller_unit(text, draft)
        mark_date_offset(text, draft)
    if (
        draft.amount is not None
        and draft.start
        and not _NEGATIVE_ENDS.isdisjoint(text[max(0, draft.start - 2) : draft.start])
        and (minus := _NEGATIVE.search(text, max(floor, draft.start - 9), draft.start))
        and not (minus["falls"] and not _is_fall(text, draft))
    ):
        draft.amount = -draft.amount
        if minus["sign"]:
            draft.start = minus.start("sign")
        draft.first = minus.start()


_FALLING = frozenset(("percent", "percentage_point", "basis_point"))
_LIST_REACH = 80


def _is_fall(text: str, draft: FigureDraft) -> bool:
    """Return whether △ means minus, as in tables of results (△3.2%), and is not the bullet of a list."""
    if not (draft.is_bare or draft.currency or draft.unit in _FALLING):
        return False
    return not _BULLET.search(text, max(0, draft.start - _LIST_REACH), draft.end + _LIST_REACH)


def mark_date_offset(text: str, draft: FigureDraft) -> None:
    """Turn a length of time before 전, 뒤 or ago into a distance from a date."""
    if draft.role is FigureRole.DURATION and (distance := _AGO.match(text, draft.end)):
        draft.role, draft.is_offset, draft.last = FigureRole.DATE, True, distance.end()
