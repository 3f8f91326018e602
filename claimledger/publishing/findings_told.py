"""The rows of `findings` that publishing would change, each at the place it has among those of its claim.

In: the public ledger, and the rows of some of its records before and after. Out: the same, with the findings as a build
would number them. The invariant: what is computed across claims rests on claims that are given, or does not change. It
writes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from claimledger.consistency.across_claims import is_about_several_claims
from claimledger.publishing.rows import FindingRow
from claimledger.publishing.small_ledger import Rows, keyed
from claimledger.publishing.tables import FINDINGS

_OF_CLAIM = "SELECT * FROM findings WHERE claim_id = ? ORDER BY position"


def in_their_places(ledger: Callable[[], sqlite3.Connection], was: Rows, says: Rows) -> tuple[Rows, Rows]:
    """Return the rows before and after; of `findings` those of the claims for which something else is found."""
    before, after = _by_claim(was), _by_claim(says)
    others = _without(was), _without(says)
    for claim_id in sorted(before.keys() | after.keys()):
        old, new = before.get(claim_id, []), after.get(claim_id, [])
        if _said(old) != _said(new):
            public = [FindingRow(*row) for row in ledger().execute(_OF_CLAIM, (claim_id,))]
            for rows, found in zip(others, (public, _numbered(public, old, new)), strict=True):
                rows.update(keyed(FINDINGS, found))
    return others


def _by_claim(rows: Rows) -> dict[str, list[FindingRow]]:
    found: dict[str, list[FindingRow]] = {}
    for (table, _), row in rows.items():
        if table == FINDINGS.name:
            found.setdefault(row[0], []).append(FindingRow(*row))
    return found


def _without(rows: Rows) -> Rows:
    return {place: row for place, row in rows.items() if place[0] != FINDINGS.name}


def _said(rows: Iterable[FindingRow]) -> set[FindingRow]:
    """Return what findings say, wherever they stand."""
    return {row._replace(position=0) for row in rows}


def _numbered(public: list[FindingRow], old: list[FindingRow], new: list[FindingRow]) -> Iterator[FindingRow]:
    """Yield the findings of a claim as a build numbers them: its own, then those across claims by what they say."""
    own = [row for row in new if not is_about_several_claims(row.code, row.other_claim_id)]
    gone, come = _said(old) - _said(new), _said(new) - _said(old)
    across = {row for row in _said(public) - gone | come if is_about_several_claims(row.code, row.other_claim_id)}
    in_order = sorted(across, key=lambda row: (row.code, row.field, row.computed_en))
    yield from (row._replace(position=place) for place, row in enumerate([*own, *in_order], start=1))
