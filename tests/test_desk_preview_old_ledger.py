"""The publish preview without a current ledger.db: it compares a short log claim by claim and refuses a long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from desk_visits import made
from newsroom import CARGO, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

SPEAKER = {"kind": "organization", "name": {"en": "Haneul Port Corporation"}}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    claim = lookups.claim_at_desk(places, CARGO)
    edit = Edit("kim", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    desk.edit(places, CARGO, claim.claim.to_json() | {"speaker": SPEAKER}, SeenVersion(claim.head_sha256, None), edit)
    return places


def test_preview_without_ledger_db_compares_every_claim(places: LedgerPaths) -> None:
    rows = desk.preview(places, actor("lee"))
    places.ledger.unlink()
    assert desk.preview(places, actor("lee")) == rows


def test_preview_of_a_long_log_needs_a_current_ledger_db(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["claimledger.desk.preview"], "_FEW", 1)
    assert desk.preview(places, actor("lee"))
    places.ledger.unlink()
    with pytest.raises(ProblemsFound) as refused:
        desk.preview(places, actor("lee"))
    assert [problem.code for problem in refused.value.problems] == ["ledger-db-older"]
