"""Forms and addresses that the desk's own pages never send are refused with the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from desk_routes import ARTICLE_FORMS, FORMS
from desk_visits import TestClient, made, sent, signed_in, token
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock, add

from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.datasette_plugin.desk_pages.form_values import whole_number
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow

WRONG = ("", "²", "-1", "1e9", "9" * 40, "x", "\x00", "\u202e한글\u202c", "<b>", "31/02/2026", "0" * 20_001)
"""Values that are valid only in free text."""
by_sample = pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.soak)])
"""A field gets every fifth value, the next field the values after those; `scripts/faults` gives each of them."""


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    clock = Clock()
    clock.now = step_setup.utc_now()
    add(places, TEXT, clock)
    return places


@pytest.fixture
def choi(places: LedgerPaths) -> TestClient:
    return signed_in(places, "choi")


def whole_form(name: str, form: Mapping[str, str]) -> dict[str, str]:
    """Return a form of the claim page with the fields that the browser adds."""
    hidden = {"seen": ":", "draft_id": "1", "query": "1", "evidence": "1"}
    hidden |= {"reason": "고친다.", "question": "so", "priority": "normal"}
    return {**hidden, **{field: value.format(name="choi") for field, value in form.items()}, "form": name}


def send_with_wrong_values(client: TestClient, path: str, form: Mapping[str, str], step: int) -> None:
    """Send the form for each field with every `step`th wrong value, with the session's form token."""
    whole = {**form, "form_token": token(client)}
    for number, field in enumerate(form):
        for wrong in WRONG[number % step :: step]:
            status = client.post(f"{PREFIX}{path}", data={**whole, field: wrong}).status_code
            assert status in (200, 404, 409), (field, wrong[:20], status)


@by_sample
@pytest.mark.parametrize("act", FORMS)
def test_claim_form_with_a_wrong_value_causes_no_server_error(act: str, step: int, choi: TestClient) -> None:
    send_with_wrong_values(choi, f"/claims/{CARGO}/{act}", whole_form(act, FORMS[act].form), step)


@by_sample
@pytest.mark.parametrize("act", ARTICLE_FORMS)
def test_article_form_with_a_wrong_value_causes_no_server_error(act: str, step: int, choi: TestClient) -> None:
    form = {"start": "0", "end": "5", "at": "0-5", "seen": "0-5", "place": "0-5", "reason": "쪽 번호다."}
    send_with_wrong_values(choi, f"/articles/{ARTICLE_ID}/{act}", {**form, **ARTICLE_FORMS[act]}, step)


@by_sample
@pytest.mark.parametrize(
    "path", ["", "/articles", f"/articles/{ARTICLE_ID}", f"/claims/{CARGO}", "/publish", "/sheets", "/sheets/export",
             "/reports", "/people", "/articles/new", f"/articles/{ARTICLE_ID}/sheet"],
)  # fmt: skip
def test_wrong_query_parameters_cause_no_server_error(path: str, step: int, choi: TestClient) -> None:
    names = ("page", "view", "at", "start", "end", "words", "near", "so", "record", "key", "claim", "published",
             "count", "encoding", "lang", "article_id", "moved")  # fmt: skip
    for number, name in enumerate(names):
        for wrong in WRONG[:-1][number % step :: step]:
            status = choi.get(f"{PREFIX}{path}", params={name: wrong}).status_code
            assert status in (200, 404, 409), (name, wrong, status)


@pytest.mark.parametrize(
    ("act", "form", "code", "field"),
    [
        ("assign", {"question": "why", "assignee": "kim"}, "unknown-word", "question"),
        ("assign", {"question": "so", "assignee": "kim", "priority": "soon"}, "unknown-word", "priority"),
        ("assign", {"question": "so", "assignee": "kim", "due_on": "2031-02-31"}, "no-such-day", "due_on"),
        ("assign", {"question": "so", "assignee": "kim", "due_on": "31/02/2026"}, "wrong-form", "due_on"),
        ("query", {"as_printed": " ", "should_read": "약 112만t"}, "missing-field", "as_printed"),
        ("query", {"as_printed": "약 120만t", "should_read": ""}, "missing-field", "should_read"),
        ("answer", {"query": "x", "answer": "fixed"}, "not-a-whole-number", "query"),
        ("answer", {"query": "1", "answer": "perhaps"}, "unknown-word", "answer"),
        ("comment", {"text": "  "}, "missing-field", "text"),
        ("approve", {"draft_id": "²"}, "not-a-whole-number", "draft_id"),
        ("edit", {"topics": "ports", "reason": "더 낫다.", "seen": "0"}, "version-not-told", "seen"),
    ],
)
def test_refusal_names_the_wrong_field_and_code(
    act: str, form: dict[str, str], code: str, field: str, choi: TestClient
) -> None:
    status, page = sent(choi, f"/claims/{CARGO}/{act}", **form)
    label = LABELS[field]
    named = f"<b>{label}</b>" if field in HIDDEN else f'<a href="#{form_id(act, form)}-{field}">{label}</a>'
    assert (status, f"[{code}]" in page, named in page) == (409, True, True)


HIDDEN = ("query", "draft_id", "seen")
LABELS = {
    "question": "Question", "priority": "Priority", "due_on": "Deadline", "as_printed": "In the article",
    "text": "Text", "should_read": "Suggested wording", "answer": "Writer&#39;s answer",
    "query": "Question to the writer", "draft_id": "Draft", "seen": "Version you opened",
}  # fmt: skip


def form_id(act: str, form: dict[str, str]) -> str:
    return f"answer-{form['query']}" if act == "answer" else act


@pytest.mark.parametrize("assignee", ["nobody-here", "lee"])
def test_only_a_checker_of_this_desk_can_be_assigned(assignee: str, places: LedgerPaths, choi: TestClient) -> None:
    before = lookups.claim_at_desk(places, CARGO).acts
    status, _ = sent(choi, f"/claims/{CARGO}/assign", question="so", assignee=assignee)
    many, _ = sent(choi, "", act="assign", claim_id=CARGO, assignee=assignee)
    assert (status // 100, many // 100) == (4, 4)
    assert lookups.claim_at_desk(places, CARGO).acts == before


def test_answer_to_an_unknown_query_is_refused(places: LedgerPaths, choi: TestClient) -> None:
    before = lookups.claim_at_desk(places, CARGO).acts
    assert sent(choi, f"/claims/{CARGO}/answer", query="77", answer="fixed")[0] == 404
    assert lookups.claim_at_desk(places, CARGO).acts == before


def test_whole_number_accepts_only_row_numbers() -> None:
    assert [whole_number(typed) for typed in ("0", "9007199254740991", "9007199254740992", "٣", "1_0", " 1")] == [
        0, 9007199254740991, None, None, None, None,
    ]  # fmt: skip
