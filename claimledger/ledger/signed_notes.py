"""Signed notes: a text that keys vouch for, in the form of C2SP signed-note 1.0.0 with Ed25519 signatures.

A note is a text, an empty line, and a line for each signature: `— name base64`. The signature begins with the key's ID,
so that a reader finds the key among those that it knows. Signatures of unknown keys are ignored; a wrong one of a known
key rejects the note. A cosignature (C2SP tlog-cosignature 1.0.1) has a time too, and is made by another party than the
log.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from claimledger.errors import LedgerError

ED25519 = 0x01
"""The kind of key that signs only the text."""
COSIGNATURE = 0x04
"""The kind of key that signs a text with the time at which its holder saw it."""
LONGEST_NOTE = 1_000_000
"""The longest note that is read, in bytes."""
MOST_SIGNATURES = 100
_KEY_BYTES, _ID_BYTES, _TIME_BYTES = 32, 4, 8
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"


class NoteInvalid(LedgerError):
    """Raised when a note or a key is malformed, or when its signature is wrong or missing."""

    def __init__(self, variant: str, found: str = "") -> None:
        """Name the row of the table of messages, and what was found."""
        self.variant = variant
        super().__init__(variant, found=found)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs."""

    name: str
    """The name: for the key of a log, the log's origin."""
    kind: int
    """`ED25519` or `COSIGNATURE`."""
    public: bytes
    """The 32 bytes of the public key."""

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names the key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Return the key on one line: name, ID and key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{_encode(bytes([self.kind]) + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name under which it signs."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @property
    def verifier(self) -> VerifierKey:
        """The public key, for those who verify."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def private_line(self) -> str:
        """Return the private key on one line, in the form that Go's package `note` prints; keep it secret."""
        raw = bytes([self.kind]) + self.private.private_bytes_raw()
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{_encode(raw)}"

    def sign(self, text: str, *, time: int = 0) -> str:
        """Return the signature line for the text of a note; a cosignature states the time, in seconds since 1970."""
        stamp = time.to_bytes(_TIME_BYTES, "big") if self.kind == COSIGNATURE else b""
        signature = self.private.sign(_signed_bytes(text, self.kind, stamp))
        return f"— {self.name} {_encode(self.verifier.id + stamp + signature)}\n"


class OpenedNote(NamedTuple):
    """The text of a note and the known keys that signed it."""

    text: str
    signers: Mapping[VerifierKey, int | None]
    """The keys in the order of their signatures, each with the time of its cosignature."""


def parse_verifier_key(line: str) -> VerifierKey:
    """Return the key that a line contains.

    >>> str(parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))[:21]
    'PeterNeumann+c74f20a3'

    Raises:
        NoteInvalid: the line is not a key, its ID is another, or it is of an unknown kind.
    """
    name, kind, raw, given = _key_parts(line)
    if kind not in {ED25519, COSIGNATURE} or len(raw) != _KEY_BYTES:
        raise NoteInvalid("key", line)
    key = VerifierKey(name, kind, raw)
    if given != key.id.hex():
        raise NoteInvalid("key", line)
    return key


def parse_signing_key(line: str) -> SigningKey:
    """Return the private key that a line contains, in the form that Go's package `note` prints.

    Raises:
        NoteInvalid: the line is not such a key.
    """
    if not line.startswith(_PRIVATE):
        raise NoteInvalid("private-key")
    try:
        name, kind, raw, given = _key_parts(line.removeprefix(_PRIVATE))
    except NoteInvalid:
        raise NoteInvalid("private-key") from None  # the message must not show the key
    if kind != ED25519 or len(raw) != _KEY_BYTES:
        raise NoteInvalid("private-key")
    key = SigningKey(name, Ed25519PrivateKey.from_private_bytes(raw))
    if given != key.verifier.id.hex():
        raise NoteInvalid("private-key")
    return key


def _key_parts(line: str) -> tuple[str, int, bytes, str]:
    """Return name, kind, key bytes and stated ID of a key on one line."""
    name, _, rest = line.partition("+")
    given, _, coded = rest.partition("+")
    with suppress(NoteInvalid):
        raw = decode_base64(coded)
        if _NAME.fullmatch(name) and raw:
            return name, raw[0], raw[1:], given
    raise NoteInvalid("key", line)


def sign_note(text: str, *keys: SigningKey) -> str:
    """Return a note: the text, signed with some keys.

    Raises:
        NoteInvalid: the text does not end with a line feed, or has other control characters.
    """
    _check_text(text)
    return f"{text}\n{''.join(key.sign(text) for key in keys)}"


def add_cosignature(note: str, key: SigningKey, *, time: int) -> str:
    """Return a note with one more signature, by a witness who saw it at a time in seconds since 1970."""
    return note + key.sign(_split(note)[0], time=time)


def note_text(note: str) -> str:
    r"""Return the text of a note without looking at its signatures.

    >>> note_text("A text.\n\n— name c2lnbmF0dXJl\n")
    'A text.\n'
    """
    return note.rpartition("\n\n")[0] + "\n"


def open_note(note: str | bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    """Return the text of a note that at least one of some keys signed.

    Raises:
        NoteInvalid: the note is malformed, no key signed it, or the signature of one of the keys is wrong.
    """
    text, lines = _split(_note_text(note))
    known = _keys_by_id(keys)
    signers: dict[VerifierKey, int | None] = {}
    for name, raw in lines:
        key = known.get((name, raw[:_ID_BYTES]))
        if key and key not in signers:
            signers[key] = _verify(key, text, raw[_ID_BYTES:])
    if not signers:
        raise NoteInvalid("unsigned")
    return OpenedNote(text, signers)


def _note_text(note: str | bytes) -> str:
    if len(note) > LONGEST_NOTE:
        raise NoteInvalid("malformed")
    try:
        return note if isinstance(note, str) else note.decode()
    except UnicodeDecodeError as error:
        raise NoteInvalid("malformed") from error


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note, and of each signature the name and the bytes."""
    text, blank, rest = note.rpartition("\n\n")
    text += "\n"
    lines = [_SIGNATURE_LINE.fullmatch(line) for line in rest.split("\n")[:-1]]
    if not blank or not rest.endswith("\n") or not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteInvalid("malformed")
    _check_text(text)
    return text, [*_signatures(lines)]


def _signatures(lines: Iterable[re.Match[str] | None]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        if line is None:
            raise NoteInvalid("malformed")
        yield line[1], decode_base64(line[2])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteInvalid("malformed")


def _keys_by_id(keys: Iterable[VerifierKey]) -> Mapping[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise NoteInvalid("two-keys", f"{key.name}+{key.id.hex()}")
    return known


def _verify(key: VerifierKey, text: str, raw: bytes) -> int | None:
    """Check a signature; return the time of a cosignature."""
    stamp, signature = (raw[:_TIME_BYTES], raw[_TIME_BYTES:]) if key.kind == COSIGNATURE else (b"", raw)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, _signed_bytes(text, key.kind, stamp))
    except (InvalidSignature, ValueError) as error:
        raise NoteInvalid("wrong-signature", f"{key.name}+{key.id.hex()}") from error
    return int.from_bytes(stamp, "big") if stamp else None


def _signed_bytes(text: str, kind: int, stamp: bytes) -> bytes:
    """Return the bytes that a key of a kind signs."""
    head = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n" if kind == COSIGNATURE else ""
    return (head + text).encode()


def _encode(raw: bytes) -> str:
    return b64encode(raw).decode()


def decode_base64(text: str) -> bytes:
    """Return the bytes of a text in base64 (RFC 4648), which has one form only.

    Raises:
        NoteInvalid: the text is not base64, or another text means the same bytes.
    """
    try:
        raw = b64decode(text, validate=True)
    except ValueError as error:
        raise NoteInvalid("encoding", text) from error
    if _encode(raw) != text:
        raise NoteInvalid("encoding", text)
    return raw
