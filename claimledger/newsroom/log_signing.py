"""Sign the log: a checkpoint for each publication, stored with it, and then written beside the log's files.

The desk keeps the frontier of the log, so that signing reads no entry again. A log without a list of keys is signed by
no one; `desk.make_log_key` makes the first list. Of a log with keys, only entries that one of them signed are imported.
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
from claimledger.ledger.signed_notes import NoteInvalid, SigningKey, VerifierKey, parse_verifier_key, sign_note
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


def trust_key(connection: sqlite3.Connection, key: VerifierKey) -> None:
    """Trust the first key of the log, inside a `writing` transaction."""
    connection.execute("DELETE FROM trusted_key")
    connection.execute("INSERT INTO trusted_key VALUES (?)", (str(key),))


def read_trusted_lists(connection: sqlite3.Connection, log_folder: Path) -> list[KeyList]:
    """Return the lists of keys beside the log, if this desk trusts a key; they have to follow from it.

    Raises:
        NoteInvalid: a list does not.
    """
    key = trusted_key(connection)
    return open_key_lists(log_notes.read_key_lists(log_folder), [key]) if key else []


def find_signing_key(log_folder: Path) -> SigningKey | None:
    """Return the private key on this computer that may sign the log now; None if there is none.

    Raises:
        PrivateKeyUnusable: the file of the key cannot be used.
        NoteInvalid: the newest list of keys cannot be read.
    """
    notes = log_notes.read_key_lists(log_folder)
    if not notes:
        return None
    newest = parse_key_list(notes[-1].rpartition("\n\n")[0] + "\n")
    key = read_private_key(private_key_path(newest.origin), newest.origin)
    return key if key and key.verifier in newest.log_keys else None


def sign_log(connection: sqlite3.Connection, log_folder: Path, key: SigningKey) -> Checkpoint:
    """Store a checkpoint of everything that is published, inside a `writing` transaction, and return it.

    Raises:
        CheckpointContradicts: the newest checkpoint, here or beside the log, is not one of the beginning of this log.
    """
    frontier = _read_frontier(connection)
    _check_before(connection, log_folder, frontier.size)
    checkpoint = Checkpoint(key.name, frontier.size, frontier.root())
    connection.execute(
        "INSERT OR IGNORE INTO checkpoint VALUES (?, ?)", (checkpoint.size, sign_note(str(checkpoint), key))
    )
    _save_frontier(connection, frontier)
    return checkpoint


def _check_before(connection: sqlite3.Connection, log_folder: Path, size: int) -> None:
    """Check that the newest checkpoint beside the log vouches for the beginning of what is published.

    A note that this desk made is not compared again: its entries can only be appended to.
    """
    note = log_notes.read_newest_checkpoint(log_folder)
    if note is None:
        return
    signed = parse_checkpoint(note.rpartition("\n\n")[0] + "\n")
    if connection.execute("SELECT 1 FROM checkpoint WHERE note = ?", (note,)).fetchone():
        return
    if signed.size > size or merkle_root(_leaves(connection, 0, signed.size)) != signed.root:
        raise CheckpointContradicts(signed.size)


def _read_frontier(connection: sqlite3.Connection) -> Frontier:
    """Return the frontier of everything that is published: the stored one and what came after it."""
    rows = connection.execute("SELECT level, sha256 FROM tree_frontier").fetchall()
    frontier = Frontier({level: bytes.fromhex(digest) for level, digest in rows})
    frontier.extend(_leaves(connection, frontier.size, None))
    return frontier


def _leaves(connection: sqlite3.Connection, after: int, last: int | None) -> list[bytes]:
    sql = "SELECT sha256 FROM publication WHERE number > ? AND number <= ? ORDER BY number"
    return [
        bytes.fromhex(digest) for (digest,) in connection.execute(sql, (after, 2**63 - 1 if last is None else last))
    ]


def _save_frontier(connection: sqlite3.Connection, frontier: Frontier) -> None:
    connection.execute("DELETE FROM tree_frontier")
    rows = ((level, digest.hex()) for level, digest in frontier.hashes.items())
    connection.executemany("INSERT INTO tree_frontier VALUES (?, ?)", rows)


def write_notes(connection: sqlite3.Connection, log_folder: Path) -> None:
    """Write the checkpoints that the folder of the log lacks, after its files are complete."""
    for size, note in connection.execute("SELECT size, note FROM checkpoint ORDER BY size").fetchall():
        if not log_notes.checkpoint_file(log_folder, size).exists():
            log_notes.write_checkpoint(log_folder, size, note)


def check_import(connection: sqlite3.Connection, log_folder: Path, leaves: Sequence[bytes]) -> None:
    """Check that a key of the log signed every entry, if this desk trusts a key; `leaves` are all leaf hashes.

    Raises:
        LogUnproved: it did not, as far as the newest checkpoint beside the log shows.
    """
    key = trusted_key(connection)
    if key is None:
        return
    try:
        signed = _proved_checkpoint(log_folder, key)
    except NoteInvalid as error:
        raise LogUnproved(len(leaves), 0) from error
    if signed is None or signed.size > len(leaves) or merkle_root(leaves[: signed.size]) != signed.root:
        raise LogUnproved(len(leaves), 0)
    if signed.size < len(leaves):
        raise LogUnproved(len(leaves), signed.size)


def _proved_checkpoint(log_folder: Path, key: VerifierKey) -> Checkpoint | None:
    note = log_notes.read_newest_checkpoint(log_folder)
    if note is None:
        return None
    size = parse_checkpoint(note.rpartition("\n\n")[0] + "\n").size
    periods = key_periods(open_key_lists(log_notes.read_key_lists(log_folder), [key]))
    return open_checkpoint(note, [one.key for one in periods if one.includes(size)], origin=key.name)
