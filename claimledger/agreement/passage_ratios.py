"""Find ratios and figures whose sides have opposite words: two men for every woman, 남녀 2 대 1, 유죄 9 무죄 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.content_words import content_words, stems
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.marks import AXES, Mark, read_marks
from claimledger.agreement.opposite_words import APART_AXES

_ANY_LETTER = re.compile("[a-z가-힣]{2}", re.IGNORECASE)
_STEM = 4
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SMALL = {word: number for number, word in enumerate(_WORDS, 1)}
_NUMBER = rf"(?:[0-9]+(?:\.[0-9]+)?|{'|'.join(_SMALL)})"
_RATIOS = (
    re.compile(r"(?P<more>[^.,;]{2,40}?) outnumber(?:ed|s|ing)? (?P<less>[^.,;]{2,40})", re.IGNORECASE),
    re.compile(
        rf"\b(?P<n>{_NUMBER}) (?P<more>[a-z ]{{2,30}}?) (?:for|to) (?:every|each|(?P<m>one|1)) "
        rf"(?P<less>[a-z ]{{2,30}})", re.IGNORECASE),
    re.compile(
        rf"\b(?P<n>{_NUMBER})(?: to |-|–|:)(?P<m>{_NUMBER})(?: votes?)? (?P<more>in favou?r of [a-z "
        rf"]{{2,30}}|for [a-z ]{{2,30}}|against [a-z ]{{2,30}})", re.IGNORECASE),
    re.compile(
        rf"ratio of (?P<more>[a-z ]{{2,30}}?) to (?P<less>[a-z ]{{2,30}}?) (?:is|was|of|stood)"
        rf"[^.]{{0,20}}?(?P<n>{_NUMBER})(?: to |:|-)(?P<m>{_NUMBER})", re.IGNORECASE),
    re.compile(
        r"(?P<more>남)(?P<less>녀)[^.]{0,12}? ?(?:비율|비|성비)[은는이가]? [^.]{0,8}?(?P<n>[0-9.]+) ?(?:대|:) "
        r"?(?P<m>[0-9.]+)"),
    re.compile(
        r"(?P<more>[가-힣]{2,8})(?:와|과| 대|·) ?(?P<less>[가-힣]{2,8}?)(?:의)? 비율[은는이가]? "
        r"[^.]{0,8}?(?P<n>[0-9.]+) ?(?:대|:) ?(?P<m>[0-9.]+)"),
    re.compile(
        r"(?P<more>[가-힣]{2,6}) ?(?P<n>[0-9]+)(?:명|표|곳)?(?:, ?|·| 대 |[와과] )(?P<less>[가-힣]{2,6}) "
        r"?(?P<m>[0-9]+)"),
    re.compile(
        r"(?P<less>[가-힣]{2,8}) (?:한|1) ?명(?:당|에) ?(?P<more>[가-힣]{2,8})(?:[이가은는])? ?(?P<n>두|세"
        r"|네|[0-9]+) ?명"),
)  # fmt: skip
_RATIO_SIGN = re.compile(
    r"outnumber|\b(?:for|to) (?:every|each|one|1)\b|ratio|[0-9](?: to |[-–:])[0-9]|비율|성비|남녀|명(?:당|에)"
    r"|[0-9](?:명|표|곳)?(?:, ?|·| 대 |[와과] )[가-힣]{2,6} ?[0-9]", re.IGNORECASE,
)  # fmt: skip
"""A sign of a ratio: most texts have none."""
_POLES = {"남": ("sex", "men"), "녀": ("sex", "women")}


class Lead(NamedTuple):
    """The larger side of a ratio."""

    axis: str
    pole: str
    words: str
    more: str = ""
    less: str = ""


@lru_cache(maxsize=512)
def read_leads(text: str) -> Sequence[Lead]:
    """Return the larger sides of the ratios of a text, where they have a word with an opposite.

    >>> [(lead.axis, lead.pole) for lead in read_leads("There are two men for every woman.") if lead.axis]
    [('sex', 'men')]
    >>> [(lead.axis, lead.pole) for lead in read_leads("남녀 비율은 1 대 3이다.") if lead.axis]
    [('sex', 'women')]
    """
    if not _RATIO_SIGN.search(text):
        return ()
    return tuple(lead for pattern in _RATIOS for found in pattern.finditer(text) for lead in _read_lead(found))


def _read_lead(found: re.Match[str]) -> Iterator[Lead]:
    groups = found.groupdict()
    more, less = groups["more"], groups.get("less") or ""
    first, second = (_amount(groups.get(name) or default) for name, default in (("n", "2"), ("m", "1")))
    if first == second:
        return
    if less and _ANY_LETTER.search(more) and _ANY_LETTER.search(less):
        yield Lead("", "", found[0].strip(), *((more, less) if first > second else (less, more)))
    own, others = _poles(more), _poles(less)
    for axis, pole in own.items():
        is_opposed = axis in others and others[axis] != pole
        if first > second and (is_opposed or not less):
            yield Lead(axis, pole, found[0].strip())
        elif first < second and is_opposed:
            yield Lead(axis, others[axis], found[0].strip())


def _amount(printed: str) -> float:
    return float(_SMALL.get(printed.lower(), {"두": 2, "세": 3, "네": 4}.get(printed)) or printed.rstrip("."))


def _poles(words: str) -> dict[str, str]:
    if words in _POLES:
        axis, pole = _POLES[words]
        return {axis: pole}
    marks = read_marks(words)
    return {axis: found[0].pole for axis, found in marks.items() if axis not in APART_AXES and len(found) == 1}


def turned_lead(statement: str, passage: str) -> tuple[str, str] | None:
    """Return the words of two ratios whose larger sides are opposite."""
    for said in read_leads(statement):
        printed = [lead for lead in read_leads(passage) if lead.axis == said.axis]
        if not said.axis:
            turned = [lead for lead in printed if _are_exchanged(said, lead)]
            if turned and len(turned) == len(printed):
                return said.words, turned[0].words
        elif printed and all(lead.pole != said.pole for lead in printed):
            return said.words, printed[0].words
    return None


def _are_exchanged(one: Lead, other: Lead) -> bool:
    more, less, others, rest = (
        frozenset(stem[:_STEM] for stem in stems(content_words(words)))
        for words in (one.more, one.less, other.more, other.less)
    )
    return bool(more & rest and less & others) and not (more & others or less & rest)


# Figures with labels of opposite meaning

_LABELS = AXES - APART_AXES


def wrong_label(statement: str, passage: str) -> tuple[str, str] | None:
    """Return a figure of the statement with the label of another figure of the passage: 53 hurt, for 53 dead.

    >>> wrong_label("부상자는 53명이다.", "사망 53명, 부상 28명으로 집계됐다.")
    ('53명', '53명')
    """
    said, printed = read_figures_cached(statement).said, read_figures_cached(passage).said
    axes = [axis for axis in read_marks(statement).keys() & read_marks(passage).keys() if axis in _LABELS]
    for axis in axes:
        own, others = _figures_with_label(statement, said, axis), _figures_with_label(passage, printed, axis)
        for figure, pole in own:
            same = [(other, label) for other, label in others if is_same_figure(figure, other)]
            alike = [
                other for other, label in others if label == pole and same and other.dimension == same[0][0].dimension
            ]
            if len(same) == 1 and same[0][1] != pole and alike:
                return figure.text, same[0][0].text
    return None


def _figures_with_label(
    text: str, figures: Sequence[NormalizedFigure], axis: str
) -> list[tuple[NormalizedFigure, str]]:
    """Return the figures that have one word of an axis beside them, all on the same side of their figures."""
    marks = read_marks(text).get(axis, ())
    for is_before in (True, False):
        found = []
        for number, figure in enumerate(figures):
            start = figures[number - 1].core_end if number else 0
            end = figures[number + 1].core_start if number + 1 < len(figures) else len(text)
            span = (start, figure.core_start) if is_before else (figure.core_end, end)
            within = [mark for mark in marks if span[0] <= mark.start < span[1] and not mark.is_negated]
            found.append((figure, within))
        used = [(figure, within[0].pole) for figure, within in found if _has_one_pole(within)]
        if len(used) == len({pole for _, pole in used}) == len({mark.pole for mark in marks}):
            return used
    return []


def _has_one_pole(marks: Sequence[Mark]) -> bool:
    return len({mark.pole for mark in marks}) == 1
