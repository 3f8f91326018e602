"""Cut a text into passages that may become candidates, each with the statement it contains.

A passage is a sentence, or the part of one that a reported statement occupies; passages come in order and never
overlap. Each paragraph is read in the language of most of its letters. If a language fails on a paragraph, only the
statements of that paragraph are lost. This module does not know figures or furniture.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimledger.models import Span
from claimledger.spotting.language import LanguagePlugin, ReportedStatement
from claimledger.spotting.quotations import find_quotations
from claimledger.spotting.sentences import split_sentences
from claimledger.vocabulary import AttributionMode

LEAST_SHARE = 0.2
"""The share of letters in a language's script from which the language reads a paragraph."""
SAMPLE_LENGTH = 2000
"""The part of a paragraph, in code points, that decides its language."""

_LOG = logging.getLogger(__name__)
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_WORDS = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """A stretch of text that may become a candidate."""

    start: int
    """The start in the plain text."""
    end: int
    """The end, exclusive."""
    statement: ReportedStatement | None
    """The statement that it reports, if any."""


class Paragraph(NamedTuple):
    """A paragraph and its language."""

    span: Span
    """The span of the paragraph."""
    code: str
    """The BCP 47 tag of its language; empty if no installed language fits."""


class LanguageFailure(NamedTuple):
    """A paragraph on which a language plug-in failed."""

    code: str
    """The BCP 47 tag of the language."""
    reason: str
    """The error, with its type."""


def find_paragraphs(text: str, languages: Sequence[LanguagePlugin]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text that have a letter or digit, each with its language."""
    for found in _PARAGRAPH.finditer(text):
        if _WORDS.search(found[0]):
            language = detect_language(found[0][:SAMPLE_LENGTH], languages)
            yield Paragraph(Span(start=found.start(), end=found.end()), language.code if language else "")


def find_passages(
    text: str, languages: Sequence[LanguagePlugin], failures: list[LanguageFailure]
) -> Iterator[CandidatePassage]:
    """Yield the passages of a text, and add each failure of a language to `failures`."""
    for found in _PARAGRAPH.finditer(text):
        if _WORDS.search(found[0]):
            yield from _paragraph_passages(text, Span(start=found.start(), end=found.end()), languages, failures)


def _paragraph_passages(
    text: str, paragraph: Span, languages: Sequence[LanguagePlugin], failures: list[LanguageFailure]
) -> Iterator[CandidatePassage]:
    language = detect_language(text[paragraph.start : min(paragraph.end, paragraph.start + SAMPLE_LENGTH)], languages)
    if language is None:
        yield from (CandidatePassage(span.start, span.end, None) for span in split_sentences(text, paragraph, "en"))
        return
    try:
        sentences = language.sentences(text, paragraph)
        statements = sorted(language.reported(text, sentences), key=lambda row: (row.content.start, row.content.end))
        passages = list(_cut_sentences(text, sentences, statements, language))
    except Exception as error:  # noqa: BLE001 - a plug-in may fail in any way
        failures.append(LanguageFailure(language.code, f"{type(error).__name__}: {error}"))
        _LOG.exception(
            "The language '%s' failed on a paragraph; its figures are kept, its statements are not.", language.code
        )
        passages = [CandidatePassage(span.start, span.end, None) for span in split_sentences(text, paragraph, "en")]
    yield from passages


def detect_language(paragraph: str, languages: Sequence[LanguagePlugin]) -> LanguagePlugin | None:
    """Return the language of most of a paragraph's letters, or None if no share is large enough."""
    shares = [(language.share(paragraph), index) for index, language in enumerate(languages)]
    best = max(shares, default=(0.0, 0))
    return languages[best[1]] if best[0] >= LEAST_SHARE else None


def _cut_sentences(
    text: str, sentences: Sequence[Span], statements: Sequence[ReportedStatement], language: LanguagePlugin
) -> Iterator[CandidatePassage]:
    """Cut each sentence between its statements; a sentence with only a cue joins the quotation beside it."""
    grouped = _group_by_sentence(sentences, statements)
    reach = {index: _sentence_range(sentences, grouped, index) for index in range(len(sentences)) if grouped[index]}
    covered = {at for first, last in reach.values() for at in range(first, last + 1)}
    for index, sentence in enumerate(sentences):
        if index in reach:
            first, last = reach[index]
            yield from _sentence_passages(
                text, Span(start=sentences[first].start, end=sentences[last].end), grouped[index], language
            )
        elif index not in covered:
            yield CandidatePassage(sentence.start, sentence.end, None)


def _group_by_sentence(
    sentences: Sequence[Span], statements: Sequence[ReportedStatement]
) -> list[list[ReportedStatement]]:
    grouped: list[list[ReportedStatement]] = [[] for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    for statement in statements:
        grouped[max(bisect_right(starts, statement.content.start) - 1, 0)].append(statement)
    return [_merge(row) for row in grouped]


def _sentence_range(
    sentences: Sequence[Span], grouped: Sequence[Sequence[ReportedStatement]], index: int
) -> tuple[int, int]:
    """Return the first and last sentence of a statement, since its verb may be in a neighbouring sentence."""
    first = last = index
    if index and not grouped[index - 1] and _has_cue(grouped[index][0], sentences[index - 1]):
        first = index - 1
    if index + 1 < len(sentences) and not grouped[index + 1] and _has_cue(grouped[index][-1], sentences[index + 1]):
        last = index + 1
    return first, last


def _has_cue(statement: ReportedStatement, sentence: Span) -> bool:
    return statement.cue is not None and sentence.start <= statement.cue.start < sentence.end


def _merge(statements: Sequence[ReportedStatement]) -> list[ReportedStatement]:
    """Return the statements without overlapping ones; of two that overlap, one with a speaker is kept."""
    kept: list[ReportedStatement] = []
    for statement in statements:
        if kept and statement.content.start < kept[-1].content.end:
            if kept[-1].speaker is None and statement.speaker is not None:
                kept[-1] = statement
            continue
        kept.append(statement)
    return kept


def _sentence_passages(
    text: str, sentence: Span, statements: Sequence[ReportedStatement], language: LanguagePlugin
) -> Iterator[CandidatePassage]:
    start = sentence.start
    for index, statement in enumerate(statements):
        is_last = index + 1 == len(statements)
        end = (
            sentence.end
            if is_last
            else min(_statement_end(statement), statements[index + 1].content.start, sentence.end)
        )
        end = max(end, min(statement.content.end, sentence.end))
        yield from _statement_passages(text, start, end, statement, language)
        start = end


def _statement_end(statement: ReportedStatement) -> int:
    return max(statement.content.end, statement.cue.end if statement.cue else 0)


def _statement_passages(
    text: str, start: int, end: int, statement: ReportedStatement, language: LanguagePlugin
) -> Iterator[CandidatePassage]:
    """Yield one passage for a statement, or one for each sentence of a long quotation."""
    cuts = _inner_cuts(text, statement, language) if statement.mode is AttributionMode.DIRECT_QUOTE else []
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        yield CandidatePassage(first, last, statement)


def _inner_cuts(text: str, statement: ReportedStatement, language: LanguagePlugin) -> list[int]:
    """Return the start of the second and later sentences of a quotation; a question stays with the next sentence."""
    first, last = statement.content.start + 1, statement.content.end - 1
    if last - first < 2 or not find_quotations(text, statement.content.start, statement.content.end):  # noqa: PLR2004
        return []
    sentences = language.sentences(text, Span(start=first, end=last))
    return [
        span.start for span in sentences[1:] if text[span.end - 1] != "?" and _WORDS.search(text[span.start : span.end])
    ]
