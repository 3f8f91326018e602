"""The largest forms of the desk: little is read before sign-in, and more only for a person who is signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import desk_visits
import httpx
import pytest
from datasette.app import Datasette

from claimledger.datasette_plugin.gate_rules import BODY_LIMIT
from claimledger.desk import step_setup
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.ledger.files import LedgerPaths
import staff

PREFIX = desk_visits.PREFIX
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    return desk_visits.made(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def datasette(places: LedgerPaths) -> Iterator[Datasette]:
    made = Datasette([], memory=True, metadata={"plugins": {"claimledger": {"desk": str(places.root)}}})
    yield made
    made.executor.shutdown()


def post(datasette: Datasette, path: str, content: bytes, **kwargs: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(datasette.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(path, content=content, headers={**FORM, **kwargs})

    return asyncio.run(send())


@pytest.mark.parametrize("path", ["/sign-in", "/articles/new", "/sheets/import", ""])
def test_little_is_read_before_sign_in(datasette: Datasette, path: str) -> None:
    answer = post(datasette, f"{PREFIX}{path}", b"a=" + b"x" * BODY_LIMIT)
    assert answer.status_code == 413
    assert "65,536" in answer.text
    assert answer.headers["connection"] == "close"


def test_a_report_that_declares_too_much_ends_the_connection(datasette: Datasette) -> None:
    answer = post(datasette, "/-/report", b"a=" + b"x" * BODY_LIMIT)
    assert (answer.status_code, answer.headers["connection"]) == (409, "close")


def test_more_is_read_after_sign_in(datasette: Datasette, places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        session = staff.sign_in(store, "kim", now=step_setup.utc_now()).token
    cookie = {"cookie": f"{COOKIE}={session}"}
    field = b"a=" + b"x" * 1_500_000 + b"&"
    assert post(datasette, f"{PREFIX}/reports", 2 * field, **cookie).status_code == 409
    assert post(datasette, f"{PREFIX}/reports", 3 * field, **cookie).status_code == 413
    assert post(datasette, f"{PREFIX}/articles/new", 3 * field, **cookie).status_code == 409
