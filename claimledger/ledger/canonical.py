"""The one byte form of a log body, its hash, and the hash of the whole log.

Bodies are RFC 8785 JSON restricted to what needs no judgement: no floats (amounts are decimal text), integers below
2^53, ASCII keys. The hash of a body is its RFC 6962 leaf hash, so one SHA-256 serves as the row's hash, the record's
chain and the Merkle leaf. In: JSON values. Out: bytes. It knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import msgspec

MAX_BODY = 65_535
"""Longest body in bytes, so that a log entry fits the uint16 length of C2SP tlog-tiles."""
MAX_INTEGER = 2**53 - 1
"""Largest integer a body may hold: beyond it JSON readers disagree (RFC 7493, I-JSON)."""

_encoder = msgspec.json.Encoder(order="sorted")
_LEAF = sha256(b"\x00")


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a body.

    >>> encode_body({"b": "약 130억달러", "a": 1}).decode()
    '{"a":1,"b":"약 130억달러"}'

    Raises:
        ValueError: it holds what no body may: a float, an integer of 2^53 or more, a key that is not ASCII, half a
            surrogate pair, or what is not JSON at all.
    """
    _refuse_unrepresentable(body)
    return _encoder.encode(body)


def encode_checked(body: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """Return the canonical bytes of a body whose model refuses already what `encode_body` does."""
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


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the RFC 6962 tree hash of leaf hashes in order; of none, the hash of the empty string.

    Neighbours are joined level by level and an odd last one goes up as it is; that is the tree RFC 6962 cuts at the
    largest power of two.
    """
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0] if level else sha256(b"").digest()
