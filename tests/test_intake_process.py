"""Slow, large or crashing files are read in a separate process, and each ends in its own problem."""

from __future__ import annotations

import signal
import subprocess
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import newsroom
import pytest
from made_documents import SENTENCE, html_page, pdf_file, pdf_of, pdf_stream

from claimledger import desk
from claimledger.desk import evidence_steps, lookups
from claimledger.errors import ProblemsFound
from claimledger.evidence import capture_file, read_document
from claimledger.fetching.content import read_content
from claimledger.intake import (
    PdfReaderMissing, ReadingBusy, UnreadDocument, ReadingLimits, apart, extract_article_file,
    read_in_this_process, extract_document,
)  # fmt: skip
from claimledger.intake.apart import MAX_PROCESSES

pytestmark = pytest.mark.slow

AMPLE = ReadingLimits(seconds=120)


RUNNING: list[int] = []
"""The number of running processes at each start, including the new one."""


@pytest.fixture(autouse=True)
def no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check after each test that every process it started has ended."""
    started: list[subprocess.Popen[bytes]] = []

    class RecordingPopen(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  as subprocess.run gives them
            super().__init__(*given, **named)
            started.append(self)
            RUNNING.append(sum(process.returncode is None for process in started))

    RUNNING.clear()
    monkeypatch.setattr(subprocess, "Popen", RecordingPopen)
    yield
    assert all(process.returncode is not None for process in started)


def spinning_pdf() -> bytes:
    """Return a small PDF whose pages all share the same 200,000 operators: minutes of work in 4,000 bytes."""
    work = zlib.compress(b"BT /F 12 Tf " + b"(a) Tj 1 0 Td " * 200_000 + b"ET")
    kids = b"3 0 R " * 30
    return pdf_file([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count 30>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(work), work),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Spins)>>",
    ])  # fmt: skip


def nested_pdf(depth: int, calls: int) -> bytes:
    """Return a PDF with nested forms: `depth` levels, and `calls` drawings of the next form on each level."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 7 0 R>>>>>>",
        pdf_stream(b"/X Do " * calls),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(Nested)>>",
    ]
    forms = [_form(b"/XObject<</X %d 0 R>>" % number, b"/X Do " * calls) for number in range(8, 8 + depth)]
    return pdf_file([*parts, *forms, _form(b"/Font<</F 5 0 R>>", b"BT /F 12 Tf (a) Tj ET")])


def _form(resources: bytes, content: bytes) -> bytes:
    return b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%b>>/Length %d>>stream\n%b\nendstream" % (
        resources, len(content), content,
    )  # fmt: skip


def reading_problem(name: str, content: bytes, within: ReadingLimits) -> tuple[str, str]:
    """Return the code and sentence of the problem that leaves a document without text."""
    reading = read_document(capture_file(name, content), within)
    assert (reading.text, reading.title, reading.text_sha256) == (None, None, None)
    assert reading.no_text_problem
    return reading.no_text_problem.code, reading.no_text_problem.sentence


def test_slow_pdf_is_stopped() -> None:
    reported = reading_problem("a.pdf", spinning_pdf(), ReadingLimits(seconds=3))
    assert reported == ("reading-too-slow", "Reading the file takes more than 3 seconds.")


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="the system does not limit processor time")
def test_pdf_that_uses_up_its_processor_time_is_stopped() -> None:
    reported = reading_problem("a.pdf", spinning_pdf(), ReadingLimits(seconds=120, processor=2))
    assert reported == ("reading-too-slow", "Reading the file takes more than 2 seconds of processor time.")


