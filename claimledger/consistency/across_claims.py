"""Runs the checks across all claims of one article, before any of them is public.

The checks are the same as for the public ledger. They take the claims of an article, their positions in its newest
edition, and its date. Each finding is about one of the claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from claimledger.consistency import amounts_per_item, conflicting_values, conversions, intervals
from claimledger.consistency.finding_codes import Finding
from claimledger.consistency.date_ranges import day_range
from claimledger.models import Appearance, Claim


def article_findings(
    claims: Sequence[Claim], appearances: Sequence[Appearance], published_on: str | None, *, about: str | None = None
) -> Iterator[Finding]:
    """Yield findings across the claims of an article: values, amounts per count, durations, conversions.

    If `about` is a claim's name, different values are reported only for the figures of that claim.
    """
    by_name = {claim.claim_id: claim for claim in claims}
    placed = [
        amounts_per_item.PlacedClaim(by_name[one.claim_id], one.position.start, one.position.end)
        for one in appearances
        if one.claim_id in by_name
    ]
    yield from _different_values(claims, about)
    yield from amounts_per_item.amount_per_count_findings(placed)
    yield from intervals.interval_findings_across_claims(claims)
    yield from conversions.common_rate_day_findings(claims, day_range(published_on) if published_on else None)


def is_about_several_claims(code: str, other_claim_id: str | None) -> bool:
    """Return whether a finding is based on several claims."""
    return other_claim_id is not None or code == "conversions-of-one-day"


def _different_values(claims: Sequence[Claim], about: str | None) -> Iterator[Finding]:
    """Yield each different value that other claims of the article give for a figure, each value once."""
    values: dict[str, list[conflicting_values.FigureValue]] = defaultdict(list)
    for claim in claims:
        for place, keys in enumerate(conflicting_values.figure_keys(claim)):
            for key in keys.values():
                values[key].append(
                    conflicting_values.FigureValue(claim.claim_id, claim.article_id, place, claim.quantities[place])
                )
    each = (
        one for of_key in values.values() for one in conflicting_values.differing_value_findings(of_key, about=about)
    )
    found = {(one.claim_id, one.field, one.en): one for one in each}
    yield from found.values()
