"""Build `ledger.db` from a log in a process of its own, and print the time and the memory as JSON.

python scripts/bench_build.py LOG LEDGER
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from claimledger.ledger import log
from claimledger.publishing import ledger_db


def main(folder: Path, path: Path) -> None:
    """Build the file and print wall and processor seconds, and the memory of the main and the largest other process."""
    began = time.perf_counter()
    ledger_db.build_ledger_db(log.read_log(folder), path)
    wall = time.perf_counter() - began
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    times = {"wall": wall, "processor": sum(one.ru_utime + one.ru_stime for one in (own, workers))}
    print(json.dumps(times | {"memory": own.ru_maxrss * 1024, "worker_memory": workers.ru_maxrss * 1024}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
