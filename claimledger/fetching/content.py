"""The content of an answer: as it came and unpacked, both within one limit.

In: the pieces of the content, how it is packed, the limits. Out: all of it, twice, or a refusal. The invariant: never
more than the limit of bytes is held of either, whatever a small packed content would unpack to, and unpacking ends with
the deadline. It knows no connection.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from claimledger.fetching.refusals import NotAnswered, TooLarge

Progress = Callable[[int], None]
"""Told how many bytes came since the last time."""
Left = Callable[[], float]
"""Returns how many seconds are left; raises TooSlow when none are."""


def counted(pieces: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    """Yield the pieces and tell how long each is."""
    for piece in pieces:
        progress(len(piece))
        yield piece


def content_of(pieces: Iterable[bytes], packing: str, limit: int, address: str, left: Left) -> tuple[bytes, bytes]:
    """Return a content as it came and unpacked; `limit` is bytes.

    Raises:
        TooLarge: either is larger than the limit.
        TooSlow: the deadline is over.
        NotAnswered: it is packed otherwise than by gzip, or damaged.
    """
    packed = bytearray()
    kept = _kept(pieces, packed, limit, address)
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
        for _ in _kept(_unpacked(kept, limit, left), unpacked, limit, address):
            pass
    except (zlib.error, EOFError) as error:
        raise NotAnswered(address, "damaged", passes=False) from error
    return bytes(packed), bytes(unpacked)


def _kept(pieces: Iterable[bytes], kept: bytearray, limit: int, address: str) -> Iterator[bytes]:
    """Yield the pieces and keep them, as far as there is room.

    Raises:
        TooLarge: there is none left.
    """
    for piece in pieces:
        kept += piece
        if len(kept) > limit:
            raise TooLarge(address, limit)
        yield piece


def _unpacked(pieces: Iterator[bytes], limit: int, left: Left) -> Iterator[bytes]:
    """Yield what gzip members hold (RFC 1952), never more than `limit` and one bytes at a time.

    Raises:
        TooSlow: the deadline is over; very many small members take long without a wait on the connection.
        EOFError: the last member is cut short.
        zlib.error: what follows is no member.
    """
    member, is_begun = zlib.decompressobj(wbits=31), False
    for piece in pieces:
        rest = piece
        while rest:
            left()
            is_begun = True
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            yield member.decompress(rest, limit + 1)
            rest = member.unconsumed_tail or member.unused_data
    if is_begun and not member.eof:
        raise EOFError
