"""Measure the desk's pages with many claims, by requests to the application in the same process, without a network.

The folder contains a ledger with a desk, and some claims have drafts. Each page is requested once before it is
measured, because the first request fills the work queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import ryaml
from made_up import made_up_claim

from claimledger import desk
from claimledger.desk import check_steps, lookups
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.desk.lookups import find_earlier_for_text
from claimledger.desk.step_setup import open_store, utc_now
from claimledger.intake import extract_document
from claimledger.accounts import credentials, people
from claimledger.newsroom import earlier_index
from claimledger.ledger.canonical import encode_body
from claimledger.accounts.credentials import CredentialKind
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import Draft
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind, Subject

REQUESTS = 21
FLOOR = "the desk's stylesheet"
CLAIMS = 100_000
SECONDS = 0.100
"""The time that a page may take with `CLAIMS` claims."""
EARLIER_SECONDS = 0.020
"""The time that the search for related earlier claims may take with `CLAIMS` claims."""
Times = tuple[float, float]
"""Seconds by the wall clock, and of processor time."""


ARTICLE: Mapping[str, Any] = {
    "headline": {"en": "The budget"}, "publisher": {"en": "Weekly"}, "published_on": "2031-05-01", "language": "ko",
    "rights": {"holder": {"en": "Weekly"}, "statement": {"en": "The text may not be copied."}},
}  # fmt: skip
"""The fields of the articles of generated claims."""


def article_drafts(names: Iterable[str]) -> list[Draft]:
    """Return drafts of the articles with these IDs."""
    return [
        Draft(
            Subject.ARTICLE, name, None, RevisionKind.LISTED, ("haru",), "기사를 넣었다.",
            encode_body({"article_id": name, **ARTICLE, "editions": [{"edition_sha256": "0" * 64, "length": 7_000}]}),
        )
        for name in sorted(names)
    ]  # fmt: skip


def vary_claim(claim: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return a generated claim. Every second one is changed to one of 10,000 quarters and one of 2,000 speakers."""
    if number % 2 == 0:
        return claim
    quarter = "".join(SYLLABLES[number // 2 // 10**place % 10] for place in range(4))
    statement = {"en": f"In {quarter}, {claim['statement']['en']}", "ko": f"{quarter}에서 {claim['statement']['ko']}"}
    name = {"en": f"Oh Dasom {number % 2_000}", "ko": f"오다솜 {number % 2_000}"}
    hearing = {"en": f"council hearing, {claim['article_id']}"}
    return {
        **claim, "statement": statement,
        "speaker": {**claim["speaker"], "name": name}, "source": {**claim["source"], "name": hearing},
    }  # fmt: skip


SYLLABLES = ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su")
DOCUMENT: Mapping[str, Any] = {
    "document_id": "budget-of-the-council-aaaa", "medium": "web", "title": {"en": "The budget"}, "language": "en",
    "address": "https://example.org/budget", "obtained_at": "2025-05-01T09:00:00.000Z", "captured": "none",
    "tier": "primary",
}  # fmt: skip
EVIDENCE = {"document_id": DOCUMENT["document_id"], "stance": "supports", "summary": {"en": "It has the same figure."}}


def make_drafts(places: LedgerPaths, names: Sequence[str], new: Mapping[str, Any]) -> None:
    """Make three drafts by a person who does not look at the pages: a new wording, new evidence, and a new claim."""
    worded, cited = (lookups.claim_at_desk(places, name) for name in names[:2])
    made = Edit("nara", "Told better.", RevisionKind.UPDATE, None, (Role.CHECKER,))
    statement = {"en": worded.claim.statement["en"].replace("about", "some")}
    fields = worded.claim.to_json() | {"statement": statement}
    desk.edit(places, worded.claim_id, fields, check_steps.SeenVersion(worded.head_sha256, None), made)
    seen = check_steps.SeenVersion(cited.head_sha256, None)
    desk.attach(places, cited.claim_id, DOCUMENT, EVIDENCE, seen, replace(made, kind=None))
    path = places.claims / worded.claim.article_id / f"{new['claim_id']}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(ryaml.dumps({**new, "article_id": worded.claim.article_id}), encoding="utf-8")
    desk.record(places, [path], replace(made, kind=None))


def import_article(places: LedgerPaths) -> str:
    """Import an article of about 7,000 characters that make claims, as long as the first real one; return its ID."""
    text = "\n".join(made_up_claim(number)["statement"]["ko"] for number in range(200))
    made = Edit("nara", "기사를 넣었다.", roles=(Role.CHECKER,))
    arrived, _ = desk.add_article(
        places,
        extract_document(text.encode(), name="budgets.txt"),
        made,
        origin="budgets.txt",
        article_id="budgets-2031",
        fields=ARTICLE,
    )
    return arrived.article_id


def page_paths(names: Sequence[str], article_id: str) -> Mapping[str, str]:
    """Return the paths of the pages to measure, by label."""
    return {
        FLOOR: "/static/desk.css",
        "desk: queue, all": "?view=all",
        "desk: queue, page 40": "?view=all&page=40",
        "desk: queue, open, filtered": "?view=open&speaker=%EC%98%A4%EB%8B%A4%EC%86%9C",
        "desk: a claim": f"/claims/{names[0]}",
        "desk: checking screen, all": f"/check/{names[0]}?view=all",
        "desk: checking screen, filtered": f"/check/{names[0]}?view=open&speaker=%EC%98%A4%EB%8B%A4%EC%86%9C",
        "desk: publish, three drafts": f"/publish?{urlencode([('key', name) for name in names[:3]])}",
        "desk: queue, word search": "?view=all&words=onnuri+12%25",
        "desk: articles": "/articles",
        "desk: an article": f"/articles/{article_id}",
        "desk: review sheets": "/sheets",
        "desk: reports": "/reports",
    }


def measure_pages(root: Path, names: Sequence[str]) -> Mapping[str, Sequence[Times]]:
    """Return the times of `REQUESTS` requests by label."""
    places = LedgerPaths(root)
    with open_store(places) as store, store.writing() as connection:
        if not people.find_person(connection, "bench"):
            people.insert_person(connection, "bench", roles=list(Role), author="bench", now=utc_now())
        session = credentials.issue_credential(connection, CredentialKind.SESSION, "bench", utc_now(), author="bench")
    article_id = import_article(places)
    return asyncio.run(_measure(places, names, article_id, session))


def measure_earlier(root: Path, statements: Sequence[str]) -> tuple[Times, Times, Sequence[Times]]:
    """Return the times of a search without an index, of building the index, and of a search for each statement."""
    places = LedgerPaths(root)
    first = _timed(lambda: find_earlier_for_text(places, statements[0]))
    with open_store(places) as store:
        made = _timed(lambda: earlier_index.update_earlier_index(store))
    return first, made, [_timed(lambda text=text: find_earlier_for_text(places, text)) for text in statements]  # type: ignore[misc]


def _timed(work: Callable[[], object]) -> Times:
    began, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - worked


async def _measure(
    places: LedgerPaths, names: Sequence[str], article_id: str, session: str
) -> Mapping[str, Sequence[Times]]:
    transport = httpx.ASGITransport(desk_application(places))
    found: dict[str, list[Times]] = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies={COOKIE: session}) as client:
        for name, path in page_paths(names, article_id).items():
            await _seconds(client, path)
            found[name] = [await _seconds(client, path) for _ in range(REQUESTS)]
    return found


async def _seconds(client: httpx.AsyncClient, path: str) -> Times:
    began, worked = time.perf_counter(), time.process_time()
    answer = await client.get(f"{PREFIX}{path}")
    times = time.perf_counter() - began, time.process_time() - worked
    if answer.status_code != httpx.codes.OK:
        raise AssertionError(f"{path}: {answer.status_code}")
    return times
