"""The private bytes of documents held against what the desk says it keeps, and who else may read them.

In: a ledger's files. Out: one check. The invariants it proves: each content that a capture names stands in
desk-evidence/ byte for byte, nothing else does, and nobody but its owner may read it or desk.db. A content is named by
the beginning of its hash, since what a check says may be kept where others read it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from claimledger.checks.public_forms import looked
from claimledger.errors import Problem
from claimledger.checks.ledger_checks import Checked, outcome
from claimledger.ledger.content_store import ContentAltered, content_of, place_of
from claimledger.ledger.files import Places

_NAMED = (
    "SELECT content_sha256 FROM capture UNION SELECT text_sha256 FROM capture WHERE text_sha256 IS NOT NULL "
    "UNION SELECT warc_sha256 FROM capture WHERE warc_sha256 IS NOT NULL"
)
_RESTORE = "Restore desk-evidence/ from a backup."
_OTHERS = 0o077
"""What a file's mode gives to others than its owner."""


def check_kept(places: Places) -> Checked:
    """Hold the private bytes of documents against the captures that name them."""
    return looked(places, "desk evidence", lambda connection: _kept(connection, places))


def _kept(connection: sqlite3.Connection, places: Places) -> Checked:
    named = {sha256 for (sha256,) in connection.execute(_NAMED)}
    problems = [*_faults(places, named), *_foreign(places, named), *_open_to_others(places)]
    return outcome("desk evidence", f"{len(named):,} private contents against their hashes", problems)


def _faults(places: Places, named: set[str]) -> Iterator[Problem]:
    for sha256 in sorted(named):
        try:
            if content_of(places.kept_evidence, sha256) is None:
                yield _told(places, "kept-bytes-missing", "What a capture says is kept is missing.", _RESTORE, sha256)
        except ContentAltered:
            yield _told(places, "kept-bytes-altered", "The bytes are not those that were kept.", _RESTORE, sha256)


def _foreign(places: Places, named: set[str]) -> Iterator[Problem]:
    demanded = {place_of(places.kept_evidence, sha256) for sha256 in named}
    remedy = "Look at it, then delete it: an attachment may have been broken off."
    for path in sorted(places.kept_evidence.rglob("*")):
        if path not in demanded and not path.is_dir():
            yield _told(places, "kept-bytes-unnamed", "No capture names these bytes.", remedy, path.name)


def _told(places: Places, code: str, sentence: str, remedy: str, name: str) -> Problem:
    return Problem(code, sentence, remedy, f"{places.name_of(places.kept_evidence)}/{name[:12]}")


def _open_to_others(places: Places) -> Iterator[Problem]:
    """Yield that others than the owner may read the desk; Windows has no such modes."""
    wide = [path for path in (places.desk, places.kept_evidence) if path.exists() and _is_wide(path)]
    for path in wide if os.name != "nt" else ():
        sentence = "Others on this machine may read what is private."
        yield Problem("desk-readable-by-others", sentence, "Run 'chmod -R go=' on it.", places.name_of(path))


def _is_wide(path: Path) -> bool:
    return bool(path.stat().st_mode & _OTHERS)
