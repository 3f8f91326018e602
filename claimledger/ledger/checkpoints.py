"""Checkpoints: what a log's key vouches for, in the form of C2SP tlog-checkpoint 1.0.0; and proofs that go with them.

A checkpoint names the log by its origin, the number of its entries and its tree hash. A proof file (C2SP tlog-proof)
shows that one entry is in the log of a checkpoint. A consistency file (the body of a request to a C2SP tlog-witness)
shows that an older log is the beginning of the log of a checkpoint.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from typing import NamedTuple

from claimledger.ledger.merkle_proofs import Proof, verify_consistency, verify_inclusion
from claimledger.ledger.signed_notes import NoteInvalid, VerifierKey, decode_base64, open_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ROOT_BYTES = 32
_PROOF_HEAD = "c2sp.org/tlog-proof@v1"


class Checkpoint(NamedTuple):
    """The state of a log that its key vouches for."""

    origin: str
    """The log's permanent name: its public address without the scheme."""
    size: int
    """The number of entries."""
    root: bytes
    """The RFC 6962 tree hash."""

    def __str__(self) -> str:
        """Return the text of the note."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    r"""Return the checkpoint that the text of a note contains.

    Further lines are refused: the key would vouch for something that no reader verifies.

    >>> parse_checkpoint("example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").size
    0

    Raises:
        NoteInvalid: the text is not a checkpoint.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004  three and an end
        raise NoteInvalid("checkpoint")
    root = decode_base64(lines[2])
    if len(root) != _ROOT_BYTES or int(lines[1]) >= 2**63:
        raise NoteInvalid("checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(note: str | bytes, keys: Iterable[VerifierKey], *, origin: str) -> Checkpoint:
    """Return the checkpoint of a log that at least one of the log's keys signed.

    Raises:
        NoteInvalid: as `open_note`; or the note is not a checkpoint, or is one of another log.
    """
    checkpoint = parse_checkpoint(open_note(note, keys).text)
    if checkpoint.origin != origin:
        raise NoteInvalid("other-log", checkpoint.origin)
    return checkpoint


class InclusionProof(NamedTuple):
    """A proof that one entry is in the log of a checkpoint."""

    place: int
    """The place of the entry, from 0."""
    hashes: Proof
    note: str
    """The signed checkpoint."""

    def __str__(self) -> str:
        """Return the proof as a file of the form tlog-proof."""
        return "\n".join([_PROOF_HEAD, f"index {self.place}", *_lines(self.hashes), "", self.note])

    def verify(self, leaf: bytes, checkpoint: Checkpoint) -> None:
        """Check the proof for the leaf hash of an entry.

        Raises:
            ProofInvalid: it does not show that the entry is in the log.
        """
        verify_inclusion(leaf, self.place, checkpoint.size, self.hashes, checkpoint.root)


class ConsistencyProof(NamedTuple):
    """A proof that an older log is the beginning of the log of a checkpoint."""

    old: int
    """The number of entries of the older log."""
    hashes: Proof
    note: str
    """The signed checkpoint."""

    def __str__(self) -> str:
        """Return the proof as a file: the body of a request to a witness."""
        return "\n".join([f"old {self.old}", *_lines(self.hashes), "", self.note])

    def verify(self, before: Checkpoint, after: Checkpoint) -> None:
        """Check the proof for the older and the newer checkpoint.

        Raises:
            ProofInvalid: it does not show that the older log is the beginning of the newer one.
        """
        verify_consistency(before.size, after.size, before.root, after.root, self.hashes)


def parse_inclusion_proof(text: str) -> InclusionProof:
    """Return the proof of a file of the form tlog-proof; a line `extra` is passed over.

    Raises:
        NoteInvalid: the file has another form.
    """
    lines, note = _proof_parts(text)
    if lines[0] != _PROOF_HEAD or len(lines) < 2:  # noqa: PLR2004  the place is on the second line
        raise NoteInvalid("proof")
    rest = lines[2:] if lines[1].startswith("extra ") else lines[1:]
    return InclusionProof(_number("index", rest), _hashes(rest), note)


def parse_consistency_proof(text: str) -> ConsistencyProof:
    """Return the proof of a file of the form of a request to a witness.

    Raises:
        NoteInvalid: the file has another form.
    """
    lines, note = _proof_parts(text)
    return ConsistencyProof(_number("old", lines), _hashes(lines), note)


def _proof_parts(text: str) -> tuple[list[str], str]:
    """Return the lines of a proof file before its empty line, and the note after it."""
    head, blank, note = text.partition("\n\n")
    if not blank:
        raise NoteInvalid("proof")
    return head.split("\n"), note


def _number(name: str, lines: list[str]) -> int:
    found = re.fullmatch(rf"{name} ({_SIZE.pattern})", lines[0]) if lines else None
    if not found:
        raise NoteInvalid("proof")
    return int(found[1])


def _hashes(lines: list[str]) -> Proof:
    hashes = [decode_base64(line) for line in lines[1:]]
    if any(len(one) != _ROOT_BYTES for one in hashes):
        raise NoteInvalid("proof")
    return hashes


def _lines(hashes: Proof) -> list[str]:
    return [b64encode(one).decode() for one in hashes]
