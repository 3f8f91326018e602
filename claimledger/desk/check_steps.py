"""The steps of a claim's check: edit, assign, query, propose, approve or return, correct, withdraw.

Each step consults the workflow table first and then writes everything or nothing. A form carries the version it was
filled in on (`SeenVersion`). If the claim has another version by now, nothing is written and the refusal shows both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claimledger.accounts.credential_rules import PersonInactive
from claimledger.desk.step_setup import Clock, store_drafts, open_store, utc_now
from claimledger.desk.newsroom_clock import newsroom_time
from claimledger.editorial.agreement_at_desk import TextCache
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.edit_rules import EditRequest, edit_refusals, fill_in_kind
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.newsroom import drafting
from claimledger.accounts import people
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.ledger.canonical import encode_body
from claimledger.newsroom.date_rules import past_deadline_problems
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import ProposedChange
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import Draft
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Change, Waiver
from claimledger.workflow import StaffMember, decide
from claimledger.desk_vocabulary import Action, QueryAnswer, Priority, Role
from claimledger.vocabulary import Question, RevisionKind, Subject


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """The version of a claim that a form was filled in on."""

    head_sha256: str | None
    """The hash of the newest public revision at that time."""
    draft_id: int | None
    """The open draft at that time, or None."""


@contextmanager
def locked_claim(
    places: LedgerPaths, claim_id: str
) -> Iterator[tuple[sqlite3.Connection, CurrentRecords, ClaimAtDesk]]:
    """Hold the desk's write lock and yield the connection, the desk and the claim in its current state."""
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store, claim_id)
        yield connection, desk, read_claim_at_desk(desk, claim_id)


def demand_allowed_on_claim(
    claim: ClaimAtDesk,
    action: Action,
    actor: StaffMember,
    question: Question | None = None,
    *,
    reason: str = "",
    assignee: str | None = None,
) -> None:
    """Check that the workflow table allows an action on a claim.

    Raises:
        ProblemsFound: the reasons why the table refuses it.
    """
    problems = decide(action, claim.case(action, question), actor, reason=reason, assignee=assignee)
    if problems:
        raise ProblemsFound([problem.relocate(file=claim.claim_id) for problem in problems])


def claim_at_desk(places: LedgerPaths, claim_id: str) -> ClaimAtDesk:
    """Return a claim with its open drafts and its history.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        return read_claim_at_desk(read_current_records(store, claim_id), claim_id).with_findings()


def edit(
    places: LedgerPaths, claim_id: str, fields: Mapping[str, Any], seen: SeenVersion, made: Edit, clock: Clock = utc_now
) -> Draft | None:
    """Draft the claim with all its fields as given: an edit, a proposed verdict or a correction.

    The kind of `made` decides which of these it is. Return None if the claim has these fields already.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, the fields are not a claim, or the claim changed since it was
        seen.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        return edit_locked_claim(connection, desk, claim, fields, seen, made, clock)


def edit_locked_claim(
    connection: sqlite3.Connection,
    desk: CurrentRecords,
    claim: ClaimAtDesk,
    fields: Mapping[str, Any],
    seen: SeenVersion,
    made: Edit,
    clock: Clock,
) -> Draft | None:
    """Draft a claim inside the transaction of `locked_claim`, as `edit` does.

    Raises:
        ProblemsFound: as `edit`.
    """
    made = fill_in_kind(claim, made)
    kind = made.kind or RevisionKind.UPDATE
    if problems := edit_refusals(claim, EditRequest(fields, kind, made.actor, made.reason, desk.document)):
        raise ProblemsFound([problem.relocate(file=claim.claim_id) for problem in problems])
    return store_claim_draft(connection, desk, claim, fields, seen, made, clock)


def waive(places: LedgerPaths, claim_id: str, waiver: Waiver, made: Edit, clock: Clock = utc_now) -> Draft | None:
    """Draft a claim in which an editor waives a finding with a public reason; a second editor approves it.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or the finding is waived already.
    """
    claim = claim_at_desk(places, claim_id)
    fields = claim.claim.to_json()
    fields["waivers"] = [*fields.get("waivers", ()), waiver.to_json()]
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    return edit(places, claim_id, fields, seen, made, clock)


def open_claim_findings(places: LedgerPaths, claim_ids: Iterable[str]) -> list[Problem]:
    """Return the open findings on claims in their current version on the desk."""
    with open_store(places) as store:
        texts = TextCache(store.connection)
        claims = (
            read_claim_at_desk(read_current_records(store, claim_id), claim_id, texts)
            for claim_id in dict.fromkeys(claim_ids)
        )
        return [finding for claim in claims for finding in claim.findings]


