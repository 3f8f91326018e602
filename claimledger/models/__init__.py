"""The records of the ledger: frozen, strict models that refuse unknown keys; one that exists is valid.

In: JSON (log bodies) or the plain values of a claim file. Out: the same, `to_json` for the log and for print.
Amounts are Decimal, calendar dates are EDTF level 0 (ISO 8601-2:2019), times are UTC with milliseconds, offsets count
code points of the text as stored, and text is NFC. The docstring under each field describes it in schemas and docs.
A default is never changed and a field never renamed: the log omits what equals its default.
"""

from __future__ import annotations

from claimledger.models.articles import (
    Appearance,
    Article,
    ArticleRights,
    Dismissal,
    Edition,
    Part,
    PassageHash,
    Person,
    PlaceInText,
    Publication,
    QuoteSelector,
    Rights,
    Span,
)  # fmt: skip
from claimledger.models.base import Record, Ruled, Wording
from claimledger.models.claim_reviews import ClaimReview, Party, ReviewRating, Work
from claimledger.models.claims import (
    Attribution,
    Claim,
    Document,
    Evidence,
    Quantity,
    RelatedClaim,
    Source,
    Speaker,
    Verdict,
    Waiver,
)  # fmt: skip
from claimledger.models.reviews import ForeignReview
from claimledger.models.revisions import MODELS, Change, Correction, Revision, Subjects, key_of

__all__ = [
    "MODELS",
    "Appearance",
    "Article",
    "ArticleRights",
    "Attribution",
    "Change",
    "Claim",
    "ClaimReview",
    "Correction",
    "Dismissal",
    "Document",
    "Edition",
    "Evidence",
    "ForeignReview",
    "Part",
    "Party",
    "PassageHash",
    "Person",
    "PlaceInText",
    "Publication",
    "Quantity",
    "QuoteSelector",
    "Record",
    "RelatedClaim",
    "ReviewRating",
    "Revision",
    "Rights",
    "Ruled",
    "Source",
    "Span",
    "Speaker",
    "Subjects",
    "Verdict",
    "Waiver",
    "Wording",
    "Work",
    "key_of",
]
