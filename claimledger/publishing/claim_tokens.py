"""The tokens by which a claim is found: of its texts and of its figures."""

from __future__ import annotations

from claimledger.models import Claim
from claimledger.publishing import projection, search
from claimledger.publishing.search_figures import figure_tokens


def claim_tokens(claim: Claim) -> str:
    """Return the tokens of a claim for the full-text index, separated by spaces."""
    texts = search.record_tokens(projection.search_texts(claim))
    return search.join_text_tokens(texts, figure_tokens(claim.quantities))
