"""Stored pages (Datasette 0.65 and 1.0): the bytes of a rendered page, the newest version, the same for everyone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.plugins import pm
from made_ledger import PRICE, made_entries, write_texts
from page_reading import metadata, serving, stop
from server_process import IS_1_0

from claimledger.datasette_plugin import hookimpl, page_cache
from claimledger.datasette_plugin.page_cache import PageCache, _cache_of
from claimledger.datasette_plugin.public_pages import visit as visits
from claimledger.publishing import ledger_db

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

CLAIM = f"/claims/{PRICE['claim_id']}"
PATHS = (
    "/", "/claims", CLAIM, "/claims/cranes-move-forty-percent-more-aaaa.jsonld", "/articles", "/corrections", "/charts",
    "/charts/status-over-time.svg", "/feeds/verdicts.atom", "/feeds/claimreview.json", "/sitemap.xml", "/robots.txt",
    "/search?q=crane", "/report",
)  # fmt: skip
ADDRESS = "https://ledger.example.org"
HOST = {"host": "ledger.example.org"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture
def ledger(built: Path, tmp_path: Path) -> Path:
    """Return a ledger that is written while it is served."""
    with (
        closing(sqlite3.connect(built)) as source,
        closing(sqlite3.connect(tmp_path / "ledger.db")) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = WAL")
    return tmp_path / "ledger.db"


@pytest.fixture
def datasette(ledger: Path) -> Iterator[Datasette]:
    served = serving(ledger)
    yield served
    stop(served)


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the templates that are rendered."""
    rendered: list[str] = []
    render = visits.Visit.page

    def counting(self: visits.Visit, template: str, *values: Any, **named: Any) -> Any:  # noqa: ANN401
        rendered.append(template)
        return render(self, template, *values, **named)

    monkeypatch.setattr(visits.Visit, "page", counting)
    return rendered


async def got(datasette: Datasette, path: str, **headers: str) -> Any:  # noqa: ANN401
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await datasette.client.get(path, headers=names)


