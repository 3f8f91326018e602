"""Computes with the figures of one sentence: sums, shares, changes, multiples, and prices times numbers.

Only figures that the words connect are computed ("총", "가운데", "from … to", "each"). A number means every value that
rounds to it. A sentence with another possible meaning gives no finding. The checks read one sentence at a time. A total
next to a possibly incomplete list must only be at least the sum of the parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from claimledger.agreement.figure_meaning import unit_measure
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.prices import is_price, is_price_basis, price_results
from claimledger.consistency.sentence_figures import PrintedFigure, SentenceFigures, read_sentences, format_number
from claimledger.agreement.opposite_words import direction_poles
from claimledger.consistency.averages import average
from claimledger.consistency.computed_results import (
    ComputedResult, ValueRange, is_marked, overlap, percentage_range, ratio_range, text_before,
)  # fmt: skip
from claimledger.consistency.exact_relations import (
    converted_units, group_sum, listed_sum, money_share, points_gap, worded_multiple,
)  # fmt: skip
from claimledger.consistency.relation_words import (
    FROM_AFTER, FROM_BEFORE, MORE_AFTER, OF_AFTER, OF_BEFORE, OF_NEXT, PARTIAL_LIST, TO_AFTER, TO_BEFORE, TOTAL_AFTER,
    TOTAL_BEFORE, WORDED_MULTIPLE,
)  # fmt: skip
from claimledger.counting import item_path
from claimledger.messages import Value
from claimledger.models import Claim
from claimledger.quantities import find_figures
from claimledger.vocabulary import Direction

_HUNDRED = Decimal(100)
_ONE_TIME = unit_measure("times", None)[1]
"""One time in the first unit of its dimension, since a division cannot show it for "0 times"."""
_POINTS = frozenset(("percentage_point", "point"))


def arithmetic_findings(claim: Claim, texts: Iterable[str]) -> Iterator[Finding]:
    """Yield the findings on a claim's own figures in its texts, each code once per figure."""
    if not claim.quantities:
        return
    numbers = [
        (amount, index)
        for index, quantity in reversed(list(enumerate(claim.quantities)))
        for amount in (quantity.amount, quantity.low, quantity.high)
        if amount is not None
    ]
    if len(numbers) < 2:  # noqa: PLR2004  a single number has nothing to compute with
        return
    own = dict(numbers)
    reported: set[tuple[str, int]] = set()
    for text in texts:
        for computed in (one for sentence in read_sentences(text) for one in _compute_sentence(sentence)):
            index = own.get(computed.figure.raw)
            if index is not None and (computed.code, index) not in reported:
                reported.add((computed.code, index))
                yield make_finding(computed.code, claim.claim_id, item_path("quantities", index), computed.said)


def _compute_sentence(sentence: SentenceFigures) -> Iterator[ComputedResult]:
    if any(figure.is_conversion for figure in sentence.figures):
        yield from _check_units(sentence.text, sentence.figures)
    figures = [figure for figure in sentence.figures if not figure.is_conversion]
    if len(figures) > 1:
        for check in _CHECKS:
            yield from check(sentence.text, figures)


# Sums


