"""The check of claim files accepts files with a draft that waits to be published, and reports unrecorded edits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from desk_visits import made

from claimledger import desk
from claimledger.checks import claim_file_checks
from claimledger.checks.public_records import PublicRecords
from claimledger.vocabulary import RevisionKind

MORE = "haneul-port-expects-more-e5f6"


def test_file_of_a_pending_draft_is_not_a_problem(tmp_path: Path) -> None:
    places = made(tmp_path)
    path = newsroom.write(places, MORE, newsroom.growth() | {"claim_id": MORE})
    assert [
        problem.code for problem in claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems
    ] == ["not-in-log"]
    desk.record(places, [path], newsroom.edit_by("kim", "Found later."))
    found = claim_file_checks.check_text_form(places, PublicRecords(places.log))
    assert (found.problems, "1 wait on the desk" in found.scope) == ((), True)
    path.write_text(path.read_text("utf-8").replace("10 percent", "11 percent"), "utf-8")
    assert [
        problem.code for problem in claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems
    ] == ["not-in-log"]


@pytest.mark.slow
def test_pending_edit_of_a_public_claim_is_not_a_problem(tmp_path: Path) -> None:
    places = made(tmp_path)
    path = next(places.claims.rglob(f"{newsroom.GROWTH}.yaml"))
    path.write_text(path.read_text("utf-8").replace("Seo Mirae's remarks", "Seo Mirae's speech"), "utf-8")
    assert [
        problem.code for problem in claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems
    ] == ["file-differs"]
    desk.record(places, [path], newsroom.edit_by("kim", "Misread.", kind=RevisionKind.UPDATE))
    assert claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems == ()
    desk.publish(places, newsroom.actor("lee"))
    assert claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["record = '{}'", "record = 'none'", "subject = 'something'"])
def test_damaged_draft_does_not_hide_an_edited_file(tmp_path: Path, damage: str) -> None:
    places = made(tmp_path)
    drafted = newsroom.write(places, MORE, newsroom.growth() | {"claim_id": MORE})
    desk.record(places, [drafted], newsroom.edit_by("kim", "Found later."))
    path = next(places.claims.rglob(f"{newsroom.GROWTH}.yaml"))
    path.write_text(path.read_text("utf-8").replace("Seo Mirae's remarks", "Seo Mirae's speech"), "utf-8")
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(f"UPDATE draft SET {damage} WHERE key = ?", (MORE,)).rowcount == 1  # noqa: S608
        connection.execute(
            "UPDATE waiting SET subject = (SELECT subject FROM draft WHERE key = ?) WHERE key = ?", (MORE,) * 2
        )
    found = {one.name: one for one in desk.check(places)}["claim files"]
    assert (found.has_run, [problem.code for problem in found.problems]) == (True, ["file-differs", "not-in-log"])
