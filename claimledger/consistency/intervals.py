"""Compares durations with the dates named with them, in one claim and among the dated claims of an article.

Only dates that are printed to the day are compared. Where a writer may or may not count the first day, both results are
right. The names in a claim's statement decide which event it dates. If two dated claims fit and differ, there is no
finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.consistency.date_ranges import DayRange, day_range, matches_duration
from claimledger.consistency.sentence_figures import PrintedFigure, SentenceFigures, read_sentences
from claimledger.consistency.subject_words import name_like_words
from claimledger.consistency.relation_words import EARLIER, LATER, SPANS
from claimledger.counting import item_path
from claimledger.messages import Value
from claimledger.models import Claim, Quantity
from claimledger.quantities import Figure, FigureRole, resolve_date
from claimledger.vocabulary import Kind

_CALENDAR_UNITS = frozenset(("day", "week", "month", "year"))
_TWO_DATES = 2
"""The number of dates between which a duration lies."""


def interval_findings(claim: Claim, texts: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding if a claim's duration does not fit the two dates in the same sentence."""
    lengths = {
        (one.unit, one.amount): index for index, one in enumerate(claim.quantities) if one.unit in _CALENDAR_UNITS
    }
    if not lengths:
        return
    year = _claim_year(claim)
    for sentence in (one for text in texts for one in read_sentences(text)):
        for figure in sentence.figures:
            is_own = (figure.unit, figure.raw) in lengths
            values = (_mismatch(sentence, figure, year) or _long_mismatch(sentence, figure)) if is_own else None
            if values:
                path = item_path("quantities", lengths[figure.unit, figure.raw])
                yield make_finding("interval-differs", claim.claim_id, path, values)
                return


def _claim_year(claim: Claim) -> int:
    """Return the year of dates without a year; 0 if the claim does not give one."""
    own = claim.about_on or claim.said_on
    return day_range(own).last.year if own else 0


def _mismatch(sentence: SentenceFigures, length: PrintedFigure, year: int) -> dict[str, Value] | None:
    ends = list(dict.fromkeys(_printed_days(sentence.dates, year)))
    is_span, is_gap = bool(SPANS.search(sentence.text)), bool(LATER.search(sentence.text) or _is_earlier(sentence))
    if len(ends) != _TWO_DATES or not (is_span or is_gap) or _has_other_length(sentence, length):
        return None
    days = abs((ends[1] - ends[0]).days)
    if matches_duration(days, float(length.raw), length.unit, counts_both_ends=is_span and not is_gap):
        return None
    first, last = sorted(ends)
    return {"first": first, "last": last, "days": days, "printed": length.text}


_FROM_TO = re.compile(r"부터.*까지|\bfrom\b.*\b(?:to|until|through)\b|\bbetween\b.*\band\b", re.IGNORECASE)
_LASTING = re.compile("간|동안")
_NEXT_TO_DATES = 14
"""The number of code points between the second date and the length of time between them."""


