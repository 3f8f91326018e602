"""What a statement says, as far as it can be looked up: figures, names, dates, and its words.

In: a claim's record (JSON), a review, or any text. Out: a `Profile`. The invariant: nothing is resolved by guessing; a
date without its year, or "last year", is no date here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from claimledger.agreement.figure_meaning import Reading, Said, of_quantity, read
from claimledger.earlier_claims.name_forms import names_in, words_in
from claimledger.models import ForeignReview, Quantity
from claimledger.quantities import Basis, resolve_date

_NO_ARTICLE = date(2000, 1, 1)
"""Stands for the article's date, which only dates that are not whole would need."""


class Profile(NamedTuple):
    """What a statement says."""

    texts: tuple[str, ...]
    """Its wordings."""
    figures: tuple[Said, ...]
    """What it counts or measures, each once."""
    names: frozenset[str]
    """Who and what is named, aliases made one."""
    dates: tuple[str, ...]
    """The dates it speaks of (EDTF level 0)."""
    words: frozenset[str]
    """The beginnings of its words."""


def profile_of_text(text: str) -> Profile:
    """Return what a text says.

    >>> told = profile_of_text("하늘항만공사는 2030년에 화물 120만t을 다뤘다.")
    >>> [figure.text for figure in told.figures], sorted(told.names), told.dates
    (['120만t'], ['하늘항만공사'], ('2030',))
    """
    return _profile([text], (), [text], ())


def profile_of_claim(record: Mapping[str, Any]) -> Profile:
    """Return what a claim's record (JSON) says: statements, figures, speaker, source, the period it speaks of."""
    texts = [text for language, text in sorted(record["statement"].items()) if language in ("en", "ko")]
    quantities = [of_quantity(Quantity.model_validate(one, strict=False)) for one in record.get("quantities", ())]
    return _profile(texts or [*record["statement"].values()], quantities, [*texts, *_named(record)], _dated(record))


def profile_of_review(review: ForeignReview) -> Profile:
    """Return what the claim of a review says, and who is said to claim it."""
    named = [review.claim_text, *([review.claimant] if review.claimant else [])]
    return _profile([review.claim_text], (), named, ())


def _named(record: Mapping[str, Any]) -> Iterator[str]:
    speaker = record.get("speaker") or {}
    for wording in (speaker.get("name"), speaker.get("organization")):
        yield from (wording or {}).values()


def _dated(record: Mapping[str, Any]) -> tuple[str, ...]:
    return (record["about_on"],) if record.get("about_on") else ()


def _profile(texts: Iterable[str], quantities: Iterable[Said], named: Iterable[str], dated: Iterable[str]) -> Profile:
    texts = tuple(texts)
    readings = [read(text) for text in texts]
    figures = [said for said in (*quantities, *_counted(readings)) if said.low is not None or said.high is not None]
    dates = (*dated, *(day for reading in readings for day in _dates(reading)))
    return Profile(
        texts,
        tuple({(said.low, said.high, said.dimension): said for said in reversed(figures)}.values())[::-1],
        frozenset().union(*(names_in(text) for text in named)),
        tuple(dict.fromkeys(dates)),
        frozenset().union(*(words_in(text) for text in texts)),
    )


def _counted(readings: Iterable[Reading]) -> Iterator[Said]:
    return (said for reading in readings for said in reading.said if not said.is_numbering)


def _dates(reading: Reading) -> Iterator[str]:
    for figure in reading.dates:
        found = resolve_date(figure, _NO_ARTICLE)
        if found.edtf and found.basis is Basis.EXPLICIT:
            yield found.edtf
