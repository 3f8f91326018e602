"""Fetches web pages: the only HTTP client that reads addresses entered by people.

`fetch` returns the whole answer with its address and time, or refuses; it never returns part of an answer. No request
reaches anything except the public web (`reach`), even if the address, its DNS or its redirects point elsewhere. No
request takes more time or memory than `FetchLimits` allows. Requests are independent: no cookies, no credentials, no
proxy from the environment, and no reused connection.

A redirect from https to http is refused, since the page could then be changed on the way. An http address that a person
enters is fetched. The package knows neither articles nor encodings.
"""

from __future__ import annotations

import datetime
import os
import re
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import NamedTuple

import httpcore
import httpx

from claimledger import __version__
from claimledger.fetching.content import ByteProgress, read_content, report_progress
from claimledger.fetching.reach import (
    AllowedAddresses, Deadline, PublicBackend, Resolver, deadline_in, resolve_with_system,
)  # fmt: skip
from claimledger.fetching.refusals import (
    AddressForbidden, AddressMalformed, CertificateRefused, ContactMalformed, FetchRefused, NotAnswered,
    PlainHttpForbidden, PortForbidden, TooLarge, TooManyRedirects, TooSlow, WrongType,
)  # fmt: skip

__all__ = [
    "ARTICLE_LIMITS",
    "ARTICLE_TYPES",
    "CONTACT_VARIABLE",
    "DOCX_TYPE",
    "AddressForbidden",
    "AddressMalformed",
    "AllowedAddresses",
    "ByteProgress",
    "CertificateRefused",
    "ContactMalformed",
    "FetchLimits",
    "FetchRefused",
    "FetchedPage",
    "HttpExchange",
    "NotAnswered",
    "PlainHttpForbidden",
    "PortForbidden",
    "Redirect",
    "Resolver",
    "TooLarge",
    "TooManyRedirects",
    "TooSlow",
    "WrongType",
    "fetch",
]  # fmt: skip

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ARTICLE_TYPES = (
    "text/html", "application/xhtml+xml", "text/*", DOCX_TYPE, "application/hwp+zip", "application/pdf",
)  # fmt: skip
"""The media types of an article."""
USER_AGENT = f"claimledger/{__version__} (ledger of fact claims; reads a page that a person asked for{{}})"
"""The User-Agent header; the braces are filled with the newsroom's contact."""
CONTACT_VARIABLE = "CLAIMLEDGER_CONTACT"
"""The environment variable with the newsroom's contact for servers: an e-mail or web address."""

_SUCCESS_STATUSES = frozenset({200, 203})
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_TEMPORARY_STATUSES = frozenset({429, 500, 502, 503, 504})
_MAX_ADDRESS_LENGTH = 2000
_FIRST_UNPRIVILEGED_PORT, _WEB_PORTS = 1024, (80, 443)
_LAST_PORT = 65_535
_HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE | re.ASCII)
_ADDRESS_BYTES = range(0x21, 0x7F)
_FORBIDDEN_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\\]")
_CONTACT = re.compile(r"[!-'*-~]{1,200}")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits for fetching one page."""

    size: int = 20_000_000
    """The largest content in bytes, both as received and decompressed."""
    header_size: int = 65_536
    """The largest size of all headers in bytes."""
    header_count: int = 200
    """The largest number of headers."""
    total_seconds: float = 30
    """The seconds for everything: name look-ups, redirects, retries and the content."""
    connect_seconds: float = 10
    """The seconds for one connection."""
    read_seconds: float = 20
    """The seconds for one wait on a connection."""
    redirects: int = 5
    """The number of redirects that are followed."""
    attempts: int = 3
    """The number of attempts for an address that cannot be reached or answers with a temporary error."""
    pause_seconds: float = 0.5
    """The seconds before the second attempt if the server names no time; doubled for each further attempt."""
    types: tuple[str, ...] = ARTICLE_TYPES
    """The accepted media types; `*` matches anything."""


ARTICLE_LIMITS = FetchLimits()
"""The limits for an article."""


class HttpExchange(NamedTuple):
    """The request and the headers of the answer on one connection."""

    request: bytes
    """The request line and headers as sent."""
    status_line: str
    """The first line of the answer without the version: status and reason."""
    headers: tuple[tuple[str, str], ...]
    """The headers of the answer in order, spelled as received."""
    ip: str
    """The IP address that answered."""


class Redirect(NamedTuple):
    """A redirect to another address."""

    address: str
    """The address that redirected."""
    status: int
    """The HTTP status."""
    exchange: HttpExchange
    """The request and the headers of the answer."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A completely fetched page."""

    address: str
    """The requested address, without surrounding space."""
    final_address: str
    """The address that answered after all redirects, without the part after '#'."""
    status: int
    """The HTTP status."""
    headers: tuple[tuple[str, str], ...]
    """The headers in order, with names in lower case."""
    content: bytes
    """The content, decompressed."""
    content_type: str | None
    """The media type in lower case, without parameters; None if the server names none."""
    charset: str | None
    """The charset as the server names it; it may be wrong."""
    obtained_at: datetime.datetime
    """The time at which the last byte arrived, UTC."""
    packed: bytes
    """The content as received, before decompression."""
    exchange: HttpExchange
    """The last request and the headers of its answer."""
    redirects: tuple[Redirect, ...] = ()
    """The redirects, beginning with the requested address."""


