"""The step that restores a ledger from a backup, and says what is newer elsewhere and what is lost.

The newest log wins: that of the backup, that of the folder (a clone, for example), or another copy. All of them have to
be one log, of different lengths. A signed note that someone kept shows how long the log was, even if no copy of its end
is at hand. Everything is put together and checked in a folder of its own; `desk.db` gets its place last.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from claimledger.checks.results import CheckResult
from claimledger.desk.backup_steps import check_copy
from claimledger.errors import LedgerError, LogsDisagree
from claimledger.ledger import backup_manifest, files, log, log_notes
from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from claimledger.ledger.content_store import restrict_to_owner
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.key_lists import key_periods
from claimledger.ledger.signed_notes import note_text
from claimledger.messages import Message
from claimledger.newsroom import log_signing
from claimledger.newsroom.arrivals import LogRefused
from claimledger.newsroom.log_comparison import Comparison
from claimledger.newsroom.log_signing import CheckpointContradicts
from claimledger.newsroom.log_synchronization import publication_count
from claimledger.newsroom.row_hashes import HASHED_TABLES
from claimledger.newsroom.store import DeskStore


class RestoreRefused(LedgerError):
    """Raised when a restore would overwrite something, or lacks something; nothing was written."""

    def __init__(self, variant: str, path: Path) -> None:
        """Name the row of the table of messages, and the path."""
        super().__init__(variant, path=str(path))


class NewerEntry(NamedTuple):
    """An entry of the log that the backup does not have."""

    number: int
    key: str
    recorded_at: str


class RestoredLedger(NamedTuple):
    """The result of a restore."""

    newest_at: str
    """The UTC time of the newest row of the backup's store; what the desk stored later and did not publish is lost."""
    backup_entries: int
    """The number of publications in the backup."""
    newer: tuple[NewerEntry, ...]
    """The entries that are in the log and not in the backup."""
    refusal: Message | None
    """The reason why these entries have not come into the store yet."""
    signed_entries: int
    """The number of entries that the newest signed note vouches for; 0 without one."""
    checks: tuple[CheckResult, ...]
    """The checks of the restored files."""

    @property
    def entries(self) -> int:
        """The number of entries of the restored log."""
        return self.backup_entries + len(self.newer)

    @property
    def missing_entries(self) -> int:
        """The number of published entries that no log at hand has."""
        return max(self.signed_entries - self.entries, 0)


def restore_backup(
    places: LedgerPaths, backup: Path, *, other_log: Path | None = None, notes: Sequence[str] = ()
) -> RestoredLedger:
    """Restore a backup, or a single `desk.db`, into a folder that has no `desk.db`.

    Raises:
        RestoreRefused: there is a desk.db, or no backup.
        BackupUnusable: a file of the backup is missing or altered.
        LogsDisagree: two copies of the log differ in an entry that both have.
        CheckpointContradicts: a note vouches for another log.
        NoteInvalid: a note is not a checkpoint of this log.
    """
    if places.desk.exists():
        raise RestoreRefused("exists", places.desk)
    if not backup.exists():
        raise RestoreRefused("no-backup", backup)
    with _staging_folder(places.root) as folder:
        staged = LedgerPaths(folder)
        backup_manifest.read_backup(backup, folder)
        if not staged.desk.is_file():
            raise RestoreRefused("no-desk", backup)
        restrict_to_owner(staged.private_evidence)
        staged.log.mkdir(parents=True, exist_ok=True)
        restored = _assemble(staged, [places.log, *([other_log] if other_log else [])], notes)
        _place(staged, places)
    return restored


