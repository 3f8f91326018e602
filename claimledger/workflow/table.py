"""The workflow table: who may do what when, and what each act demands besides.

In: an act, what it is on as the table sees it, and who acts. Out: the refusals, as problems; none means the act is
allowed. An administrator has no editorial power of their own, and nothing waives the second person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem
from claimledger.vocabulary import Action, CheckStage, RecordStage, ReportStage, RevisionKind, Role


def is_second_person(approver: str, authors: Collection[str]) -> bool:
    """Whether `approver` wrote no part of the work: the rule of four eyes, which nothing waives."""
    return approver not in authors


@dataclass(frozen=True, slots=True)
class Case:
    """What an act is on, as the table sees it: a claim with respect to one question, or what is no claim."""

    record: RecordStage | None = None
    """Where its record stands; none for what is no claim: a passage, an article's text, a report, an account."""
    check: CheckStage = CheckStage.OPEN
    """How far the check of the question has come."""
    assignee: str | None = None
    """Who checks it."""
    authors: Collection[str] = ()
    """Who wrote a part of what would become public, or a material part of what did since it was listed."""
    waits: RevisionKind | None = None
    """What the draft of it that waits would be; none if none does."""
    writers: Collection[str] = ()
    """Who wrote a part of what waits."""
    is_revised: bool = False
    """Whether the act changes a verdict that waits."""
    is_current: bool = True
    """Whether that version is based on the newest public one."""
    has_findings: bool = False
    """Whether its wording disagrees with itself or its passage, and nobody waived that."""
    lacks_evidence: bool = False
    """Whether a verdict in it says what none of its evidence says."""
    lacks_independence: bool = False
    """Whether a verdict in it rests on few secondary documents alone, and nobody waived that."""
    report: ReportStage | None = None
    """Where a reader's report stands; none for what is no report."""
    account: str | None = None
    """Whose account it is; none for what is no account."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts."""

    name: str
    """The name that stands in the log."""
    roles: Collection[Role]
    """What they may do."""


