"""Results of the automatic checks across claims, from the public ledger and from open drafts.

These results never block a step; only checks of the claim itself do. If ledger.db is missing or has another format,
results that depend on it are left out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from claimledger.consistency import Finding, across_claims, conflicting_values, embedded_statements
from claimledger.desk.step_setup import open_store
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.editorial.work_rows import update_queue
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.messages import Label, Message
from claimledger.models import Article, Claim
from claimledger.publishing import ledger_reader
from claimledger.publishing.findings_across import figure_value
from claimledger.publishing.tables import QUANTITIES
from claimledger.vocabulary import Subject

_MOST_VALUES = 200
"""The most values of one fact that are compared with a claim on its page; `facts` reports fewer."""


def cross_claim_findings(places: LedgerPaths, found: ClaimAtDesk) -> list[Finding]:
    """Return the results across claims from the public ledger; for a claim with open drafts, include the drafts."""
    both = _public_findings(places, found.claim_id) if not found.waiting else _fact_findings(places, found.claim)
    both += _article_findings(places, found.claim, is_public=not found.waiting)
    return list({(one.code, one.field, one.en): one for one in both}.values())


def computed_finding_counts(places: LedgerPaths, claim_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of results that the public ledger has for each claim, 0 where it has none."""
    try:
        with ledger_reader.open_ledger(places.ledger) as connection:
            counts = ledger_reader.finding_counts(connection, claim_ids)
    except sqlite3.Error:
        counts = {}
    return {claim_id: counts.get(claim_id, 0) for claim_id in claim_ids}


def _public_findings(places: LedgerPaths, claim_id: str) -> list[Finding]:
    try:
        with ledger_reader.open_ledger(places.ledger) as connection:
            rows = ledger_reader.list_findings(connection, {"claim_id": claim_id})
    except sqlite3.Error:
        return []
    return [_stored_finding(row, claim_id) for row in rows if row["other_claim_id"]]


def _stored_finding(row: Mapping[str, Any], claim_id: str) -> Finding:
    message = Message("stored-finding", text=Label(row["computed_en"], row["computed_ko"]))
    return Finding(row["code"], claim_id, row["field"], message, row["other_claim_id"])


def _fact_findings(places: LedgerPaths, claim: Claim) -> list[Finding]:
    """Return the results for figures of a claim to which the public ledger gives other values."""
    found: dict[str, Finding] = {}
    try:
        with ledger_reader.open_ledger(places.ledger) as connection:
            for place, keys in enumerate(conflicting_values.figure_keys(claim)):
                own = conflicting_values.FigureValue(claim.claim_id, claim.article_id, place, claim.quantities[place])
                for language, key in keys.items():
                    rows = ledger_reader.list_fact_values(connection, language, key, claim.claim_id, _MOST_VALUES)
                    both = [
                        own,
                        *(figure_value([row[name] for name in QUANTITIES.header], row["article"]) for row in rows),
                    ]
                    differing = conflicting_values.differing_value_findings(both, about=claim.claim_id)
                    found |= {f"{one.field} {one.en}": one for one in differing}
    except sqlite3.Error:
        return []
    return list(found.values())


def _article_findings(places: LedgerPaths, claim: Claim, *, is_public: bool) -> list[Finding]:
    """Return the results for a claim compared with the other claims of its article, drafts included.

    If the claim `is_public`, those that the public ledger has are left out: the others concern confirmed claims only.
    """
    if is_public and not embedded_statements.is_confirmed(claim):
        return []
    with open_store(places) as store:
        update_queue(store)
        names = store.connection.execute(
            "SELECT claim_id FROM work WHERE article_id = ? AND record <> 'withdrawn' ORDER BY claim_id",
            (claim.article_id,),
        )
        desk = read_current_records(store)
        claims = desk.claims([name for (name,) in names])
        article = desk.record(Subject.ARTICLE, claim.article_id)
        edition = article.editions[-1].edition_sha256 if isinstance(article, Article) and article.editions else None
        placed = desk.appearances(edition) if edition and not is_public else []
    published = article.published_on if isinstance(article, Article) else None
    found = [*embedded_statements.embedded_statement_findings(claims, about=claim.claim_id)]
    if not is_public:
        dated = [one for one in claims if one.quantities or one.about_on]
        found += across_claims.article_findings(dated, placed, published, about=claim.claim_id)
    return [one for one in found if one.claim_id == claim.claim_id]
