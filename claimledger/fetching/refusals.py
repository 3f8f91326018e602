"""Why a page was not fetched: one refusal for each situation, with what to do about it."""

from __future__ import annotations

from claimledger.errors import LedgerError


class FetchRefused(LedgerError):
    """Base of all of these: nothing was kept."""

    def __init__(self, address: str, sentence: str, remedy: str) -> None:
        """Name the address that was being fetched, what is wrong and what to do."""
        self.address = address
        super().__init__(f"{address}: {sentence} {remedy}")


class AddressMalformed(FetchRefused):
    """It is no web address that can be fetched."""

    def __init__(self, address: str, why: str) -> None:
        """Say what is wrong with it."""
        super().__init__(address[:200], why, "Give an address such as https://example.org/news/1.")


class AddressForbidden(FetchRefused):
    """The address leads into a network that is not the public web."""

    def __init__(self, address: str, host: str, ip: str) -> None:
        """Name the host; which IP address it has is known to the program, and not told to who asked."""
        self.ip = ip
        sentence = f"'{host}' is no address of the public web. It was not contacted."
        super().__init__(address, sentence, "Save the page to a file and give the file instead.")


class PortForbidden(FetchRefused):
    """The address asks for a port of another service than the web's."""

    def __init__(self, address: str, port: int) -> None:
        """Name the port."""
        sentence = f"It asks for port {port}, and below 1024 only 80 and 443 are the web's. It was not contacted."
        super().__init__(address, sentence, "Look whether the page stands at an address without a port.")


class PlainHttpForbidden(FetchRefused):
    """A page under https sends on to one under http."""

    def __init__(self, address: str, to: str) -> None:
        """Name where it sends on to."""
        sentence = f"It sends on to {to}, without encryption, where anybody on the way can change the page."
        super().__init__(address, sentence, "Give that address yourself if it is what you want.")


class TooManyRedirects(FetchRefused):
    """It is sent on again and again."""

    def __init__(self, address: str, limit: int) -> None:
        """Name the address asked for and how many redirects are followed."""
        sentence = f"It sends on more than {limit} times."
        super().__init__(address, sentence, "Open it in a browser and give the address where it ends.")


class TooLarge(FetchRefused):
    """The answer is larger than what is read."""

    def __init__(self, address: str, what: str, limit: int, unit: str = "bytes") -> None:
        """Name the part that is too large and the limit."""
        sentence = f"Its {what} is larger than {limit:,} {unit}."
        super().__init__(address, sentence, "Save the part that is needed to a file and give the file.")


class TooSlow(FetchRefused):
    """The answer was not there in time."""

    def __init__(self, address: str, seconds: float) -> None:
        """Name the limit in seconds."""
        sentence = f"It was not there within {seconds:g} seconds."
        super().__init__(address, sentence, "Try again later, or save the page to a file and give the file.")


class WrongType(FetchRefused):
    """What came is not of a type that is read."""

    def __init__(self, address: str, content_type: str) -> None:
        """Name the media type it came as."""
        self.content_type = content_type
        sentence = f"It came as '{content_type}', which is not read."
        super().__init__(address, sentence, "Give the address of the page or document itself.")


class ContactMalformed(FetchRefused):
    """How servers reach the newsroom cannot stand in a header."""

    def __init__(self, contact: str, variable: str) -> None:
        """Name it and where it stands."""
        sentence = "It cannot be told to servers as an address of the newsroom."
        super().__init__(f"'{contact[:60]}'", sentence, f"Put an e-mail or web address into {variable}, or nothing.")


class CertificateRefused(FetchRefused):
    """The server cannot prove that it is the one asked for."""

    def __init__(self, address: str, why: str) -> None:
        """Say what is wrong with its certificate."""
        sentence = f"Its certificate cannot be trusted ({why})."
        super().__init__(address, sentence, "Look at it in a browser; if it is right, save the page and give the file.")


class NotAnswered(FetchRefused):
    """The server gave no page: it cannot be reached, broke off, or answered with an error."""

    def __init__(
        self, address: str, why: str, *, status: int | None = None, passes: bool, wait_seconds: float | None = None
    ) -> None:
        """Say what happened, with the HTTP status if there was one.

        Args:
            address: what was asked for.
            why: what happened, as a sentence.
            status: the HTTP status.
            passes: whether it may be different the next time.
            wait_seconds: how long the server wants to be left alone.
        """
        self.status, self.passes, self.wait_seconds = status, passes, wait_seconds
        super().__init__(address, why, "Try again later." if passes else _OTHERWISE)


_OTHERWISE = "Look whether it opens in a browser; if so, save it and give the file."
