"""The desk database: append-only for every program, one writer at a time, with the newest versions and open drafts."""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlite_utils
from direct_publishing import publish_directly

from claimledger.errors import ClaimChangedMeanwhile, ClockBehind
from claimledger import checks
from claimledger.checks import desk_store_check, log_checks
from claimledger.ledger import files
from claimledger.newsroom import schema
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.log_synchronization import bodies_after
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema import DeskAltered, DeskUnusable
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.vocabulary import RevisionKind, Subject

desk_ledger = importlib.import_module("tests.desk_ledger")

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="desks are forked from this process")
FORK_MAY_WARN = "ignore:.*multi-threaded.*:DeprecationWarning"
Attack = Callable[[sqlite_utils.Database], object]


@pytest.fixture(scope="module")
def shared_ledger(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_desk(tmp_path_factory.mktemp("made") / "ledger")
    return ledger


@pytest.fixture
def places(shared_ledger: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(shutil.copytree(shared_ledger.root, tmp_path / "ledger"))


@pytest.fixture
def store(places: LedgerPaths) -> Iterator[DeskStore]:
    with desk_ledger.opened(places) as opened:
        yield opened


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("draft", "publication")}  # noqa: S608


FORGED_DRAFT = (
    "draft VALUES (1, 'claim', 'a-aaaa', NULL, 'listed', 'mallory', 'why', '2031-05-02T09:00:00.000Z', '{}', NULL)"
)
FORGED_PUBLICATION = "publication VALUES (1, '00', 'claim', 'a-aaaa', 1, '{}', NULL)"
BLOCKED = [
    "UPDATE draft SET author = 'mallory'",
    "UPDATE draft SET draft_id = draft_id + 100",
    "UPDATE OR REPLACE draft SET draft_id = 2 WHERE draft_id = 1",
    "UPDATE OR IGNORE publication SET body = '{}'",
    "UPDATE publication SET number = number + 1",
    "DELETE FROM draft",
    "DELETE FROM publication WHERE number = (SELECT max(number) FROM publication)",
    *(f"INSERT{how} INTO {what}" for how in ("", " OR REPLACE", " OR IGNORE", " OR FAIL", " OR ROLLBACK")
      for what in (FORGED_DRAFT, FORGED_PUBLICATION)),
    f"REPLACE INTO {FORGED_PUBLICATION}",
    f"INSERT INTO {FORGED_DRAFT} ON CONFLICT (draft_id) DO UPDATE SET author = excluded.author",
    f"INSERT INTO {FORGED_PUBLICATION} ON CONFLICT (number) DO UPDATE SET body = excluded.body",
    f"INSERT INTO {FORGED_PUBLICATION} ON CONFLICT DO NOTHING",
    "INSERT INTO publication VALUES (NULL, '00', 'claim', 'a-aaaa', 2, '{}', NULL)",
    "INSERT INTO publication VALUES (99, '00', 'claim', 'a-aaaa', 1, '{}', NULL)",
    "INSERT OR REPLACE INTO publication SELECT number + 3, sha256, subject, key, revision, '{}', NULL FROM publication",
    "INSERT OR REPLACE INTO draft SELECT * FROM draft",
]  # fmt: skip


@pytest.mark.parametrize("statement", BLOCKED)
def test_sqlite3_cannot_change_appended_rows(places: LedgerPaths, statement: str) -> None:
    before = rows(places.desk)
    with closing(sqlite3.connect(places.desk)) as connection:
        register_row_hash(connection)
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|UNIQUE"):
            connection.execute(statement)
        connection.commit()
    assert rows(places.desk) == before


def publication(database: sqlite_utils.Database) -> sqlite_utils.db.Table:
    return database.table("publication")


FORGED = {"number": 1, "sha256": "00", "subject": "claim", "key": "a-aaaa", "revision": 1, "body": "{}"}
BLOCKED_IN_SQLITE_UTILS: dict[str, Attack] = {
    "insert": lambda db: publication(db).insert(FORGED),
    "insert, replace": lambda db: publication(db).insert(FORGED, replace=True),
    "insert, ignore": lambda db: publication(db).insert(FORGED, ignore=True),
    "insert, alter": lambda db: publication(db).insert({**FORGED, "forged": 1}, alter=True),
    "insert_all, truncate": lambda db: publication(db).insert_all([FORGED], truncate=True),
    "upsert": lambda db: publication(db).upsert(FORGED, pk="number"),
    "update": lambda db: publication(db).update(1, {"body": "{}"}),
    "update, alter": lambda db: publication(db).update(1, {"forged": "{}"}, alter=True),
    "delete": lambda db: publication(db).delete(1),
    "delete_where": lambda db: publication(db).delete_where(),
    "convert": lambda db: publication(db).convert("body", lambda _: "{}"),
}
REPORTED: dict[str, Attack] = {
    "transform": lambda db: publication(db).transform(types={"body": str}),
    "transform a column away": lambda db: (
        db.execute("DROP INDEX draft_address"),  # sqlite-utils would not drop it
        db.table("draft").transform(drop={"correction"}),
    ),
    "drop": lambda db: publication(db).drop(),
    "add a column": lambda db: db.table("draft").add_column("forged", str),
    "drop a trigger": lambda db: db.execute("DROP TRIGGER publication_no_update"),
    "another trigger": lambda db: db.execute("CREATE TRIGGER forged AFTER INSERT ON draft BEGIN SELECT 1; END"),
    "a view of the same name": lambda db: db.executescript(
        "ALTER TABLE draft RENAME TO hidden; CREATE VIEW draft AS SELECT * FROM hidden"
    ),
    "schema by hand": lambda db: db.executescript(
        "PRAGMA writable_schema = ON; "
        "UPDATE sqlite_schema SET sql = replace(sql, 'ABORT', 'IGNORE') WHERE name = 'publication_no_update'"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(BLOCKED_IN_SQLITE_UTILS.values()), ids=BLOCKED_IN_SQLITE_UTILS)
def test_sqlite_utils_cannot_change_appended_rows(places: LedgerPaths, attack: Attack) -> None:
    before = rows(places.desk)
    with closing(sqlite_utils.Database(places.desk, recursive_triggers=False)) as database:
        register_row_hash(database.conn)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            attack(database)
        database.conn.commit()
    assert rows(places.desk) == before
    assert desk_store_check.check_store(places).problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(REPORTED.values()), ids=REPORTED)
def test_removed_guards_are_reported_and_the_store_is_refused(places: LedgerPaths, attack: Attack) -> None:
    with closing(sqlite_utils.Database(places.desk)) as database:
        attack(database)
        database.conn.commit()
    assert {problem.code for problem in desk_store_check.check_store(places).problems} & {
        "altered-schema",
        "unreadable-store",
    }
    with pytest.raises((DeskAltered, DeskUnusable), match=r"not protected|does not belong|the file is damaged"):
        desk_ledger.opened(places)


def test_sqlite_statistics_are_not_reported_as_an_attack(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        connection.execute("ANALYZE")
    assert desk_store_check.check_store(places).problems == ()
    desk_ledger.opened(places).close()


def test_another_database_stays_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipe(name)")
    before = path.read_bytes()
    with pytest.raises(DeskAltered, match="another database, not a desk database"):
        DeskStore(path, tmp_path / "log")
    assert path.read_bytes() == before


def test_file_that_is_not_a_database_stays_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("한빛시 예산 " * 100)
    with pytest.raises(DeskUnusable, match=r"this is not a desk database\. Nothing was changed\. Move it away"):
        DeskStore(path, tmp_path / "log")
    assert path.read_text() == "한빛시 예산 " * 100


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeskUnusable, match=r"nowhere.desk\.db: the file cannot be opened"):
        DeskStore(tmp_path / "nowhere" / "desk.db", tmp_path)


def test_sql_error_is_not_reported_as_a_disk_error(store: DeskStore) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store.writing() as connection:
        connection.execute("SELECT * FROM recipe")
    assert not store.connection.in_transaction


def test_every_acknowledged_write_has_reached_the_disk(store: DeskStore) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    assert [store.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings] == ["wal", 2, 1, 1]


def test_writer_that_keeps_the_lock_is_reported(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    with (
        desk_ledger.opened(places) as one,
        desk_ledger.opened(places) as other,
        one.writing(),
        pytest.raises(DeskUnusable, match="another process has been"),
    ):
        other.synchronize()


def test_store_returns_heads_and_bodies(store: DeskStore) -> None:
    key = desk_ledger.claim(0)["claim_id"]
    first = store.head(Subject.CLAIM, key)
    assert first is not None
    assert (first.revision, store.body(Subject.CLAIM, key, first.sha256)) == (1, first.body)
    assert store.head(Subject.ARTICLE, key) is None
    assert store.body(Subject.CLAIM, key, "0" * 64) is None
    desk_ledger.publish(store, desk_ledger.later(5))
    second = store.head(Subject.CLAIM, key)
    assert second is not None
    assert second.revision == 2
    assert store.newest_revisions([key, "nobody-knows-aaaa"]) == {("claim", key): (second.sha256, 2)}
    assert [body == first.body for body in store.revision_bodies(key)] == [True, False, False]
    assert b'"subject":"appearance"' in [*store.revision_bodies(key)][2]


def test_open_draft_is_the_newest_version_with_all_its_authors(store: DeskStore) -> None:
    new = desk_ledger.claim(8)
    for author, percent in (("haru", 7), ("miru", 8), ("haru", 9)):
        desk_ledger.record(store, [desk_ledger.draft({**new, **desk_ledger.claim(8, percent=percent)}, author=author)])
    (draft,) = [draft for draft in store.open_drafts() if draft.key == new["claim_id"]]
    assert draft.authors == ("haru", "miru")
    assert draft.record == desk_ledger.draft(desk_ledger.claim(8, percent=9)).record
    with store.writing() as connection:
        store.discard_draft(connection, draft, "miru", "두 번 실렸다.", desk_ledger.NOW)
    assert new["claim_id"] not in {draft.key for draft in store.open_drafts()}
    desk_ledger.record(store, [desk_ledger.draft(new, author="nari")])
    assert [draft.authors for draft in store.open_drafts() if draft.key == new["claim_id"]] == [("nari", "haru")]
    assert [draft.key for draft in store.outdated_drafts([draft])] == [new["claim_id"]]


def test_correction_is_read_with_its_note(store: DeskStore) -> None:
    corrections = [draft for draft in store.open_drafts() if draft.kind is RevisionKind.CORRECTION]
    assert [draft.correction and draft.correction.public_note for draft in corrections] == [{"ko": "수를 고쳤다."}] * 2


def test_draft_without_a_reason_is_refused(store: DeskStore) -> None:
    nothing_said = "subject, key, NULL, kind, author, ' ', recorded_at, '{}', NULL FROM draft"
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), store.writing() as connection:
        connection.execute(f"INSERT INTO draft SELECT max(draft_id) + 1, {nothing_said}")


@pytest.mark.parametrize(("milliseconds", "expected"), [
    (60_000, "2031-05-02T09:01:00.000Z"),
    (1, "2031-05-02T09:00:00.001Z"),
    (0.4, "2031-05-02T09:00:00.001Z"),
    (0, "2031-05-02T09:00:00.001Z"),
    (-1, "2031-05-02T09:00:00.001Z"),
    (-300_000, "2031-05-02T09:00:00.001Z"),
])  # fmt: skip
def test_recorded_time_always_increases(store: DeskStore, milliseconds: float, expected: str) -> None:
    with store.writing() as connection:
        place = store.next_position(connection, desk_ledger.NOW + timedelta(milliseconds=milliseconds))
    assert place == (4, expected)


def test_a_clock_far_behind_the_log_is_refused(store: DeskStore) -> None:
    sentence = r"clock says 2031-05-02T08:54:59\.999Z, but .* at 2031-05-02T09:00:00\.000Z"
    with pytest.raises(ClockBehind, match=sentence), store.writing() as connection:
        store.next_position(connection, desk_ledger.NOW - timedelta(minutes=5, milliseconds=1))


def test_two_drafts_of_one_record_are_not_published_together(store: DeskStore) -> None:
    new = desk_ledger.draft(desk_ledger.claim(50))
    other = desk_ledger.draft(desk_ledger.claim(51))
    with pytest.raises(ClaimChangedMeanwhile, match="ward-50"):
        publish_directly(store, [new, other, new], "sora", now=desk_ledger.NOW)
    assert store.head(Subject.CLAIM, new.key) is None


def test_times_are_utc_text_with_milliseconds() -> None:
    assert utc_text(desk_ledger.NOW + timedelta(microseconds=1999)) == "2031-05-02T09:00:00.001Z"


def write_often(places: LedgerPaths, desk_number: int, times: int) -> None:
    """Publish new claims of one desk and new versions of the claim that all desks change, each based on the newest."""
    for turn in range(times):
        with desk_ledger.opened(places) as store:
            own = [desk_ledger.draft(desk_ledger.claim(1000 * (desk_number + 1) + turn))]
            desk_ledger.record(store, own)
            publish_directly(store, own, "sora", now=desk_ledger.NOW)
        while not wrote_common(places, 100 * desk_number + turn + 10):
            pass


def wrote_common(places: LedgerPaths, percent: int) -> bool:
    with desk_ledger.opened(places) as store:
        head = store.head(Subject.CLAIM, desk_ledger.claim(0)["claim_id"])
        common = desk_ledger.claim(0, percent=percent)
        draft = desk_ledger.draft(common, base=head.sha256 if head else None, kind="update")
        try:
            publish_directly(store, [draft], "sora", now=desk_ledger.NOW)
        except ClaimChangedMeanwhile:
            return False
    return True


def read_often(places: LedgerPaths, times: int) -> None:
    seen = 0
    for _ in range(times):
        bodies = desk_ledger.logged(places)
        assert len(bodies) >= seen
        seen = len(bodies)
        assert log_checks.check_log(places.log).problems == ()


@pytest.mark.slow
@needs_fork
@pytest.mark.filterwarnings(FORK_MAY_WARN)
@pytest.mark.parametrize(("desks", "times"), [(2, 12), (6, 5)])
def test_concurrent_desks_lose_no_write(tmp_path: Path, desks: int, times: int) -> None:
    places = desk_ledger.with_desk(tmp_path)
    children = [
        desk_ledger.start_child(lambda number=number: write_often(places, number, times)) for number in range(desks)
    ]
    children += [desk_ledger.start_child(lambda: read_often(places, 40)) for _ in range(2)]
    assert [desk_ledger.exit_code_of(child) for child in children] == [0] * (desks + 2)
    with desk_ledger.opened(places) as store:
        assert list(bodies_after(store.connection, 0)) == desk_ledger.logged(places)
        common = store.head(Subject.CLAIM, desk_ledger.claim(0)["claim_id"])
        own = [store.head(Subject.CLAIM, desk_ledger.claim(1000 * (number + 1) + turn)["claim_id"])
               for number in range(desks) for turn in range(times)]  # fmt: skip
    assert all(own)
    assert common is not None
    assert common.revision == 1 + desks * times
    assert len(desk_ledger.logged(places)) == 3 + 2 * desks * times
    assert [checked.problems for checked in checks.run_checks(places)][:4] == [(), (), (), ()]


@pytest.mark.slow
@needs_fork
@pytest.mark.filterwarnings(FORK_MAY_WARN)
def test_desks_started_at_once_create_one_store(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    children = [desk_ledger.start_child(partial(write_often_from_nothing, places, number)) for number in range(6)]
    assert [desk_ledger.exit_code_of(child) for child in children] == [0] * 6
    assert len(desk_ledger.logged(places)) == 12
    assert desk_store_check.check_store(places).problems == ()


@pytest.mark.slow
@needs_fork
@pytest.mark.filterwarnings(FORK_MAY_WARN)
def test_file_replaced_concurrently_is_always_complete(tmp_path: Path) -> None:
    """Two desks may print the same claim: each writes a temporary file with its own name."""
    path = tmp_path / "claim.yaml"
    contents = [bytes([ord("a") + number]) * 300_000 for number in range(4)]
    files.replace_bytes(path, contents[0])

    def replace_often(content: bytes) -> None:
        for _ in range(40):
            files.replace_bytes(path, content)
            assert path.read_bytes() in contents

    children = [desk_ledger.start_child(partial(replace_often, content)) for content in contents]
    assert [desk_ledger.exit_code_of(child) for child in children] == [0] * 4
    assert [left.name for left in tmp_path.iterdir()] == ["claim.yaml"]


def write_often_from_nothing(places: LedgerPaths, desk_number: int) -> None:
    for turn in range(2):
        with desk_ledger.opened(places) as store:
            new = [desk_ledger.draft(desk_ledger.claim(10 * desk_number + turn))]
            publish_directly(store, new, "sora", now=desk_ledger.NOW)
