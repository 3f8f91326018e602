"""The rules that mark a drafted statement: figures, digits, polarity, hedges, and words that are not nearby.

Each rule yields problems of the one table of reasons. None of them proves that a statement is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claimledger.agreement import agreement_findings, agreement_notes
from claimledger.agreement.content_words import content_words, sentence_about, stems
from claimledger.agreement.figure_comparison import (
    is_comparator_allowed, is_opposite_direction, is_same_figure, may_measure_same,
)  # fmt: skip
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.word_lists import DENIAL, HEDGE, HEDGE_OR_FUTURE, SOFT_DENIAL
from claimledger.errors import Problem
from claimledger.models import Span, Speaker
from claimledger.suggesting.compared_wording import ComparedWording
from claimledger.suggesting.dated_words import read_dates

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_WORDS_BEFORE, _WORDS_AFTER = 3, 2
_SHARE_OF_PASSAGE, _SHARE_NEARBY = 0.3, 0.6
_LONGEST_TRANSLATION = 3.65
"""The most characters of an English statement for each Korean letter; spaces of the Korean one are not counted."""
_SHORTEST_TRANSLATION = 1.5


def agreement_marks(one: ComparedWording, speaker: Speaker | None = None) -> Iterator[Problem]:
    """Yield the findings and notes of the agreement checks on the statement and its passage."""
    claim, passages = one.claim(speaker), [one.context()]
    yield from agreement_findings(claim, passages)
    yield from agreement_notes(claim, passages)


_NO_DENIAL = re.compile(
    r"밖에[^.]{0,6}(?:않|못|없)|(?:밤낮|끊임|틀림|어김|다름|손색|상관|관계)없"
    r"|\bunless\b|\bnot only\b|\bno (?:less|more) than\b"
)
"""Words of denial that deny nothing."""
_CAN = re.compile(r"수 (?:도 )?있(?:다|을|었)|\bwill\b|\bwould\b|겠다|것이다|것으로")
"""Words of the future that a translation keeps."""


def figure_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each figure that the passage does not give, and for one that belongs to other words."""
    said, printed = (read_figures_cached(text).said for text in (one.wording, one.passage))
    for figure in said:
        same = [other for other in printed if _is_same(figure, other)]
        if not same and not _is_only_an_article(figure, printed):
            yield Problem("suggestion-figure-elsewhere", field=one.field, figure=figure.text)
        elif same and one.is_same_language and _belongs_elsewhere(one, figure, same, printed):
            yield Problem("suggestion-figure-misplaced", field=one.field, figure=figure.text)


def _is_same(figure: NormalizedFigure, printed: NormalizedFigure) -> bool:
    return (
        is_same_figure(figure, printed)
        and bool(figure.dimension) == bool(printed.dimension)
        and is_comparator_allowed(figure.comparator, printed.comparator)
        and not is_opposite_direction(figure.direction, printed.direction)
    )


def _is_only_an_article(figure: NormalizedFigure, printed: Sequence[NormalizedFigure]) -> bool:
    """Return whether a figure is "one" as an article is, 한 화가, and the passage counts nothing like it."""
    return figure.raw == 1 and not any(may_measure_same(figure, other) for other in printed)


def _belongs_elsewhere(
    one: ComparedWording,
    figure: NormalizedFigure,
    same: Sequence[NormalizedFigure],
    printed: Sequence[NormalizedFigure],
) -> bool:
    """Return whether the words around a figure are, in the passage, around another figure of its kind."""
    rivals = [other for other in printed if other not in same and may_measure_same(figure, other)]
    own = _words_around(one.wording, figure.start, figure.end)
    score = max(len(own & _words_around(one.passage, other.start, other.end)) for other in same)
    return any(len(own & _words_around(one.passage, other.start, other.end)) > score for other in rivals)


def _words_around(text: str, start: int, end: int) -> frozenset[str]:
    words = content_words(text)
    before = [word for word in words if word.end <= start][-_WORDS_BEFORE:]
    after = [word for word in words if word.start >= end][:_WORDS_AFTER]
    return stems((*before, *after))


