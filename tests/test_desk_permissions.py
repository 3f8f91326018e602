"""Permissions of every desk route and action for visitors and each role, and the privacy of desk.db."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import newsroom
import pytest
from datasette.app import Datasette
from desk_routes import (
    ACT, ARTICLE_FORMS, ARTICLE_SUGGESTION_FORMS, ARTICLE_TASK_FORMS, CLAIM_SUGGESTION_FORMS, FORMS, NEEDED, QUERY,
    ROUTES, SENDING_FORMS, SUGGESTION_POSTS, Expected,
)  # fmt: skip
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, Clock, actor
from staff import CHEAP, HERE, PASSWORD
from tiers import quick_only

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.accounts.credential_rules import HASHER
from claimledger.datasette_plugin.addresses import DESK_VARIABLE
from claimledger.datasette_plugin.desk_pages import PREFIX, article_pages, desk_application
from claimledger.datasette_plugin.desk_pages.claim_acts import ACTS_BY_FORM
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, form_token
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.step_setup import utc_now
from claimledger.intake import extract_document
from claimledger.accounts import access, credentials, people
from claimledger.accounts.credentials import CredentialKind
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.reader_reports import NewReport
from claimledger.workflow import ACTION_RULES, Demand
from claimledger.desk_vocabulary import Action, Role
from claimledger.vocabulary import Question

SECRET = "소장의 비서에게 다시 전화하기로 한 약속"
HOST = "https://desk.example"
NAMES: Mapping[str, tuple[Role, ...]] = {
    "checker": (Role.CHECKER,), "editor": (Role.EDITOR,), "admin": (Role.ADMIN,), "chief": tuple(Role),
}  # fmt: skip
PRINTED = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"
"""The content security policy of the check sheet, which has inline styles and a script for printing."""
WHO = ("nobody", "checker", "editor", "admin")
READ = [("GET", path) for path in ("", "/claims/{claim_id}", "/articles/{article_id}", "/publish", "/people")]
"""Routes of the quick tests."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    clock = Clock()
    clock.now = utc_now() - timedelta(hours=2)
    places = newsroom.write_all(tmp_path_factory.mktemp("permissions") / "ledger")
    desk.record(places, [], newsroom.edit_by("author", "First reading"), clock)
    newsroom.attach(places, GROWTH, clock)
    desk.publish(places, actor("publisher"), clock=clock)
    with step_setup.open_store(places) as store:
        for name, roles in NAMES.items():
            with store.writing() as connection:
                people.insert_person(connection, name, roles=roles, author="setup", now=utc_now(), language="en")
                link = access.issue_password_link(connection, name, author="setup", now=utc_now())
            access.set_password_by_link(
                store, link, PASSWORD, HERE, utc_now(), hasher=HASHER if name == "checker" else CHEAP
            )
    desk.assign(places, CARGO, Question.SO, "checker", actor("publisher"), clock=clock)
    assert desk.query(places, CARGO, "약 120만t", "약 112만t", actor("author"), clock) == QUERY
    growth = lookups.claim_at_desk(places, GROWTH)
    edit = Edit("author", "더 낫다.", None, None, (Role.CHECKER,))
    desk.edit(
        places,
        GROWTH,
        growth.claim.to_json() | {"topics": ["ports"]},
        SeenVersion(growth.head_sha256, None),
        edit,
        clock,
    )
    desk.comment(places, CARGO, SECRET, actor("author"), clock)
    text = extract_document(TEXT.encode(), name="harbour.txt")
    desk.add_article(places, text, newsroom.edit_by("author", "The text"), origin="harbour.txt", clock=clock)
    desk.submit_report(places, NewReport(CARGO, "이 수는 틀렸다.", ""), address="203.0.113.9")
    return places


