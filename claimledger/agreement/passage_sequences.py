"""Find two events, or the two ends of a way, that changed places: A after B and B after A, from A to B and from B to A.

Both texts must be in one language. Each event must share words with the other event of the other text, and none with
its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.content_words import content_words, stems


class _Sequence(NamedTuple):
    """Two events of a sentence, the earlier one first."""

    earlier: frozenset[str]
    later: frozenset[str]
    link: str
    """The word that joins them, with the word before it."""


_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
_LINK_EN = re.compile(r"(?:^|(?<=\s)|\b)(?P<link>after|before)\b", re.IGNORECASE)
_LINK_KO = re.compile(r"(?P<word>[가-힣]*(?P<end>[가-힣])) ?(?P<link>뒤에?|후에?|다음에?|이후에?|전에?|앞서)(?=[ ,])")
_TOPIC = re.compile(r"[가-힣A-Za-z0-9]+(?:은|는|이|가|께서)(?= )")
_FIRST_HANGUL, _FINALS, _FINAL_N = 0xAC00, 28, 4


def turned_sequence(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the words that join two events, if the events changed places.

    >>> turned_sequence("그는 진술을 바꾼 뒤 변호사를 만났다.", "그는 변호사를 만난 뒤 진술을 바꿨다.")
    ('바꾼 뒤', '만난 뒤')
    >>> turned_sequence("She sued before she resigned.", "She resigned after she sued.") is None
    True
    """
    for said in _sequences(statement):
        for printed in _sequences(passage):
            is_crossed = said.earlier & printed.later and said.later & printed.earlier
            if is_crossed and not (said.earlier & printed.earlier or said.later & printed.later):
                return said.link, printed.link
    return None


@lru_cache(maxsize=256)
def _sequences(text: str) -> Sequence[_Sequence]:
    return tuple(_read_sequences(text))


def _read_sequences(text: str) -> Iterator[_Sequence]:
    for sentence in _SENTENCE_END.split(text):
        korean = [found for found in _LINK_KO.finditer(sentence) if _joins_clauses(found)]
        english = list(_LINK_EN.finditer(sentence))
        if len(korean) == 1:
            yield _korean_sequence(sentence, korean[0])
        elif len(english) == 1 and english[0].start():
            yield _order_events(sentence[: english[0].start()], sentence[english[0].end() :], english[0]["link"])
        elif len(english) == 1 and "," in sentence:
            event, _, main = sentence[english[0].end() :].partition(",")
            yield _order_events(main, event, english[0]["link"])


def _joins_clauses(link: re.Match[str]) -> bool:
    """Return whether the word before 뒤 or 전 is a verb: 만난 뒤, 만나기 전."""
    if link["link"].startswith(("전", "앞서")):
        return link["end"] == "기"
    return (ord(link["end"]) - _FIRST_HANGUL) % _FINALS == _FINAL_N


def _korean_sequence(sentence: str, link: re.Match[str]) -> _Sequence:
    event = _TOPIC.sub("", sentence[: link.start("link")], count=1)
    main = _TOPIC.sub("", sentence[link.end() :], count=1)
    earlier, later = (main, event) if link["end"] == "기" else (event, main)
    return _Sequence(stems(content_words(earlier)), stems(content_words(later)), link[0])


def _order_events(main: str, event: str, link: str) -> _Sequence:
    earlier, later = (event, main) if link.lower() == "after" else (main, event)
    return _Sequence(stems(content_words(earlier)), stems(content_words(later)), link)


# The two ends of a way

_NAME = r"(?:the )?(?P<{}>[A-Z][\w’-]+(?: [A-Z][\w’-]+)*)"
_FROM, _TO = (re.compile(rf"\b{word} {_NAME.format('name')}") for word in ("from", "to"))
_WAY_KO = re.compile(
    r"(?P<start>[가-힣A-Za-z]{2,})에서 (?:[^.?!0-9]{0,24}? )?(?P<end>[가-힣A-Za-z]{2,}?)(?:으로|로|까지)(?=[ ,.를을]|$)"
)


def turned_way(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the start of a way in the statement that is its end in the passage.

    >>> turned_way("It moved jobs from Alder to Birch.", "It closed its mill in Birch and moved jobs to Alder.")
    ('from Alder', 'to Alder')
    >>> turned_way("버스는 여울시에서 가람시까지 간다.", "가람시에서 여울시까지 버스가 다닌다.")
    ('여울시에서', '여울시까지')
    """
    said, printed = ([(one["start"], one["end"]) for one in _WAY_KO.finditer(text)] for text in (statement, passage))
    for start, end in said:
        if start != end and (end, start) in printed:
            return f"{start}에서", f"{start}까지"
    starts, ends = (frozenset(pattern.findall(statement)) for pattern in (_FROM, _TO))
    others, other_ends = (frozenset(pattern.findall(passage)) for pattern in (_FROM, _TO))
    turned = sorted((starts & other_ends) - others) if ends and not ends & other_ends else ()
    return (f"from {turned[0]}", f"to {turned[0]}") if turned and any(end in passage for end in ends) else None
