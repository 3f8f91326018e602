"""Fetching pages, following redirects and retrying after temporary errors.

Faulty servers are tested in test_fetching_hostile.py.
"""

from __future__ import annotations

import datetime
import gzip
import time
from email.utils import format_datetime

import pytest
from loopback import Answer, Server, head, page, reset, said, sent_on, serving, silence

from claimledger.fetching import ContactMalformed, FetchedPage, FetchLimits, NotAnswered, TooSlow, fetch

SMALL = FetchLimits(size=10_000, header_size=4_000, total_seconds=10, connect_seconds=5, attempts=1, pause_seconds=0.01)
HTML = "Content-Type: text/html"
PACKED = (HTML, "Content-Encoding: gzip")
CHUNKED = head(HTML, "Transfer-Encoding: chunked")


def get(server: Server, path: str = "/", limits: FetchLimits = SMALL) -> FetchedPage:
    return fetch(server.address + path, limits=limits, allow=server.allow)


def test_fetched_page_has_content_address_and_time() -> None:
    before = datetime.datetime.now(datetime.UTC)
    with serving(page("하늘".encode(), 'Content-Type: Text/HTML; Charset="UTF-8"', "X-Two: 1", "X-Two: 2")) as server:
        fetched = get(server, "/기사?id=1#제목")
    assert fetched.content.decode() == "하늘"
    assert (fetched.content_type, fetched.charset, fetched.status) == ("text/html", "UTF-8", 200)
    assert fetched.headers[-2:] == (("x-two", "1"), ("x-two", "2"))
    assert fetched.address == server.address + "/기사?id=1#제목"
    assert fetched.final_address == server.address + "/%EA%B8%B0%EC%82%AC?id=1"
    assert before <= fetched.obtained_at <= datetime.datetime.now(datetime.UTC)
    assert fetched.redirects == ()


def test_request_names_the_program_and_not_the_person() -> None:
    with serving(page(b"x")) as server:
        get(server, "/a")
    (request,) = server.requests
    lines = request.decode().split("\r\n")
    assert lines[0] == "GET /a HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in lines
    assert {line.partition(":")[0] for line in lines[1:] if line} == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Connection",
    }  # fmt: skip
    assert "User-Agent: claimledger/" in request.decode()


def test_redirects_are_followed_and_listed() -> None:
    with serving(sent_on("/둘".encode().decode("latin-1"), "301 Moved"), sent_on("three four"), page(b"x")) as server:
        fetched = get(server, "/one")
    assert [(item.address, item.status) for item in fetched.redirects] == [
        (f"{server.address}/one", 301), (f"{server.address}/%EB%91%98", 302),
    ]  # fmt: skip
    assert fetched.final_address == f"{server.address}/three%20four"


def test_five_redirects_are_followed() -> None:
    with serving(*[sent_on("/on")] * 5, page(b"x")) as server:
        assert len(get(server).redirects) == 5


def test_cookie_is_not_sent_to_the_next_hop() -> None:
    sets_cookie = page(b"", "Set-Cookie: seen=1; Path=/", "Location: /next", status="302 Found")
    with serving(sets_cookie, page(b"x")) as server:
        get(server)
    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


def test_proxy_settings_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(page(b"x")) as server:
        assert get(server).content == b"x"


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        page(gzip.compress(b"body"), *PACKED),
        page(gzip.compress(b"bo") + gzip.compress(b"dy"), *PACKED),
        page(b"body", "Content-Encoding: identity"),
        page(b"bodymore than it says", "Content-Length: 4"),
        said(CHUNKED + b"2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n"),
        said(head(HTML) + b"body"),
        said(b"HTTP/1.1 103 Early Hints\r\n\r\n" + head(HTML) + b"body"),
    ],
    ids=["gzip", "two members", "identity", "length too short", "chunks", "until it closes", "after hints"],
)
def test_every_transfer_encoding_gives_the_body(answer: Answer) -> None:
    with serving(answer) as server:
        assert get(server).content == b"body"


@pytest.mark.parametrize("lines", [(), PACKED[1:]], ids=["plain", "packed"])
def test_empty_page_is_accepted(lines: tuple[str, ...]) -> None:
    with serving(page(b"", *lines)) as server:
        assert get(server).content == b""


def test_page_may_be_as_large_as_the_limit() -> None:
    with serving(page(gzip.compress(b"x" * 10_000), *PACKED)) as server:
        assert len(get(server).content) == 10_000


