"""The two newest texts of an article held against each other, and what the writer did about each query.

In: an article's texts and the queries on its claims. Out: paragraphs that stand in both, one of them or another
wording; and for each query whether the newest text did it. The invariant: the words of both texts stand in what is
returned, each once and in order. It decides nothing: the answer to a query is a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product, zip_longest
from typing import NamedTuple

from claimledger.editorial.claim_at_desk import ClaimAtDesk, WriterQuery

_WORD = re.compile(r"\s+|[\w.,]*\w%?|.")


class Side(StrEnum):
    """Which of two texts has some words."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


class Piece(NamedTuple):
    """Words that stand in one of two texts, or in both."""

    words: str
    """The words."""
    side: Side
    """Which has them."""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs that are the same in both texts, or one that is not."""

    pieces: tuple[Piece, ...]
    """The words; of unchanged paragraphs, a paragraph a piece."""
    is_changed: bool
    """Whether the texts differ here."""


class Outcome(StrEnum):
    """What the newest text did about a query."""

    FIXED = "fixed"
    """It reads as asked."""
    REWORDED = "reworded"
    """What was asked about is gone, and it does not read as asked."""
    NOT_FIXED = "not_fixed"
    """What was asked about still stands."""
    NOT_FOUND = "not_found"
    """The words of the query stand in no text that is held."""


class Followed(NamedTuple):
    """A query and what the newest text did about it."""

    claim_id: str
    """The claim it was asked on."""
    query: WriterQuery
    """The query."""
    outcome: Outcome
    """What the text did."""


def differences(old: str, new: str) -> list[Paragraphs]:
    """Return the paragraphs of two texts in order, changed ones word by word."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Paragraphs] = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Paragraphs(tuple(Piece(line, Side.BOTH) for line in after[start:end]), is_changed=False))
        else:
            pairs = _paired(before[first:last], after[start:end])
            found += [Paragraphs(tuple(_words(was, now)), is_changed=True) for was, now in pairs]
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Return lines of two texts in order, those that are alike side by side; any other stands alone.

    >>> _paired(["매출은 4200억원이다."], ["올해도 자란다.", "매출은 4213억원이다."])
    [(None, '올해도 자란다.'), ('매출은 4200억원이다.', '매출은 4213억원이다.')]
    """
    if len(old) * len(new) > _MOST_PAIRS:
        return list(zip_longest(old, new))
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, column in product(range(len(old) - 1, -1, -1), range(len(new) - 1, -1, -1)):
        alike = _likeness(old[row], new[column])
        together = best[row + 1][column + 1][0] + alike if alike >= _ALIKE else -1.0
        best[row][column] = max(
            (together, _TOGETHER), (best[row + 1][column][0], _OLD), (best[row][column + 1][0], _NEW)
        )
    return list(_path(old, new, best))


def _path(
    old: Sequence[str], new: Sequence[str], best: Sequence[Sequence[tuple[float, int]]]
) -> Iterator[tuple[str | None, str | None]]:
    row = column = 0
    while row < len(old) or column < len(new):
        step = _NEW if row == len(old) else _OLD if column == len(new) else best[row][column][1]
        yield (None if step == _NEW else old[row], None if step == _OLD else new[column])
        row, column = row + (step != _NEW), column + (step != _OLD)


def _likeness(old: str, new: str) -> float:
    """Return how much of two lines is the same, word by word, from 0 to 1."""
    return SequenceMatcher(None, _WORD.findall(old), _WORD.findall(new), autojunk=False).ratio()


_NEW, _OLD, _TOGETHER = range(3)
"""What stands next: a line of the new text, of the old one, or one of each that are alike."""
_ALIKE = 0.5
_MOST_PAIRS = 2_000
"""Pairs of lines that are compared; a text rewritten as a whole is shown line by line."""


def _words(old: str | None, new: str | None) -> Iterator[Piece]:
    before, after = _WORD.findall(old or ""), _WORD.findall(new or "")
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("".join(after[start:end]), Side.BOTH)
            continue
        if first < last:
            yield Piece("".join(before[first:last]), Side.OLD)
        if start < end:
            yield Piece("".join(after[start:end]), Side.NEW)


def outcome(as_printed: str, should_read: str, newest: str, older: Sequence[str] = ()) -> Outcome:
    """Return what the newest text did about a query; `older` are the texts before, the newest of them last.

    >>> outcome("40%", "약 40%", "값은 약 40% 낮다.", ["값은 40% 낮다."]).value
    'fixed'
    """
    printed, reads = _counts(as_printed, should_read, newest)
    if not printed:
        if reads:
            return Outcome.FIXED
        return Outcome.REWORDED if any(as_printed in text for text in older) else Outcome.NOT_FOUND
    earlier = [_counts(as_printed, should_read, text) for text in older]
    is_done = any(printed < was_printed and reads > was_read for was_printed, was_read in earlier)
    return Outcome.FIXED if is_done else Outcome.NOT_FIXED


def _counts(as_printed: str, should_read: str, text: str) -> tuple[int, int]:
    """Return how often a text has the words asked about, outside what they should read, and how often that."""
    rest = text.replace(should_read, "\0") if should_read else text
    return rest.count(as_printed), text.count(should_read) if should_read else 0


def followed(claims: Sequence[ClaimAtDesk], newest: str, older: Sequence[str]) -> list[Followed]:
    """Return every query on the claims with what the newest text did about it."""
    return [
        Followed(claim.claim_id, query, outcome(detail["as_printed"], detail["should_read"], newest, older))
        for claim in claims
        for query in claim.queries()
        if (detail := query.asked.deed.detail)
    ]
