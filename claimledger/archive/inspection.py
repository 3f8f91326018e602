"""Reads the state of an output folder, adds it up, and compares its files with the manifest."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from claimledger.archive.output_files import (
    ARCHIVE_TABLES, DOUBLED, ManifestRow, Row, read_manifest, read_plan, read_settings, table_bytes,
    table_path,
)  # fmt: skip
from claimledger.errors import Problem
from claimledger.ledger.files import replace_bytes

_RECENT_ROWS = 20
_RECENT_SECONDS = 600


class ArchiveStatus(msgspec.Struct, frozen=True):
    """The state of an output folder."""

    done: int
    """The number of shards that are done."""
    shards: int
    """The number of all shards."""
    articles: int
    """The number of articles that were read."""
    candidates: int
    """The number of candidates."""
    figures: int
    """The number of their figures."""
    set_aside: dict[str, int]
    """The number of articles that were set aside, by reason."""
    articles_a_second: float | None = None
    """The speed of the last shards, if some was finished in the last ten minutes."""
    seconds_left: float | None = None
    """The time left at this speed."""


def read_status(out: Path) -> ArchiveStatus:
    """Return the state of an output folder.

    Raises:
        NotAnArchive: the folder has no archive.
    """
    read_settings(out)
    rows = read_manifest(out)
    names = {shard.name for shard in read_plan(out)} | set(rows)
    reasons: Counter[str] = Counter()
    for row in rows.values():
        reasons.update(row.set_aside)
    reasons += Counter({"id-doubled": _doubled_count(out)})
    articles = sum(row.articles for row in rows.values())
    speed = _speed(rows.values())
    left = (len(names) - len(rows)) * articles / max(len(rows), 1)
    candidates, figures = (sum(getattr(row, name) for row in rows.values()) for name in ("candidates", "figures"))
    seconds = left / speed if speed else None
    set_aside = dict(sorted(reasons.items()))
    return ArchiveStatus(len(rows), len(names), articles, candidates, figures, set_aside, speed, seconds)


def _speed(rows: Iterable[ManifestRow]) -> float | None:
    """Return the articles a second of the newest rows, or None if no run is going on."""
    newest = sorted(rows, key=lambda row: row.finished)[-_RECENT_ROWS:]
    if not newest or newest[-1].finished < time.time() - _RECENT_SECONDS:
        return None
    seconds = newest[-1].finished - newest[0].finished
    return round(sum(row.articles for row in newest[1:]) / seconds, 1) if seconds > 0 else None


def _doubled_count(out: Path) -> int:
    """Return the number of articles that were set aside at the end of the newest finished run."""
    from pyarrow import parquet  # noqa: PLC0415  of an extra, and slow to import

    path = table_path(out, "set-aside", DOUBLED)
    return int(parquet.read_metadata(path).num_rows) if path.exists() else 0


def finish_archive(out: Path) -> ArchiveStatus:
    """Set articles aside whose identifier an earlier one has, write `summary.json`, and return the state."""
    replace_bytes(table_path(out, "set-aside", DOUBLED), table_bytes("set-aside", list(find_doubled(out))))
    status = msgspec.structs.replace(read_status(out), articles_a_second=None, seconds_left=None)
    replace_bytes(out / "summary.json", msgspec.json.format(msgspec.json.encode(status), indent=1) + b"\n")
    return status


def find_doubled(out: Path) -> Iterator[Row]:
    """Yield each article whose identifier an earlier article has, as a row of the table of bad articles."""
    from pyarrow import array, compute, dataset, string  # noqa: PLC0415  of an extra, and slow to import

    articles = dataset.dataset([str(path) for path in sorted((out / "articles").glob("*.parquet"))])
    ids = articles.to_table(columns=["article_id"])
    counts = ids.group_by("article_id").aggregate([([], "count_all")])
    twice = array(counts.filter(compute.field("count_all") > 1)["article_id"].to_pylist(), string())
    found = articles.to_table(["article_id", "file", "line"], filter=compute.field("article_id").isin(twice))
    seen: set[str] = set()
    for row in sorted(found.to_pylist(), key=lambda row: (row["file"], row["line"])):
        if row["article_id"] in seen:
            yield row | {"reason": "id-doubled", "detail": None}
        seen.add(row["article_id"])


def check_archive(out: Path) -> list[Problem]:
    """Return a problem for each file that differs from the manifest, is missing or is not in it, and each open shard.

    Raises:
        NotAnArchive: the folder has no archive.
    """
    read_settings(out)
    rows = read_manifest(out)
    problems = [Problem("archive-shard-left", file=shard.name) for shard in read_plan(out) if shard.name not in rows]
    for row in rows.values():
        problems += _file_problems(out, row)
    for table in ARCHIVE_TABLES:
        own = (path for path in sorted((out / table).glob("*.parquet")) if path.stem != DOUBLED)
        problems += [
            Problem("archive-file-unknown", file=path.relative_to(out).as_posix())
            for path in own
            if path.stem not in rows
        ]
    return problems


def _file_problems(out: Path, row: ManifestRow) -> Iterator[Problem]:
    for table, digest in row.outputs.items():
        path = table_path(out, table, row.shard.name)
        name = path.relative_to(out).as_posix()
        if not path.exists():
            yield Problem("archive-file-missing", file=name)
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield Problem("archive-file-changed", file=name)
