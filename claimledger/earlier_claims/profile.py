"""The profile of a statement: the figures, names, dates and words it can be looked up by.

A profile is made from a claim's record (JSON), a review, or any text. Nothing is guessed: a date without a year, or
"last year", does not count as a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from claimledger.agreement.figure_meaning import TextFigures, NormalizedFigure, figure_of_quantity, read_figures
from claimledger.earlier_claims.name_forms import find_names, find_word_stems
from claimledger.models import ForeignReview, Quantity
from claimledger.quantities import Basis, resolve_date

_PLACEHOLDER_DATE = date(2000, 1, 1)
"""A placeholder for the article's date, which only incomplete dates need."""


class Profile(NamedTuple):
    """The searchable content of a statement."""

    texts: tuple[str, ...]
    """The statement's wordings."""
    figures: tuple[NormalizedFigure, ...]
    """Its counts and measures, each once."""
    names: frozenset[str]
    """The names in it, with aliases merged."""
    dates: tuple[str, ...]
    """The dates it is about (EDTF level 0)."""
    words: frozenset[str]
    """The beginnings of its words."""


def profile_of_text(text: str) -> Profile:
    """Return the profile of a text.

    >>> profile = profile_of_text("하늘항만공사는 2030년에 화물 120만t을 다뤘다.")
    >>> [figure.text for figure in profile.figures], sorted(profile.names), profile.dates
    (['120만t'], ['하늘항만공사'], ('2030',))
    """
    return _make_profile([text], (), [text], ())


def profile_of_claim(record: Mapping[str, Any]) -> Profile:
    """Return the profile of a claim's record (JSON): statements, figures, speaker and period."""
    texts = [text for language, text in sorted(record["statement"].items()) if language in ("en", "ko")]
    quantities = [
        figure_of_quantity(Quantity.model_validate(one, strict=False)) for one in record.get("quantities", ())
    ]
    return _make_profile(
        texts or [*record["statement"].values()], quantities, [*texts, *_speaker_names(record)], _period(record)
    )


def profile_of_review(review: ForeignReview) -> Profile:
    """Return the profile of the claim in a review, including the claimant."""
    return profile_of_spoken_text(review.claim_text, review.claimant)


def profile_of_spoken_text(text: str, speaker: str | None) -> Profile:
    """Return the profile of a text that is attributed to a speaker, if one is known."""
    return _make_profile([text], (), [text, *([speaker] if speaker else [])], ())


def _speaker_names(record: Mapping[str, Any]) -> Iterator[str]:
    speaker = record.get("speaker") or {}
    for wording in (speaker.get("name"), speaker.get("organization")):
        yield from (wording or {}).values()


def _period(record: Mapping[str, Any]) -> tuple[str, ...]:
    return (record["about_on"],) if record.get("about_on") else ()


def _make_profile(
    texts: Iterable[str], quantities: Iterable[NormalizedFigure], name_texts: Iterable[str], periods: Iterable[str]
) -> Profile:
    texts = tuple(texts)
    readings = [read_figures(text) for text in texts]
    figures = [
        figure
        for figure in (*quantities, *_counted_figures(readings))
        if figure.low is not None or figure.high is not None
    ]
    dates = (*periods, *(day for reading in readings for day in _explicit_dates(reading)))
    return Profile(
        texts,
        tuple({(figure.low, figure.high, figure.dimension): figure for figure in reversed(figures)}.values())[::-1],
        frozenset().union(*(find_names(text) for text in name_texts)),
        tuple(dict.fromkeys(dates)),
        frozenset().union(*(find_word_stems(text) for text in texts)),
    )


def _counted_figures(readings: Iterable[TextFigures]) -> Iterator[NormalizedFigure]:
    return (figure for reading in readings for figure in reading.said if not figure.is_numbering)


def _explicit_dates(reading: TextFigures) -> Iterator[str]:
    for figure in reading.dates:
        found = resolve_date(figure, _PLACEHOLDER_DATE)
        if found.edtf and found.basis is Basis.EXPLICIT:
            yield found.edtf
