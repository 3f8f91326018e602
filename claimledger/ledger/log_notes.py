"""The signed notes beside the log's files: the newest checkpoint, each checkpoint by its size, and the lists of keys.

docs/log.md describes them. A checkpoint is written after the log files that it vouches for, so that it never vouches
for more than a reader finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimledger.ledger import files
from claimledger.ledger.signed_notes import LONGEST_NOTE

NEWEST = "checkpoint"
"""The name of the file with the newest checkpoint."""
RELEASE = "release"
"""The name of the file with the release note."""
FOLDERS = ("checkpoints", "keys")
"""The folders in that of the log."""
_CHECKPOINTS, _KEYS = FOLDERS


def checkpoint_file(log: Path, size: int) -> Path:
    """Return the path of the checkpoint of the first `size` entries.

    >>> checkpoint_file(Path("claims/log"), 505).as_posix()
    'claims/log/checkpoints/000000505.note'
    """
    return log / _CHECKPOINTS / f"{size:09d}.note"


def key_list_file(log: Path, number: int) -> Path:
    """Return the path of a list of keys, from 1.

    >>> key_list_file(Path("claims/log"), 1).as_posix()
    'claims/log/keys/000001.note'
    """
    return log / _KEYS / f"{number:06d}.note"


def read_newest_checkpoint(log: Path) -> str | None:
    """Return the note with the newest checkpoint; None for a log under no checkpoint."""
    return _read(log / NEWEST)


def read_checkpoints(log: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path and the note of each checkpoint, the newest one last."""
    for path in [*sorted((log / _CHECKPOINTS).glob("*.note")), log / NEWEST]:
        if (note := _read(path)) is not None:
            yield path, note


def read_key_lists(log: Path) -> list[str]:
    """Return the notes with the lists of keys, in order, up to the first that is missing."""
    notes: list[str] = []
    while (note := _read(key_list_file(log, len(notes) + 1))) is not None:
        notes.append(note)
    return notes


def read_checkpoint(log: Path, size: int) -> str | None:
    """Return the checkpoint of a size; None if there is none."""
    return _read(checkpoint_file(log, size))


def has_checkpoint(log: Path, size: int, note: str) -> bool:
    """Return whether the note of a size is there and is this one, perhaps with the signatures of witnesses."""
    return (_read(checkpoint_file(log, size)) or "").startswith(note)


def write_checkpoint(log: Path, size: int, note: str) -> None:
    """Write a checkpoint under its size."""
    files.replace_bytes(checkpoint_file(log, size), note.encode())


def write_newest_checkpoint(log: Path, note: str) -> None:
    """Write the newest checkpoint."""
    files.replace_bytes(log / NEWEST, note.encode())


def read_release(log: Path) -> str | None:
    """Return the release note; None if there is none."""
    return _read(log / RELEASE)


def write_release(log: Path, note: str) -> None:
    """Write the release note."""
    files.replace_bytes(log / RELEASE, note.encode())


def write_key_list(log: Path, number: int, note: str) -> None:
    """Write a list of keys."""
    files.replace_bytes(key_list_file(log, number), note.encode())


def _read(path: Path) -> str | None:
    """Return the text of a file; bytes that are not UTF-8 become replacement characters, which no signature fits."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_NOTE + 1).decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
