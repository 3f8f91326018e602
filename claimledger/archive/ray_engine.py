"""Runs a function for many tasks on a Ray cluster; only this module imports Ray.

One task is one row of Ray Data, and only a task and its result pass through Ray. Ray does a task again if its node is
lost. No usage report is sent, and no progress bar is drawn.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any

WORKER_MEMORY = 1_000_000_000
"""The memory that Ray reserves for each process, in bytes."""
_QUEUED_PER_WORKER = 2


class RayWorker:
    """A process of the cluster that does one task after another."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        """Keep the function; the modules and models that it loads stay loaded."""
        self.work = work

    def __call__(self, batch: dict[str, Sequence[bytes]]) -> dict[str, list[bytes]]:
        """Return the results of a batch of tasks; an exception is a result."""
        return {"result": [self._answer(task) for task in batch["task"]]}

    def _answer(self, task: bytes) -> bytes:
        try:
            return pickle.dumps(self.work(pickle.loads(task)))  # noqa: S301  it comes from `run_tasks_on_ray`
        except Exception as error:  # noqa: BLE001 - the driver raises it
            return pickle.dumps(error)


def run_tasks_on_ray(work: Callable[[Any], Any], tasks: Sequence[object], address: str) -> Iterator[Any]:
    """Yield the result of each task as soon as it is ready; an exception of the function is raised and ends the run.

    `address` is that of the cluster's head (host:port), `auto` for this machine's cluster, or `local` to start one.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray  # noqa: PLC0415  of an extra, and slow to import
    from ray.data import ActorPoolStrategy, DataContext, from_items  # noqa: PLC0415

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    ray.init(address, **quiet, **({"include_dashboard": False} if address == "local" else {}))
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        context = DataContext.get_current()
        context.enable_progress_bars = False
        most = min(len(tasks), max(1, int(ray.cluster_resources().get("CPU", 1))))
        pool = ActorPoolStrategy(min_size=1, max_size=most, max_tasks_in_flight_per_actor=_QUEUED_PER_WORKER)
        rows = from_items(
            [{"task": pickle.dumps(task)} for task in tasks], override_num_blocks=len(tasks)
        ).map_batches(
            RayWorker, batch_size=1, compute=pool, num_cpus=1, memory=WORKER_MEMORY, fn_constructor_args=(work,)
        )  # fmt: skip
        for row in rows.iter_rows():
            result = pickle.loads(row["result"])  # noqa: S301  `RayWorker` made it
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        ray.shutdown()
