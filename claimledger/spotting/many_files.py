"""Spot many files, in one process or several, and yield each result as soon as it is ready.

Results come in the order of the paths. Each has the candidates of a file, or the problem that prevented reading it. A
web page or a Word file is read as `claimledger article add` reads it, so that markup is never read as prose. A text
that obviously contains markup is refused. One bad file never stops the others, and only a few files wait in memory.
Worker processes are spawned, because a forked one hangs if its parent has loaded kiwi. This module does not know how
candidates are found or printed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.intake import begins_as_page, extract_document
from claimledger.messages import Message, Value
from claimledger.spotting.candidates import Candidate, spot_with_problems
from claimledger.spotting.markup import find_markup

LARGEST_FILE = 20_000_000
"""The greatest size of a file in bytes; a larger file is not an article."""
_ZIP = b"PK\x03\x04"
_QUEUED_PER_WORKER = 4
"""The number of files queued in advance for each worker."""


@dataclass(frozen=True, slots=True)
class SpottedFile:
    """The result for one file."""

    path: str
    """The path, as given."""
    candidates: tuple[Candidate, ...]
    """Its candidates, in order."""
    problem: Problem | None
    """The reason why the file, or a paragraph of it, could not be read."""
    is_extracted: bool = False
    """True if offsets are those of the text extracted from a web page or Word file, not those of the file."""


def spot_files(
    paths: Iterable[str | Path], workers: int = 1, progress: Callable[[int, str], object] | None = None
) -> Iterator[SpottedFile]:
    """Yield the result for each file in order; `progress` is called with the number of finished files and the path."""
    results = map(spot_file, map(str, paths)) if workers <= 1 else _spot_in_processes(map(str, paths), workers)
    for done, spotted in enumerate(results, 1):
        if progress:
            progress(done, spotted.path)
        yield spotted


def spot_file(path: str) -> SpottedFile:
    """Return the candidates of one file, or the problem with it."""
    try:
        size = Path(path).stat().st_size
        if size > LARGEST_FILE:
            return _failure(path, "text-too-large/spotting", size=size, limit=LARGEST_FILE)
        content = Path(path).read_bytes()
    except OSError as error:
        return _failure(path, "text-not-read", reason=error.strerror or type(error).__name__)
    if begins_as_page(content, path) or content.startswith(_ZIP):
        return _spot_extracted(path, content)
    text = _decode(content)
    if isinstance(text, int):
        return _failure(path, "text-not-utf8", at=text)
    if kind := find_markup(text):
        return _failure(path, f"text-markup/{kind}")
    return _spot_content(path, text)


def _spot_extracted(path: str, content: bytes) -> SpottedFile:
    """Return the candidates of the article in a web page or a Word file, or the problem with it."""
    media_type = None if content.startswith(_ZIP) else "text/html"
    try:
        text = extract_document(content, name=path, content_type=media_type).text.decode()
    except ProblemsFound as found:
        return SpottedFile(path, (), found.problems[0])
    except LedgerError as refusal:
        return _failure(path, "text-not-extracted", reason=refusal.message)
    return _spot_content(path, text, is_extracted=True)


def _spot_content(path: str, text: str, *, is_extracted: bool = False) -> SpottedFile:
    """Return the candidates of a text, and the problem of a language that failed on one of its paragraphs."""
    found = spot_with_problems(text)
    problem = found.problems[0].relocate(file=path) if found.problems else None
    return SpottedFile(path, found.candidates, problem, is_extracted)


def _decode(content: bytes) -> str | int:
    """Return the text, or the offset of the first byte that is a NUL or is not UTF-8."""
    if (at := content.find(b"\x00")) >= 0:
        return at
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start


def _failure(path: str, key: str, /, **values: Value) -> SpottedFile:
    return SpottedFile(path, (), Problem(Message(key, **values), file=path))


def _spot_in_processes(paths: Iterator[str], workers: int) -> Iterator[SpottedFile]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[SpottedFile]] = deque()
        for path in paths:
            waiting.append(pool.submit(spot_file, path))
            if len(waiting) >= workers * _QUEUED_PER_WORKER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
