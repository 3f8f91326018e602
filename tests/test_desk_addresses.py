"""The desk below a base URL: every link of its pages begins with it, as Datasette's links do."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
import staff
from datasette.app import Datasette
from desk_visits import made
from newsroom import ARTICLE_ID, CARGO

from claimledger.accounts.credential_rules import WELCOME_PATH
from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.addresses import DESK, REPORT
from claimledger.datasette_plugin.desk_door import with_desk
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.ledger.files import LedgerPaths

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ROOT = "/press"
ELSEWHERE = ("#", "?", "data:", "https://example.org")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def make_datasette(places: LedgerPaths) -> Datasette:
    """Return a Datasette with the desk configured, below a base URL."""
    metadata = {"plugins": {"claimledger": {"desk": str(places.root)}}}
    return Datasette([], memory=True, metadata=metadata, settings={"base_url": f"{ROOT}/"})


@pytest.fixture
def client(places: LedgerPaths) -> TestClient:

    async def nothing(*_: object) -> None:
        raise AssertionError("a request for the desk went to the public pages")

    return TestClient(with_desk(nothing, make_datasette(places)), base_url="http://127.0.0.1")


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:href|action|src)="([^"]*)"', page)


def test_welcome_path_is_below_the_desk() -> None:
    assert f"{DESK}/welcome" == WELCOME_PATH


@pytest.mark.slow
def test_page_links_are_below_the_base_url(client: TestClient) -> None:
    given = {"name": "choi", "password": staff.PASSWORD}
    signed_in = client.post(f"{ROOT}{DESK}/sign-in", data=given, follow_redirects=False)
    assert signed_in.headers["location"] == f"{ROOT}{DESK}"
    assert f"{COOKIE}=" in signed_in.headers["set-cookie"]
    assert f"Path={ROOT}{DESK}" in signed_in.headers["set-cookie"]
    pages = ("", "/articles", f"/claims/{CARGO}", "/publish", "/sheets", "/reports", "/articles/new", "/nothing")
    for path in pages:
        page = client.get(f"{ROOT}{DESK}{path}")
        assert page.status_code == (404 if path == "/nothing" else 200), path
        own = [one for one in addresses(page.text) if not one.startswith(ELSEWHERE)]
        assert [one for one in own if not one.startswith(f"{ROOT}/")] == [], path
    assert client.get(f"{ROOT}{DESK}/static/desk.css").status_code == 200


@pytest.mark.slow
def test_form_redirects_are_below_the_base_url(client: TestClient) -> None:
    given = {"name": "choi", "password": staff.PASSWORD}
    token = re.search(r'form_token" value="(\w+)"', client.post(f"{ROOT}{DESK}/sign-in", data=given).text)
    assert token
    sent = client.post(
        f"{ROOT}{DESK}/claims/{CARGO}/comment", data={"form_token": token[1], "text": "Look."}, follow_redirects=False
    )
    assert sent.headers["location"].startswith(f"{ROOT}{DESK}/claims/{CARGO}?done=comment")
    missing = client.get(f"{ROOT}{DESK}/articles/{ARTICLE_ID}", follow_redirects=False)
    assert missing.headers["location"].startswith(f"{ROOT}{DESK}/articles/new?")
    assert client.get(f"{ROOT}{DESK}/claims/{CARGO}/comment", follow_redirects=False).headers["location"] == (
        f"{ROOT}{DESK}/claims/{CARGO}"
    )


def test_report_page_links_are_below_the_base_url(client: TestClient, places: LedgerPaths) -> None:
    page = client.get(f"{ROOT}{REPORT}?claim={CARGO}").text
    assert [one for one in addresses(page) if not one.startswith((f"{ROOT}/", *ELSEWHERE))] == []
    assert report_link.href(make_datasette(places)) == f"{ROOT}{REPORT}"


def test_requests_without_the_base_url_are_answered(client: TestClient) -> None:
    assert client.get(f"{DESK}/sign-in").status_code == 200
    assert f'action="{ROOT}{DESK}/sign-in"' in client.get(f"{DESK}/sign-in").text
