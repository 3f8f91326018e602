"""Reads untrusted bytes in a separate process with hard limits of time, memory and length of the answer.

The result is the same as that of `read_in_this_process`, or the limit that was exceeded. Before the function returns,
the process and its child processes are killed, whatever the bytes make a parser do. On Windows only the process itself
is killed; elsewhere all processes in its session are. An incomplete answer is ignored. The process gets only the
environment that it needs to start. Memory is limited except on Windows, where only time is. At most `MAX_PROCESSES`
such processes run for one program.

Starting takes about 0.3 seconds of one core, since only the modules needed for reading are imported.
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
from claimledger.intake.record import ExtractedDocument, UnreadDocument, problem_in_file
from claimledger.messages import Message

MAX_PROCESSES = 2
"""The number of documents that are read at the same time. Each may fill its memory limit and use one core."""
_FREE_PROCESSES = BoundedSemaphore(MAX_PROCESSES)
_NEEDED_VARIABLES = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP")
"""The environment variables that a process needs to start."""
_USED_UP = {-signal.SIGXCPU} if hasattr(signal, "SIGXCPU") else set()
"""The return codes of a process that reached its limit of processor time."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The limits for reading one document."""

    seconds: float = 30
    """The seconds for everything: waiting for a free process, starting and reading."""
    processor: int = 8
    """The seconds of processor time."""
    memory: int = 1_000_000_000
    """The bytes of address space."""
    answer: int = 100_000_000
    """The bytes of the answer, most of which is the text in UTF-8."""


class ReadingBusy(LedgerError):
    """Raised when other documents were being read until the time for this one was up."""

    def __init__(self, name: str, seconds: float) -> None:
        """Name the document and the time in the message."""
        super().__init__(name=name, seconds=seconds)


class SentProblem(msgspec.Struct, frozen=True):
    """A problem as it passes from one process to the other."""

    key: str
    """The key of its message."""
    values: dict[str, str | int]
    """The values of the message's places."""
    file: str
    """The file, as the person named it."""


def sendable_problem(problem: Problem) -> SentProblem:
    """Return a problem of a file in the form that passes to another process."""
    values = {name: value for name, value in problem.message.values if isinstance(value, str | int)}
    if len(values) < len(problem.message.values):
        raise TypeError(f"{problem.code}: only text and whole numbers pass to another process")
    return SentProblem(problem.message.key, values, problem.file)


class ReaderAnswer(msgspec.Struct, frozen=True):
    """The extracted document, or one reason why there is none."""

    intake: ExtractedDocument | None = None
    """The extracted document."""
    problems: tuple[SentProblem, ...] = ()
    """The problems of the document."""
    missing: str = ""
    """The name of the exception for a missing package."""
    is_too_large: bool = False
    """True if reading exceeded the memory limit."""


_MISSING: Mapping[str, Callable[[str], LedgerError]] = {
    one.__name__: one for one in (PageReaderMissing, PdfReaderMissing)
}


def read_in_subprocess(unread: UnreadDocument, within: ReadingLimits) -> ExtractedDocument:
    """Read a document in a separate process.

    Raises:
        ReadingBusy: other documents were being read until the time was up.
        ProblemsFound: a problem of `read_in_this_process`; or `reading-too-slow`, `reading-too-large`,
            `reading-too-long` or `reading-broke-off`.
        PageReaderMissing, PdfReaderMissing: the package that reads pages or PDFs is not installed.
    """
    answer = _request_answer(unread, within)
    if answer.missing in _MISSING:
        raise _MISSING[answer.missing](unread.name)
    if answer.is_too_large:
        raise problem_in_file(unread.name, "reading-too-large", limit=within.memory)
    if answer.problems:
        raise ProblemsFound([Problem(Message(one.key, **one.values), file=one.file) for one in answer.problems])
    if answer.intake is None:
        raise _broke_off(unread.name)
    return answer.intake


def _request_answer(unread: UnreadDocument, within: ReadingLimits) -> ReaderAnswer:
    until = monotonic() + within.seconds
    has_waited = not _FREE_PROCESSES.acquire(blocking=False)
    if has_waited and not _FREE_PROCESSES.acquire(timeout=within.seconds):
        raise ReadingBusy(unread.name, within.seconds)
    try:
        answer = _run_process(unread, within, until - monotonic())
    except subprocess.TimeoutExpired:
        if has_waited:
            raise ReadingBusy(unread.name, within.seconds) from None
        raise problem_in_file(unread.name, "reading-too-slow", seconds=within.seconds) from None
    except OSError:
        raise _broke_off(unread.name) from None
    finally:
        _FREE_PROCESSES.release()
    if len(answer) > within.answer:
        raise problem_in_file(unread.name, "reading-too-long", limit=within.answer)
    try:
        return msgspec.msgpack.decode(answer, type=ReaderAnswer)
    except msgspec.DecodeError:
        raise _broke_off(unread.name) from None


def _run_process(unread: UnreadDocument, within: ReadingLimits, seconds: float) -> bytes:
    """Run the process for at most this number of seconds and return its answer.

    An answer that is too long is cut to one byte more than its limit.
    """
    limits = (str(within.processor), str(within.memory), str(within.answer))
    with TemporaryFile() as input_file, TemporaryFile() as output_file:
        input_file.write(msgspec.msgpack.encode(unread))
        input_file.seek(0)
        process = subprocess.Popen(  # noqa: S603  this program, and numbers
            [sys.executable, "-P", "-m", "claimledger.intake", *limits], stdin=input_file, stdout=output_file,
            stderr=subprocess.DEVNULL, env=_environment(), start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(seconds)
        finally:
            _kill(process)
        if process.returncode in _USED_UP:
            raise problem_in_file(unread.name, "reading-too-slow/processor", seconds=within.processor)
        output_file.seek(0)
        return output_file.read(within.answer + 1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its child processes, which are one process group and can outlive it."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # all its processes have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _broke_off(name: str) -> ProblemsFound:
    return problem_in_file(name, "reading-broke-off")


def _environment() -> dict[str, str]:
    """Return the environment of the process: the module search path and the variables it needs to start."""
    needed = {name: os.environ[name] for name in _NEEDED_VARIABLES if name in os.environ}
    return needed | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
