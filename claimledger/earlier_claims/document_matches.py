"""Finds the documents that may bear on a statement: by the figures, names and words that they share with it.

A document is given as texts by part (title, publisher, summary, excerpt, stored text). A point that few documents have
counts more than one that many have. Korean and English are compared by figures and by the names that are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from claimledger.agreement.figure_comparison import is_rounding_of, is_same_figure
from claimledger.agreement.figure_meaning import NormalizedFigure
from claimledger.earlier_claims.name_forms import find_names, find_word_stems
from claimledger.earlier_claims.profile import Profile, profile_of_text
from claimledger.models import Document

_WEIGHTS: Mapping[str, float] = {"figure": 6.0, "name": 4.0, "word": 1.0}
_MIN_WORDS = 3
"""The words that make a match by themselves."""
_LINE = re.compile(r"[^\n.!?。]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z가-힣]+")
_LONG = 2_000
"""In a text longer than this, in code points, only the lines with a shared name are read for figures."""


class DocumentTexts(NamedTuple):
    """A document to search, with its texts."""

    document_id: str
    """The document's name."""
    parts: Mapping[str, Sequence[str]]
    """The texts by part: `title`, `publisher`, `summary`, `excerpt` or `text`."""


class SharedPoint(NamedTuple):
    """One point that a document shares with the statement."""

    what: str
    """The kind of point: `figure`, `name` or `word`."""
    text: str
    """The figure as printed in the document, the name, or the word of the statement."""
    part: str
    """The first part of the document that has it."""


class DocumentMatch(NamedTuple):
    """A document that shares figures, names or words with the statement."""

    document_id: str
    """The document's name."""
    shared: tuple[SharedPoint, ...]
    """The shared points, those that few documents have first."""
    score: float
    """The rank; higher is better."""


class FoundDocument(NamedTuple):
    """A document that shares something with the claim."""

    document: Document
    """The document."""
    match: DocumentMatch
    """The figures, names and words that it shares with the claim."""
    is_cited: bool
    """True if the claim cites it already."""


def same_names(groups: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return the spellings of names in lists of names, each with the name of its list.

    >>> same_names([("haneul-port", ["Haneul Port", "하늘항만공사"])])
    {'haneul port': 'haneul-port', '하늘항만공사': 'haneul-port'}
    """
    return {form.casefold(): name for name, forms in groups for form in forms if len(form) > 1}


def match_documents(
    profile: Profile, texts: Iterable[str], documents: Iterable[DocumentTexts], known: Mapping[str, str] = {}
) -> list[DocumentMatch]:
    """Return the documents that share a figure, a name or several words with a statement, the best first.

    `texts` are further texts of the claim in which names are looked for; `known` are spellings of the same name.

    >>> found = match_documents(profile_of_text("하늘항만공사는 화물 120만t을 다뤘다"), (), [
    ...     DocumentTexts("a", {"title": ["Haneul Port"], "summary": ["It handled 1,200,000 tonnes."]}),
    ...     DocumentTexts("b", {"title": ["Weather"], "summary": ["It rained."]})],
    ...     same_names([("haneul-port", ["Haneul Port", "하늘항만공사"])]))
    >>> [(one.document_id, [point[:2] for point in one.shared]) for one in found]
    [('a', [('figure', '1,200,000 tonnes'), ('name', 'haneul-port')])]
    """
    names = profile.names | _known_names(" ".join((*profile.texts, *texts)), known)
    words = {stem: word for text in profile.texts for word in _WORD.findall(text) for stem in find_word_stems(word)}
    shared = {one.document_id: _shared_points(profile.figures, names, words, one, known) for one in documents}
    frequency = Counter(_key(point) for points in shared.values() for point in points)
    weights = {key: _WEIGHTS[key[0]] * log(1 + len(shared) / count) for key, count in frequency.items()}
    found = (_rank(name, points, weights) for name, points in shared.items() if _is_worth_reading(points))
    return sorted(found, key=lambda one: (-one.score, one.document_id))


def search_terms(profile: Profile, most: int = 200) -> str:
    """Return the terms that look up a statement, in at most `most` code points: its figures, names and other words.

    >>> search_terms(profile_of_text("OpenAI got 13 billion dollars for its research"))
    '13 billion dollars, openai, research'
    """
    figures = [figure.text for figure in profile.figures]
    said = " ".join((*figures, *profile.names)).casefold()
    words = [
        word
        for text in profile.texts[:1]
        for word in _WORD.findall(text)
        if find_word_stems(word) and word.casefold() not in said
    ]
    terms = ", ".join(dict.fromkeys((*figures, *sorted(profile.names), *words)))
    return terms if len(terms) <= most else terms[: terms.rindex(", ", 0, most)]


def _key(point: SharedPoint) -> tuple[str, str]:
    return point.what, point.text if point.what != "figure" else ""


def _is_worth_reading(points: Sequence[SharedPoint]) -> bool:
    counts = Counter(point.what for point in points)
    return bool(counts["figure"] or counts["name"] or counts["word"] >= _MIN_WORDS)


def _rank(name: str, points: Sequence[SharedPoint], weights: Mapping[tuple[str, str], float]) -> DocumentMatch:
    ordered = sorted(points, key=lambda point: (-weights[_key(point)], point.text))
    return DocumentMatch(name, tuple(ordered), round(sum(weights[_key(point)] for point in points), 3))


def _shared_points(
    figures: Sequence[NormalizedFigure],
    names: frozenset[str],
    words: Mapping[str, str],
    document: DocumentTexts,
    known: Mapping[str, str],
) -> list[SharedPoint]:
    found: dict[tuple[str, str], SharedPoint] = {}
    for part, text in ((part, text) for part, texts in document.parts.items() for text in texts):
        points = (
            *(("figure", one) for one in _shared_figures(figures, names, text)),
            *(("name", one) for one in names & (find_names(text) | _known_names(text, known))),
            *(("word", words[one]) for one in words.keys() & find_word_stems(text)),
        )
        for what, one in points:
            found.setdefault((what, one), SharedPoint(what, one, part))
    return list(found.values())


def _shared_figures(figures: Sequence[NormalizedFigure], names: frozenset[str], text: str) -> list[str]:
    """Return the figures of a text, as printed, that a statement has too."""
    if not figures or not _DIGIT.search(text):
        return []
    lines = [text] if len(text) <= _LONG else [line for line in _LINE.findall(text) if names & find_names(line)]
    printed = (other for line in lines if _DIGIT.search(line) for other in _find_figures(line))
    return [other.text for other in printed if any(_is_same(one, other) for one in figures)]


@lru_cache(maxsize=20_000)
def _find_figures(text: str) -> tuple[NormalizedFigure, ...]:
    return profile_of_text(text).figures


def _is_same(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    return is_same_figure(one, other) or is_rounding_of(one, other) or is_rounding_of(other, one)


def _known_names(text: str, known: Mapping[str, str]) -> frozenset[str]:
    """Return the lists of names of which a text has a spelling; one in Latin letters only as whole words."""
    folded = text.casefold()
    return frozenset(name for form, name in known.items() if form in folded and _is_whole(form, folded))


def _is_whole(form: str, folded: str) -> bool:
    return not form.isascii() or re.search(rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])", folded) is not None
