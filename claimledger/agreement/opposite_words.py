"""Find a word of one text whose opposite is in another text about the same: up and down, profit and loss.

The texts are a statement and its passage, or a statement and a piece of evidence; the languages may differ. Nothing is
found where the words leave room: both poles in one text, a denied word, or two sides of one comparison that changed
places ("A is higher than B", "B is lower than A").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from claimledger.agreement.content_words import clause_spans, content_words, is_order_reversed, stems
from claimledger.agreement.figure_meaning import NormalizedFigure, read_figures_cached
from claimledger.agreement.marks import CONVERSE_AXES, Mark, Marks, poles, read_marks

DIRECTION, LEVEL, STILL = "direction", "level", "movement"
_COMPARING = re.compile(
    r"보다|비해|대비|평균|평년|기대|than\b|average|expect|compared|[0-9]\s?(?:%|percent|per cent|p)"
)
"""Words beside which "more" and "lower" compare."""
APART_AXES = frozenset((DIRECTION, LEVEL, "period", "basis", "bound", "rank", "saying"))
"""The axes that other rules compare."""
_FIGURE_WEIGHT, _ENOUGH = 3, 2


class Opposition(NamedTuple):
    """Two words with opposite meanings, one in each text."""

    axis: str
    said: Mark
    """The word of the statement."""
    printed: Mark
    """The word of the other text."""


def oppositions(statement: str, other: str, before: str = "") -> Iterator[Opposition]:
    """Yield the words of a statement whose opposites are in the other text, and which are not in the text before it.

    >>> [(one.said.word, one.printed.word) for one in oppositions("Rents rose 4%.", "집세가 4% 떨어졌다.")]
    [('rose', '떨어졌다')]
    """
    said = read_marks(statement)
    if not said:
        return
    printed = read_marks(other)
    if DIRECTION in said or LEVEL in said:
        yield from _opposite_directions(statement, other, said, printed)
    yield from _moved_or_still(said, printed)
    for axis in said.keys() & printed.keys() - APART_AXES:
        pair = _disjoint_pair(said[axis], printed[axis])
        if not pair or (axis in CONVERSE_AXES and is_order_reversed(statement, other)):
            continue
        if is_other_side(statement, other):
            return
        if not before or not poles(said, axis) & poles(read_marks(before), axis):
            yield Opposition(axis, *pair)


def _disjoint_pair(said: Sequence[Mark], printed: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    """Return a word of each text, if no pole is in both and neither text denies one."""
    own, others = ({mark.pole for mark in marks} for marks in (said, printed))
    if not own or not others or own & others or any(mark.is_negated for mark in (*said, *printed)):
        return None
    return said[0], printed[0]


# Directions


def _moved_or_still(said: Marks, printed: Marks) -> Iterator[Opposition]:
    """Yield the words if one text only has a value that did not move, and the other one only a direction."""
    for one, other in ((said, printed), (printed, said)):
        pair = _disjoint_pair(one.get(STILL, ()), other.get(DIRECTION, ())) if STILL in one else None
        if pair and DIRECTION not in one and STILL not in other:
            yield Opposition(DIRECTION, *(pair if one is said else pair[::-1]))


def _opposite_directions(statement: str, other: str, said: Marks, printed: Marks) -> Iterator[Opposition]:
    own, others = direction_marks(statement, said), direction_marks(other, printed)
    if not own or not others:
        return
    own_poles, other_poles = ({mark.pole for mark in marks} for marks in (own, others))
    if own_poles == other_poles and len(own_poles) == 1:
        return
    if _are_inverse(statement, other):
        return
    if len(own_poles) == len(other_poles) == 1:
        if not is_other_side(statement, other):
            yield Opposition(DIRECTION, own[0], others[0])
        return
    found = _opposite_at_figure(statement, other, own, others)
    if found:
        yield found
    else:
        yield from _opposite_clauses(statement, other, own, others)


_INVERSE = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        ("환율", "가치|강세|약세|절상|절하"), ("금리|수익률|yield", "채권 ?값|채권 ?가격|bond prices?"),
        ("실업|unemploy|jobless", "취업|고용|employment rate|jobs"), ("per dollar|to the dollar", "value|strength"),
        ("공실|vacan", "임대율|occupancy"), ("경쟁률", "정원"),
    )
)  # fmt: skip
"""Measures that go down when the other one goes up."""


def _are_inverse(one: str, other: str) -> bool:
    """Return whether one text has a measure and the other text only its inverse."""
    return any(
        (pair[0].search(text) and not pair[1].search(text) and pair[1].search(also) and not pair[0].search(also))
        for pair in _INVERSE
        for text, also in ((one, other), (other, one))
    )


def _opposite_at_figure(statement: str, other: str, said: Sequence[Mark], printed: Sequence[Mark]) -> Opposition | None:
    """Return the opposite words beside a figure that both texts have once, where the texts go both up and down."""
    figures = read_figures_cached(other).said
    for figure in read_figures_cached(statement).said:
        same = [one for one in figures if one.low == figure.low and one.dimension == figure.dimension]
        if len(same) != 1 or figure.low is None:
            continue
        own, also = _mark_beside(statement, figure, said), _mark_beside(other, same[0], printed)
        if own and also and own.pole != also.pole and not is_other_side(statement, other):
            return Opposition(DIRECTION, own, also)
    return None


_NEAR_FIGURE = 16


def _mark_beside(text: str, figure: NormalizedFigure, marks: Sequence[Mark]) -> Mark | None:
    """Return the word of direction nearest to a figure: after it in Korean, before it in English."""
    is_korean = re.search("[가-힣]", text) is not None
    if is_korean:
        near = [mark for mark in marks if 0 <= mark.start - figure.core_end < _NEAR_FIGURE]
    else:
        near = [mark for mark in reversed(marks) if 0 <= figure.core_start - mark.end < _NEAR_FIGURE]
    if not near:
        return None
    start, end = sorted((near[0].start, figure.core_start))
    between = text[start:end] if not is_korean else text[figure.core_end : near[0].start]
    return None if re.search(r"[0-9]|[.,;](?:\s|$)", between) else near[0]


def direction_marks(text: str, marks: Marks) -> list[Mark]:
    """Return the words of a text that say up or down; an adjective counts only beside a comparison."""
    found = [mark for mark in marks.get(DIRECTION, ()) if not mark.is_negated]
    if LEVEL in marks and _COMPARING.search(text):
        found += [mark for mark in marks[LEVEL] if not mark.is_negated]
        found.sort(key=lambda mark: mark.start)
    return found


def direction_poles(text: str, start: int = 0, end: int | None = None) -> frozenset[str]:
    """Return up, down, both or neither: the directions of the words in a part of a text, adjectives included.

    >>> sorted(direction_poles("값이 밑돌다 올랐다")), direction_poles("하락하지 않았다")
    (['down', 'up'], frozenset())
    """
    marks = read_marks(text)
    return frozenset(
        mark.pole
        for axis in (DIRECTION, LEVEL)
        for mark in marks.get(axis, ())
        if not mark.is_negated and mark.end > start and (end is None or mark.start < end)
    )


def _opposite_clauses(
    statement: str, other: str, said: Sequence[Mark], printed: Sequence[Mark]
) -> Iterator[Opposition]:
    """Yield the opposite words of clauses that have most in common, where the texts go both up and down."""
    places = [(span, mark) for span in clause_spans(other) if (mark := _only_pole(printed, span))]
    for span in clause_spans(statement):
        mark = _only_pole(said, span)
        if mark is None:
            continue
        scored = sorted(
            (
                (_likeness(statement[slice(*span)], other[slice(*place)]), number)
                for number, (place, _) in enumerate(places)
            ),
            reverse=True,
        )
        if not scored or scored[0][0] < _ENOUGH or (len(scored) > 1 and scored[1][0] == scored[0][0]):
            continue
        place, found = places[scored[0][1]]
        if found.pole != mark.pole and not is_other_side(statement[slice(*span)], other[slice(*place)]):
            yield Opposition(DIRECTION, mark, found)
            return


def _only_pole(marks: Sequence[Mark], span: tuple[int, int]) -> Mark | None:
    """Return the first mark of a clause, if all its marks have one pole."""
    within = [mark for mark in marks if span[0] <= mark.start < span[1]]
    return within[0] if within and len({mark.pole for mark in within}) == 1 else None


def _likeness(one: str, other: str) -> int:
    """Return how much two clauses have in common: words, and figures with more weight."""
    figures = _amounts(one) & _amounts(other)
    return len(stems(content_words(one)) & stems(content_words(other))) + _FIGURE_WEIGHT * len(figures)


def _amounts(text: str) -> frozenset[Decimal]:
    return frozenset(figure.low for figure in read_figures_cached(text).said if figure.low is not None)


# The sides of a comparison

_STANDARD_KO = re.compile(r"((?:[0-9가-힣]+ ){0,2}[0-9가-힣]+)보다")
_STANDARD_EN = re.compile(
    r"\b(?:than|below|above|outstrip\w*|exceed\w*|surpass\w*) ((?:[\w'’-]+ ?){1,5})", re.IGNORECASE
)
_TOPIC_END = re.compile(r"[은는이가을를의]$")


def standard_stems(text: str) -> frozenset[str]:
    """Return the words for what a comparison compares with: Birch in "higher than in Birch"."""
    found = _STANDARD_KO.search(text)
    if found:
        *before, last = found[1].split(" ")
        kept: list[str] = []
        for word in reversed(before):
            if _TOPIC_END.search(word):
                break
            kept.append(word)
        return stems(content_words(" ".join((*kept, last))))
    found = _STANDARD_EN.search(text)
    return stems(content_words(found[1])) if found else frozenset()


def is_other_side(one: str, other: str) -> bool:
    """Return whether the two texts compare the same two things from the other side."""
    mine, theirs = standard_stems(one), standard_stems(other)
    own, others = mine - theirs, theirs - mine
    if not (own and others):
        return False
    return bool(own & stems(content_words(other))) or bool(others & stems(content_words(one)))


def are_sides_swapped(one: str, other: str) -> bool:
    """Return whether two texts say the same of a comparison whose sides changed places.

    >>> are_sides_swapped("Rents in Birch are higher than in Alder.", "Rents in Alder are higher than in Birch.")
    True
    """
    mine, theirs = standard_stems(one), standard_stems(other)
    own, others = mine - theirs, theirs - mine
    if not own or not others:
        return False
    words, other_words = stems(content_words(one)), stems(content_words(other))
    return own <= other_words and others <= words
