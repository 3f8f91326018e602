"""The whole life of a claim on the desk, from an empty folder to a correction, with a clock set by the test."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from claimledger import desk
from claimledger.desk import lookups
from claimledger.errors import NothingToPublish, ProblemsFound
from claimledger.newsroom.edit_input import make_edit
from claimledger.ledger.files import LedgerPaths
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role

BOTH = (Role.CHECKER, Role.EDITOR)


def actor(name: str) -> StaffMember:
    """Return a person with both editorial roles."""
    return StaffMember(name, BOTH)


bridge_ledger = importlib.import_module("tests.faults.bridge_ledger")


class Clock:
    """A clock that moves one hour forward each time it is read."""

    def __init__(self) -> None:
        """Start on 1 June 2024."""
        self.time = datetime(2024, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Move one hour forward and return the time."""
        self.time += timedelta(hours=1)
        return self.time


@pytest.mark.slow
def test_claim_goes_from_a_passage_to_a_correction(tmp_path: Path) -> None:
    """Go through new, record, publish, edit, conflict, correct and rebuild, as every interface does."""
    places, clock = LedgerPaths(tmp_path), Clock()
    text = tmp_path / "article.txt"
    text.write_text(bridge_ledger.TEXT, encoding="utf-8", newline="")
    article = places.claims / "hanbit-bridge" / "article.yaml"
    article.parent.mkdir(parents=True)
    article.write_text(bridge_ledger.ARTICLE, encoding="utf-8")
    kim = make_edit(author="kim", reason="처음", roles=BOTH)
    assert [draft.key for draft in desk.record(places, [], kim, clock)] == ["hanbit-bridge"]
    with pytest.raises(ProblemsFound, match="second-person-needed"):
        desk.publish(places, actor("kim"), clock=clock)
    assert desk.publish(places, actor("lee"), clock=clock)[0] == 1

    path = desk.new_claim(places, "hanbit-bridge", "bridge-costs-2t-won", text, quote="약 2조원")
    with pytest.raises(ProblemsFound) as skeleton:
        desk.record(places, [], kim, clock)
    assert {problem.file for problem in skeleton.value.problems} == {path.relative_to(tmp_path).as_posix()}
    with pytest.raises(NothingToPublish):
        desk.publish(places, actor("lee"), clock=clock)

    typed = path.read_text(encoding="utf-8").replace("  en: ''\n  ko: ''", "  ko: 한빛대교 공사비는 2조원이다.", 1)
    typed = typed.replace("mode: ''", "mode: narration").replace("kind: ''", "kind: report")
    typed = typed.replace("    en: ''\n    ko: ''", "    ko: 예산서").replace(
        "topics: []", "topics: [bridges]\nabout_on: '2024'"
    )
    path.write_text(typed, encoding="utf-8")
    assert len(desk.record(places, [path], kim, clock)) == 2
    assert desk.publish(places, actor("lee"), clock=clock)[0] == 2
    listed = path.read_text(encoding="utf-8")

    path.write_text(listed.replace("2조원이다", "약 2조원이다"), encoding="utf-8")
    with pytest.raises(ProblemsFound, match="kind-needed"):
        desk.record(places, [], kim, clock)
    note = make_edit(
        author="kim",
        reason="고침",
        kind="correction",
        correction="clarification",
        note={"ko": "어림수다."},
        roles=BOTH,
    )
    assert len(desk.record(places, [], note, clock)) == 1
    assert desk.publish(places, actor("lee"), clock=clock)[1].printed.edited == ()

    path.write_text(listed.replace("2조원이다", "3조원이다"), encoding="utf-8")
    with pytest.raises(ProblemsFound, match="stale-base"):
        desk.record(places, [], note, clock)
    assert desk.build_public_files(places).printed.edited == (path,)
    path.unlink()
    desk.build_public_files(places)
    assert "약 2조원이다" in path.read_text(encoding="utf-8")
    assert desk.verify(places, text).found == 1
    assert [checked.problems for checked in desk.check(places) if checked.problems] == []


def test_refused_batch_changes_neither_folder_nor_store(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    (places.claims / "hanbit-bridge").mkdir(parents=True)
    (places.claims / "hanbit-bridge" / "article.yaml").write_text(bridge_ledger.ARTICLE, encoding="utf-8")
    (places.claims / "documents").mkdir()
    (places.claims / "documents" / "city-budget-2024.yaml").write_text("medium: pdf\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        desk.record(places, [], bridge_ledger.edit())
    assert lookups.open_drafts(places) == []
    with pytest.raises(NothingToPublish):
        desk.publish(places, actor("lee"))


def test_discarding_a_draft_makes_room_for_another(tmp_path: Path) -> None:
    places, clock = LedgerPaths(tmp_path), Clock()
    (places.claims / "hanbit-bridge").mkdir(parents=True)
    article = places.claims / "hanbit-bridge" / "article.yaml"
    article.write_text(bridge_ledger.ARTICLE, encoding="utf-8")
    desk.record(places, [article], bridge_ledger.edit(), clock)
    article.write_text(bridge_ledger.ARTICLE.replace("내년", "올해"), encoding="utf-8")
    with pytest.raises(ProblemsFound, match="open-draft"):
        desk.record(places, [article], bridge_ledger.edit(author="choi"), clock)
    (waiting,) = lookups.open_drafts(places)
    desk.discard(places, "hanbit-bridge", waiting.draft_id or 0, bridge_ledger.edit(reason="그만둠"), clock)
    (draft,) = desk.record(places, [article], bridge_ledger.edit(author="choi"), clock)
    assert draft.authors == ("choi",)
