"""A Datasette (0.65 and 1.0) shows each change of its ledger from the next request on, and one version per answer."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import socket
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from server_process import IS_1_0, Client, wait_until
from tiers import quick_only
from versioned_ledger import CHANGES, LONG_ROWS, METADATA, PAGES, made, publish, replace, rows_of, version_in

from claimledger.datasette_plugin import table_download
from claimledger.datasette_plugin.ledger_database import LedgerDatabase, close_ledgers
from claimledger.datasette_plugin.snapshots import request_snapshot
from claimledger.datasette_plugin.streaming import PieceMaker

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]
SETTINGS = {"default_page_size": 20, "max_returned_rows": 20, "default_cache_ttl": 0}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return made(tmp_path / "ledger.db", 1)


@pytest.fixture
def datasette(ledger: Path) -> Iterator[Datasette]:
    served = make_datasette(ledger)
    yield served
    close_ledgers(served)


def make_datasette(path: Path, **options: Any) -> Datasette:  # noqa: ANN401
    configured = {"config": METADATA} if IS_1_0 else {}
    return Datasette([str(path)], metadata=METADATA, settings=SETTINGS, **configured, **options)


async def got(datasette: Datasette, page: str) -> str:
    response = await datasette.client.get(page)
    assert response.status_code == 200, response.text
    return str(response.text)


@pytest.mark.parametrize("change", quick_only(CHANGES.values(), publish), ids=CHANGES)
async def test_next_request_shows_the_change(
    ledger: Path, datasette: Datasette, change: Callable[[Path, int], None]
) -> None:
    publish(ledger, 1)
    for version, page in enumerate(PAGES, start=2):
        await asyncio.to_thread(change, ledger, version)  # in another thread, since a publish is another process
        assert version_in(page, await got(datasette, page)) == version


@asynccontextmanager
async def run_before_query(at: int, action: Callable[[], Awaitable[None]]) -> AsyncIterator[Iterator[int]]:
    """Run an action just before the query of the given number; yield the counter of queries."""
    execute, numbers = LedgerDatabase._execute_fn, itertools.count()
    mark = contextvars.ContextVar("mark", default=False)
    names = {"_execute_fn", "execute_fn"} & set(vars(LedgerDatabase))

    async def interrupting_execute(self: LedgerDatabase, fn: Callable[[sqlite3.Connection], object]) -> object:
        # not while the catalog is refreshed: other requests would wait for its lock
        if mark.get() and not self.ds._refresh_schemas_lock.locked() and next(numbers) == at:
            await asyncio.create_task(in_time(action()), context=contextvars.Context())
        return await execute(self, fn)

    mark.set(True)
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(LedgerDatabase, name, interrupting_execute)
        yield numbers
    mark.set(False)


async def in_time(work: Awaitable[None]) -> None:
    async with asyncio.timeout(60):
        await work


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("page", PAGES)
async def test_request_reads_one_version(
    ledger: Path, datasette: Datasette, page: str, change: Callable[[Path, int], None]
) -> None:
    publish(ledger, 1)
    await got(datasette, page)
    for at in itertools.count():
        older, newer = at + 1, at + 2

        async def change_ledger(newer: int = newer) -> None:
            change(ledger, newer)
            assert version_in(PAGES[2], await got(datasette, PAGES[2])) == newer

        async with run_before_query(at, change_ledger) as numbers:
            found = version_in(page, await got(datasette, page))
        if next(numbers) <= at:  # the page has fewer queries
            break
        assert found == older or not at
    assert at > 1


async def test_queries_of_one_request_run_at_the_same_time(ledger: Path, datasette: Datasette) -> None:
    publish(ledger, 1)
    both = threading.Barrier(2, timeout=60)

    def meet(connection: sqlite3.Connection) -> str:
        both.wait()
        return str(connection.execute("SELECT version FROM claims").fetchone()[0])

    database = datasette.get_database("ledger")
    with request_snapshot():
        assert {*await asyncio.gather(database.execute_fn(meet), database.execute_fn(meet))} == {"v1v"}


async def test_queries_at_the_same_time_wait_rather_than_read_another_version(
    ledger: Path, datasette: Datasette
) -> None:
    publish(ledger, 1)
    database, begun = datasette.get_database("ledger"), threading.Event()

    def publish_meanwhile(connection: sqlite3.Connection) -> str:
        publish(ledger, 2)
        begun.set()
        time.sleep(0.2)  # the other query wants a connection now
        return version(connection)

    def version(connection: sqlite3.Connection) -> str:
        return str(connection.execute("SELECT version FROM claims").fetchone()[0])

    with request_snapshot():
        await database.version()
        first = asyncio.create_task(database.execute_fn(publish_meanwhile))
        await asyncio.to_thread(begun.wait, 60)
        assert {await database.execute_fn(version), await first} == {"v1v"}
        with request_snapshot():  # a request inside the request
            assert (await database.execute("SELECT version FROM claims")).first()[0] == "v1v"
    assert (await database.execute("SELECT version FROM claims")).first()[0] == "v2v"


async def test_background_task_reads_the_newest_version(ledger: Path, datasette: Datasette) -> None:
    database, go_on = datasette.get_database("ledger"), asyncio.Event()

    async def background_task() -> str:
        await go_on.wait()
        return str((await database.execute("SELECT version FROM claims LIMIT 1")).first()[0])

    with request_snapshot():
        await database.version()
        task = asyncio.create_task(background_task())
    publish(ledger, 2)
    go_on.set()
    assert await task == "v2v"


def is_unused(path: Path) -> bool:
    """Return whether no one reads the file: a checkpoint can then shorten the write-ahead log to nothing."""
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    log = path.with_name(f"{path.name}-wal")
    return not busy and not (log.exists() and log.stat().st_size)


@pytest.mark.slow
async def test_idle_server_has_no_transaction_open(ledger: Path, datasette: Datasette) -> None:
    publish(ledger, 2)
    for page in PAGES:
        await got(datasette, page)
    await datasette.client.get("/ledger/missing")
    await datasette.client.get("/ledger/claims.json?_search=%22")
    publish(ledger, 3)
    await asyncio.to_thread(wait_until, lambda: is_unused(ledger))  # a thread may still be leaving its last query


async def test_download_after_a_failed_query_ends_its_transaction(ledger: Path) -> None:
    publish(ledger, 1)
    connection = sqlite3.connect(ledger, check_same_thread=False)
    connection.execute("BEGIN")
    cursor = connection.cursor()
    with pytest.raises(sqlite3.OperationalError, match="integer overflow"):
        cursor.execute("SELECT abs(-9223372036854775807 - 1) FROM claims")

    def pieces(one: sqlite3.Connection) -> Iterator[bytes]:
        yield str(one.execute("SELECT count(*) FROM claims").fetchall()).encode()

    maker = PieceMaker(lambda: connection, pieces)
    assert await maker.next()
    publish(ledger, 2)
    assert not is_unused(ledger)
    maker.close()
    await asyncio.to_thread(maker._thread.shutdown)
    assert is_unused(ledger)
    assert cursor.connection is connection


async def test_request_that_is_cancelled_or_fails_ends_its_transaction(ledger: Path, datasette: Datasette) -> None:
    publish(ledger, 1)
    database, running, go_on = datasette.get_database("ledger"), threading.Event(), threading.Event()

    def read_slowly(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT * FROM claims").fetchone()
        running.set()
        assert go_on.wait(60)

    async def request() -> None:
        with request_snapshot():
            await database.execute_fn(read_slowly)

    task = asyncio.create_task(request())
    await asyncio.to_thread(running.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    publish(ledger, 2)
    assert not is_unused(ledger)
    go_on.set()
    await asyncio.to_thread(wait_until, lambda: is_unused(ledger))
    with pytest.raises(ZeroDivisionError), request_snapshot():
        await database.execute_fn(lambda connection: connection.execute("SELECT * FROM claims").fetchone()[9 // 0])
    publish(ledger, 3)
    await asyncio.to_thread(wait_until, lambda: is_unused(ledger))


async def test_ledger_cannot_be_written_through_datasette(ledger: Path, datasette: Datasette) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await datasette.get_database("ledger").execute_write("DELETE FROM claims")
    if IS_1_0:
        cookies = {"ds_actor": datasette.client.actor_cookie({"id": "root"})}
        datasette.root_enabled = True
        row = {"row": {"claim_id": "new"}}
        answer = await datasette.client.post("/ledger/claims/-/insert", json=row, cookies=cookies)
        assert answer.status_code in (400, 403, 405, 500)
    assert version_in(PAGES[2], await got(datasette, PAGES[2])) == 1


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return a database that is not a ledger."""
    with closing(sqlite3.connect(tmp_path / "plain.db")) as connection:
        connection.execute("CREATE TABLE plain (a)")
    return tmp_path / "plain.db"


