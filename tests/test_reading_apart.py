"""Bytes made to be slow, large or deadly: read in a process of their own, each ends in its named problem."""

from __future__ import annotations

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
from claimledger.desk import evidence_steps
from claimledger.desk import lookups
from claimledger.errors import ProblemsFound
from claimledger.evidence import capture_file, read_document
from claimledger.fetching.content import read_content
from claimledger.intake import (
    PdfReaderMissing, ReadingBusy, UnreadDocument, ReadingLimits, apart, read_in_this_process, extract_document,
)  # fmt: skip
from claimledger.intake.apart import MAX_PROCESSES

pytestmark = pytest.mark.slow

AMPLE = ReadingLimits(seconds=120)


AT_ONCE: list[int] = []
"""How many processes were running when each was started, itself included."""


@pytest.fixture(autouse=True)
def no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the bytes bring it to, the process that reads them is gone afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  as subprocess.run gives them
            super().__init__(*given, **named)
            started.append(self)
            AT_ONCE.append(sum(process.returncode is None for process in started))

    AT_ONCE.clear()
    monkeypatch.setattr(subprocess, "Popen", Noted)
    yield
    assert all(process.returncode is not None for process in started)


def spinning_pdf() -> bytes:
    """Return a small PDF each of whose pages is the same 200,000 operators: minutes of work in 4,000 bytes."""
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
    """Return a PDF whose form draws the next one so many times, so deep: more words than anybody reads."""
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


def code_and_sentence(name: str, content: bytes, within: ReadingLimits) -> tuple[str, str]:
    """Return why a document has no text; nothing of it is taken."""
    reading = read_document(capture_file(name, content), within)
    assert (reading.text, reading.title, reading.text_sha256) == (None, None, None)
    assert reading.no_text_problem
    return reading.no_text_problem.code, reading.no_text_problem.sentence


def test_a_pdf_that_spins_is_stopped() -> None:
    told = code_and_sentence("a.pdf", spinning_pdf(), ReadingLimits(seconds=3))
    assert told == ("reading-too-slow", "Reading the file takes more than 3 seconds.")


def test_what_could_not_be_read_is_kept_whole_and_without_a_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock, content = newsroom.Clock(), spinning_pdf()
    places = newsroom.published(tmp_path, clock)
    monkeypatch.setattr("claimledger.intake.ReadingLimits", partial(ReadingLimits, seconds=3))
    brought = evidence_steps.read_document_file("a.pdf", content, clock)
    document = evidence_steps.describe_document(
        brought, {"tier": "primary", "title": {"en": "Spins"}, "language": "en"}
    )
    says = {"document_id": document["document_id"], "stance": "context", "summary": {"en": "It says x."}}
    made = newsroom.edit_by("checker", "Seen.")
    desk.attach(places, newsroom.CARGO, document, says, None, made, clock, incoming=brought)
    (found,) = lookups.claim_documents(places, newsroom.CARGO, newsroom.actor("checker"))
    assert [(kept.size, kept.text_sha256) for kept in found.captures] == [(len(content), None)]
    files = [path for path in places.private_evidence.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [content]


def test_no_more_are_read_at_once_than_there_are_places_and_each_is_read() -> None:
    with ThreadPoolExecutor(6) as people:
        texts = list(people.map(lambda _: read_document(capture_file("a.pdf", pdf_of(SENTENCE)), AMPLE).text, range(6)))
    assert (max(AT_ONCE), len(AT_ONCE), [SENTENCE in (text or "") for text in texts]) == (2, 6, [True] * 6)


def test_one_that_waited_too_long_is_refused_and_not_kept_without_its_text() -> None:
    with ExitStack() as others:
        for _ in range(MAX_PROCESSES):
            others.enter_context(apart._FREE_PROCESSES)
        with pytest.raises(ReadingBusy, match=r"'a\.pdf' could not be read within 0\.2 seconds") as refused:
            read_document(capture_file("a.pdf", pdf_of(SENTENCE)), ReadingLimits(seconds=0.2))
    assert refused.value.text("ko").startswith("a.pdf: 다른 문서를 읽고 있어 0.2초 안에 읽지 못했습니다.")
    assert AT_ONCE == []


def test_a_wait_counts_in_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    class LateFree(BoundedSemaphore):
        def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002
            now[0] += timeout or 0
            return blocking and super().acquire()

    monkeypatch.setattr(apart, "_FREE_PROCESSES", LateFree(1))
    monkeypatch.setattr(apart, "monotonic", lambda: now[0])
    with pytest.raises(ReadingBusy):
        read_document(capture_file("a.pdf", pdf_of(SENTENCE)), AMPLE)


def test_what_the_process_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
    assert code_and_sentence("a.pdf", pdf_of(SENTENCE), AMPLE)[0] == "reading-broke-off"
    with held.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the system gives it once nobody holds it
    assert not outlived.exists()


def test_a_page_that_eats_memory_is_stopped() -> None:
    told = code_and_sentence("a.html", b"<html>" + b"<a>" * 1_600_000, ReadingLimits(seconds=120, memory=300_000_000))
    assert told == ("reading-too-large", "Reading the file needs more than 300,000,000 bytes of memory.")


def test_what_was_read_has_a_length() -> None:
    told = code_and_sentence("a.html", html_page(SENTENCE * 100), ReadingLimits(seconds=120, answer=2_000))
    assert told == ("reading-too-long", "The text of the file has more than 2,000 bytes.")


@pytest.mark.parametrize("last", ["os.kill(os.getpid(), 9)", "os._exit(0)", "os.write(1, b'half'), os._exit(0)"])
def test_a_reader_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, last: str) -> None:
    (tmp_path / "pypdf.py").write_text(f"import os\n{last}\n")
    monkeypatch.syspath_prepend(tmp_path)
    told = code_and_sentence("a.pdf", pdf_of(SENTENCE), AMPLE)
    assert told == ("reading-broke-off", "The program that reads the file gave no answer.")


