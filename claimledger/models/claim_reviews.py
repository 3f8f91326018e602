"""A review of a claim as newsrooms exchange it (schema.org ClaimReview), our own or another publisher's.

Our reviews are made from published claims. Foreign reviews are read from their publishers' documents. One function
prints both kinds and one reads both, so that a printed review reads back as the same record. A rating is stored exactly
as its publisher wrote it. This module does not translate it to another scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from claimledger.errors import Problem
from claimledger.models.base import Record, CheckedRecord
from claimledger.scalars import EdtfDate, Language, VerbatimText, Text, WebAddress
from claimledger.vocabulary import SpeakerKind


class Party(CheckedRecord):
    """The person or organisation that made a claim or reviewed one."""

    kind: Literal[SpeakerKind.PERSON, SpeakerKind.ORGANIZATION] | None = None
    """A person or an organisation; none if the publisher does not say."""
    name: Text | None = None
    """The name."""
    address: WebAddress | None = None
    """The person's or organisation's own address."""
    role: Text | None = None
    """The person's role at that moment."""
    organization: Text | None = None
    """The person's organisation at that moment."""

    def _faults(self) -> Iterator[Problem]:
        if self.name is None and self.address is None:
            yield Problem("nobody-named", field="name")


class CreativeWork(CheckedRecord):
    """A work in which a claim appears, or which a review cites."""

    name: Text | None = None
    """The work's title."""
    address: WebAddress | None = None
    """The work's address."""
    published_on: EdtfDate | None = None
    """The date the work was published."""
    publisher: Text | None = None
    """The publisher."""

    def _faults(self) -> Iterator[Problem]:
        if self.name is None and self.address is None:
            yield Problem("nothing-named", field="name")


class ReviewRating(Record):
    """A rating as its publisher wrote it, character by character."""

    label: VerbatimText | None = None
    """The rating in words (`alternateName`)."""
    value: VerbatimText | None = None
    """The number (`ratingValue`)."""
    best: VerbatimText | None = None
    """The best number of the scale (`bestRating`)."""
    worst: VerbatimText | None = None
    """The worst number of the scale (`worstRating`)."""


class ClaimReview(Record):
    """One publication's review of one claim (schema.org ClaimReview)."""

    claim: Text
    """The reviewed claim (`claimReviewed`)."""
    language: Language | None = None
    """The language of the review (BCP 47)."""
    url: WebAddress | None = None
    """The address of the review's page."""
    title: Text | None = None
    """The headline of that page."""
    reviewer: Party | None = None
    """The reviewer."""
    reviewed_on: EdtfDate | None = None
    """The date the review was published."""
    changed_on: EdtfDate | None = None
    """The date it was last changed."""
    rating: ReviewRating | None = None
    """The result of the review."""
    body: Text | None = None
    """The explanation, in the reviewer's words."""
    claimants: tuple[Party, ...] = ()
    """The people or organisations that make the claim."""
    claimed_on: EdtfDate | None = None
    """The date the claim was made."""
    appearances: tuple[CreativeWork, ...] = ()
    """The works in which the claim appears."""
    first_appearance: CreativeWork | None = None
    """The work in which the claim appeared first."""
    citations: tuple[CreativeWork, ...] = ()
    """The works that the review cites."""