async def test_other_files_are_left_to_datasette(plain: Path) -> None:
    fixed = made(plain.with_name("fixed.db"), 1)
    configured = {"config": METADATA} if IS_1_0 else {}
    datasette = Datasette([str(plain)], immutables=[str(fixed)], metadata=METADATA, **configured)
    assert await got(datasette, "/plain/plain.json?_shape=array") == "[]"
    assert version_in(PAGES[2], await got(datasette, "/fixed/claims.json?_shape=array&_size=max")) == 1
    assert [type(datasette.get_database(name)).__name__ for name in ("plain", "fixed")] == ["Database"] * 2


async def test_ledger_that_is_added_later_is_read_in_transactions(ledger: Path, datasette: Datasette) -> None:
    made(ledger.with_name("second.db"), 4)
    datasette.add_database(Database(datasette, str(ledger.with_name("second.db"))))
    await got(datasette, "/second/claims.json")
    assert isinstance(datasette.get_database("second"), LedgerDatabase)
    close_ledgers(datasette)


async def test_rows_are_counted_once_per_version(ledger: Path, datasette: Datasette) -> None:
    database, counts = datasette.get_database("ledger"), []
    for version in (1, 1, 2):
        publish(ledger, version)
        counts.append((await database.table_counts(1000))["claims"])
        assert f"{rows_of(version)} rows" in await got(datasette, "/ledger")
    assert counts == [rows_of(1), rows_of(1), rows_of(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "table_counts", None)
        assert (await database.table_counts(1000))["claims"] == rows_of(2)


@pytest.mark.slow
async def test_pages_are_not_cached_with_the_settings_of_scripts_serve(datasette: Datasette) -> None:
    for page in PAGES:
        kept = (await datasette.client.get(page)).headers.get("cache-control", "no-cache")
        assert kept == "no-cache", page


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files where the system lists them")
@pytest.mark.parametrize("times", [20, pytest.param(1000, marks=pytest.mark.soak)])
async def test_replacing_the_ledger_leaves_no_files_open(ledger: Path, datasette: Datasette, times: int) -> None:
    counts = []
    for version in range(2, times + 2):
        replace(ledger, version)
        await asyncio.gather(*(got(datasette, PAGES[2]) for _ in range(3)))
        counts.append(descriptors())
    assert max(counts[times // 2 :]) <= max(counts[: times // 2])


async def test_file_of_a_download_has_the_version_of_its_etag(
    ledger: Path, datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(ledger, 1)
    tag = (await datasette.client.head("/ledger/claims/-/csv")).headers["etag"]
    first_piece = table_download._first_piece

    async def publish_before_it(*values: Any) -> bytes:  # noqa: ANN401
        publish(ledger, 2)
        return await first_piece(*values)

    monkeypatch.setattr(table_download, "_first_piece", publish_before_it)
    answer = await datasette.client.get("/ledger/claims/-/csv")
    assert (answer.headers["etag"], version_in("/ledger/claims/-/csv", answer.text)) == (tag, 1)


@asynccontextmanager
async def serve_in_thread(datasette: Datasette) -> AsyncIterator[int]:
    """Run a real server on this machine in a thread; yield its port."""
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="critical"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join)
        listening.close()


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_download_finishes_with_the_version_it_began_with(
    ledger: Path, datasette: Datasette, change: Callable[[Path, int], None]
) -> None:
    publish(ledger, 1)
    async with serve_in_thread(datasette) as port:
        await asyncio.to_thread(download_during_change, port, ledger, change)
        await asyncio.to_thread(wait_until, lambda: PieceMaker._running == 0 and is_unused(ledger))


def download_during_change(port: int, ledger: Path, change: Callable[[Path, int], None]) -> None:
    with Client(port, small_buffer=True) as slow, Client(port) as other:
        slow.request("/ledger/long/-/csv")
        response = slow.response()
        tag = response.headers["etag"]
        change(ledger, 2)
        assert version_in(PAGES[2], other.get(PAGES[2])) == 2
        other.request("/ledger/long/-/csv", method="HEAD")
        newer = other.response()
        newer.read()
        assert newer.headers["etag"] != tag
        text = response.read().decode()
    assert text.count("v1v") == LONG_ROWS
    assert "v2v" not in text
