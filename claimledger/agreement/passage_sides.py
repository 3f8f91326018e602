"""Find figures and sides that changed places: 7 to 3 for 3 to 7, the men's number beside the women.

Two texts are compared by the words that both have, so the rules say nothing across languages except about ratios.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from claimledger.agreement.compared_texts import ComparedTexts
from claimledger.agreement.content_words import is_order_reversed
from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.marks import read_marks
from claimledger.agreement.opposite_words import DIRECTION, LEVEL, are_sides_swapped, direction_marks
from claimledger.agreement.passage_distances import turned_multiple
from claimledger.agreement.passage_parties import exchanged_parties
from claimledger.agreement.passage_roles import turned_act
from claimledger.agreement.passage_ratios import turned_lead, wrong_label
from claimledger.agreement.word_lists import FUNCTION_WORDS
from claimledger.errors import Problem

_RATIO = re.compile(
    r"(?<![0-9.,:])([0-9]{1,4}) ?(?:대|:|to|[-–]) ?([0-9]{1,4})(?![0-9:]|[.,][0-9])(?! ?(?:월|일|년|명|개|세|시|%))"
)


def side_problems(texts: ComparedTexts) -> Iterator[Problem]:
    """Yield a problem if the sides of a ratio, of a comparison, or of two figures changed places."""
    found = (
        _turned_ratio(texts)
        or _turned_comparison(texts)
        or turned_act(texts.statement, texts.passage)
        or exchanged_parties(texts.statement, texts.passage)
        or turned_lead(texts.statement, texts.passage)
        or wrong_label(texts.statement, texts.passage)
        or turned_multiple(texts.statement, texts.passage)
        or _find_turned_labels(texts)
    )
    if found:
        yield Problem("passage-sides-swapped", field=texts.path, said=found[0], printed=found[1])


# Ratios


def _turned_ratio(texts: ComparedTexts) -> tuple[str, str] | None:
    said, printed = _ratios(texts.statement), _ratios(texts.passage)
    for own in said:
        for other in printed:
            turned = _pair(own) == _pair(other)[::-1] and len(set(_pair(own))) > 1
            if turned and not is_order_reversed(texts.statement, texts.passage):
                return own[0], other[0]
            if _pair(own) == _pair(other) and _is_pair_turned(texts.statement, texts.passage):
                return own[0], other[0]
    return None


def _ratios(text: str) -> Sequence[re.Match[str]]:
    return list(_RATIO.finditer(text))


def _pair(found: re.Match[str]) -> tuple[str, ...]:
    return found.groups()


_JOINED = re.compile(
    r"([가-힣]{2,})(?:과|와|·| 대 )\s?([가-힣]{2,}?)(?=[은는이가의을를]?\b)|\b([a-z]+) (?:and|to) ([a-z]+)\b",
    re.IGNORECASE,
)


def _is_pair_turned(one: str, other: str) -> bool:
    """Return whether two joined words have the opposite order in the other text: sand and lime."""
    own, others = (
        {tuple(filter(None, found.groups())) for found in _JOINED.finditer(text.lower())} for text in (one, other)
    )
    return any(len(set(pair)) > 1 and pair[::-1] in others for pair in own)


# Comparisons


def _turned_comparison(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return the words of a comparison that has the same direction and its sides in exchanged places."""
    said, printed = read_marks(texts.statement), read_marks(texts.passage)
    if not ((LEVEL in said or DIRECTION in said) and (LEVEL in printed or DIRECTION in printed)):
        return None
    own, others = direction_marks(texts.statement, said), direction_marks(texts.passage, printed)
    if not own or {mark.pole for mark in own} != {mark.pole for mark in others} or len({mark.pole for mark in own}) > 1:
        return None
    return (own[0].word, others[0].word) if are_sides_swapped(texts.statement, texts.passage) else None


# Figures with labels


class _LabelledFigure(NamedTuple):
    figure: NormalizedFigure
    before: frozenset[str]
    """The words between the figure before it, or the beginning of the sentence, and the figure."""
    after: frozenset[str]
    """The words between it and the next figure, or the end of the sentence."""


_LABEL = re.compile(r"(?<![가-힣0-9])[가-힣](?=(?:에서는|에서|에는|에|은|는|이|가)? ?$)|[0-9]*[가-힣]{2,}|[A-Za-z]{2,}")
_SENTENCE = re.compile(r"[.?!](?:\s|$)")
_SHORTEST = 2
_NEAREST = 5
"""The number of words on each side of a figure that may be its label."""


def _find_turned_labels(texts: ComparedTexts) -> tuple[str, str] | None:
    """Return two figures, each beside the word that belongs to the other one in the passage."""
    if len(texts.figures.said) < _SHORTEST:
        return None
    said = _place_figures(texts.statement, texts.figures.said)
    printed = _place_figures(texts.passage, read_figures_cached(texts.passage).said)
    for one, other in combinations(said, 2):
        if one.figure.dimension != other.figure.dimension or is_same_figure(one.figure, other.figure):
            continue
        pair = [[also for also in printed if is_same_figure(own.figure, also.figure)] for own in (one, other)]
        if len(pair[0]) == len(pair[1]) == 1 and _are_labels_turned(one, other, pair[0][0], pair[1][0]):
            return f"{one.figure.text}, {other.figure.text}", f"{pair[0][0].figure.text}, {pair[1][0].figure.text}"
    return None


def _place_figures(text: str, figures: Sequence[NormalizedFigure]) -> list[_LabelledFigure]:
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    placed = []
    for number, figure in enumerate(figures):
        floor = max([0, *(end for end in ends if end <= figure.core_start)])
        ceiling = min([len(text), *(end for end in ends if end > figure.core_end)])
        start = max(floor, figures[number - 1].core_end if number else 0)
        end = min(ceiling, figures[number + 1].core_start if number + 1 < len(figures) else ceiling)
        placed.append(
            _LabelledFigure(
                figure,
                _label_stems(_LABEL.findall(text[start : figure.core_start])[-_NEAREST:]),
                _label_stems(_LABEL.findall(text[figure.core_end : end])[:_NEAREST]),
            )
        )
    return placed


def _label_stems(words: Iterable[str]) -> frozenset[str]:
    kept = (word for word in words if word.lower() not in FUNCTION_WORDS)
    return frozenset(word[:4].lower() if word.isascii() else _label_stem(word) for word in kept)


def _label_stem(word: str) -> str:
    digits = len(word) - len(word.lstrip("0123456789"))
    return word[: digits + 2]


def _are_labels_turned(
    one: _LabelledFigure, other: _LabelledFigure, first: _LabelledFigure, second: _LabelledFigure
) -> bool:
    """Return whether each of two figures has the other one's label, and neither has its own."""
    is_turned = False
    for window in ("before", "after"):
        own = getattr(first, window) - getattr(second, window), getattr(second, window) - getattr(first, window)
        for said in ("before", "after"):
            mine, theirs = getattr(one, said), getattr(other, said)
            only_mine, only_theirs = mine - theirs, theirs - mine
            if own[0] & only_mine and own[1] & only_theirs:
                return False
            is_turned = is_turned or bool(own[1] & only_mine and own[0] & only_theirs)
    return is_turned
