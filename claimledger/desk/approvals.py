"""Claims that wait for a second person, each with everything that an editor needs to decide on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from claimledger.agreement import PassageContext
from claimledger.desk.step_setup import open_store
from claimledger.editorial.agreement_at_desk import TextCache, resolve_passages
from claimledger.editorial.approval_notices import notices
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.errors import NotFound, Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.models import record_key
from claimledger.newsroom.current_records import read_current_records
from claimledger.publishing.field_changes import FieldChange, field_changes
from claimledger.workflow import StaffMember, decide
from claimledger.desk_vocabulary import Action, CheckStage, RecordStage


class PendingApproval(NamedTuple):
    """A claim with open drafts, and the one action that its state allows."""

    at: ClaimAtDesk
    """The claim at the desk; its checks have run."""
    action: Action
    """The action that comes next: a first publication, an approval or a publication."""
    refusals: list[Problem]
    """The reasons why this person may not take it; empty if they may."""
    changes: list[FieldChange]
    """The changes to the public version; none for a claim that is not public yet."""
    notices: list[Problem]
    """The points to look at twice."""
    passages: list[PassageContext]
    """The drafted passages whose text is stored, each with the text around it."""


def list_approvals(places: LedgerPaths, claim_ids: Iterable[str], actor: StaffMember) -> Mapping[str, PendingApproval]:
    """Return the claims that still have open drafts, by identifier."""
    with open_store(places) as store:
        texts = TextCache(store.connection)
        found: dict[str, PendingApproval] = {}
        for claim_id in claim_ids:
            try:
                at = read_claim_at_desk(read_current_records(store, claim_id), claim_id, texts)
            except NotFound:
                continue
            if at.waiting:
                found[claim_id] = _pending(at.with_findings(), actor, texts)
    return found


def _pending(at: ClaimAtDesk, actor: StaffMember, texts: TextCache) -> PendingApproval:
    action = _next_action(at)
    drafted = {draft.key for draft in at.waiting}
    passages = list(resolve_passages((one for one in at.appearances if record_key(one) in drafted), texts))
    changes = list(field_changes(at.public_fields, at.claim.to_json())) if at.revisions and at.draft else []
    return PendingApproval(at, action, decide(action, at.case(action), actor), changes, notices(at.claim), passages)


def _next_action(at: ClaimAtDesk) -> Action:
    if at.record is RecordStage.DRAFT:
        return Action.LIST
    return Action.PUBLISH if at.waiting_stage is CheckStage.APPROVED else Action.APPROVE
