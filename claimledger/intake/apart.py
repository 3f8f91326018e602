"""Bytes that strangers made, read in a process of their own with hard limits of time, memory and length of the answer.

In: `Unread` bytes and the limits. Out: what `read_here` says of them there, or which limit was met. The invariant: the
process is gone when this returns, whatever the bytes bring a parser to; and of an answer that is not whole nothing is
taken. The process gets no more of the environment than it takes to start. Memory is limited where the system does so:
not on Windows, where the time alone is.

Starting takes about 0.3 seconds of one core: it imports what reading needs and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile

import msgspec

from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.record import Intake, Unread, refusal

_NEEDED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP")
"""What a process needs of the environment to start."""
_ELSEWHERE = "Look whether it opens elsewhere; if so, copy its text into a file in UTF-8 and give that."


@dataclass(frozen=True, slots=True)
class Within:
    """How much reading may take."""

    seconds: float = 30
    """For everything, starting included."""
    memory: int = 1_000_000_000
    """Bytes of address space."""
    answer: int = 100_000_000
    """Bytes of the answer, most of it the text in UTF-8."""


class Answer(msgspec.Struct, frozen=True):
    """What was read, or one reason why nothing was."""

    intake: Intake | None = None
    """What was read."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with it."""
    missing: str = ""
    """The name of the refusal for what is not installed."""
    is_too_large: bool = False
    """Whether reading it took more memory than it may."""


_MISSING: Mapping[str, Callable[[str], LedgerError]] = {
    one.__name__: one for one in (PageReaderMissing, PdfReaderMissing)
}


def read_apart(unread: Unread, within: Within) -> Intake:
    """Return the text that bytes hold, and what the page or file says of itself.

    Raises:
        ProblemsFound: what `read_here` finds wrong; or `reading-too-slow`, `reading-too-large`, `reading-too-long` or
            `reading-broke-off`.
        PageReaderMissing, PdfReaderMissing: what reads pages or PDFs is not installed.
    """
    answer = _answer(unread, within)
    if answer.missing in _MISSING:
        raise _MISSING[answer.missing](unread.name)
    if answer.is_too_large:
        sentence = f"Reading it takes more than {within.memory:,} bytes of memory."
        raise refusal(unread.name, "reading-too-large", sentence, _ELSEWHERE)
    if answer.problems:
        raise ProblemsFound(answer.problems)
    if answer.intake is None:
        raise _broke_off(unread.name)
    return answer.intake


def _answer(unread: Unread, within: Within) -> Answer:
    with TemporaryFile() as asked, TemporaryFile() as answered:
        asked.write(msgspec.msgpack.encode(unread))
        asked.seek(0)
        limits = (f"{within.seconds:g}", str(within.memory), str(within.answer))
        try:
            subprocess.run(  # noqa: S603  this program, and numbers
                [sys.executable, "-P", "-m", "claimledger.intake", *limits], stdin=asked, stdout=answered,
                stderr=subprocess.DEVNULL, env=_environment(), timeout=within.seconds, check=False,
            )  # fmt: skip
        except OSError:
            raise _broke_off(unread.name) from None
        except subprocess.TimeoutExpired:
            sentence = f"Reading it takes more than {within.seconds:g} seconds."
            raise refusal(unread.name, "reading-too-slow", sentence, _ELSEWHERE) from None
        answered.seek(0)
        answer = answered.read(within.answer + 1)
    if len(answer) > within.answer:
        sentence = f"What was read of it has more than {within.answer:,} bytes."
        raise refusal(unread.name, "reading-too-long", sentence, _ELSEWHERE)
    try:
        return msgspec.msgpack.decode(answer, type=Answer)
    except msgspec.DecodeError:
        raise _broke_off(unread.name) from None


def _broke_off(name: str) -> ProblemsFound:
    return refusal(name, "reading-broke-off", "What reads it gave no answer.", _ELSEWHERE)


def _environment() -> dict[str, str]:
    """Return what the process is told: where this one finds its modules, and nothing else that it does not need."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return needed | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
