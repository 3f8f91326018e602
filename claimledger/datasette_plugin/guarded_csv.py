"""Guards the cells of the CSV that Datasette itself writes, while it is sent.

Datasette writes cells as they are, and a spreadsheet runs a cell that begins like a formula. The cells are guarded as
in this package's own files (`spreadsheet_guard`); programs add `_guard=off` to the address and get them unchanged. The
parts of an answer are cut between records, so memory stays bounded by the longest record.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from claimledger.publishing.spreadsheet_guard import guard

if TYPE_CHECKING:
    from claimledger.datasette_plugin.streaming import Message, Scope, Send

_OWN_MARK = b"header=present"
"""The part of the media type (RFC 7111) that this package's own files have and those of Datasette lack."""


def is_guarded(scope: Scope) -> bool:
    """Return whether a request is for a CSV file whose cells must be guarded."""
    if not str(scope["path"]).rstrip().endswith(".csv") and b"csv" not in scope["query_string"]:
        return False
    arguments = parse_qs(scope["query_string"].decode("latin-1"))
    return "off" not in arguments.get("_guard", [])


class CsvGuard:
    """Guards the cells of a CSV that comes in pieces."""

    def __init__(self) -> None:
        """Begin before the first record."""
        self._begun: list[bytes] = []
        self._is_quoted = False

    def feed(self, piece: bytes, *, is_last: bool) -> bytes:
        r"""Return the records that end in a piece, with guarded cells.

        >>> one = CsvGuard()
        >>> one.feed(b'name\r\n"=1', is_last=False), one.feed(b'+1\n"\r\n@x', is_last=True)
        (b'name\r\n', b'"\'=1+1\n"\r\n\'@x\r\n')
        """
        end = len(piece) if is_last else self._last_end(piece)
        if not end:
            self._begun.append(piece)
            return b""
        whole = b"".join((*self._begun, piece[:end]))
        self._begun = [piece[end:]]
        return _guard_cells(whole.decode())

    def _last_end(self, piece: bytes) -> int:
        """Return the position after the last line end outside quotation marks; 0 if there is none."""
        last = position = 0
        for line in piece.splitlines(keepends=True) if b"\n" in piece else [piece]:
            position += len(line)
            self._is_quoted ^= line.count(b'"') % 2 == 1
            if line.endswith(b"\n") and not self._is_quoted:
                last = position
        return last


def _guard_cells(text: str) -> bytes:
    target = io.StringIO(newline="")
    records = csv.reader(io.StringIO(text, newline=""))
    csv.writer(target, lineterminator="\r\n").writerows([guard(cell) for cell in record] for record in records)
    return target.getvalue().encode()


def with_guarded_csv(send: Send) -> Send:
    """Return a function that sends an answer; if it is CSV of Datasette, with guarded cells."""
    csv_guard: CsvGuard | None = None

    async def send_guarded(message: Message) -> None:
        nonlocal csv_guard
        if message["type"] == "http.response.start" and _is_foreign_csv(message):
            csv_guard = CsvGuard()
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"content-length"]
            message = {**message, "headers": kept}
        elif csv_guard and message["type"] == "http.response.body":
            guarded = csv_guard.feed(message.get("body", b""), is_last=not message.get("more_body"))
            message = {**message, "body": guarded}
        await send(message)

    return send_guarded


def _is_foreign_csv(message: Message) -> bool:
    """Return whether an answer is CSV of Datasette, which it also sends as plain text."""
    kind = dict(message["headers"]).get(b"content-type", b"")
    return kind.startswith((b"text/csv", b"text/plain")) and _OWN_MARK not in kind
