"""The steps for the keys of the log: make the first key, replace it, sign what is published, and prove a claim.

A user who can write the folder of `desk.db` manages the keys, as with accounts. The private key is outside the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger.desk.step_setup import open_store
from claimledger.errors import LedgerError, NotFound
from claimledger.ledger import log, log_notes
from claimledger.ledger.canonical import merkle_root
from claimledger.ledger.checkpoints import Checkpoint, ConsistencyProof, InclusionProof, parse_checkpoint
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.key_lists import KeyList, open_key_lists
from claimledger.ledger.log_tree import BLOCK, LogTree, block_hashes
from claimledger.ledger.merkle_proofs import SubtreeHash, prove_consistency, prove_inclusion
from claimledger.ledger.signed_notes import SigningKey, VerifierKey, note_text
from claimledger.newsroom import log_signing
from claimledger.newsroom.log_signing import LogKeyMissing
from claimledger.newsroom.log_comparison import Comparison
from claimledger.newsroom.log_synchronization import publication_count
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.private_key import make_private_key, private_key_path


_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:/[a-z0-9._~-]+)*", re.IGNORECASE)
"""An address without scheme, query and fragment."""


class LogKeysExist(LedgerError):
    """Raised when the log has keys already."""


class OriginUnfit(LedgerError):
    """Raised when a text cannot be the name of a log; no key was made."""

    def __init__(self, origin: str) -> None:
        """Name the text."""
        super().__init__(origin=origin)


class RecoveryKeyWrong(LedgerError):
    """Raised when a recovery key is not one that the newest list of keys names; nothing was changed."""

    def __init__(self, given: VerifierKey, known: str) -> None:
        """Name the public keys: the one that belongs to the given key, and those of the list."""
        super().__init__(given=str(given), known=known)


class ProofImpossible(LedgerError):
    """Raised when the log is not the one that a checkpoint vouches for, so that nothing can be proved with it."""


class UnderNoCheckpoint(LedgerError):
    """Raised when no checkpoint covers what is to be proved."""


class MadeKey(NamedTuple):
    """A new key of the log."""

    key: VerifierKey
    """The public key."""
    path: Path
    """The file with the private key."""
    recovery: str
    """The private recovery key, to be kept on paper; empty if the one from before stays."""


def make_log_key(places: LedgerPaths, origin: str, path: Path | None = None) -> MadeKey:
    """Make the first key of the log, and the recovery key; `origin` is the log's name, which never changes.

    Raises:
        LogKeysExist: the log has keys already.
        PrivateKeyUnusable: the file exists already, or is below the ledger's folder.
    """
    if not _ORIGIN.fullmatch(origin):
        raise OriginUnfit(origin)
    with open_store(places, Comparison.ALL) as store, store.writing() as connection:
        if log_notes.read_key_lists(places.log):
            raise LogKeysExist
        recovery = SigningKey(origin, Ed25519PrivateKey.generate())
        file = path or private_key_path(origin)
        key = make_private_key(file, origin, places.root)
        size = publication_count(connection)
        keys = KeyList(origin, 1, size, (key.verifier,), (recovery.verifier,))
        _write_first_list(places.log, keys.sign(key), file)
        log_signing.trust_key(connection, key.verifier)
        log_signing.remember_lists(connection, places.log)
    return MadeKey(key.verifier, file, recovery.private_line())


def _write_first_list(log_folder: Path, note: str, private_key: Path) -> None:
    """Write the first list of keys; without it, the new private key is removed again."""
    try:
        log_notes.write_key_list(log_folder, 1, note)
    except OSError:
        with suppress(OSError):
            private_key.unlink()
        raise


def trust_log_key(places: LedgerPaths, key: VerifierKey) -> None:
    """Let a desk trust the first key of the log, so that it imports what the log's keys signed.

    Get the key from elsewhere than the log. A desk that trusts one keeps it.

    Raises:
        NoteInvalid: the lists of keys beside the log do not follow from it.
        LogKeysExist: the desk trusts another key.
    """
    with DeskStore(places.desk, places.log, comparison=Comparison.NOTHING) as store, store.writing() as connection:
        known = log_signing.trusted_key(connection)
        if known and known != key:
            raise LogKeysExist
        open_key_lists(log_notes.read_key_lists(places.log), [key])
        log_signing.trust_key(connection, key)


def replace_log_key(places: LedgerPaths, path: Path, recovery: SigningKey | None = None) -> MadeKey:
    """Replace the key of the log by a new one in the file `path`; the old one or the recovery key signs for it.

    The old key may sign for the log as it is now and for no longer one.

    Raises:
        LogKeyMissing: neither the old private key nor a recovery key is at hand.
        RecoveryKeyWrong: the recovery key is not that of this log.
        PrivateKeyUnusable: the file exists already, or is below the ledger's folder.
        NoteInvalid: a list of keys beside the log cannot be read.
    """
    with open_store(places, Comparison.ALL) as store, store.writing() as connection:
        lists = log_signing.read_trusted_lists(connection, places.log)
        signer = recovery or log_signing.find_signing_key(connection, places.log)
        if recovery and lists and recovery.verifier not in lists[-1].recovery_keys:
            raise RecoveryKeyWrong(recovery.verifier, ", ".join(map(str, lists[-1].recovery_keys)))
        if signer is None or not lists or signer.verifier not in (*lists[-1].log_keys, *lists[-1].recovery_keys):
            raise LogKeyMissing
        key = make_private_key(path, lists[-1].origin, places.root)
        keys = lists[-1]._replace(number=len(lists) + 1, size=publication_count(connection), log_keys=(key.verifier,))
        log_notes.write_key_list(places.log, keys.number, keys.sign(signer, key))
        log_signing.remember_lists(connection, places.log)
    return MadeKey(key.verifier, path, "")


def read_log_keys(places: LedgerPaths) -> Sequence[KeyList]:
    """Return the lists of the log's keys that follow from the key that this desk trusts."""
    with open_store(places) as store:
        return log_signing.read_trusted_lists(store.connection, places.log)


