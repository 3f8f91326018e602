"""The records of the ledger as frozen, strict pydantic models that refuse unknown keys.

They are read from JSON (log bodies) or from the plain values of a claim file. `to_json` returns the same values for the
log and for print. A record that exists is valid. Amounts are Decimal, calendar dates are EDTF level 0 (ISO
8601-2:2019), times are UTC with milliseconds, offsets count code points of the stored text, and text is NFC. The
docstring under each field is its description in schemas and docs. The log omits fields that equal their default.
Therefore a default never changes and a field is never renamed.
"""

from __future__ import annotations

from claimledger.models.aliases import Alias, AliasName
from claimledger.models.articles import (
    Appearance, Article, ArticleRights, Dismissal, Edition, QuotePart, PassageHash, CreditedPerson, EditionPassage,
    Publication, QuoteSelector, Rights, Span,
)  # fmt: skip
from claimledger.models.base import Record, CheckedRecord, Wording
from claimledger.models.claim_reviews import ClaimReview, Party, ReviewRating, CreativeWork
from claimledger.models.claims import (
    Attribution, Claim, Document, Evidence, EvidencePassage, MachineWording, Quantity, RelatedClaim, SearchedPlace,
    Source, Speaker, Verdict, Waiver,
)  # fmt: skip
from claimledger.models.earlier_checks import EarlierCheck
from claimledger.models.reviews import ForeignReview
from claimledger.models.revisions import MODELS, Change, Correction, Revision, LedgerRecord, record_key

__all__ = [
    "MODELS",
    "Alias",
    "AliasName",
    "Appearance",
    "Article",
    "ArticleRights",
    "Attribution",
    "Change",
    "CheckedRecord",
    "Claim",
    "ClaimReview",
    "Correction",
    "CreativeWork",
    "CreditedPerson",
    "Dismissal",
    "Document",
    "EarlierCheck",
    "Edition",
    "EditionPassage",
    "Evidence",
    "EvidencePassage",
    "ForeignReview",
    "LedgerRecord",
    "MachineWording",
    "Party",
    "PassageHash",
    "Publication",
    "Quantity",
    "QuotePart",
    "QuoteSelector",
    "Record",
    "RelatedClaim",
    "ReviewRating",
    "Revision",
    "Rights",
    "SearchedPlace",
    "Source",
    "Span",
    "Speaker",
    "Verdict",
    "Waiver",
    "Wording",
    "record_key",
]