def test_the_reader_learns_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pypdf.py").write_text(
        "import os\nif 'CLAIMLEDGER_TOKEN' in os.environ: os._exit(1)\nraise ImportError"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CLAIMLEDGER_TOKEN", "secret")
    with pytest.raises(PdfReaderMissing):
        extract_document(pdf_of(SENTENCE), name="a.pdf", may_be_pdf=True, within=AMPLE)


def test_what_pypdf_leaves_out_is_not_taken_for_the_whole() -> None:
    assert read_in_this_process(UnreadDocument(nested_pdf(1, 3), "a.pdf", may_be_pdf=True)).text.count(b"a") == 9
    with pytest.raises(ProblemsFound, match="too complex to be read in full"):
        read_in_this_process(UnreadDocument(nested_pdf(4, 14), "a.pdf", may_be_pdf=True))


@pytest.mark.parametrize(
    ("limit", "most", "why"), [("_PAGES", 1, "more than 1 pages"), ("_TEXT_SIZE", 50, "more than 50 characters")]
)
def test_of_a_pdf_that_is_too_much_nothing_is_taken_for_the_whole(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, why: str
) -> None:
    monkeypatch.setattr(f"claimledger.intake.pdf_file.{limit}", most)
    with pytest.raises(ProblemsFound, match=why):
        read_in_this_process(UnreadDocument(pdf_of(SENTENCE, SENTENCE), "a.pdf", may_be_pdf=True))


def test_an_article_is_no_pdf_and_its_page_and_word_file_are_read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProblemsFound, match=r"The file is a PDF\."):
        extract_document(pdf_of(SENTENCE), name="a.pdf")
    monkeypatch.setattr("claimledger.intake.apart.sys.executable", "/no/such/program")
    for name, content in (("a.html", html_page()), ("a.docx", b"PK\x03\x04")):
        with pytest.raises(ProblemsFound, match="reading-broke-off"):
            extract_document(content, name=name)
    assert extract_document(b"A text.", name="a.txt").text == b"A text."


class TimeIsUp(Exception):
    """What the deadline raises."""


def test_the_deadline_is_looked_at_while_many_members_are_unpacked() -> None:
    member = zlib.compress(b"", wbits=31)
    left = iter([2.0, 1.0])

    def deadline() -> float:
        for seconds in left:
            return seconds
        raise TimeIsUp

    with pytest.raises(TimeIsUp):
        read_content([member * 9], "gzip", 1_000, "https://a.example", deadline)
    assert read_content([member * 9], "gzip", 1_000, "https://a.example", lambda: 1.0) == (member * 9, b"")
