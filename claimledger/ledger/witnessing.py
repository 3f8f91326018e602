"""A witness is a person apart from the log who cosigns only what continues the last that they cosigned."""

from __future__ import annotations

from claimledger.ledger.checkpoints import open_checkpoint, parse_checkpoint, parse_consistency_proof
from claimledger.ledger.merkle_proofs import ProofInvalid
from claimledger.ledger.signed_notes import SigningKey, VerifierKey, add_cosignature, note_text


def cosign(shown: str, last: str | None, log_key: VerifierKey, witness: SigningKey, *, time: int) -> str:
    """Return the newer checkpoint with the witness's signature.

    `shown` is the proof that the log of the note `last` is the beginning of the newer one; without `last`, it is the
    first checkpoint that this witness sees, which is taken as it is. `time` is in seconds since 1970.

    Raises:
        NoteInvalid: `shown` has another form, or the log's key did not sign it.
        ProofInvalid: the newer log does not continue the one that was cosigned before.
    """
    if last is None:
        open_checkpoint(shown, [log_key], origin=log_key.name)
        return add_cosignature(shown, witness, time=time)
    proof = parse_consistency_proof(shown)
    before, after = parse_checkpoint(note_text(last)), open_checkpoint(proof.note, [log_key], origin=log_key.name)
    if proof.old != before.size:
        raise ProofInvalid("other-tree")
    proof.verify(before, after)
    return add_cosignature(proof.note, witness, time=time)
