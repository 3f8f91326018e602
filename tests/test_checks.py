"""The checks report their scope, their problems and why they could not run, and change nothing."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from claimledger import checks, desk
from claimledger.checks import claim_file_checks, desk_store_check, ledger_db_check, log_checks, results
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema import DeskAltered
from claimledger.models import Claim
from claimledger.checks.public_records import PublicRecords
from claimledger.checks.results import CheckResult

desk_ledger = importlib.import_module("tests.desk_ledger")


CHECKS = (
    "log", "records", "older log", "checkpoints", "desk", "claim files", "references", "names", "verdicts",
    "evidence", "texts", "agreement", "computed", "ledger.db", "public forms", "private", "desk evidence", "folder",
)  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("made") / "ledger")
    return ledger


@pytest.fixture
def places(original: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(shutil.copytree(original.root, tmp_path / "ledger"))


def codes(checked: CheckResult) -> list[str]:
    return [problem.code for problem in checked.problems]


def write_log(places: LedgerPaths, bodies: Sequence[bytes]) -> None:
    shutil.rmtree(places.log)
    log.append_bodies(places.log, bodies, first=1)


def test_intact_ledger_has_no_problems(places: LedgerPaths) -> None:
    shutil.copytree(places.log, places.root / "older")
    outcomes = list(desk.check(places, places.root / "older"))
    assert [(outcome.name, outcome.problems, outcome.has_run) for outcome in outcomes] == [
        (name, (), name != "checkpoints") for name in CHECKS
    ]
    assert outcomes[0].scope.startswith("9 revisions of 7 records, Merkle root ")


def test_checks_that_cannot_run_say_why(tmp_path: Path) -> None:
    outcomes = list(checks.run_checks(LedgerPaths(tmp_path)))
    assert {outcome.name: outcome.scope for outcome in outcomes if not outcome.has_run} == {
        "log": "there is none",
        "older log": "none given (--against FOLDER), so a tail cut off cannot be seen",
        "checkpoints": "there are none: the log is under no checkpoint",
        "desk": "there is no desk.db here",
        "ledger.db": "there is none; 'claimledger build' makes it",
        "public forms": "there is no desk.db here",
        "private": "there is no desk.db here",
        "desk evidence": "there is no desk.db here",
    }


def test_older_log_must_be_a_prefix_of_this_one(places: LedgerPaths) -> None:
    bodies = desk_ledger.logged(places)
    older = places.root / "older"
    assert [problem.code for problem in log_checks.check_older_log(older, places.log).problems] == ["no-log"]
    log.append_bodies(older, bodies[:4], first=1)
    outcome = log_checks.check_older_log(older, places.log)
    assert (outcome.problems, outcome.has_run, outcome.scope) == ((), True, f"4 bodies of {older}")
    write_log(places, bodies[:3])
    (problem,) = log_checks.check_older_log(older, places.log).problems
    assert str(problem).startswith("claims/log/000000.jsonl:4: Entry 4 of the older log is missing.")


def forge(places: LedgerPaths, script: str) -> None:
    """Change the store without its triggers, and put the triggers back, as an attacker would."""
    with closing(sqlite3.connect(places.desk)) as connection:
        register_row_hash(connection)
        names = ("draft_no_update", "publication_no_update", "publication_no_delete", "publication_next")
        triggers = [
            connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0] for name in names
        ]
        connection.executescript(";".join(f"DROP TRIGGER {name}" for name in names))
        connection.executescript(f"{script};" + ";".join(triggers))


@pytest.mark.parametrize(("script", "code"), [
    ("UPDATE publication SET body = replace(body, '7%', '8%') WHERE number = 2", "desk-differs"),
    ("UPDATE publication SET sha256 = hex(zeroblob(32)) WHERE number = 2", "desk-differs"),
    ("UPDATE publication SET key = 'another-aaaa' WHERE number = 2", "desk-differs"),
    ("UPDATE publication SET revision = 7 WHERE number = 9", "desk-differs"),
    ("UPDATE publication SET number = 77 WHERE number = 9", "desk-differs"),
    ("DELETE FROM publication WHERE number = 9", "desk-behind"),
    ("INSERT INTO publication SELECT 10, sha256, subject, 'b-aaaa', 1, body, NULL FROM publication LIMIT 1", "log-cut"),
])  # fmt: skip
def test_an_altered_publication_is_found(places: LedgerPaths, script: str, code: str) -> None:
    forge(places, script)
    assert {*codes(desk_store_check.check_store(places))} - {"altered-row"} == {code}


def test_missing_trigger_is_found_and_the_store_stays_closed(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("DROP TRIGGER publication_next")
    (problem,) = desk_store_check.check_store(places).problems
    assert str(problem).startswith("desk.db: The trigger 'publication_next' is missing")
    with pytest.raises(DeskAltered):
        desk_ledger.opened(places)


def test_a_damaged_store_is_found(places: LedgerPaths) -> None:
    content = bytearray(places.desk.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = bytes(4096)
    places.desk.write_bytes(content)
    assert {*codes(desk_store_check.check_store(places))} & {"damaged-store", "unreadable-store"}
    places.desk.write_bytes(b"no database at all" * 100)
    assert codes(desk_store_check.check_store(places)) == ["unreadable-store"]


@pytest.mark.slow
def test_a_check_changes_nothing(places: LedgerPaths) -> None:
    write_log(places, desk_ledger.logged(places)[:-2])
    (places.log / "000000.jsonl.1.part").write_bytes(b"")
    before = {path: path.read_bytes() for path in places.root.rglob("*") if path.is_file()}
    list(checks.run_checks(places))
    results.run_guarded("ledger.db", lambda: ledger_db_check.check_ledger(places))
    assert {path: path.read_bytes() for path in places.root.rglob("*") if path.is_file()} == before


def test_claim_files_are_compared_with_the_newest_revisions(places: LedgerPaths) -> None:
    first, second, third, fourth = sorted((places.claims / desk_ledger.ARTICLE["article_id"]).glob("ward-*.yaml"))
    first.write_bytes(first.read_bytes().replace(b"about 9%", b"about 8%"))
    second.unlink()
    third.write_bytes(third.read_bytes().replace(b"\n", b"\r\n"))
    new = places.claims / desk_ledger.ARTICLE["article_id"] / "new-claim-aaaa.yaml"
    new.write_text("claim_id: new-claim-aaaa\n")
    fourth.write_bytes(fourth.read_bytes())
    found = {problem.file.split("/")[-1]: (problem.code, problem.line) for problem in
             claim_file_checks.check_text_form(places, PublicRecords(places.log)).problems}  # fmt: skip
    assert found == {
        first.name: ("file-differs", 5),
        second.name: ("file-missing", None),
        third.name: ("file-differs", 1),
        new.name: ("not-in-log", None),
    }


def test_an_altered_projection_is_found(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("UPDATE claims SET verification_status = 'supported'")
    assert {*codes(ledger_db_check.check_ledger(places))} == {"altered-projection"}


def claim_with_speaker(number: int, **speaker: object) -> Claim:
    record = desk_ledger.claim(number)
    record["speaker"] = {"kind": "person", **speaker}
    return Claim.model_validate_json(encode_body(record))


@pytest.mark.parametrize(("one", "other", "said"), [
    ({"en": "Oh Dasom", "ko": "오다솜"}, {"en": "O Dasom", "ko": "오다솜"}, "'O Dasom' (ward-2-"),
    ({"en": "Oh Dasom", "ko": "오다솜"}, {"en": "Oh Dasom", "ko": "오 다솜이"}, "'오 다솜이' (ward-2-"),
    ({"en": "Oh Dasom"}, {"en": "OH Da-som"}, "'OH Da-som' (ward-2-"),
    ({"ko": "오다솜"}, {"ko": "오 다솜"}, "'오 다솜' (ward-2-"),
    ({"ko": "오다솜", "zh": "吳多順"}, {"ko": "오다솜", "zh": "吴多顺"}, "'吳多順' (ward-1-"),
])  # fmt: skip
def test_one_speaker_spelled_two_ways_is_found(one: dict[str, str], other: dict[str, str], said: str) -> None:
    (problem,) = claim_file_checks.check_names(
        [claim_with_speaker(1, name=one), claim_with_speaker(2, name=other)]
    ).problems
    assert problem.code == "speaker-spelled-two-ways"
    assert said in problem.sentence


@pytest.mark.parametrize(("one", "other"), [
    ({"name": {"en": "Oh Dasom", "ko": "오다솜"}}, {"name": {"en": "Oh Dasom", "ko": "오다솜"}}),
    ({"name": {"en": "Oh Dasom", "ko": "오다솜"}}, {"name": {"ko": "오다솜"}}),
    ({"name": {"en": "Oh Dasom"}}, {"name": {"en": "Oh Haneul"}}),
    ({"name": {"en": "an official", "ko": "관계자"}, "kind": "anonymous"},
     {"name": {"en": "a source", "ko": "관계자"}, "kind": "anonymous"}),
])  # fmt: skip
def test_two_names_are_two_speakers(one: dict[str, object], other: dict[str, object]) -> None:
    assert claim_file_checks.check_names([claim_with_speaker(1, **one), claim_with_speaker(2, **other)]).problems == ()


def test_problems_beyond_the_limit_are_counted(places: LedgerPaths) -> None:
    write_log(places, [b"{}"] * 300)
    outcome = log_checks.check_log(places.log)
    assert codes(outcome) == ["unreadable-body"] * results.MAX_LISTED_PROBLEMS + ["more-problems"]
    assert outcome.problems[-1].sentence == "There are 250 more problems."
