"""The manifest of a backup: which files it has, with size and SHA-256; and the reading of a backup into a folder.

A backup is a folder, or a tar archive of one. Only files that the manifest names are read, and only into places below
the folder: an archive may come from elsewhere.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

import msgspec

from claimledger.errors import LedgerError
from claimledger.ledger import files
from claimledger.ledger.files import LedgerPaths

MANIFEST = "backup.json"
"""The name of the manifest in a backup."""
SETTINGS_FILES = ("claimledger.toml", "metadata.yml")
"""The settings that a backup contains, if there are any."""
ARCHIVE_ENDINGS = (".tar", ".tar.gz", ".tgz")
_FORMAT = 1
_ALLOWED = ("desk.db", "desk-evidence/", "claims/", *SETTINGS_FILES)
"""The files and folders that a backup may contain."""
_MAX_BATCH = 64 * 1024 * 1024
"""The most bytes of copied files that are in memory at once, unless one file has more."""


class StoredFile(msgspec.Struct, frozen=True):
    """The size in bytes and the SHA-256 of a file."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The content of a backup."""

    format: int
    made_at: str
    """The UTC time at which its state was read."""
    program: str
    """The version of the program."""
    entries: int
    """The number of entries of the log."""
    files: Mapping[str, StoredFile]
    """Each file by its path in the backup, with slashes."""


class BackupUnusable(LedgerError):
    """Raised when a backup cannot be read; nothing was written."""

    def __init__(self, variant: str, path: Path, name: str = "") -> None:
        """Name the row of the table of messages, the backup and the file in it."""
        super().__init__(variant, path=str(path), name=name)


def is_archive(path: Path) -> bool:
    """Return whether a backup of this name is an archive.

    >>> is_archive(Path("monday.tar.gz")), is_archive(Path("monday"))
    (True, False)
    """
    return path.name.endswith(ARCHIVE_ENDINGS)


def make_manifest(folder: Path, made_at: str, program: str, entries: int) -> Manifest:
    """Return the manifest of the files in a folder."""
    found = {_relative(path, folder): _describe(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    return Manifest(_FORMAT, made_at, program, entries, found)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the folder of a backup."""
    files.replace_bytes(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _describe(path: Path) -> StoredFile:
    with path.open("rb") as file:
        return StoredFile(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def copy_files(paths: Sequence[tuple[Path, Path]]) -> Iterator[int]:
    """Copy files in order, each to a path, with the bytes on disk; yield the bytes of each batch."""
    batch: list[tuple[Path, bytes]] = []
    size = 0
    for source, target in paths:
        content = source.read_bytes()
        batch.append((target, content))
        size += len(content)
        if size >= _MAX_BATCH or len(batch) == files.FILES_PER_BATCH:
            files.replace_all(batch)
            yield size
            batch, size = [], 0
    files.replace_all(batch)
    yield size


def write_archive(folder: Path, archive: Path) -> None:
    """Write a folder into a tar archive, and compare the archive with the folder."""
    with tarfile.open(archive, "w" if archive.name.endswith(".tar") else "w:gz") as tar:
        tar.add(folder / MANIFEST, MANIFEST)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != MANIFEST:
                tar.add(path, _relative(path, folder))
    archive.chmod(0o600)
    with _open_backup(archive) as (manifest, open_file):
        for name, expected in manifest.files.items():
            _check_file(archive, name, expected, open_file(name))


def read_backup(backup: Path, folder: Path) -> Manifest | None:
    """Copy a backup into a folder and compare every file with the manifest.

    A single file `desk.db`, such as a replica restored it, is a backup without a manifest: then return None.

    Raises:
        BackupUnusable: a file is missing, differs from the manifest, or has a path that no backup has.
    """
    if backup.is_file() and not is_archive(backup):
        _copy_whole(backup, folder / "desk.db")
        return None
    with _open_backup(backup) as (manifest, open_file):
        for name, expected in manifest.files.items():
            if not _is_allowed(name):
                raise BackupUnusable("foreign", backup, name)
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch(mode=0o600)
            with target.open("wb") as copy:
                _check_file(backup, name, expected, open_file(name), copy)
    return manifest


def _is_allowed(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        name.startswith(_ALLOWED) and ".." not in parts and "\\" not in name and PurePosixPath(name).as_posix() == name
    )


def _copy_whole(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


class _OpenedBackup(NamedTuple):
    manifest: Manifest
    open_file: _Opener


class _Opener(NamedTuple):
    """Opens the files of a backup by their names."""

    backup: Path
    tar: tarfile.TarFile | None

    def __call__(self, name: str) -> BinaryIO:
        try:
            if self.tar is None:
                return (self.backup / name).open("rb")
            if file := self.tar.extractfile(name):
                return file  # type: ignore[return-value]  # a buffered reader of bytes
        except (KeyError, FileNotFoundError, NotADirectoryError) as error:
            raise BackupUnusable("missing", self.backup, name) from error
        raise BackupUnusable("missing", self.backup, name)


@contextmanager
def _open_backup(backup: Path) -> Iterator[_OpenedBackup]:
    tar = None
    try:
        tar = tarfile.open(backup) if is_archive(backup) else None  # noqa: SIM115  closed below
        opener = _Opener(backup, tar)
        with opener(MANIFEST) as file:
            manifest = msgspec.json.decode(file.read(), type=Manifest)
        if manifest.format > _FORMAT:
            raise BackupUnusable("newer", backup)
        yield _OpenedBackup(manifest, opener)
    except (tarfile.TarError, msgspec.MsgspecError, EOFError) as error:
        raise BackupUnusable("unreadable", backup) from error
    finally:
        if tar:
            tar.close()


def _check_file(backup: Path, name: str, expected: StoredFile, file: BinaryIO, copy: BinaryIO | None = None) -> None:
    digest, size = hashlib.sha256(), 0
    with file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            if size > expected.size:
                break
            if copy:
                copy.write(piece)
    if StoredFile(size, digest.hexdigest()) != expected:
        raise BackupUnusable("differs", backup, name)


def content_paths(places: LedgerPaths) -> list[Path]:
    """Return the stored contents of a ledger: private documents, and shared documents and texts."""
    folders = (places.private_evidence, places.shared_evidence, places.shared_texts)
    return [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".part"
    ]
