"""Sign the log: a checkpoint for each publication, stored with it, and then written beside the log's files.

The desk keeps the frontier of the log, so that signing reads no entry again. A log without keys is not signed;
`key_steps.make_log_key` makes the first list. Of a log with keys, only entries that one of them signed are imported: a
desk has to be told the first key (`trust_key`), and keeps every list that it has seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from claimledger.errors import LedgerError
from claimledger.ledger import log_notes
from claimledger.ledger.canonical import merkle_root
from claimledger.ledger.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from claimledger.ledger.key_lists import KeyList, key_periods, open_key_lists, parse_key_list
from claimledger.ledger.log_frontier import Frontier
from claimledger.ledger.signed_notes import (
    NoteInvalid, SigningKey, VerifierKey, note_text, parse_verifier_key, sign_note,
)  # fmt: skip
from claimledger.newsroom.private_key import private_key_path, read_private_key


class LogUnproved(LedgerError):
    """Raised when the log has entries that no key of the log signed; nothing was stored."""

    def __init__(self, logged: int, proved: int) -> None:
        """Give the number of entries in the log and of those that were signed."""
        self.logged, self.proved = logged, proved
        super().__init__(logged=logged, proved=proved)


class CheckpointContradicts(LedgerError):
    """Raised when the log was signed otherwise before: signing it now would contradict that."""

    def __init__(self, size: int) -> None:
        """Name the size for which the log had another tree hash."""
        super().__init__(size=size)


def trusted_key(connection: sqlite3.Connection) -> VerifierKey | None:
    """Return the first key of the log that this desk trusts; None for a log without keys."""
    row = connection.execute("SELECT vkey FROM trusted_key").fetchone()
    return parse_verifier_key(row[0]) if row else None


class KeyUntrusted(LedgerError):
    """Raised when the log has keys, and this desk was not told which one to trust; nothing was stored."""

    def __init__(self, key: str) -> None:
        """Name the first key as the log itself has it."""
        super().__init__(key=key)


class KeyListsChanged(LedgerError):
    """Raised when a list of keys that this desk has seen is missing beside the log, or is another one."""

    def __init__(self, number: int) -> None:
        """Give the number of the list."""
        super().__init__(number=number)


class LogKeyMissing(LedgerError):
    """Raised when the log has keys, but this computer has no private key that may sign."""


def trust_key(connection: sqlite3.Connection, key: VerifierKey) -> None:
    """Trust the first key of the log, inside a `writing` transaction."""
    connection.execute("DELETE FROM trusted_key")
    connection.execute("INSERT INTO trusted_key VALUES (?)", (str(key),))


def read_trusted_lists(connection: sqlite3.Connection, log_folder: Path) -> list[KeyList]:
    """Return the lists of keys beside the log, which have to follow from the key that this desk trusts.

    Raises:
        KeyUntrusted: the log has keys, and this desk trusts none.
        KeyListsChanged: a list that this desk has seen is missing or differs.
        NoteInvalid: a list does not follow from the trusted key.
    """
    notes, key = log_notes.read_key_lists(log_folder), trusted_key(connection)
    for number, note in connection.execute("SELECT number, note FROM key_list ORDER BY number").fetchall():
        if notes[number - 1 : number] != [note]:
            raise KeyListsChanged(number)
    if notes and key is None:
        raise KeyUntrusted(str(first_key(notes[0])))
    return open_key_lists(notes, [key]) if key else []


def first_key(note: str) -> VerifierKey:
    """Return the first key of a list of keys, without looking at its signature.

    Raises:
        NoteInvalid: the note is not a list of keys.
    """
    return parse_key_list(note_text(note)).log_keys[0]


def remember_lists(connection: sqlite3.Connection, log_folder: Path) -> None:
    """Check the lists of keys, and store those that this desk has not seen yet, inside a `writing` transaction."""
    read_trusted_lists(connection, log_folder)
    (known,) = connection.execute("SELECT coalesce(max(number), 0) FROM key_list").fetchone()
    new = enumerate(log_notes.read_key_lists(log_folder)[known:], start=known + 1)
    connection.executemany("INSERT INTO key_list VALUES (?, ?)", new)


def find_signing_key(connection: sqlite3.Connection, log_folder: Path) -> SigningKey | None:
    """Return the private key on this computer that may sign the log now; None if the log has no keys.

    Raises:
        LogKeyMissing: the log has keys, and this computer has none of them.
        PrivateKeyUnusable: the file of the key cannot be used.
        KeyUntrusted, KeyListsChanged, NoteInvalid: as `read_trusted_lists`.
    """
    lists = read_trusted_lists(connection, log_folder)
    if not lists:
        return None
    key = read_private_key(private_key_path(lists[-1].origin), lists[-1].origin)
    if key is None or key.verifier not in lists[-1].log_keys:
        raise LogKeyMissing
    return key


def sign_log(
    connection: sqlite3.Connection, log_folder: Path, key: SigningKey, *, reads_all: bool = False
) -> Checkpoint:
    """Store a checkpoint of everything that is published, inside a `writing` transaction, and return it.

    With `reads_all`, the tree hash is computed from all entries and not from the stored frontier.

    Raises:
        CheckpointContradicts: the newest checkpoint, here or beside the log, is not one of the beginning of this log.
        NoteInvalid: the newest checkpoint beside the log cannot be read.
    """
    frontier = _read_frontier(connection, reads_all=reads_all)
    _check_before(connection, log_folder, frontier.size)
    checkpoint = Checkpoint(key.name, frontier.size, frontier.root())
    remember_lists(connection, log_folder)
    if not connection.execute("SELECT 1 FROM checkpoint WHERE size = ?", (checkpoint.size,)).fetchone():
        note = sign_note(str(checkpoint), key)
        connection.execute("INSERT INTO checkpoint VALUES (?, ?)", (checkpoint.size, note))
    _save_frontier(connection, frontier)
    return checkpoint


def _check_before(connection: sqlite3.Connection, log_folder: Path, size: int) -> None:
    """Check that the newest checkpoint beside the log vouches for the beginning of what is published.

    A note that this desk made is not compared again: its entries can only be appended to.
    """
    note = log_notes.read_newest_checkpoint(log_folder)
    if note is None:
        return
    signed = parse_checkpoint(note_text(note))
    if connection.execute("SELECT 1 FROM checkpoint WHERE note = ?", (note,)).fetchone():
        return
    if signed.size > size or merkle_root(_leaves(connection, 0, signed.size)) != signed.root:
        raise CheckpointContradicts(signed.size)


def _read_frontier(connection: sqlite3.Connection, *, reads_all: bool) -> Frontier:
    """Return the frontier of everything that is published: the stored one and the entries after it."""
    rows = [] if reads_all else connection.execute("SELECT level, sha256 FROM tree_frontier").fetchall()
    frontier = Frontier({level: bytes.fromhex(digest) for level, digest in rows})
    (count,) = connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()
    if frontier.size > count:
        raise CheckpointContradicts(frontier.size)
    frontier.extend(_leaves(connection, frontier.size, None))
    return frontier


def _leaves(connection: sqlite3.Connection, after: int, last: int | None) -> list[bytes]:
    sql = "SELECT sha256 FROM publication WHERE number > ? AND number <= ? ORDER BY number"
    return [
        bytes.fromhex(digest) for (digest,) in connection.execute(sql, (after, 2**63 - 1 if last is None else last))
    ]


def _save_frontier(connection: sqlite3.Connection, frontier: Frontier) -> None:
    before = dict(connection.execute("SELECT level, sha256 FROM tree_frontier").fetchall())
    after = {level: digest.hex() for level, digest in frontier.hashes.items()}
    gone = [(level,) for level in before.keys() - after.keys()]
    changed = [(level, digest) for level, digest in after.items() if before.get(level) != digest]
    connection.executemany("DELETE FROM tree_frontier WHERE level = ?", gone)
    connection.executemany("INSERT OR REPLACE INTO tree_frontier VALUES (?, ?)", changed)


def write_notes(connection: sqlite3.Connection, log_folder: Path) -> None:
    """Write the checkpoints that the folder of the log lacks, after its files are complete.

    The newest ones are looked at first, up to one that is there.
    """
    missing: list[tuple[int, str]] = []
    newest = ""
    for size, note in connection.execute("SELECT size, note FROM checkpoint ORDER BY size DESC"):
        newest = newest or note
        if log_notes.has_checkpoint(log_folder, size, note):
            break
        missing.append((size, note))
    for size, note in reversed(missing):
        log_notes.write_checkpoint(log_folder, size, note)
    if newest and _is_older(log_notes.read_newest_checkpoint(log_folder), newest):
        log_notes.write_newest_checkpoint(log_folder, newest)


def _is_older(note: str | None, newest: str) -> bool:
    """Return whether a note beside the log is missing, damaged, or for a shorter log than our newest one."""
    try:
        return note is None or parse_checkpoint(note_text(note)).size < parse_checkpoint(note_text(newest)).size
    except NoteInvalid:
        return True


def check_import(connection: sqlite3.Connection, log_folder: Path, leaves: Sequence[bytes]) -> None:
    """Check that a key of the log signed every entry, if the log has keys; `leaves` are all leaf hashes.

    Raises:
        LogUnproved: it did not, as far as the newest checkpoint beside the log shows.
        KeyUntrusted, KeyListsChanged: as `read_trusted_lists`.
    """
    try:
        lists = read_trusted_lists(connection, log_folder)
        if not lists:
            return
        signed = _proved_checkpoint(log_folder, lists)
    except NoteInvalid as error:
        raise LogUnproved(len(leaves), 0) from error
    if signed is None or signed.size > len(leaves) or merkle_root(leaves[: signed.size]) != signed.root:
        raise LogUnproved(len(leaves), 0)
    if signed.size < len(leaves):
        raise LogUnproved(len(leaves), signed.size)
    remember_lists(connection, log_folder)


def _proved_checkpoint(log_folder: Path, lists: Sequence[KeyList]) -> Checkpoint | None:
    note = log_notes.read_newest_checkpoint(log_folder)
    if note is None:
        return None
    size = parse_checkpoint(note_text(note)).size
    keys = [one.key for one in key_periods(lists) if one.includes(size)]
    return open_checkpoint(note, keys, origin=lists[0].origin)