def test_unreadable_file_is_stored_whole_without_a_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock, content = newsroom.Clock(), spinning_pdf()
    places = newsroom.published(tmp_path, clock)
    monkeypatch.setattr("claimledger.intake.ReadingLimits", partial(ReadingLimits, seconds=3))
    document_file = evidence_steps.read_document_file("a.pdf", content, clock)
    document = evidence_steps.describe_document(
        document_file, {"tier": "primary", "title": {"en": "Spins"}, "language": "en"}
    )
    says = {"document_id": document["document_id"], "stance": "context", "summary": {"en": "It says x."}}
    made = newsroom.edit_by("checker", "Seen.")
    desk.attach(places, newsroom.CARGO, document, says, None, made, clock, incoming=document_file)
    (found,) = lookups.claim_documents(places, newsroom.CARGO, newsroom.actor("checker"))
    assert [(kept.size, kept.text_sha256) for kept in found.captures] == [(len(content), None)]
    files = [path for path in places.private_evidence.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [content]


def test_at_most_two_files_are_read_at_once_and_all_are_read() -> None:
    with ThreadPoolExecutor(6) as people:
        texts = list(people.map(lambda _: read_document(capture_file("a.pdf", pdf_of(SENTENCE)), AMPLE).text, range(6)))
    assert (max(RUNNING), len(RUNNING), [SENTENCE in (text or "") for text in texts]) == (2, 6, [True] * 6)


def test_file_that_waits_too_long_is_refused() -> None:
    with ExitStack() as others:
        for _ in range(MAX_PROCESSES):
            others.enter_context(apart._FREE_PROCESSES)
        with pytest.raises(ReadingBusy, match=r"'a\.pdf' could not be read within 0\.2 seconds") as refused:
            read_document(capture_file("a.pdf", pdf_of(SENTENCE)), ReadingLimits(seconds=0.2))
    assert refused.value.text("ko").startswith("a.pdf: 다른 문서를 읽고 있어 0.2초 안에 읽지 못했습니다.")
    assert RUNNING == []


def test_waiting_counts_towards_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    class LateFree(BoundedSemaphore):
        def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002
            now[0] += timeout or 0
            return blocking and super().acquire()

    monkeypatch.setattr(apart, "_FREE_PROCESSES", LateFree(1))
    monkeypatch.setattr(apart, "monotonic", lambda: now[0])
    with pytest.raises(ReadingBusy):
        read_document(capture_file("a.pdf", pdf_of(SENTENCE)), AMPLE)


def test_child_processes_end_with_the_reader_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    held, outlived = tmp_path / "held", tmp_path / "outlived"
    (tmp_path / "pypdf.py").write_text(f"""if True:
        import fcntl, os, time
        with open({str(held)!r}, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fork():
                os._exit(0)
            time.sleep(20)
            open({str(outlived)!r}, "w").close()
            os._exit(0)
    """)
    monkeypatch.syspath_prepend(tmp_path)
    assert reading_problem("a.pdf", pdf_of(SENTENCE), AMPLE)[0] == "reading-broke-off"
    with held.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # granted once no other process has the lock
    assert not outlived.exists()


def test_page_that_needs_too_much_memory_is_stopped() -> None:
    reported = reading_problem("a.html", b"<html>" + b"<a>" * 1_600_000, ReadingLimits(seconds=120, memory=300_000_000))
    assert reported == ("reading-too-large", "Reading the file needs more than 300,000,000 bytes of memory.")


def test_extracted_text_has_a_length_limit() -> None:
    reported = reading_problem("a.html", html_page(SENTENCE * 100), ReadingLimits(seconds=120, answer=2_000))
    assert reported == ("reading-too-long", "The text of the file has more than 2,000 bytes.")


@pytest.mark.parametrize("last", ["os.kill(os.getpid(), 9)", "os._exit(0)", "os.write(1, b'half'), os._exit(0)"])
def test_crash_of_the_reader_process_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, last: str) -> None:
    (tmp_path / "pypdf.py").write_text(f"import os\n{last}\n")
    monkeypatch.syspath_prepend(tmp_path)
    reported = reading_problem("a.pdf", pdf_of(SENTENCE), AMPLE)
    assert reported == ("reading-broke-off", "The program that reads the file gave no answer.")


def test_reader_process_does_not_see_server_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pypdf.py").write_text(
        "import os\nif 'CLAIMLEDGER_TOKEN' in os.environ: os._exit(1)\nraise ImportError"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CLAIMLEDGER_TOKEN", "secret")
    with pytest.raises(PdfReaderMissing):
        extract_document(pdf_of(SENTENCE), name="a.pdf", may_be_pdf=True, within=AMPLE)


def test_pdf_that_pypdf_reads_only_partly_is_refused() -> None:
    assert read_in_this_process(UnreadDocument(nested_pdf(1, 3), "a.pdf", may_be_pdf=True)).text.count(b"a") == 9
    with pytest.raises(ProblemsFound, match="too complex to be read in full"):
        read_in_this_process(UnreadDocument(nested_pdf(4, 14), "a.pdf", may_be_pdf=True))


@pytest.mark.parametrize(
    ("limit", "most", "why"), [("_PAGES", 1, "more than 1 pages"), ("_TEXT_SIZE", 50, "more than 50 characters")]
)
def test_pdf_over_a_limit_is_refused_instead_of_cut(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, why: str
) -> None:
    monkeypatch.setattr(f"claimledger.intake.pdf_file.{limit}", most)
    with pytest.raises(ProblemsFound, match=why):
        read_in_this_process(UnreadDocument(pdf_of(SENTENCE, SENTENCE), "a.pdf", may_be_pdf=True))


def test_article_refuses_pdf_and_reads_pages_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProblemsFound, match=r"The file is a PDF\."):
        extract_document(pdf_of(SENTENCE), name="a.pdf")
    monkeypatch.setattr("claimledger.intake.apart.sys.executable", "/no/such/program")
    for name, content in (("a.html", html_page()), ("a.docx", b"PK\x03\x04")):
        with pytest.raises(ProblemsFound, match="reading-broke-off"):
            extract_document(content, name=name)
    assert extract_document(b"A text.", name="a.txt").text == b"A text."


class DeadlinePassed(Exception):
    """Raised by the deadline of this test."""


def test_deadline_is_checked_between_compressed_members() -> None:
    member = zlib.compress(b"", wbits=31)
    left = iter([2.0, 1.0])

    def deadline() -> float:
        for seconds in left:
            return seconds
        raise DeadlinePassed

    with pytest.raises(DeadlinePassed):
        read_content([member * 9], "gzip", 1_000, "https://a.example", deadline)
    assert read_content([member * 9], "gzip", 1_000, "https://a.example", lambda: 1.0) == (member * 9, b"")


def test_lines_of_a_pdf_article_become_paragraphs() -> None:
    found = extract_article_file(pdf_of("The port moved 40 ships", "in 2030, it said."), "a.pdf")
    assert found.text == b"The port moved 40 ships in 2030, it said.\n"
    with pytest.raises(ProblemsFound, match="its pages are images"):
        extract_article_file(pdf_of(""), "a.pdf")
