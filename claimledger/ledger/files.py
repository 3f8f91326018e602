"""The paths of a ledger's files, and the only function that writes them: atomically, to disk.

A file is written beside its final path and then moved there. A reader sees the old file or the new one, never a part,
and the written data has reached the disk when the call returns. A crash leaves files that end in `.part`; nothing reads
them. No other code of the ledger writes files (SQLite writes its own), so tests can simulate a crash between any two
steps.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

WRITER_THREADS = 16
"""The number of files written to disk at the same time; writing one after another takes many times as long."""
FILES_PER_BATCH = 64
"""The number of contents kept in memory at the same time."""
REPLACE_ATTEMPTS = 50
"""The number of attempts to replace a file while a reader on Windows keeps the old one open."""
PAUSE_SECONDS = 0.02
"""The pause in seconds between two attempts."""


@dataclass(frozen=True, slots=True)
class LedgerPaths:
    """The files of one ledger, below its root folder."""

    root: Path
    """The folder that contains `claims/`, `ledger.db`, `desk.db` and `desk-evidence/`."""

    @property
    def claims(self) -> Path:
        """The text form: one folder for each article."""
        return self.root / "claims"

    @property
    def log(self) -> Path:
        """The public log."""
        return self.claims / "log"

    @property
    def ledger(self) -> Path:
        """The published database."""
        return self.root / "ledger.db"

    @property
    def desk(self) -> Path:
        """The newsroom's private store."""
        return self.root / "desk.db"

    @property
    def has_ledger(self) -> bool:
        """True if the folder has a public log or a desk."""
        return self.log.is_dir() or self.desk.exists()

    @property
    def private_evidence(self) -> Path:
        """The private bytes of documents, by hash."""
        return self.root / "desk-evidence"

    @property
    def shared_evidence(self) -> Path:
        """The bytes of documents that rights allow to be shared, by hash."""
        return self.claims / "evidence"

    @property
    def shared_texts(self) -> Path:
        """The texts of articles that rights allow to be published, by hash."""
        return self.claims / "texts"

    def relative_name(self, path: Path) -> str:
        """Return a path relative to the root, with slashes."""
        return path.relative_to(self.root).as_posix()


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace the whole content of a file."""
    replace_all([(path, content)])


def replace_all(contents: Iterable[tuple[Path, bytes]], *, syncs_each: bool = False) -> None:
    """Replace the whole contents of files in order; after an interruption, the first files are complete.

    After a power cut, the names of several files may have reached the disk in any order. With `syncs_each`, a file gets
    its name only when those before it have reached the disk.

    Raises:
        OSError: A file cannot be written, for example on a full disk; the old one is unchanged.
    """
    remaining = iter(contents)
    while batch := [(path, _part_path(path), content) for path, content in islice(remaining, FILES_PER_BATCH)]:
        try:
            _write_parts([(part, content) for _, part, content in batch])
            for path, part, _ in batch:
                _put_into_place(part, path)
                if syncs_each:
                    _sync_folder(path.parent)
        except OSError:
            for _, part, _ in batch:
                part.unlink(missing_ok=True)
            raise
        for folder in dict.fromkeys(path.parent for path, _, _ in batch):
            _sync_folder(folder)


def move_whole(path: Path, target: Path) -> None:
    """Move a complete file or folder to a path on the same disk, which does not exist or is a file of the same kind."""
    path.replace(target)
    _sync_folder(target.parent)


def remove_parts(folder: Path) -> None:
    """Remove the files that a crash left in a folder or below it; no one else may be writing there."""
    for part in folder.rglob("*.part"):
        part.unlink(missing_ok=True)


def _part_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")


def _write_parts(parts: list[tuple[Path, bytes]]) -> None:
    for folder in dict.fromkeys(part.parent for part, _ in parts):
        _make_folder(folder)
    if min(WRITER_THREADS, len(parts)) == 1:
        for part, content in parts:
            _write(part, content)
        return
    with ThreadPoolExecutor(WRITER_THREADS) as writers:
        list(writers.map(_write, *zip(*parts, strict=True)))


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_into_place(part: Path, path: Path) -> None:
    for _ in range(REPLACE_ATTEMPTS):
        try:
            part.replace(path)
        except PermissionError:
            time.sleep(PAUSE_SECONDS)
        else:
            return
    part.replace(path)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its file system journals names
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
