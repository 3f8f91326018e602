"""Find the passages of an article that an editor may want to turn into claims.

There is one candidate for each reported statement, and for each sentence of a long quotation. Other sentences give a
candidate if they have a figure or a date. Every candidate is verbatim (`text[start:end] == quote`) and contains its
figures; none is in page furniture. This module does not know claims, files or how a language reads its sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimledger.errors import Problem
from claimledger.furniture import furniture_spans, merge_spans, mask_spans
from claimledger.models import Span
from claimledger.quantities import Figure, FigureRole, find_figures
from claimledger.spotting.language import LanguagePlugin, ReportedStatement, SpottedSpeaker
from claimledger.spotting.spotted_passages import (
    CandidatePassage, LanguageFailure, Paragraph, find_paragraphs, find_passages,
)  # fmt: skip
from claimledger.spotting.plain_text import PlainText
from claimledger.spotting.registry import LoadedLanguages, installed_languages
from claimledger.vocabulary import AttributionMode, Kind

LONGEST_QUOTE = 1500
"""The greatest length of a quote in code points; a longer sentence (a list, a table in one line) is cut around each
figure.
"""

_COUNTED_ROLES = frozenset((FigureRole.QUANTITY, FigureRole.DURATION))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage proposed as a claim."""

    start: int
    """The start, in code points of the text as stored."""
    end: int
    """The end, exclusive."""
    quote: str
    """The passage, verbatim."""
    kind: Kind
    """The kind: it has a figure, a speaker, both, or is a dated event."""
    figures: tuple[Figure, ...]
    """Its quantities and lengths of time, in order, without dates."""
    speaker: SpottedSpeaker | None
    """The person or organisation that asserts it."""
    mode: AttributionMode
    """The form of the attribution, for example direct quotation."""
    cue: str | None
    """The words that report it."""
    cue_class: str | None
    """The class of these words, for example say or forecast."""
    why: str
    """The reason for the proposal, for the editor."""


@dataclass(frozen=True, slots=True)
class SpottedText:
    """The candidates of a text, and what could not be read."""

    candidates: tuple[Candidate, ...]
    """The candidates, in order."""
    problems: tuple[Problem, ...]
    """One problem for each language that failed on a paragraph; the statements of that paragraph are missing."""


def spot_text(
    text: str, languages: LoadedLanguages | None = None, furniture: Sequence[Span] | None = None
) -> list[Candidate]:
    """Return the candidates of a text in order; page furniture is detected unless it is given.

    >>> [(found.quote, found.kind.value) for found in spot_text("날씨가 맑다. 값이 2배로 뛰었다.")]
    [('값이 2배로 뛰었다', 'quantitative')]
    """
    return list(spot_with_problems(text, languages, furniture).candidates)


def spot_with_problems(
    text: str, languages: LoadedLanguages | None = None, furniture: Sequence[Span] | None = None
) -> SpottedText:
    """Return the candidates of a text and the problems of languages that failed on one of its paragraphs."""
    known = furniture_spans(text) if furniture is None else merge_spans(furniture, len(text))
    finder = _CandidateFinder(text, (languages or installed_languages()).found, known)
    candidates = tuple(finder.candidates())
    return SpottedText(candidates, tuple(_failure_problems(finder.failures)))


def _failure_problems(failures: Sequence[LanguageFailure]) -> list[Problem]:
    """Return one problem for each language that failed, with the number of paragraphs and the first error."""
    first = {failure.code: failure for failure in reversed(failures)}
    counts = Counter(failure.code for failure in failures)
    return [
        Problem("language-plugin-failed/paragraph", name=code, count=count, reason=first[code].reason)
        for code, count in counts.items()
    ]


