"""Real processes whose clock is years wrong: acknowledged acts are kept, and the desk publishes at the right time.

The clock is faked below Python by libfaketime, so that SQLite and the kernel's calls see it too. proof.md C 9.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import staff

from claimledger.accounts.cli_tokens import issue_cli_token
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")

pytestmark = [pytest.mark.soak, pytest.mark.skipif(sys.platform != "linux", reason="libfaketime is built for Linux")]

RIGHT = desk_ledger.NOW + timedelta(days=1)
YEARS = timedelta(days=3652)
SHIFTS = {"ten years ahead": YEARS, "ten years behind": -YEARS, "a day behind": timedelta(days=-1, hours=-2)}


class Shell:
    """A command line with a person's token, whose clock can be set."""

    def __init__(self, places: LedgerPaths) -> None:
        self.places = places
        with desk_ledger.opened(places) as store:
            staff.add(store, "sora", "editor", "checker", now=desk_ledger.NOW)
            with store.writing() as connection:
                self.token = issue_cli_token(connection, "sora", "test", author="admin-console", now=desk_ledger.NOW)

    def run(self, at: datetime, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of claimledger at a faked time."""
        return subprocess.run(
            [Path(sys.executable).with_name("claimledger"), "--root", str(self.places.root), *command],
            env=self._variables(at), capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    def _variables(self, at: datetime) -> Mapping[str, str]:
        spec = importlib.util.find_spec("libfaketime")
        assert spec, "libfaketime is missing: run scripts/faults"
        assert spec.origin
        library = Path(spec.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
        faked = {"LD_PRELOAD": str(library), "FAKETIME": f"@{at:%Y-%m-%d %H:%M:%S}", "TZ": "UTC"}
        return {**os.environ, **faked, "CLAIMLEDGER_TOKEN": self.token}


@pytest.mark.parametrize("shift", SHIFTS)
def test_wrong_clock_loses_nothing_and_stops_no_later_publication(tmp_path: Path, shift: str) -> None:
    places = desk_ledger.with_public_ledger(tmp_path / "ledger")
    shell, wrong = Shell(places), RIGHT + SHIFTS[shift]
    drafted, public = desk_ledger.claim(79), desk_ledger.claim(0)["claim_id"]
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(drafted)], RIGHT)
    before = desk_ledger.logged(places)

    commented = shell.run(wrong, "comment", public, "시계가 틀린 날의 메모")
    refused = shell.run(wrong, "publish", "--yes")

    assert commented.stdout == f"{public}: the comment is stored.\n"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"The clock says {wrong:%Y-%m-%d}T" in refused.stderr
    assert re.search(r"Nothing was (published|written)\.", refused.stderr)
    assert desk_ledger.logged(places) == before

    published = shell.run(RIGHT, "publish", "--yes")
    checked = shell.run(RIGHT, "check")

    assert published.stdout.startswith("1 revision published.\n")
    assert drafted["claim_id"] in "".join(map(str, desk_ledger.logged(places)))
    assert (checked.returncode, "FAILED" in checked.stdout) == (0, False)
    assert kept_comments(places) == [{"text": "시계가 틀린 날의 메모"}]


def kept_comments(places: LedgerPaths) -> list[object]:
    with desk_ledger.opened(places) as store:
        return [
            json.loads(one) for (one,) in store.connection.execute("SELECT detail FROM act WHERE action = 'comment'")
        ]
