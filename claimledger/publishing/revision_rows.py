"""Convert the bodies of the log to the rows of the table `revision`, which has every version as it was published."""

from __future__ import annotations

import msgspec

from claimledger.publishing.rows import RevisionRow


class _Envelope(msgspec.Struct):
    """The metadata of a body. The record in it is not validated here."""

    number: int
    subject: str
    key: str
    revision: int
    kind: str
    recorded_at: str
    authors: list[str]
    approver: str


_envelopes = msgspec.json.Decoder(_Envelope)


def revision_row(digest: str, body: bytes) -> RevisionRow:
    """Return the row of a body of the log with its SHA-256.

    Raises:
        msgspec.MsgspecError: the body is not JSON or lacks a field that every revision has.
    """
    envelope = _envelopes.decode(body)
    return RevisionRow(
        number=envelope.number,
        sha256=digest,
        subject=envelope.subject,
        key=envelope.key,
        revision=envelope.revision,
        kind=envelope.kind,
        recorded_at=envelope.recorded_at,
        actor=envelope.authors[0] if envelope.authors else "",
        approver=envelope.approver,
        body=body.decode(),
    )
