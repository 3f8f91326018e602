"""Where a request may go: to addresses of the public web alone, and not for ever.

In: a host name, a resolver, the addresses allowed besides. Out: a connection to an IP address that was looked at before
the first packet. The invariant: the address that is checked is the one connected to; a name is resolved once for each
connection, so a second answer of its DNS cannot slip in. The tables are IANA's special-purpose address registries
(RFC 6890 and what came after), with what clouds put beside them. It knows no HTTP.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import Any

import httpcore

from claimledger.fetching.refusals import AddressForbidden, TooSlow

Resolve = Callable[[str, int], Sequence[str]]
"""Return the IP addresses of a host for a port; raises OSError if it has none."""
Allowed = Collection[tuple[str, int]]
"""IP addresses with port that may be reached although they are not public."""

_NOT_PUBLIC_4 = tuple(map(IPv4Network, (
    "0.0.0.0/8",  # this host
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
    "100.64.0.0/10",  # shared by carriers (CGNAT)
    "127.0.0.0/8",  # loopback
    "169.254.0.0/16",  # link-local; metadata of clouds
    "168.63.129.16/32",  # metadata of Azure
    "192.0.0.0/24", "192.88.99.0/24",  # protocols, 6to4 relays
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
    "198.18.0.0/15",  # benchmarks
    "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
)))  # fmt: skip
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(map(IPv6Network, (
    "2001::/23",  # protocols, Teredo among them
    "2001:db8::/32", "3fff::/20",  # documentation
    "2002::/16",  # 6to4: holds an IPv4 address, out of use
)))  # fmt: skip
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an IP address belongs to the public web.

    >>> [is_public(ip_address(text)) for text in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::808:808")]
    [True, False, False, True]
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address.is_global and address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses that the system's resolver knows for a host, its order kept.

    Raises:
        OSError: it knows none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"'{host}' is no name of a host") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which fetching an address is over, retries and redirects included."""

    address: str
    """What is being fetched."""
    seconds: float
    """How long it may take."""
    ends: float
    """When it is over, on the monotonic clock."""

    def left(self) -> float:
        """Return how many seconds are left, more than none.

        Raises:
            TooSlow: none are.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TooSlow(self.address, self.seconds)
        return left


def deadline_in(seconds: float, address: str) -> Deadline:
    """Return the deadline that many seconds from now."""
    return Deadline(address, seconds, time.monotonic() + seconds)


class PublicBackend(httpcore.NetworkBackend):
    """Connects to public addresses alone, and to those allowed besides; every wait ends with the deadline."""

    def __init__(
        self, deadline: Deadline, connect_seconds: float, read_seconds: float, allow: Allowed, resolve: Resolve
    ) -> None:
        """Take the limits in seconds, what is allowed besides, and who resolves names."""
        self._deadline, self._connect_seconds, self._read_seconds = deadline, connect_seconds, read_seconds
        self._allow = {(ip_address(ip), port) for ip, port in allow}
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()
        self.ip = ""
        """The IP address that was connected to last."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline decides
        local_address: str | None = None,  # noqa: ARG002  the system chooses
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of the host that answers.

        Raises:
            AddressForbidden: one of its addresses is not public.
            TooSlow: the deadline is over.
        """
        failure: Exception = httpcore.ConnectError(f"'{host}' has no address")
        for ip in self._permitted(host, port):
            try:
                seconds = min(self._connect_seconds, self._deadline.left())
                stream = self._sockets.connect_tcp(ip, port, timeout=seconds, socket_options=socket_options)
                self.ip = ip
                return _TimedStream(stream, self._deadline, self._read_seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _permitted(self, host: str, port: int) -> list[str]:
        """Return the host's addresses; all of them must be good, for one that is not is no accident."""
        found = [ip_address(text) for text in self._addresses(host, port)]
        for ip in found:
            if not is_public(ip) and (ip, port) not in self._allow:
                raise AddressForbidden(self._deadline.address, host, str(ip))
        return [str(ip) for ip in found]

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        try:
            return _in_time(lambda: self._resolve(host, port), self._deadline.left())
        except TimeoutError:
            raise TooSlow(self._deadline.address, self._deadline.seconds) from None
        except OSError as error:
            raise httpcore.ConnectError(f"'{host}' is not known: {error}") from error


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no wait outlasts its limit or the deadline, however slowly bytes drop in."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, seconds: float) -> None:
        self._stream, self._deadline, self._seconds = stream, deadline, seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._left())

    def _left(self) -> float:
        return min(self._seconds, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left())
        return _TimedStream(secured, self._deadline, self._seconds)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  httpcore's own form
        return self._stream.get_extra_info(info)


def _in_time(work: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Return what the work returns, or stop waiting for it: the system's resolver knows no time limit.

    Raises:
        TimeoutError: it took too long; it goes on in the background and is forgotten.
    """
    outcome: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001  raised again where it is waited for
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
