"""Servers on loopback that answer byte for byte as a test demands, correctly or not."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import running
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = Callable[[socket.socket], None]
"""The action of a server after it has read a request; the connection is closed afterwards."""
LONGEST_SECONDS = 5
"""The limit after which a server stops using one connection."""


def said(answer: bytes) -> Answer:
    """Send these bytes."""
    return lambda connection: connection.sendall(answer)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return a status line and headers."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def page(body: bytes, *lines: str, status: str = "200 OK") -> Answer:
    """Send a whole page; a header line may give another type or length."""
    named = " ".join(lines).lower()
    usual = [] if "content-type" in named else ["Content-Type: text/html"]
    usual += [] if "content-length" in named else [f"Content-Length: {len(body)}"]
    return said(head(*usual, *lines, status=status) + body)


def sent_on(location: str, status: str = "302 Found") -> Answer:
    """Redirect."""
    return page(b"", f"Location: {location}", status=status)


def repeated(start: bytes, piece: bytes, *, pause_seconds: float = 0) -> Answer:
    """Send a start and then the same piece until the client disconnects."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            connection.sendall(piece)
            time.sleep(pause_seconds)

    return answer


def reset(start: bytes) -> Answer:
    """Send a start and reset the connection."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


def silence(connection: socket.socket) -> None:
    """Say nothing until the other side goes."""
    connection.settimeout(LONGEST_SECONDS)
    connection.recv(1)


class Server:
    """One server: each connection gets the next answer, those after the last the last again."""

    def __init__(self, answers: Sequence[Answer], tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port of loopback."""
        self.requests: list[bytes] = []
        self._answers, self._tls = answers, tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.01)
        self.port = int(self._socket.getsockname()[1])
        self.allow = [("127.0.0.1", self.port)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Its address."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop."""
        self._over.set()
        running.join(self._thread)
        self._socket.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._socket.accept()
                with connection:
                    connection.settimeout(LONGEST_SECONDS)
                    self._answer(connection)

    def _answer(self, plain: socket.socket) -> None:
        connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
        with connection:
            self.requests.append(connection.recv(65_536))
            self._answers[min(len(self.requests), len(self._answers)) - 1](connection)


@contextlib.contextmanager
def serving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve these answers for a while."""
    server = Server(answers, tls)
    try:
        yield server
    finally:
        server.close()


class Names:
    """A resolver whose answers change from one time to the next."""

    def __init__(self, *answers: list[str]) -> None:
        """Give these answers, the last again and again."""
        self.asked: list[str] = []
        self._answers = answers

    def __call__(self, host: str, port: int) -> list[str]:
        """Return the next answer."""
        self.asked.append(host)
        return self._answers[min(len(self.asked), len(self._answers)) - 1]


def made_certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS contexts of a server with a self-signed certificate, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    return served, ssl.create_default_context(cafile=str(file))
