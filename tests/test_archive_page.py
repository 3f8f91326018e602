"""Every command of docs/archive.md runs, in order."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from archive_sources import sorted_rows, table_rows

ROOT = Path(__file__).parent.parent


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("bash") is None, reason="the page is written for a POSIX shell")
def test_commands_of_the_archive_page_run_in_order(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    page = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", "set -e\n" + "\n".join(blocks)], cwd=tmp_path, env={**os.environ, "PATH": path}, timeout=900,  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 shards are done: 6 articles" in done.stdout
    assert "1 set aside: The article has no text" in done.stdout
    assert sorted_rows(tmp_path / "spotted") == sorted_rows(tmp_path / "in-parts")
    assert "2 passages repeat one of 1 claim; 1 of these have a figure to look for." in done.stderr
    candidates = table_rows(tmp_path / "spotted", "candidates")
    assert [row["quote"][:20] for row in candidates if row["article_id"] == "council-1"] == ["The council of Byeol"]
    text = (tmp_path / "newsroom" / "repeats.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {(row["article_id"], row["verdict"], row["publisher"]) for row in rows} == {
        ("port-1", "'False", "Harbour Checks"), ("port-3", "'False", "Harbour Checks"),
    }  # fmt: skip
    assert all("figure 1.38 million tonnes = 1" in row["reason"] for row in rows)
