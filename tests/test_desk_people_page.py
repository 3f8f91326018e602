"""The people page, redirects after signing in, and the first steps on an empty desk."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import staff
from desk_visits import PREFIX, TestClient, made, sent, signed_in, visitor
from newsroom import CARGO

from claimledger.desk import step_setup, account_steps
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


def person_row(page: str, name: str) -> str:
    """Return the table row of a person."""
    return next(part for part in page.split("<tr") if f"<code>{name}</code>" in part)


@pytest.mark.slow
def test_admin_deactivates_and_reactivates_a_person(places: LedgerPaths) -> None:
    root = signed_in(places, "root")
    offered = person_row(root.get(f"{PREFIX}/people").text, "kim")
    assert 'value="deactivate"' in offered.partition("<details><summary>Deactivate")[2], "behind a second click"
    _, page = sent(root, "/people", act="deactivate", name="kim")
    assert re.findall(r'name="act" value="(\w+)"', person_row(page, "kim")) == ["reactivate"]
    assert sign_in_status(places, "kim") == 401
    _, page = sent(root, "/people", act="reactivate", name="kim")
    offered_acts = re.findall(r'name="act" value="(\w+)"', person_row(page, "kim"))
    assert offered_acts == ["link", "roles", "address", "deactivate"]
    assert sign_in_status(places, "kim") == 303


def sign_in_status(places: LedgerPaths, name: str) -> int:
    given = {"name": name, "password": staff.PASSWORD}
    return int(visitor(places).post(f"{PREFIX}/sign-in", data=given, follow_redirects=False).status_code)


def test_role_boxes_show_current_roles_and_change_them(places: LedgerPaths) -> None:
    root = signed_in(places, "root")
    boxes = re.findall(
        r'type="checkbox" name="(\w+)" value="1"( checked)?', person_row(root.get(f"{PREFIX}/people").text, "kim")
    )
    assert boxes == [("checker", " checked"), ("editor", ""), ("admin", "")]
    sent(root, "/people", act="roles", name="kim", editor="1")
    assert account_steps.find_active_user(places, "kim") == account_steps.Person(
        name="kim", shown_name="kim", roles=(Role.EDITOR,), language="en", is_active=True
    )


def sign_in_with_target(client: TestClient, to: str) -> str:
    """Sign in with a target address and return the address of the redirect."""
    given = {"name": "kim", "password": staff.PASSWORD, "to": to}
    return str(client.post(f"{PREFIX}/sign-in", data=given, follow_redirects=False).headers["location"])


@pytest.mark.slow
@pytest.mark.parametrize("path", [f"/claims/{CARGO}", "?view=all&words=%ED%95%AD", "/publish?key=a&key=b"])
def test_sign_in_continues_to_the_requested_page(places: LedgerPaths, path: str) -> None:
    client = visitor(places)
    asked = client.get(f"{PREFIX}{path}", follow_redirects=False).headers["location"]
    assert (
        client.post(f"{PREFIX}/sign-in", data={"name": "kim", "password": "-", "to": f"{PREFIX}{path}"}).text.count(
            'name="to"'
        )
        == 1
    ), "a wrong password keeps the target"
    assert sign_in_with_target(client, parse_qs(urlsplit(asked).query)["to"][0]) == f"{PREFIX}{path}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "to", ["", "https://example.org/", "//example.org", "/ledger", f"{PREFIX}.org", f"{PREFIX}/\r\nX: y"]
)
def test_sign_in_never_redirects_outside_the_desk(places: LedgerPaths, to: str) -> None:
    assert sign_in_with_target(visitor(places), to) == PREFIX
    assert 'name="to"' not in visitor(places).get(f"{PREFIX}/sign-in", params={"to": to}).text


@pytest.mark.slow
def test_desk_uses_the_language_of_the_password_page(places: LedgerPaths) -> None:
    link = account_steps.invite_user(places, "kim", actor=ROOT)
    client = visitor(places)
    page = client.get(link, headers={"accept-language": "ko"}).text
    assert '<html lang="ko">' in page
    typed = {"token": link.partition("=")[2], "password": "a long pass phrase", "password_again": "a long pass phrase"}
    answer = client.post(f"{PREFIX}/welcome", data=typed, headers={"accept-language": "ko"})
    assert '<html lang="ko">' in client.get(PREFIX, headers={"accept-language": "en"}).text, answer.text


@pytest.mark.slow
def test_empty_desk_shows_first_steps_by_role(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    with step_setup.open_store(places) as store:
        for name, role in (("root", "admin"), ("kim", "checker"), ("lee", "editor")):
            staff.enrol(store, name, role, now=step_setup.utc_now())
    begun = {name: signed_in(places, name).get(PREFIX).text for name in ("root", "kim", "lee")}
    assert [f'href="{PREFIX}/people"' in begun[one].partition("notice")[2] for one in begun] == [True, False, False]
    assert [f'href="{PREFIX}/articles/new"' in begun[one] for one in begun] == [False, True, False]


def test_desk_with_claims_shows_no_first_steps(places: LedgerPaths) -> None:
    assert "To begin:" not in signed_in(places, "lee").get(PREFIX).text
