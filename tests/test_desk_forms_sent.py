"""What a browser may leave out or say otherwise: each field of a form, each word, and every act on many claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from desk_routes import EDITORS, FORMS, NEEDED, Expected
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT
from test_desk_permissions import NAMES, WHO, Browser, copy_of, filled, made, places, stored

from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import ACTION_RULES
from claimledger.desk_vocabulary import Action

pytestmark = pytest.mark.slow

__all__ = ["made", "places"]  # the fixtures
ON_PAGE = sorted(FORMS.keys() - {"waive", "relate"})
"""The acts whose forms stand on the pages of these claims: there is no finding, and no earlier claim."""
CHANGED = {"edit": {"topics"}}
"""The one field that a form of the claim's own fields changes here: without it, nothing is."""
NONE = "???"


def sent(places: LedgerPaths, act: str, form: dict[str, str]) -> tuple[int, bool]:
    """Return the status of the answer, and whether anything was stored."""
    return tried(places, who_may(FORMS[act]), f"/claims/{FORMS[act].claim_id}/{act}", form)


def tried(places: LedgerPaths, who: str, path: str, form: dict[str, str]) -> tuple[int, bool]:
    browser = Browser(places, who)
    before = stored(places)
    return browser.send("POST", path, form).status_code, stored(places) != before


def who_may(expected: Expected) -> str:
    return "editor" if expected.statuses == EDITORS else "checker"


def form_on_page(places: LedgerPaths, act: str) -> Any:  # noqa: ANN401  an element of lxml, which has no types
    expected = FORMS[act]
    page = Browser(places, who_may(expected)).send("GET", f"/claims/{expected.claim_id}").text
    return next(form for form in lxml.html.fromstring(page).forms if str(form.action).endswith(f"/{act}"))


def whole(places: LedgerPaths, act: str) -> dict[str, str]:
    """Return what a browser sends of the page's own form, filled in."""
    values = {str(name): str(value) for name, value in form_on_page(places, act).form_values()}
    del values["form_token"]
    return values | filled(places, FORMS[act])


@pytest.mark.parametrize("act", ON_PAGE)
def test_the_pages_own_form_without_a_field_is_refused_if_and_only_if_that_is_needed(
    made: LedgerPaths, tmp_path: Path, act: str
) -> None:
    form = whole(made, act)
    assert NEEDED[act] <= form.keys()
    for field in form:
        places = copy_of(made, tmp_path / field)
        answer = sent(places, act, {name: value for name, value in form.items() if name != field})
        expected = (409, False) if field in NEEDED[act] else (303, field not in CHANGED.get(act, ()))
        assert (field, *answer) == (field, *expected)


@pytest.mark.parametrize("act", ON_PAGE)
def test_an_unknown_word_where_the_page_offers_words_is_refused(places: LedgerPaths, act: str) -> None:
    form, offered = whole(places, act), form_on_page(places, act).xpath(".//select/@name")
    for field in offered:
        assert (field, *sent(places, act, {**form, field: NONE})) == (field, 409, False)
    assert bool(offered) is (act in {"assign", "propose", "correct", "edit", "attach", "answer"})


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
def test_a_form_for_several_acts_that_names_none_does_nothing(
    places: LedgerPaths, path: str, form: dict[str, str], act: str
) -> None:
    assert tried(places, "chief", path, {**form, **({"act": act} if act else {})}) == (404, False)


MANY = {"assign": Action.ASSIGN, "approve": Action.APPROVE, "publish": None}
"""The acts of the queue's form, and the row of each; the third only leads to the page of publishing."""


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", MANY)
def test_an_act_on_many_is_taken_from_whom_the_table_says(places: LedgerPaths, act: str, who: str) -> None:
    box = filled(places, FORMS["approve"])["draft_id"]
    claim_id = CARGO if act == "assign" else GROWTH
    form = {"act": act, "claim_id": f"{claim_id}:{box}", "assignee": "checker"}
    action = MANY[act]
    status, is_changed = tried(places, who, "", form)
    may = action is None or ACTION_RULES[action].roles & {*NAMES.get(who, ())}
    assert status == (401 if who == "nobody" else 303 if may else 409)
    assert is_changed is (status == 303 and action is not None)


@pytest.mark.parametrize(("act", "field", "status"), [
    ("assign", "claim_id", 409), ("assign", "assignee", 409), ("assign", "due_on", 303),
    ("approve", "claim_id", 409), ("approve", "assignee", 303), ("publish", "claim_id", 409),
])  # fmt: skip
def test_an_act_on_many_without_a_field(places: LedgerPaths, act: str, field: str, status: int) -> None:
    box = filled(places, FORMS["approve"])["draft_id"]
    claim_id = CARGO if act == "assign" else GROWTH
    form = {"act": act, "claim_id": f"{claim_id}:{box}", "assignee": "checker", "due_on": ""}
    del form[field]
    assert tried(places, "editor", "", form) == (status, status == 303)
