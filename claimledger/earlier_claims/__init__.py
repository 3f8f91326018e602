"""Earlier claims that say the same as a statement: what it says, where to look, and why two are alike or differ.

In: a claim's record, a review of somebody else, or any text in Korean or English. Out: a `Profile` of it, the keys it
is looked up by, and for two profiles a `Likeness` with its reasons. The invariant: figures, names and dates decide
whether two say the same; that the words are alike only ranks, since 13 billion and 30 billion stand in the same words.
It knows neither stores nor people; `ledger.earlier_index` keeps the keys.
"""

from __future__ import annotations

from claimledger.earlier_claims.similarity import Compared, Reason, compare
from claimledger.earlier_claims.lookup_keys import keys_of
from claimledger.earlier_claims.name_forms import shown, telling
from claimledger.earlier_claims.profile import Profile, profile_of_claim, profile_of_review, profile_of_text

__all__ = [
    "Compared", "Profile", "Reason", "compare", "keys_of", "profile_of_claim", "profile_of_review", "profile_of_text",
    "shown", "telling",
]  # fmt: skip
