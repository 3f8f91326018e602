"""The workflow table: who may do what to a claim when, what each act demands, and what may follow what in public.

In: an act, a claim as the table sees it, and who acts; or a kind of revision and the one before it. Out: the refusals,
as problems; none means the act is allowed. Pure; every interface goes through it. An administrator has no editorial
power of their own, and nothing waives the second person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimledger.errors import Problem
from claimledger.vocabulary import Action, CheckStage, CorrectionKind, RecordStage, RevisionKind, Role

_PUBLIC = frozenset({RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.UPDATE, RevisionKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of revision may follow, and what it demands."""

    follows: frozenset[RevisionKind | None]
    """Kinds of the newest public revision it may follow; none stands for a record that is not public yet."""
    may_change_verdict: bool
    """Whether it may change or take away a published verdict."""
    adds_verdict: bool | None
    """Whether it must bring a verdict (true) or must not (false); none if both are right."""
    needs_public_note: bool
    """Whether readers are owed a note, and the word for what was corrected."""


RULES: Mapping[RevisionKind, Rule] = {
    RevisionKind.LISTED: Rule(frozenset({None}), may_change_verdict=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.VERDICT: Rule(_PUBLIC, may_change_verdict=False, adds_verdict=True, needs_public_note=False),
    RevisionKind.UPDATE: Rule(_PUBLIC, may_change_verdict=False, adds_verdict=False, needs_public_note=False),
    RevisionKind.CORRECTION: Rule(_PUBLIC, may_change_verdict=True, adds_verdict=None, needs_public_note=True),
    RevisionKind.WITHDRAWAL: Rule(_PUBLIC, may_change_verdict=False, adds_verdict=False, needs_public_note=False),
}
"""What may follow what in public. Redaction is no act of this version."""
WORDING = frozenset({"statement", "quantities", "speaker", "attribution", "source"})
"""The fields of a claim that a verdict is given on."""
CHANGES_VERDICT: Mapping[CorrectionKind, bool] = {
    CorrectionKind.VERDICT_CHANGED: True,
    CorrectionKind.VERDICT_UNCHANGED: False,
    CorrectionKind.CLARIFICATION: False,
}
"""Whether verdicts differ after a correction of a kind; after a retraction they may or may not."""


def refusals(
    kind: RevisionKind,
    last: RevisionKind | None,
    *,
    verdicts_before: Sequence[object] = (),
    verdicts_after: Sequence[object] = (),
    correction: CorrectionKind | None = None,
    is_reworded: bool = False,
    is_unfounded: bool = False,
) -> list[Problem]:
    """Return why a draft of `kind` may not follow a public revision of kind `last`; an empty list if it may.

    `correction` is what the note owed to readers says was corrected; none if there is no note. `is_reworded` tells
    whether what the verdicts were given on (`WORDING`) says something else, `is_unfounded` whether evidence they
    rest on is changed or taken away.
    """
    rule = RULES.get(kind)
    if rule is None or last not in rule.follows:
        return [_not_in_order(kind, last)]
    is_kept = all(verdict in verdicts_after for verdict in verdicts_before)
    is_added = any(verdict not in verdicts_before for verdict in verdicts_after)
    if not is_kept and not rule.may_change_verdict:
        return [_VERDICT_CHANGED]
    if verdicts_before and (is_reworded or is_unfounded) and not rule.may_change_verdict:
        return [_REWORDED if is_reworded else _UNFOUNDED]
    if rule.adds_verdict is not None and is_added != rule.adds_verdict:
        return [_VERDICT_ADDED if last is not None else _VERDICT_TOO_SOON] if is_added else [_NO_VERDICT_ADDED]
    if rule.needs_public_note:
        return _faults_of_note(correction, is_verdict_changed=is_added or not is_kept)
    return []


def _not_in_order(kind: RevisionKind, last: RevisionKind | None) -> Problem:
    if last is None:
        return Problem("not-listed", f"The record is not public yet, so there is no '{kind}' of it.", "List it first.")
    if kind is RevisionKind.LISTED:
        return Problem(
            "kind-needed",
            "The record is public already.",
            "Say whether the change is a verdict, an update or a correction.",
        )
    return Problem("not-in-order", f"'{kind}' cannot follow '{last}'.", "This version cannot do it.")


def _faults_of_note(correction: CorrectionKind | None, *, is_verdict_changed: bool) -> list[Problem]:
    if correction is None:
        return [_NO_NOTE]
    if CHANGES_VERDICT.get(correction, is_verdict_changed) is is_verdict_changed:
        return []
    sentence = f"It is called '{correction}', and a verdict {'differs' if is_verdict_changed else 'does not differ'}."
    return [Problem("wrong-correction-kind", sentence, "Call it what it is.", field="verdicts")]


_VERDICT_CHANGED = Problem(
    "verdict-changed-without-correction", "A published verdict is changed or taken away.",
    "Record the change as a correction, or put the verdict back.", field="verdicts",
)  # fmt: skip
_REWORDED = Problem(
    "reworded-without-correction", "A claim that has a verdict says something else than what was judged.",
    "Record the change as a correction, with a note to the readers.", field="statement",
)  # fmt: skip
_UNFOUNDED = Problem(
    "evidence-gone-without-correction", "Evidence that a published verdict rests on is changed or taken away.",
    "Record the change as a correction, with a note to the readers.", field="evidence",
)  # fmt: skip
_VERDICT_ADDED = Problem(
    "verdict-needs-its-kind", "A verdict is added.", "Record the change as a verdict.", field="verdicts"
)
_VERDICT_TOO_SOON = Problem(
    "verdict-too-soon", "A claim is listed before it is judged.",
    "Take the verdict out, publish the claim, then record the verdict.", field="verdicts",
)  # fmt: skip
_NO_VERDICT_ADDED = Problem(
    "no-verdict-added",
    "The change is called a verdict, but adds none.",
    "Record the change as an update.",
    field="verdicts",
)
_NO_NOTE = Problem("correction-without-note", "A correction owes its readers a note.", "Give one in Korean or English.")


def is_second_person(approver: str, authors: Collection[str]) -> bool:
    """Whether `approver` wrote no part of the work: the rule of four eyes, which nothing waives."""
    return approver not in authors


@dataclass(frozen=True, slots=True)
class Case:
    """A claim as the table sees it, with respect to one question."""

    record: RecordStage
    """Where its record stands."""
    check: CheckStage = CheckStage.OPEN
    """How far the check of the question has come."""
    assignee: str | None = None
    """Who checks it."""
    authors: Collection[str] = ()
    """Who wrote a part of what would become public, or a material part of what did since it was listed."""
    is_current: bool = True
    """Whether that version is based on the newest public one."""
    has_findings: bool = False
    """Whether its wording disagrees with itself or its passage, and nobody waived that."""
    lacks_evidence: bool = False
    """Whether a verdict in it needs evidence and has none."""
    lacks_independence: bool = False
    """Whether a verdict in it rests on few secondary documents alone, and nobody waived that."""


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
    SELF_OR_EDITOR = "a checker's own name, unless an editor assigns"
    EVIDENCE = "evidence, unless the answer needs none"
    INDEPENDENCE = "a primary document or three independent ones, or a waiver"


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the table."""

    roles: frozenset[Role]
    """The roles of which one is needed."""
    records: frozenset[RecordStage]
    """Where the record may stand."""
    checks: frozenset[CheckStage]
    """How far the check may have come."""
    demands: frozenset[Demand]
    """What else is demanded."""


_DRAFT, _LISTED, _WITHDRAWN = RecordStage.DRAFT, RecordStage.LISTED, RecordStage.WITHDRAWN
_OPEN, _ASSIGNED, _PROPOSED = CheckStage.OPEN, CheckStage.ASSIGNED, CheckStage.PROPOSED
_APPROVED, _PUBLISHED = CheckStage.APPROVED, CheckStage.PUBLISHED
_ANY = frozenset(CheckStage)
_CHECKER, _EDITOR = frozenset({Role.CHECKER}), frozenset({Role.EDITOR})


def _act(  # one row of the table below, with its sets written as plain words
    roles: Collection[Role], records: Collection[RecordStage], checks: Collection[CheckStage], *demands: Demand
) -> Act:
    return Act(frozenset(roles), frozenset(records), frozenset(checks), frozenset(demands))


ACTS: Mapping[Action, Act] = {
    Action.ACCEPT: _act(_CHECKER, {RecordStage.NONE}, _ANY),
    Action.EDIT: _act(_CHECKER, {_DRAFT, _LISTED}, _ANY, Demand.REASON_ONCE_LISTED),
    Action.LIST: _act(
        _EDITOR, {_DRAFT}, {_PROPOSED, _APPROVED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.AGREEMENT
    ),
    Action.ASSIGN: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED}, {_OPEN, _ASSIGNED, _PUBLISHED}, Demand.SELF_OR_EDITOR),
    Action.WAIVE: _act(_EDITOR, {_DRAFT, _LISTED}, _ANY, Demand.REASON),
    Action.ATTACH: _act(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.RECHECK: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.QUERY: _act(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.ANSWER: _act(_CHECKER, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.COMMENT: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
    Action.PROPOSE: _act(_CHECKER, {_LISTED}, {_ASSIGNED}, Demand.ASSIGNEE, Demand.EVIDENCE, Demand.INDEPENDENCE),
    Action.APPROVE: _act(_EDITOR, {_LISTED}, {_PROPOSED}, Demand.SECOND_PERSON, Demand.CURRENT, Demand.INDEPENDENCE),
    Action.RETURN: _act(_EDITOR, {_DRAFT, _LISTED}, {_PROPOSED, _APPROVED}, Demand.REASON),
    Action.PUBLISH: _act(_EDITOR, {_LISTED}, {_APPROVED}, Demand.CURRENT, Demand.AGREEMENT),
    Action.CORRECT: _act(
        _CHECKER, {_LISTED}, {_OPEN, _ASSIGNED, _PUBLISHED}, Demand.REASON, Demand.EVIDENCE, Demand.INDEPENDENCE
    ),
    Action.WITHDRAW: _act(_EDITOR, {_LISTED}, {_OPEN, _ASSIGNED, _PUBLISHED}, Demand.REASON),
    Action.DISCARD: _act(_CHECKER | _EDITOR, {_DRAFT, _LISTED, _WITHDRAWN}, _ANY),
}
"""The table: who may act, where the record stands, how far the check has come, and what else is demanded."""


def decide(action: Action, case: Case, actor: Staff, *, reason: str = "", assignee: str | None = None) -> list[Problem]:
    """Return why an act is refused; an empty list if it is allowed.

    `assignee` is whom an assignment is for; none takes one back.
    """
    act = ACTS[action]
    if not act.roles.intersection(actor.roles):
        return [_role_needed(action, act, actor)]
    if case.record not in act.records or case.check not in act.checks:
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
    Demand.SELF_OR_EDITOR: lambda asked: (
        Role.EDITOR in asked.actor.roles or {asked.assignee, asked.case.assignee} <= {asked.actor.name, None}
    ),
    Demand.EVIDENCE: lambda asked: not asked.case.lacks_evidence,
    Demand.INDEPENDENCE: lambda asked: not asked.case.lacks_independence,
}
"""What meets each demand."""
OPEN_FINDINGS = "open-findings"
NOT_THE_ASSIGNEE = Problem(
    "not-the-assignee", "Somebody else checks it, or nobody yet.", "Ask them, or have it assigned to you."
)
EVIDENCE_NEEDED = Problem(
    "evidence-needed", "The verdict rests on no evidence.",
    "Attach what supports or refutes the claim, or answer not_enough_evidence or not_checkable.",
)  # fmt: skip
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
    Demand.ASSIGNEE: NOT_THE_ASSIGNEE,
    Demand.SELF_OR_EDITOR: Problem(
        "assign-to-yourself", "A checker assigns claims to themselves alone.", "Ask an editor to assign it."
    ),
    Demand.EVIDENCE: EVIDENCE_NEEDED,
    Demand.INDEPENDENCE: INDEPENDENCE_NEEDED,
}  # fmt: skip
"""What is said when a demand is not met."""


def _role_needed(action: Action, act: Act, actor: Staff) -> Problem:
    roles = " or ".join(role.label_en for role in Role if role in act.roles)
    return Problem("role-needed", f"'{action}' takes the role of {roles}; {actor.name} has it not.", "Ask one.")


def _not_now(action: Action, case: Case) -> Problem:
    sentence = (
        f"'{action}' is not possible while the claim is {case.record.label_en} and its check {case.check.label_en}."
    )
    return Problem("not-now", sentence, "Look at what stands on the desk now.")
