"""The rules of the gate: which pages a server does not show, for which hosts it answers, and how large a body may be.

The rules are tables, and functions of the settings and of the head of a request. `gate` applies them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from claimledger.datasette_plugin.addresses import DESK, REPORT, path_below
from claimledger.datasette_plugin.table_arguments import find_unreadable
from claimledger.errors import LedgerError

if TYPE_CHECKING:
    from claimledger.datasette_plugin.streaming import Scope

BODY_LIMIT = 64 << 10
"""The largest body of a request in bytes before anyone is signed in; the desk raises it for some of its forms."""
CLOSED_PAGES: Mapping[str, str] = {
    "/-/threads": "lists the threads and tasks of the process",
    "/-/tasks": "lists the tasks of the process",
    "/-/databases": "names the paths of the files on the server",
    "/-/plugins": "lists the installed packages with their versions",
    "/-/config": "lists the configuration, also of other plug-ins",
    "/-/permissions": "lists who asked for which permission",
    "/-/allowed": "tries out permissions",
    "/-/rules": "tries out permissions",
    "/-/check": "tries out permissions",
    "/-/actions": "lists the permissions that exist",
    "/-/allow-debug": "tries out permissions",
    "/-/messages": "sends messages to one's own browser",
    "/-/patterns": "shows examples of page parts",
    "/-/debug": "tries out parts of pages",
    "/-/api": "sends requests that write",
    "/-/create-token": "makes tokens for requests that write",
}
"""The pages of Datasette that help its developers, and what each of them does. The setting `open_pages` opens a page.

`/-/versions`, `/-/settings` and `/-/metadata` stay open: they contain nothing about people, files or requests.
"""
READING_METHODS = ("GET", "HEAD", "OPTIONS")
"""The methods of requests to the public pages, none of which changes anything."""
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names of this machine. A server always answers for them: its own requests use them."""
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:/?#@\s]+?)\.?)(?::[0-9]{1,5})?")
_LONGEST_LENGTH = 15
"""The most digits of a Content-Length that are read as a number."""


class RequestRefused(LedgerError):
    """Raised when a request gets no further than the gate."""

    status = HTTPStatus.BAD_REQUEST
    headers: tuple[tuple[bytes, bytes], ...] = ()


class HostUnclear(RequestRefused):
    """Raised when a request names no host, or several."""


class CookieUnreadable(RequestRefused):
    """Raised when a cookie is not UTF-8; Datasette expects it to be."""


class NullInAddress(RequestRefused):
    """Raised when an address has a null character, at which SQLite and file systems end a text."""


class ArgumentUnreadable(RequestRefused):
    """Raised when Datasette cannot read an argument of an address."""


class HostNotServed(RequestRefused):
    """Raised when a request is for a host that is not this server's."""

    status = HTTPStatus.MISDIRECTED_REQUEST


class PageClosed(RequestRefused):
    """Raised when a request is for a page that only helps developers."""

    status = HTTPStatus.NOT_FOUND


class OnlyReading(RequestRefused):
    """Raised when a request to a public page could change something."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    headers = ((b"allow", ", ".join(READING_METHODS).encode()),)


class RequestTooLarge(RequestRefused):
    """Raised when the body of a request is larger than its limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, limit: int) -> None:
        """Name the limit in bytes."""
        super().__init__(limit=limit)