@pytest.fixture
def places(template: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return copy_ledger(template, tmp_path)


def copy_ledger(template: LedgerPaths, root: Path) -> LedgerPaths:
    copied = LedgerPaths(
        Path(shutil.copytree(template.root, root / "ledger", ignore=shutil.ignore_patterns("desk.db*")))
    )
    with closing(sqlite3.connect(template.desk)) as source, closing(sqlite3.connect(copied.desk)) as copy:
        source.backup(copy)
    return copied


class Browser:
    """A browser of a signed-in person or of a visitor."""

    def __init__(self, places: LedgerPaths, name: str = "nobody", *, session: str = "", host: str = HOST) -> None:
        self.application, self.host, self.name = desk_application(places), host, name
        self.session = session or (open_session(places, name) if name in NAMES else "")

    def send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        if form is not None:
            form = {"form_token": form_token(self.session) if token is None else token, **form}
            form = {name: value.format(name=self.name) for name, value in form.items() if value != "-"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(self.application)
            cookies = {COOKIE: self.session} if self.session else {}
            async with httpx.AsyncClient(transport=transport, base_url=self.host, cookies=cookies) as client:
                return await client.request(method, f"{PREFIX}{path}", data=form, headers=named)

        return asyncio.run(request())


def open_session(places: LedgerPaths, name: str, before: timedelta = timedelta()) -> str:
    with step_setup.open_store(places) as store, store.writing() as connection:
        return credentials.issue_credential(connection, CredentialKind.SESSION, name, utc_now() - before, author=name)


def stored_state(places: LedgerPaths) -> tuple[object, ...]:
    """Return the row counts of the desk's tables, except sign-in attempts, and the log files."""
    tables = ("draft", "publication", "act", "decision", "person_version", "password", "credential", "text")
    with closing(sqlite3.connect(places.desk)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
    return (*counts, [path.read_bytes() for path in sorted(places.log.iterdir())])


def fill_path(path: str, claim_id: str = CARGO, act: str = "no-such-act") -> str:
    return path.replace("{claim_id}", claim_id).replace("{article_id}", ARTICLE_ID).replace("{act}", act)


@pytest.fixture(scope="module")
def posts(template: LedgerPaths) -> list[tuple[str, dict[str, str]]]:
    return [(path, fill_form(template, expected)) for path, expected in POSTS]


def fill_form(places: LedgerPaths, expected: Expected) -> dict[str, str]:
    claim = lookups.claim_at_desk(places, expected.claim_id)
    seen = f"{claim.head_sha256}:{claim.draft.draft_id if claim.draft else ''}"
    form = {"seen": seen, "draft_id": str(claim.newest_draft_id), "reason": "까닭이 있다.", **expected.form}
    box = {"{claim_id}:{draft_id}": f"{expected.claim_id}:{claim.newest_draft_id}"}  # as the queue's boxes send it
    box["{document}"] = next((one.document_id for one in claim.claim.evidence), "")
    return {name: box.get(value, value) for name, value in form.items()}


def test_permission_table_covers_every_route_and_action(template: LedgerPaths) -> None:
    routes = {
        (method, getattr(route, "path", "").removeprefix(PREFIX))
        for route in desk_application(template).routes
        if getattr(route, "path", "").startswith(PREFIX)
        for method in {*(getattr(route, "methods", None) or ())} - {"HEAD"}
    }
    assert routes == ROUTES.keys()
    assert ACTS_BY_FORM.keys() == {*FORMS, *SENDING_FORMS, *CLAIM_SUGGESTION_FORMS}


@pytest.mark.parametrize("who", quick_only(WHO, "nobody", "editor"))
@pytest.mark.parametrize("route", quick_only(ROUTES, *READ), ids=" ".join)
def test_route_follows_the_permission_table(places: LedgerPaths, route: tuple[str, str], who: str) -> None:
    method, path = route
    expected, browser = ROUTES[route], Browser(places, who)
    before = stored_state(places)
    form = fill_form(places, expected) if method == "POST" else None
    answer = browser.send(method, fill_path(path), form)
    assert answer.status_code == expected.statuses[WHO.index(who)]
    own = {"Content-Security-Policy": PRINTED} if path.endswith("/sheet") and answer.status_code == 200 else {}
    for name, value in {**HEADERS, **own}.items():
        assert answer.headers[name] == value
    if answer.status_code >= 400 or method == "GET":
        assert stored_state(places) == before
    if who == "nobody":
        own_words = f"{fill_path(path)} {form}"  # the form is returned so that it can be sent again after signing in
        assert not any(word in answer.text for word in (CARGO, SECRET, "checker") if word not in own_words)
        assert answer.status_code != 303 or answer.headers["location"].partition("?")[0] == f"{PREFIX}/sign-in"


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", quick_only({**FORMS, **SENDING_FORMS}, "approve"))
def test_claim_action_follows_the_permission_table(places: LedgerPaths, act: str, who: str) -> None:
    expected, browser = {**FORMS, **SENDING_FORMS}[act], Browser(places, who)
    form, before = fill_form(places, expected), stored_state(places)
    answer = browser.send("POST", f"/claims/{expected.claim_id}/{act}", form)
    assert answer.status_code == expected.statuses[WHO.index(who)]
    assert (stored_state(places) != before) is (answer.status_code == 303)


def test_reason_is_needed_if_the_action_rules_require_it() -> None:
    asking = {Demand.REASON, Demand.REASON_ONCE_LISTED}
    assert NEEDED.keys() == FORMS.keys()
    rows = {act: ACTION_RULES[Action(act)] for act in FORMS if act in {*Action}}
    assert {act for act, row in rows.items() if row.demands & asking} == {
        act for act in rows if "reason" in NEEDED[act]
    }


def forgeries() -> Mapping[str, dict[str, str]]:
    return {
        "another origin": {"origin": "https://evil.example"},
        "a frame without origin": {"origin": "null"},
        "this host as a part of another": {"origin": f"{HOST}.evil.example"},
        "a cross-site request": {"sec_fetch_site": "cross-site"},
        "a request from a neighbour": {"sec_fetch_site": "same-site"},
        "no token": {"token": "-"},
        "a wrong token": {"token": "0" * 64},
        "nobody's token": {"token": form_token("")},
    }


@pytest.mark.parametrize("who", ["nobody", "editor", "admin"])
@pytest.mark.parametrize("act", ARTICLE_FORMS)
def test_article_action_needs_a_checker(places: LedgerPaths, act: str, who: str) -> None:
    assert {*ARTICLE_FORMS, *ARTICLE_TASK_FORMS, *ARTICLE_SUGGESTION_FORMS} == {*article_pages._ACTS}
    start = str(TEXT.index("직원은"))
    form = {"start": start, "end": str(len(TEXT) - 1), "reason": "까닭이 있다.", **ARTICLE_FORMS[act]}
    browser, before = Browser(places, who), stored_state(places)
    answer = browser.send("POST", f"/articles/{ARTICLE_ID}/{act}", form)
    assert answer.status_code == (401 if who == "nobody" else 409)
    assert stored_state(places) == before


@pytest.mark.parametrize("act", ARTICLE_TASK_FORMS)
def test_article_task_needs_its_role(places: LedgerPaths, act: str) -> None:
    statuses, form, _ = ARTICLE_TASK_FORMS[act]
    for who, status in zip(WHO, statuses, strict=True):
        browser, before = Browser(places, who), stored_state(places)
        assert (who, browser.send("POST", f"/articles/{ARTICLE_ID}/{act}", form).status_code) == (who, status)
        assert (stored_state(places) != before) is (status == 303)


def test_checker_dismisses_a_passage(places: LedgerPaths) -> None:
    browser = Browser(places, "checker")
    before = stored_state(places)
    form = {"start": str(TEXT.index("직원은")), "end": str(len(TEXT) - 1), "reason": "까닭이 있다."}
    assert browser.send("POST", f"/articles/{ARTICLE_ID}/dismiss", form).status_code == 303
    assert stored_state(places) != before


POSTS = [
    *SUGGESTION_POSTS,
    *((fill_path(path), one) for (method, path), one in ROUTES.items() if method == "POST" and "{" not in path),
    *((f"/articles/{ARTICLE_ID}/{act}", Expected(ACT, form)) for act, form in ARTICLE_FORMS.items()),
    *((f"/articles/{ARTICLE_ID}/{act}", expected) for act, expected in ARTICLE_TASK_FORMS.items()),
    *((f"/claims/{expected.claim_id}/{act}", expected) for act, expected in {**FORMS, **SENDING_FORMS}.items()),
]


@pytest.mark.parametrize("forgery", forgeries())
def test_forged_form_changes_nothing(places: LedgerPaths, posts: list[Any], forgery: str) -> None:
    browser, headers = Browser(places, "chief"), dict(forgeries()[forgery])
    token = headers.pop("token", None)
    before = stored_state(places)
    for path, form in posts:
        if token is not None and path in ("/sign-in", "/welcome"):
            continue  # these forms come before any session, so they need no token
        answer = browser.send("POST", path, form, token=token, **headers)
        assert answer.status_code == 409, path
        assert stored_state(places) == before, path


def test_same_origin_form_is_accepted(places: LedgerPaths) -> None:
    headers = {"origin": HOST, "sec_fetch_site": "same-origin"}
    assert Browser(places, "chief").send("POST", "/language", {"language": "ko"}, **headers).status_code == 303


def test_token_of_another_session_is_refused(places: LedgerPaths) -> None:
    other = open_session(places, "chief")
    answer = Browser(places, "chief").send("POST", "/language", {"language": "ko"}, token=form_token(other))
    assert answer.status_code == 409


@pytest.mark.parametrize(("host", "is_secure"), [
    (HOST, True), ("http://desk.example", True), ("http://127.0.0.1:8001", False), ("https://127.0.0.1:8001", True),
])  # fmt: skip
def test_session_cookie_has_protective_attributes(places: LedgerPaths, host: str, is_secure: bool) -> None:  # noqa: FBT001
    browser = Browser(places, host=host)
    answer = browser.send("POST", "/sign-in", {"name": "checker", "password": PASSWORD})
    assert answer.status_code == 303
    value, *attributes = answer.headers["set-cookie"].split("; ")
    flags = {attribute.lower() for attribute in attributes}
    assert {"httponly", "samesite=strict", f"path={PREFIX}"} <= flags
    assert ("secure" in flags) is is_secure
    assert not any(attribute.startswith("domain") for attribute in flags)
    assert len(value.removeprefix(f"{COOKIE}=")) >= 40
    assert Browser(places, session=value.removeprefix(f"{COOKIE}=")).send("GET", "").status_code == 200


@pytest.mark.parametrize(("before", "status"), [
    (timedelta(hours=11), 200), (timedelta(hours=13), 303), (timedelta(days=8), 303),
])  # fmt: skip
def test_expired_session_is_refused(places: LedgerPaths, before: timedelta, status: int) -> None:
    browser = Browser(places, session=open_session(places, "checker", before))
    assert browser.send("GET", "").status_code == status
    assert browser.send("POST", f"/claims/{CARGO}/comment", {"text": "전화했다."}).status_code == (
        401 if status == 303 else 303
    )


def test_sign_out_ends_the_session(places: LedgerPaths) -> None:
    browser = Browser(places, "checker")
    answer = browser.send("POST", "/sign-out", {})
    assert 'claimledger_desk=""' in answer.headers["set-cookie"]
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert browser.send("GET", "").status_code == 303


def test_deactivation_and_role_change_apply_at_once(places: LedgerPaths) -> None:
    checker, editor = Browser(places, "checker"), Browser(places, "editor")
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.deactivate_person(connection, "checker", author="admin", now=utc_now())
        people.change_person(connection, "editor", author="admin", now=utc_now(), roles=["admin"])
    assert checker.send("GET", "").status_code == 303
    assert editor.send("POST", f"/claims/{GROWTH}/approve", fill_form(places, FORMS["approve"])).status_code == 409


@pytest.mark.parametrize("session", ["x", "0" * 64, "' OR 1=1 --", "%00"])
def test_invented_session_is_refused(places: LedgerPaths, session: str) -> None:
    assert Browser(places, session=session).send("GET", "").status_code == 303


@pytest.mark.parametrize("method", quick_only(["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"], "PUT"))
def test_other_methods_change_and_reveal_nothing(places: LedgerPaths, method: str) -> None:
    chief = Browser(places, "chief")
    before = stored_state(places)
    for path in {fill_path(path) for _, path in ROUTES}:
        answer = Browser(places).send(method, path)
        assert answer.status_code in ({200, 303, 401, 404, 405, 409} if method == "HEAD" else {405}), path
        assert not any(word in answer.text for word in (CARGO, SECRET))
    assert chief.send(method, f"/claims/{GROWTH}/approve").status_code == 405
    assert stored_state(places) == before


@pytest.mark.parametrize("path", ["/no-such-page", "/claims", "/claims/", "/people/admin", "/static/"])
def test_unknown_page_is_not_found_for_any_role(places: LedgerPaths, path: str) -> None:
    assert [Browser(places, who).send("GET", path).status_code for who in WHO] == [404] * 4


@pytest.mark.parametrize("path", [
    "../visit.py", "..%2fvisit.py", "%2e%2e/words.toml", "....//words.toml", "/../../../../desk.db",
])  # fmt: skip
def test_static_route_serves_only_its_folder(places: LedgerPaths, path: str) -> None:
    assert Browser(places, "chief").send("GET", f"/static/{path}").status_code == 404


ADDRESSES = (
    "/", "/desk", "/desk.json", "/desk.db", "/desk/act", "/desk/act.json", "/ledger.db", "/-/databases.json",
    "/-/metadata.json", "/-/config.json", "/-/plugins.json", "/-/settings.json", "/-/threads.json", "/-/allowed.json",
    "/ledger/act", "/ledger/act.json", "/ledger/draft.json", "/ledger/person_version.csv", "/ledger/password",
    "/ledger?sql=ATTACH+DATABASE+'desk.db'+AS+desk", "/ledger.json?sql=ATTACH+DATABASE+'desk.db'+AS+desk",
    "/ledger?sql=select+*+from+desk.act", "/ledger/-/query?sql=select+*+from+desk.act",
    "/ledger.json?sql=select+readfile('desk.db')",
    "/-/static/../desk.db", "/-/static/..%2f..%2fdesk.db", "/-/static-plugins/claimledger/../../desk.db",
    "/-/static-plugins/claimledger/..%2f..%2f..%2fdesk.db", "/-/desk/../desk.db", "/-/desk/static/..%2f..%2fdesk.db",
    "/-/desk%2f", "/-/deskx", "//-/desk", "/-/DESK", "/-/desk;/claims", "/-/actor.json",
)  # fmt: skip


@pytest.mark.parametrize("address", quick_only(ADDRESSES, "/desk.db", "/ledger.json?sql=select+readfile('desk.db')"))
@pytest.mark.parametrize("allow_sql", [False, True])
@pytest.mark.asyncio
async def test_datasette_addresses_do_not_reach_the_desk(
    places: LedgerPaths, address: str, allow_sql: bool, monkeypatch: pytest.MonkeyPatch  # noqa: FBT001
) -> None:  # fmt: skip
    monkeypatch.setenv(DESK_VARIABLE, str(places.root))
    monkeypatch.chdir(places.root)
    settings: dict[str, Any] = {"default_allow_sql": allow_sql, "allow_download": False}
    datasette = Datasette([], immutables=[str(places.ledger)], settings=settings)
    answer = await datasette.client.get(address)
    with closing(sqlite3.connect(places.desk)) as connection:
        hashes = [row[0] for row in connection.execute("SELECT hash FROM password")]
    assert not any(word.encode() in answer.content for word in (SECRET, 'desk.db"', "/desk.db", *hashes))
    assert b"SQLite format 3" not in answer.content
    if "desk" in address and "sql=" not in address:
        assert answer.status_code in {302, 303, 307, 403, 404}
    if "sql=" in address:
        assert answer.status_code in {302, 400, 403}
    assert {*datasette.databases} - {"_internal"} == {"ledger"}


@pytest.mark.asyncio
async def test_server_without_a_desk_setting_has_no_desk(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, status in (("", 404), (str(places.root), 200)):
        monkeypatch.setenv(DESK_VARIABLE, folder)
        datasette = Datasette([], immutables=[str(places.ledger)])
        assert (await datasette.client.get(f"{PREFIX}/sign-in")).status_code == status
