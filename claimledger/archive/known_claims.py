"""The checked claims that an archive is compared with, and which of them share a figure with a candidate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from claimledger.agreement.figure_meaning import unit_measure
from claimledger.earlier_claims import Profile
from claimledger.earlier_claims.lookup_keys import round_for_key


class KnownClaim(NamedTuple):
    """A claim of the ledger, or the claim of an earlier check or a review."""

    name: str
    """The claim's identifier, or the address of the review."""
    publisher: str
    """The publication that reviewed it; empty for a claim of the ledger."""
    verdict: str
    """The published verdict or the rating, as people read it."""
    statement: str
    """The claim, as people read it."""
    profile: Profile
    """Its figures, names, dates and words."""


FigureIndex = Mapping[str, Sequence[KnownClaim]]
"""The claims by the rounded ends of their figures."""


def index_figures(claims: Iterable[KnownClaim]) -> FigureIndex:
    """Return claims by their figures; a claim without a figure is left out."""
    found: dict[str, list[KnownClaim]] = defaultdict(list)
    for claim in claims:
        ends = {end for figure in claim.profile.figures for end in (figure.low, figure.high, figure.raw)}
        for key in {round_for_key(end) for end in ends if end is not None}:
            found[key].append(claim)
    return dict(found)


def claims_with_figures(index: FigureIndex, figures: Iterable[Mapping[str, Any]]) -> list[KnownClaim]:
    """Return the claims that share a figure with rows of the table `figures`, each once."""
    keys = dict.fromkeys(key for figure in figures for key in _row_keys(figure))
    return list({claim.name + claim.statement: claim for key in keys for claim in index.get(key, ())}.values())


def _row_keys(figure: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rounded ends of a figure, as printed and in the first unit of its dimension.

    >>> list(_row_keys({"amount": "3", "low": None, "high": None, "unit": "year", "currency": None}))
    ['3.0E+0', '3.6E+1']
    """
    factor = unit_measure(figure["unit"], figure["currency"])[1]
    for end in (figure["amount"], figure["low"], figure["high"]):
        if end is not None:
            yield from dict.fromkeys((round_for_key(Decimal(end)), round_for_key(Decimal(end) * factor)))
