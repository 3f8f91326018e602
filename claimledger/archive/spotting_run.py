"""Spots a whole archive: plans its shards, runs those that are not done yet, and adds up the results.

The shards run in processes of this machine, as one of several parts, or on a Ray cluster, with the same rows. A run
that was interrupted goes on where it stopped, because a shard with a row in the manifest is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from claimledger.archive.attempts import begin_run
from claimledger.archive.inspection import ArchiveStatus, finish_archive, read_status
from claimledger.archive.output_files import (
    ArchiveSettings, ManifestRow, begin_archive, demand_package, installed_settings, read_manifest, remove_shards,
    write_plan,
)  # fmt: skip
from claimledger.archive.processes import run_tasks
from claimledger.archive.ray_engine import run_tasks_on_ray
from claimledger.archive.shard_spotting import LONGEST_READING, ShardGivenUp, spot_shard
from claimledger.archive.sources import ArticleFields, SourceShard, plan_shards


class RunOptions(NamedTuple):
    """The choices for a run."""

    fields: ArticleFields = ArticleFields()
    """The fields of an article."""
    jobs: int = 1
    """The number of processes on this machine."""
    part: tuple[int, int] = (1, 1)
    """The number of this part, from 1, and the number of parts."""
    ray: str = ""
    """The address of a Ray cluster, or an empty text."""
    limit: float = LONGEST_READING
    """The seconds that one article may take."""


class RunProgress(NamedTuple):
    """The state of a run after a shard."""

    done: int
    """The number of shards of this run that are done."""
    shards: int
    """The number of shards of this run."""
    articles: int
    """The number of articles that this run has read."""


def spot_archive(
    source: Path, out: Path, options: RunOptions, report: Callable[[RunProgress], object]
) -> ArchiveStatus:
    """Spot the articles of a source into an output folder and return its state; `report` is called for each shard.

    Raises:
        ArchivePackageMissing: pyarrow is not installed, or Ray, if it is to run there.
        ArchiveSettingsDiffer: the output folder was begun with another version or option.
        NoArticles: the source has no file that can be read.
        OSError: a file cannot be read or written.
    """
    demand_package("pyarrow", "parquet")
    if options.ray:
        demand_package("ray", "cluster")
    source, out = source.resolve(), out.resolve()
    settings = installed_settings(options.fields)
    plan = list(plan_shards(source, out))
    begin_archive(out, settings)
    write_plan(out, plan)
    done = read_manifest(out)
    remove_shards(out, _outdated_shards(plan, done))
    left = [shard for shard in plan if shard.name not in done or done[shard.name].shard != shard]
    left = [shard for shard in left if _is_in_part(shard.name, *options.part)]
    begin_run(out, [shard.name for shard in left])
    work = partial(_spot_or_give_up, source, out, settings, options.limit)
    articles = 0
    for number, row in enumerate(_run(work, left, options), 1):
        articles += row.articles if row else 0
        report(RunProgress(number, len(left), articles))
    status = read_status(out)
    return finish_archive(out) if status.done == status.shards else status


def _run(
    work: Callable[[SourceShard], ManifestRow | None], left: Sequence[SourceShard], options: RunOptions
) -> Iterator[ManifestRow | None]:
    if not left:
        return iter(())
    return run_tasks_on_ray(work, left, options.ray) if options.ray else run_tasks(work, left, options.jobs)


def _spot_or_give_up(
    source: Path, out: Path, settings: ArchiveSettings, limit: float, shard: SourceShard
) -> ManifestRow | None:
    """Return the row of a shard, or None if it was given up; then it stays left."""
    try:
        return spot_shard(source, out, shard, settings, limit=limit)
    except ShardGivenUp:
        return None


def _outdated_shards(plan: Sequence[SourceShard], done: dict[str, ManifestRow]) -> list[str]:
    """Return the shards that a file of the plan no longer has, because it became shorter."""
    names = {shard.name for shard in plan}
    files = {name.rpartition("-")[0] for name in names}
    return [name for name in done if name not in names and name.rpartition("-")[0] in files]


def _is_in_part(name: str, part: int, parts: int) -> bool:
    return int(sha256(name.encode()).hexdigest(), 16) % parts == part - 1
