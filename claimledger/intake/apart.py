"""Bytes that strangers made, read in a process of their own with hard limits of time, memory and length of the answer.

In: `Unread` bytes and the limits. Out: what `read_here` says of them there, or which limit was met. The invariant: the
process and those it started are killed when this returns, whatever the bytes bring a parser to (on Windows the process
alone; elsewhere all that did not leave its session); and of an answer that is not whole nothing is taken. The process
gets no more of the environment than it takes to start. Memory is limited where the system does so: not on Windows,
where the time alone is. At most `MOST_AT_ONCE` such processes run for one program.

Starting takes about 0.3 seconds of one core: it imports what reading needs and nothing else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from time import monotonic

import msgspec

from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.intake.page import PageReaderMissing
from claimledger.intake.pdf_file import PdfReaderMissing
from claimledger.intake.record import Intake, Unread, refusal
from claimledger.messages import Message

MOST_AT_ONCE = 2
"""Documents that are read at the same time; each may fill its limit of memory and keep a core busy."""
_PLACES = BoundedSemaphore(MOST_AT_ONCE)
_NEEDED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP")
"""What a process needs of the environment to start."""


@dataclass(frozen=True, slots=True)
class Within:
    """How much reading may take."""

    seconds: float = 30
    """For everything: waiting for a place, starting and reading."""
    memory: int = 1_000_000_000
    """Bytes of address space."""
    answer: int = 100_000_000
    """Bytes of the answer, most of it the text in UTF-8."""


class ReadingBusy(LedgerError):
    """Other documents were being read for so long that there was no time left for this one."""

    def __init__(self, name: str, seconds: float) -> None:
        """Name the document and say what to do."""
        super().__init__(name=name, seconds=seconds)


class SentProblem(msgspec.Struct, frozen=True):
    """A problem as it passes from one process to the other."""

    key: str
    """The key of its message."""
    values: dict[str, str | int]
    """The values of the message's places."""
    file: str
    """The file, as the person named it."""


def sent(problem: Problem) -> SentProblem:
    """Return a problem of a file in the form that passes to another process."""
    values = {name: value for name, value in problem.message.values if isinstance(value, str | int)}
    return SentProblem(problem.message.key, values, problem.file)


class Answer(msgspec.Struct, frozen=True):
    """What was read, or one reason why nothing was."""

    intake: Intake | None = None
    """What was read."""
    problems: tuple[SentProblem, ...] = ()
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
        ReadingBusy: others were read for so long that it was not.
        ProblemsFound: what `read_here` finds wrong; or `reading-too-slow`, `reading-too-large`, `reading-too-long` or
            `reading-broke-off`.
        PageReaderMissing, PdfReaderMissing: what reads pages or PDFs is not installed.
    """
    answer = _answer(unread, within)
    if answer.missing in _MISSING:
        raise _MISSING[answer.missing](unread.name)
    if answer.is_too_large:
        raise refusal(unread.name, "reading-too-large", limit=within.memory)
    if answer.problems:
        raise ProblemsFound([Problem(Message(one.key, **one.values), file=one.file) for one in answer.problems])
    if answer.intake is None:
        raise _broke_off(unread.name)
    return answer.intake


def _answer(unread: Unread, within: Within) -> Answer:
    until = monotonic() + within.seconds
    has_waited = not _PLACES.acquire(blocking=False)
    if has_waited and not _PLACES.acquire(timeout=within.seconds):
        raise ReadingBusy(unread.name, within.seconds)
    try:
        answer = _answered(unread, within, until - monotonic())
    except subprocess.TimeoutExpired:
        if has_waited:
            raise ReadingBusy(unread.name, within.seconds) from None
        raise refusal(unread.name, "reading-too-slow", seconds=within.seconds) from None
    except OSError:
        raise _broke_off(unread.name) from None
    finally:
        _PLACES.release()
    if len(answer) > within.answer:
        raise refusal(unread.name, "reading-too-long", limit=within.answer)
    try:
        return msgspec.msgpack.decode(answer, type=Answer)
    except msgspec.DecodeError:
        raise _broke_off(unread.name) from None


def _answered(unread: Unread, within: Within, seconds: float) -> bytes:
    """Return what the process answers within these seconds, of an answer that is too long one byte more than it may."""
    limits = (f"{within.seconds:g}", str(within.memory), str(within.answer))
    with TemporaryFile() as asked, TemporaryFile() as answered:
        asked.write(msgspec.msgpack.encode(unread))
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603  this program, and numbers
            [sys.executable, "-P", "-m", "claimledger.intake", *limits], stdin=asked, stdout=answered,
            stderr=subprocess.DEVNULL, env=_environment(), start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(seconds)
        finally:
            _kill(process)
        answered.seek(0)
        return answered.read(within.answer + 1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those that it started: they are a group of their own, and outlive it as one."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left of it
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _broke_off(name: str) -> ProblemsFound:
    return refusal(name, "reading-broke-off")


def _environment() -> dict[str, str]:
    """Return what the process is told: where this one finds its modules, and nothing else that it does not need."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return needed | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
