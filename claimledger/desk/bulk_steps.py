"""Bulk actions of the queue: apply an action to several claims, or to none and return every reason why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from sqlite3 import Connection

from claimledger.desk.check_steps import DRAFT_CHANGED, assignment_detail, demand_checker, assignment_values
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.workflow import StaffMember, decide
from claimledger.desk_vocabulary import Action
from claimledger.vocabulary import Question


def assign_many(
    places: LedgerPaths,
    claim_ids: Sequence[str],
    question: Question,
    assignee: str,
    actor: StaffMember,
    *,
    due_on: str | None = None,
    clock: Clock = utc_now,
) -> None:
    """Assign the check of a question on several claims, all or none; without `due_on`, each claim keeps its deadline.

    Raises:
        NoSuchPerson, PersonInactive, RoleNeeded: the assignee is not a checker of this desk.
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it for some claims, or `due_on` is not a date or has passed.
    """
    detail = assignment_detail(clock(), assignee, due_on)

    def assignment_deed(claim: ClaimAtDesk) -> ActionEntry:
        both = assignment_values(claim, question) | detail
        return ActionEntry(Action.ASSIGN, claim.claim_id, actor.name, question, detail=both)

    with open_store(places) as store, store.writing() as connection:
        demand_checker(connection, assignee)
        claims = _claims(store, claim_ids)
        problems = [
            problem
            for claim in claims
            for problem in _refusals(claim, Action.ASSIGN, actor, question=question, assignee=assignee)
        ]
        _store_all(connection, [assignment_deed(claim) for claim in claims], problems, clock())


def approve_many(
    places: LedgerPaths, seen: Iterable[tuple[str, int]], actor: StaffMember, clock: Clock = utc_now
) -> None:
    """Approve the open drafts of several claims, all or none.

    `seen` pairs each claim with the newest draft that the approver saw.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it for some claims, or a draft was changed since it was seen.
    """
    drafts = dict(seen)
    with open_store(places) as store, store.writing() as connection:
        claims = _claims(store, drafts)
        problems = [
            problem
            for claim in claims
            for problem in _refusals(claim, Action.APPROVE, actor) or _version_problems(claim, drafts[claim.claim_id])
        ]
        deeds = [ActionEntry(Action.APPROVE, key, actor.name, draft_id=draft_id) for key, draft_id in drafts.items()]
        _store_all(connection, deeds, problems, clock())


def _claims(store: DeskStore, claim_ids: Iterable[str]) -> list[ClaimAtDesk]:
    return [
        read_claim_at_desk(read_current_records(store, claim_id), claim_id) for claim_id in dict.fromkeys(claim_ids)
    ]


def _refusals(
    claim: ClaimAtDesk,
    action: Action,
    actor: StaffMember,
    question: Question | None = None,
    assignee: str | None = None,
) -> list[Problem]:
    found = decide(action, claim.case(action, question), actor, assignee=assignee)
    return [problem.relocate(file=claim.claim_id) for problem in found]


def _version_problems(claim: ClaimAtDesk, draft_id: int) -> list[Problem]:
    """Return why a verdict may not be approved: the page did not show it, or another one waits by now."""
    if draft_id == claim.newest_draft_id:
        return []
    return [(DRAFT_CHANGED if draft_id else _DRAFT_UNSEEN).relocate(file=claim.claim_id)]


_DRAFT_UNSEEN = Problem("draft-unseen")


def _store_all(
    connection: Connection, deeds: Iterable[ActionEntry], problems: Sequence[Problem], now: datetime
) -> None:
    if problems:
        raise ProblemsFound(problems)
    for deed in deeds:
        store_action(connection, deed, now)


def demand_open_drafts(places: LedgerPaths, claim_ids: Sequence[str]) -> None:
    """Check that each claim has an open draft.

    Raises:
        ProblemsFound: some claims have none; it contains one problem per claim.
    """
    with open_store(places) as store:
        waiting = {draft.key.split("@")[0] for draft in store.open_drafts()}
    if problems := [_NOTHING_WAITS.relocate(file=one) for one in claim_ids if one not in waiting]:
        raise ProblemsFound(problems)


_NOTHING_WAITS = Problem("nothing-waits")
