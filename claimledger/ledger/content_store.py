"""Contents stored under their SHA-256 as `ab/abcd…` in a folder: documents, their texts and their WARC files.

A file is complete or absent, and only its owner may read it. The hash of a content is checked each time it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from claimledger.errors import LedgerError
from claimledger.ledger import files


class ContentAltered(LedgerError):
    """Raised when a file does not contain the bytes that were stored."""

    def __init__(self, path: Path) -> None:
        """Include the path of the file."""
        super().__init__(path=str(path))


def content_path(folder: Path, content_sha256: str) -> Path:
    """Return the path of a content's file."""
    return folder / content_sha256[:2] / content_sha256


@contextmanager
def storing_contents(folder: Path, contents: Iterable[bytes]) -> Iterator[None]:
    """Store contents for the duration of a block; if the block fails, remove those that were new.

    The block must include the commit of the database transaction.

    Raises:
        OSError: A content cannot be written; none of them is stored.
    """
    places = {content_path(folder, sha256(content).hexdigest()): content for content in contents}
    new = {path: content for path, content in places.items() if not path.is_file()}
    try:
        _make_private(folder)
        files.replace_all(new.items())
        for path in new:
            path.parent.chmod(0o700)
            path.chmod(0o600)
        yield
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def _make_private(folder: Path) -> None:
    """Create a folder, or restrict it, so that only its owner can read files below it, from the first byte on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def restrict_to_owner(folder: Path) -> None:
    """Let only the owner read a folder of contents and everything below it; do nothing if it does not exist."""
    if folder.is_dir():
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)


def read_stored_content(folder: Path, content_sha256: str) -> bytes | None:
    """Return a content, or None if it is not stored here.

    Raises:
        ContentAltered: The file contains other bytes.
    """
    path = content_path(folder, content_sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if sha256(content).hexdigest() != content_sha256:
        raise ContentAltered(path)
    return content
