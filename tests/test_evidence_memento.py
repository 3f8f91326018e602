"""Archived copies, asked for from a real Memento server (RFC 7089) on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from claimledger.evidence import Archive, Memento, archived, mementos
from claimledger.evidence.memento import OF_ARCHIVES, FetchAt, links
from claimledger.fetching import AddressForbidden, NotAnswered, fetch
from loopback import page, said, serving

ORIGINAL = "https://port.example/statistics?year=2030"
SPRING, SUMMER = datetime(2031, 4, 1, 12, tzinfo=UTC), datetime(2031, 7, 1, 12, tzinfo=UTC)
COPIES: Mapping[datetime, bytes] = {SPRING: b"<p>1,204,331", SUMMER: b"<p>1,240,331"}


class MementoServer(ThreadingHTTPServer):
    """An archive of one page: a TimeGate, a TimeMap, and its copies."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def base(self) -> str:
        """Where its addresses begin."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def archive(self) -> Archive:
        """What asks it."""
        return Archive(f"{self.base}/gate/", f"{self.base}/map/")

    @property
    def fetch_it(self) -> FetchAt:
        """Who reaches it."""
        return partial(fetch, limits=OF_ARCHIVES, allow=[("127.0.0.1", self.server_port)])

    def address_of(self, made: datetime) -> str:
        """Return where a copy stands."""
        return f"{self.base}/{made:%Y%m%d%H%M%S}/{ORIGINAL}"


class _Answering(BaseHTTPRequestHandler):
    server: MementoServer

    def do_GET(self) -> None:
        _, kind, original = self.path.split("/", 2)
        if original != ORIGINAL:
            self._send(404, {}, b"")
        elif kind == "gate":
            self._negotiate()
        elif kind == "map":
            self._send(200, {"Content-Type": "application/link-format"}, self._timemap())
        else:
            self._copy(datetime.strptime(kind, "%Y%m%d%H%M%S").replace(tzinfo=UTC))

    def _negotiate(self) -> None:
        asked = parsedate_to_datetime(self.headers["Accept-Datetime"])
        nearest = min(COPIES, key=lambda made: abs(made - asked))
        link = f'<{ORIGINAL}>; rel="original", <{self.server.base}/map/{ORIGINAL}>; rel="timemap"'
        self._send(302, {"Vary": "accept-datetime", "Location": self.server.address_of(nearest), "Link": link}, b"")

    def _copy(self, made: datetime) -> None:
        link = f'<{ORIGINAL}>; rel="original", <{self.server.base}/gate/{ORIGINAL}>; rel="timegate"'
        headers = {"Memento-Datetime": format_datetime(made, usegmt=True), "Link": link, "Content-Type": "text/html"}
        self._send(200, headers, COPIES[made])

    def _timemap(self) -> bytes:
        rels = {SPRING: "first memento", SUMMER: "last memento"}
        copies = (
            f'<{self.server.address_of(made)}>; rel="{rels[made]}"; datetime="{format_datetime(made, usegmt=True)}"'
            for made in sorted(COPIES, reverse=True)
        )
        return ",\n".join([f'<{ORIGINAL}>; rel="original"', *copies]).encode()

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def memento_server() -> Iterator[MementoServer]:
    with MementoServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("asked", "made"), [(SPRING + timedelta(days=2), SPRING), (SUMMER, SUMMER)])
def test_the_timegate_gives_the_copy_nearest_a_moment(asked: datetime, made: datetime) -> None:
    with memento_server() as server:
        assert archived(ORIGINAL, asked, server.archive, server.fetch_it) == Memento(server.address_of(made), made)


def test_the_timemap_lists_all_copies_the_oldest_first() -> None:
    with memento_server() as server:
        found = mementos(ORIGINAL, server.archive, server.fetch_it)
        assert found == [Memento(server.address_of(made), made) for made in (SPRING, SUMMER)]


def test_what_was_never_archived_has_no_copy() -> None:
    with memento_server() as server:
        assert archived("https://port.example/other", SPRING, server.archive, server.fetch_it) is None
        assert mementos("https://port.example/other", server.archive, server.fetch_it) == []


MADE = f"Memento-Datetime: {format_datetime(SPRING, usegmt=True)}"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Memento-Datetime: yesterday",),
        (MADE, 'Link: <https://port.example/statistics?year=2029>; rel="original"'),
        (MADE, "Link: <https://other.example/>; rel=original"),
    ],
    ids=["undated", "no date", "another page", "another host"],
)
def test_a_copy_that_is_not_dated_or_is_of_another_page_is_not_believed(lines: tuple[str, ...]) -> None:
    with serving(page(b"x", *lines)) as server:
        fetch_it = partial(fetch, limits=OF_ARCHIVES, allow=server.allow)
        assert archived(ORIGINAL, SPRING, Archive(f"{server.address}/", ""), fetch_it) is None


def test_an_archive_that_does_not_answer_is_a_refusal_and_not_a_missing_copy() -> None:
    with serving(page(b"", status="403 No")) as server, pytest.raises(NotAnswered):
        archived(
            ORIGINAL, SPRING, Archive(f"{server.address}/", ""), partial(fetch, limits=OF_ARCHIVES, allow=server.allow)
        )


def test_an_archive_that_sends_into_a_private_network_is_not_followed() -> None:
    redirect = said(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n")
    with serving(redirect) as server, pytest.raises(AddressForbidden):
        archived(
            ORIGINAL, SPRING, Archive(f"{server.address}/", ""), partial(fetch, limits=OF_ARCHIVES, allow=server.allow)
        )


def test_links_are_read_as_they_are_written() -> None:
    text = '<a,b>;rel="memento";datetime="Tue, 01 Apr 2031 12:00:00 GMT", junk, <c> ; REL=original ; title="q\\"uo, te"'
    first, second = links(text)
    assert (first.target, first.attributes["datetime"]) == ("a,b", "Tue, 01 Apr 2031 12:00:00 GMT")
    assert (second.target, second.attributes["title"], second.is_a("original")) == ("c", 'q"uo, te', True)
    assert [*links("<" * 100_000)] == []
