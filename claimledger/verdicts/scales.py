"""Convert verdicts to the rating scales of other publications, and their ratings to verdicts.

The mappings are a versioned table (`scales.toml`), never a guess: a rating whose label is not on its scale has no
verdict. A foreign rating is always kept verbatim next to its nearest verdict.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from claimledger.errors import Problem
from claimledger.models.base import Record, CheckedRecord, Wording
from claimledger.scalars import EdtfDate, Text
from claimledger.vocabulary import VerdictValue


class Rating(Record):
    """One rating of a scale."""

    label: Text
    """The label in the scale's own words."""
    value: Annotated[int, Field(ge=1)] | None = None
    """The number, from 1, on a scale with numbers. Larger means truer."""
    verdict: VerdictValue
    """The nearest verdict."""
    exact: bool
    """True if the rating means exactly the same as the verdict."""


class Scale(CheckedRecord):
    """A rating scale."""

    name: Wording
    """The name, by language."""
    ratings: Annotated[tuple[Rating, ...], Field(min_length=2)]
    """The ratings, in the scale's own order."""
    published_as: Mapping[VerdictValue, str]
    """The label that each verdict is published with. A missing verdict has no counterpart on the scale."""

    def _faults(self) -> Iterator[Problem]:
        labels = [_normalize(rating.label) for rating in self.ratings]
        if len(set(labels)) < len(labels):
            yield Problem("label-twice", field="ratings")
        for verdict, label in self.published_as.items():
            rating = self.rating(label)
            if rating is None or rating.verdict is not verdict:
                yield Problem("not-its-rating", field="published_as", verdict=verdict, label=label)

    def rating(self, label: str) -> Rating | None:
        """Return the rating with a label, ignoring case and white space, or None."""
        return next((one for one in self.ratings if _normalize(one.label) == _normalize(label)), None)

    def rating_for_verdict(self, verdict: VerdictValue) -> Rating | None:
        """Return the rating that a verdict is published as, or None if the scale has no counterpart.

        >>> snu = RATING_SCALES["snu"]
        >>> snu.rating_for_verdict(VerdictValue.REFUTED).label, snu.rating_for_verdict(VerdictValue.NOT_CHECKABLE)
        ('전혀 사실 아님', None)
        """
        label = self.published_as.get(verdict)
        return self.rating(label) if label else None

    def nearest_verdict(self, label: str) -> tuple[VerdictValue, bool] | None:
        """Return the nearest verdict to a rating's label and whether it is exact, or None for an unknown label.

        >>> RATING_SCALES["snu"].nearest_verdict("대체로 사실"), RATING_SCALES["snu"].nearest_verdict("거짓에 가깝다")
        ((<VerdictValue.SUPPORTED: 'supported'>, False), None)
        """
        rating = self.rating(label)
        return (rating.verdict, rating.exact) if rating else None


def _normalize(label: str) -> str:
    return " ".join(label.split()).casefold()


class ScaleTable(Record):
    """A table of rating scales."""

    version: Annotated[int, Field(ge=1)]
    """The version of the mappings. Released versions do not change."""
    valid_from: EdtfDate
    """The first day of validity."""
    scales: Mapping[str, Scale]
    """The scales by name."""


def parse_scales(text: str) -> ScaleTable:
    """Parse a table of scales (TOML), for example a newsroom's own.

    Raises:
        TOMLDecodeError, ValidationError: the text is not such a table, or a rating and its verdict do not match.
    """
    return ScaleTable.model_validate(tomllib.loads(text), strict=False)


SCALE_TABLE = parse_scales((files(__package__) / "scales.toml").read_text(encoding="utf-8"))
"""The mappings that ship with the program."""
RATING_SCALES = SCALE_TABLE.scales
"""The scales by name."""
