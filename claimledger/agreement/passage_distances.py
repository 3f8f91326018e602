"""Find a distance in time with the opposite side, two days before for two days after, and an amount that is turned.

A distance is compared with the same length of time in the passage. Two events that changed places turn it rightly:
A came two days before B, B came two days after A. So the event beside the distance must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.content_words import content_words, is_order_reversed, stems

_UNITS = "second|minute|hour|day|week|month|quarter|year|decade"
_NUMBER_EN = "[0-9]+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_DISTANCE_EN = re.compile(
    rf"\b(?P<n>{_NUMBER_EN}) (?P<unit>{_UNITS})s? (?:(?P<before>before|earlier than|ahead of|prior to)"
    r"|(?P<after>after|later than|following|past)) (?=[a-z0-9A-Z])",
    re.IGNORECASE,
)
_DISTANCE_KO = re.compile(
    r"(?P<n>[0-9]+|하루|이틀|사흘|나흘|한|두|세|네|다섯|일주|보름) ?(?P<unit>시간|분|일|주일|주|개월|달|년|해)? ?"
    r"(?:(?P<before>전(?![가-힣]{2})|앞서|앞두고)|(?P<after>뒤|후(?![가-힣]{2})|지나))"
)


class _Distance(NamedTuple):
    """A length of time before or after an event."""

    length: str
    is_before: bool
    event: frozenset[str]
    """The words for the event that it is counted from."""
    printed: str


def turned_distance(statement: str, passage: str) -> tuple[str, str] | None:
    """Return a distance of the statement that lies on the other side in the passage.

    >>> turned_distance("It opened two days after the vote.", "It opened two days before the vote.")
    ('two days after', 'two days before')
    >>> turned_distance("The vote was two days after it opened.", "It opened two days before the vote.") is None
    True
    """
    for said in _distances(statement):
        printed = [one for one in _distances(passage) if one.length == said.length]
        if printed and all(one.is_before != said.is_before for one in printed):
            is_same_event = bool(said.event & printed[0].event) or not is_order_reversed(statement, passage)
            return (said.printed, printed[0].printed) if is_same_event else None
    return None


_EVENT_EN = re.compile(r"[^,.;]*")
_EVENT_KO = re.compile(r"(?:[^ ,.]*[^ ,.은는] ){1,4}$")


@lru_cache(maxsize=256)
def _distances(text: str) -> Sequence[_Distance]:
    return tuple(
        _Distance(f"{found['n']} {found['unit']}".lower(), bool(found["before"]), _event(text, found), found[0].strip())
        for pattern in (_DISTANCE_EN, _DISTANCE_KO)
        for found in pattern.finditer(text)
    )


def _event(text: str, distance: re.Match[str]) -> frozenset[str]:
    """Return the words beside a distance: after it in English, before it in Korean."""
    if distance[0].isascii():
        found = _EVENT_EN.match(text, distance.end())
    else:
        found = _EVENT_KO.search(text, 0, distance.start())
    return stems(content_words(found[0])) if found else frozenset()


# One thing is a number of times another

_TIMES_KO = re.compile(
    r"(?P<standard>(?:[가-힣]+[한된는은인] )?[가-힣A-Za-z0-9]{2,})의 (?:약 |거의 )?(?:[0-9.]+|두|세|네|다섯|열) ?배"
)
_TIMES = "(?:[0-9.]+|two|three|four|five|six|ten) times"
_TIMES_EN = re.compile(
    rf"\b(?:(?:twice|double|{_TIMES}) (?:as [a-z]+ as|the [a-z]+ of|that of|those of|the)"
    rf"|(?:twice|{_TIMES}) (?:[a-z]+er|more)(?: [a-z]+)?(?: (?:for|in|among|at) [\w ]{{2,24}}?)? than)"
    r"(?: (?:for|in|among|at|that of|those of))? (?P<standard>(?:[\w’'-]+ ?){1,4})"
)


def turned_multiple(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the words of a multiple whose two sides changed places.

    >>> turned_multiple("반대한다는 응답이 찬성의 두 배였다.", "찬성한다는 응답이 반대의 두 배였다.")
    ('찬성의 두 배', '반대의 두 배')
    """
    for said in _multiples(statement):
        for printed in _multiples(passage):
            own, others = (stems(content_words(one["standard"])) for one in (said, printed))
            rest, before = _words_outside(statement, said), _words_outside(passage, printed)
            if own - others and others - own and own - others <= before and others - own <= rest:
                return said[0].strip(), printed[0].strip()
    return None


def _multiples(text: str) -> Iterator[re.Match[str]]:
    yield from _TIMES_KO.finditer(text)
    yield from _TIMES_EN.finditer(text)


def _words_outside(text: str, found: re.Match[str]) -> frozenset[str]:
    """Return the words of a text without those of the standard."""
    return stems(content_words(text[: found.start("standard")])) | stems(content_words(text[found.end("standard") :]))
