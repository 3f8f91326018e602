"""Split an English paragraph into sentences, keeping quotations whole.

Sentences come in order, within the paragraph and without surrounding space. The splitter takes quadratic time on
unclosed quotation marks, so quotations are masked before it runs; time then grows linearly with the length. This module
does not know what a sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import sentencex

from claimledger.models import Span
from claimledger.spotting.english_quotes import TextRange, find_english_quotations
from claimledger.spotting.english_lexicon import REPORTING_VERBS, TAGS

_CRIED = re.compile(r"[?!][”\"’']+\s*$")
_IN_LOWER_CASE = re.compile(r"\s{1,3}[a-z]")
_OPENING = re.compile('[“”„«»"‟‘「『]')
_CLOSING = " ”\"’'»"
_ABBREVIATED = re.compile(
    r"(?:(?<![\w.])(?:Mrs?|Ms|Mx|Drs?|Sens?|Reps?|Gov|Gen|Prof|Rev|Lt|Col|Sgt|Capt|Hon|St|Det|Insp|Supt)|[a-z] [A-Z])"
    r"\.\s*$"
)
"""A title before a name, or an initial inside one."""
_MAY = re.compile(r"\b(?:in|of|by|last|this|next|[0-9]{1,2}) May\. +(?=[A-Z])")
_NAME = re.compile(r"\s{0,3}([A-Z][\w’'-]{0,40})")
_FOLLOWER = re.compile(r"\s{0,3}(?:[A-Z][\w.’'-]{0,40}\s+){1,4}(\w{1,40})")


def split_english_sentences(text: str, paragraph: Span) -> list[Span]:
    """Return the sentences of a paragraph.

    >>> text = "“It broke. We fixed it,” Cho said. “Is it safe?” Ms. Cho asked."
    >>> [text[one.start : one.end] for one in split_english_sentences(text, Span(start=0, end=len(text)))]
    ['“It broke. We fixed it,” Cho said.', '“Is it safe?” Ms. Cho asked.']
    """
    start = at = paragraph.start
    cuts = [start]
    for piece in _segment(_mask_quotations(text, paragraph)):
        at = min(at + len(piece), paragraph.end)
        if at > cuts[-1] and not (_continues(text, start, at) or _is_inside_name(text, start, at)):
            cuts.append(at)
            start = at
    ends = [*cuts[1:], paragraph.end]
    return [span for first, last in zip(cuts, ends, strict=True) for span in _trim(text, first, last)]


def _segment(masked: str) -> Iterator[str]:
    """Yield the sentences of a masked paragraph; "May." ends one, though the splitter takes it for an abbreviation."""
    for piece in sentencex.segment("en", masked):
        ends = [0, *(found.end() for found in _MAY.finditer(piece)), len(piece)]
        yield from (piece[start:end] for start, end in pairwise(ends))


def _mask_quotations(text: str, paragraph: Span) -> str:
    """Return a paragraph with each quotation masked as one word of the same length that keeps its closing stop."""
    parts = []
    at = paragraph.start
    for start, end in find_english_quotations(text, paragraph.start, paragraph.end):
        stop = text[start:end].rstrip(_CLOSING)[-1:]
        is_last = stop in ".?!" and not _IN_LOWER_CASE.match(text, end)
        parts += [_OPENING.sub("x", text[at:start]), "X" * (end - start - 1), stop if is_last else "x"]
        at = end
    return "".join([*parts, _OPENING.sub("x", text[at : paragraph.end])])


def _continues(text: str, start: int, end: int) -> bool:
    """Return whether a piece ends in a quotation that "Cho shouted" or "he asked" follows."""
    if not _CRIED.search(text[max(start, end - 6) : end]):
        return False
    following = _FOLLOWER.match(text, end)
    return following is not None and any(
        "quote" in verb.takes for verb in REPORTING_VERBS.get(following[1].lower(), ())
    )


def _is_inside_name(text: str, start: int, end: int) -> bool:
    """Return whether a piece ends inside a name or a parenthesis: "Ms." before "Orlova", "(D-Mo." before ")"."""
    piece = text[max(start, end - 12) : end]
    if piece.rstrip().endswith(".") and text[end : end + 1] == ")":
        return True
    following = _NAME.match(text, end) if _ABBREVIATED.search(piece) else None
    return following is not None and following[1].lower() not in TAGS


def _trim(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [Span(start=start, end=end)] if start < end else []


def pair_with_quotations(
    sentences: Sequence[Span], quotations: Sequence[TextRange]
) -> Iterator[tuple[Span, list[TextRange]]]:
    """Yield each sentence with the quotations that overlap it."""
    place = 0
    for sentence in sentences:
        while place < len(quotations) and quotations[place][1] <= sentence.start:
            place += 1
        last = place
        while last < len(quotations) and quotations[last][0] < sentence.end:
            last += 1
        yield sentence, list(quotations[place:last])
