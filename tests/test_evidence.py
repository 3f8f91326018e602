"""Documents as they come: captured whole, kept as WARC, read, the passage relied on found, and looked at again."""

from __future__ import annotations

import gzip
import io
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from loopback import page, said, sent_on, serving
from made_documents import PARAGRAPH, SENTENCE, answered, html_page, pdf_of, reaching
from warcio.archiveiterator import ArchiveIterator

from claimledger.errors import ProblemsFound
from claimledger.evidence import (
    Capture, DocumentEmpty, StoredDocument, PackageMissing, capture_address, capture_file, recheck_document,
    read_document, locate_excerpt,
)  # fmt: skip
from claimledger.fetching import TooLarge
from claimledger.desk_vocabulary import RecheckOutcome
from claimledger.vocabulary import Medium

NOW = datetime(2031, 4, 3, 9, tzinfo=UTC)


def test_a_capture_holds_what_came_and_how() -> None:
    body = html_page()
    moved = page(b"", "Location: /new", "Set-Cookie: who=1", status="301 Moved")
    packed = page(
        gzip.compress(body), "Content-Type: text/html; charset=utf-8", "Content-Encoding: gzip", "ETag: a", "X-Ad: 1"
    )
    with serving(moved, packed) as server:
        capture = capture_address(f"{server.address}/old", reaching(server))
    assert capture.content == body
    assert capture.sha256 == sha256(body).hexdigest()
    assert (capture.status, capture.media_type, capture.charset) == (200, "text/html", "utf-8")
    assert capture.redirects == ((f"{server.address}/old", 301),)
    assert capture.final_address == f"{server.address}/new"
    assert {name for name, _ in capture.headers} == {"content-type", "content-length", "content-encoding", "etag"}
    assert capture.fetched_at.tzinfo is UTC


def test_the_warc_holds_each_request_and_answer_as_they_were() -> None:
    body = gzip.compress(html_page())
    with serving(sent_on("/new"), page(body, "Content-Encoding: gzip", "Content-Type: text/html")) as server:
        capture = capture_address(f"{server.address}/old", reaching(server))
        asked = server.requests
    assert capture.warc
    records = [(record, record.raw_stream.read()) for record in ArchiveIterator(io.BytesIO(capture.warc))]
    assert [record.rec_type for record, _ in records] == ["warcinfo", "request", "response", "request", "response"]
    assert [record.rec_headers.get_header("WARC-Target-URI") for record, _ in records[1::2]] == [
        f"{server.address}/old", f"{server.address}/new",
    ]  # fmt: skip
    assert [record.http_headers.to_bytes() for record, _ in records[1::2]] == asked
    (_, first_body), (last, last_body) = records[2], records[4]
    assert (first_body, last_body) == (b"", body)
    assert records[2][0].rec_headers.get_header("WARC-Truncated") == "unspecified"
    assert last.rec_headers.get_header("WARC-Payload-Digest") == f"sha256:{sha256(body).hexdigest()}"
    assert last.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert last.http_headers.get_statuscode() == "200"
    assert records[3][0].rec_headers.get_header("WARC-Concurrent-To") == last.rec_headers.get_header("WARC-Record-ID")


def test_the_parts_of_a_chunked_answer_are_joined_and_its_header_says_so() -> None:
    chunked = said(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
    )
    with serving(chunked) as server:
        capture = capture_address(server.address, reaching(server))
    assert capture.warc
    answers = (record for record in ArchiveIterator(io.BytesIO(capture.warc)) if record.rec_type == "response")
    assert [
        (one.http_headers.get_header("X-Archive-Orig-Transfer-Encoding"), one.raw_stream.read()) for one in answers
    ] == [("chunked", b"body")]


