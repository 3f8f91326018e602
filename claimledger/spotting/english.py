"""English: the language plug-in that finds who is reported to say what.

In: a text as stored and the sentences of one paragraph. Out: `Reported` rows with spans into that text. The lists beside
this module say which words report; a small grammar reads them, or with the extra `en` a dependency parse. The
invariant: a speaker is named only where the text names one. It must not know claims, files or other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import sentencex

from claimledger.models import Span
from claimledger.spotting.english_discourse import REPORTER, speakers
from claimledger.spotting.english_quotes import Pair, find_quotations
from claimledger.spotting.english_reading import Draft, Shape, read_sentence
from claimledger.spotting.english_speakers import DOCUMENTS
from claimledger.spotting.english_tokens import tokenize
from claimledger.spotting.english_words import NOUNS, REPORTABLE, VERBS
from claimledger.spotting.language import Reported, SpeakerFound
from claimledger.vocabulary import AttributionMode


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
_UNSAID = re.compile(r"^(?!according).*(?:\b(?:to|not|never|would|could|might|should|cannot)\b|n[’']t\b)", re.IGNORECASE)
_QUOTING = "“”\"'‘`„«"
_HEAD_ENDS = re.compile(r",|\s(?:of|by|from|in|on|at|for|released|published|that|which|with)\s")
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
        return sorted([*found, *_unclaimed(text, sentences, quotations, found)], key=lambda draft: draft.content)

    def reported(self, text: str, sentences: Sequence[Span]) -> list[Reported]:
        """Return the statements reported in a paragraph's sentences, in order."""
        drafts = self.drafts(text, sentences)
        named = speakers(text, drafts, sentences[0].start) if drafts else []
        return [
            _reported(text, draft, speaker)
            for draft, speaker in zip(drafts, named, strict=True)
            if self.scope is Scope.ALL or is_statement(text, draft)
        ]


def is_statement(text: str, draft: Draft) -> bool:
    """Whether a draft is a statement the desk is offered.

    A quotation always is. Else its class must be reportable, the cue a verb in a main clause that asserts ("did not
    say", "to say", "would say" do not), and the source not the article itself.
    """
    if draft.is_quoted or draft.cue is None:
        return True
    if draft.shape in (Shape.RELATIVE, Shape.NOUN) or not REPORTABLE.get(draft.cue_class or "", False):
        return False
    source = text[slice(*draft.source)].lower() if draft.source else ""
    return source not in REPORTER and not _UNSAID.search(text[slice(*draft.cue)])


def _reported(text: str, draft: Draft, speaker: SpeakerFound | None) -> Reported:
    return Reported(
        Span(start=draft.content[0], end=draft.content[1]),
        _mode(text, draft),
        Span(start=draft.cue[0], end=draft.cue[1]) if draft.cue else None,
        draft.cue_class,
        speaker,
    )


def _mode(text: str, draft: Draft) -> AttributionMode:
    """A quotation, else a document when one is the source, else indirect speech."""
    if draft.cue is None or (draft.is_quoted and text[draft.content[0]] in _QUOTING):
        return AttributionMode.DIRECT_QUOTE
    source = text[slice(*draft.source)].lower() if draft.source else ""
    head = _HEAD_ENDS.split(source, maxsplit=1)[0].split()
    return AttributionMode.DOCUMENT if head and head[-1] in DOCUMENTS else AttributionMode.INDIRECT_QUOTE


def _unclaimed(text: str, sentences: Sequence[Span], quotations: Sequence[Pair], found: Sequence[Draft]) -> list[Draft]:
    """Quotations no cue stands beside: what goes on after "…," he said, and what stands alone."""
    starts = {sentence.start for sentence in sentences}
    drafts: list[Draft] = []
    for quotation in quotations:
        if any(draft.content[0] < quotation[1] and quotation[0] < draft.content[1] for draft in found):
            continue
        before = [draft for draft in found if draft.content[1] <= quotation[0] and draft.is_quoted]
        if quotation[0] in starts and before:
            drafts.append(replace(before[-1], content=quotation, shape=Shape.CARRIED))
        else:
            drafts.append(Draft(quotation))
    return drafts


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [Span(start=start, end=end)] if start < end else []
