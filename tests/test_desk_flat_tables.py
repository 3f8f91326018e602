"""The flat tables of published claims that the desk exports: the file of the public page, for a selection."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from desk_visits import made, signed_in
from newsroom import CARGO, GROWTH, hire

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import flat_table, lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk_vocabulary import Role
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.work_items import WorkFilter
from claimledger.publishing.claim_sheet import CLAIM_SHEET, EVIDENCE_SHEET, claim_file
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.site import Site
from claimledger.vocabulary import RevisionKind
from claimledger.workflow import StaffMember


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    hire(places := made(tmp_path), "lee")
    return places


@pytest.mark.slow
@pytest.mark.parametrize(("table", "has_evidence"), [("claims", False), ("evidence", True)])
def test_flat_table_has_the_published_claims_as_the_public_page_lists_them(
    places: LedgerPaths, table: str, *, has_evidence: bool
) -> None:
    client = signed_in(places, "kim")
    asked = {"table": table, "speaker": "서미래"}
    answer = client.get(f"{PREFIX}/sheets/export", params=asked)
    name = "claims-evidence" if has_evidence else "claims"
    assert f"UTF-8''{name}-%EC%84%9C" in answer.headers["content-disposition"]
    with open_ledger(places.ledger) as connection:
        (row,) = connection.execute("SELECT rowid FROM claims WHERE claim_id = ?", (GROWTH,)).fetchone()
        site = Site(str(client.base_url).rstrip("/"))
        assert answer.content == claim_file(connection, [row], site, "en", has_evidence=has_evidence)
    assert f"{site.address}/claims/{GROWTH}?lang=en" in answer.text or has_evidence
    book = client.get(f"{PREFIX}/sheets/export", params={**asked, "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    header = (EVIDENCE_SHEET if has_evidence else CLAIM_SHEET).header
    assert [cell.value for cell in sheet[1]] == [*header]


def test_flat_table_has_the_published_statements_of_the_selection(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = lookups.claim_at_desk(places, CARGO)
    edit = Edit("choi", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    changed = claim.claim.to_json() | {"statement": {"en": "Not public yet."}}
    desk.edit(places, CARGO, changed, SeenVersion(claim.head_sha256, None), edit)
    content = desk.export_flat_table(places, WorkFilter(), Site("https://facts.example"), "ko")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    with open_ledger(places.ledger) as connection:
        public = connection.execute("SELECT claim_id, statement_en FROM claims").fetchall()
    assert {row["claim_id"]: row["statement_en"] for row in rows} == {one: text or "" for one, text in public}
    monkeypatch.setattr(flat_table, "MOST_CLAIMS", 1)
    with pytest.raises(flat_table.TooManyClaims, match="at most 1 claims"):
        desk.export_flat_table(places, WorkFilter(), Site("https://facts.example"), "ko")


@pytest.mark.slow
def test_flat_table_cannot_be_imported(places: LedgerPaths) -> None:
    content = desk.export_flat_table(places, WorkFilter(), Site("https://facts.example"), "en")
    with pytest.raises(ProblemsFound, match="a table of published claims, which cannot be imported"):
        desk.import_sheet(places, content, "sheet.csv", {}, StaffMember("kim", (Role.CHECKER,)))
