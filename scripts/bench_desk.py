"""How long the desk's pages take with many claims: requests through the application in process, no network between.

In: the folder of a ledger with a desk, and a claim of it. Out: the seconds of each request, page by page. Each page is
asked for once before it is measured: the first request makes the rows of work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx

from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.desk import earlier_claims, open_store, utc_now
from claimledger.ledger import credentials, people
from claimledger.ledger.credentials import Kind
from claimledger.ledger.files import Places
from claimledger.vocabulary import Role

REQUESTS = 21
FLOOR = "the desk's stylesheet"
CLAIMS = 100_000
SECONDS = 0.100
"""What a page may take at so many claims."""
EARLIER_SECONDS = 0.020
"""What finding earlier claims may take at so many claims."""
Took = tuple[float, float]
"""Seconds by the clock, and of the processor."""


def pages(claim_id: str) -> Mapping[str, str]:
    """Return what is asked for, by name."""
    return {
        FLOOR: "/static/desk.css",
        "desk: queue, all": "?view=all",
        "desk: queue, page 40": "?view=all&page=40",
        "desk: queue, open, filtered": "?view=open&speaker=%EC%98%A4%EB%8B%A4%EC%86%9C",
        "desk: a claim": f"/claims/{claim_id}",
    }


def times(root: Path, claim_id: str) -> Mapping[str, Sequence[Took]]:
    """Return page to the seconds that each of `REQUESTS` requests took."""
    places = Places(root)
    with open_store(places) as store, store.writing() as connection:
        if not people.find_person(connection, "bench"):
            people.add_person(connection, "bench", roles=list(Role), author="bench", now=utc_now())
        session = credentials.issue(connection, Kind.SESSION, "bench", utc_now(), author="bench")
    return asyncio.run(_times(places, claim_id, session))


def earlier(root: Path, statements: Sequence[str]) -> tuple[Took, Sequence[Took]]:
    """Return what making the index took, and what finding earlier claims took for each statement."""
    places = Places(root)
    made = _timed(lambda: earlier_claims(places, statements[0]))
    return made, [_timed(lambda text=text: earlier_claims(places, text)) for text in statements]  # type: ignore[misc]


def _timed(act: Callable[[], object]) -> Took:
    began, worked = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - worked


async def _times(places: Places, claim_id: str, session: str) -> Mapping[str, Sequence[Took]]:
    transport = httpx.ASGITransport(desk_application(places))
    found: dict[str, list[Took]] = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies={COOKIE: session}) as client:
        for name, path in pages(claim_id).items():
            await _seconds(client, path)
            found[name] = [await _seconds(client, path) for _ in range(REQUESTS)]
    return found


async def _seconds(client: httpx.AsyncClient, path: str) -> Took:
    began, worked = time.perf_counter(), time.process_time()
    answer = await client.get(f"{PREFIX}{path}")
    took = time.perf_counter() - began, time.process_time() - worked
    if answer.status_code != httpx.codes.OK:
        raise AssertionError(answer.status_code)
    return took
