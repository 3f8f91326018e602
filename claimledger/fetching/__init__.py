"""A page from the web: the one HTTP client that reads addresses people give.

In: an address. Out: the whole answer with where and when it came from, or a refusal; never half an answer. The
invariant: no request reaches anything but the public web (`reach`), whatever the address, its DNS or its redirects
say, and none takes more time or memory than `Limits` allows. Each request stands alone: no cookies, no credentials,
no proxy of the environment, no connection used again. It knows neither articles nor encodings.

A redirect from https to http is refused, since the page could then be changed on the way; an http address that a
person gives is fetched.
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
from claimledger.fetching.content import Progress, content_of, counted
from claimledger.fetching.reach import Allowed, Deadline, PublicBackend, Resolve, deadline_in, system_addresses
from claimledger.fetching.refusals import (
    AddressForbidden,
    AddressMalformed,
    CertificateRefused,
    ContactMalformed,
    FetchRefused,
    NotAnswered,
    PlainHttpForbidden,
    PortForbidden,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    WrongType,
)  # fmt: skip

__all__ = [
    "CONTACT_VARIABLE", "DOCX", "TYPES", "USUAL", "AddressForbidden", "AddressMalformed", "Allowed",
    "CertificateRefused", "ContactMalformed", "Exchange", "FetchRefused", "Fetched", "Limits", "NotAnswered",
    "PlainHttpForbidden", "PortForbidden", "Progress", "Redirect", "Resolve", "TooLarge", "TooManyRedirects", "TooSlow",
    "WrongType", "fetch",
]  # fmt: skip

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = ("text/html", "application/xhtml+xml", "text/*", DOCX, "application/pdf")
"""Media types an article comes as."""
USER_AGENT = f"claimledger/{__version__} (ledger of fact claims; reads a page that a person asked for{{}})"
"""Who asks; the braces take how to reach the newsroom."""
CONTACT_VARIABLE = "CLAIMLEDGER_CONTACT"
"""Environment variable with an address, of a page or e-mail, at which servers reach the newsroom."""

_ANSWERS = frozenset({200, 203})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504})
_LONGEST_ADDRESS = 2000
_FIRST_FREE_PORT, _PORTS_OF_THE_WEB = 1024, (80, 443)
_LAST_PORT = 65_535
_HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE | re.ASCII)
_IN_ADDRESS = range(0x21, 0x7F)
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f\\]")
_CONTACT = re.compile(r"[!-'*-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page may take."""

    size: int = 20_000_000
    """Bytes of the content, packed as it comes and unpacked."""
    header_size: int = 65_536
    """Bytes of the headers."""
    header_count: int = 200
    """How many headers."""
    total_seconds: float = 30
    """For everything: names, redirects, retries, the content."""
    connect_seconds: float = 10
    """For one connection."""
    read_seconds: float = 20
    """For one wait on a connection."""
    redirects: int = 5
    """How many are followed."""
    attempts: int = 3
    """How often one address is asked when it cannot be reached or answers with an error that passes."""
    pause_seconds: float = 0.5
    """Before the second attempt, where the server names no time; doubled before each further one."""
    types: tuple[str, ...] = TYPES
    """Media types; `*` stands for anything."""


USUAL = Limits()
"""The limits for an article."""


class Exchange(NamedTuple):
    """What was said and answered on one connection, as far as its heads go."""

    request: bytes
    """The head of the request as it was sent."""
    status_line: str
    """The first line of the answer, without the version: status and reason."""
    headers: tuple[tuple[str, str], ...]
    """The headers of the answer in order, spelled as they came."""
    ip: str
    """The IP address that answered."""


