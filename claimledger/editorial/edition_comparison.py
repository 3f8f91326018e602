"""Comparison of the two newest texts of an article, and the outcome of each query to the writer.

The result contains the words of both texts, each once and in order. The outcome is a hint; a person records the answer
to a query.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product, zip_longest
from typing import NamedTuple

from claimledger.editorial.claim_at_desk import ClaimAtDesk, WriterQuery

_WORD = re.compile(r"\s+|[\w.,]*\w%?|.")


class Side(StrEnum):
    """The text, of two, that has some words."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


class DiffPiece(NamedTuple):
    """Words that are in one of two texts, or in both."""

    words: str
    """The words."""
    side: Side
    """The text that has them."""


@dataclass(frozen=True, slots=True)
class DiffParagraphs:
    """Paragraphs that are equal in both texts, or one that differs."""

    pieces: tuple[DiffPiece, ...]
    """The words; equal paragraphs have one piece each."""
    is_changed: bool
    """True if the texts differ here."""


class QueryOutcome(StrEnum):
    """The outcome of a query in the newest text."""

    FIXED = "fixed"
    """The text reads as requested."""
    REWORDED = "reworded"
    """The queried words are gone, and the text does not read as requested."""
    NOT_FIXED = "not_fixed"
    """The queried words are unchanged."""
    NOT_FOUND = "not_found"
    """No stored text contains the queried words."""


class QueryFollowUp(NamedTuple):
    """A query and its outcome in the newest text."""

    claim_id: str
    """The claim that the query is about."""
    query: WriterQuery
    """The query."""
    outcome: QueryOutcome
    """The outcome."""


def compare_paragraphs(old: str, new: str) -> list[DiffParagraphs]:
    """Return the paragraphs of two texts in order, with changed ones compared word by word."""
    before, after = old.splitlines(), new.splitlines()
    found: list[DiffParagraphs] = []
    for is_equal, first, last, start, end in _steps(before, after):
        if is_equal:
            found.append(
                DiffParagraphs(tuple(DiffPiece(line, Side.BOTH) for line in after[start:end]), is_changed=False)
            )
        else:
            pairs = _pair_lines(before[first:last], after[start:end])
            found += [DiffParagraphs(tuple(_word_pieces(was, now)), is_changed=True) for was, now in pairs]
    return found


_MOST_MATCHES = 100_000
"""The most pairs of equal words or lines in two sequences that are compared; a text of 300 words has about so many."""


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield whether a part is equal, and its bounds in both sequences.

    If that would take long, all between the equal beginning and the equal end is one part.
    """
    counts = Counter(new)
    if sum(counts[word] for word in old) <= _MOST_MATCHES:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        yield from ((tag == "equal", first, last, start, end) for tag, first, last, start, end in steps)
        return
    begin = _count_equal(old, new)
    end = _count_equal(old[begin:][::-1], new[begin:][::-1])
    yield True, 0, begin, 0, begin
    yield False, begin, len(old) - end, begin, len(new) - end
    yield True, len(old) - end, len(old), len(new) - end, len(new)


def _count_equal(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words or lines at the beginning of two sequences are equal."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (was, now) in pairs if was != now), min(len(old), len(new)))


def _pair_lines(old: Sequence[str], new: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Return lines of two texts in order, with similar lines paired; any other line has no partner.

    >>> _pair_lines(["매출은 4200억원이다."], ["올해도 자란다.", "매출은 4213억원이다."])
    [(None, '올해도 자란다.'), ('매출은 4200억원이다.', '매출은 4213억원이다.')]
    """
    if len(old) * len(new) > _MOST_PAIRS:
        return list(zip_longest(old, new))
    words, others = _line_words(old), _line_words(new)
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, column in product(range(len(old) - 1, -1, -1), range(len(new) - 1, -1, -1)):
        similarity = _similarity(words[row], others[column])
        both = best[row + 1][column + 1][0] + similarity if similarity >= _SIMILAR else -1.0
        best[row][column] = max((both, _BOTH), (best[row + 1][column][0], _OLD), (best[row][column + 1][0], _NEW))
    return list(_best_path(old, new, best))


def _best_path(
    old: Sequence[str], new: Sequence[str], best: Sequence[Sequence[tuple[float, int]]]
) -> Iterator[tuple[str | None, str | None]]:
    row = column = 0
    while row < len(old) or column < len(new):
        step = _NEW if row == len(old) else _OLD if column == len(new) else best[row][column][1]
        yield (None if step == _NEW else old[row], None if step == _OLD else new[column])
        row, column = row + (step != _NEW), column + (step != _OLD)


def _line_words(lines: Sequence[str]) -> list[Counter[str]]:
    """Return the words of each line with their numbers."""
    return [Counter(word for word in _WORD.findall(line) if not word.isspace()) for line in lines]


def _similarity(words: Counter[str], others: Counter[str]) -> float:
    """Return the share of words that two lines have in common, from 0 to 1."""
    return 2 * (words & others).total() / ((words.total() + others.total()) or 1)


_NEW, _OLD, _BOTH = range(3)
"""The next step: a line of the new text, a line of the old one, or a similar line of each."""
_SIMILAR = 0.5
_MOST_PAIRS = 2_000
"""The most pairs of lines to compare; longer changes are paired line by line."""


def _word_pieces(old: str | None, new: str | None) -> Iterator[DiffPiece]:
    before, after = _WORD.findall(old or ""), _WORD.findall(new or "")
    for is_equal, first, last, start, end in _steps(before, after):
        if is_equal:
            if start < end:
                yield DiffPiece("".join(after[start:end]), Side.BOTH)
            continue
        if first < last:
            yield DiffPiece("".join(before[first:last]), Side.OLD)
        if start < end:
            yield DiffPiece("".join(after[start:end]), Side.NEW)


def query_outcome(as_printed: str, should_read: str, newest: str, older: Sequence[str] = ()) -> QueryOutcome:
    """Return the outcome of a query in the newest text; `older` contains the texts before it, the newest of them last.

    >>> query_outcome("40%", "약 40%", "값은 약 40% 낮다.", ["값은 40% 낮다."]).value
    'fixed'
    """
    printed, reads = _counts(as_printed, should_read, newest)
    if not printed:
        if reads:
            return QueryOutcome.FIXED
        return QueryOutcome.REWORDED if any(as_printed in text for text in older) else QueryOutcome.NOT_FOUND
    earlier = [_counts(as_printed, should_read, text) for text in older]
    is_done = any(printed < was_printed and reads > was_read for was_printed, was_read in earlier)
    return QueryOutcome.FIXED if is_done else QueryOutcome.NOT_FIXED


def _counts(as_printed: str, should_read: str, text: str) -> tuple[int, int]:
    """Return how often a text has the queried words outside the requested ones, and how often the requested ones."""
    rest = text.replace(should_read, "\0") if should_read else text
    return rest.count(as_printed), text.count(should_read) if should_read else 0


def follow_up_queries(claims: Sequence[ClaimAtDesk], newest: str, older: Sequence[str]) -> list[QueryFollowUp]:
    """Return every query on the claims with its outcome in the newest text."""
    return [
        QueryFollowUp(claim.claim_id, query, query_outcome(detail["as_printed"], detail["should_read"], newest, older))
        for claim in claims
        for query in claim.queries()
        if (detail := query.asked.entry.detail)
    ]
