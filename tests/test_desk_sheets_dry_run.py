"""The dry run of a sheet import: it needs no lock and reports exactly the rows that would be refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_visits import made
from newsroom import CARGO, GROWTH, actor
from test_desk_sheets import DESCRIBED, FOUND, JUDGED, KIM, SHEET, refusals, row_number, sheet, import_sheet

from claimledger import desk
from claimledger.desk import step_setup
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import Question


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def claims_by_row(places: LedgerPaths) -> list[str]:
    """Return the IDs of the two claims in the order of their rows."""
    blank = sheet(places, {})
    return sorted([CARGO, GROWTH], key=lambda claim_id: row_number(blank, claim_id))


def test_dry_run_works_while_another_person_writes(places: LedgerPaths) -> None:
    content = sheet(places, {CARGO: FOUND | DESCRIBED, GROWTH: {"note_en": "Of one year."}})
    with step_setup.open_store(places) as other, other.writing():
        planned = desk.plan_import(places, content, SHEET, KIM)
    assert (len(planned.rows), planned.problems) == (2, ())


@pytest.mark.slow
def test_refused_row_does_not_block_later_rows_of_its_document(places: LedgerPaths) -> None:
    first, second = claims_by_row(places)
    content = sheet(places, {first: JUDGED | FOUND | DESCRIBED, second: FOUND | DESCRIBED})
    assert refusals(places, content) == [("not-now", row_number(content, first), "verdict_so")]


def test_verdict_may_use_a_document_of_its_row_or_an_earlier_row(places: LedgerPaths) -> None:
    first, second = claims_by_row(places)
    primary = FOUND | DESCRIBED | {"evidence_tier": "primary"}
    for claim_id in (first, second):
        desk.assign(places, claim_id, Question.SO, "kim", actor("lee"))
    supported = JUDGED | {"verdict_so": "supported"} | primary
    assert len(import_sheet(places, sheet(places, {first: supported, second: supported})).documents) == 1


def test_future_date_is_reported_with_its_row(places: LedgerPaths) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"))
    content = sheet(places, {CARGO: JUDGED | {"as_of": "2999-01-01"}})
    assert refusals(places, content) == [("day-ahead", row_number(content, CARGO), "verdict_so")]
