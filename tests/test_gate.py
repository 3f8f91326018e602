"""The gate of a server (Datasette 0.65 and 1.0): hosts, methods, closed pages, sizes of bodies, guarded CSV."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette
from server_process import IS_1_0, serving_process

from claimledger.datasette_plugin.gate_rules import BODY_LIMIT, CLOSED_PAGES
from claimledger.datasette_plugin.guarded_csv import CsvGuard
from claimledger.publishing.spreadsheet_guard import unguard

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

CELLS = ("=1+1", "+1", "@x", "\t=1", 'a,"b"\n=2', "줄\r\n바꿈", "'q", "＝1", "-cmd|x", "plain 글", "")
UNREADABLE = (
    "_search%25=port", "_searchx=a", "_facetx=id", "_facet={", "_facet={}", "_facet_date={", "_through={",
    "_through=1", "_timelimit=x", "_timelimit=-5", "id__in=[1", "id__in=[{}]", f"id__in={'[' * 9_000}",
)  # fmt: skip
"""Arguments of a table that Datasette cannot read."""
FORM = {"cookie": "ds_csrftoken=x", "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "made.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cells (id INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany("INSERT INTO cells (text) VALUES (?)", [(cell,) for cell in CELLS])
        connection.commit()
    return path


def served(database: Path, **settings: object) -> Datasette:
    configured = {"plugins": {"claimledger": settings}}
    in_1_0 = {"config": configured} if IS_1_0 else {}
    return Datasette([str(database)], metadata=configured, settings={"max_csv_mb": 0}, **in_1_0)


@pytest.fixture
def datasette(database: Path) -> Iterator[Datasette]:
    made = served(database)
    yield made
    made.executor.shutdown()


async def status(datasette: Datasette, path: str = "/", method: str = "GET", **kwargs: Any) -> int:  # noqa: ANN401  of httpx
    answer = await datasette.client.request(method, path, **kwargs)
    return int(answer.status_code)


HOSTS: tuple[tuple[dict[str, Any], dict[str, int]], ...] = (
    ({}, {"localhost": 200, "127.0.0.1:8001": 200, "[::1]:80": 200, "10.0.0.9": 200, "evil.example": 421, "a@b": 400}),
    ({"address": "https://Ledger.example"}, {"ledger.example:443": 200, "ledger.example.": 200, "localhost": 200,
     "ledger.example.evil.example": 421, "10.0.0.9": 421, "": 400}),
    ({"hosts": ["a.example", "10.0.0.9"]}, {"A.example": 200, "10.0.0.9": 200, "b.example": 421}),
)  # fmt: skip


@pytest.mark.parametrize(("settings", "statuses"), HOSTS)
async def test_only_known_hosts_are_answered(
    database: Path, settings: dict[str, Any], statuses: dict[str, int]
) -> None:
    datasette = served(database, **settings)
    found = {host: await status(datasette, headers={"host": host}) for host in statuses}
    assert found == statuses


async def test_two_hosts_are_refused(datasette: Datasette) -> None:
    assert await status(datasette, headers=[("host", "localhost"), ("host", "127.0.0.1")]) == 400


async def test_a_cookie_that_is_not_utf_8_is_refused(datasette: Datasette) -> None:
    assert await status(datasette, headers=[(b"cookie", b"\xe9=1")]) == 400
    assert await status(datasette, headers=[(b"cookie", "é=1".encode())]) == 200


@pytest.mark.parametrize("path", ["/?a=%00", "/-/versions.json?%00", "/a%00b"])
async def test_a_null_character_in_the_address_is_refused(datasette: Datasette, path: str) -> None:
    assert await status(datasette, path) == 400


async def test_an_argument_that_datasette_cannot_read_is_no_server_error(datasette: Datasette) -> None:
    for argument in UNREADABLE:
        for form in ("", ".json", ".csv", "/-/csv"):
            assert await status(datasette, f"/made/cells{form}?{argument}") == 400, (form, argument)


@pytest.mark.filterwarnings("ignore:.*never awaited")  # Datasette 0.65 leaves the other facets
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_facet_of_lists_over_other_values_is_no_server_error(datasette: Datasette) -> None:
    assert await status(datasette, "/made/cells?_facet_array=text") == 400


@pytest.mark.slow
@pytest.mark.parametrize("order", ["_sort=_size=5", "_sort_desc=nothing", "_sort=id&_sort_desc=id"])
async def test_an_order_that_a_table_lacks_is_the_readers_fault(datasette: Datasette, order: str) -> None:
    assert await status(datasette, f"/made/cells.json?{order}") == 400


async def test_server_answers_for_each_name_until_a_host_is_configured(database: Path) -> None:
    for settings, expected in (({}, 200), ({"hosts": ["a.example"]}, 421)):
        transport = httpx.ASGITransport(served(database, **settings).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger.example") as client:
            assert (await client.get("/")).status_code == expected


@pytest.mark.parametrize("ending", ["", ".json", "/"])
async def test_pages_for_developers_are_closed(datasette: Datasette, ending: str) -> None:
    found = {path: await status(datasette, f"{path}{ending}") for path in CLOSED_PAGES}
    assert set(found.values()) == {404}


async def test_a_page_for_developers_can_be_opened(database: Path) -> None:
    datasette = served(database, open_pages=["/-/plugins"])
    assert await status(datasette, "/-/plugins.json") == 200
    assert await status(datasette, "/-/threads.json") == 404


async def test_public_pages_accept_no_form(datasette: Datasette) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "BREW"):
        assert await status(datasette, "/made/cells", method) == 405
    assert await status(datasette, "/made/cells", "HEAD") == 200


class Chunks:
    """A body without a declared length, which counts how much of it was read."""

    def __init__(self) -> None:
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(400):
            self.read += 1 << 16
            yield b"x" * (1 << 16)


@pytest.mark.skipif(IS_1_0, reason="Datasette 1.0 reads no body to protect forms")
async def test_a_body_without_a_length_is_read_up_to_the_limit(database: Path) -> None:
    body = Chunks()
    datasette = served(database, open_pages=["/-/logout"])
    assert await status(datasette, "/-/logout", "POST", content=body, headers=FORM) == 413
    assert body.read <= 2 * BODY_LIMIT + (1 << 16)


async def test_a_refused_request_ends_the_connection(datasette: Datasette) -> None:
    answer = await datasette.client.post("/made/cells", content=b"x")
    assert (answer.status_code, answer.headers["connection"]) == (405, "close")


@pytest.mark.skipif(IS_1_0, reason="Datasette 1.0 reads no body to protect forms")
async def test_a_body_that_declares_too_much_is_not_read(database: Path) -> None:
    datasette = served(database, open_pages=["/-/logout"])
    for length in ("65537", "9" * 5_000):
        headers = {**FORM, "content-length": length}
        assert await status(datasette, "/-/logout", "POST", content=b"x", headers=headers) == 413
    assert await status(datasette, "/-/logout", "POST", content=b"x=1", headers=FORM) == 403


CSV_PATHS = ("/made/cells.csv", "/made/cells.csv?_stream=1", "/made.csv?sql=select+*+from+cells",
             *(["/made/-/query.csv?sql=select+*+from+cells"] if IS_1_0 else []))  # fmt: skip


async def cells(datasette: Datasette, path: str) -> list[str]:
    answer = await datasette.client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return [row[-1] for row in csv.reader(io.StringIO(answer.content.decode(), newline=""))][1:]


@pytest.mark.parametrize("path", CSV_PATHS)
async def test_csv_of_datasette_is_guarded(datasette: Datasette, path: str) -> None:
    found = await cells(datasette, path)
    assert found[:3] == ["'=1+1", "'+1", "'@x"]
    assert [unguard(cell) for cell in found] == list(CELLS)


async def test_csv_of_datasette_is_unchanged_for_programs(datasette: Datasette) -> None:
    assert await cells(datasette, "/made/cells.csv?_guard=off") == list(CELLS)
    assert (await cells(datasette, "/made/cells.csv?_dl=1"))[0] == "'=1+1"


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
async def test_csv_in_pieces_of_any_size_is_the_same(size: int) -> None:
    target = io.StringIO(newline="")
    csv.writer(target).writerows([cell, cell] for cell in CELLS)
    whole, guard = target.getvalue().encode(), CsvGuard()
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    made = b"".join(guard.feed(piece, is_last=False) for piece in pieces) + guard.feed(b"", is_last=True)
    assert made == CsvGuard().feed(whole, is_last=True)


ECHO = """
from datasette import Response, hookimpl
@hookimpl
def register_routes():
    async def client(request):
        return Response.json({"client": request.scope["client"][0], "scheme": request.scheme})
    return [("/-/client$", client)]
"""


@pytest.mark.slow
@pytest.mark.parametrize(("proxies", "client"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.9")])
async def test_forwarded_addresses_count_only_from_configured_proxies(
    database: Path, tmp_path: Path, proxies: tuple[str, ...], client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "echo.py").write_text(ECHO, encoding="utf-8")
    (tmp_path / "set.yml").write_text(f"plugins: {{claimledger: {{proxies: {list(proxies)}}}}}", encoding="utf-8")
    options = ["--plugins-dir", "plugins", "-m", "set.yml", *(["-c", "set.yml"] if IS_1_0 else [])]
    with serving_process(database, options=options) as (port, _):
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = await browser.get(f"http://127.0.0.1:{port}/-/client", headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.json()["client"] == client