class Demand(StrEnum):
    """What an act demands besides its role and its moment."""

    REASON = "a reason"
    REASON_ONCE_LISTED = "a reason once the claim is public"
    SECOND_PERSON = "somebody who wrote no part of it"
    CURRENT = "the newest public version as its base"
    AGREEMENT = "no open finding, or a waiver"
    ASSIGNEE = "the assignee"
    ASSIGNEE_OR_AUTHOR = "for a verdict that waits, its assignee or an author of the draft"
    AUTHOR_OR_EDITOR = "an author of the draft, or an editor"
    NO_DRAFT = "no draft that waits"
    NO_WITHDRAWAL = "no withdrawal that waits"
    SELF_OR_EDITOR = "a checker's own name, unless an editor assigns"
    EVIDENCE = "evidence that says what each verdict says, unless that needs none"
    INDEPENDENCE = "a primary document or three independent ones, or a waiver"
    OWN_ACCOUNT = "one's own account"


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the table."""

    roles: frozenset[Role]
    """The roles of which one is needed."""
    records: frozenset[RecordStage | None]
    """Where the record may stand; none for an act on what is no claim."""
    checks: frozenset[CheckStage]
    """How far the check may have come."""
    demands: frozenset[Demand]
    """What else is demanded."""
    report: ReportStage | None = None
    """Where a report must stand; none for an act on what is no report."""

    def is_time(self, case: Case) -> bool:
        """Whether what the act is on stands where it may be done."""
        return case.record in self.records and case.check in self.checks and case.report is self.report


_DRAFT, _LISTED, _WITHDRAWN = RecordStage.DRAFT, RecordStage.LISTED, RecordStage.WITHDRAWN
_OPEN, _ASSIGNED, _PROPOSED = CheckStage.OPEN, CheckStage.ASSIGNED, CheckStage.PROPOSED
_RETURNED, _APPROVED, _PUBLISHED = CheckStage.RETURNED, CheckStage.APPROVED, CheckStage.PUBLISHED
_ANY = frozenset(CheckStage)
_CHECKER, _EDITOR = frozenset({Role.CHECKER}), frozenset({Role.EDITOR})
_ADMIN = frozenset({Role.ADMIN})


def _act(  # one row of the table below, with its sets written as plain words
    roles: Collection[Role], records: Collection[RecordStage], checks: Collection[CheckStage], *demands: Demand
) -> Act:
    return Act(frozenset(roles), frozenset(records), frozenset(checks), frozenset(demands))


def _beside(roles: Collection[Role], *demands: Demand, report: ReportStage | None = None) -> Act:
    """Return a row of the table for an act on what is no claim."""
    return Act(frozenset(roles), frozenset({None}), _ANY, frozenset(demands), report)


ACTS: Mapping[Action, Act] = {
    Action.ACCEPT: _act(_CHECKER, {RecordStage.NONE}, _ANY),
    Action.EDIT: _act(
        _CHECKER, {_DRAFT, _LISTED}, _ANY, Demand.REASON_ONCE_LISTED, Demand.ASSIGNEE_OR_AUTHOR, Demand.NO_WITHDRAWAL,
        Demand.EVIDENCE, Demand.INDEPENDENCE,
    ),
    Action.LIST: _act(
        _EDITOR, {_DRAFT}, {_PROPOSED, _APPROVED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.AGREEMENT
    ),
    Action.ASSIGN: _act(
        _CHECKER | _EDITOR, {_DRAFT, _LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.SELF_OR_EDITOR
    ),
    Action.WAIVE: _act(_EDITOR, {_DRAFT, _LISTED}, _ANY, Demand.REASON, Demand.NO_WITHDRAWAL),
    Action.ATTACH: _act(_CHECKER, {_DRAFT, _LISTED}, _ANY, Demand.NO_WITHDRAWAL),
    Action.RECHECK: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.QUERY: _act(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.ANSWER: _act(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.COMMENT: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.PROPOSE: _act(
        _CHECKER, {_LISTED}, {_ASSIGNED, _RETURNED}, Demand.ASSIGNEE, Demand.NO_WITHDRAWAL, Demand.EVIDENCE,
        Demand.INDEPENDENCE,
    ),
    Action.APPROVE: _act(
        _EDITOR, {_LISTED}, {_PROPOSED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.AGREEMENT, Demand.EVIDENCE,
        Demand.INDEPENDENCE,
    ),
    Action.RETURN: _act(_EDITOR, {_DRAFT, _LISTED}, {_PROPOSED, _APPROVED}, Demand.REASON),
    Action.PUBLISH: _act(_EDITOR, {_LISTED}, {_APPROVED}, Demand.CURRENT, Demand.AGREEMENT, Demand.EVIDENCE),
    Action.CORRECT: _act(
        _CHECKER, {_LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.REASON, Demand.NO_WITHDRAWAL,
        Demand.EVIDENCE, Demand.INDEPENDENCE,
    ),
    Action.WITHDRAW: _act(
        _EDITOR, {_LISTED}, {_OPEN, _ASSIGNED, _RETURNED, _PUBLISHED}, Demand.REASON, Demand.NO_DRAFT
    ),
    Action.DISCARD: _act(
        _CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY, Demand.REASON, Demand.AUTHOR_OR_EDITOR
    ),
    Action.SETTLE_RECHECK: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY, Demand.REASON),
    Action.READ_WITHHELD: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.READ_SAVINGS: _act(_EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.ADD_ARTICLE: _beside(_CHECKER, Demand.REASON),
    Action.DISMISS: _beside(_CHECKER, Demand.REASON),
    Action.REOPEN: _beside(_CHECKER, Demand.REASON),
    Action.SETTLE: _beside(_CHECKER, Demand.REASON),
    Action.RECORD_DISMISSALS: _beside(_CHECKER, Demand.REASON),
    Action.MARK_FURNITURE: _beside(_CHECKER, Demand.REASON),
    Action.READ_CONTACT: _beside(_EDITOR, report=ReportStage.OPEN),
    Action.CLOSE_REPORT: _beside(_CHECKER | _EDITOR, Demand.REASON, report=ReportStage.OPEN),
    Action.REOPEN_REPORT: _beside(_CHECKER | _EDITOR, Demand.REASON, report=ReportStage.CLOSED),
    Action.TAKE_IN_REVIEWS: _beside(_CHECKER | _EDITOR),
    Action.READ_PEOPLE: _beside(_ADMIN),
    Action.ADD_PERSON: _beside(_ADMIN),
    Action.CHANGE_ROLES: _beside(_ADMIN),
    Action.CHANGE_LANGUAGE: _beside(frozenset(Role), Demand.OWN_ACCOUNT),
    Action.DEACTIVATE: _beside(_ADMIN),
    Action.INVITE: _beside(_ADMIN),
    Action.ISSUE_TOKEN: _beside(_ADMIN),
    Action.REVOKE_TOKEN: _beside(_ADMIN),
}  # fmt: skip
"""The table: who may act, where the record stands, how far the check has come, and what else is demanded."""
PROPOSES: Mapping[RevisionKind, Action] = {
    RevisionKind.VERDICT: Action.PROPOSE,
    RevisionKind.CORRECTION: Action.CORRECT,
    RevisionKind.WITHDRAWAL: Action.WITHDRAW,
}
"""The act that begins a draft of a kind; any other kind is an edit, and so is what goes on from a draft of its kind."""


def decide(action: Action, case: Case, actor: Staff, *, reason: str = "", assignee: str | None = None) -> list[Problem]:
    """Return why an act is refused; an empty list if it is allowed.

    `assignee` is whom an assignment is for; none takes one back.
    """
    act = ACTS[action]
    if not act.roles.intersection(actor.roles):
        return [_role_needed(action, act, actor)]
    if not act.is_time(case):
        return [_not_now(action, case)]
    asked = _Asked(case, actor, reason.strip(), assignee)
    return [_REFUSALS[demand] for demand in Demand if demand in act.demands and not _MET[demand](asked)]


@dataclass(frozen=True, slots=True)
class _Asked:
    case: Case
    actor: Staff
    reason: str
    assignee: str | None


_MET: Mapping[Demand, Callable[[_Asked], bool]] = {
    Demand.REASON: lambda asked: bool(asked.reason),
    Demand.REASON_ONCE_LISTED: lambda asked: bool(asked.reason) or asked.case.record is RecordStage.DRAFT,
    Demand.SECOND_PERSON: lambda asked: is_second_person(asked.actor.name, asked.case.authors),
    Demand.CURRENT: lambda asked: asked.case.is_current,
    Demand.AGREEMENT: lambda asked: not asked.case.has_findings,
    Demand.ASSIGNEE: lambda asked: asked.case.assignee == asked.actor.name,
    Demand.ASSIGNEE_OR_AUTHOR: lambda asked: (
        not asked.case.is_revised or asked.actor.name in (asked.case.assignee, *asked.case.writers)
    ),
    Demand.AUTHOR_OR_EDITOR: lambda asked: asked.actor.name in asked.case.writers or Role.EDITOR in asked.actor.roles,
    Demand.NO_DRAFT: lambda asked: asked.case.waits is None,
    Demand.NO_WITHDRAWAL: lambda asked: asked.case.waits is not RevisionKind.WITHDRAWAL,
    Demand.SELF_OR_EDITOR: lambda asked: (
        Role.EDITOR in asked.actor.roles or {asked.assignee, asked.case.assignee} <= {asked.actor.name, None}
    ),
    Demand.EVIDENCE: lambda asked: not asked.case.lacks_evidence,
    Demand.INDEPENDENCE: lambda asked: not asked.case.lacks_independence,
    Demand.OWN_ACCOUNT: lambda asked: asked.case.account == asked.actor.name,
}
"""What meets each demand."""
OPEN_FINDINGS = "open-findings"
INDEPENDENCE_NEEDED = Problem(
    "few-independent-documents", "The verdict rests on fewer than three independent documents, all secondary.",
    "Attach a primary document, or three that rest on none of the others; or have an editor waive it with a reason.",
    field="evidence",
)  # fmt: skip
REASON_NEEDED = Problem("reason-needed", "A reason is missing.", "Say why, in a sentence.", field="reason")
_REFUSALS: Mapping[Demand, Problem] = {
    Demand.REASON: REASON_NEEDED,
    Demand.REASON_ONCE_LISTED: Problem(
        "reason-needed", "The claim is public, and a reason is missing.", "Say why, in a sentence.", field="reason"
    ),
    Demand.SECOND_PERSON: Problem(
        "second-person-needed", "Who wrote a part of it cannot approve it.", "Ask another editor."
    ),
    Demand.CURRENT: Problem(
        "stale-base", "It is based on a version that is no longer the newest.", "Look at the newest and write it anew."
    ),
    Demand.AGREEMENT: Problem(
        OPEN_FINDINGS, "Its wording disagrees with itself or with its passage.",
        "Mend what the findings name, or waive each with a reason.",
    ),
    Demand.ASSIGNEE: Problem(
        "not-the-assignee", "Somebody else checks it, or nobody yet.", "Ask them, or have it assigned to you."
    ),
    Demand.ASSIGNEE_OR_AUTHOR: Problem(
        "not-the-assignee", "Somebody else proposed the verdict that waits, and somebody else checks it.",
        "Ask them, or have it assigned to you.", field="verdicts",
    ),
    Demand.AUTHOR_OR_EDITOR: Problem(
        "not-yours-to-discard", "The draft is somebody else's, and only an editor discards that.",
        "Ask who wrote it, or an editor.",
    ),
    Demand.NO_DRAFT: Problem(
        "draft-waits", "A version of the claim waits to be published.", "Publish, return or discard it first."
    ),
    Demand.NO_WITHDRAWAL: Problem(
        "withdrawal-waits", "It is proposed to withdraw the claim, and nothing goes on from that.",
        "Discard the withdrawal first, or have it published.",
    ),
    Demand.SELF_OR_EDITOR: Problem(
        "assign-to-yourself", "A checker assigns claims to themselves alone.", "Ask an editor to assign it."
    ),
    Demand.EVIDENCE: Problem(
        "evidence-needed", "A verdict says what none of the evidence says.",
        "Attach what supports or refutes the claim, or answer not_enough_evidence or not_checkable.", field="evidence",
    ),
    Demand.INDEPENDENCE: INDEPENDENCE_NEEDED,
    Demand.OWN_ACCOUNT: Problem("not-your-account", "The account is somebody else's.", "Ask them."),
}  # fmt: skip
"""What is said when a demand is not met."""


def _role_needed(action: Action, act: Act, actor: Staff) -> Problem:
    roles = " or ".join(f"'{role.label_en}'" for role in Role if role in act.roles)
    return Problem(
        "role-needed", f"To '{action}' takes the role of {roles}, which '{actor.name}' does not have.", "Ask one."
    )


def _not_now(action: Action, case: Case) -> Problem:
    if case.record:
        record, check = case.record.label_en, case.check.label_en
        sentence = f"'{action}' is not possible while the claim is '{record}' and its check '{check}'."
    elif case.report:
        sentence = f"'{action}' is not possible while the report is '{case.report.label_en}'."
    else:
        sentence = f"'{action}' is not possible on what is no claim."
    first = _FIRST.get((action, case.check)) if case.record else None
    return Problem("not-now", sentence, first or "Look at what stands on the desk now.")


_FIRST: Mapping[tuple[Action, CheckStage], str] = {
    (Action.PROPOSE, CheckStage.OPEN): "Assign the question first.",
    (Action.PROPOSE, CheckStage.PUBLISHED): "Propose a correction.",
    (Action.PROPOSE, CheckStage.PROPOSED): "A verdict waits: edit it, or have it approved or returned.",
    (Action.PROPOSE, CheckStage.APPROVED): "It is approved: publish it.",
    (Action.ASSIGN, CheckStage.PROPOSED): "A verdict waits: have it approved or returned first.",
    (Action.ASSIGN, CheckStage.APPROVED): "It is approved: publish it.",
    (Action.CORRECT, CheckStage.PROPOSED): "A verdict or a correction waits: edit it, or have it approved or returned.",
    (Action.CORRECT, CheckStage.APPROVED): "It is approved: publish it.",
    (Action.WITHDRAW, CheckStage.PROPOSED): "Publish or discard what waits first.",
    (Action.WITHDRAW, CheckStage.APPROVED): "Publish or discard what waits first.",
    (Action.APPROVE, CheckStage.OPEN): "Nothing waits to be approved.",
    (Action.APPROVE, CheckStage.APPROVED): "It is approved: publish it.",
    (Action.RETURN, CheckStage.OPEN): "Nothing waits to be returned.",
}
"""What is to be done first, or instead, where a stage of the check forbids an act."""
