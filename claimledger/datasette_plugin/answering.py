"""How long an answer may be kept, and whether its reader has it already, the same for every page and every file.

In: a Datasette, a request, a ledger. Out: the words of HTTP. The invariants: what a reader signed in for is kept
nowhere; where any row of the ledger differs, so does the ETag.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING

from claimledger import __version__

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette


def cache_control(datasette: Datasette, request: Request) -> str:
    """Return how long an answer may be kept, as Datasette's setting says; what a reader signed in for is not kept."""
    seconds = datasette.setting("default_cache_ttl")
    if request.actor:
        return "private, no-store"
    return f"max-age={seconds}" if seconds else "no-cache"


def etag(connection: sqlite3.Connection, *asked: object) -> str:
    """Return a strong ETag: the rows of a ledger, the program and what is asked make the bytes.

    Not the log: one log is built with texts and without, and with other exchange rates.
    """
    (rows,) = connection.execute("SELECT value FROM about WHERE name = 'content_sha256'").fetchone()
    return f'"{sha256(repr((rows, __version__, *asked)).encode()).hexdigest()[:32]}"'


def has_it(request: Request, etag: str | None) -> bool:
    """Return whether the reader holds what an ETag names (RFC 9110, If-None-Match: weak comparison)."""
    if etag is None:
        return False
    held = [_opaque(tag) for tag in request.headers.get("if-none-match", "").split(",")]
    return _opaque(etag) in held or held == ["*"]


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")
