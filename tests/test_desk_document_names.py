"""Names and stored copies of documents on the claim page and the publish page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import desk_visits
import pytest
from desk_visits import PREFIX, signed_in
from newsroom import CARGO
from test_desk_correcting import places as with_verdict
from test_evidence_pages import attach, documents

from claimledger.desk import step_setup
from claimledger.evidence import read_document
from claimledger.evidence.capture import Capture, capture_file
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import Medium
from made_documents import SENTENCE, html_page, pdf_of

pytestmark = pytest.mark.slow

__all__ = ["with_verdict"]  # a fixture
NOTES = SENTENCE.encode()
NAMED = "회의록 (Confidential document)"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


def page_text(places: LedgerPaths, path: str, name: str = "lee") -> str:
    return unescape(signed_in(places, name).get(f"{PREFIX}{path}").text)


def attach_minutes(places: LedgerPaths) -> None:
    client = signed_in(places, "kim")
    assert attach(client, ("minutes.txt", NOTES), title_ko="회의록", language="ko", withheld="")[0] == 200


def test_uploaded_file_is_shown_as_a_stored_file(places: LedgerPaths) -> None:
    attach_minutes(places)
    page = page_text(places, f"/claims/{CARGO}")
    facts = re.sub(r"<[^>]+>", " ", page[page.index('id="evidence"') : page.index("/take-back")])
    assert re.search(r"Copy kept\s+No copy\s+Copy on the desk\s+minutes.txt \(\d+ B\)", facts)
    assert "Text file" in facts
    assert "Web page" not in facts


@pytest.mark.parametrize(("name", "content", "address", "medium"), [
    ("notes.txt", NOTES, None, Medium.FILE), ("page.html", html_page(), None, Medium.WEB),
    ("paper.pdf", pdf_of("Open."), None, Medium.PDF), ("https://a.example/t", NOTES, "https://a.example/t", Medium.WEB),
    ("notes.docx", b"PK\x03\x04 broken", None, Medium.FILE),
])  # fmt: skip
def test_document_medium_depends_on_address_and_type(
    name: str, content: bytes, address: str | None, medium: Medium
) -> None:
    file = capture_file(name, content)
    kind = file.media_type or ("text/plain" if address else None)
    assert read_document(Capture(name, content, kind, None, file.fetched_at, address)).medium is medium


def test_editor_sees_the_title_of_a_confidential_document(with_verdict: LedgerPaths) -> None:
    places = with_verdict
    attach_minutes(places)
    page = page_text(places, f"/claims/{CARGO}")
    assert f"<h3>Supports: {NAMED}" in page
    assert f"> Supports: {NAMED}</label>" in page
    assert NAMED in page[page.index('id="waits"') : page.index("/approve")]
    publish = page_text(places, f"/publish?claim={CARGO}")
    assert f"<b>{NAMED}</b>" in publish
    assert "<b></b>" not in publish
    assert f"<h3>{NAMED} " in publish


def test_admin_does_not_see_the_title_of_a_confidential_document(places: LedgerPaths) -> None:
    attach_minutes(places)
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "park", author="admin-console", now=step_setup.utc_now(), roles=("admin",))
    for path in (f"/claims/{CARGO}", f"/publish?claim={CARGO}"):
        page = page_text(places, path, "park")
        assert "Confidential document" in page
        assert not any(word in page for word in ("회의록", "minutes.txt"))
    assert documents(places)[0].is_withheld