def change(ledger: Path, statement: str) -> None:
    """Change the statement of a claim, as a publish does."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("UPDATE claims SET statement_en = ? WHERE claim_id = ?", (statement, PRICE["claim_id"]))
        connection.execute("UPDATE about SET value = ? WHERE name = 'content_sha256'", (f"{statement:064}",))
        connection.commit()


@pytest.mark.parametrize("path", PATHS)
async def test_repeated_page_has_the_same_bytes_and_an_etag(datasette: Datasette, path: str) -> None:
    first, second = await got(datasette, path), await got(datasette, path)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    tag = first.headers["etag"]
    assert second.headers["etag"] == tag
    assert not tag.startswith("W/")
    for name in ("cache-control", "content-type", "content-security-policy", "vary"):
        assert first.headers.get(name) == second.headers.get(name)
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await got(datasette, path, if_none_match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await got(datasette, path, if_none_match='"other"')).content == first.content
    head = await datasette.client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


async def test_repeated_page_is_not_rendered_again(datasette: Datasette, renderings: list[str]) -> None:
    for _ in range(3):
        await got(datasette, CLAIM)
    assert renderings == ["claim.html"]
    await got(datasette, CLAIM, accept_language="ko")
    await got(datasette, f"{CLAIM}?on=2031-04-10")
    assert len(renderings) == 3


async def test_known_etag_gets_304_without_rendering(datasette: Datasette, renderings: list[str]) -> None:
    tag = (await got(datasette, CLAIM)).headers["etag"]
    _cache_of(datasette).clear()
    assert (await got(datasette, CLAIM, if_none_match=tag)).status_code == 304
    assert renderings == ["claim.html"]


async def test_change_of_the_ledger_drops_its_pages(ledger: Path, datasette: Datasette) -> None:
    tags = set()
    for statement in ("First statement.", "Second statement.", "Third statement."):
        change(ledger, statement)
        for _ in range(2):
            answer = await got(datasette, "/claims")
            assert statement in answer.text
        tags.add(answer.headers["etag"])
        assert len(_cache_of(datasette)._pages) == 1
    assert len(tags) == 3


async def test_replaced_file_drops_its_pages(ledger: Path, datasette: Datasette) -> None:
    await got(datasette, "/claims")
    newer = ledger.with_name("newer.db")
    with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(newer)) as target:
        source.backup(target)
    change(newer, "Replaced statement.")
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    for ending in ("-wal", "-shm"):
        ledger.with_name(f"ledger.db{ending}").unlink(missing_ok=True)
    newer.replace(ledger)
    assert "Replaced statement." in (await got(datasette, "/claims")).text


async def test_page_made_during_a_publish_is_not_kept_for_the_next_version(
    ledger: Path, datasette: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    await got(datasette, "/")
    render = visits.Visit.page

    def publishing(self: visits.Visit, template: str, *values: Any, **named: Any) -> Any:  # noqa: ANN401
        change(ledger, "Changed meanwhile.")
        return render(self, template, *values, **named)

    with monkeypatch.context() as patch:
        patch.setattr(visits.Visit, "page", publishing)
        older = await got(datasette, "/claims")
    assert "Changed meanwhile." not in older.text
    assert not any("/claims" in repr(key) for key in _cache_of(datasette)._pages)
    newer = await got(datasette, "/claims")
    assert "Changed meanwhile." in newer.text
    assert older.headers["etag"] != newer.headers["etag"]
    assert (await got(datasette, "/claims", if_none_match=older.headers["etag"])).status_code == 200


def with_settings(ledger: Path, **configured: object) -> Datasette:
    settings = {**metadata(), "plugins": {"claimledger": configured}}
    return Datasette([str(ledger)], metadata=settings, **({"config": settings} if IS_1_0 else {}))


async def test_pages_for_hosts_that_are_not_configured_are_not_stored(ledger: Path, renderings: list[str]) -> None:
    datasette = with_settings(ledger, address=ADDRESS)
    for host, status in (("evil.example", 421), ("ledger.example.org.evil.example", 421), ("127.0.0.1", 200)):
        for _ in range(2):
            assert (await datasette.client.get("/claims", headers={"host": host})).status_code == status
    assert len(renderings) == 2
    assert not _cache_of(datasette)._pages
    for _ in range(2):
        assert "evil" not in (await datasette.client.get("/claims", headers=HOST)).text
    assert len(renderings) == 3
    stop(datasette)


async def test_without_an_address_only_loopback_names_are_stored(datasette: Datasette) -> None:
    for host, count in (("10.0.0.9", 0), ("localhost:8001", 1), ("127.0.0.1:1", 2), ("10.0.0.9:8001", 2)):
        page = await got(datasette, "/feeds/verdicts.atom", host=host)
        assert f"http://{host}/" in page.text
        assert len(_cache_of(datasette)._pages) == count


SECRETS: tuple[Mapping[str, str], ...] = (
    {"cookie": "ds_actor=someone"}, {"cookie": "claimledger_language=ko; session=1"}, {"authorization": "Bearer x"},
    {"cookie": "session=1"},
)  # fmt: skip


@pytest.mark.parametrize("headers", SECRETS)
async def test_requests_with_credentials_do_not_use_the_store(
    datasette: Datasette, renderings: list[str], headers: Mapping[str, str]
) -> None:
    for _ in range(2):
        await datasette.client.get("/claims", headers=headers)
    assert not _cache_of(datasette)._pages
    await got(datasette, "/claims")
    await datasette.client.get("/claims", headers=headers)
    assert len(renderings) == 4


async def test_pages_of_one_visitor_do_not_reach_another(datasette: Datasette) -> None:
    korean = await got(datasette, CLAIM, cookie="claimledger_language=ko")
    english = await got(datasette, CLAIM, accept_language="en")
    assert (korean.headers["content-language"], english.headers["content-language"]) == ("ko", "en")
    assert (await got(datasette, CLAIM)).content == english.content
    assert (await got(datasette, CLAIM, accept_language="ko")).content == korean.content
    assert (await got(datasette, f"{CLAIM}?lang=ko")).headers["content-language"] == "ko"
    assert (
        await got(datasette, CLAIM, cookie="claimledger_language=ko", accept_language="en")
    ).content == korean.content
    assert (await got(datasette, CLAIM)).headers["content-language"] == "en"
    forwarded = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher", "forwarded": "host=evil.example"}
    page = await datasette.client.get("/feeds/verdicts.atom", headers=forwarded)
    assert b"evil" not in page.content
    assert b"gopher" not in (await got(datasette, "/feeds/verdicts.atom")).content
    tags = {korean.headers["etag"], english.headers["etag"], page.headers["etag"]}
    assert len(tags) == 3


async def test_scheme_of_the_request_is_part_of_the_question(datasette: Datasette) -> None:
    for scheme in ("http", "https"):
        path = f"{scheme}://localhost/feeds/verdicts.atom"
        page = await datasette.client.request("GET", path, avoid_path_rewrites=True)
        assert f"{scheme}://localhost/" in page.text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["actor_from_request", "permission_resources_sql" if IS_1_0 else "permission_allowed"])
async def test_nothing_is_stored_if_another_plugin_decides_about_readers(
    datasette: Datasette, renderings: list[str], name: str
) -> None:
    await got(datasette, "/claims")

    class Deciding:
        __name__ = "deciding"

    setattr(Deciding, name, staticmethod(hookimpl(specname=name)(lambda: None)))
    pm.register(Deciding(), "deciding")
    try:
        for _ in range(2):
            await got(datasette, "/claims")
    finally:
        pm.unregister(name="deciding")
    assert len(renderings) == 3


async def test_pages_that_are_closed_to_anonymous_readers_are_not_stored(ledger: Path) -> None:
    datasette = serving(ledger, allow={"id": "kim"})
    actor = {"ds_actor": datasette.sign({"a": {"id": "kim"}}, "actor")}
    assert (await datasette.client.get("/claims", cookies=actor)).status_code == 200
    assert not _cache_of(datasette)._pages
    assert (await got(datasette, "/claims")).status_code == 403
    tag = (await datasette.client.get("/claims", cookies=actor)).headers["etag"]
    assert (await got(datasette, "/claims", if_none_match=tag)).status_code == 403
    stop(datasette)


@pytest.mark.slow
async def test_refusals_and_posts_are_not_stored(datasette: Datasette) -> None:
    for path in ("/claims/unknown-claim-aaaa", "/claims?page=x", "/search?q=%22", "/nothing", "/ledger/claims"):
        answer = await got(datasette, path)
        assert answer.status_code == 200 or "etag" not in answer.headers
    assert (await datasette.client.post("/claims")).status_code == 405
    assert not _cache_of(datasette)._pages


async def test_store_is_bounded(datasette: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len((await got(datasette, "/articles")).content)
    monkeypatch.setattr(page_cache, "MOST_BYTES", 3 * size)
    for number in range(10):
        await got(datasette, f"/articles?unused={number}")
    cache = _cache_of(datasette)
    assert 0 < cache._size == sum(len(page.body) for page in cache._pages.values()) <= 3 * size
    monkeypatch.setattr(page_cache, "LARGEST_PAGE", 10)
    await got(datasette, "/speakers")
    assert not any("/speakers" in repr(key) for key in cache._pages)


@pytest.mark.slow
async def test_watched_ledger_has_no_transaction_open(ledger: Path, datasette: Datasette) -> None:
    for statement in ("One.", "Two."):
        for path in PATHS:
            await got(datasette, path)
            await got(datasette, path)
        change(ledger, statement)
        with closing(sqlite3.connect(ledger, timeout=0)) as connection:
            assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


async def test_immutable_ledger_has_stored_pages_too(built: Path, renderings: list[str]) -> None:
    datasette = Datasette([], immutables=[str(built)], metadata=metadata())
    tags = {(await got(datasette, CLAIM)).headers["etag"] for _ in range(3)}
    assert len(tags) == 1
    assert renderings == ["claim.html"]


async def test_etag_depends_on_the_settings_that_are_shown(ledger: Path) -> None:
    found = set()
    for settings in ({}, {"organization": "Harbour Desk"}, {"report_address": "mailto:a@example.org"}):
        datasette = with_settings(ledger, **settings)
        found.add((await got(datasette, "/claims")).headers["etag"])
        stop(datasette)
    assert len(found) == 3


async def test_duplicate_headers_are_not_stored(datasette: Datasette) -> None:
    cache, scope = PageCache(datasette), {"method": "GET", "path": "/", "query_string": b"", "scheme": "http"}
    host = (b"host", b"localhost")
    assert cache.question({**scope, "headers": [host]})
    assert not cache.question({**scope, "headers": [host, host]})
    assert not cache.question(
        {**scope, "headers": [host, (b"cookie", b"claimledger_language=ko"), (b"cookie", b"a=b")]}
    )
    assert not cache.question({**scope, "headers": [host], "actor": {"id": "kim"}})
    assert not cache.question({**scope, "headers": []})