def withdraw(places: LedgerPaths, claim_id: str, actor: StaffMember, *, reason: str, clock: Clock = utc_now) -> Draft:
    """Draft the withdrawal of a claim's public version, for a second editor to approve; `reason` is public.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or an open draft would be lost.
    """
    with locked_claim(places, claim_id) as (connection, desk, claim):
        demand_allowed_on_claim(claim, Action.WITHDRAW, actor, reason=reason)
        record = encode_body(claim.public_fields)
        base = claim.head_sha256
        draft = Draft(Subject.CLAIM, claim_id, base, RevisionKind.WITHDRAWAL, (actor.name,), reason, record)
        store_drafts(desk.store, connection, [draft], clock())
        return draft


def assign(
    places: LedgerPaths,
    claim_id: str,
    question: Question,
    assignee: str | None,
    actor: StaffMember,
    *,
    due_on: str | None = None,
    priority: Priority | None = None,
    clock: Clock = utc_now,
) -> None:
    """Assign the check of a question on a claim, with a deadline and a priority; no assignee removes the assignment.

    Without a deadline or a priority, the question keeps the one it has.

    Raises:
        NoSuchPerson, PersonInactive, RoleNeeded: the assignee is not a checker of this desk.
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, `due_on` is not a date or has passed, or there is a deadline or a
            priority without an assignee.
    """
    with locked_claim(places, claim_id) as (connection, _, claim):
        demand_allowed_on_claim(claim, Action.ASSIGN, actor, question, assignee=assignee)
        if assignee is None and (
            given := [name for name in _INHERITED_FIELDS if {"due_on": due_on, "priority": priority}[name]]
        ):
            raise ProblemsFound([_NO_ASSIGNEE.relocate(field=name) for name in given])
        now = clock()
        detail = (
            assignment_values(claim, question) | assignment_detail(now, assignee, due_on, priority) if assignee else {}
        )
        demand_checker(connection, assignee)
        store_action(connection, ActionEntry(Action.ASSIGN, claim_id, actor.name, question, detail=detail), now)


def assignment_values(claim: ClaimAtDesk, question: Question) -> dict[str, Any]:
    """Return the deadline and the priority of the current assignment, if there is one."""
    current = claim.assignment(question)
    return {name: current.detail[name] for name in _INHERITED_FIELDS if name in current.detail} if current else {}


_INHERITED_FIELDS = ("due_on", "priority")
"""The fields that a new assignment keeps from the one before, unless it sets them."""
_NO_ASSIGNEE = Problem("assigned-to-nobody")


def assignment_detail(
    now: datetime, assignee: str | None, due_on: str | None, priority: Priority | None = None
) -> dict[str, Any]:
    """Return the detail of an assignment act; `now` is UTC.

    Raises:
        ProblemsFound: a value has the wrong form, or the deadline has passed in the newsroom's time zone.
    """
    detail = read_action_detail(Action.ASSIGN, {"assignee": assignee, "due_on": due_on, "priority": priority})
    if problems := past_deadline_problems(detail.get("due_on"), newsroom_time(lambda: now)):
        raise ProblemsFound(problems)
    return detail


def demand_checker(connection: sqlite3.Connection, assignee: str | None) -> None:
    """Check that an assignee is an active checker; None is accepted.

    Raises:
        NoSuchPerson, PersonInactive, RoleNeeded: the assignee is not a checker of this desk.
    """
    if assignee is None:
        return
    person = people.get_person(connection, assignee)
    if not person.is_active:
        raise PersonInactive(assignee)
    person.require_role(Role.CHECKER, "check claims")


def query(
    places: LedgerPaths, claim_id: str, as_printed: str, should_read: str, actor: StaffMember, clock: Clock = utc_now
) -> int:
    """Ask the writer about a claim and return the query's number.

    The query gives the printed words and the words that the text should read.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or one of the two texts is empty.
    """
    return _store_note(
        places, claim_id, Action.QUERY, actor, {"as_printed": as_printed, "should_read": should_read}, clock
    )