def candidate_at(text: str, span: Span, furniture: Sequence[Span] | None = None) -> Candidate:
    """Return the candidate with exactly this span, or a new one with only the figures of the span."""
    for candidate in spot_text(text, furniture=furniture):
        if (candidate.start, candidate.end) == (span.start, span.end):
            return candidate
    figures = tuple(
        figure
        for figure in find_figures(text)
        if span.start <= figure.start and figure.end <= span.end and _is_counted(figure)
    )
    mode = AttributionMode.NARRATION
    why = _reason(figures, None, None)
    quote = text[span.start : span.end]
    return Candidate(span.start, span.end, quote, _kind(figures, None), figures, None, mode, None, None, why)


def paragraph_languages(text: str, furniture: Sequence[Span] | None = None) -> list[Paragraph]:
    """Return the paragraphs of a text, without page furniture, and the language in which each is read."""
    known = furniture_spans(text) if furniture is None else merge_spans(furniture, len(text))
    return list(find_paragraphs(mask_spans(text, known), installed_languages().found))


def spotting_problems() -> tuple[Problem, ...]:
    """Return the problems of the installed languages, for the user."""
    return installed_languages().problems


def failed_plugins() -> tuple[Problem, ...]:
    """Return the problems of language plug-ins that could not be loaded."""
    return tuple(problem for problem in spotting_problems() if problem.code == "language-plugin-failed")


class _CandidateFinder:
    """One text that is being searched for candidates."""

    def __init__(self, text: str, languages: Sequence[LanguagePlugin], furniture: Sequence[Span]) -> None:
        self.text = text
        self.languages = languages
        self.plain = PlainText(mask_spans(text, furniture))
        found = [figure for figure in find_figures(text) if not _overlaps_furniture(figure, furniture)]
        self.figures = found
        self.starts = [figure.start for figure in found]
        self.failures: list[LanguageFailure] = []

    def candidates(self) -> list[Candidate]:
        """Return the candidates of all paragraphs."""
        passages = find_passages(self.plain.text, self.languages, self.failures)
        return complete_speakers([found for passage in passages for found in self._passage_candidates(passage)])

    def _passage_candidates(self, passage: CandidatePassage) -> list[Candidate]:
        start, end = self.plain.stored_range(passage.start, passage.end)
        figures, dates = self._figures_in(start, end)
        if end - start > LONGEST_QUOTE:
            return self._candidates_around_figures(start, end, figures)
        if not figures and not passage.statement and not dates:
            return []
        end = max([end, *(figure.end for figure in figures)])
        start, end = _trim(self.text, start, end)
        return [self._make_candidate(start, end, figures, passage.statement)] if start < end else []

    def _figures_in(self, start: int, end: int) -> tuple[list[Figure], bool]:
        """Return the quantities that begin in a range, and whether the range contains a date."""
        inside: list[Figure] = []
        has_date = False
        for index in range(bisect_left(self.starts, start), len(self.figures)):
            figure = self.figures[index]
            if figure.start >= end:
                break
            if figure.end <= end:
                has_date = has_date or figure.role is FigureRole.DATE
            if _is_counted(figure):
                inside.append(figure)
        return inside, has_date

    def _candidates_around_figures(self, start: int, end: int, figures: list[Figure]) -> list[Candidate]:
        """Return a short passage around each figure of a sentence that is too long to quote."""
        found: list[Candidate] = []
        floor = start
        for at, figure in enumerate(figures):
            following = figures[at + 1].start if at + 1 < len(figures) else end
            first = max(
                floor, self.text.rfind(" ", max(start, figure.start - 60), figure.start - 20), figure.start - 60
            )
            last = min(following, figure.end + 60)
            first, last = _trim(self.text, min(first, figure.start), max(last, figure.end))
            first, last = min(first, figure.start), max(last, figure.end)
            found.append(self._make_candidate(first, last, [figure], None))
            floor = last
        return found

    def _make_candidate(
        self, start: int, end: int, figures: list[Figure], statement: ReportedStatement | None
    ) -> Candidate:
        inside = tuple(figure for figure in figures if start <= figure.start and figure.end <= end)
        speaker = self._stored_speaker(statement.speaker) if statement and statement.speaker else None
        cue = self.plain.text[statement.cue.start : statement.cue.end] if statement and statement.cue else None
        mode = statement.mode if statement else AttributionMode.NARRATION
        kind = _kind(inside, statement)
        why = _reason(inside, statement, cue)
        return Candidate(
            start,
            end,
            self.text[start:end],
            kind,
            inside,
            speaker,
            mode,
            cue,
            statement.cue_class if statement else None,
            why,
        )

    def _stored_speaker(self, speaker: SpottedSpeaker) -> SpottedSpeaker:
        start, end = self.plain.stored_range(speaker.span.start, speaker.span.end)
        return replace(speaker, span=Span(start=start, end=end))