def _long_mismatch(sentence: SentenceFigures, length: PrintedFigure) -> dict[str, Value] | None:
    """Compare a length of time with two months or years: from 1998 to 2006, eight years."""
    if len(sentence.dates) != _TWO_DATES or not _FROM_TO.search(sentence.text):
        return None
    (first, start), (last, end) = ((figure.text, _resolve_days(figure.text, 0)) for figure in sentence.dates)
    if not start or not end or start.is_one or end.is_one or start.first >= end.first:
        return None
    gap = length.start - sentence.dates[1].end
    if not (0 <= gap <= _NEXT_TO_DATES or _LASTING.search(length.text)) or length.comparator:
        return None
    least, most = (end.first - start.last).days, (end.last - start.first).days
    if any(matches_duration(days, float(length.raw), length.unit, counts_both_ends=True) for days in (least, most)):
        return None
    if matches_duration((least + most) // 2, float(length.raw), length.unit, counts_both_ends=True) is not False:
        return None
    return {"first": first, "last": last, "days": f"{least:,}~{most:,}", "printed": length.text}


def _has_other_length(sentence: SentenceFigures, length: PrintedFigure) -> bool:
    """Return whether a sentence has another length of time, which the dates may belong to."""
    return any(one.unit in _CALENDAR_UNITS and one is not length and one.raw > 1 for one in sentence.figures)


def _is_earlier(sentence: SentenceFigures) -> bool:
    return bool(EARLIER.search(sentence.text))


_DAY_ALONE = re.compile(r"\d{1,2}일")
_MONTH = re.compile(r"^(.*월\s?)\d{1,2}일")


def _printed_days(dates: Sequence[Figure], year: int) -> Iterator[date]:
    """Yield the dates that are precise to the day; a day without a month belongs to the last named month."""
    month = ""
    for figure in dates:
        printed = figure.text
        if _DAY_ALONE.fullmatch(printed):
            printed = f"{month}{printed}" if month else printed
        elif found := _MONTH.match(printed):
            month = found[1]
        days = _resolve_days(printed, year)
        if days and days.is_one:
            yield days.first


def _resolve_days(printed: str, year: int) -> DayRange | None:
    whole = Figure(0, len(printed), 0, len(printed), printed, FigureRole.DATE)
    edtf = resolve_date(whole, date(year or 1, 12, 31)).edtf
    days = day_range(edtf) if edtf else None
    return days if days and days.first.year > 1 else None


# Among the claims of an article


class EventGap(NamedTuple):
    """A claim that says how long after one event another one happened."""

    claim: Claim
    place: int
    length: Quantity
    earlier: frozenset[str]
    """The names of the earlier event."""
    later: frozenset[str]
    """The names of the later event."""


def interval_findings_across_claims(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Yield a finding if the time between two dated events of an article is not the one a third claim gives."""
    gaps = [gap for claim in claims for gap in _read_gaps(claim)]
    if not gaps:
        return
    happenings = [(claim, day_range(claim.about_on)) for claim in claims if claim.kind is Kind.EVENT and claim.about_on]
    dated = [(claim, days.first) for claim, days in happenings if days.is_one]
    for gap in gaps:
        first, last = (
            _dating_claim(gap.earlier - gap.later, gap, dated),
            _dating_claim(gap.later - gap.earlier, gap, dated),
        )
        if first and last:
            yield from _compare_gap(gap, first, last)


def _read_gaps(claim: Claim) -> Iterator[EventGap]:
    """Yield the duration that a claim gives with "after" or 만에, and the names on either side of it."""
    for index, length in enumerate(claim.quantities):
        if length.unit in _CALENDAR_UNITS and length.amount is not None:
            for language in ("en", "ko"):
                sides = _event_names(claim.statement.get(language, ""))
                if sides:
                    yield EventGap(claim, index, length, *sides)
                    return


_TOPIC = re.compile(r"(?P<later>.*?[가-힣\w][은는]) (?P<earlier>.+)")


def _event_names(statement: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the names of the earlier and of the later event.

    In English "B came a day after A"; in Korean "A가 나오고 하루 만에 B", or "B는 A가 나오고 하루 만에".
    """
    found = LATER.search(statement)
    if not found:
        return None
    before, after = statement[: found.start()], statement[found.end() :]
    if found[0].isascii():
        sides = name_like_words(after), name_like_words(before)
    elif topic := _TOPIC.match(before):
        sides = name_like_words(topic["earlier"]), name_like_words(topic["later"])
    else:
        sides = name_like_words(before), name_like_words(after)
    return sides if all(sides) else None


def _dating_claim(
    names: frozenset[str], gap: EventGap, dated: Sequence[tuple[Claim, date]]
) -> tuple[Claim, date] | None:
    """Return the claim that dates the event with most of these names; None if no claim does or if days differ."""
    period = day_range(gap.claim.about_on) if gap.claim.about_on else None
    scored = [
        (len(names & frozenset().union(*map(name_like_words, claim.statement.values()))), claim, day)
        for claim, day in dated
        if period is None or period.first <= day <= period.last
    ]
    most = max((score for score, _, _ in scored), default=0)
    best = [(claim, day) for score, claim, day in scored if score == most > 0]
    return best[0] if len({day for _, day in best}) == 1 else None


def _compare_gap(gap: EventGap, first: tuple[Claim, date], last: tuple[Claim, date]) -> Iterator[Finding]:
    days, length = (last[1] - first[1]).days, gap.length
    if length.amount is None or length.unit is None or days < 0:
        return
    if matches_duration(days, float(length.amount), length.unit, counts_both_ends=False):
        return
    is_near = length.unit == "day" and abs(days - length.amount) == 1
    code = "interval-one-day-off" if is_near else "interval-and-dates-differ"
    said: dict[str, Value] = {"first": first[1], "last": last[1], "days": days, "printed": length.text}
    yield make_finding(
        code, gap.claim.claim_id, item_path("quantities", gap.place), said, other_claim_id=last[0].claim_id
    )
