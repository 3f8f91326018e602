"""The step that removes a piece of evidence: it edits the claim without it, by the rules of any edit.

Evidence of a published verdict can be removed only by a correction (`review.refusals`). The draft of a document that
no draft names any longer is closed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from claimledger.desk.check_steps import (
    DRAFT_CHANGED, SeenVersion, locked_claim, demand_allowed_on_claim, store_claim_draft,
)  # fmt: skip
from claimledger.desk.step_setup import Clock, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.editorial.edit_rules import EditRequest, edit_refusals, fill_in_kind
from claimledger.errors import NotFound, ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import record_references
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.desk_vocabulary import Action
from claimledger.vocabulary import RevisionKind, Subject


def remove_evidence(
    places: LedgerPaths, claim_id: str, number: int, seen: SeenVersion, made: Edit, clock: Clock = utc_now
) -> None:
    """Draft the claim without its evidence number `number` (from 1) in the version that was seen.

    If the draft would then equal the public version, it is closed, which needs the permission to discard. So is the
    draft of a document that no other draft names.

    Raises:
        NotFound: the claim does not exist, or it has no evidence with that number.
        ProblemsFound: the workflow table refuses it, a published verdict is based on the evidence, or the claim changed
            since it was seen.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        standing = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
        if seen != standing:
            raise ProblemsFound([DRAFT_CHANGED.relocate(file=claim_id)])
        made = fill_in_kind(claim, made)
        fields, document_id = _without_evidence(claim, number)
        kind = made.kind or RevisionKind.UPDATE
        if problems := edit_refusals(claim, EditRequest(fields, kind, made.actor, made.reason, desk.document)):
            raise ProblemsFound([problem.relocate(file=claim_id) for problem in problems])
        if claim.draft and fields == claim.public_fields:
            demand_allowed_on_claim(claim, Action.DISCARD, made.actor, reason=made.reason)
            desk.store.discard_draft(connection, claim.draft, made.author, made.reason, clock())
        else:
            store_claim_draft(connection, desk, claim, fields, seen, made, clock)
        _close_unused_document(connection, desk, document_id, made, clock)


def _without_evidence(claim: ClaimAtDesk, number: int) -> tuple[Mapping[str, Any], str]:
    """Return the fields (JSON) of a claim without a piece of its evidence, and the document of that evidence."""
    fields = claim.claim.to_json()
    evidence = fields.pop("evidence", [])
    if not 1 <= number <= len(evidence):
        known = [str(place) for place, _ in enumerate(evidence, start=1)]
        raise NotFound("evidence", str(number), known, claim=claim.claim_id)
    taken = evidence.pop(number - 1)
    return fields | ({"evidence": evidence} if evidence else {}), taken["document_id"]


def _close_unused_document(
    connection: sqlite3.Connection, desk: CurrentRecords, document_id: str, made: Edit, clock: Clock
) -> None:
    """Close the draft of an unpublished document that no other draft names."""
    waiting = desk.store.open_drafts()
    if desk.store.head(Subject.DOCUMENT, document_id) or any(
        key == document_id for draft in waiting for _, _, key in record_references(draft.record)
    ):
        return
    for draft in waiting:
        if (draft.subject, draft.key) == (Subject.DOCUMENT, document_id):
            desk.store.discard_draft(connection, draft, made.author, made.reason, clock())
