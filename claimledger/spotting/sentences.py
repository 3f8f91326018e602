"""Split a paragraph into sentences, keeping quotations whole.

Sentences come in order, without surrounding space. The splitter takes quadratic time on unclosed quotation marks, so it
never sees marks without a partner, nor more than a few thousand characters at once. Time therefore grows linearly with
the length. This module does not know what a sentence says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

import sentencex

from claimledger.models import Span
from claimledger.spotting.quotations import Quotation, find_quotations

CHUNK = 3000
"""The greatest number of characters given to the splitter at once."""

_STOP = re.compile(r"[.?!。]\s")
_TAIL = re.compile("\\s+(?!(?:이?라|하)?(?:고|며|면서|는)(?![가-힣]))\\S")
_ASIDE = re.compile(r"(?<=[.?!] )\([^()\n]{15,400}[.?! ][^()\n]{0,40}\)(?=\s)")
_MARKS = re.compile("[“”‘’\"'「」『』]")


def split_sentences(text: str, paragraph: Span, language: str) -> list[Span]:
    """Return the sentences of a paragraph.

    >>> text = "그는 갔다. “좋다. 가자.” 끝."
    >>> [text[span.start : span.end] for span in split_sentences(text, Span(start=0, end=len(text)), "ko")]
    ['그는 갔다.', '“좋다. 가자.”', '끝.']
    """
    quotations = find_quotations(text, paragraph.start, paragraph.end)
    cuts = [it.end for it in quotations if text[it.end - 2] in ".?!" and it.is_double and _TAIL.match(text, it.end)]
    cuts += [edge for it in _ASIDE.finditer(text, paragraph.start, paragraph.end) for edge in it.span()]
    cuts += [
        cut
        for start, end in _chunks(text, paragraph)
        for cut in _sentence_starts(text, start, end, quotations, language)
    ]
    return _trim_spans(text, [paragraph.start, *_outside_quotations(cuts, quotations), paragraph.end])


def _chunks(text: str, paragraph: Span) -> list[tuple[int, int]]:
    """Return the paragraph in pieces of bounded length, cut after a full stop if possible."""
    pieces, start = [], paragraph.start
    while paragraph.end - start > CHUNK:
        window = text[start : start + CHUNK]
        stops = [stop.end() for stop in _STOP.finditer(window)]
        length = stops[-1] if stops else (window.rfind(" ") + 1 or CHUNK)
        pieces.append((start, start + length))
        start += length
    return [*pieces, (start, paragraph.end)]


def _sentence_starts(text: str, start: int, end: int, quotations: list[Quotation], language: str) -> list[int]:
    """Return the starts of sentences that the splitter finds in a piece without unpaired quotation marks."""
    piece = text[start:end]
    if _MARKS.search(piece):
        first = bisect_left(quotations, start, key=lambda it: it.start)
        last = bisect_left(quotations, end, key=lambda it: it.start)
        paired = {at for it in quotations[first:last] for at in (it.start - start, it.end - 1 - start)}
        piece = _MARKS.sub(lambda mark: mark[0] if mark.start() in paired else " ", piece)
    return [start, *(start + found["start_index"] for found in sentencex.get_sentence_boundaries(language, piece))]


def _outside_quotations(cuts: list[int], quotations: list[Quotation]) -> list[int]:
    """Return the cuts that are not inside a quotation."""
    kept, at = [], 0
    for cut in sorted(set(cuts)):
        while at < len(quotations) and quotations[at].end <= cut:
            at += 1
        if at == len(quotations) or cut <= quotations[at].start:
            kept.append(cut)
    return kept


def _trim_spans(text: str, cuts: list[int]) -> list[Span]:
    spans = []
    for start, end in pairwise(cuts):
        piece = text[start:end]
        kept = piece.strip()
        if kept:
            first = start + len(piece) - len(piece.lstrip())
            spans.append(Span(start=first, end=first + len(kept)))
    return spans
