"""The check of the ledger's folder: links instead of files, folders and files that do not belong there, leftovers.

The program writes none of these. A link may lead out of the folder, a leftover of a killed process takes up space, and
bytes after the end of a database are read by no one, so that no other check sees them.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from claimledger.checks.results import CheckResult, make_check_result
from claimledger.errors import Problem
from claimledger.ledger import log_notes
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing import ledger_db

_LOG_FILE = re.compile(r".*\.jsonl|checkpoint|release")
_NOTE_FILE = re.compile(r"[0-9]+\.note")
_RECORD_FILE = re.compile(r".*\.ya?ml|\..*|README.*")
"""Names in the folders of articles; hidden files are those of git and of editors."""
_ANY_FILE = re.compile(r".*", re.DOTALL)


def check_folder(places: LedgerPaths) -> CheckResult:
    """Check that the ledger's folder contains only what belongs there, and that its databases end where they say."""
    problems = [
        *_foreign_entries(places.claims, places),
        *(_problem("leftover", path, places) for path in ledger_db.abandoned_folders(places.ledger)),
        *(_problem("foreign-link", path, places) for path in (places.ledger, places.desk) if path.is_symlink()),
        *(_problem("bytes-after-end", path, places) for path in (places.ledger, places.desk) if _has_more_bytes(path)),
    ]
    return make_check_result("folder", "links, leftovers and files that do not belong here", problems)


def _foreign_entries(folder: Path, places: LedgerPaths) -> Iterator[Problem]:
    """Yield a problem for each entry below the folder of claims that the program did not put there."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    allowed = _allowed_names(folder, places)
    for entry in entries:
        if entry.is_symlink():
            yield _problem("foreign-link", Path(entry.path), places)
        elif entry.is_dir():
            if folder == places.log and entry.name not in log_notes.FOLDERS:
                yield _problem("foreign-folder", Path(entry.path), places)
            else:
                yield from _foreign_entries(Path(entry.path), places)
        elif entry.name.endswith(".part"):
            yield _problem("leftover", Path(entry.path), places)
        elif not allowed.fullmatch(entry.name):
            yield _problem("foreign-file", Path(entry.path), places)


def _allowed_names(folder: Path, places: LedgerPaths) -> re.Pattern[str]:
    """Return the names that files of a folder may have; other checks compare those of contents and of claim files."""
    if folder == places.log:
        return _LOG_FILE
    if folder.parent == places.log:
        return _NOTE_FILE
    if folder.is_relative_to(places.shared_evidence) or folder.is_relative_to(places.shared_texts):
        return _ANY_FILE
    return _RECORD_FILE


def _has_more_bytes(path: Path) -> bool:
    """Return whether a database file is longer than its pages; while it has a write-ahead log, it may be."""
    journal = path.with_name(f"{path.name}-wal")
    if not path.is_file() or (journal.exists() and journal.stat().st_size):
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            (pages,), (size,) = (
                connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
    except sqlite3.DatabaseError:
        return False  # the check of the database reports it
    return path.stat().st_size > int(pages) * int(size)


def _problem(code: str, path: Path, places: LedgerPaths) -> Problem:
    return Problem(code, file=places.relative_name(path))
