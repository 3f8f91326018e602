"""The sign-in page: the language choice and its cookie, errors in both languages, and forms kept after sign-out."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
import staff
from desk_visits import PREFIX, TestClient, field, made, sent, signed_in, token, visitor
from newsroom import CARGO

from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages.session import LANGUAGE_COOKIE
from claimledger.ledger.files import LedgerPaths

SIGN_IN = f"{PREFIX}/sign-in"
KOREAN, ENGLISH = '<html lang="ko">', '<html lang="en">'


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def choose_language(client: TestClient, language: str, **headers: str) -> int:
    given = {"referer": f"http://127.0.0.1{SIGN_IN}", **headers}
    status: int = client.post(f"{PREFIX}/language", data={"language": language}, headers=given).status_code
    return status


def test_language_choice_before_sign_in_is_remembered(places: LedgerPaths) -> None:
    client = visitor(places)
    assert ENGLISH in client.get(SIGN_IN).text
    answer = client.post(
        f"{PREFIX}/language", data={"language": "ko"}, headers={"referer": f"http://127.0.0.1{SIGN_IN}"}
    )
    assert (str(answer.url), KOREAN in answer.text) == (f"http://127.0.0.1{SIGN_IN}", True)
    assert KOREAN in client.get(SIGN_IN, headers={"accept-language": "en"}).text
    assert ENGLISH in visitor(places).get(SIGN_IN).text, "another browser remembers nothing"
    choose_language(client, "en")
    assert ENGLISH in client.get(SIGN_IN, headers={"accept-language": "ko"}).text


@pytest.mark.slow
def test_signed_in_language_follows_the_person_and_is_remembered(places: LedgerPaths) -> None:
    client = visitor(places)
    choose_language(client, "ko")
    client.cookies.update(signed_in(places, "kim").cookies)
    assert ENGLISH in client.get(PREFIX).text, "kim reads English"
    sent(client, "/language", language="ko")
    assert KOREAN in client.get(PREFIX).text
    sent(client, "/sign-out")
    assert KOREAN in client.get(SIGN_IN).text


def test_another_site_cannot_change_the_language(places: LedgerPaths) -> None:
    client = visitor(places)
    assert choose_language(client, "ko", **{"sec-fetch-site": "cross-site"}) == 409
    assert client.cookies.get(LANGUAGE_COOKIE) is None


@pytest.mark.slow
def test_sign_in_errors_use_the_chosen_language(places: LedgerPaths) -> None:
    client = visitor(places)
    wrong = {"name": "kim", "password": "not the password"}
    for language, refusal in (("ko", "맞지 않습니다"), ("en", "The name or the password is wrong")):
        choose_language(client, language)
        assert refusal in client.post(SIGN_IN, data=wrong).text
    for _ in range(3):
        client.post(SIGN_IN, data=wrong)
    for language, wait in (("ko", "초 뒤에 다시"), ("en", "Try again in")):
        choose_language(client, language)
        answer = client.post(SIGN_IN, data=wrong)
        assert (answer.status_code, wait in answer.text) == (429, True)
        assert 0 < int(answer.headers["retry-after"]) <= 30
    assert signed_in(places, "lee").get(PREFIX).status_code == 200, "others at the same address do not have to wait"


LONG = "The port authority's table counts berths, not ships.\n" * 40


def send_after_sign_out(places: LedgerPaths, client: TestClient, **headers: str) -> str:
    """Send a comment after signing out in another window, and return the refusal page."""
    fields = {"form_token": token(client), "text": LONG, "tick": ["one", "two"]}
    client.post(f"{PREFIX}/sign-out", data={"form_token": fields["form_token"]})
    answer = client.post(f"{PREFIX}/claims/{CARGO}/comment", data=fields, headers=headers)
    assert answer.status_code == 401
    return str(answer.text)


def sign_in_again(client: TestClient, page: str, password: str = staff.PASSWORD) -> tuple[int, str]:
    given = {"name": "kim", "password": password, "kept": html.unescape(field(page, "kept"))}
    answer = client.post(SIGN_IN, data=given)
    return answer.status_code, answer.text


@pytest.mark.slow
def test_form_sent_after_sign_out_returns_after_sign_in(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    page = send_after_sign_out(places, client)
    assert "You were signed out before sending." in page
    status, wrong = sign_in_again(client, page, "not the password")
    assert status == 401
    status, back = sign_in_again(client, wrong)
    assert (status, f'action="{PREFIX}/claims/{CARGO}/comment"' in back) == (200, True)
    assert [field(back, "form_token"), back.count('name="tick"'), LONG in html.unescape(back)] == [
        token(client),
        2,
        True,
    ]
    assert lookups.claim_at_desk(places, CARGO).newest_draft_id == 0


@pytest.mark.slow
def test_form_of_another_site_is_not_kept(places: LedgerPaths) -> None:
    page = send_after_sign_out(places, signed_in(places, "kim"), **{"sec-fetch-site": "cross-site"})
    assert ("You were signed out before sending" in page, 'name="kept"' in page, LONG[:20] in page) == (
        False,
        False,
        False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["", "{", "[]", '{"path": "https://example.org/", "fields": []}'])
def test_forged_kept_form_is_ignored(places: LedgerPaths, kept: str) -> None:
    given = {"name": "kim", "password": staff.PASSWORD, "kept": kept}
    answer = visitor(places).post(SIGN_IN, data=given, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PREFIX)


@pytest.mark.slow
def test_unknown_action_on_people_makes_no_link(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        staff.enrol(store, "root", "admin", now=step_setup.utc_now())
    status, page = sent(signed_in(places, "root"), "/people", act="nonsense", name="kim")
    assert (status, "token=" in page) == (404, False)
