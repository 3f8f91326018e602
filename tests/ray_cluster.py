"""A program that runs a Ray cluster of several nodes on this machine, and kills or adds a node at each word it reads.

It prints the address of the head, which has no processors, and then one line for each word: `kill`, `add`, `end`.
"""

from __future__ import annotations

import os
import signal
import sys

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  else workers get what other programs leave


def main() -> None:
    """Run the cluster until `end` or the end of the input."""
    from ray._private import ray_constants  # noqa: PLC0415  of a package that most environments lack
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    nodes = [cluster.add_node(num_cpus=1) for _ in range(3)]
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for word in map(str.strip, sys.stdin):
        if word == "end":
            break
        if word == "add":
            nodes.append(cluster.add_node(num_cpus=1))
        else:
            raylet = nodes.pop(0).all_processes[ray_constants.PROCESS_TYPE_RAYLET][0]
            os.kill(raylet.process.pid, signal.SIGKILL)
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()
    cluster.shutdown()


if __name__ == "__main__":
    main()
