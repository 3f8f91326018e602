"""Compare the times of day of a statement with those of its passage: 오전 10시 and 오후 10시, 7 a.m. and 7 p.m."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.errors import Problem

_CLOCK = re.compile(
    r"(?P<part>오전|오후|새벽|아침|낮|저녁|밤)? ?(?<![0-9])(?P<hour>[0-9]{1,2})시(?!간|[가-힣]?(?:민|청|장|의회))(?: "
    r"?(?P<minute>[0-9]{1,2})분)?"
    r"|\b(?P<at>[0-9]{1,2})(?:[:.](?P<past>[0-5][0-9]))? ?(?P<half>[ap])\.?m\b",
    re.IGNORECASE,
)
_LATE = frozenset(("오후", "저녁", "밤", "p"))
_EARLY = frozenset(("오전", "새벽", "아침", "a"))
_NOON, _DAY = 12, 24


@lru_cache(maxsize=512)
def read_clock(text: str) -> Sequence[tuple[frozenset[int], str]]:
    """Return the times of day of a text in minutes; a time without a part of the day may be either of two.

    >>> [(sorted(minutes), words) for minutes, words in read_clock("오후 3시 20분")], read_clock("7 a.m.")[0][0]
    ([([920], '오후 3시 20분')], frozenset({420}))
    """
    found = []
    for clock in _CLOCK.finditer(text):
        hour, part = int(clock["hour"] or clock["at"]), (clock["part"] or clock["half"] or "").lower()
        if hour > _DAY:
            continue
        hours = {hour % _NOON + _NOON} if part in _LATE else {hour % _NOON} if part in _EARLY else {hour, hour + _NOON}
        if part == "밤" and hour == _NOON:
            hours = {0, _DAY}
        minute = int(clock["minute"] or clock["past"] or 0)
        found.append((frozenset(60 * one + minute for one in hours), clock[0].strip()))
    return tuple(found)


def clock_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem for the first time of day that is not one of the times of the passage."""
    printed = read_clock(texts.passage)
    for minutes, words in read_clock(texts.statement) if printed else ():
        if not any(minutes & others for others, _ in (*printed, *read_clock(texts.before))):
            yield Problem("passage-time-differs", field=texts.path, said=words, printed=printed[0][1])
            return
