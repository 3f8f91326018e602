"""Find each claim's passage in a new edition of an article.

`carrying` decides about each passage, `place_doubts` names what speaks against a place, and `comparable_text` compares
texts without regard to white space, line ends, quotation marks and Unicode forms. Nothing is stored here.
"""

from __future__ import annotations

from claimledger.editions.carrying import MOST_PROPOSALS, CarriedAppearance, carry_over
from claimledger.editions.comparable_text import ComparableText, comparable_form
from claimledger.editions.place_doubts import PlaceReason

__all__ = ["MOST_PROPOSALS", "CarriedAppearance", "ComparableText", "PlaceReason", "carry_over", "comparable_form"]
