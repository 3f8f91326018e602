"""Refusals of fetching: why an address was not fetched, one exception for each situation."""

from __future__ import annotations

from claimledger.errors import LedgerError
from claimledger.messages import Value


class FetchRefused(LedgerError):
    """Base of the refusals of fetching; nothing was stored."""

    def __init__(self, address: str, variant: str = "", /, **values: Value) -> None:
        """Store the address that was being fetched."""
        self.address = address
        super().__init__(variant, address=address, **values)


class AddressMalformed(FetchRefused):
    """Raised when the text is not a web address that can be fetched."""

    def __init__(self, address: str, variant: str, /, **values: Value) -> None:
        """Store the beginning of the text; `variant` says what is wrong with it."""
        super().__init__(address[:200], variant, **values)


class AddressForbidden(FetchRefused):
    """Raised when the address leads to a network that is not the public web."""

    def __init__(self, address: str, host: str, ip: str) -> None:
        """Name the host. The program knows its IP address; the message does not show it."""
        self.ip = ip
        super().__init__(address, host=host)


class PortForbidden(FetchRefused):
    """Raised when the address has a port of a service other than the web."""

    def __init__(self, address: str, port: int) -> None:
        """Name the port."""
        super().__init__(address, port=port)


class PlainHttpForbidden(FetchRefused):
    """Raised when an https page redirects to an http page."""

    def __init__(self, address: str, to: str) -> None:
        """Name the target of the redirect."""
        super().__init__(address, to=to)


class TooManyRedirects(FetchRefused):
    """Raised when an address redirects more often than is followed."""

    def __init__(self, address: str, limit: int) -> None:
        """Name the first address and the limit."""
        super().__init__(address, limit=limit)


class TooLarge(FetchRefused):
    """Raised when an answer is larger than what is read."""

    def __init__(self, address: str, limit: int, part: str = "") -> None:
        """Name the limit: bytes of the content, of the `header`, or the number of `header-lines`."""
        super().__init__(address, part, limit=limit)


class TooSlow(FetchRefused):
    """Raised when an answer did not arrive in time."""

    def __init__(self, address: str, seconds: float) -> None:
        """Name the limit in seconds."""
        super().__init__(address, seconds=seconds)


class WrongType(FetchRefused):
    """Raised when the answer has a media type that is not read."""

    def __init__(self, address: str, content_type: str) -> None:
        """Name the media type."""
        self.content_type = content_type
        super().__init__(address, content_type=content_type)


class ContactMalformed(FetchRefused):
    """Raised when the newsroom's contact cannot be sent in a header."""

    def __init__(self, contact: str, variable: str) -> None:
        """Name the contact and the environment variable that has it."""
        super().__init__(contact[:60], variable=variable)


class CertificateRefused(FetchRefused):
    """Raised when the server's certificate cannot be verified."""

    def __init__(self, address: str, reason: str) -> None:
        """Give the reason in the words of the TLS library."""
        super().__init__(address, reason=reason)


class NotAnswered(FetchRefused):
    """Raised when the server sent no page: no connection, a broken one, or an error."""

    def __init__(
        self, address: str, variant: str, /, *, status: int | None = None, passes: bool,
        wait_seconds: float | None = None, **values: Value,
    ) -> None:  # fmt: skip
        """Store what happened.

        Args:
            address: what was asked for.
            variant: what happened: `connection`, `broken-off`, `status`, `packing` or `damaged`.
            status: the HTTP status.
            passes: whether the next try may succeed.
            wait_seconds: how long the server asks to wait.
            values: the values of the message's places.
        """
        self.status, self.passes, self.wait_seconds = status, passes, wait_seconds
        if status is not None:
            values["status"] = status
        super().__init__(address, variant, **values)