def _check_sums(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    totals = [figure for figure in figures if figure.dimension and is_marked(text, figure, TOTAL_BEFORE, TOTAL_AFTER)]
    for total in totals[:1] if len(totals) == 1 else ():
        parts = [one for one in figures if one is not total and one.dimension == total.dimension]
        parts = [
            one for one in parts if not one.direction and not is_price(text, one) and not is_price_basis(text, one)
        ]
        whole = sum((part.amount for part in parts), Decimal(0))
        ends = _add_ends(parts)
        may_be_incomplete = PARTIAL_LIST.search(text) and ends[0] <= total.ends[1]
        is_range = len({part.start for part in parts}) < len(parts)
        is_open = is_range or may_be_incomplete or "씩" in text or _some_make(parts, total)
        if len(parts) > 1 and not is_open and not overlap(ends, total.ends):
            whole *= total.raw / total.amount if total.amount else 1
            listed = " + ".join(f"'{part.text}'" for part in parts)
            yield ComputedResult(
                "sum-differs", total, {"parts": listed, "sum": format_number(whole), "total": total.text}
            )


_MOST_PARTS = 8


def _some_make(parts: Sequence[PrintedFigure], total: PrintedFigure) -> bool:
    """Return whether some of the parts make the total, so that the others are about something else."""
    return any(
        overlap(_add_ends(some), total.ends)
        for number in range(2, len(parts))
        for some in combinations(parts[:_MOST_PARTS], number)
    )


def _add_ends(parts: Sequence[PrintedFigure]) -> ValueRange:
    return sum((part.ends[0] for part in parts), Decimal(0)), sum((part.ends[1] for part in parts), Decimal(0))


# Shares


def _check_percentages(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    wholes = [one for one in figures if one.is_count and is_marked(text, one, OF_BEFORE, OF_AFTER)]
    percents = [one for one in figures if one.unit == "percent" and not one.direction]
    parts = [one for one in figures if one.is_count and one not in wholes]
    if not len(wholes) == len(percents) == len(parts) == 1:
        return
    (whole,), (printed,), (part,) = wholes, percents, parts
    if _names_another_whole(text, printed, whole) or _is_reached_share(text, printed):
        return
    if _RATE_OF_PART.match(text, part.end):
        return
    if not 0 < part.amount < whole.amount or overlap(percentage_range(part.ends, whole.ends), printed.ends):
        return
    share = format_number(part.amount / whole.amount * _HUNDRED)
    said: dict[str, Value] = {"part": part.text, "whole": whole.text, "share": share, "printed": printed.text}
    rest = whole.ends[0] - part.ends[1], whole.ends[1] - part.ends[0]
    if rest[0] > 0 and overlap(percentage_range(part.ends, rest), printed.ends):
        said["other"] = format_number(whole.amount - part.amount)
        yield ComputedResult("percentage-of-wrong-base", printed, said)
    else:
        yield ComputedResult("percentage-differs", printed, said)


_RATE_OF_PART = re.compile(r"의 [가-힣]*[율률]|(?:'s|s') [a-z]+ rate|,? (?:each )?with an? [a-z ]{0,20}rate")
"""Words after a part that give it a rate of its own: 9과목 중 8과목의 연계율은 70%."""


def _names_another_whole(text: str, percent: PrintedFigure, whole: PrintedFigure) -> bool:
    """Return whether the words after a percentage name a whole other than this one: "40% of the rest"."""
    after = text[percent.end :]
    return bool(OF_NEXT.match(after)) and not OF_BEFORE.fullmatch(text[percent.end : whole.start].strip() + " ")


def _is_reached_share(text: str, percent: PrintedFigure) -> bool:
    """Return whether a share rises or falls to a percentage, which then covers more than the named part."""
    return is_marked(text, percent, TO_BEFORE, TO_AFTER) and bool(direction_poles(text))


# Changes


def _check_changes(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    for printed in figures:
        values = (
            _change_values(text, [one for one in figures if one is not printed])
            if _can_be_change(text, printed)
            else None
        )
        if values and (error_code := _error_code(text, *values, printed)):
            yield ComputedResult(error_code, printed, _message_values(*values, printed))


def _can_be_change(text: str, figure: PrintedFigure) -> bool:
    """Return whether a figure can be the size of a change, and is not one of the two values itself."""
    if figure.unit == "times" or figure.unit in _POINTS:
        return True
    if text.startswith("대", figure.end):  # 1%대 is a band
        return False
    marks = ((FROM_BEFORE, FROM_AFTER), (TO_BEFORE, TO_AFTER))
    return figure.unit == "percent" and not any(is_marked(text, figure, *pair) for pair in marks)


def _change_values(text: str, figures: Sequence[PrintedFigure]) -> tuple[PrintedFigure, PrintedFigure] | None:
    """Return the first and the second value of a change: two figures of one dimension, one of them the "from"."""
    alike = [one for one in figures if one.dimension == figures[0].dimension]
    if len(alike) != 2 or len(alike) != len(figures) or min(one.ends[0] for one in alike) <= 0:  # noqa: PLR2004
        return None
    first, second = alike
    if first.start == second.start:
        if not FROM_BEFORE.search(text_before(text, first)):
            return None
        return (first, second) if _is_printed_first(first) else (second, first)
    marked = [one for one in alike if is_marked(text, one, FROM_BEFORE, FROM_AFTER)]
    if len(marked) != 1 or _BETWEEN.match(text, second.end):
        return None
    return (first, second) if marked[0] is first else (second, first)


_BETWEEN = re.compile(r"\s*사이")
"""The word after the second of two figures that makes them the ends of a range: 3에서 5 사이."""


def _is_printed_first(end: PrintedFigure) -> bool:
    """Return whether a range is printed with this end first: "50 to 40" begins with 50."""
    begun = find_figures(re.split(r" to |[~–-]|에서", end.text)[0])
    digits = [one.amount.normalize().as_tuple().digits for one in begun if one.amount]
    return digits[:1] == [end.raw.normalize().as_tuple().digits]


def _error_code(text: str, first: PrintedFigure, second: PrintedFigure, printed: PrintedFigure) -> str:
    """Return the code of the error in a change, or an empty text."""
    if printed.unit == "times":
        return "" if _is_multiple(text, first, second, printed) else "multiple-differs"
    change = _percentage_change(second.ends, first.ends)
    points = _absolute_range((second.ends[0] - first.ends[1], second.ends[1] - first.ends[0]))
    is_share = first.unit == "percent"
    if printed.unit in _POINTS:
        if not is_share or _fits_points(first, second, printed):
            return ""
        return "points-for-percent" if overlap(change, printed.ends) else "points-differ"
    if overlap(change, printed.ends):
        return "growth-differs" if _has_wrong_direction(text, first, second, printed) else ""
    if is_share and overlap(points, printed.ends):
        return "percent-for-points"
    is_of_second = overlap(_percentage_change(first.ends, second.ends), printed.ends)
    return "percentage-of-wrong-base" if is_of_second else "growth-differs"


def _fits_points(first: PrintedFigure, second: PrintedFigure, printed: PrintedFigure) -> bool:
    """Return whether a number of points is the difference; two rates of one sentence are rounded alike."""
    if first.comparator or second.comparator or printed.comparator:
        points = _absolute_range((second.ends[0] - first.ends[1], second.ends[1] - first.ends[0]))
        return overlap(points, printed.ends)
    slack = min(first.step, second.step) + printed.step / 2
    return abs(abs(second.amount - first.amount) - printed.raw) <= slack


def _percentage_change(value: ValueRange, base: ValueRange) -> ValueRange:
    """Return the percentages by which a value can differ from its base, without their sign."""
    low, high = percentage_range(value, base)
    return _absolute_range((low - _HUNDRED, high - _HUNDRED))


def _absolute_range(ends: ValueRange) -> ValueRange:
    """Return the smallest and the largest distance from 0."""
    least, most = sorted(map(abs, ends))
    return (Decimal(0) if ends[0] < 0 < ends[1] else least), most


def _is_multiple(text: str, first: PrintedFigure, second: PrintedFigure, printed: PrintedFigure) -> bool:
    """Return whether a multiple fits two values; "three times more" can mean three or four times as much."""
    low, high = ratio_range(second.ends, first.ends)
    inverse = ratio_range(first.ends, second.ends)
    printed_ratio = ratio_range(printed.ends, (_ONE_TIME, _ONE_TIME))
    added = ((low - 1, high - 1),) if MORE_AFTER.match(text, printed.end) else ()
    return any(overlap(one, printed_ratio) for one in ((low, high), inverse, *added))


def _has_wrong_direction(text: str, first: PrintedFigure, second: PrintedFigure, printed: PrintedFigure) -> bool:
    """Return whether the words say up where the values go down, or the reverse."""
    is_up = second.amount > first.amount
    if printed.direction:
        return (printed.direction is Direction.ABOVE) != is_up
    return direction_poles(text) == {"down" if is_up else "up"}


def _message_values(first: PrintedFigure, second: PrintedFigure, printed: PrintedFigure) -> dict[str, Value]:
    difference = second.amount - first.amount
    told = second.raw - first.raw if second.unit == first.unit else difference
    is_range = first.start == second.start
    names = [
        format_number(one.raw) + ("%" if one.unit == "percent" else "") if is_range else one.text
        for one in (first, second)
    ]
    return {
        "first": names[0],
        "second": names[1],
        "printed": printed.text,
        "points": format_number(difference),
        "change": format_number(difference / first.amount * _HUNDRED),
        "times": format_number(second.amount / first.amount),
        "part": format_number(told),
        "whole": names[0],
        "other": names[1],
        "share": format_number(difference / first.amount * _HUNDRED),
    }


# Relations without a mark


def _check_units(_: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    for figure, said in converted_units(figures):
        yield ComputedResult("unit-conversion-differs", figure, dict(said))


def _check_worded_multiples(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    others = _without_words(figures)
    values = None if any(one.unit == "times" for one in others) else _change_values(text, others)
    found = worded_multiple(text, *values) if values else None
    if values and found:
        said = {"second": values[1].text, "first": values[0].text, "printed": found[0]}
        times = format_number(values[1].amount / values[0].amount)
        yield ComputedResult("multiple-differs", values[1], dict[str, Value](said | {"times": times}))


def _without_words(figures: Sequence[PrintedFigure]) -> Sequence[PrintedFigure]:
    """Return the figures without fractions and multiples in words (절반, 갑절), durations and percentages."""
    return [
        one
        for one in figures
        if one.unit not in ("ratio", "percent") and one.dimension not in ("months", "seconds")
        and not (one.unit == "times" and WORDED_MULTIPLE.search(one.text))
    ]  # fmt: skip


def _check_money_shares(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    found = money_share(text, figures)
    if not found:
        return
    part, whole, printed = found
    is_wrong = 0 < part.amount < whole.amount and not overlap(
        percentage_range(part.ends, whole.ends), _share_ends(printed)
    )
    if is_wrong:
        share = format_number(part.amount / whole.amount * _HUNDRED)
        said = {"part": part.text, "whole": whole.text, "share": share, "printed": printed.text}
        yield ComputedResult("percentage-differs", part, dict[str, Value](said))


def _share_ends(printed: PrintedFigure) -> ValueRange:
    """Return the percentages that a share can mean; a fraction in words is rounded more than a percentage."""
    return printed.ends if printed.unit == "percent" else (printed.amount - 3, printed.amount + 3)


def _check_groups(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    found = group_sum(text, figures) or listed_sum(text, figures)
    if found:
        whole, parts = found
        listed = " + ".join(f"'{part.text}'" for part in parts)
        total = format_number(sum((part.amount for part in parts), Decimal(0)))
        yield ComputedResult("sum-differs", whole, {"parts": listed, "sum": total, "total": whole.text})


def _check_gaps(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    found = points_gap(text, figures)
    if found:
        first, second, printed = found
        said = {"first": first.text, "second": second.text, "printed": printed.text}
        points = format_number(abs(second.amount - first.amount))
        yield ComputedResult("points-differ", printed, dict[str, Value](said | {"points": points}))


def _check_averages(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    found = average(text, figures)
    if found:
        total, count, printed = found
        said = {"total": total.text, "count": count.text, "printed": printed.text}
        each = format_number(total.raw / count.raw)
        yield ComputedResult("average-differs", printed, dict[str, Value](said | {"each": each}))


_CHECKS: Sequence[Callable[[str, Sequence[PrintedFigure]], Iterator[ComputedResult]]] = (
    _check_sums,
    _check_percentages,
    _check_changes,
    price_results,
    _check_worded_multiples,
    _check_money_shares,
    _check_groups,
    _check_gaps,
    _check_averages,
)
