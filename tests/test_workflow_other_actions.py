"""Workflow actions that are not on claims: every action by every role, on everything, with and without a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock

from claimledger import desk
from claimledger.desk import account_steps, notice_steps
from claimledger.errors import ProblemsFound
from claimledger.intake import extract_document
from claimledger.desk.check_imports import CheckImportPlan
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.reader_reports import NewReport
from claimledger.newsroom.sending_rights import TextOwner
from claimledger.models import Span
from claimledger.workflow import Case, StaffMember, decide
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import (
    Action, CheckStage, RecordStage, ReportStage, Role, SuggestionTask, TemplateKind,
)  # fmt: skip

CHECKER, EDITOR, ADMIN = ({role} for role in Role)
EDITORIAL = CHECKER | EDITOR
ACTION_ROLES = {
    Action.ADD_ARTICLE: CHECKER, Action.DISMISS: CHECKER, Action.REOPEN: CHECKER, Action.SETTLE: CHECKER,
    Action.RECORD_DISMISSALS: CHECKER, Action.MARK_FURNITURE: CHECKER, Action.READ_CONTACT: EDITOR,
    Action.CLOSE_REPORT: EDITORIAL, Action.REOPEN_REPORT: EDITORIAL, Action.TAKE_IN_REVIEWS: EDITORIAL,
    Action.IMPORT_CHECKS: EDITOR, Action.APPROVE_CHECKS: EDITOR, Action.DISCARD_CHECKS: EDITOR,
    Action.READ_PEOPLE: ADMIN, Action.ADD_PERSON: ADMIN, Action.CHANGE_ROLES: ADMIN, Action.DEACTIVATE: ADMIN,
    Action.INVITE: ADMIN, Action.ISSUE_TOKEN: ADMIN, Action.REVOKE_TOKEN: ADMIN, Action.CHANGE_LANGUAGE: {*Role},
    Action.CHANGE_ADDRESS: ADMIN, Action.SET_DEADLINE: EDITOR, Action.NOTE_ARTICLE: EDITORIAL,
    Action.CHANGE_TEMPLATE: EDITOR, Action.CHANGE_NOTICES: {*Role}, Action.ASK_MODEL: CHECKER,
    Action.DISMISS_SUGGESTION: CHECKER, Action.ALLOW_SENDING: EDITOR, Action.DELETE_ANSWERS: EDITOR,
}  # fmt: skip
"""The actions that are not on claims, with their roles: one of them is enough. Written independently of the table."""
REASONED = {
    Action.ADD_ARTICLE, Action.DISMISS, Action.REOPEN, Action.SETTLE, Action.RECORD_DISMISSALS, Action.MARK_FURNITURE,
    Action.CLOSE_REPORT, Action.REOPEN_REPORT, Action.IMPORT_CHECKS, Action.DISCARD_CHECKS, Action.ALLOW_SENDING,
    Action.DELETE_ANSWERS,
}  # fmt: skip
ON_REPORTS = {
    Action.READ_CONTACT: ReportStage.OPEN, Action.CLOSE_REPORT: ReportStage.OPEN,
    Action.REOPEN_REPORT: ReportStage.CLOSED,
}  # fmt: skip
ROLES = [frozenset(roles) for size in range(4) for roles in combinations(Role, size)]


def cases() -> Iterator[Case]:
    """Yield every case of an action: a claim or a report in each stage, and the accounts."""
    yield from (Case(*stage) for stage in product(RecordStage, CheckStage))
    yield from (
        Case(report=stage, account_owner=name) for stage, name in product([None, *ReportStage], [None, "kim", "lee"])
    )


def expected_codes(action: Action, case: Case, roles: frozenset[Role], reason: str) -> set[str]:
    """Return the expected problem codes, from rules written independently of the table."""
    if not roles & ACTION_ROLES[action]:
        return {"role-needed"}
    if case.record is not None or case.report is not ON_REPORTS.get(action):
        return {"not-now"}
    lacks_reason = action in REASONED and not reason.strip()
    is_others = action in (Action.CHANGE_LANGUAGE, Action.CHANGE_NOTICES) and case.account_owner != "kim"
    return ({"reason-needed"} if lacks_reason else set()) | ({"not-your-account"} if is_others else set())


@pytest.mark.parametrize("action", ACTION_ROLES)
def test_every_action_on_every_case_by_every_role(action: Action) -> None:
    for case, roles, reason in product(cases(), ROLES, ["", " ", "왜냐하면"]):
        found = decide(action, case, StaffMember("kim", roles), reason=reason)
        assert {problem.code for problem in found} == expected_codes(action, case, roles, reason)
        assert all(problem.sentence.endswith(".") and problem.remedy.endswith(".") for problem in found)


def test_actions_on_claims_are_refused_on_anything_else() -> None:
    for action, case in product(set(Action) - ACTION_ROLES.keys(), cases()):
        if case.record is None:
            assert [one.code for one in decide(action, case, StaffMember("kim", {*Role}), reason="x")] == ["not-now"]


@pytest.mark.parametrize("action", Action)
def test_refusal_names_the_action_in_both_languages(action: Action) -> None:
    on = (
        Case(RecordStage.LISTED)
        if action not in ACTION_ROLES
        else Case(report=ON_REPORTS.get(action), account_owner="kim")
    )
    (refused,) = decide(action, on, StaffMember("lee", ()))
    assert refused.sentence.startswith(f"{action.label_en}: this needs the role ")
    assert refused.text("ko").startswith(f"{action.label_ko}: ")
    (late,) = decide(action, replace(on, record=None if on.record else RecordStage.LISTED), StaffMember("lee", {*Role}))
    assert late.sentence.startswith(f"{action.label_en}: ")
    assert late.text("ko").startswith(f"{action.label_ko}: ")


@pytest.mark.slow
@pytest.mark.parametrize("action", Action)
def test_korean_refusal_names_the_stage_and_the_next_step(action: Action) -> None:
    """Each stage has its own label ("open" differs for checks and reports), and no English word is left."""
    for case, roles in product(cases(), (frozenset(Role), frozenset[Role]())):
        refused = decide(action, case, StaffMember("이", roles), reason="x")
        for one in (one for one in refused if one.code in ("not-now", "role-needed")):
            text, sentence = one.text("ko"), one.message.sentence("ko")
            assert one.message.advice("ko"), text
            assert not re.search("[A-Za-z]", text), text
            if one.code == "role-needed":
                named = {role for role in Role if f"‘{role.label_ko}’" in sentence}
                assert named == ACTION_ROLES.get(action, named)
                assert sentence.endswith("‘이’에게는 그 역할이 없습니다.")
            elif case.record:
                assert f"주장은 ‘{case.record.label_ko}’, 검증은 ‘{case.check.label_ko}’" in text
            elif case.report:
                assert f"제보는 ‘{case.report.label_ko}’" in text


@pytest.mark.parametrize(
    ("action", "case", "korean"),
    [
        (
            Action.PROPOSE, Case(RecordStage.LISTED, CheckStage.OPEN),
            (f"{Action.PROPOSE.label_ko}: 지금은 할 수 없습니다. 주장은 ‘{RecordStage.LISTED.label_ko}’, "
             f"검증은 ‘{CheckStage.OPEN.label_ko}’ 상태입니다. 먼저 담당자를 지정하세요."),
        ),
        (
            Action.CLOSE_REPORT, Case(report=ReportStage.CLOSED),
            (f"{Action.CLOSE_REPORT.label_ko}: 지금은 할 수 없습니다. 제보는 ‘{ReportStage.CLOSED.label_ko}’ "
             "상태입니다. 제보의 현재 상태를 확인하세요."),
        ),
    ],
)  # fmt: skip
def test_korean_refusal_says_which_step_comes_first(action: Action, case: Case, korean: str) -> None:
    (late,) = decide(action, case, StaffMember("lee", {*Role}), reason="x")
    assert late.text("ko") == korean


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    places = newsroom.write_all(tmp_path_factory.mktemp("other-acts") / "ledger")
    desk.record(places, [], newsroom.edit_by("author", "First reading"))
    desk.publish(places, newsroom.actor("publisher"))
    desk.submit_report(places, NewReport(CARGO, "틀렸다.", ""), address="203.0.113.9")
    text = extract_document(TEXT.encode(), name="harbour.txt")
    desk.add_article(places, text, newsroom.edit_by("author", "The text"), origin="harbour.txt")
    newsroom.hire(places, "kim")
    return places


SPAN = Span(start=TEXT.index("직원은"), end=len(TEXT) - 1)


@pytest.mark.slow
@pytest.mark.parametrize("action", sorted(ACTION_ROLES.keys() - {Action.READ_CONTACT}))
def test_each_desk_function_checks_its_own_action(places: LedgerPaths, action: Action) -> None:
    """No role is allowed, and the refusal names the action. READ_CONTACT is left out: it only hides the contact."""
    nobody = StaffMember("nobody", ())
    made = Edit("nobody", "까닭이 있다.", None, None, ())
    text = extract_document(f"{TEXT}다음 호에 잇는다.\n".encode(), name="harbour.txt")
    clock = Clock()
    steps: Mapping[Action, Callable[[], object]] = {
        Action.ADD_ARTICLE: lambda: desk.add_article(places, text, made, origin="harbour.txt", article_id=ARTICLE_ID),
        Action.DISMISS: lambda: desk.dismiss(places, ARTICLE_ID, SPAN, made),
        Action.REOPEN: lambda: desk.dismiss(places, ARTICLE_ID, SPAN, made, again=True),
        Action.SETTLE: lambda: desk.settle(places, ARTICLE_ID, CARGO, SPAN, made),
        Action.RECORD_DISMISSALS: lambda: desk.record_dismissals(places, ARTICLE_ID, made),
        Action.MARK_FURNITURE: lambda: desk.correct_furniture(places, ARTICLE_ID, SPAN, made, is_furniture=True),
        Action.SET_DEADLINE: lambda: desk.set_deadline(places, ARTICLE_ID, None, nobody),
        Action.NOTE_ARTICLE: lambda: desk.note_article(places, ARTICLE_ID, "x", nobody),
        Action.ASK_MODEL: lambda: desk.ask_model(places, ModelTask(SuggestionTask.CLAIMS, ARTICLE_ID), nobody),
        Action.DISMISS_SUGGESTION: lambda: desk.dismiss_suggestion(places, 1, nobody),
        Action.ALLOW_SENDING: lambda: desk.allow_sending(places, TextOwner(ARTICLE_ID), made, may_send=True),
        Action.DELETE_ANSWERS: lambda: desk.delete_answers(places, ARTICLE_ID, made),
        Action.CHANGE_TEMPLATE: lambda: desk.change_template(places, TemplateKind.REASON, {"ko": "x"}, nobody),
        Action.CLOSE_REPORT: lambda: desk.close_report(places, 1, nobody, reason="까닭이 있다."),
        Action.REOPEN_REPORT: lambda: desk.reopen_report(places, 1, nobody, reason="까닭이 있다."),
        Action.TAKE_IN_REVIEWS: lambda: desk.import_reviews(places, [], nobody, origin="x"),
        Action.IMPORT_CHECKS: lambda: desk.propose_check_import(
            places, CheckImportPlan("seorae"), nobody, reason="까닭이 있다.", origin="x"
        ),
        Action.APPROVE_CHECKS: lambda: desk.approve_check_import(places, "seorae", nobody),
        Action.DISCARD_CHECKS: lambda: desk.discard_check_import(places, "seorae", nobody, "까닭이 있다."),
        Action.READ_PEOPLE: lambda: account_steps.list_users(places, nobody),
        Action.ADD_PERSON: lambda: account_steps.add_user(places, "new-one", roles=["checker"], actor=nobody),
        Action.CHANGE_ROLES: lambda: account_steps.change_user_roles(places, "kim", roles=["checker"], actor=nobody),
        Action.CHANGE_LANGUAGE: lambda: account_steps.change_user_language(places, "kim", language="ko", actor=nobody),
        Action.CHANGE_ADDRESS: lambda: account_steps.change_user_address(places, "kim", address="", actor=nobody),
        Action.CHANGE_NOTICES: lambda: notice_steps.issue_own_feed(places, "kim", actor=nobody),
        Action.DEACTIVATE: lambda: account_steps.deactivate_user(places, "kim", actor=nobody),
        Action.INVITE: lambda: account_steps.invite_user(places, "kim", actor=nobody),
        Action.ISSUE_TOKEN: lambda: account_steps.issue_user_token(places, "kim", "here", actor=nobody, clock=clock),
        Action.REVOKE_TOKEN: lambda: account_steps.revoke_user_token(places, "kim", "here", actor=nobody, clock=clock),
    }  # fmt: skip
    with pytest.raises(ProblemsFound, match=re.escape(f"{action.label_en}: this needs the role ")):
        steps[action]()


@pytest.mark.parametrize(
    "step",
    [
        account_steps.list_users, account_steps.users_with_password, account_steps.read_account_events,
        lambda places, reader: account_steps.list_user_tokens(places, "kim", reader),
    ],
)  # fmt: skip
def test_only_administrators_may_list_people(
    places: LedgerPaths, step: Callable[[LedgerPaths, StaffMember], object]
) -> None:
    for role in (Role.CHECKER, Role.EDITOR):
        with pytest.raises(ProblemsFound, match=re.escape(f"{Action.READ_PEOPLE.label_en}: this needs the role ")):
            step(places, StaffMember("kim", (role,)))
    step(places, StaffMember("kim", (Role.ADMIN,)))
