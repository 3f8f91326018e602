"""Documents as evidence: capture, WARC, text extraction, locating excerpts, and rechecks."""

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


def test_capture_contains_content_and_response_details() -> None:
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


def test_warc_contains_each_request_and_response_unchanged() -> None:
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


def test_warc_joins_chunks_and_keeps_the_original_header() -> None:
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


def test_capture_refuses_empty_and_too_large_files() -> None:
    with serving(page(b"")) as server, pytest.raises(DocumentEmpty):
        capture_address(server.address, reaching(server))
    with pytest.raises(DocumentEmpty, match=r"notes\.pdf"):
        capture_file("notes.pdf", b"")
    with pytest.raises(TooLarge, match="20,000,000"):
        capture_file("notes.pdf", b"x" * 20_000_001)


@pytest.mark.slow
def test_html_page_is_read_with_its_metadata() -> None:
    reading = read_document(capture_file("a.html", html_page(), NOW))
    assert reading.text
    assert SENTENCE in reading.text
    assert (reading.title, reading.publisher, reading.published_on, reading.language, reading.medium) == (
        "하늘항 화물 통계", "하늘항만공사", "2031-03-02", "ko", Medium.WEB,
    )  # fmt: skip


@pytest.mark.slow
def test_wrong_charset_header_is_ignored() -> None:
    with serving(page(html_page(), "Content-Type: text/html; charset=euc-kr")) as server:
        assert SENTENCE in (read_document(capture_address(server.address, reaching(server))).text or "")


@pytest.mark.slow
def test_pdf_is_read_page_by_page_with_its_metadata() -> None:
    reading = read_document(capture_file("a.pdf", pdf_of(SENTENCE, "Page two counts 1,204,331 t."), NOW))
    assert (reading.text or "").split("\f") == [SENTENCE, "Page two counts 1,204,331 t."]
    assert (reading.title, reading.published_on, reading.medium) == ("Port yearbook", "2031-01-15", Medium.PDF)


@pytest.mark.slow
def test_pdf_is_recognised_by_its_first_bytes() -> None:
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
def test_document_without_text_has_a_problem_code(name: str, content: bytes, code: str) -> None:
    reading = read_document(capture_file(name, content, NOW))
    assert reading.text is None
    assert reading.no_text_problem
    assert reading.no_text_problem.code == code


@pytest.mark.slow
@pytest.mark.parametrize(("package", "content"), [("pypdf", pdf_of(SENTENCE)), ("trafilatura", html_page())])
def test_missing_package_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str, content: bytes
) -> None:
    (tmp_path / f"{package}.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PackageMissing, match=rf"{package}.*claimledger\[evidence\]"):
        read_document(capture_file("a.html", content, NOW))


def test_capture_needs_warcio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    with serving(answered()) as server, pytest.raises(PackageMissing, match=r"claimledger\[evidence\]"):
        capture_address(server.address, reaching(server))


def test_excerpt_is_found_across_different_line_breaks() -> None:
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
def test_excerpt_that_is_missing_or_repeated_is_refused(passage: str, code: str) -> None:
    with pytest.raises(ProblemsFound) as refusal:
        locate_excerpt("40% lower, or 40 points", passage)
    assert [problem.code for problem in refusal.value.problems] == [code]


def stored_page(address: str, paragraph: str = PARAGRAPH) -> StoredDocument:
    """Return the stored details of a page captured at an address, with one quoted passage."""
    capture = Capture(address, html_page(paragraph), "text/html", "utf-8", NOW, address)
    reading = read_document(capture)
    assert reading.text
    return StoredDocument(address, address, capture.sha256, reading.text_sha256, (SENTENCE,))


@pytest.mark.slow
def test_page_with_another_menu_is_unchanged() -> None:
    with serving(answered(menu="Another menu")) as server:
        result = recheck_document(stored_page(f"{server.address}/"), reaching(server))
    assert (result.outcome, result.lost) == (RecheckOutcome.UNCHANGED, ())


@pytest.mark.slow
def test_page_with_added_text_is_changed_and_keeps_the_passage() -> None:
    with serving(answered(f"{PARAGRAPH} 오늘 덧붙인다.")) as server:
        result = recheck_document(stored_page(f"{server.address}/"), reaching(server))
    assert (result.outcome, result.lost) == (RecheckOutcome.CHANGED, ())
    assert result.reading
    assert "오늘 덧붙인다" in (result.reading.text or "")


@pytest.mark.slow
def test_passage_with_other_line_breaks_is_not_lost() -> None:
    passages = (SENTENCE.replace(" ", "\n", 1), f"{SENTENCE} ")
    with serving(answered(f"{PARAGRAPH} 오늘 덧붙인다.")) as server:
        result = recheck_document(replace(stored_page(f"{server.address}/"), passages=passages), reaching(server))
    assert result.lost == ()


@pytest.mark.slow
def test_altered_figure_loses_the_passage() -> None:
    with serving(answered(PARAGRAPH.replace("1,204,331", "1,240,331"))) as server:
        result = recheck_document(stored_page(f"{server.address}/"), reaching(server))
    assert (result.outcome, result.lost) == (RecheckOutcome.CHANGED, (SENTENCE,))


@pytest.mark.slow
def test_redirected_page_has_moved() -> None:
    with serving(sent_on("/elsewhere"), answered()) as server:
        result = recheck_document(stored_page(f"{server.address}/"), reaching(server))
    assert result.outcome is RecheckOutcome.MOVED
    assert result.capture
    assert result.capture.final_address == f"{server.address}/elsewhere"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "outcome"),
    [("404 Not Found", RecheckOutcome.GONE), ("410 Gone", RecheckOutcome.GONE), ("403 No", RecheckOutcome.UNREACHABLE)],
)
def test_only_404_and_410_mean_that_a_page_is_gone(status: str, outcome: RecheckOutcome) -> None:
    with serving(page(b"", status=status)) as server:
        result = recheck_document(stored_page(f"{server.address}/"), reaching(server))
    assert (result.outcome, result.capture) == (outcome, None)
    assert status[:3] in str(result.refusal)


@pytest.mark.slow
def test_recheck_without_stored_text_only_searches_passages() -> None:
    with serving(answered()) as server:
        address = f"{server.address}/"
        document = StoredDocument(address, passages=(SENTENCE, "1,240,331t"))
        result = recheck_document(document, reaching(server))
    assert (result.outcome, result.lost) == (RecheckOutcome.NOT_COMPARED, ("1,240,331t",))


@pytest.mark.slow
def test_unreadable_page_does_not_lose_passages() -> None:
    with serving(page(b"\x89PNG\r\n\x1a\n", "Content-Type: image/png")) as server:
        result = recheck_document(replace(stored_page(f"{server.address}/"), text_sha256=None), reaching(server))
    assert (result.outcome, result.lost) == (RecheckOutcome.CHANGED, ())
