"""People of a made-up newsroom on the desk's pages, without a browser."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import newsroom
import staff
from kept_files import KeptFile, kept_files, write_kept

from claimledger import desk
from claimledger.desk import step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would have another HTTP client than the one that is there
    from starlette.testclient import TestClient

__all__ = ["PEOPLE", "PREFIX", "TestClient", "field", "made", "sent", "signed_in", "token", "visitor"]
PEOPLE = {"kim": ("checker",), "choi": ("checker", "editor"), "lee": ("editor",), "park": ("editor",)}


def made(root: Path) -> LedgerPaths:
    """Make a newsroom with two public claims and its people, who speak English."""
    write_kept(_newsroom_files(), root)
    return LedgerPaths(root)


@cache
def _newsroom_files() -> Mapping[Path, KeptFile]:
    return kept_files(_make)


def _make(root: Path) -> None:
    places = newsroom.write_all(root)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    desk.publish(places, newsroom.actor("setup-editor"))
    with step_setup.open_store(places) as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        for name, roles in PEOPLE.items():
            staff.enrol(store, name, *roles, now=step_setup.utc_now())
            with store.writing() as connection:
                people.change_person(connection, name, author="admin-console", now=step_setup.utc_now(), language="en")


def visitor(places: LedgerPaths) -> TestClient:
    """Return a client that has not signed in."""
    return TestClient(desk_application(places), base_url="http://127.0.0.1")


def signed_in(places: LedgerPaths, name: str) -> TestClient:
    """Return a signed-in client; its password is hashed quickly, because the real hash is slow on purpose."""
    client = visitor(places)
    with step_setup.open_store(places) as store:
        client.cookies.set(
            COOKIE, staff.sign_in(store, name, now=step_setup.utc_now()).token, domain="127.0.0.1", path=PREFIX
        )
    return client


def token(client: TestClient) -> str:
    """Return the token in the forms of a session."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get(PREFIX).text)
    assert found
    return found[1]


def sent(client: TestClient, path: str, **fields: object) -> tuple[int, str]:
    """Send a form of the desk, and return the status and the page of the answer."""
    answer = client.post(f"{PREFIX}{path}", data={"form_token": token(client), **fields})
    return answer.status_code, answer.text


def field(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]
