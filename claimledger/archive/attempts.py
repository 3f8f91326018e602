"""Records each start of a shard, so that an article that ends the process is found and left out.

The first start writes one word. From the second start on, the position of each article is written before it is read. An
article at which two starts ended is not read again. One is not enough: the machine may have been switched off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

DEATHS = 2
"""The number of ends of the process after which an article is set aside."""
MOST_STARTS = 12
"""The number of starts of a shard in one run after which it is given up."""
_RUN, _START, _ALL_READ = "run", "start", "all-read"


class ShardAttempt:
    """One start of a shard."""

    def __init__(self, out: Path, shard: str) -> None:
        """Read the earlier starts and add this one."""
        self.path = out / "tries" / shard
        self.path.parent.mkdir(parents=True, exist_ok=True)
        words = self.path.read_text("utf-8").split() if self.path.exists() else []
        self.deadly = frozenset(find_deadly([*words, _START]))
        self.starts = words.count(_START) + 1
        self.is_hopeless = _starts_in_run(words) >= MOST_STARTS
        _append(self.path, _START)

    def note_article(self, position: int) -> None:
        """Write down which article is read now; the first start does not."""
        if self.starts > 1:
            _append(self.path, str(position))

    def note_all_read(self) -> None:
        """Write down that every article is read: a process that ends from now on blames none of them."""
        if self.starts > 1:
            _append(self.path, _ALL_READ)

    def finish(self) -> None:
        """Remove the record, because the shard is done."""
        self.path.unlink(missing_ok=True)


def begin_run(out: Path, shards: Iterable[str]) -> None:
    """Give shards that were started in an earlier run their full number of starts again."""
    for shard in shards:
        if (path := out / "tries" / shard).exists():
            _append(path, _RUN)


def find_deadly(words: Iterable[str]) -> Iterator[int]:
    """Yield the positions of the articles at which starts ended at least twice.

    >>> list(find_deadly("start start 4 5 start 4 5 start 7".split()))
    [5]
    >>> list(find_deadly("start start 5 all-read start 5 all-read start".split()))
    []
    """
    ends: Counter[str] = Counter()
    last = ""
    for word in words:
        if word == _START and last.isdigit():
            ends[last] += 1
        last = word if word != _RUN else last
    yield from (int(position) for position, count in ends.items() if count >= DEATHS)


def _starts_in_run(words: list[str]) -> int:
    return " ".join(words).rpartition(_RUN)[2].split().count(_START)


def _append(path: Path, word: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")
