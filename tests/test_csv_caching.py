"""Readers can cache the CSV of a ledger's table: it has an ETag, and a known ETag gets a 304 response."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.app import Datasette
from made_ledger import PRICE, made_entries
from page_reading import got
from versioned_ledger import made as made_version

from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
WHOLE = "/ledger/claims/-/csv"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


@pytest.mark.parametrize("path", [WHOLE, f"{WHOLE}?claim_id={PRICE['claim_id']}", f"{WHOLE}?_search=cranes&_guard=off"])
async def test_known_etag_gets_304_without_content(serve: Serve, ledger: Path, path: str) -> None:
    datasette = serve(ledger, default_cache_ttl=0)
    first = await got(datasette, path)
    assert first.content.startswith(b"\xef\xbb\xbfclaim_id,")
    assert first.headers["cache-control"] == "no-cache"  # cached, and revalidated each time
    for known_etag in (first.headers["etag"], f'"x", {first.headers["etag"]}', "*"):
        again = await got(datasette, path, headers={"if-none-match": known_etag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    head = await datasette.client.head(path)
    assert (head.headers["etag"], head.content) == (first.headers["etag"], b"")


async def test_different_content_has_a_different_etag(serve: Serve, ledger: Path, tmp_path: Path) -> None:
    datasette = serve(ledger)
    paths = [WHOLE, *(f"{WHOLE}?{query}" for query in (
        "_guard=off", "_encoding=utf-8", "_encoding=cp949", "kind=both", "kind=event", "_search=cranes", "_sort=kind",
    )), "/ledger/verdicts/-/csv", "/ledger/claims/-/json"]  # fmt: skip
    found = [(await got(datasette, path)).headers["etag"] for path in paths]
    assert len(set(found)) == len(paths)
    for path in paths[1:]:
        assert (await got(datasette, path, headers={"if-none-match": found[0]})).status_code == 200, path
    ledger_db.build_ledger_db(made_entries()[:-3], tmp_path / "older.db")
    assert (await got(serve(tmp_path / "older.db"), "/older/claims/-/csv")).headers["etag"] not in found


async def test_table_of_an_unknown_format_has_no_etag(serve: Serve, tmp_path: Path) -> None:
    datasette = serve(made_version(tmp_path / "ledger.db", 1, form=0))
    answer = await got(datasette, "/ledger/about/-/csv", headers={"if-none-match": "*"})
    assert (answer.status_code, "etag" in answer.headers) == (200, False)
    assert answer.content


async def test_csv_for_a_signed_in_reader_is_not_cached(serve: Serve, ledger: Path) -> None:
    datasette = serve(ledger, allow={"id": "kim"})
    cookies = {"ds_actor": datasette.sign({"a": {"id": "kim"}}, "actor")}
    answer = await got(datasette, WHOLE, cookies=cookies)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    refused = await got(datasette, WHOLE, headers={"if-none-match": answer.headers["etag"]})
    assert (refused.status_code, "etag" in refused.headers) == (403, False)
