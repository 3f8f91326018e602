"""Measure a whole publication of one changed claim through the desk: the log, the claim file and `ledger.db`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from unittest.mock import patch

from bench_publish import draft_change, publish
from bench_timing import Measurement, summarize, time_once
from made_up_log import newsroom_claim

from claimledger import desk
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import earlier_index
from claimledger.newsroom.store import DeskStore


def make_desk(places: LedgerPaths, log_folder: Path, built: Path) -> None:
    """Make a ledger with a desk from a log of the profile `newsroom` and its `ledger.db`, without disk waits."""
    shutil.rmtree(places.root, ignore_errors=True)
    shutil.copytree(log_folder, places.log, copy_function=os.link)
    shutil.copyfile(built, places.ledger)
    with patch.object(os, "fsync", lambda _: None):
        with DeskStore(places.desk, places.log) as store:
            earlier_index.update_earlier_index(store)
        desk.build_public_files(places)


def measure_publish(places: LedgerPaths, claims: int, ledger: tuple[str, int, int], runs: int) -> Iterator[Measurement]:
    """Yield the time of publishing another wording of a claim, after a first time that is not measured."""
    names = list(islice(_names_to_reword(claims), runs + 1))
    times = []
    for name in names:
        draft_change(places, name)
        times.append(time_once(partial(publish, places, name)))
    yield summarize("publish", times[1:], ledger)


def _names_to_reword(claims: int) -> Iterator[str]:
    """Yield claims that `draft_change` can give other words, from all parts of the ledger."""
    for place in count():
        claim = newsroom_claim(place * 7_919 % claims, claims)
        if "about" in claim["statement"]["en"] and place * 7_919 % claims % 10:
            yield claim["claim_id"]
