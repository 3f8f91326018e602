"""A running Datasette (0.65 and 1.0) shows a new ledger from the next request on, and one version per answer."""

from __future__ import annotations

import asyncio
import contextvars
import http.client
import itertools
import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
import running
import uvicorn
from datasette import hookspecs
from datasette.app import Datasette
from versioned_ledger import LONG_ROWS, METADATA, PAGES, made, replace, rows_of, version_in

from claimledger.datasette_plugin import following, served_copy
from claimledger.datasette_plugin.following import Version
from claimledger.datasette_plugin.streaming import PieceMaker

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines]

IS_1_0 = hasattr(hookspecs, "permission_resources_sql")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return made(tmp_path / "ledger.db", 1)


@pytest.fixture
def datasette(ledger: Path) -> Datasette:
    return make_datasette(ledger)


def make_datasette(path: Path) -> Datasette:
    configured = {"config": METADATA} if IS_1_0 else {}
    settings = {"default_page_size": 20, "max_returned_rows": 20, "default_cache_ttl": 0}
    return Datasette([], immutables=[str(path)], metadata=METADATA, settings=settings, **configured)


async def got(datasette: Datasette, page: str) -> str:
    response = await datasette.client.get(page)
    assert response.status_code == 200, response.text
    return str(response.text)


def copies() -> list[Path]:
    """Return the copies of this process's ledgers that still exist."""
    return list(Path(tempfile.gettempdir()).glob("claimledger-served-*/*"))


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))


@pytest.mark.asyncio
@pytest.mark.parametrize("page", PAGES)
async def test_next_request_shows_the_new_ledger(ledger: Path, datasette: Datasette, page: str) -> None:
    for version in (1, 2, 3):
        replace(ledger, version)
        assert version_in(page, await got(datasette, page)) == version


@asynccontextmanager
async def run_before_query(at: int, action: Callable[[], Awaitable[None]]) -> AsyncIterator[Iterator[int]]:
    """Run an action just before the query of the given number; yield the counter of queries."""
    execute, numbers = Version._execute_fn, itertools.count()
    mark = contextvars.ContextVar("mark", default=False)
    names = {"_execute_fn", "execute_fn"} & set(vars(Version))

    async def interrupting_execute(self: Version, fn: Callable[[sqlite3.Connection], object]) -> object:
        # not while the catalog is refreshed: other requests would wait for its lock
        if mark.get() and not self.ds._refresh_schemas_lock.locked() and next(numbers) == at:
            await asyncio.create_task(in_time(action()), context=contextvars.Context())
        return await execute(self, fn)

    mark.set(True)
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(Version, name, interrupting_execute)
        yield numbers
    mark.set(False)


async def in_time(work: Awaitable[None]) -> None:
    async with asyncio.timeout(60):
        await work


@pytest.mark.asyncio
@pytest.mark.parametrize("page", PAGES)
async def test_request_uses_one_ledger_version(ledger: Path, datasette: Datasette, page: str) -> None:
    await got(datasette, page)
    for version in itertools.count(1):

        async def replace_ledger(newer: int = version + 1) -> None:
            replace(ledger, newer)
            assert version_in(PAGES[2], await got(datasette, PAGES[2])) == newer

        async with run_before_query(version - 1, replace_ledger) as numbers:
            assert version_in(page, await got(datasette, page)) == version
        if next(numbers) < version:  # the page has fewer queries
            break
    assert version > 2
    assert len(copies()) == 1


def ledger_bytes(version: int, beside: Path) -> bytes:
    return made(beside.with_name("content.building"), version).read_bytes()


