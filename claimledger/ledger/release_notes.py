"""The release note: what the key of a log vouches for about a freshly built `ledger.db`.

It is a signed note, but no checkpoint: its first line differs, so that neither can be taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from claimledger.ledger.checkpoints import Checkpoint, parse_checkpoint
from claimledger.ledger.signed_notes import NoteInvalid, VerifierKey, open_note

_HEAD = "claimledger-release/v1"
_FORM = re.compile(rf"{_HEAD}\n([^\n]+\n[^\n]+\n[^\n]+\n)([0-9a-f]{{64}})\n([0-9a-f]{{64}})\n([0-9.]+)\n")


class Release(NamedTuple):
    """A freshly built `ledger.db` and the log that it was built from."""

    checkpoint: Checkpoint
    """The log."""
    content_sha256: str
    """The hash of all rows, as the table `about` has it."""
    file_sha256: str
    """The SHA-256 of the file."""
    sqlite_version: str
    """The version of SQLite: another one may write other bytes for the same rows."""

    def __str__(self) -> str:
        """Return the text of the note."""
        return f"{_HEAD}\n{self.checkpoint}{self.content_sha256}\n{self.file_sha256}\n{self.sqlite_version}\n"


def parse_release(text: str) -> Release:
    """Return the release that the text of a note contains.

    Raises:
        NoteInvalid: the text has another form.
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise NoteInvalid("release")
    return Release(parse_checkpoint(found[1]), found[2], found[3], found[4])


def open_release(note: str, keys: Iterable[VerifierKey]) -> Release:
    """Return the release of a note that at least one of some keys signed.

    Raises:
        NoteInvalid: as `open_note`; or the text has another form.
    """
    return parse_release(open_note(note, keys).text)
