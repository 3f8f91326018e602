"""Power cuts over whole acts, SQLite included: the calls to the kernel are recorded, and each cut gives a disk."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from traced_disk import ACKNOWLEDGED, Call, TracedDisk, trace

from claimledger import desk
from claimledger.errors import LedgerError
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace records the calls"),
]
ACTS = """
import importlib, os, sys
from pathlib import Path
from claimledger.ledger import files, log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import schema
desk_ledger = importlib.import_module("tests.desk_ledger")
mutant = os.environ["MUTANT"]
if mutant == "synchronous=NORMAL":
    schema._SETTINGS = tuple(setting.replace("FULL", "NORMAL") for setting in schema._SETTINGS)
if mutant == "no fsync":
    files._write = lambda path, content: path.write_bytes(content) and None
log.BODIES_PER_FILE = 4
places = LedgerPaths(Path(sys.argv[1]))
for act in range(12):
    claim = desk_ledger.claim(100 + act)
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(claim)], desk_ledger.later(act))
        os.write(1, f"draft {claim['claim_id']}\\n".encode())
        desk_ledger.publish(store, desk_ledger.later(act))
        os.write(1, f"publication {claim['claim_id']}\\n".encode())
"""


def recorded(tmp_path: Path, mutant: str) -> tuple[TracedDisk, list[Call]]:
    """Do twelve acts on a desk, and return the disk before them and their calls."""
    root = tmp_path / "ledger"
    desk_ledger.with_desk(root)
    before = Path(shutil.copytree(root, tmp_path / "before"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["scripts", "tests", *sys.path]), "MUTANT": mutant}
    return TracedDisk(before, root), trace([sys.executable, "-c", ACTS, str(root)], root, environment)


def losses(places: LedgerPaths, acknowledged: set[str]) -> list[str]:
    """Start the desk, and return the acknowledged acts that are gone and the problems of the log and the desk."""
    try:
        with desk_ledger.opened(places) as store:
            rows = store.connection.execute("SELECT 'draft ' || key FROM draft")
            published = store.connection.execute("SELECT 'publication ' || key FROM publication")
            lost = acknowledged - {act for found in (rows, published) for (act,) in found}
        checked = [one for one in desk.check(places) if one.name in {"log", "records", "desk"}]
    except (LedgerError, sqlite3.Error) as error:
        return [f"{type(error).__name__}: {error}"]
    return [*sorted(lost), *(str(problem) for one in checked for problem in one.problems)]


def lost_after_cuts(tmp_path: Path, mutant: str, share: float, cuts: int) -> list[str]:
    draw, acknowledged, lost = random.Random(11), set[str](), []  # noqa: S311
    disk, calls = recorded(tmp_path, mutant)
    assert sum(call.kind == "sync" for call in calls) > 30
    moments = set(draw.sample(range(len(calls)), min(cuts, len(calls))))
    for moment, call in enumerate(calls):
        if call.kind == ACKNOWLEDGED:
            acknowledged.add(call.path)
        else:
            disk.apply(call)
        if moment in moments:
            disk.wake_up(tmp_path / "cut", share, draw)
            lost += losses(LedgerPaths(tmp_path / "cut"), acknowledged)
    assert len(acknowledged) == 24
    return lost


@pytest.fixture(autouse=True)
def _short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BODIES_PER_FILE", 4)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_traced_power_cut_loses_no_acknowledged_act(tmp_path: Path, share: float) -> None:
    assert lost_after_cuts(tmp_path, "", share, 120) == []


@pytest.mark.parametrize("mutant", ["synchronous=NORMAL", "no fsync"])
def test_traced_power_cut_finds_a_missing_sync(tmp_path: Path, mutant: str) -> None:
    assert lost_after_cuts(tmp_path, mutant, 0.0, 60) != []