@dataclass(frozen=True, slots=True)
class GateRules:
    """The rules of one server."""

    root: str = ""
    """The path at which the server answers."""
    hosts: frozenset[str] = frozenset()
    """The configured hosts, without ports; empty if none is configured."""
    open_pages: tuple[str, ...] = ()
    """The paths of pages that this server shows and accepts forms for although they are closed by default."""
    has_desk: bool = False
    """True if the server has a desk, which has forms."""

    def check(self, scope: Scope) -> None:
        """Check the head of a request.

        Raises:
            RequestRefused: the request gets no further.
        """
        self._check_host(scope)
        _check_cookies(scope)
        _check_address(scope)
        path = path_below(self.root, str(scope.get("path", "")))
        if self._is_open(path) or (self.has_desk and _is_below(path, (DESK, REPORT))):
            return
        if _is_below(path, tuple(CLOSED_PAGES)):
            raise PageClosed
        if scope["method"] not in READING_METHODS:
            raise OnlyReading

    def _is_open(self, path: str) -> bool:
        return _is_below(path, self.open_pages)

    def _check_host(self, scope: Scope) -> None:
        named = [value for name, value in scope["headers"] if name == b"host"]
        host = host_name(named[0].decode("latin-1")) if len(named) == 1 else None
        if host is None:
            raise HostUnclear
        if not self._is_served(host, scope.get("server")):
            raise HostNotServed(host=host[:100])

    def _is_served(self, host: str, server: Sequence[Any] | None) -> bool:
        """Return whether the server answers for a host.

        Without a configured host, a server that listens on this machine only answers for names of this machine and
        for numeric addresses, because another name was made to point here; any other server answers for each name.
        """
        if host in LOOPBACK_HOSTS or host in self.hosts:
            return True
        return not self.hosts and (_is_numeric(host) or not server or server[0] not in LOOPBACK_HOSTS)


def _check_cookies(scope: Scope) -> None:
    try:
        for value in (value for name, value in scope["headers"] if name == b"cookie"):
            value.decode()
    except UnicodeDecodeError as error:
        raise CookieUnreadable from error


def _check_address(scope: Scope) -> None:
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise NullInAddress
    if name := find_unreadable(scope.get("query_string", b"").decode("latin-1")):
        raise ArgumentUnreadable(name=name[:100])


def gate_rules(settings: Mapping[str, Any], root: str, *, has_desk: bool) -> GateRules:
    """Return the rules for the settings of the plug-in; `root` is the path at which the server answers.

    >>> sorted(gate_rules({"address": "https://Ledger.example/press", "hosts": ["10.0.0.5"]}, "", has_desk=False).hosts)
    ['10.0.0.5', 'ledger.example']
    """
    address = urlsplit(str(settings.get("address") or "")).hostname
    hosts = [host_name(str(host).lower()) or "" for host in _setting_values(settings, "hosts")]
    pages = tuple(str(page).rstrip("/") for page in _setting_values(settings, "open_pages"))
    return GateRules(root.rstrip("/"), frozenset(filter(None, [address, *hosts])), tuple(filter(None, pages)), has_desk)


def _setting_values(settings: Mapping[str, Any], name: str) -> Sequence[object]:
    value = settings.get(name) or ()
    return value.split() if isinstance(value, str) else tuple(value)


def trusted_proxies(settings: Mapping[str, Any]) -> str:
    """Return the addresses of the proxies whose `X-Forwarded-` headers count, as Uvicorn reads them.

    >>> trusted_proxies({"proxies": ["127.0.0.1", "10.0.0.0/8"]}), trusted_proxies({})
    ('127.0.0.1,10.0.0.0/8', '')
    """
    return ",".join(map(str, _setting_values(settings, "proxies")))


def host_name(host: str) -> str | None:
    """Return the host of a Host header in lower case, without its port; None if it is no host.

    >>> host_name("Ledger.example:8001"), host_name("[::1]:80"), host_name("a@b"), host_name("")
    ('ledger.example', '::1', None, None)
    """
    found = _HOST.fullmatch(host.lower())
    return (found["ipv6"] or found["name"]) if found else None


def declared_length(scope: Scope) -> int:
    """Return the length of the body that a request declares; 0 if it declares none."""
    found = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(found[0][: _LONGEST_LENGTH + 1]) if found and found[0].isdigit() else 0


def _is_below(path: str, roots: Sequence[str]) -> bool:
    """Return whether a path is one of some pages, in any format, or below one.

    >>> [_is_below(path, ("/-/check",)) for path in ("/-/check", "/-/check.json", "/-/check/a", "/-/checks")]
    [True, True, True, False]
    """
    return any(path == root or path.startswith((f"{root}.", f"{root}/")) for root in roots)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