def _is_counted(figure: Figure) -> bool:
    has_value = figure.amount is not None or figure.low is not None or figure.high is not None
    return figure.role in _COUNTED_ROLES and has_value


def _overlaps_furniture(figure: Figure, furniture: Sequence[Span]) -> bool:
    at = bisect_left(furniture, figure.end, key=lambda span: span.start) - 1
    return at >= 0 and furniture[at].end > figure.start


_EDGES_BEFORE = re.compile(r"[\s,;:·▲△▼▶◀■◆●○※\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")
_EDGES_AFTER = re.compile(r"[\s.?!。\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without surrounding space, edge marks and its final stop."""
    found = _EDGES_BEFORE.match(text, start, end)
    start = found.end() if found else start
    while end > start and (_EDGES_AFTER.match(text[end - 1]) or _has_unmatched_closing(text, start, end)):
        end -= 1
    return start, end


def _has_unmatched_closing(text: str, start: int, end: int) -> bool:
    """Return whether a range ends with a closing mark that has its opening mark before the range."""
    opening = {"”": "“", "’": "‘", "」": "「", "』": "『"}.get(text[end - 1])
    return opening is not None and end - start > 1 and text[end - 2] in ".?!…" and opening not in text[start:end]


def _kind(figures: Sequence[Figure], statement: ReportedStatement | None) -> Kind:
    if statement is None or (statement.speaker is None and statement.cue_class == "hearsay" and figures):
        return Kind.QUANTITATIVE if figures else Kind.EVENT
    return Kind.BOTH if figures else Kind.ATTRIBUTED


def _reason(figures: Sequence[Figure], statement: ReportedStatement | None, cue: str | None) -> str:
    """Return the reason for a proposal: 'figure 40%; reported by 밝혔다 (say); speaker carried'."""
    reasons = [f"figure {', '.join(figure.text for figure in figures)}"] if figures else []
    if statement:
        by = f" by {cue} ({statement.cue_class})" if cue else ""
        reasons += [f"{statement.mode.label_en}{by}"]
        reasons += [f"speaker {statement.speaker.basis.value}" if statement.speaker else "speaker not named"]
    return "; ".join(reasons) or "dated happening"


def complete_speakers(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates with missing roles and organisations of speakers taken from other candidates."""
    roles: dict[str, str] = {}
    organizations: dict[str, str] = {}
    for found in candidates:
        if found.speaker and not found.speaker.is_anonymous:
            roles.setdefault(found.speaker.name, found.speaker.role or "")
            roles[found.speaker.name] = roles[found.speaker.name] or found.speaker.role or ""
            organizations[found.speaker.name] = (
                organizations.get(found.speaker.name) or found.speaker.organization or ""
            )
    return [_complete(found, roles, organizations) for found in candidates]


def _complete(found: Candidate, roles: dict[str, str], organizations: dict[str, str]) -> Candidate:
    speaker = found.speaker
    if speaker is None or speaker.is_anonymous or (speaker.role and speaker.organization):
        return found
    role = speaker.role or roles.get(speaker.name) or None
    organization = speaker.organization or organizations.get(speaker.name) or None
    return replace(found, speaker=replace(speaker, role=role, organization=organization))
