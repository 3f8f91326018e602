"""Compares converted amounts of money with the European Central Bank's rates.

A conversion is an amount in parentheses directly after another one, or one that a sentence equates with the amount
before it ("50 million dollars are about 66.7 billion won"). The findings contain the implied rate and the
nearest day. A rounding of the converted amount is not a difference. It is not known which day's rate a writer used;
therefore a wrong amount within the range of 60 days is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.date_ranges import DayRange, day_range
from claimledger.consistency.sentence_figures import PrintedFigure, SentenceFigures, read_sentences, format_number
from claimledger.consistency.exchange_rates import Rate, rate_period, has_no_rates, rates
from claimledger.counting import item_path
from claimledger.messages import Label, Value
from claimledger.models import Claim, Quantity

DAYS_BEFORE = 60
"""The number of days before publication in which an amount may have been converted."""
_TOLERANCE = Decimal("0.01")
"""The tolerance around the bank's range, as a share of the rate, since banks and agencies have rates of their own."""
_MAX_ROUNDING = Decimal("0.05")
"""The largest rounding of the converted amount, as a share of it."""
_PAIR = 2
_POWERS = (-4, -3, -2, -1, 1, 2, 3, 4)
_EQUATED = re.compile(
    r"\s*(?:[은는]|=|(?:is|are|was|were|equals?)(?:\s+worth)?)\s*"
    r"(?:(?:약|대략|about|around|roughly|some)\s*)?(?:[$€£¥₩]\s*|USD\s*|KRW\s*|RMB\s*|EUR\s*)?"
)
"""The text between an amount and its value in another currency, if a sentence equates them."""


class Conversion(NamedTuple):
    """An amount and its value in another currency."""

    place: int
    """The index of the converted amount among the claim's quantities, from 0."""
    texts: tuple[str, str]
    """The amount and the converted amount as printed."""
    printed: PrintedFigure
    converted: PrintedFigure

    @property
    def rate(self) -> Decimal:
        """The units of the second currency for one unit of the first."""
        return self.converted.amount / self.printed.amount

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest rate, if the converted amount's last digit other than 0 is rounded."""
        exponent = self.converted.amount.normalize().as_tuple().exponent
        place = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
        tolerance = min(place / 2, self.converted.amount * _MAX_ROUNDING)
        return (self.converted.amount - tolerance) / self.printed.amount, (
            self.converted.amount + tolerance
        ) / self.printed.amount


class RateRange(NamedTuple):
    """The bank's rates of a range of days."""

    days: DayRange
    low: Decimal
    high: Decimal
    nearest: Rate
    """The rate nearest to the implied rate; the latest one if several are equally near."""

    def contains_any(self, ends: tuple[Decimal, Decimal]) -> bool:
        """Return whether a rate between two ends lies in the range, with a tolerance of 1 %."""
        return ends[1] >= self.low * (1 - _TOLERANCE) and ends[0] <= self.high * (1 + _TOLERANCE)


def conversion_findings(claim: Claim, texts: Iterable[str], published: DayRange | None) -> Iterator[Finding]:
    """Yield a finding on each conversion of a claim; `published` are the possible days of publication."""
    if published is None or not _has_two_currencies(claim):
        return
    for conversion in _conversions(claim.quantities, texts):
        yield _conversion_finding(claim, conversion, published.extended_before(DAYS_BEFORE))


def _conversions(quantities: Sequence[Quantity], texts: Iterable[str]) -> list[Conversion]:
    """Return the conversions in the texts, each once, if the claim has both amounts."""
    own = {(quantity.currency, quantity.amount): place for place, quantity in enumerate(quantities)}
    found: dict[int, Conversion] = {}
    for text in texts:
        for sentence in read_sentences(text):
            for printed, converted in zip(sentence.figures, sentence.figures[1:], strict=False):
                first, second = (own.get((one.unit, one.amount)) for one in (printed, converted))
                is_one = _is_conversion(sentence, printed, converted) and printed.amount > 0 < converted.amount
                if is_one and first is not None and second is not None:
                    as_printed = quantities[first].text, quantities[second].text
                    found.setdefault(second, Conversion(second, as_printed, printed, converted))
    return [found[place] for place in sorted(found)]


def _is_conversion(sentence: SentenceFigures, printed: PrintedFigure, converted: PrintedFigure) -> bool:
    return printed.is_money and (converted.is_conversion or _is_equated(sentence, printed, converted))


def _is_equated(sentence: SentenceFigures, printed: PrintedFigure, converted: PrintedFigure) -> bool:
    is_pair = printed.is_money and converted.is_money and printed.unit != converted.unit
    return is_pair and _EQUATED.fullmatch(sentence.text, printed.end, converted.start) is not None


def equates_two_currencies(claim: Claim) -> bool:
    """Return whether a claim's statement says what an amount is worth in another currency, and nothing else.

    Such a claim is about an exchange rate. Its figures are not values of a thing that other claims measure too.
    """
    if len(claim.quantities) != _PAIR or not _has_two_currencies(claim):
        return False
    sentences = [one for text in claim.statement.values() for one in read_sentences(text)]
    return any(
        _is_equated(sentence, printed, converted)
        for sentence in sentences
        for printed, converted in zip(sentence.figures, sentence.figures[1:], strict=False)
    )