class _Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    exchange: HttpExchange
    packed: bytes = b""
    content: bytes = b""
    location: bytes | None = None

    def header(self, name: str) -> str:
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class _Client:
    limits: FetchLimits
    deadline: Deadline
    allow: AllowedAddresses
    resolve: Resolver
    trust: ssl.SSLContext
    headers: tuple[tuple[bytes, bytes], ...]
    progress: ByteProgress


def fetch(
    address: str,
    *,
    limits: FetchLimits = ARTICLE_LIMITS,
    allow: AllowedAddresses = (),
    resolve: Resolver = resolve_with_system,
    trust: ssl.SSLContext | None = None,
    contact: str | None = None,
    accept_datetime: datetime.datetime | None = None,
    progress: ByteProgress = lambda _: None,
) -> FetchedPage:
    """Fetch the page at an address.

    Args:
        address: an http or https address.
        limits: the limits of time and size.
        allow: IP addresses with port that may be reached although they are not public.
        resolve: the function that looks up the IP addresses of a host.
        trust: the accepted certificates; by default those that httpx accepts.
        contact: the newsroom's contact in the User-Agent; by default the value of the environment variable.
        accept_datetime: for an archive, the moment of the requested copy, UTC (RFC 7089).
        progress: called with the number of content bytes that arrived since the last call.

    Raises:
        FetchRefused: one of the errors in `refusals`; nothing was kept.
    """
    address = address.strip()
    url, headers = _check_address(address), _request_headers(contact, accept_datetime)
    deadline = deadline_in(limits.total_seconds, address)
    certificates = trust or httpx.create_ssl_context(trust_env=False)
    client = _Client(limits, deadline, allow, resolve, certificates, headers, progress)
    redirects: list[Redirect] = []
    while (answer := _request(client, url)).location is not None:
        redirects.append(Redirect(str(url), answer.status, answer.exchange))
        if len(redirects) > limits.redirects:
            raise TooManyRedirects(address, limits.redirects)
        url = _redirect_target(url, answer.location)
    content_type = answer.header("content-type")
    charset = _CHARSET.search(content_type)
    return FetchedPage(
        address, str(url), answer.status, answer.headers, answer.content, _media_type(content_type),
        charset[1] if charset else None, datetime.datetime.now(datetime.UTC), answer.packed, answer.exchange,
        tuple(redirects),
    )  # fmt: skip


