"""Passages: a text cut into the stretches that may become candidates, each with the statement it holds.

In: a plain text and the languages. Out: passages in order, none overlapping another: a sentence, or the part of one
that a reported statement takes. The invariant: a paragraph is read by the one language most of its letters belong to,
and a language that fails on a paragraph costs that paragraph its statements, nothing else.
It must not know figures or furniture.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimledger.models import Span
from claimledger.spotting.language import Language, Reported
from claimledger.spotting.quotations import find_quotations
from claimledger.spotting.sentences import split_sentences
from claimledger.vocabulary import AttributionMode

LEAST_SHARE = 0.2
"""A language reads a paragraph when at least this much of its letters are in its script."""
SAMPLE = 2000
"""How much of a paragraph decides its language, in code points."""

_LOG = logging.getLogger(__name__)
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_WORDS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that may become a candidate."""

    start: int
    """Where it begins in the plain text."""
    end: int
    """Where it ends."""
    statement: Reported | None
    """What it reports, if it does."""


class Paragraph(NamedTuple):
    """A paragraph and its language."""

    span: Span
    """Where it stands."""
    code: str
    """BCP 47 tag of the language it is read in; empty if none of those installed fits."""


def paragraphs_of(text: str, languages: Sequence[Language]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text that hold a letter or digit, each with its language."""
    for found in _PARAGRAPH.finditer(text):
        if _WORDS.search(found[0]):
            language = language_of(found[0][:SAMPLE], languages)
            yield Paragraph(Span(start=found.start(), end=found.end()), language.code if language else "")


def passages_of(text: str, languages: Sequence[Language]) -> Iterator[Passage]:
    """Yield the passages of a text."""
    for found in _PARAGRAPH.finditer(text):
        if _WORDS.search(found[0]):
            yield from _of_paragraph(text, Span(start=found.start(), end=found.end()), languages)


def _of_paragraph(text: str, paragraph: Span, languages: Sequence[Language]) -> Iterator[Passage]:
    language = language_of(text[paragraph.start : min(paragraph.end, paragraph.start + SAMPLE)], languages)
    if language is None:
        yield from (Passage(span.start, span.end, None) for span in split_sentences(text, paragraph, "en"))
        return
    try:
        sentences = language.sentences(text, paragraph)
        statements = sorted(language.reported(text, sentences), key=lambda row: (row.content.start, row.content.end))
        passages = list(_cut(text, sentences, statements, language))
    except Exception:  # noqa: BLE001 - a plug-in may fail in any way
        _LOG.exception(
            "The language '%s' failed on a paragraph; its figures are kept, its statements are not.", language.code
        )
        passages = [Passage(span.start, span.end, None) for span in split_sentences(text, paragraph, "en")]
    yield from passages


def language_of(paragraph: str, languages: Sequence[Language]) -> Language | None:
    """Return the language that most of a paragraph's letters belong to."""
    shares = [(language.share(paragraph), index) for index, language in enumerate(languages)]
    best = max(shares, default=(0.0, 0))
    return languages[best[1]] if best[0] >= LEAST_SHARE else None


def _cut(text: str, sentences: Sequence[Span], statements: Sequence[Reported], language: Language) -> Iterator[Passage]:
    """Cut each sentence between its statements; one that only names a speaker goes to the quotation beside it."""
    held = _by_sentence(sentences, statements)
    reach = {index: _reach(sentences, held, index) for index in range(len(sentences)) if held[index]}
    taken = {at for first, last in reach.values() for at in range(first, last + 1)}
    for index, sentence in enumerate(sentences):
        if index in reach:
            first, last = reach[index]
            yield from _of_sentence(
                text, Span(start=sentences[first].start, end=sentences[last].end), held[index], language
            )
        elif index not in taken:
            yield Passage(sentence.start, sentence.end, None)


def _by_sentence(sentences: Sequence[Span], statements: Sequence[Reported]) -> list[list[Reported]]:
    held: list[list[Reported]] = [[] for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    for statement in statements:
        held[max(bisect_right(starts, statement.content.start) - 1, 0)].append(statement)
    return [_merged(row) for row in held]


def _reach(sentences: Sequence[Span], held: Sequence[Sequence[Reported]], index: int) -> tuple[int, int]:
    """Return the first and last sentence of a sentence's statements: a verb beside it may stand in the next one."""
    first = last = index
    if index and not held[index - 1] and _has_cue(held[index][0], sentences[index - 1]):
        first = index - 1
    if index + 1 < len(sentences) and not held[index + 1] and _has_cue(held[index][-1], sentences[index + 1]):
        last = index + 1
    return first, last


def _has_cue(statement: Reported, sentence: Span) -> bool:
    return statement.cue is not None and sentence.start <= statement.cue.start < sentence.end


def _merged(statements: Sequence[Reported]) -> list[Reported]:
    """Return statements without those inside another, the one with a speaker kept."""
    kept: list[Reported] = []
    for statement in statements:
        if kept and statement.content.start < kept[-1].content.end:
            if kept[-1].speaker is None and statement.speaker is not None:
                kept[-1] = statement
            continue
        kept.append(statement)
    return kept


def _of_sentence(text: str, sentence: Span, statements: Sequence[Reported], language: Language) -> Iterator[Passage]:
    start = sentence.start
    for index, statement in enumerate(statements):
        is_last = index + 1 == len(statements)
        end = sentence.end if is_last else min(_end_of(statement), statements[index + 1].content.start, sentence.end)
        end = max(end, min(statement.content.end, sentence.end))
        yield from _of_statement(text, start, end, statement, language)
        start = end


def _end_of(statement: Reported) -> int:
    return max(statement.content.end, statement.cue.end if statement.cue else 0)


def _of_statement(text: str, start: int, end: int, statement: Reported, language: Language) -> Iterator[Passage]:
    """Yield one passage for a statement, or one for each sentence of a long quotation."""
    cuts = _inner_cuts(text, statement, language) if statement.mode is AttributionMode.DIRECT_QUOTE else []
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        yield Passage(first, last, statement)


def _inner_cuts(text: str, statement: Reported, language: Language) -> list[int]:
    """Return where the second and later sentences of a quotation begin; a question stays with what it follows."""
    first, last = statement.content.start + 1, statement.content.end - 1
    if last - first < 2 or not find_quotations(text, statement.content.start, statement.content.end):  # noqa: PLR2004
        return []
    sentences = language.sentences(text, Span(start=first, end=last))
    return [
        span.start for span in sentences[1:] if text[span.end - 1] != "?" and _WORDS.search(text[span.start : span.end])
    ]
