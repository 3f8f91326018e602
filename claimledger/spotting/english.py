"""English: the language plug-in that finds who is reported to say what.

In: a text as stored and the sentences of one paragraph. Out: `Reported` rows with spans into that text. The lists beside
this module say which words report; a small grammar reads them, or with the extra `en` a dependency parse. The
invariant: a speaker is named only where the text names one. It must not know claims, files or other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import sentencex

from claimledger.models import Span
from claimledger.spotting.english_quotes import Pair, find_quotations
from claimledger.spotting.english_reading import Draft, Shape, read_sentence
from claimledger.spotting.english_tokens import tokenize
from claimledger.spotting.english_words import NOUNS, REPORTABLE, VERBS
from claimledger.spotting.language import Reported, SpeakerFound
from claimledger.vocabulary import AttributionMode, SpeakerBasis


class Scope(StrEnum):
    """How wide a reading is wanted."""

    REPORTABLE = "reportable"
    """Statements of reportable classes: what the desk is offered."""
    ALL = "all"
    """Beliefs, intentions, relative clauses and nouns too."""


_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)?")
_HINTS = frozenset(VERBS) | frozenset(NOUNS) | {"according"}
_MARK = re.compile("[“”\"„«»‘]|''|``|(?<!\\w)'|:")


class English:
    """The language plug-in for English."""

    code = "en"

    def __init__(self, *, parser: bool = False, scope: Scope = Scope.REPORTABLE) -> None:
        """Keep what is asked for; the parser is loaded when first needed."""
        self.parser = parser
        self.scope = scope

    def share(self, paragraph: str) -> float:
        """Return how much of a paragraph's letters are Latin, 0 to 1."""
        letters = len(_LETTER.findall(paragraph))
        return len(_LATIN.findall(paragraph)) / letters if letters else 0.0

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation stays in one piece."""
        inside = text[paragraph.start : paragraph.end]
        quotations = find_quotations(text, paragraph.start, paragraph.end)
        spans: list[Pair] = []
        place = 0
        start = paragraph.start
        at = paragraph.start
        for piece in sentencex.segment("en", inside):
            at += len(piece)
            while place < len(quotations) and quotations[place][1] <= at:
                place += 1
            if place < len(quotations) and quotations[place][0] < at:
                continue
            spans.append((start, at))
            start = at
        if start < paragraph.end:
            spans.append((start, paragraph.end))
        return [span for pair in spans for span in _trimmed(text, *pair)]

    def hint(self, sentence: str) -> bool:
        """Whether a sentence may report anything at all."""
        return bool(_MARK.search(sentence)) or not _HINTS.isdisjoint(_WORD.findall(sentence.lower()))

    def drafts(self, text: str, sentences: Sequence[Span]) -> list[Draft]:
        """Return the statements of a paragraph with the words beside them."""
        if not sentences:
            return []
        quotations = find_quotations(text, sentences[0].start, sentences[-1].end)
        found: list[Draft] = []
        for sentence in sentences:
            if self.hint(text[sentence.start : sentence.end]):
                found += read_sentence(text, tokenize(text, sentence.start, sentence.end, quotations))
        for quotation in quotations:
            if not any(d.content[0] < quotation[1] and quotation[0] < d.content[1] for d in found):
                found.append(Draft(quotation))
        return sorted(found, key=lambda draft: draft.content)

    def reported(self, text: str, sentences: Sequence[Span]) -> list[Reported]:
        """Return the statements reported in a paragraph's sentences, in order."""
        return [
            Reported(
                Span(start=d.content[0], end=d.content[1]),
                AttributionMode.DIRECT_QUOTE,
                Span(start=d.cue[0], end=d.cue[1]) if d.cue else None,
                d.cue_class,
                None,
            )
            for d in self.drafts(text, sentences)
        ]


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [Span(start=start, end=end)] if start < end else []
