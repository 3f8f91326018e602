"""Before signing in: the language of the pages, remembered by the browser, and the refusals in both."""

from __future__ import annotations

from pathlib import Path

import pytest
import staff
from desk_visits import PREFIX, TestClient, made, sent, signed_in, visitor
from newsroom import CARGO

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.session import LANGUAGE_COOKIE
from claimledger.ledger.files import Places

SIGN_IN = f"{PREFIX}/sign-in"
KOREAN, ENGLISH = '<html lang="ko">', '<html lang="en">'


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return made(tmp_path)


def choose(client: TestClient, language: str, **headers: str) -> int:
    given = {"referer": f"http://127.0.0.1{SIGN_IN}", **headers}
    status: int = client.post(f"{PREFIX}/language", data={"language": language}, headers=given).status_code
    return status


def test_the_language_is_changed_before_signing_in_and_remembered(places: Places) -> None:
    client = visitor(places)
    assert ENGLISH in client.get(SIGN_IN).text
    answer = client.post(
        f"{PREFIX}/language", data={"language": "ko"}, headers={"referer": f"http://127.0.0.1{SIGN_IN}"}
    )
    assert (str(answer.url), KOREAN in answer.text) == (f"http://127.0.0.1{SIGN_IN}", True)
    assert KOREAN in client.get(SIGN_IN, headers={"accept-language": "en"}).text
    assert ENGLISH in visitor(places).get(SIGN_IN).text, "another browser remembers nothing"
    choose(client, "en")
    assert ENGLISH in client.get(SIGN_IN, headers={"accept-language": "ko"}).text


def test_a_person_reads_their_own_language_and_their_browser_keeps_it(places: Places) -> None:
    client = visitor(places)
    choose(client, "ko")
    client.cookies.update(signed_in(places, "kim").cookies)
    assert ENGLISH in client.get(PREFIX).text, "kim reads English"
    sent(client, "/language", language="ko")
    assert KOREAN in client.get(PREFIX).text
    sent(client, "/sign-out")
    assert KOREAN in client.get(SIGN_IN).text


def test_another_site_does_not_choose_the_language(places: Places) -> None:
    client = visitor(places)
    assert choose(client, "ko", **{"sec-fetch-site": "cross-site"}) == 409
    assert client.cookies.get(LANGUAGE_COOKIE) is None


def test_refusals_and_waits_are_told_in_the_language_chosen(places: Places) -> None:
    client = visitor(places)
    wrong = {"name": "kim", "password": "not the password"}
    for language, refusal in (("ko", "맞지 않습니다"), ("en", "do not go together")):
        choose(client, language)
        assert refusal in client.post(SIGN_IN, data=wrong).text
    for _ in range(3):
        client.post(SIGN_IN, data=wrong)
    for language, wait in (("ko", "초 뒤에 다시"), ("en", "Try again in")):
        choose(client, language)
        answer = client.post(SIGN_IN, data=wrong)
        assert (answer.status_code, wait in answer.text) == (429, True)
        assert 0 < int(answer.headers["retry-after"]) <= 30
    assert signed_in(places, "lee").get(PREFIX).status_code == 200, "others at the same address need not wait"


@pytest.mark.parametrize(("language", "told"), [("en", "copy it, sign in"), ("ko", "복사해 둔 뒤")])
def test_what_was_typed_before_the_session_ended_is_shown_to_be_copied(
    places: Places, language: str, told: str
) -> None:
    client = visitor(places)
    choose(client, language)
    typed = {"form_token": "0" * 64, "text": "근거를 <b>다시</b> 본다.", "seen": "ab:1", "should_read": " "}
    answer = client.post(f"{PREFIX}/claims/{CARGO}/comment", data=typed)
    assert (answer.status_code, told in answer.text) == (401, True)
    assert "<textarea readonly>근거를 &lt;b&gt;다시&lt;/b&gt; 본다.</textarea>" in answer.text
    assert answer.text.count("<textarea") == 1, "hidden and empty fields are none that anybody typed"
    elsewhere = client.post(f"{PREFIX}/claims/{CARGO}/comment", data=typed, headers={"sec-fetch-site": "cross-site"})
    assert (elsewhere.status_code, "<textarea" in elsewhere.text) == (401, False)
    long = client.post(f"{PREFIX}/claims/{CARGO}/comment", data={"text": "가" * 400_000})
    assert (long.status_code, "<textarea" in long.text) == (401, False)


def test_an_act_on_people_that_is_none_makes_no_link(places: Places) -> None:
    with desk.open_store(places) as store:
        staff.enrol(store, "root", "admin", now=desk.utc_now())
    status, page = sent(signed_in(places, "root"), "/people", act="nonsense", name="kim")
    assert (status, "token=" in page) == (404, False)
