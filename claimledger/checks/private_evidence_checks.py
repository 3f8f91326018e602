"""The check of private document bytes: complete, unchanged, and readable only by their owner.

Each content that a capture names must be in desk-evidence/ byte for byte, and nothing else may be there. Only the owner
may read the folder and desk.db. Problems name a content by the first digits of its hash, because the output of a check
may be kept where others can read it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from claimledger.checks.public_form_checks import run_check
from claimledger.errors import Problem
from claimledger.checks.results import CheckResult, make_check_result
from claimledger.ledger.content_store import ContentAltered, read_stored_content, content_path
from claimledger.ledger.files import LedgerPaths

_CAPTURED_HASHES = (
    "SELECT content_sha256 FROM capture UNION SELECT text_sha256 FROM capture WHERE text_sha256 IS NOT NULL "
    "UNION SELECT warc_sha256 FROM capture WHERE warc_sha256 IS NOT NULL "
    "UNION SELECT json_extract(detail, '$.content_sha256') FROM act WHERE action = 'import_checks'"
)
_OTHERS_MODE = 0o077
"""The permission bits of group and others."""


def check_private_evidence(places: LedgerPaths) -> CheckResult:
    """Compare the private bytes of documents with the captures that name them."""
    return run_check(places, "desk evidence", lambda connection: _check_bytes(connection, places))


def _check_bytes(connection: sqlite3.Connection, places: LedgerPaths) -> CheckResult:
    named = {sha256 for (sha256,) in connection.execute(_CAPTURED_HASHES)}
    problems = [*_faults(places, named), *_unnamed_files(places, named), *_readable_by_others(places)]
    return make_check_result("desk evidence", f"{len(named):,} private contents against their hashes", problems)


def _faults(places: LedgerPaths, named: set[str]) -> Iterator[Problem]:
    for sha256 in sorted(named):
        try:
            if read_stored_content(places.private_evidence, sha256) is None:
                yield _problem("kept-bytes-missing", places, sha256)
        except ContentAltered:
            yield _problem("kept-bytes-altered", places, sha256)


def _unnamed_files(places: LedgerPaths, named: set[str]) -> Iterator[Problem]:
    demanded = {content_path(places.private_evidence, sha256) for sha256 in named}
    for path in sorted(places.private_evidence.rglob("*")):
        if path not in demanded and not path.is_dir():
            yield _problem("kept-bytes-unnamed", places, path.name)


def _problem(code: str, places: LedgerPaths, name: str) -> Problem:
    return Problem(code, file=f"{places.relative_name(places.private_evidence)}/{name[:12]}")


def _readable_by_others(places: LedgerPaths) -> Iterator[Problem]:
    """Yield a problem for each file that others than the owner may read; Windows has no such permission bits."""
    wide = [path for path in (places.desk, places.private_evidence) if path.exists() and _is_readable_by_others(path)]
    for path in wide if os.name != "nt" else ():
        yield Problem("desk-readable-by-others", file=places.relative_name(path))


def _is_readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS_MODE)
