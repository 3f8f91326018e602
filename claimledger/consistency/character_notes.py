"""Names what a reader cannot see: hidden characters in the passages of a claim, and words that mix two scripts.

A passage is published as the article prints it, with hidden characters; the note says which. A word with Latin and
Cyrillic letters may be a slip or an imitation, and is lawful, so that the note blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimledger.characters import code_point, hidden_characters, mixed_words
from claimledger.consistency.finding_codes import Finding, make_finding
from claimledger.models import Claim


def character_findings(claim: Claim, passages: Sequence[str]) -> Iterator[Finding]:
    """Yield the notes on the characters of a claim's statements and names, and of its passages."""
    for field, text in _texts(claim):
        if words := mixed_words(text):
            yield make_finding("mixed-scripts", claim.claim_id, field, {"words": words})
    if hidden := hidden_characters("\n".join(passages)):
        codes = tuple(map(code_point, hidden))
        yield make_finding("hidden-characters", claim.claim_id, "appearances", {"characters": codes})


def _texts(claim: Claim) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of each statement, and of the names of the speaker and the source."""
    for language, text in claim.statement.items():
        yield f"statement.{language}", text
    for part in ("speaker", "source"):
        named = getattr(claim, part)
        for language, text in named.name.items() if named else ():
            yield f"{part}.name.{language}", text