def half_ledger(beside: Path) -> bytes:
    content = ledger_bytes(2, beside)
    return content[: len(content) // 2]


def overwrite(path: Path, content: bytes) -> None:
    """Write into the existing file, as a copying program does."""
    path.write_bytes(content)


REFUSED: dict[str, Callable[[Path], object]] = {
    "there is no file": lambda path: path.unlink(),
    "it is no database": lambda path: replace_bytes(path, b""),
    "it is no database.": lambda path: replace_bytes(path, b"SQLite is not what this is. " * 400),
    "it is not whole": lambda path: replace_bytes(path, half_ledger(path)),
    "it is no ledger": lambda path: replace(path, 2, more="DROP TABLE about"),
    "its format is 99": lambda path: replace(path, 2, form=99),
    "it is no database..": lambda path: overwrite(path, b""),
    "it is not whole.": lambda path: overwrite(path, half_ledger(path)),
    "it is being written": lambda path: overwrite(path, ledger_bytes(2, path)),
}  # fmt: skip


def replace_bytes(path: Path, content: bytes) -> None:
    path.with_name("next.building").write_bytes(content)
    path.with_name("next.building").replace(path)


@pytest.mark.asyncio
@pytest.mark.parametrize("why", REFUSED)
async def test_unusable_file_is_skipped_and_logged_once(
    ledger: Path, datasette: Datasette, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    await got(datasette, PAGES[0])
    REFUSED[why](ledger)
    for page in PAGES:
        assert version_in(page, await got(datasette, page)) == 1
    assert [record.levelno for record in caplog.records if record.name == following.__name__] == [logging.WARNING]
    assert why.rstrip(".") in caplog.text
    replace(ledger, 5)
    assert version_in(PAGES[0], await got(datasette, PAGES[0])) == 5
    assert len(copies()) == 1


@pytest.mark.asyncio
async def test_overwritten_ledger_is_used_once_it_is_complete_and_intact(
    ledger: Path, datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AGAIN_AFTER", 0.0)
    await got(datasette, PAGES[0])
    new = ledger_bytes(2, ledger)
    overwrite(ledger, new)
    assert version_in(PAGES[0], await got(datasette, PAGES[0])) == 1
    monkeypatch.setattr(served_copy, "REST_SECONDS", 0.0)
    damaged = bytearray(new)
    damaged[4096 * 4 : 4096 * 5] = bytes(range(256)) * 16
    overwrite(ledger, bytes(damaged))
    assert version_in(PAGES[0], await got(datasette, PAGES[0])) == 1
    overwrite(ledger, new)
    assert version_in(PAGES[0], await got(datasette, PAGES[0])) == 2


async def catalogued_tables(datasette: Datasette) -> set[str]:
    """Return the tables in Datasette's own catalog."""
    internal = datasette.get_internal_database() if IS_1_0 else datasette.get_database("_internal")
    found = await internal.execute(f"SELECT table_name FROM {'catalog_tables' if IS_1_0 else 'tables'}")  # noqa: S608
    return {row[0] for row in found.rows}


@pytest.mark.asyncio
async def test_new_tables_and_columns_are_visible_at_once(ledger: Path) -> None:
    replace(ledger, 1, more="CREATE TABLE gone (a); PRAGMA schema_version = 77;")
    datasette = make_datasette(ledger)
    assert "/ledger/gone" in await got(datasette, "/ledger")
    more = "CREATE TABLE come (a); ALTER TABLE claims ADD COLUMN added TEXT DEFAULT 'new'; PRAGMA schema_version = 77;"
    replace(ledger, 2, more=more)
    listed = await got(datasette, "/ledger")
    assert {"come", "claims"} <= await catalogued_tables(datasette)
    assert "gone" not in await catalogued_tables(datasette)
    assert "/ledger/come" in listed
    assert "/ledger/gone" not in listed
    assert (await datasette.client.get("/ledger/gone")).status_code == 404
    assert await got(datasette, "/ledger/come.json?_shape=array") == "[]"
    assert '"added"' in await got(datasette, "/ledger/claims.json?_shape=array&_facet=added")
    assert f"{rows_of(2)} rows" in await got(datasette, "/ledger/claims")


@pytest.mark.asyncio
async def test_other_files_are_left_to_datasette(tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE plain (a)")
    written = made(tmp_path / "written.db", 1)
    datasette = Datasette([str(written)], immutables=[str(plain)])
    assert await got(datasette, "/plain/plain.json?_shape=array") == "[]"
    assert [type(datasette.get_database(name)).__name__ for name in ("plain", "written")] == ["Database"] * 2
    assert copies() == []


@pytest.mark.asyncio
async def test_pages_are_not_cached_with_the_settings_of_scripts_serve(datasette: Datasette) -> None:
    for page in PAGES:
        kept = (await datasette.client.get(page)).headers.get("cache-control", "no-cache")
        assert kept == "no-cache", page


@pytest.mark.asyncio
async def test_background_task_reads_the_newest_ledger(ledger: Path, datasette: Datasette) -> None:
    go_on, seen = asyncio.Event(), []

    async def background_task() -> None:
        await go_on.wait()
        database = datasette.get_database("ledger")
        seen.append((await database.execute("SELECT version FROM claims LIMIT 1")).first()[0])

    async with following._followers_of(datasette).request():
        task = asyncio.create_task(background_task())
    replace(ledger, 2)
    await got(datasette, PAGES[0])
    go_on.set()
    await task
    assert seen == ["v2v"]


def descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@pytest.mark.asyncio
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files where the system lists them")
@pytest.mark.parametrize("times", [30, pytest.param(1000, marks=pytest.mark.soak)])
async def test_replacing_the_ledger_leaves_no_files_open(ledger: Path, datasette: Datasette, times: int) -> None:
    counts = []
    for version in range(2, times + 2):
        replace(ledger, version)
        await asyncio.gather(*(got(datasette, PAGES[2]) for _ in range(3)))
        counts.append(descriptors(os.getpid()))
    assert max(counts[times // 2 :]) <= max(counts[: times // 2])
    assert len(copies()) == 1


@contextmanager
def serving(path: Path, temporary: Path) -> Iterator[tuple[int, int]]:
    """Run a real `datasette serve`; yield its port and process ID."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    (path.parent / "metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    options = ["-m", "metadata.json", *(["-c", "metadata.json"] if IS_1_0 else [])]
    for setting in ("default_page_size 20", "max_returned_rows 20", "default_cache_ttl 0", "max_csv_mb 0"):
        options += ["--setting", *setting.split()]
    command = [sys.executable, "-m", "datasette", "serve", "-i", path.name, "-p", str(port), *options]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, cwd=path.parent, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: answers(port))
            yield port, server.pid
        finally:
            running.end(server)


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        try:
            connection.request("GET", PAGES[2])
            return connection.getresponse().status == 200
        except ConnectionError:
            return False


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


class Readers:
    """Eight clients that request one page after another and record each wrong answer."""

    def __init__(self, port: int) -> None:
        self.port, self.finished, self.answers, self.wrong, self.is_over = port, 1, 0, list[str](), False
        self._threads = [threading.Thread(target=self._read, args=(number,), daemon=True) for number in range(8)]
        for thread in self._threads:
            thread.start()

    def _read(self, number: int) -> None:
        for page in itertools.cycle((*PAGES[number % len(PAGES) :], *PAGES[: number % len(PAGES)])):
            if self.is_over or self.wrong:
                return
            least = self.finished
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                    connection.request("GET", page)
                    response = connection.getresponse()
                    text = response.read().decode()
                assert response.status == 200, (page, response.status, text)
                assert version_in(page, text) >= least, (page, least)
            except (AssertionError, OSError, http.client.HTTPException) as fault:
                self.wrong.append(repr(fault))
            self.answers += 1

    def stop(self) -> None:
        self.is_over = True
        running.join(*self._threads)


def test_readers_get_complete_current_answers_during_replacements(ledger: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    with serving(ledger, temporary) as (port, process):
        readers = Readers(port)
        try:
            for version in range(2, 202):
                replace(ledger, version)
                readers.finished, before = version, readers.answers
                wait_until(lambda: readers.answers >= before + 3 or bool(readers.wrong))  # noqa: B023
        finally:
            readers.stop()
        assert readers.wrong == []
        assert readers.answers >= 600
        assert len(list(temporary.glob("claimledger-served-*/*"))) == 1
        if Path("/proc/self/fd").exists():
            assert descriptors(process) < 40
    assert list(temporary.iterdir()) == []


@pytest.mark.asyncio
async def test_download_finishes_on_the_ledger_it_began_with(ledger: Path, datasette: Datasette) -> None:
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="critical"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        await asyncio.to_thread(download_during_replacement, listening.getsockname()[1], ledger)
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join)
        listening.close()
    assert copies() == []


def download_during_replacement(port: int, ledger: Path) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as slow:
        slow.sock = socket.socket()
        slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        slow.sock.connect(("127.0.0.1", port))
        slow.request("GET", "/ledger/long/-/csv")
        response = slow.getresponse()
        replace(ledger, 2)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as other:
            other.request("GET", PAGES[2])
            assert version_in(PAGES[2], other.getresponse().read().decode()) == 2
        assert len(copies()) == 2
        text = response.read().decode()
    assert text.count("v1v") == LONG_ROWS
    assert "v2v" not in text
    wait_until(lambda: PieceMaker._running == 0 and len(copies()) == 1)
