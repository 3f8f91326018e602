"""A rehearsal on the shipped ledger: clone, desk, correction, publication, check and verification.

Once with a key that is thrown away, once without one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from newsroom import acting, hire

from claimledger import verify_log
from claimledger.cli import main
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.private_key import KEY_VARIABLE

ROOT = Path(__file__).parent.parent
CHECKED = [
    file for file in sorted((ROOT / "claims" / "economyinsight-158-gpt").glob("*.yaml"))
    if "\nverdicts:" in (text := file.read_text("utf-8")) and "\nnote:" not in text
]  # fmt: skip
FILE = CHECKED[0]
"""A claim with a verdict and without a note."""
pytestmark = pytest.mark.slow


def clone(source: Path, target: Path) -> LedgerPaths:
    """Return a copy of what git has of a ledger: no desk, no key."""
    shutil.copytree(source / "claims", target / "claims")
    shutil.copyfile(source / "ledger.db", target / "ledger.db")
    return LedgerPaths(target)


def run(places: LedgerPaths, *arguments: str, person: str | None = None) -> Result:
    environment = acting(places, person) if person else None
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=environment)


def correct(places: LedgerPaths) -> None:
    """Correct a claim of the shipped ledger and publish it, as two people."""
    file = places.claims / FILE.parent.name / FILE.name
    file.write_text(f"{file.read_text('utf-8').rstrip()}\nnote:\n  en: Rehearsed.\n  ko: 예행 연습.\n", "utf-8")
    note = ("--kind", "correction", "--correction", "clarification", "--note-en", "A note.", "--note-ko", "덧붙임.")
    done = run(places, "record", str(file), "--reason", "A rehearsal.", *note, person="haru")
    assert done.exit_code == 0, done.output
    done = run(places, "publish", "--yes", "--clock-is-right", person="sora")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("has_key", [True, False])
def test_correction_is_published_checked_and_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_key: bool
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "key.pem"))
    places, key = clone(ROOT, tmp_path / "first"), []
    before = [*log.read_bodies(places.log)]
    hire(places, "haru", "sora")
    if has_key:
        made = run(places, "key", "new", "ledger.example").stdout
        key = ["--key", next(line.split()[-1] for line in made.splitlines() if line.startswith("Public"))]
        assert run(places, "checkpoint").exit_code == 0
        shutil.copyfile(places.log / "checkpoint", tmp_path / "yesterday.note")
        assert len((tmp_path / "yesterday.note").read_bytes()) < 200
        key += ["--checkpoint", str(tmp_path / "yesterday.note")]
        places = clone(places.root, tmp_path / "second")
        assert run(places, "key", "trust", key[1]).exit_code == 0
        hire(places, "haru", "sora")
    correct(places)
    after = [*log.read_bodies(places.log)]
    assert (after[: len(before)], len(after)) == (before, len(before) + 1)
    done = run(places, "check")
    assert done.exit_code == 0, done.output
    done = run(places, "verify", str(places.log), *key)
    assert done.exit_code == (verify_log.PROVED if has_key else verify_log.NOT_COVERED), done.output
    assert f"{len(after)} entries" in done.stdout
