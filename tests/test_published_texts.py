"""Article texts whose rights allow publication: storing, publishing, cloning and removing them."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from made_documents import SENTENCE, html_page
from newsroom import ARTICLE_ID, CARGO, FIRST, TEXT, Clock, actor, add, article, edit_by, write, write_all

from claimledger import desk
from claimledger.desk import evidence_steps, lookups, step_setup
from claimledger.cli import main
from claimledger.editorial.current_edition import TextNotHeld
from claimledger.ledger import shared_files
from claimledger.checks.results import CheckResult
from claimledger.ledger.content_store import content_path
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.models import Revision
from claimledger.publishing import ledger_db
from claimledger.vocabulary import RevisionKind

EDITION = sha256(TEXT.encode()).hexdigest()
PASSAGES = {"holder": {"en": "Harbour Monthly"}, "statement": {"en": "Free to copy."}, "may_hold_text": True}
WHOLE = PASSAGES | {"may_publish_text": True}
FORBIDDEN = PASSAGES | {"may_hold_text": False}


@pytest.fixture
def clock() -> Clock:
    return Clock()


def publish_newsroom(folder: Path, clock: Clock, rights: dict[str, Any] = WHOLE) -> LedgerPaths:
    """Return a newsroom whose article is public with these rights and whose desk stores its text."""
    places = write_all(folder)
    write(places, "article", article() | {"rights": rights})
    desk.record(places, [], edit_by("checker", "First reading"), clock)
    desk.publish(places, actor("editor"), clock=clock)
    add(places, TEXT, clock)
    desk.build_public_files(places)
    return places


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return publish_newsroom(tmp_path, clock)


def text_file(places: LedgerPaths) -> Path:
    return content_path(places.shared_texts, EDITION)


def public_texts(places: LedgerPaths, ledger: Path | None = None) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(ledger or places.ledger)) as connection:
        return connection.execute("SELECT * FROM edition_texts").fetchall()


def run_check(places: LedgerPaths, name: str = "texts") -> CheckResult:
    return next(one for one in desk.check(places) if one.name == name)


def problem_codes(places: LedgerPaths, name: str = "texts") -> list[str]:
    return [problem.code for problem in run_check(places, name).problems]


def publish_rights(places: LedgerPaths, clock: Clock, rights: dict[str, Any]) -> None:
    """Publish the article with other rights."""
    file = places.claims / ARTICLE_ID / "article.yaml"
    base = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("base:"))
    write(places, "article", {"base": base.partition(": ")[2], **article(), "rights": rights})
    desk.record(places, [file], edit_by("checker", "The holder wrote.", RevisionKind.UPDATE), clock)
    desk.publish(places, actor("editor"), clock=clock)


@pytest.mark.slow
def test_allowed_text_is_published_in_a_file_and_in_the_ledger(places: LedgerPaths) -> None:
    assert text_file(places).read_bytes() == TEXT.encode()
    assert public_texts(places) == [(ARTICLE_ID, EDITION, TEXT)]
    assert run_check(places).problems == run_check(places, "ledger.db").problems == ()
    assert run_check(places).scope == "1 text against its hash and the rights of the article"


@pytest.mark.slow
@pytest.mark.parametrize("rights", [PASSAGES, FORBIDDEN], ids=["passages", "nothing"])
def test_text_without_publication_rights_stays_on_the_desk(
    tmp_path: Path, clock: Clock, rights: dict[str, Any]
) -> None:
    places = publish_newsroom(tmp_path, clock, rights)
    assert not places.shared_texts.exists()
    assert public_texts(places) == []
    everything = b"".join(path.read_bytes() for path in [places.ledger, *places.claims.rglob("*")] if path.is_file())
    assert not any(line.encode() in everything for line in TEXT.splitlines())


@pytest.mark.slow
def test_text_is_removed_when_rights_end(places: LedgerPaths, clock: Clock) -> None:
    stray = places.shared_texts / EDITION[:2] / "notes.txt"
    stray.write_text("Not put there by the program.", encoding="utf-8")
    publish_rights(places, clock, PASSAGES)
    assert not text_file(places).exists()
    assert public_texts(places) == []
    assert problem_codes(places) == ["text-not-public"]
    assert stray.exists()
    stray.unlink()
    assert problem_codes(places) == []
    publish_rights(places, clock, WHOLE)
    assert text_file(places).read_bytes() == TEXT.encode()


@pytest.mark.slow
def test_only_the_newest_edition_has_a_public_text(places: LedgerPaths, clock: Clock) -> None:
    corrected = TEXT.replace("40명", "45명")
    add(places, corrected, clock)
    desk.publish(places, actor("editor"), clock=clock)
    edition = sha256(corrected.encode()).hexdigest()
    assert public_texts(places) == [(ARTICLE_ID, edition, corrected)]
    files = [path.name for path in places.shared_texts.rglob("*") if path.is_file()]
    assert files == [edition]
    assert problem_codes(places) == problem_codes(places, "ledger.db") == []
    assert "40명" not in "".join(text for _, _, text in public_texts(places))


@pytest.mark.slow
def test_check_names_a_removed_text_that_returned(places: LedgerPaths, clock: Clock) -> None:
    content = text_file(places).read_bytes()
    publish_rights(places, clock, PASSAGES)
    text_file(places).parent.mkdir(exist_ok=True)
    text_file(places).write_bytes(content)
    assert problem_codes(places) == ["text-not-public"]
    done = CliRunner().invoke(main, ["--root", str(places.root), "build"])
    assert (
        f"{places.relative_name(text_file(places))}: removed; committed versions stay in git's history.\n"
        in done.stderr
    )
    assert not text_file(places).parent.exists()


@pytest.mark.slow
def test_files_outside_the_claims_folder_are_not_removed(
    places: LedgerPaths, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "texts"
    shutil.move(places.shared_texts, elsewhere)
    places.shared_texts.symlink_to(elsewhere)
    publish_rights(places, clock, PASSAGES)
    assert content_path(elsewhere, EDITION).read_bytes() == TEXT.encode()


@pytest.mark.slow
def test_altered_text_is_reported_and_left_out_of_the_ledger(places: LedgerPaths) -> None:
    text_file(places).write_bytes(TEXT.replace("40명", "45명").encode())
    assert problem_codes(places) == ["text-altered"]
    assert desk.build_public_files(places).is_changed
    assert public_texts(places) == []
    text_file(places).unlink()
    desk.build_public_files(places)
    assert public_texts(places) == [(ARTICLE_ID, EDITION, TEXT)]


@pytest.mark.slow
def test_missing_text_is_reported_as_not_stored(places: LedgerPaths) -> None:
    text_file(places).unlink()
    other = Path(shutil.copy(places.ledger, places.root / "other.db"))
    assert not ledger_db.update_ledger_db(other, places.log, places.shared_texts)
    assert ledger_db.update_ledger_db(other, places.log, places.shared_texts, compares_texts=True)
    assert public_texts(places, other) == []
    other.unlink()
    assert run_check(places).problems == ()
    assert run_check(places).scope.startswith("0 texts against")
    assert run_check(places).scope.endswith("; 1 more not held here")
    assert set(problem_codes(places, "ledger.db")) == {"altered-projection"}


@pytest.mark.slow
def test_clone_restores_the_text_at_its_desk(
    places: LedgerPaths, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = LedgerPaths(tmp_path_factory.mktemp("clone"))
    shutil.copytree(places.claims, clone.claims)
    assert desk.build_public_files(clone).is_changed
    assert problem_codes(places, "ledger.db") == []
    assert desk.build_public_files(places, is_fresh=True).is_changed
    assert clone.ledger.read_bytes() == places.ledger.read_bytes()
    article, _ = desk.coverage(clone, ARTICLE_ID)
    assert article.text.content == TEXT
    other = LedgerPaths(tmp_path_factory.mktemp("other"))
    publish_rights(places, clock, PASSAGES)
    shutil.copytree(places.claims, other.claims)
    with pytest.raises(TextNotHeld):
        desk.coverage(other, ARTICLE_ID)


@pytest.mark.slow
def test_text_is_restored_by_filling_and_building_only(
    places: LedgerPaths, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = LedgerPaths(tmp_path_factory.mktemp("clone"))
    shutil.copytree(places.claims, clone.claims)
    text_file(clone).unlink()
    lookups.queue(clone, WorkFilter())
    shutil.copytree(places.claims, clone.claims, dirs_exist_ok=True)
    step_setup._VERIFIED_STORES.clear()  # as in another process
    lookups.queue(clone, WorkFilter())
    assert desk_texts(clone) == []
    desk.build_public_files(clone)
    assert desk_texts(clone) == [(EDITION, "the program", "claims/texts")]
    other = LedgerPaths(tmp_path_factory.mktemp("other"))
    shutil.copytree(places.claims, other.claims)
    lookups.queue(other, WorkFilter())
    assert desk_texts(other) == desk_texts(clone)


def desk_texts(places: LedgerPaths) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(places.desk)) as connection:
        return connection.execute("SELECT edition_sha256, author, origin FROM text").fetchall()


def add_comment(places: LedgerPaths, clock: Clock, words: str) -> None:
    """Add a private comment to a claim, as fact-checkers do."""
    desk.comment(places, CARGO, words, actor("checker"), clock)


@pytest.mark.slow
def test_private_comment_may_repeat_the_public_text(places: LedgerPaths, clock: Clock) -> None:
    add_comment(places, clock, TEXT.splitlines()[1])
    assert problem_codes(places, "private") == []


@pytest.mark.slow
def test_forbidden_text_in_the_ledger_is_a_leak(tmp_path: Path, clock: Clock) -> None:
    places = publish_newsroom(tmp_path, clock, PASSAGES)
    assert problem_codes(places, "private") == []
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("INSERT INTO edition_texts VALUES (?, ?, ?)", (ARTICLE_ID, EDITION, TEXT))
    leaks = run_check(places, "private").problems
    assert {problem.code for problem in leaks} == {"private-text-public"}
    assert all("(the text of an article)" in problem.sentence for problem in leaks)
    assert "altered-projection" in problem_codes(places, "ledger.db")


@pytest.mark.slow
def test_withdrawn_or_redacted_article_has_no_public_text(places: LedgerPaths) -> None:
    logged = (places.log / "000000.jsonl").read_bytes().splitlines()
    (body,) = [line for line in logged if b'"subject":"article"' in line]
    listed = Revision.model_validate_json(body)
    assert shared_files.public_edition(listed) == EDITION
    for kind in (RevisionKind.WITHDRAWAL, RevisionKind.REDACTION):
        later = msgspec.json.decode(body) | {"kind": kind.value, "revision": 2, "prev": "0" * 64}
        assert shared_files.public_edition(Revision.model_validate_json(msgspec.json.encode(later))) is None


GIT = shutil.which("git")


@pytest.mark.skipif(GIT is None, reason="there is no git here")
@pytest.mark.parametrize("folder", ["texts", "evidence"])
def test_git_keeps_the_bytes_unchanged(tmp_path: Path, folder: str) -> None:
    shutil.copy(Path(__file__).parent.parent / ".gitattributes", tmp_path)
    content = "첫 줄\r\n둘째 줄\n".encode()
    file = content_path(tmp_path / "claims" / folder, sha256(content).hexdigest())
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    name = file.relative_to(tmp_path).as_posix()
    for arguments in (["init", "-q"], ["-c", "core.autocrlf=true", "add", "."]):
        subprocess.run([GIT or "", *arguments], cwd=tmp_path, check=True, timeout=60)
    shown = subprocess.run([GIT or "", "show", f":{name}"], cwd=tmp_path, check=True, timeout=60, capture_output=True)
    assert shown.stdout == content


@pytest.mark.slow
def test_document_bytes_are_removed_when_rights_end(places: LedgerPaths, clock: Clock) -> None:
    found = evidence_steps.read_document_file("statistics.html", html_page(), clock)
    description = {
        "tier": "primary", "title": {"en": "Cargo statistics"}, "language": "ko", "rights": PASSAGES,
        "address": "https://example.org/statistics",
    }  # fmt: skip
    fields = evidence_steps.describe_document(found, description)
    evidence = {
        "stance": "supports", "summary": {"en": "It agrees."}, "document_id": fields["document_id"],
        "excerpt": SENTENCE,
    }  # fmt: skip
    desk.attach(places, CARGO, fields, evidence, None, edit_by("checker", "Seen."), clock, incoming=found)
    desk.publish(places, actor("editor"), clock=clock)
    file = content_path(places.shared_evidence, sha256(html_page()).hexdigest())
    assert file.is_file()
    page = places.claims / "documents" / f"{fields['document_id']}.yaml"
    lines = page.read_text(encoding="utf-8").replace("captured: full", "captured: excerpt").splitlines()
    kept = [line for line in lines if not line.startswith("content_sha256") and "may_hold_text" not in line]
    page.write_text("\n".join([*kept, ""]), encoding="utf-8")
    desk.record(places, [page], FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    assert not file.exists()
    assert problem_codes(places, "evidence") == []
