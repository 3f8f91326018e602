"""The example with a witness in docs/log.md is run as it is printed."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimledger.accounts import people
from claimledger.cli import main
from claimledger.ledger import log_notes
from claimledger.newsroom.private_key import KEY_VARIABLE

desk_ledger = importlib.import_module("tests.desk_ledger")
ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.mark.skipif(os.name == "nt", reason="the example is for a shell")
def test_example_with_a_witness_works_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "log.md").read_text("utf-8").partition("## A second person")[2]
    (script,) = re.findall(r"```sh\n(.*?)```", page.partition("\n## ")[0], re.DOTALL)
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    places = desk_ledger.with_public_ledger(tmp_path / "ledger")
    with desk_ledger.opened(places) as store, store.writing() as connection:
        people.insert_person(connection, "haru", roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    for words in (["key", "new", "ledger.example"], ["checkpoint"]):
        assert CliRunner().invoke(main, ["--root", str(places.root), *words]).exit_code == 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/usr/bin/env", "bash", "-euc", script], cwd=places.root,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "witness.example/miru" in done.stdout) == (0, True), done.stdout + done.stderr
    assert (log_notes.read_newest_checkpoint(places.log) or "").count("\n— ") == 2
