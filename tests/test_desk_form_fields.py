"""Form fields that are missing or have unknown values, for single claims and for bulk actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from desk_routes import EDITORS, FORMS, NEEDED, Expected
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT
from test_desk_permissions import NAMES, WHO, Browser, copy_ledger, fill_form, template, places, stored_state

from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import ACTION_RULES
from claimledger.desk_vocabulary import Action

pytestmark = pytest.mark.slow

__all__ = ["places", "template"]  # the fixtures
ON_PAGE = sorted(FORMS.keys() - {"waive", "relate"})
"""The actions whose forms are on the pages of these claims, which have neither findings nor earlier claims."""
CHANGED = {"edit": {"topics"}}
"""The only field that the edit form changes here; without it, nothing is stored."""
NONE = "???"


def send_claim_form(places: LedgerPaths, act: str, form: dict[str, str]) -> tuple[int, bool]:
    """Send a form of a claim as a permitted role; return the status and whether anything was stored."""
    return send_form(places, permitted_role(FORMS[act]), f"/claims/{FORMS[act].claim_id}/{act}", form)


def send_form(places: LedgerPaths, who: str, path: str, form: dict[str, str]) -> tuple[int, bool]:
    browser = Browser(places, who)
    before = stored_state(places)
    return browser.send("POST", path, form).status_code, stored_state(places) != before


def permitted_role(expected: Expected) -> str:
    return "editor" if expected.statuses == EDITORS else "checker"


def form_on_page(places: LedgerPaths, act: str) -> Any:  # noqa: ANN401  an element of lxml, which has no types
    expected = FORMS[act]
    page = Browser(places, permitted_role(expected)).send("GET", f"/claims/{expected.claim_id}").text
    return next(form for form in lxml.html.fromstring(page).forms if str(form.action).endswith(f"/{act}"))


def filled_page_form(places: LedgerPaths, act: str) -> dict[str, str]:
    """Return the values of the page's own form, filled in for the action."""
    values = {str(name): str(value) for name, value in form_on_page(places, act).form_values()}
    del values["form_token"]
    return values | fill_form(places, FORMS[act])


@pytest.mark.parametrize("act", ON_PAGE)
def test_page_form_is_refused_only_without_a_needed_field(template: LedgerPaths, tmp_path: Path, act: str) -> None:
    form = filled_page_form(template, act)
    assert NEEDED[act] <= form.keys()
    for field in form:
        places = copy_ledger(template, tmp_path / field)
        answer = send_claim_form(places, act, {name: value for name, value in form.items() if name != field})
        expected = (409, False) if field in NEEDED[act] else (303, field not in CHANGED.get(act, ()))
        assert (field, *answer) == (field, *expected)


@pytest.mark.parametrize("act", ON_PAGE)
def test_select_field_refuses_an_unknown_value(places: LedgerPaths, act: str) -> None:
    form, offered = filled_page_form(places, act), form_on_page(places, act).xpath(".//select/@name")
    for field in offered:
        assert (field, *send_claim_form(places, act, {**form, field: NONE})) == (field, 409, False)
    assert bool(offered) is (act in {"assign", "propose", "correct", "edit", "attach", "answer"})


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (act, field)
        for act, expected in FORMS.items()
        for field in sorted({*expected.form, "seen", "draft_id", "reason"})
    ],
)
def test_form_without_a_needed_field_is_refused(places: LedgerPaths, act: str, field: str) -> None:
    expected = FORMS[act]
    form = {name: value for name, value in fill_form(places, expected).items() if name != field}
    browser = Browser(places, "editor" if expected.statuses == EDITORS else "checker")
    before = stored_state(places)
    answer = browser.send("POST", f"/claims/{expected.claim_id}/{act}", form)
    assert answer.status_code == (409 if field in NEEDED[act] else 303)
    assert answer.status_code == 303 or stored_state(places) == before


START = str(TEXT.index("직원은"))
PASSAGE = {"start": START, "end": str(len(TEXT) - 1), "reason": "까닭이 있다."}


@pytest.mark.parametrize("act", ["", NONE])
@pytest.mark.parametrize(("path", "form"), [
    ("", {"claim_id": f"{GROWTH}:1", "assignee": "checker"}),
    ("/publish", {"key": GROWTH, "shown": GROWTH}),
    ("/reports", {"report": "1", "reason": "까닭이 있다."}),
    ("/people", {"name": "checker", "editor": "on"}),
    (f"/articles/{ARTICLE_ID}/furniture", PASSAGE),
    (f"/articles/{ARTICLE_ID}/settle", {**PASSAGE, "claim_id": CARGO, "place": f"{START}-{len(TEXT) - 1}"}),
])  # fmt: skip
def test_form_without_a_known_action_does_nothing(
    places: LedgerPaths, path: str, form: dict[str, str], act: str
) -> None:
    assert send_form(places, "chief", path, {**form, **({"act": act} if act else {})}) == (404, False)


MANY = {"assign": Action.ASSIGN, "approve": Action.APPROVE, "publish": None}
"""The bulk actions of the queue and their rules; "publish" only leads to the publish page."""


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", MANY)
def test_bulk_action_follows_the_role_table(places: LedgerPaths, act: str, who: str) -> None:
    box = fill_form(places, FORMS["approve"])["draft_id"]
    claim_id = CARGO if act == "assign" else GROWTH
    form = {"act": act, "claim_id": f"{claim_id}:{box}", "assignee": "checker"}
    action = MANY[act]
    status, is_changed = send_form(places, who, "", form)
    is_permitted = action is None or ACTION_RULES[action].roles & {*NAMES.get(who, ())}
    assert status == (401 if who == "nobody" else 303 if is_permitted else 409)
    assert is_changed is (status == 303 and action is not None)


@pytest.mark.parametrize(("act", "field", "status"), [
    ("assign", "claim_id", 409), ("assign", "assignee", 409), ("assign", "due_on", 303),
    ("approve", "claim_id", 409), ("approve", "assignee", 303), ("publish", "claim_id", 409),
])  # fmt: skip
def test_bulk_action_without_a_needed_field_is_refused(places: LedgerPaths, act: str, field: str, status: int) -> None:
    box = fill_form(places, FORMS["approve"])["draft_id"]
    claim_id = CARGO if act == "assign" else GROWTH
    form = {"act": act, "claim_id": f"{claim_id}:{box}", "assignee": "checker", "due_on": ""}
    del form[field]
    assert send_form(places, "editor", "", form) == (status, status == 303)
