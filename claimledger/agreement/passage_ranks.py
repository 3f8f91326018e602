"""Compare the ranks of a statement with those of its passage: the largest, the second-largest, one of the largest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.content_words import sentence_about
from claimledger.agreement.word_lists import HIGH_EN, HIGH_KO, LOW_EN, LOW_KO
from claimledger.errors import Problem

_ORDINALS = {
    "첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_EN = "|".join(word for word in _ORDINALS if word.isascii())
_KO = "|".join(word for word in _ORDINALS if not word.isascii())
_RANK = re.compile(
    rf"(?P<place>[0-9]{{1,3}}) ?위(?!(?:와|인|였던|에 이어|를 지키던| [가-힣A-Z]+에 이어))|(?<!준)(?P<win>(?<![0-9] "
    rf")금메달을 (?=땄|목에|차지|획득|걸)|우승(?=을 차지|을 거|했|컵|하며|하면서)|정상에 (?:올랐|오르))"
    rf"|(?P<second>준우승|은메달을 (?=땄|목에"
    rf"|차지|획득|걸)|runners?-up)|\b(?P<won>won the (?:[a-z0-9]+ )?(?:title|championship|tournament"
    rf"|competition|race|cup|league|regatta|election|final|event|contest|marathon|rally|prize))\b"
    rf"|(?P<order>[0-9]{{1,3}}|{_KO}) ?번째(?:로)? (?:[가-힣]+[이가] )?(?:{HIGH_KO}|{LOW_KO})[가-힣]*"
    rf"|(?:최대|최고|최다|최장|역대 최대)(?! ?(?:[0-9]|수[십백천]|[가-힣]+ ?까지))(?P<high_ko>)"
    rf"|(?:최저|최단|최소|최하위|꼴찌)(?! ?(?:[0-9]|수[십백천]|한|두|세))(?P<low_ko>)"
    rf"|(?:가장|제일) (?:[가-힣]+[이가] )?(?P<high_adj>{HIGH_KO})[가-힣]*|(?:가장|제일) "
    rf"(?:[가-힣]+[이가] )?(?P<low_adj>{LOW_KO})[가-힣]*"
    rf"|\b(?P<word>{_EN}|[0-9]{{1,2}}(?:st|nd|rd|th))[ -](?:{HIGH_EN}|{LOW_EN}|place|most|in the|[a-z]+est)\b"
    rf"|\b(?:finish(?:ed)?|came|ranked|placed|ranks|comes) (?P<finish>{_EN}|[0-9]{{1,2}}(?:st|nd|rd|th))\b"
    rf"|\b(?:No\.?|number|ranked|ranks) (?P<number>[0-9]{{1,3}})\b"
    rf"|\b(?P<high>{HIGH_EN})\b|\b(?P<low>{LOW_EN})\b"
    r"|(?<!at )\b(?P<most>the most)\b(?! of)|(?<!at )\b(?P<least>the least|the fewest)\b"
)
_GROUP = re.compile(
    r"\bone of\b|\bamong\b|\bsome of\b|(?:가운데|중|중에) ?(?:하나|한 곳|한 명|하나로)|손꼽|꼽히는|축에|상위권|유수의",
    re.IGNORECASE,
)
_ONE_OF_MANY = re.compile("손꼽[가-힣]*|꼽히는|유수의")
_HINT = re.compile(
    r"위|번째|가장|제일|최[대고다장저단소하]|꼴찌|우승|메달|정상|won|unner|st\b|cond|ird|th\b|No\.|number|record|ank",
    re.IGNORECASE,
)


class Ranks(NamedTuple):
    """The ranks that a text names."""

    numbers: frozenset[int]
    """The places: 1 for the first or the largest."""
    ends: frozenset[str]
    """The end of the scale: high or low."""
    is_group: bool
    """True for one of several: one of the largest."""
    text: str
    """The words of the first rank."""


@lru_cache(maxsize=512)
def read_ranks(text: str) -> Ranks | None:
    """Return the ranks of a text, or None if it has none.

    >>> read_ranks("the second-largest port").numbers, read_ranks("가장 적은 비").ends, read_ranks("a port")
    (frozenset({2}), frozenset({'low'}), None)
    """
    numbers: set[int] = set()
    ends: set[str] = set()
    words = ""
    for found in _RANK.finditer(text):
        groups = {name for name, value in found.groupdict().items() if value is not None}
        printed = next((found[name] for name in ("place", "order", "word", "finish", "number") if name in groups), "")
        numbers.add(2 if "second" in groups else _place(printed) if printed else 1)
        ends |= {side for side in ("high", "low") if any(name.startswith(side) for name in groups)}
        ends |= {"high"} if "most" in groups else {"low"} if "least" in groups else set()
        words = words or found[0]
    if not words and (chosen := _ONE_OF_MANY.search(text)):
        return Ranks(frozenset((1,)), frozenset(), is_group=True, text=chosen[0])
    return Ranks(frozenset(numbers), frozenset(ends), bool(_GROUP.search(text)), words) if words else None


def _place(printed: str) -> int:
    digits = re.match("[0-9]+", printed)
    return int(digits[0]) if digits else _ORDINALS[printed]


def rank_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if the statement names another rank, or the other end of the scale."""
    if not _HINT.search(texts.statement):
        return
    said = read_ranks(texts.statement)
    printed = read_ranks(sentence_about(texts.passage, texts.statement)) or read_ranks(texts.passage) if said else None
    if said and printed and _are_different(said, printed):
        yield Problem("passage-rank-differs", field=texts.path, said=said.text, printed=printed.text)


def _are_different(said: Ranks, printed: Ranks) -> bool:
    if not said.numbers & printed.numbers:
        return True
    if said.ends and printed.ends and not said.ends & printed.ends:
        return True
    return printed.is_group and not said.is_group and said.numbers == printed.numbers == frozenset((1,))
