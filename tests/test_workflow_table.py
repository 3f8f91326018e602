"""The workflow table for every combination of action, record, check, role, authorship and requirement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from test_workflow_other_actions import ACTION_ROLES
from tiers import quick_only

from claimledger.workflow import ACTION_RULES, Case, StaffMember, decide
from claimledger.desk_vocabulary import Action, CheckStage, RecordStage, Role
from claimledger.vocabulary import RevisionKind

ROLES = [frozenset(roles) for size in range(4) for roles in combinations(Role, size)]
NONE, DRAFT, LISTED, WITHDRAWN = RecordStage
OPEN, ASSIGNED, PROPOSED, RETURNED, APPROVED, PUBLISHED = CheckStage
CHECKERS = {Action.ACCEPT, Action.EDIT, Action.ATTACH, Action.QUERY, Action.ANSWER, Action.PROPOSE, Action.CORRECT}
ON_CLAIMS = [action for action in Action if action not in ACTION_ROLES]
EDITORS = {
    Action.LIST,
    Action.APPROVE,
    Action.RETURN,
    Action.PUBLISH,
    Action.WITHDRAW,
    Action.WAIVE,
    Action.READ_SAVINGS,
}


def has_role(action: Action, roles: frozenset[Role]) -> bool:
    """Return whether a role may do an action, from rules written independently of the table."""
    if action in CHECKERS:
        return Role.CHECKER in roles
    return Role.EDITOR in roles or (action not in EDITORS and Role.CHECKER in roles)


def is_in_time(action: Action, record: RecordStage, check: CheckStage) -> bool:  # noqa: PLR0911  one answer per action
    """Return whether an action is possible at a stage, from rules written independently of the table."""
    match action:
        case Action.ACCEPT:
            return record is NONE
        case Action.EDIT | Action.WAIVE | Action.ATTACH:
            return record in (DRAFT, LISTED)
        case Action.LIST:
            return record is DRAFT and check in (PROPOSED, APPROVED)
        case Action.ASSIGN:
            return record in (DRAFT, LISTED) and check not in (PROPOSED, APPROVED)
        case Action.PROPOSE:
            return record is LISTED and check in (ASSIGNED, RETURNED)
        case Action.APPROVE:
            return record is LISTED and check is PROPOSED
        case Action.RETURN:
            return record in (DRAFT, LISTED) and check in (PROPOSED, APPROVED)
        case Action.PUBLISH:
            return record is LISTED and check is APPROVED
        case Action.CORRECT | Action.WITHDRAW:
            return record is LISTED and check not in (PROPOSED, APPROVED)
        case _:
            return record is not NONE


WRITING = (Action.EDIT, Action.WAIVE, Action.ATTACH, Action.PROPOSE, Action.CORRECT)
REASONED = (
    Action.RETURN, Action.CORRECT, Action.WITHDRAW, Action.WAIVE, Action.DISCARD, Action.SETTLE_RECHECK,
)  # fmt: skip
LACKING = {
    "stale-base": (Action.LIST, Action.APPROVE, Action.PUBLISH),
    "open-findings": (Action.LIST, Action.APPROVE, Action.PUBLISH),
    "evidence-needed": (Action.EDIT, Action.PROPOSE, Action.CORRECT, Action.APPROVE, Action.PUBLISH),
    "few-independent-documents": (Action.EDIT, Action.PROPOSE, Action.CORRECT, Action.APPROVE),
}
"""The actions that each missing requirement blocks."""


def expected_codes(action: Action, case: Case, staff: StaffMember, reason: str) -> set[str]:
    """Return the other expected problem codes, from rules written independently of the table."""
    lacks = {
        "stale-base": not case.is_current, "open-findings": case.has_findings, "evidence-needed": case.lacks_evidence,
        "few-independent-documents": case.lacks_independence,
    }  # fmt: skip
    found = {code for code, is_lacking in lacks.items() if is_lacking and action in LACKING[code]}
    if not reason and action in REASONED:
        found.add("reason-needed")
    if not reason and action is Action.EDIT and case.record is LISTED:
        found.add("reason-needed")
    if action in (Action.LIST, Action.APPROVE) and staff.name in case.authors:
        found.add("second-person-needed")
    if action is Action.PROPOSE and case.assignee != staff.name:
        found.add("not-the-assignee")
    if action is Action.EDIT and case.is_revised and staff.name not in {case.assignee, *case.writers}:
        found.add("not-the-assignee")
    if action in WRITING and case.waiting_kind is RevisionKind.WITHDRAWAL:
        found.add("withdrawal-waits")
    if action is Action.WITHDRAW and case.waiting_kind:
        found.add("draft-waits")
    if action is Action.DISCARD and staff.name not in case.writers and Role.EDITOR not in staff.roles:
        found.add("not-yours-to-discard")
    return found


def cases(record: RecordStage, check: CheckStage) -> Iterator[Case]:
    """Yield a claim in a stage with each combination of the other values that the table uses."""
    flags = product([False, True], repeat=5)
    people = product(["kim", "park"], ["kim", None], ["kim", "park"])
    waits = (None, RevisionKind.UPDATE, RevisionKind.WITHDRAWAL)
    for (author, assignee, writer), kind, (revised, current, disagrees, bare, thin) in product(people, waits, flags):
        yield Case(record, check, assignee, (author,), kind, (writer,), revised, current, disagrees, bare, thin)


STAGES = [*product(RecordStage, CheckStage)]


@pytest.mark.parametrize("action", ON_CLAIMS)
def test_every_action_in_every_stage_by_every_role(action: Action) -> None:
    for (record, check), roles in product(STAGES, ROLES):
        found = decide(
            action, Case(record, check, "kim", writers=("kim",)), StaffMember("kim", roles), reason="왜냐하면"
        )
        codes = {problem.code for problem in found}
        assert ("role-needed" in codes) is not has_role(action, roles)
        assert ("not-now" in codes) is (has_role(action, roles) and not is_in_time(action, record, check))
        if codes & {"role-needed", "not-now"}:
            assert len(found) == 1


@pytest.mark.parametrize("action", quick_only(ON_CLAIMS, Action.APPROVE))
def test_every_action_in_every_case(action: Action) -> None:
    able = [roles for roles in ROLES if has_role(action, roles) and Role.ADMIN not in roles]
    for record, check in [stage for stage in STAGES if is_in_time(action, *stage)]:
        for case, roles, reason in product(cases(record, check), able, ["", "왜냐하면"]):
            staff = StaffMember("kim", roles)
            codes = {problem.code for problem in decide(action, case, staff, reason=reason, assignee="kim")}
            if action is Action.ASSIGN:
                is_own = case.assignee in ("kim", None)
                assert codes == (set() if is_own or Role.EDITOR in roles else {"assign-to-yourself"})
            else:
                assert codes == expected_codes(action, case, staff, reason.strip())


def test_checkers_assign_only_unassigned_work_to_themselves() -> None:
    checker, editor = StaffMember("kim", {Role.CHECKER}), StaffMember("lee", {Role.EDITOR})
    for assignee, now, is_allowed in (
        ("kim", None, True),
        ("lee", None, False),
        ("kim", "lee", False),
        (None, "kim", True),
    ):
        case = Case(LISTED, ASSIGNED if now else OPEN, now)
        assert (decide(Action.ASSIGN, case, checker, assignee=assignee) == []) is is_allowed
        assert decide(Action.ASSIGN, case, editor, assignee=assignee) == []


def test_an_administrator_has_no_editorial_power() -> None:
    admin = StaffMember("root", {Role.ADMIN})
    every = (
        decide(action, Case(*stage), admin, reason="x")
        for action, stage in product(ON_CLAIMS, product(RecordStage, CheckStage))
    )
    assert {problem.code for problem in chain.from_iterable(every)} == {"role-needed"}


def test_table_has_a_row_for_each_action() -> None:
    assert ACTION_RULES.keys() == set(Action)


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    case = Case(LISTED, PROPOSED, None, ("kim",), RevisionKind.WITHDRAWAL, ("lee",), True, False, True, True, True)  # noqa: FBT003
    cases = [case, replace(case, check=ASSIGNED), replace(case, check=APPROVED)]
    staff = [StaffMember("kim", set(Role)), StaffMember("kim", {Role.CHECKER})]
    every = (decide(action, one, who) for action, one, who in product(Action, cases, staff))
    found = [*chain.from_iterable(every)]
    assert {problem.code for problem in found} >= {"withdrawal-waits", "draft-waits", "not-yours-to-discard"}
    assert all(problem.sentence.endswith(".") and problem.remedy.endswith(".") for problem in found)
