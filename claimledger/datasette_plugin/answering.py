"""The caching headers of every page and file: Cache-Control and ETag.

Responses for a signed-in reader are not cached anywhere. If any row of the ledger differs, the ETag differs too.
"""

from __future__ import annotations

from dataclasses import dataclass
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


PAGE_MARK = "claimledger_page"
"""The key of a request's scope under which a `PageMark` may be."""


@dataclass
class PageMark:
    """The description of a response that the cache of pages may store, made by the page itself."""

    etag: str = ""
    """The ETag; empty if the response must not be stored."""
    version: str = ""
    """The version of the ledger that the response shows."""
    ledger: object = None
    """The database of the ledger."""


def etag(*parts: object) -> str:
    """Return a strong ETag (RFC 9110) made from the program's version and from everything that a response depends on.

    A version of the ledger is the content of its table `about`. It has the hash of all rows, because one log can be
    built with or without texts, and with different exchange rates.
    """
    return f'"{sha256(repr((__version__, *parts)).encode()).hexdigest()[:32]}"'


def is_cached(request: Request, etag: str | None) -> bool:
    """Return whether the reader already has the version an ETag names (RFC 9110, If-None-Match: weak comparison)."""
    return etag is not None and matches(request.headers.get("if-none-match", ""), etag)


def matches(known: str, etag: str) -> bool:
    """Return whether an ETag is among those of an If-None-Match header.

    >>> matches('W/"a", "b"', '"a"'), matches("*", '"a"'), matches('"c"', '"a"')
    (True, True, False)
    """
    tags = [_opaque(tag) for tag in known.split(",")]
    return _opaque(etag) in tags or tags == ["*"]


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")
