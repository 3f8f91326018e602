"""Decides whether two statements provably say the same: the same words in the same order, however figures are written.

The statement is read without its figures and its complete dates, which are compared by value. Of the other words only
those are left out that change nothing: articles, and words such as "about" that the figures are compared with. Korean
subjects and objects keep their role, not the choice of the particle. All other differences of words, among them another
tense, a negation, another speaker or another order, mean that nothing is proved.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from claimledger.agreement.figure_comparison import is_rounding_of, is_same_figure
from claimledger.agreement.figure_meaning import COUNT, NormalizedFigure, read_figures
from claimledger.agreement.word_lists import APPROXIMATE
from claimledger.earlier_claims.profile import Profile
from claimledger.earlier_claims.name_forms import find_names
from claimledger.quantities import Basis, resolve_date

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))["sameness"]
_NEUTRAL = frozenset(_TABLE["neutral"])
_APPROXIMATING = re.compile(rf"\b(?:{'|'.join(_TABLE['approximating'])})(?=\s*\0)", re.IGNORECASE)
_APPROXIMATING_ENDS = re.compile(f"^(?:{'|'.join(_TABLE['approximating_ends'])})")
_COPULA: Mapping[str, str] = _TABLE["copula"]
_COPULA_AFTER_FIGURE = re.compile(f"^(?:{'|'.join(_COPULA)})")
_SUBJECT, _OBJECT = (re.compile(f"(?<=[가-힣])(?:{'|'.join(_TABLE[role])})$") for role in ("subject", "object"))
_DATE_PREPOSITION = re.compile(r"\b(?:in|on|during)\s*$", re.IGNORECASE)
_DATE_PARTICLE = re.compile("(?:에는|에|의|년|,)?")
_TOKEN = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*|[?]")
_FIGURE = "\0"
_PLACEHOLDER_DATE = date(2000, 1, 1)


class StatementWords(NamedTuple):
    """A statement without its figures and complete dates."""

    tokens: tuple[str, ...]
    """Its words in order; a figure is the name of its unit."""
    figures: tuple[NormalizedFigure, ...]
    """Its figures in order, without conversions."""
    dates: tuple[str, ...]
    """Its complete dates (EDTF) in order."""


def says_the_same(new: Profile, known: Profile) -> bool:
    """Return whether a wording of one statement provably says the same as one of the other.

    >>> from claimledger.earlier_claims.profile import profile_of_text as read
    >>> one = read("In 2030 Haneul port handled 1.2 million tonnes.")
    >>> others = "Haneul port handled 1,200,000 tonnes in 2030.", "Haneul port lost 1.2 million tonnes in 2030."
    >>> [says_the_same(one, read(other)) for other in others]
    [True, False]
    """
    return not _have_other_speakers(new, known) and any(
        _is_same_statement(_read_words(one), _read_words(other), new, known)
        for one in new.texts
        for other in known.texts
    )


def _have_other_speakers(new: Profile, known: Profile) -> bool:
    """Return whether both statements have a speaker beside their wording, and not the same one."""
    speaker, other = (one.names - frozenset().union(*map(find_names, one.texts)) for one in (new, known))
    return bool(speaker and other) and speaker != other


def _is_same_statement(one: StatementWords, other: StatementWords, new: Profile, known: Profile) -> bool:
    return (
        one.tokens == other.tokens
        and len(one.figures) == len(other.figures)
        and all(map(_is_same_value, one.figures, other.figures))
        and (
            one.dates == other.dates
            if one.dates and other.dates
            else {*one.dates} <= {*known.dates} and {*other.dates} <= {*new.dates}
        )
    )


def _is_same_value(one: NormalizedFigure, other: NormalizedFigure) -> bool:
    if one.raw is None or other.raw is None:  # a range, or "by 4 to 40", which reads like one
        return one.text.casefold() == other.text.casefold()
    is_exact = (one.comparator in APPROXIMATE) == (other.comparator in APPROXIMATE)
    return is_exact and (is_same_figure(one, other) or (is_rounding_of(one, other) and is_rounding_of(other, one)))


@lru_cache(maxsize=512)
def _read_words(text: str) -> StatementWords:
    reading = read_figures(text)
    figures = [figure for figure in reading.said if not figure.is_conversion]
    days = {
        (found.start, found.end): resolved.edtf
        for found in reading.dates
        if (resolved := resolve_date(found, _PLACEHOLDER_DATE)).edtf
        and resolved.basis is Basis.EXPLICIT
        and "/" not in resolved.edtf  # the words of a period keep their order: from 2020 to 2030
    }
    cut = [
        *((figure.core_start, figure.core_end, f" {_FIGURE} ") for figure in figures),
        *((figure.start, figure.end, " ") for figure in reading.said if figure.is_conversion),
        *((start, end, f" {_DAY} " if _REPORTING.search(text) else " ") for start, end in days),
    ]
    units = iter([_unit_word(figure) for figure in figures])
    tokens = [next(units) if token == _FIGURE else token for token in _tokens(_replace(text, sorted(cut)))]
    return StatementWords(tuple(tokens), tuple(figures), tuple(day for day in days.values() if day))


_DAY = "thatday"
_REPORTING = re.compile(r"\b(?:said|says|say|told|that|whether)\b|[다라자냐]고 ")
"""Words that report what somebody said: a date then belongs to the saying or to what was said, by its position."""


def _unit_word(figure: NormalizedFigure) -> str:
    """Return the word of the counted things, or the dimension that a figure measures."""
    return f"#{figure.unit if figure.dimension.startswith(COUNT) else figure.dimension}"


def _replace(text: str, cut: Sequence[tuple[int, int, str]]) -> str:
    """Return a text with parts replaced; a date is removed with its preposition or particle."""
    parts, position = [], 0
    for start, end, put in cut:
        if start < position:
            continue
        before = text[position:start]
        parts += [before if put != " " else _DATE_PREPOSITION.sub("", before), put]
        position = end if put != " " else _DATE_PARTICLE.match(text, end).end()  # type: ignore[union-attr]
    return "".join([*parts, text[position:]])


def _tokens(text: str) -> Iterator[str]:
    """Yield the words that count, in comparable form."""
    is_after_figure = False
    for found in re.finditer(rf"{_FIGURE}|{_TOKEN.pattern}", _APPROXIMATING.sub(" ", text)):
        word = found[0].casefold()
        if is_after_figure:
            word = _COPULA_AFTER_FIGURE.sub(lambda one: _COPULA[one[0]], _APPROXIMATING_ENDS.sub("", word))
        is_after_figure = word == _FIGURE
        if word and word not in _NEUTRAL:
            yield _OBJECT.sub("|o", _SUBJECT.sub("|s", word))
