"""The publish preview with a missing or old ledger.db: it is brought to the end of the log first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk_rows import held_against, tables
from desk_visits import made
from newsroom import CARGO, GROWTH, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.ledger.log import read_log
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.publishing import ledger_db
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

SPEAKER = {"kind": "organization", "name": {"en": "Haneul Port Corporation"}}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    edit_claim(places, CARGO, speaker=SPEAKER)
    return places


def edit_claim(places: LedgerPaths, claim_id: str, **changed: object) -> None:
    claim = lookups.claim_at_desk(places, claim_id)
    edit = Edit("kim", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    desk.edit(places, claim_id, claim.claim.to_json() | changed, SeenVersion(claim.head_sha256, None), edit)


def test_preview_builds_a_missing_ledger_db(places: LedgerPaths) -> None:
    rows, before = desk.preview(places, actor("lee")), tables(places)
    places.ledger.unlink()
    assert desk.preview(places, actor("lee")) == rows
    assert tables(places) == before


def test_preview_updates_an_old_ledger_db(places: LedgerPaths, tmp_path: Path) -> None:
    old = Path(shutil.copy(places.ledger, tmp_path / "old.db"))
    desk.publish(places, actor("lee"))
    edit_claim(places, GROWTH, speaker=SPEAKER)
    expected = desk.preview(places, actor("lee"))
    assert ("speakers", ("Haneul Port Corporation",)) in {(one.table, one.key) for one in expected}
    shutil.copy(old, places.ledger)
    assert desk.preview(places, actor("lee")) == expected
    assert ledger_db.find_differences(places.ledger, read_log(places.log), places.shared_texts) == []
    held_against(places, expected)
