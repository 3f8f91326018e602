"""How far somebody gets at the desk: sessions, cookies, methods, files; and nothing of desk.db at any address."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from desk_client import HOST, SECRET, Browser, copied_to, make_newsroom, session_of, stored
from newsroom import ARTICLE_ID, CARGO, GROWTH
from staff import PASSWORD
from starlette.routing import Route

from claimledger import desk
from claimledger.datasette_plugin.desk_door import VARIABLE
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.desk import utc_now
from claimledger.ledger import people
from claimledger.ledger.files import Places

WHO = ("nobody", "checker", "editor", "admin")


@pytest.fixture(autouse=True)
def _terse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Datasette from printing a traceback for each page that is not there."""
    monkeypatch.setattr("datasette.handle_exception.rich", None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return make_newsroom(tmp_path_factory.mktemp("reach") / "ledger")


@pytest.fixture
def places(made: Places, tmp_path: Path) -> Places:
    return copied_to(made, tmp_path / "ledger")


@pytest.mark.parametrize(("host", "is_secure"), [
    (HOST, True), ("http://desk.example", True), ("http://127.0.0.1:8001", False), ("https://127.0.0.1:8001", True),
])  # fmt: skip
def test_the_cookie_is_kept_from_scripts_and_from_other_sites(places: Places, host: str, is_secure: bool) -> None:  # noqa: FBT001
    browser = Browser(places, host=host)
    answer = browser.send("POST", "/sign-in", {"name": "checker", "password": PASSWORD})
    assert answer.status_code == 303
    value, *attributes = answer.headers["set-cookie"].split("; ")
    told = {attribute.lower() for attribute in attributes}
    assert {"httponly", "samesite=strict", f"path={PREFIX}"} <= told
    assert ("secure" in told) is is_secure
    assert not any(attribute.startswith("domain") for attribute in told)
    assert len(value.removeprefix(f"{COOKIE}=")) >= 40
    assert Browser(places, session=value.removeprefix(f"{COOKIE}=")).send("GET", "").status_code == 200


@pytest.mark.parametrize(("before", "status"), [
    (timedelta(hours=11), 200), (timedelta(hours=13), 303), (timedelta(days=8), 303),
])  # fmt: skip
def test_a_session_that_is_over_is_nobodys(places: Places, before: timedelta, status: int) -> None:
    browser = Browser(places, session=session_of(places, "checker", before))
    assert browser.send("GET", "").status_code == status
    assert browser.send("POST", f"/claims/{CARGO}/comment", {"text": "전화했다."}).status_code == (
        401 if status == 303 else 303
    )


def test_who_signs_out_is_out(places: Places) -> None:
    browser = Browser(places, "checker")
    answer = browser.send("POST", "/sign-out", {})
    assert 'claimledger_desk=""' in answer.headers["set-cookie"]
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert browser.send("GET", "").status_code == 303


def test_who_is_let_in_no_longer_is_out_and_roles_count_at_once(places: Places) -> None:
    checker, editor = Browser(places, "checker"), Browser(places, "editor")
    with desk.open_store(places) as store, store.writing() as connection:
        people.deactivate(connection, "checker", author="admin", now=utc_now())
        people.change_person(connection, "editor", author="admin", now=utc_now(), roles=["admin"])
    assert checker.send("GET", "").status_code == 303
    assert (
        editor.send(
            "POST", f"/claims/{GROWTH}/approve", {"draft_id": str(desk.claim_at_desk(places, GROWTH).newest_draft_id)}
        ).status_code
        == 409
    )


@pytest.mark.parametrize("session", ["x", "0" * 64, "' OR 1=1 --", "%00"])
def test_a_made_up_session_is_nobodys(places: Places, session: str) -> None:
    assert Browser(places, session=session).send("GET", "").status_code == 303


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing_and_tell_nobody_anything(places: Places, method: str) -> None:
    chief = Browser(places, "chief")
    before = stored(places)
    named = (("{claim_id}", CARGO), ("{article_id}", ARTICLE_ID), ("{act}", "edit"))
    for route in (
        route for route in chief.application.routes if isinstance(route, Route) and route.path.startswith(PREFIX)
    ):
        path = reduce(lambda path, name: path.replace(*name), named, route.path).removeprefix(PREFIX)
        answer = Browser(places).send(method, path)
        assert answer.status_code in ({200, 303, 401, 405, 409} if method == "HEAD" else {405}), path
        assert not any(word in answer.text for word in (CARGO, SECRET))
    assert chief.send(method, f"/claims/{GROWTH}/approve").status_code == 405
    assert stored(places) == before


@pytest.mark.parametrize("path", ["/no-such-page", "/claims", "/claims/", "/people/admin", "/static/"])
def test_what_is_no_page_is_none_for_anybody(places: Places, path: str) -> None:
    assert [Browser(places, who).send("GET", path).status_code for who in WHO] == [404] * 4


@pytest.mark.parametrize("path", [
    "../visit.py", "..%2fvisit.py", "%2e%2e/words.toml", "....//words.toml", "/../../../../desk.db",
])  # fmt: skip
def test_static_files_are_those_of_their_folder(places: Places, path: str) -> None:
    answer = Browser(places, "chief").send("GET", f"/static/{path}")
    assert answer.status_code == 404


ADDRESSES = (
    "/", "/desk", "/desk.json", "/desk.db", "/desk/act", "/desk/act.json", "/ledger.db", "/-/databases.json",
    "/-/actor.json",
    "/-/metadata.json", "/-/config.json", "/-/plugins.json", "/-/settings.json", "/-/threads.json", "/-/allowed.json",
    "/ledger/act", "/ledger/act.json", "/ledger/draft.json", "/ledger/person_version.csv", "/ledger/password",
    "/ledger?sql=ATTACH+DATABASE+'desk.db'+AS+desk", "/ledger.json?sql=ATTACH+DATABASE+'desk.db'+AS+desk",
    "/ledger?sql=select+*+from+desk.act", "/ledger/-/query?sql=select+*+from+desk.act",
    "/ledger.json?sql=select+readfile('desk.db')",
    "/-/static/../desk.db", "/-/static/..%2f..%2fdesk.db", "/-/static-plugins/claimledger/../../desk.db",
    "/-/static-plugins/claimledger/..%2f..%2f..%2fdesk.db", "/-/desk/../desk.db", "/-/desk/static/..%2f..%2fdesk.db",
    "/-/desk%2f", "/-/deskx", "//-/desk", "/-/DESK", "/-/desk;/claims",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("allow_sql", [False, True])
@pytest.mark.asyncio
async def test_no_address_of_datasette_reaches_the_desk(
    places: Places, address: str, allow_sql: bool, monkeypatch: pytest.MonkeyPatch  # noqa: FBT001
) -> None:  # fmt: skip
    monkeypatch.setenv(VARIABLE, str(places.root))
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
    databases = (await datasette.client.get("/-/databases.json")).json()
    assert {one["name"] for one in databases} == {"ledger"}


@pytest.mark.asyncio
async def test_a_server_that_is_told_of_no_desk_has_none(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    datasette = Datasette([], immutables=[str(places.ledger)])
    assert (await datasette.client.get(f"{PREFIX}/sign-in")).status_code == 404
    monkeypatch.setenv(VARIABLE, str(places.root))
    datasette = Datasette([], immutables=[str(places.ledger)])
    assert (await datasette.client.get(f"{PREFIX}/sign-in")).status_code == 200
