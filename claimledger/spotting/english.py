"""The language plug-in for English: find reported statements and their speakers.

It gets a text as stored and the sentences of one paragraph, and returns `ReportedStatement` rows with spans into that
text. The data files beside this module list the words that report. A small grammar reads them, or with the extra `en` a
dependency parser. A speaker is named only if the text names one. This module does not know claims, files or other
languages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from enum import StrEnum

from claimledger.errors import Problem
from claimledger.models import Span
from claimledger.quantities import FigureRole, find_figures
from claimledger.spotting import english_parse
from claimledger.spotting.english_discourse import REPORTER_PRONOUNS, add_uncued_quotations, find_speakers
from claimledger.spotting.english_quotes import find_english_quotations
from claimledger.spotting.english_drafts import EnglishDraft, StatementShape
from claimledger.spotting.english_reading import read_english_sentence
from claimledger.spotting.english_sentences import split_english_sentences, pair_with_quotations
from claimledger.spotting.english_speakers import is_document, names_source
from claimledger.spotting.english_tokens import Token, tokenize
from claimledger.spotting.english_lexicon import (
    MEASUREMENTS, PHRASE_CLASSES, REPORTABLE_CLASSES, REPORTING_ADJECTIVES, REPORTING_NOUNS, REPORTING_VERBS,
)  # fmt: skip
from claimledger.spotting.language import ReportedStatement, SpottedSpeaker
from claimledger.vocabulary import AttributionMode

PARSER_VARIABLE = "CLAIMLEDGER_ENGLISH_PARSER"
"""The environment variable that requests the parser when it is set to 1."""
MOST_TOKENS = 300
"""The greatest number of tokens read as one sentence, so that superlinear work stays bounded."""


class StatementScope(StrEnum):
    """The range of statements to report."""

    REPORTABLE = "reportable"
    """Statements of reportable classes, which the desk offers."""
    ALL = "all"
    """Also beliefs, intentions, relative clauses and nouns."""


_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)?")
_HINTS = frozenset((*REPORTING_VERBS, *REPORTING_NOUNS, *REPORTING_ADJECTIVES, *MEASUREMENTS, "according"))
_NOT_ASSERTED = re.compile(
    r"^(?!according).*(?:\b(?:to|not|never|would|could|might|must|may|should|cannot)\b|n[’']t\b)",
    re.IGNORECASE | re.DOTALL,
)
_CITED = re.compile(r"\bcit(?:e|es|ed|ing)$", re.IGNORECASE)
_QUOTING = "“”\"'‘`„«"
_MARK = re.compile("[“”\"„«»‘]|''|``|(?<!\\w)'|:")


class English:
    """The language plug-in for English.

    >>> text = "Kim Min-ji, the chief executive of Hanbit Labs, said sales rose 40 percent."
    >>> language = English()
    >>> whole = Span(start=0, end=len(text))
    >>> [(one.cue_class, one.speaker.name) for one in language.reported(text, language.sentences(text, whole))]
    [('say', 'Kim Min-ji')]
    """

    code = "en"

    def __init__(self, *, parser: bool = False, scope: StatementScope = StatementScope.REPORTABLE) -> None:
        """Store the options; the parser is loaded with the first sentence that it reads."""
        self.parser = parser
        self.scope = scope

    def lacks(self) -> Problem | None:
        """Return a problem if the parser was requested but is not installed; sentences are then read without it."""
        if not self.parser or english_parse.is_installed():
            return None
        return Problem("english-parser-missing")

    def share(self, paragraph: str) -> float:
        """Return the share of a paragraph's letters that are Latin, from 0 to 1."""
        letters = len(_LETTER.findall(paragraph))
        return len(_LATIN.findall(paragraph)) / letters if letters else 0.0

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        """Return the sentences of a paragraph; a quotation stays in one piece."""
        return split_english_sentences(text, paragraph)

    def may_report(self, sentence: str) -> bool:
        """Return whether a sentence may report a statement at all."""
        return bool(_MARK.search(sentence)) or not _HINTS.isdisjoint(_WORD.findall(sentence.lower()))

    def drafts(self, text: str, sentences: Sequence[Span]) -> list[EnglishDraft]:
        """Return the statements of a paragraph with their sources, of all classes and shapes."""
        if not sentences:
            return []
        quotations = find_english_quotations(text, sentences[0].start, sentences[-1].end)
        is_parsed = self.parser and english_parse.is_installed()
        found: list[EnglishDraft] = []
        for sentence, inside in pair_with_quotations(sentences, quotations):
            if self.may_report(text[sentence.start : sentence.end]):
                read = _read_drafts(text, tokenize(text, sentence.start, sentence.end, inside))
                found += english_parse.refine_drafts(text, (sentence.start, sentence.end), read) if is_parsed else read
        return add_uncued_quotations(text, found, quotations, sentences)

    def reported(self, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
        """Return the statements that the sentences of a paragraph report, in order."""
        drafts = self.drafts(text, sentences)
        named = find_speakers(text, drafts, sentences[0].start) if drafts else []
        return [
            _to_statement(text, draft, speaker)
            for draft, speaker in zip(drafts, named, strict=True)
            if self.scope is StatementScope.ALL or is_statement(text, draft)
        ]


def from_environment() -> English:
    """Return the plug-in with the options of the environment; the entry point names this function."""
    return English(parser=os.environ.get(PARSER_VARIABLE) == "1")


def is_statement(text: str, draft: EnglishDraft) -> bool:
    """Return whether the desk offers a draft as a statement.

    A quotation always is one. Any other draft must have a reportable class. Its cue must be a verb that asserts in a
    main clause ("did not say", "to say" and "would say" do not). Its source must not be the article itself. Its content
    must not be the source of a source. It must be a clause, or a phrase if the class allows that or the phrase contains
    a figure.

    >>> text = "Cho announced a tour, Ha announced 300 jobs"
    >>> cho = EnglishDraft((14, 20), (4, 13), "announce", is_phrase=True)
    >>> ha = EnglishDraft((35, 43), (25, 34), "announce", is_phrase=True)
    >>> is_statement(text, cho), is_statement(text, ha)
    (False, True)
    """
    if draft.is_quoted or draft.cue is None or draft.cue_class is None:
        return True
    if draft.shape in (StatementShape.RELATIVE, StatementShape.NOUN) or not REPORTABLE_CLASSES[draft.cue_class]:
        return False
    if _CITED.search(text[slice(*draft.cue)]) and names_source(text[slice(*draft.content)]):
        return False  # "citing two officials" names the source of the source
    source = text[slice(*draft.source)].lower() if draft.source else ""
    if source in REPORTER_PRONOUNS or _NOT_ASSERTED.search(text[slice(*draft.cue)]):
        return False
    return not draft.is_phrase or draft.cue_class in PHRASE_CLASSES or _has_quantity(text[slice(*draft.content)])


def _has_quantity(words: str) -> bool:
    """Return whether some words contain a figure that counts or measures something."""
    return any(figure.role is FigureRole.QUANTITY for figure in find_figures(words))


def _to_statement(text: str, draft: EnglishDraft, speaker: SpottedSpeaker | None) -> ReportedStatement:
    return ReportedStatement(
        Span(start=draft.content[0], end=draft.content[1]),
        _mode(text, draft, speaker),
        Span(start=draft.cue[0], end=draft.cue[1]) if draft.cue else None,
        draft.cue_class,
        speaker,
    )


def _mode(text: str, draft: EnglishDraft, speaker: SpottedSpeaker | None) -> AttributionMode:
    """Return the attribution mode: a quotation, else a document if one is the source, else indirect speech."""
    if draft.cue is None or (draft.is_quoted and text[draft.content[0]] in _QUOTING):
        return AttributionMode.DIRECT_QUOTE
    source = speaker.name if speaker else text[slice(*draft.source)] if draft.source else ""
    return AttributionMode.DOCUMENT if is_document(source) else AttributionMode.INDIRECT_QUOTE


def _read_drafts(text: str, tokens: Sequence[Token]) -> list[EnglishDraft]:
    """Return the statements that a sentence reports; a very long sentence is read in pieces."""
    pieces = [tokens[at : at + MOST_TOKENS] for at in range(0, len(tokens), MOST_TOKENS)]
    return [draft for piece in pieces for draft in read_english_sentence(text, piece)]
