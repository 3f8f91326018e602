"""Slow, lying and endless servers: each row is one of them, with the refusal that fetching from it causes."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import NamedTuple

from loopback import Answer, head, page, repeated, reset, said, sent_on, silence

from claimledger.fetching import (
    AddressForbidden, AddressMalformed, FetchRefused, FetchLimits, NotAnswered, PortForbidden, TooLarge,
    TooManyRedirects, TooSlow, WrongType,
)  # fmt: skip

SMALL = FetchLimits(size=10_000, header_size=4_000, total_seconds=10, connect_seconds=5, attempts=1, pause_seconds=0.01)
BRIEF = FetchLimits(size=10_000, total_seconds=0.4, connect_seconds=0.2, attempts=3, pause_seconds=0.01)
HTML = "Content-Type: text/html"
PACKED = (HTML, "Content-Encoding: gzip")
CHUNKED = head(HTML, "Transfer-Encoding: chunked")


class Hostile(NamedTuple):
    """The answer of a server, and the refusal that fetching from it must cause."""

    answer: Answer
    refusal: type[FetchRefused]
    sentence: str
    limits: FetchLimits = SMALL


def bomb(size: int) -> bytes:
    return gzip.compress(b"\0" * size)


HOSTILE: Mapping[str, Hostile] = {
    "redirects to itself": Hostile(sent_on("/again"), TooManyRedirects, "more than 5 times"),
    "redirects without saying where": Hostile(page(b"", status="302 Found"), NotAnswered, "status 302"),
    "redirects to a private address": Hostile(sent_on("http://10.0.0.1/"), AddressForbidden, "'10.0.0.1' is not on"),
    "redirects to the metadata of a cloud": Hostile(sent_on("http://169.254.169.254/latest/"), AddressForbidden, "169"),
    "redirects to another port of loopback": Hostile(sent_on("http://127.0.0.1:9009/"), AddressForbidden, "127.0.0.1"),
    "redirects to a mail server": Hostile(sent_on("http://example.org:25/"), PortForbidden, "port 25"),
    "redirects to a file": Hostile(sent_on("file:///etc/passwd"), AddressMalformed, "does not begin with"),
    "redirects with a password": Hostile(sent_on("http://a:b@example.org/"), AddressMalformed, "a password"),
    "redirects to nonsense": Hostile(sent_on("http://[::1/"), AddressMalformed, "cannot be read"),
    "gzip bomb": Hostile(page(bomb(50_000_000), *PACKED), TooLarge, "larger than 10,000 bytes"),
    "gzip bomb of two members": Hostile(page(bomb(9_000) + bomb(9_000), *PACKED), TooLarge, "content"),
    "gzip cut short": Hostile(page(bomb(5_000)[:-9], *PACKED), NotAnswered, "damaged"),
    "no gzip at all": Hostile(page(b"<p>plain", *PACKED), NotAnswered, "damaged"),
    "gzip and something after it": Hostile(page(bomb(10) + b"more", *PACKED), NotAnswered, "damaged"),
    "packed as not asked for": Hostile(page(b"x", HTML, "Content-Encoding: br"), NotAnswered, "'br'"),
    "packed twice": Hostile(page(b"x", HTML, "Content-Encoding: gzip, gzip"), NotAnswered, "'gzip, gzip'"),
    "endless body": Hostile(repeated(head(HTML), b"x" * 1000), TooLarge, "content"),
    "endless chunks": Hostile(repeated(CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n"), TooLarge, "content"),
    "endless headers": Hostile(repeated(b"HTTP/1.1 200 OK\r\n", b"X-More: %b\r\n" % (b"y" * 900)), NotAnswered, "fail"),
    "endless chunk trailers": Hostile(repeated(CHUNKED + b"0\r\n", b"X-More: y\r\n" * 99), NotAnswered, "failed"),
    "says it is larger than allowed": Hostile(said(head(HTML, "Content-Length: 10001")), TooLarge, "10,000 bytes"),
    "length too long": Hostile(page(b"<p>half", "Content-Length: 99"), NotAnswered, "failed"),
    "two lengths": Hostile(page(b"x", "Content-Length: 1", "Content-Length: 2"), NotAnswered, "failed"),
    "length that is no number": Hostile(page(b"x", "Content-Length: -1"), NotAnswered, "failed"),
    "chunks that stop": Hostile(said(CHUNKED + b"5\r\nhello\r\n"), NotAnswered, "failed"),
    "endless empty members": Hostile(repeated(head(*PACKED), gzip.compress(b"")), TooLarge, "content"),
    "too many headers": Hostile(page(b"x", *(f"X-{n}: y" for n in range(300))), TooLarge, "more than 200 lines"),
    "huge headers": Hostile(page(b"x", *(f"X-{n}: {'y' * 90}" for n in range(60))), TooLarge, "header is larger"),
    "no HTTP": Hostile(said(b"SSH-2.0-OpenSSH\r\n"), NotAnswered, "failed"),
    "closes at once": Hostile(said(b""), NotAnswered, "failed"),
    "resets": Hostile(reset(b""), NotAnswered, "failed"),
    "resets within the body": Hostile(reset(head(HTML, "Content-Length: 99") + b"half"), NotAnswered, "failed"),
    "silent": Hostile(silence, TooSlow, "within 0.4 seconds", BRIEF),
    "slow trickle": Hostile(repeated(head(HTML), b"x", pause_seconds=0.02), TooSlow, "0.4 seconds", BRIEF),
    "slow trickle of headers": Hostile(repeated(b"HTTP/1.1 2", b"0", pause_seconds=0.02), TooSlow, "0.4", BRIEF),
    "only interim answers": Hostile(
        repeated(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause_seconds=0.001), TooSlow, "0.4 seconds", BRIEF
    ),
    "picture": Hostile(page(b"\x89PNG", "Content-Type: image/png"), WrongType, "'image/png'"),
    "archive": Hostile(page(b"PK", "Content-Type: application/zip"), WrongType, "'application/zip'"),
    "not found": Hostile(page(b"", status="404 Not Found"), NotAnswered, "status 404"),
    "no content": Hostile(said(head(status="204 No Content")), NotAnswered, "status 204"),
    "a part": Hostile(page(b"x", status="206 Partial Content"), NotAnswered, "status 206"),
    "wants a password": Hostile(page(b"", "WWW-Authenticate: Basic", status="401 No"), NotAnswered, "status 401"),
    "switches protocols": Hostile(said(head("Upgrade: h2c", status="101 Switch")), NotAnswered, "failed"),
    "always busy": Hostile(page(b"", status="503 Busy"), NotAnswered, "status 503"),
    "busy for an hour": Hostile(page(b"", "Retry-After: 3600", status="429 No"), NotAnswered, "status 429"),
}
