"""Editors allow or forbid at the desk that a text goes to a model outside: two allow it, one forbids it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import staff
from article_pages import HERE, Browser, make_newsroom
from model_answers import turn_on
from newsroom import CARGO, Clock
from suggestion_newsroom import CLAIMS, attach_report, on_cargo
from test_suggestion_steps import OUTSIDE

from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import step_setup
from claimledger.desk.model_plan import plan_requests
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.ledger.files import LedgerPaths

CLAIM = f"{PREFIX}/claims/{CARGO}"
REASON = "이용 조건에 따른다."


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    made = make_newsroom(tmp_path)
    turn_on(made.root, OUTSIDE)
    with step_setup.open_store(made) as store:
        staff.enrol(store, "second", "editor", now=step_setup.utc_now())
    return made


def summary(page: str) -> str:
    return re.sub("<[^>]+>", "", re.findall(r'<details class="sending"><summary>(.*?)</summary>', page)[0])


def allow(places: LedgerPaths, name: str, address: str = HERE, **fields: str) -> tuple[int, str]:
    values = {"may_send": "yes", "reason": REASON, **fields}
    answer = Browser(places, name).post(f"{address}/sending", **values)
    return answer.status_code, answer.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "states"),
    [
        ("en", ("not allowed", "allowed by editor; a second editor must allow it too", "allowed")),
        ("ko", ("허용하지 않음", "editor 님이 허용, 다른 편집자의 허용 필요", "허용")),
    ],
)
def test_two_editors_allow_an_article_and_one_forbids_it(
    places: LedgerPaths, language: str, states: tuple[str, str, str]
) -> None:
    def sending_state() -> str:
        return summary(Browser(places, "second", language=language).get(HERE)).rpartition(": ")[2]

    assert sending_state() == states[0]
    for name in ("checker", "admin"):
        assert allow(places, name)[0] == 409
        assert re.search(r"<button[^>]* disabled>Allow sending", Browser(places, name).get(HERE))
    assert allow(places, "editor", reason="")[0] == 409
    code, page = allow(places, "editor")
    assert (code, "The decision on sending the text was stored." in page, sending_state()) == (200, True, states[1])
    assert plan_requests(places, CLAIMS).refusals
    code, page = allow(places, "editor")
    assert (code, "A second editor must allow it too." in page, sending_state()) == (409, True, states[1])
    assert allow(places, "second")[0] == 200
    assert (sending_state(), plan_requests(places, CLAIMS).refusals) == (states[2], ())
    assert REASON in Browser(places).get(HERE)
    assert allow(places, "editor", may_send="no")[0] == 200
    assert (sending_state(), bool(plan_requests(places, CLAIMS).refusals)) == (states[0], True)
    assert allow(places, "second", may_send="perhaps")[0] == 409


@pytest.mark.slow
def test_two_editors_allow_a_cited_document_on_the_claims_page(places: LedgerPaths) -> None:
    name = attach_report(places, Clock())
    for editor in ("editor", "second"):
        assert allow(places, editor)[0] == 200
        assert plan_requests(places, on_cargo(SuggestionTask.PASSAGES)).waiting == ()
    page = Browser(places, "editor").get(CLAIM)
    assert summary(page).endswith("not allowed")
    for editor in ("editor", "second"):
        assert "The decision on sending the document was stored." in allow(places, editor, CLAIM, document=name)[1]
    assert plan_requests(places, on_cargo(SuggestionTask.PASSAGES)).waiting
    assert allow(places, "editor", CLAIM, document="another-document")[0] == 404


def test_confidential_document_and_model_of_this_computer_have_no_form(places: LedgerPaths) -> None:
    attach_report(places, Clock(), "leaked-memo-a2b3", is_withheld=True)
    assert 'class="sending"' not in Browser(places, "editor").get(CLAIM)
    turn_on(places.root)
    assert 'class="sending"' not in Browser(places, "editor").get(HERE)