def test_what_has_no_bytes_or_too_many_is_refused() -> None:
    with serving(page(b"")) as server, pytest.raises(DocumentEmpty):
        capture_address(server.address, reaching(server))
    with pytest.raises(DocumentEmpty, match=r"notes\.pdf"):
        capture_file("notes.pdf", b"")
    with pytest.raises(TooLarge, match="20,000,000"):
        capture_file("notes.pdf", b"x" * 20_000_001)


@pytest.mark.slow
def test_a_page_is_read_with_what_it_states_of_itself() -> None:
    reading = read_document(capture_file("a.html", html_page(), NOW))
    assert reading.text
    assert SENTENCE in reading.text
    assert (reading.title, reading.publisher, reading.published_on, reading.language, reading.medium) == (
        "하늘항 화물 통계", "하늘항만공사", "2031-03-02", "ko", Medium.WEB,
    )  # fmt: skip


@pytest.mark.slow
def test_a_server_that_lies_about_the_charset_is_not_believed() -> None:
    with serving(page(html_page(), "Content-Type: text/html; charset=euc-kr")) as server:
        assert SENTENCE in (read_document(capture_address(server.address, reaching(server))).text or "")


@pytest.mark.slow
def test_a_pdf_is_read_page_by_page_in_any_language() -> None:
    reading = read_document(capture_file("a.pdf", pdf_of(SENTENCE, "Page two counts 1,204,331 t."), NOW))
    assert (reading.text or "").split("\f") == [SENTENCE, "Page two counts 1,204,331 t."]
    assert (reading.title, reading.published_on, reading.medium) == ("Port yearbook", "2031-01-15", Medium.PDF)


@pytest.mark.slow
def test_a_pdf_is_told_by_its_beginning_whatever_the_server_says() -> None:
    with serving(page(pdf_of(SENTENCE), "Content-Type: application/octet-stream")) as server:
        assert read_document(capture_address(server.address, reaching(server))).text == SENTENCE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.7\nno such thing", "pdf-unreadable"),
        ("a.pdf", pdf_of(" "), "document-without-text"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(9), "document-without-text"),
        ("a.html", b"<html><body><p>Hi</p></body></html>", "html-without-article"),
        ("a.bin", bytes(range(256)), "text-binary"),
    ],
)
def test_what_has_no_text_says_why(name: str, content: bytes, code: str) -> None:
    reading = read_document(capture_file(name, content, NOW))
    assert reading.text is None
    assert reading.no_text_problem
    assert reading.no_text_problem.code == code


