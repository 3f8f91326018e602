"""Extend a numeral to a measured figure: unit, currency sign, range, compound length of time.

The result is a `FigureDraft`. Each step looks ahead a bounded distance, and a range or a smaller unit only extends a
draft to the right. This module does not know names, idioms or dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from claimledger.quantities.counters import choose_meaning
from claimledger.quantities.figure import FigureRole
from claimledger.quantities.limits import is_plausible
from claimledger.quantities.numeral_words import ENGLISH_NUMBERS
from claimledger.quantities.numerals import (
    DIGITS, EXACT, MOST_DIGITS, Numeral, rounded_quotient, plain_decimal, read_digits, read_spelled_number,
    last_digit_step,
)  # fmt: skip
from claimledger.quantities.unit_tables import GARBLED_SIGNS, CURRENCY_SIGNS
from claimledger.quantities.units import UnitMatch, read_unit
from claimledger.vocabulary import Comparator


@dataclass(slots=True)
class FigureDraft:
    """A figure that is being read; its positions are those of the folded text."""

    start: int
    end: int
    role: FigureRole = FigureRole.QUANTITY
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    currency: str | None = None
    precision: Decimal | None = None
    comparator: Comparator | None = None
    is_bare: bool = False
    """True if the text does not say what the number counts."""
    is_measure: bool = False
    """True if the unit belongs to the number in any surroundings."""
    first: int = -1
    """The start of a minus sign or of its word (영하) before the core; -1 if there is none."""
    is_offset: bool = False
    """True if it is a distance from a date, which may have an amount."""
    last: int = 0
    """The end of the word after a distance (전, ago), past the end of the core."""

    def set_unit(self, found: UnitMatch) -> None:
        """Set the unit that follows the number."""
        unit = found.unit
        self.unit, self.currency, self.role = unit.name, unit.currency, unit.role
        self.end, self.is_bare, self.is_measure = found.end, False, unit.is_measure
        if found.form.endswith(("여", "여간")):  # 3시간여: somewhat more than three hours
            self.comparator = Comparator.MORE_THAN

    def apply_upper_end(self, end: FigureDraft) -> None:
        """Extend the draft to the upper end of a range and apply its unit to both ends."""
        self.amount, self.precision, self.end = None, end.precision, end.end
        self.unit, self.currency, self.role = end.unit or self.unit, end.currency or self.currency, end.role
        self.is_bare, self.is_measure = end.is_bare and self.is_bare, end.is_measure or self.is_measure

    def set_noun(self, noun: tuple[str, int]) -> None:
        """Set the noun that follows the number as the unit."""
        self.unit, self.end = noun
        self.is_bare = False


FigureReading = tuple[FigureDraft | None, int]
"""The draft that a reader found, or None, and the position where the scan continues."""


_SIGN_ENDS = frozenset(form[-1] for form in [*CURRENCY_SIGNS, *GARBLED_SIGNS])
_LONGEST_SIGN = max(len(form) for form in CURRENCY_SIGNS)
_ODD_MANY = re.compile("여(?= ?[가-힣a-zA-Z%])(?!기|자|성|권|전히|러)")
_REPEATED = re.compile(r" (?:US|U\.S\.|USD)(?![A-Za-z])")
_RANGE = re.compile(r"(?P<to>-? to[ -]|-to-)|(?P<dash> ?~ ?| - |- ?)|(?P<ko>에서 ?| ?내지 )|(?P<or> or )|(?P<and> and )")
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
_RATIO = re.compile(rf"(?P<one>{DIGITS})(?: ?대 ?|-to-)(?P<other>{DIGITS})(?![만억천백조%]|여? ?명)")
_MONTHS = re.compile("([0-9]{1,2})월(?!드)")
_PARTS_OF = {("year", "month"): 12, ("hour", "minute"): 60, ("minute", "second"): 60, ("day", "hour"): 24,
             ("year", "day"): 0, ("month", "day"): 0, ("night", "day"): 0}  # fmt: skip


def read_sign(text: str, start: int, floor: int) -> tuple[int, str] | None:
    """Return the start and the code of the currency sign before `start`.

    >>> read_sign("cost US$1.2bn", 8, 0), read_sign("USD 10m", 4, 0)
    ((5, 'USD'), (0, 'USD'))
    """
    window = text[max(floor, start - _LONGEST_SIGN - 1) : start].rstrip(" -")
    if not window or window[-1] not in _SIGN_ENDS:
        return None
    at = start - (text[start - 1] in " -")
    for length in range(min(_LONGEST_SIGN, len(window)), 0, -1):
        form = window[-length:]
        code = CURRENCY_SIGNS.get(form) or GARBLED_SIGNS.get(form)
        if code and not (form[0].isalnum() and len(window) > length and window[-length - 1].isalnum()):
            return at - length, code
    return None


def measure_numeral(text: str, start: int, numeral: Numeral, sign: tuple[int, str] | None) -> FigureDraft:
    """Return the draft of a numeral with its unit."""
    draft = FigureDraft(
        sign[0] if sign else start, numeral.end, FigureRole.QUANTITY, numeral.amount, numeral.low, numeral.high
    )
    draft.precision = numeral.precision
    if sign:
        draft.currency, draft.is_measure = sign[1], True
        _complete_money(text, start, draft)
        return draft
    _include_odd_many(text, start, draft)
    number_end = draft.end
    found = read_unit(text, number_end)
    if found and found.form:
        found = choose_meaning(text, start, number_end, found)
        if found and text[number_end - 1] == "조" and not is_plausible(found.unit.name, found.unit.currency, draft.amount, draft.low):
            found = None  # 2조 경기: a game of the second group, not 2 × 10^12 games
    if found:
        draft.set_unit(found)
    elif degrees := _DEGREES.match(text, number_end) if _is_temperature(text, start, number_end) else None:
        draft.unit, draft.end, draft.is_measure = _SCALES_OF_DEGREES[degrees[1]], degrees.end(), True
    elif numeral.is_fraction:
        draft.unit, draft.is_measure = "ratio", True
    else:
        draft.is_bare = True
    return draft


_DEGREES = re.compile("(?:°|º)?([CF])(?![A-Za-z0-9])")
_SCALES_OF_DEGREES = {"C": "celsius", "F": "fahrenheit"}
_WEATHER = re.compile(
    r"temperature|weather|degree|heat|cold|warm|cool|frost|freez|mercury|thermometer|oven|boil|melt|bake|climate|forecast"
    r"|\b(?:highs?|lows?|hot|hottest|coldest|sunny|snow|winter|summer|fever)\b", re.IGNORECASE
)  # fmt: skip
_WEATHER_REACH = 60


def _is_temperature(text: str, start: int, end: int) -> bool:
    """Return whether a letter right after a number is a scale of temperature: -4C, or 31C in a text on the weather."""
    if text[end : end + 1] not in ("C", "F"):
        return False
    if text[start - 1 : start] == "-" and (start < 2 or text[start - 2] in " (\n"):
        return True
    return _WEATHER.search(text, max(0, start - _WEATHER_REACH), end + _WEATHER_REACH) is not None


def _include_odd_many(text: str, start: int, draft: FigureDraft) -> None:
    """Include the 여 of 100여 명, which means somewhat more than 100."""
    if odd := _ODD_MANY.match(text, draft.end):
        draft.end = odd.end()
    if odd or "여" in text[start : draft.end]:
        draft.comparator = Comparator.MORE_THAN


def _complete_money(text: str, start: int, draft: FigureDraft) -> None:
    """Include a minus sign after the currency sign, and a currency printed twice: $-5, $76 US."""
    if text[start - 1] == "-" and draft.amount is not None:
        draft.amount = -draft.amount
    found = _REPEATED.match(text, draft.end)
    if found and draft.currency == "USD":
        draft.end = found.end()


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
    if upper is None or upper.amount is None or not _may_be_range(text, link, draft, floor):
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
        place < start + _LONGEST_SIGN + 1
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


def _may_be_range(text: str, link: re.Match[str], draft: FigureDraft, floor: int) -> bool:
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


def read_ratio(text: str, start: int) -> FigureDraft | None:
    """Read "8.7대 1" as a ratio, or as a score if the second number is not 1.

    >>> read_ratio("8.7대 1의 경쟁률", 0).amount, read_ratio("53대 46으로", 0).unit
    (Decimal('8.7'), 'score')
    """
    found = _RATIO.match(text, start)
    if not found or found.end() - start > MOST_DIGITS or read_unit(text, found.end()):
        return None
    one, other = (Decimal(number.replace(",", "")) for number in found.group("one", "other"))
    draft = FigureDraft(start, found.end(), FigureRole.QUANTITY, precision=Decimal(1), is_measure=True)
    if other == 1:
        draft.unit, draft.amount, draft.precision = "ratio", one, last_digit_step(found["one"])
    else:
        draft.unit, draft.low, draft.high = "score", min(one, other), max(one, other)
    return draft


_AND_HALF = re.compile(
    " ?반(?:(?![가-힣])|(?=(?:이|을|가|의|도|은|여|만에|만의|만인|동안|간|쯤|가량|정도|이나|째|으로|마다|이상)(?![가-힣])))"
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
    if draft.unit == "second" and draft.amount is not None and (rest := _HUNDREDTHS.match(text, draft.end)):
        if text[draft.end - 1] == "초":
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


_LENGTH_CUES = re.compile(
    r"\b(?:met(?:re|er)s?|m|ft|feet|foot|km|cm|height|high|tall|long|length|wide|width|deep|depth|distance|altitude"
    r"|elevation|level|waves?|snow|swim\w*|swam|ran|run|running|race|races|raced|sprint\w*|jump\w*|throw|threw|hurdles|final"
    r"|relay|freestyle|medal|Olympics?|telescope|mirror|diameter|radius|tower|mast|wall|fence|cliff|trench|tunnel|pool|pitch"
    r"|yards?|away|above|below|underwater|water|river|rope|drop|climb\w*|ship|yacht|boat|vessel|statue|tree|whale|shark|crane"
    r"|mountain|hill|skeleton|rocket|shot|goal|penalty|kick|stands|stood|measur\w+|square)\b|[가-힣]",
    re.IGNORECASE,
)  # fmt: skip
_LENGTH_REACH = 60


def is_unsure_length(text: str, draft: FigureDraft) -> bool:
    """Return whether "m" after a number may be metres or millions: Sales rose to 3.2m. Such a figure is not given."""
    if draft.unit != "meter" or text[draft.end - 1] != "m" or not text[draft.end - 2].isdigit():
        return False
    around = text[max(0, draft.start - _LENGTH_REACH) : draft.start], text[draft.end : draft.end + _LENGTH_REACH]
    return not any(_LENGTH_CUES.search(part) for part in around) and len(text) > draft.end - draft.start + 1


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


KOREAN_FRACTION = re.compile(
    rf"(?P<bottom>{DIGITS}|[이삼사오육칠팔구십]|백|천) ?분의 ?(?P<top>{DIGITS}|[일이삼사오육칠팔구](?![가-힣]{{2}}))"
)
"""A Korean fraction: 3분의 2, 삼분의 일."""
_SINO_SMALL = {word: value for value, word in enumerate("영일이삼사오육칠팔구십")} | {"백": 100, "천": 1000}


def read_korean_fraction(text: str, start: int) -> FigureDraft | None:
    """Read a Korean fraction, which names the denominator first.

    >>> read_korean_fraction("3분의 2에 불과", 0).amount
    Decimal('0.6667')
    """
    found = KOREAN_FRACTION.match(text, start)
    if not found or found.end() - start > MOST_DIGITS:
        return None
    bottom, top = (_SINO_SMALL.get(word) or Decimal(word.replace(",", "")) for word in found.group("bottom", "top"))
    if not bottom:
        return None
    return FigureDraft(
        start, found.end(), FigureRole.QUANTITY, rounded_quotient(top, bottom), unit="ratio", is_measure=True
    )


_OUT_OF = re.compile(
    r" (?P<of>out of|in|of(?= (?:every |10 |ten |100 ))) (?:every )?"
    r"(?P<bottom>[0-9]{1,4}|two|three|four|five|six|seven|eight|nine|ten|twenty)(?=[ .,;)]|$)",
    re.IGNORECASE,
)


def read_share_out_of(text: str, draft: FigureDraft) -> FigureDraft | None:
    """Read "eight out of 10" or "one in three" after the bare first number.

    >>> read_share_out_of("8 out of 10 say", FigureDraft(0, 1, amount=Decimal(8))).amount
    Decimal('0.8')
    """
    found = _OUT_OF.match(text, draft.end)
    if not found or draft.amount is None or (found["of"].lower() == "in" and draft.amount != 1):
        return None
    bottom = ENGLISH_NUMBERS.get(found["bottom"].lower()) or int(found["bottom"])
    if bottom <= draft.amount or draft.amount < 1:
        return None
    share = rounded_quotient(draft.amount, bottom)
    return FigureDraft(draft.start, found.end("bottom"), amount=share, unit="ratio", is_measure=True)


_COMMON_BOTTOMS = frozenset(("2", "3", "4", "5", "6", "8", "10", "12", "16", "32", "64", "100", "128", "1000"))
SLASHED_FRACTION = re.compile(r"(?P<top>[0-9]{1,3})/(?P<bottom>[1-9][0-9]{0,3})(?![0-9/.,]|분기|[0-9])")


def read_slashed_fraction(text: str, start: int) -> FigureDraft | None:
    """Read a fraction with a slash.

    >>> read_slashed_fraction("1/16 of a pint", 0).amount
    Decimal('0.0625')
    """
    found = SLASHED_FRACTION.match(text, start)
    if not found or int(found["top"]) > int(found["bottom"]):
        return None
    if found["bottom"] not in _COMMON_BOTTOMS and not text.startswith(" of ", found.end()):
        return None
    return FigureDraft(
        start,
        found.end(),
        FigureRole.QUANTITY,
        rounded_quotient(int(found["top"]), int(found["bottom"])),
        unit="ratio",
        is_measure=True,
    )
