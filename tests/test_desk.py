"""The editorial steps in order, on files: record, publish, build, check and verify."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import newsroom
import pytest
from direct_publishing import publish_directly
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.errors import LedgerError, NotFound, NothingToPublish, ProblemsFound
from claimledger.ledger import files
from claimledger.newsroom.edit_input import make_edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind

FIRST = edit_by(author="checker", reason="First reading")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.write_all(tmp_path)


@pytest.fixture
def published_ledger(places: LedgerPaths, clock: Clock) -> LedgerPaths:
    desk.record(places, [], FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    return places


def claim_file(places: LedgerPaths, claim_id: str) -> Path:
    return places.claims / ARTICLE_ID / f"{claim_id}.yaml"


def problem_codes(places: LedgerPaths, against: Path | None = None) -> dict[str, list[str]]:
    return {checked.name: [problem.code for problem in checked.problems] for checked in desk.check(places, against)}


def test_files_are_recorded_as_drafts_and_published_to_the_log(places: LedgerPaths, clock: Clock) -> None:
    drafts = desk.record(places, [], FIRST, clock)
    assert [(draft.kind, draft.key) for draft in drafts] == [
        ("listed", ARTICLE_ID),
        ("listed", CARGO),
        ("listed", f"{CARGO}@{newsroom.article()['editions'][0]['edition_sha256'][:12]}"),
        ("listed", GROWTH),
        ("listed", f"{GROWTH}@{newsroom.article()['editions'][0]['edition_sha256'][:12]}"),
    ]
    count, built = desk.publish(places, actor("editor"), clock=clock)
    assert count == 5
    assert built.is_changed
    assert len((places.log / "000000.jsonl").read_bytes().splitlines()) == 5
    assert all(not problems for problems in problem_codes(places).values())


@pytest.mark.slow
def test_recording_again_changes_nothing(published_ledger: LedgerPaths, clock: Clock) -> None:
    assert desk.record(published_ledger, [], FIRST, clock) == []
    with pytest.raises(NothingToPublish):
        desk.publish(published_ledger, actor("editor"), clock=clock)


def test_author_cannot_publish_their_own_draft(places: LedgerPaths, clock: Clock) -> None:
    desk.record(places, [], FIRST, clock)
    with pytest.raises(ProblemsFound, match="second-person-needed"):
        desk.publish(places, actor("checker"), clock=clock)
    assert not list(places.log.glob("*"))


def test_edit_of_a_public_claim_needs_a_revision_kind(published_ledger: LedgerPaths, clock: Clock) -> None:
    newsroom.edit(claim_file(published_ledger, CARGO), "port moved", "port handled")
    with pytest.raises(ProblemsFound, match="kind-needed"):
        desk.record(published_ledger, [], FIRST, clock)
    assert lookups.open_drafts(published_ledger) == []


@pytest.mark.slow
def test_correction_shows_the_text_before_and_after(published_ledger: LedgerPaths, clock: Clock) -> None:
    newsroom.edit(claim_file(published_ledger, CARGO), "port moved", "port handled")
    correcting = make_edit(
        author="checker", reason="The figure was misread", kind="correction", correction="clarification",
        note={"en": "We had misread the figure."}, roles=(Role.CHECKER,),
    )  # fmt: skip
    assert [draft.kind for draft in desk.record(published_ledger, [], correcting, clock)] == [RevisionKind.CORRECTION]
    desk.publish(published_ledger, actor("editor"), clock=clock)
    with sqlite3.connect(published_ledger.ledger) as ledger:
        rows = ledger.execute(
            "SELECT field, before, after, public_note_en, actor, approver FROM corrections"
        ).fetchall()
        claim = ledger.execute(
            "SELECT is_corrected, revision_count FROM claims WHERE claim_id = ?", (CARGO,)
        ).fetchone()
    assert rows == [
        (
            "statement.en",
            "Haneul port moved about 1.2 million tonnes in 2030.",
            "Haneul port handled about 1.2 million tonnes in 2030.",
            "We had misread the figure.",
            "checker",
            "editor",
        )
    ]
    assert claim == (1, 2)
    assert all(not problems for problems in problem_codes(published_ledger).values())


@pytest.mark.slow
def test_open_draft_of_another_person_is_shown_not_overwritten(published_ledger: LedgerPaths, clock: Clock) -> None:
    path = claim_file(published_ledger, CARGO)
    newsroom.edit(path, "port moved", "port handled")
    desk.record(published_ledger, [path], edit_by("checker", "A", RevisionKind.UPDATE), clock)
    newsroom.edit(path, "port handled", "port shipped")
    with pytest.raises(ProblemsFound) as refused:
        desk.record(published_ledger, [path], edit_by("second-checker", "B", RevisionKind.UPDATE), clock)
    assert [problem.code for problem in refused.value.problems] == ["open-draft"]
    assert "port shipped" in str(refused.value)
    assert "port handled" in str(refused.value)


@pytest.mark.slow
def test_author_can_continue_and_discard_a_draft(published_ledger: LedgerPaths, clock: Clock) -> None:
    path = claim_file(published_ledger, CARGO)
    for word in ("handled", "shipped"):
        newsroom.edit(path, "port moved" if word == "handled" else "port handled", f"port {word}")
        desk.record(published_ledger, [path], edit_by("checker", word, RevisionKind.UPDATE), clock)
    assert [draft.reason for draft in lookups.open_drafts(published_ledger)] == ["shipped"]
    newsroom.discard(published_ledger, CARGO, edit_by("checker", "Wrong after all"), clock)
    assert lookups.open_drafts(published_ledger) == []
    with pytest.raises(NotFound, match="open draft"):
        newsroom.discard(published_ledger, CARGO, edit_by("checker", "Again"), clock)


@pytest.mark.slow
def test_author_of_a_discarded_draft_cannot_approve_the_same_text(published_ledger: LedgerPaths, clock: Clock) -> None:
    path = claim_file(published_ledger, CARGO)
    newsroom.edit(path, "port moved", "port handled")
    desk.record(published_ledger, [path], edit_by("checker", "A", RevisionKind.UPDATE), clock)
    newsroom.discard(published_ledger, CARGO, edit_by("second-checker", "Mine now"), clock)
    desk.record(published_ledger, [path], edit_by("second-checker", "B", RevisionKind.UPDATE), clock)
    assert [draft.authors for draft in lookups.open_drafts(published_ledger)] == [("second-checker", "checker")]
    with pytest.raises(ProblemsFound):
        desk.publish(published_ledger, actor("checker"), clock=clock)


@pytest.mark.slow
def test_author_of_a_different_discarded_text_is_not_an_author(published_ledger: LedgerPaths, clock: Clock) -> None:
    path = claim_file(published_ledger, CARGO)
    newsroom.edit(path, "port moved", "port handled")
    desk.record(published_ledger, [path], edit_by("checker", "A", RevisionKind.UPDATE), clock)
    newsroom.discard(published_ledger, CARGO, edit_by("checker", "No"), clock)
    newsroom.edit(path, "port handled", "port shipped")
    desk.record(published_ledger, [path], edit_by("second-checker", "B", RevisionKind.UPDATE), clock)
    assert [draft.authors for draft in lookups.open_drafts(published_ledger)] == [("second-checker",)]


@pytest.mark.slow
def test_file_of_an_older_draft_is_replaced_after_publishing(published_ledger: LedgerPaths, clock: Clock) -> None:
    path = claim_file(published_ledger, CARGO)
    for word in ("handled", "shipped"):
        newsroom.edit(path, "port moved" if word == "handled" else "port handled", f"port {word}")
        desk.record(published_ledger, [path], edit_by("checker", word, RevisionKind.UPDATE), clock)
    newsroom.edit(path, "port shipped", "port handled")
    assert desk.publish(published_ledger, actor("editor"), clock=clock)[1].printed.edited == ()
    assert "port shipped" in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_claim_is_not_published_without_its_article(places: LedgerPaths, clock: Clock) -> None:
    desk.record(places, [], FIRST, clock)
    with pytest.raises(ProblemsFound, match="unpublished-article"):
        desk.publish(places, actor("editor"), [CARGO], clock=clock)
    with pytest.raises(NotFound, match="Did you mean"):
        desk.publish(places, actor("editor"), [ARTICLE_ID, CARGO + "x"], clock=clock)
    assert not list(places.log.glob("*"))
    ticks: list[int] = []
    count, _ = desk.publish(places, actor("editor"), [ARTICLE_ID, CARGO], clock=clock, progress=ticks.append)
    assert (count, sum(ticks)) == (3, 3)  # with a claim goes its passage


@pytest.mark.slow
def test_file_saved_during_a_build_is_not_overwritten(
    published_ledger: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [claim_file(published_ledger, claim_id) for claim_id in (CARGO, GROWTH)]
    for path in paths:
        path.unlink()
    replace_bytes = files.replace_bytes

    def save_another(path: Path, content: bytes) -> None:
        replace_bytes(path, content)
        other = next(one for one in paths if one != path)
        other.write_text("statement: saved meanwhile\n", encoding="utf-8")

    monkeypatch.setattr(files, "replace_bytes", save_another)
    assert len(desk.build_public_files(published_ledger).printed.edited) == 1


@pytest.mark.slow
def test_check_writes_nothing_and_continues_after_damage(published_ledger: LedgerPaths) -> None:
    log_file = published_ledger.log / "000000.jsonl"
    lines = log_file.read_bytes().splitlines(keepends=True)
    log_file.write_bytes(b"".join([*lines[:2], lines[2][:-40] + b"\n", *lines[3:4]]))
    before = {path: path.read_bytes() for path in published_ledger.root.rglob("*") if path.is_file()}
    checked = {one.name: one for one in desk.check(published_ledger)}
    assert list(checked) == [
        "log", "records", "older log", "checkpoints", "desk", "claim files", "references", "names", "verdicts",
        "evidence", "texts", "agreement", "computed", "ledger.db", "public forms", "private", "desk evidence", "folder",
    ]  # fmt: skip
    assert checked["log"].problems
    assert not checked["ledger.db"].has_run
    assert {path: path.read_bytes() for path in published_ledger.root.rglob("*") if path.is_file()} == before


def test_public_claim_without_a_public_article_is_found(places: LedgerPaths, clock: Clock) -> None:
    desk.record(places, [], FIRST, clock)
    with step_setup.open_store(places) as store:
        drafts = [draft for draft in store.open_drafts() if draft.key == CARGO]
        publish_directly(store, drafts, "editor", now=clock())
    assert problem_codes(places)["references"] == ["no-public-article"]


def test_a_check_needs_a_log(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder claims/log"):
        list(desk.check(LedgerPaths(tmp_path)))


@pytest.mark.slow
def test_build_restores_deleted_files_byte_for_byte(published_ledger: LedgerPaths) -> None:
    files = sorted(published_ledger.claims.rglob("*.yaml"))
    before = {path: path.read_bytes() for path in [*files, published_ledger.ledger]}
    for path in before:
        path.unlink()
    built = desk.build_public_files(published_ledger)
    assert built.is_changed
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.slow
def test_build_keeps_an_edited_file(published_ledger: LedgerPaths) -> None:
    path = claim_file(published_ledger, GROWTH)
    newsroom.edit(path, "10 percent in 2031", "10 percent, or more, in 2031")
    assert desk.build_public_files(published_ledger).printed.edited == (path,)
    assert "or more" in path.read_text(encoding="utf-8")
    assert problem_codes(published_ledger)["claim files"] == ["file-differs"]


def test_a_build_needs_a_log(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder claims/log"):
        desk.build_public_files(LedgerPaths(tmp_path))


@pytest.mark.slow
def test_the_desk_is_refilled_from_the_log(published_ledger: LedgerPaths, clock: Clock) -> None:
    published_ledger.desk.unlink()
    path = claim_file(published_ledger, CARGO)
    newsroom.edit(path, "port moved", "port handled")
    desk.record(published_ledger, [path], edit_by("checker", "A", RevisionKind.UPDATE), clock)
    count, _ = desk.publish(published_ledger, actor("editor"), clock=clock)
    assert count == 1


@pytest.mark.slow
def test_checks_that_cannot_run_are_reported(published_ledger: LedgerPaths, tmp_path: Path) -> None:
    published_ledger.desk.unlink()
    published_ledger.ledger.unlink()
    not_done = [checked.name for checked in desk.check(published_ledger) if not checked.has_run]
    assert not_done == ["older log", "checkpoints", "desk", "ledger.db", "public forms", "private", "desk evidence"]
    assert problem_codes(published_ledger, published_ledger.log)["older log"] == []


@pytest.mark.slow
def test_altered_cell_of_the_ledger_is_found(published_ledger: LedgerPaths) -> None:
    with sqlite3.connect(published_ledger.ledger) as ledger:
        ledger.execute("UPDATE claims SET verification_status = 'supported' WHERE claim_id = ?", (CARGO,))
    assert problem_codes(published_ledger)["ledger.db"] == ["altered-projection"]


@pytest.mark.slow
def test_one_speaker_spelled_two_ways_is_found(places: LedgerPaths, clock: Clock) -> None:
    newsroom.edit(claim_file(places, GROWTH), "Seo Mirae\n", "Haneul Port authority\n")
    desk.record(places, [], FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    assert problem_codes(places)["names"]


def test_verify_finds_the_passages_in_the_text(published_ledger: LedgerPaths, tmp_path: Path) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    verified = desk.verify(published_ledger, text_file)
    assert (verified.found, verified.lost) == (2, ())
    assert [TEXT[item.span.start : item.span.end] for item in verified.unbound] == ["40명"]


@pytest.mark.slow
def test_verify_refuses_a_text_that_is_not_an_edition(published_ledger: LedgerPaths, tmp_path: Path) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.replace("\n", "\r\n").encode())
    with pytest.raises(NotFound, match="No article has an edition"):
        desk.verify(published_ledger, text_file)


def test_wrong_selector_is_reported(places: LedgerPaths, clock: Clock, tmp_path: Path) -> None:
    values = newsroom.cargo()
    position = values["appearances"][0]["position"]
    values["appearances"][0]["position"] = {name: at + 1 for name, at in position.items()}
    newsroom.write(places, CARGO, values)
    desk.record(places, [], FIRST, clock)
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    assert [appearance.claim_id for appearance, _ in desk.verify(places, text_file).lost] == [CARGO]


@pytest.mark.slow
def test_new_claim_file_reports_its_missing_fields(published_ledger: LedgerPaths, clock: Clock, tmp_path: Path) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    path = desk.new_claim(published_ledger, ARTICLE_ID, "port-has-40-employees", text_file, quote="직원은 40명이다")
    with pytest.raises(ProblemsFound) as refused:
        desk.record(published_ledger, [path], FIRST, clock)
    assert {problem.field.split(".")[0] for problem in refused.value.problems} == {
        "statement",
        "attribution",
        "source",
        "topics",
    }
    assert all(problem.line for problem in refused.value.problems)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("article_id", "quote", "what"), [("harbour-monthly", "직원", "article"), (ARTICLE_ID, "없는 말", "place")]
)
def test_a_new_claim_needs_an_article_and_a_passage(
    published_ledger: LedgerPaths, tmp_path: Path, article_id: str, quote: str, what: str
) -> None:
    text_file = tmp_path / "article.txt"
    text_file.write_bytes(TEXT.encode())
    with pytest.raises(LedgerError, match=what):
        desk.new_claim(published_ledger, article_id, "slug", text_file, quote=quote)
