"""A sentence as tokens with shallow tags; a quotation is one token.

In: the text, a sentence's ends, the paragraph's quotations. Out: `Token` rows in order, offsets into that very text.
Tags are one letter: those of english_closed.toml for small words, and here U a capitalised word, # a number, Q a
quotation, s a possessive mark, T "to", w any other word, punctuation by itself with - for dashes and . for the rest.
The invariant: one pass, every token inside the sentence. It must not know what a sentence reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claimledger.spotting.english_quotes import Pair
from claimledger.spotting.english_lexicon import TAGS

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}"
    r"|(?:Mrs?|Ms|Dr|Sen|Rep|Gov|Gen|St|Jr|Sr|Prof|Rev|Lt|Col|Sgt|Capt|Inc|Corp|Co|Ltd|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\."
    r"|[$€£₩¥]?\d+(?:[.,:]\d+)*%?(?:-[a-z]+)*(?:[a-z]{1,3}\b)?"
    r"|[^\W\d_]+?(?=n[’']t\b)|n[’']t\b|[’'](?:s|re|ve|d|m|ll)\b"
    r"|\w+(?:[-&/]\w+)*(?=n[’']t\b)|\w+(?:[-&]\w+)*|--+|[^\w\s]",
)
_PUNCTUATION = {"—": "-", "–": "-", "--": "-", "-": "-", "(": "(", ")": ")", "[": "(", "]": ")"}
_PUNCTUATION |= {mark: mark for mark in ",;:"}
_SHORTEST_ADVERB = len("early")


class Token(NamedTuple):
    """One token of a sentence."""

    start: int
    """Where it begins in the text."""
    end: int
    """Where it ends, exclusive."""
    low: str
    """Its letters in lower case, with a straight apostrophe; empty for a quotation."""
    tag: str
    """Its shallow tag."""


def tokenize(text: str, start: int, end: int, quotations: Sequence[Pair]) -> list[Token]:
    """Return the tokens of a sentence.

    >>> " ".join(token.tag for token in tokenize("He didn’t say “no”.", 0, 19, [(14, 18)]))
    'P X N w Q .'
    """
    tokens: list[Token] = []
    at = start
    for first, last in quotations:
        if last > start and first < end:
            tokens += _plain(text, at, first)
            tokens.append(Token(max(first, start), min(last, end), "", "Q"))
            at = last
    tokens += _plain(text, at, end)
    return tokens


def _plain(text: str, start: int, end: int) -> list[Token]:
    return [_token(match) for match in _TOKEN.finditer(text, start, end)] if start < end else []


def _token(match: re.Match[str]) -> Token:
    word = match[0]
    low = word.lower().replace("’", "'")
    return Token(match.start(), match.end(), low, _tag(word, low))


def _tag(word: str, low: str) -> str:
    if (tag := TAGS.get(low)) and not (word.isupper() and low == "us"):
        return tag if low != "may" or word != "May" else "M"
    if low == "to":
        return "T"
    if low == "'s":
        return "s"
    first = word[0]
    if first.isalpha():
        return "U" if first.isupper() else "A" if low.endswith("ly") and len(low) >= _SHORTEST_ADVERB else "w"
    if first.isalnum() or first in "$€£₩¥":
        return "#"
    return _PUNCTUATION.get(word, "-" if word.startswith("--") else ".")
