"""Find the parts of a new text that most resemble a passage whose words have changed.

Only sentences that the old text does not contain are searched. What is found is a proposal to the editor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest

from claimledger.editions.comparable_text import comparable_form
from claimledger.models import Span

LEAST_SIMILARITY = 0.5
"""The share of words (difflib's ratio) that a sentence must share with a passage to be proposed for it."""
LONGEST_COMPARED_SENTENCE = 2_000
"""The greatest length of a compared sentence, in code points."""

MOST_COMPARED_SENTENCES = 100
"""The most sentences that are compared with a passage: those that share the most words with it."""

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


class Sentences:
    """The sentences of a text by their words, so that few of very many are compared with a passage."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        """Read the words of the sentences."""
        self.text, self.spans = text, spans
        self.words = [comparable_words(text[span.start : span.end]) for span in spans]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self.words):
            for word in set(words):
                self._places[word].append(place)

    def find_nearest(self, words: Sequence[str]) -> list[int]:
        """Return the places of the sentences that share the most words with a passage, in the order of the text."""
        counts: Counter[int] = Counter()
        for word in set(words):
            counts.update(self._places.get(word, ()))
        return sorted(nlargest(MOST_COMPARED_SENTENCES, counts, key=lambda place: (counts[place], -place)))


def rank_similar_parts(passage: str, fresh: Sentences) -> tuple[Span, ...]:
    """Return the spans in new sentences that share the most words with a passage, the most similar first."""
    wanted = comparable_form(passage).strip(_EDGE).split()
    found = []
    for sentence in (fresh.spans[place] for place in fresh.find_nearest(comparable_words(passage))):
        words = [word.span() for word in _WORD.finditer(fresh.text, sentence.start, sentence.end)]
        similarity, span = _best_part(wanted, words, fresh.text)
        if similarity >= LEAST_SIMILARITY:
            found.append((-similarity, span.start, span))
    return tuple(span for *_, span in sorted(found, key=lambda one: one[:2]))


def comparable_words(text: str) -> list[str]:
    """Return the words of a sentence in comparable form; all numbers are the same word."""
    return _NUMBER.sub("0", comparable_form(text).strip(_EDGE)).split()


def share_of_words(words: Sequence[str], others: Sequence[str]) -> float:
    """Return the share of words that two sentences have in common, from 0 to 1.

    >>> share_of_words(comparable_words("짐은 60% 늘었다"), comparable_words("짐은 40% 늘었다."))
    1.0
    >>> share_of_words(comparable_words("참가자는 적었다"), comparable_words("짐은 적었다"))
    0.5
    """
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


_comparable_word = lru_cache(4096)(comparable_form)
_NUMBER = re.compile(r"\d[\d.,]*")


def _best_part(wanted: Sequence[str], words: Sequence[tuple[int, int]], new: str) -> tuple[float, Span]:
    """Return the best matching part of a sentence, as long as the passage, and its similarity from 0 to 1.

    The part is placed so that the longest run of words in common has the same offset in both.
    """
    printed = [_comparable_word(new[start:end]) for start, end in words]
    matcher = SequenceMatcher(None, wanted, printed, autojunk=False)
    run = matcher.find_longest_match()
    first = max(run.b - run.a, 0)
    last = min(max(run.b - run.a, 0) + len(wanted), len(words)) - 1
    matcher.set_seq2(printed[first : last + 1])
    start, end = words[first][0], words[last][1]
    return matcher.ratio(), _trimmed_span(start, new[start:end])
