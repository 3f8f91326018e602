"""Documents attached to claims: kept whole or not at all, shared as rights allow, withheld if confidential."""

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
from claimledger.desk import evidence_steps
from claimledger.desk import lookups
from claimledger.desk import step_setup
from claimledger.desk.evidence_steps import IncomingDocument
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
TOLD: dict[str, Any] = {"tier": "primary", "title": {"en": "Cargo statistics"}, "language": "ko"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def brought(content: bytes = html_page(), name: str = "statistics.html") -> IncomingDocument:
    return evidence_steps.read_document_file(name, content, Clock())


def attached(
    places: LedgerPaths, clock: Clock, told: dict[str, Any], excerpt: str = "", document: IncomingDocument | None = None
) -> tuple[Document, Claim]:
    """Attach a document to the claim about cargo and return the drafts."""
    document = document or brought()
    fields = evidence_steps.describe_document(document, TOLD | told)
    evidence = {**EVIDENCE, "document_id": fields["document_id"]} | ({"excerpt": excerpt} if excerpt else {})
    made = edit_by("checker", "Evidence seen.")
    drafts = desk.attach(places, CARGO, fields, evidence, None, made, clock, incoming=document)
    return record_of(drafts, Document), record_of(drafts, Claim)


def record_of(drafts: list[Draft], model: type[Any]) -> Any:  # noqa: ANN401  the model's
    return next(draft.record for draft in drafts if isinstance(draft.record, model))


def rows_of(places: LedgerPaths, table: str) -> list[tuple[Any, ...]]:
    with step_setup.open_store(places) as store:
        return store.connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  words of this file


def kept_files(places: LedgerPaths) -> set[str]:
    return {path.name for path in places.private_evidence.rglob("*") if path.is_file()}


PUBLIC: dict[str, Any] = {"address": "https://port.example/statistics", "is_withheld": False}


def test_a_document_is_kept_with_its_text_and_drafted_with_what_it_says(places: LedgerPaths, clock: Clock) -> None:
    document, claim = attached(places, clock, PUBLIC, SENTENCE)
    text = brought().reading.text
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
def test_a_fetched_page_is_kept_with_its_warc_and_the_address_asked_for(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        found = evidence_steps.fetch_for_claim(places, CARGO, f"{server.address}/a", actor("checker"), reaching(server))
        document, _ = attached(places, clock, {}, document=found)
        assert document.address == f"{server.address}/a"
    assert document.title == {"en": "Cargo statistics"}
    assert document.captured is CaptureExtent.NONE
    assert sha256(found.capture.warc or b"").hexdigest() in kept_files(places)
    assert len(kept_files(places)) == 3


def test_nobody_has_a_page_fetched_who_may_not_attach_it(places: LedgerPaths) -> None:
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
def test_nothing_is_kept_of_a_document_that_is_refused(places: LedgerPaths, clock: Clock, name: str) -> None:
    told, excerpt, code = FAULTS[name]
    before = [rows_of(places, table) for table in ("draft", "capture", "excerpt", "withheld")]
    with pytest.raises(ProblemsFound) as refusal:
        attached(places, clock, told, excerpt)
    assert code in {problem.code for problem in refusal.value.problems}
    assert [rows_of(places, table) for table in ("draft", "capture", "excerpt", "withheld")] == before
    assert kept_files(places) == set()


@pytest.mark.slow
def test_what_was_kept_before_stays_when_the_same_bytes_are_refused(places: LedgerPaths, clock: Clock) -> None:
    attached(places, clock, PUBLIC)
    before = kept_files(places)
    with pytest.raises(ProblemsFound):
        attached(places, clock, PUBLIC | {"tier": "first"})
    assert kept_files(places) == before


def test_bytes_are_taken_away_again_when_what_follows_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), storing_contents(tmp_path, [b"one", b"two"]):
        content_path(tmp_path, sha256(b"three").hexdigest()).read_bytes()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_bytes_go_again_when_the_commit_fails(
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
        attached(places, clock, PUBLIC)
    assert kept_files(places) == set()


def kept_codes(places: LedgerPaths) -> list[str]:
    return [problem.code for one in desk.check(places) if one.name == "desk evidence" for problem in one.problems]


@pytest.mark.slow
def test_private_bytes_are_held_against_what_the_desk_says_it_keeps(places: LedgerPaths, clock: Clock) -> None:
    attached(places, clock, PUBLIC)
    assert kept_codes(places) == []
    file = content_path(places.private_evidence, sha256(html_page()).hexdigest())
    file.write_bytes(b"other")
    assert kept_codes(places) == ["kept-bytes-altered"]
    file.rename(file.with_name("another"))
    assert kept_codes(places) == ["kept-bytes-missing", "kept-bytes-unnamed"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_may_read_what_is_private(places: LedgerPaths, clock: Clock) -> None:
    attached(places, clock, PUBLIC)
    below = [places.desk, places.private_evidence, *places.private_evidence.rglob("*")]
    assert {path: path.stat().st_mode & 0o077 for path in below} == dict.fromkeys(below, 0)
    places.desk.chmod(0o644)
    places.private_evidence.chmod(0o755)
    assert kept_codes(places) == ["desk-readable-by-others", "desk-readable-by-others"]


def test_bytes_that_were_altered_are_not_given_out(tmp_path: Path) -> None:
    with storing_contents(tmp_path, [b"one"]):
        pass
    content_path(tmp_path, sha256(b"one").hexdigest()).write_bytes(b"two")
    with pytest.raises(ContentAltered):
        read_stored_content(tmp_path, sha256(b"one").hexdigest())


def published_with(places: LedgerPaths, clock: Clock, told: dict[str, Any], excerpt: str = "") -> Document:
    document, _ = attached(places, clock, told, excerpt)
    desk.publish(places, actor("editor"), clock=clock)
    return document


def evidence_problems(places: LedgerPaths) -> list[Problem]:
    return [problem for one in desk.check(places) if one.name == "evidence" for problem in one.problems]


def cloned(places: LedgerPaths, folder: Path) -> LedgerPaths:
    """Return what git takes along: the claims folder."""
    shutil.copytree(places.claims, folder / "claims")
    return LedgerPaths(folder)


@pytest.mark.slow
def test_what_rights_allow_survives_a_fresh_clone_and_is_held_against_its_hash(
    places: LedgerPaths, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = published_with(places, clock, PUBLIC | {"rights": RIGHTS}, SENTENCE)
    assert (document.captured, document.content_sha256) == (CaptureExtent.FULL, sha256(html_page()).hexdigest())
    clone = cloned(places, tmp_path_factory.mktemp("clone"))
    assert read_stored_content(clone.shared_evidence, document.content_sha256 or "") == html_page()
    assert [path for path in clone.shared_evidence.rglob("*") if path.is_file()] == [
        content_path(clone.shared_evidence, document.content_sha256 or "")
    ]
    assert evidence_problems(clone) == []


@pytest.mark.slow
def test_what_rights_do_not_allow_is_not_in_the_clone(places: LedgerPaths, clock: Clock) -> None:
    published_with(places, clock, PUBLIC | {"rights": {**RIGHTS, "may_hold_text": False}}, SENTENCE)
    assert not places.shared_evidence.exists()
    assert evidence_problems(places) == []


@pytest.mark.slow
def test_bytes_altered_missing_or_of_nobody_are_found(places: LedgerPaths, clock: Clock) -> None:
    document = published_with(places, clock, PUBLIC | {"rights": RIGHTS})
    file = content_path(places.shared_evidence, document.content_sha256 or "")
    file.write_bytes(html_page().replace(b"1,204,331", b"1,240,331"))
    assert [problem.code for problem in evidence_problems(places)] == ["evidence-altered"]
    file.rename(file.with_name("another"))
    assert [problem.code for problem in evidence_problems(places)] == ["evidence-missing", "evidence-not-named"]
    file.with_name("another").unlink()
    desk.build_public_files(places)
    assert evidence_problems(places) == []


@pytest.mark.slow
def test_no_document_is_published_as_held_whose_bytes_are_not_here(places: LedgerPaths, clock: Clock) -> None:
    document, _ = attached(places, clock, PUBLIC | {"rights": RIGHTS})
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
@pytest.mark.parametrize("told", [{}, {"address": "https://intranet.example/4471", "is_withheld": True}])
def test_of_a_confidential_document_nothing_stands_in_any_public_file(
    places: LedgerPaths, clock: Clock, told: dict[str, Any]
) -> None:
    found = brought(html_page(), SECRET_FILE)
    drafts = attached(places, clock, SECRET | told, SENTENCE, found)
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
def test_the_check_finds_a_confidential_document_that_leaked(places: LedgerPaths, clock: Clock) -> None:
    attached(places, clock, SECRET, SENTENCE, brought(html_page(), SECRET_FILE))
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
def test_the_check_finds_what_names_a_confidential_document_however_short(
    places: LedgerPaths, clock: Clock, secret: str
) -> None:
    told = {"title": {"ko": "김철수 과장 통화"}, "publisher": {"ko": "한강"}, "medium": "call"}
    attached(places, clock, told, "한 통의 전화", brought("한 통의 전화로 들은 말이다.".encode(), "통화.txt"))
    desk.publish(places, actor("editor"), clock=clock)
    log_file = places.log / "000000.jsonl"
    assert private_codes(places) == set()
    log_file.write_bytes(log_file.read_bytes() + f'{{"note":"{secret}"}}\n'.encode())
    assert private_codes(places) == {"private-text-public"}


@pytest.mark.slow
def test_a_confidential_call_that_is_titled_a_call_is_no_leak(places: LedgerPaths, clock: Clock) -> None:
    attached(places, clock, {"title": {"ko": "전화"}, "medium": "call"})
    desk.publish(places, actor("editor"), clock=clock)
    assert private_codes(places) == set()


def private_codes(places: LedgerPaths) -> set[str]:
    return {problem.code for one in desk.check(places) if one.name == "private" for problem in one.problems}


def test_a_call_is_confidential_unless_somebody_says_otherwise(places: LedgerPaths, clock: Clock) -> None:
    fields = {
        "document_id": "call-with-the-port-a2b3", "medium": "call", "title": {"ko": "전화"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary",
    }  # fmt: skip
    evidence = {**EVIDENCE, "document_id": fields["document_id"], "excerpt": "그렇게 말했다"}
    made = edit_by("checker", "Called.")
    document = record_of(desk.attach(places, CARGO, fields, evidence, None, made, clock), Document)
    claim = record_of(desk.attach(
        places, CARGO, fields | {"is_withheld": False}, evidence, None, made, clock
    ), Claim)  # fmt: skip
    assert document.is_withheld
    assert document.document_id != fields["document_id"]
    assert [one.excerpt for one in claim.evidence] == [None, "그렇게 말했다"]


@pytest.mark.slow
def test_no_excerpt_of_a_withheld_document_is_written_by_hand(places: LedgerPaths, clock: Clock) -> None:
    document, _ = attached(places, clock, SECRET)
    desk.publish(places, actor("editor"), clock=clock)
    file = places.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml"
    newsroom.edit(file, "  stance: supports\n", "  stance: supports\n  excerpt: what it says\n")
    with pytest.raises(ProblemsFound) as refusal:
        desk.record(places, [file], newsroom.FIRST, clock)
    assert [problem.code for problem in refusal.value.problems] == ["excerpt-of-withheld"]
    assert document.is_withheld


@pytest.mark.slow
def test_what_a_document_states_is_not_dropped_for_want_of_its_language(places: LedgerPaths) -> None:
    page = html_page().replace(b' lang="ko"', b"")
    with pytest.raises(ProblemsFound, match="하늘항 화물 통계") as refusal:
        evidence_steps.describe_document(brought(page), {"tier": "primary"})
    assert [problem.code for problem in refusal.value.problems] == ["language-needed"]


@pytest.mark.slow
def test_a_pdf_is_evidence_for_a_claim_too(places: LedgerPaths, clock: Clock) -> None:
    found = brought(pdf_of("Cargo 2030", SENTENCE), "yearbook.pdf")
    document, _ = attached(places, clock, PUBLIC | {"title": None}, SENTENCE, found)
    assert (document.medium, document.title, document.published_on) == ("pdf", {"ko": "Port yearbook"}, "2031-01-15")


def test_a_document_without_a_title_says_which_field_is_missing(places: LedgerPaths, clock: Clock) -> None:
    found = brought(b"\x89PNG\r\n\x1a\n" + bytes(20), "photograph.png")
    with pytest.raises(ProblemsFound) as refusal:
        attached(places, clock, PUBLIC | {"title": None}, "", found)
    assert [problem.field for problem in refusal.value.problems] == ["title"]
