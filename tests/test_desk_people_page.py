"""The people's page, the way into the desk that somebody asked for before they signed in, and a desk's first day."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import staff
from desk_visits import PREFIX, TestClient, made, sent, signed_in, visitor
from newsroom import CARGO

from claimledger.desk import step_setup
from claimledger.desk import account_steps
from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role

ROOT = StaffMember("root", (Role.ADMIN,))


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    with step_setup.open_store(places) as store:
        staff.enrol(store, "root", "admin", now=step_setup.utc_now())
    account_steps.change_user_language(places, "root", language="en", actor=ROOT)
    return places


def row(page: str, name: str) -> str:
    """Return what the page offers for somebody."""
    return next(part for part in page.split("<tr") if f"<code>{name}</code>" in part)


@pytest.mark.slow
def test_to_let_somebody_in_no_longer_is_asked_and_undone(places: LedgerPaths) -> None:
    root = signed_in(places, "root")
    offered = row(root.get(f"{PREFIX}/people").text, "kim")
    assert 'value="deactivate"' in offered.partition("<details><summary>Deactivate")[2], "behind a second click"
    _, page = sent(root, "/people", act="deactivate", name="kim")
    assert re.findall(r'name="act" value="(\w+)"', row(page, "kim")) == ["reactivate"]
    assert signed_in_status(places, "kim") == 401
    _, page = sent(root, "/people", act="reactivate", name="kim")
    assert re.findall(r'name="act" value="(\w+)"', row(page, "kim")) == ["link", "roles", "deactivate"]
    assert signed_in_status(places, "kim") == 303


def signed_in_status(places: LedgerPaths, name: str) -> int:
    given = {"name": name, "password": staff.PASSWORD}
    return int(visitor(places).post(f"{PREFIX}/sign-in", data=given, follow_redirects=False).status_code)


def test_roles_are_changed_from_those_somebody_has(places: LedgerPaths) -> None:
    root = signed_in(places, "root")
    boxes = re.findall(
        r'type="checkbox" name="(\w+)" value="1"( checked)?', row(root.get(f"{PREFIX}/people").text, "kim")
    )
    assert boxes == [("checker", " checked"), ("editor", ""), ("admin", "")]
    sent(root, "/people", act="roles", name="kim", editor="1")
    assert account_steps.find_active_user(places, "kim") == account_steps.Person(
        name="kim", shown_name="kim", roles=(Role.EDITOR,), language="en", is_active=True
    )


def enter(client: TestClient, to: str) -> str:
    """Sign in with what the form would bring along, and return where that leads."""
    given = {"name": "kim", "password": staff.PASSWORD, "to": to}
    return str(client.post(f"{PREFIX}/sign-in", data=given, follow_redirects=False).headers["location"])


@pytest.mark.slow
@pytest.mark.parametrize("path", [f"/claims/{CARGO}", "?view=all&words=%ED%95%AD", "/publish?key=a&key=b"])
def test_a_link_into_the_desk_leads_there_after_signing_in(places: LedgerPaths, path: str) -> None:
    client = visitor(places)
    asked = client.get(f"{PREFIX}{path}", follow_redirects=False).headers["location"]
    assert (
        client.post(f"{PREFIX}/sign-in", data={"name": "kim", "password": "-", "to": f"{PREFIX}{path}"}).text.count(
            'name="to"'
        )
        == 1
    ), "a wrong password does not lose it"
    assert enter(client, parse_qs(urlsplit(asked).query)["to"][0]) == f"{PREFIX}{path}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "to", ["", "https://example.org/", "//example.org", "/ledger", f"{PREFIX}.org", f"{PREFIX}/\r\nX: y"]
)
def test_no_link_leads_out_of_the_desk(places: LedgerPaths, to: str) -> None:
    assert enter(visitor(places), to) == PREFIX
    assert 'name="to"' not in visitor(places).get(f"{PREFIX}/sign-in", params={"to": to}).text


@pytest.mark.slow
def test_the_desk_speaks_the_language_in_which_the_password_was_set(places: LedgerPaths) -> None:
    link = account_steps.invite_user(places, "kim", actor=ROOT)
    client = visitor(places)
    page = client.get(link, headers={"accept-language": "ko"}).text
    assert '<html lang="ko">' in page
    typed = {"token": link.partition("=")[2], "password": "a long pass phrase", "password_again": "a long pass phrase"}
    answer = client.post(f"{PREFIX}/welcome", data=typed, headers={"accept-language": "ko"})
    assert '<html lang="ko">' in client.get(PREFIX, headers={"accept-language": "en"}).text, answer.text


@pytest.mark.slow
def test_an_empty_desk_says_how_to_begin(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    with step_setup.open_store(places) as store:
        for name, role in (("root", "admin"), ("kim", "checker"), ("lee", "editor")):
            staff.enrol(store, name, role, now=step_setup.utc_now())
    begun = {name: signed_in(places, name).get(PREFIX).text for name in ("root", "kim", "lee")}
    assert [f'href="{PREFIX}/people"' in begun[one].partition("notice")[2] for one in begun] == [True, False, False]
    assert [f'href="{PREFIX}/articles/new"' in begun[one] for one in begun] == [False, True, False]


def test_a_desk_with_claims_says_nothing_of_beginning(places: LedgerPaths) -> None:
    assert "To begin:" not in signed_in(places, "lee").get(PREFIX).text
