"""Measure what it costs to publish one changed claim, in ledgers of several sizes.

Each ledger has a desk, a log, printed claim files and an index of earlier claims, as after a publication. Another
person's drafts may be open beside. `ledger.db` is not built, neither before nor while the time is taken.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from bench_desk import article_drafts, vary_claim
from bench_lines import Time
from direct_publishing import publish_directly
from made_up import made_up_claim

from claimledger import desk
from claimledger.desk import check_steps, lookups, publish_steps
from claimledger.desk_vocabulary import Role
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import earlier_index
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import RevisionKind, Subject
from claimledger.workflow import StaffMember

RUNS = 31
"""The number of publications that are measured."""
PER_PUBLICATION = 10_000
"""The number of claims that are published together while a ledger is made."""
NOW = datetime(2025, 5, 2, 9, 0, tzinfo=UTC)
SECONDS = 0.100
"""The time that publishing one claim may take."""
EXPONENT = 0.1
"""The largest exponent of growth of the time with the number of claims."""
HEAD = ("claims", "wall", "processor", "slowest", "write and fsync", "load")
WIDTHS = (9, 10, 10, 10, 15, 5)


class Publishing(NamedTuple):
    """The times of publishing one claim in a ledger of one size."""

    claims: int
    """The number of claims in the ledger."""
    times: Sequence[Time]
    """The time of each publication."""
    sync_times: Sequence[float]
    """The seconds that writing 4 KiB and waiting for the disk took, once beside each publication."""
    load: float
    """The load average of the computer afterwards, over one minute."""

    @property
    def wall(self) -> float:
        """The median of the seconds by the clock."""
        return statistics.median(one.wall for one in self.times)

    @property
    def processor(self) -> float:
        """The median of the seconds of processor time."""
        return statistics.median(one.processor for one in self.times)


def report(sizes: Sequence[int], folder: Path, *, runs: int | None = None, waiting: int = 0) -> Iterator[str]:
    """Yield the table, each line as soon as it is measured, and the exponents of growth.

    The ledgers are made in `folder` and stay there; one that exists is used again. Another person has `waiting` open
    drafts.
    """
    runs = runs or RUNS
    yield f"Publishing one changed claim without ledger.db: medians of {runs} runs, {waiting:,} other drafts open"
    yield _row(HEAD)
    measured = []
    for claims in sizes:
        places = LedgerPaths(folder / str(claims))
        make_ledger(places, claims)
        make_waiting(places, claims, waiting)
        measured.append(measure(places, claims, runs))
        yield format_publishing(measured[-1])
    if len(measured) > 1:
        yield f"exponent of growth: {_exponents(measured)} (wanted: at most {EXPONENT})"


def format_publishing(one: Publishing) -> str:
    """Return a line of the table."""
    slowest = max(each.wall for each in one.times)
    sync = statistics.median(one.sync_times)
    shown = (*(f"{seconds * 1000:.1f} ms" for seconds in (one.wall, one.processor, slowest, sync)), f"{one.load:.1f}")
    return _row((f"{one.claims:,}", *shown))


def _row(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


def _exponents(measured: Sequence[Publishing]) -> str:
    sizes = [math.log(one.claims) for one in measured]
    walls, processors = ([math.log(getattr(one, name)) for one in measured] for name in ("wall", "processor"))
    by_clock, by_processor = (statistics.linear_regression(sizes, times).slope for times in (walls, processors))
    return f"{by_clock:.3f} by the clock, {by_processor:.3f} by processor time"


def make_ledger(places: LedgerPaths, claims: int) -> None:
    """Make a ledger with so many public claims, unless it exists.

    Nothing waits for the disk while it is made. An interrupted ledger is incomplete; delete its folder.
    """
    if places.root.exists():
        return
    places.root.mkdir(parents=True)
    with patch.object(os, "fsync", lambda _: None), without_ledger_db():
        with DeskStore(places.desk, places.log) as store:
            store.connection.execute("PRAGMA synchronous = OFF")
            articles = {str(made_up_claim(number)["article_id"]) for number in range(claims)}
            publish_directly(store, article_drafts(articles), "sora", now=NOW)
            for first in range(0, claims, PER_PUBLICATION):
                _publish_claims(store, range(first, min(first + PER_PUBLICATION, claims)))
            earlier_index.update_earlier_index(store)
        desk.build_public_files(places)


def _publish_claims(store: DeskStore, numbers: Sequence[int]) -> None:
    drafts = [_draft(number) for number in numbers]
    with store.writing() as connection:
        store.append_drafts(connection, drafts, NOW)
    publish_directly(store, store.open_drafts(), "sora", now=NOW)


def _draft(number: int) -> Draft:
    claim = vary_claim(made_up_claim(number), number)
    return Draft(
        Subject.CLAIM, claim["claim_id"], None, RevisionKind.LISTED, ("haru",), "기사에서 옮겼다.", encode_body(claim)
    )


def make_waiting(places: LedgerPaths, claims: int, waiting: int) -> None:
    """Make new drafts until so many are open, of claims that are not public."""
    with DeskStore(places.desk, places.log) as store, store.writing() as connection:
        lacking = waiting - connection.execute("SELECT count(*) FROM waiting").fetchone()[0]
        number = connection.execute("SELECT count(*) FROM draft").fetchone()[0] + claims
        store.append_drafts(connection, [_draft(number + place) for place in range(lacking)], NOW)
    with DeskStore(places.desk, places.log) as store:
        earlier_index.update_earlier_index(store)


def measure(places: LedgerPaths, claims: int, runs: int) -> Publishing:
    """Publish one changed claim so many times, after a first time that is not measured."""
    times, sync_times = [], []
    step = max(claims // (runs + 1), 1)
    with without_ledger_db():
        for run in range(runs + 1):
            claim_id = made_up_claim(run * step % claims)["claim_id"]
            draft_change(places, claim_id)
            sync_times.append(_sync_seconds(places.root / "bench.sync"))
            times.append(_measure_time(lambda claim_id=claim_id: publish(places, claim_id)))  # type: ignore[misc]
    return Publishing(claims, times[1:], sync_times[1:], os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0)


def draft_change(places: LedgerPaths, claim_id: str) -> None:
    """Draft another wording of a claim."""
    before = lookups.claim_at_desk(places, claim_id)
    text = before.claim.statement["en"]
    statement = dict(before.claim.statement) | {
        "en": text.replace("about", "some") if "about" in text else text.replace("some", "about")
    }
    made = Edit("nara", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    fields = before.claim.to_json() | {"statement": statement}
    desk.edit(places, claim_id, fields, check_steps.SeenVersion(before.head_sha256, None), made)


def publish(places: LedgerPaths, claim_id: str) -> None:
    """Publish the draft of a claim."""
    publish_steps.publish(places, StaffMember("sora", (Role.EDITOR,)), [claim_id], is_clock_right=True)


@contextmanager
def without_ledger_db() -> Iterator[None]:
    """Leave out the step that builds `ledger.db`."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(publish_steps, "build_ledger", lambda *_, **__: False))
        yield


def _measure_time(work: Callable[[], object]) -> Time:
    began, worked = time.perf_counter(), time.process_time()
    work()
    return Time(time.perf_counter() - began, time.process_time() - worked)


def _sync_seconds(path: Path) -> float:
    """Return the seconds that writing 4 KiB to a file and waiting for the disk takes."""
    with path.open("wb") as file:
        file.write(b"x" * 4_096)
        file.flush()
        began = time.perf_counter()
        os.fsync(file.fileno())
        return time.perf_counter() - began
