"""The step that makes a backup while the desk is used: the store, its documents, the log and the settings.

A backup has the state of one moment. It is made in a folder beside its place, checked, and moved there as a whole. It
is not encrypted: it contains everything private, and the tool that carries it away has to encrypt it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from claimledger import __version__
from claimledger.checks.checkpoint_check import check_checkpoints
from claimledger.checks.desk_store_check import check_store
from claimledger.checks.log_checks import check_log
from claimledger.checks.private_evidence_checks import check_private_evidence
from claimledger.checks.results import CheckResult, run_guarded
from claimledger.checks.shared_file_checks import check_shared_evidence, check_shared_texts
from claimledger.desk.step_setup import Clock, ProgressCallback, open_store, report_no_progress, utc_now
from claimledger.errors import LedgerError
from claimledger.ledger import backup_manifest, files, log
from claimledger.ledger.content_store import restrict_to_owner
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.log_synchronization import publication_count
from claimledger.newsroom.store import utc_text
from claimledger.newsroom.store_copies import copy_store


class BackupImpossible(LedgerError):
    """Raised when a backup cannot be made there; nothing was written."""

    def __init__(self, variant: str, path: Path) -> None:
        """Name the row of the table of messages, and the path."""
        super().__init__(variant, path=str(path))


class Backup(NamedTuple):
    """A backup that was made."""

    path: Path
    """The folder or archive."""
    manifest: backup_manifest.Manifest
    """The files in it."""
    checks: tuple[CheckResult, ...]
    """The checks of the backup; their problems are also those of the ledger."""


def make_backup(
    places: LedgerPaths, target: Path, progress: ProgressCallback = report_no_progress, clock: Clock = utc_now
) -> Backup:
    """Make a backup in a new folder or archive; in an existing folder, it gets a name made from the time.

    `progress` gets the kilobytes that were copied since its last call.

    Raises:
        BackupImpossible: there is no desk.db, the target exists, or it is inside the ledger's folder.
    """
    made_at = utc_text(clock())
    if target.is_dir():
        target /= f"claimledger-{made_at[:19].replace(':', '')}Z"
    _demand_possible(places, target)
    with _staging_folder(target.parent) as staging:
        content = LedgerPaths(staging / "content")
        entries = _copy_ledger(places, content, progress)
        manifest = backup_manifest.make_manifest(content.root, made_at, __version__, entries)
        checks = tuple(check_copy(content))
        backup_manifest.write_manifest(content.root, manifest)
        _put_into_place(content.root, target)
    return Backup(target, manifest, checks)


def _demand_possible(places: LedgerPaths, target: Path) -> None:
    if not places.desk.is_file():
        raise BackupImpossible("no-desk", places.desk)
    if target.exists():
        raise BackupImpossible("exists", target)
    if not target.parent.is_dir():
        raise BackupImpossible("no-folder", target.parent)
    if target.resolve().is_relative_to(places.root.resolve()):
        raise BackupImpossible("inside", target)


@contextmanager
def _staging_folder(parent: Path) -> Iterator[Path]:
    """Yield a new folder that only its owner can read, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="claimledger-backup.", suffix=".part", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_ledger(places: LedgerPaths, copy: LedgerPaths, progress: ProgressCallback) -> int:
    """Copy the store and the log of one moment, and the contents and settings; return the number of entries.

    The full files of the log never change, so they are copied first. The store's lock is held only while the other
    files of the log are copied.
    """
    copy.root.mkdir(mode=0o700)
    copy.log.mkdir(parents=True)
    with open_store(places) as store, closing(sqlite3.connect(places.desk, isolation_level=None)) as reader:
        _copy(places, copy, [Path(entry.path) for entry in log.full_files(places.log)], progress)
        with store.writing() as connection:
            store.synchronize_if_changed(connection)
            entries = publication_count(connection)
            _copy(places, copy, _other_log_files(places, copy), progress)
            reader.execute("BEGIN")
            reader.execute("SELECT 1 FROM sqlite_schema").fetchone()  # from here on the reader sees this state
        copy_store(reader, copy.desk, progress)
    settings = [places.root / name for name in backup_manifest.SETTINGS_FILES if (places.root / name).is_file()]
    _copy(places, copy, [*backup_manifest.content_paths(places), *settings], progress)
    restrict_to_owner(copy.private_evidence)
    _remove_unnamed(copy)
    return entries


def _copy(places: LedgerPaths, copy: LedgerPaths, paths: Sequence[Path], progress: ProgressCallback) -> None:
    pairs = [(path, copy.root / places.relative_name(path)) for path in paths]
    for size in backup_manifest.copy_files(pairs):
        progress(size // 1024)


def _other_log_files(places: LedgerPaths, copy: LedgerPaths) -> list[Path]:
    found = (path for path in sorted(places.log.rglob("*")) if path.is_file() and path.suffix != ".part")
    return [path for path in found if not (copy.root / places.relative_name(path)).exists()]


_UNNAMED = {"kept-bytes-unnamed", "evidence-not-named", "text-not-public"}
"""The codes of problems with contents that no record names."""


def _remove_unnamed(copy: LedgerPaths) -> None:
    """Remove the contents that were stored after the moment of the copied store; a problem may cut their names."""
    for checked in check_copy(copy):
        for name in (problem.file for problem in checked.problems if problem.code in _UNNAMED):
            for path in copy.root.glob(f"{name.rpartition('/')[0]}/**/{name.rpartition('/')[2]}*"):
                path.unlink()


def check_copy(copy: LedgerPaths) -> Iterator[CheckResult]:
    """Run the checks that need nothing but what a backup contains."""
    yield run_guarded("log", lambda: check_log(copy.log))
    yield run_guarded("checkpoints", lambda: check_checkpoints(copy.log, copy.desk))
    yield run_guarded("desk", lambda: check_store(copy))
    yield run_guarded("desk evidence", lambda: check_private_evidence(copy))
    yield run_guarded("evidence", lambda: check_shared_evidence(copy))
    yield run_guarded("texts", lambda: check_shared_texts(copy))


def _put_into_place(folder: Path, target: Path) -> None:
    if backup_manifest.is_archive(target):
        archive = folder.parent / target.name
        backup_manifest.write_archive(folder, archive)
        folder = archive
    files.move_whole(folder, target)
