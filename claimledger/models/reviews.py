"""Reviews of claims that others published, as they published them."""

from __future__ import annotations

from claimledger.models.base import Record
from claimledger.scalars import EdtfDate, Language, Text, WebAddress


class ForeignReview(Record):
    """Somebody else's review of a claim (schema.org ClaimReview), its rating verbatim."""

    url: WebAddress
    """Address of the review; a review is known by it and by the claim's text."""
    publisher: Text
    """Who published the review."""
    claim_text: Text
    """The claim as the review words it."""
    claimant: Text | None = None
    """Who is said to claim it, as the review names them."""
    rating: Text
    """The rating in the publisher's own words, never changed."""
    reviewed_on: EdtfDate | None = None
    """When the review was published."""
    language: Language | None = None
    """The language it is written in (BCP 47)."""
    title: Text | None = None
    """Its headline."""
