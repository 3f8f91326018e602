"""Amounts of money that a text gives again in other money, against the European Central Bank's rates.

In: a claim, its texts, and the days of publication. Out: findings with the implied rate and the nearest day. The
invariant: a conversion is one that a text marks as such, in parentheses after the amount; a rounding of the converted
amount is no difference. Limits: which day's rate a writer took is not known, so that a wrong amount within the range of
60 days passes. It must not know files or the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from claimledger.consistency.finding_codes import Finding, finding
from claimledger.consistency.date_ranges import Days, days_of
from claimledger.consistency.sentence_figures import Printed, sentences, shown
from claimledger.consistency.exchange_rates import Rate, bounds, lacking, rates
from claimledger.counting import item
from claimledger.messages import Label, Value
from claimledger.models import Claim, Quantity

DAYS_BEFORE = 60
"""So many days before publication an amount may have been converted."""
_ROOM = Decimal("0.01")
"""How far a rate may lie outside the bank's range, as a share of it: banks and agencies have rates of their own."""
_MOST_ROUNDING = Decimal("0.05")
"""The most that rounding the converted amount may change it, as a share of it."""
_POWERS = (-4, -3, -2, -1, 1, 2, 3, 4)


class Conversion(NamedTuple):
    """An amount and the same in other money."""

    place: int
    """Place of the converted amount among the claim's quantities, from 0."""
    texts: tuple[str, str]
    """The amount and the converted one as printed."""
    printed: Printed
    converted: Printed

    @property
    def rate(self) -> Decimal:
        """Units of the second currency for one of the first."""
        return self.converted.amount / self.printed.amount

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The rates that the converted amount may stand for, its last digit other than 0 being rounded."""
        exponent = self.converted.amount.normalize().as_tuple().exponent
        place = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
        room = min(place / 2, self.converted.amount * _MOST_ROUNDING)
        return (self.converted.amount - room) / self.printed.amount, (
            self.converted.amount + room
        ) / self.printed.amount


class Range(NamedTuple):
    """The bank's rates of some days."""

    days: Days
    low: Decimal
    high: Decimal
    nearest: Rate
    """The one nearest to the implied rate; the latest of them if there are several."""

    def has(self, ends: tuple[Decimal, Decimal]) -> bool:
        """Whether one of the rates between two ends lies in the range, or as good as in it."""
        return ends[1] >= self.low * (1 - _ROOM) and ends[0] <= self.high * (1 + _ROOM)


def findings_of(claim: Claim, texts: Iterable[str], published: Days | None) -> Iterator[Finding]:
    """Yield what each conversion of a claim comes to; `published` are the days the article may be of."""
    if published is None or not _has_two_currencies(claim):
        return
    for conversion in _conversions(claim.quantities, texts):
        yield _judged(claim, conversion, published.before(DAYS_BEFORE))


def _conversions(quantities: Sequence[Quantity], texts: Iterable[str]) -> list[Conversion]:
    """Return the conversions of the texts of which the claim has both amounts, each once."""
    own = {(quantity.currency, quantity.amount): place for place, quantity in enumerate(quantities)}
    found: dict[int, Conversion] = {}
    for text in texts:
        for sentence in sentences(text):
            for printed, converted in zip(sentence.figures, sentence.figures[1:], strict=False):
                first, second = (own.get((one.unit, one.amount)) for one in (printed, converted))
                is_one = converted.is_conversion and printed.is_money and printed.amount > 0 < converted.amount
                if is_one and first is not None and second is not None:
                    as_printed = quantities[first].text, quantities[second].text
                    found.setdefault(second, Conversion(second, as_printed, printed, converted))
    return [found[place] for place in sorted(found)]


def _judged(claim: Claim, conversion: Conversion, window: Days) -> Finding:
    of, to = conversion.printed.unit, conversion.converted.unit
    said: dict[str, Value] = {
        "printed": conversion.texts[0], "converted": conversion.texts[1], "rate": shown(conversion.rate),
        "of": of, "to": to, "first": window.first, "last": window.last,
    }  # fmt: skip
    field = item("quantities", conversion.place)
    known = _range(conversion, window)
    if known is None:
        return finding("conversion-not-covered", claim.claim_id, field, said | _lacking(of, to))
    code = _code(conversion, known)
    spoken = _of_its_own_time(claim, conversion) if code == "conversion-differs" else None
    if spoken:
        code = "conversion-of-another-day"
    near = (spoken or known).nearest
    said |= {"low": shown(known.low), "high": shown(known.high), "near": shown(near.worth), "day": near.day}
    return finding(code, claim.claim_id, field, said | {"power": _power(conversion, known)})


