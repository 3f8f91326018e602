"""Measure the public pages with many claims, each compared with Datasette's own page of the same rows.

Requests go to Datasette in the same process, without a network. Each page is requested once before it is measured,
because the first request opens the file and counts its rows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from datasette.app import Datasette
from made_up import made_up_claim

from claimledger.hosting.server import DATASETTE_SETTINGS
from claimledger.datasette_plugin.ledger_database import close_ledgers
from claimledger.ledger import files
from claimledger.ledger.canonical import encode_body, leaf_sha256
from claimledger.ledger.content_store import content_path
from claimledger.ledger.log import LogEntry
from claimledger.publishing import ledger_db
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.tables import TABLES_FORMAT

REQUESTS = 21
CLAIMS = 100_000
TEXT = ("열두 글자로 된 한 줄. " * 10 + "\n") * 7_100
"""The text of the article that is measured: a million code points, which its rights allow to publish."""
EDITION = sha256(TEXT.encode()).hexdigest()
VERDICT = {
    "question": "so",
    "value": "not_enough_evidence",
    "rationale": {"ko": "예산서를 찾지 못했다."},
    "as_of": "2031-05-01",
}
CORRECTION = {"kind": "clarification", "public_note": {"ko": "가리키는 해를 바로잡았다."}}
Times = tuple[float, float]
"""Seconds by the wall clock, and of processor time."""


class PageMeasurement(NamedTuple):
    """A page and Datasette's own page of the same rows."""

    page: str
    seconds: float
    """The maximum time."""
    times: Sequence[Times]
    stock: str
    stock_times: Sequence[Times]


def measure(folder: Path, claims: int) -> Sequence[PageMeasurement]:
    """Build a ledger with so many claims, unless it exists, and measure its pages."""
    path = folder / "ledger.db"
    one = made_up_claim(claims // 2)
    if not _is_built(path, claims):
        files.replace_bytes(content_path(folder / "texts", EDITION), TEXT.encode())
        ledger_db.build_ledger_db(_entries(claims, one["article_id"]), path, folder / "texts")
    return asyncio.run(_measure(path, one))


def _is_built(path: Path, claims: int) -> bool:
    """Return whether a ledger with so many claims, in the current format, is at this path."""
    if not path.exists() or ledger_db.read_about(path).format != TABLES_FORMAT:
        return False
    with ledger_db.open_read_only(path) as connection:
        return bool(connection.execute("SELECT count(*) = ? FROM claims", (claims,)).fetchone()[0])


def _entries(claims: int, article_id: str) -> Iterator[LogEntry]:
    """Yield a log: claims, some with a verdict, some corrected; the appearances in one article; and the articles."""
    number, articles = 0, dict[str, None]()
    for place, claim in enumerate(map(made_up_claim, range(claims))):
        for entry in _versions(number, place, claim):
            number += 1
            yield entry
        articles[claim["article_id"]] = None
        if claim["article_id"] == article_id:
            number += 1
            key = f"{claim['claim_id']}@{EDITION[:12]}"
            yield _entry(number, "appearance", key, _appearance(claim, number))
    for name in articles:
        number += 1
        yield _entry(number, "article", name, _article(name, is_public=name == article_id))


def _versions(last: int, place: int, claim: Mapping[str, Any]) -> Iterator[LogEntry]:
    """Yield the revisions of a claim, numbered after `last`: a tenth have a verdict, a hundredth a correction."""
    key, judged = claim["claim_id"], {**claim, "verdicts": [VERDICT]}
    listed = _entry(last + 1, "claim", key, claim)
    yield listed
    if place % 10 == 0:
        verdict = _entry(last + 2, "claim", key, judged, revision=2, kind="verdict", prev=listed.sha256)
        yield verdict
        if place % 100 == 0:
            yield _entry(last + 3, "claim", key, {**judged, "about_on": "2029"}, revision=3, kind="correction",
                         prev=verdict.sha256, correction=CORRECTION)  # fmt: skip


def _entry(number: int, subject: str, key: str, record: Mapping[str, Any], **fields: object) -> LogEntry:
    body = encode_body({
        "format": 1, "nonce": sha256(str(number).encode()).hexdigest()[:32], "number": number, "subject": subject,
        "key": key, "revision": 1, "kind": "listed", "recorded_at": "2031-05-02T09:00:00.000Z", "authors": ["haru"],
        "approver": "sora", "reason": "기사에서 옮겼다.", "record": record, **fields,
    })  # fmt: skip
    return LogEntry(number, leaf_sha256(body).hex(), body)


def _appearance(claim: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    start = number * 7919 % (len(TEXT) - 12)
    return {
        "claim_id": claim["claim_id"],
        "article_id": claim["article_id"],
        "edition_sha256": EDITION,
        "position": {"start": start, "end": start + 12},
        "quote": {"exact": TEXT[start : start + 12]},
    }


def _article(name: str, *, is_public: bool) -> Mapping[str, Any]:
    return {
        "article_id": name,
        "headline": {"en": f"Budgets {name}", "ko": f"예산 {name}"},
        "publisher": {"en": "Weekly", "ko": "주간"},
        "published_on": "2031-05-01",
        "language": "ko",
        "rights": {
            "holder": {"ko": "주간"},
            "statement": {"ko": "시험 삼아 지었다."},
            "may_hold_text": is_public,
            "may_publish_text": is_public,
        },
        "editions": [{"edition_sha256": EDITION, "length": len(TEXT)}],
    }


def _pages(claim: Mapping[str, Any]) -> Iterator[tuple[str, float, str, str, str]]:
    """Yield the pages to measure: label, maximum time and path, then label and path of Datasette's own page."""
    claim_id, article = claim["claim_id"], claim["article_id"]
    yield "page: front", 0.060, "/", "stock: database", "/ledger"
    yield "page: article", 0.060, f"/articles/{article}", "stock: its claims", f"/ledger/claims?article={article}"
    yield "page: a claim", 0.030, f"/claims/{claim_id}", "stock: its row", f"/ledger/claims/{claim_id}"
    word = "%EA%B5%90%ED%86%B5"
    yield "page: search", 0.080, f"/search?q={word}", "stock: search", f"/ledger/claims?_search={word}"
    yield "page: corrections", 0.060, "/corrections", "stock: corrections", "/ledger/corrections"
    yield "page: changes", 0.080, "/changes", "stock: history", "/ledger/history"
    yield "page: charts", 0.060, "/charts", "stock: history", "/ledger/history"


async def _measure(path: Path, claim: Mapping[str, Any]) -> Sequence[PageMeasurement]:
    settings = {
        name: value == "on" if value in ("on", "off") else int(value) for name, value in DATASETTE_SETTINGS.items()
    }
    datasette = Datasette([str(path)], metadata=yaml.safe_load(metadata_text()), settings=settings)
    found = [
        PageMeasurement(page, seconds, await _times(datasette, address), stock, await _times(datasette, own))
        for page, seconds, address, stock, own in _pages(claim)
    ]
    close_ledgers(datasette)
    return found


async def _times(datasette: Datasette, path: str) -> Sequence[Times]:
    await _seconds(datasette, path)
    return [await _seconds(datasette, path) for _ in range(REQUESTS)]


async def _seconds(datasette: Datasette, path: str) -> Times:
    began, worked = time.perf_counter(), time.process_time()
    answer = await datasette.client.get(path)
    times = time.perf_counter() - began, time.process_time() - worked
    if not answer.is_success:
        raise AssertionError(f"{path}: {answer.status_code}")
    return times
