"""Measure the import of an archive of past checks, and the pages of the ledger that it leads to.

The two steps run on the command line, as a newsroom runs them. Memory is that of all their processes together, shared
pages counted once. Each request has another address, so that no answer comes from the cache of pages.
"""

from __future__ import annotations

import asyncio
import csv
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import yaml
from bench_bulk import claim_drafts
from datasette.app import Datasette
from direct_publishing import publish_directly
from made_up import PLACES, THINGS, made_up_claim

from claimledger.accounts import cli_tokens, people
from claimledger.datasette_plugin.ledger_database import close_ledgers
from claimledger.desk_vocabulary import Role
from claimledger.desk.step_setup import open_store, utc_now
from claimledger.hosting.server import DATASETTE_SETTINGS
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.metadata import metadata_text

REQUESTS = 21
CLAIMS = 100
"""The claims of the ledger, on the subjects of the checks."""
ARCHIVE = "seorae"
MAPPING = f"""name = "{ARCHIVE}"
[columns]
id = "No."
claim = "Claim"
speaker = "Speaker"
rating = "Verdict"
address = "URL"
checked_on = "Date"
language = "Language"
[publisher]
en = "Seorae Daily"
ko = "서래일보"
"""
RATINGS = ("사실", "대체로 사실", "절반의 사실", "전혀 사실 아님", "True", "Mostly FALSE!")
MAX_SECONDS, MAX_BYTES = 300, 500_000_000
"""The most time by the clock, and the most memory, of the import of 100,000 rows on two cores."""
_BETWEEN = 0.1
"""Seconds between two looks at the memory."""
_HEAD = ("what", "by the clock", "processor", "memory", "target", "met")
_WIDTHS = (-30, 13, 11, 14, 17, 5)
"""The width of each column; a negative one is aligned to the left."""
_RUN = "from claimledger.cli import main; main()"


class Step(NamedTuple):
    """A command, as it was measured."""

    name: str
    seconds: float
    processor: float
    bytes: int
    """The most memory of all its processes together."""


class Page(NamedTuple):
    """A kind of page, as it was measured."""

    name: str
    times: Sequence[float]
    limit: float
    """The maximum median, in seconds."""


def report(rows: int, folder: Path) -> Iterator[str]:
    """Yield the lines on the import of an archive with so many rows, and on the pages afterwards."""
    yield f"{rows:,} past checks, {REQUESTS} requests of each kind of page, each with another address; medians"
    yield _row(*_HEAD)
    steps = []
    for step in import_archive(folder, rows):
        steps.append(step)
        yield _step_line(step, "")
    seconds, processor = sum(one.seconds for one in steps), sum(one.processor for one in steps)
    whole = Step("both", seconds, processor, max(one.bytes for one in steps))
    met = "yes" if whole.seconds <= MAX_SECONDS and whole.bytes <= MAX_BYTES else "no"
    yield _step_line(whole, f"≤ {MAX_SECONDS} s, {MAX_BYTES // 1_000_000} MB", met)
    for page in asyncio.run(_measure_pages(LedgerPaths(folder), rows)):
        seconds = statistics.median(page.times)
        met = "yes" if seconds <= page.limit else "no"
        yield _row(page.name, f"{seconds * 1000:.0f} ms", "", "", f"≤ {page.limit * 1000:.0f} ms", met)