class Redirect(NamedTuple):
    """An address that sent on to the next."""

    address: str
    """The address."""
    status: int
    """Its HTTP status."""
    exchange: Exchange
    """What was said and answered."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer."""

    address: str
    """The address as asked for, without space around it."""
    final_address: str
    """The address that answered, redirects followed; without the part after '#'."""
    status: int
    """Its HTTP status."""
    headers: tuple[tuple[str, str], ...]
    """Its headers in order; the names are in lower case."""
    content: bytes
    """The content, unpacked."""
    content_type: str | None
    """Its media type in lower case, without parameters; None when the server names none."""
    charset: str | None
    """The charset the server names, as it names it; it may be wrong."""
    obtained_at: datetime.datetime
    """When its last byte was there, UTC."""
    packed: bytes
    """The content as it came, before it was unpacked."""
    exchange: Exchange
    """What was said and answered last."""
    redirects: tuple[Redirect, ...] = ()
    """The addresses that sent on, the first being the one asked for."""


class _Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    exchange: Exchange
    packed: bytes = b""
    content: bytes = b""
    location: bytes | None = None

    def header(self, name: str) -> str:
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class _Client:
    limits: Limits
    deadline: Deadline
    allow: Allowed
    resolve: Resolve
    trust: ssl.SSLContext
    headers: tuple[tuple[bytes, bytes], ...]
    progress: Progress


def fetch(
    address: str,
    *,
    limits: Limits = USUAL,
    allow: Allowed = (),
    resolve: Resolve = system_addresses,
    trust: ssl.SSLContext | None = None,
    contact: str | None = None,
    accept_datetime: datetime.datetime | None = None,
    progress: Progress = lambda _: None,
) -> Fetched:
    """Return the page at an address.

    Args:
        address: an http or https address.
        limits: how much it may take.
        allow: IP addresses with port that may be reached although they are not public.
        resolve: who knows the IP addresses of a name.
        trust: whose certificates are believed; by default those that httpx believes.
        contact: how servers reach the newsroom, which the User-Agent says; by default what the environment says.
        accept_datetime: of an archive, the moment whose copy is asked for, UTC (RFC 7089).
        progress: told now and then how many bytes of the content came since the last time.

    Raises:
        FetchRefused: one of `refusals`; nothing was kept.
    """
    address = address.strip()
    url, headers = _checked(address), _headers(contact, accept_datetime)
    deadline = deadline_in(limits.total_seconds, address)
    trusted = trust or httpx.create_ssl_context(trust_env=False)
    client = _Client(limits, deadline, allow, resolve, trusted, headers, progress)
    redirects: list[Redirect] = []
    while (answer := _ask(client, url)).location is not None:
        redirects.append(Redirect(str(url), answer.status, answer.exchange))
        if len(redirects) > limits.redirects:
            raise TooManyRedirects(address, limits.redirects)
        url = _next(url, answer.location)
    named = answer.header("content-type")
    charset = _CHARSET.search(named)
    return Fetched(
        address, str(url), answer.status, answer.headers, answer.content, _media_type(named),
        charset[1] if charset else None, datetime.datetime.now(datetime.UTC), answer.packed, answer.exchange,
        tuple(redirects),
    )  # fmt: skip


def _checked(address: str) -> httpx.URL:
    """Return an address that can be asked, without the part after '#'."""
    if len(address) > _LONGEST_ADDRESS:
        raise AddressMalformed(address, "too-long", limit=_LONGEST_ADDRESS)
    if _NOT_IN_ADDRESS.search(address):
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
    if url.port is not None and url.port < _FIRST_FREE_PORT and url.port not in _PORTS_OF_THE_WEB:
        raise PortForbidden(address, url.port)
    if url.userinfo:
        raise AddressMalformed(f"{url.scheme}://{url.host}", "password")
    return url


def _next(url: httpx.URL, location: bytes) -> httpx.URL:
    """Return where a redirect leads; bytes no address may hold are written as '%'."""
    text = "".join(chr(byte) if byte in _IN_ADDRESS else f"%{byte:02X}" for byte in location.strip())
    try:
        following = _checked(str(url.join(text)))
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressMalformed(text, "redirect", origin=str(url)) from error
    if (url.scheme, following.scheme) == ("https", "http"):
        raise PlainHttpForbidden(str(url), str(following))
    return following


