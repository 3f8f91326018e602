"""Reads the content of an answer, both as received and decompressed, within one limit.

Neither form ever takes more memory than the limit, even if a small compressed content would become large. Decompression
ends with the deadline. The module knows no connection.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from claimledger.fetching.refusals import NotAnswered, TooLarge

ByteProgress = Callable[[int], None]
"""A function that is called with the number of bytes since the last call."""
SecondsLeft = Callable[[], float]
"""A function that returns the remaining seconds; raises TooSlow when no time is left."""


def report_progress(pieces: Iterable[bytes], progress: ByteProgress) -> Iterator[bytes]:
    """Yield the pieces and report the length of each."""
    for piece in pieces:
        progress(len(piece))
        yield piece


def read_content(
    pieces: Iterable[bytes], packing: str, limit: int, address: str, left: SecondsLeft
) -> tuple[bytes, bytes]:
    """Return the content as received and decompressed; `limit` is bytes.

    Raises:
        TooLarge: either form is larger than the limit.
        TooSlow: the deadline has passed.
        NotAnswered: the content is damaged, or has another encoding than gzip.
    """
    packed = bytearray()
    kept = _collect(pieces, packed, limit, address)
    match packing.strip().lower():
        case "" | "identity":
            for _ in kept:
                pass
            return bytes(packed), bytes(packed)
        case "gzip" | "x-gzip":
            unpacked = bytearray()
        case other:
            raise NotAnswered(address, "packing", passes=False, packing=other)
    try:
        for _ in _collect(_decompress(kept, limit, left), unpacked, limit, address):
            pass
    except (zlib.error, EOFError) as error:
        raise NotAnswered(address, "damaged", passes=False) from error
    return bytes(packed), bytes(unpacked)


def _collect(pieces: Iterable[bytes], kept: bytearray, limit: int, address: str) -> Iterator[bytes]:
    """Yield the pieces and append each to `collected`.

    Raises:
        TooLarge: the pieces are larger than the limit.
    """
    for piece in pieces:
        kept += piece
        if len(kept) > limit:
            raise TooLarge(address, limit)
        yield piece


def _decompress(pieces: Iterator[bytes], limit: int, left: SecondsLeft) -> Iterator[bytes]:
    """Yield the content of gzip members (RFC 1952), at most `limit` + 1 bytes at a time.

    Raises:
        TooSlow: the deadline has passed; many small members take long without a wait on the connection.
        EOFError: the last member is cut short.
        zlib.error: the following bytes are not a member.
    """
    member, has_begun = zlib.decompressobj(wbits=31), False
    for piece in pieces:
        rest = piece
        while rest:
            left()
            has_begun = True
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            yield member.decompress(rest, limit + 1)
            rest = member.unconsumed_tail or member.unused_data
    if has_begun and not member.eof:
        raise EOFError
