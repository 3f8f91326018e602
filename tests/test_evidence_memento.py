"""Looking up archived copies on a real Memento server (RFC 7089) on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import running
from loopback import page, said, sent_on, serving
from made_documents import SENTENCE, html_page

from claimledger.desk import archived_copies
from claimledger.desk.exhibits import IncomingDocument
from claimledger.errors import ProblemsFound
from claimledger.evidence import DOCUMENT_LIMITS, Archive, Capture, find_archived_copy, read_document
from claimledger.evidence.memento import ArchiveFetcher, parse_links
from claimledger.fetching import AddressForbidden, NotAnswered, fetch

pytestmark = pytest.mark.slow

ORIGINAL = "https://port.example/statistics?year=2030"
SPRING, SUMMER = datetime(2031, 4, 1, 12, tzinfo=UTC), datetime(2031, 7, 1, 12, tzinfo=UTC)
COPIES: Mapping[datetime, bytes] = {SPRING: b"<p>1,204,331", SUMMER: b"<p>1,240,331"}


class MementoServer(ThreadingHTTPServer):
    """An archive of one page: a TimeGate and its copies."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def base(self) -> str:
        """The beginning of the server's addresses."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def archive(self) -> Archive:
        """The archive setting for this server."""
        return Archive(f"{self.base}/gate/")

    @property
    def fetch_it(self) -> ArchiveFetcher:
        """The fetch function that is allowed to reach this server."""
        return partial(fetch, limits=DOCUMENT_LIMITS, allow=[("127.0.0.1", self.server_port)])

    def copy_address(self, made: datetime) -> str:
        """Return the address of the copy made at a time."""
        return f"{self.base}/{made:%Y%m%d%H%M%S}/{ORIGINAL}"


class _Handler(BaseHTTPRequestHandler):
    server: MementoServer

    def do_GET(self) -> None:
        _, kind, original = self.path.split("/", 2)
        if original != ORIGINAL:
            self._send(404, {}, b"")
        elif kind == "gate":
            self._negotiate()
        else:
            self._copy(datetime.strptime(kind, "%Y%m%d%H%M%S").replace(tzinfo=UTC))

    def _negotiate(self) -> None:
        asked = parsedate_to_datetime(self.headers["Accept-Datetime"])
        nearest = min(COPIES, key=lambda made: abs(made - asked))
        link = f'<{ORIGINAL}>; rel="original", <{self.server.base}/map/{ORIGINAL}>; rel="timemap"'
        self._send(302, {"Vary": "accept-datetime", "Location": self.server.copy_address(nearest), "Link": link}, b"")

    def _copy(self, made: datetime) -> None:
        link = f'<{ORIGINAL}>; rel="original", <{self.server.base}/gate/{ORIGINAL}>; rel="timegate"'
        headers = {"Memento-Datetime": format_datetime(made, usegmt=True), "Link": link, "Content-Type": "text/html"}
        self._send(200, headers, COPIES[made])

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def memento_server() -> Iterator[MementoServer]:
    with MementoServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            running.join(thread)


@pytest.mark.parametrize(("asked", "made"), [(SPRING + timedelta(days=2), SPRING), (SUMMER, SUMMER)])
def test_timegate_returns_the_copy_nearest_to_a_time(asked: datetime, made: datetime) -> None:
    with memento_server() as server:
        copy = find_archived_copy(ORIGINAL, asked, server.archive, server.fetch_it)
        assert copy
        assert (copy.address, copy.archived_at, copy.page.content) == (server.copy_address(made), made, COPIES[made])


def test_page_never_archived_has_no_copy() -> None:
    with memento_server() as server:
        assert find_archived_copy("https://port.example/other", SPRING, server.archive, server.fetch_it) is None


MADE = f"Memento-Datetime: {format_datetime(SPRING, usegmt=True)}"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Memento-Datetime: yesterday",),
        (MADE, 'Link: <https://port.example/statistics?year=2029>; rel="original"'),
        (MADE, "Link: <https://other.example/>; rel=original"),
        (MADE,),
        (MADE, "Link: <http://[>; rel=original"),
    ],
    ids=["undated", "no date", "another page", "another host", "of nothing", "no address"],
)
def test_copy_without_a_date_or_of_another_page_is_ignored(lines: tuple[str, ...]) -> None:
    with serving(page(b"x", *lines)) as server:
        fetch_it = partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)
        assert find_archived_copy(ORIGINAL, SPRING, Archive(f"{server.address}/"), fetch_it) is None


ORIGINAL_LINK = f'Link: <{ORIGINAL}>; rel="original"'


def test_copy_from_another_host_is_ignored() -> None:
    with serving(page(b"x", MADE, ORIGINAL_LINK)) as other, serving(sent_on(other.address)) as archive:
        fetch_it = partial(fetch, limits=DOCUMENT_LIMITS, allow=[*archive.allow, *other.allow])
        assert find_archived_copy(ORIGINAL, SPRING, Archive(f"{archive.address}/"), fetch_it) is None


def incoming_document() -> IncomingDocument:
    capture = Capture(ORIGINAL, html_page(), "text/html", "utf-8", SPRING, ORIGINAL)
    return IncomingDocument(capture, read_document(capture))


@pytest.mark.parametrize(
    ("content", "excerpt", "is_taken"),
    [
        (html_page(menu="Toolbar of an archive"), SENTENCE, True),
        (html_page("<p>No such page.</p>"), SENTENCE, False),
        (html_page(), "", True),
        (html_page("<p>No such page was ever here, nor on any day before.</p>"), "", False),
    ],
    ids=["the passage", "no passage", "the text", "another text"],
)
def test_copy_is_recorded_if_it_contains_the_excerpt_or_text(content: bytes, excerpt: str, *, is_taken: bool) -> None:
    with serving(page(content, MADE, ORIGINAL_LINK, "Content-Type: text/html; charset=utf-8")) as server:
        fetch_it = partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)
        archive = Archive(f"{server.address}/")
        noted = archived_copies.add_archived_copy(
            incoming_document(), {"address": ORIGINAL}, excerpt, archive=archive, fetch_it=fetch_it
        )
    assert (bool(noted.copy), "archived_address" in noted.document) == (is_taken, is_taken)


def test_archive_is_not_asked_for_a_confidential_document() -> None:
    with serving(page(b"x", MADE, ORIGINAL_LINK)) as server:
        fetch_it = partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)
        document = {"address": ORIGINAL, "is_withheld": True}
        with pytest.raises(ProblemsFound, match="would reveal"):
            archived_copies.add_archived_copy(
                incoming_document(), document, archive=Archive(f"{server.address}/"), fetch_it=fetch_it
            )
    assert server.requests == []


def test_archive_that_does_not_answer_raises_an_error() -> None:
    with serving(page(b"", status="403 No")) as server, pytest.raises(NotAnswered):
        find_archived_copy(
            ORIGINAL, SPRING, Archive(f"{server.address}/"), partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)
        )


def test_archive_redirect_into_a_private_network_is_refused() -> None:
    redirect = said(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n")
    with serving(redirect) as server, pytest.raises(AddressForbidden):
        find_archived_copy(
            ORIGINAL, SPRING, Archive(f"{server.address}/"), partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)
        )


def test_link_header_is_parsed() -> None:
    text = '<a,b>;rel="memento";datetime="Tue, 01 Apr 2031 12:00:00 GMT", junk, <c> ; REL=original ; title="q\\"uo, te"'
    first, second = parse_links(text)
    assert (first.target, first.attributes["datetime"]) == ("a,b", "Tue, 01 Apr 2031 12:00:00 GMT")
    assert (second.target, second.attributes["title"], second.has_relation("original")) == ("c", 'q"uo, te', True)
    assert [*parse_links("<" * 100_000)] == []
