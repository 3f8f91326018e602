"""The workflow table: who may take which action, at which stage, and under which further conditions.

`decide` takes an action, its case and the person who acts. It returns the reasons for a refusal as problems; an empty
list means that the action is allowed. An administrator has no editorial rights, and no exception replaces the second
person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem
from claimledger.desk_vocabulary import Action, CheckStage, RecordStage, ReportStage, Role
from claimledger.vocabulary import RevisionKind


def is_second_person(approver: str, authors: Collection[str]) -> bool:
    """Return whether `approver` wrote no part of the work. No exception replaces this rule."""
    return approver not in authors


@dataclass(frozen=True, slots=True)
class Case:
    """The object of an action, as the table sees it: a claim with one of its questions, or something else."""

    record: RecordStage | None = None
    """The stage of the claim's record; none if the object is a passage, an article's text, a report or an account."""
    check: CheckStage = CheckStage.OPEN
    """The stage of the check of the question."""
    assignee: str | None = None
    """The name of the assignee; none if no one is assigned."""
    authors: Collection[str] = ()
    """The people who wrote a part of the draft, or a material part of a public version since the first one."""
    waiting_kind: RevisionKind | None = None
    """The kind of revision that the waiting draft would become; none if no draft waits."""
    writers: Collection[str] = ()
    """The people who wrote a part of the waiting draft."""
    is_revised: bool = False
    """True if the action changes a waiting verdict."""
    is_current: bool = True
    """True if the draft is based on the newest public version."""
    has_findings: bool = False
    """True if a check found a difference that no exception covers."""
    lacks_evidence: bool = False
    """True if no evidence supports one of its verdicts."""
    lacks_independence: bool = False
    """True if a verdict has too few independent documents and no exception covers that."""
    report: ReportStage | None = None
    """The stage of the reader's report; none if the object is not a report."""
    account_owner: str | None = None
    """The owner of the account; none if the object is not an account."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """The person who acts."""

    name: str
    """The name, as the log has it."""
    roles: Collection[Role]
    """The roles, which decide what the person may do."""


class Demand(StrEnum):
    """The further conditions of an action, besides role and stage."""

    REASON = "a reason"
    REASON_ONCE_LISTED = "a reason once the claim is public"
    SECOND_PERSON = "someone who wrote no part of it"
    CURRENT = "the newest public version as its base"
    AGREEMENT = "nothing that needs review, or an accepted exception"
    ASSIGNEE = "the assignee"
    ASSIGNEE_OR_AUTHOR = "for a waiting verdict, its assignee or an author of the draft"
    AUTHOR_OR_EDITOR = "an author of the draft, or an editor"
    NO_DRAFT = "no waiting draft"
    NO_WITHDRAWAL = "no waiting withdrawal"
    SELF_OR_EDITOR = "a checker's own name, unless an editor assigns"
    EVIDENCE = "evidence that supports each verdict, except where none is needed"
    INDEPENDENCE = "a primary document or three independent ones, or an accepted exception"
    OWN_ACCOUNT = "one's own account"


@dataclass(frozen=True, slots=True)
class ActionRule:
    """A row of the table."""

    roles: frozenset[Role]
    """The roles; one of them is needed."""
    records: frozenset[RecordStage | None]
    """The stages of the record at which the action is possible; none if its object is not a claim."""
    checks: frozenset[CheckStage]
    """The stages of the check at which the action is possible."""
    demands: frozenset[Demand]
    """The further conditions."""
    report: ReportStage | None = None
    """The stage that a report must have; none if the object is not a report."""

    def is_possible_at(self, case: Case) -> bool:
        """Return whether the action is possible at the stage of a case."""
        return case.record in self.records and case.check in self.checks and case.report is self.report


_DRAFT, _LISTED, _WITHDRAWN = RecordStage.DRAFT, RecordStage.LISTED, RecordStage.WITHDRAWN
_OPEN, _ASSIGNED, _PROPOSED = CheckStage.OPEN, CheckStage.ASSIGNED, CheckStage.PROPOSED
_RETURNED, _APPROVED, _PUBLISHED = CheckStage.RETURNED, CheckStage.APPROVED, CheckStage.PUBLISHED
_ANY = frozenset(CheckStage)
_CHECKER, _EDITOR = frozenset({Role.CHECKER}), frozenset({Role.EDITOR})
_ADMIN = frozenset({Role.ADMIN})


def _row(  # one row of the table below, with its sets written as plain words
    roles: Collection[Role], records: Collection[RecordStage], checks: Collection[CheckStage], *demands: Demand
) -> ActionRule:
    return ActionRule(frozenset(roles), frozenset(records), frozenset(checks), frozenset(demands))


def _on_others(roles: Collection[Role], *demands: Demand, report: ReportStage | None = None) -> ActionRule:
    """Return a row of the table for an action whose object is not a claim."""
    return ActionRule(frozenset(roles), frozenset({None}), _ANY, frozenset(demands), report)


ACTION_RULES: Mapping[Action, ActionRule] = {
    Action.ACCEPT: _row(_CHECKER, {RecordStage.NONE}, _ANY),
    Action.EDIT: _row(
        _CHECKER, {_DRAFT, _LISTED}, _ANY, Demand.REASON_ONCE_LISTED, Demand.ASSIGNEE_OR_AUTHOR, Demand.NO_WITHDRAWAL,
        Demand.EVIDENCE, Demand.INDEPENDENCE,
    ),
    Action.LIST: _row(
        _EDITOR, {_DRAFT}, {_PROPOSED, _APPROVED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.AGREEMENT
    ),
    Action.ASSIGN: _row(
        _CHECKER | _EDITOR, {_DRAFT, _LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.SELF_OR_EDITOR
    ),
    Action.WAIVE: _row(_EDITOR, {_DRAFT, _LISTED}, _ANY, Demand.REASON, Demand.NO_WITHDRAWAL),
    Action.ATTACH: _row(_CHECKER, {_DRAFT, _LISTED}, _ANY, Demand.NO_WITHDRAWAL),
    Action.RECHECK: _row(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.QUERY: _row(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.ANSWER: _row(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.COMMENT: _row(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.PROPOSE: _row(
        _CHECKER, {_LISTED}, {_ASSIGNED, _RETURNED}, Demand.ASSIGNEE, Demand.NO_WITHDRAWAL, Demand.EVIDENCE,
        Demand.INDEPENDENCE,
    ),
    Action.APPROVE: _row(
        _EDITOR, {_LISTED}, {_PROPOSED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.AGREEMENT, Demand.EVIDENCE,
        Demand.INDEPENDENCE,
    ),
    Action.RETURN: _row(_EDITOR, {_DRAFT, _LISTED}, {_PROPOSED, _APPROVED}, Demand.REASON),
    Action.PUBLISH: _row(_EDITOR, {_LISTED}, {_APPROVED}, Demand.CURRENT, Demand.AGREEMENT, Demand.EVIDENCE),
    Action.CORRECT: _row(
        _CHECKER, {_LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.REASON, Demand.NO_WITHDRAWAL,
        Demand.EVIDENCE, Demand.INDEPENDENCE,
    ),
    Action.WITHDRAW: _row(
        _EDITOR, {_LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.REASON, Demand.NO_DRAFT
    ),
    Action.DISCARD: _row(
        _CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY, Demand.REASON, Demand.AUTHOR_OR_EDITOR
    ),
    Action.SETTLE_RECHECK: _row(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY, Demand.REASON),
    Action.READ_WITHHELD: _row(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.READ_SAVINGS: _row(_EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.ADD_ARTICLE: _on_others(_CHECKER, Demand.REASON),
    Action.DISMISS: _on_others(_CHECKER, Demand.REASON),
    Action.REOPEN: _on_others(_CHECKER, Demand.REASON),
    Action.SETTLE: _on_others(_CHECKER, Demand.REASON),
    Action.RECORD_DISMISSALS: _on_others(_CHECKER, Demand.REASON),
    Action.MARK_FURNITURE: _on_others(_CHECKER, Demand.REASON),
    Action.SET_DEADLINE: _on_others(_EDITOR),
    Action.NOTE_ARTICLE: _on_others(_CHECKER | _EDITOR),
    Action.ASK_MODEL: _on_others(_CHECKER),
    Action.DISMISS_SUGGESTION: _on_others(_CHECKER),
    Action.ALLOW_SENDING: _on_others(_EDITOR, Demand.REASON),
    Action.DELETE_ANSWERS: _on_others(_EDITOR, Demand.REASON),
    Action.CHANGE_TEMPLATE: _on_others(_EDITOR),
    Action.READ_CONTACT: _on_others(_EDITOR, report=ReportStage.OPEN),
    Action.CLOSE_REPORT: _on_others(_CHECKER | _EDITOR, Demand.REASON, report=ReportStage.OPEN),
    Action.REOPEN_REPORT: _on_others(_CHECKER | _EDITOR, Demand.REASON, report=ReportStage.CLOSED),
    Action.TAKE_IN_REVIEWS: _on_others(_CHECKER | _EDITOR),
    Action.IMPORT_CHECKS: _on_others(_EDITOR, Demand.REASON),
    Action.APPROVE_CHECKS: _on_others(_EDITOR, Demand.SECOND_PERSON),
    Action.DISCARD_CHECKS: _on_others(_EDITOR, Demand.REASON),
    Action.READ_PEOPLE: _on_others(_ADMIN),
    Action.ADD_PERSON: _on_others(_ADMIN),
    Action.CHANGE_ROLES: _on_others(_ADMIN),
    Action.CHANGE_LANGUAGE: _on_others(frozenset(Role), Demand.OWN_ACCOUNT),
    Action.CHANGE_ADDRESS: _on_others(_ADMIN),
    Action.CHANGE_NOTICES: _on_others(frozenset(Role), Demand.OWN_ACCOUNT),
    Action.DEACTIVATE: _on_others(_ADMIN),
    Action.INVITE: _on_others(_ADMIN),
    Action.ISSUE_TOKEN: _on_others(_ADMIN),
    Action.REVOKE_TOKEN: _on_others(_ADMIN),
}  # fmt: skip
"""The table: roles, stages of the record, stages of the check, and further conditions of each action."""
PROPOSING_ACTIONS: Mapping[RevisionKind, Action] = {
    RevisionKind.VERDICT: Action.PROPOSE,
    RevisionKind.CORRECTION: Action.CORRECT,
    RevisionKind.WITHDRAWAL: Action.WITHDRAW,
}
"""The action that begins a draft of a kind. A draft of another kind is an edit, and so is a change to a draft."""


def decide(
    action: Action, case: Case, actor: StaffMember, *, reason: str = "", assignee: str | None = None
) -> list[Problem]:
    """Return the reasons for which an action is refused; an empty list if it is allowed.

    `assignee` is the person to whom a claim is being assigned; none removes the assignment.
    """
    act = ACTION_RULES[action]
    if not act.roles.intersection(actor.roles):
        return [_role_needed(action, act, actor)]
    if not act.is_possible_at(case):
        return [_not_now(action, case)]
    request = _Request(case, actor, reason.strip(), assignee)
    return [_REFUSALS[demand] for demand in Demand if demand in act.demands and not _IS_MET[demand](request)]


@dataclass(frozen=True, slots=True)
class _Request:
    case: Case
    actor: StaffMember
    reason: str
    assignee: str | None


_IS_MET: Mapping[Demand, Callable[[_Request], bool]] = {
    Demand.REASON: lambda request: bool(request.reason),
    Demand.REASON_ONCE_LISTED: lambda request: bool(request.reason) or request.case.record is RecordStage.DRAFT,
    Demand.SECOND_PERSON: lambda request: is_second_person(request.actor.name, request.case.authors),
    Demand.CURRENT: lambda request: request.case.is_current,
    Demand.AGREEMENT: lambda request: not request.case.has_findings,
    Demand.ASSIGNEE: lambda request: request.case.assignee == request.actor.name,
    Demand.ASSIGNEE_OR_AUTHOR: lambda request: (
        not request.case.is_revised or request.actor.name in (request.case.assignee, *request.case.writers)
    ),
    Demand.AUTHOR_OR_EDITOR: lambda request: (
        request.actor.name in request.case.writers or Role.EDITOR in request.actor.roles
    ),
    Demand.NO_DRAFT: lambda request: request.case.waiting_kind is None,
    Demand.NO_WITHDRAWAL: lambda request: request.case.waiting_kind is not RevisionKind.WITHDRAWAL,
    Demand.SELF_OR_EDITOR: lambda request: (
        Role.EDITOR in request.actor.roles or {request.assignee, request.case.assignee} <= {request.actor.name, None}
    ),
    Demand.EVIDENCE: lambda request: not request.case.lacks_evidence,
    Demand.INDEPENDENCE: lambda request: not request.case.lacks_independence,
    Demand.OWN_ACCOUNT: lambda request: request.case.account_owner == request.actor.name,
}
"""Each condition, as a function that returns whether it is met."""
OPEN_FINDINGS = "open-findings"
INDEPENDENCE_NEEDED = Problem("few-independent-documents", field="evidence")
REASON_NEEDED = Problem("reason-needed", field="reason")
_REFUSALS: Mapping[Demand, Problem] = {
    Demand.REASON: REASON_NEEDED,
    Demand.REASON_ONCE_LISTED: Problem("reason-needed/public", field="reason"),
    Demand.SECOND_PERSON: Problem("second-person-needed"),
    Demand.CURRENT: Problem("stale-base"),
    Demand.AGREEMENT: Problem("open-findings"),
    Demand.ASSIGNEE: Problem("not-the-assignee"),
    Demand.ASSIGNEE_OR_AUTHOR: Problem("not-the-assignee/verdict", field="verdicts"),
    Demand.AUTHOR_OR_EDITOR: Problem("not-yours-to-discard"),
    Demand.NO_DRAFT: Problem("draft-waits"),
    Demand.NO_WITHDRAWAL: Problem("withdrawal-waits"),
    Demand.SELF_OR_EDITOR: Problem("assign-to-yourself"),
    Demand.EVIDENCE: Problem("evidence-needed", field="evidence"),
    Demand.INDEPENDENCE: INDEPENDENCE_NEEDED,
    Demand.OWN_ACCOUNT: Problem("not-your-account"),
}
"""The problem for each demand that is not met."""


def _role_needed(action: Action, act: ActionRule, actor: StaffMember) -> Problem:
    roles = tuple(role for role in Role if role in act.roles)
    return Problem("role-needed", action=action, roles=roles, actor=actor.name)


def _not_now(action: Action, case: Case) -> Problem:
    if case.record:
        variant = _NOT_NOW_VARIANTS.get((action, case.check))
        key = f"not-now/{variant}" if variant else "not-now"
        return Problem(key, action=action, record=case.record, check=case.check)
    if case.report:
        return Problem("not-now/report", action=action, report=case.report)
    return Problem("not-now/not-a-claim", action=action)


_NOT_NOW_VARIANTS: Mapping[tuple[Action, CheckStage], str] = {
    (Action.PROPOSE, CheckStage.OPEN): "unassigned",
    (Action.PROPOSE, CheckStage.PUBLISHED): "needs-correction",
    (Action.PROPOSE, CheckStage.PROPOSED): "verdict-waits",
    (Action.PROPOSE, CheckStage.APPROVED): "approved",
    (Action.ASSIGN, CheckStage.PROPOSED): "verdict-waits-for-approval",
    (Action.ASSIGN, CheckStage.APPROVED): "approved",
    (Action.CORRECT, CheckStage.PROPOSED): "correction-waits",
    (Action.CORRECT, CheckStage.APPROVED): "approved",
    (Action.WITHDRAW, CheckStage.PROPOSED): "draft-waits",
    (Action.WITHDRAW, CheckStage.APPROVED): "draft-waits",
    (Action.APPROVE, CheckStage.OPEN): "nothing-to-approve",
    (Action.APPROVE, CheckStage.APPROVED): "approved",
    (Action.RETURN, CheckStage.OPEN): "nothing-to-return",
}
"""Variant of the message `not-now` that says what to do first, by action and stage of the check."""
