"""The content words of a text, by which two wordings of one fact are aligned.

A Korean word is known by its first two syllables, an English one by its first five letters. That is enough to find a
word again with another ending, and too little to say that two words mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from claimledger.agreement.word_lists import FUNCTION_WORDS

_WORD = re.compile(r"[0-9]*[가-힣]+|[0-9]*[A-Za-z]+")
_SYLLABLES, _LETTERS = 2, 5
_CLAUSE_END = re.compile(
    r"[.,;:!?](?=\s|$)|(?<=[가-힣](?:고|며|만|나)) |(?<=[가-힣]데) | (?=(?:and|but|while|whereas|although)\b)"
)


class ContentWord(NamedTuple):
    """A word of a text that is not only grammar."""

    stem: str
    """Its first letters, in lower case."""
    start: int
    """The position at which it begins, in code points."""
    end: int
    """The position at which it ends, exclusive."""


@lru_cache(maxsize=512)
def content_words(text: str) -> Sequence[ContentWord]:
    """Return the content words of a text in order.

    >>> [word.stem for word in content_words("The old bridge, 낡은 다리는")]
    ['old', 'bridg', '낡은', '다리']
    """
    words = []
    for found in _WORD.finditer(text):
        word = found[0].lower()
        stem = word[:_LETTERS] if word.isascii() else _korean_stem(word)
        if len(stem) > 1 and word not in FUNCTION_WORDS:
            words.append(ContentWord(stem, *found.span()))
    return words


def _korean_stem(word: str) -> str:
    digits = len(word) - len(word.lstrip("0123456789"))
    return word[: digits + _SYLLABLES]


def stems(words: Iterable[ContentWord]) -> frozenset[str]:
    """Return the stems of words."""
    return frozenset(word.stem for word in words)


def clause_spans(text: str) -> Sequence[tuple[int, int]]:
    """Return the spans of the clauses of a text.

    >>> [text[a:b] for text in ("매출이 늘고 빚은 줄었다.",) for a, b in clause_spans(text)]
    ['매출이 늘고 ', '빚은 줄었다.']
    """
    ends = [found.end() for found in _CLAUSE_END.finditer(text)]
    starts = [0, *ends]
    return [(start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if text[start:end].strip()]


def is_order_reversed(one: str, other: str) -> bool:
    """Return whether two words that both texts have once are in the opposite order in the other text.

    >>> is_order_reversed("Ostmark beat Talvia", "Talvia lost to Ostmark")
    True
    >>> is_order_reversed("Ostmark beat Talvia", "Ostmark lost to Talvia")
    False
    """
    places, others = _places(one), _places(other)
    shared = sorted(places.keys() & others.keys(), key=places.__getitem__)
    order = [others[stem] for stem in shared]
    return order != sorted(order)


def _places(text: str) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for word in content_words(text):
        places.setdefault(word.stem, word.start)
    return places


_SENTENCE = re.compile(r"[^.?!\n]+(?:[.?!](?=[0-9])[^.?!\n]*)*[.?!]?[”’\"']?")
_ENOUGH = 2
_HANGUL = re.compile("[가-힣]")


def sentence_about(passage: str, statement: str) -> str:
    """Return the sentence of a passage that the statement gives; empty if it is not the only one that may be meant.

    A statement in the other language shares no words with the passage; it most often gives the first sentence.
    """
    sentences = [found[0] for found in _SENTENCE.finditer(passage) if found[0].strip()]
    if len(sentences) <= 1:
        return passage
    if bool(_HANGUL.search(passage)) != bool(_HANGUL.search(statement)):
        return sentences[0]
    own = stems(content_words(statement))
    scored = sorted(((len(stems(content_words(one)) & own), one) for one in sentences), reverse=True)
    is_sure = scored[0][0] >= _ENOUGH and scored[0][0] > scored[1][0] + 1
    return scored[0][1] if is_sure else ""
