"""Who gets what from the desk's pages: every route, for nobody and for each role; and nothing of desk.db elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from desk_client import HOST, SECRET, Browser, copied_to, make_newsroom, session_of, stored
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT
from starlette.routing import Route

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX, article_pages, desk_application
from claimledger.datasette_plugin.desk_pages.claim_pages import ACTS_BY_FORM
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, _form_token
from claimledger.ledger.files import Places

PRINTED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""What the check sheet may load: its style stands in it."""
WHO = ("nobody", "checker", "editor", "admin")


class Expected(NamedTuple):
    """Statuses for nobody, a checker, an editor, an administrator, and what is sent."""

    statuses: tuple[int, int, int, int]
    form: Mapping[str, str] = {}
    claim_id: str = CARGO


PAGE, ACT = (303, 200, 200, 200), (401, 303, 303, 303)
ROUTES: Mapping[tuple[str, str], Expected] = {
    ("GET", "/sign-in"): Expected((200, 303, 303, 303)),
    ("POST", "/sign-in"): Expected((401, 401, 401, 401), {"name": "checker", "password": "wrong"}),
    ("POST", "/sign-out"): Expected(ACT),
    ("GET", "/welcome"): Expected((409, 409, 409, 409)),
    ("POST", "/welcome"): Expected((400, 400, 400, 400), {"token": "none", "password": "a", "password_again": "a"}),
    ("POST", "/language"): Expected(ACT, {"language": "en"}),
    ("GET", "/people"): Expected((303, 404, 404, 200)),
    ("POST", "/people"): Expected((401, 404, 404, 200), {"act": "add", "name": "new-one", "checker": "on"}),
    ("GET", ""): Expected(PAGE),
    ("POST", "/many"): Expected((401, 409, 303, 409), {"act": "approve", "claim_id": GROWTH}),
    ("GET", "/claims/{claim_id}"): Expected(PAGE),
    ("POST", "/claims/{claim_id}/{act}"): Expected((401, 404, 404, 404)),
    ("GET", "/articles"): Expected(PAGE),
    ("GET", "/articles/new"): Expected(PAGE),
    ("POST", "/articles/new"): Expected(
        (401, 303, 409, 409), {"article_id": ARTICLE_ID, "pasted": f"{TEXT}다음 호에 잇는다.\n"}
    ),
    ("GET", "/articles/{article_id}"): Expected(PAGE),
    ("GET", "/articles/{article_id}/sheet"): Expected(PAGE),
    ("GET", "/articles/{article_id}/compare"): Expected(PAGE),
    ("POST", "/articles/{article_id}/{act}"): Expected((401, 404, 404, 404)),
    ("GET", "/publish"): Expected(PAGE),
    ("POST", "/publish"): Expected((401, 409, 303, 409), {"key": GROWTH}, GROWTH),
    ("GET", "/sheets"): Expected(PAGE),
    ("GET", "/sheets/export"): Expected(PAGE),
    ("POST", "/sheets/import"): Expected((401, 409, 409, 409)),
    ("GET", "/reports"): Expected(PAGE),
    ("POST", "/reports"): Expected((401, 303, 303, 409), {"report": "1", "act": "close", "reason": "erledigt"}),
}
"""Every route, with an act that is none; a new route takes a row."""
CHECKERS, EDITORS, BOTH = (401, 303, 409, 409), (401, 409, 303, 409), (401, 303, 303, 409)
VERDICT = {"so_value": "not_checkable", "so_rationale_ko": "아직 모른다.", "so_as_of": "2031-04-03"}
DOCUMENT = {
    "title_en": "A call", "medium": "call", "tier": "secondary", "stance": "context", "summary_en": "They do not know.",
}  # fmt: skip
NOTE = {
    "correction": "clarification",
    "public_note_ko": "수를 고쳤다.",
    "statement_ko": "2030년 하늘항 짐은 약 120만t이다.",
}
FORMS: Mapping[str, Expected] = {
    "edit": Expected(CHECKERS, {"topics": "ports"}),
    "propose": Expected(CHECKERS, VERDICT),
    "correct": Expected(CHECKERS, NOTE),
    "attach": Expected(CHECKERS, DOCUMENT),
    "assign": Expected(BOTH, {"question": "said", "assignee": "{name}"}),
    "query": Expected(CHECKERS, {"as_printed": "약 120만t", "should_read": "약 112만t"}),
    "answer": Expected(CHECKERS, {"query": "1", "answer": "fixed", "text": "고쳤다."}),
    "comment": Expected(BOTH, {"text": "전화했다."}),
    "approve": Expected(EDITORS, {}, GROWTH),
    "return": Expected(EDITORS, {}, GROWTH),
    "waive": Expected(EDITORS, {"code": "statement-scale-differs"}),
    "withdraw": Expected(EDITORS),
    "discard": Expected(BOTH, {}, GROWTH),
}
"""Every act on a claim: one claim has nothing waiting and is the checker's to judge, the other has a draft waiting."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return make_newsroom(tmp_path_factory.mktemp("permissions") / "ledger")


@pytest.fixture
def places(made: Places, tmp_path: Path) -> Places:
    return copied_to(made, tmp_path / "ledger")


def way(path: str, claim_id: str = CARGO, act: str = "no-such-act") -> str:
    return path.replace("{claim_id}", claim_id).replace("{article_id}", ARTICLE_ID).replace("{act}", act)


def filled(places: Places, expected: Expected) -> dict[str, str]:
    claim = desk.claim_at_desk(places, expected.claim_id)
    seen = f"{claim.head_sha256}:{claim.draft.draft_id if claim.draft else ''}"
    return {"seen": seen, "draft_id": str(claim.newest_draft_id), "reason": "까닭이 있다.", **expected.form}


def test_every_route_and_every_act_has_a_row(made: Places) -> None:
    routes = {
        (method, route.path.removeprefix(PREFIX))
        for route in desk_application(made).routes
        if isinstance(route, Route) and route.path.startswith(PREFIX)
        for method in {*(route.methods or ())} - {"HEAD"}
    }
    assert routes == ROUTES.keys()
    assert ACTS_BY_FORM.keys() == FORMS.keys()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_route_answers_whom_it_should(places: Places, route: tuple[str, str], who: str) -> None:
    method, path = route
    expected, browser = ROUTES[route], Browser(places, who)
    before = stored(places)
    answer = browser.send(method, way(path), filled(places, expected) if method == "POST" else None)
    assert answer.status_code == expected.statuses[WHO.index(who)]
    own = {"Content-Security-Policy": PRINTED} if path.endswith("/sheet") and answer.status_code == 200 else {}
    for name, value in {**HEADERS, **own}.items():
        assert answer.headers[name] == value
    if answer.status_code >= 400 or method == "GET":
        assert stored(places) == before
    if who == "nobody":
        assert not any(word in answer.text for word in (CARGO, SECRET, "checker"))
        assert answer.status_code != 303 or answer.headers["location"] == f"{PREFIX}/sign-in"


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", FORMS)
def test_an_act_is_taken_from_whom_the_table_says(places: Places, act: str, who: str) -> None:
    expected, browser = FORMS[act], Browser(places, who)
    form, before = filled(places, expected), stored(places)
    answer = browser.send("POST", f"/claims/{expected.claim_id}/{act}", form)
    assert answer.status_code == expected.statuses[WHO.index(who)]
    assert (stored(places) != before) is (answer.status_code == 303)


def forgeries() -> Mapping[str, dict[str, str]]:
    return {
        "another origin": {"origin": "https://evil.example"},
        "a frame without origin": {"origin": "null"},
        "this host as a part of another": {"origin": f"{HOST}.evil.example"},
        "a cross-site request": {"sec_fetch_site": "cross-site"},
        "a request from a neighbour": {"sec_fetch_site": "same-site"},
        "no token": {"token": "-"},
        "a wrong token": {"token": "0" * 64},
        "nobody's token": {"token": _form_token("")},
    }


ARTICLE_FORMS: Mapping[str, Mapping[str, str]] = {
    "accept": {"claim_id": "staff-of-the-port-e5f6", "statement_ko": "하늘항 직원은 40명이다.",
               "source_kind": "own_reporting",
               "source_name_ko": "항만월간", "mode": "narration"},
    "dismiss": {}, "again": {}, "settle": {"claim_id": CARGO}, "furniture": {"act": "mask"}, "record": {},
}  # fmt: skip
"""Every act on an article; who edits nothing does none of them."""


@pytest.mark.parametrize("who", ["nobody", "editor", "admin"])
@pytest.mark.parametrize("act", ARTICLE_FORMS)
def test_an_act_on_an_article_takes_a_checker(places: Places, act: str, who: str) -> None:
    assert ARTICLE_FORMS.keys() == article_pages._ACTS.keys()
    start = str(TEXT.index("직원은"))
    form = {"start": start, "end": str(len(TEXT) - 1), "reason": "까닭이 있다.", **ARTICLE_FORMS[act]}
    browser = Browser(places, who)
    before = stored(places)
    answer = browser.send("POST", f"/articles/{ARTICLE_ID}/{act}", form)
    assert answer.status_code == (401 if who == "nobody" else 409)
    assert stored(places) == before


def test_a_checker_dismisses_a_passage(places: Places) -> None:
    browser = Browser(places, "checker")
    before = stored(places)
    form = {"start": str(TEXT.index("직원은")), "end": str(len(TEXT) - 1), "reason": "까닭이 있다."}
    assert browser.send("POST", f"/articles/{ARTICLE_ID}/dismiss", form).status_code == 303
    assert stored(places) != before


POSTS = [
    *((way(path), expected) for (method, path), expected in ROUTES.items() if method == "POST" and "{" not in path),
    *((f"/articles/{ARTICLE_ID}/{act}", Expected(ACT, form)) for act, form in ARTICLE_FORMS.items()),
    *((f"/claims/{expected.claim_id}/{act}", expected) for act, expected in FORMS.items()),
]


@pytest.mark.parametrize("forgery", forgeries())
def test_a_form_of_another_site_changes_nothing(places: Places, forgery: str) -> None:
    browser, headers = Browser(places, "chief"), dict(forgeries()[forgery])
    token = headers.pop("token", None)
    before = stored(places)
    for path, expected in POSTS:
        if token is not None and path in ("/sign-in", "/welcome"):
            continue  # there is no session yet whose token it could be
        answer = browser.send("POST", path, filled(places, expected), token=token, **headers)
        assert answer.status_code == 409, path
        assert stored(places) == before, path


def test_the_desks_own_page_may_say_where_it_comes_from(places: Places) -> None:
    headers = {"origin": HOST, "sec_fetch_site": "same-origin"}
    assert Browser(places, "chief").send("POST", "/language", {"language": "ko"}, **headers).status_code == 303


def test_a_token_of_another_session_is_none(places: Places) -> None:
    other = session_of(places, "chief")
    answer = Browser(places, "chief").send("POST", "/language", {"language": "ko"}, token=_form_token(other))
    assert answer.status_code == 409
