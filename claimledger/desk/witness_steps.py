"""The steps of a witness, who needs no ledger; and the step that adds a witness's signature to the log's checkpoint."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from claimledger.desk.step_setup import open_store
from claimledger.ledger import log_notes, witnessing
from claimledger.ledger.checkpoints import parse_checkpoint
from claimledger.ledger.files import LedgerPaths, replace_bytes
from claimledger.ledger.signed_notes import COSIGNATURE, SigningKey, VerifierKey, note_text
from claimledger.newsroom.log_signing import CheckpointContradicts, LogKeyMissing
from claimledger.newsroom.private_key import make_private_key, read_private_key


def make_witness_key(places: LedgerPaths, name: str, path: Path) -> VerifierKey:
    """Make a witness's private key in a new file and return the public one.

    Raises:
        PrivateKeyUnusable: the file exists already, or is below the ledger's folder.
    """
    return SigningKey(name, make_private_key(path, name, places.root).private, COSIGNATURE).verifier


def cosign_checkpoint(shown: Path, log_key: VerifierKey, name: str, private: Path, memory: Path) -> str:
    """Return the checkpoint of a proof with the witness's signature, and remember it in the file `memory`.

    Raises:
        LogKeyMissing: the private key is not there.
        NoteInvalid, ProofInvalid: as `witnessing.cosign`; nothing is remembered.
    """
    key = read_private_key(private, name)
    if key is None:
        raise LogKeyMissing
    last = memory.read_text("utf-8") if memory.is_file() else None
    now = int(datetime.now(UTC).timestamp())
    witness = SigningKey(name, key.private, COSIGNATURE)
    note = witnessing.cosign(shown.read_text("utf-8"), last, log_key, witness, time=now)
    replace_bytes(memory, note.encode())
    return note


def add_witness(places: LedgerPaths, cosigned: str) -> int:
    """Write a checkpoint with a witness's signature in place of the same one without it; return its number of entries.

    Raises:
        NoteInvalid: it is not a checkpoint.
        CheckpointContradicts: this desk signed no such checkpoint.
    """
    checkpoint = parse_checkpoint(note_text(cosigned))
    with open_store(places) as store, store.writing() as connection:
        row = connection.execute("SELECT note FROM checkpoint WHERE size = ?", (checkpoint.size,)).fetchone()
        if row is None or not cosigned.startswith(row[0]):
            raise CheckpointContradicts(checkpoint.size)
        there = log_notes.read_checkpoint(places.log, checkpoint.size) or row[0]
        lines = [line for line in cosigned.removeprefix(row[0]).splitlines(keepends=True) if line not in there]
        note = there + "".join(lines)
        log_notes.write_checkpoint(places.log, checkpoint.size, note)
        newest = log_notes.read_newest_checkpoint(places.log)
        if newest is None or parse_checkpoint(note_text(newest)).size == checkpoint.size:
            log_notes.write_newest_checkpoint(places.log, note)
    return checkpoint.size
