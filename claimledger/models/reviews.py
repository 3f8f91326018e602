"""Reviews of claims exactly as other publishers published them."""

from __future__ import annotations

from claimledger.models.base import Record
from claimledger.scalars import EdtfDate, Language, Text, WebAddress


class ForeignReview(Record):
    """Another publisher's review of a claim (schema.org ClaimReview), with its rating verbatim."""

    url: WebAddress
    """The address of the review. A review is identified by its address and the claim's text."""
    publisher: Text
    """The publisher of the review."""
    claim_text: Text
    """The claim in the words of the review."""
    claimant: Text | None = None
    """The person or organisation that the review names as the claimant."""
    rating: Text
    """The rating in the publisher's own words, never changed."""
    reviewed_on: EdtfDate | None = None
    """The date the review was published."""
    language: Language | None = None
    """The language of the review (BCP 47)."""
    title: Text | None = None
    """The headline of the review."""
