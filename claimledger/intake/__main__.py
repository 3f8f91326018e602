"""The process that reads untrusted bytes: `python -m claimledger.intake PROCESSOR MEMORY ANSWER`.

The arguments are limits: seconds of processor time, bytes of memory, and bytes of the answer. The process reads one
`UnreadDocument` from standard input (MessagePack) and writes one `ReaderAnswer` to standard output. The limits are set
before the first byte is read. The process does not outlive the program that started it by more than its processor time.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import msgspec

from claimledger.errors import ProblemsFound
from claimledger.intake.apart import ReaderAnswer, sendable_problem
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.file_formats import read_in_this_process
from claimledger.intake.record import UnreadDocument


def main() -> None:
    """Read one document and write the answer."""
    processor, memory, answer = map(int, sys.argv[1:])
    _set_limits(processor, memory, answer + 1)
    try:
        result = _read_document(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=UnreadDocument))
        sys.stdout.buffer.write(msgspec.msgpack.encode(result))
    except MemoryError:
        sys.stdout.buffer.write(msgspec.msgpack.encode(ReaderAnswer(is_too_large=True)))


def _set_limits(seconds: int, memory: int, length: int) -> None:
    """Set the system's limits: CPU seconds, bytes of address space, bytes of a file, and no core dump."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_CPU, seconds, seconds + 1),  # the first one ends the process with its own signal
        (resource.RLIMIT_AS, memory, memory), (resource.RLIMIT_FSIZE, length, length), (resource.RLIMIT_CORE, 0, 0),
    )  # fmt: skip
    for limit, most, last in limits:
        with suppress(ValueError, OSError):  # macOS has the memory limit but refuses to set it
            resource.setrlimit(limit, (most, last))


def _read_document(unread: UnreadDocument) -> ReaderAnswer:
    try:
        return ReaderAnswer(intake=read_in_this_process(unread))
    except ProblemsFound as refusal:
        return ReaderAnswer(problems=tuple(map(sendable_problem, refusal.problems)))
    except (PageReaderMissing, PdfReaderMissing) as refusal:
        return ReaderAnswer(missing=type(refusal).__name__)


if __name__ == "__main__":
    main()
