"""English: the language plug-in that finds who is reported to say what.

In: a text as stored and the sentences of one paragraph. Out: `Reported` rows with spans into that text. The lists beside
this module say which words report; a small grammar reads them, or with the extra `en` a dependency parse. The
invariant: a speaker is named only where the text names one. It must not know claims, files or other languages.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

import sentencex

from claimledger.models import Span
from claimledger.spotting.english_discourse import REPORTER, speakers
from claimledger.spotting.english_parse import refine
from claimledger.spotting.english_quotes import Pair, find_quotations
from claimledger.spotting.english_reading import Draft, Shape, read_sentence
from claimledger.spotting.english_speakers import DOCUMENTS
from claimledger.spotting.english_tokens import Token, tokenize
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
_CRIED = re.compile(r"[?!][”\"’']+\s*$")
_FOLLOWER = re.compile(r"\s*(?:[A-Z][\w.’'-]*\s+){1,4}(\w+)")
_MARK = re.compile("[“”\"„«»‘]|''|``|(?<!\\w)'|:")


MOST_TOKENS = 300
"""Tokens read as one sentence; work on a sentence may grow faster than its length, on a text it does not."""


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
            if (place < len(quotations) and quotations[place][0] < at) or _goes_on(text, start, at):
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
        for sentence, inside in _with_quotations(sentences, quotations):
            if self.hint(text[sentence.start : sentence.end]):
                read = read_tokens(text, tokenize(text, sentence.start, sentence.end, inside))
                found += refine(text, (sentence.start, sentence.end), read) if self.parser else read
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


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a piece ends in a quotation that "Cho shouted" or "he asked" follows."""
    if not _CRIED.search(text[max(start, end - 6) : end]):
        return False
    following = _FOLLOWER.match(text, end)
    return following is not None and any("quote" in verb.takes for verb in VERBS.get(following[1].lower(), ()))


def _with_quotations(sentences: Sequence[Span], quotations: Sequence[Pair]) -> Iterator[tuple[Span, list[Pair]]]:
    """Yield each sentence with the quotations that touch it."""
    place = 0
    for sentence in sentences:
        while place < len(quotations) and quotations[place][1] <= sentence.start:
            place += 1
        last = place
        while last < len(quotations) and quotations[last][0] < sentence.end:
            last += 1
        yield sentence, list(quotations[place:last])


def read_tokens(text: str, tokens: Sequence[Token]) -> list[Draft]:
    """Return what a sentence reports; one of monstrous length is read in pieces."""
    pieces = [tokens[at : at + MOST_TOKENS] for at in range(0, len(tokens), MOST_TOKENS)]
    return [draft for piece in pieces for draft in read_sentence(text, piece)]


def _unclaimed(text: str, sentences: Sequence[Span], quotations: Sequence[Pair], found: Sequence[Draft]) -> list[Draft]:
    """Quotations no cue stands beside: what goes on after "…," he said, and what stands alone."""
    starts = {sentence.start for sentence in sentences}
    drafts: list[Draft] = []
    rows = deque(sorted(found, key=lambda draft: draft.content))
    last: Draft | None = None
    reach = 0
    for quotation in quotations:
        while rows and rows[0].content[0] < quotation[1]:
            row = rows.popleft()
            reach = max(reach, row.content[1])
            last = row if row.is_quoted else last
        if quotation[0] < reach:
            continue
        carried = replace(last, content=quotation, shape=Shape.CARRIED) if last and quotation[0] in starts else None
        drafts.append(carried or Draft(quotation))
    return drafts


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return [Span(start=start, end=end)] if start < end else []
