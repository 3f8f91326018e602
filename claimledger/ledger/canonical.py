"""The one byte form of a log body, its hash, and the hash of the whole log.

Bodies are RFC 8785 JSON restricted to what needs no judgement: no floats (amounts are decimal text), integers within
±2^53, ASCII keys. The hash of a body is its RFC 6962 leaf hash, so one SHA-256 serves as the row's hash, the record's
chain and the Merkle leaf. In: JSON values. Out: bytes. It knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

MAX_BODY = 65_535
"""Longest body in bytes, so that a log entry fits the uint16 length of C2SP tlog-tiles."""
MAX_INTEGER = 2**53

_encoder = msgspec.json.Encoder(order="sorted")


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a body.

    >>> encode_body({"b": "약 130억달러", "a": 1}).decode()
    '{"a":1,"b":"약 130억달러"}'

    Raises:
        ValueError: it holds a float, an integer beyond ±2^53, a key that is not ASCII, or a lone surrogate.
    """
    _refuse_unrepresentable(body)
    return _encoder.encode(body)


def encode_record_body(body: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a body made by `Revision.to_json`, whose model already refuses the rest."""
    return _encoder.encode(body)


def _refuse_unrepresentable(value: object) -> None:
    match value:
        case float():
            raise ValueError(f"a body holds no floats: {value!r}")
        case bool() | None:
            return
        case int() if abs(value) > MAX_INTEGER:
            raise ValueError(f"a body holds no integer beyond ±2^53: {value}")
        case str():
            value.encode()
        case Mapping():
            for key, part in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise ValueError(f"a body has ASCII keys only: {key!r}")
                _refuse_unrepresentable(part)
        case list() | tuple():
            for part in value:
                _refuse_unrepresentable(part)


def leaf_sha256(body: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of a body: SHA-256 of 0x00 and the body."""
    return sha256(b"\x00" + body).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the RFC 6962 tree hash of leaf hashes in order; of none, the hash of the empty string.

    Folds as it reads: memory grows with the logarithm of the number of leaves.
    """
    subtrees: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level = 0
        node = leaf
        while subtrees and subtrees[-1][0] == level:
            node = sha256(b"\x01" + subtrees.pop()[1] + node).digest()
            level += 1
        subtrees.append((level, node))
    return _join(subtrees)


def _join(subtrees: Sequence[tuple[int, bytes]]) -> bytes:
    if not subtrees:
        return sha256(b"").digest()
    root = subtrees[-1][1]
    for _, left in reversed(subtrees[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root
