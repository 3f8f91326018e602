"""Compute with prices: an amount for each of a number of things, and a price times a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from claimledger.consistency.computed_results import ComputedResult, ValueRange, is_marked, overlap
from claimledger.consistency.relation_words import EACH_AFTER, EACH_BEFORE, PER_ONE
from claimledger.consistency.sentence_figures import PrintedFigure, format_number
from claimledger.messages import Value


def is_price(text: str, figure: PrintedFigure) -> bool:
    """Return whether a figure is the price of one."""
    return figure.is_money and is_marked(text, figure, EACH_BEFORE, EACH_AFTER)


def is_price_basis(text: str, figure: PrintedFigure) -> bool:
    """Return whether a count is only the basis of a price: 1인당."""
    return bool(PER_ONE.match(text, figure.end))


def price_results(text: str, figures: Sequence[PrintedFigure]) -> Iterator[ComputedResult]:
    """Yield the amount for each of a number of things, and a total that is not the price times their number."""
    counts = [one for one in figures if one.is_count and one.amount > 1 and not is_price_basis(text, one)]
    money = [one for one in figures if one.is_money]
    prices = [one for one in money if is_price(text, one)]
    totals = [one for one in money if one not in prices]
    if len(counts) != 1 or len(totals) != 1:
        return
    if not prices:
        yield from _amount_per_count(totals[0], counts[0])
    elif len(prices) == 1 and prices[0].unit == totals[0].unit:
        yield from _check_product(prices[0], counts[0], totals[0])


def _amount_per_count(money: PrintedFigure, count: PrintedFigure) -> Iterator[ComputedResult]:
    each = format_number(money.amount / count.amount)
    said = {"money": money.text, "count": count.text, "each": each, "currency": money.unit}
    yield ComputedResult("amount-for-each", money, dict[str, Value](said))


_MOST_ROUNDED = Decimal("0.05")


def _close_ends(figure: PrintedFigure) -> ValueRange:
    """Return the values that a factor can have: no one rounds 24,000 people to 20,000 to multiply them."""
    slack = abs(figure.amount) * _MOST_ROUNDED
    return max(figure.ends[0], figure.amount - slack), min(figure.ends[1], figure.amount + slack)


def _check_product(price: PrintedFigure, count: PrintedFigure, total: PrintedFigure) -> Iterator[ComputedResult]:
    prices, counts = _close_ends(price), _close_ends(count)
    ends = prices[0] * counts[0], prices[1] * counts[1]
    if not overlap(ends, total.ends):
        product = format_number(price.amount * count.amount)
        said = {"price": price.text, "count": count.text, "product": product, "total": total.text}
        yield ComputedResult("product-differs", total, dict[str, Value](said))
