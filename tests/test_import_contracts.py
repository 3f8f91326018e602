"""The import contracts of pyproject.toml fail when somebody breaks them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRIVATE = "What readers see never reaches the private store, by any chain of imports"
CYCLES = "No module imports a module that imports it, deferred imports included"

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the package and its contracts, to break."""
    shutil.copytree(ROOT / "claimledger", tmp_path / "claimledger", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, encoding="utf-8", timeout=120)
    return " ".join(done.stdout.split()).partition("Broken contracts")[2] if done.returncode else ""


def append(folder: Path, module: str, text: str) -> None:
    with (folder / "claimledger" / module).open("a", encoding="utf-8") as file:
        file.write(text)


def test_contracts_hold(copy: Path) -> None:
    assert broken_contracts(copy) == ""


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("datasette_plugin/public_pages/list_pages.py", "\nfrom claimledger.newsroom import store\n"),
        (
            "datasette_plugin/public_pages/list_pages.py",
            "\n\ndef read_drafts() -> None:\n    from claimledger.newsroom import store\n",
        ),
        ("publishing/rows.py", "\nfrom claimledger.accounts import people\n"),
        ("publishing/wording.py", "\nfrom claimledger import desk\n"),
        ("datasette_plugin/report_link.py", "\nfrom claimledger.datasette_plugin.desk_door import with_desk\n"),
    ],
    ids=["page", "deferred", "builder", "chain", "door"],
)
def test_public_code_that_reaches_the_private_store_is_refused(copy: Path, module: str, text: str) -> None:
    append(copy, module, text)
    assert PRIVATE in broken_contracts(copy)


def test_deferred_cycle_is_refused(copy: Path) -> None:
    append(copy, "desk/step_setup.py", "\n\ndef later() -> None:\n    from claimledger.desk import check_steps\n")
    assert CYCLES in broken_contracts(copy)