def _range(conversion: Conversion, days: Days) -> Range | None:
    known = rates(conversion.printed.unit, conversion.converted.unit, days)
    if not known:
        return None
    worths = [rate.worth for rate in known]
    nearest = min(reversed(known), key=lambda rate: abs(rate.worth - conversion.rate))
    return Range(days, min(worths), max(worths), nearest)


def _code(conversion: Conversion, known: Range) -> str:
    if known.has(conversion.ends):
        return "conversion-fits"
    return "conversion-off-by-ten" if _power(conversion, known) else "conversion-differs"


def _power(conversion: Conversion, known: Range) -> int:
    """Return the power of ten by which a conversion is off; 0 if by none."""
    low, high = conversion.ends
    scaled = ((power, (low.scaleb(-power), high.scaleb(-power))) for power in _POWERS)
    return next((power for power, ends in scaled if known.has(ends)), 0)


def _of_its_own_time(claim: Claim, conversion: Conversion) -> Range | None:
    """Return the rates of the time that a claim speaks of, or was said, if the conversion fits them."""
    for edtf in filter(None, (claim.about_on, claim.said_on)):
        known = _range(conversion, days_of(edtf))
        if known and known.has(conversion.ends):
            return known
    return None


def findings_among(claims: Sequence[Claim], published: Days | None) -> Iterator[Finding]:
    """Yield the day whose rates fit all conversions of an article best, where they are between several currencies."""
    if published is None:
        return
    found = [(claim, one) for claim in claims if _has_two_currencies(claim) for one in _of_statements(claim)]
    pairs = {(one.printed.unit, one.converted.unit) for _, one in found}
    best = _common_day([one for _, one in found], published.before(DAYS_BEFORE)) if len(pairs) > 1 else None
    if best is None:
        return
    (first, _), *others = found
    listed = "; ".join(
        f"'{one.texts[0]}' = '{one.texts[1]}' ({off:+.2f}%)" for (_, one), off in zip(found, best[1], strict=True)
    )
    for claim, conversion in found:
        other = next((other for other, _ in others if other is not claim), first)
        said: dict[str, Value] = {"day": best[0], "listed": listed}
        yield finding(
            "conversions-of-one-day", claim.claim_id, item("quantities", conversion.place), said,
            other_claim_id=other.claim_id if other is not claim else None,
        )  # fmt: skip


def _has_two_currencies(claim: Claim) -> bool:
    return len({quantity.currency for quantity in claim.quantities} - {None}) > 1


def _of_statements(claim: Claim) -> list[Conversion]:
    return _conversions(claim.quantities, claim.statement.values())


def _common_day(conversions: Sequence[Conversion], window: Days) -> tuple[date, list[Decimal]] | None:
    """Return the day on which the largest difference is least, and each difference there in percent of the rate."""
    worths = [
        {rate.day: rate.worth for rate in rates(one.printed.unit, one.converted.unit, window)} for one in conversions
    ]
    off = {
        day: [(one.rate / worth[day] - 1) * 100 for one, worth in zip(conversions, worths, strict=True)]
        for day in worths[0]
        if all(day in worth for worth in worths)
    }
    best = min(off, key=lambda day: (max(map(abs, off[day])), day), default=None)
    if best is None or max(map(abs, off[best])) > _ROOM * 100:
        return None
    return best, off[best]


def _lacking(of: str, to: str) -> dict[str, Value]:
    """Return of which currency there is no rate, and from when to when there are some."""
    never = next((currency for currency in (of, to) if lacking(currency)), None)
    if never:
        return {"currency": never, "bounds": Label("at no time", "어느 때도 없고")}
    currency = min((of, to), key=lambda one: bounds(one).last)
    first, last = bounds(currency)
    return {"currency": currency, "bounds": Label(f"from {first} to {last}", f"{first}부터 {last}까지이고")}