def digit_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem for each number that is part of no figure and no date, and that the passage does not have."""
    taken = [(figure.start, figure.end) for figure in read_figures_cached(one.wording).said]
    taken += [(words.start, words.end) for words in read_dates(one.wording, one.published_on)]
    left = Counter(_DIGITS.findall(one.passage)) | Counter(_DIGITS.findall(one.pointed))
    for found in _DIGITS.finditer(one.wording):
        left[found[0]] -= 1
        if left[found[0]] < 0 and not any(start <= found.start() < end for start, end in taken):
            yield Problem("suggestion-digits-elsewhere", field=one.field, digits=found[0])


# Polarity and hedges


def polarity_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem if the statement denies more often than its sentence, or as the only one of the two."""
    sentence = _sentence(one)
    said, printed = (len(DENIAL.findall(_NO_DENIAL.sub(" ", text))) for text in (one.wording, sentence))
    soft = len(SOFT_DENIAL.findall(sentence)) - len(SOFT_DENIAL.findall(one.wording))
    is_covered = not one.is_same_language and soft > 0
    if said > printed and not is_covered:
        yield Problem("suggestion-denial-differs/added", field=one.field)
    elif printed and not said and not (not one.is_same_language and soft < 0):
        yield Problem("suggestion-denial-differs", field=one.field)


def hedge_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem if only one of statement and sentence speaks of a plan, a possibility or the future."""
    sentence = _sentence(one)
    printed, said = HEDGE_OR_FUTURE.search(sentence), HEDGE_OR_FUTURE.search(one.wording)
    if not one.is_same_language:
        printed = HEDGE.search(sentence) or _CAN.search(sentence)
    if printed and not said:
        yield Problem("suggestion-hedge-differs", field=one.field, words=printed[0].strip())
    elif (added := HEDGE.search(one.wording)) and not HEDGE_OR_FUTURE.search(sentence):
        yield Problem("suggestion-hedge-differs/added", field=one.field, words=added[0].strip())


def _sentence(one: ComparedWording) -> str:
    return sentence_about(one.passage, one.wording) or one.passage


# Words nearby


class UnknownWords(NamedTuple):
    """The words of a statement that the text near its passage does not have."""

    spans: tuple[Span, ...]
    """Their places in the statement."""
    in_passage: float
    """The share of its words that the passage has."""
    nearby: float
    """The share that the passage or the text around it has."""


def find_unknown_words(one: ComparedWording) -> UnknownWords:
    """Return the words of a statement, in the language of its passage, that are not nearby."""
    words = content_words(one.wording) if one.is_same_language else ()
    passage = stems(content_words(one.passage))
    around = passage | stems(content_words(one.nearby)) | stems(content_words(one.pointed))
    unknown = [word for word in words if word.stem not in around]
    if not words:
        return UnknownWords((), 1, 1)
    return UnknownWords(
        tuple(Span(start=word.start, end=word.end) for word in unknown),
        sum(word.stem in passage for word in words) / len(words),
        1 - len(unknown) / len(words),
    )


def share_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem if too few words of a statement are in its passage, or near it."""
    found = find_unknown_words(one)
    if found.in_passage < _SHARE_OF_PASSAGE:
        yield Problem("suggestion-few-words", field=one.field, share=round(100 * found.in_passage))
    elif found.nearby < _SHARE_NEARBY:
        yield Problem("suggestion-few-words/nearby", field=one.field, share=round(100 * found.nearby))


def length_marks(one: ComparedWording) -> Iterator[Problem]:
    """Yield a problem if a translation is far longer or shorter than translations are."""
    if one.is_same_language:
        return
    english, korean = (one.wording, one.passage) if one.language == "en" else (one.passage, one.wording)
    ratio = len(english) / max(1, len(korean.replace(" ", "")))
    if not _SHORTEST_TRANSLATION <= ratio <= _LONGEST_TRANSLATION:
        yield Problem("suggestion-length-differs", field=one.field)
