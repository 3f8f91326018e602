"""Made-up requests for the server, well-formed and not: methods, paths, headers, forms. A seed gives the same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

PATHS = (
    "/", "/claims", "/articles", "/search?q=port", "/charts", "/corrections", "/sitemap.xml", "/robots.txt", "/report",
    "/feeds/verdicts.atom", "/feeds/claimreview.json", "/ledger", "/ledger/claims", "/ledger/claims.csv",
    "/ledger/claims.json?_size=5", "/ledger/claims/-/csv", "/ledger/revision.json?_size=1", "/-/versions.json",
    "/-/threads.json", "/-/desk", "/-/desk/sign-in", "/-/desk/articles", "/-/desk/sheets", "/-/report", "/no-such-page",
    "/-/desk/static/desk.css", "/-/logout", "/-/messages", "/-/permissions",
)  # fmt: skip
"""Paths of the public pages, of Datasette and of the desk."""
_METHODS = ("GET",) * 8 + ("HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PROPFIND")
_PIECES = (
    "%00", "%ff", "%e2%80%ae", "..", "%2e%2e/", "'", '"', "<script>", "~", "\\", "%", "?", "&", "=", ";", "가", "é",
    "a" * 3000, "_sort=", "_next=", "_facet=", "_where=1", "_size=-1", "_size=max", "on=9999-99-99", "lang=xx",
    "q=" + "“" * 50,
)  # fmt: skip
_HEADERS: Sequence[tuple[str, str]] = (
    ("cookie", "ds_csrftoken=x"), ("cookie", "ds_actor=x; claimledger_desk=y"),
    ("cookie", "é=\u00ff"), ("cookie", ";;;==="),
    ("content-type", "application/x-www-form-urlencoded"), ("content-type", "multipart/form-data"),
    ("content-type", "multipart/form-data; boundary=x"), ("content-type", "application/json"),
    ("accept-language", "ko;q=x"),
    ("if-none-match", "\u00e9"), ("range", "bytes=0-1"), ("x-csrftoken", "\u00e9"), ("authorization", "Bearer \u00ff"),
    ("x-forwarded-for", "a, b"), ("x-forwarded-proto", "ftp"), ("referer", "http://[::1"), ("origin", "null"),
    ("sec-fetch-site", "cross-site"), ("if-modified-since", "x"), ("accept", "\u00ff"), ("forwarded", "for=_x"),
)  # fmt: skip
_BODIES = (
    b"",
    b"",
    b"a=1",
    b"\xff\xfe",
    b"--x\r\n\r\n",
    b"name=%ff&password=%00",
    b"x" * 70_000,
    b"a=1&" * 2_000,
    b"{",
)


class MadeRequest(NamedTuple):
    """One request."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def encode(self, host: str) -> bytes:
        """Return the bytes to send to a server."""
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(self.body)}"] if self.body else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


def made_requests(seed: int, count: int, *, paths: Sequence[str] = PATHS) -> Iterator[MadeRequest]:
    """Yield requests; every third is one that a browser could send, and the others have something odd."""
    chance = random.Random(seed)  # noqa: S311  the same requests in each run
    for number in range(count):
        path = chance.choice(paths)
        if number % 3 == 0:
            yield MadeRequest("GET", path, [("accept-language", chance.choice(["ko", "en"]))], b"")
            continue
        for _ in range(chance.randrange(3)):
            at = chance.randrange(1, len(path) + 1)
            path = path[:at] + chance.choice(_PIECES).replace(" ", "+") + path[at:]
        headers = [chance.choice(_HEADERS) for _ in range(chance.randrange(4))]
        unique = list({name: (name, value) for name, value in headers}.values())
        yield MadeRequest(chance.choice(_METHODS), path, unique, chance.choice(_BODIES))
