"""Personal data: exported as JSON, and erased where the record of who did what does not need it."""

from __future__ import annotations

import importlib
import json
import sqlite3
from pathlib import Path

import pytest
import staff
from click.testing import CliRunner

from claimledger.accounts import personal_data
from claimledger.accounts.personal_data import PersonActive
from claimledger.accounts import people
from claimledger.checks.desk_store_check import check_store
from claimledger.cli import main
from claimledger.desk import account_steps, personal_data_steps
from claimledger.desk_vocabulary import Role
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import reader_reports
from claimledger.newsroom.row_hashes import HASHED_TABLES
from claimledger.workflow import StaffMember

pytestmark = pytest.mark.slow

desk_ledger = importlib.import_module("tests.desk_ledger")
ADMIN = StaffMember("admin-console", (Role.ADMIN,))
SHOWN = "윤보라미"
CONTACT = "reader-of-wards@mail.example"
REPORT_TEXT = "The ward's budget is off by one district, says my neighbour."


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a public ledger with a person who signed in, and a reader's report."""
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path)
    with desk_ledger.opened(made) as store:
        with store.writing() as connection:
            people.insert_person(
                connection, "haru", roles=["editor"], author="admin-console", now=staff.NOW, shown_name=SHOWN
            )
            report = reader_reports.NewReport(desk_ledger.claim(1)["claim_id"], REPORT_TEXT, CONTACT)
            reader_reports.store_report(connection, report, address="203.0.113.7", now=staff.NOW)
        staff.choose(store, staff.invite(store, "haru"))
        staff.sign_in(store, "haru")
    return made


def files_contain(places: LedgerPaths, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in places.root.glob("desk.db*"))


def run(places: LedgerPaths, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["--root", str(places.root), "person", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_data_of_a_person_is_exported_without_secrets(places: LedgerPaths) -> None:
    exported = run(places, "export", "haru")
    data = json.loads(exported)
    assert {"person_version", "password", "credential", "account_event", "draft", "publication"} <= data.keys()
    assert data["person_version"][0]["shown_name"] == SHOWN
    assert {row["client_address"] for row in data["account_event"]} >= {staff.HERE.address}
    assert "$argon2" not in exported
    assert "sha256" not in json.dumps(data["credential"])


def test_export_covers_every_table_that_names_people() -> None:
    of_people = {"author", "actor", "name"}
    named = {one.name for one in HASHED_TABLES if of_people.intersection(one.columns)} | {
        "notice",
        "notice_choice",
        "person_address",
        "publication",
        "throttle",
    }
    assert named == personal_data._NAMED_ROWS.keys()


def test_data_of_a_person_is_erased_from_the_files(places: LedgerPaths) -> None:
    with pytest.raises(PersonActive):
        personal_data_steps.forget_person_data(places, "haru", ADMIN)
    account_steps.deactivate_user(places, "haru", actor=ADMIN)
    assert files_contain(places, SHOWN)
    assert files_contain(places, staff.HERE.user_agent)
    run(places, "forget", "haru", "--yes")
    assert not files_contain(places, SHOWN)
    assert not files_contain(places, staff.HERE.user_agent)
    data = personal_data_steps.export_person_data(places, "haru", ADMIN)
    assert {row["shown_name"] for row in data["person_version"]} == {"haru"}
    assert {"draft", "publication"} <= data.keys()
    assert check_store(places).problems == ()


def test_report_of_a_reader_is_exported_and_erased(places: LedgerPaths) -> None:
    assert json.loads(run(places, "export", "--report", "1"))["contact"] == CONTACT
    run(places, "forget", "--report", "1", "--yes")
    assert not files_contain(places, CONTACT)
    assert not files_contain(places, REPORT_TEXT)
    assert check_store(places).problems == ()


def test_only_administrators_export_and_erase(places: LedgerPaths) -> None:
    editor = StaffMember("sora", (Role.EDITOR,))
    with pytest.raises(ProblemsFound):
        personal_data_steps.export_person_data(places, "haru", editor)
    with pytest.raises(ProblemsFound):
        personal_data_steps.forget_report_data(places, 1, editor)


@pytest.mark.parametrize("change", [
    "UPDATE account_event SET client_address = NULL, user_agent = NULL, author = 'sora'",
    "UPDATE account_event SET client_address = '198.51.100.1'",
    "UPDATE person_version SET shown_name = 'sora'",
    "UPDATE person_version SET shown_name = name, roles = '[\"admin\"]'",
    "UPDATE report SET text = 'It is right.'",
    "DELETE FROM report",
])  # fmt: skip
def test_no_other_change_of_these_rows_is_possible(places: LedgerPaths, change: str) -> None:
    with (
        desk_ledger.opened(places) as store,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
        store.writing() as connection,
    ):
        connection.execute(change)
