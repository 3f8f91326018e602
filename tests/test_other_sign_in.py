"""A newsroom's own sign-in instead of the desk's, tested with the plug-in printed in docs/people.md."""

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
def _clear_plugin_cache() -> None:
    other_sign_in.other_sign_in.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, *names: str, header: str = HEADER) -> ModuleType:
    """Install the plug-in of the page under each name; `header` is the setting that names the header."""
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
    """A browser behind a proxy that names the signed-in person; it keeps its cookies."""

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


def test_header_is_ignored_without_a_plugin(places: LedgerPaths) -> None:
    assert Browser(places).get("/-/desk").headers["location"] == "/-/desk/sign-in"
    assert 'name="password"' in Browser(places).get("/-/desk/sign-in").text


@pytest.mark.slow
def test_person_named_by_the_plugin_is_signed_in(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    page = Browser(places).get("/-/desk")
    assert page.status_code == 200
    assert "kim <small>(Fact-checker)</small>" in page.text
    assert "/sign-out" not in page.text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "client"), [(None, PROXY), ("nobody", PROXY), ("park", PROXY), ("kim", OTHER)])
def test_other_requests_are_not_signed_in(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, name: str | None, client: str
) -> None:
    install(monkeypatch)
    assert Browser(places, name, client).get("/-/desk").headers["location"] == "/-/desk/sign-in"
    page = Browser(places, name, client).get("/-/desk/sign-in")
    assert (page.status_code, "has its own sign-in page" in page.text, 'name="password"' in page.text) == (
        200,
        True,
        False,
    )


def test_header_is_ignored_unless_configured(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, header="")
    assert Browser(places).get("/-/desk").status_code == 303


def test_request_with_two_names_is_not_signed_in(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    once = [(HEADER, "kim")]
    assert Browser(places, None).get("/-/desk", headers=once).status_code == 200
    assert Browser(places, None).get("/-/desk", headers=once * 2).status_code == 303


@pytest.mark.slow
def test_desk_session_ends_when_the_plugin_is_installed(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Browser(places, None)
    before.post("/-/desk/sign-in", data={"name": "kim", "password": staff.PASSWORD})
    assert before.get("/-/desk").status_code == 200
    other_sign_in.other_sign_in.cache_clear()
    install(monkeypatch)
    assert before.get("/-/desk").status_code == 303


@pytest.mark.slow
def test_form_needs_the_token_of_its_own_person(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_sign_in_page_links_to_the_plugin_sign_in(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch).person.address = "/-/github-auth-start"
    assert 'href="/-/github-auth-start"' in Browser(places, None).get("/-/desk/sign-in").text


def test_two_sign_in_plugins_are_refused(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "one", "two")
    with pytest.raises(SeveralSignIns, match="one, two"):
        desk_application(places)