def _check_address(address: str) -> httpx.URL:
    """Return an address that can be requested, without the part after '#'.

    Raises:
        AddressMalformed: the text is not a web address.
        PortForbidden: the address has a port below 1024 other than 80 and 443.
    """
    if len(address) > _MAX_ADDRESS_LENGTH:
        raise AddressMalformed(address, "too-long", limit=_MAX_ADDRESS_LENGTH)
    if _FORBIDDEN_IN_ADDRESS.search(address):
        raise AddressMalformed(address, "characters")
    try:
        url = httpx.URL(address).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressMalformed(address, "unreadable", reason=str(error)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise AddressMalformed(address, "beginning")
    if not _HOST.fullmatch(url.raw_host):
        raise AddressMalformed(address, "host", host=url.host)
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise AddressMalformed(address, "port", port=url.port)
    if url.port is not None and url.port < _FIRST_UNPRIVILEGED_PORT and url.port not in _WEB_PORTS:
        raise PortForbidden(address, url.port)
    if url.userinfo:
        raise AddressMalformed(f"{url.scheme}://{url.host}", "password")
    return url


def _redirect_target(url: httpx.URL, location: bytes) -> httpx.URL:
    """Return the target of a redirect; bytes that an address must not have are percent-encoded."""
    text = "".join(chr(byte) if byte in _ADDRESS_BYTES else f"%{byte:02X}" for byte in location.strip())
    try:
        following = _check_address(str(url.join(text)))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressMalformed(text, "redirect", origin=str(url)) from error
    if (url.scheme, following.scheme) == ("https", "http"):
        raise PlainHttpForbidden(str(url), str(following))
    return following


def _request(client: _Client, url: httpx.URL) -> _Answer:
    """Return the answer of one address; temporary errors are retried after a pause."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return _request_once(client, url)
        except NotAnswered as refusal:
            pause = refusal.wait_seconds
            if pause is None:
                pause = client.limits.pause_seconds * 2 ** (attempt - 1)
            if not refusal.passes or attempt >= client.limits.attempts or pause >= client.deadline.left():
                raise
            time.sleep(pause)


def _request_once(client: _Client, url: httpx.URL) -> _Answer:
    limits = client.limits
    backend = PublicBackend(client.deadline, limits.connect_seconds, limits.read_seconds, client.allow, client.resolve)
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers = [(b"Host", url.netloc), *client.headers]
    try:
        with (
            httpcore.HTTPConnection(target.origin, ssl_context=client.trust, network_backend=backend) as connection,
            connection.stream("GET", target, headers=headers) as response,
        ):
            return _read_answer(client, url, _exchange(url, headers, response, backend.ip), response)
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise CertificateRefused(str(url), error.__cause__.verify_message) from error
        if reason := str(error):
            raise NotAnswered(str(url), "connection", passes=True, reason=reason) from error
        raise NotAnswered(str(url), "broken-off", passes=True) from error
    except httpcore.TimeoutException as error:
        client.deadline.left()
        is_connected = isinstance(error, httpcore.ReadTimeout | httpcore.WriteTimeout)
        raise TooSlow(str(url), limits.read_seconds if is_connected else limits.connect_seconds) from error


def _request_headers(contact: str | None, at: datetime.datetime | None) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every request. They do not identify the person who made it.

    Raises:
        ContactMalformed: the contact has a space, a bracket or a character that is not allowed in a header.
    """
    contact_value = os.environ.get(CONTACT_VARIABLE, "") if contact is None else contact
    if contact_value and not _CONTACT.fullmatch(contact_value):
        raise ContactMalformed(contact_value, CONTACT_VARIABLE)
    return (
        (b"User-Agent", USER_AGENT.format(f"; +{contact_value}" if contact_value else "").encode()),
        (b"Accept", b"text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.5"),
        (b"Accept-Encoding", b"gzip"),
        *([(b"Accept-Datetime", format_datetime(at, usegmt=True).encode())] if at else []),
        (b"Connection", b"close"),
    )


def _read_answer(client: _Client, url: httpx.URL, exchange: HttpExchange, response: httpcore.Response) -> _Answer:
    """Return the answer; its content is read only if status, size and media type are accepted."""
    limits = client.limits
    if len(response.headers) > limits.header_count:
        raise TooLarge(str(url), limits.header_count, "header-lines")
    if sum(len(name) + len(value) + 4 for name, value in response.headers) > limits.header_size:
        raise TooLarge(str(url), limits.header_size, "header")
    headers = tuple((name.lower(), value) for name, value in exchange.headers)
    if response.status in _REDIRECT_STATUSES and (location := _header(headers, "location")):
        return _Answer(response.status, headers, exchange, location=location.encode("latin-1"))
    if response.status not in _SUCCESS_STATUSES:
        raise _status_error(url, response.status, _header(headers, "retry-after"))
    media_type = _media_type(_header(headers, "content-type"))
    if media_type and not any(fnmatchcase(media_type, wanted) for wanted in limits.types):
        raise WrongType(str(url), media_type)
    length = _header(headers, "content-length")
    if length.isdecimal() and int(length) > limits.size:
        raise TooLarge(str(url), limits.size)
    pieces = report_progress(response.iter_stream(), client.progress)
    packing = _header(headers, "content-encoding")
    packed, content = read_content(pieces, packing, limits.size, str(url), client.deadline.left)
    return _Answer(response.status, headers, exchange, packed, content)


def _exchange(
    url: httpx.URL, request_headers: Sequence[tuple[bytes, bytes]], response: httpcore.Response, ip: str
) -> HttpExchange:
    lines = [b"GET %b HTTP/1.1" % url.raw_path, *(b"%b: %b" % header for header in request_headers), b"", b""]
    reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
    return HttpExchange(b"\r\n".join(lines), f"{response.status} {reason}".strip(), headers, ip)


def _status_error(url: httpx.URL, status: int, retry_after: str) -> NotAnswered:
    passes = status in _TEMPORARY_STATUSES
    return NotAnswered(
        str(url), "busy" if passes else "status", status=status, passes=passes, wait_seconds=_seconds_until(retry_after)
    )


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the first value of a header, or an empty text."""
    return next((value for known, value in headers if known == name), "")


def _media_type(named: str) -> str | None:
    return named.partition(";")[0].strip().lower() or None


def _seconds_until(retry_after: str) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None if it cannot be read."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        wait_until = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    now = datetime.datetime.now(wait_until.tzinfo)
    return max(0.0, (wait_until - now).total_seconds())
