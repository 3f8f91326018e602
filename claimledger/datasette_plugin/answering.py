"""How long an answer may be kept, and whether its reader has it already, the same for every page and every file.

In: a Datasette and a request. Out: the words of HTTP. The invariant: what a reader signed in for is kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette


def cache_control(datasette: Datasette, request: Request) -> str:
    """Return how long an answer may be kept, as Datasette's setting says; what a reader signed in for is not kept."""
    seconds = datasette.setting("default_cache_ttl")
    if request.actor:
        return "private, no-store"
    return f"max-age={seconds}" if seconds else "no-cache"


def has_it(request: Request, etag: str) -> bool:
    """Return whether the reader holds what an ETag names (RFC 9110, If-None-Match: weak comparison)."""
    held = [_opaque(tag) for tag in request.headers.get("if-none-match", "").split(",")]
    return _opaque(etag) in held or held == ["*"]


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")
