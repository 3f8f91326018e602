"""Acts on many claims at once, as the queue does them: all of them, or none and every reason why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from sqlite3 import Connection

from claimledger.desk.check_steps import WRITTEN_ANEW, assignment, demand_checker, kept_of
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom.acts import Deed, keep_act
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import standing
from claimledger.newsroom.store import DeskStore
from claimledger.workflow import Staff, decide
from claimledger.vocabulary import Action, Question


def assign_many(
    places: Places,
    claim_ids: Sequence[str],
    question: Question,
    assignee: str,
    actor: Staff,
    *,
    due_on: str | None = None,
    clock: Clock = utc_now,
) -> None:
    """Say who checks a question about several claims, and until when, all or none; no day leaves each its own.

    Raises:
        NoSuchPerson, PersonInactive, RoleNeeded: the assignee is no checker of this desk.
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, for each claim it does; or `due_on` is no day, or has passed.
    """
    detail = assignment(clock(), assignee, due_on)

    def assigned(claim: ClaimAtDesk) -> Deed:
        both = kept_of(claim, question) | detail
        return Deed(Action.ASSIGN, claim.claim_id, actor.name, question, detail=both)

    with open_store(places) as store, store.writing() as connection:
        demand_checker(connection, assignee)
        claims = _claims(store, claim_ids)
        problems = [
            problem
            for claim in claims
            for problem in _refused(claim, Action.ASSIGN, actor, question=question, assignee=assignee)
        ]
        _keep_all(connection, [assigned(claim) for claim in claims], problems, clock())


def approve_many(places: Places, seen: Iterable[tuple[str, int]], actor: Staff, clock: Clock = utc_now) -> None:
    """Approve what waits of several claims, all or none; each comes with the newest draft that the approver saw.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: for each claim, the table forbids it, or it was written anew meanwhile.
    """
    drafts = dict(seen)
    with open_store(places) as store, store.writing() as connection:
        claims = _claims(store, drafts)
        problems = [
            problem
            for claim in claims
            for problem in _refused(claim, Action.APPROVE, actor) or _written_anew(claim, drafts[claim.claim_id])
        ]
        deeds = [Deed(Action.APPROVE, key, actor.name, draft_id=draft_id) for key, draft_id in drafts.items()]
        _keep_all(connection, deeds, problems, clock())


def _claims(store: DeskStore, claim_ids: Iterable[str]) -> list[ClaimAtDesk]:
    return [at_desk(standing(store, claim_id), claim_id) for claim_id in dict.fromkeys(claim_ids)]


def _refused(
    claim: ClaimAtDesk, action: Action, actor: Staff, question: Question | None = None, assignee: str | None = None
) -> list[Problem]:
    found = decide(action, claim.case(action, question), actor, assignee=assignee)
    return [replace(problem, file=claim.claim_id) for problem in found]


def _written_anew(claim: ClaimAtDesk, draft_id: int) -> list[Problem]:
    return [replace(WRITTEN_ANEW, file=claim.claim_id)] if draft_id != claim.newest_draft_id else []


def _keep_all(connection: Connection, deeds: Iterable[Deed], problems: Sequence[Problem], now: datetime) -> None:
    if problems:
        raise ProblemsFound(problems)
    for deed in deeds:
        keep_act(connection, deed, now)


def demand_waiting(places: Places, claim_ids: Sequence[str]) -> None:
    """Demand that something waits to become public of each claim.

    Raises:
        ProblemsFound: for each claim of which nothing does.
    """
    with open_store(places) as store:
        waiting = {draft.key.split("@")[0] for draft in store.open_drafts()}
    if problems := [replace(_NOTHING_WAITS, file=one) for one in claim_ids if one not in waiting]:
        raise ProblemsFound(problems)


_NOTHING_WAITS = Problem("nothing-waits", "Nothing of the claim waits to be listed or published.", "Leave it out.")
