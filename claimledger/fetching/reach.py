"""Limits where a request may go and how long it may take: only the public web, until a deadline.

A host name is resolved once for each connection. The address that was checked is the one that is connected to;
therefore a second DNS answer cannot replace it. The tables are IANA's special-purpose address registries (RFC 6890 and
later) and the metadata addresses of cloud providers. The module knows no HTTP.
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

Resolver = Callable[[str, int], Sequence[str]]
"""A function that returns the IP addresses of a host for a port, or raises OSError if it has none."""
AllowedAddresses = Collection[tuple[str, int]]
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
    "2002::/16",  # 6to4: contains an IPv4 address, out of use
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


def resolve_with_system(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses that the system's resolver gives for a host, in its order.

    Raises:
        OSError: the host has no address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"'{host}' is not a host name") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline for fetching an address, including retries and redirects."""

    address: str
    """The address that is fetched."""
    seconds: float
    """The allowed time in seconds."""
    ends: float
    """The end of that time on the monotonic clock."""

    def left(self) -> float:
        """Return the remaining seconds, always more than 0.

        Raises:
            TooSlow: no time is left.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TooSlow(self.address, self.seconds)
        return left


def deadline_in(seconds: float, address: str) -> Deadline:
    """Return a deadline this number of seconds from now."""
    return Deadline(address, seconds, time.monotonic() + seconds)


class PublicBackend(httpcore.NetworkBackend):
    """A network backend that connects only to public or explicitly allowed addresses, until the deadline."""

    def __init__(
        self,
        deadline: Deadline,
        connect_seconds: float,
        read_seconds: float,
        allow: AllowedAddresses,
        resolve: Resolver,
    ) -> None:
        """Set the limits in seconds, the additionally allowed addresses, and the resolver."""
        self._deadline, self._connect_seconds, self._read_seconds = deadline, connect_seconds, read_seconds
        self._allow = {(ip_address(ip), port) for ip, port in allow}
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()
        self.ip = ""
        """The IP address of the last connection."""

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
            AddressForbidden: one of the host's addresses is not public.
            TooSlow: the deadline has passed.
        """
        failure: Exception = httpcore.ConnectError(f"'{host}' has no address")
        for ip in self._permitted_addresses(host, port):
            try:
                seconds = min(self._connect_seconds, self._deadline.left())
                stream = self._sockets.connect_tcp(ip, port, timeout=seconds, socket_options=socket_options)
                self.ip = ip
                return _TimedStream(stream, self._deadline, self._read_seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _permitted_addresses(self, host: str, port: int) -> list[str]:
        """Return the host's addresses. All must be permitted, since a forbidden one is not there by accident."""
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
            return _run_with_timeout(lambda: self._resolve(host, port), self._deadline.left())
        except TimeoutError:
            raise TooSlow(self._deadline.address, self._deadline.seconds) from None
        except OSError as error:
            raise httpcore.ConnectError(f"'{host}' is not known: {error}") from error


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no wait takes longer than its limit or the deadline, however slowly bytes arrive."""

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


def _run_with_timeout(work: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Return the result of `work`, or stop waiting for it, since the system's resolver has no time limit.

    Raises:
        TimeoutError: the work took too long. It continues in the background, and its result is ignored.
    """
    outcome: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001  raised again where it is waited for
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
