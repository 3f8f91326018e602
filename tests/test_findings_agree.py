"""The findings of the repository's ledger are the same in the table, the command, the pages and the check."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimledger.desk import lookups
from claimledger.cli import main
from claimledger.consistency import Finding
from claimledger.checks.consistency_check import check_computed
from claimledger.checks.public_records import PublicRecords
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_reader
from claimledger.publishing.pages.claim_page import ClaimPage, claim_page

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FindingRow = tuple[str, str, str, str, str, str | None]
"""The claim, code, field, sentence in English and in Korean, and the other claim of a finding."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    """Return the repository's ledger with an empty desk, which is filled from the log."""
    root = tmp_path_factory.mktemp("first")
    shutil.copytree(ROOT / "claims", root / "claims")
    shutil.copy(ROOT / "ledger.db", root / "ledger.db")
    return LedgerPaths(root)


@pytest.fixture(scope="module")
def command_findings(places: LedgerPaths) -> set[FindingRow]:
    """Return the findings that the command prints from the public table."""
    done = CliRunner().invoke(main, ["--root", str(places.root), "findings", "--json"])
    return {
        (one["claim_id"], one["code"], one["field"], one["computed_en"], one["computed_ko"], one["other_claim_id"])
        for one in json.loads(done.stdout)
    }


def finding_row(found: Finding) -> FindingRow:
    return found.claim_id, found.code, found.field, found.en, found.ko, found.other_claim_id


def test_desk_pages_show_the_findings_that_the_command_lists(
    places: LedgerPaths, command_findings: set[FindingRow]
) -> None:
    claim_ids = sorted({path.stem for path in places.claims.glob("*/*.yaml")} & set(_claim_ids(places)))
    assert len(claim_ids) >= 100
    assert len(command_findings) > 10
    assert {
        finding_row(one) for claim_id in claim_ids for one in lookups.view_claim(places, claim_id).computed
    } == command_findings


def test_public_pages_show_the_findings_that_the_command_lists(
    places: LedgerPaths, command_findings: set[FindingRow]
) -> None:
    with ledger_reader.open_ledger(places.ledger) as connection:
        pages = [claim_page(connection, claim_id) for claim_id in _claim_ids(places)]
    shown = {
        (page.claim.claim_id, one.code, one.sentence["en"], one.sentence["ko"], one.other_claim_id)
        for page in pages if isinstance(page, ClaimPage)
        for one in page.findings
    }  # fmt: skip
    assert shown == {(claim_id, code, en, ko, other) for claim_id, code, _, en, ko, other in command_findings}


def _claim_ids(places: LedgerPaths) -> list[str]:
    with ledger_reader.open_ledger(places.ledger) as connection:
        return [row["claim_id"] for row in ledger_reader.list_claims(connection, {})]


def test_check_counts_open_findings_of_single_claims(places: LedgerPaths, command_findings: set[FindingRow]) -> None:
    with ledger_reader.open_ledger(places.ledger) as connection:
        rows = ledger_reader.list_findings(connection, {"severity": "finding"})
    alone = [row for row in rows if not row["is_waived"] and not row["other_claim_id"]]
    assert f" {len(alone):,} open finding" in check_computed(PublicRecords(places.log)).scope
