"""A newsroom's own sign-in in the place of the desk's: the plug-in that docs/people.md prints, tried."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import httpx
import newsroom
import pytest
import staff

from claimledger.desk import step_setup
from claimledger.datasette_plugin.desk_pages import desk_application, other_sign_in
from claimledger.datasette_plugin.desk_pages.other_sign_in import GROUP, SeveralSignIns
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths

PAGE = Path(__file__).parent.parent / "docs" / "people.md"
HEADER = "X-Newsroom-Person"
PROXY, OTHER = "127.0.0.1", "192.0.2.7"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    with step_setup.open_store(places) as store:
        staff.enrol(store, "kim", "checker", now=step_setup.utc_now())
        staff.enrol(store, "park", "checker", now=step_setup.utc_now())
        with store.writing() as connection:
            people.deactivate_person(connection, "park", author="admin-console", now=step_setup.utc_now())
    return places


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    other_sign_in.other_sign_in.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, *names: str, header: str = HEADER) -> ModuleType:
    """Install the page's plug-in, as the setting names the header."""
    monkeypatch.setenv("NEWSROOM_SIGN_IN_HEADER", header)
    module = ModuleType("newsroom_sign_in")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, module.__dict__)  # noqa: S102  a page of ours
    monkeypatch.setitem(sys.modules, module.__name__, module)
    entries = [EntryPoint(name, "newsroom_sign_in:person", GROUP) for name in names or ("newsroom",)]
    monkeypatch.setattr(other_sign_in, "entry_points", lambda group: entries if group == GROUP else [])
    return module


Headers = Sequence[tuple[str, str]]


class Browser:
    """A browser behind a proxy that says who it is; it keeps its cookies."""

    def __init__(self, places: LedgerPaths, name: str | None = "kim", client: str = PROXY) -> None:
        self.desk = httpx.ASGITransport(desk_application(places), client=(client, 50_000))
        self.headers = {HEADER: name} if name else {}
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: Headers = ()) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, headers, None))

    def post(self, path: str, data: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._ask("POST", path, (), data))

    async def _ask(self, method: str, path: str, headers: Headers, data: dict[str, str] | None) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.desk, headers=self.headers, cookies=self.cookies) as client:
            answer = await client.request(method, f"http://127.0.0.1{path}", headers=[*headers], data=data)
            self.cookies = client.cookies
            return answer


def test_without_a_plugin_a_header_says_nothing(places: LedgerPaths) -> None:
    assert Browser(places).get("/-/desk").headers["location"] == "/-/desk/sign-in"
    assert 'name="password"' in Browser(places).get("/-/desk/sign-in").text


@pytest.mark.slow
def test_whom_the_plugin_names_is_in(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    page = Browser(places).get("/-/desk")
    assert page.status_code == 200
    assert "kim <small>(Fact-checker)</small>" in page.text
    assert "/sign-out" not in page.text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "client"), [(None, PROXY), ("nobody", PROXY), ("park", PROXY), ("kim", OTHER)])
def test_nobody_else_is(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, name: str | None, client: str) -> None:
    install(monkeypatch)
    assert Browser(places, name, client).get("/-/desk").headers["location"] == "/-/desk/sign-in"
    said = Browser(places, name, client).get("/-/desk/sign-in")
    assert (said.status_code, "has its own sign-in page" in said.text, 'name="password"' in said.text) == (
        200,
        True,
        False,
    )


def test_a_header_is_believed_only_where_the_setting_says_so(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, header="")
    assert Browser(places).get("/-/desk").status_code == 303


def test_two_names_are_nobodys(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    once = [(HEADER, "kim")]
    assert Browser(places, None).get("/-/desk", headers=once).status_code == 200
    assert Browser(places, None).get("/-/desk", headers=once * 2).status_code == 303


@pytest.mark.slow
def test_a_session_of_the_desks_own_lets_nobody_in_any_more(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Browser(places, None)
    before.post("/-/desk/sign-in", data={"name": "kim", "password": staff.PASSWORD})
    assert before.get("/-/desk").status_code == 200
    other_sign_in.other_sign_in.cache_clear()
    install(monkeypatch)
    assert before.get("/-/desk").status_code == 303


@pytest.mark.slow
def test_a_form_is_taken_with_the_token_of_its_person_alone(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    with step_setup.open_store(places) as store:
        staff.enrol(store, "lee", "editor", now=step_setup.utc_now())
    tokens = {}
    for name in ("kim", "lee"):
        found = re.search(r'name="form_token" value="(\w+)"', Browser(places, name).get("/-/desk").text)
        assert found
        tokens[name] = found[1]
    change = {"language": "ko", "form_token": tokens["lee"]}
    assert Browser(places).post("/-/desk/language", data=change).status_code == 409
    assert Browser(places).post("/-/desk/language", data=change | {"form_token": tokens["kim"]}).status_code == 303
    with step_setup.open_store(places) as store:
        assert people.get_person(store.connection, "kim").language == "ko"


def test_the_page_leads_to_where_people_sign_in(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch).person.address = "/-/github-auth-start"
    assert 'href="/-/github-auth-start"' in Browser(places, None).get("/-/desk/sign-in").text


def test_two_plugins_stop_the_desk(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "one", "two")
    with pytest.raises(SeveralSignIns, match="one, two"):
        desk_application(places)
