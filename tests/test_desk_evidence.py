"""Attaching documents to claims: stored completely or not at all, shared if rights allow, withheld if confidential."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import newsroom
import pytest
from loopback import serving
from made_documents import SENTENCE, answered, html_page, pdf_of, reaching
from newsroom import CARGO, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import evidence_steps, lookups, step_setup
from claimledger.desk.exhibits import IncomingDocument
from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.content_store import ContentAltered, read_stored_content, storing_contents, content_path
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Claim, Document
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CaptureExtent

RIGHTS = {"holder": {"en": "Haneul Port Authority"}, "statement": {"en": "Free to copy."}, "may_hold_text": True}
EVIDENCE = {"stance": "supports", "summary": {"ko": "연감의 수와 맞는다.", "en": "The count agrees."}}
DESCRIPTION: dict[str, Any] = {"tier": "primary", "title": {"en": "Cargo statistics"}, "language": "ko"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def read_file(content: bytes = html_page(), name: str = "statistics.html") -> IncomingDocument:
    return evidence_steps.read_document_file(name, content, Clock())


def attach_document(
    places: LedgerPaths,
    clock: Clock,
    description: dict[str, Any],
    excerpt: str = "",
    document: IncomingDocument | None = None,
) -> tuple[Document, Claim]:
    """Attach a document to the claim about cargo; return the drafted document and claim."""
    document = document or read_file()
    fields = evidence_steps.describe_document(document, DESCRIPTION | description)
    evidence = {**EVIDENCE, "document_id": fields["document_id"]} | ({"excerpt": excerpt} if excerpt else {})
    made = edit_by("checker", "Evidence seen.")
    drafts = desk.attach(places, CARGO, fields, evidence, None, made, clock, incoming=document)
    return find_record(drafts, Document), find_record(drafts, Claim)


def find_record(drafts: list[Draft], model: type[Any]) -> Any:  # noqa: ANN401  the model's
    return next(draft.record for draft in drafts if isinstance(draft.record, model))


def table_rows(places: LedgerPaths, table: str) -> list[tuple[Any, ...]]:
    with step_setup.open_store(places) as store:
        return store.connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  words of this file


def kept_files(places: LedgerPaths) -> set[str]:
    return {path.name for path in places.private_evidence.rglob("*") if path.is_file()}


PUBLIC: dict[str, Any] = {"address": "https://port.example/statistics", "is_withheld": False}


@pytest.mark.slow
def test_attach_stores_the_file_its_text_and_its_metadata(places: LedgerPaths, clock: Clock) -> None:
    document, claim = attach_document(places, clock, PUBLIC, SENTENCE)
    text = read_file().reading.text
    assert text
    assert kept_files(places) == {sha256(html_page()).hexdigest(), sha256(text.encode()).hexdigest()}
    assert (document.captured, document.content_sha256) == (CaptureExtent.EXCERPT, None)
    assert (document.published_on, document.language, document.medium) == ("2031-03-02", "ko", "web")
    (evidence,) = claim.evidence
    assert (evidence.document_id, evidence.excerpt) == (document.document_id, SENTENCE)
    (found,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert [(claim_id, quote.exact) for claim_id, quote in found.quotes] == [(CARGO, SENTENCE)]
    (kept,) = found.captures
    assert lookups.read_private_content(places, CARGO, kept.capture_id, actor("checker"))[1] == html_page()


@pytest.mark.slow
def test_fetched_page_is_stored_with_its_warc(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        found = evidence_steps.fetch_for_claim(places, CARGO, f"{server.address}/a", actor("checker"), reaching(server))
        document, _ = attach_document(places, clock, {}, document=found)
        assert document.address == f"{server.address}/a"
    assert document.title == {"en": "Cargo statistics"}
    assert document.captured is CaptureExtent.NONE
    assert sha256(found.capture.warc or b"").hexdigest() in kept_files(places)
    assert len(kept_files(places)) == 3


def test_fetch_needs_the_role_that_may_attach(places: LedgerPaths) -> None:
    with serving(answered()) as server, pytest.raises(ProblemsFound, match="needs the role"):
        evidence_steps.fetch_for_claim(
            places, CARGO, server.address, StaffMember("lee", (Role.EDITOR,)), reaching(server)
        )
    assert server.requests == []


FAULTS: Mapping[str, tuple[dict[str, Any], str, str]] = {
    "excerpt-not-there": (PUBLIC, SENTENCE.replace("1,204,331", "1,240,331"), "excerpt-not-there"),
    "excerpt-twice": (PUBLIC, "a", "excerpt-twice"),
    "no tier": (PUBLIC | {"tier": "first"}, "", "unknown-word"),
    "confidential, without a tier": ({"is_withheld": True, "tier": "first"}, "", "unknown-word"),
    "an address that is none": (PUBLIC | {"address": "port.example"}, "", "wrong-form"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_refused_document_leaves_nothing_stored(places: LedgerPaths, clock: Clock, name: str) -> None:
    description, excerpt, code = FAULTS[name]
    before = [table_rows(places, table) for table in ("draft", "capture", "excerpt", "withheld")]
    with pytest.raises(ProblemsFound) as refusal:
        attach_document(places, clock, description, excerpt)
    assert code in {problem.code for problem in refusal.value.problems}
    assert [table_rows(places, table) for table in ("draft", "capture", "excerpt", "withheld")] == before
    assert kept_files(places) == set()


@pytest.mark.slow
def test_refused_duplicate_keeps_the_stored_file(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock, PUBLIC)
    before = kept_files(places)
    with pytest.raises(ProblemsFound):
        attach_document(places, clock, PUBLIC | {"tier": "first"})
    assert kept_files(places) == before


def test_stored_contents_are_removed_if_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), storing_contents(tmp_path, [b"one", b"two"]):
        content_path(tmp_path, sha256(b"three").hexdigest()).read_bytes()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_stored_contents_are_removed_if_the_commit_fails(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = DeskStore.writing

    @contextmanager
    def failing(store: DeskStore) -> Iterator[sqlite3.Connection]:
        with writing(store) as connection:
            yield connection
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(DeskStore, "writing", failing)
    with pytest.raises(sqlite3.OperationalError):
        attach_document(places, clock, PUBLIC)
    assert kept_files(places) == set()


def private_problem_codes(places: LedgerPaths) -> list[str]:
    return [problem.code for one in desk.check(places) if one.name == "desk evidence" for problem in one.problems]


@pytest.mark.slow
def test_check_finds_altered_missing_and_unnamed_private_files(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock, PUBLIC)
    assert private_problem_codes(places) == []
    file = content_path(places.private_evidence, sha256(html_page()).hexdigest())
    file.write_bytes(b"other")
    assert private_problem_codes(places) == ["kept-bytes-altered"]
    file.rename(file.with_name("another"))
    assert private_problem_codes(places) == ["kept-bytes-missing", "kept-bytes-unnamed"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_private_files_are_unreadable_for_other_users(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock, PUBLIC)
    below = [places.desk, places.private_evidence, *places.private_evidence.rglob("*")]
    assert {path: path.stat().st_mode & 0o077 for path in below} == dict.fromkeys(below, 0)
    places.desk.chmod(0o644)
    places.private_evidence.chmod(0o755)
    assert private_problem_codes(places) == ["desk-readable-by-others", "desk-readable-by-others"]


def test_reading_altered_content_fails(tmp_path: Path) -> None:
    with storing_contents(tmp_path, [b"one"]):
        pass
    content_path(tmp_path, sha256(b"one").hexdigest()).write_bytes(b"two")
    with pytest.raises(ContentAltered):
        read_stored_content(tmp_path, sha256(b"one").hexdigest())


def publish_document(places: LedgerPaths, clock: Clock, description: dict[str, Any], excerpt: str = "") -> Document:
    document, _ = attach_document(places, clock, description, excerpt)
    desk.publish(places, actor("editor"), clock=clock)
    return document


def evidence_problems(places: LedgerPaths) -> list[Problem]:
    return [problem for one in desk.check(places) if one.name == "evidence" for problem in one.problems]


def clone_claims(places: LedgerPaths, folder: Path) -> LedgerPaths:
    """Copy the claims folder, as a git clone would, and return the paths of the copy."""
    shutil.copytree(places.claims, folder / "claims")
    return LedgerPaths(folder)


@pytest.mark.slow
def test_clone_contains_files_that_rights_allow(
    places: LedgerPaths, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = publish_document(places, clock, PUBLIC | {"rights": RIGHTS}, SENTENCE)
    assert (document.captured, document.content_sha256) == (CaptureExtent.FULL, sha256(html_page()).hexdigest())
    clone = clone_claims(places, tmp_path_factory.mktemp("clone"))
    assert read_stored_content(clone.shared_evidence, document.content_sha256 or "") == html_page()
    assert [path for path in clone.shared_evidence.rglob("*") if path.is_file()] == [
        content_path(clone.shared_evidence, document.content_sha256 or "")
    ]
    assert evidence_problems(clone) == []


@pytest.mark.slow
def test_clone_omits_files_that_rights_forbid(places: LedgerPaths, clock: Clock) -> None:
    publish_document(places, clock, PUBLIC | {"rights": {**RIGHTS, "may_hold_text": False}}, SENTENCE)
    assert not places.shared_evidence.exists()
    assert evidence_problems(places) == []


@pytest.mark.slow
def test_check_finds_altered_missing_and_unnamed_shared_files(places: LedgerPaths, clock: Clock) -> None:
    document = publish_document(places, clock, PUBLIC | {"rights": RIGHTS})
    file = content_path(places.shared_evidence, document.content_sha256 or "")
    file.write_bytes(html_page().replace(b"1,204,331", b"1,240,331"))
    assert [problem.code for problem in evidence_problems(places)] == ["evidence-altered"]
    file.rename(file.with_name("another"))
    assert [problem.code for problem in evidence_problems(places)] == ["evidence-missing", "evidence-not-named"]
    file.with_name("another").unlink()
    desk.build_public_files(places)
    assert evidence_problems(places) == []


@pytest.mark.slow
def test_publish_refuses_a_document_whose_file_is_missing(places: LedgerPaths, clock: Clock) -> None:
    document, _ = attach_document(places, clock, PUBLIC | {"rights": RIGHTS})
    before = (places.log / "000000.jsonl").read_bytes()
    content_path(places.private_evidence, document.content_sha256 or "").unlink()
    with pytest.raises(ProblemsFound) as refusal:
        desk.publish(places, actor("editor"), clock=clock)
    assert [problem.code for problem in refusal.value.problems] == ["bytes-not-held"]
    assert (places.log / "000000.jsonl").read_bytes() == before


SECRET_FILE = "minutes-of-the-board-4471.html"
SECRET: dict[str, Any] = {
    "title": {"ko": "이사회 회의록 제4471호", "en": "Minutes of the board 4471"},
    "publisher": {"en": "Whistle Holdings"}, "published_on": "2031-02-17",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("description", [{}, {"address": "https://intranet.example/4471", "is_withheld": True}])
def test_public_files_reveal_nothing_of_a_confidential_document(
    places: LedgerPaths, clock: Clock, description: dict[str, Any]
) -> None:
    found = read_file(html_page(), SECRET_FILE)
    drafts = attach_document(places, clock, SECRET | description, SENTENCE, found)
    desk.publish(places, actor("editor"), clock=clock)
    document, claim = drafts
    assert document.to_json() == {
        "document_id": document.document_id, "medium": "web", "captured": "none", "tier": "primary",
        "is_withheld": True,
    }  # fmt: skip
    assert claim.evidence[0].document_id == document.document_id
    public = [path for path in [places.ledger, *places.claims.rglob("*")] if path.is_file()]
    content = b"".join(path.read_bytes() for path in public)
    assert document.document_id.encode() in content
    searched_for = [
        SECRET_FILE, "회의록", "4471", "Minutes of the board", "Whistle", "2031-02-17", "intranet.example", SENTENCE,
        "1,204,331", sha256(html_page()).hexdigest(),
    ]  # fmt: skip
    for secret in searched_for:
        assert secret.encode() not in content, secret
    assert not places.shared_evidence.exists()
    (known,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert known.is_withheld
    assert known.document.title == SECRET["title"]
    assert [str(quote.exact) for _, quote in known.quotes] == [SENTENCE]
    assert [one.problems for one in desk.check(places) if one.name in ("private", "public forms")] == [(), ()]


@pytest.mark.slow
def test_check_finds_a_leaked_confidential_document(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock, SECRET, SENTENCE, read_file(html_page(), SECRET_FILE))
    desk.publish(places, actor("editor"), clock=clock)
    log_file = places.log / "000000.jsonl"
    for secret in (SECRET_FILE, "Whistle Holdings", SENTENCE[:40], sha256(html_page()).hexdigest()):
        whole = log_file.read_bytes()
        log_file.write_bytes(whole + f'{{"note":"{secret}"}}\n'.encode())
        (private,) = [one for one in desk.check(places) if one.name == "private"]
        assert {problem.code for problem in private.problems} == {"private-text-public"}, secret
        log_file.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize("secret", ["김철수 과장 통화", "통화.txt", "한강", "한 통의 전화"])
def test_check_finds_short_texts_of_a_confidential_document(places: LedgerPaths, clock: Clock, secret: str) -> None:
    description = {"title": {"ko": "김철수 과장 통화"}, "publisher": {"ko": "한강"}, "medium": "call"}
    attach_document(
        places, clock, description, "한 통의 전화", read_file("한 통의 전화로 들은 말이다.".encode(), "통화.txt")
    )
    desk.publish(places, actor("editor"), clock=clock)
    log_file = places.log / "000000.jsonl"
    assert leak_problem_codes(places) == set()
    log_file.write_bytes(log_file.read_bytes() + f'{{"note":"{secret}"}}\n'.encode())
    assert leak_problem_codes(places) == {"private-text-public"}


@pytest.mark.slow
def test_check_ignores_a_confidential_title_that_names_its_medium(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock, {"title": {"ko": "전화"}, "medium": "call"})
    desk.publish(places, actor("editor"), clock=clock)
    assert leak_problem_codes(places) == set()


def leak_problem_codes(places: LedgerPaths) -> set[str]:
    return {problem.code for one in desk.check(places) if one.name == "private" for problem in one.problems}


def test_call_is_confidential_by_default(places: LedgerPaths, clock: Clock) -> None:
    fields = {
        "document_id": "call-with-the-port-a2b3", "medium": "call", "title": {"ko": "전화"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary",
    }  # fmt: skip
    evidence = {**EVIDENCE, "document_id": fields["document_id"], "excerpt": "그렇게 말했다"}
    made = edit_by("checker", "Called.")
    document = find_record(desk.attach(places, CARGO, fields, evidence, None, made, clock), Document)
    claim = find_record(desk.attach(
        places, CARGO, fields | {"is_withheld": False}, evidence, None, made, clock
    ), Claim)  # fmt: skip
    assert document.is_withheld
    assert document.document_id != fields["document_id"]
    assert [one.excerpt for one in claim.evidence] == [None, "그렇게 말했다"]


@pytest.mark.slow
def test_record_refuses_an_excerpt_of_a_withheld_document(places: LedgerPaths, clock: Clock) -> None:
    document, _ = attach_document(places, clock, SECRET)
    desk.publish(places, actor("editor"), clock=clock)
    file = places.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml"
    newsroom.edit(file, "  stance: supports\n", "  stance: supports\n  excerpt: what it says\n")
    with pytest.raises(ProblemsFound) as refusal:
        desk.record(places, [file], newsroom.FIRST, clock)
    assert [problem.code for problem in refusal.value.problems] == ["excerpt-of-withheld"]
    assert document.is_withheld


@pytest.mark.slow
def test_stated_title_without_a_language_is_refused(places: LedgerPaths) -> None:
    page = html_page().replace(b' lang="ko"', b"")
    with pytest.raises(ProblemsFound, match="하늘항 화물 통계") as refusal:
        evidence_steps.describe_document(read_file(page), {"tier": "primary"})
    assert [problem.code for problem in refusal.value.problems] == ["language-needed"]


@pytest.mark.slow
def test_pdf_can_be_attached_with_its_metadata(places: LedgerPaths, clock: Clock) -> None:
    found = read_file(pdf_of("Cargo 2030", SENTENCE), "yearbook.pdf")
    document, _ = attach_document(places, clock, PUBLIC | {"title": None}, SENTENCE, found)
    assert (document.medium, document.title, document.published_on) == ("pdf", {"ko": "Port yearbook"}, "2031-01-15")


def test_document_without_a_title_is_refused_at_that_field(places: LedgerPaths, clock: Clock) -> None:
    found = read_file(b"\x89PNG\r\n\x1a\n" + bytes(20), "photograph.png")
    with pytest.raises(ProblemsFound) as refusal:
        attach_document(places, clock, PUBLIC | {"title": None}, "", found)
    assert [problem.field for problem in refusal.value.problems] == ["title"]
