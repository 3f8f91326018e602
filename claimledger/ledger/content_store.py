"""Bytes kept under their own SHA-256: `ab/abcd…` in a folder, the whole content of a document, its text, its WARC.

In: a folder and bytes. Out: their hash, and the bytes again. The invariant: a file stands there whole or not at all
(written beside its place, then put into it), nobody but its owner may read it, and what is read is what was kept: its
hash is taken anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from claimledger.errors import LedgerError
from claimledger.ledger import files


class ContentAltered(LedgerError):
    """What stands in a file is not what was kept there."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path}: Its bytes are not those that were kept. Restore the file from a backup.")


def place_of(folder: Path, content_sha256: str) -> Path:
    """Return the file that a content is kept in."""
    return folder / content_sha256[:2] / content_sha256


@contextmanager
def keeping(folder: Path, contents: Iterable[bytes]) -> Iterator[None]:
    """Keep contents as long as what follows goes well; if it fails, take away those that were not there before.

    What follows is to hold the commit too: leave the transaction before this.

    Raises:
        OSError: one cannot be written; none of them is kept.
    """
    places = {place_of(folder, sha256(content).hexdigest()): content for content in contents}
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
    """Make a folder, or shut it, so that what is written below it is nobody else's from the first byte on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def content_of(folder: Path, content_sha256: str) -> bytes | None:
    """Return a content; none if it is not kept here.

    Raises:
        ContentAltered: other bytes stand in its file.
    """
    path = place_of(folder, content_sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if sha256(content).hexdigest() != content_sha256:
        raise ContentAltered(path)
    return content
