"""Stores that earlier versions of the program made, as SQL text: each is copied, upgraded, and complete afterwards.

The files in `older_stores` were made with the program of the commit that brought the version. Those named `early` had
a version's number before its tables were settled, on a branch that no one used; they are refused and stay as they are.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from claimledger import desk
from claimledger.checks import desk_store_check
from claimledger.desk import lookups, step_setup
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema import DeskAltered, schema_problems
from claimledger.newsroom.schema_versions import VERSIONS

STORES = Path(__file__).parent / "older_stores"
OLDER = range(1, len(VERSIONS))


def load(name: str, root: Path) -> LedgerPaths:
    """Make `desk.db` from the SQL text of an older store."""
    places = LedgerPaths(root)
    with closing(sqlite3.connect(places.desk)) as connection:
        register_row_hash(connection)
        connection.executescript((STORES / f"{name}.sql").read_text(encoding="utf-8"))
    return places


def read_drafts(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM draft ORDER BY draft_id").fetchall()


def test_every_older_version_has_a_store() -> None:
    assert {path.stem for path in STORES.glob("version-*.sql")} == {f"version-{version}" for version in OLDER}


@pytest.mark.parametrize("version", OLDER)
def test_older_store_is_copied_and_upgraded(tmp_path: Path, version: int, caplog: pytest.LogCaptureFixture) -> None:
    places = load(f"version-{version}", tmp_path)
    before = read_drafts(places.desk)
    assert len(before) == 3
    with caplog.at_level(logging.WARNING), step_setup.open_store(places) as store:
        assert schema_problems(store.connection) == []
        assert len(store.open_drafts()) == 1
    copy = tmp_path / f"desk.db.version-{version}"
    assert f"version {version}). It is up to date now; the file as it was is {copy}. To go back, install" in caplog.text
    assert "되돌아가려면 이전 claimledger를 설치하고 그 사본을 제자리에 두세요" in caplog.text
    assert read_drafts(places.desk) == read_drafts(copy) == before
    assert copy.stat().st_mode & 0o077 == 0
    assert log.newest_body(places.log)[0] == 2
    assert desk_store_check.check_store(places).problems == ()
    step_setup.open_store(places).close()
    assert sorted(tmp_path.glob("desk.db.*")) == [copy]  # it is upgraded once


def test_way_back_is_the_copy(tmp_path: Path) -> None:
    places = load("version-1", tmp_path)
    step_setup.open_store(places).close()
    copy = tmp_path / "desk.db.version-1"
    copy.replace(places.desk)
    assert [draft.key for draft in lookups.open_drafts(places)] == ["ward-2-budget-grew-caaa"]
    assert copy.is_file()  # the copy of the second upgrade
    assert all(not one.problems for one in desk.check(places) if one.name in {"log", "desk"})


@pytest.mark.parametrize("number", [2, 3, 4])
def test_store_of_an_unsettled_version_stays_unchanged(tmp_path: Path, number: int) -> None:
    places = load(f"early-version-{number}", tmp_path)
    before = read_drafts(places.desk)
    with pytest.raises(DeskAltered, match="'printed_seen' was changed" if number == 2 else "'row_hash' is missing"):
        step_setup.open_store(places)
    assert (read_drafts(places.desk), list(tmp_path.glob("desk.db.*"))) == (before, [])
