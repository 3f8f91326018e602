"""Find the parts of a new text that most resemble a passage whose words have changed.

Only sentences that the old text does not contain are searched. What is found is a proposal to the editor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from claimledger.editions.comparable_text import comparable_form
from claimledger.models import Span

LEAST_SIMILARITY = 0.5
"""The share of words (difflib's ratio) that a sentence must share with a passage to be proposed for it."""
LONGEST_COMPARED_SENTENCE = 2_000
"""The greatest length of a compared sentence, in code points."""

_SENTENCE = re.compile(r"[^\n.?!]+(?:[.?!](?!\s|$)[^\n.?!]*)*[.?!]?[”’」』\"')]*")
_WORD = re.compile(r"\S+")
_EDGE = " \t\r\u00a0.?!"


def find_new_sentences(old: str, new: str) -> list[Span]:
    """Return the spans of the new text's sentences that the old text does not contain."""
    known = {comparable_form(found[0].strip(_EDGE)) for found in _SENTENCE.finditer(old)}
    return [
        _trimmed_span(found.start(), found[0])
        for found in _SENTENCE.finditer(new)
        if (words := found[0].strip(_EDGE))
        and comparable_form(words) not in known
        and len(words) <= LONGEST_COMPARED_SENTENCE
    ]


def _trimmed_span(start: int, sentence: str) -> Span:
    start += len(sentence) - len(sentence.lstrip(_EDGE))
    return Span(start=start, end=start + len(sentence.strip(_EDGE)))


def rank_similar_parts(passage: str, new: str, fresh: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in new sentences that share the most words with a passage, the most similar first."""
    wanted = comparable_form(passage).strip(_EDGE).split()
    found = []
    for sentence in fresh:
        words = [Span(start=word.start(), end=word.end()) for word in _WORD.finditer(new, sentence.start, sentence.end)]
        similarity, span = _best_part(wanted, words, new)
        if similarity >= LEAST_SIMILARITY:
            found.append((-similarity, span.start, span))
    return tuple(span for *_, span in sorted(found, key=lambda one: one[:2]))


def share_of_words(one: str, other: str) -> float:
    """Return the share of words that two sentences have in common, from 0 to 1; all numbers count as the same word.

    >>> share_of_words("짐은 60% 늘었다", "짐은 40% 늘었다."), share_of_words("참가자는 적었다", "짐은 적었다")
    (1.0, 0.5)
    """
    words, others = (_NUMBER.sub("0", comparable_form(text).strip(_EDGE)).split() for text in (one, other))
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


_NUMBER = re.compile(r"\d[\d.,]*")


def _best_part(wanted: Sequence[str], words: Sequence[Span], new: str) -> tuple[float, Span]:
    """Return the best matching part of a sentence, as long as the passage, and its similarity from 0 to 1.

    The part is placed so that the longest run of words in common has the same offset in both.
    """
    printed = [comparable_form(new[word.start : word.end]) for word in words]
    matcher = SequenceMatcher(None, wanted, printed, autojunk=False)
    run = matcher.find_longest_match()
    first = max(run.b - run.a, 0)
    last = min(max(run.b - run.a, 0) + len(wanted), len(words)) - 1
    matcher.set_seq2(printed[first : last + 1])
    span = Span(start=words[first].start, end=words[last].end)
    return matcher.ratio(), _trimmed_span(span.start, new[span.start : span.end])
