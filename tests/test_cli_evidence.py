"""Evidence on the command line: files are attached, non-public addresses are refused, documents are rechecked."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from loopback import page, serving
from made_documents import SENTENCE, html_page, pdf_of
from newsroom import CARGO, GROWTH, Clock

from claimledger.desk import lookups
from claimledger.cli import evidence, main
from claimledger.desk.recheck_steps import DocumentReport
from claimledger.evidence import RecheckResult, capture_file, read_document
from claimledger.ledger.content_store import read_stored_content
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import RecheckOutcome, Role
from claimledger.vocabulary import CaptureExtent, Medium, Stance, Tier


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.published(tmp_path / "newsroom", Clock())


def run(places: LedgerPaths, *arguments: str, name: str = "kim") -> Result:
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=newsroom.acting(places, name))


def attach(places: LedgerPaths, source: str, *more: str) -> Result:
    return run(
        places, "attach", CARGO, source, "--stance", "supports", "--tier", "primary",
        "--summary-ko", "연감의 수와 맞는다.", "--title-ko", "항만 연감", "--language", "ko", *more,
    )  # fmt: skip


def documents(places: LedgerPaths) -> list[Document]:
    return [draft.record for draft in lookups.open_drafts(places) if isinstance(draft.record, Document)]


def test_option_choices_match_the_vocabulary() -> None:
    assert tuple(Stance) == evidence.STANCES
    assert tuple(Tier) == evidence.TIERS
    assert tuple(Medium) == evidence.MEDIA


@pytest.mark.slow
def test_attached_file_stays_on_the_desk(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "minutes-4471.pdf"
    file.write_bytes(pdf_of(SENTENCE))
    result = attach(places, str(file), "--excerpt", SENTENCE)
    assert result.exit_code == 0, result.stderr
    (document,) = documents(places)
    assert document.is_withheld
    assert result.stdout.splitlines() == [f"listed: {document.document_id}", f"update: {CARGO}"]
    assert "characters of text" in result.stderr
    (found,) = lookups.claim_documents(places, CARGO, StaffMember("kim", (Role.CHECKER,)))
    assert found.captures[0].name == "minutes-4471.pdf"
    assert read_stored_content(places.private_evidence, found.captures[0].content_sha256) == pdf_of(SENTENCE)


def test_call_is_attached_without_address_or_file(places: LedgerPaths) -> None:
    call = ("attach", CARGO, "--stance", "supports", "--medium", "call", "--summary-ko", "통화에서 그렇다고 했다.")
    bare = run(places, *call)
    assert bare.exit_code == 1
    assert all(option in bare.stderr for option in ("--title-ko", "--tier", "--language"))
    result = run(places, *call, "--tier", "primary", "--title-ko", "항만공사와의 통화", "--language", "ko")
    assert result.exit_code == 0, result.stderr
    (document,) = documents(places)
    assert (document.medium, document.captured, document.is_withheld) == (Medium.CALL, CaptureExtent.NONE, True)


@pytest.mark.slow
def test_shareable_file_is_drafted_in_full(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "statistics.html"
    file.write_bytes(html_page())
    result = attach(
        places, str(file), "--address", "https://port.example/statistics", "--may-share",
        "--rights-holder-ko", "하늘항만공사", "--rights-en", "Free to copy.",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    (document,) = documents(places)
    assert (document.captured, document.address) == (CaptureExtent.FULL, "https://port.example/statistics")
    assert document.rights
    assert document.rights.may_hold_text
    assert (document.rights.holder, document.rights.statement) == ({"ko": "하늘항만공사"}, {"en": "Free to copy."})


@pytest.mark.slow
def test_sharing_needs_a_rights_holder(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "statistics.html"
    file.write_bytes(html_page())
    result = attach(places, str(file), "--public", "--may-share")
    assert result.exit_code == 1
    assert "rights.holder" in result.stderr
    assert documents(places) == []


def test_non_public_address_is_not_contacted(places: LedgerPaths) -> None:
    with serving(page(html_page())) as server:
        result = attach(places, server.address)
    assert result.exit_code == 1
    assert "for at most 60 seconds" in result.stderr
    assert "'127.0.0.1' is not on the public web. It was not contacted." in result.stderr
    assert server.requests == []
    assert documents(places) == []


@pytest.mark.slow
def test_archive_is_not_asked_about_a_confidential_document(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "minutes.html"
    file.write_bytes(html_page())
    result = attach(places, str(file), "--confidential", "--archive")
    assert result.exit_code == 1
    assert "would reveal its address" in result.stderr
    assert documents(places) == []


@pytest.mark.slow
def test_missing_document_fields_are_named_by_their_options(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.4 no text")
    given = ("attach", CARGO, str(file), "--stance", "supports", "--tier", "primary")
    message = run(places, *given).stderr
    assert "--language: This field is required." in message
    assert "--title-ko, --title-en: This field is required." in message
    message = run(places, *given, "--language", "ko", "--title-ko", "항만 연감").stderr
    assert "--summary-ko, --summary-en: The list is empty." in message


def test_missing_or_empty_file_is_named(places: LedgerPaths, tmp_path: Path) -> None:
    assert "none.pdf: No such file" in attach(places, str(tmp_path / "none.pdf")).stderr
    (tmp_path / "empty.pdf").write_bytes(b"")
    assert "empty.pdf: the file has 0 bytes" in attach(places, str(tmp_path / "empty.pdf")).stderr


@pytest.mark.slow
def test_recheck_reports_unreachable_documents(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "statistics.html"
    file.write_bytes(html_page())
    with serving(page(html_page())) as server:
        attach(places, str(file), "--address", server.address)
        result = run(places, "evidence", "check", "--all")
    assert result.exit_code == 1
    assert "Could not be reached / 접속 불가" in result.stdout
    assert "It was not contacted" in result.stdout
    assert "1 document rechecked; 1 changed or not reached." in result.stderr
    assert run(places, "evidence", "check").exit_code == 2
    assert "not due for recheck" in run(places, "evidence", "settle", CARGO, "--reason", "It stands.").stderr


@pytest.mark.slow
def test_recheck_reports_why_no_text_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    capture = capture_file("a.html", b"<html><body><p>Hi</p></body></html>")
    recheck = RecheckResult(RecheckOutcome.CHANGED, None, capture, read_document(capture))
    evidence._print_report(DocumentReport("a-page-aaaa", (CARGO,), "https://port.example/a", recheck, (CARGO,)))
    assert "No article was found on the page." in capsys.readouterr().out


def test_recheck_of_a_claim_without_documents_prints_nothing(places: LedgerPaths) -> None:
    result = run(places, "evidence", "check", "--claim", CARGO)
    assert (result.exit_code, result.stdout) == (0, "")


def cite(places: LedgerPaths, *more: str) -> Result:
    return run(places, "attach", GROWTH, "--stance", "supports", "--summary-ko", "맞는다.", *more)


@pytest.mark.slow
def test_known_document_is_cited_by_id_or_address(places: LedgerPaths, tmp_path: Path) -> None:
    file = tmp_path / "statistics.html"
    file.write_bytes(html_page())
    assert attach(places, str(file), "--address", "https://port.example/a").exit_code == 0
    (document,) = documents(places)
    for named in (document.document_id, "https://port.example/a"):
        assert cite(places, "--document", named).stdout == f"update: {GROWTH}\n"
    missing = cite(places, "--document", "https://port.example/b")
    assert (missing.exit_code, "No document has the ID" in missing.stderr) == (1, True)
    again = attach(places, str(file), "--address", "https://port.example/a")
    assert (again.exit_code, document.document_id in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "Give SOURCE"),
        (("--document", "a", "--tier", "primary"), "Leave out --tier"),
        (("a.pdf",), "give --tier"),
        (("a.pdf", "--tier", "primary", "--document", "a"), "leave out --document"),
    ],
)
def test_attach_takes_a_source_or_a_document_id_but_not_both(
    places: LedgerPaths, more: tuple[str, ...], message: str
) -> None:
    result = cite(places, *more)
    assert (result.exit_code, message in result.stderr) == (2, True)
