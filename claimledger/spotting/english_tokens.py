"""Split an English sentence into tokens with shallow tags; a quotation is one token.

Tokens have offsets into the text and lie within the sentence. Tags are one letter. Function words have the tags of
`english_closed.toml`. Other tags are U for a capitalised word, # for a number, Q for a quotation, s for a possessive
mark, T for "to" and w for any other word. Punctuation is its own tag, with - for dashes and . for all other marks. This
module does not know what a sentence reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from claimledger.spotting.english_quotes import TextRange
from claimledger.spotting.english_lexicon import TAGS

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?<=[a-z.] )[A-Z]\.(?= [A-Z][a-z])"  # U.S., and the initial of "Ada B. Cho"
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
    """The start in the text."""
    end: int
    """The end, exclusive."""
    low: str
    """The token in lower case, with a straight apostrophe; empty for a quotation."""
    tag: str
    """The shallow tag."""


def tokenize(text: str, start: int, end: int, quotations: Sequence[TextRange]) -> list[Token]:
    """Return the tokens of a sentence.

    >>> " ".join(token.tag for token in tokenize("He didn’t say “no”.", 0, 19, [(14, 18)]))
    'P X N w Q .'
    """
    tokens: list[Token] = []
    at = start
    for first, last in quotations:
        if last > start and first < end:
            tokens += _plain_tokens(text, at, first)
            tokens.append(Token(max(first, start), min(last, end), "", "Q"))
            at = last
    tokens += _plain_tokens(text, at, end)
    return tokens


def _plain_tokens(text: str, start: int, end: int) -> list[Token]:
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