@pytest.mark.slow
@pytest.mark.parametrize(("package", "content"), [("pypdf", pdf_of(SENTENCE)), ("trafilatura", html_page())])
def test_a_missing_package_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, content: bytes
) -> None:
    (tmp_path / f"{package}.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PackageMissing, match=rf"{package}.*claimledger\[evidence\]"):
        read_document(capture_file("a.html", content, NOW))


def test_without_warcio_nothing_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    with serving(answered()) as server, pytest.raises(PackageMissing, match=r"claimledger\[evidence\]"):
        capture_address(server.address, reaching(server))


def test_a_passage_is_found_word_for_word_though_the_lines_break_otherwise() -> None:
    text = "A first line.\nHe said 40%\nlower, twice."
    found = locate_excerpt(text, " said  40% lower ")
    assert (found.exact, found.position.start) == ("said 40%\nlower", text.index("said"))
    assert text[found.position.start : found.position.end] == found.exact
    assert (found.quote.prefix, found.quote.suffix) == ("A first line.\nHe ", ", twice.")


@pytest.mark.parametrize(
    ("passage", "code"),
    [
        ("45% lower", "excerpt-not-there"),
        ("40", "excerpt-twice"),
        (" ", "excerpt-not-there"),
        (".*", "excerpt-not-there"),
    ],
)
def test_a_passage_that_does_not_stand_there_once_is_refused(passage: str, code: str) -> None:
    with pytest.raises(ProblemsFound) as refusal:
        locate_excerpt("40% lower, or 40 points", passage)
    assert [problem.code for problem in refusal.value.problems] == [code]


def held(address: str, paragraph: str = PARAGRAPH) -> StoredDocument:
    """Return what is held of a page that was captured at an address."""
    capture = Capture(address, html_page(paragraph), "text/html", "utf-8", NOW, address)
    reading = read_document(capture)
    assert reading.text
    return StoredDocument(address, address, capture.sha256, reading.text_sha256, (SENTENCE,))


@pytest.mark.slow
def test_a_page_with_the_same_text_is_unchanged_whatever_its_menus_say() -> None:
    with serving(answered(menu="Another menu")) as server:
        looked = recheck_document(held(f"{server.address}/"), reaching(server))
    assert (looked.outcome, looked.lost) == (RecheckOutcome.UNCHANGED, ())


@pytest.mark.slow
def test_a_page_with_another_text_is_changed_and_the_passage_may_stand_all_the_same() -> None:
    with serving(answered(f"{PARAGRAPH} 오늘 덧붙인다.")) as server:
        looked = recheck_document(held(f"{server.address}/"), reaching(server))
    assert (looked.outcome, looked.lost) == (RecheckOutcome.CHANGED, ())
    assert looked.reading
    assert "오늘 덧붙인다" in (looked.reading.text or "")


@pytest.mark.slow
def test_a_passage_whose_lines_break_elsewhere_is_not_lost() -> None:
    passages = (SENTENCE.replace(" ", "\n", 1), f"{SENTENCE} ")
    with serving(answered(f"{PARAGRAPH} 오늘 덧붙인다.")) as server:
        looked = recheck_document(replace(held(f"{server.address}/"), passages=passages), reaching(server))
    assert looked.lost == ()


@pytest.mark.slow
def test_a_figure_that_was_altered_loses_the_passage() -> None:
    with serving(answered(PARAGRAPH.replace("1,204,331", "1,240,331"))) as server:
        looked = recheck_document(held(f"{server.address}/"), reaching(server))
    assert (looked.outcome, looked.lost) == (RecheckOutcome.CHANGED, (SENTENCE,))


@pytest.mark.slow
def test_a_page_that_sends_on_has_moved() -> None:
    with serving(sent_on("/elsewhere"), answered()) as server:
        looked = recheck_document(held(f"{server.address}/"), reaching(server))
    assert looked.outcome is RecheckOutcome.MOVED
    assert looked.capture
    assert looked.capture.final_address == f"{server.address}/elsewhere"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "refound"),
    [("404 Not Found", RecheckOutcome.GONE), ("410 Gone", RecheckOutcome.GONE), ("403 No", RecheckOutcome.UNREACHABLE)],
)
def test_only_a_plain_word_says_that_a_page_is_gone(status: str, refound: RecheckOutcome) -> None:
    with serving(page(b"", status=status)) as server:
        looked = recheck_document(held(f"{server.address}/"), reaching(server))
    assert (looked.outcome, looked.capture) == (refound, None)
    assert status[:3] in str(looked.refusal)


@pytest.mark.slow
def test_of_what_is_not_held_only_the_passages_are_looked_for() -> None:
    with serving(answered()) as server:
        address = f"{server.address}/"
        unheld = StoredDocument(address, passages=(SENTENCE, "1,240,331t"))
        looked = recheck_document(unheld, reaching(server))
    assert (looked.outcome, looked.lost) == (RecheckOutcome.NOT_COMPARED, ("1,240,331t",))


@pytest.mark.slow
def test_a_text_that_cannot_be_read_any_more_proves_no_passage_lost() -> None:
    with serving(page(b"\x89PNG\r\n\x1a\n", "Content-Type: image/png")) as server:
        looked = recheck_document(replace(held(f"{server.address}/"), text_sha256=None), reaching(server))
    assert (looked.outcome, looked.lost) == (RecheckOutcome.CHANGED, ())
