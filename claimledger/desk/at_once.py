"""Acts on many claims at once, as the queue does them: all of them, or none and every reason why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimledger.desk.checking import assignment, demand_checker
from claimledger.desk.opening import Clock, open_store, utc_now
from claimledger.editorial.at_desk import at_desk
from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.acts import Deed, keep_act
from claimledger.ledger.files import Places
from claimledger.ledger.standing import standing
from claimledger.review import Staff, decide
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
    deeds = [Deed(Action.ASSIGN, one, actor.name, question, detail=detail) for one in dict.fromkeys(claim_ids)]
    _do_all(places, deeds, actor, assignee, clock)


def approve_many(places: Places, claim_ids: Sequence[str], actor: Staff, clock: Clock = utc_now) -> None:
    """Approve what waits of several claims, all or none.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, for each claim it does.
    """
    _do_all(places, [Deed(Action.APPROVE, one, actor.name) for one in dict.fromkeys(claim_ids)], actor, None, clock)


def _do_all(places: Places, deeds: Sequence[Deed], actor: Staff, assignee: str | None, clock: Clock) -> None:
    problems: list[Problem] = []
    asked: list[Deed] = []
    with open_store(places) as store, store.writing() as connection:
        demand_checker(connection, assignee)
        for deed in deeds:
            claim = at_desk(standing(store, deed.claim_id), deed.claim_id)
            found = decide(deed.action, claim.case(deed.action, deed.question), actor, assignee=assignee)
            problems += [replace(problem, file=deed.claim_id) for problem in found]
            draft_id = claim.newest_draft_id if deed.action is Action.APPROVE else None
            asked.append(deed._replace(draft_id=draft_id))
        if problems:
            raise ProblemsFound(problems)
        for deed in asked:
            keep_act(connection, deed, clock())


def demand_waiting(places: Places, claim_ids: Sequence[str]) -> None:
    """Demand that something waits to become public of each claim.

    Raises:
        ProblemsFound: for each claim of which nothing does.
    """
    with open_store(places) as store:
        waiting = {draft.key.split("@")[0] for draft in store.open_drafts()}
    if problems := [replace(_NOTHING_WAITS, file=one) for one in claim_ids if one not in waiting]:
        raise ProblemsFound(problems)


_NOTHING_WAITS = Problem("nothing-waits", "Nothing of the claim waits to be listed or published.", "Untick it.")
