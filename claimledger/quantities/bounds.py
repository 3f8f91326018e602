"""Read the words beside a number: comparators, and the direction of a difference.

At most four words before and one phrase after the number are read, and never past the figure before. This module does
not know units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claimledger.quantities.unit_tables import (
    COMPARATOR_AFTER, AFTER_BEGINS, AFTER_GROUPS, COMPARATORS_BEFORE, COMPARATORS_BY_LAST_WORD, BRIDGES,
    DIRECTION_AFTER, DIRECTION_BEFORE, DIRECTION_BEGINS, DIRECTIONS,
)  # fmt: skip
from claimledger.vocabulary import Comparator, Direction

_WINDOW = 32
_STARTS = re.compile(r"(?:(?<=[\s(\[\"'“‘<《「,;:·-])|^)[^\s(\[\"'“‘<《「,;:·-]")
_EDGES = frozenset("([\"'“‘<《「,;:·-")
_MARK = frozenset("~≈±><≥≤")
_LAST_LETTERS = _MARK | {word[-1] for word in COMPARATORS_BY_LAST_WORD}
"""The possible last characters before a bounded number, except after a word with a hyphen."""
_DIRECTION_LETTERS = frozenset(word[-1] for word in (*DIRECTION_BEFORE, *BRIDGES))
_RANK = (
    Comparator.MORE_THAN,
    Comparator.LESS_THAN,
    Comparator.AT_LEAST,
    Comparator.AT_MOST,
    Comparator.NEARLY,
    Comparator.ABOUT,
)
"""The order of comparators, the strictest first: 최소 1만 개가 넘는 means more than 10,000."""


class Bounds(NamedTuple):
    """The meaning of the words beside a number."""

    start: int
    """The start of the words before it."""
    end: int
    """The end of the words after it."""
    comparator: Comparator | None
    """The comparator of the number."""
    direction: Direction | None
    """The side of the difference."""


def read_bounds(text: str, start: int, end: int, floor: int, own: Comparator | None, *, is_rate: bool) -> Bounds:
    """Return the bounds of the number from `start` to `end`; `own` is a comparator inside it (100여 명).

    >>> read_bounds("성적이 40% 정도 낮은", 4, 7, 0, None, is_rate=True)[1:]
    (13, <Comparator.ABOUT: 'about'>, <Direction.BELOW: 'below'>)
    """
    first, before = _comparators_before(text, start, floor)
    last, after = _comparators_after(text, end)
    if after is None and "(" in text[end : end + 2]:
        after = _comparator_behind_bracket(text, end)
    comparator = stricter_comparator(own, stricter_comparator(before, after)) if before or after else own
    found = DIRECTION_AFTER.match(text, last) if _next_character(text, last) in DIRECTION_BEGINS else None
    if found and (is_rate or not found[0].isascii() or text.startswith(" than", found.end())):
        return Bounds(first, found.end(), comparator, DIRECTIONS[str(found.lastgroup)])
    return Bounds(first, last, comparator, _direction_before(text, first, floor, is_rate=is_rate))


def stricter_comparator(one: Comparator | None, other: Comparator | None) -> Comparator | None:
    """Return the stricter of two comparators.

    >>> stricter_comparator(Comparator.ABOUT, Comparator.AT_LEAST).value
    'at_least'
    """
    if one is None or other is None:
        return one or other
    return min(one, other, key=_RANK.index)


def _comparators_before(text: str, start: int, floor: int) -> tuple[int, Comparator | None]:
    found: Comparator | None = None
    for _ in range(2):
        if (step := _comparator_before(text, start, floor)) is None:
            break
        start, comparator = step
        found = stricter_comparator(found, comparator)
    return start, found


def _comparator_before(text: str, start: int, floor: int) -> tuple[int, Comparator] | None:
    low = max(floor, start - _WINDOW)
    window = text[low:start].rstrip(" -")
    if not window or (window[-1].lower() not in _LAST_LETTERS and "-" not in window[-10:]):
        return None
    if window[-1] in _MARK and not window[:-1].rstrip()[-1:].isalnum():
        return low + len(window) - 1, COMPARATORS_BEFORE[window[-1]]
    forms = COMPARATORS_BY_LAST_WORD.get(window[window.rfind(" ") + 1 :].lower().lstrip("([\"'“‘<《「,;:·"))
    if "-" not in window[-10:]:
        return _longest_form(window, forms, low) if forms else None
    for place in _word_starts(window):
        if comparator := COMPARATORS_BEFORE.get(window[place:].lower()):
            return low + place, comparator
    return None


def _longest_form(window: str, forms: Sequence[str], low: int) -> tuple[int, Comparator] | None:
    """Return the start and comparator of the longest form that ends a window and begins at a word."""
    for form in forms:
        if window[-len(form) :].lower() == form:
            place = len(window) - len(form)
            if not place or window[place - 1] in _EDGES or window[place - 1].isspace():
                return low + place, COMPARATORS_BEFORE[form]
    return None


def _word_starts(window: str) -> list[int]:
    return [found.start() for found in _STARTS.finditer(window)][-4:]


def _comparators_after(text: str, end: int) -> tuple[int, Comparator | None]:
    found: Comparator | None = None
    for _ in range(2):
        if _next_character(text, end) not in AFTER_BEGINS or (step := COMPARATOR_AFTER.match(text, end)) is None:
            break
        end = step.end()
        found = stricter_comparator(found, AFTER_GROUPS[str(step.lastgroup)])
    return end, found


_BRACKET = re.compile(r" ?\([^()\n]{0,3}[0-9][^()\n]{0,20}\)(?= ?[이초미가넘를을])")


def _comparator_behind_bracket(text: str, end: int) -> Comparator | None:
    """Return the comparator after a bracket that repeats the number: 5분의 3(176명) 이상; the figure excludes it."""
    bracket = _BRACKET.match(text, end)
    step = bracket and COMPARATOR_AFTER.match(text, bracket.end())
    return AFTER_GROUPS[str(step.lastgroup)] if step else None


def _next_character(text: str, end: int) -> str:
    """Return the character after a span, or after the space or hyphen behind it; empty at the end of the text."""
    following = text[end : end + 1]
    return text[end + 1 : end + 2] if following in (" ", "-") else following


_OTHER_VERBS = frozenset(("gave", "give", "gives", "giving", "made", "make", "makes", "making"))
"""Verbs that have no direction with "up": stocks gave up 3 %, women make up 45 %."""


def _direction_before(text: str, start: int, floor: int, *, is_rate: bool) -> Direction | None:
    """Return the direction of a verb before the number: rose 5 %, down by about 40 %.

    "up", "down" and "cut" before a count may belong to another verb and give no direction.
    """
    window = text[max(floor, start - _WINDOW) : start]
    before = window.rstrip(" ")
    if before[-1:].lower() not in _DIRECTION_LETTERS:
        return None
    window = window.lower()
    last = window.rstrip(" ").rpartition(" ")[2]
    if last not in DIRECTION_BEFORE and last not in BRIDGES:
        return None
    words = window.split(" ")[-5:]
    while words and (not words[-1] or words[-1] in BRIDGES):
        words.pop()
    if not words or (words[-1] in ("up", "down", "cut") and not is_rate):
        return None
    if words[-1] == "up" and words[-2:-1] and words[-2] in _OTHER_VERBS:
        return None
    return DIRECTION_BEFORE.get(words[-1])
