"""The evidence page of a claim: fetch, upload, cite, refusals that keep the form, and rechecks."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path
from typing import Any

import desk_visits
import pytest
from desk_visits import TestClient, field, token
from newsroom import CARGO, GROWTH

from claimledger.desk import archived_copies, lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.evidence import DOCUMENT_LIMITS, Archive, DocumentFetcher
from claimledger.fetching import fetch
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from loopback import page, serving
from made_documents import PARAGRAPH, SENTENCE, answered, html_page, pdf_of, reaching

PAGE = f"{PREFIX}/claims/{CARGO}/evidence"
EVIDENCE_FORM = {"stance": "supports", "tier": "primary", "summary_ko": "연감의 수와 맞는다.", "withheld": "no"}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


def visitor(places: LedgerPaths, name: str = "kim", fetch_it: DocumentFetcher | None = None) -> TestClient:
    """Return the client of a signed-in person, at a server with the given fetch function."""
    client = desk_visits.signed_in(places, name)
    if fetch_it:
        application = desk_application(places, fetch_it)
        client = TestClient(application, base_url="http://127.0.0.1", cookies=dict(client.cookies))
    return client


def attach(client: TestClient, file: tuple[str, bytes] | None = None, **fields: Any) -> tuple[int, str]:  # noqa: ANN401
    form = {"form_token": token(client), "seen": field(client.get(PAGE).text, "seen"), **EVIDENCE_FORM, **fields}
    answer = client.post(PAGE, data=form, files={"file": file} if file else None)
    return answer.status_code, answer.text


def recheck_first_document(client: TestClient) -> str:
    """Recheck the first document and return the page."""
    document = field(client.get(PAGE).text, "document")
    return desk_visits.sent(client, f"/claims/{CARGO}/evidence/check", document=document)[1]


def documents(places: LedgerPaths) -> list[Document]:
    return [draft.record for draft in lookups.open_drafts(places) if isinstance(draft.record, Document)]


def kept_files(places: LedgerPaths) -> list[Path]:
    return [path for path in places.private_evidence.rglob("*") if path.is_file()]


@pytest.mark.slow
def test_fetched_address_fills_the_document_fields(places: LedgerPaths) -> None:
    with serving(answered()) as server:
        status, shown = attach(
            visitor(places, fetch_it=reaching(server)), fetch=f"{server.address}/a", excerpt=SENTENCE
        )
    assert status == 200
    (document,) = documents(places)
    assert (document.title, document.address) == ({"ko": "하늘항 화물 통계"}, f"{server.address}/a")
    assert f'<mark dir="auto">{SENTENCE}</mark>' in shown
    assert "Download the stored copy" in shown


@pytest.mark.slow
def test_uploaded_file_can_be_downloaded_as_an_attachment(places: LedgerPaths) -> None:
    client = visitor(places)
    status, shown = attach(
        client, ("folder/minutes-4471.pdf", pdf_of(SENTENCE)), title_ko="회의록", language="ko", withheld=""
    )
    assert status == 200
    assert "Confidential document. Readers see only that it exists" in shown
    assert "회의록" in shown
    assert documents(places)[0].is_withheld
    assert "Confidential document" in client.get(f"{PREFIX}/claims/{CARGO}").text
    answer = client.get(f"{PREFIX}/claims/{CARGO}/kept/1")
    assert answer.content == pdf_of(SENTENCE)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"{PREFIX}/claims/{GROWTH}/kept/1").status_code == 404


@pytest.mark.slow
def test_admin_sees_only_that_a_confidential_document_exists(places: LedgerPaths) -> None:
    attach(visitor(places), ("minutes-4471.pdf", pdf_of(SENTENCE)), title_ko="회의록", language="ko", withheld="")
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "park", author="admin-console", now=step_setup.utc_now(), roles=("admin",))
    client = visitor(places, "park")
    shown = client.get(PAGE).text
    assert "Confidential document. Readers see only that it exists" in shown
    assert not any(word in shown for word in ("회의록", "minutes-4471", SENTENCE))
    answer = client.get(f"{PREFIX}/claims/{CARGO}/kept/1")
    assert (answer.status_code, SENTENCE.encode() in answer.content) == (409, False)


@pytest.mark.slow
def test_editors_see_who_downloaded_a_confidential_document(places: LedgerPaths) -> None:
    client = visitor(places)
    attach(client, ("minutes-4471.pdf", pdf_of(SENTENCE)), title_ko="회의록", language="ko", withheld="")
    attach(client, ("open.pdf", pdf_of("Open.")), title_ko="공개", language="ko", withheld="no")
    for kept in (1, 2):
        assert client.get(f"{PREFIX}/claims/{CARGO}/kept/{kept}").status_code == 200
    assert "Downloads</h4>" not in client.get(PAGE).text
    assert 'Downloads</h4><ul class="plain"><li>kim' in visitor(places, "lee").get(PAGE).text
    (of_minutes, of_open) = lookups.claim_documents(places, CARGO, StaffMember("lee", (Role.EDITOR,)))
    assert [(one.author, one.capture_id, one.claim_id) for one in of_minutes.savings] == [("kim", 1, CARGO)]
    assert of_open.savings == ()


@pytest.mark.slow
def test_recheck_says_why_a_page_has_no_text(places: LedgerPaths) -> None:
    empty = page(b"<html><body><p>Hi</p></body></html>", "Content-Type: text/html")
    with serving(answered(), empty) as server:
        client = visitor(places, fetch_it=reaching(server))
        attach(client, fetch=f"{server.address}/a")
        shown = recheck_first_document(client)
    assert "No article was found on the page." in shown


@pytest.mark.slow
def test_scripts_in_a_document_are_escaped(places: LedgerPaths) -> None:
    hostile = html_page(f"{PARAGRAPH} &lt;script&gt;alert(1)&lt;/script&gt; is what it says here.")
    excerpt = "<script>alert(1)</script>"
    status, shown = attach(
        visitor(places), ("<img src=x>.html", hostile), title_ko="<b>제목</b>", language="ko", excerpt=excerpt
    )
    assert status == 200
    assert "&lt;script&gt;alert(1)" in shown
    assert not any(raw in shown for raw in ("<script>alert", "<b>제목", "<img src=x"))


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "no document": ({}, "No document was given."),
    "a private address": ({"fetch": "http://10.0.0.1/"}, "It was not contacted."),
    "this machine": ({"fetch": "http://localhost:1025/"}, "is not on the public web"),
    "no address": ({"fetch": "port.example"}, "does not begin with"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_stores_nothing_and_keeps_the_form(places: LedgerPaths, name: str) -> None:
    fields, sentence = REFUSALS[name]
    status, shown = attach(visitor(places), excerpt="옮긴 대목", **fields)
    assert status == 409
    assert sentence in shown
    assert "연감의 수와 맞는다." in shown
    assert "옮긴 대목" in shown
    assert (documents(places), kept_files(places)) == ([], [])


@pytest.mark.slow
def test_all_document_problems_are_shown_together(places: LedgerPaths) -> None:
    file = ("photograph.png", b"\x89PNG\r\n\x1a\n" + bytes(9))
    status, shown = attach(visitor(places), file, published_on="yesterday", language="")
    assert status == 409
    assert all(f"<b>{name}</b>" in html.unescape(shown) for name in ("Document title", "Language", "Published"))
    assert kept_files(places) == []


@pytest.mark.slow
def test_refusal_is_shown_in_korean(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language="ko")
    _, shown = attach(visitor(places), ("a.html", html_page()), excerpt="없는 말")
    assert "발췌가 문서의 본문에 없습니다." in shown
    assert "서버가 문서를 가져오며 최대 90초" in shown


@pytest.mark.slow
def test_one_request_rechecks_one_document(places: LedgerPaths) -> None:
    with serving(answered()) as server:
        client = visitor(places, fetch_it=reaching(server))
        attach(client, fetch=f"{server.address}/a")
        attach(client, fetch=f"{server.address}/b")
        before = len(server.requests)
        recheck_first_document(client)
        assert [request.split()[1] for request in server.requests[before:]] == [b"/a"]


@pytest.mark.slow
def test_upload_without_the_role_is_not_read(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    monkeypatch.setattr("claimledger.desk.evidence_steps.read_document", lambda capture: read.append(capture.name))
    status, _ = attach(visitor(places, "lee"), ("a.html", html_page()))
    assert (status, read) == (409, [])


@pytest.mark.slow
def test_failed_recheck_is_shown_in_korean(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language="ko")
    with serving(answered(), page(b"", status="410 Gone")) as server:
        client = visitor(places, fetch_it=reaching(server))
        attach(client, fetch=server.address, excerpt=SENTENCE)
        shown = recheck_first_document(client)
    assert "응답 상태가 410입니다." in shown
    assert "answered with" not in shown


@pytest.mark.slow
def test_fetch_without_the_role_contacts_no_server(places: LedgerPaths) -> None:
    with serving(answered()) as server:
        status, shown = attach(visitor(places, "lee", reaching(server)), fetch=server.address)
    assert (status, server.requests) == (409, [])
    assert "'Fact-checker'" in shown.replace("&#39;", "'")


@pytest.mark.slow
def test_changed_document_opens_a_recheck_that_can_be_settled(places: LedgerPaths) -> None:
    with serving(answered(), page(b"", status="410 Gone")) as server:
        client = visitor(places, fetch_it=reaching(server))
        attach(client, fetch=server.address, excerpt=SENTENCE)
        shown = recheck_first_document(client)
    assert "<b>Removed</b>" in shown
    assert "The document was removed." in shown
    assert CARGO in client.get(f"{PREFIX}?view=recheck").text
    settled = client.post(f"{PAGE}/settle", data={"form_token": token(client), "reason": "An archived copy stands."})
    assert "The document was removed." not in settled.text
    assert CARGO not in client.get(f"{PREFIX}?view=recheck").text


def cite(client: TestClient, **fields: str) -> tuple[int, str]:
    path = f"{PREFIX}/claims/{GROWTH}/evidence"
    shown = client.get(path).text
    form = {"form_token": token(client), "seen": field(shown, "seen"), "stance": "supports", "summary_ko": "맞는다."}
    answer = client.post(f"{path}/cite", data=form | fields)
    return answer.status_code, answer.text


@pytest.mark.slow
def test_known_document_is_offered_and_can_be_cited(places: LedgerPaths) -> None:
    client = visitor(places)
    attach(client, ("statistics.html", html_page()), address="https://port.example/a", excerpt=SENTENCE)
    (document,) = documents(places)
    offered = f'<option value="{document.document_id}">하늘항 화물 통계</option>'
    assert offered in client.get(f"{PREFIX}/claims/{GROWTH}/evidence").text
    assert offered not in client.get(PAGE).text
    status, shown = cite(client, document="https://port.example/a", excerpt="그런 말은 없다")
    assert (status, "[excerpt-not-there]" in shown or "excerpt" in shown) == (409, True)
    assert 'value="https://port.example/a"' in shown
    status, shown = cite(client, document=document.document_id, excerpt=SENTENCE)
    assert (status, f'<mark dir="auto">{SENTENCE}</mark>' in shown) == (200, True)
    assert cite(client, document="https://port.example/nothing")[0] == 404
    status, shown = attach(client, ("again.html", html_page()), address="https://port.example/a")
    assert (status, document.document_id in shown) == (409, True)
    assert documents(places) == [document]


@pytest.mark.slow
@pytest.mark.parametrize(("content", "word"), [
    (html_page(), "An archived copy has the same content, and its address was recorded."),
    (html_page("<p>No such page.</p>"), "No archived copy has the same content."),
    (None, "The archive did not answer. No address was recorded."),
])  # fmt: skip
def test_archive_is_asked_on_request_and_its_result_is_shown(
    places: LedgerPaths, content: bytes | None, word: str
) -> None:
    with serving(answered()) as server:
        address, made = f"{server.address}/a", "Memento-Datetime: Tue, 01 Apr 2031 12:00:00 GMT"
        link = f'Link: <{address}>; rel="original"'
        headers = (made, link, "Content-Type: text/html; charset=utf-8")
        copy = page(b"", status="403 No") if content is None else page(content, *headers)
        with serving(copy) as archive:
            fetch_copy = partial(fetch, limits=DOCUMENT_LIMITS, allow=archive.allow)
            note_copy = partial(
                archived_copies.add_archived_copy, archive=Archive(f"{archive.address}/"), fetch_it=fetch_copy
            )
            client = visitor(places)
            application = desk_application(places, reaching(server), note_copy)
            client = TestClient(application, base_url="http://127.0.0.1", cookies=dict(client.cookies))
            status, shown = attach(client, fetch=address, excerpt=SENTENCE, archive="yes")
    assert (status, word in shown) == (200, True)
    (document,) = documents(places)
    assert (document.archived_address is not None) is ("its address was recorded" in word)