def _conversion_finding(claim: Claim, conversion: Conversion, window: DayRange) -> Finding:
    of, to = conversion.printed.unit, conversion.converted.unit
    said: dict[str, Value] = {
        "printed": conversion.texts[0], "converted": conversion.texts[1], "rate": format_number(conversion.rate),
        "of": of, "to": to, "first": window.first, "last": window.last,
    }  # fmt: skip
    field = item_path("quantities", conversion.place)
    known = _rate_range(conversion, window)
    if known is None:
        return make_finding("conversion-not-covered", claim.claim_id, field, said | _missing_rates(of, to))
    code = _conversion_code(conversion, known)
    spoken = _rates_of_own_time(claim, conversion) if code == "conversion-differs" else None
    if spoken:
        code = "conversion-of-another-day"
    near = (spoken or known).nearest
    said |= {
        "low": format_number(known.low),
        "high": format_number(known.high),
        "near": format_number(near.value),
        "day": near.day,
    }
    return make_finding(code, claim.claim_id, field, said | {"power": _power_of_ten(conversion, known)})


def _rate_range(conversion: Conversion, days: DayRange) -> RateRange | None:
    known = rates(conversion.printed.unit, conversion.converted.unit, days)
    if not known:
        return None
    worths = [rate.value for rate in known]
    nearest = min(reversed(known), key=lambda rate: abs(rate.value - conversion.rate))
    return RateRange(days, min(worths), max(worths), nearest)


def _conversion_code(conversion: Conversion, known: RateRange) -> str:
    if known.contains_any(conversion.ends):
        return "conversion-fits"
    return "conversion-off-by-ten" if _power_of_ten(conversion, known) else "conversion-differs"


def _power_of_ten(conversion: Conversion, known: RateRange) -> int:
    """Return the power of ten by which a conversion is wrong, or 0."""
    low, high = conversion.ends
    scaled = ((power, (low.scaleb(-power), high.scaleb(-power))) for power in _POWERS)
    return next((power for power, ends in scaled if known.contains_any(ends)), 0)


def _rates_of_own_time(claim: Claim, conversion: Conversion) -> RateRange | None:
    """Return the rates of the claim's own period or of the day it was said, if the conversion fits them."""
    for edtf in filter(None, (claim.about_on, claim.said_on)):
        known = _rate_range(conversion, day_range(edtf))
        if known and known.contains_any(conversion.ends):
            return known
    return None


def common_rate_day_findings(claims: Sequence[Claim], published: DayRange | None) -> Iterator[Finding]:
    """Yield notes on the one day whose rates best fit all conversions of an article between several currencies."""
    if published is None:
        return
    found = [(claim, one) for claim in claims if _has_two_currencies(claim) for one in _statement_conversions(claim)]
    pairs = {(one.printed.unit, one.converted.unit) for _, one in found}
    best = _common_day([one for _, one in found], published.extended_before(DAYS_BEFORE)) if len(pairs) > 1 else None
    if best is None:
        return
    (first, _), *others = found
    listed = "; ".join(
        f"'{one.texts[0]}' = '{one.texts[1]}' ({off:+.2f}%)" for (_, one), off in zip(found, best[1], strict=True)
    )
    for claim, conversion in found:
        other = next((other for other, _ in others if other is not claim), first)
        said: dict[str, Value] = {"day": best[0], "listed": listed}
        yield make_finding(
            "conversions-of-one-day", claim.claim_id, item_path("quantities", conversion.place), said,
            other_claim_id=other.claim_id if other is not claim else None,
        )  # fmt: skip


def _has_two_currencies(claim: Claim) -> bool:
    quantities = claim.quantities
    return len(quantities) > 1 and len({quantity.currency for quantity in quantities} - {None}) > 1


def _statement_conversions(claim: Claim) -> list[Conversion]:
    return _conversions(claim.quantities, claim.statement.values())


def _common_day(conversions: Sequence[Conversion], window: DayRange) -> tuple[date, list[Decimal]] | None:
    """Return the day with the smallest maximum difference, and each difference in percent of that day's rate."""
    worths = [
        {rate.day: rate.value for rate in rates(one.printed.unit, one.converted.unit, window)} for one in conversions
    ]
    deviations = {
        day: [(one.rate / worth[day] - 1) * 100 for one, worth in zip(conversions, worths, strict=True)]
        for day in worths[0]
        if all(day in worth for worth in worths)
    }
    best = min(deviations, key=lambda day: (max(map(abs, deviations[day])), day), default=None)
    if best is None or max(map(abs, deviations[best])) > _TOLERANCE * 100:
        return None
    return best, deviations[best]


def _missing_rates(of: str, to: str) -> dict[str, Value]:
    """Return the currency without a rate, and the first and last day with rates."""
    never = next((currency for currency in (of, to) if has_no_rates(currency)), None)
    if never:
        return {"currency": never, "bounds": Label("at no time", "어느 때도 없고")}
    currency = min((of, to), key=lambda one: rate_period(one).last)
    first, last = rate_period(currency)
    return {"currency": currency, "bounds": Label(f"from {first} to {last}", f"{first}부터 {last}까지이고")}
