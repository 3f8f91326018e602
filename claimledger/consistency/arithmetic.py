"""What the figures of one sentence make together: sums, shares, changes, multiples, prices times numbers.

In: a claim and its texts. Out: findings. The invariant: only what the words tie together is computed ("총", "가운데",
"from … to", "each"), and a number stands for all that rounds to it; whatever else a sentence may mean is not said.
Limits: one sentence at a time; a total beside parts that may not be all of them is only held to be no less than they.
It must not know rates, dates or evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from claimledger.agreement.figure_meaning import measure_of
from claimledger.consistency.finding_codes import Finding, finding
from claimledger.consistency.sentence_figures import Printed, Sentence, sentences, shown
from claimledger.consistency.relation_words import (
    AMONG,
    DOWN,
    EACH_AFTER,
    EACH_BEFORE,
    FROM_AFTER,
    FROM_BEFORE,
    OF_AFTER,
    OF_BEFORE,
    OF_NEXT,
    PER_ONE,
    TO_AFTER,
    TO_BEFORE,
    TOTAL_AFTER,
    TOTAL_BEFORE,
    UP,
)  # fmt: skip
from claimledger.counting import item
from claimledger.messages import Value
from claimledger.models import Claim
from claimledger.quantities import find_figures
from claimledger.vocabulary import Direction

_HUNDRED = Decimal(100)
_TIMES = measure_of("times", None)[1]
"""What one time is in the first unit of its dimension: of "0 times" that cannot be told by dividing."""
_LONGEST_MARK = 32
"""So many code points before a figure are looked at for words that say what it is."""
_POINTS = frozenset(("percentage_point", "point"))
Ends = tuple[Decimal, Decimal]
"""The least and the most that a number may be."""


class Computed(NamedTuple):
    """Something that was computed."""

    code: str
    about: Printed
    """The figure that it is about."""
    said: dict[str, Value]
    """What its sentences say."""


def findings_of(claim: Claim, texts: Iterable[str]) -> Iterator[Finding]:
    """Yield what the figures of a claim come to in its texts, each thing once, and nothing about other figures."""
    own = {quantity.amount: index for index, quantity in reversed(list(enumerate(claim.quantities)))}
    if len(claim.quantities) < 2:  # noqa: PLR2004  one figure makes nothing with itself
        return
    known: set[tuple[str, int]] = set()
    for text in texts:
        for computed in (one for sentence in sentences(text) for one in _computed(sentence)):
            index = own.get(computed.about.raw)
            if index is not None and (computed.code, index) not in known:
                known.add((computed.code, index))
                yield finding(computed.code, claim.claim_id, item("quantities", index), computed.said)


def _computed(sentence: Sentence) -> Iterator[Computed]:
    figures = [figure for figure in sentence.figures if not figure.is_conversion]
    if len(figures) > 1:
        for check in _CHECKS:
            yield from check(sentence.text, figures)


def _meets(one: Ends, other: Ends) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _over(part: Ends, whole: Ends) -> Ends:
    """Return the ratios that two numbers may have; the second is above 0."""
    return part[0] / whole[1], part[1] / whole[0]


def _share(part: Ends, whole: Ends) -> Ends:
    low, high = _over(part, whole)
    return low * _HUNDRED, high * _HUNDRED


def _is_marked(text: str, figure: Printed, before: re.Pattern[str], after: re.Pattern[str]) -> bool:
    return bool(before.search(_head(text, figure)) or after.match(text, figure.end))


def _head(text: str, figure: Printed) -> str:
    """Return what stands right before a figure."""
    return text[max(0, figure.start - _LONGEST_MARK) : figure.start]


# Sums


def _sums(text: str, figures: Sequence[Printed]) -> Iterator[Computed]:
    totals = [figure for figure in figures if figure.dimension and _is_marked(text, figure, TOTAL_BEFORE, TOTAL_AFTER)]
    for total in totals[:1] if len(totals) == 1 else ():
        parts = [one for one in figures if one is not total and one.dimension == total.dimension]
        parts = [one for one in parts if not one.direction and not _is_price(text, one) and not _is_per(text, one)]
        whole = sum((part.amount for part in parts), Decimal(0))
        ends = sum((part.ends[0] for part in parts), Decimal(0)), sum((part.ends[1] for part in parts), Decimal(0))
        may_lack = AMONG.search(text) and ends[0] <= total.ends[1]
        if len(parts) > 1 and not may_lack and not _meets(ends, total.ends):
            whole *= total.raw / total.amount if total.amount else 1
            listed = " + ".join(f"'{part.text}'" for part in parts)
            yield Computed("sum-differs", total, {"parts": listed, "sum": shown(whole), "total": total.text})


# Shares


def _percentages(text: str, figures: Sequence[Printed]) -> Iterator[Computed]:
    wholes = [one for one in figures if one.is_count and _is_marked(text, one, OF_BEFORE, OF_AFTER)]
    percents = [one for one in figures if one.unit == "percent" and not one.direction]
    parts = [one for one in figures if one.is_count and one not in wholes]
    if not len(wholes) == len(percents) == len(parts) == 1:
        return
    (whole,), (printed,), (part,) = wholes, percents, parts
    if _is_of_another(text, printed, whole) or _is_reached(text, printed):
        return
    if not 0 < part.amount < whole.amount or _meets(_share(part.ends, whole.ends), printed.ends):
        return
    share = shown(part.amount / whole.amount * _HUNDRED)
    said: dict[str, Value] = {"part": part.text, "whole": whole.text, "share": share, "printed": printed.text}
    rest = whole.ends[0] - part.ends[1], whole.ends[1] - part.ends[0]
    if rest[0] > 0 and _meets(_share(part.ends, rest), printed.ends):
        said["other"] = shown(whole.amount - part.amount)
        yield Computed("percentage-of-wrong-base", printed, said)
    else:
        yield Computed("percentage-differs", printed, said)


def _is_of_another(text: str, percent: Printed, whole: Printed) -> bool:
    """Whether the words after a percentage say of what it is, and that is not the whole: "40% of the rest"."""
    after = text[percent.end :]
    return bool(OF_NEXT.match(after)) and not OF_BEFORE.fullmatch(text[percent.end : whole.start].strip() + " ")


def _is_reached(text: str, percent: Printed) -> bool:
    """Whether a share rises or falls to a percentage; what is added by then is not all of the part."""
    return _is_marked(text, percent, TO_BEFORE, TO_AFTER) and bool(UP.search(text) or DOWN.search(text))


# Changes


def _changes(text: str, figures: Sequence[Printed]) -> Iterator[Computed]:
    for printed in figures:
        values = _values(text, [one for one in figures if one is not printed]) if _tells_change(text, printed) else None
        if values and (is_wrong := _wrong(text, *values, printed)):
            yield Computed(is_wrong, printed, _said(*values, printed))


def _tells_change(text: str, figure: Printed) -> bool:
    """Whether a figure may say by how much something changed, and is not one of the two values itself."""
    if figure.unit == "times" or figure.unit in _POINTS:
        return True
    marks = ((FROM_BEFORE, FROM_AFTER), (TO_BEFORE, TO_AFTER))
    return figure.unit == "percent" and not any(_is_marked(text, figure, *pair) for pair in marks)


def _values(text: str, figures: Sequence[Printed]) -> tuple[Printed, Printed] | None:
    """Return the first and the second value of a change: the two of one dimension, one of which is the "from"."""
    alike = [one for one in figures if one.dimension == figures[0].dimension]
    if len(alike) != 2 or len(alike) != len(figures) or min(one.ends[0] for one in alike) <= 0:  # noqa: PLR2004
        return None
    first, second = alike
    if first.start == second.start:
        if not FROM_BEFORE.search(_head(text, first)):
            return None
        return (first, second) if _begins_with(first) else (second, first)
    marked = [one for one in alike if _is_marked(text, one, FROM_BEFORE, FROM_AFTER)]
    if len(marked) != 1:
        return None
    return (first, second) if marked[0] is first else (second, first)


def _begins_with(end: Printed) -> bool:
    """Whether a range is printed with this end first: "50 to 40" begins with 50."""
    begun = find_figures(re.split(r" to |[~–-]|에서", end.text)[0])
    digits = [one.amount.normalize().as_tuple().digits for one in begun if one.amount]
    return digits[:1] == [end.raw.normalize().as_tuple().digits]


def _wrong(text: str, first: Printed, second: Printed, printed: Printed) -> str:
    """Return the code of what is wrong with a change; an empty text if nothing is."""
    if printed.unit == "times":
        return "" if _is_multiple(first, second, printed) else "multiple-differs"
    change = _change(second.ends, first.ends)
    points = _size((second.ends[0] - first.ends[1], second.ends[1] - first.ends[0]))
    is_share = first.unit == "percent"
    if printed.unit in _POINTS:
        is_relative = not _meets(points, printed.ends) and _meets(change, printed.ends)
        return "points-for-percent" if is_share and is_relative else ""
    if _meets(change, printed.ends):
        return "growth-differs" if _goes_wrong(text, first, second, printed) else ""
    if is_share and _meets(points, printed.ends):
        return "percent-for-points"
    is_of_second = _meets(_change(first.ends, second.ends), printed.ends)
    return "percentage-of-wrong-base" if is_of_second else "growth-differs"


def _change(value: Ends, base: Ends) -> Ends:
    """Return the percentages by which a value may differ from its base, without their sign."""
    low, high = _share(value, base)
    return _size((low - _HUNDRED, high - _HUNDRED))


def _size(ends: Ends) -> Ends:
    """Return how far from 0 a number may be."""
    least, most = sorted(map(abs, ends))
    return (Decimal(0) if ends[0] < 0 < ends[1] else least), most


def _is_multiple(first: Printed, second: Printed, printed: Printed) -> bool:
    """Whether a multiple is that of two values; "three times more" is said of both three and four times as much."""
    low, high = _over(second.ends, first.ends)
    turned = _over(first.ends, second.ends)
    said = _over(printed.ends, (_TIMES, _TIMES))
    return any(_meets(one, said) for one in ((low, high), (low - 1, high - 1), turned))


def _goes_wrong(text: str, first: Printed, second: Printed, printed: Printed) -> bool:
    """Whether the words say up where the values go down, or the other way round."""
    is_up = second.amount > first.amount
    if printed.direction:
        return (printed.direction is Direction.ABOVE) != is_up
    other, own = (DOWN, UP) if is_up else (UP, DOWN)
    return bool(other.search(text)) and not own.search(text)


def _said(first: Printed, second: Printed, printed: Printed) -> dict[str, Value]:
    difference = second.amount - first.amount
    told = second.raw - first.raw if second.unit == first.unit else difference
    is_range = first.start == second.start
    names = [
        shown(one.raw) + ("%" if one.unit == "percent" else "") if is_range else one.text for one in (first, second)
    ]
    return {
        "first": names[0], "second": names[1], "printed": printed.text, "points": shown(difference),
        "change": shown(difference / first.amount * _HUNDRED), "times": shown(second.amount / first.amount),
        "part": shown(told), "whole": names[0], "other": names[1],
        "share": shown(difference / first.amount * _HUNDRED),
    }  # fmt: skip


# Prices


def _is_price(text: str, figure: Printed) -> bool:
    return figure.is_money and _is_marked(text, figure, EACH_BEFORE, EACH_AFTER)


def _is_per(text: str, figure: Printed) -> bool:
    """Whether a count only says of how many a price is: 1인당."""
    return bool(PER_ONE.match(text, figure.end))


def _prices(text: str, figures: Sequence[Printed]) -> Iterator[Computed]:
    counts = [one for one in figures if one.is_count and one.amount > 1 and not _is_per(text, one)]
    money = [one for one in figures if one.is_money]
    prices = [one for one in money if _is_price(text, one)]
    totals = [one for one in money if one not in prices]
    if len(counts) != 1 or len(totals) != 1:
        return
    if not prices:
        yield from _for_each(totals[0], counts[0])
    elif len(prices) == 1 and prices[0].unit == totals[0].unit:
        yield from _product(prices[0], counts[0], totals[0])


def _for_each(money: Printed, count: Printed) -> Iterator[Computed]:
    each = shown(money.amount / count.amount)
    said = {"money": money.text, "count": count.text, "each": each, "currency": money.unit}
    yield Computed("amount-for-each", money, dict[str, Value](said))


def _product(price: Printed, count: Printed, total: Printed) -> Iterator[Computed]:
    ends = price.ends[0] * count.ends[0], price.ends[1] * count.ends[1]
    if not _meets(ends, total.ends):
        product = shown(price.amount * count.amount)
        said = {"price": price.text, "count": count.text, "product": product, "total": total.text}
        yield Computed("product-differs", total, dict[str, Value](said))


_CHECKS: Sequence[Callable[[str, Sequence[Printed]], Iterator[Computed]]] = (_sums, _percentages, _changes, _prices)