def _row(*cells: str) -> str:
    """Return the cells of a line in their columns."""
    padded = (f"{cell:{'<' if width < 0 else '>'}{abs(width)}}" for cell, width in zip(cells, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()


def _step_line(step: Step, target: str, met: str = "") -> str:
    memory = f"{step.bytes / 1_000_000:.0f} MB" if step.bytes else "not measured"
    return _row(step.name, f"{step.seconds:.1f} s", f"{step.processor:.1f} s", memory, target, met)


def import_archive(folder: Path, rows: int) -> Iterator[Step]:
    """Make a ledger and an archive, then propose and approve the import; yield each step as it was measured."""
    places = LedgerPaths(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokens = _hire(places)
    write_archive(folder / "archive.csv", rows)
    (folder / "archive.toml").write_text(MAPPING, encoding="utf-8")
    files = [str(folder / "archive.csv"), "--mapping", str(folder / "archive.toml")]
    yield _run("import checks", folder, ["import", "checks", *files], tokens["haru"])
    yield _run("import approve, with the build", folder, ["import", "approve", ARCHIVE, "--yes"], tokens["sora"])


def _hire(places: LedgerPaths) -> Mapping[str, str]:
    """Publish some claims and add two editors; return their tokens."""
    with open_store(places) as store:
        publish_directly(
            store, claim_drafts([made_up_claim(number) for number in range(CLAIMS)]), "sora", now=utc_now()
        )
        tokens = {}
        for name in ("haru", "sora"):
            with store.writing() as connection:
                now = utc_now()
                people.insert_person(connection, name, roles=(Role.EDITOR,), author="admin-console", now=now)
                tokens[name] = cli_tokens.issue_cli_token(connection, name, "bench", author="admin-console", now=now)
    return tokens


def write_archive(path: Path, rows: int) -> None:
    """Write an archive of generated checks, one in two in Korean."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("No.", "Claim", "Speaker", "Verdict", "URL", "Date", "Language"))
        for number in range(rows):
            made, language = made_up_claim(number), ("ko", "en")[number % 2]
            amount = f"{number + 1:,}만 원이었다." if language == "ko" else f"It was {number + 1:,} million won."
            claim = f"{made['statement'][language]} {amount}"
            day = f"{2015 + number % 10}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            address = f"https://seorae.example/checks/{number}"
            speaker = made["speaker"]["name"][language]
            table.writerow((number, claim, speaker, RATINGS[number % len(RATINGS)], address, day, language))


def _run(name: str, folder: Path, arguments: Sequence[str], token: str) -> Step:
    """Run a command of claimledger; return its time and its memory.

    Raises:
        AssertionError: the command failed.
    """
    command = [sys.executable, "-c", _RUN, "--root", str(folder), *arguments]
    began, before = time.monotonic(), os.times()
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, env=os.environ | {"CLAIMLEDGER_TOKEN": token}
        )
        most = 0
        while process.poll() is None:
            most = max(most, _session_bytes(process.pid))
            time.sleep(_BETWEEN)
    after = os.times()
    if process.returncode:
        raise AssertionError((folder / "output.txt").read_text(encoding="utf-8")[-2_000:])
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Step(name, time.monotonic() - began, spent, most)


def _session_bytes(session: int) -> int:
    """Return the memory of all processes of a session, shared pages counted once; 0 without /proc."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, StopIteration):
            if int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[3]) == session:
                lines = (folder / "smaps_rollup").read_text(encoding="ascii").splitlines()
                total += 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def _addresses(rows: int, keys: Sequence[str]) -> Iterator[tuple[str, float, Sequence[str]]]:
    """Yield the kinds of pages: label, maximum time, and the address of each request."""
    numbers = [number * rows // REQUESTS for number in range(REQUESTS)]
    words = [f"{town} {thing}" for town, (thing, _) in islice(zip(cycle(PLACES), cycle(THINGS)), REQUESTS)]
    queries = [f"{word} {number % 97 + 2}%" for word, number in zip(words, numbers, strict=True)]
    claims = [made_up_claim(number)["claim_id"] for number in range(REQUESTS)]
    table = "/ledger/earlier_checks"
    yield "page: front", 0.060, [f"/?from={number}" for number in numbers]
    yield "page: a claim, similar checks", 0.030, [f"/claims/{claim}" for claim in claims]
    yield "page: earlier checks", 0.060, [f"/earlier-checks?page={number + 1}" for number in range(REQUESTS)]
    yield "page: earlier checks, search", 0.080, [f"/earlier-checks?q={quote(query)}" for query in queries]
    yield "page: search", 0.080, [f"/search?q={quote(query)}" for query in queries]
    yield "table of checks, facets", 0.400, [f"{table}?_size={number + 20}" for number in range(REQUESTS)]
    searches = [f"_search={quote(word)}&_size={size}" for size, word in enumerate(words, 20)]
    yield "table of checks, search", 0.650, [f"{table}?{search}" for search in searches]
    yield "row of a check", 0.030, [f"{table}/{key}" for key in keys]


async def _measure_pages(places: LedgerPaths, rows: int) -> Sequence[Page]:
    settings = {
        name: value == "on" if value in ("on", "off") else int(value) for name, value in DATASETTE_SETTINGS.items()
    }
    datasette = Datasette([str(places.ledger)], metadata=yaml.safe_load(metadata_text()), settings=settings)
    found = await datasette.client.get(f"/ledger/earlier_checks.json?_size={REQUESTS + 1}&_shape=array")
    keys = [one["earlier_check_id"] for one in found.json()]
    await _seconds(datasette, "/")  # opens the file and counts its rows
    pages = [
        Page(name, [await _seconds(datasette, address) for address in addresses[-REQUESTS:]], limit)
        for name, limit, addresses in _addresses(rows, keys)
    ]
    close_ledgers(datasette)
    return pages


async def _seconds(datasette: Datasette, address: str) -> float:
    began = time.perf_counter()
    answer = await datasette.client.get(address)
    if not answer.is_success:
        raise AssertionError(f"{address}: {answer.status_code}")
    return time.perf_counter() - began
