"""The scales by which others rate claims, and what they say of a verdict of ours.

In: a verdict and a scale, or a rating as somebody published it. Out: a rating of the scale, or the nearest verdict with
whether it says just that; none where there is no counterpart. The invariant: a mapping is a versioned table
(`scales.toml`), never a guess: a rating that is not on its scale, word for word, has no verdict. A rating from
elsewhere is kept verbatim; what it says in our words stands beside it, never in its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from claimledger.models.base import Record, Ruled, Wording
from claimledger.scalars import EdtfDate, Fault, Text
from claimledger.vocabulary import VerdictValue


class Rating(Record):
    """One rating of a scale."""

    label: Text
    """In the scale's own words."""
    value: Annotated[int, Field(ge=1)] | None = None
    """Its number, larger being truer, on a scale that has numbers."""
    verdict: VerdictValue
    """The nearest verdict of ours."""
    exact: bool
    """Whether it says just what that verdict says."""


class Scale(Ruled):
    """A scale, its ratings in its own order."""

    name: Wording
    """What it is called."""
    ratings: Annotated[tuple[Rating, ...], Field(min_length=2)]
    """The ratings, in its own order."""
    published_as: Mapping[VerdictValue, str]
    """The label that a verdict of ours is published by; a verdict that is left out has no counterpart."""

    def _faults(self) -> Iterator[Fault]:
        labels = [_folded(rating.label) for rating in self.ratings]
        if len(set(labels)) < len(labels):
            yield Fault("label-twice", "Two ratings have one label.", "Keep one of them.", "ratings")
        for verdict, label in self.published_as.items():
            rating = self.rating(label)
            if rating is None or rating.verdict is not verdict:
                sentence = f"'{verdict}' is published as '{label}', which does not say it."
                yield Fault("not-its-rating", sentence, "Name a rating whose verdict it is.", "published_as")

    def rating(self, label: str) -> Rating | None:
        """Return the rating with a label, as it stands on the scale but for case and space."""
        return next((one for one in self.ratings if _folded(one.label) == _folded(label)), None)

    def rating_of(self, verdict: VerdictValue) -> Rating | None:
        """Return the rating that a verdict is published by; none if the scale has no counterpart.

        >>> snu = SCALES["snu"]
        >>> snu.rating_of(VerdictValue.REFUTED).label, snu.rating_of(VerdictValue.NOT_CHECKABLE)
        ('전혀 사실 아님', None)
        """
        label = self.published_as.get(verdict)
        return self.rating(label) if label else None

    def verdict_of(self, label: str) -> tuple[VerdictValue, bool] | None:
        """Return the nearest verdict to a rating as published, and whether it says just that; none if it is not on it.

        >>> SCALES["snu"].verdict_of("대체로 사실"), SCALES["snu"].verdict_of("거짓에 가깝다")
        ((<VerdictValue.SUPPORTED: 'supported'>, False), None)
        """
        rating = self.rating(label)
        return (rating.verdict, rating.exact) if rating else None


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()


class Scales(Record):
    """A table of scales."""

    version: Annotated[int, Field(ge=1)]
    """Version of the mappings; an older one stays what it was."""
    valid_from: EdtfDate
    """The day it holds from."""
    scales: Mapping[str, Scale]
    """Name to scale."""


def scales_in(text: str) -> Scales:
    """Return the scales that a table (TOML) describes; a newsroom gives its own in the same form.

    Raises:
        TOMLDecodeError, ValidationError: it is no such table, or a rating and a verdict do not go together.
    """
    return Scales.model_validate(tomllib.loads(text), strict=False)


TABLE = scales_in((files(__package__) / "scales.toml").read_text(encoding="utf-8"))
"""The mappings that ship with the program."""
SCALES = TABLE.scales
"""Name to scale."""
