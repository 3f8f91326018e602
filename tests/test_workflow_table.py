"""The workflow table, held against every combination of act, record, check, role, authorship and demand."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from claimledger.review import ACTS, Case, Staff, decide
from claimledger.vocabulary import Action, CheckStage, RecordStage, Role

ROLES = [frozenset(roles) for size in range(4) for roles in combinations(Role, size)]
NONE, DRAFT, LISTED, WITHDRAWN = RecordStage
OPEN, ASSIGNED, PROPOSED, APPROVED, PUBLISHED = CheckStage
CHECKERS = {Action.ACCEPT, Action.EDIT, Action.ATTACH, Action.QUERY, Action.ANSWER, Action.PROPOSE, Action.CORRECT}
EDITORS = {Action.LIST, Action.APPROVE, Action.RETURN, Action.PUBLISH, Action.WITHDRAW, Action.WAIVE}


def may(action: Action, roles: frozenset[Role]) -> bool:
    """Say in other words whose act it is; an administrator's is none."""
    if action in CHECKERS:
        return Role.CHECKER in roles
    return Role.EDITOR in roles or (action not in EDITORS and Role.CHECKER in roles)


def moment(action: Action, record: RecordStage, check: CheckStage) -> bool:  # noqa: PLR0911  one answer an act
    """Say in other words when an act has its time."""
    match action:
        case Action.ACCEPT:
            return record is NONE
        case Action.EDIT | Action.WAIVE:
            return record in (DRAFT, LISTED)
        case Action.LIST:
            return record is DRAFT and check in (PROPOSED, APPROVED)
        case Action.ASSIGN:
            return record in (DRAFT, LISTED) and check not in (PROPOSED, APPROVED)
        case Action.PROPOSE:
            return record is LISTED and check is ASSIGNED
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


def demanded(action: Action, case: Case, staff: Staff, reason: str) -> set[str]:
    """Say in other words what else is asked for."""
    found = set()
    if not reason and action in (Action.RETURN, Action.CORRECT, Action.WITHDRAW, Action.WAIVE):
        found.add("reason-needed")
    if not reason and action is Action.EDIT and case.record is LISTED:
        found.add("reason-needed")
    if action in (Action.LIST, Action.APPROVE) and staff.name in case.authors:
        found.add("second-person-needed")
    if action in (Action.LIST, Action.APPROVE, Action.PUBLISH) and not case.is_current:
        found.add("stale-base")
    if action in (Action.LIST, Action.PUBLISH) and case.has_findings:
        found.add("open-findings")
    if action is Action.PROPOSE and case.assignee != staff.name:
        found.add("not-the-assignee")
    if action in (Action.PROPOSE, Action.CORRECT) and case.lacks_evidence:
        found.add("evidence-needed")
    if action in (Action.PROPOSE, Action.CORRECT, Action.APPROVE) and case.lacks_independence:
        found.add("few-independent-documents")
    return found


@pytest.mark.parametrize("action", Action)
def test_every_act_in_every_case(action: Action) -> None:
    flags = list(product([False, True], repeat=4))
    people = [
        (staff, author, assignee) for staff in ("kim", "lee") for author in ("kim", "lee") for assignee in ("kim", None)
    ]
    for record, check, roles, reason in product(RecordStage, CheckStage, ROLES, ["", " ", "왜냐하면"]):
        for (is_current, has_findings, lacks, is_thin), (name, author, assignee) in product(flags, people):
            case = Case(record, check, assignee, (author,), is_current, has_findings, lacks, is_thin)
            staff = Staff(name, roles)
            codes = {problem.code for problem in decide(action, case, staff, reason=reason, assignee=name)}
            if not may(action, roles):
                assert codes == {"role-needed"}
            elif not moment(action, record, check):
                assert codes == {"not-now"}
            elif action is Action.ASSIGN:
                is_own = assignee in (name, None)
                assert codes == (set() if is_own or Role.EDITOR in roles else {"assign-to-yourself"})
            else:
                assert codes == demanded(action, case, staff, reason.strip())


def test_a_checker_assigns_to_themselves_alone_and_takes_nobodys_work() -> None:
    checker, editor = Staff("kim", {Role.CHECKER}), Staff("lee", {Role.EDITOR})
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
    admin = Staff("root", {Role.ADMIN})
    every = (
        decide(action, Case(*stage), admin, reason="x")
        for action, stage in product(Action, product(RecordStage, CheckStage))
    )
    assert {problem.code for problem in chain.from_iterable(every)} == {"role-needed"}


def test_the_table_has_a_row_for_each_act() -> None:
    assert ACTS.keys() == set(Action)


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    lacks = {"lacks_evidence": True, "lacks_independence": True}
    case = Case(LISTED, PROPOSED, None, ("kim",), is_current=False, has_findings=True, **lacks)
    for action in Action:
        for problem in decide(action, case, Staff("kim", set(Role))):
            assert problem.sentence.endswith(".")
            assert problem.remedy.endswith(".")
