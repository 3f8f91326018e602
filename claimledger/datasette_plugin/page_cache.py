"""A cache in memory for rendered public pages, feeds, charts and sitemaps of one version of the ledger.

It answers before Datasette's router. A page is stored only if it is the same for everyone: the request has no cookie
except the chosen language and no credentials, its host is configured, and only Datasette itself decides who the reader
is and what anonymous readers may see. The pages of a version are dropped when the ledger changes.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from claimledger.datasette_plugin.answering import PAGE_MARK, PageMark, matches
from claimledger.datasette_plugin.ledger_database import LedgerDatabase
from claimledger.datasette_plugin.plugin_settings import is_datasette_alone, plugin_settings
from claimledger.datasette_plugin.public_pages.language import COOKIE, preferred_language
from claimledger.datasette_plugin.version_watch import VersionWatch

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Message, Receive, Scope, Send

MOST_BYTES = 32 * 2**20
"""The largest size of all stored pages together."""
LARGEST_PAGE = 2 * 2**20
"""The largest size of one stored page in bytes."""
_ONLY_ONCE = frozenset({b"host", b"accept-language", b"cookie", b"if-none-match"})
_LANGUAGE_COOKIE = re.compile(rb"\s*%s=(ko|en)\s*;?\s*" % COOKIE.encode())
_LOOPBACK = re.compile(rb"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")
_NOT_IN_304 = frozenset({b"content-length", b"content-type"})


class StoredPage(NamedTuple):
    """A rendered page."""

    etag: bytes
    headers: list[tuple[bytes, bytes]]
    headers_of_304: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, scope: Scope, known: bytes, send: Send) -> None:
        """Send the page, or only status 304 if the reader knows its ETag."""
        if known and matches(known.decode("latin-1"), self.etag.decode("latin-1")):
            await send({"type": "http.response.start", "status": 304, "headers": list(self.headers_of_304)})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self.body})


class Question(NamedTuple):
    """What a request asks for, if everyone gets the same answer to it."""

    key: Hashable
    known: bytes
    """The ETags that the reader knows."""


class PageCache:
    """The stored pages of a Datasette, the last used ones last."""

    def __init__(self, datasette: Datasette) -> None:
        """Store nothing yet."""
        self._datasette = datasette
        self._pages: OrderedDict[Hashable, StoredPage] = OrderedDict()
        self._size = 0
        self._version = ""
        self._ledger: object = None
        self._watch: VersionWatch | None = None
        self._databases: Mapping[str, Any] = {}
        self._hosts = _configured_hosts(datasette)

    def question(self, scope: Scope) -> Question | None:
        """Return the question of a request; None if its answer must not be shared."""
        if scope["method"] not in ("GET", "HEAD") or scope.get("actor"):
            return None
        found: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _ONLY_ONCE:
                if name in found:
                    return None
                found[name] = value
            elif name in (b"authorization", b"proxy-authorization"):
                return None
        host, cookie = found.get(b"host", b""), found.get(b"cookie")
        language = _language(cookie, found.get(b"accept-language", b""))
        if not language or not self._is_configured(host):
            return None
        path = scope.get("raw_path") or scope["path"]
        key = (scope.get("scheme"), host, scope.get("root_path"), path, scope.get("query_string"), language)
        return Question(key, found.get(b"if-none-match", b""))

    def _is_configured(self, host: bytes) -> bool:
        return host in self._hosts if self._hosts else _LOOPBACK.fullmatch(host) is not None

    def find(self, question: Question) -> StoredPage | None:
        """Return the stored page of the newest version."""
        if not self._pages:
            return None
        if not self._is_current():
            self.clear()
            return None
        page = self._pages.get(question.key)
        if page:
            self._pages.move_to_end(question.key)
        return page

    def _is_current(self) -> bool:
        return (
            self._datasette.databases is self._databases
            and is_datasette_alone()
            and (self._watch is None or self._watch.version() == self._version)
        )

    def store(self, question: Question, mark: PageMark, page: StoredPage) -> None:
        """Store a page if it shows the newest version; drop the pages of other versions."""
        size = len(page.body)
        if size > LARGEST_PAGE or not is_datasette_alone():
            return
        self._follow(mark.ledger)
        if self._watch and self._watch.version() != mark.version:  # it has changed since
            return
        if mark.version != self._version:
            self.clear()
            self._version = mark.version
        self._size += size - (len(self._pages[question.key].body) if question.key in self._pages else 0)
        self._pages[question.key] = page
        while self._size > MOST_BYTES:
            _, oldest = self._pages.popitem(last=False)
            self._size -= len(oldest.body)

    def _follow(self, ledger: object) -> None:
        """Watch the ledger of the pages."""
        if ledger is self._ledger and self._datasette.databases is self._databases:
            return
        self.close()
        self._ledger, self._databases = ledger, self._datasette.databases
        self._watch = VersionWatch(ledger) if isinstance(ledger, LedgerDatabase) else None

    def clear(self) -> None:
        """Drop all pages."""
        self._pages.clear()
        self._size = 0

    def close(self) -> None:
        """Drop all pages and the connection to the ledger."""
        self.clear()
        if self._watch:
            self._watch.close()
        self._watch = self._ledger = None


def _configured_hosts(datasette: Datasette) -> frozenset[bytes]:
    """Return the hosts of the configured address, as requests name them; empty if none is configured."""
    address = urlsplit(str(plugin_settings(datasette).get("address") or ""))
    return frozenset({address.netloc.encode()} if address.netloc else ())


@lru_cache(maxsize=1024)
def _language(cookie: bytes | None, accepted: bytes) -> str:
    """Return the language of a page; empty if the reader has another cookie."""
    if cookie is None:
        return preferred_language(accepted.decode("latin-1"))
    chosen = _LANGUAGE_COOKIE.fullmatch(cookie)
    return chosen[1].decode() if chosen else ""


class _Recorder:
    """Passes an answer on and keeps it, as long as it is one piece with status 200."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._body: bytes | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._headers = list(map(tuple, message["headers"])) if message["status"] == 200 else None  # noqa: PLR2004
        elif message["type"] == "http.response.body":
            is_whole = self._body is None and not message.get("more_body")
            self._body = message.get("body", b"") if is_whole else None
            self._headers = self._headers if is_whole else None
        await self._send(message)

    def page(self, etag: str) -> StoredPage | None:
        """Return the answer as a page; None if it cannot be stored."""
        if self._headers is None or self._body is None:
            return None
        kept = [(name, value) for name, value in self._headers if name != b"content-length"]
        length = (b"content-length", str(len(self._body)).encode())
        of_304 = [(name, value) for name, value in kept if name not in _NOT_IN_304]
        return StoredPage(etag.encode(), [*kept, length], of_304, self._body)


def with_page_cache(app: AsgiApp, datasette: Datasette) -> AsgiApp:
    """Wrap an application so that stored pages are answered at once, and new ones are stored."""
    cache = _cache_of(datasette)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        question = cache.question(scope) if scope["type"] == "http" else None
        if question is None:
            await app(scope, receive, send)
            if scope["type"] == "lifespan":
                cache.close()
            return
        if page := cache.find(question):
            await page.send(scope, question.known, send)
            return
        mark, recorder = PageMark(), _Recorder(send)
        await app({**scope, PAGE_MARK: mark}, receive, recorder.send)
        if mark.etag and scope["method"] == "GET" and (made := recorder.page(mark.etag)):
            cache.store(question, mark, made)

    return answer


def _cache_of(datasette: Datasette) -> PageCache:
    """Return the one cache of a Datasette, which makes an application for each of its clients."""
    found: PageCache | None = getattr(datasette, "_claimledger_pages", None)
    if found is None:
        found = datasette._claimledger_pages = PageCache(datasette)  # noqa: SLF001  our own attribute
    return found


def close_pages(datasette: Datasette) -> None:
    """Drop the stored pages of a Datasette and close its connection to the ledger."""
    _cache_of(datasette).close()
