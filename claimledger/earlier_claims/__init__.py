"""Finds earlier claims that say the same as a statement, and explains why two statements agree or differ.

A claim's record, a foreign review or any Korean or English text becomes a `Profile` with its look-up keys. Two profiles
are compared into a `Likeness` with reasons. Figures, names and dates decide whether two statements say the same.
Similar words only rank them, since 13 billion and 30 billion appear in the same words. The package knows neither stores
nor people; `newsroom.earlier_index` stores the keys.
"""

from __future__ import annotations

from claimledger.earlier_claims.similarity import (
    ClaimComparison, LikenessReason, compare_profiles, has_all_figures, has_same_subject, is_to_settle,
)  # fmt: skip
from claimledger.earlier_claims.key_ranking import rank_by_keys
from claimledger.earlier_claims.lookup_keys import profile_keys
from claimledger.earlier_claims.name_forms import spell_name, distinctive_names
from claimledger.earlier_claims.profile import (
    Profile, profile_of_claim, profile_of_review, profile_of_spoken_text, profile_of_text,
)  # fmt: skip

__all__ = [
    "ClaimComparison",
    "LikenessReason",
    "Profile",
    "compare_profiles",
    "distinctive_names",
    "has_all_figures",
    "has_same_subject",
    "is_to_settle",
    "profile_keys",
    "profile_of_claim",
    "profile_of_review",
    "profile_of_spoken_text",
    "profile_of_text",
    "rank_by_keys",
    "spell_name",
]  # fmt: skip
