"""The canonical bytes of a log body, its hash, and the hash of the whole log.

Bodies are RFC 8785 JSON without ambiguous values: no floats (amounts are decimal text), integers below 2^53, ASCII
keys. The hash of a body is its RFC 6962 leaf hash. One SHA-256 therefore serves as the row's hash, the link in the
record's chain and the Merkle leaf. This module knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import msgspec

MAX_BODY = 65_535
"""The longest body in bytes, so that a log entry fits the uint16 length of C2SP tlog-tiles."""
MAX_INTEGER = 2**53 - 1
"""The largest integer in a body; JSON readers disagree on larger ones (RFC 7493, I-JSON)."""

_encoder = msgspec.json.Encoder(order="sorted")
_LEAF = sha256(b"\x00")
_NODE = sha256(b"\x01")


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a body.

    >>> encode_body({"b": "약 130억달러", "a": 1}).decode()
    '{"a":1,"b":"약 130억달러"}'

    Raises:
        ValueError: The body contains a float, an integer of 2^53 or more, a key that is not ASCII, an unpaired
            surrogate, or a value that is not JSON.
    """
    _refuse_unrepresentable(body)
    return _encoder.encode(body)


def encode_validated(body: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """Return the canonical bytes of a body whose model already rejects the values that `encode_body` rejects."""
    return _encoder.encode(body)


def _refuse_unrepresentable(value: object) -> None:
    match value:
        case None | bool():
            return
        case str():
            value.encode()
        case int():
            if abs(value) > MAX_INTEGER:
                raise ValueError(f"a body holds no integer of 2^53 or more: {value}")
        case Mapping():
            for key, part in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise ValueError(f"a body has ASCII keys only: {key!r}")
                _refuse_unrepresentable(part)
        case list() | tuple():
            for part in value:
                _refuse_unrepresentable(part)
        case _:
            raise ValueError(f"a body holds text, integers, true, false, null, lists and maps only: {value!r}")


def leaf_sha256(body: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of a body: SHA-256 of 0x00 and the body."""
    leaf = _LEAF.copy()  # faster than a new hash object
    leaf.update(body)
    return leaf.digest()


def join_hashes(left: bytes, right: bytes) -> bytes:
    """Return the RFC 6962 hash of the node above two others: SHA-256 of 0x01 and both."""
    node = _NODE.copy()  # faster than a new hash object
    node.update(left + right)
    return node.digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the RFC 6962 tree hash of leaf hashes in order; for no leaves, the hash of the empty string.

    Neighbours are joined level by level, and an odd last one moves up unchanged. The result is the same tree that RFC
    6962 splits at the largest power of two.
    """
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [join_hashes(*pair) for pair in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0] if level else sha256(b"").digest()