def record_answer(
    places: LedgerPaths,
    claim_id: str,
    query_id: int,
    given: QueryAnswer,
    text: str,
    actor: StaffMember,
    clock: Clock = utc_now,
) -> int:
    """Store the writer's answer to a query; `text` may be empty.

    Raises:
        NotFound: the claim or the query does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    return _store_note(
        places, claim_id, Action.ANSWER, actor, {"query": query_id, "answer": given, "text": text}, clock
    )


def comment(places: LedgerPaths, claim_id: str, text: str, actor: StaffMember, clock: Clock = utc_now) -> int:
    """Store a comment for the colleagues; it is never published.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or the comment is empty.
    """
    return _store_note(places, claim_id, Action.COMMENT, actor, {"text": text}, clock)


def _store_note(
    places: LedgerPaths, claim_id: str, action: Action, actor: StaffMember, typed: Mapping[str, Any], clock: Clock
) -> int:
    with locked_claim(places, claim_id) as (connection, _, claim):
        demand_allowed_on_claim(claim, action, actor)
        detail = read_action_detail(action, typed)
        numbers = [str(asked.act_id) for asked in claim.queries()]
        if "query" in detail and str(detail["query"]) not in numbers:
            raise NotFound("query", str(detail["query"]), numbers, claim=claim_id)
        return store_action(connection, ActionEntry(action, claim_id, actor.name, detail=detail), clock())


def approve(places: LedgerPaths, claim_id: str, draft_id: int, actor: StaffMember, clock: Clock = utc_now) -> None:
    """Approve the open drafts of a claim; `draft_id` is the newest draft the approver saw.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or the draft was changed since it was seen.
    """
    _judge(places, claim_id, draft_id, Action.APPROVE, actor, "", clock)


def return_(
    places: LedgerPaths, claim_id: str, draft_id: int, actor: StaffMember, *, reason: str, clock: Clock = utc_now
) -> None:
    """Send the open drafts of a claim back to their authors; `draft_id` is the newest draft the editor saw.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, or the draft was changed since it was seen.
    """
    _judge(places, claim_id, draft_id, Action.RETURN, actor, reason, clock)


def _judge(
    places: LedgerPaths, claim_id: str, draft_id: int, action: Action, actor: StaffMember, reason: str, clock: Clock
) -> None:
    with locked_claim(places, claim_id) as (connection, _, claim):
        demand_allowed_on_claim(claim, action, actor, reason=reason)
        if draft_id != claim.newest_draft_id:
            raise ProblemsFound([DRAFT_CHANGED.relocate(file=claim_id)])
        store_action(connection, ActionEntry(action, claim_id, actor.name, reason=reason, draft_id=draft_id), clock())


def store_claim_draft(
    connection: sqlite3.Connection,
    desk: CurrentRecords,
    claim: ClaimAtDesk,
    fields: Mapping[str, Any],
    seen: SeenVersion,
    made: Edit,
    clock: Clock,
) -> Draft | None:
    """Store a draft of the claim with `fields`, or return None if nothing differs.

    Raises:
        ProblemsFound: the claim changed since it was seen, or the fields are not a claim.
    """
    drafts = store_proposed_changes(connection, desk, [propose_claim_change(claim, fields, seen)], made, clock)
    return drafts[0] if drafts else None


def propose_claim_change(claim: ClaimAtDesk, fields: Mapping[str, Any], seen: SeenVersion) -> ProposedChange:
    """Return the change that gives a claim `fields`, based on the version that was seen.

    Raises:
        ProblemsFound: the draft that was seen has been discarded.
    """
    if seen.draft_id and not claim.draft and seen.head_sha256 == claim.head_sha256:
        raise ProblemsFound([_DRAFT_DISCARDED.relocate(file=claim.claim_id)])
    changed = drafting.differing_fields(claim.public_fields, fields)
    change = Change(subject=Subject.CLAIM, key=claim.claim_id, base=seen.head_sha256, fields=changed)
    return ProposedChange(change, SourceLocation(claim.claim_id), seen.draft_id or 0)


def store_proposed_changes(
    connection: sqlite3.Connection, desk: CurrentRecords, proposed: Sequence[ProposedChange], made: Edit, clock: Clock
) -> list[Draft]:
    """Store the drafts of changes inside a transaction, all or none.

    Raises:
        ProblemsFound: every problem in the changes.
    """
    drafts, problems = drafting.make_drafts(drafting.ChangeBatch(proposed), desk.store, made)
    if problems:
        raise ProblemsFound(problems)
    store_drafts(desk.store, connection, drafts, clock())
    return drafts


_DRAFT_DISCARDED = Problem("draft-discarded-meanwhile")
DRAFT_CHANGED = Problem("draft-changed-meanwhile")