@pytest.mark.parametrize(
    ("line", "content_type", "charset"),
    [
        ("Content-Type: text/html; charset=euc-kr", "text/html", "euc-kr"),
        ("Content-Type: text/html; charset='utf-8'", "text/html", "utf-8"),
        ("Content-Type: text/html; charset=", "text/html", None),
        ("X-Content-Type: none", None, None),
        ("Content-Type: text/plain;format=flowed", "text/plain", None),
    ],
)
def test_content_type_is_reported_as_the_server_sends_it(
    line: str, content_type: str | None, charset: str | None
) -> None:
    with serving(said(head(line) + b"\xb1\xe2")) as server:
        fetched = get(server)
    assert (fetched.content_type, fetched.charset, fetched.content) == (content_type, charset, b"\xb1\xe2")


SHORT = FetchLimits(total_seconds=10, attempts=3, pause_seconds=0.01)


@pytest.mark.parametrize(
    "first", [page(b"", status="503 Busy"), page(b"", "Retry-After: soon", status="500 No"), reset(b""), said(b"")],
    ids=["503", "500 with a Retry-After that says nothing", "reset", "closed"],
)  # fmt: skip
def test_temporary_error_is_retried(first: Answer) -> None:
    with serving(first, page(b"x")) as server:
        assert get(server, limits=SHORT).content == b"x"
    assert len(server.requests) == 2


def test_retries_are_limited() -> None:
    with serving(page(b"", status="502 Bad Gateway")) as server, pytest.raises(NotAnswered) as refusal:
        get(server, limits=SHORT)
    assert refusal.value.status == 502
    assert len(server.requests) == 3


def test_permanent_error_is_not_retried() -> None:
    with serving(page(b"", status="410 Gone")) as server, pytest.raises(NotAnswered):
        get(server, limits=SHORT)
    assert len(server.requests) == 1


@pytest.mark.slow
def test_retry_after_is_respected() -> None:
    started = time.monotonic()
    with serving(page(b"", "Retry-After: 1", status="429 Too Many"), page(b"x")) as server:
        assert get(server, limits=SHORT).content == b"x"
    assert time.monotonic() - started >= 1


IN_AN_HOUR = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("retry_after", ["11", IN_AN_HOUR], ids=["seconds", "date"])
def test_retry_after_beyond_the_limit_is_refused(retry_after: str) -> None:
    answer = page(b"", f"Retry-After: {retry_after}", status="429 Too Many")
    with serving(answer) as server, pytest.raises(NotAnswered) as refusal:
        get(server, limits=SHORT)
    assert refusal.value.status == 429
    assert len(server.requests) == 1


def test_closed_port_raises_not_answered() -> None:
    with serving(page(b"x")) as server:
        pass
    with pytest.raises(NotAnswered, match="failed"):
        get(server, limits=SHORT)


def test_exchange_records_request_and_answer_as_sent() -> None:
    packed = gzip.compress(b"body")
    sends_on = page(b"", "Location: /next", "X-Spelled: So", status="301 Moved Away")
    with serving(sends_on, page(packed, *PACKED)) as server:
        fetched = get(server, "/first")
        assert [request.rstrip(b"\r\n") for request in server.requests] == [
            exchange.request.rstrip(b"\r\n") for exchange in (fetched.redirects[0].exchange, fetched.exchange)
        ]
    assert fetched.redirects[0].exchange.status_line == "301 Moved Away"
    assert ("X-Spelled", "So") in fetched.redirects[0].exchange.headers
    assert (fetched.exchange.status_line, fetched.exchange.ip) == ("200 OK", "127.0.0.1")
    assert (fetched.packed, fetched.content) == (packed, b"body")


def test_user_agent_contains_the_newsroom_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMLEDGER_CONTACT", "desk@news.example")
    with serving(page(b"x")) as server:
        get(server)
        fetch(server.address, limits=SMALL, allow=server.allow, contact="")
    with_contact, without = server.requests
    assert b"User-Agent: claimledger/" in with_contact
    assert b"asked for; +desk@news.example)" in with_contact
    assert b"asked for)" in without


@pytest.mark.parametrize("contact", ["a b", "desk@news.example\r\nX-More: 1", "편집국", "x)", "a" * 201])
def test_malformed_contact_is_refused_before_sending(contact: str) -> None:
    with serving(page(b"x")) as server, pytest.raises(ContactMalformed, match="CLAIMLEDGER_CONTACT"):
        fetch(server.address, limits=SMALL, allow=server.allow, contact=contact)
    assert server.requests == []


def test_each_read_has_its_own_time_limit() -> None:
    limits = FetchLimits(total_seconds=10, read_seconds=0.2, attempts=1)
    with serving(silence) as server, pytest.raises(TooSlow, match=r"within 0\.2 seconds"):
        get(server, limits=limits)