def _ask(client: _Client, url: httpx.URL) -> _Answer:
    """Return the answer of one address; what may pass is tried again after a pause."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return _ask_once(client, url)
        except NotAnswered as refusal:
            pause = refusal.wait_seconds
            if pause is None:
                pause = client.limits.pause_seconds * 2 ** (attempt - 1)
            if not refusal.passes or attempt >= client.limits.attempts or pause >= client.deadline.left():
                raise
            time.sleep(pause)


def _ask_once(client: _Client, url: httpx.URL) -> _Answer:
    limits = client.limits
    backend = PublicBackend(client.deadline, limits.connect_seconds, limits.read_seconds, client.allow, client.resolve)
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers = [(b"Host", url.netloc), *client.headers]
    try:
        with (
            httpcore.HTTPConnection(target.origin, ssl_context=client.trust, network_backend=backend) as connection,
            connection.stream("GET", target, headers=headers) as response,
        ):
            return _read(client, url, _exchange(url, headers, response, backend.ip), response)
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


def _headers(contact: str | None, at: datetime.datetime | None) -> tuple[tuple[bytes, bytes], ...]:
    """Return what every request says; never anything of the person who asks.

    Raises:
        ContactMalformed: the contact has a space, a bracket or a character that no header may have.
    """
    reached = os.environ.get(CONTACT_VARIABLE, "") if contact is None else contact
    if reached and not _CONTACT.fullmatch(reached):
        raise ContactMalformed(reached, CONTACT_VARIABLE)
    return (
        (b"User-Agent", USER_AGENT.format(f"; +{reached}" if reached else "").encode()),
        (b"Accept", b"text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.5"),
        (b"Accept-Encoding", b"gzip"),
        *([(b"Accept-Datetime", format_datetime(at, usegmt=True).encode())] if at else []),
        (b"Connection", b"close"),
    )


def _read(client: _Client, url: httpx.URL, exchange: Exchange, response: httpcore.Response) -> _Answer:
    """Return the answer; only one that is wanted as far as its headers go has its content read."""
    limits = client.limits
    if len(response.headers) > limits.header_count:
        raise TooLarge(str(url), limits.header_count, "header-lines")
    if sum(len(name) + len(value) + 4 for name, value in response.headers) > limits.header_size:
        raise TooLarge(str(url), limits.header_size, "header")
    headers = tuple((name.lower(), value) for name, value in exchange.headers)
    if response.status in _REDIRECTS and (location := _header(headers, "location")):
        return _Answer(response.status, headers, exchange, location=location.encode("latin-1"))
    if response.status not in _ANSWERS:
        raise _no_answer(url, response.status, _header(headers, "retry-after"))
    media_type = _media_type(_header(headers, "content-type"))
    if media_type and not any(fnmatchcase(media_type, wanted) for wanted in limits.types):
        raise WrongType(str(url), media_type)
    length = _header(headers, "content-length")
    if length.isdecimal() and int(length) > limits.size:
        raise TooLarge(str(url), limits.size)
    pieces = counted(response.iter_stream(), client.progress)
    packing = _header(headers, "content-encoding")
    packed, content = content_of(pieces, packing, limits.size, str(url), client.deadline.left)
    return _Answer(response.status, headers, exchange, packed, content)


def _exchange(url: httpx.URL, asked: Sequence[tuple[bytes, bytes]], response: httpcore.Response, ip: str) -> Exchange:
    lines = [b"GET %b HTTP/1.1" % url.raw_path, *(b"%b: %b" % header for header in asked), b"", b""]
    reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
    return Exchange(b"\r\n".join(lines), f"{response.status} {reason}".strip(), headers, ip)


def _no_answer(url: httpx.URL, status: int, retry_after: str) -> NotAnswered:
    passes = status in _PASSING
    return NotAnswered(
        str(url), "busy" if passes else "status", status=status, passes=passes, wait_seconds=_seconds_until(retry_after)
    )


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the first value of a header, or nothing."""
    return next((value for known, value in headers if known == name), "")


def _media_type(named: str) -> str | None:
    return named.partition(";")[0].strip().lower() or None


def _seconds_until(retry_after: str) -> float | None:
    """Return how long a Retry-After asks to wait (RFC 9110, 10.2.3), or None if it says nothing that can be read."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    now = datetime.datetime.now(moment.tzinfo)
    return max(0.0, (moment - now).total_seconds())
