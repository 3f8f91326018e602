"""The process in which bytes of strangers are read: `python -m claimledger.intake SECONDS MEMORY ANSWER`.

In: limits as arguments (seconds, bytes of memory, bytes of the answer), one `Unread` on standard input (MessagePack).
Out: one `Answer` on standard output. The invariant: the limits stand before the first byte is read. It outlives whoever
started it by no more than the limit of time.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from math import ceil

import msgspec

from claimledger.errors import ProblemsFound
from claimledger.intake.apart import Answer, sent
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.file_formats import read_here
from claimledger.intake.record import Unread


def main() -> None:
    """Read one document and answer."""
    seconds, memory, answer = sys.argv[1:]
    _limit(ceil(float(seconds)) + 1, int(memory), int(answer) + 1)
    try:
        told = _told(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Unread))
        sys.stdout.buffer.write(msgspec.msgpack.encode(told))
    except MemoryError:
        sys.stdout.buffer.write(msgspec.msgpack.encode(Answer(is_too_large=True)))


def _limit(seconds: int, memory: int, length: int) -> None:
    """Set the limits that the system has: seconds of a core, bytes of address space, bytes of a file, no core dump."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, length),
        (resource.RLIMIT_CORE, 0),
    )  # fmt: skip
    for limit, most in limits:
        with suppress(ValueError, OSError):  # macOS knows the limit of memory and takes none
            resource.setrlimit(limit, (most, most))


def _told(unread: Unread) -> Answer:
    try:
        return Answer(intake=read_here(unread))
    except ProblemsFound as refusal:
        return Answer(problems=tuple(map(sent, refusal.problems)))
    except (PageReaderMissing, PdfReaderMissing) as refusal:
        return Answer(missing=type(refusal).__name__)


if __name__ == "__main__":
    main()