@contextmanager
def _staging_folder(parent: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="restore.", suffix=".part", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _assemble(staged: LedgerPaths, logs: Sequence[Path], notes: Sequence[str]) -> RestoredLedger:
    """Complete the staged store and log from the longest log, and compare them with the notes."""
    newest_at, count = _read_store_state(staged.desk)
    with DeskStore(staged.desk, staged.log, comparison=Comparison.NOTHING) as store:
        if not log.newest_body(staged.log)[0]:
            store.synchronize()  # a single desk.db has its log inside
    for other in logs:
        _extend_log(staged.log, other)
    newer = tuple(_newer_entries(staged.log, count))
    signed = _newest_signed(staged, notes)
    refusal = _import_entries(staged)
    return RestoredLedger(newest_at, count, newer, refusal, signed, tuple(check_copy(staged)))


def _read_store_state(desk: Path) -> tuple[str, int]:
    """Return the time of the newest row and the number of publications of a store of any version."""
    times: list[str] = []
    with closing(sqlite3.connect(desk)) as connection:
        for table in (one.name for one in HASHED_TABLES if "recorded_at" in one.columns):
            with suppress(sqlite3.OperationalError):  # an older version lacks it
                times += [at for (at,) in connection.execute(f"SELECT max(recorded_at) FROM {table}") if at]  # noqa: S608  ours
        return max(times, default=""), publication_count(connection)


def _extend_log(ours: Path, other: Path) -> None:
    """Compare two logs; if the other one is longer, replace ours by it. Add the notes that ours lacks."""
    for number, (one, two) in enumerate(zip_longest(log.read_bodies(ours), log.read_bodies(other)), start=1):
        if one and two and one != two:
            raise LogsDisagree(number, str(log.log_file(other, number)))
    is_longer = log.newest_body(other)[0] > log.newest_body(ours)[0]
    for path in sorted(path for path in other.rglob("*") if path.is_file() and path.suffix in {".jsonl", ".note", ""}):
        target = ours / path.relative_to(other)
        if is_longer or not target.exists():
            files.replace_bytes(target, path.read_bytes())


def _newer_entries(folder: Path, count: int) -> Iterator[NewerEntry]:
    if log.newest_body(folder)[0] <= count:
        return
    for number, entry in enumerate(log.read_log_after(folder, count), start=count + 1):
        (envelope,) = log.decode_envelopes([entry.body])
        if not isinstance(envelope, str):
            yield NewerEntry(number, envelope.key, envelope.recorded_at)


def _newest_signed(staged: LedgerPaths, notes: Sequence[str]) -> int:
    """Return the size of the longest log that one of the notes, or the newest note beside the log, vouches for."""
    known = log_notes.read_newest_checkpoint(staged.log)
    with DeskStore(staged.desk, staged.log, comparison=Comparison.NOTHING) as store:
        lists = log_signing.read_trusted_lists(store.connection, staged.log)
    if not lists and not notes:
        return 0
    leaves = [leaf_sha256(body) for body in log.read_bodies(staged.log)]
    newest = 0
    for note in (*notes, *([known] if known else [])):
        size = parse_checkpoint(note_text(note)).size
        keys = [one.key for one in key_periods(lists) if one.includes(size)]
        _demand_same_log(open_checkpoint(note, keys, origin=lists[0].origin if lists else ""), leaves)
        newest = max(newest, size)
    return newest


def _demand_same_log(signed: Checkpoint, leaves: Sequence[bytes]) -> None:
    if signed.size <= len(leaves) and merkle_root(leaves[: signed.size]) != signed.root:
        raise CheckpointContradicts(signed.size)


def _import_entries(staged: LedgerPaths) -> Message | None:
    """Let the store take over the newer entries; return the reason if their person has to be added first."""
    try:
        DeskStore(staged.desk, staged.log, comparison=Comparison.ALL).close()
    except LogRefused as refused:
        return refused.message
    return None


def _place(staged: LedgerPaths, places: LedgerPaths) -> None:
    """Move everything to its place; files that are there already stay, except a shorter log. The store comes last."""
    found = [path for path in sorted(staged.root.rglob("*")) if path.is_file() and path != staged.desk]
    pairs = [(path, places.root / staged.relative_name(path)) for path in found]
    new = [(path, to) for path, to in pairs if not to.exists() or path.is_relative_to(staged.log)]
    for _ in backup_manifest.copy_files(new):
        pass
    restrict_to_owner(places.private_evidence)
    files.move_whole(staged.desk, places.desk)
