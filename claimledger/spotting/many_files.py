"""Many files spotted, in one process or several, each as soon as it is read.

In: paths. Out: for each, in the order given, its candidates or the problem that kept it from being read. The
invariant: one bad file never stops the others, and no more than a few files wait in memory. Workers are spawned: a
forked one hangs when kiwi exists in its parent. It must not know how candidates are found or printed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from claimledger.errors import Problem
from claimledger.spotting.candidates import Candidate, spot_text

LARGEST_FILE = 20_000_000
"""Bytes; a larger file is no article."""
_WAITING = 4
"""Files handed out ahead, for each worker."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """What became of one file."""

    path: str
    """The file, as named."""
    candidates: tuple[Candidate, ...]
    """Its candidates, in order."""
    problem: Problem | None
    """Why it could not be read."""


def spot_files(
    paths: Iterable[str | Path], workers: int = 1, progress: Callable[[int, str], object] | None = None
) -> Iterator[Spotted]:
    """Yield what each file gives, in order; `progress` is told the number done and the file."""
    results = map(spot_file, map(str, paths)) if workers <= 1 else _in_processes(map(str, paths), workers)
    for done, spotted in enumerate(results, 1):
        if progress:
            progress(done, spotted.path)
        yield spotted


def spot_file(path: str) -> Spotted:
    """Return the candidates of one file, or what is wrong with it."""
    try:
        size = Path(path).stat().st_size
        if size > LARGEST_FILE:
            return _failed(
                path,
                "text-too-large",
                f"The file has {size:,} bytes; an article has at most {LARGEST_FILE:,}.",
                "Give one article a file.",
            )
        content = Path(path).read_bytes()
    except OSError as error:
        return _failed(
            path, "text-not-read", f"The file cannot be read: {error.strerror}.", "Give the path of a text file."
        )
    text = _decoded(content)
    if isinstance(text, str):
        return Spotted(path, tuple(spot_text(text)), None)
    return _failed(
        path, "text-not-utf8", f"Byte {text} does not belong to a text in UTF-8.", "Save the article as UTF-8 text."
    )


def _decoded(content: bytes) -> str | int:
    """Return the text, or the offset of the first byte that is none."""
    if (at := content.find(b"\x00")) >= 0:
        return at
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start


def _failed(path: str, code: str, sentence: str, remedy: str) -> Spotted:
    return Spotted(path, (), Problem(code, sentence, remedy, path))


def _in_processes(paths: Iterator[str], workers: int) -> Iterator[Spotted]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Spotted]] = deque()
        for path in paths:
            waiting.append(pool.submit(spot_file, path))
            if len(waiting) >= workers * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
