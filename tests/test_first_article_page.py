"""Every command of docs/first-article.md runs, in order."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "first-article.md"


def command_blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("bash") is None, reason="the page is written for a POSIX shell")
def test_commands_of_the_page_run_in_order(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    script = "set -e\n" + "\n".join(command_blocks())
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": path}, timeout=900,  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 candidates: Has a claim 0, Excluded 0, Still open 5" in done.stderr
    assert "Numbers and quotations: 10, Has a claim 7, Excluded 3, Still open 0 (100.0% accounted for)." in done.stdout
    assert "Passages of the previous edition: Unchanged 0, Moved 3, Changed 0, Not found 0." in done.stdout
    with closing(sqlite3.connect(tmp_path / "newsroom" / "ledger.db")) as ledger:
        statements = [row[0] for row in ledger.execute("SELECT statement_en FROM claims ORDER BY claim_id")]
        editions = ledger.execute("SELECT count(*) FROM editions").fetchone()[0]
    assert [statement.split()[0] for statement in statements] == ["Two", "Haneul", "Seo"]
    assert editions == 2


def test_page_names_every_command_of_the_workflow() -> None:
    named = set(re.findall(r"claimledger ([a-z-]+)", PAGE.read_text(encoding="utf-8")))
    assert named >= {"article", "record", "spot", "accept", "dismiss", "coverage", "publish", "list", "check", "tasks"}
