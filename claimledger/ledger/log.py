"""The public log: `claims/log/NNNNNN.jsonl`, 256 canonical bodies a file, full files never changed.

In: entries to append, in order. Out: entries, each with its number (from 1), hash and bytes. Reading checks only the
form of the files; whether the chain holds is `checks`' business. The writer is `store`, nobody else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from claimledger.errors import LogDamaged
from claimledger.ledger.canonical import MAX_BODY, leaf_sha256

BODIES_A_FILE = 256


class Entry(NamedTuple):
    """One body of the log."""

    number: int
    """Position in the log, from 1."""
    sha256: str
    """RFC 6962 leaf hash in hexadecimal."""
    body: bytes
    """Canonical JSON of a Revision."""


def log_file(log: Path, number: int) -> Path:
    """Return the file that body `number` stands in.

    >>> log_file(Path("claims/log"), 257).as_posix()
    'claims/log/000001.jsonl'
    """
    return log / f"{(number - 1) // BODIES_A_FILE:06d}.jsonl"


def read_bodies(log: Path) -> Iterator[bytes]:
    """Yield the bodies of the log in order, without their line ends.

    Raises:
        LogDamaged: a file is missing, too long or too short, or its last line has no end.
    """
    files = sorted(log.glob("*.jsonl"))
    for index, file in enumerate(files):
        if file.name != f"{index:06d}.jsonl":
            raise LogDamaged(str(log / f"{index:06d}.jsonl"), 1, "The file is missing.")
        lines = file.read_bytes().split(b"\n")
        if lines.pop() != b"":
            raise LogDamaged(str(file), len(lines) + 1, "The last line is cut short.")
        is_last = index == len(files) - 1
        if len(lines) > BODIES_A_FILE or not lines or (len(lines) < BODIES_A_FILE and not is_last):
            raise LogDamaged(str(file), len(lines), f"The file holds {len(lines)} bodies instead of {BODIES_A_FILE}.")
        yield from lines


def read_log(log: Path) -> Iterator[Entry]:
    """Yield the entries of the log in order, each body hashed as it stands.

    Raises:
        LogDamaged: as `read_bodies`, or a body is empty or longer than an entry may be.
    """
    for number, body in enumerate(read_bodies(log), start=1):
        if not 0 < len(body) <= MAX_BODY:
            raise LogDamaged(str(log_file(log, number)), (number - 1) % BODIES_A_FILE + 1, "The line is no body.")
        yield Entry(number, leaf_sha256(body).hex(), body)
