"""The caching headers of every page and file: Cache-Control and ETag.

Responses for a signed-in reader are not cached anywhere. If any row of the ledger differs, the ETag differs too.
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
    """Return the Cache-Control header from Datasette's setting; responses for a signed-in reader are never stored."""
    seconds = datasette.setting("default_cache_ttl")
    if request.actor:
        return "private, no-store"
    return f"max-age={seconds}" if seconds else "no-cache"


def etag(connection: sqlite3.Connection, *parts: object) -> str:
    """Return a strong ETag (RFC 9110) made from the ledger's rows, the program's version and the request.

    It does not use the hash of the log: one log can be built with or without texts, and with different exchange rates.
    """
    (rows,) = connection.execute("SELECT value FROM about WHERE name = 'content_sha256'").fetchone()
    return f'"{sha256(repr((rows, __version__, *parts)).encode()).hexdigest()[:32]}"'


def is_cached(request: Request, etag: str | None) -> bool:
    """Return whether the reader already has the version an ETag names (RFC 9110, If-None-Match: weak comparison)."""
    if etag is None:
        return False
    tags = [_opaque(tag) for tag in request.headers.get("if-none-match", "").split(",")]
    return _opaque(etag) in tags or tags == ["*"]


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")
