"""The step that removes a piece of evidence: it edits the claim without it, by the rules of any edit.

Evidence of a published verdict can be removed only by a correction (`review.refusals`). The draft of a document that
no draft names any longer is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from claimledger.desk.check_steps import WRITTEN_ANEW, Seen, claim_held, demand, going_on, store_claim
from claimledger.desk.step_setup import Clock, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.editorial.edit_rules import Asked, refusals_of_claim
from claimledger.errors import NotFound, ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import references
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import Standing
from claimledger.vocabulary import Action, RevisionKind, Subject


def take_back(places: Places, claim_id: str, number: int, seen: Seen, made: Edit, clock: Clock = utc_now) -> None:
    """Draft the claim without its evidence number `number` (from 1) in the version that was seen.

    If the draft would then equal the public version, it is closed, which needs the permission to discard. So is the
    draft
    of a document that no other draft names.

    Raises:
        NotFound: the claim does not exist, or it has no evidence with that number.
        ProblemsFound: the workflow table refuses it, a published verdict is based on the evidence, or the claim changed
            since it was seen.
    """
    with claim_held(places, claim_id) as (connection, desk, claim):
        current = Seen(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
        if seen != current:
            raise ProblemsFound([replace(WRITTEN_ANEW, file=claim_id)])
        made = going_on(claim, made)
        fields, document_id = _without_evidence(claim, number)
        kind = made.kind or RevisionKind.UPDATE
        if problems := refusals_of_claim(claim, Asked(fields, kind, made.actor, made.reason, desk.document)):
            raise ProblemsFound([replace(problem, file=claim_id) for problem in problems])
        if claim.draft and fields == claim.public_fields:
            demand(claim, Action.DISCARD, made.actor, reason=made.reason)
            desk.store.discard_draft(connection, claim.draft, made.author, made.reason, clock())
        else:
            store_claim(connection, desk, claim, fields, seen, made, clock)
        _close_unused_document(connection, desk, document_id, made, clock)


def _without_evidence(claim: ClaimAtDesk, number: int) -> tuple[Mapping[str, Any], str]:
    """Return the fields (JSON) of a claim without a piece of its evidence, and the document of that evidence."""
    fields = claim.claim.to_json()
    evidence = fields.pop("evidence", [])
    if not 1 <= number <= len(evidence):
        known = [str(place) for place, _ in enumerate(evidence, start=1)]
        raise NotFound(f"evidence of {claim.claim_id}", str(number), known)
    removed = evidence.pop(number - 1)
    return fields | ({"evidence": evidence} if evidence else {}), removed["document_id"]


def _close_unused_document(
    connection: sqlite3.Connection, desk: Standing, document_id: str, made: Edit, clock: Clock
) -> None:
    """Close the draft of an unpublished document that no other draft names."""
    waiting = desk.store.open_drafts()
    if desk.store.head(Subject.DOCUMENT, document_id) or any(
        key == document_id for draft in waiting for _, _, key in references(draft.record)
    ):
        return
    for draft in waiting:
        if (draft.subject, draft.key) == (Subject.DOCUMENT, document_id):
            desk.store.discard_draft(connection, draft, made.author, made.reason, clock())