def sign_checkpoint(places: LedgerPaths) -> Checkpoint:
    """Compare the whole log with the store, then sign a checkpoint of all of it and write it beside the log.

    Raises:
        LogKeyMissing: this computer has no private key that may sign.
        CheckpointContradicts: the log was signed otherwise before.
    """
    with open_store(places, Comparison.ALL) as store, store.writing() as connection:
        key = log_signing.find_signing_key(connection, places.log)
        if key is None:
            raise LogKeyMissing
        checkpoint = log_signing.sign_log(connection, places.log, key, reads_all=True)
        log_signing.write_notes(connection, places.log)
    return checkpoint


class ProvedBody(NamedTuple):
    """A public version with its proof."""

    body: bytes
    proof: InclusionProof


def prove_claim(places: LedgerPaths, key: str) -> ProvedBody:
    """Return the newest public version of a record that the newest checkpoint covers, with the proof.

    Raises:
        NotFound: no such record is public.
        UnderNoCheckpoint: the log has no checkpoint, or it is older than the record.
        ProofImpossible: the log is not the one that was signed.
    """
    note, checkpoint = _newest_checkpoint(places)
    leaves, found, is_public = [], None, False
    for entry in log.read_log(places.log):
        envelope = log.decode_envelopes([entry.body])[0]
        is_it = not isinstance(envelope, str) and envelope.key == key
        is_public |= is_it
        if entry.number <= checkpoint.size:
            leaves.append(bytes.fromhex(entry.sha256))
            found = entry if is_it else found
    if not is_public:
        raise NotFound("record", key)
    if found is None:
        raise UnderNoCheckpoint
    _check_signed(leaves, checkpoint)
    hashes = prove_inclusion(found.number - 1, checkpoint.size, _subtree_hash(leaves))
    return ProvedBody(found.body, InclusionProof(found.number - 1, hashes, note))


def _check_signed(leaves: Sequence[bytes], checkpoint: Checkpoint) -> None:
    if checkpoint.size > len(leaves) or merkle_root(leaves[: checkpoint.size]) != checkpoint.root:
        raise ProofImpossible


def prove_growth(places: LedgerPaths, since: str) -> ConsistencyProof:
    """Return the proof that the log of an older note is the beginning of the log of the newest checkpoint.

    Raises:
        NoteInvalid: `since` is not a checkpoint.
        ProofImpossible: the log is not the one that one of the two notes vouches for.
        UnderNoCheckpoint: the log has no checkpoint.
    """
    note, checkpoint = _newest_checkpoint(places)
    old = parse_checkpoint(note_text(since))
    leaves = [bytes.fromhex(entry.sha256) for entry in log.read_log(places.log) if entry.number <= checkpoint.size]
    _check_signed(leaves, checkpoint)
    _check_signed(leaves, old)
    return ConsistencyProof(old.size, prove_consistency(old.size, checkpoint.size, _subtree_hash(leaves)), note)


def _newest_checkpoint(places: LedgerPaths) -> tuple[str, Checkpoint]:
    note = log_notes.read_newest_checkpoint(places.log)
    if note is None:
        raise UnderNoCheckpoint
    return note, parse_checkpoint(note_text(note))


def _subtree_hash(leaves: Sequence[bytes]) -> SubtreeHash:
    def read_leaves(number: int) -> Sequence[bytes]:
        return leaves[number * BLOCK : (number + 1) * BLOCK]

    return LogTree([*block_hashes(len(leaves), read_leaves)], read_leaves).find_hash
