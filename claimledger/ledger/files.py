"""Where the ledger's files lie, and the one way a file is written: whole, beside its place, then put into it.

In: paths and their new contents. The invariant: a reader sees the old file or the new one, never a part, and what was
written has reached the disk when the call returns. What a crash leaves behind ends in `.part`; nobody reads it.
Nothing else in the ledger writes a file (SQLite writes its own), so that a crash can be tried between any two steps.
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

WRITERS = 16
"""How many files are on their way to the disk at once: waiting for each in turn takes many times as long."""
FILES_AT_ONCE = 64
"""How many contents are held in memory at once."""
PATIENCE = 50
"""How many times a file is tried to be put into its place while a reader on Windows keeps the old one open."""
PAUSE_SECONDS = 0.02
"""How long to wait between two of those times."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one ledger, below its root folder."""

    root: Path
    """The folder that holds `claims/`, `ledger.db`, `desk.db` and `desk-evidence/`."""

    @property
    def claims(self) -> Path:
        """The text form: one folder an article."""
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
    def kept_evidence(self) -> Path:
        """The private bytes of documents, by their hashes."""
        return self.root / "desk-evidence"

    @property
    def shared_evidence(self) -> Path:
        """The bytes of documents that rights allow to be shared, by their hashes."""
        return self.claims / "evidence"

    @property
    def shared_texts(self) -> Path:
        """The texts of articles that rights allow to be published, by their hashes."""
        return self.claims / "texts"

    def name_of(self, path: Path) -> str:
        """Return a path as people write it: from the root, with slashes."""
        return path.relative_to(self.root).as_posix()


def replace_bytes(path: Path, content: bytes) -> None:
    """Put a whole new content into a file's place."""
    replace_all([(path, content)])


def replace_all(contents: Iterable[tuple[Path, bytes]]) -> None:
    """Put whole new contents into the places of files; whenever it stops, the first so many of them are there.

    Raises:
        OSError: a file cannot be written, such as on a full disk; the old one is still there.
    """
    remaining = iter(contents)
    while batch := [(path, _part_path(path), content) for path, content in islice(remaining, FILES_AT_ONCE)]:
        try:
            _write_parts([(part, content) for _, part, content in batch])
            for path, part, _ in batch:
                _put_into_place(part, path)
        except OSError:
            for _, part, _ in batch:
                part.unlink(missing_ok=True)
            raise
        for folder in dict.fromkeys(path.parent for path, _, _ in batch):
            _sync_folder(folder)


def remove_parts(folder: Path) -> None:
    """Take away what a crash left in a folder; nobody else may be writing there."""
    for part in folder.glob("*.part"):
        part.unlink(missing_ok=True)


def _part_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")


def _write_parts(parts: list[tuple[Path, bytes]]) -> None:
    for folder in dict.fromkeys(part.parent for part, _ in parts):
        _make_folder(folder)
    if min(WRITERS, len(parts)) == 1:
        for part, content in parts:
            _write(part, content)
        return
    with ThreadPoolExecutor(WRITERS) as writers:
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
    for _ in range(PATIENCE):
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
