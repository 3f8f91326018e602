"""A review of a claim as newsrooms exchange it: schema.org ClaimReview, ours or somebody else's.

Ours is made from a published claim, that of others from what they publish; both are printed by one function and read
by another, so that what is printed and read again is the same record. A rating stands here as its publisher gave it:
what it means on another scale is nobody's to say here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from claimledger.errors import Problem
from claimledger.models.base import Record, Ruled
from claimledger.scalars import EdtfDate, Language, Passage, Text, WebAddress
from claimledger.vocabulary import SpeakerKind


class Party(Ruled):
    """Who made a claim, or reviewed one."""

    kind: Literal[SpeakerKind.PERSON, SpeakerKind.ORGANIZATION] | None = None
    """A person or an organisation; none where the publisher does not say."""
    name: Text | None = None
    """The name."""
    address: WebAddress | None = None
    """Their own address."""
    role: Text | None = None
    """The role at that moment."""
    organization: Text | None = None
    """The organisation at that moment."""

    def _faults(self) -> Iterator[Problem]:
        if self.name is None and self.address is None:
            yield Problem("nobody-named", field="name")


class Work(Ruled):
    """Something a claim stands in, or a review rests on."""

    name: Text | None = None
    """Its title."""
    address: WebAddress | None = None
    """Its address."""
    published_on: EdtfDate | None = None
    """The date it was published."""
    publisher: Text | None = None
    """Who published it."""

    def _faults(self) -> Iterator[Problem]:
        if self.name is None and self.address is None:
            yield Problem("nothing-named", field="name")


class ReviewRating(Record):
    """A rating as its publisher wrote it, character by character."""

    label: Passage | None = None
    """The rating in words (`alternateName`)."""
    value: Passage | None = None
    """The number (`ratingValue`)."""
    best: Passage | None = None
    """The best number of the scale (`bestRating`)."""
    worst: Passage | None = None
    """The worst number of the scale (`worstRating`)."""


class ClaimReview(Record):
    """What one publication found of one claim (schema.org ClaimReview)."""

    claim: Text
    """The claim that is reviewed (`claimReviewed`)."""
    language: Language | None = None
    """The language of the review (BCP 47)."""
    url: WebAddress | None = None
    """The page the review stands on."""
    title: Text | None = None
    """The headline of that page."""
    reviewer: Party | None = None
    """Who reviewed it."""
    reviewed_on: EdtfDate | None = None
    """The date the review was published."""
    changed_on: EdtfDate | None = None
    """The date it was last changed."""
    rating: ReviewRating | None = None
    """The outcome."""
    body: Text | None = None
    """Why, in the reviewer's words."""
    claimants: tuple[Party, ...] = ()
    """Who makes the claim."""
    claimed_on: EdtfDate | None = None
    """When it was made."""
    appearances: tuple[Work, ...] = ()
    """Where it stands."""
    first_appearance: Work | None = None
    """Where it stood first."""
    citations: tuple[Work, ...] = ()
    """What the review rests on."""
